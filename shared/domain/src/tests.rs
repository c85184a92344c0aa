//! What the tests of this crate share: one small object type and a portal's properties.

use std::time::Duration;

use jiff::Timestamp;
use rust_decimal::Decimal;

use crate::{
    Direction, EnumValue, FieldKind, FieldMapping, FieldSpec, KleerId, ObjectSpec, ObjectType, PropertyDefinition,
    PropertyOption, PropertyType, Schema, SourceRecord, Value,
};

/// A client with a field of most kinds.
pub(crate) static SPEC: ObjectSpec = ObjectSpec {
    object: ObjectType::Client,
    label: "client",
    hubspot_object: "companies",
    direction: Direction::TwoWay,
    interval: Duration::from_secs(900),
    fields: &[
        FieldSpec { name: "name", label: "Name", kind: FieldKind::Text },
        FieldSpec { name: "address.city", label: "City", kind: FieldKind::Text },
        FieldSpec { name: "type", label: "Type", kind: FieldKind::Enumeration(TYPES) },
        FieldSpec { name: "price", label: "Price", kind: FieldKind::Money },
        FieldSpec { name: "active", label: "Active", kind: FieldKind::Boolean },
    ],
    required: &["name"],
    default_mappings: &[("name", "name"), ("address.city", "city"), ("active", "kleer_active")],
    active_field: Some("active"),
};

const TYPES: &[EnumValue] = &[EnumValue { value: "Goods", label: "Goods" }];

pub(crate) fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub(crate) fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

pub(crate) fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

/// A mapping; an empty field or default is none.
pub(crate) fn mapping(field: &str, property: &str, default: &str) -> FieldMapping {
    let given = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    let now = at("2026-11-20T08:00:00Z");
    FieldMapping {
        field: given(field),
        property: property.to_owned(),
        default: given(default),
        created_at: now,
        updated_at: now,
    }
}

pub(crate) fn definition(property_type: PropertyType) -> PropertyDefinition {
    PropertyDefinition { property_type, options: Vec::new(), read_only: false }
}

/// An enumeration with these options, value and label.
pub(crate) fn enumeration(options: &[(&str, &str)]) -> PropertyDefinition {
    let option = |(value, label): &(&str, &str)| PropertyOption { value: (*value).into(), label: (*label).into() };
    PropertyDefinition { options: options.iter().map(option).collect(), ..definition(PropertyType::Enumeration) }
}

pub(crate) fn schema(properties: &[(&str, PropertyDefinition)]) -> Schema {
    Schema {
        hubspot_object: "companies".to_owned(),
        properties: properties.iter().map(|(name, definition)| ((*name).to_owned(), definition.clone())).collect(),
        checked_at: at("2026-11-20T08:00:00Z"),
    }
}

pub(crate) fn record(id: i64, values: &[(&'static str, Value)]) -> SourceRecord {
    SourceRecord { id: KleerId(id), values: values.iter().cloned().collect() }
}
