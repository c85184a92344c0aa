//! The arithmetic of a steady pace.

use std::time::Duration;

use jiff::Timestamp;

use crate::clock::after;

/// A pace: one request every `interval`, and up to `burst` at once after a rest (the generic cell rate algorithm).
///
/// In any window of time `w` it lets through at most `burst + w / interval` requests. It holds no state: whoever uses
/// it keeps one [`Timestamp`] (the *theoretical arrival time*: when the pace will have caught up), in memory or in
/// the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gcra {
    interval: Duration,
    burst: u32,
}

impl Gcra {
    /// So many requests a second, and up to `burst` at once. Both are at least 1.
    pub fn per_second(rate: u32, burst: u32) -> Gcra {
        Gcra::every(Duration::from_secs(1) / rate.max(1), burst)
    }

    /// One request every `interval`, and up to `burst` (at least 1) at once.
    pub fn every(interval: Duration, burst: u32) -> Gcra {
        Gcra { interval, burst: burst.max(1) }
    }

    /// Reserves `slots` requests. `arrival` is what the last reservation answered, `None` at first.
    ///
    /// Answers the new arrival time, to be kept, and when each request may be sent, in order; none earlier than `now`.
    pub fn reserve(&self, arrival: Option<Timestamp>, now: Timestamp, slots: u32) -> (Timestamp, Vec<Timestamp>) {
        let ahead = self.interval * (self.burst - 1);
        let mut arrival = arrival.unwrap_or(now).max(now);
        let moments = (0..slots).map(|_| {
            let moment = arrival.checked_sub(ahead).unwrap_or(now).max(now);
            arrival = after(arrival, self.interval);
            moment
        });
        let moments = moments.collect();
        (arrival, moments)
    }
}

#[cfg(test)]
mod tests;
