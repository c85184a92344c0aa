use crate::tests::INVOICE;

use super::{EnumValue, FieldKind, FieldSpec, ObjectType};

#[test]
fn object_types_by_name() {
    for object in ObjectType::ALL {
        assert_eq!(object.as_str().parse(), Ok(object));
        assert_eq!(serde_json::to_value(object).unwrap(), object.as_str());
    }
    insta::assert_snapshot!("Client".parse::<ObjectType>().unwrap_err(), @r#""Client" is not an object type; known are: product, client, agreement, invoice, project, line_item"#);
    assert_eq!(format!("{:>8}|", ObjectType::Client), "  client|");
}

#[test]
fn the_message_names_every_object_type() {
    let message = "x".parse::<ObjectType>().unwrap_err().to_string();
    assert!(ObjectType::ALL.iter().all(|object| message.contains(object.as_str())), "{message}");
}

#[test]
fn parents_stand_before_children() {
    assert!(ObjectType::ALL.is_sorted());
    // Rows have no turn of their own.
    assert_eq!([&ObjectType::POLLED[..], &[ObjectType::LineItem]].concat(), ObjectType::ALL);
}

#[test]
fn properties_made_for_fields_have_valid_pairs_of_types() {
    const VALUES: &[EnumValue] = &[];
    let kinds = [
        FieldKind::Text,
        FieldKind::LongText,
        FieldKind::Enumeration(VALUES),
        FieldKind::Integer,
        FieldKind::SerialNumber,
        FieldKind::Reference,
        FieldKind::Decimal,
        FieldKind::Money,
        FieldKind::Rate,
        FieldKind::Boolean,
        FieldKind::Date,
    ];
    let line = |kind| {
        let plan = FieldSpec { name: "x", label: "X", kind }.property_plan();
        format!("{kind:?}: {} {}", plan.property_type.as_str(), plan.field_type)
    };
    insta::assert_snapshot!(kinds.map(line).join("\n"), @r"
    Text: string text
    LongText: string textarea
    Enumeration([]): enumeration select
    Integer: number number
    SerialNumber: number number
    Reference: number number
    Decimal: number number
    Money: number number
    Rate: number number
    Boolean: bool booleancheckbox
    Date: date date
    ");
}

#[test]
fn what_is_always_written_belongs_to_the_default_object() {
    assert_eq!(INVOICE.fixed_on("invoices"), [("hs_invoice_billable", "false")]);
    assert_eq!(INVOICE.fixed_on("2-77"), []);
}
