use insta::assert_snapshot;

use super::{Row, RowSet};
use crate::tests::document;

const SETS: [RowSet; 3] = [RowSet::Invoice, RowSet::FirstInvoice, RowSet::Recurring];

/// The rows of each set, as they are read.
fn check(record: &str) -> String {
    let record = document(record);
    let sets = SETS.map(|set| match record.rows(set) {
        Ok(rows) => format!("{}: [{}]", set.member(), rows.iter().map(told).collect::<Vec<_>>().join(", ")),
        Err(error) => error.to_string(),
    });
    sets.join("\n")
}

fn told(row: &Row) -> String {
    let read = || -> Result<String, crate::FieldError> {
        let text = row.document().text("description")?.unwrap_or_default();
        Ok(format!("{text} {} × {} - {:?}", row.quantity()?, row.price()?, row.discount()?))
    };
    read().unwrap_or_else(|error| error.to_string())
}

#[test]
fn rows_of_records() {
    assert_snapshot!(
        check(r#"{"rows":{"rows":[{"id":1,"quantity":-1.50,"price":150000,"description":"A"},{"quantity":"2","price":"7"}]}}"#),
        @"
    rows: [A -1.50 × 150000 - None,  2 × 7 - None]
    first-invoice-rows: []
    recurring-rows: []
    "
    );
    assert_snapshot!(
        check(
            r#"{"first-invoice-rows":{},"rows":null,
                "recurring-rows":{"rows":[{"quantity":1,"price":100,"discount":{"percentage":0.1},"description":"Support"}]}}"#
        ),
        @"
    rows: []
    first-invoice-rows: []
    recurring-rows: [Support 1 × 100 - Fraction(0.1)]
    "
    );
}

#[test]
fn errors_say_where() {
    assert_snapshot!(
        check(
            r#"{"rows":[{"quantity":1},{"price":1},{"quantity":1,"price":1.5},{"quantity":"många","price":1},
                {"quantity":1,"price":1,"discount":{"absolute":"x"}}],
                "first-invoice-rows":{"rows":[{"quantity":1,"price":1},7]},"recurring-rows":"x"}"#
        ),
        @r#"
    rows: [the field `rows[0].price` should be an amount in whole minor units, but holds `nothing`, the field `rows[1].quantity` should be a number, but holds `nothing`, the field `rows[2].price` should be an amount in whole minor units, but holds `1.5`, the field `rows[3].quantity` should be a number, but holds `"många"`, the field `rows[4].discount.absolute` should be an amount in whole minor units, but holds `"x"`]
    the field `first-invoice-rows[1]` should be an object, but holds `7`
    the field `recurring-rows` should be an array, but holds `"x"`
    "#
    );
}

#[test]
fn discounts() {
    let discounts = [
        "null",
        "{}",
        r#"{"absolute":2500}"#,
        r#"{"absolute":-2500,"percentage":null}"#,
        r#"{"absolute":0,"percentage":0.125}"#,
        r#"{"absolute":0,"percentage":0}"#,
        r#"{"percentage":0.10}"#,
        r#"{"percentage":1}"#,
        r#"{"percentage":1.5}"#,
        r#"{"percentage":10}"#,
        r#"{"percentage":"33.3"}"#,
        r#"{"percentage":-10}"#,
        r#"{"absolute":100,"percentage":0.1}"#,
        r#"{"percentage":"tio"}"#,
        "10",
    ];
    let told = discounts.map(|discount| {
        let record = document(&format!(r#"{{"rows":[{{"discount":{discount}}}]}}"#));
        let row = &record.rows(RowSet::Invoice).unwrap()[0];
        let read = row.discount().map_or_else(|error| error.to_string(), |discount| format!("{discount:?}"));
        format!("{discount} → {read}")
    });
    assert_snapshot!(told.join("\n"), @r#"
    null → None
    {} → None
    {"absolute":2500} → Absolute(2500)
    {"absolute":-2500,"percentage":null} → Absolute(-2500)
    {"absolute":0,"percentage":0.125} → Fraction(0.125)
    {"absolute":0,"percentage":0} → None
    {"percentage":0.10} → Fraction(0.10)
    {"percentage":1} → Fraction(1)
    {"percentage":1.5} → Fraction(0.015)
    {"percentage":10} → Fraction(0.10)
    {"percentage":"33.3"} → Fraction(0.333)
    {"percentage":-10} → Fraction(-0.10)
    {"absolute":100,"percentage":0.1} → the field `rows[0].discount` should be either an amount or a percentage, but holds `100 and 0.1`
    {"percentage":"tio"} → the field `rows[0].discount.percentage` should be a number, but holds `"tio"`
    10 → the field `rows[0].discount.absolute` should be inside an object, but holds `10`
    "#);
}

/// What is read of a row by whoever knows its fields says where the row stands, too.
#[test]
fn other_fields_say_where() {
    let record = document(
        r#"{"rows":[{"vat":0.25,"product":{"id":{"id":5}}},{"vat":"x"}],"recurring-rows":{"rows":[{"product":"x"}]}}"#,
    );
    let told = |set, index: usize, name: &str| {
        let row = &record.rows(set).unwrap()[index];
        let read = match name {
            "vat" => row.located(|row| row.decimal(name)).map(|rate| format!("{rate:?}")),
            _ => row.located(|row| row.reference(name)).map(|id| format!("{id:?}")),
        };
        read.unwrap_or_else(|error| error.to_string())
    };
    let lines = [
        told(RowSet::Invoice, 0, "vat"),
        told(RowSet::Invoice, 0, "product.id"),
        told(RowSet::Invoice, 1, "vat"),
        told(RowSet::Invoice, 1, "product.id"),
        told(RowSet::Recurring, 0, "product.id"),
    ];
    assert_snapshot!(lines.join("\n"), @r#"
    Some(0.25)
    Some(5)
    the field `rows[1].vat` should be a number, but holds `"x"`
    None
    the field `recurring-rows[0].product.id` should be inside an object, but holds `"x"`
    "#);
}

/// Rates of 1 and less are fractions; -1 and 1 themselves are all of the row.
#[test]
fn a_discount_at_the_boundary() {
    let told = ["0.99", "1", "1.0", "1.00", "1.0001", "2", "-1", "-1.01", "100"].map(|rate| {
        let record = document(&format!(r#"{{"rows":[{{"discount":{{"percentage":{rate}}}}}]}}"#));
        format!("{rate} → {:?}", record.rows(RowSet::Invoice).unwrap()[0].discount().unwrap())
    });
    assert_snapshot!(told.join("\n"), @r"
    0.99 → Fraction(0.99)
    1 → Fraction(1)
    1.0 → Fraction(1.0)
    1.00 → Fraction(1.00)
    1.0001 → Fraction(0.010001)
    2 → Fraction(0.02)
    -1 → Fraction(-1)
    -1.01 → Fraction(-0.0101)
    100 → Fraction(1)
    ");
}
