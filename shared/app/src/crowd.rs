//! How much of a portal's work is under way in this process: who would wait in vain is sent away at once, each with another
//! moment to come again.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use domain::{PortalId, schedule};
use jiff::Timestamp;

/// Those who are sent away come again one after the other, so far apart: about as fast as calls are done.
const APART: Duration = Duration::from_millis(500);
/// Nobody is sent away for longer.
const LONGEST: Duration = Duration::from_secs(15 * 60);

/// Calls under way, by portal.
#[derive(Debug, Clone, Default)]
pub struct Crowd {
    inside: Arc<Mutex<HashMap<PortalId, usize>>>,
    /// When the last of those who were sent away is to come again.
    turns: Arc<Mutex<HashMap<PortalId, Timestamp>>>,
}

/// One call under way; it has left when this is dropped, however it ended.
#[derive(Debug)]
pub struct Inside {
    crowd: Crowd,
    portal: PortalId,
}

impl Crowd {
    /// Lets a call in, if fewer than `most` of its portal are under way.
    #[must_use]
    pub fn enter(&self, portal: PortalId, most: usize) -> Option<Inside> {
        let mut inside = self.inside.lock().unwrap_or_else(PoisonError::into_inner);
        let count = inside.entry(portal).or_default();
        if *count >= most {
            return None;
        }
        *count += 1;
        drop(inside);
        Some(Inside { crowd: self.clone(), portal })
    }

    /// Sends a call away: after how long it is its turn, behind those who were sent away before it, and not before `least`. If all
    /// came again at the same time, all but a few would come in vain.
    #[must_use]
    pub fn turn(&self, portal: PortalId, now: Timestamp, least: Duration) -> Duration {
        let mut turns = self.turns.lock().unwrap_or_else(PoisonError::into_inner);
        turns.retain(|_, last| *last > now);
        let last = turns.get(&portal).copied().unwrap_or(now);
        let turn = schedule::later(last, APART).max(schedule::later(now, least)).min(schedule::later(now, LONGEST));
        turns.insert(portal, turn);
        Duration::try_from(turn.duration_since(now)).unwrap_or(least)
    }
}

impl Drop for Inside {
    fn drop(&mut self) {
        let mut inside = self.crowd.inside.lock().unwrap_or_else(PoisonError::into_inner);
        let left = inside.get(&self.portal).map_or(0, |count| count.saturating_sub(1));
        if left == 0 {
            inside.remove(&self.portal)
        } else {
            inside.insert(self.portal, left)
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn so_many_at_once_and_no_more() {
        let (crowd, portal) = (Crowd::default(), PortalId(1));
        let first = crowd.enter(portal, 2).unwrap();
        let second = crowd.enter(portal, 2).unwrap();
        assert!(crowd.enter(portal, 2).is_none());
        // Another portal has places of its own.
        let other = crowd.enter(PortalId(2), 2).unwrap();
        drop(first);
        let third = crowd.enter(portal, 2).unwrap();
        drop((second, third, other));
        assert!(crowd.inside.lock().unwrap().is_empty(), "nothing is kept of whoever left");
    }

    #[test]
    fn who_is_sent_away_has_a_turn_of_its_own() {
        let (crowd, portal, now) = (Crowd::default(), PortalId(1), "2026-11-20T08:00:00Z".parse().unwrap());
        let turn = |now| crowd.turn(portal, now, Duration::from_secs(4)).as_millis();
        assert_eq!([turn(now), turn(now), turn(now)], [4_000, 4_500, 5_000]);
        assert_eq!(crowd.turn(PortalId(2), now, Duration::from_secs(4)).as_millis(), 4_000);
        let longest = (0..2_000).map(|_| turn(now)).max().unwrap();
        assert_eq!(longest, LONGEST.as_millis());
        let later = schedule::later(now, LONGEST + APART);
        assert_eq!(turn(later), 4_000, "nobody waits any more");
        assert_eq!(crowd.turns.lock().unwrap().len(), 1);
    }
}
