//! How the store of a machine fares: everything works, or it is throttled, fails, and loses answers, by a seed.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng as _, SeedableRng as _};

/// How likely what happens to a call of the store, in thousandths.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Odds {
    /// It is refused because there were too many: `ProvisionedThroughputExceededException`.
    pub throttled: u32,
    /// The service fails before it does anything.
    pub failed: u32,
    /// It is done, and the answer is lost: whoever tries again finds that its condition does not hold any more.
    pub lost: u32,
    /// A transaction is refused because another one is under way with one of its items.
    pub contended: u32,
}

/// What becomes of one call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    Done,
    Throttled,
    Failed,
    Lost,
    Contended,
}

/// The weather over a store. Clones are the same weather.
#[derive(Debug, Clone)]
pub struct Weather(Arc<Mutex<Inner>>);

#[derive(Debug)]
struct Inner {
    random: ChaCha8Rng,
    odds: Odds,
    struck: u64,
}

impl Weather {
    /// Nothing goes wrong, until somebody [changes](Self::change) it; what happens then is decided by the seed.
    #[must_use]
    pub fn fair(seed: u64) -> Self {
        Self(Arc::new(Mutex::new(Inner { random: ChaCha8Rng::seed_from_u64(seed), odds: Odds::default(), struck: 0 })))
    }

    /// From now on it is so.
    pub fn change(&self, odds: Odds) {
        self.inner().odds = odds;
    }

    /// How many calls went wrong.
    #[must_use]
    pub fn struck(&self) -> u64 {
        self.inner().struck
    }

    /// What becomes of the next call.
    pub(crate) fn next(&self, operation: &str) -> Fate {
        let mut inner = self.inner();
        if inner.odds == Odds::default() {
            return Fate::Done;
        }
        let Odds { throttled, failed, lost, contended } = inner.odds;
        let drawn = inner.random.next_u32() % 1_000;
        let contended = if operation == "TransactWriteItems" { contended } else { 0 };
        let fates =
            [(throttled, Fate::Throttled), (failed, Fate::Failed), (lost, Fate::Lost), (contended, Fate::Contended)];
        let mut below = 0;
        for (odds, fate) in fates {
            below += odds;
            if drawn < below {
                inner.struck += 1;
                return fate;
            }
        }
        Fate::Done
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
