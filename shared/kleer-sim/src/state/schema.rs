//! The vendor's schema as tables, and the check of a written document against them (contract kleer-api §7, columns
//! M, O and N).

use jiff::civil::Date;
use rust_decimal::Decimal;
use serde_json::Value;

use super::document::Document;
use crate::{Refusal, UnknownElements};

/// What an element holds.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Type {
    /// `xs:string`.
    Text,
    /// `xs:int` and `xs:long`: a whole number.
    Whole,
    /// `xs:decimal`.
    Decimal,
    /// `xs:boolean`.
    Bool,
    /// An enumeration, in the spelling it is stored in.
    Enum(&'static [&'static str]),
    /// `xs:date`, `2026-11-21`.
    Date,
    /// A date that may be empty: `delivery-date` of an invoice (contract kleer-api §3, Scalars).
    DateOrEmpty,
    /// `xs:dateTime`. Only the server writes those, so any form may come back.
    Moment,
    /// Anything; such as a file's data, whose form nobody knows (contract kleer-api §3, rule 11).
    Anything,
    /// A nested type.
    Object(&'static [Element]),
    /// A wrapper around an array: the array's key, and what one of its items holds (contract kleer-api §3, rule 5).
    Wrapper(&'static str, &'static [Element]),
    /// A repeated element: an array without a wrapper (contract kleer-api §3, rule 4).
    List(&'static [Element]),
}

/// One element of a type of the schema.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Element {
    name: &'static str,
    holds: Type,
    mandatory: bool,
    nillable: bool,
}

/// An element that every write must carry.
pub(crate) const fn must(name: &'static str, holds: Type) -> Element {
    Element { name, holds, mandatory: true, nillable: false }
}

/// An element that a write may omit.
pub(crate) const fn may(name: &'static str, holds: Type) -> Element {
    Element { name, holds, mandatory: false, nillable: false }
}

/// An element that a write may omit or send as null.
pub(crate) const fn may_be_null(name: &'static str, holds: Type) -> Element {
    Element { name, holds, mandatory: false, nillable: true }
}

/// An element that every write must carry, if only as null.
pub(crate) const fn must_or_null(name: &'static str, holds: Type) -> Element {
    Element { name, holds, mandatory: true, nillable: true }
}

/// What a reference holds (contract kleer-api §3, rule 7).
pub(crate) const REFERENCE: &[Element] = &[must("id", Type::Whole)];

/// Checks a written document against the table of its type and brings it to the form it is stored in: optional
/// elements that are null are gone, empty wrappers are `{}`. Returns the names that are in no schema.
pub(crate) fn check(
    table: &[Element],
    document: &mut Document,
    unknown: UnknownElements,
) -> Result<Vec<String>, Refusal> {
    for element in table {
        check_element(element, document, element.name)?;
    }
    let strangers: Vec<String> =
        document.keys().filter(|name| !table.iter().any(|element| element.name == *name)).cloned().collect();
    match unknown {
        UnknownElements::Kept => {}
        UnknownElements::Dropped => strangers.iter().for_each(|name| {
            document.shift_remove(name);
        }),
        UnknownElements::Refused => {
            if let Some(name) = strangers.first() {
                return Err(Refusal::Invalid(format!("unknown element {name}")));
            }
        }
    }
    Ok(strangers)
}

fn check_element(element: &Element, document: &mut Document, path: &str) -> Result<(), Refusal> {
    match document.get_mut(element.name) {
        None if element.mandatory => Err(Refusal::Invalid(format!("mandatory element {path} is missing"))),
        None => Ok(()),
        Some(Value::Null) if element.nillable => Ok(()),
        Some(Value::Null) if element.mandatory => Err(Refusal::Invalid(format!("mandatory element {path} is null"))),
        Some(Value::Null) => {
            document.shift_remove(element.name);
            Ok(())
        }
        Some(value) => check_value(element.holds, value, path),
    }
}

fn check_value(holds: Type, value: &mut Value, path: &str) -> Result<(), Refusal> {
    let fits = match (holds, &mut *value) {
        (Type::Text, Value::String(_)) | (Type::Bool, Value::Bool(_)) => true,
        (Type::Whole, Value::Number(number)) => number.as_i64().is_some(),
        (Type::Decimal, Value::Number(number)) => number.as_str().parse::<Decimal>().is_ok(),
        (Type::Date, Value::String(text)) => is_date(text),
        (Type::DateOrEmpty, Value::String(text)) => text.is_empty() || is_date(text),
        (Type::Moment, Value::String(_) | Value::Number(_)) | (Type::Anything, _) => true,
        (Type::Enum(names), Value::String(name)) => names.contains(&name.as_str()),
        (Type::Object(table), Value::Object(inner)) => return check_object(table, inner, path),
        (Type::Wrapper(key, table), Value::Object(inner)) => return check_wrapper(key, table, inner, path),
        (Type::List(table), Value::Array(items)) => return check_items(table, items, path),
        _ => false,
    };
    if fits { Ok(()) } else { Err(Refusal::Invalid(format!("element {path} has the wrong type: {value}"))) }
}

fn check_object(table: &[Element], inner: &mut Document, path: &str) -> Result<(), Refusal> {
    table.iter().try_for_each(|element| check_element(element, inner, &format!("{path}.{}", element.name)))
}

/// Missing, null and `[]` mean the same, and are stored as missing (contract kleer-api §3, rule 6).
fn check_wrapper(key: &str, table: &[Element], inner: &mut Document, path: &str) -> Result<(), Refusal> {
    match inner.get_mut(key) {
        None => Ok(()),
        Some(Value::Null) => {
            inner.shift_remove(key);
            Ok(())
        }
        Some(Value::Array(items)) if items.is_empty() => {
            inner.shift_remove(key);
            Ok(())
        }
        Some(Value::Array(items)) => check_items(table, items, &format!("{path}.{key}")),
        Some(other) => Err(Refusal::Invalid(format!("element {path}.{key} is not an array: {other}"))),
    }
}

fn check_items(table: &[Element], items: &mut [Value], path: &str) -> Result<(), Refusal> {
    items.iter_mut().try_for_each(|item| match item {
        Value::Object(item) => check_object(table, item, path),
        other => Err(Refusal::Invalid(format!("element {path} holds no objects: {other}"))),
    })
}

/// Ten characters exactly: the parser would take a time behind them as well.
fn is_date(text: &str) -> bool {
    text.len() == 10 && text.parse::<Date>().is_ok()
}

/// Whether the elements that only the server sets, but that the schema wants in every write, are there
/// (contract kleer-api §7.2, last line of the table).
pub(crate) fn check_presence(names: &[&str], document: &Document) -> Result<(), Refusal> {
    match names.iter().find(|name| !document.contains_key(**name)) {
        Some(name) => Err(Refusal::Invalid(format!("mandatory element {name} is missing"))),
        None => Ok(()),
    }
}
