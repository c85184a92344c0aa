//! What several kinds of records have in common: tables of nested types, and how typed forms read them.

use jiff::civil::Date;
use rust_decimal::{Decimal, RoundingStrategy, prelude::ToPrimitive as _};
use serde::{Deserialize, Deserializer, de::Error};
use serde_json::{Number, Value};

use super::{
    document::{Document, Encoder, text_of},
    schema::{Element, Type, may, must},
};
use crate::{Rate, Refusal, Spelling};

/// Shares of dimension entries (contract kleer-api §8, dimensions-distribution).
pub(crate) const DISTRIBUTION: Type =
    Type::Wrapper("dimension-entries", &[must("id", Type::Whole), may("percentage", Type::Decimal)]);

/// Custom fields; the alias is the key (contract kleer-api §7.2).
pub(crate) const FIELDS: Type =
    Type::Wrapper("fields", &[may("name", Type::Text), must("alias", Type::Text), must("value", Type::Text)]);

/// From a day to a day, both included.
pub(crate) const PERIOD: &[Element] = &[must("start-date", Type::Date), must("end-date", Type::Date)];

/// Exactly one of the two; [`check_discounts`] sees to that (contract kleer-api §7.3).
pub(crate) const DISCOUNT: &[Element] = &[may("absolute", Type::Whole), may("percentage", Type::Decimal)];

/// From a day to a day, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Period {
    /// The first day.
    pub start_date: Date,
    /// The last day.
    pub end_date: Date,
}

/// What is taken off a row (contract kleer-api §7.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Discount {
    /// Hundredths of the currency, off the whole row.
    Absolute(i64),
    /// A fraction: 0.1 is ten per cent.
    Percentage(#[serde(deserialize_with = "decimal")] Decimal),
}

impl Period {
    pub(crate) fn encode(self) -> String {
        format!("{{\"start-date\":\"{}\",\"end-date\":\"{}\"}}", self.start_date, self.end_date)
    }
}

impl Discount {
    /// The discount of a row whose quantity is turned around.
    pub(crate) fn credited(self) -> Discount {
        match self {
            Discount::Absolute(cents) => Discount::Absolute(-cents),
            percentage @ Discount::Percentage(_) => percentage,
        }
    }

    pub(crate) fn encode(self) -> String {
        match self {
            Discount::Absolute(cents) => format!("{{\"absolute\":{cents}}}"),
            Discount::Percentage(fraction) => format!("{{\"percentage\":{}}}", fraction.normalize()),
        }
    }
}

/// What a row comes to, in hundredths: quantity x price, less the discount, rounded half away from zero. An absolute
/// discount is one of the row, not of each unit (contract kleer-api §15, `_mrr`).
pub(crate) fn row_amount(quantity: Decimal, price: i64, discount: Option<Discount>) -> i64 {
    let gross = quantity.checked_mul(Decimal::from(price)).unwrap_or_default();
    rounded(match discount {
        None => gross,
        Some(Discount::Absolute(cents)) => gross - Decimal::from(cents),
        Some(Discount::Percentage(fraction)) => gross.checked_mul(Decimal::ONE - fraction).unwrap_or_default(),
    })
}

/// To a whole number, half away from zero.
pub(crate) fn rounded(exact: Decimal) -> i64 {
    exact.round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero).to_i64().unwrap_or_default()
}

/// A wrapper around rows, `{}` if there are none (contract kleer-api §3, rules 5 and 6).
pub(crate) fn rows(text: &mut Encoder, name: &str, rows: impl Iterator<Item = String>) {
    let rows: Vec<String> = rows.collect();
    match rows.is_empty() {
        true => text.raw(name, "{}"),
        false => text.raw(name, &format!("{{\"rows\":[{}]}}", rows.join(","))),
    };
}

/// Reads the rows out of their wrapper.
pub(crate) fn unwrapped<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Vec<T>, D::Error> {
    #[derive(Deserialize)]
    struct Wrapper<T> {
        rows: Option<Vec<T>>,
    }
    Ok(Wrapper::deserialize(deserializer)?.rows.unwrap_or_default())
}

/// Reads a decimal from the number's text, never through a float.
pub(crate) fn decimal<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Decimal, D::Error> {
    Number::deserialize(deserializer)?.as_str().parse().map_err(D::Error::custom)
}

/// Reads a decimal that may be missing or null.
pub(crate) fn optional_decimal<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Decimal>, D::Error> {
    let number = Option::<Number>::deserialize(deserializer)?;
    number.map(|number| number.as_str().parse().map_err(D::Error::custom)).transpose()
}

/// Reads a date that may be missing, null or empty.
pub(crate) fn optional_date<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Date>, D::Error> {
    let text = Option::<String>::deserialize(deserializer)?.filter(|text| !text.is_empty());
    text.map(|text| text.parse().map_err(D::Error::custom)).transpose()
}

/// A decimal as a JSON number with its own digits.
pub(crate) fn number(value: Decimal) -> Value {
    Value::Number(Number::from_string_unchecked(value.normalize().to_string()))
}

/// A member that is a whole number, 0 if it is missing.
pub(crate) fn whole_of(document: &Document, name: &str) -> i64 {
    document.get(name).and_then(Value::as_i64).unwrap_or_default()
}

/// Whether a member is true.
pub(crate) fn is_true(document: &Document, name: &str) -> bool {
    document.get(name) == Some(&Value::Bool(true))
}

/// The rows in a wrapper.
pub(crate) fn rows_of<'a>(document: &'a mut Document, wrapper: &str) -> impl Iterator<Item = &'a mut Document> {
    let rows = document.get_mut(wrapper).and_then(|wrapper| wrapper.get_mut("rows")).and_then(Value::as_array_mut);
    rows.into_iter().flatten().filter_map(Value::as_object_mut)
}

/// Whether each discount is either absolute or a percentage.
pub(crate) fn check_discounts(document: &mut Document, wrapper: &str) -> Result<(), Refusal> {
    for row in rows_of(document, wrapper) {
        let parts = row.get("discount").and_then(Value::as_object).map(Document::len);
        if !matches!(parts, None | Some(1)) {
            return Err(Refusal::Invalid(format!("element {wrapper}.rows.discount is not exactly one of its choices")));
        }
    }
    Ok(())
}

/// Brings written percentages to the fractions that are stored.
pub(crate) fn read_percentages(rate: Rate, document: &mut Document, wrapper: &str) {
    scale_percentages(rate, document, wrapper, |percentage| percentage / Decimal::ONE_HUNDRED);
}

/// Brings stored fractions to the form that is answered.
pub(crate) fn write_percentages(rate: Rate, document: &mut Document, wrapper: &str) {
    scale_percentages(rate, document, wrapper, |fraction| fraction * Decimal::ONE_HUNDRED);
}

fn scale_percentages(rate: Rate, document: &mut Document, wrapper: &str, scale: fn(Decimal) -> Decimal) {
    if rate == Rate::Fraction {
        return;
    }
    for row in rows_of(document, wrapper) {
        let Some(discount) = row.get_mut("discount").and_then(Value::as_object_mut) else { continue };
        let Some(Value::Number(written)) = discount.get("percentage") else { continue };
        if let Ok(value) = written.as_str().parse::<Decimal>() {
            discount.insert("percentage".to_owned(), number(scale(value)));
        }
    }
}

/// Reads an enumeration from the spelling of the API into the one that is stored, upper snake (contract kleer-api §3,
/// rule 9). `names` are those of the schema.
pub(crate) fn read_enum(
    spelling: Spelling,
    document: &mut Document,
    name: &str,
    names: &[&str],
) -> Result<(), Refusal> {
    let written = text_of(document, name);
    if written.is_empty() {
        return Ok(());
    }
    let known = names.iter().find(|known| spelling.spell(known) == written);
    let known = known.ok_or_else(|| Refusal::Invalid(format!("element {name} has no value {written}")))?;
    document.insert(name.to_owned(), Value::from(Spelling::UpperSnake.spell(known)));
    Ok(())
}

/// Brings a stored enumeration to the spelling of the API.
pub(crate) fn write_enum(spelling: Spelling, document: &mut Document, name: &str, names: &[&str]) {
    let stored = text_of(document, name);
    if let Some(known) = names.iter().find(|known| Spelling::UpperSnake.spell(known) == stored) {
        document.insert(name.to_owned(), Value::from(spelling.spell(known)));
    }
}
