//! What a portal and a company can do, as far as it was found out.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::spec::ObjectType;

/// What was found out about one object type. Stored, shown, and looked at again daily.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Capability {
    /// The type.
    pub object: ObjectType,
    /// The HubSpot object it was about: another one is another matter.
    pub hubspot_object: String,
    /// Why the type cannot be synchronized, and what to do; none if it can.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unavailable: Option<String>,
    /// Where Kleer has its agreements; none for other types.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kleer_path: Option<String>,
    /// When.
    pub checked_at: Timestamp,
}

/// How far the first contact with what was in HubSpot before us has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FirstContact {
    /// The HubSpot object that was listed.
    pub hubspot_object: String,
    /// When.
    pub done_at: Timestamp,
    /// Records of which nobody could tell which is which. They are looked at again daily.
    pub doubtful: u64,
}
