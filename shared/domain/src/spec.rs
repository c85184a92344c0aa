//! What is fixed about an object type: its fields, its defaults, its rhythm. The declarations themselves stand in
//! `sync::objects`, one file each; these are their words.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::property::PropertyType;

/// The closed list of what is synchronized, in the order of dependency: parents stand before their children.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ObjectType {
    /// A Kleer product, HubSpot's product library.
    Product,
    /// A Kleer client (a customer), a HubSpot company.
    Client,
    /// A Kleer agreement (recurring invoicing), a HubSpot subscription.
    Agreement,
    /// A Kleer client invoice, a HubSpot invoice.
    Invoice,
    /// A Kleer client project, a HubSpot project.
    Project,
    /// A row of an invoice or agreement, a HubSpot line item. It has mappings of its own, but no turn of its own: rows travel
    /// with the record that they belong to.
    LineItem,
}

impl ObjectType {
    /// All object types, parents first.
    pub const ALL: [Self; 6] =
        [Self::Product, Self::Client, Self::Agreement, Self::Invoice, Self::Project, Self::LineItem];

    /// Those that have a turn of their own, parents first.
    pub const POLLED: [Self; 5] = [Self::Product, Self::Client, Self::Agreement, Self::Invoice, Self::Project];

    /// The name in keys, options and JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Product => "product",
            Self::Client => "client",
            Self::Agreement => "agreement",
            Self::Invoice => "invoice",
            Self::Project => "project",
            Self::LineItem => "line_item",
        }
    }
}

impl fmt::Display for ObjectType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A name that is no object type.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not an object type; known are: product, client, agreement, invoice, project, line_item")]
pub struct UnknownObjectType(String);

impl FromStr for ObjectType {
    type Err = UnknownObjectType;

    fn from_str(text: &str) -> Result<Self, UnknownObjectType> {
        Self::ALL.into_iter().find(|known| known.as_str() == text).ok_or_else(|| UnknownObjectType(text.to_owned()))
    }
}

/// Which way a type's changes travel (contract product §5.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// Kleer to HubSpot only.
    OneWay,
    /// Both ways: HubSpot may also speak back.
    TwoWay,
}

/// One allowed value of an enumerated field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EnumValue {
    /// The value as it is stored in HubSpot.
    pub value: &'static str,
    /// What a person reads.
    pub label: &'static str,
}

/// How a Kleer field is read and what its values mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldKind {
    /// Text.
    Text,
    /// Text over several lines.
    LongText,
    /// One of a list that may grow: unknown values pass through.
    Enumeration(&'static [EnumValue]),
    /// A whole number.
    Integer,
    /// A number that Kleer gives when it is time, an invoice's; 0 means not yet (design §3 Empty values).
    SerialNumber,
    /// The id of another Kleer record; 0 means none (contract kleer-api §7).
    Reference,
    /// A number that may have decimals: hours, a quantity, a currency rate.
    Decimal,
    /// Whole minor units (öre); ÷ 100 outward.
    Money,
    /// A rate that Kleer gives as a fraction or as a percentage, told apart at 1; a percentage outward (design §3 Money).
    Rate,
    /// Yes or no.
    Boolean,
    /// A plain date on the calendar of Europe/Stockholm.
    Date,
}

/// One field of a Kleer entity that may be mapped (contract product §6).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FieldSpec {
    /// Path in Kleer's document, `address.zip-code`.
    pub name: &'static str,
    /// Label for people, English.
    pub label: &'static str,
    /// How it is read.
    pub kind: FieldKind,
}

impl FieldSpec {
    /// How a HubSpot property is made for this field.
    #[must_use]
    pub const fn property_plan(&self) -> PropertyPlan {
        let (property_type, field_type) = match self.kind {
            FieldKind::Text => (PropertyType::String, "text"),
            FieldKind::LongText => (PropertyType::String, "textarea"),
            FieldKind::Enumeration(_) => (PropertyType::Enumeration, "select"),
            FieldKind::Integer
            | FieldKind::SerialNumber
            | FieldKind::Reference
            | FieldKind::Decimal
            | FieldKind::Money
            | FieldKind::Rate => (PropertyType::Number, "number"),
            FieldKind::Boolean => (PropertyType::Bool, "booleancheckbox"),
            FieldKind::Date => (PropertyType::Date, "date"),
        };
        PropertyPlan { property_type, field_type }
    }
}

/// Whether Kleer takes a field from us (contract kleer-api §7.1, §8).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Writable {
    /// Always.
    Yes,
    /// Only when the record is made; later it stays as it is.
    OnlyAtCreation,
    /// Never.
    Never,
}

/// What Kleer takes of a field, where that is not simply everything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FieldRule {
    /// The field.
    pub field: &'static str,
    /// Whether it can be written.
    pub writable: Writable,
    /// Whether it can be emptied.
    pub clearable: bool,
}

/// Type and field type of a property that we create (valid pairs: contract hubspot-crm §7).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PropertyPlan {
    /// HubSpot `type`.
    pub property_type: PropertyType,
    /// HubSpot `fieldType`.
    pub field_type: &'static str,
}

/// What keeps HubSpot from charging anybody (contract product §5.4): written with every record of these objects, whatever is
/// mapped and whatever Kleer calls the record.
const FIXED: &[(&str, &[(&str, &str)])] =
    &[("invoices", &[("hs_invoice_billable", "false")]), ("subscriptions", &[("hs_invoice_creation", "off")])];

/// HubSpot's own objects that records may go to: name in paths, singular, object type id (contract hubspot-crm §3.1).
const OBJECTS: [(&str, &str, &str); 7] = [
    ("companies", "company", "0-2"),
    ("deals", "deal", "0-3"),
    ("products", "product", "0-7"),
    ("line_items", "line_item", "0-8"),
    ("invoices", "invoice", "0-53"),
    ("subscriptions", "subscription", "0-69"),
    ("projects", "project", "0-970"),
];

/// The one name by which an object of HubSpot's own is known here, however it was written: `0-53` and `invoice` are
/// `invoices`. Anything else, such as a custom object, stays as it is.
#[must_use]
pub fn hubspot_object_name(text: &str) -> &str {
    let is = |known: &str| known.eq_ignore_ascii_case(text.trim());
    let known = OBJECTS.iter().find(|(name, singular, id)| is(name) || is(singular) || is(id));
    known.map_or(text, |(name, ..)| name)
}

/// What is always written to a HubSpot object, by its name or its id: it depends on the object alone, because any type may go
/// there.
#[must_use]
pub fn fixed_on(hubspot_object: &str) -> &'static [(&'static str, &'static str)] {
    let name = hubspot_object_name(hubspot_object);
    FIXED.iter().find(|(object, _)| *object == name).map_or(&[], |(_, fixed)| *fixed)
}

/// Whether a property keeps HubSpot from charging, on whichever object: nobody may map it.
pub(crate) fn is_fixed(property: &str) -> bool {
    FIXED.iter().any(|(_, fixed)| fixed.iter().any(|(name, _)| *name == property))
}

/// Everything fixed about one object type. Made once, in `sync::objects`.
#[derive(Debug, Clone, Copy)]
pub struct ObjectSpec {
    /// Which one.
    pub object: ObjectType,
    /// What people call one of them in Kleer, English.
    pub label: &'static str,
    /// The HubSpot object by default: its name in paths.
    pub hubspot_object: &'static str,
    /// Which way changes travel.
    pub direction: Direction,
    /// Pause between two polls unless the installation says otherwise (contract product §5.1).
    pub interval: Duration,
    /// All fields that may be mapped.
    pub fields: &'static [FieldSpec],
    /// Fields that must be mapped before the type can be switched on, and must have a value in a record.
    pub required: &'static [&'static str],
    /// The mappings a new installation starts with: field, property (design §4).
    pub default_mappings: &'static [(&'static str, &'static str)],
    /// The field that says that a record is gone from Kleer, and what it says then.
    pub when_gone: Option<(&'static str, &'static str)>,
    /// Properties that are written by rules of their own, and cannot be mapped.
    pub reserved: &'static [&'static str],
    /// What Kleer does not take back of a two-way type's fields; any other field can be written and emptied.
    pub rules: &'static [FieldRule],
}

impl ObjectSpec {
    /// The field of that name.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&'static FieldSpec> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// Whether Kleer takes a field from us.
    #[must_use]
    pub fn writable(&self, field: &str) -> Writable {
        self.rule(field).map_or(Writable::Yes, |rule| rule.writable)
    }

    /// Whether a field may be emptied in Kleer. A required one never is.
    #[must_use]
    pub fn clearable(&self, field: &str) -> bool {
        !self.required.contains(&field) && self.rule(field).is_none_or(|rule| rule.clearable)
    }

    fn rule(&self, field: &str) -> Option<&'static FieldRule> {
        self.rules.iter().find(|rule| rule.field == field)
    }
}

#[cfg(test)]
mod tests;
