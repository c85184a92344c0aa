//! The clock ticked: every object type whose slot has come gets its turn, parents before children.

use app::App;
use domain::{Installation, ObjectSettings, PortalId, schedule};
use futures::stream::{self, StreamExt as _};
use jiff::Timestamp;
use queue::{Envelope, Job, Outgoing, QueueName};
use store::Due;

use crate::objects;

/// How many due slots of a shard one tick handles; the rest is due at the next tick. All shards together: what 100,000 portals
/// have due in a minute, three times over.
const PER_SHARD: i32 = 4_000;

/// How many portals are served at once; a tick is waiting for the store and the queue, most of all.
const PORTALS_AT_ONCE: usize = 64;

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
    let portals = stream::iter(due.chunk_by(|one, next| one.portal == next.portal));
    let queued = portals.map(|slots| portal(app, slots)).buffer_unordered(PORTALS_AT_ONCE);
    Ok(queued.fold(0, async |sum, queued| sum + queued).await)
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

/// One portal's slots. Its trouble must not stop the clock of the others.
async fn portal(app: &App, slots: &[Due]) -> usize {
    match try_portal(app, slots).await {
        Ok(queued) => queued,
        Err(error) => {
            tracing::error!(portal = %slots[0].portal, %error, "slots are left for the next tick");
            0
        }
    }
}

async fn try_portal(app: &App, slots: &[Due]) -> Result<usize, TickError> {
    let portal = slots[0].portal;
    let installation = app.store.installation(portal).await?.map(|found| found.value);
    let installation = installation.filter(|installation| installation.active_company().is_some());
    let settings = slots.iter().map(async |slot| app.store.settings(portal, slot.object).await);
    let settings = futures::future::try_join_all(settings).await?;
    let settings: Vec<Option<ObjectSettings>> = settings.into_iter().map(|found| Some(found?.value)).collect();
    let wanted = |settings: &Option<ObjectSettings>| settings.as_ref().is_some_and(|settings| settings.enabled);
    let polls: Vec<Outgoing> = slots
        .iter()
        .zip(&settings)
        .filter(|(_, settings)| wanted(settings))
        .filter_map(|(slot, _)| Some(poll(installation.as_ref()?, portal, slot)))
        .collect();
    let queued = polls.len();
    // Queued first, moved on after: a tick that dies in between queues the same names again.
    app.queue.send(QueueName::Poll, polls, app.clock.now()).await?;
    for (slot, settings) in slots.iter().zip(&settings) {
        move_on(app, slot, settings.as_ref().filter(|settings| settings.enabled && installation.is_some())).await?;
    }
    Ok(queued)
}

fn poll(installation: &Installation, portal: PortalId, slot: &Due) -> Outgoing {
    let Due { object, due_at, .. } = *slot;
    Outgoing {
        deduplication_id: format!("poll#{portal}#{object}#{}", due_at.as_millisecond()),
        envelope: Envelope::new(portal, installation.active_company(), Job::Poll { object, slot: due_at }),
    }
}

/// Moves a slot on to the next; `settings` if a poll was queued.
async fn move_on(app: &App, slot: &Due, settings: Option<&ObjectSettings>) -> Result<(), TickError> {
    let Due { portal, object, .. } = *slot;
    let spec = objects::spec(object);
    let interval = settings.map_or(spec.interval, |settings| settings.interval(spec));
    // Every portal has a beat of its own, so that portals connected together do not poll together ever after.
    let beat = schedule::first_due(portal, object, interval, Timestamp::UNIX_EPOCH);
    let now = app.clock.now();
    let turn = app.store.claim_slot(slot, schedule::next_slot(beat, interval, now)).await?;
    if let (Some(turn), Some(_)) = (turn, settings) {
        let age = turn.true_at.map_or_else(Default::default, |at| now.duration_since(at));
        app.meters.turn(object, std::time::Duration::try_from(age).unwrap_or_default(), interval, turn.failing);
    }
    Ok(())
}
