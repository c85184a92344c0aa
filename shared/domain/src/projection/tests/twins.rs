//! What stands in where a portal does not let us write, and what is ours to mend.

use super::{check, portal};
use crate::projection::{Projector, Properties};
use crate::tests::{INVOICE, SPEC, definition, enumeration, mapping, record, schema, text};
use crate::{FieldMapping, PropertyDefinition, PropertyType, Schema, Value};

fn read_only(kind: PropertyType) -> PropertyDefinition {
    PropertyDefinition { read_only: true, ..definition(kind) }
}

/// The portal of the other tests and one with these properties too.
fn with(properties: &[(&str, PropertyDefinition)]) -> Schema {
    let mut portal = portal();
    portal.properties.extend(schema(properties).properties);
    portal
}

/// The properties of a record in a portal, and what was skipped.
fn written(portal: &Schema, mapping: FieldMapping, values: &[(&'static str, Value)]) -> String {
    let projector = Projector::new(&SPEC, &[mapping], portal);
    let properties = projector.project(&record(7, values)).unwrap();
    let pairs = properties.iter().map(|(name, value)| format!("{name}=[{value}]"));
    let skipped = projector.skipped().iter().map(|name| format!("skipped {name}"));
    pairs.chain(skipped).collect::<Vec<_>>().join(" ")
}

#[test]
fn a_read_only_property_is_stood_in_for_by_its_twin() {
    let city = [("address.city", text("Åre"))];
    let mapping = |default| mapping("address.city", "hs_computed", default);
    let twin = definition(PropertyType::String);
    let used = with(&[("kleer_address_city", twin)]);
    assert_eq!(written(&used, mapping(""), &city), "kleer_address_city=[Åre]");
    assert_eq!(written(&used, mapping(""), &[]), "kleer_address_city=[]", "it is cleared like any other");
    assert_eq!(written(&used, mapping("Umeå"), &[]), "kleer_address_city=[Umeå]");
    assert_eq!(written(&portal(), mapping(""), &city), "skipped hs_computed", "there is none");
    let forbidden = with(&[("kleer_address_city", read_only(PropertyType::String))]);
    assert_eq!(written(&forbidden, mapping(""), &city), "skipped hs_computed", "nor can that be written");
}

#[test]
fn a_property_that_can_be_written_needs_no_twin() {
    let both = with(&[("kleer_address_city", definition(PropertyType::String))]);
    assert_eq!(written(&both, mapping("address.city", "city", ""), &[("address.city", text("Åre"))]), "city=[Åre]");
}

#[test]
fn nothing_stands_in_for_a_mere_default_nor_for_a_twin() {
    let portal = with(&[("kleer_active", read_only(PropertyType::Bool)), ("kleer_", definition(PropertyType::String))]);
    assert_eq!(written(&portal, mapping("", "hs_computed", "x"), &[]), "skipped hs_computed");
    let active = [("active", Value::Boolean(true))];
    assert_eq!(written(&portal, mapping("active", "kleer_active", ""), &active), "skipped kleer_active");
}

#[test]
fn a_twin_has_a_type_of_its_own() {
    let price = [("price", Value::Boolean(true))];
    let portal = with(&[("kleer_price", definition(PropertyType::Number))]);
    let projector = Projector::new(&SPEC, &[mapping("price", "hs_computed", "")], &portal);
    let problem = projector.project(&record(7, &price)).unwrap_err();
    assert_eq!(problem.property.as_deref(), Some("kleer_price"));
    insta::assert_snapshot!(problem.message, @"Price does not fit the HubSpot property kleer_price: “true” is not a number.");
}

#[test]
fn a_required_field_is_required_in_its_twin_too() {
    let portal = with(&[("name", read_only(PropertyType::String)), ("kleer_name", definition(PropertyType::String))]);
    let projector = Projector::new(&SPEC, &[mapping("name", "name", "")], &portal);
    let problem = projector.project(&record(7, &[])).unwrap_err();
    assert_eq!(problem.property.as_deref(), Some("kleer_name"));
}

#[test]
fn what_is_gone_says_so_in_the_field_of_its_type() {
    let portal = schema(&[
        ("hs_invoice_status", enumeration(&[("open", "Open"), ("voided", "Voided")])),
        ("two_words", enumeration(&[("open", "Open"), ("paid", "Paid")])),
        ("hs_status", read_only(PropertyType::String)),
        ("kleer_status", definition(PropertyType::String)),
        ("hs_number", definition(PropertyType::String)),
    ]);
    let gone = |pairs: &[(&str, &str)]| {
        let mappings: Vec<_> = pairs.iter().map(|(field, property)| mapping(field, property, "open")).collect();
        Projector::new(&INVOICE, &mappings, &portal).deactivated()
    };
    let voided = |property: &str| Properties::from_iter([(property, "voided")]);
    assert_eq!(gone(&[("_status", "hs_invoice_status"), ("invoice-nr", "hs_number")]), voided("hs_invoice_status"));
    assert_eq!(gone(&[("_status", "hs_status")]), voided("kleer_status"), "through the twin as well");
    assert!(gone(&[("_status", "two_words")]).is_empty(), "it has no word for it");
    assert!(gone(&[("invoice-nr", "hs_number"), ("", "hs_invoice_status")]).is_empty(), "it is not mapped");
    let silent: &'static crate::ObjectSpec = &crate::tests::ROW;
    let lines = schema(&[("name", definition(PropertyType::String))]);
    assert!(Projector::new(silent, &[mapping("description", "name", "")], &lines).deactivated().is_empty());
}

#[test]
fn an_option_is_asked_for_only_where_the_property_is_ours() {
    let services = [("name", text("B")), ("type", Value::Choice("Services".to_owned()))];
    let missing = |ours| {
        let goods = PropertyDefinition { ours, ..enumeration(&[("Goods", "Goods")]) };
        let mappings = [mapping("name", "name", ""), mapping("type", "kleer_type", "")];
        let projector = Projector::new(&SPEC, &mappings, &with(&[("kleer_type", goods)]));
        let problem = projector.project(&record(7, &services)).unwrap_err();
        insta::allow_duplicates! {
            insta::assert_snapshot!(problem.message, @"Type does not fit the HubSpot property kleer_type: “Services” is not one of its options.");
        }
        problem.missing_option
    };
    assert_eq!(missing(true).as_deref(), Some("Services"));
    assert_eq!(missing(false), None, "a person's list is a person's");
}

#[test]
fn no_option_is_asked_for_where_that_is_not_all() {
    let fault = |mapping: FieldMapping, definition: PropertyDefinition, values: &[(&'static str, Value)]| {
        let portal = with(&[("kleer_type", PropertyDefinition { ours: true, ..definition })]);
        let problem = Projector::new(&SPEC, &[mapping], &portal).project(&record(7, values)).unwrap_err();
        problem.missing_option
    };
    let kleer_type = |default: &str| mapping("type", "kleer_type", default);
    let services = [("type", Value::Choice("Services".to_owned()))];
    assert_eq!(fault(kleer_type(""), definition(PropertyType::Number), &services), None);
    // A default is typed in the settings, and mended there.
    assert_eq!(fault(kleer_type("Services"), enumeration(&[("Goods", "Goods")]), &[]), None);
}

#[test]
fn nothing_is_asked_for_where_an_option_means_the_same() {
    let mappings = [mapping("name", "name", ""), mapping("", "source", "KLEER")];
    assert_eq!(check(&mappings, &[("name", text("B"))]), "name=[B] source=[kleer]");
}
