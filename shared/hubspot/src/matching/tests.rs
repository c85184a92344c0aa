use std::collections::BTreeMap;

use super::{InputKey, Outcome};
use crate::batch::{BatchAnswer, Create, Update, Upsert};

fn upsert(id: &str) -> Upsert {
    Upsert { id: id.into(), id_property: "kleer_id".into(), trace_id: format!("t{id}"), ..Upsert::default() }
}

fn update(id: &str) -> Update {
    Update { id: id.into(), trace_id: format!("t{id}"), ..Update::default() }
}

fn create(kleer_id: &str) -> Create {
    Create {
        properties: BTreeMap::from([("kleer_id".into(), kleer_id.into())]),
        trace_id: format!("t{kleer_id}"),
        match_by: Some("kleer_id".into()),
        ..Create::default()
    }
}

fn answer(json: &str) -> BatchAnswer {
    serde_json::from_str(json).unwrap()
}

/// One word per input: the record's id, the refusal, or a question mark.
fn shown(outcomes: &[Outcome]) -> String {
    let words = outcomes.iter().map(|outcome| match outcome {
        Outcome::Written { record } => record.id.clone(),
        Outcome::Refused(error) => format!("{:?}", error.kind),
        Outcome::Unknown => "?".to_owned(),
    });
    words.collect::<Vec<_>>().join(" ")
}

fn check<I>(inputs: &[I], json: &str, expected: &str)
where
    for<'a> InputKey<'a>: From<&'a I>,
{
    assert_eq!(shown(&answer(json).outcomes(inputs)), expected, "{json}");
}

#[test]
fn order_means_nothing() {
    let inputs = [upsert("1"), upsert("2"), upsert("3")];
    let by_value = r#"{"status":"COMPLETE","results":[
        {"id":"903","new":true,"properties":{"kleer_id":"3"}},
        {"id":"901","new":false,"properties":{"kleer_id":"1"}},
        {"id":902,"properties":{"kleer_id":2,"amount":1.50,"open":true,"gone":null},"archived":null,"odd":{}}]}"#;
    check(&inputs, by_value, "901 902 903");
    let by_trace_id = r#"{"results":[
        {"id":"903","objectWriteTraceId":"t3"},{"id":"901","objectWriteTraceId":"t1"},{"id":"902","objectWriteTraceId":"t2"}]}"#;
    check(&inputs, by_trace_id, "901 902 903");
    let by_id = r#"{"results":[{"id":"2"},{"id":"1"}]}"#;
    check(&[update("1"), update("2")], by_id, "1 2");
    let creates =
        r#"{"results":[{"id":"902","properties":{"kleer_id":"2"}},{"id":"901","properties":{"kleer_id":"1"}}]}"#;
    check(&[create("1"), create("2")], creates, "901 902");
}

#[test]
fn numbers_and_nulls_become_text() {
    let answer = answer(
        r#"{"results":[{"id":902,"properties":{"kleer_id":2,"amount":1.50,"open":true,"gone":null},"createdAt":"2026-11-20T08:00:00.100Z","new":true}]}"#,
    );
    insta::assert_debug_snapshot!(answer.results[0], @r#"
    Record {
        id: "902",
        properties: {
            "amount": Some(
                "1.50",
            ),
            "gone": None,
            "kleer_id": Some(
                "2",
            ),
            "open": Some(
                "true",
            ),
        },
        new: Some(
            true,
        ),
        created_at: Some(
            2026-11-20T08:00:00.1Z,
        ),
        updated_at: None,
        archived: false,
        trace_id: None,
        associations: {},
    }
    "#);
}

#[test]
fn what_hubspot_is_silent_about_is_unknown() {
    check(&[upsert("1"), upsert("2")], r#"{"results":[{"id":"902","properties":{"kleer_id":"2"}}]}"#, "? 902");
    check(&[upsert("1")], "{}", "?");
    check(&[upsert("1")], r#"{"results":null,"errors":null,"numErrors":1}"#, "?");
    // A result that carries another input's trace id is that input's, whatever else it looks like.
    check(&[update("1"), update("2")], r#"{"results":[{"id":"1","objectWriteTraceId":"t2"}]}"#, "? 1");
    // A trace id that is nobody's says nothing; the record id still does.
    check(&[update("1")], r#"{"results":[{"id":"1","objectWriteTraceId":"x"}]}"#, "1");
}

#[test]
fn what_is_ambiguous_is_unknown() {
    // Two records with the value, or two inputs with it.
    let twice =
        r#"{"results":[{"id":"901","properties":{"kleer_id":"1"}},{"id":"902","properties":{"kleer_id":"1"}}]}"#;
    check(&[create("1"), create("2")], twice, "? ?");
    check(&[create("1"), create("1")], r#"{"results":[{"id":"901","properties":{"kleer_id":"1"}}]}"#, "? ?");
    // The same record twice is one record.
    let same = r#"{"results":[{"id":"901","properties":{"kleer_id":"1"}},{"id":"901","properties":{"kleer_id":"1"}}]}"#;
    check(&[upsert("1")], same, "901");
}

#[test]
fn a_207_is_taken_apart() {
    let mixed = r#"{"status":"COMPLETE","numErrors":2,
        "results":[{"id":"903","properties":{"kleer_id":"3"}},{"id":"901","properties":{"kleer_id":"1"}}],
        "errors":[{"category":"VALIDATION_ERROR","message":"no","context":{"objectWriteTraceId":["t4"]}},
                  {"category":"INTERNAL_ERROR","message":"Please retry","context":{"objectWriteTraceId":["t2"]}}]}"#;
    check(&["1", "2", "3", "4", "5"].map(upsert), mixed, "901 Retryable 903 Validation ?");
}

#[test]
fn errors_name_inputs_in_several_ways() {
    let by_ids = r#"{"errors":[{"category":"OBJECT_NOT_FOUND","message":"x","context":{"ids":["2","3"]}}],"results":[{"id":"1"}]}"#;
    check(&["1", "2", "3"].map(update), by_ids, "1 ObjectNotFound ObjectNotFound");
    let by_row = r#"{"results":[{"id":"7"}],"errors":[{"category":"INTERNAL_ERROR",
        "message":"Failed to partially update row 121310328358 in batch update. Please retry operation."}]}"#;
    check(&["7", "121310328358", "8"].map(update), by_row, "7 Retryable ?");
    let by_value = r#"{"errors":[{"category":"OBJECT_NOT_FOUND","context":{"ids":["2"]}}],"results":[{"id":"901","properties":{"kleer_id":"1"}}]}"#;
    let keys = ["1", "2"].map(|value| InputKey::by_property("kleer_id", value));
    assert_eq!(shown(&answer(by_value).outcomes_of(&keys)), "901 ObjectNotFound");
    let keys = ["901", "902"].map(InputKey::by_record_id);
    assert_eq!(shown(&answer(by_value).outcomes_of(&keys)), "901 ?");
    // The error outweighs a result for the same input.
    let both =
        r#"{"results":[{"id":"1"}],"errors":[{"category":"VALIDATION_ERROR","context":{"objectWriteTraceId":"t1"}}]}"#;
    check(&[update("1")], both, "Validation");
}

#[test]
fn an_error_that_names_nobody() {
    // The only one of its kind is everybody's who is otherwise unknown.
    let one = r#"{"results":[{"id":"1"}],"errors":[{"category":"VALIDATION_ERROR","message":"no"}]}"#;
    check(&["1", "2", "3"].map(update), one, "1 Validation Validation");
    let same =
        r#"{"errors":[{"category":"VALIDATION_ERROR","message":"no"},{"category":"VALIDATION_ERROR","message":"no"}]}"#;
    check(&["1", "2"].map(update), same, "Validation Validation");
    // Of two kinds nobody knows whose is whose.
    let two = r#"{"results":[{"id":"1"}],"errors":[{"category":"VALIDATION_ERROR"},{"category":"INTERNAL_ERROR"}]}"#;
    check(&["1", "2", "3"].map(update), two, "1 ? ?");
}
