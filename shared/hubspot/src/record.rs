//! A record as HubSpot answers it.

use std::collections::{BTreeMap, HashSet};

use jiff::Timestamp;
use serde::Deserialize;

use crate::wire::{self, Listed, Reference};

/// One CRM record (contract hubspot-crm §3.2). Only what was asked for, or sent, is in `properties`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Record {
    /// `hs_object_id`, unique per object type. Text, even where HubSpot sends a number.
    #[serde(deserialize_with = "wire::plain_text")]
    pub id: String,
    /// Values as HubSpot's text; `None` is no value. HubSpot reformats numbers: compare them as numbers (§10).
    #[serde(deserialize_with = "wire::values")]
    pub properties: BTreeMap<String, Option<String>>,
    /// In the answer to an upsert: whether the record was created by it.
    #[serde(deserialize_with = "optional_flag")]
    pub new: Option<bool>,
    /// When the record was created.
    #[serde(deserialize_with = "wire::moment")]
    pub created_at: Option<Timestamp>,
    /// When the record last changed.
    #[serde(deserialize_with = "wire::moment")]
    pub updated_at: Option<Timestamp>,
    /// Whether it is in HubSpot's recycle bin.
    #[serde(deserialize_with = "wire::flag")]
    pub archived: bool,
    /// The caller's trace id of the write, if HubSpot repeats it (not to be counted on, §4.1).
    #[serde(rename = "objectWriteTraceId", deserialize_with = "wire::optional_text")]
    pub trace_id: Option<String>,
    /// Ids of associated records by object type, where asked for. Read them with [`Record::associated`].
    #[serde(deserialize_with = "associations")]
    pub associations: BTreeMap<String, Vec<String>>,
}

impl Record {
    /// The value of a property; none if it is empty, unknown or was not asked for.
    #[must_use]
    pub fn value(&self, property: &str) -> Option<&str> {
        self.properties.get(property)?.as_deref().filter(|value| !value.is_empty())
    }

    /// The ids of associated records of a type, each once. HubSpot may write `line items` for `line_items` (§3.2).
    #[must_use]
    pub fn associated(&self, object_type: &str) -> &[String] {
        let spaced = object_type.replace('_', " ");
        let found = self.associations.get(object_type).or_else(|| self.associations.get(&spaced));
        found.map_or(&[], Vec::as_slice)
    }
}

fn optional_flag<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Option<bool>, D::Error> {
    Ok(wire::optional_text(from)?.map(|text| text == "true"))
}

/// One pair can be listed once per association type; the ids are what matters.
fn associations<'de, D: serde::Deserializer<'de>>(from: D) -> Result<BTreeMap<String, Vec<String>>, D::Error> {
    let raw: BTreeMap<String, Listed<Reference>> = wire::nullable(from)?;
    let ids = |listed: Listed<Reference>| {
        let mut seen = HashSet::new();
        let ids = listed.results.into_iter().map(|reference| reference.id);
        ids.filter(|id| seen.insert(id.clone())).collect()
    };
    Ok(raw.into_iter().map(|(object_type, listed)| (object_type, ids(listed))).collect())
}
