//! Rows of invoices: the line items of HubSpot's invoices.

mod left_out;
mod unmapped;

use domain::{Counts, ObjectType};
use insta::assert_snapshot;
use kleer_sim::{Discount, Invoice, InvoiceRow};
use local::pretend::PORTAL;

use super::invoices::{invoicing, row};
use super::{World, hours, mapping, minutes, product};

/// What the stories look at of a line item.
const SHOWN: [&str; 4] = ["name", "quantity", "price", "amount"];

/// A certified invoice with these rows. Returns its id.
fn certified(world: &World, rows: Vec<InvoiceRow>) -> i64 {
    world.kleer(|kleer| {
        let client_ref = kleer.clients()[0].id.into();
        let id = kleer.add_invoice(Invoice { client_ref, rows, ..Invoice::default() });
        kleer.certify_invoice(id);
        id
    })
}

/// A World whose one invoice has these rows, in sync, and the invoice's id.
fn in_sync(rows: Vec<InvoiceRow>) -> (World, i64) {
    let mut world = invoicing();
    let id = certified(&world, rows);
    world.pass(minutes(1));
    (world, id)
}

/// A user of Kleer changes the rows of an invoice, and its next poll comes.
fn change_rows(world: &mut World, id: i64, change: impl FnOnce(&mut Vec<InvoiceRow>)) {
    world.kleer(|kleer| kleer.edit_invoice(id, |invoice| change(&mut invoice.rows)));
    world.pass(minutes(30));
}

/// A line per line item: its id of ours and the properties named.
fn lines(world: &World, properties: &[&str]) -> String {
    world.table("line_items", properties)
}

/// What HubSpot sums up of its only invoice, what Kleer does, and how many line items are its own.
fn sums(world: &World) -> String {
    let invoice = &world.records("invoices")[0];
    let own = world.pretend.hubspot.associations(PORTAL.unsigned_abs(), "invoices", invoice.id, "line_items");
    let (billed, total) = (invoice.get("hs_amount_billed"), invoice.get("kleer_total_amount"));
    format!("billed {}, total {}, {} rows", billed.unwrap_or("-"), total.unwrap_or("-"), own.len())
}

/// What became of the rows at the last run.
fn counted(world: &World) -> Counts {
    world.report(ObjectType::Invoice).line_items
}

/// Where the only invoice stands.
fn states(world: &World) -> String {
    super::invoices::states(world, &[world.kleer(|kleer| kleer.invoices()[0].id)])
}

fn problems(world: &World) -> String {
    world.problems(ObjectType::Invoice)
}

fn three_rows() -> Vec<InvoiceRow> {
    vec![row("Analys", 100_000), row("Bygge", 200_000), row("Drift", 400_000)]
}

/// A row in which every field says something.
fn full_row(product: i64) -> InvoiceRow {
    InvoiceRow {
        quantity: "7.5".parse().unwrap(),
        product: product.into(),
        unit: "tim".into(),
        account_nr: 3041,
        vat: "0.06".parse().unwrap(),
        discount: Some(Discount::Percentage("0.1".parse().unwrap())),
        ..row("Konsulttimmar", 95_050)
    }
}

#[test]
fn rows_appear_with_every_default_mapping() {
    let mut world = invoicing();
    let product = world.kleer(|kleer| kleer.add_product(product("Timme", 100_000)));
    certified(&world, vec![full_row(product), row("Resa", 50_000)]);
    world.pass(minutes(1));
    assert_snapshot!(lines(&world, &SHOWN), @"
    1004-row-0 | Konsulttimmar | 7.5 | 950.5 | 6415.875
    1004-row-1 | Resa | 1 | 500 | 500
    ");
    let others = ["hs_discount_percentage", "hs_product_id", "kleer_unit", "kleer_vat_rate", "kleer_account_number"];
    assert_snapshot!(lines(&world, &others), @"
    1004-row-0 | 10 | 9001 | tim | 6 | 3041
    1004-row-1 | - | - | st | 25 | 3001
    ");
    assert_eq!(world.records("products")[0].id, 9001);
    assert_snapshot!(sums(&world), @"billed 6915.875, total 7425.83, 2 rows");
    assert_eq!(counted(&world), Counts { source: 2, created: 2, ..Counts::default() });
}

#[test]
fn with_line_items_switched_off_rows_have_name_quantity_and_price() {
    let mut world = invoicing();
    world.settings(ObjectType::LineItem, |settings| settings.enabled = false);
    let product = world.kleer(|kleer| kleer.add_product(product("Timme", 100_000)));
    certified(&world, vec![full_row(product)]);
    world.pass(minutes(1));
    let others =
        ["name", "quantity", "price", "hs_discount_percentage", "hs_product_id", "kleer_unit", "kleer_vat_rate"];
    assert_snapshot!(lines(&world, &others), @"1004-row-0 | Konsulttimmar | 7.5 | 950.5 | - | - | - | -");
    world.settings(ObjectType::LineItem, |settings| settings.enabled = true);
    world.pass(minutes(30));
    assert_snapshot!(lines(&world, &others), @"1004-row-0 | Konsulttimmar | 7.5 | 950.5 | 10 | 9001 | tim | 6");
    assert_eq!(counted(&world), Counts { source: 1, updated: 1, ..Counts::default() });
    // Off again: what is there stays, and only the three are written.
    world.settings(ObjectType::LineItem, |settings| settings.enabled = false);
    let id = world.kleer(|kleer| kleer.invoices()[0].id);
    change_rows(&mut world, id, |rows| {
        rows[0].unit = "dag".into();
        rows[0].price = 100_000;
    });
    assert_snapshot!(lines(&world, &others), @"1004-row-0 | Konsulttimmar | 7.5 | 1000 | 10 | 9001 | tim | 6");
}

#[test]
fn a_row_in_the_middle() {
    let (mut world, id) = in_sync(three_rows());
    assert_snapshot!(sums(&world), @"billed 7000, total 8750, 3 rows");
    change_rows(&mut world, id, |rows| rows.insert(1, row("Byte", 50_000)));
    assert_snapshot!(lines(&world, &SHOWN), @"
    1004-row-0 | Analys | 1 | 1000 | 1000
    1004-row-1 | Byte | 1 | 500 | 500
    1004-row-2 | Bygge | 1 | 2000 | 2000
    1004-row-3 | Drift | 1 | 4000 | 4000
    ");
    assert_snapshot!(sums(&world), @"billed 7500, total 9375, 4 rows");
    assert_eq!(counted(&world), Counts { source: 4, created: 1, updated: 2, unchanged: 1, ..Counts::default() });
}

#[test]
fn a_row_that_is_taken_out() {
    let (mut world, id) = in_sync(three_rows());
    change_rows(&mut world, id, |rows| drop(rows.remove(0)));
    assert_snapshot!(lines(&world, &SHOWN), @"
    1004-row-0 | Bygge | 1 | 2000 | 2000
    1004-row-1 | Drift | 1 | 4000 | 4000
    ");
    assert_snapshot!(sums(&world), @"billed 6000, total 7500, 2 rows");
    // What vanished is deleted in HubSpot, not left without a parent.
    let third = world.pretend.hubspot.record(PORTAL.unsigned_abs(), "line_items", 9003).unwrap();
    assert!(!third.is_live());
    let before = world.writes();
    world.pass(minutes(30));
    assert_eq!(world.writes(), before);
}

#[test]
fn a_row_is_taken_out_whose_line_item_a_user_deleted_before() {
    let (mut world, id) = in_sync(three_rows());
    assert!(world.pretend.hubspot.person_deletes(PORTAL.unsigned_abs(), "line_items", 9003));
    change_rows(&mut world, id, |rows| drop(rows.remove(2)));
    assert_snapshot!(sums(&world), @"billed 3000, total 3750, 2 rows");
    assert_snapshot!(problems(&world), @"");
    assert_snapshot!(states(&world), @"1004 in_sync");
}

#[test]
fn rows_in_another_order() {
    let (mut world, id) = in_sync(three_rows());
    change_rows(&mut world, id, |rows| rows.reverse());
    assert_snapshot!(lines(&world, &SHOWN), @"
    1004-row-0 | Drift | 1 | 4000 | 4000
    1004-row-1 | Bygge | 1 | 2000 | 2000
    1004-row-2 | Analys | 1 | 1000 | 1000
    ");
    assert_snapshot!(sums(&world), @"billed 7000, total 8750, 3 rows");
    assert_eq!(counted(&world), Counts { source: 3, updated: 2, unchanged: 1, ..Counts::default() });
}

#[test]
fn a_row_that_changes_sends_only_that_row() {
    let (mut world, id) = in_sync(three_rows());
    let before = world.hubspot_calls().requests;
    change_rows(&mut world, id, |rows| rows[1].price = 250_050);
    assert_snapshot!(lines(&world, &SHOWN), @"
    1004-row-0 | Analys | 1 | 1000 | 1000
    1004-row-1 | Bygge | 1 | 2500.5 | 2500.5
    1004-row-2 | Drift | 1 | 4000 | 4000
    ");
    assert_snapshot!(sums(&world), @"billed 7500.5, total 9375.63, 3 rows");
    assert_eq!(counted(&world), Counts { source: 3, updated: 1, unchanged: 2, ..Counts::default() });
    let after = world.hubspot_calls().requests;
    let calls = [after.batch_update - before.batch_update, after.batch_upsert - before.batch_upsert];
    assert_eq!((calls, after.associate - before.associate, after.other - before.other), ([1, 1], 0, 0));
}

#[test]
fn a_row_that_only_its_text_changes() {
    let (mut world, id) = in_sync(three_rows());
    change_rows(&mut world, id, |rows| rows[2].description = "Drift och underhåll".into());
    assert_snapshot!(lines(&world, &["name", "price"]), @"
    1004-row-0 | Analys | 1000
    1004-row-1 | Bygge | 2000
    1004-row-2 | Drift och underhåll | 4000
    ");
}

#[test]
fn all_rows_are_others() {
    let (mut world, id) = in_sync(three_rows());
    change_rows(&mut world, id, |rows| *rows = vec![row("Fast pris", 900_000)]);
    assert_snapshot!(lines(&world, &SHOWN), @"1004-row-0 | Fast pris | 1 | 9000 | 9000");
    assert_snapshot!(sums(&world), @"billed 9000, total 11250, 1 rows");
    assert_snapshot!(problems(&world), @"");
}

#[test]
fn a_discount_of_the_row_is_one_of_each_unit_in_hubspot() {
    let quantity = |text: &str| text.parse().unwrap();
    let absolute = |cents, count| InvoiceRow {
        quantity: quantity(count),
        discount: Some(Discount::Absolute(cents)),
        ..row("Licens", 10_000)
    };
    let percent = InvoiceRow {
        quantity: quantity("3"),
        discount: Some(Discount::Percentage(quantity("0.125"))),
        ..row("Licens", 10_000)
    };
    let (mut world, id) = in_sync(vec![absolute(5_000, "2"), absolute(1_000, "3"), percent]);
    let shown = ["quantity", "price", "discount", "hs_discount_percentage", "amount"];
    assert_snapshot!(lines(&world, &shown), @"
    1004-row-0 | 2 | 100 | 25 | - | 150
    1004-row-1 | 3 | 100 | 3.333333 | - | 290.000001
    1004-row-2 | 3 | 100 | - | 12.5 | 262.5
    ");
    assert_snapshot!(sums(&world), @"billed 702.500001, total 878.13, 3 rows");
    // One kind of discount takes the place of the other.
    change_rows(&mut world, id, |rows| rows.reverse());
    assert_snapshot!(lines(&world, &shown), @"
    1004-row-0 | 3 | 100 | - | 12.5 | 262.5
    1004-row-1 | 3 | 100 | 3.333333 | - | 290.000001
    1004-row-2 | 2 | 100 | 25 | - | 150
    ");
}

#[test]
fn a_row_that_says_nothing_has_a_dash_for_a_name() {
    let (mut world, id) = in_sync(vec![row("", 10_000), row("Frakt", 5_000)]);
    assert_snapshot!(lines(&world, &SHOWN), @"
    1004-row-0 | – | 1 | 100 | 100
    1004-row-1 | Frakt | 1 | 50 | 50
    ");
    change_rows(&mut world, id, |rows| rows[1].description.clear());
    assert_snapshot!(lines(&world, &["name"]), @"
    1004-row-0 | –
    1004-row-1 | –
    ");
}

#[test]
fn a_row_without_a_product_names_none() {
    let mut world = invoicing();
    let product = world.kleer(|kleer| kleer.add_product(product("Timme", 100_000)));
    let id = certified(
        &world,
        vec![row("Fritext", 10_000), InvoiceRow { product: product.into(), ..row("Timmar", 90_000) }],
    );
    world.pass(minutes(1));
    assert_snapshot!(lines(&world, &["name", "hs_product_id"]), @"
    1004-row-0 | Fritext | -
    1004-row-1 | Timmar | 9001
    ");
    // The row that names one takes the place of the row that does not, and the other way round.
    change_rows(&mut world, id, |rows| rows.swap(0, 1));
    assert_snapshot!(lines(&world, &["name", "hs_product_id"]), @"
    1004-row-0 | Timmar | 9001
    1004-row-1 | Fritext | -
    ");
}

#[test]
fn a_row_waits_for_its_product_and_is_completed_by_itself() {
    let mut world = invoicing();
    world.kleer(|kleer| kleer.add_product(product("Timme", 100_000)));
    world.pass(hours(1));
    let late = world.kleer(|kleer| kleer.add_product(product("Licens", 50_000)));
    certified(&world, vec![InvoiceRow { product: late.into(), ..row("Licens", 50_000) }]);
    world.pretend.kleer.forget_requests();
    world.poll_now(ObjectType::Invoice);
    // It is there without the product, says that it waits, and the products are asked for before tomorrow.
    assert_snapshot!(lines(&world, &["name", "hs_product_id", "amount"]), @"1004-row-0 | Licens | - | 500");
    assert_eq!(world.report(ObjectType::Invoice).counts.waiting, 1);
    assert_eq!(world.report(ObjectType::Product).counts.source, 2);
    assert_eq!(world.pretend.kleer.counters().of("GET", "/v1/company/{company}/product"), 1);
    world.pass(minutes(30));
    assert_snapshot!(lines(&world, &["name", "hs_product_id", "amount"]), @"1004-row-0 | Licens | 9002 | 500");
    assert_eq!((world.records("products")[1].id, world.records("products")[1].get("name")), (9002, Some("Licens")));
    assert_eq!(world.report(ObjectType::Invoice).counts.waiting, 0);
    assert_snapshot!(problems(&world), @"");
}

#[test]
fn a_product_that_never_comes_is_waited_for_in_peace() {
    let (mut world, _) = in_sync(vec![InvoiceRow { product: 4_711.into(), ..row("Licens", 50_000) }]);
    assert_eq!(world.report(ObjectType::Invoice).counts.waiting, 1);
    let before = world.writes();
    world.pretend.kleer.forget_requests();
    world.pass(hours(2));
    assert_eq!(world.writes(), before);
    assert_eq!(world.report(ObjectType::Invoice).counts.waiting, 1);
    assert_snapshot!(states(&world), @"1004 waiting");
    // At most once for each poll of invoices.
    assert_eq!(world.pretend.kleer.counters().of("GET", "/v1/company/{company}/product"), 4);
}

#[test]
fn a_line_item_that_a_user_deleted_comes_back_when_its_row_changes() {
    let (mut world, id) = in_sync(three_rows());
    assert!(world.pretend.hubspot.person_deletes(PORTAL.unsigned_abs(), "line_items", 9002));
    world.pass(minutes(30));
    assert_snapshot!(sums(&world), @"billed 5000, total 8750, 2 rows");
    change_rows(&mut world, id, |rows| rows[1].price = 210_000);
    assert_snapshot!(lines(&world, &SHOWN), @"
    1004-row-0 | Analys | 1 | 1000 | 1000
    1004-row-2 | Drift | 1 | 4000 | 4000
    1004-row-1 | Bygge | 1 | 2100 | 2100
    ");
    assert_snapshot!(sums(&world), @"billed 7100, total 8875, 3 rows");
    assert_snapshot!(problems(&world), @"");
}

#[test]
fn a_line_item_that_comes_back_has_all_of_its_row() {
    let mut world = invoicing();
    let product = world.kleer(|kleer| kleer.add_product(product("Timme", 100_000)));
    let id = certified(&world, vec![full_row(product)]);
    world.pass(minutes(1));
    assert!(world.pretend.hubspot.person_deletes(PORTAL.unsigned_abs(), "line_items", 9001));
    change_rows(&mut world, id, |rows| rows[0].unit = "dag".into());
    let shown = ["name", "quantity", "price", "hs_discount_percentage", "hs_product_id", "kleer_unit"];
    assert_snapshot!(lines(&world, &shown), @"1004-row-0 | Konsulttimmar | 7.5 | 950.5 | 10 | 9001 | dag");
    assert_snapshot!(sums(&world), @"billed 6415.875, total 6800.83, 1 rows");
    assert_eq!(counted(&world), Counts { source: 1, updated: 1, ..Counts::default() });
}

#[test]
fn a_field_of_rows_that_is_mapped_to_another_property() {
    let (mut world, _) = in_sync(vec![full_row(0)]);
    world.settings(ObjectType::LineItem, |settings| {
        settings.mappings.retain(|mapping| !matches!(mapping.property.as_str(), "name" | "kleer_unit"));
        settings.mappings.push(mapping("description", "description"));
        settings.mappings.push(mapping("unit", "kleer_measure"));
        settings.mappings.push(mapping("account-nr", "name"));
    });
    let before = world.hubspot_calls().requests;
    world.pass(minutes(30));
    let shown = ["name", "description", "kleer_measure", "kleer_unit", "quantity", "price"];
    assert_snapshot!(lines(&world, &shown), @"1004-row-0 | 3041 | Konsulttimmar | tim | tim | 7.5 | 950.5");
    let after = world.hubspot_calls().requests;
    assert_eq!((after.batch_upsert - before.batch_upsert, after.batch_update - before.batch_update), (1, 0));
    let property = world.pretend.hubspot.property(PORTAL.unsigned_abs(), "line_items", "kleer_measure").unwrap();
    assert_eq!((property.label.as_str(), property.data_type.as_str()), ("Unit", "string"));
}

#[test]
fn an_invoice_with_250_rows() {
    let numbered = |number: i64| row(&format!("Rad {number}"), number * 100);
    let (mut world, id) = in_sync((1..=250).map(numbered).collect());
    assert_eq!(world.records("line_items").len(), 250);
    assert_snapshot!(sums(&world), @"billed 31375, total 39218.75, 250 rows");
    assert_eq!(counted(&world), Counts { source: 250, created: 250, ..Counts::default() });
    let before = world.hubspot_calls().requests;
    change_rows(&mut world, id, |rows| rows[199].price = 0);
    assert_eq!(counted(&world), Counts { source: 250, updated: 1, unchanged: 249, ..Counts::default() });
    assert_eq!(world.hubspot_calls().requests.batch_upsert - before.batch_upsert, 1);
    change_rows(&mut world, id, |rows| drop(rows.remove(0)));
    assert_eq!(world.records("line_items").len(), 249);
    assert_snapshot!(sums(&world), @"billed 31174, total 38967.5, 249 rows");
}

#[test]
fn line_items_have_no_plan_of_their_own() {
    let world = World::whole();
    let plan = |object| world.clock.run(sync::preview(world.app(), domain::PortalId(4242), object));
    assert_snapshot!(plan(ObjectType::LineItem).unwrap_err(), @"line items have no plan of their own, they go with the invoices and agreements that have them: plan one of those (--object invoice, --object agreement)");
    assert!(plan(ObjectType::Invoice).is_ok());
}
