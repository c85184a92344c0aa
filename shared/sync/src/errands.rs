//! What is due for portals as a whole, rarely: forgetting those that left, and telling people of trouble. A tick that finds
//! nothing due has asked once.

use std::time::Duration;

use app::App;
use domain::{PortalId, schedule};
use futures::stream::{self, StreamExt as _};
use queue::{Envelope, Job, Outgoing, QueueName};
use store::{DueErrand, Errand};

use crate::notices;

/// How many errands one tick runs; the rest is due at the next.
const PER_TICK: i32 = 200;
/// How many at once.
const AT_ONCE: usize = 16;
/// An errand that never came to its end comes again after this long.
const LEASE: Duration = Duration::from_secs(5 * 60);
/// Forgetting a portal may take this long, and is asked for again after it.
const FORGETTING: Duration = Duration::from_secs(60 * 60);

/// Runs the errands that are due.
///
/// # Errors
/// If what is due cannot be read. An errand that fails is logged and comes again.
pub(crate) async fn run(app: &App) -> Result<(), store::Error> {
    let due = app.store.errands(app.clock.now(), PER_TICK).await?;
    let runs = stream::iter(&due).map(async |due| {
        if let Err(error) = one(app, due).await {
            tracing::error!(portal = %due.portal, errand = ?due.errand, %error, "an errand failed and comes again");
        }
    });
    runs.buffer_unordered(AT_ONCE).collect::<()>().await;
    Ok(())
}

async fn one(app: &App, due: &DueErrand) -> Result<(), ErrandError> {
    let now = app.clock.now();
    match due.errand {
        Errand::Notice => {
            if app.store.take_errand(due, schedule::later(now, LEASE)).await? {
                notices::look(app, due.portal).await?;
            }
        }
        // It takes long, so it is a job. The portal cannot be installed until it is over.
        Errand::Forget => {
            if app.store.take_errand(due, schedule::later(now, FORGETTING)).await? {
                let job = Outgoing {
                    deduplication_id: format!("forget#{}#{}", due.portal, due.due_at.as_millisecond()),
                    envelope: Envelope::new(due.portal, None, Job::Forget),
                };
                app.queue.send(QueueName::Poll, vec![job], now).await?;
            }
        }
    }
    Ok(())
}

/// A failed errand.
#[derive(Debug, thiserror::Error)]
enum ErrandError {
    #[error(transparent)]
    Store(#[from] store::Error),
    #[error(transparent)]
    Queue(#[from] queue::Error),
}

/// Forgets everything about a portal that left, if it is still gone.
///
/// # Errors
/// If the store fails; then the message should come again, and begins where it ended.
pub async fn forget(app: &App, portal: PortalId) -> Result<(), store::Error> {
    let found = app.store.installation(portal).await?;
    let is_gone = found.is_none_or(|found| found.value.disconnected.is_some());
    // An install ends the errand. Its condition keeps one from beginning while this goes on.
    if !is_gone || app.store.errand_due(portal, Errand::Forget).await?.is_none() {
        return Ok(());
    }
    app.store.forget_portal(portal).await?;
    app.store.end_errand(portal, Errand::Forget).await?;
    tracing::info!(%portal, "everything about a portal that left was forgotten");
    Ok(())
}
