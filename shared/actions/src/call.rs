//! What HubSpot says when a workflow reaches one of our actions (contract hubspot-platform §6.1). Its signature was verified
//! before any of this is believed.

use std::collections::BTreeMap;

use domain::{HubspotId, PortalId};
use serde::Deserialize;
use serde_json::Value;

use crate::inputs::Fields;

/// One execution of an action.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// Whose.
    pub portal: PortalId,
    /// Names the execution; the same in all its retries.
    pub callback_id: String,
    /// What kind of record was enrolled, as HubSpot writes it: `DEAL`.
    pub object_type: String,
    /// The enrolled record.
    pub record: HubspotId,
    /// The inputs.
    pub fields: Fields,
}

/// The longest id of a callback that is kept; HubSpot's have some forty characters.
const CALLBACK_LIMIT: usize = 200;

/// Reads the body of a call.
///
/// # Errors
/// What is wrong with it, a sentence without any of its values.
pub fn read_call(body: &[u8]) -> Result<Call, String> {
    let wire: WireCall = serde_json::from_slice(body).map_err(|e| shape(&e))?;
    let record = text(&wire.object.object_id).filter(|id| is_id(id));
    let record = record.ok_or("object.objectId is no record's id")?;
    let callback_id = wire.callback_id.trim();
    if callback_id.is_empty() || callback_id.len() > CALLBACK_LIMIT {
        return Err("callbackId is missing or too long".to_owned());
    }
    let values = if wire.input_fields.is_empty() { wire.fields } else { wire.input_fields };
    Ok(Call {
        portal: portal(wire.origin)?,
        callback_id: callback_id.to_owned(),
        object_type: wire.object.object_type,
        record: HubspotId(record),
        fields: values.iter().filter_map(|(name, value)| Some((name.clone(), text(value)?))).collect(),
    })
}

/// What people look for in a drop-down of an input (contract hubspot-platform §6.5).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OptionsCall {
    /// Whose.
    pub portal: PortalId,
    /// The input.
    pub input: String,
    /// What was typed; empty for everything.
    pub search: String,
    /// Where the page before ended; none for the first.
    pub after: Option<String>,
}

/// Reads the body of a call for options.
///
/// # Errors
/// What is wrong with it, a sentence without any of its values.
pub fn read_options_call(body: &[u8]) -> Result<OptionsCall, String> {
    let wire: WireOptions = serde_json::from_slice(body).map_err(|e| shape(&e))?;
    let fetch = wire.fetch_options.unwrap_or_default();
    Ok(OptionsCall {
        portal: portal(wire.origin)?,
        input: wire.input_field_name,
        search: fetch.q.unwrap_or_default().trim().to_owned(),
        after: fetch.after.filter(|after| !after.is_empty()),
    })
}

fn shape(error: &serde_json::Error) -> String {
    // Serde's own message may quote a value.
    format!("it is not the JSON that HubSpot sends: see line {}, column {}", error.line(), error.column())
}

fn portal(origin: WireOrigin) -> Result<PortalId, String> {
    (origin.portal_id > 0)
        .then_some(PortalId(origin.portal_id))
        .ok_or_else(|| "origin.portalId is no portal".to_owned())
}

fn is_id(text: &str) -> bool {
    !text.is_empty() && text.len() <= 20 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// A value as text: HubSpot documents strings, and sends a number here and there. Lists and objects are no values.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(yes) => Some(yes.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireCall {
    callback_id: String,
    origin: WireOrigin,
    object: WireObject,
    #[serde(default)]
    input_fields: BTreeMap<String, Value>,
    #[serde(default)]
    fields: BTreeMap<String, Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireOrigin {
    portal_id: i64,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireObject {
    object_id: Value,
    #[serde(default)]
    object_type: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireOptions {
    origin: WireOrigin,
    input_field_name: String,
    #[serde(default)]
    fetch_options: Option<WireFetch>,
}

#[derive(Default, Deserialize)]
struct WireFetch {
    #[serde(default)]
    q: Option<String>,
    #[serde(default)]
    after: Option<String>,
}

#[cfg(test)]
mod tests;
