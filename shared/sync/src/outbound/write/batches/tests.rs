use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;

use futures::FutureExt as _;
use hubspot::{AssociatedPair, BatchAnswer, Outcome, Pair, PairOutcome, Record, Update};

use super::{BISECT_LIMIT, PAIRS, RECORDS, is_about_records, is_about_the_key};
use crate::outbound::tests::error;

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

    fn answer(&self, inputs: &[Update], status: u16) -> Result<Vec<Outcome>, rest::Error> {
        self.calls.set(self.calls.get() + 1);
        if inputs.iter().any(|input| self.poison.contains(&input.id.parse().unwrap())) {
            return Err(error(status, r#"{"category":"VALIDATION_ERROR","message":"bad"}"#));
        }
        let mut written = self.written.borrow_mut();
        assert!(inputs.iter().all(|input| written.insert(input.id.clone())), "nothing is written twice");
        // In another order than asked, as HubSpot may.
        let results = inputs.iter().rev().map(|input| Record { id: input.id.clone(), ..Record::default() });
        Ok(BatchAnswer { results: results.collect(), ..BatchAnswer::default() }.outcomes(inputs))
    }

    /// The outcomes of so many records; the fake answers at once.
    fn write(&self, count: usize, status: u16) -> Result<Vec<Outcome>, rest::Error> {
        let inputs = updates(count);
        let done =
            RECORDS.bisected(&inputs, async |inputs: &[Update]| self.answer(inputs, status)).now_or_never().unwrap();
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
    assert_eq!(refused(&RECORDS.send(&inputs, send).now_or_never().unwrap().outcomes), [7, 250]);
    assert!(fake.calls.get() <= 2 * (2 * 7 + 1) + 2);
    let nothing = RECORDS.send(&[], async |inputs: &[Update]| fake.answer(inputs, 400)).now_or_never().unwrap();
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

#[test]
fn a_failed_call_leaves_what_others_have_done() {
    // The second batch of three fails as a call.
    let fake = Fake::new([150]);
    let inputs = updates(300);
    let done = RECORDS.send(&inputs, async |inputs: &[Update]| fake.answer(inputs, 503)).now_or_never().unwrap();
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
    assert_eq!(about(400, &key.replace("kleer_id", "kleer_sync_key")), (false, true));
    assert_eq!(about(400, &key.replace("kleer_id", "orgno")), (true, false));
    assert_eq!(about(400, r#"{"category":"VALIDATION_ERROR","message":"bad"}"#), (true, false));
    assert_eq!(about(404, r#"{"category":"OBJECT_NOT_FOUND","message":"gone"}"#), (true, false));
    assert_eq!(about(404, r#"{"message":"resource not found"}"#), (false, false));
}

/// Pairs go more to a call than records, and are found in the same way.
#[test]
fn one_pair_among_thousands() {
    let pairs: Vec<Pair> = (0..4_500).map(|id| Pair { from: id.to_string(), to: "1".to_owned() }).collect();
    let calls = Cell::new(0);
    let send = async |pairs: &[Pair]| {
        calls.set(calls.get() + 1);
        assert!(pairs.len() <= hubspot::ASSOCIATE_LIMIT);
        if pairs.iter().any(|pair| pair.from == "3000") {
            return Err(error(400, r#"{"message":"bad"}"#));
        }
        let results = pairs.iter().map(|pair| AssociatedPair { pair: pair.clone(), spec: None }).collect();
        Ok(BatchAnswer { results, ..BatchAnswer::default() }.pair_outcomes(pairs))
    };
    let sent = PAIRS.send(&pairs, send).now_or_never().unwrap();
    let refused: Vec<usize> =
        (0..pairs.len()).filter(|place| sent.outcomes[*place] != PairOutcome::Associated).collect();
    assert_eq!((refused, sent.outcomes.len()), (vec![3_000], 4_500));
    assert!(calls.get() <= 3 + 2 * 11, "{} calls", calls.get());
}
