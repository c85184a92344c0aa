use domain::{FieldSpec, ObjectType, Reference, SourceRecord, SourceRow, Target, UnreadableRecord, Values};
use jiff::civil::{Date, date};
use kleer::Document;

use super::Reader;
use crate::objects::spec;

mod agreements;
mod invoices;
mod projects;
mod rows;

/// Today in Sweden.
const TODAY: Date = date(2026, 11, 20);
/// The first invoice date of the window.
const WINDOW: Date = date(2025, 11, 20);

/// A client as Kleer writes it (contract kleer-api §7.1).
const CLIENT: &str = r#"{"id":12345,"foreign-id":"","name":"Åre Skidor AB","contact":"Anna","address":{"address1":"Torggatan 1","address2":"","zip-code":"837 52","state":"Åre","country":"Sverige"},"email":"a@example.se","client-type":"Organisation","country-code":"SE","currency-type":"SEK","accountnr":0,"payment-days":30,"orgno":"556677-8899","phone":"0647-100 00","user":{"id":678},"delivery-type":"Email","vat-nr":null,"template":{"id":1234},"active":true}"#;

/// A product (contract kleer-api §7.5).
const PRODUCT: &str = r#"{"id":9,"foreign-id":"A-1","name":"Consulting","type":"DIGITAL_SERVICES","unit":"h","price":123450,"ean":0,"account-nr":3041,"vat-percentage":0.25}"#;

fn document(json: &str) -> Document {
    serde_json::from_str(json).unwrap()
}

/// Reads some fields of a record, and all fields of its rows.
fn read(object: ObjectType, fields: Vec<&FieldSpec>, document: &Document) -> Result<SourceRecord, UnreadableRecord> {
    let row_fields = spec(ObjectType::LineItem).fields.iter().collect();
    Reader { object, fields, row_fields, today: TODAY, window_from: Some(WINDOW) }.read(document)
}

fn read_all(object: ObjectType, document: &Document) -> Result<SourceRecord, UnreadableRecord> {
    read(object, spec(object).fields.iter().collect(), document)
}

/// What was read, one a line, or what could not be read.
fn check(object: ObjectType, json: &str) -> String {
    read_all(object, &document(json)).as_ref().map_or_else(unreadable, told)
}

fn unreadable(UnreadableRecord { id, field, message }: &UnreadableRecord) -> String {
    format!("{id:?} [{field}] {message}")
}

fn told(record: &SourceRecord) -> String {
    let SourceRecord { id, values, rows, targets, exclusion, closed, number, open_since, foreign_id: _ } = record;
    let mut lines = vec![id.to_string()];
    lines.extend(told_values(values));
    lines.extend(rows.iter().map(told_row));
    lines.extend(targets.iter().map(told_target));
    lines.extend(exclusion.map(|why| format!("excluded: {}", why.as_str())));
    lines.extend(closed.map(|closed| format!("closed: {closed}")));
    lines.extend(number.as_ref().map(|number| format!("number: {number:?}")));
    lines.extend(open_since.map(|date| format!("open since: {date}")));
    lines.join("\n")
}

fn told_values(values: &Values) -> Vec<String> {
    values.iter().map(|(name, value)| format!("{name}: {value:?}")).collect()
}

fn told_row(row: &SourceRow) -> String {
    let SourceRow { key, values, product, billing_frequency } = row;
    let product = product.map_or_else(|| "no product".to_owned(), |id| format!("product {id}"));
    let frequency = billing_frequency.map_or_else(|| "once".to_owned(), |word| format!("every [{word}]"));
    format!("{key} ({product}, {frequency}) {}", told_values(values).join(", "))
}

fn told_target(Target { object, reference }: &Target) -> String {
    match reference {
        Reference::Id(id) => format!("→ {object} {id}"),
        Reference::Number(number) => format!("→ {object} with number {number:?}"),
    }
}

/// A document with members laid over it.
fn with(json: &str, changes: &[(&str, serde_json::Value)]) -> Document {
    let mut document = document(json);
    changes.iter().for_each(|(path, value)| document.set(path, value.clone()));
    document
}

/// One field of what is read.
fn field(object: ObjectType, document: &Document, name: &str) -> String {
    match read_all(object, document) {
        Ok(record) => record.values.get(name).map_or_else(|| "none".to_owned(), |value| format!("{value:?}")),
        Err(error) => unreadable(&error),
    }
}

/// One field of a client with one member laid over it.
fn client(path: &str, value: serde_json::Value, name: &str) -> String {
    field(ObjectType::Client, &with(CLIENT, &[(path, value)]), name)
}

/// One field of a product with one member laid over it.
fn product(name: &str, value: serde_json::Value) -> String {
    field(ObjectType::Product, &with(PRODUCT, &[(name, value)]), name)
}

#[test]
fn a_client() {
    insta::assert_snapshot!(check(ObjectType::Client, CLIENT), @r#"
    12345
    accountnr: Number(0)
    active: Boolean(true)
    address.address1: Text("Torggatan 1")
    address.country: Text("Sverige")
    address.state: Text("Åre")
    address.zip-code: Text("837 52")
    client-type: Choice("Organisation")
    contact: Text("Anna")
    country-code: Text("SE")
    currency-type: Choice("SEK")
    delivery-type: Choice("Email")
    email: Text("a@example.se")
    name: Text("Åre Skidor AB")
    orgno: Text("556677-8899")
    payment-days: Number(30)
    phone: Text("0647-100 00")
    user.id: Number(678)
    "#);
}

#[test]
fn a_product() {
    insta::assert_snapshot!(check(ObjectType::Product, PRODUCT), @r#"
    9
    account-nr: Number(3041)
    ean: Number(0)
    foreign-id: Text("A-1")
    name: Text("Consulting")
    price: Money(Money(123450))
    type: Choice("DigitalServices")
    unit: Text("h")
    vat-percentage: Percentage(25.00)
    "#);
}

#[test]
fn missing_null_and_empty_are_all_no_value() {
    insta::assert_snapshot!(check(ObjectType::Client, r#"{"id":1}"#), @"1");
    insta::assert_snapshot!(check(ObjectType::Client, r#"{"id":1,"name":"","address":null,"user":{},"active":null,"payment-days":""}"#), @"1");
}

#[test]
fn no_user_is_no_value() {
    let check = |user| client("user", user, "user.id");
    let lines = [
        check(serde_json::json!({"id": 0})),
        check(serde_json::json!({"id": 7})),
        check(serde_json::json!({"id": "7"})),
        check(serde_json::json!({"id": {"id": 7}})),
        check(serde_json::json!({"id": null})),
        check(serde_json::json!({})),
        check(serde_json::json!(null)),
    ];
    insta::assert_snapshot!(lines.join("\n"), @r"
    none
    Number(7)
    Number(7)
    Number(7)
    none
    none
    none
    ");
}

#[test]
fn enumerations_however_they_are_spelled() {
    let types = ["DigitalServices", "DIGITAL_SERVICES", "digital_services", "GOODS", "Services", "GIFT_CARD"];
    insta::assert_snapshot!(types.map(|name| product("type", name.into())).join("\n"), @r#"
    Choice("DigitalServices")
    Choice("DigitalServices")
    Choice("DigitalServices")
    Choice("Goods")
    Choice("Services")
    Choice("GIFT_CARD")
    "#);
    let deliveries = ["Email", "EMAIL", "Svefaktura", "PEPPOL"];
    insta::assert_snapshot!(deliveries.map(|name| client("delivery-type", name.into(), "delivery-type")).join("\n"), @r#"
    Choice("Email")
    Choice("Email")
    Choice("Svefaktura")
    Choice("PEPPOL")
    "#);
}

#[test]
fn a_rate_is_a_percentage_outward() {
    let number = |text: &str| product("vat-percentage", serde_json::from_str(text).unwrap());
    let rates = ["0.25", "25", "0.06", "6.00", "0", "12.5", "\"0.12\"", "1", "-0.25", "1e-1"];
    insta::assert_snapshot!(rates.map(|rate| format!("{rate} → {}", number(rate))).join("\n"), @r#"
    0.25 → Percentage(25.00)
    25 → Percentage(25)
    0.06 → Percentage(6.00)
    6.00 → Percentage(6.00)
    0 → Percentage(0)
    12.5 → Percentage(12.5)
    "0.12" → Percentage(12.00)
    1 → Percentage(100)
    -0.25 → Percentage(-25.00)
    1e-1 → Percentage(10.0)
    "#);
}

#[test]
fn money_is_whole_minor_units() {
    let number = |text: &str| product("price", serde_json::from_str(text).unwrap());
    let prices = ["123450", "0", "-500", "\"100\"", "100.0", "100.5", "9223372036854775807", "9223372036854775808"];
    insta::assert_snapshot!(prices.map(|price| format!("{price} → {}", number(price))).join("\n"), @r#"
    123450 → Money(Money(123450))
    0 → Money(Money(0))
    -500 → Money(Money(-500))
    "100" → Money(Money(100))
    100.0 → Money(Money(100))
    100.5 → Some(KleerId(9)) [price] it should be an amount in whole minor units, but holds `100.5`
    9223372036854775807 → Money(Money(9223372036854775807))
    9223372036854775808 → Some(KleerId(9)) [price] it should be an amount in whole minor units, but holds `9223372036854775808`
    "#);
}

#[test]
fn a_value_of_the_wrong_kind_names_its_field() {
    let lines = [
        client("payment-days", "soon".into(), ""),
        client("payment-days", 1.5.into(), ""),
        client("name", serde_json::json!(["A"]), ""),
        client("active", "maybe".into(), ""),
        client("address", "Torggatan 1".into(), ""),
        client("user", serde_json::json!({"id": "x"}), ""),
    ];
    insta::assert_snapshot!(lines.join("\n"), @r#"
    Some(KleerId(12345)) [payment-days] it should be a whole number, but holds `"soon"`
    Some(KleerId(12345)) [payment-days] it should be a whole number, but holds `1.5`
    Some(KleerId(12345)) [name] it should be a text, but holds `["A"]`
    Some(KleerId(12345)) [active] it should be true or false, but holds `"maybe"`
    Some(KleerId(12345)) [address.address1] it should be inside an object, but holds `"Torggatan 1"`
    Some(KleerId(12345)) [user.id] it should be a reference by id, but holds `"x"`
    "#);
}

#[test]
fn values_that_are_kind_enough() {
    assert_eq!(client("active", "FALSE".into(), "active"), "Boolean(false)");
    assert_eq!(client("foreign-id", 17.into(), "foreign-id"), r#"Text("17")"#);
    assert_eq!(client("payment-days", "30".into(), "payment-days"), "Number(30)");
}

#[test]
fn a_record_without_an_id_is_nobodys() {
    let check = |json| check(ObjectType::Client, json);
    let lines = [
        check(r#"{"name":"A"}"#),
        check(r#"{"id":0,"name":"A"}"#),
        check(r#"{"id":-5,"name":"A"}"#),
        check(r#"{"id":"x","name":"A"}"#),
    ];
    insta::assert_snapshot!(lines.join("\n"), @r#"
    None [id] it should be a reference by id, but holds `nothing`
    None [id] it should be a reference by id, but holds `nothing`
    None [id] -5 is no id
    None [id] it should be a reference by id, but holds `"x"`
    "#);
    // Doubled ids are ids.
    assert!(check(r#"{"id":{"id":5},"name":"A"}"#).starts_with("5\n"));
}

#[test]
fn a_field_that_nobody_asks_for_cannot_spoil_a_record() {
    let mut document = document(PRODUCT);
    document.set("ean", "no number");
    let name = spec(ObjectType::Product).field("name").unwrap();
    let record = read(ObjectType::Product, vec![name], &document).unwrap();
    assert_eq!(record.values.len(), 1);
    assert!(read_all(ObjectType::Product, &document).is_err());
}
