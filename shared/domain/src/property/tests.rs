use super::{PropertyDefinition, PropertyType, Schema, Stages, suggested_property_name};
use crate::FieldMapping;
use crate::tests::{definition, mapping, schema};

#[test]
fn suggested_names() {
    let fields = ["name", "address.zip-code", "vat-nr", "_total_amount", "discount.percentage"];
    insta::assert_snapshot!(fields.map(suggested_property_name).join("\n"), @r"
    kleer_name
    kleer_address_zip_code
    kleer_vat_nr
    kleer_total_amount
    kleer_discount_percentage
    ");
}

#[test]
fn types_on_the_wire() {
    for name in ["string", "number", "bool", "enumeration", "date", "datetime"] {
        let kind = PropertyType::from_wire(name);
        assert_eq!(kind.as_str(), name);
        // The name in stored schemas is the same one.
        assert_eq!(serde_json::to_value(kind).unwrap(), name);
        assert_eq!(serde_json::from_value::<PropertyType>(name.into()).unwrap(), kind);
    }
    for name in ["phone_number", "object_coordinates", ""] {
        assert_eq!(PropertyType::from_wire(name), PropertyType::Other);
        assert_eq!(serde_json::from_value::<PropertyType>(name.into()).unwrap(), PropertyType::Other);
    }
}

/// Whether a portal with these properties needs nothing to be made for these mappings of companies.
fn check(properties: &[(&str, PropertyDefinition)], mappings: &[FieldMapping]) -> bool {
    schema(properties).covers("companies", mappings)
}

fn read_only() -> PropertyDefinition {
    PropertyDefinition { read_only: true, ..definition(PropertyType::String) }
}

#[test]
fn a_schema_covers_what_is_mapped_on_its_object() {
    let known = [("name", definition(PropertyType::String)), ("zip", definition(PropertyType::String))];
    let [name, zip, city] = ["name", "zip", "city"].map(|property| mapping("name", property, ""));
    assert!(check(&known, &[name.clone(), zip]) && check(&known, &[]));
    assert!(!check(&known, &[name.clone(), city]));
    assert!(!schema(&known).covers("products", &[name]));
    assert!(!schema(&known).covers("products", &[]), "even nothing is mapped on another object");
}

#[test]
fn a_read_only_property_is_covered_by_its_twin() {
    let status = [mapping("_status", "hs_status", "")];
    let writable = definition(PropertyType::String);
    assert!(!check(&[("hs_status", read_only())], &status), "the twin is still to be made");
    assert!(check(&[("hs_status", read_only()), ("kleer_status", writable.clone())], &status));
    assert!(check(&[("hs_status", read_only()), ("kleer_status", read_only())], &status), "more cannot be done");
    assert!(!check(&[("kleer_status", writable)], &status), "nobody knows yet whether the twin is needed");
    // Nothing stands in for a mere default, and a twin has no twin.
    assert!(check(&[("hs_status", read_only())], &[mapping("", "hs_status", "active")]));
    assert!(check(&[("kleer_status", read_only())], &[mapping("_status", "kleer_status", "")]));
}

#[test]
fn stages_follow_kleers_status() {
    let stages = Stages { pipeline: "p".to_owned(), open: "first".to_owned(), closed: "done".to_owned() };
    let check = |closed| {
        let stage = stages.of(closed);
        (stage.closed, stage.pipeline, stage.stage)
    };
    assert_eq!(check(false), (false, "p".to_owned(), "first".to_owned()));
    assert_eq!(check(true), (true, "p".to_owned(), "done".to_owned()));
}

#[test]
fn a_schema_stored_by_an_older_release_is_read_again() {
    let old = r#"{"hubspot_object":"companies","properties":{"name":{"type":"string","read_only":false}},"checked_at":"2026-11-20T08:00:00Z"}"#;
    assert_eq!(serde_json::from_str::<Schema>(old).unwrap(), schema(&[("name", definition(PropertyType::String))]));
    let stages = Some(Stages { pipeline: "p".to_owned(), open: "o".to_owned(), closed: "c".to_owned() });
    let new = Schema { key: "kleer_sync_key".to_owned(), stages, ..schema(&[("name", read_only())]) };
    let json = serde_json::to_string(&new).unwrap();
    assert_eq!(serde_json::from_str::<Schema>(&json).unwrap(), new);
}
