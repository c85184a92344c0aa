//! A portal that installed us, and what it chose.

use std::time::Duration;

use jiff::civil::Date;
use jiff::{Span, Timestamp};
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
}

/// What a portal chose for synchronization as a whole (contract product §4 Sync Configuration).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SyncSettings {
    /// How far back invoices are synchronized, in months of the invoice date; none means all of them.
    pub invoice_window_months: Option<u32>,
    /// At first contact, HubSpot companies that carry a client's organization or VAT number are taken to be that client.
    pub match_companies: bool,
    /// Companies may be listed for matching however many there are.
    pub match_any_number: bool,
    /// The pipeline of projects; the portal's first if none.
    pub project_pipeline: Option<String>,
}

impl Default for SyncSettings {
    /// What a new installation starts with.
    fn default() -> Self {
        Self { invoice_window_months: Some(12), match_companies: true, match_any_number: false, project_pipeline: None }
    }
}

impl SyncSettings {
    /// The first invoice date of the window; none if all invoices are in it.
    #[must_use]
    pub fn invoices_from(&self, today: Date) -> Option<Date> {
        let months = self.invoice_window_months?;
        // More months than the calendar has are all of them.
        let back = Span::new().try_months(months);
        Some(back.map_or(Date::MIN, |back| today.saturating_sub(back)))
    }
}

#[cfg(test)]
mod tests;
