//! What we know of a portal's properties.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::content::Stage;
use crate::mapping::FieldMapping;

/// HubSpot's property types (contract hubspot-crm §7, §10).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PropertyType {
    /// Text of at most 65,536 characters.
    String,
    /// A decimal number, sent and received as text.
    Number,
    /// `true` or `false`.
    Bool,
    /// One of its options.
    Enumeration,
    /// A plain date.
    Date,
    /// A moment.
    #[serde(rename = "datetime")]
    DateTime,
    /// A type this code does not know; values go out as plain text.
    #[serde(other)]
    Other,
}

impl PropertyType {
    /// The name on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::String => "string",
            Self::Number => "number",
            Self::Bool => "bool",
            Self::Enumeration => "enumeration",
            Self::Date => "date",
            Self::DateTime => "datetime",
            Self::Other => "other",
        }
    }

    /// The type of that name; `phone_number` and whatever comes later are [`PropertyType::Other`].
    #[must_use]
    pub fn from_wire(name: &str) -> Self {
        [Self::String, Self::Number, Self::Bool, Self::Enumeration, Self::Date, Self::DateTime]
            .into_iter()
            .find(|known| known.as_str() == name)
            .unwrap_or(Self::Other)
    }
}

/// One option of an enumeration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PropertyOption {
    /// What is stored.
    pub value: String,
    /// What people read.
    pub label: String,
}

/// A property of a portal, as far as writing to it needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PropertyDefinition {
    /// Its type.
    #[serde(rename = "type")]
    pub property_type: PropertyType,
    /// The options of an enumeration; empty where HubSpot does not list them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<PropertyOption>,
    /// Values cannot be set.
    #[serde(default)]
    pub read_only: bool,
    /// Made by us: its options may be added to.
    #[serde(default)]
    pub ours: bool,
}

/// The mapped properties of one HubSpot object in one portal, kept so that steady state asks nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Schema {
    /// The HubSpot object these belong to.
    pub hubspot_object: String,
    /// Mapped properties by name.
    pub properties: BTreeMap<String, PropertyDefinition>,
    /// When HubSpot was asked; asked again daily.
    pub checked_at: Timestamp,
    /// The unique property by which records are found: `kleer_id`, unless the portal has one that is not unique.
    #[serde(default = "kleer_id")]
    pub key: String,
    /// Where projects stand; none for other objects.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stages: Option<Stages>,
    /// Properties that HubSpot does not let us write although it does not say so beforehand, and since when we know.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub refused: BTreeMap<String, Timestamp>,
}

fn kleer_id() -> String {
    crate::projection::KEY_PROPERTY.to_owned()
}

/// The stages of a portal's pipeline that Kleer's status chooses between.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stages {
    /// The pipeline.
    pub pipeline: String,
    /// Its first open stage.
    pub open: String,
    /// Its first closed stage.
    pub closed: String,
}

impl Stages {
    /// The stage of a project.
    #[must_use]
    pub fn of(&self, closed: bool) -> Stage {
        let stage = if closed { &self.closed } else { &self.open };
        Stage { closed, pipeline: self.pipeline.clone(), stage: stage.clone() }
    }
}

impl Schema {
    /// Whether every property that these mappings write is known here.
    #[must_use]
    pub fn covers(&self, hubspot_object: &str, mappings: &[FieldMapping]) -> bool {
        self.hubspot_object == hubspot_object && mappings.iter().all(|mapping| self.is_covered(mapping))
    }

    fn is_covered(&self, mapping: &FieldMapping) -> bool {
        let Some(definition) = self.properties.get(&mapping.property) else { return false };
        !definition.read_only || mapping.twin().is_none_or(|twin| self.properties.contains_key(&twin))
    }
}

/// The property suggested for a field: `address.zip-code` becomes `kleer_address_zip_code` (design §4).
#[must_use]
pub fn suggested_property_name(field: &str) -> String {
    format!("kleer_{}", field.trim_start_matches('_').replace(['.', '-'], "_"))
}

#[cfg(test)]
mod tests;
