//! Rows with a negative price, which are everyday in Sweden and which HubSpot does not take as they are.

use domain::Counts;
use insta::assert_snapshot;

use super::{SHOWN, World, certified, change_rows, counted, in_sync, invoicing, lines, problems, row, sums};
use crate::minutes;

/// Work, a discount, and what rounds the sum.
fn with_discount() -> Vec<kleer_sim::InvoiceRow> {
    vec![row("Arbete", 100_040), row("Rabatt", -10_000), row("Öresavrundning", -40)]
}

/// From now on HubSpot takes no negative quantity.
fn refuses(world: &World, refuses: bool) {
    world.pretend.hubspot.switch(4242, |switches| switches.negative_quantity_refused = refuses);
}

#[test]
fn a_negative_price_becomes_a_negative_quantity() {
    let (mut world, id) = in_sync(with_discount());
    assert_snapshot!(lines(&world, &SHOWN), @"
    1004-row-0 | Arbete | 1 | 1000.4 | 1000.4
    1004-row-1 | Rabatt | -1 | 100 | -100
    1004-row-2 | Öresavrundning | -1 | 0.4 | -0.4
    ");
    assert_snapshot!(sums(&world), @"billed 900, total 1125, 3 rows");
    assert_snapshot!(problems(&world), @"");
    change_rows(&mut world, id, |rows| rows[1].quantity = "-2".parse().unwrap());
    assert_snapshot!(lines(&world, &SHOWN), @"
    1004-row-0 | Arbete | 1 | 1000.4 | 1000.4
    1004-row-1 | Rabatt | 2 | 100 | 200
    1004-row-2 | Öresavrundning | -1 | 0.4 | -0.4
    ");
}

#[test]
fn a_row_that_hubspot_does_not_take_is_left_out_and_told() {
    let mut world = invoicing();
    refuses(&world, true);
    let id = certified(&world, with_discount());
    certified(&world, vec![row("Frakt", 5_000)]);
    world.pass(minutes(1));
    assert_snapshot!(lines(&world, &SHOWN), @"
    1004-row-0 | Arbete | 1 | 1000.4 | 1000.4
    1006-row-0 | Frakt | 1 | 50 | 50
    ");
    assert_snapshot!(sums(&world), @"billed 1000.4, total 1125, 1 rows");
    assert_snapshot!(super::super::invoices::states(&world, &[id]), @"1004 in_sync");
    assert_snapshot!(world.table("invoices", &["hs_invoice_status", "kleer_total_amount"]), @"
    1004 | open | 1125
    1006 | open | 62.5
    ");
    assert_snapshot!(problems(&world), @r#"1004 RowLeftOut: HubSpot does not take 2 rows (row-1: HubSpot refused the value of "quantity": quantity cannot be negative.; row-2: HubSpot refused the value of "quantity": quantity cannot be negative.). Nothing has to be done: the record and its total are right, only these line items are missing."#);
    assert_eq!(counted(&world), Counts { source: 4, created: 2, excluded: 2, ..Counts::default() });
}

#[test]
fn what_was_left_out_is_not_tried_again_at_every_poll() {
    let mut world = invoicing();
    refuses(&world, true);
    let id = certified(&world, with_discount());
    world.pass(minutes(1));
    let before = (world.writes(), problems(&world));
    world.pass(minutes(60));
    assert_eq!((world.writes(), problems(&world)), before);
    assert_eq!(world.report(domain::ObjectType::Invoice).counts.unchanged, 1);
    // Another change of the invoice does not disturb it.
    world.kleer(|kleer| kleer.pay_invoice(id, None));
    world.pass(minutes(30));
    assert_snapshot!(world.table("invoices", &["hs_invoice_status", "kleer_total_amount"]), @"1004 | paid | 1125");
    assert_eq!(problems(&world), before.1);
    // And when it is no longer negative, everything is there and nothing is told.
    change_rows(&mut world, id, |rows| rows[1].price = 10_000);
    refuses(&world, false);
    change_rows(&mut world, id, |rows| rows[0].price = 100_000);
    assert_snapshot!(lines(&world, &SHOWN), @"
    1004-row-0 | Arbete | 1 | 1000 | 1000
    1004-row-1 | Rabatt | 1 | 100 | 100
    1004-row-2 | Öresavrundning | -1 | 0.4 | -0.4
    ");
    assert_snapshot!(problems(&world), @"");
}

#[test]
fn a_row_that_turns_negative_takes_its_line_item_away() {
    let (mut world, id) = in_sync(vec![row("Arbete", 100_000), row("Justering", 5_000)]);
    refuses(&world, true);
    change_rows(&mut world, id, |rows| rows[1].price = -5_000);
    assert_snapshot!(lines(&world, &SHOWN), @"1004-row-0 | Arbete | 1 | 1000 | 1000");
    assert_snapshot!(sums(&world), @"billed 1000, total 1187.5, 1 rows");
    assert_snapshot!(problems(&world), @r#"1004 RowLeftOut: HubSpot does not take 1 row (row-1: HubSpot refused the value of "quantity": quantity cannot be negative.). Nothing has to be done: the record and its total are right, only these line items are missing."#);
}
