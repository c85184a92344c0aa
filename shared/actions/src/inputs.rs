//! What stands in an action's inputs, read once. A value that cannot be used is a [`Failure`] that names the field, the value
//! and the remedy; an empty one is none.

use std::collections::BTreeMap;

use domain::computed::stockholm_date;
use jiff::Timestamp;
use jiff::civil::Date;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;

use crate::code::ErrorCode;
use crate::definition::{Definition, Input, Meaning};
use crate::outcome::Failure;

/// The values of one call's inputs by name, as HubSpot sent them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fields(BTreeMap<String, String>);

impl<N: Into<String>, V: Into<String>> FromIterator<(N, V)> for Fields {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(pairs: I) -> Self {
        Self(pairs.into_iter().map(|(name, value)| (name.into(), value.into())).collect())
    }
}

impl Fields {
    fn value(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(|value| value.trim()).filter(|value| !value.is_empty())
    }
}

/// The longest text that goes into one field of Kleer's; Kleer names no limit, HubSpot's own is that of a text property.
const TEXT_LIMIT: usize = 2_000;
/// Later days are typing errors.
const LAST_YEAR: i16 = 2199;
/// Milliseconds of a day.
const DAY_MS: i64 = 86_400_000;

/// Reads the inputs of one action.
pub(crate) struct Reading<'a> {
    definition: &'a Definition,
    fields: &'a Fields,
}

impl<'a> Reading<'a> {
    /// Of one call.
    pub(crate) const fn new(definition: &'a Definition, fields: &'a Fields) -> Self {
        Self { definition, fields }
    }

    /// The input and its text; none if it is empty.
    fn filled(&self, name: &str) -> Option<(&'static Input, &'a str)> {
        let input = self.definition.input(name).expect("an action reads the inputs that it declares");
        Some((input, self.fields.value(name)?))
    }

    fn read<T>(
        &self,
        name: &str,
        fault: &str,
        parse: impl FnOnce(&'static Input, &str) -> Option<T>,
    ) -> Result<Option<T>, Failure> {
        let Some((input, text)) = self.filled(name) else { return Ok(None) };
        parse(input, text).map(Some).ok_or_else(|| refused(input, text, fault))
    }

    /// Text, on as many lines as it has.
    pub(crate) fn text(&self, name: &str) -> Result<Option<String>, Failure> {
        let Some((input, text)) = self.filled(name) else { return Ok(None) };
        if text.chars().count() > TEXT_LIMIT {
            let remedy = format!("Write at most {TEXT_LIMIT} characters.");
            return Err(Failure::value(input, ErrorCode::UnknownValue, text, "is too long", &remedy));
        }
        Ok(Some(text.to_owned()))
    }

    /// A day.
    pub(crate) fn date(&self, name: &str) -> Result<Option<Date>, Failure> {
        self.read(name, "is not a date", |_, text| date(text))
    }

    /// A whole number within the input's bounds.
    pub(crate) fn whole(&self, name: &str) -> Result<Option<i64>, Failure> {
        self.read(name, "cannot be used as a number here", |input, text| {
            let Meaning::Whole { least, most } = input.meaning else { return None };
            let number = decimal(text)?.normalize();
            number.is_integer().then(|| number.to_i64()).flatten().filter(|number| (least..=most).contains(number))
        })
    }

    /// A number that is not negative.
    pub(crate) fn decimal(&self, name: &str) -> Result<Option<Decimal>, Failure> {
        self.read(name, "cannot be used as a number here", |_, text| {
            decimal(text).filter(|number| *number >= Decimal::ZERO && *number < LARGEST)
        })
    }

    /// An amount in minor units.
    pub(crate) fn money(&self, name: &str) -> Result<Option<i64>, Failure> {
        self.read(name, "cannot be used as an amount here", |_, text| {
            let minor = decimal(text)?.checked_mul(Decimal::ONE_HUNDRED)?.normalize();
            minor.is_integer().then(|| minor.to_i64()).flatten().filter(|minor| *minor >= 0)
        })
    }

    /// Yes or no.
    pub(crate) fn boolean(&self, name: &str) -> Result<Option<bool>, Failure> {
        self.read(name, "is neither yes nor no", |_, text| match text.to_lowercase().as_str() {
            "true" | "yes" | "ja" | "1" => Some(true),
            "false" | "no" | "nej" | "0" => Some(false),
            _ => None,
        })
    }

    /// The letters of a currency.
    pub(crate) fn currency(&self, name: &str) -> Result<Option<String>, Failure> {
        self.read(name, "is not a currency", |_, text| letters(text, 3))
    }

    /// The letters of a country.
    pub(crate) fn country(&self, name: &str) -> Result<Option<String>, Failure> {
        self.read(name, "is not a country code", |_, text| letters(text, 2))
    }

    /// Kleer's word for a choice, however it or its label was spelled.
    pub(crate) fn choice(&self, name: &str) -> Result<Option<&'static str>, Failure> {
        let Some((input, text)) = self.filled(name) else { return Ok(None) };
        let Meaning::Choice(choices) = input.meaning else { return Ok(None) };
        let is = |known: &str| kleer::same_enum(&known.replace(' ', "_"), &text.replace(' ', "_"));
        let found = choices.iter().find(|choice| is(choice.value) || is(choice.label.en) || is(choice.label.sv));
        let known = || choices.iter().map(|choice| choice.value).collect::<Vec<_>>().join(", ");
        found.map(|choice| Some(choice.value)).ok_or_else(|| {
            let remedy = format!("Use one of {}.", known());
            Failure::value(input, ErrorCode::UnknownValue, text, "is not known", &remedy)
        })
    }

    /// A value of a list that lives in Kleer, to be looked up there: the input and the text.
    pub(crate) fn live(&self, name: &str) -> Option<Wished> {
        self.filled(name).map(|(input, text)| Wished { input, text: text.to_owned() })
    }
}

/// A value that has to be found in a list of Kleer's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Wished {
    pub(crate) input: &'static Input,
    pub(crate) text: String,
}

/// Larger numbers are typing errors.
const LARGEST: Decimal = Decimal::from_parts(1_000_000_000, 0, 0, false, 0);

/// The failure of a value by its input's meaning.
pub(crate) fn refused(input: &Input, text: &str, fault: &str) -> Failure {
    let code = input.fault().unwrap_or(ErrorCode::UnknownValue);
    Failure::value(input, code, text, fault, input.remedy().en)
}

/// A day as people and HubSpot write it: `2026-11-21`, a moment with its zone, or milliseconds since 1970 (what a token of a
/// date property becomes, contract hubspot-crm §10).
pub(crate) fn date(text: &str) -> Option<Date> {
    let day = if text.len() == 10 && text.is_ascii() {
        text.parse::<Date>().ok()?
    } else if text.len() > 10 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        let ms: i64 = text.parse().ok()?;
        let moment = Timestamp::from_millisecond(ms).ok()?;
        // A day is midnight in UTC; a moment is the day that it is in Sweden.
        if ms % DAY_MS == 0 { moment.to_zoned(jiff::tz::TimeZone::UTC).date() } else { stockholm_date(moment) }
    } else {
        let moment: Timestamp = text.parse().ok()?;
        if moment.as_millisecond() % DAY_MS == 0 {
            moment.to_zoned(jiff::tz::TimeZone::UTC).date()
        } else {
            stockholm_date(moment)
        }
    };
    (1990..=LAST_YEAR).contains(&day.year()).then_some(day)
}

/// A number as people and HubSpot write it: `1234.5`, `1 234,5`.
pub(crate) fn decimal(text: &str) -> Option<Decimal> {
    let plain: String = text.chars().filter(|c| !matches!(c, ' ' | '\u{a0}' | '\u{202f}')).collect();
    let plain = if plain.contains('.') { plain } else { plain.replacen(',', ".", 1) };
    let is_plain = plain.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-'));
    is_plain.then(|| Decimal::from_str_exact(&plain).ok()).flatten()
}

/// A code of so many letters, in capitals.
pub(crate) fn letters(text: &str, count: usize) -> Option<String> {
    let is_code = text.len() == count && text.bytes().all(|byte| byte.is_ascii_alphabetic());
    is_code.then(|| text.to_ascii_uppercase())
}

#[cfg(test)]
mod tests;
