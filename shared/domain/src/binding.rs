//! The pair of a Kleer record and its HubSpot record.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::base::Base;
use crate::fingerprint::Fingerprint;
use crate::ids::{HubspotId, KleerId, RunId};
use crate::record::Exclusion;

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
    /// Written, but a record that it belongs to is not in HubSpot yet.
    Waiting,
    /// Not synchronized by rule.
    Excluded(Exclusion),
    /// Several HubSpot records may be this one, or this one several Kleer records'; a person has to say.
    Doubtful,
    /// Its HubSpot record became part of another Kleer record's; synchronized in neither direction until a person says.
    Merged,
}

impl RecordState {
    const ALL: [Self; 10] = [
        Self::InSync,
        Self::Failing,
        Self::DeletedInKleer,
        Self::DeletedInHubspot,
        Self::Waiting,
        Self::Excluded(Exclusion::Draft),
        Self::Excluded(Exclusion::Credit),
        Self::Excluded(Exclusion::OutsideWindow),
        Self::Doubtful,
        Self::Merged,
    ];

    /// The name in the store.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::InSync => "in_sync",
            Self::Failing => "failing",
            Self::DeletedInKleer => "deleted_in_kleer",
            Self::DeletedInHubspot => "deleted_in_hubspot",
            Self::Waiting => "waiting",
            Self::Excluded(Exclusion::Draft) => "excluded_draft",
            Self::Excluded(Exclusion::Credit) => "excluded_credit",
            Self::Excluded(Exclusion::OutsideWindow) => "excluded_outside_window",
            Self::Doubtful => "doubtful",
            Self::Merged => "merged",
        }
    }

    /// From [`RecordState::as_str`].
    #[must_use]
    pub fn from_text(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.as_str() == text)
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
    /// Its rows in HubSpot, and what they were last told.
    pub rows: BoundRows,
    /// The records that it was associated with.
    pub associated: BTreeSet<Association>,
    /// The number by which other records refer to it.
    pub number: Option<String>,
    /// See [`crate::SourceRecord::open_since`].
    pub open_since: Option<Date>,
}

/// The rows of a record in HubSpot.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BoundRows {
    /// The HubSpot object that they are records of.
    pub hubspot_object: String,
    /// By their keys.
    pub rows: BTreeMap<String, BoundRow>,
}

/// One row in HubSpot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoundRow {
    /// The line item.
    pub hubspot_id: HubspotId,
    /// What it was last told.
    pub base: Base,
}

/// A record of HubSpot that another one is associated with.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Association {
    /// Its HubSpot object.
    pub hubspot_object: String,
    /// Its id.
    pub hubspot_id: HubspotId,
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
    /// See [`Binding::open_since`].
    pub open_since: Option<Date>,
    /// See [`Binding::number`].
    pub number: Option<String>,
}

/// All bindings of one portal and object type.
pub type BindingIndex = HashMap<KleerId, BindingSummary>;

#[cfg(test)]
mod tests;
