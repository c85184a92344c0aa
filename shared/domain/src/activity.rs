//! The activity list: what happened in a portal besides the everyday writing, told for people.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::ids::{HubspotId, KleerId};
use crate::spec::ObjectType;

/// What can be told; a closed list, so that the settings page can have a sign and a filter for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ActivityKind {
    /// What a person changed in HubSpot is in Kleer now.
    Imported,
    /// Both sides changed the same field; Kleer's value stands on both.
    Conflict,
    /// HubSpot shows Kleer's value again, because Kleer cannot change it or spells it otherwise.
    PutBack,
    /// At first contact HubSpot's value was replaced by Kleer's.
    ReplacedAtFirstContact,
    /// A record that was made in HubSpot was made in Kleer too.
    CreatedInKleer,
    /// A record that was made in HubSpot could not be made in Kleer.
    NotCreatedInKleer,
    /// HubSpot records became one.
    Merged,
    /// A record was deleted in HubSpot.
    DeletedInHubspot,
    /// A record that was deleted in HubSpot is there again.
    Restored,
    /// The portal was connected.
    Connected,
    /// The connection ended.
    Disconnected,
    /// A workflow action did its work.
    Action,
    /// A workflow action could not do its work.
    ActionFailed,
    /// Somebody changed the settings.
    SettingsChanged,
}

/// One line of the list. Made where it happens, kept by `store::Store::note_activity` for [`Activity::KEPT_DAYS`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Activity {
    /// When.
    pub at: Timestamp,
    /// What.
    pub kind: ActivityKind,
    /// The type, where it is about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub object: Option<ObjectType>,
    /// The record in Kleer, where it is about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kleer_id: Option<KleerId>,
    /// The record in HubSpot, where it is about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hubspot_id: Option<HubspotId>,
    /// What happened, one or two sentences. Names fields and records; holds no secrets.
    pub message: String,
    /// The same in Swedish, where whoever tells it knows more than the English sentence says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub swedish: Option<String>,
}

impl Activity {
    /// How long a line is kept.
    pub const KEPT_DAYS: i64 = 90;

    /// A line about the portal as a whole.
    #[must_use]
    pub fn new(at: Timestamp, kind: ActivityKind, message: impl Into<String>) -> Self {
        Self { at, kind, object: None, kleer_id: None, hubspot_id: None, message: message.into(), swedish: None }
    }
}
