//! One spelling per value: HubSpot gives values back otherwise than it was told them (contract hubspot-crm §10).

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use rust_decimal::Decimal;

use crate::projection::boolean;
use crate::property::PropertyType;

/// The spelling of a value by which two values of a property are compared: what [`crate::projection::render`] writes, however
/// HubSpot spells it. `10.0` and `10` are one number, `1788134400000` and `2026-08-31` one date. What cannot be read stays as
/// it is; an empty text is no value.
#[must_use]
pub fn canonical(text: &str, property_type: PropertyType) -> String {
    let text = text.trim();
    let spelled = match property_type {
        PropertyType::Number => number(text).map(spell),
        PropertyType::Bool => boolean(text).map(|yes| yes.to_string()),
        PropertyType::Date => date(text).map(|date| date.to_string()),
        PropertyType::DateTime => moment(text).map(|moment| format!("{moment:.3}")),
        PropertyType::String | PropertyType::Other | PropertyType::Enumeration => Some(text.replace("\r\n", "\n")),
    };
    spelled.unwrap_or_else(|| text.to_owned())
}

/// A number without the zeros that mean nothing.
pub(crate) fn spell(number: Decimal) -> String {
    if number.is_zero() { "0".to_owned() } else { number.normalize().to_string() }
}

/// A number with a dot or in HubSpot's scientific spelling; nothing else, because `1,250` may be one or a thousand.
pub(crate) fn number(text: &str) -> Option<Decimal> {
    text.parse().or_else(|_| Decimal::from_scientific(text)).ok()
}

/// A plain date; of a moment, the one in UTC, where HubSpot's dates are at midnight.
fn date(text: &str) -> Option<Date> {
    let of_moment = || Some(moment(text)?.to_zoned(TimeZone::UTC).date());
    text.parse::<Date>().ok().filter(|_| text.len() == 10).or_else(of_moment)
}

/// A moment; a plain date is its midnight in UTC, a whole number is milliseconds since 1970.
pub(crate) fn moment(text: &str) -> Option<Timestamp> {
    if let Ok(millis) = text.parse() {
        return Timestamp::from_millisecond(millis).ok();
    }
    let midnight = || Some(text.parse::<DateTime>().ok()?.to_zoned(TimeZone::UTC).ok()?.timestamp());
    text.parse().ok().or_else(midnight)
}

#[cfg(test)]
mod tests;
