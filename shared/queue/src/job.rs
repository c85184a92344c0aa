//! What messages say. The list is closed; a version stands in front so that messages of an older release are still read.

use domain::{Change, KleerCompanyId, ObjectType, PortalId, RunId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The version written by this release.
const VERSION: u32 = 1;

/// A message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Envelope {
    /// The version of the format.
    pub version: u32,
    /// Whose.
    pub portal: PortalId,
    /// The Kleer company the portal was connected to when the message was made; dropped if that has changed, because Kleer
    /// ids are unique per company only.
    pub kleer_company: KleerCompanyId,
    /// What to do.
    pub job: Job,
}

/// The closed list of jobs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "job", rename_all = "snake_case")]
pub enum Job {
    /// Poll Kleer for one object type.
    Poll {
        /// Which.
        object: ObjectType,
        /// The slot of the schedule that was due.
        slot: Timestamp,
    },
    /// Write one page of a plan to HubSpot.
    Page(Page),
}

/// Some hundred changes of one run; they touch different records, so pages of a run may be applied side by side.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page {
    /// The type.
    pub object: ObjectType,
    /// The run that planned it.
    pub run: RunId,
    /// Its number in the run, from 0.
    pub number: u64,
    /// The HubSpot object it goes to.
    pub hubspot_object: String,
    /// The HubSpot object that rows go to.
    pub line_object: String,
    /// The unique property that records are found by in HubSpot.
    pub key: String,
    /// The same for rows.
    pub line_key: String,
    /// What to write.
    pub changes: Vec<Change>,
}

/// A message that this release cannot read.
#[derive(Debug, thiserror::Error)]
#[error("a message could not be read: {0}")]
pub struct UnreadableJob(String);

impl Envelope {
    /// A message of the current version.
    #[must_use]
    pub const fn new(portal: PortalId, kleer_company: KleerCompanyId, job: Job) -> Self {
        Self { version: VERSION, portal, kleer_company, job }
    }

    /// Reads a body.
    ///
    /// # Errors
    /// If it is no message, or of a version to come.
    pub fn read(body: &str) -> Result<Self, UnreadableJob> {
        let envelope: Self = serde_json::from_str(body).map_err(|e| UnreadableJob(e.to_string()))?;
        if envelope.version > VERSION {
            return Err(UnreadableJob(format!("version {} is newer than this release", envelope.version)));
        }
        Ok(envelope)
    }
}
