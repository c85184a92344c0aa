//! The clock ticked, or one object type of one portal has its turn: poll Kleer, plan, fan out. Wiring only; the rules are
//! in `sync`.

use std::time::Duration;

use app::App;
use queue::{Delivery, Envelope, Handled, Job, Timestamp};

/// A poll that failed comes again after this long.
const PAUSE: Duration = Duration::from_secs(10);
/// A poll that takes longer than this is given up and comes again; a sixth of the queue's visibility.
const LIMIT: Duration = Duration::from_secs(300);

/// Queues what is due. Called every minute, or faster on one machine. Answers how many polls were queued.
///
/// # Errors
/// If the store or the queue fails; the next tick makes up for it.
pub async fn tick(app: &App) -> Result<usize, sync::TickError> {
    sync::tick(app).await
}

/// Handles a batch of one portal, one after the other: polls of one portal never overlap, and what stands behind one that has
/// to come again waits. Nothing is begun after `until`. One answer per delivery.
pub async fn handle(app: &App, batch: &[Delivery], until: Timestamp) -> Vec<Handled> {
    let mut handled = Vec::with_capacity(batch.len());
    for delivery in batch {
        let waits = handled.iter().any(|handled| *handled != Handled::Done);
        handled.push(if waits {
            Handled::NotYet
        } else {
            app.attempt(delivery, LIMIT, until, one(app, delivery)).await
        });
    }
    handled
}

async fn one(app: &App, delivery: &Delivery) -> Handled {
    let envelope = match Envelope::read(&delivery.body) {
        Ok(envelope) => envelope,
        Err(error) => {
            tracing::error!(portal = %delivery.portal, %error, "a poll could not be read and comes again for a newer release");
            return Handled::Again(PAUSE);
        }
    };
    let Job::Poll { object, slot } = &envelope.job else {
        tracing::error!(portal = %delivery.portal, "a job of another queue was found in the poll queue and is dropped");
        return Handled::Done;
    };
    match sync::poll(app, &envelope, *object, *slot).await {
        Ok(()) => Handled::Done,
        Err(error) => {
            tracing::warn!(portal = %delivery.portal, %error, "the poll comes again");
            Handled::Again(PAUSE)
        }
    }
}
