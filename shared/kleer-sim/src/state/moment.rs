//! Swedish time, and the forms a `dateTime` may have in JSON (contract kleer-api §3, Scalars; §14.7).

use std::sync::LazyLock;

use jiff::{
    Timestamp,
    civil::{Date, DateTime},
    tz::TimeZone,
};
use serde_json::Value;

use super::Document;
use crate::DateTimes;

static STOCKHOLM: LazyLock<TimeZone> =
    LazyLock::new(|| TimeZone::get("Europe/Stockholm").expect("jiff bundles the time zones"));

/// What clocks in Stockholm show, to the second.
pub(crate) fn local(now: Timestamp) -> DateTime {
    let shown = STOCKHOLM.to_datetime(now);
    shown.with().subsec_nanosecond(0).build().unwrap_or(shown)
}

/// The day it is in Stockholm.
pub(crate) fn today(now: Timestamp) -> Date {
    local(now).date()
}

/// Brings a stored moment, local and without offset, to the form that is answered.
pub(crate) fn reshape(form: DateTimes, document: &mut Document, name: &str) {
    let Some(stored) = document.get(name).and_then(Value::as_str).and_then(|text| text.parse::<DateTime>().ok()) else {
        return;
    };
    let Ok(zoned) = stored.to_zoned(STOCKHOLM.clone()) else { return };
    let answered = match form {
        DateTimes::Local => return,
        DateTimes::Offset => Value::from(zoned.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()),
        DateTimes::Milliseconds => Value::from(zoned.timestamp().as_millisecond()),
    };
    document.insert(name.to_owned(), answered);
}
