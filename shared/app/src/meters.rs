//! What is worth counting about the work of a process, for whoever sends it somewhere. No meter knows a portal: a hundred
//! thousand of them would cost more than everything else.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use domain::ObjectType;

/// Readings since they were last taken.
#[derive(Debug, Default)]
pub struct Meters(Mutex<Readings>);

/// What was read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Readings {
    /// By object type: how long ago HubSpot was last true to Kleer, in seconds, of each portal whose turn it was.
    pub freshness: BTreeMap<ObjectType, Vec<u64>>,
    /// By object type: portals whose turn it was and that were not brought up to date for three intervals.
    pub stale: BTreeMap<ObjectType, u64>,
    /// By object type: records with a problem, in the portals whose turn it was.
    pub failing: BTreeMap<ObjectType, u64>,
    /// Deliveries that ended in a panic.
    pub panics: u64,
    /// Requests that were not answered as what they said they were, by reason.
    pub rejected: BTreeMap<&'static str, u64>,
    /// Events of HubSpot, by what became of them.
    pub events: BTreeMap<&'static str, u64>,
    /// Access tokens that could not be refreshed.
    pub token_refresh_failures: u64,
}

impl Meters {
    /// A portal has its turn. `age`: how long ago HubSpot was last true to Kleer.
    pub fn turn(&self, object: ObjectType, age: Duration, interval: Duration, failing: u64) {
        self.note(|readings| {
            readings.freshness.entry(object).or_default().push(age.as_secs());
            *readings.stale.entry(object).or_default() += u64::from(age > interval * 3);
            *readings.failing.entry(object).or_default() += failing;
        });
    }

    /// Notes anything else.
    pub fn note<R>(&self, note: impl FnOnce(&mut Readings) -> R) -> R {
        note(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Takes the readings; what comes after begins from nothing.
    #[must_use]
    pub fn take(&self) -> Readings {
        self.note(std::mem::take)
    }
}
