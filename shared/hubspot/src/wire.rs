//! Reading HubSpot's JSON with patience: fields may be missing, null, a number where a string is documented, or a string
//! where a list is (contract hubspot-crm §9, "all fields optional when parsing").

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// Free-text context of an error: HubSpot documents lists of strings and sometimes sends one bare string.
pub(crate) type Context = BTreeMap<String, Vec<String>>;

/// A scalar as text; `null` is no value. A list or an object is kept as its JSON, so nothing is lost.
pub(crate) fn text(value: Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text),
        other => Some(other.to_string()),
    }
}

/// A field that must be text in our structs: a number becomes its digits, a missing or null one is empty.
pub(crate) fn plain_text<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    Ok(text(Value::deserialize(from)?).unwrap_or_default())
}

/// Text that may be missing, null, a number or a bool.
pub(crate) fn optional_text<'de, D: Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    Ok(text(Value::deserialize(from)?))
}

/// A whole number that may come as text; anything else is no number.
pub(crate) fn optional_number<'de, D: Deserializer<'de>>(from: D) -> Result<Option<u64>, D::Error> {
    Ok(text(Value::deserialize(from)?).and_then(|text| text.parse().ok()))
}

/// A bool that may come as `"true"`; anything else, null included, is false.
pub(crate) fn flag<'de, D: Deserializer<'de>>(from: D) -> Result<bool, D::Error> {
    Ok(text(Value::deserialize(from)?).is_some_and(|text| text == "true"))
}

/// The same where it matters that nothing was said.
pub(crate) fn told_flag<'de, D: Deserializer<'de>>(from: D) -> Result<Option<bool>, D::Error> {
    Ok(text(Value::deserialize(from)?).map(|text| text == "true"))
}

/// `null` where a list or an object is documented counts as the empty one.
pub(crate) fn nullable<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(from: D) -> Result<T, D::Error> {
    Ok(Option::deserialize(from)?.unwrap_or_default())
}

/// A moment as ISO 8601 or as epoch milliseconds. An unreadable one is none: no record is worth losing over it.
pub(crate) fn moment<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Timestamp>, D::Error> {
    let Some(text) = text(Value::deserialize(from)?) else { return Ok(None) };
    Ok(text.parse().ok().or_else(|| Timestamp::from_millisecond(text.parse().ok()?).ok()))
}

/// Property values: strings by contract (§3.2), numbers and bools tolerated into text, null is no value.
pub(crate) fn values<'de, D: Deserializer<'de>>(from: D) -> Result<BTreeMap<String, Option<String>>, D::Error> {
    let raw: BTreeMap<String, Value> = nullable(from)?;
    Ok(raw.into_iter().map(|(name, value)| (name, text(value))).collect())
}

/// Text values by name (pipeline metadata); a null is left out.
pub(crate) fn text_values<'de, D: Deserializer<'de>>(from: D) -> Result<BTreeMap<String, String>, D::Error> {
    Ok(values(from)?.into_iter().filter_map(|(name, value)| Some((name, value?))).collect())
}

/// The `context` of an error; a lone value becomes a list of one.
pub(crate) fn context<'de, D: Deserializer<'de>>(from: D) -> Result<Context, D::Error> {
    Ok(match Value::deserialize(from)? {
        Value::Object(fields) => fields.into_iter().map(|(name, value)| (name, texts(value))).collect(),
        _ => Context::new(),
    })
}

fn texts(value: Value) -> Vec<String> {
    match value {
        Value::Array(values) => values.into_iter().filter_map(text).collect(),
        other => text(other).into_iter().collect(),
    }
}

/// `{"id": "…"}`, HubSpot's way to point at a record in a request or an answer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, serde::Serialize)]
pub(crate) struct Reference {
    #[serde(default, deserialize_with = "plain_text")]
    pub(crate) id: String,
}

impl Reference {
    pub(crate) fn to(id: &str) -> Reference {
        Reference { id: id.to_owned() }
    }
}

/// `{"paging":{"next":{"after":"…"}}}`, the same wherever something has pages.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct Paging {
    #[serde(default, deserialize_with = "nullable")]
    next: Next,
}

#[derive(Clone, Debug, Default, Deserialize)]
struct Next {
    #[serde(default, deserialize_with = "optional_text")]
    after: Option<String>,
}

impl Paging {
    /// The cursor of the next page; none on the last one.
    pub(crate) fn after(self) -> Option<String> {
        self.next.after.filter(|cursor| !cursor.is_empty())
    }
}

/// `{"results":[…]}` without pages.
#[derive(Debug, Deserialize)]
#[serde(bound = "T: Deserialize<'de>")]
pub(crate) struct Listed<T> {
    #[serde(default = "Vec::new", deserialize_with = "nullable")]
    pub(crate) results: Vec<T>,
}

/// `{"inputs":[…]}`, the body of most batches.
#[derive(Debug, serde::Serialize)]
pub(crate) struct Inputs<'a, T> {
    pub(crate) inputs: &'a [T],
}
