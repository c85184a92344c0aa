//! What can be mapped, against the tables of contract product §6.

use domain::{EnumValue, FieldKind, ObjectType};

use crate::objects::spec;

fn fields(object: ObjectType) -> String {
    spec(object).fields.iter().map(|field| format!("{}: {}", field.name, field.label)).collect::<Vec<_>>().join("\n")
}

fn mappings(object: ObjectType) -> String {
    spec(object)
        .default_mappings
        .iter()
        .map(|(field, property)| format!("{field}→{property}"))
        .collect::<Vec<_>>()
        .join("\n")
}

/// The fields that are no plain text, by what they are.
fn kinds(object: ObjectType) -> String {
    type Is = fn(FieldKind) -> bool;
    let kinds: [(&str, Is); 9] = [
        ("long text", |kind| kind == FieldKind::LongText),
        ("enumeration", |kind| matches!(kind, FieldKind::Enumeration(_))),
        ("whole number", |kind| matches!(kind, FieldKind::Integer | FieldKind::SerialNumber)),
        ("number", |kind| kind == FieldKind::Decimal),
        ("reference", |kind| kind == FieldKind::Reference),
        ("money", |kind| kind == FieldKind::Money),
        ("rate", |kind| kind == FieldKind::Rate),
        ("yes or no", |kind| kind == FieldKind::Boolean),
        ("date", |kind| kind == FieldKind::Date),
    ];
    let line = |(word, is): (&str, Is)| {
        let names: Vec<&str> =
            spec(object).fields.iter().filter(|field| is(field.kind)).map(|field| field.name).collect();
        (!names.is_empty()).then(|| format!("{word}: {}", names.join(" ")))
    };
    kinds.into_iter().filter_map(line).collect::<Vec<_>>().join("\n")
}

fn values(object: ObjectType, field: &str) -> String {
    let kind = spec(object).field(field).unwrap().kind;
    let FieldKind::Enumeration(values) = kind else { panic!("{field} is {kind:?}") };
    values.iter().map(|EnumValue { value, label }| format!("{value}={label}")).collect::<Vec<_>>().join("\n")
}

/// Contract product §6.1.
#[test]
fn fields_of_a_client() {
    insta::assert_snapshot!(fields(ObjectType::Client), @"");
    insta::assert_snapshot!(kinds(ObjectType::Client), @"");
}

/// Contract product §6.2.
#[test]
fn fields_of_an_invoice() {
    insta::assert_snapshot!(fields(ObjectType::Invoice), @"");
    insta::assert_snapshot!(kinds(ObjectType::Invoice), @"");
}

/// Contract product §6.3.
#[test]
fn fields_of_an_agreement() {
    insta::assert_snapshot!(fields(ObjectType::Agreement), @"");
    insta::assert_snapshot!(kinds(ObjectType::Agreement), @"");
}

/// Contract product §6.4.
#[test]
fn fields_of_a_product() {
    insta::assert_snapshot!(fields(ObjectType::Product), @"");
    insta::assert_snapshot!(kinds(ObjectType::Product), @"");
}

/// Contract product §6.5.
#[test]
fn fields_of_a_line_item() {
    insta::assert_snapshot!(fields(ObjectType::LineItem), @"");
    insta::assert_snapshot!(kinds(ObjectType::LineItem), @"");
}

/// Contract product §6.6.
#[test]
fn fields_of_a_project() {
    insta::assert_snapshot!(fields(ObjectType::Project), @"");
    insta::assert_snapshot!(kinds(ObjectType::Project), @"");
}

/// Contract product §6.3; `canceled` is how a deleted agreement is told (design §3 Deletes).
#[test]
fn values_of_agreements() {
    insta::assert_snapshot!(values(ObjectType::Agreement, "invoice-day"), @"");
    insta::assert_snapshot!(values(ObjectType::Agreement, "_billing_frequency"), @"");
    insta::assert_snapshot!(values(ObjectType::Agreement, "_status"), @"");
}

/// HubSpot's own words (contract hubspot-crm §3.5), and Kleer's (contract kleer-api §7.2).
#[test]
fn values_of_invoices() {
    insta::assert_snapshot!(values(ObjectType::Invoice, "_status"), @"");
    insta::assert_snapshot!(values(ObjectType::Invoice, "edi-period-type"), @"");
}

/// Contract product §6.1: those of the product, and two more that Kleer's schema has.
#[test]
fn values_of_clients() {
    insta::assert_snapshot!(values(ObjectType::Client, "client-type"), @"");
    insta::assert_snapshot!(values(ObjectType::Client, "currency-type"), @"");
    insta::assert_snapshot!(values(ObjectType::Client, "delivery-type"), @"");
    assert_eq!(values(ObjectType::Invoice, "delivery-type"), values(ObjectType::Client, "delivery-type"));
    assert_eq!(values(ObjectType::Invoice, "currency"), values(ObjectType::Client, "currency-type"));
    assert_eq!(values(ObjectType::Agreement, "currency"), values(ObjectType::Client, "currency-type"));
}

/// Design §4.
#[test]
fn what_is_mapped_at_first() {
    insta::assert_snapshot!(mappings(ObjectType::Client), @"");
    insta::assert_snapshot!(mappings(ObjectType::Product), @"");
    insta::assert_snapshot!(mappings(ObjectType::Invoice), @"");
    insta::assert_snapshot!(mappings(ObjectType::Agreement), @"");
    insta::assert_snapshot!(mappings(ObjectType::Project), @"");
    insta::assert_snapshot!(mappings(ObjectType::LineItem), @"");
}
