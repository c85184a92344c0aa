//! The same as in [`super::crash`] for what has rows: a new invoice and a changed one, killed at every moment.

use domain::{ObjectType, PortalId};
use kleer_sim::{Company, Invoice, InvoiceRow};
use local::fuse::Moment;
use local::pretend::PORTAL;
use tests::Ending;

use super::{World, client, minutes, product, seconds};

/// Longer than every lease.
const AFTERWARDS: std::time::Duration = minutes(20);

fn row(kleer: &Company, description: &str) -> InvoiceRow {
    let product = kleer.products()[0].id.into();
    InvoiceRow {
        description: description.to_owned(),
        quantity: 2.into(),
        price: 10_000,
        product,
        ..InvoiceRow::default()
    }
}

pub(super) fn add_invoice(kleer: &mut Company, rows: &[&str]) -> i64 {
    let date = jiff::civil::date(2026, 11, 2);
    let rows = rows.iter().map(|text| row(kleer, text)).collect();
    let client_ref = kleer.clients()[0].id.into();
    let currency = "SEK".to_owned();
    let id = kleer.add_invoice(Invoice {
        client_ref,
        invoice_date: date,
        due_date: date,
        currency,
        rows,
        ..Invoice::default()
    });
    kleer.certify_invoice(id);
    id
}

/// An invoice of three rows is in HubSpot; then it loses one and is paid, and another one is certified.
fn world() -> (World, i64) {
    let types = [ObjectType::Client, ObjectType::Invoice, ObjectType::LineItem];
    let mut world = World::of(local::pretend::Scene::of(0, 0), &types);
    let first = world.kleer(|kleer| {
        kleer.add_client(client("Åkeri AB"));
        kleer.add_product(product("Timme", 10_000));
        add_invoice(kleer, &["Ett", "Två", "Tre"])
    });
    world.pass(minutes(3));
    assert_eq!((world.records("invoices").len(), world.records("line_items").len()), (1, 3));
    world.kleer(|kleer| {
        kleer.edit_invoice(first, |invoice| drop(invoice.rows.remove(1)));
        kleer.pay_invoice(first, None);
        add_invoice(kleer, &["Fyra", "Fem"]);
    });
    (world, first)
}

fn killed_at(call: u64, moment: Moment) -> Ending {
    let (mut world, first) = world();
    let forward = world.app().store.bring_forward(PortalId(PORTAL), ObjectType::Invoice, world.clock.now());
    world.clock.run(forward).unwrap();
    world.dies_at(call, moment);
    let ending = world.pass(seconds(30));
    world.restart();
    world.pass(AFTERWARDS);
    world.poll_now(ObjectType::Invoice);
    let told = format!("killed {moment:?} call {call}");
    let statuses: Vec<String> = world
        .records("invoices")
        .iter()
        .map(|record| record.get("hs_invoice_status").unwrap_or("-").to_owned())
        .collect();
    assert_eq!(statuses, ["paid", "open"], "{told}");
    let names: Vec<String> =
        world.records("line_items").iter().map(|record| record.get("name").unwrap_or("-").to_owned()).collect();
    assert_eq!(names, ["Ett", "Tre", "Fyra", "Fem"], "{told}");
    let portal = PORTAL.unsigned_abs();
    for invoice in world.records("invoices") {
        let (of_first, lines) = (invoice.get("kleer_id") == Some(first.to_string().as_str()), "line_items");
        let associated = |other| world.pretend.hubspot.associations(portal, "invoices", invoice.id, other).len();
        assert_eq!((associated(lines), associated("companies")), (2, 1), "{told}, the first one: {of_first}");
    }
    let before = world.writes();
    world.poll_now(ObjectType::Invoice);
    assert_eq!(world.writes(), before, "{told}: the second run wrote");
    ending
}

fn every_call(moment: Moment) {
    let mut call = 1;
    while killed_at(call, moment) == Ending::Died {
        call += 1;
    }
    assert!(call > 20, "the run took only {call} calls: the fuse does not see them all");
}

#[test]
fn before_every_call() {
    every_call(Moment::Before);
}

#[test]
fn after_every_call() {
    every_call(Moment::After);
}
