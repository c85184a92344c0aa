use super::{PropertyType, suggested_property_name};
use crate::tests::{definition, schema};

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

#[test]
fn a_schema_covers_what_is_mapped_on_its_object() {
    let schema = schema(&[("name", definition(PropertyType::String)), ("zip", definition(PropertyType::String))]);
    assert!(schema.covers("companies", ["name", "zip"]) && schema.covers("companies", []));
    assert!(!schema.covers("companies", ["name", "city"]));
    assert!(!schema.covers("products", ["name"]));
}
