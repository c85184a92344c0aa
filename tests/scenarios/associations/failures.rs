//! HubSpot does not take associations, or not at once.

use domain::ObjectType;
use hubspot_sim::{ConditionalRule, Fault, Faults, Match, Rule};
use insta::{allow_duplicates, assert_snapshot};
use kleer_sim::Invoice;

use super::{World, belongs, client, invoice, minutes, of_one_client, polls, row, seconds};

/// The next calls whose path has that part meet this; how many, or all of them.
fn breaks(world: &World, path: &str, times: Option<u32>, fault: Fault) {
    let matches = Match { method: None, path_contains: Some(path.to_owned()) };
    let rule = Rule { matches, probability: 1000, times, skip: 0, fault };
    world.pretend.hubspot.faults(Faults { rules: vec![rule], ..Faults::default() });
}

fn status(status: u16, saved: bool) -> Fault {
    Fault::Status { status, retry_after: None, saved, body: None }
}

/// How many records there are of each type.
fn numbers(world: &World) -> [usize; 5] {
    ["companies", "subscriptions", "invoices", "line_items", "projects"].map(|object| world.records(object).len())
}

/// Everything is there once, and belongs where Kleer says.
fn is_whole(world: &World) {
    assert_eq!(numbers(world), [2, 1, 1, 3, 1]);
    allow_duplicates! {
        assert_snapshot!(belongs(world, "invoices", "companies"), @"1004 → 1006 [179]");
        assert_snapshot!(belongs(world, "invoices", "subscriptions"), @"1004 → 1004 [622]");
        assert_snapshot!(belongs(world, "subscriptions", "companies"), @"1004 → 1006 [297]");
        assert_snapshot!(belongs(world, "projects", "companies"), @"1004 → 1006 [1236]");
        assert_snapshot!(belongs(world, "invoices", "line_items"), @"1004 → 1004-row-0 [409] 1004-row-1 [409]");
        assert_snapshot!(belongs(world, "subscriptions", "line_items"), @"1004 → 1004-recurring-0 [301]");
        assert_snapshot!(world.table("invoices", &["hs_invoice_status"]), @"1004 | open");
    }
    for object in ObjectType::POLLED {
        assert_eq!((world.interrupted(object).as_str(), world.problems(object).as_str()), ("", ""), "{object}");
    }
}

/// Two calls of each kind meet this, and are repeated.
fn fails_a_few_times(fault: Fault) {
    let mut world = of_one_client();
    breaks(&world, "/associate/default", Some(2), fault);
    world.pass(minutes(2));
    is_whole(&world);
}

#[test]
fn associations_that_fail_are_repeated() {
    fails_a_few_times(status(500, false));
    fails_a_few_times(Fault::RateLimited { retry_after: None });
}

#[test]
fn associations_that_were_made_though_the_answer_was_lost_are_repeated() {
    fails_a_few_times(status(500, true));
    fails_a_few_times(Fault::Reset { saved: true });
}

/// So long that every run gives up; then it passes.
fn fails_for_minutes(fault: Fault) {
    let mut world = of_one_client();
    breaks(&world, "/associate/default", None, fault);
    world.pass(minutes(2));
    assert_eq!(numbers(&world), [2, 1, 1, 3, 1], "what has no associations yet is there");
    assert!(world.hubspot_calls().requests.associate > 10, "they were tried over and over");
    world.mend();
    world.pass(minutes(2));
    // An invoice may have waited for its subscription meanwhile.
    world.poll_now(ObjectType::Invoice);
    is_whole(&world);
    let before = world.writes();
    polls(&mut world, &ObjectType::POLLED);
    assert_eq!(world.writes(), before);
}

#[test]
fn associations_that_fail_for_minutes_are_completed_without_doubling() {
    fails_for_minutes(status(500, false));
}

#[test]
fn associations_that_are_made_and_denied_for_minutes_are_completed_without_doubling() {
    fails_for_minutes(status(500, true));
}

#[test]
fn associations_beyond_the_limit_for_minutes_are_completed_without_doubling() {
    fails_for_minutes(Fault::RateLimited { retry_after: Some(20) });
}

#[test]
fn an_answer_that_says_nothing_about_pairs_is_no_yes() {
    let mut world = of_one_client();
    breaks(&world, "invoices/companies", Some(1), Fault::Empty {});
    world.pass(minutes(2));
    is_whole(&world);
}

#[test]
fn companies_that_cannot_be_associated_keep_no_line_item_from_its_invoice() {
    let mut world = of_one_client();
    breaks(&world, "invoices/companies", None, status(500, false));
    world.pass(minutes(2));
    assert_snapshot!(belongs(&world, "invoices", "line_items"), @"1004 → 1004-row-0 [409] 1004-row-1 [409]");
    assert_snapshot!(world.interrupted(ObjectType::Invoice), @"HubSpot has an internal problem (status 500); it is tried again by itself: internal error.");
    world.mend();
    world.pass(minutes(5));
    is_whole(&world);
}

/// HubSpot takes no line item of that name without an article number, or all of them again.
fn refuses_lines_named(world: &World, name: &str) {
    let rule = ConditionalRule {
        object_type: "line_items".to_owned(),
        property: "name".to_owned(),
        value: name.to_owned(),
        requires: vec!["hs_sku".to_owned()],
    };
    world.pretend.hubspot.switch(4242, |switches| switches.conditional = vec![rule]);
}

/// The first row is written beside one that is refused; when that is mended, both belong to their invoice.
#[test]
fn a_row_that_is_refused_keeps_no_other_from_its_invoice() {
    let mut world = World::whole();
    world.kleer(|kleer| {
        let id = kleer.add_client(client("Åkeri AB"));
        invoice(kleer, id, &[row("Analys", 10_000), row("Bygge", 20_000)], Invoice::default());
    });
    refuses_lines_named(&world, "Bygge");
    world.pass(seconds(30));
    assert_snapshot!(world.problems(ObjectType::Invoice), @r#"1004 RefusedByHubspot: HubSpot refused the request: MISSING_CONDITIONAL_REQUIRED_PROPERTY: property "hs_sku" is required by a conditional rule. Your HubSpot account requires hs_sku: map a field or a default value to it."#);
    refuses_lines_named(&world, "");
    world.pass(minutes(5));
    assert_snapshot!(world.problems(ObjectType::Invoice), @"");
    assert_snapshot!(belongs(&world, "invoices", "line_items"), @"1004 → 1004-row-0 [409] 1004-row-1 [409]");
    assert_snapshot!(world.table("invoices", &["hs_invoice_status", "hs_amount_billed"]), @"1004 | open | 300");
}

/// Kleer has so many invoices of the second client, whose company was deleted in HubSpot, between those of the first.
fn between_invoices_of_a_company_that_is_gone(count: usize) -> World {
    let mut world = of_one_client();
    world.pass(minutes(1));
    let company = world.records("companies")[1].id;
    assert!(world.pretend.hubspot.person_deletes(4242, "companies", company));
    let [here, gone] = ["Åkeri AB", "Bageri AB"].map(|name| world.client_id(name));
    world.kleer(|kleer| {
        for _ in 0..count {
            invoice(kleer, gone, &[row("Ny", 10_000)], Invoice::default());
            invoice(kleer, here, &[row("Ny", 10_000)], Invoice::default());
        }
    });
    polls(&mut world, &[ObjectType::Invoice]);
    world
}

#[test]
fn invoices_of_a_company_that_is_gone_delay_no_others() {
    let world = between_invoices_of_a_company_that_is_gone(25);
    assert_eq!(belongs(&world, "invoices", "companies").matches("[179]").count(), 25);
    assert_eq!(world.problems(ObjectType::Invoice).lines().count(), 25);
}
