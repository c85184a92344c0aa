//! Custom objects (Enterprise).

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::portal::Portal;
use super::property::Property;
use super::types::ObjectTypeId;
use super::{builtin, properties};

/// A custom object of one portal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Schema {
    pub(crate) id: ObjectTypeId,
    pub(crate) name: String,
    pub(crate) singular: String,
    pub(crate) plural: String,
    pub(crate) primary_display_property: String,
    pub(crate) required_properties: Vec<String>,
    pub(crate) searchable_properties: Vec<String>,
    pub(crate) secondary_display_properties: Vec<String>,
    pub(crate) created_at: Timestamp,
}

impl Schema {
    /// `p4242_ship`.
    pub(crate) fn qualified_name(&self, portal: u64) -> String {
        format!("p{portal}_{}", self.name)
    }
}

impl Portal {
    /// Adds a custom object with HubSpot's own properties for it.
    pub(crate) fn add_schema(&mut self, schema: Schema) {
        let (id, since) = (schema.id, schema.created_at);
        let currencies = self.options.currencies.clone();
        let store = self.store_mut(id);
        let group = builtin::group(id);
        store.groups.insert(group.name.clone(), group);
        for property in builtin::properties(id, &currencies, since) {
            store.define(property);
        }
        self.schemas.insert(id, schema);
    }

    /// The plain string property that a custom object of the options gets.
    pub(crate) fn plain_property(id: ObjectTypeId, name: &str, since: Timestamp) -> Property {
        properties::plain(name, &builtin::group(id).name, since)
    }
}
