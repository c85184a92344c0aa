//! What this process wrote lately, for whoever watches it.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Mutex, PoisonError};

use domain::{HubspotId, KleerId, ObjectType};

/// How many are kept.
const KEPT: usize = 1_000;

/// One record that was written to HubSpot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// Its type.
    pub object: ObjectType,
    /// The record in Kleer.
    pub kleer_id: KleerId,
    /// The record in HubSpot.
    pub hubspot_id: HubspotId,
    /// Whether this made it.
    pub created: bool,
    /// What was sent: property and value.
    pub properties: Vec<(String, String)>,
}

/// The latest writes, counted from the start of the process.
#[derive(Debug, Default)]
pub struct WrittenLog(Mutex<(usize, VecDeque<Written>)>);

impl WrittenLog {
    /// Notes writes.
    pub fn extend(&self, written: impl IntoIterator<Item = Written>) {
        let mut log = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for one in written {
            log.0 += 1;
            if log.1.len() == KEPT {
                log.1.pop_front();
            }
            log.1.push_back(one);
        }
    }

    /// How many there have been.
    #[must_use]
    pub fn count(&self) -> usize {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).0
    }

    /// Those after the first `count`, as far as they are kept.
    #[must_use]
    pub fn since(&self, count: usize) -> Vec<Written> {
        let log = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let new = log.0.saturating_sub(count).min(log.1.len());
        log.1.iter().skip(log.1.len() - new).cloned().collect()
    }
}

/// One line for a person.
impl fmt::Display for Written {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { object, kleer_id, hubspot_id, created, properties } = self;
        let verb = if *created { "created" } else { "updated" };
        write!(f, "{verb} {object} {kleer_id} → HubSpot {hubspot_id}:")?;
        for (name, value) in properties {
            write!(f, " {name}={}", if value.is_empty() { "(emptied)" } else { value })?;
        }
        Ok(())
    }
}
