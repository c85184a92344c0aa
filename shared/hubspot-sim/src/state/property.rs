//! Property definitions (contract §7).

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A property definition of one object type in one portal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Property {
    /// Internal name.
    pub name: String,
    /// Label.
    pub label: String,
    /// `bool`, `date`, `datetime`, `enumeration`, `number`, `phone_number` or `string`.
    pub data_type: String,
    /// How forms show it.
    pub field_type: String,
    /// Internal name of its group.
    pub group_name: String,
    /// Description.
    pub description: String,
    /// Options of an enumeration or a bool.
    pub options: Vec<PropertyOption>,
    /// Order in forms; -1 stands last.
    pub display_order: i64,
    /// Whether it can serve as `idProperty`.
    pub has_unique_value: bool,
    /// Hidden in HubSpot's pages.
    pub hidden: bool,
    /// Allowed in forms.
    pub form_field: bool,
    /// HubSpot's own.
    pub hubspot_defined: bool,
    /// HubSpot computes its value.
    pub calculated: bool,
    /// Values come from elsewhere (owners).
    pub external_options: bool,
    /// `OWNER` for owner properties.
    pub referenced_object_type: Option<String>,
    /// Its value cannot be set.
    pub read_only_value: bool,
    /// When it was created.
    pub created_at: Timestamp,
    /// When the definition was last changed.
    pub updated_at: Timestamp,
    /// When it was archived, if it is.
    pub archived_at: Option<Timestamp>,
    /// Until then it cannot be read or written (contract §7).
    pub visible_at: Timestamp,
}

/// One option of an enumeration.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PropertyOption {
    /// What people see.
    pub label: String,
    /// What is stored.
    pub value: String,
    /// Order; -1 stands last.
    #[serde(default)]
    pub display_order: i64,
    /// Not offered to people.
    #[serde(default)]
    pub hidden: bool,
    /// Description.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
}

/// A group of properties.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Group {
    pub(crate) name: String,
    pub(crate) label: String,
    pub(crate) display_order: i64,
    pub(crate) archived: bool,
}

impl Property {
    /// Neither archived nor still on its way to being visible.
    pub(crate) fn usable(&self, now: Timestamp) -> bool {
        self.archived_at.is_none() && self.visible_at <= now
    }

    /// Takes several options at once, joined by semicolons.
    pub(crate) fn takes_many(&self) -> bool {
        self.data_type == "enumeration" && self.field_type == "checkbox"
    }
}
