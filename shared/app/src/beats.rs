//! Which minutes' beats this process has heard. A tick that comes late hears what was missed, and one that comes twice in a minute
//! hears nothing twice.

use std::sync::{Mutex, PoisonError};

use domain::schedule;
use jiff::Timestamp;

/// The last minute whose beats were heard.
#[derive(Debug, Default)]
pub struct Beats(Mutex<Option<i64>>);

impl Beats {
    /// The minutes to hear now, one for each phase at most, the earliest first. A process that has heard nothing yet hears the
    /// minute before as well, which its predecessor may have missed.
    #[must_use]
    pub fn unheard(&self, now: Timestamp) -> Vec<i64> {
        let minute = schedule::minute(now);
        let last = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let first = match last {
            // A clock that was set back begins anew.
            Some(last) if last <= minute => (last + 1).max(minute - schedule::PHASES + 1),
            _ => minute - 1,
        };
        (first..=minute).collect()
    }

    /// Everything up to these minutes was heard.
    pub fn heard(&self, minutes: &[i64]) {
        if let Some(last) = minutes.last() {
            *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(*last);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_minute_is_heard_once_and_what_was_missed_is_made_up_for() {
        let beats = Beats::default();
        let at = |minute: i64, seconds: i64| schedule::minute_start(minute) + jiff::SignedDuration::from_secs(seconds);
        let hear = |minute, seconds| {
            let unheard = beats.unheard(at(minute, seconds));
            beats.heard(&unheard);
            unheard
        };
        assert_eq!(hear(100, 7), [99, 100], "the first tick of a process");
        assert_eq!(hear(100, 59), [0; 0], "the same minute again");
        assert_eq!(hear(101, 0), [101]);
        assert_eq!(beats.unheard(at(103, 2)), [102, 103], "a tick was left out");
        assert_eq!(hear(103, 30), [102, 103], "and the one that came was not heard to its end");
        assert_eq!(hear(200, 0), [196, 197, 198, 199, 200], "each portal once, however long it was");
        assert_eq!(hear(150, 0), [149, 150], "a clock that was set back");
    }
}
