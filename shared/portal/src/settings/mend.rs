//! What is done to bindings because a person asks for it: to one record at once, to all of a type by a job that goes on where it
//! ended.

use std::collections::BTreeSet;
use std::time::Duration;

use app::App;
use domain::{ActivityKind, Base, Binding, KleerId, ObjectType, RecordState, schedule};
use queue::{Envelope, Job, Mend, Outgoing, QueueName};
use store::{Commit, Pairing, Taken};

use super::status::send;
use super::{Caller, Done, ObjectRequest, SettingsError, Which, look_again, meant, note};

/// How many bindings are changed at once.
const CHUNK: usize = 100;
/// How many chunks one job changes before it lets others have their turn.
const CHUNKS: usize = 40;
/// A taken binding is free again after this long, if its worker never came back.
const HELD: Duration = Duration::from_secs(60);

/// Tries everything again that was refused, now.
///
/// # Errors
/// If the type is switched off, or Kleer is not connected.
pub async fn retry_all(app: &App, caller: &Caller, which: Which) -> Result<Done, SettingsError> {
    begin(app, caller, which, "retry", Mend::Retry).await
}

/// Writes everything of a type again, whatever HubSpot was told before. Kleer's values win where HubSpot says something else.
///
/// # Errors
/// If the type is switched off, or Kleer is not connected.
pub async fn resync(app: &App, caller: &Caller, request: ObjectRequest) -> Result<Done, SettingsError> {
    let which = Which { object: Some(request.object) };
    begin(app, caller, which, "resync", Mend::Resync).await?;
    note(app, caller, ActivityKind::SettingsChanged, which.object, "asked for a full re-sync").await?;
    Ok(Done {})
}

async fn begin(
    app: &App,
    caller: &Caller,
    which: Which,
    name: &'static str,
    what: Mend,
) -> Result<Done, SettingsError> {
    let job = |object| (name, object, Job::Mend { object, what, after: None });
    let jobs = meant(app, caller, which).await?.into_iter().map(job).collect();
    send(app, caller, QueueName::Poll, jobs).await?;
    Ok(Done {})
}

/// A job that changes bindings of a type; the rest is left to another job, and at the end the type is polled.
///
/// # Errors
/// If the store or the queue fails; then the message should come again.
pub async fn mend(
    app: &App,
    envelope: &Envelope,
    object: ObjectType,
    what: Mend,
    after: Option<KleerId>,
) -> Result<(), SettingsError> {
    let portal = envelope.portal;
    let installation = app.store.installation(portal).await?.map(|found| found.value);
    let company = installation.and_then(|installation| installation.active_company());
    if company.is_none() || company != envelope.kleer_company {
        return Ok(());
    }
    let Some(settings) = app.store.settings(portal, object).await? else { return Ok(()) };
    let pairing = Pairing::new(portal, object, &settings.value.hubspot_object);
    let index = app.store.binding_index(&pairing).await?;
    let ids: BTreeSet<KleerId> =
        index.iter().filter(|(_, binding)| concerns(what, binding.state)).map(|(id, _)| *id).collect();
    let left: Vec<KleerId> = ids.into_iter().filter(|id| after.is_none_or(|after| *id > after)).collect();
    let now_done = &left[..left.len().min(CHUNK * CHUNKS)];
    let mut changed = 0;
    for chunk in now_done.chunks(CHUNK) {
        let done = rewrite(app, &pairing, chunk, |before| mended(what, before)).await?;
        changed += done.iter().filter(|done| **done).count();
    }
    tracing::info!(%portal, %object, ?what, changed, left = left.len() - now_done.len(), "bindings were changed on request");
    if left.len() > now_done.len() {
        let after = now_done.last().copied();
        let next = Outgoing {
            deduplication_id: format!("mend#{portal}#{object}#{}#{after:?}", app.clock.now().as_millisecond()),
            envelope: Envelope::new(portal, company, Job::Mend { object, what, after }),
        };
        app.queue.send(QueueName::Poll, vec![next], app.clock.now()).await?;
        return Ok(());
    }
    super::ask_for_properties(app, portal, object).await?;
    Ok(look_again(app, portal, object).await?)
}

const fn concerns(what: Mend, state: RecordState) -> bool {
    match what {
        Mend::Retry => matches!(state, RecordState::Failing),
        Mend::Resync => matches!(state, RecordState::InSync | RecordState::Waiting | RecordState::Failing),
    }
}

/// What a binding becomes.
pub(super) fn mended(what: Mend, before: Binding) -> Binding {
    let tried_now = Binding { failed_fingerprint: None, retry_at: None, ..before };
    match what {
        Mend::Retry => tried_now,
        Mend::Resync => {
            let mut rows = tried_now.rows.clone();
            rows.rows.values_mut().for_each(|row| row.base = Base::default());
            Binding { fingerprint: None, base: Base::default(), rows, associated: BTreeSet::new(), ..tried_now }
        }
    }
}

/// Changes bindings that nobody else holds; which of them, in order. Those that were never written are left alone.
pub(super) async fn rewrite(
    app: &App,
    pairing: &Pairing,
    ids: &[KleerId],
    change: impl Fn(Binding) -> Binding,
) -> Result<Vec<bool>, store::Error> {
    let now = app.clock.now();
    let mut found = app.store.bindings(pairing, ids).await?;
    let commit = |id: &KleerId| {
        let before = found.remove(id)?;
        let version = before.version + 1;
        Some(Commit { kleer_id: *id, binding: Binding { version, run: None, ..change(before) } })
    };
    let commits: Vec<Commit> = ids.iter().filter_map(commit).collect();
    let versions: Vec<(KleerId, u64)> =
        commits.iter().map(|commit| (commit.kleer_id, commit.binding.version - 1)).collect();
    let taken = Taken { holder: format!("settings#{}", now.as_nanosecond()), until: schedule::later(now, HELD) };
    let got = app.store.take_bindings(pairing, &versions, &taken, now).await?;
    let mine: Vec<Commit> = commits.into_iter().zip(got).filter(|(_, got)| *got).map(|(commit, _)| commit).collect();
    let done = app.store.commit_bindings(pairing, &mine, &taken.holder).await?;
    let done: BTreeSet<KleerId> =
        mine.iter().zip(done).filter(|(_, done)| *done).map(|(commit, _)| commit.kleer_id).collect();
    Ok(ids.iter().map(|id| done.contains(id)).collect())
}
