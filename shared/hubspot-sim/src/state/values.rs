//! From the text somebody sends to the text HubSpot keeps, by property type (contract §10).

use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use rust_decimal::Decimal;
use serde_json::Value;

use super::error::Invalid;
use super::pipelines;
use super::portal::Portal;
use super::property::Property;
use super::record::moment;
use super::types::ObjectTypeId;

const LONGEST_TEXT: usize = 65_536;

/// The text of a JSON value: numbers and booleans are taken as their text, null means "not sent".
pub(crate) fn text_of(value: &Value) -> Result<Option<String>, String> {
    match value {
        Value::Null => Ok(None),
        Value::String(text) => Ok(Some(text.clone())),
        Value::Number(number) => Ok(Some(number.to_string())),
        Value::Bool(flag) => Ok(Some(flag.to_string())),
        Value::Array(_) => Err("Cannot deserialize value of type `java.lang.String` from Array value".to_owned()),
        Value::Object(_) => Err("Cannot deserialize value of type `java.lang.String` from Object value".to_owned()),
    }
}

/// The canonical text of a value, or why it is refused. An empty text clears and is always fine.
pub(crate) fn canonical(
    portal: &Portal,
    object_type: ObjectTypeId,
    property: &Property,
    text: &str,
    present: Option<&str>,
) -> Result<String, Invalid> {
    let refuse = |code, message: String| Err(Invalid::new(&property.name, code, message));
    if text.is_empty() {
        return Ok(String::new());
    }
    match property.data_type.as_str() {
        "number" => match number(text) {
            Some(number) => Ok(number.normalize().to_string()),
            None => refuse("INVALID_INTEGER", format!("{text} was not a valid number.")),
        },
        "date" => date(text).map_err(|problem| problem.of(property)),
        "datetime" => match instant(text) {
            Some(at) => Ok(moment(at)),
            None => refuse("INVALID_LONG", format!("{text} was not a valid long.")),
        },
        "bool" => option(property, text),
        "enumeration" => enumeration(portal, object_type, property, text, present),
        _ if text.chars().count() > LONGEST_TEXT => {
            refuse("INVALID_STRING", format!("The value is longer than {LONGEST_TEXT} characters."))
        }
        _ if property.name == "email" && !text.contains('@') => {
            refuse("INVALID_EMAIL", format!("Email address {text} is invalid"))
        }
        _ => Ok(text.to_owned()),
    }
}

/// A plain decimal: digits, at most one dot, no grouping, no exponent.
pub(crate) fn number(text: &str) -> Option<Decimal> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let plain = digits.chars().all(|c| c.is_ascii_digit() || c == '.') && digits.chars().any(|c| c.is_ascii_digit());
    plain.then(|| Decimal::from_str(text).ok()).flatten()
}

/// A moment from ISO 8601, a plain date (midnight UTC) or epoch milliseconds.
pub(crate) fn instant(text: &str) -> Option<Timestamp> {
    if let Ok(milliseconds) = text.parse::<i64>() {
        return Timestamp::from_millisecond(milliseconds).ok();
    }
    if let Some(date) = plain_date(text) {
        return date.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp());
    }
    let at = Timestamp::from_str(text).ok()?;
    Timestamp::from_millisecond(at.as_millisecond()).ok()
}

fn plain_date(text: &str) -> Option<Date> {
    (text.len() == 10).then(|| Date::from_str(text).ok()).flatten()
}

/// Why a date was refused.
struct BadDate(&'static str, String);

impl BadDate {
    fn of(self, property: &Property) -> Invalid {
        Invalid::new(&property.name, self.0, self.1)
    }
}

fn date(text: &str) -> Result<String, BadDate> {
    if let Some(date) = plain_date(text) {
        return Ok(date.to_string());
    }
    let at = instant(text).ok_or_else(|| BadDate("INVALID_LONG", format!("{text} was not a valid long.")))?;
    let utc = at.to_zoned(TimeZone::UTC);
    if at.as_millisecond().rem_euclid(86_400_000) == 0 {
        return Ok(utc.date().to_string());
    }
    let time = utc.time();
    let shown = format!("{}:{:02}:{:02}.{}", time.hour(), time.minute(), time.second(), time.millisecond());
    Err(BadDate("INVALID_DATE", format!("{text} is at {shown} UTC, not midnight!")))
}

fn option(property: &Property, text: &str) -> Result<String, Invalid> {
    if property.options.iter().any(|option| option.value == text) {
        return Ok(text.to_owned());
    }
    let bool_without_options = property.data_type == "bool" && property.options.is_empty();
    if bool_without_options && (text == "true" || text == "false") {
        return Ok(text.to_owned());
    }
    let options: Vec<String> = property
        .options
        .iter()
        .map(|option| format!("label: \"{}\"\nvalue: \"{}\"\n", option.label, option.value))
        .collect();
    let message = format!("{text} was not one of the allowed options: [{}]", options.join(", "));
    Err(Invalid::new(&property.name, "INVALID_OPTION", message))
}

fn enumeration(
    portal: &Portal,
    object_type: ObjectTypeId,
    property: &Property,
    text: &str,
    present: Option<&str>,
) -> Result<String, Invalid> {
    if property.referenced_object_type.as_deref() == Some("OWNER") {
        return owner(portal, property, text);
    }
    if let Some((pipeline, stage)) = pipelines::properties(object_type) {
        if property.name == pipeline {
            return pipeline_id(portal, object_type, property, text);
        }
        if property.name == stage {
            // Checked against the record's pipeline once all properties are known.
            return Ok(text.to_owned());
        }
    }
    if !property.takes_many() {
        return option(property, text);
    }
    let (kept, added) = match text.strip_prefix(';') {
        Some(added) => (present.unwrap_or(""), added),
        None => ("", text),
    };
    let mut values: Vec<&str> = kept.split(';').filter(|value| !value.is_empty()).collect();
    for value in added.split(';').filter(|value| !value.is_empty()) {
        option(property, value)?;
        if !values.contains(&value) {
            values.push(value);
        }
    }
    Ok(values.join(";"))
}

fn owner(portal: &Portal, property: &Property, text: &str) -> Result<String, Invalid> {
    let known = portal.options.owners.iter().any(|owner| owner.id.to_string() == text);
    let refusal = || Invalid::new(&property.name, "INVALID_OWNER_ID", format!("The owner {text} does not exist."));
    known.then(|| text.to_owned()).ok_or_else(refusal)
}

fn pipeline_id(portal: &Portal, object_type: ObjectTypeId, property: &Property, text: &str) -> Result<String, Invalid> {
    let pipelines = pipelines::of_portal(portal.id, object_type);
    if pipelines.iter().any(|pipeline| pipeline.id == text) {
        return Ok(text.to_owned());
    }
    let ids: Vec<&str> = pipelines.iter().map(|pipeline| pipeline.id.as_str()).collect();
    let message = format!("{text} is not a valid pipeline ID. Valid options are: [{}]", ids.join(", "));
    Err(Invalid::new(&property.name, "INVALID_OPTION", message))
}
