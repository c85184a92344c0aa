//! Pipelines and their stages (contract hubspot-crm §3.8).

use std::collections::BTreeMap;

use rest::{Error, Request};
use serde::Deserialize;

use crate::api::Api;
use crate::properties::order;
use crate::wire::{self, Listed};

/// Pipelines of an object type; from [`Api::pipelines`]. Errors as in [`crate::Objects`].
#[derive(Clone, Copy, Debug)]
pub struct Pipelines<'a> {
    pub(crate) api: &'a Api,
}

/// A pipeline. Ids differ per portal: they are numbers or UUIDs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Pipeline {
    /// The value of a record's pipeline property.
    #[serde(deserialize_with = "wire::plain_text")]
    pub id: String,
    /// What people see.
    #[serde(deserialize_with = "wire::plain_text")]
    pub label: String,
    /// Where it stands among the pipelines.
    #[serde(deserialize_with = "order")]
    pub display_order: i64,
    /// In the recycle bin.
    #[serde(deserialize_with = "wire::flag")]
    pub archived: bool,
    /// Its stages, first one first.
    #[serde(deserialize_with = "wire::nullable")]
    pub stages: Vec<Stage>,
}

/// A stage of a pipeline.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Stage {
    /// The value of a record's stage property.
    #[serde(deserialize_with = "wire::plain_text")]
    pub id: String,
    /// What people see.
    #[serde(deserialize_with = "wire::plain_text")]
    pub label: String,
    /// Where it stands in the pipeline.
    #[serde(deserialize_with = "order")]
    pub display_order: i64,
    /// In the recycle bin.
    #[serde(deserialize_with = "wire::flag")]
    pub archived: bool,
    /// Texts such as `isClosed: "false"` and `probability: "0.2"`.
    #[serde(deserialize_with = "wire::text_values")]
    pub metadata: BTreeMap<String, String>,
}

impl Stage {
    /// Whether a record in this stage is done with.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.metadata.get("isClosed").is_some_and(|closed| closed == "true")
    }
}

impl Pipelines<'_> {
    /// All pipelines with their stages, both in the order in which the portal shows them.
    pub async fn list(&self, object_type: &str) -> Result<Vec<Pipeline>, Error> {
        let listed: Listed<Pipeline> = self.api.send_for(Request::get(self.api.paths().pipelines(object_type))).await?;
        let mut pipelines = listed.results;
        pipelines.sort_by_key(|pipeline| pipeline.display_order);
        for pipeline in &mut pipelines {
            pipeline.stages.sort_by_key(|stage| stage.display_order);
        }
        Ok(pipelines)
    }
}
