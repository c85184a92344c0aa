use domain::Money;
use serde_json::json;

use super::*;
use crate::objects;

fn document(value: serde_json::Value) -> Document {
    match value {
        serde_json::Value::Object(members) => members.into(),
        other => panic!("{other} is no document"),
    }
}

/// The document as it is written, with one field laid over it.
fn check(object: ObjectType, before: serde_json::Value, name: &str, value: Option<&Value>) -> String {
    let mut document = document(before);
    overlay(&mut document, objects::spec(object).field(name).expect("the field exists"), value);
    serde_json::Value::from(document).to_string()
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

#[test]
fn a_field_is_laid_over_by_its_path_and_all_else_stays() {
    let client = || json!({ "id": 7, "name": "A", "address": { "zip-code": "1", "extra": [1] }, "template": { "id": 3 }, "user": { "id": 0 } });
    let check = |name, value: Option<Value>| check(ObjectType::Client, client(), name, value.as_ref());
    insta::assert_snapshot!(check("address.zip-code", Some(text("2"))), @r#"{"id":7,"name":"A","address":{"zip-code":"2","extra":[1]},"template":{"id":3},"user":{"id":0}}"#);
    insta::assert_snapshot!(check("address.zip-code", None), @r#"{"id":7,"name":"A","address":{"zip-code":"","extra":[1]},"template":{"id":3},"user":{"id":0}}"#);
    insta::assert_snapshot!(check("user.id", Some(Value::Number(1006.into()))), @r#"{"id":7,"name":"A","address":{"zip-code":"1","extra":[1]},"template":{"id":3},"user":{"id":1006}}"#);
    insta::assert_snapshot!(check("active", Some(Value::Boolean(false))), @r#"{"id":7,"name":"A","address":{"zip-code":"1","extra":[1]},"template":{"id":3},"user":{"id":0},"active":false}"#);
}

#[test]
fn amounts_dates_and_what_empties_them() {
    let project = || json!({ "budget-amount": 100, "budget-hours": 1.5, "opening-date": "2026-01-01", "closing-date": "2027-01-01" });
    let check = |name, value: Option<Value>| check(ObjectType::Project, project(), name, value.as_ref());
    insta::assert_snapshot!(check("budget-amount", Some(Value::Money(Money(9_950_050)))), @r#"{"budget-amount":9950050,"budget-hours":1.5,"opening-date":"2026-01-01","closing-date":"2027-01-01"}"#);
    insta::assert_snapshot!(check("budget-hours", None), @r#"{"budget-amount":100,"budget-hours":0,"opening-date":"2026-01-01","closing-date":"2027-01-01"}"#);
    insta::assert_snapshot!(check("opening-date", None), @r#"{"budget-amount":100,"budget-hours":1.5,"closing-date":"2027-01-01"}"#);
}

#[test]
fn every_field_that_cannot_be_emptied_is_declared() {
    // What would be left out although Kleer needs it, must not be clearable (contract kleer-api §7.1, §8).
    for object in [ObjectType::Client, ObjectType::Project] {
        let spec = objects::spec(object);
        for field in spec.fields {
            let removed = reverse::to_kleer(field, None) == Written::Remove;
            let takes_nothing = spec.writable(field.name) != domain::Writable::Yes || !spec.clearable(field.name);
            assert!(!removed || takes_nothing || field.name == "opening-date", "{object} {}", field.name);
        }
        for rule in spec.rules {
            assert!(spec.field(rule.field).is_some(), "{object} has no field {}", rule.field);
        }
    }
}
