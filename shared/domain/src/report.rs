//! What a run did, counted.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::ids::RunId;
use crate::spec::ObjectType;

/// Records counted by what became of them. `source` is the sum of all others, but for records gone from Kleer: marking one
/// in HubSpot counts as updated.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Records in Kleer that the run looked at.
    pub source: u64,
    /// Written to HubSpot for the first time.
    pub created: u64,
    /// Changed in HubSpot.
    pub updated: u64,
    /// Nothing to do.
    pub unchanged: u64,
    /// Written, but waiting for another record to be complete.
    pub waiting: u64,
    /// Refused, with a problem that says why.
    pub failed: u64,
    /// Not synchronized by rule.
    pub excluded: u64,
}

impl Counts {
    /// Adds other counts, field by field.
    pub fn add(&mut self, other: &Self) {
        self.source += other.source;
        self.created += other.created;
        self.updated += other.updated;
        self.unchanged += other.unchanged;
        self.waiting += other.waiting;
        self.failed += other.failed;
        self.excluded += other.excluded;
    }
}

/// What a run counts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Records.
    pub records: Counts,
    /// Their rows.
    pub line_items: Counts,
}

impl Tally {
    /// Adds another one.
    pub fn add(&mut self, other: &Self) {
        self.records.add(&other.records);
        self.line_items.add(&other.line_items);
    }
}

/// How far a run is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// Pages that the plan was cut into; none while Kleer is still being read.
    pub pages: Option<u64>,
    /// Pages applied.
    pub done: u64,
}

/// What is known of the last run of one object type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SyncReport {
    /// The type.
    pub object: ObjectType,
    /// The run; none if there never was one.
    pub run: Option<RunId>,
    /// When it began.
    pub started_at: Option<Timestamp>,
    /// When its last page was applied; none while it goes on or if it was interrupted.
    pub finished_at: Option<Timestamp>,
    /// How far it is.
    pub progress: Progress,
    /// What became of the records.
    pub counts: Counts,
    /// What became of their rows.
    pub line_items: Counts,
    /// Why it was interrupted, a sentence.
    pub interrupted: Option<String>,
}

#[cfg(test)]
mod tests;
