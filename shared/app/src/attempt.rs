//! One delivery is tried: bounded in time, and a panic in it is one message that comes again, not a lost batch.

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures::FutureExt as _;
use jiff::Timestamp;
use queue::{Delivery, Handled};

use crate::App;

/// What failed for a reason of its own, and not because of the time that is left, comes again after this long.
const PAUSE: Duration = Duration::from_secs(10);

impl App {
    /// Tries a delivery, for `limit` at most and not beyond `until`, where the process has no time left. Nothing is begun then.
    pub async fn attempt(
        &self,
        delivery: &Delivery,
        limit: Duration,
        until: Timestamp,
        work: impl Future<Output = Handled>,
    ) -> Handled {
        let (portal, queue) = (delivery.portal, delivery.queue.as_str());
        let left = Duration::try_from(until.duration_since(self.clock.now())).unwrap_or_default();
        if left.is_zero() {
            tracing::info!(%portal, queue, "no time is left; the message goes back");
            return Handled::NotYet;
        }
        match self.clock.timeout(limit.min(left), AssertUnwindSafe(work).catch_unwind()).await {
            Ok(Ok(handled)) => handled,
            Ok(Err(_)) => {
                self.meters.note(|readings| readings.panics += 1);
                tracing::error!(%portal, queue, id = delivery.id, "the work on a message panicked; it comes again");
                Handled::Again(PAUSE)
            }
            Err(_) if left < limit => {
                tracing::warn!(%portal, queue, "the time ran out; the message goes back");
                Handled::Again(Duration::ZERO)
            }
            Err(_) => {
                tracing::warn!(%portal, queue, limit_s = limit.as_secs(), "a message took too long and comes again");
                Handled::Again(PAUSE)
            }
        }
    }
}
