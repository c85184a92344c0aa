//! The choices of an action's input, as the workflow editor fetches them (contract hubspot-platform §6.5).

use std::collections::{BTreeMap, BTreeSet};

use bytes::Bytes;
use http::Response;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::State;
use super::error::ApiError;
use super::executions::Field;
use crate::deliveries::DeliveryFailure;

/// Somebody opens the list of an input's choices, or types into it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct OptionsFetch {
    /// The portal.
    pub portal: u64,
    /// The object type of the workflow, by any of its names.
    pub object_type: String,
    /// The action's name.
    pub action: String,
    /// The input's name.
    pub input: String,
    /// What stands in the inputs that this one depends on.
    pub inputs: BTreeMap<String, Field>,
    /// What was typed; only where an earlier answer was searchable.
    pub q: Option<String>,
    /// The cursor of the previous page.
    pub after: Option<String>,
}

/// What came of a fetch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FetchedOptions {
    /// Not answered yet.
    Waiting,
    /// A page of choices.
    Got {
        /// The choices.
        options: Vec<Choice>,
        /// The cursor of the next page.
        after: Option<String>,
        /// Whether typing asks again.
        searchable: bool,
    },
    /// The editor shows an error; nothing is tried again.
    Failed {
        /// Why.
        message: String,
    },
}

/// One choice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// What people see.
    pub label: String,
    /// A second line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// What the action gets.
    pub value: String,
}

/// All fetches; not part of the kept state.
#[derive(Default)]
pub(crate) struct Fetches {
    all: BTreeMap<u64, (OptionsFetch, FetchedOptions)>,
    /// Those that are to be sent, with when they were begun.
    pub(crate) waiting: BTreeMap<u64, Timestamp>,
    /// Portal, action and input of answers that were searchable.
    searchable: BTreeSet<(u64, String, String)>,
}

impl Fetches {
    /// What came of a fetch.
    pub(crate) fn get(&self, id: u64) -> Option<&FetchedOptions> {
        self.all.get(&id).map(|(_, fetched)| fetched)
    }

    /// The portal of a fetch.
    pub(crate) fn portal(&self, id: u64) -> Option<u64> {
        self.all.get(&id).map(|(fetch, _)| fetch.portal)
    }
}

impl State {
    /// Begins a fetch; its id.
    pub(crate) fn fetch_options(&mut self, fetch: OptionsFetch, now: Timestamp) -> Result<u64, ApiError> {
        let portal = self.portal(fetch.portal)?;
        portal.object_type(&fetch.object_type)?;
        let (_, action) = self.action(&fetch.action)?;
        if action.options_url.is_none() {
            return Err(ApiError::bare(400, format!("{} has no optionsUrl", action.name)));
        }
        let field = (fetch.portal, fetch.action.clone(), fetch.input.clone());
        if fetch.q.is_some() && !self.fetches.searchable.contains(&field) {
            return Err(ApiError::bare(400, "no answer for this input was searchable, so nothing can be typed"));
        }
        let id = self.fetches.all.last_key_value().map_or(1, |(id, _)| id + 1);
        self.fetches.all.insert(id, (fetch, FetchedOptions::Waiting));
        self.fetches.waiting.insert(id, now);
        Ok(id)
    }

    /// URL and body of a fetch.
    pub(crate) fn fetch_body(&self, id: u64) -> Option<(String, Value)> {
        let (fetch, _) = self.fetches.all.get(&id)?;
        let (definition, action) = self.workflows.action(&fetch.action)?;
        let object_type = self.portal(fetch.portal).ok()?.find_type(&fetch.object_type)?;
        let input = |(name, field): (&String, &Field)| {
            let shown = match field {
                Field::Value(value) => json!({ "type": "STATIC_VALUE", "value": value }),
                Field::Property { property } => json!({ "type": "OBJECT_PROPERTY", "propertyName": property }),
            };
            (name.clone(), shown)
        };
        let mut options = Map::new();
        let asked = [("q", &fetch.q), ("after", &fetch.after)];
        options.extend(asked.into_iter().filter_map(|(name, value)| Some((name.to_owned(), json!(value.as_ref()?)))));
        let body = json!({
            "origin": {
                "portalId": fetch.portal,
                "actionDefinitionId": definition,
                "actionDefinitionVersion": action.version.max(1),
            },
            "objectTypeId": object_type,
            "inputFieldName": fetch.input,
            "inputFields": fetch.inputs.iter().map(input).collect::<Map<_, _>>(),
            "fetchOptions": options,
        });
        Some((action.options_url.clone()?, body))
    }

    /// The app has answered a fetch, or has not.
    pub(crate) fn fetch_answered(&mut self, id: u64, answer: &Result<Response<Bytes>, DeliveryFailure>) {
        #[derive(Deserialize)]
        struct Page {
            options: Vec<Choice>,
            #[serde(default)]
            after: Option<String>,
            #[serde(default)]
            searchable: bool,
        }
        let Some((fetch, fetched)) = self.fetches.all.get_mut(&id) else { return };
        let failed = |message: String| FetchedOptions::Failed { message };
        *fetched = match answer {
            Err(failure) => failed(failure.to_string()),
            Ok(response) if !response.status().is_success() => failed(format!("status {}", response.status().as_u16())),
            Ok(response) => match serde_json::from_slice::<Page>(response.body()) {
                Ok(Page { options, after, searchable }) => {
                    if searchable {
                        let field = (fetch.portal, fetch.action.clone(), fetch.input.clone());
                        self.fetches.searchable.insert(field);
                    }
                    FetchedOptions::Got { options, after, searchable }
                }
                Err(problem) => {
                    self.complaints.push(format!("{}: options cannot be read: {problem}", fetch.action));
                    failed(problem.to_string())
                }
            },
        };
    }
}
