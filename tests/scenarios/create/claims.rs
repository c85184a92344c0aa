//! Who may make what: claims of executions and of calls of workflows.

use domain::{HubspotId, KleerId, PortalId};
use futures::future::join_all;
use jiff::Timestamp;
use store::{Callback, Claimed, Execution, ExecutionKey};

use crate::{World, minutes, seconds};

fn key(record: &str) -> ExecutionKey {
    let (hubspot_object, action) = ("deals".to_owned(), "create-invoice".to_owned());
    ExecutionKey { portal: PortalId(7), hubspot_object, hubspot_id: HubspotId(record.to_owned()), action }
}

fn mine(claimed: Claimed) -> Execution {
    match claimed {
        Claimed::Mine(execution) => execution,
        Claimed::Busy(until) => panic!("somebody has it until {until}"),
    }
}

#[test]
fn of_a_hundred_who_claim_one_gets_it() {
    let world = World::new();
    let (store, now) = (&world.app().store, world.clock.now());
    let until = domain::schedule::later(now, minutes(1));
    let (one, other) = (key("1"), key("2"));
    world.clock.run(async {
        let claimed = join_all((0..100).map(|_| store.claim_execution(&one, now, until))).await;
        let got = claimed.into_iter().filter(|claimed| matches!(claimed, Ok(Claimed::Mine(_)))).count();
        assert_eq!(got, 1);
        assert_eq!(store.claim_execution(&one, now, until).await.unwrap(), Claimed::Busy(until));
        mine(store.claim_execution(&other, now, until).await.unwrap());
        let calls = join_all((0..100).map(|_| store.claim_callback(PortalId(7), "ap-1", now, until))).await;
        assert_eq!(calls.into_iter().filter(|claimed| matches!(claimed, Ok(Callback::Mine(_)))).count(), 1);
    });
}

#[test]
fn whoever_was_overtaken_notes_nothing() {
    let world = World::new();
    let (store, now) = (&world.app().store, world.clock.now());
    let at = |after| domain::schedule::later(now, seconds(after));
    let key = key("1");
    world.clock.run(async {
        let first = mine(store.claim_execution(&key, now, at(10)).await.unwrap());
        assert!(store.execution_sent(&key, first.claim, at(1)).await.unwrap());
        // Its lease ends, and another takes over: it learns that something was sent.
        let second = mine(store.claim_execution(&key, at(10), at(20)).await.unwrap());
        assert_eq!((second.sent_at, second.claim), (Some(at(1)), first.claim + 1));
        assert!(!store.execution_sent(&key, first.claim, at(11)).await.unwrap());
        assert!(!store.execution_made(&key, first.claim, KleerId(1)).await.unwrap());
        assert!(!store.release_execution(&key, first.claim).await.unwrap());
        assert!(store.execution_made(&key, second.claim, KleerId(2)).await.unwrap());
        // That the record knows it is true whoever says it; that it knows something else is not.
        assert!(!store.execution_done(&key, 1, KleerId(1)).await.unwrap());
        assert!(store.execution_done(&key, 1, KleerId(2)).await.unwrap());
        let third = mine(store.claim_execution(&key, at(12), at(20)).await.unwrap());
        assert!(third.done && third.sent_at.is_none() && third.kleer_id == Some(KleerId(2)));
        assert!(store.next_generation(&key, &third).await.unwrap());
        let known = store.execution(&key).await.unwrap().unwrap();
        assert_eq!((known.generation, known.previous, known.kleer_id), (2, Some(KleerId(2)), None));
        assert!(!store.execution_done(&key, 1, KleerId(2)).await.unwrap(), "that was the time before");
    });
}

#[test]
fn a_call_is_executed_once_and_its_answer_given_again() {
    let world = World::new();
    let (store, now) = (&world.app().store, world.clock.now());
    let at = |after| domain::schedule::later(now, seconds(after));
    let claim = |portal: i64, id: &'static str, moment: Timestamp| {
        store.claim_callback(PortalId(portal), id, moment, domain::schedule::later(moment, seconds(10)))
    };
    world.clock.run(async {
        assert_eq!(claim(7, "ap-1", now).await.unwrap(), Callback::Mine(1));
        assert_eq!(claim(7, "ap-1", at(9)).await.unwrap(), Callback::Busy { until: at(10) });
        assert_eq!(claim(8, "ap-1", at(9)).await.unwrap(), Callback::Mine(1), "another portal's is another call");
        // Given up, and begun again at once.
        store.release_callback(PortalId(7), "ap-1", 1).await.unwrap();
        assert_eq!(claim(7, "ap-1", at(9)).await.unwrap(), Callback::Mine(2));
        // Killed, and taken over after its lease; then it comes back to life.
        assert_eq!(claim(7, "ap-1", at(19)).await.unwrap(), Callback::Mine(3));
        assert!(!store.answer_callback(PortalId(7), "ap-1", 2, "old", at(99)).await.unwrap());
        assert!(store.answer_callback(PortalId(7), "ap-1", 3, "new", at(99)).await.unwrap());
        for moment in [at(20), at(3_000)] {
            assert_eq!(claim(7, "ap-1", moment).await.unwrap(), Callback::Answered("new".to_owned()));
        }
    });
}
