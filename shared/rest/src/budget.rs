//! How fast, and how many at once.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures::future::BoxFuture;
use jiff::Timestamp;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::clock::{Clock, between};
use crate::rate::Gcra;

/// A reserved slot older than this is thrown away: used late, it would add to somebody else's.
const STALE: Duration = Duration::from_secs(1);

/// Asks for `n` slots, answers the moments at which they may be used, in order (at least one). The store's side of a
/// shared budget; see [`Budget::shared`].
pub type Reserve = Arc<dyn Fn(u32) -> BoxFuture<'static, Vec<Timestamp>> + Send + Sync>;

/// How many requests may be under way at once. The number adapts between 1 and `max`; see [`Permit`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InFlight {
    /// The number to begin with.
    pub start: usize,
    /// The most it grows to.
    pub max: usize,
}

/// How many slots of a shared budget are reserved at a time: the fewest after a rest, and twice as many whenever the ones
/// before were used up one after the other, up to `most`. Each reservation is a write to the store, so a long row of requests
/// should need few; what is reserved is kept from other processes, so it must not reach far ahead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slices {
    /// The number to begin with.
    pub least: u32,
    /// The most it grows to.
    pub most: u32,
}

/// What paces the requests to one service on behalf of one account.
///
/// Clones are the same budget. Who asks first is admitted first.
#[derive(Clone)]
pub struct Budget(Arc<Inner>);

struct Inner {
    clock: Clock,
    slots: Slots,
    places: Arc<Places>,
}

enum Slots {
    Local { gcra: Gcra, arrival: Mutex<Option<Timestamp>> },
    Shared { reserve: Reserve, slices: Slices, ready: tokio::sync::Mutex<Ready> },
}

/// Slots that were reserved and not used yet.
#[derive(Default)]
struct Ready {
    slots: VecDeque<Timestamp>,
    /// How many were reserved the last time.
    slice: u32,
    /// The last of them.
    last: Option<Timestamp>,
}

impl Budget {
    /// A budget of this process alone.
    pub fn local(clock: Clock, gcra: Gcra, in_flight: InFlight) -> Budget {
        Budget::new(clock, Slots::Local { gcra, arrival: Mutex::new(None) }, in_flight)
    }

    /// A budget shared with other processes: slots are reserved in slices, and those that were not used within a second
    /// are thrown away.
    pub fn shared(clock: Clock, reserve: Reserve, slices: Slices, in_flight: InFlight) -> Budget {
        let ready = tokio::sync::Mutex::new(Ready::default());
        Budget::new(clock, Slots::Shared { reserve, slices, ready }, in_flight)
    }

    fn new(clock: Clock, slots: Slots, in_flight: InFlight) -> Budget {
        Budget(Arc::new(Inner { clock, slots, places: Arc::new(Places::new(in_flight)) }))
    }

    /// Waits for a place in flight, then for a slot. Drop the permit when the request has ended.
    pub async fn admit(&self) -> Permit {
        let place = self.0.places.clone().take().await;
        let slot = match &self.0.slots {
            Slots::Local { gcra, arrival } => local_slot(*gcra, arrival, self.0.clock.now()),
            Slots::Shared { reserve, slices, ready } => {
                let mut ready = ready.lock().await;
                ready.next(&self.0.clock, reserve, *slices).await
            }
        };
        self.0.clock.sleep_until(slot).await;
        place
    }
}

fn local_slot(gcra: Gcra, arrival: &Mutex<Option<Timestamp>>, now: Timestamp) -> Timestamp {
    let mut arrival = arrival.lock().expect("nothing panics while it holds the lock");
    let (next, moments) = gcra.reserve(*arrival, now, 1);
    *arrival = Some(next);
    moments.first().copied().unwrap_or(now)
}

impl Ready {
    /// The next slot that is not stale. One that was only just reserved is used however long the reserving took, or a slow
    /// store would keep everybody waiting for ever.
    async fn next(&mut self, clock: &Clock, reserve: &Reserve, slices: Slices) -> Timestamp {
        let now = clock.now();
        let is_stale = |slot: Timestamp| between(slot, now) > STALE;
        let mut in_a_row = self.last.is_some_and(|last| !is_stale(last));
        while let Some(slot) = self.slots.pop_front() {
            if !is_stale(slot) {
                return slot;
            }
            in_a_row = false;
        }
        self.slice = if in_a_row { self.slice.saturating_mul(2).min(slices.most) } else { slices.least }.max(1);
        self.slots.extend(reserve(self.slice).await);
        self.last = self.slots.back().copied();
        self.slots.pop_front().unwrap_or_else(|| clock.now())
    }
}

impl fmt::Debug for Budget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Budget({:?})", self.0.places)
    }
}

/// A place in flight, held while a request is under way.
///
/// Say how it went: [`succeeded`](Self::succeeded) lets one more request fly at once, up to the maximum;
/// [`refused`](Self::refused) (423, 429, 5xx) halves the number. Merely dropping it changes nothing.
#[derive(Debug)]
pub struct Permit {
    places: Arc<Places>,
    place: Option<OwnedSemaphorePermit>,
}

impl Permit {
    /// The service asked for less, or is in trouble: half as many at once, at least one.
    pub fn refused(self) {
        self.places.halve();
    }

    /// All went well: one more at once.
    pub fn succeeded(self) {
        self.places.grow();
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        if let Some(place) = self.place.take() {
            self.places.give_back(place);
        }
    }
}

/// The places in flight: a fair semaphore whose size changes.
#[derive(Debug)]
struct Places {
    free: Arc<Semaphore>,
    size: Mutex<Size>,
    max: usize,
}

#[derive(Debug)]
struct Size {
    limit: usize,
    /// Places taken away while they were in use; they vanish when they are given back.
    owed: usize,
}

impl Places {
    fn new(InFlight { start, max }: InFlight) -> Places {
        let max = max.max(1);
        let limit = start.clamp(1, max);
        Places { free: Arc::new(Semaphore::new(limit)), size: Mutex::new(Size { limit, owed: 0 }), max }
    }

    async fn take(self: Arc<Self>) -> Permit {
        let place = self.free.clone().acquire_owned().await.expect("the semaphore is never closed");
        Permit { places: self, place: Some(place) }
    }

    fn give_back(&self, place: OwnedSemaphorePermit) {
        let mut size = self.size.lock().expect("nothing panics while it holds the lock");
        if size.owed > 0 {
            size.owed -= 1;
            place.forget();
        }
    }

    fn grow(&self) {
        let mut size = self.size.lock().expect("nothing panics while it holds the lock");
        if size.limit == self.max {
            return;
        }
        size.limit += 1;
        if size.owed > 0 {
            size.owed -= 1;
        } else {
            self.free.add_permits(1);
        }
    }

    fn halve(&self) {
        let mut size = self.size.lock().expect("nothing panics while it holds the lock");
        let limit = (size.limit / 2).max(1);
        let surplus = size.limit - limit;
        size.limit = limit;
        size.owed += surplus - self.free.forget_permits(surplus);
    }
}

#[cfg(test)]
mod tests;
