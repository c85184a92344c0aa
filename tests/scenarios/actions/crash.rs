//! The process is killed at every call to the outside while an action runs; HubSpot calls again. Exactly one record, its id on
//! the enrolled record, and one record in HubSpot.

use kleer_sim::Kind;
use local::fuse::Moment;
use local::routes;

use super::{Shop, body};
use crate::minutes;

/// One action to be killed: its name, the record it runs on, and what it makes.
#[derive(Clone, Copy)]
struct Case {
    action: &'static str,
    property: &'static str,
    kind: Kind,
    hubspot_object: &'static str,
}

const INVOICE: Case =
    Case { action: "create-invoice", property: "kleer_invoice_id", kind: Kind::Invoice, hubspot_object: "invoices" };
const AGREEMENT: Case = Case {
    action: "create-agreement",
    property: "kleer_agreement_id",
    kind: Kind::Agreement,
    hubspot_object: "subscriptions",
};
const PROJECT: Case =
    Case { action: "create-project", property: "kleer_project_id", kind: Kind::Project, hubspot_object: "projects" };

fn shop() -> Shop {
    let shop = Shop::small();
    let hours = shop.library("Konsulttimme");
    shop.line(&[("name", "Analys"), ("quantity", "2"), ("price", "950"), ("hs_product_id", &hours)]);
    shop
}

/// The call, as HubSpot makes it; none if the process died.
fn call(shop: &Shop, callback: &str, action: &str) -> Option<u16> {
    let text = body(callback, 4242, "DEAL", shop.deal, &[]);
    let mut request = shop.world.unsigned("POST", &format!("/actions/{action}"), text);
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
fn comes_through(shop: &mut Shop, callback: &str, action: &str, told: &str) {
    for _ in 0..10 {
        if call(shop, callback, action) == Some(200) {
            shop.world.pass(minutes(2));
            return;
        }
        shop.world.pass(minutes(1));
    }
    panic!("{told}: it never came through");
}

/// Kills the process after every other call, from one on: what it was told is lost, and so is what it was about to do next.
fn killed(case: Case, from: u64) {
    for number in (from..).step_by(2) {
        let mut shop = shop();
        shop.world.dies_at(number, Moment::After);
        let died = call(&shop, "ap-4242-5-1-0", case.action).is_none();
        shop.world.restart();
        let told = format!("{} killed after call {number}", case.action);
        comes_through(&mut shop, "ap-4242-5-1-0", case.action, &told);
        assert_eq!(shop.world.kleer(|kleer| kleer.count(case.kind)), 1, "{told}");
        let shown = shop.world.records(case.hubspot_object);
        assert_eq!(shown.len(), 1, "{told}");
        assert_eq!(shown[0].get("kleer_id"), Some(shop.of_deal(case.property).as_str()), "{told}");
        assert_eq!(shop.associated(case.hubspot_object, shown[0].id, "deals"), 1, "{told}");
        // Another enrolment finds it done.
        assert_eq!(call(&shop, "ap-4242-6-1-0", case.action), Some(200), "{told}");
        assert_eq!(shop.world.kleer(|kleer| kleer.count(case.kind)), 1, "{told}");
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

/// The same of a save, which makes a revision each time.
fn killed_while_updating(from: u64) {
    for number in (from..).step_by(2) {
        let mut shop = shop();
        let id = shop.acts("create-agreement", &[]).id("kleer_agreement_id");
        shop.line(&[("name", "Mer"), ("price", "10")]);
        let revision = shop.world.kleer(|kleer| kleer.agreement(id)).unwrap().revision_nr;
        shop.world.dies_at(number, Moment::After);
        let died = call(&shop, "ap-4242-7-1-0", "update-agreement").is_none();
        shop.world.restart();
        let told = format!("killed after call {number}");
        comes_through(&mut shop, "ap-4242-7-1-0", "update-agreement", &told);
        let after = shop.world.kleer(|kleer| kleer.agreement(id)).unwrap();
        assert_eq!((after.revision_nr, after.first_invoice_rows.len()), (revision + 1, 2), "{told}");
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

#[test]
fn a_create_whose_answer_is_lost_is_found_again() {
    for fault in [
        kleer_sim::faults::Fault::Reset { saved: true },
        kleer_sim::faults::Fault::Truncated { saved: true },
        kleer_sim::faults::Fault::Html { status: 502, saved: true },
    ] {
        let mut shop = shop();
        let matching = kleer_sim::faults::Match {
            method: Some("PUT".to_owned()),
            path_contains: Some("/client/invoice".to_owned()),
        };
        let rule = kleer_sim::faults::Rule { matching, probability: 1000, times: Some(1), skip: None, fault };
        shop.world.pretend.kleer.faults(kleer_sim::Faults { rules: vec![rule], ..kleer_sim::Faults::default() });
        let hubspot = &shop.world.pretend.hubspot;
        let callback = hubspot.enrol(super::DEMO, "deals", shop.deal, "create-invoice", &[]).unwrap();
        shop.world.pass(minutes(60));
        let id = shop.told(&callback).id("kleer_invoice_id");
        assert_eq!(shop.world.kleer(|kleer| kleer.count(Kind::Invoice)), 1);
        assert_eq!(shop.of_deal("kleer_invoice_id"), id.to_string());
        assert_eq!(shop.world.records("invoices").len(), 1);
    }
}
