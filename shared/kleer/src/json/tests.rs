use std::fmt::Debug;

use insta::assert_snapshot;
use serde_json::json;

use super::{Document, FieldError, same_enum, upper_snake};

fn document(text: &str) -> Document {
    serde_json::from_str(text).unwrap()
}

/// Reads the member `x` of each of these.
fn check<T: Debug>(read: impl Fn(&Document, &str) -> Result<T, FieldError>, values: &[&str]) -> String {
    let lines = values.iter().map(|value| {
        let document = document(&format!(r#"{{"x":{value}}}"#));
        match read(&document, "x") {
            Ok(value_read) => format!("{value} → {value_read:?}"),
            Err(error) => format!("{value} → {error}"),
        }
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn paths() {
    let client = document(
        r#"{"id":12,"foreign-id":"","address":{"address1":"Storgatan 1","address2":"","zip-code":"12345"},
            "user":{"id":31},"template":null,"fields":{},"notes":"x","strange":{"kept":true}}"#,
    );
    assert_eq!(client.text("address.zip-code"), Ok(Some("12345")));
    assert_eq!(client.integer("user.id"), Ok(Some(31)));
    for empty in ["foreign-id", "address.address2", "address.country", "template.id", "fields.x", "gone", "gone.x"] {
        assert_eq!(client.text(empty), Ok(None), "{empty}");
    }
    assert_snapshot!(client.text("notes.x").unwrap_err(), @r#"the field `notes.x` should be inside an object, but holds `"x"`"#);
    assert_snapshot!(client.text("address").unwrap_err(), @r#"the field `address` should be a text, but holds `{"address1":"Storgatan 1","address2":"","zip-code":"12345"}`"#);
}

#[test]
fn texts_and_enumerations() {
    let text = |document: &Document, path: &str| document.text(path).map(|text| text.map(str::to_owned));
    assert_snapshot!(check(text, &[r#""Åke ""#, r#""""#, "null", "17", "true", "{}"]), @r#"
    "Åke " → Some("Åke ")
    "" → None
    null → None
    17 → Some("17")
    true → the field `x` should be a text, but holds `true`
    {} → the field `x` should be a text, but holds `{}`
    "#);
    assert_snapshot!(check(Document::enumeration, &[r#""DigitalServices""#, r#""DIGITAL_SERVICES""#, r#""""#, "1"]), @r#"
    "DigitalServices" → Some("DIGITAL_SERVICES")
    "DIGITAL_SERVICES" → Some("DIGITAL_SERVICES")
    "" → None
    1 → the field `x` should be a name, but holds `1`
    "#);
}

#[test]
fn numbers() {
    let values = ["150000", "-1", "0", r#""17""#, r#""""#, "null", "2.50", "150000.0", "1e3", r#""x""#, "true"];
    assert_snapshot!(check(Document::money, &values), @r#"
    150000 → Some(150000)
    -1 → Some(-1)
    0 → Some(0)
    "17" → Some(17)
    "" → None
    null → None
    2.50 → the field `x` should be an amount in whole minor units, but holds `2.50`
    150000.0 → Some(150000)
    1e3 → Some(1000)
    "x" → the field `x` should be an amount in whole minor units, but holds `"x"`
    true → the field `x` should be an amount in whole minor units, but holds `true`
    "#);
    assert_snapshot!(check(Document::integer, &["99999999999999999999"]), @"99999999999999999999 → the field `x` should be a whole number, but holds `99999999999999999999`");
    let values = ["1", "0.25", "0.10", "-2.5", r#""1.25""#, "1e-2", "0.30000000000000004", r#""1,5""#, "null", "[]"];
    assert_snapshot!(check(Document::decimal, &values), @r#"
    1 → Some(1)
    0.25 → Some(0.25)
    0.10 → Some(0.10)
    -2.5 → Some(-2.5)
    "1.25" → Some(1.25)
    1e-2 → Some(0.01)
    0.30000000000000004 → Some(0.30000000000000004)
    "1,5" → the field `x` should be a number, but holds `"1,5"`
    null → None
    [] → the field `x` should be a number, but holds `[]`
    "#);
    assert_snapshot!(check(Document::boolean, &["true", "false", r#""True""#, "null", "1"]), @r#"
    true → Some(true)
    false → Some(false)
    "True" → Some(true)
    null → None
    1 → the field `x` should be true or false, but holds `1`
    "#);
}

#[test]
fn times() {
    let dates = [
        r#""2025-01-31""#,
        r#""""#,
        "null",
        r#""0001-01-01""#,
        r#""2025-01-31T00:00:00""#,
        r#""2025-02-30""#,
        r#""31/1""#,
        "1",
    ];
    assert_snapshot!(check(Document::date, &dates), @r#"
    "2025-01-31" → Some(2025-01-31)
    "" → None
    null → None
    "0001-01-01" → None
    "2025-01-31T00:00:00" → Some(2025-01-31)
    "2025-02-30" → the field `x` should be a date, but holds `"2025-02-30"`
    "31/1" → the field `x` should be a date, but holds `"31/1"`
    1 → the field `x` should be a date, but holds `1`
    "#);
    let moments = [
        r#""2025-01-02T09:00:00""#,
        r#""2025-07-02T09:00:00.123""#,
        r#""2025-01-02T09:00:00Z""#,
        r#""2025-01-02T09:00:00+02:00""#,
        r#""2025-01-02T09:00:00+0200""#,
        r#""2025-03-30T02:30:00""#,
        r#""0001-01-01T00:00:00""#,
        "1735808400000",
        r#""""#,
        r#""yesterday""#,
        "1.5",
    ];
    assert_snapshot!(check(Document::date_time, &moments), @r#"
    "2025-01-02T09:00:00" → Some(2025-01-02T08:00:00Z)
    "2025-07-02T09:00:00.123" → Some(2025-07-02T07:00:00.123Z)
    "2025-01-02T09:00:00Z" → Some(2025-01-02T09:00:00Z)
    "2025-01-02T09:00:00+02:00" → Some(2025-01-02T07:00:00Z)
    "2025-01-02T09:00:00+0200" → Some(2025-01-02T07:00:00Z)
    "2025-03-30T02:30:00" → Some(2025-03-30T01:30:00Z)
    "0001-01-01T00:00:00" → None
    1735808400000 → Some(2025-01-02T09:00:00Z)
    "" → None
    "yesterday" → the field `x` should be a date and time, but holds `"yesterday"`
    1.5 → the field `x` should be a date and time, but holds `1.5`
    "#);
}

#[test]
fn references() {
    let values = [
        r#"{"id":7}"#,
        r#"{"id":{"id":7}}"#,
        "7",
        r#""7""#,
        r#"{"id":"7"}"#,
        "0",
        r#"{"id":0}"#,
        "{}",
        "null",
        r#""x""#,
        "[7]",
    ];
    assert_snapshot!(check(Document::reference, &values), @r#"
    {"id":7} → Some(7)
    {"id":{"id":7}} → Some(7)
    7 → Some(7)
    "7" → Some(7)
    {"id":"7"} → Some(7)
    0 → None
    {"id":0} → None
    {} → None
    null → None
    "x" → the field `x` should be a reference by id, but holds `"x"`
    [7] → the field `x` should be a reference by id, but holds `[7]`
    "#);
    let ids = [r#"{"id":7}"#, r#"{"id":{"id":4494670}}"#, r#"{"id":"7"}"#, r#"{"id":0}"#, r#"{"message":"nej"}"#];
    let ids = ids.map(|text| document(text).id().map_or_else(|error| error.to_string(), |id| id.to_string()));
    assert_snapshot!(ids.join("\n"), @"
    7
    4494670
    7
    the field `id` should be a reference by id, but holds `nothing`
    the field `id` should be a reference by id, but holds `nothing`
    ");
}

#[test]
fn arrays() {
    let count = |document: &Document, path: &str| document.array(path).map(<[_]>::len);
    let values = [
        "[1,2]",
        r#"{"x":[1,2]}"#,
        r#"{"rows":[1,2]}"#,
        r#"{"dimension-entries":[1,2]}"#,
        "{}",
        "[]",
        "null",
        r#"{"x":null}"#,
        r#"{"rows":[1],"others":[1,2]}"#,
        r#"{"a":[1],"b":[1,2]}"#,
        r#"{"x":1}"#,
        "1",
    ];
    assert_snapshot!(check(count, &values), @r#"
    [1,2] → 2
    {"x":[1,2]} → 2
    {"rows":[1,2]} → 2
    {"dimension-entries":[1,2]} → 2
    {} → 0
    [] → 0
    null → 0
    {"x":null} → 0
    {"rows":[1],"others":[1,2]} → 1
    {"a":[1],"b":[1,2]} → the field `x` should be an array, but holds `{"a":[1],"b":[1,2]}`
    {"x":1} → the field `x` should be an array, but holds `{"x":1}`
    1 → the field `x` should be an array, but holds `1`
    "#);
}

#[test]
fn rows_are_documents() {
    let agreement =
        document(r#"{"recurring-rows":{"rows":[{"quantity":1.5,"discount":{"percentage":0.1}}]},"leads":[1]}"#);
    let rows = agreement.documents("recurring-rows").unwrap();
    assert_eq!(rows[0].decimal("discount.percentage").unwrap().unwrap().to_string(), "0.1");
    assert_snapshot!(agreement.documents("leads").unwrap_err(), @"the field `leads[0]` should be an object, but holds `1`");
}

#[test]
fn overlaying_keeps_everything_else_as_it_was() {
    let text =
        r#"{"id":12,"rate":0.250,"strange":{"b":1,"a":[1.10]},"address":{"state":"Lund"},"files":{},"template":null}"#;
    let mut client = document(text);
    assert_eq!(serde_json::to_string(&client).unwrap(), text);
    client.set("address.country", "Sverige");
    client.set("template.id", 3);
    client.set("user.id", 31);
    client.set("name", json!("Ny"));
    client.set("id", 13);
    client.remove("files");
    assert_snapshot!(serde_json::to_string(&client).unwrap(), @r#"{"id":13,"rate":0.250,"strange":{"b":1,"a":[1.10]},"address":{"state":"Lund","country":"Sverige"},"template":{"id":3},"user":{"id":31},"name":"Ny"}"#);
}

#[test]
fn enumerations_are_compared_loosely_and_written_strictly() {
    assert!(same_enum("BankAccount", "BANK_ACCOUNT"));
    assert!(same_enum("Open", "OPEN"));
    assert!(!same_enum("Open", "Closed"));
    let names =
        ["Goods", "DigitalServices", "BANK_ACCOUNT", "WorkHour", "INVOICE_60_DAYS_PRIOR_TO_PERIOD_START", "e-faktura"];
    assert_snapshot!(names.map(upper_snake).join(" "), @"GOODS DIGITAL_SERVICES BANK_ACCOUNT WORK_HOUR INVOICE_60_DAYS_PRIOR_TO_PERIOD_START E_FAKTURA");
}
