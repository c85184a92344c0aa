use jiff::civil::date;

use super::{Projector, Properties, render};
use crate::tests::{SPEC, decimal, definition, enumeration, mapping, record, schema, text};
use crate::{FieldMapping, Money, PropertyDefinition, PropertyType, Schema, Value};

mod twins;

/// A value as every type of property has it; what does not fit is marked with `!`.
fn rendered(value: &Value) -> String {
    let types = ["string", "number", "bool", "date", "datetime", "phone_number"];
    let one = |name| match render(value, &definition(PropertyType::from_wire(name))) {
        Ok(text) => format!("{name} {text}"),
        Err(fault) => format!("{name} ! {}", fault.message),
    };
    types.map(one).join("\n")
}

#[test]
fn text_by_type() {
    insta::assert_snapshot!(rendered(&text("Åre AB")), @r"
    string Åre AB
    number ! “Åre AB” is not a number
    bool ! “Åre AB” is not yes or no
    date ! “Åre AB” is not a date
    datetime ! “Åre AB” is not a date with a time
    phone_number Åre AB
    ");
    insta::assert_snapshot!(rendered(&text(" 0150.50")), @r"
    string  0150.50
    number 150.5
    bool ! “ 0150.50” is not yes or no
    date ! “ 0150.50” is not a date
    datetime ! “ 0150.50” is not a date with a time
    phone_number  0150.50
    ");
    insta::assert_snapshot!(rendered(&text("Ja")), @r"
    string Ja
    number ! “Ja” is not a number
    bool true
    date ! “Ja” is not a date
    datetime ! “Ja” is not a date with a time
    phone_number Ja
    ");
    insta::assert_snapshot!(rendered(&text("2026-11-20")), @r"
    string 2026-11-20
    number ! “2026-11-20” is not a number
    bool ! “2026-11-20” is not yes or no
    date 2026-11-20
    datetime ! “2026-11-20” is not a date with a time
    phone_number 2026-11-20
    ");
    insta::assert_snapshot!(rendered(&text("2026-11-20T08:00:00+01:00")), @r"
    string 2026-11-20T08:00:00+01:00
    number ! “2026-11-20T08:00:00+01:00” is not a number
    bool ! “2026-11-20T08:00:00+01:00” is not yes or no
    date 2026-11-20
    datetime 2026-11-20T07:00:00.000Z
    phone_number 2026-11-20T08:00:00+01:00
    ");
}

#[test]
fn numbers_by_type() {
    insta::assert_snapshot!(rendered(&Value::Number(decimal("10.500"))), @r"
    string 10.5
    number 10.5
    bool ! “10.5” is not yes or no
    date ! “10.5” is not a date
    datetime ! “10.5” is not a date with a time
    phone_number 10.5
    ");
    insta::assert_snapshot!(rendered(&Value::Number(decimal("1"))), @r"
    string 1
    number 1
    bool true
    date ! “1” is not a date
    datetime ! “1” is not a date with a time
    phone_number 1
    ");
    insta::assert_snapshot!(rendered(&Value::Money(Money(-150_050))), @r"
    string -1500.5
    number -1500.5
    bool ! “-1500.5” is not yes or no
    date ! “-1500.5” is not a date
    datetime ! “-1500.5” is not a date with a time
    phone_number -1500.5
    ");
    insta::assert_snapshot!(rendered(&Value::Percentage(decimal("25.00"))), @r"
    string 25
    number 25
    bool ! “25” is not yes or no
    date ! “25” is not a date
    datetime ! “25” is not a date with a time
    phone_number 25
    ");
}

#[test]
fn booleans_and_choices_by_type() {
    insta::assert_snapshot!(rendered(&Value::Boolean(true)), @r"
    string true
    number ! “true” is not a number
    bool true
    date ! “true” is not a date
    datetime ! “true” is not a date with a time
    phone_number true
    ");
    insta::assert_snapshot!(rendered(&Value::Choice("DigitalServices".to_owned())), @r"
    string DigitalServices
    number ! “DigitalServices” is not a number
    bool ! “DigitalServices” is not yes or no
    date ! “DigitalServices” is not a date
    datetime ! “DigitalServices” is not a date with a time
    phone_number DigitalServices
    ");
}

#[test]
fn dates_by_type() {
    insta::assert_snapshot!(rendered(&Value::Date(date(2026, 11, 20))), @r"
    string 2026-11-20
    number ! “2026-11-20” is not a number
    bool ! “2026-11-20” is not yes or no
    date 2026-11-20
    datetime 2026-11-20T00:00:00.000Z
    phone_number 2026-11-20
    ");
}

#[test]
fn options_by_value_then_by_label_without_regard_to_case() {
    let options = enumeration(&[("goods", "SERVICES"), ("Services", "Tjänster"), ("12", "Twelve"), ("true", "Yes")]);
    let check = |value: Value| match render(&value, &options) {
        Ok(text) => text,
        Err(fault) => format!("{}; {}", fault.message, fault.remedy),
    };
    let lines = [
        check(Value::Choice("Services".to_owned())),
        check(Value::Choice("Goods".to_owned())),
        check(text("TJÄNSTER")),
        check(Value::Number(decimal("12.0"))),
        check(Value::Boolean(true)),
        check(Value::Boolean(false)),
        check(text(&"x".repeat(61))),
    ];
    insta::assert_snapshot!(lines.join("\n"), @r"
    Services
    goods
    Services
    12
    true
    “false” is not one of its options; Add the option “false” to the property in HubSpot, or change the value in Kleer.
    “xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…” is not one of its options; Add the option “xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…” to the property in HubSpot, or change the value in Kleer.
    ");
}

#[test]
fn a_property_that_lists_no_options_takes_any() {
    assert_eq!(render(&text("owner 7"), &enumeration(&[])).unwrap(), "owner 7");
}

#[test]
fn text_is_as_long_as_hubspot_takes() {
    let check = |length: usize, kind| render(&text(&"å".repeat(length)), &definition(kind));
    assert_eq!(check(65_536, PropertyType::String).unwrap().chars().count(), 65_536);
    let fault = check(65_537, PropertyType::String).unwrap_err();
    insta::assert_snapshot!(fault.message, @"“åååååååååååååååååååååååååååååååååååååååååååååååååååååååååååå…” is longer than 65536 characters");
    insta::assert_snapshot!(fault.remedy, @"Shorten the value in Kleer.");
    assert!(check(65_537, PropertyType::Other).is_err());
}

/// The portal of the tests below.
fn portal() -> Schema {
    let read_only = PropertyDefinition { read_only: true, ..definition(PropertyType::String) };
    schema(&[
        ("name", definition(PropertyType::String)),
        ("city", definition(PropertyType::String)),
        ("price", definition(PropertyType::Number)),
        ("kleer_active", definition(PropertyType::Bool)),
        ("source", enumeration(&[("kleer", "Kleer")])),
        ("hs_computed", read_only),
    ])
}

/// The properties of a record by these mappings, or the problem.
fn check(mappings: &[FieldMapping], values: &[(&'static str, Value)]) -> String {
    match Projector::new(&SPEC, mappings, &portal()).project(&record(7, values)) {
        Ok(properties) => {
            properties.iter().map(|(name, value)| format!("{name}=[{value}]")).collect::<Vec<_>>().join(" ")
        }
        Err(problem) => {
            let property = problem.property.clone().unwrap_or_default();
            assert_eq!(problem.kleer_id.unwrap().0, 7);
            format!("{:?} {property}: {} {}", problem.code, problem.message, problem.remedy)
        }
    }
}

#[test]
fn empty_values_are_there_as_empty_ones() {
    let mappings = [mapping("name", "name", ""), mapping("address.city", "city", ""), mapping("price", "price", "")];
    insta::assert_snapshot!(check(&mappings, &[("name", text("Åre AB"))]), @"city=[] name=[Åre AB] price=[]");
}

#[test]
fn a_default_counts_where_the_field_is_empty() {
    let mappings = [
        mapping("name", "name", "Nobody"),
        mapping("address.city", "city", "Åre"),
        mapping("price", "price", "10.50"),
        mapping("", "source", "KLEER"),
    ];
    insta::assert_snapshot!(check(&mappings, &[]), @"city=[Åre] name=[Nobody] price=[10.5] source=[kleer]");
    insta::assert_snapshot!(check(&mappings, &[("name", text("B")), ("price", Value::Money(Money(1)))]), @"city=[Åre] name=[B] price=[0.01] source=[kleer]");
}

#[test]
fn a_default_must_fit_too() {
    let mappings = [mapping("name", "name", ""), mapping("", "source", "Fortnox")];
    let price = [mapping("name", "name", ""), mapping("price", "price", "free")];
    insta::assert_snapshot!(check(&price, &[("name", text("B"))]), @"ValueNotAllowed price: The default value does not fit the HubSpot property price: “free” is not a number. Change the default value on the mapping of price.");
    insta::assert_snapshot!(check(&mappings, &[("name", text("B"))]), @"ValueNotAllowed source: The default value does not fit the HubSpot property source: “Fortnox” is not one of its options. Change the default value on the mapping of source.");
}

#[test]
fn a_required_value_that_is_missing() {
    insta::assert_snapshot!(check(&[mapping("name", "name", "")], &[("address.city", text("Åre"))]), @"MissingValue name: The client has no value in Name, and HubSpot needs one. Fill in Name on client 7 in Kleer, or set a default value on its mapping.");
}

#[test]
fn a_value_that_does_not_fit() {
    let mappings = [mapping("name", "name", ""), mapping("address.city", "price", "")];
    insta::assert_snapshot!(check(&mappings, &[("name", text("B")), ("address.city", text("Åre"))]), @"ValueNotAllowed price: City does not fit the HubSpot property price: “Åre” is not a number. Change the value in Kleer, or map the field to a property that takes “Åre”.");
}

#[test]
fn what_cannot_be_written_is_skipped_and_named() {
    let mappings = [mapping("name", "name", ""), mapping("price", "hs_computed", ""), mapping("type", "unknown", "")];
    assert_eq!(check(&mappings, &[("name", text("B"))]), "name=[B]");
    assert_eq!(Projector::new(&SPEC, &mappings, &portal()).skipped(), ["hs_computed", "unknown"]);
}

#[test]
fn a_field_that_kleer_no_longer_has_clears_nothing() {
    let mappings = [mapping("name", "name", ""), mapping("nickname", "city", "Åre")];
    assert_eq!(check(&mappings, &[("name", text("B"))]), "name=[B]");
}

#[test]
fn a_record_that_is_gone_says_so_where_active_is_mapped() {
    let deactivated = |mappings: &[FieldMapping]| Projector::new(&SPEC, mappings, &portal()).deactivated();
    let both = [mapping("name", "name", ""), mapping("active", "kleer_active", "true"), mapping("active", "city", "")];
    let expected: Properties = [("kleer_active", "false"), ("city", "false")].into_iter().collect();
    assert_eq!(deactivated(&both), expected);
    assert!(deactivated(&[mapping("name", "name", "")]).is_empty());
    let twin: Properties = [("kleer_active", "false")].into_iter().collect();
    assert_eq!(deactivated(&[mapping("active", "hs_computed", "")]), twin, "it cannot be written itself");
    assert!(deactivated(&[mapping("active", "price", "")]).is_empty(), "it cannot hold a no");
}

#[test]
fn a_map_of_properties() {
    let mut properties: Properties = [("b", "2"), ("a", "")].into_iter().collect();
    properties.set("c", "3");
    assert_eq!((properties.get("a"), properties.get("d"), properties.len()), (Some(""), None, 3));
    let filled = properties.filtered(|_, value| !value.is_empty());
    assert_eq!(filled.into_map().into_iter().collect::<Vec<_>>(), [("b".into(), "2".into()), ("c".into(), "3".into())]);
    assert!(!properties.is_empty() && Properties::default().is_empty());
}
