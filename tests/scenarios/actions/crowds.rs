//! Many deals at once, two workflows each.

use futures::future::join_all;
use hubspot_sim::ExecutionState;
use kleer_sim::Kind;
use local::machine::Machine;
use local::routes;

use super::{DEMO, PRIMARY, Shop, body, new_deal};
use crate::{World, hours, minutes, seconds};

/// So many deals; `cargo local bench actions` does the same with a thousand.
const DEALS: usize = 100;

#[test]
fn every_deal_gets_one_invoice_however_many_are_enrolled_at_once() {
    let mut shop = Shop::open();
    let hours_product = shop.library("Konsulttimme");
    let deals: Vec<u64> = (0..DEALS)
        .map(|number| {
            let name = format!("Affär {number}");
            let deal = new_deal(&shop.world, &name);
            shop.associate_deal(deal, "companies", shop.company, PRIMARY);
            let line = [("name", "Analys"), ("price", "950"), ("hs_product_id", hours_product.as_str())];
            let line = shop.world.person_creates("line_items", &line);
            shop.associate_deal(deal, "line_items", line, 19);
            deal
        })
        .collect();
    shop.world.pretend.hubspot.clear_log();
    let hubspot = &shop.world.pretend.hubspot;
    let twice = deals.iter().flat_map(|deal| [*deal, *deal]);
    let calls: Vec<String> =
        twice.map(|deal| hubspot.enrol(DEMO, "deals", deal, "create-invoice", &[]).unwrap()).collect();
    let is_done = |world: &World| {
        world.pretend.hubspot.executions().iter().all(|execution| execution.state != ExecutionState::Waiting)
    };
    let begun = shop.world.clock.now();
    let answers = shop.world.pass_at_once(hours(6), is_done);
    let took = shop.world.clock.now().duration_since(begun).as_secs();
    assert!(took < 3 * 60, "Kleer's pace alone takes a minute and a half; it took {took} s");
    let mut results = [0, 0];
    for call in &calls {
        let told = shop.told(call);
        told.id("kleer_invoice_id");
        results[usize::from(told.output("result") == "skipped")] += 1;
    }
    assert_eq!(results, [DEALS, DEALS]);
    assert_eq!(shop.world.kleer(|kleer| kleer.count(Kind::Invoice)), DEALS);
    shop.world.pass(minutes(5));
    assert_eq!(shop.world.records("invoices").len(), DEALS);
    let refused: u64 = shop.world.app().calls.snapshot().values().map(|count| count.rate_limited).sum();
    assert_eq!(refused, 0, "HubSpot's limits were never exceeded");
    let of = |wanted: u16| answers.iter().filter(|(status, _)| *status == Some(wanted)).count();
    let longest = answers.iter().map(|(_, took)| *took).max();
    assert!(of(429) >= DEALS, "most were told to come later");
    assert!(longest <= Some(seconds(10)), "{longest:?}");
    // Each came in vain a few times at most: they were told different moments.
    let attempts = shop.world.pretend.hubspot.executions().iter().map(|execution| execution.attempts).max();
    assert!(attempts <= Some(8), "{attempts:?}");
}

#[test]
fn two_workflows_at_the_same_moment_make_one_invoice() {
    let mut shop = Shop::open();
    let request = |callback: &str| {
        let text = body(callback, 4242, "DEAL", shop.deal, &[]);
        let mut request = shop.world.unsigned("POST", "/actions/create-invoice", text);
        let (scheme, now) = (hubspot_sim::signature::Scheme::Action, shop.world.clock.now());
        hubspot_sim::signature::sign(&mut request, scheme, local::pretend::CLIENT_SECRET, now);
        request
    };
    let requests = ["ap-4242-1-1-0", "ap-4242-2-1-0", "ap-4242-1-1-0"].map(request);
    let answers = requests.iter().map(|request| routes::answer(shop.world.app(), request));
    let answers = shop.world.clock.run(join_all(answers));
    let mut statuses: Vec<u16> = answers.iter().map(|answer| answer.status().as_u16()).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 503, 503], "one does it, the others come again");
    assert!(
        answers
            .iter()
            .filter(|answer| answer.status() == 503)
            .all(|answer| answer.headers().contains_key("retry-after"))
    );
    shop.world.pass(minutes(1));
    assert_eq!(shop.world.kleer(|kleer| kleer.count(Kind::Invoice)), 1);
    assert_eq!(shop.world.records("invoices").len(), 1);
}

#[test]
fn processes_that_know_nothing_of_each_other_keep_the_limits_together() {
    const CALLS: usize = 12;
    let mut shop = Shop::open();
    // As on Lambda: each process answers one call at a time, and all they share is the store.
    let (config, ground, clock) = (shop.world.app().config.clone(), shop.world.ground(), shop.world.clock.clone());
    let start = || Machine::over(config.clone(), ground.clone(), clock.clone(), shop.world.pretend.transports());
    let processes: Vec<Machine> = (0..CALLS).map(|_| clock.run(start()).unwrap()).collect();
    let mut left: Vec<u64> = (0..CALLS)
        .map(|_| {
            let deal = new_deal(&shop.world, "Affär");
            shop.associate_deal(deal, "companies", shop.company, PRIMARY);
            deal
        })
        .collect();
    for round in 0.. {
        let answer = async |(deal, process): (&u64, &Machine)| {
            let text = body(&format!("ap-4242-{deal}-1-0"), 4242, "DEAL", *deal, &[]);
            let mut request = shop.world.unsigned("POST", "/actions/create-invoice", text);
            let (scheme, begun) = (hubspot_sim::signature::Scheme::Action, clock.now());
            hubspot_sim::signature::sign(&mut request, scheme, local::pretend::CLIENT_SECRET, begun);
            let status = routes::answer(&process.app, &request).await.status().as_u16();
            let took = clock.now().duration_since(begun).as_secs();
            assert!(matches!(status, 200 | 429 | 503) && took < 10, "{status} after {took} s");
            status
        };
        let answers = clock.run(join_all(left.iter().zip(&processes).map(answer)));
        let open = left.iter().zip(&answers).filter(|(_, status)| **status != 200);
        left = open.map(|(deal, _)| *deal).collect();
        if left.is_empty() {
            break;
        }
        assert!(round < 10, "{} never came through", left.len());
        shop.world.pass(seconds(30));
    }
    let of_all = processes.iter().flat_map(|process| process.app.calls.snapshot().into_values());
    assert_eq!(of_all.map(|count| count.rate_limited).sum::<u64>(), 0, "HubSpot's limits were never exceeded");
    assert_eq!(shop.world.kleer(|kleer| kleer.count(Kind::Invoice)), CALLS);
    // The queue on this machine belongs to one process: what the others queued is not theirs to show.
    drop(processes);
    shop.world.restart();
    shop.world.pass(minutes(2));
}

#[test]
fn too_many_at_once_are_told_to_come_again() {
    const CALLS: usize = 60;
    let mut shop = Shop::open();
    let deals: Vec<u64> = (0..CALLS)
        .map(|_| {
            let deal = new_deal(&shop.world, "Affär");
            shop.associate_deal(deal, "companies", shop.company, PRIMARY);
            deal
        })
        .collect();
    let mut left: Vec<usize> = (0..CALLS).collect();
    let mut full = 0;
    for round in 0.. {
        let signed = |number: &usize| {
            let text = body(&format!("ap-4242-{number}-1-0"), 4242, "DEAL", deals[*number], &[]);
            let mut request = shop.world.unsigned("POST", "/actions/create-invoice", text);
            let (scheme, now) = (hubspot_sim::signature::Scheme::Action, shop.world.clock.now());
            hubspot_sim::signature::sign(&mut request, scheme, local::pretend::CLIENT_SECRET, now);
            request
        };
        let requests: Vec<_> = left.iter().map(signed).collect();
        let answers = join_all(requests.iter().map(|request| routes::answer(shop.world.app(), request)));
        let answers = shop.world.clock.run(answers);
        for answer in answers.iter().filter(|answer| answer.status() != 200) {
            assert!(answer.status() == 429 || answer.status() == 503, "{}", answer.status());
            assert!(answer.headers().contains_key("retry-after"));
            full += usize::from(answer.status() == 429);
        }
        left = left.iter().zip(&answers).filter(|(_, answer)| answer.status() != 200).map(|(left, _)| *left).collect();
        if left.is_empty() {
            break;
        }
        assert!(round < 40, "{} never came through", left.len());
        shop.world.pass(minutes(1));
    }
    assert!(full > 40, "only {full} were sent away");
    shop.world.pass(minutes(2));
    assert_eq!(shop.world.kleer(|kleer| kleer.count(Kind::Invoice)), CALLS);
    assert_eq!(shop.world.records("invoices").len(), CALLS);
}
