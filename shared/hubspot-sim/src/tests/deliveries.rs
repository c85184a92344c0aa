use insta::assert_snapshot;
use serde_json::json;

use super::outgoing::{PORTAL, answer, bench, body, company};
use super::{Bench, objects, table};
use crate::{DeliveryFailure, Options, Simulator};

/// Edits a company so often that so many events wait.
fn wait_with(bench: &Bench, events: usize) {
    for name in 0..events {
        bench.simulator.person_edits(PORTAL, "companies", 9001, &[("name", &format!("Acme {name}"))]).unwrap();
    }
}

fn company_that_was_heard_of(bench: &Bench) {
    company(bench, "Acme");
    bench.taken();
}

#[test]
fn a_hundred_events_a_request_and_ten_requests_at_once() {
    let bench = bench();
    company_that_was_heard_of(&bench);
    wait_with(&bench, 1_234);
    let due = bench.simulator.due_deliveries();
    let sizes = |due: &[crate::Delivery]| due.iter().map(|one| body(one).as_array().unwrap().len()).collect::<Vec<_>>();
    assert_eq!(sizes(&due), [100; 10]);
    assert_eq!(bench.simulator.due_deliveries().len(), 0, "no room");
    assert_eq!(bench.simulator.next_delivery_at(), Some("2026-11-20T12:00:05Z".parse().unwrap()), "when time is over");
    for delivery in &due[..2] {
        assert!(bench.simulator.answered(delivery.id, answer(204, "")));
    }
    assert_eq!(sizes(&bench.simulator.due_deliveries()), [100, 100]);
    let log = bench.simulator.webhook_log();
    assert_eq!((log.pending, log.in_flight, log.delivered), (1_034, 10, 3));
}

#[test]
fn events_come_in_any_order_but_the_same_for_a_seed() {
    let order = |seed| {
        let mut options = Options { seed, ..Options::default() }.calling("https://kleer.example");
        options.webhooks.order_kept = false;
        let bench = Bench::with(options);
        company_that_was_heard_of(&bench);
        wait_with(&bench, 5);
        let batches = bench.taken();
        let names: Vec<String> =
            batches[0].as_array().unwrap().iter().map(|one| one["propertyValue"].to_string()).collect();
        names.join(" ")
    };
    assert_eq!(order(1), order(1));
    assert_snapshot!(table([order(1), order(2)]), @r#"
    "Acme 3" "Acme 2" "Acme 0" "Acme 4" "Acme 1"
    "Acme 3" "Acme 4" "Acme 2" "Acme 1" "Acme 0"
    "#);
}

#[test]
fn refused_events_come_again_ten_times_within_a_day() {
    let bench = bench();
    company_that_was_heard_of(&bench);
    wait_with(&bench, 1);
    let mut lines = Vec::new();
    loop {
        for delivery in bench.simulator.due_deliveries() {
            let event = &body(&delivery)[0];
            lines.push(format!("{} attempt {} {}", bench.clock.now(), event["attemptNumber"], delivery.attempt));
            let refusal = match delivery.attempt {
                0 => answer(500, ""),
                1 => answer(404, ""),
                2 => Err(DeliveryFailure::Connection),
                3 => answer(302, ""),
                _ => answer(429, ""),
            };
            bench.simulator.answered(delivery.id, refusal);
        }
        if bench.to_next().is_none() {
            break;
        }
    }
    assert_snapshot!(table(lines), @"
    2026-11-20T12:00:00Z attempt 0 0
    2026-11-20T12:01:03.84Z attempt 1 1
    2026-11-20T12:03:12.48Z attempt 2 2
    2026-11-20T12:08:05.88Z attempt 3 3
    2026-11-20T12:18:41.28Z attempt 4 4
    2026-11-20T12:46:55.08Z attempt 5 5
    2026-11-20T13:46:19.08Z attempt 6 6
    2026-11-20T15:38:02.28Z attempt 7 7
    2026-11-20T19:44:59.88Z attempt 8 8
    2026-11-21T02:10:33.48Z attempt 9 9
    2026-11-21T10:44:09.48Z attempt 10 10
    ");
    let log = bench.simulator.webhook_log();
    assert_eq!((log.pending, log.failed, log.given_up), (0, 11, 1));
}

#[test]
fn the_same_event_is_sent_again_with_a_new_signature() {
    let bench = bench();
    company_that_was_heard_of(&bench);
    wait_with(&bench, 1);
    let first = bench.simulator.due_deliveries().remove(0);
    bench.simulator.answered(first.id, answer(503, ""));
    bench.to_next();
    let second = bench.simulator.due_deliveries().remove(0);
    let mut event = body(&second)[0].clone();
    event["attemptNumber"] = json!(0);
    assert_eq!(event, body(&first)[0]);
    let stamp = |delivery: &crate::Delivery| delivery.request.headers()["x-hubspot-request-timestamp"].clone();
    assert_ne!(stamp(&first), stamp(&second));
    bench.simulator.answered(second.id, answer(200, ""));
    assert_eq!(bench.simulator.next_delivery_at(), None);
}

#[test]
fn an_answer_after_five_seconds_is_none() {
    let bench = bench();
    company_that_was_heard_of(&bench);
    wait_with(&bench, 1);
    let due = bench.simulator.due_deliveries();
    bench.wait(4_999);
    assert_eq!(bench.simulator.due_deliveries().len(), 0);
    bench.wait(1);
    assert!(!bench.simulator.answered(due[0].id, answer(200, "")), "too late");
    assert_eq!(bench.simulator.webhook_log().last.last().unwrap().failure, Some(DeliveryFailure::Timeout));
    assert!(bench.to_next() > Some(50));
    assert_eq!(bench.simulator.due_deliveries()[0].attempt, 1);
}

#[test]
fn what_fell_due_while_nobody_looked_is_sent_together() {
    let bench = bench();
    bench.set_webhooks(&json!({ "delay_ms": 2_000 }));
    company(&bench, "Acme");
    bench.wait(1_500);
    wait_with(&bench, 1);
    assert_eq!(bench.taken(), Vec::<serde_json::Value>::new());
    assert_eq!(bench.to_next(), Some(0));
    assert_eq!(bench.events().len(), 2, "creation and first name");
    bench.wait(60_000);
    assert_eq!(bench.events().len(), 1);
}

#[test]
fn duplicates_and_losses() {
    let bench = bench();
    bench.set_webhooks(&json!({ "duplicates": 1000 }));
    company(&bench, "Acme");
    bench.wait(60_000);
    let twice: Vec<_> = bench.taken().iter().flat_map(|batch| batch.as_array().unwrap().clone()).collect();
    let mut ids: Vec<String> = twice.iter().map(|event| event["eventId"].to_string()).collect();
    assert_eq!(ids.len(), 4);
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 2, "a copy has the id of its original");
    bench.set_webhooks(&json!({ "duplicates": 0, "lost": 1000 }));
    wait_with(&bench, 3);
    assert_eq!(bench.simulator.next_delivery_at(), None);
}

#[test]
fn portals_are_never_mixed() {
    let mut options = Options::default().calling("https://kleer.example");
    let other = crate::PortalOptions { id: 4343, ..options.portals[0].clone() };
    let mut other = crate::PortalOptions { tokens: vec![other.tokens[0].clone()], ..other };
    other.tokens[0].token = "other".to_owned();
    options.portals.push(other);
    let bench = Bench::with(options);
    company(&bench, "Acme");
    bench.simulator.person_creates(4343, "companies", &[("name", "Beta")]).unwrap();
    let portals: Vec<(u64, serde_json::Value)> =
        bench.simulator.due_deliveries().iter().map(|one| (one.portal, body(one)[0]["portalId"].clone())).collect();
    assert_eq!(portals, [(4242, json!(4242)), (4343, json!(4343))]);
}

#[test]
fn an_uninstalled_app_hears_nothing_more_unless_it_is_late() {
    let bench = bench();
    company_that_was_heard_of(&bench);
    wait_with(&bench, 1);
    assert_eq!(bench.delete("/appinstalls/2026-09/external-install").status, 204);
    wait_with(&bench, 1);
    assert_eq!(bench.simulator.next_delivery_at(), None);
    assert_eq!(bench.simulator.webhook_log().given_up, 1);

    let bench = super::outgoing::bench();
    bench.set_webhooks(&json!({ "late_after_uninstall": true }));
    company_that_was_heard_of(&bench);
    wait_with(&bench, 1);
    bench.simulator.person_uninstalls(PORTAL);
    wait_with(&bench, 1);
    assert_snapshot!(table(bench.events()), @"object.propertyChange 0-2 9001 name=Acme 0 by CRM_UI userId:501");
}

#[test]
fn what_was_not_delivered_survives_a_kill() {
    let folder = tempfile::tempdir().unwrap();
    let open = || {
        let (time, clock) = super::clock();
        let options = Options::default().calling("https://kleer.example");
        let simulator = Simulator::open(options, time, folder.path()).unwrap();
        Bench { simulator, clock, token: "demo-app-token".to_owned() }
    };
    let bench = open();
    company(&bench, "Acme");
    let due = bench.simulator.due_deliveries();
    bench.simulator.answered(due[0].id, answer(500, ""));
    bench.create("companies", &json!({ "name": "Beta" }));
    bench.simulator.due_deliveries();
    let before = bench.simulator.pending_events();
    drop(bench);

    let again = open();
    assert_eq!(again.simulator.pending_events(), before);
    assert_eq!(again.taken()[0].as_array().unwrap().len(), 2, "what was in flight is sent again");
    again.wait(120_000);
    assert_eq!(again.taken()[0][0]["attemptNumber"], json!(1));
    drop(again);
    let last = open();
    assert_eq!(last.simulator.pending_events(), Vec::<serde_json::Value>::new());
    last.delete(&objects("companies/9002"));
    assert!(before.iter().all(|event| event["eventId"] != last.simulator.pending_events()[0]["eventId"]));
}

#[test]
fn deliveries_do_not_shift_other_random_choices() {
    let next = |bench: &Bench| bench.simulator.state(|state| state.correlation_id());
    let (heard, silent) = (bench(), Bench::new());
    for bench in [&heard, &silent] {
        company(bench, "Acme");
        bench.simulator.due_deliveries();
    }
    assert_eq!(next(&heard), next(&silent));
}

#[test]
fn the_log_says_how_it_went() {
    let bench = bench();
    company(&bench, "Acme");
    bench.taken();
    wait_with(&bench, 2);
    let due = bench.simulator.due_deliveries();
    bench.simulator.answered(due[0].id, Err(DeliveryFailure::Connection));
    let mut shown = bench.get("/_sim/webhooks").body;
    shown.as_object_mut().unwrap().shift_remove("subscriptions");
    assert_snapshot!(shown, @r#"{"target":"https://kleer.example/webhooks/hubspot","max_concurrent_requests":10,"delay_ms":0,"duplicates":0,"lost":0,"order_kept":true,"project_events":false,"late_after_uninstall":false,"pending":2,"in_flight":0,"delivered":1,"failed":1,"given_up":0,"last":[{"at":"2026-11-20T12:00:00Z","kind":"webhook","portal":4242,"attempt":0,"url":"https://kleer.example/webhooks/hubspot","events":2,"status":200,"failure":null},{"at":"2026-11-20T12:00:00Z","kind":"webhook","portal":4242,"attempt":0,"url":"https://kleer.example/webhooks/hubspot","events":2,"status":null,"failure":"connection"}]}"#);
}
