//! Time as a parameter: the simulator reads no clock and never sleeps by itself.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use futures::future::BoxFuture;
use jiff::Timestamp;

/// Where the simulator gets the time from, and how it waits.
#[derive(Clone)]
pub struct Time {
    /// The present moment.
    pub now: Arc<dyn Fn() -> Timestamp + Send + Sync>,
    /// Resolves after the given time has passed.
    pub sleep: Arc<dyn Fn(Duration) -> BoxFuture<'static, ()> + Send + Sync>,
}

/// Turns a clock made by [`Time::manual`].
#[derive(Clone)]
pub struct Hand(Arc<AtomicI64>);

impl Time {
    /// A clock that stands at `start` until its hand is moved; sleeping moves the hand and resolves at once.
    pub fn manual(start: Timestamp) -> (Time, Hand) {
        let hand = Hand(Arc::new(AtomicI64::new(start.as_millisecond())));
        let (reader, sleeper) = (hand.clone(), hand.clone());
        let time = Time {
            now: Arc::new(move || reader.now()),
            sleep: Arc::new(move |pause| {
                sleeper.advance(pause);
                Box::pin(std::future::ready(()))
            }),
        };
        (time, hand)
    }
}

impl Hand {
    /// What the clock shows, in whole milliseconds.
    pub fn now(&self) -> Timestamp {
        Timestamp::from_millisecond(self.0.load(Ordering::SeqCst)).expect("the hand is only moved within range")
    }

    /// Moves the clock forward.
    pub fn advance(&self, pause: Duration) {
        let milliseconds = i64::try_from(pause.as_millis()).unwrap_or(0);
        self.0.fetch_add(milliseconds, Ordering::SeqCst);
    }
}
