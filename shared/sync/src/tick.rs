//! The clock ticked: every object type whose slot has come gets its turn, parents before children.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::time::Duration;

use app::App;
use domain::{Installation, KleerCompanyId, ObjectSettings, notice, schedule};
use futures::stream::{self, StreamExt as _};
use jiff::Timestamp;
use queue::{Envelope, Job, Outgoing, QueueName};
use store::{Due, Errand, Look};

use crate::{errands, looks, objects};

/// How many due slots of a shard one tick handles; the rest is due at the next tick. All shards together: what 100,000 portals
/// have due in a minute, three times over.
const PER_SHARD: i32 = 4_000;

/// How many portals are served at once; a tick is waiting for the store and the queue, most of all.
const PORTALS_AT_ONCE: usize = 64;

/// The slots of a portal that left come round this often, until it is forgotten.
const LEFT: Duration = Duration::from_secs(24 * 60 * 60);

/// A type that is late is told of this much later: the run that begins now may be all that it waited for.
const GRACE: Duration = Duration::from_secs(2 * 60);

/// Queues a job for everything that is due and moves it to its next slot. Two ticks at once queue nothing twice: the
/// message is named by its slot, and the slot moves under a condition.
///
/// Errands of portals as a whole are run beside it. Answers how many polls were queued.
///
/// # Errors
/// If the index of what is due cannot be read. A slot that fails is logged and due again at the next tick.
pub async fn tick(app: &App) -> Result<usize, TickError> {
    let now = app.clock.now();
    let shards = (0..schedule::DUE_SHARDS).map(|shard| app.store.due(shard, now, PER_SHARD));
    let mut due: Vec<Due> = futures::future::try_join_all(shards).await?.into_iter().flatten().collect();
    due.sort_by_key(|due| (due.portal, due.object, due.look));
    let portals = stream::iter(due.chunk_by(|one, next| one.portal == next.portal));
    let queued = portals.map(|slots| portal(app, slots)).buffer_unordered(PORTALS_AT_ONCE);
    let queued = queued.fold(0, async |sum, queued| sum + queued);
    let (queued, errands) = futures::future::join(queued, errands::run(app)).await;
    errands?;
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
    let company = installation.as_ref().and_then(Installation::active_company);
    let wanted = |settings: &Option<ObjectSettings>| settings.as_ref().is_some_and(|settings| settings.enabled);
    let jobs: Vec<Outgoing> = slots
        .iter()
        .zip(&settings)
        .filter(|(_, settings)| wanted(settings))
        .filter_map(|(slot, _)| Some(message(company?, slot)))
        .collect();
    let queued = jobs.len();
    // Queued first, moved on after: a tick that dies in between queues the same names again.
    app.queue.send(QueueName::Poll, together(jobs), app.clock.now()).await?;
    for (slot, settings) in slots.iter().zip(&settings) {
        let settings = settings.as_ref().filter(|settings| settings.enabled && installation.is_some());
        match slot.look {
            Some(look) => {
                let next = looks::next(slot, look, settings.is_some(), app.clock.now());
                app.store.claim_look(slot, next).await?;
            }
            None => move_on(app, slot, settings, installation.is_none()).await?,
        }
    }
    Ok(queued)
}

fn message(company: KleerCompanyId, slot: &Due) -> Outgoing {
    let Due { portal, object, look, due_at: slot } = *slot;
    let (what, job) = match look {
        None => ("poll", Job::Poll { object, slot }),
        Some(look @ Look::Verify) => (look.as_str(), Job::Verify { object, slot, after: None }),
        Some(look @ Look::Search) => (look.as_str(), Job::Search { object, slot }),
    };
    Outgoing {
        deduplication_id: format!("{what}#{portal}#{object}#{}", slot.as_millisecond()),
        envelope: Envelope::new(portal, Some(company), job),
    }
}

/// One message for all jobs of a portal, parents before children. Its name is made of theirs.
fn together(all: Vec<Outgoing>) -> Vec<Outgoing> {
    if all.len() < 2 {
        return all;
    }
    let mut names = DefaultHasher::new();
    all.iter().for_each(|one| one.deduplication_id.hash(&mut names));
    let (portal, company) = (all[0].envelope.portal, all[0].envelope.kleer_company);
    let jobs = all.into_iter().map(|one| one.envelope.job).collect();
    vec![Outgoing {
        deduplication_id: format!("together#{portal}#{:016x}", names.finish()),
        envelope: Envelope::new(portal, company, Job::Together { jobs }),
    }]
}

/// Moves a slot on to the next; `settings` if a poll was queued. Who connects a portal that `left` brings its slots forward.
async fn move_on(app: &App, slot: &Due, settings: Option<&ObjectSettings>, left: bool) -> Result<(), TickError> {
    let Due { portal, object, .. } = *slot;
    let spec = objects::spec(object);
    let interval = match settings {
        Some(settings) => settings.interval(spec),
        None if left => LEFT,
        None => spec.interval,
    };
    // Every portal has a beat of its own, so that portals connected together do not poll together ever after.
    let beat = schedule::first_due(portal, interval, Timestamp::UNIX_EPOCH);
    let now = app.clock.now();
    let turn = app.store.claim_slot(slot, schedule::next_slot(beat, interval, now)).await?;
    if let (Some(turn), Some(_)) = (turn, settings) {
        let age = turn.true_at.map_or_else(Default::default, |at| now.duration_since(at));
        if turn.true_at.is_some_and(|at| notice::is_late(at, interval, now)) {
            app.store.make_errand(portal, Errand::Notice, schedule::later(now, GRACE)).await?;
        }
        app.meters.turn(object, Duration::try_from(age).unwrap_or_default(), interval, turn.failing);
    }
    Ok(())
}
