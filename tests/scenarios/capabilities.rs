//! What a portal lacks or forbids is found out, told, and found again once it is there; the rest goes on.

mod keys;
mod missing;
mod properties;
mod scopes;

use domain::{FieldMapping, ObjectType, PortalId};
use insta::assert_snapshot;
use jiff::civil::date;
use kleer_sim::{Agreement, AgreementRow, Invoice, InvoiceRow, Project};
use local::pretend::{PORTAL, Scene};
use serde_json::json;

use super::{World, admin, client, hours, mapping, minutes, product};

/// One record of each type in Kleer, not yet in HubSpot. All ids are 1004: Kleer counts each kind by itself.
pub(super) fn one_of_each() -> World {
    let world = World::whole();
    world.kleer(|kleer| {
        let client = kleer.add_client(client("Åkeri AB"));
        let product = kleer.add_product(product("Timme", 100_000));
        kleer.add_agreement(Agreement {
            client_ref: client.into(),
            description: "Support".into(),
            start_invoice_date: date(2026, 1, 1),
            recurring_rows: vec![AgreementRow {
                price: 100_000,
                description: "Support".into(),
                ..AgreementRow::default()
            }],
            ..Agreement::default()
        });
        let rows = vec![InvoiceRow {
            product: product.into(),
            price: 100_000,
            description: "Timme".into(),
            ..InvoiceRow::default()
        }];
        let invoice = kleer.add_invoice(Invoice { client_ref: client.into(), rows, ..Invoice::default() });
        kleer.certify_invoice(invoice);
        kleer.add_project(Project { client: Some(client.into()), name: "Flytt".into(), ..Project::default() });
    });
    world
}

/// The types that say that they were interrupted, and why.
fn interrupted(world: &World) -> String {
    let sentence = |object: ObjectType| format!("{object}: {}", world.interrupted(object));
    let all = ObjectType::POLLED.map(sentence);
    all.into_iter().filter(|line| !line.ends_with(": ")).collect::<Vec<_>>().join("\n")
}

/// The types that the settings show as not available here, and why.
fn unavailable(world: &World) -> String {
    let known = |object| world.clock.run(world.app().store.capability(PortalId(PORTAL), object)).unwrap();
    let why = |object| Some(format!("{object}: {}", known(object)?.unavailable?));
    ObjectType::POLLED.into_iter().filter_map(why).collect::<Vec<_>>().join("\n")
}

/// How many records HubSpot has of each type.
fn counts(world: &World) -> String {
    let count = |object: &str| format!("{object} {}", world.records(object).len());
    ["products", "companies", "subscriptions", "invoices", "projects", "line_items"].map(count).join(", ")
}

/// One more run of each type writes nothing.
fn writes_no_more(mut world: World) {
    let before = world.writes();
    ObjectType::POLLED.into_iter().for_each(|object| world.poll_now(object));
    assert_eq!(world.writes(), before, "the second run wrote");
}
