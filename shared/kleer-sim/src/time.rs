//! Time is a parameter: the simulator never reads a clock and never sleeps by itself.

use std::{fmt, sync::Arc, time::Duration};

use futures::future::{BoxFuture, FutureExt as _};
use jiff::Timestamp;

/// The clock the simulator lives by, given by whoever starts it.
#[derive(Clone)]
pub struct Time {
    /// Reads the time; stamps recorded requests and journal lines.
    pub now: Arc<dyn Fn() -> Timestamp + Send + Sync>,
    /// Waits; used for latency only.
    pub sleep: Arc<dyn Fn(Duration) -> BoxFuture<'static, ()> + Send + Sync>,
}

impl Time {
    /// A clock that stands still at `now` and whose sleeps are over at once: for tests.
    pub fn standing_at(now: Timestamp) -> Time {
        Time { now: Arc::new(move || now), sleep: Arc::new(|_| std::future::ready(()).boxed()) }
    }
}

impl fmt::Debug for Time {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Time")
    }
}
