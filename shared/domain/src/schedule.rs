//! When things are due. Pure arithmetic over timestamps.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::ids::PortalId;

/// Over how many partitions the index of what is due is spread, so that none of them becomes hot (design §3 Store).
pub const DUE_SHARDS: u64 = 16;

/// Every portal is looked at this often, whether anything of it is due: its beat. It costs no write, because it never moves.
pub const BEAT: Duration = Duration::from_secs(5 * 60);

/// The minutes of a beat. Each portal has one of them, in which its beat is heard.
pub const PHASES: i64 = 5;

const MINUTE_MS: i64 = 60_000;

/// The shard of a portal in the index of what is due.
#[must_use]
pub fn due_shard(portal: PortalId) -> u64 {
    spread(portal, 0) % DUE_SHARDS
}

/// The first beat of a portal after a moment, spread over the interval by portal. All types of a portal have one beat: where
/// their intervals are multiples of each other they are due together, so that one message is enough, and children are polled
/// right after their parents.
#[must_use]
pub fn first_due(portal: PortalId, interval: Duration, now: Timestamp) -> Timestamp {
    let seconds = interval.as_secs().max(1);
    later(now, Duration::from_secs(spread(portal, 1) % seconds))
}

/// Whether a moment is on the portal's beat: all slots of intervals that are multiples of [`BEAT`] are.
#[must_use]
pub fn is_on_beat(portal: PortalId, at: Timestamp) -> bool {
    let beat = first_due(portal, BEAT, Timestamp::UNIX_EPOCH);
    at.as_millisecond().rem_euclid(millis(BEAT)) == beat.as_millisecond()
}

/// In which minute of five a portal's beat is heard: the first one that begins when the slots on it have come.
#[must_use]
pub fn phase(portal: PortalId) -> i64 {
    let beat = first_due(portal, BEAT, Timestamp::UNIX_EPOCH).as_millisecond();
    ((beat + MINUTE_MS - 1) / MINUTE_MS) % PHASES
}

/// The minute a moment lies in, counted from 1970.
#[must_use]
pub fn minute(at: Timestamp) -> i64 {
    at.as_millisecond().div_euclid(MINUTE_MS)
}

/// When a minute begins.
#[must_use]
pub fn minute_start(minute: i64) -> Timestamp {
    Timestamp::from_millisecond(minute.saturating_mul(MINUTE_MS)).unwrap_or(Timestamp::MAX)
}

/// The first moment, not before `at`, at which a portal's beat is heard.
#[must_use]
pub fn heard(portal: PortalId, at: Timestamp) -> Timestamp {
    let first = at.as_millisecond().saturating_add(MINUTE_MS - 1).div_euclid(MINUTE_MS);
    minute_start(first.saturating_add((phase(portal) - first).rem_euclid(PHASES)))
}

/// The next moment at which a portal's beat is heard.
#[must_use]
pub fn next_heard(portal: PortalId, now: Timestamp) -> Timestamp {
    heard(portal, later(now, Duration::from_millis(1)))
}

/// When a slot that is due at a moment is queued: one on the beat waits until that is heard.
#[must_use]
pub fn queued_at(portal: PortalId, due: Timestamp, now: Timestamp) -> Timestamp {
    if is_on_beat(portal, due) { heard(portal, due).max(next_heard(portal, now)) } else { due }
}

/// The next slot after `due`, in the future of `now`, on the same beat. Missed slots are not made up for.
#[must_use]
pub fn next_slot(due: Timestamp, interval: Duration, now: Timestamp) -> Timestamp {
    let step = millis(interval).max(1);
    let behind = now.as_millisecond().saturating_sub(due.as_millisecond()).max(0);
    let slots = behind / step + 1;
    let millis = due.as_millisecond().saturating_add(slots.saturating_mul(step));
    Timestamp::from_millisecond(millis).unwrap_or(Timestamp::MAX)
}

/// The pause before a refused record is tried again by itself: one minute, doubled with every refusal in a row, a day at most.
#[must_use]
pub fn retry_pause(failures: u32) -> Duration {
    let minutes = 1_u64 << failures.saturating_sub(1).min(11);
    Duration::from_secs(minutes * 60).min(Duration::from_secs(24 * 60 * 60))
}

/// `at` plus a duration; the end of time if that is later.
#[must_use]
pub fn later(at: Timestamp, pause: Duration) -> Timestamp {
    SignedDuration::try_from(pause).ok().and_then(|pause| at.checked_add(pause).ok()).unwrap_or(Timestamp::MAX)
}

fn millis(span: Duration) -> i64 {
    i64::try_from(span.as_millis()).unwrap_or(i64::MAX)
}

/// A number that looks random but is always the same for a portal (SplitMix64).
fn spread(portal: PortalId, salt: u64) -> u64 {
    let mut z = portal.0.unsigned_abs().wrapping_add(salt).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests;
