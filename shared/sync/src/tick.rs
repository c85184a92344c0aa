//! The clock ticked: every object type whose slot has come gets its turn, parents before children.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use app::App;
use domain::{Installation, PortalId, schedule};
use queue::{Envelope, Job, Outgoing, QueueName};
use store::Due;

use crate::objects;

/// How many due slots of a shard one tick handles; the rest is due at the next tick.
const PER_SHARD: i32 = 1_000;

/// Queues a poll for everything that is due and moves it to its next slot. Two ticks at once queue nothing twice: the
/// message is named by its slot, and the slot moves under a condition.
///
/// Answers how many polls were queued.
///
/// # Errors
/// If the index of what is due cannot be read. A slot that fails is logged and due again at the next tick.
pub async fn tick(app: &App) -> Result<usize, TickError> {
    let now = app.clock.now();
    let shards = (0..schedule::DUE_SHARDS).map(|shard| app.store.due(shard, now, PER_SHARD));
    let mut due: Vec<Due> = futures::future::try_join_all(shards).await?.into_iter().flatten().collect();
    due.sort_by_key(|due| (due.portal, due.object));
    let mut installations = HashMap::new();
    let mut queued = 0;
    for slot in due {
        match one(app, &slot, &mut installations).await {
            Ok(one) => queued += usize::from(one),
            // One portal's trouble must not stop the clock of those behind it.
            Err(error) => {
                tracing::error!(portal = %slot.portal, object = %slot.object, %error, "a slot is left for the next tick");
            }
        }
    }
    Ok(queued)
}

/// A failed tick.
#[derive(Debug, thiserror::Error)]
pub enum TickError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// The queue failed.
    #[error(transparent)]
    Queue(#[from] queue::Error),
}

async fn one(
    app: &App,
    slot: &Due,
    installations: &mut HashMap<PortalId, Option<Installation>>,
) -> Result<bool, TickError> {
    let Due { portal, object, due_at } = *slot;
    let now = app.clock.now();
    if let Entry::Vacant(unknown) = installations.entry(portal) {
        unknown.insert(app.store.installation(portal).await?.map(|found| found.value));
    }
    let settings = app.store.settings(portal, object).await?.map(|found| found.value);
    let spec = objects::spec(object);
    let interval = settings.as_ref().map_or(spec.interval, |settings| settings.interval(spec));
    let enabled = settings.is_some_and(|settings| settings.enabled);
    let installation = installations.get(&portal).and_then(Option::as_ref).filter(|_| enabled);
    if let Some(installation) = installation {
        let poll = Outgoing {
            deduplication_id: format!("poll#{portal}#{object}#{}", due_at.as_millisecond()),
            envelope: Envelope::new(portal, installation.kleer_company, Job::Poll { object, slot: due_at }),
        };
        app.queue.send(QueueName::Poll, vec![poll], now).await?;
    }
    // Every portal has a beat of its own, so that portals connected together do not poll together ever after.
    let beat = schedule::first_due(portal, object, interval, jiff::Timestamp::UNIX_EPOCH);
    app.store.claim_slot(slot, schedule::next_slot(beat, interval, now)).await?;
    Ok(installation.is_some())
}
