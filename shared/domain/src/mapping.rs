//! Field mappings: which Kleer field fills which HubSpot property, and with what when it is empty.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::projection::{KEY_PROPERTY, SYNC_KEY_PROPERTY};
use crate::spec::{ObjectSpec, is_fixed};

/// One row of the mappings table (contract product §4).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldMapping {
    /// The Kleer field; none sets the default alone.
    pub field: Option<String>,
    /// The HubSpot property.
    pub property: String,
    /// Counts as the value outward when the field is empty; never written to Kleer (design §3 Empty values).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

impl FieldMapping {
    /// The mappings a new installation starts with.
    #[must_use]
    pub fn defaults(spec: &ObjectSpec, now: Timestamp) -> Vec<Self> {
        let new = |&(field, property): &(&str, &str)| Self {
            field: Some(field.to_owned()),
            property: property.to_owned(),
            default: None,
            created_at: now,
            updated_at: now,
        };
        spec.default_mappings.iter().map(new).collect()
    }

    /// The property that takes the field's value where the mapped one is read-only in a portal (design §4); none for a mere
    /// default value, and where it is that property itself.
    #[must_use]
    pub fn twin(&self) -> Option<String> {
        let twin = crate::suggested_property_name(self.field.as_deref()?);
        (twin != self.property).then_some(twin)
    }
}

/// Why a set of mappings cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MappingFault {
    /// A required field is not mapped.
    #[error("the field {0:?} must be mapped before this type can be switched on")]
    RequiredFieldMissing(String),
    /// Two mappings write the same property.
    #[error("the property {0:?} is mapped twice; keep one of the two mappings")]
    DuplicateProperty(String),
    /// No such field in Kleer.
    #[error("Kleer has no field {0:?} on this type; remove the mapping or choose another field")]
    UnknownField(String),
    /// A property that this product writes itself.
    #[error("the property {0:?} belongs to the connection itself and cannot be mapped")]
    ReservedProperty(String),
}

/// Everything wrong with a set of mappings; empty when it can be used.
#[must_use]
pub fn check_mappings(spec: &ObjectSpec, mappings: &[FieldMapping]) -> Vec<MappingFault> {
    let ours = |property: &str| property == KEY_PROPERTY || property == SYNC_KEY_PROPERTY;
    // Any type may go to the object that has them.
    let fixed = |property: &str| is_fixed(property) || spec.reserved.contains(&property);
    let mut faults = Vec::new();
    let mut seen = BTreeSet::new();
    for mapping in mappings {
        if !seen.insert(mapping.property.as_str()) {
            faults.push(MappingFault::DuplicateProperty(mapping.property.clone()));
        }
        if ours(&mapping.property) || fixed(&mapping.property) {
            faults.push(MappingFault::ReservedProperty(mapping.property.clone()));
        }
        if let Some(field) = mapping.field.as_deref().filter(|field| spec.field(field).is_none()) {
            faults.push(MappingFault::UnknownField(field.to_owned()));
        }
    }
    for required in spec.required {
        if !mappings.iter().any(|mapping| mapping.field.as_deref() == Some(required)) {
            faults.push(MappingFault::RequiredFieldMissing((*required).to_owned()));
        }
    }
    faults
}

#[cfg(test)]
mod tests;
