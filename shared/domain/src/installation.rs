//! A portal that installed us, and what it chose.

use std::time::Duration;

use jiff::civil::Date;
use jiff::{Span, Timestamp};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::ids::{KleerCompanyId, KleerId, PortalId};
use crate::mapping::FieldMapping;
use crate::spec::{ObjectSpec, ObjectType, hubspot_object_name};

/// One HubSpot portal that installed us, connected to one Kleer company or not yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Installation {
    /// The portal.
    pub portal: PortalId,
    /// The company in Kleer; none until its credentials are saved.
    pub kleer_company: Option<KleerCompanyId>,
    /// Since when.
    pub created_at: Timestamp,
    /// Who installed us: who is told when the connection is lost. None with a static token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub installer: Option<Installer>,
    /// Why nothing is synchronized any more; none while the portal is connected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disconnected: Option<Disconnected>,
}

/// The HubSpot user who installed us.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Installer {
    /// The user's number in HubSpot.
    pub user_id: u64,
    /// The user's address, where HubSpot says it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
}

/// A connection that ended. Credentials are forgotten at once, everything else later (design §3 Secrets; product contract §8).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Disconnected {
    /// When.
    pub at: Timestamp,
    /// Why, a sentence for people.
    pub reason: String,
}

impl Installation {
    /// A portal that is connected from now on, with nobody known who installed us.
    #[must_use]
    pub const fn new(portal: PortalId, kleer_company: Option<KleerCompanyId>, now: Timestamp) -> Self {
        Self { portal, kleer_company, created_at: now, installer: None, disconnected: None }
    }

    /// The company to synchronize with; none if the portal is disconnected at either end.
    #[must_use]
    pub fn active_company(&self) -> Option<KleerCompanyId> {
        self.kleer_company.filter(|_| self.disconnected.is_none())
    }
}

/// What a portal chose for one object type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ObjectSettings {
    /// The type.
    pub object: ObjectType,
    /// Switched on.
    pub enabled: bool,
    /// The HubSpot object it goes to: the name in paths of one of HubSpot's own, whatever was chosen (see
    /// [`hubspot_object_name`]), or a custom object's name or id.
    #[serde(serialize_with = "write_object", deserialize_with = "read_object")]
    pub hubspot_object: String,
    /// The mappings table.
    pub mappings: Vec<FieldMapping>,
    /// A record that a person makes in HubSpot is made in Kleer too. Off unless somebody switched it on: a CRM holds prospects
    /// that do not belong in a ledger.
    #[serde(default)]
    pub create_in_kleer: bool,
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
            create_in_kleer: false,
            interval_s: None,
        }
    }

    /// The pause between two polls.
    #[must_use]
    pub fn interval(&self, spec: &ObjectSpec) -> Duration {
        self.interval_s.map_or(spec.interval, |seconds| Duration::from_secs(u64::from(seconds.max(1))))
    }
}

/// Stored by the one name that everything compares: `0-53` and `invoices` are the same object.
fn write_object<S: Serializer>(object: &str, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(hubspot_object_name(object))
}

fn read_object<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    Ok(hubspot_object_name(&String::deserialize(deserializer)?).to_owned())
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
    /// The product in Kleer of line items that name none, where a workflow action makes rows of them.
    pub default_product: Option<KleerId>,
}

impl Default for SyncSettings {
    /// What a new installation starts with.
    fn default() -> Self {
        Self {
            invoice_window_months: Some(12),
            match_companies: true,
            match_any_number: false,
            project_pipeline: None,
            default_product: None,
        }
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
