use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;

use domain::{Base, Change, ChangeKind, Fingerprint, HubspotId, KleerId, Properties};
use futures::FutureExt as _;
use hubspot::{ApiError, BatchAnswer, Outcome, Record, Update};
use jiff::Timestamp;

use super::{
    BISECT_LIMIT, Verdict, Work, batches, bisected, is_about_records, is_about_the_key, update, upsert, verdict,
};
use crate::outbound::tests::error;

fn change(pairs: &[(&str, &str)]) -> Change {
    let properties: Properties = pairs.iter().copied().collect();
    Change {
        kind: ChangeKind::Update,
        kleer_id: KleerId(7),
        hubspot_id: None,
        version: 0,
        fingerprint: Fingerprint::of("companies", &properties),
        properties,
    }
}

/// What a later write sends, after `base` was written; `-` if nothing.
fn check(base: &[(&str, &str)], now: &[(&str, &str)]) -> String {
    let change = change(now);
    let work = Work { change: &change, base: Base::of(&base.iter().copied().collect()) };
    let Some(update) = update(&HubspotId("907".to_owned()), &work) else { return "-".to_owned() };
    assert_eq!((update.id.as_str(), update.trace_id.as_str()), ("907", "7"));
    update.properties.iter().map(|(name, value)| format!("{name}=[{value}]")).collect::<Vec<_>>().join(" ")
}

#[test]
fn a_first_write_sends_what_has_a_value() {
    let upsert = upsert(&change(&[("name", "Åre AB"), ("zip", "")]));
    insta::assert_snapshot!(serde_json::to_string(&upsert).unwrap(), @r#"{"id":"7","idProperty":"kleer_id","properties":{"kleer_id":"7","name":"Åre AB"},"objectWriteTraceId":"7"}"#);
}

#[test]
fn a_later_write_sends_what_changed() {
    let base = [("name", "Åre AB"), ("zip", "837 52"), ("city", "")];
    assert_eq!(check(&base, &[("name", "Åre AB"), ("zip", "837 52"), ("city", "")]), "-");
    assert_eq!(check(&base, &[("name", "Åre HB"), ("zip", "837 52"), ("city", "")]), "name=[Åre HB]");
    assert_eq!(check(&base, &[("name", "Åre AB"), ("zip", ""), ("city", "Åre")]), "city=[Åre] zip=[]");
    // A mapping that was removed re-sends nothing, one that was added sends what has a value.
    assert_eq!(check(&base, &[("name", "Åre AB")]), "-");
    assert_eq!(check(&base, &[("name", "Åre AB"), ("phone", "1"), ("fax", "")]), "phone=[1]");
    // Nothing is known of what HubSpot has: everything that has a value.
    assert_eq!(check(&[], &[("name", "Åre AB"), ("zip", "")]), "name=[Åre AB]");
}

fn updates(count: usize) -> Vec<Update> {
    (1..=count).map(|id| Update { id: id.to_string(), trace_id: format!("t{id}"), ..Update::default() }).collect()
}

/// A HubSpot that refuses a batch whole if it holds poison.
struct Fake {
    poison: BTreeSet<usize>,
    calls: Cell<usize>,
    written: RefCell<BTreeSet<String>>,
}

impl Fake {
    fn new(poison: impl IntoIterator<Item = usize>) -> Self {
        Self { poison: poison.into_iter().collect(), calls: Cell::new(0), written: RefCell::default() }
    }

    fn answer(&self, inputs: &[Update], status: u16) -> Result<BatchAnswer, rest::Error> {
        self.calls.set(self.calls.get() + 1);
        if inputs.iter().any(|input| self.poison.contains(&input.id.parse().unwrap())) {
            return Err(error(status, r#"{"category":"VALIDATION_ERROR","message":"bad"}"#));
        }
        let mut written = self.written.borrow_mut();
        assert!(inputs.iter().all(|input| written.insert(input.id.clone())), "nothing is written twice");
        // In another order than asked, as HubSpot may.
        let results = inputs.iter().rev().map(|input| Record { id: input.id.clone(), ..Record::default() });
        Ok(BatchAnswer { results: results.collect(), ..BatchAnswer::default() })
    }

    /// The outcomes of so many records; the fake answers at once.
    fn write(&self, count: usize, status: u16) -> Result<Vec<Outcome>, rest::Error> {
        let inputs = updates(count);
        let done = bisected(&inputs, async |inputs: &[Update]| self.answer(inputs, status)).now_or_never().unwrap();
        done.failure.map_or(Ok(done.outcomes), Err)
    }
}

/// Which records were refused; all others were written, each as itself.
fn refused(outcomes: &[Outcome]) -> Vec<usize> {
    let mut refused = Vec::new();
    for (place, outcome) in outcomes.iter().enumerate() {
        match outcome {
            Outcome::Written { record } => assert_eq!(record.id, (place + 1).to_string()),
            Outcome::Refused(error) => {
                assert_eq!(error.message, "bad");
                refused.push(place + 1);
            }
            Outcome::Unknown => panic!("{} is unknown", place + 1),
        }
    }
    refused
}

#[test]
fn nothing_costs_no_call() {
    let fake = Fake::new([]);
    assert_eq!(fake.write(0, 400).unwrap(), []);
    assert_eq!(fake.calls.get(), 0);
}

#[test]
fn a_good_batch_costs_one_call() {
    let fake = Fake::new([]);
    assert_eq!(refused(&fake.write(100, 400).unwrap()), [0; 0]);
    assert_eq!(fake.calls.get(), 1);
}

#[test]
fn one_poison_among_a_hundred_is_found() {
    for poison in 1..=100 {
        let fake = Fake::new([poison]);
        assert_eq!(refused(&fake.write(100, 400).unwrap()), [poison]);
        assert!(fake.calls.get() <= 2 * 7 + 1, "{poison} cost {} calls", fake.calls.get());
    }
}

#[test]
fn some_poison_is_found() {
    for poison in [vec![1], vec![1, 2], vec![1, 100], vec![50, 51], (10..=20).collect()] {
        let fake = Fake::new(poison.clone());
        assert_eq!(refused(&fake.write(100, 409).unwrap()), poison);
    }
    assert_eq!(refused(&Fake::new([1]).write(1, 400).unwrap()), [1]);
}

#[test]
fn a_batch_of_poison_does_not_cost_a_call_each() {
    let fake = Fake::new(1..=100);
    assert_eq!(refused(&fake.write(100, 400).unwrap()), (1..=100).collect::<Vec<_>>());
    assert!(fake.calls.get() <= 2 * BISECT_LIMIT as usize + 10, "{} calls", fake.calls.get());
}

#[test]
fn more_than_a_batch_goes_in_batches() {
    let fake = Fake::new([7, 250]);
    let inputs = updates(301);
    let send = async |inputs: &[Update]| {
        assert!(inputs.len() <= hubspot::BATCH_LIMIT);
        fake.answer(inputs, 400)
    };
    // Every outcome is checked to be that of its own record.
    assert_eq!(refused(&batches(&inputs, send).now_or_never().unwrap().outcomes), [7, 250]);
    assert!(fake.calls.get() <= 2 * (2 * 7 + 1) + 2);
    let nothing = batches(&[], async |inputs: &[Update]| fake.answer(inputs, 400)).now_or_never().unwrap();
    assert_eq!(nothing.outcomes, []);
}

#[test]
fn what_is_not_about_records_ends_it() {
    for status in [401, 403, 404, 423, 429, 477, 500, 503] {
        let fake = Fake::new([3]);
        assert_eq!(fake.write(100, status).unwrap_err().status, Some(status));
        assert_eq!(fake.calls.get(), 1, "{status}");
    }
}

/// What is made of an outcome, for a record without and with a HubSpot id.
fn judged(outcome: &Outcome) -> String {
    let started: Timestamp = "2026-11-20T08:00:00Z".parse().unwrap();
    let one = |unbound| match verdict(outcome.clone(), unbound, started) {
        Verdict::Written { id, created } => format!("{id} {}", if created { "created" } else { "found" }),
        Verdict::Refused(error) => format!("refused {:?}", error.kind),
        other => format!("{other:?}"),
    };
    format!("{} | {}", one(true), one(false))
}

#[test]
fn verdicts_on_what_was_written() {
    let written = |new, created_at: &str| {
        let created_at = created_at.parse().ok();
        judged(&Outcome::Written { record: Record { id: "9".to_owned(), new, created_at, ..Record::default() } })
    };
    let lines = [
        written(Some(true), "2026-11-20T08:00:01Z"),
        written(Some(false), "2020-01-01T00:00:00Z"),
        // Created by an earlier delivery of the page, whose answer was lost.
        written(Some(false), "2026-11-20T08:00:01Z"),
        written(Some(false), "2026-11-20T07:59:00Z"),
        written(Some(false), "2026-11-20T07:58:59Z"),
        written(None, ""),
    ];
    insta::assert_snapshot!(lines.join("\n"), @r"
    9 created | 9 found
    9 found | 9 found
    9 created | 9 found
    9 created | 9 found
    9 found | 9 found
    9 created | 9 found
    ");
}

#[test]
fn verdicts_on_what_was_not() {
    let refused = |status, body| judged(&Outcome::Refused(ApiError::parse(status, body).into_input_error()));
    let lines = [
        judged(&Outcome::Unknown),
        refused(Some(400), r#"{"category":"VALIDATION_ERROR"}"#),
        refused(None, r#"{"category":"OBJECT_NOT_FOUND"}"#),
        refused(None, r#"{"category":"CONFLICT"}"#),
        refused(
            None,
            r#"{"category":"INTERNAL_ERROR","message":"Failed to partially update row 9. Please retry operation."}"#,
        ),
        refused(None, "{}"),
    ];
    insta::assert_snapshot!(lines.join("\n"), @r"
    Again | Again
    refused Validation | refused Validation
    refused ObjectNotFound | Gone
    refused Conflict | refused Conflict
    Again | Again
    refused Other | refused Other
    ");
}

#[test]
fn a_failed_call_leaves_what_others_have_done() {
    // The second batch of three fails as a call.
    let fake = Fake::new([150]);
    let inputs = updates(300);
    let done = batches(&inputs, async |inputs: &[Update]| fake.answer(inputs, 503)).now_or_never().unwrap();
    assert_eq!(done.failure.unwrap().status, Some(503));
    let written = |outcome: &Outcome| matches!(outcome, Outcome::Written { .. });
    assert_eq!(done.outcomes.iter().filter(|outcome| written(outcome)).count(), 200);
    assert!(done.outcomes[100..200].iter().all(|outcome| *outcome == Outcome::Unknown));
}

#[test]
fn what_is_about_one_record_and_what_is_about_the_call() {
    let about = |status, body: &str| (is_about_records(&error(status, body)), is_about_the_key(&error(status, body)));
    let key = r#"{"category":"VALIDATION_ERROR","message":"Unable to perform update/upsert by non-unique 0-2 property kleer_id in portal ID 1"}"#;
    assert_eq!(about(400, key), (false, true));
    assert_eq!(about(400, r#"{"category":"VALIDATION_ERROR","message":"bad"}"#), (true, false));
    assert_eq!(about(404, r#"{"category":"OBJECT_NOT_FOUND","message":"gone"}"#), (true, false));
    assert_eq!(about(404, r#"{"message":"resource not found"}"#), (false, false));
}
