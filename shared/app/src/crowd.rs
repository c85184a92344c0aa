//! How much of a portal's work is under way in this process: who would wait in vain is sent away at once.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use domain::PortalId;

/// Calls under way, by portal.
#[derive(Debug, Clone, Default)]
pub struct Crowd(Arc<Mutex<HashMap<PortalId, usize>>>);

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
        let mut inside = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = inside.entry(portal).or_default();
        if *count >= most {
            return None;
        }
        *count += 1;
        drop(inside);
        Some(Inside { crowd: self.clone(), portal })
    }
}

impl Drop for Inside {
    fn drop(&mut self) {
        let mut inside = self.crowd.0.lock().unwrap_or_else(PoisonError::into_inner);
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
        assert!(crowd.0.lock().unwrap().is_empty(), "nothing is kept of whoever left");
    }
}
