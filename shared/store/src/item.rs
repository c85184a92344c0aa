//! Reading and writing attributes.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use jiff::Timestamp;

use crate::error::Error;

/// One item as the SDK gives it.
pub(crate) type Item = HashMap<String, AttributeValue>;

/// A text attribute.
pub(crate) fn s(text: impl Into<String>) -> AttributeValue {
    AttributeValue::S(text.into())
}

/// A number attribute.
pub(crate) fn n(number: impl ToString) -> AttributeValue {
    AttributeValue::N(number.to_string())
}

/// A moment as a number of milliseconds.
pub(crate) fn at(moment: Timestamp) -> AttributeValue {
    n(moment.as_millisecond())
}

/// The text of an attribute, if there is one.
pub(crate) fn text<'a>(item: &'a Item, name: &str) -> Option<&'a str> {
    item.get(name).and_then(|value| value.as_s().ok()).map(String::as_str)
}

/// The number of an attribute, if there is one.
///
/// # Errors
/// If it does not fit the type.
pub(crate) fn number<T: std::str::FromStr>(item: &Item, name: &str) -> Result<Option<T>, Error> {
    match item.get(name).and_then(|value| value.as_n().ok()) {
        None => Ok(None),
        Some(text) => text.parse().map(Some).map_err(|_| Error::unreadable(key_of(item), format!("{name} is {text}"))),
    }
}

/// The moment of an attribute, if there is one.
///
/// # Errors
/// If it is not a number of milliseconds within range.
pub(crate) fn moment(item: &Item, name: &str) -> Result<Option<Timestamp>, Error> {
    number::<i64>(item, name)?
        .map(Timestamp::from_millisecond)
        .transpose()
        .map_err(|error| Error::unreadable(key_of(item), error))
}

/// The keys of an item, for messages.
pub(crate) fn key_of(item: &Item) -> String {
    format!("{}/{}", text(item, "pk").unwrap_or("?"), text(item, "sk").unwrap_or("?"))
}
