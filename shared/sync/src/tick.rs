//! The clock ticked: every object type whose slot has come gets its turn, parents before children. Slots are found in two ways:
//! those on the beat of a portal when its beat is heard, which is when changes in HubSpot are searched for as well; those at any
//! other moment by the index of what is due.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::time::Duration;

use app::App;
use domain::{KleerCompanyId, ObjectSettings, ObjectType, PortalId, notice, schedule};
use futures::future::{try_join, try_join_all};
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
    let minutes = app.beats.unheard(now);
    let shards = (0..schedule::DUE_SHARDS).map(|shard| app.store.due(shard, now, PER_SHARD));
    let beats = (0..schedule::DUE_SHARDS).flat_map(|shard| minutes.iter().map(move |minute| (*minute, shard)));
    let beats = beats.map(async |(minute, shard)| {
        let portals = app.store.beats(minute.rem_euclid(schedule::PHASES), shard).await?;
        Ok::<_, store::Error>(portals.into_iter().map(move |portal| (portal, schedule::minute_start(minute))))
    });
    let (due, beats) = try_join(try_join_all(shards), try_join_all(beats)).await?;
    let mut turns: BTreeMap<PortalId, Turn> = BTreeMap::new();
    for (portal, beat) in beats.into_iter().flatten() {
        turns.entry(portal).or_default().beat = Some(beat);
    }
    for due in due.into_iter().flatten() {
        turns.entry(due.portal).or_default().slots.push(due);
    }
    let queued = stream::iter(turns).map(|(id, turn)| portal(app, id, turn)).buffer_unordered(PORTALS_AT_ONCE);
    let queued = queued.fold(0, async |sum, queued| sum + queued);
    let (queued, errands) = futures::future::join(queued, errands::run(app)).await;
    app.beats.heard(&minutes);
    errands?;
    Ok(queued)
}

/// What brought a portal its turn.
#[derive(Debug, Default)]
struct Turn {
    /// What the index of what is due has of it.
    slots: Vec<Due>,
    /// The beginning of the minute in which its beat is heard, if it is.
    beat: Option<Timestamp>,
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

/// One portal's turn. Its trouble must not stop the clock of the others.
async fn portal(app: &App, portal: PortalId, turn: Turn) -> usize {
    match try_portal(app, portal, turn).await {
        Ok(queued) => queued,
        Err(error) => {
            tracing::error!(%portal, %error, "slots are left for a later tick");
            0
        }
    }
}

async fn try_portal(app: &App, portal: PortalId, Turn { mut slots, beat }: Turn) -> Result<usize, TickError> {
    let store = &app.store;
    let by_index = slots.clone();
    if beat.is_some() {
        let found = store.turns(portal, app.clock.now()).await?;
        let known = |found: &Due| by_index.iter().any(|due| (due.object, due.look) == (found.object, found.look));
        slots.extend(found.into_iter().filter(|found| !known(found)));
    }
    slots.sort_by_key(|due| (due.object, due.look));
    let searched = looks::SEARCHED.into_iter().filter(|object| beat.is_some() && looks::is_searched(*object));
    let objects: BTreeSet<ObjectType> = slots.iter().map(|slot| slot.object).chain(searched.clone()).collect();
    if objects.is_empty() {
        return Ok(0);
    }
    let settings = objects.into_iter().map(async |object| Ok((object, store.settings_lately(portal, object).await?)));
    let (installation, settings) = try_join(store.installation_lately(portal), try_join_all(settings)).await?;
    let company = installation.as_ref().and_then(|found| found.value.active_company());
    let enabled = |(object, settings): (ObjectType, Option<ObjectSettings>)| {
        Some((object, settings.filter(|settings| settings.enabled && company.is_some())?))
    };
    let enabled: BTreeMap<ObjectType, ObjectSettings> = settings.into_iter().filter_map(enabled).collect();
    let of_beat = searched.zip(beat).map(|(object, slot)| Wanted { look: Some(Look::Search), object, slot });
    let wanted = slots.iter().map(Wanted::by).chain(of_beat).filter(|one| enabled.contains_key(&one.object));
    let jobs: Vec<Outgoing> = wanted.filter_map(|one| Some(one.message(portal, company?))).collect();
    let queued = jobs.len();
    // Queued first, moved on after: a tick that dies in between queues the same names again.
    app.queue.send(QueueName::Poll, together(jobs), app.clock.now()).await?;
    for slot in &slots {
        match slot.look {
            Some(_) => drop(store.claim_look(slot, looks::next(portal, app.clock.now())).await?),
            None => move_on(app, slot, enabled.get(&slot.object), company.is_none(), by_index.contains(slot)).await?,
        }
    }
    Ok(queued)
}

/// Something to be queued.
struct Wanted {
    /// A look at HubSpot, or a poll.
    look: Option<Look>,
    object: ObjectType,
    slot: Timestamp,
}

impl Wanted {
    /// What a slot asks for.
    fn by(slot: &Due) -> Self {
        Self { look: slot.look, object: slot.object, slot: slot.due_at }
    }

    fn message(self, portal: PortalId, company: KleerCompanyId) -> Outgoing {
        let Self { look, object, slot } = self;
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

/// Moves a slot of a poll on to the next; with `settings` if a poll was queued. Who connects a portal that `left` brings its slots
/// forward.
async fn move_on(
    app: &App,
    slot: &Due,
    settings: Option<&ObjectSettings>,
    left: bool,
    by_index: bool,
) -> Result<(), TickError> {
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
    let next = schedule::next_slot(beat, interval, now);
    if by_index && schedule::is_on_beat(portal, next) {
        // It leaves the index: whatever happened to the beat, it is there before.
        app.store.keep_beat(portal).await?;
    }
    let turn = app.store.claim_slot(slot, next).await?;
    if let (Some(turn), Some(_)) = (turn, settings) {
        let age = turn.true_at.map_or_else(Default::default, |at| now.duration_since(at));
        if turn.true_at.is_some_and(|at| notice::is_late(at, interval, now)) {
            app.store.make_errand(portal, Errand::Notice, schedule::later(now, GRACE)).await?;
        }
        app.meters.turn(object, Duration::try_from(age).unwrap_or_default(), interval, turn.failing);
    }
    Ok(())
}
