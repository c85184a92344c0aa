//! The pair of a Kleer record and its HubSpot record.

use std::collections::HashMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::base::Base;
use crate::fingerprint::Fingerprint;
use crate::ids::{HubspotId, KleerId, RunId};

/// Where a record stands. No record is without a state.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RecordState {
    /// HubSpot says what Kleer says.
    #[default]
    InSync,
    /// The last write was refused; there is a problem that says why.
    Failing,
    /// Gone from Kleer; the HubSpot record stays.
    DeletedInKleer,
    /// Deleted in HubSpot; not recreated unless a user asks.
    DeletedInHubspot,
}

impl RecordState {
    /// The name in the store.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::InSync => "in_sync",
            Self::Failing => "failing",
            Self::DeletedInKleer => "deleted_in_kleer",
            Self::DeletedInHubspot => "deleted_in_hubspot",
        }
    }

    /// From [`RecordState::as_str`].
    #[must_use]
    pub fn from_text(text: &str) -> Option<Self> {
        [Self::InSync, Self::Failing, Self::DeletedInKleer, Self::DeletedInHubspot]
            .into_iter()
            .find(|known| known.as_str() == text)
    }
}

/// Everything kept about one pair. Written only under a condition on `version`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Binding {
    /// Counts the writes of this binding; 0 means that it was never written.
    pub version: u64,
    /// The HubSpot record; none while its first write has not succeeded.
    pub hubspot_id: Option<HubspotId>,
    /// What was last written completely.
    pub fingerprint: Option<Fingerprint>,
    /// The same, property by property.
    pub base: Base,
    /// Where it stands.
    pub state: RecordState,
    /// The run that wrote it last.
    pub run: Option<RunId>,
    /// What was refused, while failing: a different fingerprint is tried at once.
    pub failed_fingerprint: Option<Fingerprint>,
    /// When the same is tried again, while failing.
    pub retry_at: Option<Timestamp>,
    /// Refusals in a row.
    pub failures: u32,
}

/// The part of a binding that planning needs; small, because a plan holds all of a portal's at once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BindingSummary {
    /// See [`Binding::version`].
    pub version: u64,
    /// See [`Binding::hubspot_id`].
    pub hubspot_id: Option<HubspotId>,
    /// See [`Binding::fingerprint`].
    pub fingerprint: Option<Fingerprint>,
    /// See [`Binding::state`].
    pub state: RecordState,
    /// See [`Binding::failed_fingerprint`].
    pub failed_fingerprint: Option<Fingerprint>,
    /// See [`Binding::retry_at`].
    pub retry_at: Option<Timestamp>,
}

/// All bindings of one portal and object type.
pub type BindingIndex = HashMap<KleerId, BindingSummary>;

#[cfg(test)]
mod tests;
