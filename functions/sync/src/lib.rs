//! A queue has work: apply pages of changes to HubSpot, import changes from there, push single records. Wiring only; the rules are in `sync`.

use std::time::Duration;

use app::App;
use futures::future::join_all;
use queue::{Delivery, Envelope, Handled, Job, Timestamp};

/// A message that this release cannot read comes again after this long.
const PAUSE: Duration = Duration::from_secs(10);
/// A page that takes longer than this is given up and comes again; a sixth of the queue's visibility.
const LIMIT: Duration = Duration::from_secs(120);

/// Handles a batch of one portal, in order. Pages of one run touch different records and are applied side by side; pages
/// of the next run wait for them, so that parents are there before their children. Nothing is begun after `until`. One answer
/// per delivery.
pub async fn handle(app: &App, batch: &[Delivery], until: Timestamp) -> Vec<Handled> {
    let jobs: Vec<_> = batch.iter().map(|delivery| (delivery, Envelope::read(&delivery.body))).collect();
    let mut handled = Vec::with_capacity(batch.len());
    for run in jobs.chunk_by(|(_, one), (_, next)| same_run(one.as_ref().ok(), next.as_ref().ok())) {
        let blocked = handled.iter().any(|handled| *handled != Handled::Done);
        if blocked {
            // What comes later in the group waits for what must come again.
            handled.extend(run.iter().map(|_| Handled::NotYet));
            continue;
        }
        let apply = run.iter().map(|(delivery, envelope)| {
            app.attempt(delivery, LIMIT, until, one(app, delivery, envelope.as_ref().ok()))
        });
        handled.extend(join_all(apply).await);
    }
    handled
}

fn same_run(one: Option<&Envelope>, next: Option<&Envelope>) -> bool {
    let run = |envelope: &Envelope| match &envelope.job {
        Job::Page(page) => Some((envelope.portal, page.object, page.run.clone())),
        _ => None,
    };
    one.and_then(run).is_some_and(|one| next.and_then(run) == Some(one))
}

async fn one(app: &App, delivery: &Delivery, envelope: Option<&Envelope>) -> Handled {
    let Some(envelope) = envelope else {
        tracing::error!(portal = %delivery.portal, "a message could not be read and comes again for a newer release");
        return Handled::Again(PAUSE);
    };
    let tried = delivery.receive_count;
    // Boxed: together they are more than a stack may have to hold.
    let again = match &envelope.job {
        Job::Page(page) => Box::pin(sync::apply(app, envelope, page, tried)).await.err().map(|again| again.pause),
        Job::Import(import) => {
            Box::pin(sync::import(app, envelope, import, tried)).await.err().map(|again| again.pause)
        }
        Job::Push(push) => Box::pin(sync::push(app, envelope, push, tried)).await.err().map(|again| again.pause),
        _ => {
            tracing::error!(portal = %delivery.portal, "a job of another queue was found in the sync queue and is dropped");
            None
        }
    };
    again.map_or(Handled::Done, Handled::Again)
}
