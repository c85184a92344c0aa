//! Kleer's JSON habits, all of them (contract kleer-api §3).

use std::fmt;

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// One record of Kleer: an object that keeps unknown members and their order.
///
/// The accessors take a dotted path (`address.zip-code`). For each of them a member that is missing, null or an
/// empty string is `None`; numbers may come as text. What cannot be read is a [`FieldError`].
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Document(Map<String, Value>);

/// A member that does not hold what the contract promises. It concerns one record, and is told to the user as a
/// problem.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the field `{path}` should be {expected}, but holds `{found}`")]
pub struct FieldError {
    /// Where, as a dotted path.
    pub path: String,
    /// What was expected, with its article.
    pub expected: &'static str,
    /// What stands there, cut short.
    pub found: String,
}

impl FieldError {
    pub(crate) fn new(path: impl Into<String>, expected: &'static str, found: &impl fmt::Display) -> FieldError {
        FieldError { path: path.into(), expected, found: found.to_string().chars().take(80).collect() }
    }
}

impl Document {
    /// The record as it will be written.
    pub fn as_map(&self) -> &Map<String, Value> {
        &self.0
    }

    /// The value at a path; `None` if it is missing, null or `""`, or if the path leads through such.
    ///
    /// # Errors
    /// If the path leads through something that is no object.
    pub fn value(&self, path: &str) -> Result<Option<&Value>, FieldError> {
        let mut object = &self.0;
        let mut names = path.split('.').peekable();
        while let Some(name) = names.next() {
            let Some(value) = object.get(name).filter(|value| !is_empty(value)) else { return Ok(None) };
            if names.peek().is_none() {
                return Ok(Some(value));
            }
            object = value.as_object().ok_or_else(|| FieldError::new(path, "inside an object", value))?;
        }
        Ok(None)
    }

    fn read<'a, T>(
        &'a self,
        path: &str,
        expected: &'static str,
        reader: impl FnOnce(&'a Value) -> Option<T>,
    ) -> Result<Option<T>, FieldError> {
        let Some(value) = self.value(path)? else { return Ok(None) };
        reader(value).map(Some).ok_or_else(|| FieldError::new(path, expected, value))
    }

    /// A text, unchanged. A number is given as it is written, since foreign ids come as either (rule 10).
    pub fn text(&self, path: &str) -> Result<Option<&str>, FieldError> {
        self.read(path, "a text", text_in)
    }

    /// A whole number: a count, a number of days.
    pub fn integer(&self, path: &str) -> Result<Option<i64>, FieldError> {
        self.read(path, "a whole number", integer_in)
    }

    /// An amount in minor units, öre or cents, as Kleer writes all money.
    pub fn money(&self, path: &str) -> Result<Option<i64>, FieldError> {
        self.read(path, "an amount in whole minor units", integer_in)
    }

    /// A quantity or a rate, exactly as it is written.
    pub fn decimal(&self, path: &str) -> Result<Option<Decimal>, FieldError> {
        self.read(path, "a number", decimal_in)
    }

    /// True or false.
    pub fn boolean(&self, path: &str) -> Result<Option<bool>, FieldError> {
        self.read(path, "true or false", boolean_in)
    }

    /// A plain date in Kleer's calendar, Europe/Stockholm. `0001-01-01` stands for none (contract kleer-api §7.2).
    pub fn date(&self, path: &str) -> Result<Option<Date>, FieldError> {
        let date = self.read(path, "a date", |value| value.as_str()?.trim().parse().ok())?;
        Ok(date.filter(|date: &Date| date.year() > 1))
    }

    /// A moment: RFC 3339; without an offset it is Stockholm's time; a number is milliseconds since 1970.
    pub fn date_time(&self, path: &str) -> Result<Option<Timestamp>, FieldError> {
        let moment = self.read(path, "a date and time", moment_in)?;
        Ok(moment.filter(|moment| *moment > NO_MOMENT))
    }

    /// The id of a reference: `{"id":n}`, doubled `{"id":{"id":n}}`, or bare. 0 stands for none: ids are positive
    /// (contract kleer-api §3 rule 7, §11).
    pub fn reference(&self, path: &str) -> Result<Option<i64>, FieldError> {
        let id = self.read(path, "a reference by id", |value| id_in(value).ok())?;
        Ok(id.flatten().filter(|id| *id != 0))
    }

    /// The record's own id, plain or doubled.
    ///
    /// # Errors
    /// If there is none: no record of Kleer is without.
    pub fn id(&self) -> Result<i64, FieldError> {
        self.reference("id")?.ok_or_else(|| FieldError::new("id", "a reference by id", &"nothing"))
    }

    /// A value of an enumeration in `UPPER_SNAKE`, however it was spelled (rule 9); unknown ones too. Only for fields
    /// that the schema declares as enumerations: the others keep their text.
    pub fn enumeration(&self, path: &str) -> Result<Option<String>, FieldError> {
        self.read(path, "a name", |value| value.as_str().map(upper_snake))
    }

    /// The elements of an array, in its wrapper or bare: `"rows":{"rows":[…]}`, `"recurring-rows":{"rows":[…]}`,
    /// `[…]`. Missing, null, `{}` and `[]` are all empty (rules 5 and 6).
    pub fn array(&self, path: &str) -> Result<&[Value], FieldError> {
        let name = path.rsplit('.').next().unwrap_or(path);
        let elements = self.read(path, "an array", |value| elements_in(value, name))?;
        Ok(elements.unwrap_or_default())
    }

    /// The elements of an array of objects, each a document of its own. An error names the element: `rows[2]`.
    pub fn documents(&self, path: &str) -> Result<Vec<Document>, FieldError> {
        let document = |(index, value): (usize, &Value)| match value {
            Value::Object(object) => Ok(Document(object.clone())),
            other => Err(FieldError::new(format!("{path}[{index}]"), "an object", other)),
        };
        self.array(path)?.iter().enumerate().map(document).collect()
    }

    /// Lays a value over the document before it is written. Objects on the way that are missing, or are no objects,
    /// are created.
    pub fn set(&mut self, path: &str, value: impl Into<Value>) {
        let (parents, name) = path.rsplit_once('.').map_or((None, path), |(parents, name)| (Some(parents), name));
        let mut object = &mut self.0;
        for parent in parents.into_iter().flat_map(|parents| parents.split('.')) {
            let member = object.entry(parent).or_insert_with(|| Value::Object(Map::new()));
            if !member.is_object() {
                *member = Value::Object(Map::new());
            }
            object = member.as_object_mut().expect("it was just made one");
        }
        object.insert(name.to_owned(), value.into());
    }

    /// Takes a top-level member out before writing, such as `files`. Keeps the order of the others.
    pub fn remove(&mut self, name: &str) {
        self.0.shift_remove(name);
    }
}

impl From<Map<String, Value>> for Document {
    fn from(object: Map<String, Value>) -> Document {
        Document(object)
    }
}

impl From<Document> for Value {
    fn from(document: Document) -> Value {
        Value::Object(document.0)
    }
}

/// Whether two spellings mean the same value of an enumeration: `DigitalServices` and `DIGITAL_SERVICES` (rule 9).
pub fn same_enum(one: &str, other: &str) -> bool {
    let letters = |text: &'_ str| text.replace('_', "").to_ascii_uppercase();
    letters(one) == letters(other)
}

/// The spelling of an enumeration's value that Kleer reads in JSON (rule 9).
pub fn upper_snake(name: &str) -> String {
    let mut out = String::with_capacity(name.len() + 4);
    let mut before = '_';
    for c in name.trim().chars() {
        if c.is_uppercase() && (before.is_lowercase() || before.is_ascii_digit()) {
            out.push('_');
        }
        out.push(if c.is_alphanumeric() { c.to_ascii_uppercase() } else { '_' });
        before = c;
    }
    out
}

/// `0001-01-01` and a little after, which is no moment but the absence of one.
const NO_MOMENT: Timestamp = Timestamp::constant(-62_000_000_000, 0);

fn is_empty(value: &Value) -> bool {
    value.is_null() || value.as_str() == Some("")
}

fn text_in(value: &Value) -> Option<&str> {
    match value {
        Value::String(text) => Some(text),
        Value::Number(number) => Some(number.as_str()),
        _ => None,
    }
}

fn decimal_in(value: &Value) -> Option<Decimal> {
    let text = text_in(value)?.trim();
    text.parse().or_else(|_| Decimal::from_scientific(text)).ok()
}

/// `150000.0` is whole too.
fn integer_in(value: &Value) -> Option<i64> {
    let text = text_in(value)?.trim();
    text.parse().ok().or_else(|| decimal_in(value).filter(Decimal::is_integer)?.to_i64())
}

fn boolean_in(value: &Value) -> Option<bool> {
    value.as_bool().or_else(|| value.as_str()?.trim().to_ascii_lowercase().parse().ok())
}

fn moment_in(value: &Value) -> Option<Timestamp> {
    if let Value::Number(millis) = value {
        return Timestamp::from_millisecond(millis.as_i64()?).ok();
    }
    let text = value.as_str()?.trim();
    text.parse().ok().or_else(|| {
        let local: DateTime = text.parse().ok()?;
        local.to_zoned(stockholm()).as_ref().map(Zoned::timestamp).ok()
    })
}

fn stockholm() -> TimeZone {
    TimeZone::get("Europe/Stockholm").expect("the time zones are built in")
}

/// The id in a reference, however deep; `None` in an empty one, an error in anything else.
pub(crate) fn id_in(value: &Value) -> Result<Option<i64>, ()> {
    match value {
        Value::Object(object) => object.get("id").map_or(Ok(None), id_in),
        value if is_empty(value) => Ok(None),
        value => integer_in(value).map(Some).ok_or(()),
    }
}

/// The array in a value: itself, or in its wrapper under the wrapper's own name, as `rows`, or as the only array there.
fn elements_in<'a>(value: &'a Value, name: &str) -> Option<&'a [Value]> {
    let object = match value {
        Value::Array(elements) => return Some(elements),
        other => other.as_object()?,
    };
    let named = [name, "rows"].into_iter().find_map(|name| object.get(name)?.as_array());
    let mut arrays = object.values().filter_map(Value::as_array);
    match (named, arrays.next(), arrays.next()) {
        (Some(elements), ..) | (None, Some(elements), None) => Some(elements),
        (None, None, _) if object.values().all(is_empty) => Some(&[]),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
