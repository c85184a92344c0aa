//! Dates around the simulator's now.

use jiff::{ToSpan as _, civil::Date};

use super::Random;

/// A day so many days before another.
pub(super) fn before(day: Date, days: u32) -> Date {
    day.saturating_sub(i64::from(days).days())
}

/// A day so many days after another.
pub(super) fn after(day: Date, days: u32) -> Date {
    day.saturating_add(i64::from(days).days())
}

/// The first of a month so many months before or, if negative, after a day.
pub(super) fn month(day: Date, ago: i64) -> Date {
    day.first_of_month().saturating_sub(ago.months())
}

/// A number from `from` to `to`, both included.
pub(super) fn between(from: u32, to: u32, random: &mut Random) -> u32 {
    from + random.below(to - from + 1)
}
