//! Line items are switched off for a while.

use super::*;

#[test]
fn a_discount_that_went_while_line_items_were_off_is_taken_back_when_they_are_on_again() {
    let discount = Some(Discount::Percentage("0.15".parse().unwrap()));
    let (mut world, id) = in_sync(vec![InvoiceRow { discount, ..row("Konsulttid", 100_000) }]);
    let shown = ["quantity", "price", "hs_discount_percentage", "amount"];
    assert_snapshot!(lines(&world, &shown), @"1004-row-0 | 1 | 1000 | 15 | 850");
    world.settings(ObjectType::LineItem, |settings| settings.enabled = false);
    change_rows(&mut world, id, |rows| (rows[0].discount, rows[0].price) = (None, 200_000));
    world.settings(ObjectType::LineItem, |settings| settings.enabled = true);
    world.pass(minutes(30));
    assert_snapshot!(lines(&world, &shown), @"1004-row-0 | 1 | 2000 | - | 2000");
    let before = world.writes();
    world.pass(hours(2));
    assert_eq!(world.writes(), before, "the second run wrote");
}
