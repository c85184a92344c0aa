//! A portal that installed us, and what it chose.

use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::ids::{KleerCompanyId, PortalId};
use crate::mapping::FieldMapping;
use crate::spec::{ObjectSpec, ObjectType};

/// One HubSpot portal connected to one Kleer company.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Installation {
    /// The portal.
    pub portal: PortalId,
    /// The company in Kleer.
    pub kleer_company: KleerCompanyId,
    /// Since when.
    pub created_at: Timestamp,
}

/// What a portal chose for one object type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ObjectSettings {
    /// The type.
    pub object: ObjectType,
    /// Switched on.
    pub enabled: bool,
    /// The HubSpot object it goes to: its name in paths, or an object type id.
    pub hubspot_object: String,
    /// The mappings table.
    pub mappings: Vec<FieldMapping>,
    /// Seconds between two polls; the type's own interval if none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interval_s: Option<u32>,
}

impl ObjectSettings {
    /// What a new installation starts with.
    #[must_use]
    pub fn defaults(spec: &ObjectSpec, enabled: bool, now: Timestamp) -> Self {
        Self {
            object: spec.object,
            enabled,
            hubspot_object: spec.hubspot_object.to_owned(),
            mappings: FieldMapping::defaults(spec, now),
            interval_s: None,
        }
    }

    /// The pause between two polls.
    #[must_use]
    pub fn interval(&self, spec: &ObjectSpec) -> Duration {
        self.interval_s.map_or(spec.interval, |seconds| Duration::from_secs(u64::from(seconds.max(1))))
    }

    /// The names of all mapped properties.
    pub fn properties(&self) -> impl Iterator<Item = &str> {
        self.mappings.iter().map(|mapping| mapping.property.as_str())
    }
}

#[cfg(test)]
mod tests;
