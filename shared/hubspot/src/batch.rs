//! Batches over records: what is sent, and the answer. What came of which input is [`crate::matching`]'s part.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::associations::AssociationSpec;
use crate::errors::InputError;
use crate::record::Record;
use crate::wire::{self, Reference};

/// Inputs per call of every batch over records (contract hubspot-crm §4). The caller cuts; HubSpot answers more with 400.
pub const BATCH_LIMIT: usize = 100;

/// Creates the record whose `id_property` has the value `id`, or updates it.
///
/// Two inputs with the same `id` fail the whole call (contract hubspot-crm §4); an upsert cannot associate.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Upsert {
    /// The value of the id property; HubSpot writes it into the record it creates.
    pub id: String,
    /// A property with `hasUniqueValue`.
    pub id_property: String,
    /// The values to set; an empty one clears.
    pub properties: BTreeMap<String, String>,
    /// Unique within the call. Without one on every input, one bad input fails the whole call (§4.1).
    #[serde(rename = "objectWriteTraceId")]
    pub trace_id: String,
}

/// Changes the record with this HubSpot id.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Update {
    /// The record's HubSpot id.
    pub id: String,
    /// The values to set; an empty one clears.
    pub properties: BTreeMap<String, String>,
    /// Unique within the call (§4.1).
    #[serde(rename = "objectWriteTraceId")]
    pub trace_id: String,
}

/// Makes a new record. There is no idempotency key: after an unknown outcome look before creating again (§9).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Create {
    /// The values of the new record.
    pub properties: BTreeMap<String, String>,
    /// Associations made with it; not every type accepts them (§3.6).
    pub associations: Vec<InlineAssociation>,
    /// Unique within the call (§4.1).
    #[serde(rename = "objectWriteTraceId")]
    pub trace_id: String,
    /// Not sent: names one of `properties` by whose value the answer is recognised should HubSpot not repeat the trace
    /// id. It need not be unique in the portal, only within the call.
    #[serde(skip)]
    pub match_by: Option<String>,
}

/// An association made while a record is created (contract hubspot-crm §3.2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct InlineAssociation {
    to: Reference,
    types: Vec<AssociationSpec>,
}

impl InlineAssociation {
    /// From the new record to the record `id`.
    #[must_use]
    pub fn to(id: &str, spec: AssociationSpec) -> InlineAssociation {
        InlineAssociation { to: Reference::to(id), types: vec![spec] }
    }
}

/// The answer to a batch, whether its status was 200, 201 or 207 (contract hubspot-crm §1: the content decides).
///
/// Results stand in no order that could be relied on: ask [`BatchAnswer::outcomes`].
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", bound = "T: Deserialize<'de>")]
pub struct BatchAnswer<T = Record> {
    /// What was read or written.
    #[serde(default = "Vec::new", deserialize_with = "wire::nullable")]
    pub results: Vec<T>,
    /// What was refused.
    #[serde(default, deserialize_with = "wire::nullable")]
    pub errors: Vec<InputError>,
    /// HubSpot's count of errors, which may be there without them.
    #[serde(default, deserialize_with = "wire::optional_number")]
    pub num_errors: Option<u64>,
}

impl<T> Default for BatchAnswer<T> {
    fn default() -> Self {
        BatchAnswer { results: Vec::new(), errors: Vec::new(), num_errors: None }
    }
}

impl<T> BatchAnswer<T> {
    /// Whether HubSpot says that something was refused.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        !self.errors.is_empty() || self.num_errors.is_some_and(|count| count > 0)
    }
}
