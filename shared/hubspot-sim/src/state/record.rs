//! One CRM record.

use std::borrow::Cow;
use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::types::ObjectTypeId;

/// One CRM record: text values, each with when and by whom it was last changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// `hs_object_id`, unique per portal and object type.
    pub id: u64,
    /// Values by property name. A cleared property stays with an empty value.
    pub properties: BTreeMap<String, Stored>,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// When it was deleted, if it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub archived_at: Option<Timestamp>,
    /// Who created it.
    pub created_by: Source,
}

/// A property's value and its last change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stored {
    /// The canonical text; empty when cleared.
    pub value: String,
    /// When it was last set, whether or not the value changed.
    pub at: Timestamp,
    /// Who set it.
    pub source: Source,
}

/// Who made a change, in the words of webhooks (contract hubspot-platform §4.6).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// `changeSource`.
    pub kind: SourceKind,
    /// The app id or the user id.
    pub id: u64,
}

/// The values of `changeSource` that the simulator makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum SourceKind {
    /// An app's token.
    Integration,
    /// A person in HubSpot's pages.
    CrmUi,
    /// HubSpot's own calculation.
    Calculated,
    /// A workflow; the id is the enrollment's.
    AutomationPlatform,
}

impl Record {
    /// The value of a property; `None` when it was never set or is cleared.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.properties.get(name).map(|stored| stored.value.as_str()).filter(|value| !value.is_empty())
    }

    /// As [`Record::get`], with the properties that HubSpot keeps itself: id, dates, archived.
    pub(crate) fn read(&self, object_type: ObjectTypeId, name: &str) -> Option<Cow<'_, str>> {
        match name {
            "hs_object_id" => Some(Cow::Owned(self.id.to_string())),
            "createdate" | "hs_createdate" if self.get(name).is_none() => Some(Cow::Owned(moment(self.created_at))),
            "hs_lastmodifieddate" => Some(Cow::Owned(moment(self.updated_at))),
            _ if name == object_type.modified_property() => Some(Cow::Owned(moment(self.updated_at))),
            _ => self.get(name).map(Cow::Borrowed),
        }
    }

    /// Not deleted.
    pub fn is_live(&self) -> bool {
        self.archived_at.is_none()
    }
}

impl Source {
    /// `changeSource` as webhooks write it.
    pub fn change_source(self) -> &'static str {
        match self.kind {
            SourceKind::Integration => "INTEGRATION",
            SourceKind::CrmUi => "CRM_UI",
            SourceKind::Calculated => "CALCULATED",
            SourceKind::AutomationPlatform => "AUTOMATION_PLATFORM",
        }
    }

    /// `sourceId` as webhooks write it: the app id, `userId:NNN`, or the step of a workflow.
    pub fn source_id(self) -> String {
        match self.kind {
            SourceKind::CrmUi => format!("userId:{}", self.id),
            SourceKind::AutomationPlatform => format!("enrollmentId:{};actionExecutionIndex:0", self.id),
            SourceKind::Integration | SourceKind::Calculated => self.id.to_string(),
        }
    }
}

/// A moment as HubSpot writes it: `2026-11-20T08:00:00.000Z`.
pub(crate) fn moment(at: Timestamp) -> String {
    format!("{at:.3}")
}
