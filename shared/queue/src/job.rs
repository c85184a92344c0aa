//! What messages say. The list is closed; a version stands in front so that messages of an older release are still read.

use domain::{Change, HubspotId, KleerCompanyId, KleerId, ObjectType, PortalId, RunId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{BODY_LIMIT, Error};

/// The version written by this release.
const VERSION: u32 = 1;

/// How many letters are told of what is wrong with a message.
const UNREADABLE: usize = 200;

/// How many changes of one portal are worked on side by side.
const LANES: u32 = 4;

/// A message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Envelope {
    /// The version of the format.
    pub version: u32,
    /// Whose.
    pub portal: PortalId,
    /// The Kleer company the portal was connected to when the message was made, if any; dropped if that has changed, because
    /// Kleer ids are unique per company only.
    pub kleer_company: Option<KleerCompanyId>,
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
    /// A record of HubSpot may have changed: read it, and bring to Kleer what a person changed.
    Import(Import),
    /// Read one record of Kleer and write it to HubSpot now, whatever the schedule says.
    Push(Push),
    /// Compare what HubSpot says of a type's records with what it was told.
    Verify {
        /// The type.
        object: ObjectType,
        /// The slot of the schedule that was due, or the moment at which a person asked.
        slot: Timestamp,
        /// The record to go on after; none at the beginning.
        after: Option<KleerId>,
    },
    /// Look for what was changed in HubSpot lately.
    Search {
        /// The type.
        object: ObjectType,
        /// The slot of the schedule that was due.
        slot: Timestamp,
    },
    /// Make in a portal that was just installed what its mappings need.
    Provision,
    /// Forget everything about a portal that left long ago.
    Forget,
    /// A person asked for something to be done to all records of a type.
    Mend {
        /// The type.
        object: ObjectType,
        /// What.
        what: Mend,
        /// The record to go on after; none at the beginning.
        after: Option<KleerId>,
    },
    /// Find out what a run of a type would do, for a person who waits for it.
    Preview {
        /// The type.
        object: ObjectType,
        /// When it was asked for; a later question takes its place.
        asked_at: Timestamp,
    },
    /// Take the ids of the former Kleer company off HubSpot's records and forget them, then connect to the new one.
    StartAfresh,
    /// Do several that were due together, one after the other: each message costs, and most of what is due is due together.
    Together {
        /// Jobs of the same queue, none of which is one of this kind.
        jobs: Vec<Job>,
    },
}

/// What a person can have done to all records of a type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mend {
    /// What was refused is tried again now, instead of when its pause is over.
    Retry,
    /// Everything is written again, whatever HubSpot was told before.
    Resync,
}

/// What HubSpot says of a record, or what we found out about it. A hint only: the worker reads the record itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Import {
    /// The HubSpot object: its name in paths (see [`domain::hubspot_object_name`]).
    pub hubspot_object: String,
    /// The record.
    pub hubspot_id: HubspotId,
    /// What happened to it.
    pub event: RecordEvent,
    /// When, by HubSpot's clock; the latest of several.
    pub at: Timestamp,
}

/// What can happen to a record in HubSpot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RecordEvent {
    /// Properties of it changed.
    Changed,
    /// It was made.
    Created,
    /// It was deleted.
    Deleted,
    /// It was deleted, and is there again.
    Restored,
    /// Other records became part of it.
    Merged(Vec<HubspotId>),
}

impl RecordEvent {
    /// Whether it is about what the record says, rather than about whether it is there.
    #[must_use]
    pub const fn is_about_values(&self) -> bool {
        matches!(self, Self::Changed | Self::Created)
    }
}

/// One record that a workflow action just made or changed in Kleer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Push {
    /// The type.
    pub object: ObjectType,
    /// The record.
    pub kleer_id: KleerId,
    /// The records of HubSpot that it is associated with besides those that Kleer knows: the deal that it came from. Object
    /// names in paths, and ids.
    pub associate: Vec<(String, HubspotId)>,
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
    pub const fn new(portal: PortalId, kleer_company: Option<KleerCompanyId>, job: Job) -> Self {
        Self { version: VERSION, portal, kleer_company, job }
    }

    /// The group: messages of one are handed out in order, one batch at a time. A portal's changes go in four lanes, so
    /// that they are worked on side by side and those of one record one after the other (design §3 Queue).
    pub(crate) fn group(&self) -> String {
        let record = match &self.job {
            Job::Poll { .. }
            | Job::Page(_)
            | Job::Verify { .. }
            | Job::Search { .. }
            | Job::Provision
            | Job::Forget
            | Job::Mend { .. }
            | Job::Preview { .. }
            | Job::StartAfresh
            | Job::Together { .. } => return self.portal.to_string(),
            Job::Import(import) => format!("{}#{}", import.hubspot_object, import.hubspot_id),
            Job::Push(push) => format!("{}#{}", push.object, push.kleer_id),
        };
        let lane = record.bytes().fold(0_u32, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte.into())) % LANES;
        format!("{}#{lane}", self.portal)
    }

    /// Reads a body.
    ///
    /// # Errors
    /// If it is no message, or of a version to come.
    pub fn read(body: &str) -> Result<Self, UnreadableJob> {
        // A parser quotes a whole value, which may be a customer's and long.
        let words = |error: serde_json::Error| UnreadableJob(error.to_string().chars().take(UNREADABLE).collect());
        let envelope: Self = serde_json::from_str(body).map_err(words)?;
        if envelope.version > VERSION {
            return Err(UnreadableJob(format!("version {} is newer than this release", envelope.version)));
        }
        Ok(envelope)
    }
}

/// The body of a message: JSON, within the limit, and of letters that every queue takes. SQS refuses U+FFFE and U+FFFF, which
/// stand in no text that means anything but may stand in a record; as escapes they pass.
pub(crate) fn body(envelope: &Envelope) -> Result<String, Error> {
    let mut body = serde_json::to_string(envelope)?;
    for (letter, escape) in [('\u{FFFE}', "\\ufffe"), ('\u{FFFF}', "\\uffff")] {
        if body.contains(letter) {
            body = body.replace(letter, escape);
        }
    }
    if body.len() > BODY_LIMIT { Err(Error::TooLong(body.len())) } else { Ok(body) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_has_only_letters_that_a_queue_takes() {
        let page = Page {
            object: ObjectType::Client,
            run: RunId("1".into()),
            number: 0,
            hubspot_object: "a\u{FFFE}b\u{FFFF}c\u{7}å".into(),
            line_object: "line_items".to_owned(),
            key: "kleer_id".to_owned(),
            line_key: "kleer_id".to_owned(),
            changes: Vec::new(),
        };
        let envelope = Envelope::new(PortalId(1), Some(KleerCompanyId(1)), Job::Page(page));
        let body = body(&envelope).unwrap();
        assert!(body.contains(r#""a\ufffeb\uffffc\u0007å""#), "{body}");
        assert_eq!(Envelope::read(&body).unwrap(), envelope);
    }
}
