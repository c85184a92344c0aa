//! When things are due. Pure arithmetic over timestamps.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::ids::PortalId;

/// Over how many partitions the index of what is due is spread, so that none of them becomes hot (design §3 Store).
pub const DUE_SHARDS: u64 = 16;

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

/// The next slot after `due`, in the future of `now`, on the same beat. Missed slots are not made up for.
#[must_use]
pub fn next_slot(due: Timestamp, interval: Duration, now: Timestamp) -> Timestamp {
    let step = i64::try_from(interval.as_millis().max(1)).unwrap_or(i64::MAX);
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

/// A number that looks random but is always the same for a portal (SplitMix64).
fn spread(portal: PortalId, salt: u64) -> u64 {
    let mut z = portal.0.unsigned_abs().wrapping_add(salt).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests;
