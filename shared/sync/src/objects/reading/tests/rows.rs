//! Rows as line items (contract kleer-api §7.3), by way of an invoice that has them.

use domain::ObjectType;
use serde_json::{Value, json};

use super::{document, read_all, told_row, unreadable};

/// The rows of an invoice as line items.
fn rows(rows: &[Value]) -> String {
    let invoice = json!({"id": 1, "certified": true, "remaining": 0, "rows": {"rows": rows}}).to_string();
    match read_all(ObjectType::Invoice, &document(&invoice)) {
        Ok(record) => record.rows.iter().map(told_row).collect::<Vec<_>>().join("\n"),
        Err(error) => unreadable(&error),
    }
}

/// A row with some members laid over it.
fn row(change: Value) -> Value {
    let mut row = json!({"quantity": 2, "price": 15_000});
    row.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
    row
}

#[test]
fn a_row_of_an_invoice() {
    let all = json!({"id": 7001, "quantity": 2.50, "price": 150_000, "vat": 0.25, "product": {"id": 5}, "unit": "h",
        "description": "Support", "account-nr": 3041, "project": {"id": 9}, "accruals": {}});
    let bare = json!({"quantity": 1, "price": 0});
    let empty =
        json!({"quantity": "1.0", "price": "7", "vat": null, "product": {"id": 0}, "unit": "", "description": ""});
    insta::assert_snapshot!(rows(&[all, bare, empty]), @r#"
    row-0 (product 5, once) account-nr: Number(3041), description: Text("Support"), price: Money(Money(150000)), product.id: Number(5), quantity: Number(2.5), unit: Text("h"), vat: Percentage(25.00)
    row-1 (no product, once) price: Money(Money(0)), quantity: Number(1)
    row-2 (no product, once) price: Money(Money(7)), quantity: Number(1.0)
    "#);
}

/// HubSpot takes no negative price: the sign moves to the quantity.
#[test]
fn a_negative_price_becomes_a_negative_quantity() {
    let check = |quantity: Value, price: Value| rows(&[json!({"quantity": quantity, "price": price})]);
    let lines = [
        check(json!(1), json!(-2_500)),
        check(json!(-3), json!(-2_500)),
        check(json!(-3), json!(2_500)),
        check(json!(0), json!(-50)),
        check(json!("0.5"), json!(-1)),
        check(json!(1), json!(i64::MIN)),
    ];
    insta::assert_snapshot!(lines.join("\n"), @r"
    row-0 (no product, once) price: Money(Money(2500)), quantity: Number(-1)
    row-0 (no product, once) price: Money(Money(2500)), quantity: Number(3)
    row-0 (no product, once) price: Money(Money(2500)), quantity: Number(-3)
    row-0 (no product, once) price: Money(Money(50)), quantity: Number(-0)
    row-0 (no product, once) price: Money(Money(1)), quantity: Number(-0.5)
    row-0 (no product, once) price: Money(Money(9223372036854775807)), quantity: Number(-1)
    ");
}

/// Kleer's discount is for the row in minor units, HubSpot's for each in major units (design §3 Money).
#[test]
fn an_amount_off() {
    let check = |quantity: Value, price: i64, off: i64| {
        rows(&[json!({"quantity": quantity, "price": price, "discount": {"absolute": off}})])
    };
    let lines = [
        check(json!(1), 15_000, 2_500),
        check(json!(2), 15_000, 2_500),
        check(json!(3), 15_000, 10_000),
        check(json!("0.5"), 15_000, 2_500),
        check(json!(2), 15_000, -2_500),
        // 1 × -100.00 - 25.00 is -1 × (100.00 + 25.00).
        check(json!(1), -10_000, 2_500),
        // Nothing to take it off from.
        check(json!(0), 15_000, 2_500),
        check(json!(2), 15_000, 0),
    ];
    insta::assert_snapshot!(lines.join("\n"), @r"
    row-0 (no product, once) discount.absolute: Number(25), price: Money(Money(15000)), quantity: Number(1)
    row-0 (no product, once) discount.absolute: Number(12.5), price: Money(Money(15000)), quantity: Number(2)
    row-0 (no product, once) discount.absolute: Number(33.333333), price: Money(Money(15000)), quantity: Number(3)
    row-0 (no product, once) discount.absolute: Number(50), price: Money(Money(15000)), quantity: Number(0.5)
    row-0 (no product, once) discount.absolute: Number(-12.5), price: Money(Money(15000)), quantity: Number(2)
    row-0 (no product, once) discount.absolute: Number(-25), price: Money(Money(10000)), quantity: Number(-1)
    row-0 (no product, once) price: Money(Money(15000)), quantity: Number(0)
    row-0 (no product, once) price: Money(Money(15000)), quantity: Number(2)
    ");
}

/// A fraction up to 1, a percentage above.
#[test]
fn a_percentage_off() {
    let check = |percentage: Value| rows(&[row(json!({"discount": {"percentage": percentage}}))]);
    let lines =
        [json!(0.1), json!(0.125), json!(1), json!(1.5), json!(10), json!(100), json!("33.3"), json!(0), json!(-0.1)];
    insta::assert_snapshot!(lines.map(check).join("\n"), @r"
    row-0 (no product, once) discount.percentage: Percentage(10.0), price: Money(Money(15000)), quantity: Number(2)
    row-0 (no product, once) discount.percentage: Percentage(12.500), price: Money(Money(15000)), quantity: Number(2)
    row-0 (no product, once) discount.percentage: Percentage(100), price: Money(Money(15000)), quantity: Number(2)
    row-0 (no product, once) discount.percentage: Percentage(1.500), price: Money(Money(15000)), quantity: Number(2)
    row-0 (no product, once) discount.percentage: Percentage(10.00), price: Money(Money(15000)), quantity: Number(2)
    row-0 (no product, once) discount.percentage: Percentage(100), price: Money(Money(15000)), quantity: Number(2)
    row-0 (no product, once) discount.percentage: Percentage(33.300), price: Money(Money(15000)), quantity: Number(2)
    row-0 (no product, once) price: Money(Money(15000)), quantity: Number(2)
    row-0 (no product, once) discount.percentage: Percentage(-10.0), price: Money(Money(15000)), quantity: Number(2)
    ");
}

#[test]
fn rates_of_vat() {
    let check = |vat: Value| rows(&[row(json!({"vat": vat}))]);
    let lines = [json!(0.25), json!(0.12), json!(0.06), json!(0), json!(1), json!(1.01), json!(25), json!(null)];
    insta::assert_snapshot!(lines.map(check).join("\n"), @r"
    row-0 (no product, once) price: Money(Money(15000)), quantity: Number(2), vat: Percentage(25.00)
    row-0 (no product, once) price: Money(Money(15000)), quantity: Number(2), vat: Percentage(12.00)
    row-0 (no product, once) price: Money(Money(15000)), quantity: Number(2), vat: Percentage(6.00)
    row-0 (no product, once) price: Money(Money(15000)), quantity: Number(2), vat: Percentage(0)
    row-0 (no product, once) price: Money(Money(15000)), quantity: Number(2), vat: Percentage(100)
    row-0 (no product, once) price: Money(Money(15000)), quantity: Number(2), vat: Percentage(1.01)
    row-0 (no product, once) price: Money(Money(15000)), quantity: Number(2), vat: Percentage(25)
    row-0 (no product, once) price: Money(Money(15000)), quantity: Number(2)
    ");
}

#[test]
fn products_however_they_are_named() {
    let check = |product: Value| rows(&[row(json!({"product": product}))]);
    let lines =
        [json!({"id": 5}), json!({"id": {"id": 5}}), json!({"id": 0}), json!({}), json!(null), json!({"id": "five"})];
    insta::assert_snapshot!(lines.map(check).join("\n"), @r#"
    row-0 (product 5, once) price: Money(Money(15000)), product.id: Number(5), quantity: Number(2)
    row-0 (product 5, once) price: Money(Money(15000)), product.id: Number(5), quantity: Number(2)
    row-0 (no product, once) price: Money(Money(15000)), quantity: Number(2)
    row-0 (no product, once) price: Money(Money(15000)), quantity: Number(2)
    row-0 (no product, once) price: Money(Money(15000)), quantity: Number(2)
    Some(KleerId(1)) [rows[0].product.id] it should be a reference by id, but holds `"five"`
    "#);
}

/// What cannot be read of a row names the row.
#[test]
fn the_place_of_what_is_wrong() {
    let third = |wrong: Value| rows(&[row(json!({})), row(json!({})), wrong]);
    let lines = [
        third(row(json!({"discount": {"absolute": 100, "percentage": 0.1}}))),
        third(row(json!({"discount": {"absolute": "x"}}))),
        third(row(json!({"discount": 10}))),
        third(row(json!({"quantity": null}))),
        third(row(json!({"price": 1.5}))),
        third(row(json!({"vat": "high"}))),
        third(row(json!({"account-nr": "x"}))),
        third(row(json!({"product": "Support"}))),
        third(json!(7)),
    ];
    insta::assert_snapshot!(lines.join("\n"), @r#"
    Some(KleerId(1)) [rows[2].discount] it should be either an amount or a percentage, but holds `100 and 0.1`
    Some(KleerId(1)) [rows[2].discount.absolute] it should be an amount in whole minor units, but holds `"x"`
    Some(KleerId(1)) [rows[2].discount.absolute] it should be inside an object, but holds `10`
    Some(KleerId(1)) [rows[2].quantity] it should be a number, but holds `nothing`
    Some(KleerId(1)) [rows[2].price] it should be an amount in whole minor units, but holds `1.5`
    Some(KleerId(1)) [rows[2].vat] it should be a number, but holds `"high"`
    Some(KleerId(1)) [rows[2].account-nr] it should be a whole number, but holds `"x"`
    Some(KleerId(1)) [rows[2].product.id] it should be inside an object, but holds `"Support"`
    Some(KleerId(1)) [rows[2]] it should be an object, but holds `7`
    "#);
}

#[test]
fn fields_of_rows_that_nobody_maps_are_not_read() {
    let wrong = row(json!({"vat": "high", "account-nr": "x", "unit": ["h"], "description": "Support"}));
    let invoice = document(&json!({"id": 1, "certified": true, "rows": [wrong]}).to_string());
    let reader = super::Reader {
        object: ObjectType::Invoice,
        fields: Vec::new(),
        row_fields: crate::objects::spec(ObjectType::LineItem).field("description").into_iter().collect(),
        today: super::TODAY,
        window_from: None,
    };
    insta::assert_snapshot!(told_row(&reader.read(&invoice).unwrap().rows[0]), @r#"row-0 (no product, once) description: Text("Support"), price: Money(Money(15000)), quantity: Number(2)"#);
}
