use domain::ObjectType;
use serde_json::json;

use super::{check, field, read_all, unreadable, with};

/// A project as Kleer writes it (contract kleer-api §8), with its doubled ids.
const PROJECT: &str = r#"{"id":{"id":77},"client":{"id":{"id":12}},"broker-client":null,"fixed-price":false,"number":"P-9","name":"Ny webb","currency-type":"SEK","active":true,"your-reference":"Eva","delivery-type":"EMAIL","comment":"Rad 1\nRad 2","payment-days":30,"po-nr":"","budget-hours":120.5,"budget-amount":1250000,"incoming-invoiced-amount":0,"incoming-invoiced-vat-amount":0,"all-activities":true,"activities":[],"all-users":true,"status":"OPEN","opening-date":"2026-01-15","closing-date":null,"fields":{}}"#;

#[test]
fn a_project() {
    insta::assert_snapshot!(check(ObjectType::Project, PROJECT), @r#"
    77
    budget-amount: Money(Money(1250000))
    budget-hours: Number(120.5)
    client.id: Number(12)
    comment: Text("Rad 1\nRad 2")
    fixed-price: Boolean(false)
    name: Text("Ny webb")
    number: Text("P-9")
    opening-date: Date(2026-01-15)
    → client 12
    closed: false
    "#);
}

#[test]
fn an_internal_project_belongs_to_nobody() {
    insta::assert_snapshot!(check(ObjectType::Project, r#"{"id":5,"name":"Intern","status":"OPEN"}"#), @r#"
    5
    name: Text("Intern")
    closed: false
    "#);
}

/// The status decides; where Kleer does not say one, `active` does.
#[test]
fn whether_it_is_closed() {
    let check = |status: serde_json::Value, active: serde_json::Value| {
        let line = format!("{status} {active}");
        match read_all(ObjectType::Project, &with(PROJECT, &[("status", status), ("active", active)])) {
            Ok(record) => format!("{line}: {:?}", record.closed),
            Err(error) => format!("{line}: {}", unreadable(&error)),
        }
    };
    let lines = [
        check(json!("OPEN"), json!(true)),
        check(json!("CLOSED"), json!(true)),
        check(json!("Closed"), json!(true)),
        check(json!("DRAFT"), json!(true)),
        check(json!("OPEN"), json!(false)),
        check(json!("ARCHIVED"), json!(true)),
        check(json!(null), json!(true)),
        check(json!(""), json!(false)),
        check(json!(null), json!(null)),
        check(json!(null), json!("no")),
        check(json!(3), json!(true)),
    ];
    insta::assert_snapshot!(lines.join("\n"), @r#"
    "OPEN" true: Some(false)
    "CLOSED" true: Some(true)
    "Closed" true: Some(true)
    "DRAFT" true: Some(false)
    "OPEN" false: Some(false)
    "ARCHIVED" true: Some(false)
    null true: Some(false)
    "" false: Some(true)
    null null: Some(false)
    null "no": Some(KleerId(77)) [active] it should be true or false, but holds `"no"`
    3 true: Some(KleerId(77)) [status] it should be a name, but holds `3`
    "#);
}

#[test]
fn hours_and_amounts() {
    let check = |name: &str, value| field(ObjectType::Project, &with(PROJECT, &[(name, value)]), name);
    let lines = [
        check("budget-hours", json!(0)),
        check("budget-hours", json!("7.25")),
        check("budget-hours", json!("ten")),
        check("budget-amount", json!(1)),
        check("budget-amount", json!(-1)),
        check("budget-amount", json!(0.5)),
        check("opening-date", json!("0001-01-01")),
    ];
    insta::assert_snapshot!(lines.join("\n"), @r#"
    Number(0)
    Number(7.25)
    Some(KleerId(77)) [budget-hours] it should be a number, but holds `"ten"`
    Money(Money(1))
    Money(Money(-1))
    Some(KleerId(77)) [budget-amount] it should be an amount in whole minor units, but holds `0.5`
    none
    "#);
}
