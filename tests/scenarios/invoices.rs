//! Invoices of Kleer in HubSpot: which of them, with what, and what becomes of them there.

mod refused;
mod window;

use std::time::Duration;

use domain::{KleerId, ObjectType, PortalId, SyncSettings};
use insta::assert_snapshot;
use jiff::civil::Date;
use kleer_sim::{Company, Invoice, InvoiceRow};
use local::pretend::{PORTAL, Scene};
use store::Pairing;

use super::{World, client, minutes};

/// The list of invoices, as Kleer's counters call it.
const LIST: &str = "/v1/company/{company}/client/invoice";
/// One invoice, as Kleer's counters call it.
const SINGLE: &str = "/v1/company/{company}/client/invoice/{id}";

/// A World with one client, in which everything is switched on that invoices need.
pub(super) fn invoicing() -> World {
    let objects = [ObjectType::Product, ObjectType::Client, ObjectType::Invoice, ObjectType::LineItem];
    let world = World::of(Scene::of(0, 0), &objects);
    world.kleer(|kleer| kleer.add_client(client("Åkeri AB")));
    world
}

/// A row of that description and price in öre.
pub(super) fn row(description: &str, price: i64) -> InvoiceRow {
    InvoiceRow { description: description.to_owned(), price, ..InvoiceRow::default() }
}

/// An invoice to the client there is, dated that day, with one row of that price in öre.
fn invoice(kleer: &Company, date: &str, price: i64) -> Invoice {
    let client_ref = kleer.clients()[0].id.into();
    Invoice { client_ref, invoice_date: day(date), rows: vec![row("Konsulttimmar", price)], ..Invoice::default() }
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

/// A certified invoice of that day over 1000 kronor and 250 kronor of VAT. Returns its id.
fn certified(world: &World, date: &str) -> i64 {
    world.kleer(|kleer| {
        let id = kleer.add_invoice(invoice(kleer, date, 100_000));
        kleer.certify_invoice(id);
        id
    })
}

/// A line per invoice in HubSpot: Kleer id, number, status, total, what remains.
fn invoices(world: &World) -> String {
    world.table("invoices", &["hs_number", "hs_invoice_status", "kleer_total_amount", "kleer_remaining_amount"])
}

/// Where invoices stand, a line each by Kleer id.
pub(super) fn states(world: &World, ids: &[i64]) -> String {
    let pairing = Pairing::new(PortalId(PORTAL), ObjectType::Invoice, "invoices");
    let ids: Vec<KleerId> = ids.iter().copied().map(KleerId).collect();
    let known = world.clock.run(world.app().store.binding_summaries(&pairing, &ids)).unwrap();
    let state = |id: &KleerId| known.get(id).map_or("unknown", |binding| binding.state.as_str());
    ids.iter().map(|id| format!("{id} {}", state(id))).collect::<Vec<_>>().join("\n")
}

fn problems(world: &World) -> String {
    world.problems(ObjectType::Invoice)
}

/// From now on invoices go back so many months, or all the way.
fn set_window(world: &World, months: Option<u32>) {
    let (store, portal) = (&world.app().store, PortalId(PORTAL));
    world.clock.run(async {
        let found = store.sync_settings(portal).await.unwrap();
        let chosen = SyncSettings { invoice_window_months: months, ..found.value };
        assert!(store.put_sync_settings(portal, &chosen, found.version).await.unwrap());
    });
}

/// How often Kleer is asked for pages of the list of invoices and for single ones in that time.
fn asked_in(world: &mut World, span: Duration) -> (u64, u64) {
    let before = world.pretend.kleer.counters();
    world.pass(span);
    let after = world.pretend.kleer.counters();
    let asked = |route| after.of("GET", route) - before.of("GET", route);
    (asked(LIST), asked(SINGLE))
}

#[test]
fn a_draft_stays_out_until_it_is_certified() {
    let mut world = invoicing();
    let id = world.kleer(|kleer| kleer.add_invoice(invoice(kleer, "2026-11-18", 100_000)));
    world.pass(minutes(1));
    assert_eq!((world.records("invoices").len(), world.records("line_items").len()), (0, 0));
    assert_eq!(world.report(ObjectType::Invoice).counts.excluded, 1);
    assert_snapshot!(states(&world, &[id]), @"1004 excluded_draft");
    world.kleer(|kleer| kleer.certify_invoice(id));
    world.pass(minutes(30));
    assert_snapshot!(invoices(&world), @"1004 | 50001 | open | 1250 | 1250");
    let others = ["hs_currency", "hs_invoice_date", "hs_due_date", "hs_invoice_billable", "hs_amount_billed"];
    assert_snapshot!(world.table("invoices", &others), @"1004 | SEK | 2026-11-18T00:00:00.000Z | 2026-12-18T00:00:00.000Z | false | 1000");
    assert_snapshot!(states(&world, &[id]), @"1004 in_sync");
    assert_eq!(world.report(ObjectType::Invoice).counts.excluded, 0);
}

#[test]
fn a_draft_that_stays_a_draft_costs_nothing() {
    let mut world = invoicing();
    world.kleer(|kleer| kleer.add_invoice(invoice(kleer, "2026-11-18", 100_000)));
    world.pass(minutes(1));
    world.pretend.hubspot.clear_log();
    world.pass(minutes(30));
    assert_eq!(world.pretend.hubspot.requests().len(), 0);
    assert_eq!(world.report(ObjectType::Invoice).counts.excluded, 1);
}

#[test]
fn a_credit_stays_out_and_settles_its_invoice() {
    let mut world = invoicing();
    let id = certified(&world, "2026-11-18");
    world.pass(minutes(1));
    let credit = world.kleer(|kleer| kleer.credit_invoice(id));
    world.pass(minutes(30));
    assert_snapshot!(invoices(&world), @"1004 | 50001 | paid | 1250 | 0");
    assert_snapshot!(states(&world, &[id, credit]), @"
    1004 in_sync
    1006 excluded_credit
    ");
    assert_eq!(world.report(ObjectType::Invoice).counts.excluded, 1);
}

#[test]
fn an_invoice_over_nothing_is_no_credit() {
    let mut world = invoicing();
    world.kleer(|kleer| {
        let id = kleer.add_invoice(invoice(kleer, "2026-11-18", 0));
        kleer.certify_invoice(id);
    });
    world.pass(minutes(1));
    assert_snapshot!(invoices(&world), @"1004 | 50001 | paid | 0 | 0");
    assert_snapshot!(problems(&world), @"");
}

#[test]
fn a_part_payment_leaves_it_open_and_the_rest_makes_it_paid() {
    let mut world = invoicing();
    let id = certified(&world, "2026-11-18");
    world.pass(minutes(1));
    world.kleer(|kleer| kleer.pay_invoice(id, Some(50_050)));
    assert_snapshot!(world.sent_while(|world| world.pass(minutes(30))), @"updated invoice 1004 → HubSpot 9001: kleer_remaining_amount=749.5");
    world.kleer(|kleer| kleer.pay_invoice(id, None));
    assert_snapshot!(world.sent_while(|world| world.pass(minutes(30))), @"updated invoice 1004 → HubSpot 9001: hs_invoice_status=paid kleer_remaining_amount=0");
    assert_snapshot!(world.table("invoices", &["hs_invoice_status", "hs_balance_due", "hs_amount_billed"]), @"1004 | paid | 0 | 1000");
}

#[test]
fn an_invoice_that_was_paid_with_too_much_is_paid() {
    let mut world = invoicing();
    let id = certified(&world, "2026-11-18");
    world.kleer(|kleer| kleer.pay_invoice(id, Some(130_000)));
    world.pass(minutes(1));
    assert_snapshot!(invoices(&world), @"1004 | 50001 | paid | 1250 | -50");
}

#[test]
fn a_deleted_invoice_is_voided() {
    let mut world = invoicing();
    let id = certified(&world, "2026-11-18");
    world.pass(minutes(1));
    world.kleer(|kleer| kleer.disable_invoice(id));
    assert_snapshot!(world.sent_while(|world| world.pass(minutes(30))), @"updated invoice 1004 → HubSpot 9001: hs_invoice_status=voided");
    assert_snapshot!(invoices(&world), @"1004 | 50001 | voided | 1250 | 1250");
}

#[test]
fn a_deleted_invoice_that_kleer_no_longer_lists_is_voided() {
    let mut world = invoicing();
    world.pretend.kleer.state(|state| state.switches.disabled_invoices_listed = false);
    let id = certified(&world, "2026-11-18");
    world.pass(minutes(1));
    world.kleer(|kleer| kleer.disable_invoice(id));
    assert_snapshot!(world.sent_while(|world| world.pass(minutes(30))), @"updated invoice 1004 → HubSpot 9001: hs_invoice_status=voided");
    // And is not asked for again.
    assert_eq!(asked_in(&mut world, minutes(30)), (1, 0));
}

#[test]
fn what_was_deleted_before_we_came_is_voided_if_it_was_certified() {
    let mut world = invoicing();
    let id = certified(&world, "2026-11-18");
    world.kleer(|kleer| {
        kleer.disable_invoice(id);
        let draft = kleer.add_invoice(invoice(kleer, "2026-11-18", 50_000));
        kleer.disable_invoice(draft);
    });
    world.pass(minutes(1));
    assert_snapshot!(invoices(&world), @"1004 | 50001 | voided | 1250 | 1250");
    assert_eq!(world.report(ObjectType::Invoice).counts.excluded, 1);
}

#[test]
fn amounts_arrive_in_kronor_with_vat() {
    let mut world = invoicing();
    let id = world.kleer(|kleer| {
        let mut new = invoice(kleer, "2026-11-18", 12_345);
        new.rows.push(InvoiceRow {
            vat: "0.12".parse().unwrap(),
            quantity: "2.5".parse().unwrap(),
            ..row("Bok", 9_999)
        });
        let id = kleer.add_invoice(new);
        kleer.certify_invoice(id);
        kleer.pay_invoice(id, Some(1));
        id
    });
    world.pass(minutes(1));
    let amounts = world.kleer(|kleer| kleer.invoice(id).map(|one| (one.amount, one.vat, one.remaining)));
    assert_eq!(amounts, Some((37_343, 6_086, 43_428)));
    assert_snapshot!(world.table("invoices", &["kleer_total_amount", "kleer_remaining_amount", "hs_amount_billed"]), @"1004 | 434.29 | 434.28 | 373.425");
}

#[test]
fn dates_arrive_on_their_day() {
    let mut world = invoicing();
    // The last day of summer time, and a day on which the year ends.
    for (date, due) in [("2026-10-25", "2026-11-24"), ("2025-12-31", "2026-01-30")] {
        world.kleer(|kleer| {
            let id = kleer.add_invoice(Invoice { due_date: day(due), ..invoice(kleer, date, 100_000) });
            kleer.certify_invoice(id);
        });
    }
    world.pass(minutes(1));
    assert_snapshot!(world.table("invoices", &["hs_invoice_date", "hs_due_date"]), @"
    1004 | 2026-10-25T00:00:00.000Z | 2026-11-24T00:00:00.000Z
    1006 | 2025-12-31T00:00:00.000Z | 2026-01-30T00:00:00.000Z
    ");
    let id = world.kleer(|kleer| kleer.invoices()[0].id);
    world.kleer(|kleer| kleer.edit_invoice(id, |invoice| invoice.due_date = day("2026-12-01")));
    assert_snapshot!(world.sent_while(|world| world.pass(minutes(30))), @"updated invoice 1004 → HubSpot 9001: hs_due_date=2026-12-01T00:00:00.000Z");
}

#[test]
fn a_due_date_that_kleer_lacks_is_hubspots_own_until_kleer_has_one() {
    let mut world = invoicing();
    // Kleer's way to say that there is none (contract kleer-api §7.2).
    let none = day("0001-01-01");
    let id = world.kleer(|kleer| {
        let id = kleer.add_invoice(Invoice { due_date: none, ..invoice(kleer, "2026-11-18", 100_000) });
        kleer.certify_invoice(id);
        id
    });
    world.pass(minutes(1));
    assert_snapshot!(world.table("invoices", &["hs_due_date"]), @"1004 | 2026-11-20T08:00:02.100Z");
    assert_snapshot!(problems(&world), @"");
    world.kleer(|kleer| kleer.edit_invoice(id, |invoice| invoice.due_date = day("2026-12-18")));
    world.pass(minutes(30));
    assert_snapshot!(world.table("invoices", &["hs_due_date"]), @"1004 | 2026-12-18T00:00:00.000Z");
    world.kleer(|kleer| kleer.edit_invoice(id, |invoice| invoice.due_date = none));
    assert_snapshot!(world.sent_while(|world| world.pass(minutes(30))), @"updated invoice 1004 → HubSpot 9001: hs_due_date=(emptied)");
}

#[test]
fn an_invoice_that_is_a_draft_again_has_no_number() {
    let mut world = invoicing();
    let id = certified(&world, "2026-11-18");
    world.pass(minutes(1));
    world.kleer(|kleer| {
        kleer.edit_invoice(id, |invoice| {
            invoice.certified = false;
            invoice.invoice_nr = 0;
            invoice.remaining = 0;
        });
    });
    assert_snapshot!(world.sent_while(|world| world.pass(minutes(30))), @"updated invoice 1004 → HubSpot 9001: hs_invoice_status=draft hs_number=(emptied) kleer_remaining_amount=0");
    assert_snapshot!(invoices(&world), @"1004 | - | draft | 1250 | 0");
}
