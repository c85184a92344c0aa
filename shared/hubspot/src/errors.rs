//! What HubSpot says when it refuses: the body of a whole answer ([`ApiError`]) and the error about some inputs of a batch
//! ([`InputError`]). Both have the same shape on the wire (contract hubspot-crm §9, §4.1).

use serde::{Deserialize, Serialize};

use crate::explain;
use crate::salvage;
use crate::wire::{self, Context};

/// What HubSpot holds against one property's value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PropertyError {
    /// The property's internal name.
    pub property: String,
    /// For example `PROPERTY_DOESNT_EXIST`, `INVALID_OPTION`, `READ_ONLY_VALUE` (the list is in contract §9).
    pub code: String,
    /// HubSpot's sentence about it, in English.
    pub message: String,
}

/// What to do about a refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum InputErrorKind {
    /// HubSpot's trouble, not the data's: send the same again later.
    Retryable,
    /// The record is not there (any more).
    ObjectNotFound,
    /// A value is not acceptable: somebody has to change data, mapping or the portal's rules.
    Validation,
    /// Another record or property already has this unique value or name.
    Conflict,
    /// Anything else; treat it as final for this input.
    Other,
}

/// HubSpot's generic error body (contract hubspot-crm §9). Every field may be missing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ApiError {
    /// The HTTP status; none if there was no answer.
    pub status: Option<u16>,
    /// `VALIDATION_ERROR`, `MISSING_SCOPES`, …; for the older rate limit body its `errorType`. Empty if HubSpot gave none.
    pub category: String,
    /// For example `Properties.PROPERTY_WITH_NAME_EXISTS`.
    pub sub_category: Option<String>,
    /// HubSpot's own words; empty if there were none.
    pub message: String,
    /// What HubSpot's support asks for.
    pub correlation_id: Option<String>,
    /// The rate limit that was hit: `TEN_SECONDLY_ROLLING`, `SECONDLY`, `DAILY` (§8).
    pub policy_name: Option<String>,
    /// The properties it is about.
    pub properties: Vec<PropertyError>,
    /// The scopes that a 403 `MISSING_SCOPES` asks for.
    pub required_scopes: Vec<String>,
}

impl ApiError {
    /// Reads what HubSpot answered to a failed request. Never fails: what cannot be read is left empty.
    #[must_use]
    pub fn of(error: &rest::Error) -> ApiError {
        ApiError::parse(error.status, &error.body)
    }

    /// Reads an error body, also one that was cut off.
    #[must_use]
    pub fn parse(status: Option<u16>, body: &str) -> ApiError {
        let wire: WireError = salvage::parse(body).unwrap_or_else(|| WireError::plain(body));
        ApiError {
            status,
            properties: wire.property_errors(),
            required_scopes: wire.required_scopes(),
            category: if wire.category.is_empty() { wire.error_type } else { wire.category },
            sub_category: wire.sub_category,
            message: wire.message,
            correlation_id: wire.correlation_id,
            policy_name: wire.policy_name,
        }
    }

    /// The same as an error about an input: for a batch of one, where the whole answer is about that one.
    #[must_use]
    pub fn into_input_error(self) -> InputError {
        let mut kind = kind_of(&self.category, &self.message, &self.properties);
        if kind == InputErrorKind::Other {
            kind = match self.status {
                Some(404) => InputErrorKind::ObjectNotFound,
                Some(409) => InputErrorKind::Conflict,
                Some(423 | 429 | 477 | 500..=599) => InputErrorKind::Retryable,
                Some(400) => InputErrorKind::Validation,
                _ => InputErrorKind::Other,
            };
        }
        InputError {
            kind,
            category: self.category,
            sub_category: self.sub_category,
            message: self.message,
            properties: self.properties,
            context: Context::new(),
        }
    }
}

/// An error about one or several inputs of a batch that was otherwise answered.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "WireError")]
pub struct InputError {
    /// What to do about it.
    pub kind: InputErrorKind,
    /// `VALIDATION_ERROR`, `OBJECT_NOT_FOUND`, …; empty if HubSpot gave none.
    pub category: String,
    /// A finer category, where HubSpot gives one.
    pub sub_category: Option<String>,
    /// HubSpot's own words.
    pub message: String,
    /// The properties it is about.
    pub properties: Vec<PropertyError>,
    /// What HubSpot says it is about: `objectWriteTraceId`, `ids`, ….
    pub context: Context,
}

impl InputError {
    /// The trace ids of the inputs it is about; empty if HubSpot names none.
    #[must_use]
    pub fn trace_ids(&self) -> &[String] {
        self.context.get("objectWriteTraceId").map_or(&[], Vec::as_slice)
    }

    /// The ids it is about: those listed, and the row that HubSpot names only in its sentence ("Failed to partially update
    /// row 121310328358 in batch update. Please retry operation.", contract §4.1).
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        let listed = ["ids", "id"].into_iter().filter_map(|name| self.context.get(name)).flatten();
        listed.map(String::as_str).chain(row_in(&self.message))
    }
}

impl std::fmt::Display for InputError {
    /// One sentence for a person.
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        to.write_str(&explain::refusal(&self.properties, &self.message, &self.category))
    }
}

/// Whether a create was refused because the thing is there already: 409 `OBJECT_ALREADY_EXISTS`, formerly `CONFLICT`
/// (contract hubspot-crm §7). Re-read it and check that it is what was wanted.
#[must_use]
pub fn is_already_exists(error: &rest::Error) -> bool {
    if error.status != Some(409) {
        return false;
    }
    let api = ApiError::of(error);
    matches!(api.category.as_str(), "OBJECT_ALREADY_EXISTS" | "CONFLICT") || api.message.contains("already exists")
}

/// Both shapes of error on the wire, whole answer or one of a batch.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct WireError {
    #[serde(deserialize_with = "wire::plain_text")]
    category: String,
    #[serde(deserialize_with = "wire::plain_text")]
    error_type: String,
    #[serde(deserialize_with = "wire::optional_text")]
    sub_category: Option<String>,
    #[serde(deserialize_with = "wire::plain_text")]
    message: String,
    #[serde(deserialize_with = "wire::optional_text")]
    correlation_id: Option<String>,
    #[serde(deserialize_with = "wire::optional_text")]
    policy_name: Option<String>,
    #[serde(deserialize_with = "wire::context")]
    context: Context,
    #[serde(deserialize_with = "wire::nullable")]
    errors: Vec<WireDetail>,
}

/// One entry of `errors[]`.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct WireDetail {
    #[serde(deserialize_with = "wire::plain_text")]
    message: String,
    #[serde(deserialize_with = "wire::plain_text")]
    code: String,
    #[serde(deserialize_with = "wire::context")]
    context: Context,
}

/// One entry of the JSON array that HubSpot writes into `message`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct WirePropertyError {
    #[serde(deserialize_with = "wire::plain_text")]
    name: String,
    #[serde(deserialize_with = "wire::plain_text")]
    error: String,
    #[serde(deserialize_with = "wire::plain_text")]
    message: String,
}

impl WireError {
    /// A body that is a sentence and no JSON; a web page says nothing.
    fn plain(body: &str) -> WireError {
        const CHARACTERS: usize = 300;
        let body = body.trim();
        let message = if body.starts_with('<') { String::new() } else { body.chars().take(CHARACTERS).collect() };
        WireError { message, ..WireError::default() }
    }

    /// From `errors[]` first, then from the array inside `message` what `errors[]` did not name (contract §9).
    fn property_errors(&self) -> Vec<PropertyError> {
        let mut found: Vec<PropertyError> = self.errors.iter().flat_map(WireDetail::property_errors).collect();
        for error in in_message(&self.message) {
            if !error.name.is_empty() && !found.iter().any(|known| known.property == error.name) {
                found.push(PropertyError { property: error.name, code: error.error, message: error.message });
            }
        }
        found
    }

    fn required_scopes(&self) -> Vec<String> {
        let contexts = self.errors.iter().map(|detail| &detail.context).chain([&self.context]);
        let mut scopes: Vec<String> = contexts
            .flat_map(|context| ["requiredGranularScopes", "requiredScopes"].map(|name| context.get(name)))
            .flatten()
            .flatten()
            .cloned()
            .collect();
        scopes.sort();
        scopes.dedup();
        scopes
    }
}

impl WireDetail {
    fn property_errors(&self) -> impl Iterator<Item = PropertyError> {
        let names = ["propertyName", "propertyNames"].into_iter().filter_map(|name| self.context.get(name)).flatten();
        names.map(|property| PropertyError {
            property: property.clone(),
            code: self.code.clone(),
            message: self.message.clone(),
        })
    }
}

impl From<WireError> for InputError {
    fn from(wire: WireError) -> InputError {
        let properties = wire.property_errors();
        let mut context = wire.context;
        for detail in wire.errors {
            for (name, values) in detail.context {
                context.entry(name).or_default().extend(values);
            }
        }
        InputError {
            kind: kind_of(&wire.category, &wire.message, &properties),
            category: wire.category,
            sub_category: wire.sub_category,
            message: wire.message,
            properties,
            context,
        }
    }
}

/// What stands in `message` before the JSON array.
pub(crate) const NOT_VALID: &str = "Property values were not valid: ";

fn in_message(message: &str) -> Vec<WirePropertyError> {
    let Some((_, array)) = message.split_once(NOT_VALID) else { return Vec::new() };
    salvage::parse(array).unwrap_or_default()
}

fn kind_of(category: &str, message: &str, properties: &[PropertyError]) -> InputErrorKind {
    let clashes = |error: &PropertyError| error.code == "CONFLICTING_UNIQUE_VALUE";
    match category {
        "INTERNAL_ERROR" => InputErrorKind::Retryable,
        _ if category.starts_with("RATE_LIMIT") || message.contains("Please retry") => InputErrorKind::Retryable,
        "OBJECT_NOT_FOUND" => InputErrorKind::ObjectNotFound,
        "CONFLICT" | "OBJECT_ALREADY_EXISTS" => InputErrorKind::Conflict,
        _ if !properties.is_empty() && properties.iter().all(clashes) => InputErrorKind::Conflict,
        "VALIDATION_ERROR" => InputErrorKind::Validation,
        _ if !properties.is_empty() => InputErrorKind::Validation,
        _ => InputErrorKind::Other,
    }
}

/// The number after the word "row", if the sentence has one.
fn row_in(message: &str) -> Option<&str> {
    let (_, rest) = message.split_once(" row ")?;
    let row = rest.split(|character: char| !character.is_ascii_digit()).next()?;
    (!row.is_empty()).then_some(row)
}

#[cfg(test)]
mod tests;
