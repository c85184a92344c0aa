//! The clock ticked, or a portal has its turn: poll Kleer, plan, fan out; look at HubSpot; make what a new portal needs; forget one that left.
//! Wiring only; the rules are in `sync`.

use std::time::Duration;

use app::App;
use domain::PortalId;
use portal::settings::{self, AfreshStep, SettingsError};
use queue::{Delivery, Envelope, Handled, Job, Outgoing, QueueName, Timestamp};
use sync::Known;

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
        handled.push(if waits { Handled::NotYet } else { one(app, delivery, until).await });
    }
    handled
}

async fn one(app: &App, delivery: &Delivery, until: Timestamp) -> Handled {
    let envelope = match Envelope::read(&delivery.body) {
        Ok(envelope) => envelope,
        Err(error) => {
            tracing::error!(portal = %delivery.portal, %error, "a poll could not be read and comes again for a newer release");
            return Handled::Again(PAUSE);
        }
    };
    if let Job::Together { jobs } = &envelope.job {
        return together(app, delivery, &envelope, jobs, until).await;
    }
    app.attempt(delivery, LIMIT, until, work(app, &envelope, &envelope.job, &Known::default())).await
}

/// Does one job after the other. What has to come again does so in a message of its own: a type in trouble must not keep the
/// others from their turn, nor let them have it twice.
async fn together(app: &App, delivery: &Delivery, envelope: &Envelope, jobs: &[Job], until: Timestamp) -> Handled {
    let (mut left, known) = (Vec::new(), Known::default());
    for (number, job) in jobs.iter().enumerate() {
        if app.attempt(delivery, LIMIT, until, work(app, envelope, job, &known)).await != Handled::Done {
            left.push(Outgoing {
                deduplication_id: format!("again#{}#{number}", delivery.id),
                envelope: Envelope::new(envelope.portal, envelope.kleer_company, job.clone()),
            });
        }
    }
    match app.queue.send(QueueName::Poll, left, app.clock.now()).await {
        Ok(()) => Handled::Done,
        Err(error) => {
            tracing::warn!(portal = %envelope.portal, %error, "the jobs come again together");
            Handled::Again(PAUSE)
        }
    }
}

async fn work(app: &App, envelope: &Envelope, job: &Job, known: &Known) -> Handled {
    // Boxed: together they are more than a stack may have to hold.
    let done = match job {
        Job::Poll { object, slot } => Box::pin(sync::poll(app, envelope, *object, *slot, known)).await,
        Job::Verify { object, slot, after } => Box::pin(sync::verify(app, envelope, *object, *slot, *after)).await,
        Job::Search { object, .. } => Box::pin(sync::search(app, envelope, *object)).await,
        Job::Provision => Box::pin(sync::provision(app, envelope.portal)).await,
        Job::Forget => Box::pin(sync::forget(app, envelope.portal)).await,
        Job::Mend { object, what, after } => {
            let mended = Box::pin(settings::mend(app, envelope, *object, *what, *after)).await;
            return asked(envelope.portal, mended.map(|()| AfreshStep::Done));
        }
        Job::Preview { object, asked_at } => {
            let made = Box::pin(settings::make_preview(app, envelope, *object, *asked_at)).await;
            return asked(envelope.portal, made.map(|()| AfreshStep::Done));
        }
        Job::StartAfresh => {
            return asked(envelope.portal, Box::pin(settings::continue_afresh(app, envelope.portal)).await);
        }
        Job::Page(_) | Job::Import(_) | Job::Push(_) | Job::Together { .. } => {
            tracing::error!(portal = %envelope.portal, "a job of another queue was found in the poll queue and is dropped");
            return Handled::Done;
        }
    };
    match done {
        Ok(()) => Handled::Done,
        Err(error) => {
            tracing::warn!(portal = %envelope.portal, %error, "the job comes again");
            Handled::Again(PAUSE)
        }
    }
}

/// What came of a job that a person asked for on the settings page.
fn asked(portal: PortalId, done: Result<AfreshStep, SettingsError>) -> Handled {
    match done {
        Ok(AfreshStep::Done | AfreshStep::More) => Handled::Done,
        Ok(AfreshStep::Again(pause)) => Handled::Again(pause),
        Err(error) => {
            tracing::warn!(%portal, %error, "the job comes again");
            Handled::Again(PAUSE)
        }
    }
}
