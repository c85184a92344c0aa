//! The process is killed at every call to the outside while an action runs; HubSpot calls again. Exactly one record, its id on
//! the enrolled record, and one record in HubSpot.

use kleer_sim::Kind;
use kleer_sim::faults::{Fault, Match, Rule};
use local::fuse::Moment;
use local::routes;

use super::{Shop, body};
use crate::minutes;

/// One action to be killed: its name, the record it runs on, and what it makes.
#[derive(Clone, Copy)]
struct Case {
    action: &'static str,
    runs_on: &'static str,
    property: &'static str,
    kind: Kind,
    hubspot_object: &'static str,
}

const INVOICE: Case = Case {
    action: "create-invoice",
    runs_on: "DEAL",
    property: "kleer_invoice_id",
    kind: Kind::Invoice,
    hubspot_object: "invoices",
};
const AGREEMENT: Case = Case {
    action: "create-agreement",
    property: "kleer_agreement_id",
    kind: Kind::Agreement,
    hubspot_object: "subscriptions",
    ..INVOICE
};
const PROJECT: Case = Case {
    action: "create-project",
    property: "kleer_project_id",
    kind: Kind::Project,
    hubspot_object: "projects",
    ..INVOICE
};
const PROJECT_FROM_MAPPINGS: Case = Case { action: "create-project-from-mappings", ..PROJECT };
const CLIENT: Case = Case {
    action: "create-client",
    runs_on: "COMPANY",
    property: "kleer_id",
    kind: Kind::Client,
    hubspot_object: "companies",
};
const CLIENT_FROM_MAPPINGS: Case = Case { action: "create-client-from-mappings", ..CLIENT };

/// Everything that creates; how often it calls the outside at least.
const CREATES: [Case; 6] = [INVOICE, AGREEMENT, PROJECT, PROJECT_FROM_MAPPINGS, CLIENT, CLIENT_FROM_MAPPINGS];

fn shop() -> Shop {
    let shop = Shop::small();
    let hours = shop.library("Konsulttimme");
    shop.line(&[("name", "Analys"), ("quantity", "2"), ("price", "950"), ("hs_product_id", &hours)]);
    shop
}

/// The shop, and the record that is enrolled: its deal, or a company that is no client yet.
fn shop_for(case: Case) -> (Shop, u64) {
    let shop = shop();
    let record = match case.kind {
        Kind::Client => shop.world.person_creates("companies", &[("name", "Nykund AB"), ("phone", "08-1")]),
        _ => shop.deal,
    };
    (shop, record)
}

/// The call, as HubSpot makes it; none if the process died.
fn call(shop: &Shop, callback: &str, case: Case, record: u64) -> Option<u16> {
    let text = body(callback, 4242, case.runs_on, record, &[]);
    let mut request = shop.world.unsigned("POST", &format!("/actions/{}", case.action), text);
    let now = shop.world.clock.now();
    hubspot_sim::signature::sign(
        &mut request,
        hubspot_sim::signature::Scheme::Action,
        local::pretend::CLIENT_SECRET,
        now,
    );
    shop.world.does(routes::answer(shop.world.app(), &request)).map(|response| response.status().as_u16())
}

/// HubSpot calls until it is done.
fn comes_through(shop: &mut Shop, callback: &str, case: Case, record: u64, told: &str) {
    // A binding that the dead process had taken is free again after ten minutes.
    for _ in 0..15 {
        if call(shop, callback, case, record) == Some(200) {
            shop.world.pass(minutes(2));
            return;
        }
        shop.world.pass(minutes(1));
    }
    panic!("{told}: it never came through");
}

/// One record in Kleer, its id on the record that asked, one record in HubSpot that belongs to it; and so it stays.
fn made_once(shop: &Shop, case: Case, record: u64, before: usize, told: &str) {
    assert_eq!(shop.world.kleer(|kleer| kleer.count(case.kind)), before + 1, "{told}");
    let object = if case.runs_on == "DEAL" { "deals" } else { "companies" };
    let asked = shop.world.pretend.hubspot.record(super::DEMO, object, record).expect("it is there");
    let id = asked.get(case.property).unwrap_or("-").to_owned();
    assert!(id.parse::<i64>().is_ok(), "{told}: {} is {id}", case.property);
    let shown = shop.world.records(case.hubspot_object);
    let shown: Vec<_> = shown.iter().filter(|record| record.get("kleer_id") == Some(&id)).collect();
    assert_eq!((shown.len(), shop.world.records(case.hubspot_object).len()), (1, before + 1), "{told}");
    if case.runs_on == "DEAL" {
        assert_eq!(shop.associated(case.hubspot_object, shown[0].id, "deals"), 1, "{told}");
    } else {
        assert_eq!(shown[0].id, record, "{told}");
    }
    // Another enrolment finds it done.
    assert_eq!(call(shop, "ap-4242-6-1-0", case, record), Some(200), "{told}");
    assert_eq!(shop.world.kleer(|kleer| kleer.count(case.kind)), before + 1, "{told}");
}

/// Kills the process after every other call, from one on: what it was told is lost, and so is what it was about to do next.
fn killed(case: Case, from: u64) {
    for number in (from..).step_by(2) {
        let (mut shop, record) = shop_for(case);
        let before = shop.world.kleer(|kleer| kleer.count(case.kind));
        shop.world.dies_at(number, Moment::After);
        let died = call(&shop, "ap-4242-5-1-0", case, record).is_none();
        shop.world.restart();
        let told = format!("{} killed after call {number}", case.action);
        comes_through(&mut shop, "ap-4242-5-1-0", case, record, &told);
        made_once(&shop, case, record, before, &told);
        // HubSpot still has to say what was written last, and what came of that may wait for a binding that the dead process had taken.
        shop.world.pass(minutes(15));
        if !died {
            assert!(number > 15, "the action took only {number} calls: the fuse does not see them all");
            return;
        }
    }
}

#[test]
fn after_odd_calls_of_an_invoice() {
    killed(INVOICE, 1);
}

#[test]
fn after_even_calls_of_an_invoice() {
    killed(INVOICE, 2);
}

#[test]
fn after_odd_calls_of_an_agreement() {
    killed(AGREEMENT, 1);
}

#[test]
fn after_even_calls_of_an_agreement() {
    killed(AGREEMENT, 2);
}

#[test]
fn after_odd_calls_of_a_project() {
    killed(PROJECT, 1);
}

#[test]
fn after_even_calls_of_a_project() {
    killed(PROJECT, 2);
}

#[test]
fn after_odd_calls_of_a_project_from_mappings() {
    killed(PROJECT_FROM_MAPPINGS, 1);
}

#[test]
fn after_even_calls_of_a_project_from_mappings() {
    killed(PROJECT_FROM_MAPPINGS, 2);
}

#[test]
fn after_odd_calls_of_a_client() {
    killed(CLIENT, 1);
}

#[test]
fn after_even_calls_of_a_client() {
    killed(CLIENT, 2);
}

#[test]
fn after_odd_calls_of_a_client_from_mappings() {
    killed(CLIENT_FROM_MAPPINGS, 1);
}

#[test]
fn after_even_calls_of_a_client_from_mappings() {
    killed(CLIENT_FROM_MAPPINGS, 2);
}

const UPDATE: Case = Case { action: "update-agreement", ..AGREEMENT };

/// A deal whose agreement has one row, and that has two line items by now; the agreement and its revision.
fn changed_deal() -> (Shop, i64, i64) {
    let mut shop = shop();
    let id = shop.acts("create-agreement", &[]).id("kleer_agreement_id");
    shop.line(&[("name", "Mer"), ("price", "10")]);
    let revision = shop.world.kleer(|kleer| kleer.agreement(id)).unwrap().revision_nr;
    (shop, id, revision)
}

/// It was saved once, with both rows, and HubSpot shows it.
fn updated_once(shop: &Shop, id: i64, revision: i64, told: &str) {
    let after = shop.world.kleer(|kleer| kleer.agreement(id)).unwrap();
    assert_eq!((after.revision_nr, after.first_invoice_rows.len()), (revision + 1, 2), "{told}");
    let shown = shop.world.records("subscriptions");
    assert_eq!(shown.len(), 1, "{told}");
    assert_eq!(shop.associated("subscriptions", shown[0].id, "line_items"), 2, "{told}");
}

/// The same of a save, which makes a revision each time.
fn killed_while_updating(from: u64) {
    for number in (from..).step_by(2) {
        let (mut shop, id, revision) = changed_deal();
        shop.world.dies_at(number, Moment::After);
        let died = call(&shop, "ap-4242-7-1-0", UPDATE, shop.deal).is_none();
        shop.world.restart();
        let told = format!("killed after call {number}");
        let deal = shop.deal;
        comes_through(&mut shop, "ap-4242-7-1-0", UPDATE, deal, &told);
        updated_once(&shop, id, revision, &told);
        if !died {
            assert!(number > 10, "the action took only {number} calls: the fuse does not see them all");
            return;
        }
    }
}

#[test]
fn after_odd_calls_of_an_update() {
    killed_while_updating(1);
}

#[test]
fn after_even_calls_of_an_update() {
    killed_while_updating(2);
}

/// The next write of that kind is done in Kleer, and its answer never comes.
fn loses_an_answer(shop: &Shop, method: &str, fault: Fault) {
    let matching = Match { method: Some(method.to_owned()), path_contains: None };
    let rule = Rule { matching, probability: 1000, times: Some(1), skip: None, fault };
    shop.world.pretend.kleer.faults(kleer_sim::Faults { rules: vec![rule], ..kleer_sim::Faults::default() });
}

#[test]
fn a_create_whose_answer_is_lost_is_found_again() {
    let faults =
        [Fault::Reset { saved: true }, Fault::Truncated { saved: true }, Fault::Html { status: 502, saved: true }];
    for (case, fault) in CREATES.into_iter().flat_map(|case| faults.clone().map(|fault| (case, fault))) {
        let (mut shop, record) = shop_for(case);
        let before = shop.world.kleer(|kleer| kleer.count(case.kind));
        let told = format!("{}: {fault:?}", case.action);
        loses_an_answer(&shop, "PUT", fault);
        comes_through(&mut shop, "ap-4242-5-1-0", case, record, &told);
        made_once(&shop, case, record, before, &told);
    }
}

#[test]
fn a_save_whose_answer_is_lost_is_not_repeated() {
    for fault in
        [Fault::Reset { saved: true }, Fault::Truncated { saved: true }, Fault::Html { status: 502, saved: true }]
    {
        let (mut shop, id, revision) = changed_deal();
        let told = format!("{fault:?}");
        loses_an_answer(&shop, "POST", fault);
        let deal = shop.deal;
        assert_eq!(call(&shop, "ap-4242-7-1-0", UPDATE, deal), Some(503), "{told}");
        comes_through(&mut shop, "ap-4242-7-1-0", UPDATE, deal, &told);
        updated_once(&shop, id, revision, &told);
    }
}
