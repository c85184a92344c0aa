//! From HubSpot's words to Kleer's: what a property says becomes the value of a field, and that a member of Kleer's document.
//! The opposite of [`crate::projection::render`].

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;
use serde_json::{Number, Value as Json};

use crate::canonical::{moment, number, spell};
use crate::computed::stockholm_date;
use crate::projection::{boolean, quoted};
use crate::property::PropertyDefinition;
use crate::spec::{EnumValue, FieldKind, FieldSpec};
use crate::value::{Money, Value};

/// Why a value of HubSpot cannot be Kleer's, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReverseFault {
    /// What is wrong, no full stop.
    pub message: String,
    /// What a person can do, a sentence.
    pub remedy: String,
}

/// What becomes of a member of Kleer's document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Written {
    /// It gets this value.
    Set(Json),
    /// It is left out, which empties it.
    Remove,
}

/// Reads what a property says as the value of a field; an empty text is none.
///
/// # Errors
/// If the field cannot hold it.
pub fn read(field: &FieldSpec, text: &str, definition: &PropertyDefinition) -> Result<Option<Value>, ReverseFault> {
    let text = text.trim().replace("\r\n", "\n");
    if text.is_empty() {
        return Ok(None);
    }
    let value = match field.kind {
        FieldKind::Text | FieldKind::LongText => Some(Value::Text(text)),
        FieldKind::Enumeration(values) => Some(Value::Choice(choice(&text, values, definition))),
        FieldKind::Integer | FieldKind::SerialNumber => Some(Value::Number(whole(&text)?)),
        // 0 is how references and numbers say that there is none.
        FieldKind::Reference => Some(whole(&text)?).filter(|id| !id.is_zero()).map(Value::Number),
        FieldKind::Decimal => Some(Value::Number(decimal(&text)?)),
        FieldKind::Money => Some(Value::Money(money(&text)?)),
        FieldKind::Rate => Some(Value::Percentage(decimal(&text)?)),
        FieldKind::Boolean => Some(Value::Boolean(yes_or_no(&text, definition)?)),
        FieldKind::Date => Some(Value::Date(date(&text)?)),
    };
    Ok(value)
}

/// The member of Kleer's document for a value of a field; for none, what empties it: a text becomes empty, an amount 0, a
/// reference that of nobody (contract kleer-api §7.1, §8).
#[must_use]
pub fn to_kleer(field: &FieldSpec, value: Option<&Value>) -> Written {
    let Some(value) = value else { return emptied(field.kind) };
    Written::Set(match value {
        Value::Text(text) | Value::Choice(text) => Json::from(text.as_str()),
        Value::Number(number) => json_number(*number),
        Value::Money(Money(minor)) => Json::from(*minor),
        Value::Percentage(rate) => json_number(*rate / Decimal::ONE_HUNDRED),
        Value::Boolean(yes) => Json::from(*yes),
        Value::Date(date) => Json::from(date.to_string()),
    })
}

fn emptied(kind: FieldKind) -> Written {
    match kind {
        FieldKind::Text | FieldKind::LongText | FieldKind::Enumeration(_) => Written::Set(Json::from("")),
        FieldKind::Reference | FieldKind::Decimal | FieldKind::Money | FieldKind::Rate => Written::Set(Json::from(0)),
        // An optional date that is left out is none; the others cannot be empty and never come here.
        FieldKind::Date | FieldKind::Integer | FieldKind::SerialNumber | FieldKind::Boolean => Written::Remove,
    }
}

/// Exactly the digits of the number: Kleer's decimals are no floats.
fn json_number(number: Decimal) -> Json {
    let digits: Result<Number, _> = spell(number).parse();
    digits.map_or(Json::Null, Json::Number)
}

fn fault(text: &str, what: &str, remedy: &str) -> ReverseFault {
    ReverseFault { message: format!("{} is not {what}", quoted(text)), remedy: remedy.to_owned() }
}

/// The field's own spelling of a value, whatever its case; by the property's option if need be. The list may be longer in Kleer
/// than we know: what is unknown passes.
fn choice(text: &str, values: &[EnumValue], definition: &PropertyDefinition) -> String {
    let label = definition.options.iter().find(|option| option.value == text).map(|option| option.label.as_str());
    let known = |text: &str| values.iter().find(|known| is_same(known.value, text) || is_same(known.label, text));
    let found = known(text).or_else(|| known(label?));
    found.map_or_else(|| text.to_owned(), |known| known.value.to_owned())
}

fn is_same(one: &str, other: &str) -> bool {
    let letters = |text: &str| text.replace(['_', '-', ' '], "").to_lowercase();
    letters(one) == letters(other)
}

fn decimal(text: &str) -> Result<Decimal, ReverseFault> {
    number(text).ok_or_else(|| fault(text, "a number", "Write digits, and a dot before the decimals, as in 1250.50."))
}

/// Kleer's whole numbers have 32 bits (contract kleer-api §3).
fn whole(text: &str) -> Result<Decimal, ReverseFault> {
    let number = decimal(text)?.normalize();
    let fits = number.is_integer() && number.to_i32().is_some();
    let remedy = "Write a whole number without decimals.";
    if fits { Ok(number) } else { Err(fault(text, "a whole number that Kleer can hold", remedy)) }
}

fn money(text: &str) -> Result<Money, ReverseFault> {
    let amount = decimal(text)?;
    let minor = amount.checked_mul(Decimal::ONE_HUNDRED).map(|minor| minor.normalize());
    let too_fine = minor.is_some_and(|minor| !minor.is_integer());
    if too_fine {
        let remedy = "Round the amount to two decimals, whole öre.";
        return Err(fault(text, "an amount with at most two decimals", remedy));
    }
    let minor = minor.and_then(|minor| minor.to_i64());
    minor.map(Money).ok_or_else(|| fault(text, "an amount that Kleer can hold", "Write a smaller amount."))
}

fn yes_or_no(text: &str, definition: &PropertyDefinition) -> Result<bool, ReverseFault> {
    let label = definition.options.iter().find(|option| option.value == text).map(|option| option.label.as_str());
    let found = boolean(text).or_else(|| boolean(label?));
    found.ok_or_else(|| fault(text, "yes or no", "Choose yes or no."))
}

/// The day of a moment is that in Sweden: the midnight in UTC by which HubSpot means a date is the same day there.
fn date(text: &str) -> Result<jiff::civil::Date, ReverseFault> {
    let plain = text.parse().ok().filter(|_| text.len() == 10);
    let found = plain.or_else(|| moment(text).map(stockholm_date));
    found.ok_or_else(|| fault(text, "a date", "Write the date as year, month, day: 2026-12-31."))
}

#[cfg(test)]
mod tests;
