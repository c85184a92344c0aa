use super::{AssociatedPair, AssociatedRecord, Pair, PairOutcome};
use crate::batch::BatchAnswer;

fn pair(from: &str, to: &str) -> Pair {
    Pair { from: from.into(), to: to.into() }
}

fn check(json: &str, expected: &str) {
    let answer: BatchAnswer<AssociatedPair> = serde_json::from_str(json).unwrap();
    let pairs = [pair("1", "11"), pair("2", "12"), pair("3", "13")];
    let words = answer.pair_outcomes(&pairs).into_iter().map(|outcome| match outcome {
        PairOutcome::Associated => "yes".to_owned(),
        PairOutcome::Refused(error) => format!("{:?}", error.kind),
        PairOutcome::Unknown => "?".to_owned(),
    });
    assert_eq!(words.collect::<Vec<_>>().join(" "), expected, "{json}");
}

#[test]
fn pairs_and_their_outcomes() {
    let both_directions = r#"{"status":"COMPLETE","results":[
        {"from":{"id":"11"},"to":{"id":"1"},"associationSpec":{"associationCategory":"HUBSPOT_DEFINED","associationTypeId":180}},
        {"from":{"id":"1"},"to":{"id":"11"},"associationSpec":{"associationCategory":"HUBSPOT_DEFINED","associationTypeId":179}},
        {"from":{"id":3},"to":{"id":13}}]}"#;
    check(both_directions, "yes ? yes");
    check(
        r#"{"results":[{"fromObjectId":1,"toObjectId":11,"labels":[]},{"fromObjectId":"2","toObjectId":"12"}]}"#,
        "yes yes ?",
    );
    let one_end = r#"{"results":[{"from":{"id":"1"},"to":{"id":"11"}}],
        "errors":[{"category":"OBJECT_NOT_FOUND","message":"x","context":{"toObjectId":["12"]}}]}"#;
    check(one_end, "yes ObjectNotFound ?");
    let both_ends = r#"{"errors":[{"category":"VALIDATION_ERROR","context":{"fromObjectId":["3"],"toObjectId":["13"],"fromObjectType":["1"]}}]}"#;
    check(both_ends, "? ? Validation");
    check(r#"{"errors":[{"category":"OBJECT_NOT_FOUND","context":{"COMPANY":["12"]}}]}"#, "? ObjectNotFound ?");
    let sentence = r#"{"results":[{"from":{"id":"1"},"to":{"id":"11"}}],"errors":[{"category":"VALIDATION_ERROR",
        "context":{"INVALID_OBJECT_IDS":["LINE_ITEM=2 already belongs to INVOICE=1"],"toObject":["INVOICE=12"]}}]}"#;
    check(sentence, "yes Validation ?");
    let overlapping = r#"{"results":[{"from":{"id":"1"},"to":{"id":"11"}},{"from":{"id":"3"},"to":{"id":"13"}}],
        "errors":[{"category":"VALIDATION_ERROR","context":{"objectId":["1"],"objectType":["COMPANY"]}}]}"#;
    check(overlapping, "yes ? yes");
    let nobodys = r#"{"results":[{"from":{"id":"1"},"to":{"id":"11"}}],"errors":[{"category":"INTERNAL_ERROR"}]}"#;
    check(nobodys, "yes Retryable Retryable");
}

#[test]
fn far_ends_come_in_two_forms() {
    let record = |json: &str| serde_json::from_str::<AssociatedRecord>(json).unwrap();
    let newer = r#"{"toObjectId":555,"associationTypes":[{"category":"HUBSPOT_DEFINED","typeId":179,"label":null}]}"#;
    insta::assert_debug_snapshot!([record(newer), record(r#"{"id":"555","type":"invoice_to_company"}"#)], @r#"
    [
        AssociatedRecord {
            id: "555",
            association_types: [
                AssociationLabel {
                    category: "HUBSPOT_DEFINED",
                    type_id: Some(
                        179,
                    ),
                    label: None,
                },
            ],
        },
        AssociatedRecord {
            id: "555",
            association_types: [],
        },
    ]
    "#);
}
