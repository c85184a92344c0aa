//! Counters of what was sent, for the run report.

use std::collections::BTreeMap;
use std::sync::Mutex;

/// How many requests of each kind were sent. Shared by the clients of one run.
#[derive(Debug, Default)]
pub struct Calls(Mutex<BTreeMap<(&'static str, &'static str), Count>>);

/// What became of the requests of one kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// Attempts, the successful ones included.
    pub sent: u64,
    /// Attempts refused for their pace (423, 429).
    pub rate_limited: u64,
    /// Attempts that failed for any other reason.
    pub failed: u64,
}

impl Calls {
    /// The counts so far, by service and kind of request.
    pub fn snapshot(&self) -> BTreeMap<(&'static str, &'static str), Count> {
        self.0.lock().expect("nothing panics while it holds the lock").clone()
    }

    /// Counts one attempt by its status; none means that no answer came.
    pub(crate) fn count(&self, service: &'static str, kind: &'static str, status: Option<u16>) {
        let mut counts = self.0.lock().expect("nothing panics while it holds the lock");
        let count = counts.entry((service, kind)).or_default();
        count.sent += 1;
        match status {
            Some(200..=299) => {}
            Some(423 | 429) => count.rate_limited += 1,
            _ => count.failed += 1,
        }
    }
}
