//! One call as a handler sees it, and the answer it gives.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::path::Version;
use super::scopes::{self, Access};
use crate::state::State;
use crate::state::batch::Place;
use crate::state::error::ApiError;
use crate::state::oauth::Actor;
use crate::state::portal::Portal;
use crate::state::record::moment;
use crate::state::types::{self, ObjectTypeId};

/// One call: the state, who calls, and the parts of the request.
pub(crate) struct Call<'a> {
    pub(crate) state: &'a mut State,
    pub(crate) now: Timestamp,
    pub(crate) version: Version,
    /// Captures of the route's template.
    pub(crate) params: BTreeMap<&'static str, String>,
    pub(crate) query: Vec<(String, String)>,
    pub(crate) body: &'a [u8],
    /// Absent on the OAuth endpoints.
    pub(crate) actor: Option<Actor>,
    /// Every so-many-th input of a batch is refused, because something goes wrong.
    pub(crate) spoiled: Option<usize>,
    /// What a correct client would not send.
    pub(crate) unexpected: Vec<String>,
}

/// An answer before it becomes HTTP.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// None is an empty body.
    pub(crate) body: Option<Value>,
    pub(crate) headers: Vec<(&'static str, String)>,
    /// Inputs of a batch, for latency per record.
    pub(crate) inputs: usize,
}

impl Answer {
    pub(crate) fn json(status: u16, body: Value) -> Answer {
        Answer { status, body: Some(body), headers: Vec::new(), inputs: 0 }
    }

    pub(crate) fn no_content() -> Answer {
        Answer { status: 204, body: None, headers: Vec::new(), inputs: 0 }
    }

    pub(crate) fn inputs(mut self, inputs: usize) -> Answer {
        self.inputs = inputs;
        self
    }
}

impl Call<'_> {
    pub(crate) fn param(&self, name: &str) -> &str {
        self.params.get(name).map_or("", String::as_str)
    }

    /// The last value of a query parameter.
    pub(crate) fn query(&self, name: &str) -> Option<&str> {
        self.query.iter().rev().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// All values of a query parameter, repeated or joined by commas.
    pub(crate) fn query_list(&self, name: &str) -> Vec<String> {
        let values = self.query.iter().filter(|(key, _)| key == name).flat_map(|(_, value)| value.split(','));
        values.map(str::trim).filter(|value| !value.is_empty()).map(str::to_owned).collect()
    }

    /// Whether a switch is on, in any spelling: the official library for Python writes `True`.
    pub(crate) fn flag(&self, name: &str) -> bool {
        self.query(name).is_some_and(|value| value.eq_ignore_ascii_case("true"))
    }

    /// `limit`, within bounds.
    pub(crate) fn limit(&self, default: usize, most: usize) -> Result<usize, ApiError> {
        let Some(text) = self.query("limit") else { return Ok(default) };
        let limit: usize = text.parse().map_err(|_| ApiError::validation(format!("limit '{text}' is not a number")))?;
        if limit > most {
            return Err(ApiError::validation(format!("limit must be less than or equal to {most}")));
        }
        Ok(limit.max(1))
    }

    /// The body as JSON of a known shape, or HubSpot's complaint.
    pub(crate) fn json<T: DeserializeOwned>(&mut self) -> Result<T, ApiError> {
        serde_json::from_slice(self.body).map_err(|problem| {
            self.unexpected.push(format!("bad body: {problem}"));
            let place = format!("Invalid input JSON on line {}, column {}", problem.line(), problem.column());
            let text = problem.to_string();
            let field = text.strip_prefix("missing field `").and_then(|rest| rest.split('`').next());
            match field {
                Some(field) => ApiError::validation(format!("{place}. Some required fields were not set: [{field}]")),
                None => ApiError::validation(format!("{place}: {text}")),
            }
        })
    }

    /// The body as a form.
    pub(crate) fn form(&self) -> BTreeMap<String, String> {
        serde_urlencoded::from_bytes(self.body).unwrap_or_default()
    }

    /// Who calls, on routes that need a token.
    pub(crate) fn actor(&self) -> Result<&Actor, ApiError> {
        self.actor.as_ref().ok_or_else(ApiError::not_found)
    }

    pub(crate) fn portal_id(&self) -> u64 {
        self.actor.as_ref().map_or(0, |actor| actor.portal)
    }

    pub(crate) fn portal(&self) -> Result<&Portal, ApiError> {
        self.state.portal(self.portal_id())
    }

    /// Refuses a caller who has none of these scopes.
    pub(crate) fn need(&self, any_of: &[String]) -> Result<(), ApiError> {
        let held = &self.actor()?.scopes;
        let granted = any_of.iter().any(|scope| held.contains(scope));
        granted.then_some(()).ok_or_else(|| scopes::missing(any_of))
    }

    /// The object type in the path, if the caller may do this with its records.
    pub(crate) fn records_of(&self, param: &str, access: Access) -> Result<Place, ApiError> {
        let object_type = self.portal()?.object_type(self.param(param))?;
        let scopes = scopes::of_records(object_type, access);
        self.available(object_type, &scopes)?;
        self.need(&scopes)?;
        Ok(Place { portal: self.portal_id(), object_type })
    }

    /// The object type in the path, if the caller may do this with its properties.
    pub(crate) fn properties_of(&self, access: Access) -> Result<Place, ApiError> {
        let object_type = self.portal()?.object_type(self.param("type"))?;
        let scopes = scopes::of_properties(object_type, access);
        self.available(object_type, &scopes)?;
        self.need(&scopes)?;
        Ok(Place { portal: self.portal_id(), object_type })
    }

    fn available(&self, object_type: ObjectTypeId, any_of: &[String]) -> Result<(), ApiError> {
        let off = object_type == types::PROJECTS && self.portal()?.switches.projects_disabled;
        if off { Err(scopes::not_public(any_of)) } else { Ok(()) }
    }

    /// The answer of a batch call: 207 as soon as there are errors.
    pub(crate) fn batch_answer(&mut self, status: u16, mut results: Vec<Value>, errors: Vec<Value>) -> Answer {
        if !self.portal().is_ok_and(|portal| portal.switches.order_kept) {
            self.state.shuffle(&mut results);
        }
        let inputs = results.len() + errors.len();
        let at = moment(self.now);
        let mut body = json!({ "status": "COMPLETE", "results": results });
        if !errors.is_empty() {
            body["numErrors"] = json!(errors.len());
            body["errors"] = Value::Array(errors);
        }
        body["startedAt"] = json!(at);
        body["completedAt"] = json!(at);
        let status = if body.get("errors").is_some() { 207 } else { status };
        Answer::json(status, body).inputs(inputs)
    }
}
