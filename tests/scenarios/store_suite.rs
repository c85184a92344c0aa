//! What the store promises: races are decided once, leases end, and every key begins with the portal.

use domain::{Base, Binding, Counts, HubspotId, KleerId, ObjectType, PortalId, Properties, RecordState, RunId, Tally};
use jiff::Timestamp;
use local::machine::Ground;
use rest::Clock;
use store::{Commit, Due, Pairing, Store, Taken, Turn};
use tests::{minutes, open_store, seconds};

const PORTAL: PortalId = PortalId(4242);
const CLIENT: ObjectType = ObjectType::Client;

fn store() -> (Clock, Store, Timestamp) {
    let clock = Clock::manual("2026-11-20T08:00:00Z".parse().unwrap());
    let store = open_store(&Ground::fresh().unwrap(), &clock);
    let now = clock.now();
    (clock, store, now)
}

fn clients() -> Pairing {
    Pairing::new(PORTAL, CLIENT, "companies")
}

fn held_by(holder: &str, until: Timestamp) -> Taken {
    Taken { holder: holder.to_owned(), until }
}

fn commit(id: i64, version: u64) -> Commit {
    let properties: Properties = [("name", "Åkeri AB")].into_iter().collect();
    let binding = Binding {
        version,
        hubspot_id: Some(HubspotId(format!("90{id}"))),
        base: Base::of(&properties),
        run: Some(RunId("r1".into())),
        ..Binding::default()
    };
    Commit { kleer_id: KleerId(id), binding }
}

#[test]
fn a_binding_is_taken_by_one_worker_and_committed_once() {
    let (clock, store, now) = store();
    let ids: Vec<(KleerId, u64)> = (1..=250).map(|id| (KleerId(id), 0)).collect();
    clock.run(async {
        let mine = held_by("a", now + minutes(10));
        assert!(store.take_bindings(&clients(), &ids, &mine, now).await.unwrap().iter().all(|taken| *taken));
        let theirs = held_by("b", now + minutes(10));
        assert_eq!(store.take_bindings(&clients(), &ids[..2], &theirs, now).await.unwrap(), [false, false]);
        assert!(store.take_bindings(&clients(), &ids[..2], &mine, now).await.unwrap()[0], "the same job may again");
        assert!(store.binding_index(&clients()).await.unwrap().is_empty(), "taken is not bound");
        let commits: Vec<Commit> = (1..=250).map(|id| commit(id, 1)).collect();
        assert_eq!(store.commit_bindings(&clients(), &commits[..1], "b").await.unwrap(), [false]);
        assert!(store.commit_bindings(&clients(), &commits, "a").await.unwrap().iter().all(|done| *done));
        assert_eq!(store.commit_bindings(&clients(), &commits[..1], "a").await.unwrap(), [false], "only once");
        assert_eq!(store.binding_index(&clients()).await.unwrap().len(), 250);
        let whole = store.bindings(&clients(), &[KleerId(7), KleerId(999)]).await.unwrap();
        assert_eq!(whole, [(KleerId(7), commit(7, 1).binding)].into_iter().collect());
        let some: Vec<KleerId> = (8..=103).map(KleerId).collect();
        let range = store.bindings_between(&clients(), some[0], some[95]).await.unwrap();
        assert_eq!(range, some.iter().map(|id| (*id, commit(id.0, 1).binding)).collect());
        let bound = store.bound_to(PORTAL, "companies", &HubspotId("907".into())).await.unwrap();
        assert_eq!(bound, Some(KleerId(7)));
        assert_eq!(store.bound_to(PortalId(1), "companies", &HubspotId("907".into())).await.unwrap(), None);
    });
}

#[test]
fn a_stale_version_and_a_lost_lease_are_refused_singly() {
    let (clock, store, now) = store();
    clock.run(async {
        let mine = held_by("a", now + minutes(10));
        store.take_bindings(&clients(), &[(KleerId(1), 0), (KleerId(2), 0)], &mine, now).await.unwrap();
        store.commit_bindings(&clients(), &[commit(1, 1)], "a").await.unwrap();
        let wanted = [(KleerId(1), 0), (KleerId(1), 1), (KleerId(2), 0), (KleerId(3), 0)];
        // The same record twice in one transaction is refused by DynamoDB, so these go one by one.
        let theirs = held_by("b", now + minutes(20));
        let mut taken = Vec::new();
        for pair in wanted {
            taken.extend(store.take_bindings(&clients(), &[pair], &theirs, now).await.unwrap());
        }
        assert_eq!(taken, [false, true, false, true]);
        let later = now + minutes(11);
        assert_eq!(store.take_bindings(&clients(), &[(KleerId(2), 0)], &theirs, later).await.unwrap(), [true]);
        assert_eq!(store.commit_bindings(&clients(), &[commit(2, 1)], "a").await.unwrap(), [false]);
        store.release_bindings(&clients(), &[KleerId(2), KleerId(3)], "b").await.unwrap();
        assert_eq!(store.take_bindings(&clients(), &[(KleerId(3), 0)], &mine, now).await.unwrap(), [true]);
    });
}

#[test]
fn a_binding_keeps_all_of_its_state() {
    let (clock, store, now) = store();
    let mut failing = commit(1, 1);
    failing.binding.state = RecordState::Failing;
    failing.binding.failures = 3;
    failing.binding.retry_at = Some(now + minutes(4));
    clock.run(async {
        let mine = held_by("a", now + minutes(10));
        store.take_bindings(&clients(), &[(KleerId(1), 0)], &mine, now).await.unwrap();
        store.commit_bindings(&clients(), std::slice::from_ref(&failing), "a").await.unwrap();
        let found = store.bindings(&clients(), &[KleerId(1)]).await.unwrap();
        assert_eq!(found[&KleerId(1)], failing.binding);
        store.take_bindings(&clients(), &[(KleerId(1), 1)], &mine, now).await.unwrap();
        let well = commit(1, 2);
        store.commit_bindings(&clients(), std::slice::from_ref(&well), "a").await.unwrap();
        assert_eq!(store.bindings(&clients(), &[KleerId(1)]).await.unwrap()[&KleerId(1)], well.binding);
    });
}

#[test]
fn a_slot_is_claimed_once_and_a_run_has_one_lease() {
    let (clock, store, now) = store();
    clock.run(async {
        store.schedule(PORTAL, CLIENT, now).await.unwrap();
        store.schedule(PORTAL, CLIENT, now + minutes(9)).await.unwrap();
        let due: Vec<Due> = store.due(domain::schedule::due_shard(PORTAL), now, 10).await.unwrap();
        assert_eq!(due, [Due { portal: PORTAL, object: CLIENT, look: None, due_at: now }]);
        let turn = store.claim_slot(&due[0], now + minutes(15)).await.unwrap();
        assert_eq!(turn, Some(Turn { true_at: Some(now), failing: 0 }), "its age counts from when it was first due");
        assert_eq!(store.claim_slot(&due[0], now + minutes(15)).await.unwrap(), None, "another tick was faster");
        store.bring_forward(PORTAL, CLIENT, now + minutes(30)).await.unwrap();
        assert_eq!(store.next_due(PORTAL, CLIENT).await.unwrap(), Some(now + minutes(15)), "never backward");
        let until = now + minutes(15);
        let first = store.start_run(PORTAL, CLIENT, "job 1", now, now, until).await.unwrap().unwrap();
        assert_eq!(store.start_run(PORTAL, CLIENT, "job 2", now, now, until).await.unwrap(), None, "a run goes on");
        let again = store.start_run(PORTAL, CLIENT, "job 1", now, now, until).await.unwrap().expect("delivered again");
        assert_ne!(first, again);
        assert!(!store.finish_run(PORTAL, CLIENT, &first, now).await.unwrap(), "it was replaced");
        let later = until + seconds(1);
        assert_eq!(
            store.start_run(PORTAL, CLIENT, "job 3", now - seconds(1), later, later).await.unwrap(),
            None,
            "covered"
        );
        assert!(store.start_run(PORTAL, CLIENT, "job 4", later, later, later).await.unwrap().is_some());
    });
}

#[test]
fn a_page_is_counted_once() {
    let (clock, store, now) = store();
    let rows = |created| Counts { created: created * 3, ..Counts::default() };
    let counts = |created| Tally { records: Counts { created, ..Counts::default() }, line_items: rows(created) };
    clock.run(async {
        let run = store.start_run(PORTAL, CLIENT, "job 1", now, now, now + minutes(15)).await.unwrap().unwrap();
        let planned = Counts { source: 500, unchanged: 100, ..Counts::default() };
        let planned = Tally { records: planned, ..Tally::default() };
        assert!(store.plan_run(PORTAL, CLIENT, &run, 2, &planned, now).await.unwrap().is_some());
        assert!(store.page_done(PORTAL, CLIENT, &run, 0, &counts(300), now).await.unwrap().is_some());
        assert!(store.page_done(PORTAL, CLIENT, &run, 0, &counts(300), now).await.unwrap().is_none());
        let report = store.page_done(PORTAL, CLIENT, &run, 1, &counts(100), now).await.unwrap().unwrap();
        assert_eq!((report.progress.done, report.progress.pages), (2, Some(2)));
        assert_eq!((report.counts.source, report.counts.created, report.counts.unchanged), (500, 400, 100));
        assert_eq!(report.line_items.created, 1_200);
        assert!(store.interrupt_run(PORTAL, CLIENT, &run, "why", now).await.unwrap());
        assert!(store.page_done(PORTAL, CLIENT, &run, 2, &counts(1), now).await.unwrap().is_none(), "its run is over");
        let report = store.run_report(PORTAL, CLIENT).await.unwrap();
        assert_eq!((report.run, report.interrupted.as_deref()), (None, Some("why")));
    });
}

#[test]
fn two_savers_of_settings_do_not_overwrite_each_other() {
    let (clock, store, now) = store();
    let settings = domain::ObjectSettings::defaults(sync::objects::spec(CLIENT), true, now);
    clock.run(async {
        assert!(store.put_settings(PORTAL, &settings, 0).await.unwrap());
        assert!(!store.put_settings(PORTAL, &settings, 0).await.unwrap());
        assert!(store.put_settings(PORTAL, &settings, 1).await.unwrap());
        assert_eq!(store.settings(PORTAL, CLIENT).await.unwrap().unwrap().version, 2);
    });
}

#[test]
fn a_turn_tells_since_when_hubspot_is_true() {
    let (clock, store, now) = store();
    let counts = Tally { records: Counts { failed: 3, ..Counts::default() }, ..Tally::default() };
    let claim = async |slot: Timestamp| {
        let due = Due { portal: PORTAL, object: CLIENT, look: None, due_at: slot };
        store.claim_slot(&due, slot + minutes(15)).await.unwrap().unwrap()
    };
    clock.run(async {
        store.schedule(PORTAL, CLIENT, now).await.unwrap();
        claim(now).await;
        let began = now + seconds(7);
        let run = store.start_run(PORTAL, CLIENT, "job 1", now, began, now + minutes(15)).await.unwrap().unwrap();
        assert!(store.plan_run(PORTAL, CLIENT, &run, 0, &counts, now).await.unwrap().is_some());
        assert!(store.finish_run(PORTAL, CLIENT, &run, now + seconds(50)).await.unwrap());
        let slot = now + minutes(15);
        assert_eq!(claim(slot).await, Turn { true_at: Some(began), failing: 3 }, "as of when the run began");
        let run = store.start_run(PORTAL, CLIENT, "job 2", slot, slot, slot + minutes(15)).await.unwrap().unwrap();
        let due = slot + minutes(20);
        assert!(store.interrupt_run(PORTAL, CLIENT, &run, "why", due).await.unwrap());
        assert_eq!(claim(due).await.true_at, Some(began), "a run that was interrupted makes nothing true");
    });
}

#[test]
fn a_run_without_pages_ends_as_its_plan_is_noted() {
    let (clock, store, now) = store();
    let counts = Counts { source: 500, unchanged: 500, ..Counts::default() };
    let tally = Tally { records: counts, ..Tally::default() };
    let until = now + minutes(15);
    clock.run(async {
        let run = store.start_run(PORTAL, CLIENT, "job 1", now, now, until).await.unwrap().unwrap();
        let end =
            async |run| store.finish_run_without_pages(PORTAL, CLIENT, run, &tally, now + seconds(9)).await.unwrap();
        let report = end(&run).await.unwrap();
        assert_eq!(
            (report.finished_at, report.counts, report.progress.pages),
            (Some(now + seconds(9)), counts, Some(0))
        );
        assert!(end(&run).await.is_none(), "once");
        let standing = store.standing(PORTAL, CLIENT).await.unwrap();
        assert_eq!((standing.true_at, standing.lease_until), (Some(now), None), "as of when it began");
        let later = now + seconds(30);
        let next = store.start_run(PORTAL, CLIENT, "job 2", later, later, until).await.unwrap().unwrap();
        assert!(end(&run).await.is_none(), "it is not the current one");
        assert_eq!(store.run_report(PORTAL, CLIENT).await.unwrap().run, Some(next));
    });
}

#[test]
fn a_budget_that_is_free_needs_no_look() {
    let (clock, store, now) = store();
    clock.run(async {
        let free =
            async |state: &str, until, now| store.take_free_budget(PORTAL, "kleer", &state, until, now).await.unwrap();
        assert_eq!(free("one", now + seconds(2), now).await, Some(1), "nobody ever used it");
        assert_eq!(free("two", now + seconds(3), now + seconds(1)).await, None, "somebody does");
        let found = store.budget::<String>(PORTAL, "kleer").await.unwrap().unwrap();
        assert_eq!((found.version, found.value.as_str()), (1, "one"));
        let take =
            async |version| store.take_budget(PORTAL, "kleer", &"three", now + seconds(4), version).await.unwrap();
        assert_eq!(take(found.version).await, Some(2));
        assert_eq!(take(found.version).await, None, "somebody was faster");
        assert_eq!(free("four", now + seconds(5), now + seconds(4)).await, Some(3), "whoever used it is done");
        assert_eq!(store.take_free_budget(PORTAL, "search", &"", now, now).await.unwrap(), Some(1), "another one");
    });
}
