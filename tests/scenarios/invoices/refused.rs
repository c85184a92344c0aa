//! What HubSpot does not take of an invoice, and what people do to invoices there.

use domain::ObjectType;
use http::Method;
use insta::assert_snapshot;
use kleer_sim::{Fault, Invoice, Kind};
use serde_json::{Value, json};

use super::{World, certified, day, invoice, invoices, invoicing, problems, row, states};
use crate::{admin, mapping, minutes};

/// A certified invoice in that currency.
fn certified_in(world: &World, currency: &str) -> i64 {
    world.kleer(|kleer| {
        let id = kleer.add_invoice(Invoice { currency: currency.to_owned(), ..invoice(kleer, "2026-11-18", 100_000) });
        kleer.certify_invoice(id);
        id
    })
}

#[test]
fn a_currency_that_the_portal_lacks_is_one_problem_and_delays_nobody() {
    let mut world = invoicing();
    for currency in ["SEK", "CHF", "EUR"] {
        certified_in(&world, currency);
    }
    world.pass(minutes(1));
    assert_snapshot!(world.table("invoices", &["hs_currency", "hs_invoice_status"]), @"
    1004 | SEK | open
    1007 | EUR | open
    ");
    assert_snapshot!(problems(&world), @"1006 ValueNotAllowed: Currency does not fit the HubSpot property hs_currency: “CHF” is not one of its options. Add the currency to the HubSpot account (Settings, Account defaults, Currency), or change it in Kleer.");
    assert_eq!(world.report(ObjectType::Invoice).counts.failed, 1);
    let before = world.writes();
    world.pass(minutes(30));
    assert_eq!(world.writes(), before);
}

/// Until the World is mended, the portal has no EUR. A mapping is added as well, so that the portal is looked at.
fn lacks_euros(world: &World) {
    let path = "/crm/properties/2026-09/invoices";
    let mut listed = admin::asks(world, Method::GET, path, &json!({}));
    let properties = listed["results"].as_array_mut().unwrap();
    let currency = properties.iter_mut().find(|property| property["name"] == "hs_currency").unwrap();
    let options = currency["options"].as_array_mut().unwrap();
    options.retain(|option| option["value"] != "EUR");
    let matches = hubspot_sim::Match { method: Some("GET".into()), path_contains: Some(path.to_owned()) };
    let fault = hubspot_sim::Fault::Status { status: 200, retry_after: None, saved: false, body: Some(listed) };
    let rule = hubspot_sim::Rule { matches, probability: 1000, times: None, skip: 0, fault };
    world.pretend.hubspot.faults(hubspot_sim::Faults { rules: vec![rule], ..hubspot_sim::Faults::default() });
    world.settings(ObjectType::Invoice, |settings| settings.mappings.push(mapping("foreign-id", "hs_title")));
}

#[test]
fn a_currency_that_the_administrator_adds_mends_the_problem() {
    let mut world = invoicing();
    world.pass(minutes(1));
    lacks_euros(&world);
    certified_in(&world, "EUR");
    world.pass(minutes(30));
    assert_eq!(world.records("invoices").len(), 0);
    assert_snapshot!(problems(&world), @"1004 ValueNotAllowed: Currency does not fit the HubSpot property hs_currency: “EUR” is not one of its options. Add the currency to the HubSpot account (Settings, Account defaults, Currency), or change it in Kleer.");
    world.mend();
    world.pass(minutes(30));
    assert_snapshot!(world.table("invoices", &["hs_currency", "hs_invoice_status"]), @"1004 | EUR | open");
    assert_snapshot!(problems(&world), @"");
}

#[test]
fn a_date_beyond_hubspots_calendar_is_one_problem() {
    let mut world = invoicing();
    let ids = ["2026-11-16", "2026-11-17", "2026-11-18"].map(|date| certified(&world, date));
    world.kleer(|kleer| kleer.edit_invoice(ids[1], |invoice| invoice.due_date = day("9999-12-31")));
    world.pass(minutes(1));
    assert_snapshot!(invoices(&world), @"
    1004 | 50001 | open | 1250 | 1250
    1007 | 50003 | open | 1250 | 1250
    ");
    assert_snapshot!(problems(&world), @r#"1006 RefusedByHubspot: HubSpot refused the value of "hs_due_date": 9999-12-31T00:00:00.000Z was not a valid long. Correct the value in Kleer, or map the field to a text property instead of hs_due_date."#);
    world.kleer(|kleer| kleer.edit_invoice(ids[1], |invoice| invoice.due_date = day("2026-12-17")));
    world.pass(minutes(30));
    assert_eq!(world.records("invoices").len(), 3);
    assert_snapshot!(problems(&world), @"");
}

#[test]
fn a_day_that_no_calendar_has_is_one_problem() {
    let mut world = invoicing();
    let ids = ["2026-11-16", "2026-11-17", "2026-11-18"].map(|date| certified(&world, date));
    let mut listed = ids.map(|id| world.kleer(|kleer| kleer.document(Kind::Invoice, id).map(Value::Object)).unwrap());
    listed[1]["due-date"] = json!("2026-11-31");
    let body = Some(json!({ "client-invoices": listed, "offset": 0, "limit": 3, "size": 3 }).to_string());
    world.break_kleer("client/invoice?", Fault::Status { status: 200, retry_after: None, saved: false, body });
    world.pass(minutes(1));
    assert_snapshot!(invoices(&world), @"
    1004 | 50001 | open | 1250 | 1250
    1007 | 50003 | open | 1250 | 1250
    ");
    assert_snapshot!(problems(&world), @r#"1006 UnreadableRecord: Kleer's answer could not be read: the field due-date: it should be a date, but holds `"2026-11-31"`. Look at the record in Kleer; if it looks right there, tell support."#);
    world.mend();
    world.pass(minutes(30));
    assert_eq!(world.records("invoices").len(), 3);
    assert_snapshot!(problems(&world), @"");
}

#[test]
fn an_invoice_without_rows_has_no_status_and_a_problem_that_says_so() {
    let mut world = invoicing();
    let id = world.kleer(|kleer| {
        let id = kleer.add_invoice(Invoice { rows: Vec::new(), ..invoice(kleer, "2026-11-18", 0) });
        kleer.certify_invoice(id);
        id
    });
    certified(&world, "2026-11-19");
    world.pass(minutes(1));
    assert_snapshot!(invoices(&world), @"
    1004 | 50001 | draft | 0 | 0
    1006 | 50002 | open | 1250 | 1250
    ");
    assert_snapshot!(problems(&world), @"1004 RefusedByHubspot: HubSpot refused the request: Invoice 9001 cannot be set to paid. Required associations are missing: [INVOICE_TO_LINE_ITEM]. HubSpot gives an invoice its status only if it has line items: add a row to it in Kleer. Its other values are right.");
    world.kleer(|kleer| kleer.edit_invoice(id, |invoice| invoice.rows.push(row("Frakt", 0))));
    world.pass(minutes(30));
    assert_snapshot!(invoices(&world), @"
    1004 | 50001 | paid | 0 | 0
    1006 | 50002 | open | 1250 | 1250
    ");
    assert_snapshot!(problems(&world), @"");
}

/// The invoice of that Kleer id in HubSpot.
fn in_hubspot(world: &World, id: i64) -> u64 {
    let is_it = |record: &&hubspot_sim::Record| record.get("kleer_id") == Some(id.to_string().as_str());
    world.records("invoices").iter().find(is_it).unwrap().id
}

fn person_makes_billable(world: &World, id: i64) {
    let record = in_hubspot(world, id);
    world.pretend.hubspot.person_edits(4242, "invoices", record, &[("hs_invoice_billable", "true")]).unwrap();
}

#[test]
fn an_invoice_that_a_user_made_billable_is_not_after_its_next_change() {
    let mut world = invoicing();
    let id = certified(&world, "2026-11-18");
    world.pass(minutes(1));
    person_makes_billable(&world, id);
    world.kleer(|kleer| kleer.edit_invoice(id, |invoice| invoice.your_reference = "Kim".into()));
    world.pass(minutes(30));
    let shown = ["hs_invoice_billable", "hs_invoice_status", "kleer_your_reference"];
    assert_snapshot!(world.table("invoices", &shown), @"1004 | false | open | Kim");
    person_makes_billable(&world, id);
    world.kleer(|kleer| kleer.pay_invoice(id, None));
    world.pass(minutes(30));
    assert_snapshot!(world.table("invoices", &shown), @"1004 | false | paid | Kim");
    assert_snapshot!(problems(&world), @"");
}

#[test]
fn an_update_lands_where_hubspot_does_not_let_us_repeat_that_it_is_not_billable() {
    let mut world = invoicing();
    world.pretend.hubspot.switch(4242, |switches| switches.invoice_billable_fixed = true);
    let ids = ["2026-11-17", "2026-11-18"].map(|date| certified(&world, date));
    world.pass(minutes(1));
    world.kleer(|kleer| ids.map(|id| kleer.pay_invoice(id, None)));
    world.pass(minutes(30));
    assert_snapshot!(world.table("invoices", &["hs_invoice_billable", "hs_invoice_status"]), @"
    1004 | false | paid
    1006 | false | paid
    ");
    assert_snapshot!(problems(&world), @"");
    let before = world.writes();
    world.pass(minutes(30));
    assert_eq!(world.writes(), before);
}

#[test]
fn an_invoice_deleted_in_hubspot_is_not_made_again() {
    let mut world = invoicing();
    world.pretend.hubspot.switch(4242, |switches| switches.open_invoices_deletable = true);
    let (deleted, kept) = (certified(&world, "2026-11-17"), certified(&world, "2026-11-18"));
    world.pass(minutes(1));
    assert!(world.pretend.hubspot.person_deletes(4242, "invoices", in_hubspot(&world, deleted)));
    world.kleer(|kleer| [deleted, kept].map(|id| kleer.pay_invoice(id, None)));
    world.pass(minutes(30));
    assert_snapshot!(invoices(&world), @"1006 | 50002 | paid | 1250 | 0");
    assert_eq!(world.records("line_items").len(), 1);
    assert_snapshot!(states(&world, &[deleted, kept]), @"
    1004 deleted_in_hubspot
    1006 in_sync
    ");
    assert_snapshot!(problems(&world), @"1004 DeletedInHubspot: The record was deleted in HubSpot; it is not made again by itself. Leave it deleted, restore it in HubSpot, or have it made again on the settings page.");
    let before = world.writes();
    world.kleer(|kleer| kleer.edit_invoice(deleted, |invoice| invoice.rows[0].price = 5));
    world.pass(minutes(30));
    assert_eq!(world.writes(), before);
    assert_eq!(world.records("line_items").len(), 1);
}
