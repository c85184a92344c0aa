//! All reading of time and all waiting.

mod manual;

use std::future::Future;
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use futures::future::{Either, select};
use jiff::Timestamp;
use tokio::sync::Notify;

use manual::Manual;

/// What time it is, and how to wait.
///
/// Whoever waits or reads the time is given one. Clones are the same clock.
#[derive(Clone, Debug)]
pub struct Clock(Kind);

#[derive(Clone, Debug)]
enum Kind {
    System,
    Scaled(Arc<Scaled>),
    Manual(Arc<Manual>),
}

/// The waiting ended before the future did; see [`Clock::timeout`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the time allowed has passed")]
pub struct Elapsed;

impl Clock {
    /// Real time. Waiting needs a tokio runtime with its timer.
    pub fn system() -> Clock {
        Clock(Kind::System)
    }

    /// The demo's clock: starts at the real now, runs `factor` times as fast (at least 1), and can
    /// [`skip`](Self::skip).
    pub fn scaled(factor: u32) -> Clock {
        Clock(Kind::Scaled(Arc::new(Scaled {
            start: real_now(),
            since: Instant::now(),
            factor: factor.max(1),
            skipped: Mutex::new(Duration::ZERO),
            jumped: Notify::new(),
        })))
    }

    /// The tests' clock: stands still, and moves only in [`run`](Self::run) and by [`advance`](Self::advance).
    pub fn manual(start: Timestamp) -> Clock {
        Clock(Kind::Manual(Arc::new(Manual::new(start))))
    }

    /// The time now.
    pub fn now(&self) -> Timestamp {
        match &self.0 {
            Kind::System => real_now(),
            Kind::Scaled(scaled) => scaled.now(),
            Kind::Manual(manual) => manual.now(),
        }
    }

    /// What the clock on the wall says: what others say the time is. The same as [`now`](Self::now), but for the demo's clock, which
    /// runs ahead of the world.
    pub fn wall(&self) -> Timestamp {
        match &self.0 {
            Kind::System | Kind::Scaled(_) => real_now(),
            Kind::Manual(manual) => manual.now(),
        }
    }

    /// Waits for a span of this clock's time.
    pub async fn sleep(&self, duration: Duration) {
        self.sleep_until(after(self.now(), duration)).await;
    }

    /// Waits until a moment of this clock's time; not at all if it has passed.
    pub async fn sleep_until(&self, moment: Timestamp) {
        match &self.0 {
            Kind::System => real_sleep(between(real_now(), moment)).await,
            Kind::Scaled(scaled) => scaled.sleep_until(moment).await,
            Kind::Manual(manual) => manual.sleep_until(moment).await,
        }
    }

    /// Gives a future so much of this clock's time; the future is dropped if it needs more.
    pub async fn timeout<F: Future>(&self, allowed: Duration, future: F) -> Result<F::Output, Elapsed> {
        match select(pin!(future), pin!(self.sleep(allowed))).await {
            Either::Left((output, _)) => Ok(output),
            Either::Right(((), _)) => Err(Elapsed),
        }
    }

    /// Jumps ahead at once, waking whoever slept until a moment that has now passed.
    ///
    /// # Panics
    /// On the system clock: real time cannot be turned.
    pub fn skip(&self, duration: Duration) {
        match &self.0 {
            Kind::System => panic!("the system clock cannot skip; use Clock::scaled or Clock::manual"),
            Kind::Scaled(scaled) => scaled.skip(duration),
            Kind::Manual(manual) => manual.advance(duration),
        }
    }

    /// The same as [`skip`](Self::skip), in the words of a test.
    ///
    /// # Panics
    /// On the system clock.
    pub fn advance(&self, duration: Duration) {
        self.skip(duration);
    }

    /// Drives one future to its end on this thread, without any runtime. Manual clocks only.
    ///
    /// As long as something can progress, time stands still. When nothing can, it moves to the earliest sleeper. So a
    /// simulated week takes as long as its work, and the same work always happens in the same order. Use `join` and
    /// `FuturesUnordered` for several things at once; `tokio::spawn` and tokio's timers do not work in here,
    /// `tokio::sync` does.
    ///
    /// # Panics
    /// If the clock is not manual, and if nothing can progress and nobody sleeps: a deadlock.
    pub fn run<F: Future>(&self, future: F) -> F::Output {
        match &self.0 {
            Kind::Manual(manual) => manual.run(future),
            Kind::System | Kind::Scaled(_) => panic!("only a manual clock can run a future"),
        }
    }
}

/// A clock that starts at the real now and runs faster than it.
#[derive(Debug)]
struct Scaled {
    start: Timestamp,
    since: Instant,
    factor: u32,
    skipped: Mutex<Duration>,
    /// Wakes every sleeper after a skip, so that it looks at the time again.
    jumped: Notify,
}

impl Scaled {
    fn now(&self) -> Timestamp {
        let skipped = *self.skipped.lock().expect("nothing panics while it holds the lock");
        after(self.start, self.since.elapsed().saturating_mul(self.factor).saturating_add(skipped))
    }

    async fn sleep_until(&self, moment: Timestamp) {
        loop {
            // Registered before looking at the time, so that a skip in between is not missed.
            let mut jumped = pin!(self.jumped.notified());
            jumped.as_mut().enable();
            let left = between(self.now(), moment);
            if left.is_zero() {
                return;
            }
            // A nanosecond more than the rounded quotient, so that the loop does not spin at the end.
            let real = (left / self.factor).saturating_add(Duration::from_nanos(1));
            select(jumped, pin!(real_sleep(real))).await;
        }
    }

    fn skip(&self, duration: Duration) {
        let mut skipped = self.skipped.lock().expect("nothing panics while it holds the lock");
        *skipped = skipped.saturating_add(duration);
        drop(skipped);
        self.jumped.notify_waiters();
    }
}

/// The moment a span later, or the end of time.
pub(crate) fn after(moment: Timestamp, duration: Duration) -> Timestamp {
    moment.checked_add(duration).unwrap_or(Timestamp::MAX)
}

/// The span from one moment to a later one, or nothing.
pub(crate) fn between(earlier: Timestamp, later: Timestamp) -> Duration {
    Duration::try_from(later.duration_since(earlier)).unwrap_or_default()
}

#[expect(clippy::disallowed_methods, reason = "the one place that reads the real time")]
fn real_now() -> Timestamp {
    Timestamp::now()
}

#[expect(clippy::disallowed_methods, reason = "the one place that really waits")]
async fn real_sleep(duration: Duration) {
    tokio::time::sleep(duration).await;
}

#[cfg(test)]
mod tests;
