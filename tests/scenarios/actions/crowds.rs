//! Many deals at once, two workflows each.

use futures::future::join_all;
use kleer_sim::Kind;
use local::routes;

use super::{DEMO, PRIMARY, Shop, body, new_deal};
use crate::{hours, minutes};

/// So many deals by default; a thousand take the same way for longer.
const DEALS: usize = 40;

#[test]
fn every_deal_gets_one_invoice() {
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
    let hubspot = &shop.world.pretend.hubspot;
    let twice = deals.iter().flat_map(|deal| [*deal, *deal]);
    let calls: Vec<String> =
        twice.map(|deal| hubspot.enrol(DEMO, "deals", deal, "create-invoice", &[]).unwrap()).collect();
    shop.world.pass(hours(6));
    let mut results = [0, 0];
    for call in &calls {
        let told = shop.told(call);
        told.id("kleer_invoice_id");
        results[usize::from(told.output("result") == "skipped")] += 1;
    }
    assert_eq!(results, [DEALS, DEALS]);
    assert_eq!(shop.world.kleer(|kleer| kleer.count(Kind::Invoice)), DEALS);
    assert_eq!(shop.world.records("invoices").len(), DEALS);
    let limited = shop.world.pretend.hubspot.requests().iter().filter(|request| request.status == 429).count();
    assert_eq!(limited, 0, "HubSpot's limit was never exceeded");
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
