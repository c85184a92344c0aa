//! Records of which only a part can be written: what was written is known, and the rest follows.

use domain::ObjectType;
use hubspot_sim::Fault;
use insta::assert_snapshot;
use local::pretend::{PORTAL, Scene};

use super::crash_rows::add_invoice;
use super::{World, client, minutes, product};

/// An invoice of two rows that is in HubSpot, and its id.
fn world() -> (World, i64) {
    let mut world = World::of(Scene::of(0, 0), &[ObjectType::Client, ObjectType::Invoice, ObjectType::LineItem]);
    let id = world.kleer(|kleer| {
        kleer.add_client(client("Åkeri AB"));
        kleer.add_product(product("Timme", 10_000));
        add_invoice(kleer, &["Ett", "Två"])
    });
    world.pass(minutes(3));
    (world, id)
}

fn lines(world: &World) -> String {
    world.table("line_items", &["name", "price"])
}

#[test]
fn an_answer_that_says_nothing_about_a_changed_row_is_no_yes() {
    let (mut world, id) = world();
    world.kleer(|kleer| kleer.edit_invoice(id, |invoice| invoice.rows[0].price = 20_000));
    world.break_hubspot("line_items/batch/upsert", Fault::Empty {});
    world.poll_now(ObjectType::Invoice);
    assert_snapshot!(lines(&world), @"
    1004-row-0 | Ett | 100
    1004-row-1 | Två | 100
    ");
    world.mend();
    world.pass(minutes(5));
    assert_snapshot!(lines(&world), @"
    1004-row-0 | Ett | 200
    1004-row-1 | Två | 100
    ");
}

#[test]
fn what_was_written_before_a_row_was_refused_is_written_back() {
    let (mut world, id) = world();
    let refusal = serde_json::json!({ "status": "error", "category": "VALIDATION_ERROR", "message": "no such row" });
    world.kleer(|kleer| {
        kleer.edit_invoice(id, |invoice| {
            invoice.your_reference = "Eva".to_owned();
            invoice.rows[0].description = "Nytt".to_owned();
        });
    });
    world.break_hubspot(
        "line_items/batch/upsert",
        Fault::Status { status: 400, retry_after: None, saved: false, body: Some(refusal) },
    );
    world.poll_now(ObjectType::Invoice);
    assert_snapshot!(world.table("invoices", &["kleer_your_reference"]), @"1004 | Eva");
    world.mend();
    world.kleer(|kleer| {
        kleer.edit_invoice(id, |invoice| {
            invoice.your_reference = String::new();
            invoice.rows[0].description = "Ett".to_owned();
        });
    });
    world.poll_now(ObjectType::Invoice);
    assert_snapshot!(world.table("invoices", &["kleer_your_reference"]), @"1004 | -");
    assert_snapshot!(world.problems(ObjectType::Invoice), @"");
}

#[test]
fn an_invoice_that_was_deleted_in_hubspot_gets_no_line_items() {
    let (mut world, id) = world();
    let portal = PORTAL.unsigned_abs();
    let invoice = world.records("invoices")[0].id;
    world.kleer(|kleer| kleer.edit_invoice(id, |invoice| invoice.rows[0].description = "Nytt".to_owned()));
    // HubSpot lets nobody delete an open invoice, but for accounts that allow it.
    world.pretend.hubspot.switch(portal, |switches| switches.open_invoices_deletable = true);
    assert!(world.pretend.hubspot.person_deletes(portal, "invoices", invoice));
    assert_eq!(world.records("line_items").len(), 0, "they go with it");
    world.poll_now(ObjectType::Invoice);
    assert_snapshot!(world.problems(ObjectType::Invoice), @"1004 DeletedInHubspot: The record was deleted in HubSpot; it is not made again by itself. Leave it deleted, restore it in HubSpot, or have it made again on the settings page.");
    assert_eq!(world.records("line_items").len(), 0, "nobody's line items");
    let before = world.writes();
    world.pass(minutes(31));
    assert_eq!(world.writes(), before);
}

#[test]
fn a_status_that_rows_are_missing_for_keeps_nothing_else_out() {
    let (mut world, id) = world();
    world.kleer(|kleer| kleer.edit_invoice(id, |invoice| invoice.rows.clear()));
    world.poll_now(ObjectType::Invoice);
    world.kleer(|kleer| {
        kleer.pay_invoice(id, None);
        kleer.edit_invoice(id, |invoice| invoice.your_reference = "Eva".to_owned());
    });
    world.poll_now(ObjectType::Invoice);
    assert_snapshot!(world.table("invoices", &["hs_invoice_status", "kleer_your_reference"]), @"1004 | open | Eva");
    assert_snapshot!(world.problems(ObjectType::Invoice), @"1004 RefusedByHubspot: HubSpot refused the request: Invoice 9001 cannot be set to paid. Required associations are missing: [INVOICE_TO_LINE_ITEM]. HubSpot gives an invoice its status only if it has line items: add a row to it in Kleer. Its other values are right.");
}

#[test]
fn a_record_with_a_value_that_does_not_fit_is_not_in_sync() {
    let (mut world, id) = world();
    world.kleer(|kleer| kleer.edit_invoice(id, |invoice| invoice.currency = "CHF".to_owned()));
    world.poll_now(ObjectType::Invoice);
    let pairing = store::Pairing::new(domain::PortalId(PORTAL), ObjectType::Invoice, "invoices");
    let bindings = world.clock.run(world.app().store.binding_index(&pairing)).unwrap();
    assert_eq!(bindings[&domain::KleerId(id)].state, domain::RecordState::Failing);
    assert_snapshot!(world.problems(ObjectType::Invoice), @"1004 ValueNotAllowed: Currency does not fit the HubSpot property hs_currency: “CHF” is not one of its options. Add the currency to the HubSpot account (Settings, Account defaults, Currency), or change it in Kleer.");
    world.kleer(|kleer| kleer.edit_invoice(id, |invoice| invoice.currency = "SEK".to_owned()));
    world.poll_now(ObjectType::Invoice);
    let bindings = world.clock.run(world.app().store.binding_index(&pairing)).unwrap();
    assert_eq!(bindings[&domain::KleerId(id)].state, domain::RecordState::InSync);
    assert_snapshot!(world.problems(ObjectType::Invoice), @"");
}
