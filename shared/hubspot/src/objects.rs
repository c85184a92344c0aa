//! Records: batches, search, list and get (contract hubspot-crm §3.2, §4, §5).

use rest::{Error, Request};
use serde::{Deserialize, Serialize};

use crate::api::{Api, SEARCH_BUDGET};
use crate::batch::{BatchAnswer, Create, Update, Upsert};
use crate::errors::InputError;
use crate::matching::InputKey;
use crate::record::Record;
use crate::search::{Search, SearchPage};
use crate::wire::{self, Inputs, Paging, Reference};

/// Records per page of a list (contract hubspot-crm §3.2).
pub const LIST_LIMIT: usize = 100;

/// Inputs of a batch read that also asks for the history of properties (contract hubspot-crm §4).
pub const HISTORY_READ_LIMIT: usize = 50;

/// Records of any type; from [`Api::objects`]. An object type is a name (`companies`) or an id (`0-2`).
///
/// Every method answers `Err` when the whole call failed: read it with [`crate::ApiError::of`]. A batch that was
/// answered can still hold refusals: see [`BatchAnswer::outcomes`]. An empty batch is answered without a call.
#[derive(Clone, Copy, Debug)]
pub struct Objects<'a> {
    pub(crate) api: &'a Api,
}

/// Which records to read in one batch, and what of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BatchRead {
    /// HubSpot ids, or values of `id_property`; at most [`crate::BATCH_LIMIT`].
    pub ids: Vec<String>,
    /// A unique property that `ids` are values of; none means HubSpot ids.
    pub id_property: Option<String>,
    /// The properties wanted; unknown ones are silently ignored by HubSpot.
    pub properties: Vec<String>,
}

impl BatchRead {
    /// The inputs as [`BatchAnswer::outcomes_of`] wants them. A property is recognised only if it is among those read.
    #[must_use]
    pub fn keys(&self) -> Vec<InputKey<'_>> {
        let key = |id| match &self.id_property {
            Some(property) => InputKey::by_property(property, id),
            None => InputKey::by_record_id(id),
        };
        self.ids.iter().map(|id| key(id)).collect()
    }
}

/// What to read of one record.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fetch {
    /// The properties wanted; none means HubSpot's small default set.
    pub properties: Vec<String>,
    /// The object types whose associated ids are wanted.
    pub associations: Vec<String>,
    /// A unique property that the id is a value of; none means the HubSpot id.
    pub id_property: Option<String>,
}

/// A page of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RecordPage {
    /// At most [`LIST_LIMIT`] records.
    pub results: Vec<Record>,
    /// The cursor of the next page; none on the last.
    pub after: Option<String>,
}

impl Objects<'_> {
    /// Reads up to 100 records. Those that are not there come back as `OBJECT_NOT_FOUND` errors that name their ids (§4.1).
    pub async fn batch_read(&self, object_type: &str, read: &BatchRead) -> Result<BatchAnswer, Error> {
        if read.ids.is_empty() {
            return Ok(BatchAnswer::default());
        }
        let inputs = read.ids.iter().map(|id| Reference::to(id)).collect();
        let (id_property, properties) = (read.id_property.as_deref(), &read.properties);
        let body = BatchReadBody { id_property, inputs, properties, properties_with_history: [] };
        let request = Request::post(self.api.paths().objects_batch(object_type, "read")).json(&body);
        self.api.send_for(request.read().kind("batch_read")).await
    }

    /// Creates records. Never repeated after an unknown outcome: HubSpot has no idempotency key (§9).
    pub async fn batch_create(&self, object_type: &str, inputs: &[Create]) -> Result<BatchAnswer, Error> {
        if inputs.is_empty() {
            return Ok(BatchAnswer::default());
        }
        self.api.send_for(self.batch(object_type, "create", inputs).kind("batch_create")).await
    }

    /// Changes records by their HubSpot ids.
    pub async fn batch_update(&self, object_type: &str, inputs: &[Update]) -> Result<BatchAnswer, Error> {
        if inputs.is_empty() {
            return Ok(BatchAnswer::default());
        }
        self.api.send_for(self.batch(object_type, "update", inputs).repeatable().kind("batch_update")).await
    }

    /// Creates or changes records by a unique property.
    pub async fn batch_upsert(&self, object_type: &str, inputs: &[Upsert]) -> Result<BatchAnswer, Error> {
        if inputs.is_empty() {
            return Ok(BatchAnswer::default());
        }
        self.api.send_for(self.batch(object_type, "upsert", inputs).repeatable().kind("batch_upsert")).await
    }

    /// Puts records into HubSpot's recycle bin. HubSpot answers with nothing (204); should it ever list errors, they are
    /// returned. Archiving what is already archived is no error.
    pub async fn batch_archive(&self, object_type: &str, ids: &[String]) -> Result<Vec<InputError>, Error> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let inputs: Vec<Reference> = ids.iter().map(|id| Reference::to(id)).collect();
        let request = self.batch(object_type, "archive", &inputs).repeatable().kind("batch_archive");
        errors_of(&self.api.send(request).await?)
    }

    /// One page of a search. Eventually consistent, and at most 10,000 hits in all (§5).
    pub async fn search(&self, object_type: &str, search: &Search) -> Result<SearchPage, Error> {
        let request = Request::post(self.api.paths().search(object_type)).json(search);
        self.api.send_for(request.read().budget(SEARCH_BUDGET).kind("search")).await
    }

    /// One page of all records, after a cursor; the cheapest way to see everything (§3.2). A very long list of properties
    /// is refused with 414.
    pub async fn list(
        &self,
        object_type: &str,
        after: Option<&str>,
        properties: &[impl AsRef<str>],
    ) -> Result<RecordPage, Error> {
        let mut request = Request::get(self.api.paths().objects(object_type)).query("limit", LIST_LIMIT).kind("list");
        if !properties.is_empty() {
            request = request.query("properties", joined(properties));
        }
        if let Some(after) = after {
            request = request.query("after", after);
        }
        let page: Page = self.api.send_for(request).await?;
        Ok(RecordPage { results: page.results, after: page.paging.after() })
    }

    /// One record; `Missing` if it is not there.
    pub async fn get(&self, object_type: &str, id: &str, fetch: &Fetch) -> Result<Record, Error> {
        let mut request = Request::get(self.api.paths().object(object_type, id));
        for (name, values) in [("properties", &fetch.properties), ("associations", &fetch.associations)] {
            if !values.is_empty() {
                request = request.query(name, joined(values));
            }
        }
        if let Some(id_property) = &fetch.id_property {
            request = request.query("idProperty", id_property);
        }
        self.api.send_for(request).await
    }

    fn batch(&self, object_type: &str, operation: &str, inputs: &[impl Serialize]) -> Request {
        Request::post(self.api.paths().objects_batch(object_type, operation)).json(&Inputs { inputs })
    }
}

/// The errors in an answer that may have no body at all.
pub(crate) fn errors_of(answer: &rest::Answer) -> Result<Vec<InputError>, Error> {
    if answer.body.is_empty() {
        return Ok(Vec::new());
    }
    let answer: BatchAnswer<serde::de::IgnoredAny> = answer.json()?;
    Ok(answer.errors)
}

fn joined(names: &[impl AsRef<str>]) -> String {
    names.iter().map(AsRef::as_ref).collect::<Vec<_>>().join(",")
}

/// The schema requires all lists, empty ones too.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct BatchReadBody<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    id_property: Option<&'a str>,
    inputs: Vec<Reference>,
    properties: &'a [String],
    properties_with_history: [&'a str; 0],
}

#[derive(Deserialize)]
struct Page {
    #[serde(default, deserialize_with = "wire::nullable")]
    results: Vec<Record>,
    #[serde(default, deserialize_with = "wire::nullable")]
    paging: Paging,
}
