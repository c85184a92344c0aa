//! What the tests of this crate share: small object types, a portal's properties, what is in HubSpot already.

use std::time::Duration;

use jiff::Timestamp;
use rust_decimal::Decimal;

use crate::{
    BindingSummary, Direction, EnumValue, FieldKind, FieldMapping, FieldSpec, HubspotId, KleerId, ObjectSpec,
    ObjectType, PropertyDefinition, PropertyOption, PropertyType, Schema, SourceRecord, SourceRow, TargetType, Value,
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
    when_gone: Some(("active", "false")),
    reserved: &[],
    rules: &[],
};

const TYPES: &[EnumValue] = &[EnumValue { value: "Goods", label: "Goods" }];

/// An invoice, as far as planning needs it.
pub(crate) static INVOICE: ObjectSpec = ObjectSpec {
    object: ObjectType::Invoice,
    label: "invoice",
    hubspot_object: "invoices",
    direction: Direction::OneWay,
    interval: Duration::from_secs(1800),
    fields: &[
        FieldSpec { name: "invoice-nr", label: "Invoice number", kind: FieldKind::SerialNumber },
        FieldSpec { name: "notes", label: "Notes", kind: FieldKind::LongText },
        FieldSpec { name: "_status", label: "Status", kind: FieldKind::Enumeration(STATUSES) },
    ],
    required: &[],
    default_mappings: &[("invoice-nr", "hs_number"), ("_status", "hs_invoice_status")],
    when_gone: Some(("_status", "voided")),
    reserved: &[],
    rules: &[],
};

const STATUSES: &[EnumValue] =
    &[EnumValue { value: "open", label: "Open" }, EnumValue { value: "voided", label: "Voided" }];

/// A row of an invoice or an agreement.
pub(crate) static ROW: ObjectSpec = ObjectSpec {
    object: ObjectType::LineItem,
    label: "line item",
    hubspot_object: "line_items",
    direction: Direction::OneWay,
    interval: Duration::from_secs(1800),
    fields: &[
        FieldSpec { name: "description", label: "Description", kind: FieldKind::LongText },
        FieldSpec { name: "quantity", label: "Quantity", kind: FieldKind::Decimal },
        FieldSpec { name: "price", label: "Price", kind: FieldKind::Money },
        FieldSpec { name: "unit", label: "Unit", kind: FieldKind::Text },
        FieldSpec { name: "product.id", label: "Product (ID)", kind: FieldKind::Reference },
    ],
    required: &[],
    default_mappings: &[
        ("description", "name"),
        ("quantity", "quantity"),
        ("price", "price"),
        ("product.id", "hs_product_id"),
        ("unit", "kleer_unit"),
    ],
    when_gone: None,
    reserved: &[],
    rules: &[],
};

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
    PropertyDefinition { property_type, options: Vec::new(), read_only: false, ours: false }
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
        key: crate::projection::KEY_PROPERTY.to_owned(),
        stages: None,
        refused: std::collections::BTreeMap::new(),
    }
}

pub(crate) fn record(id: i64, values: &[(&'static str, Value)]) -> SourceRecord {
    SourceRecord { values: values.iter().cloned().collect(), ..SourceRecord::new(KleerId(id)) }
}

/// A row with these values; its product is `product.id` among them, as objects are read.
pub(crate) fn row(key: &str, values: &[(&'static str, Value)]) -> SourceRow {
    let product = values.iter().find_map(|(name, value)| match value {
        Value::Number(id) if *name == "product.id" => Some(KleerId(i64::try_from(*id).unwrap())),
        _ => None,
    });
    SourceRow { key: key.to_owned(), values: values.iter().cloned().collect(), product, billing_frequency: None }
}

/// What is remembered of a record that is in HubSpot: record 12 is there as 9012.
pub(crate) fn in_hubspot(id: i64) -> BindingSummary {
    BindingSummary { version: 1, hubspot_id: Some(HubspotId(format!("90{id}"))), ..BindingSummary::default() }
}

/// A type that is switched on, with these records known.
pub(crate) fn target_type(hubspot_object: &str, bindings: &[(i64, BindingSummary)]) -> TargetType {
    TargetType {
        enabled: true,
        hubspot_object: hubspot_object.to_owned(),
        bindings: bindings.iter().map(|(id, binding)| (KleerId(*id), binding.clone())).collect(),
    }
}
