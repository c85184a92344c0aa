//! What changes cost: calls to HubSpot, counted one by one.

use std::collections::BTreeSet;

use domain::{FieldMapping, ObjectType};
use http::Method;
use insta::assert_snapshot;
use jiff::Timestamp;
use kleer_sim::{Company, Invoice, InvoiceRow};
use serde_json::json;

use super::{World, admin, client, hours, mapping, minutes};

const INVOICES: usize = 300;

fn row(text: &str, price: i64) -> InvoiceRow {
    InvoiceRow { description: text.into(), price, ..InvoiceRow::default() }
}

fn certified(kleer: &mut Company, number: usize) -> i64 {
    let rows = vec![row("Analys", 100_000), row("Bygge", 200_000)];
    let (client_ref, notes) = (kleer.clients()[0].id.into(), Some(format!("Anteckning {number}")));
    let id = kleer.add_invoice(Invoice { client_ref, rows, notes, ..Invoice::default() });
    kleer.certify_invoice(id);
    id
}

/// 300 invoices of two rows in Kleer, and the id of one in their middle; not yet in HubSpot.
fn in_kleer() -> (World, i64) {
    let world = World::whole();
    let ids: Vec<i64> = world.kleer(|kleer| {
        kleer.add_client(client("Åkeri AB"));
        kleer.add_client(client("Bageri AB"));
        (0..INVOICES).map(|number| certified(kleer, number)).collect()
    });
    (world, ids[INVOICES / 2])
}

/// The same, in sync.
fn in_sync() -> (World, i64) {
    let (mut world, id) = in_kleer();
    world.pass(minutes(2));
    assert_eq!(world.records("invoices").len(), INVOICES);
    (world, id)
}

/// What was asked of HubSpot while something happened, each call by its type and operation.
fn asked_while(world: &mut World, happens: impl FnOnce(&mut World)) -> Vec<String> {
    world.pretend.hubspot.clear_log();
    happens(world);
    let short = |path: &str| {
        let path = path.split('?').next().unwrap_or(path);
        let parts = path.trim_start_matches("/crm/").split('/').filter(|part| !["2026-09", "batch"].contains(part));
        parts.filter(|part| *part != "objects").collect::<Vec<_>>().join("/")
    };
    let calls = world.pretend.hubspot.requests().iter().map(|line| short(&line.path)).collect::<Vec<_>>();
    // Projects that were changed in HubSpot are searched for on a beat of their own.
    calls.into_iter().filter(|call| call != "projects/search").collect()
}

/// A line of the table: what was changed in Kleer, how many calls the next run of invoices took, and which.
fn cost(world: &mut World, what: &str, change: impl FnOnce(&mut Company)) -> String {
    world.kleer(change);
    let calls = asked_while(world, |world| world.poll_now(ObjectType::Invoice));
    assert!(calls.len() <= 4, "{what} took {calls:?}");
    format!("{what}: {} ({})\n", calls.len(), calls.join(", "))
}

/// A line of the table about a change of rows.
fn cost_of_rows(world: &mut World, id: i64, what: &str, change: impl FnOnce(&mut Vec<InvoiceRow>)) -> String {
    cost(world, what, |kleer| kleer.edit_invoice(id, |invoice| change(&mut invoice.rows)))
}

#[test]
fn one_invoice_among_many_that_changes() {
    let (mut world, id) = in_sync();
    let world = &mut world;
    let table = [
        cost(world, "nothing", |_| {}),
        cost(world, "a reference", |kleer| kleer.edit_invoice(id, |invoice| invoice.your_reference = "Kim".into())),
        cost(world, "a part is paid", |kleer| kleer.pay_invoice(id, Some(1_000))),
        cost(world, "the rest is paid", |kleer| kleer.pay_invoice(id, None)),
        cost(world, "it is sent, which is not mapped", |kleer| kleer.send_invoice(id)),
        cost(world, "another client", |kleer| {
            let other = kleer.clients()[1].id;
            kleer.edit_invoice(id, |invoice| invoice.client_ref = other.into());
        }),
        cost(world, "it is deleted", |kleer| kleer.disable_invoice(id)),
        cost(world, "another one is credited", |kleer| {
            let first = kleer.invoices()[0].id;
            kleer.credit_invoice(first);
        }),
    ];
    assert_snapshot!(table.concat(), @"
    nothing: 0 ()
    a reference: 1 (invoices/update)
    a part is paid: 1 (invoices/update)
    the rest is paid: 1 (invoices/update)
    it is sent, which is not mapped: 0 ()
    another client: 2 (associations/invoices/companies/associate/default, associations/invoices/companies/archive)
    it is deleted: 1 (invoices/update)
    another one is credited: 1 (invoices/update)
    ");
}

#[test]
fn one_invoice_among_many_whose_rows_change() {
    let (mut world, id) = in_sync();
    let world = &mut world;
    let table = [
        cost_of_rows(world, id, "the text of a row", |rows| rows[0].description = "Utredning".into()),
        cost_of_rows(world, id, "the price of a row", |rows| rows[1].price = 250_000),
        cost_of_rows(world, id, "a row more at the end", |rows| rows.push(row("Drift", 400_000))),
        cost_of_rows(world, id, "a row more in the middle", |rows| rows.insert(1, row("Resa", 50_000))),
        cost_of_rows(world, id, "the last row less", |rows| rows.truncate(3)),
        cost_of_rows(world, id, "the first row less", |rows| {
            rows.remove(0);
        }),
        cost_of_rows(world, id, "in another order", |rows| rows.reverse()),
        cost_of_rows(world, id, "all rows others", |rows| *rows = vec![row("Nytt", 1_000), row("Mer", 2_000)]),
    ];
    assert_snapshot!(table.concat(), @"
    the text of a row: 1 (line_items/upsert)
    the price of a row: 2 (invoices/update, line_items/upsert)
    a row more at the end: 3 (invoices/update, line_items/upsert, associations/line_items/invoices/associate/default)
    a row more in the middle: 3 (invoices/update, line_items/upsert, associations/line_items/invoices/associate/default)
    the last row less: 2 (invoices/update, line_items/archive)
    the first row less: 3 (invoices/update, line_items/upsert, line_items/archive)
    in another order: 1 (line_items/upsert)
    all rows others: 2 (invoices/update, line_items/upsert)
    ");
}

#[test]
fn a_new_invoice_among_many() {
    let (mut world, _) = in_sync();
    world.kleer(|kleer| certified(kleer, INVOICES));
    let calls = asked_while(&mut world, |world| world.poll_now(ObjectType::Invoice));
    assert_snapshot!(calls.join("\n"), @"
    invoices/upsert
    line_items/upsert
    associations/invoices/companies/associate/default
    associations/line_items/invoices/associate/default
    invoices/update
    ");
}

/// How often each call was made, in the order of their names.
fn counted(calls: &[String]) -> String {
    let kinds: BTreeSet<&String> = calls.iter().collect();
    let count = |kind: &String| calls.iter().filter(|call| *call == kind).count();
    kinds.into_iter().map(|kind| format!("{} {kind}", count(kind))).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_first_sync_of_many_invoices() {
    let (mut world, _) = in_kleer();
    let calls = asked_while(&mut world, |world| {
        world.pass(minutes(2));
    });
    let about_invoices = |call: &&String| ["invoices", "line_items"].iter().any(|object| call.contains(object));
    let writes: Vec<String> =
        calls.iter().filter(about_invoices).filter(|call| !call.starts_with("properties")).cloned().collect();
    assert_snapshot!(counted(&writes), @"
    1 associations/invoices/companies/associate/default
    2 associations/line_items/invoices/associate/default
    3 invoices/update
    3 invoices/upsert
    6 line_items/upsert
    ");
}

#[test]
fn polls_that_find_nothing_ask_hubspot_nothing() {
    let (mut world, _) = in_sync();
    let calls = asked_while(&mut world, |world| {
        ObjectType::POLLED.into_iter().for_each(|object| world.poll_now(object));
        world.pass(minutes(31));
    });
    assert_eq!(calls, [""; 0]);
    for object in ObjectType::POLLED {
        let counts = world.report(object).counts;
        assert_eq!(counts.unchanged, counts.source, "{object}");
    }
}

/// The properties of all records of a type that were written after a moment, by whoever.
fn written_since(world: &World, hubspot_object: &str, since: Timestamp) -> Vec<String> {
    let records = world.records(hubspot_object);
    let written = records.iter().flat_map(|record| record.properties.iter().filter(|(_, stored)| stored.at > since));
    let names: BTreeSet<&String> = written.map(|(name, _)| name).collect();
    names.into_iter().cloned().collect()
}

/// A mapping more for a type, and the next run of invoices: its calls, and what was written.
fn with_another_mapping(
    world: &mut World,
    object: ObjectType,
    new: FieldMapping,
) -> (String, Vec<String>, Vec<String>) {
    let since = world.clock.now();
    world.settings(object, |settings| settings.mappings.push(new));
    let calls = asked_while(world, |world| {
        world.poll_now(ObjectType::Invoice);
        world.pass(minutes(1));
    });
    (counted(&calls), written_since(world, "invoices", since), written_since(world, "line_items", since))
}

#[test]
fn another_mapping_of_invoices_sends_that_property_a_hundred_records_at_a_time() {
    let (mut world, _) = in_sync();
    let new = mapping("notes", "kleer_notes");
    let (calls, invoices, line_items) = with_another_mapping(&mut world, ObjectType::Invoice, new);
    assert_snapshot!(calls, @"
    3 invoices/update
    3 properties/invoices
    1 properties/invoices/create
    1 properties/invoices/groups
    ");
    // That it is not billable is said with every write (contract product §5.4).
    assert_eq!(
        (invoices.join(" "), line_items.join(" ")),
        ("hs_invoice_billable kleer_notes".to_owned(), String::new())
    );
    assert_eq!(world.records("invoices")[299].get("kleer_notes"), Some("Anteckning 299"));
    let calls = asked_while(&mut world, |world| world.poll_now(ObjectType::Invoice));
    assert_eq!(calls, [""; 0], "the second run");
}

#[test]
fn another_default_of_invoices_sends_that_property() {
    let (mut world, _) = in_sync();
    let new = FieldMapping { default: Some("Kleer".into()), ..mapping("delivery-name", "kleer_place") };
    let (calls, invoices, _) = with_another_mapping(&mut world, ObjectType::Invoice, new);
    assert_snapshot!(calls, @"
    3 invoices/update
    3 properties/invoices
    1 properties/invoices/create
    1 properties/invoices/groups
    ");
    assert_eq!(invoices.join(" "), "hs_invoice_billable kleer_place");
}

#[test]
fn another_mapping_of_line_items_sends_that_property_alone() {
    let (mut world, _) = in_sync();
    let new = mapping("unit", "kleer_measure");
    let (calls, invoices, line_items) = with_another_mapping(&mut world, ObjectType::LineItem, new);
    assert_snapshot!(calls, @"
    6 line_items/upsert
    3 properties/line_items
    1 properties/line_items/create
    1 properties/line_items/groups
    ");
    // An upsert writes the id that it goes by (contract hubspot-crm §4).
    assert_eq!((invoices.join(" "), line_items.join(" ")), (String::new(), "kleer_id kleer_measure".to_owned()));
    assert_eq!(world.records("line_items")[599].get("kleer_measure"), Some("st"));
    let calls = asked_while(&mut world, |world| world.poll_now(ObjectType::Invoice));
    assert_eq!(calls, [""; 0], "the second run");
}

#[test]
fn a_mapping_that_is_removed_sends_nothing() {
    let (mut world, _) = in_sync();
    world.settings(ObjectType::Invoice, |settings| {
        settings.mappings.retain(|one| one.property != "kleer_your_reference");
    });
    world.settings(ObjectType::LineItem, |settings| settings.mappings.retain(|one| one.property != "kleer_unit"));
    let since = world.clock.now();
    let calls = asked_while(&mut world, |world| {
        world.poll_now(ObjectType::Invoice);
        world.pass(minutes(1));
    });
    let writes: Vec<&String> = calls.iter().filter(|call| !call.starts_with("properties")).collect();
    assert_eq!(writes, [""; 0]);
    assert_eq!(
        (written_since(&world, "invoices", since).len(), written_since(&world, "line_items", since).len()),
        (0, 0)
    );
}

/// Every World ends with a look at the alarms: one of them is enough to fail its story.
#[test]
#[should_panic(expected = "something chargeable was written")]
fn a_story_in_which_something_chargeable_is_written_fails() {
    let world = World::new();
    let chargeable = json!({ "properties": { "hs_currency": "SEK", "hs_invoice_billable": "true" } });
    admin::asks(&world, Method::POST, "/crm/objects/2026-09/invoices", &chargeable);
    world.clock.advance(hours(1));
}
