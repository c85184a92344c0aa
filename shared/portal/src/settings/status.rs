//! How it goes: runs, states of records, freshness, payments, records per day; and having it begin now.

use std::collections::BTreeMap;

use app::App;
use domain::computed::stockholm_date;
use domain::{Counts, ObjectType, PortalId, Verification};
use futures::future::try_join_all;
use jiff::{Span, Timestamp};
use queue::{Envelope, Job, Outgoing, QueueName};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::{Look, Pairing};

use super::{
    Caller, Done, Nothing, ObjectName, ObjectRequest, SettingsError, Which, chosen, installed, meant, overview, swedish,
};

/// How many days the chart has.
const CHART_DAYS: i32 = 30;

/// How all types stand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SyncStatus {
    /// Now, by our clock.
    pub at: Timestamp,
    /// The types that have a turn of their own, parents first. Rows go with the records that have them.
    pub objects: Vec<ObjectStatus>,
    /// Records that HubSpot could have charged somebody for, as found by the last comparisons; null if there was none yet.
    pub chargeable: Option<u64>,
    /// Records written to HubSpot in the last thirty days, by day and type; days without any are left out.
    pub written: Vec<WrittenOnDay>,
}

/// How one type stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ObjectStatus {
    /// The type.
    #[schemars(with = "ObjectName")]
    pub object: ObjectType,
    /// Switched on.
    pub enabled: bool,
    /// A run goes on.
    pub running: bool,
    /// When the last run began; null if there never was one.
    pub started_at: Option<Timestamp>,
    /// When it had done all its work; null while it goes on, and if it was interrupted.
    pub finished_at: Option<Timestamp>,
    /// Why it was interrupted, a sentence.
    pub interrupted: Option<String>,
    /// The same in Swedish, where it is known.
    pub interrupted_sv: Option<String>,
    /// Pages of work in the run; null while Kleer is still being read.
    pub pages: Option<u64>,
    /// Those that are done.
    pub pages_done: u64,
    /// What became of the records.
    pub counts: CountsView,
    /// What became of their rows.
    pub line_items: CountsView,
    /// HubSpot is true to Kleer as of then; null if it never was.
    pub fresh_as_of: Option<Timestamp>,
    /// When the next run begins; null if none will.
    pub next_run_at: Option<Timestamp>,
    /// Why this portal, or this key, cannot synchronize it; none if it can, as far as is known.
    pub unavailable: Option<String>,
    /// The same in Swedish, where it is known.
    pub unavailable_sv: Option<String>,
    /// How many of its records have a problem.
    pub problems: u64,
    /// What the last comparison with HubSpot found; null if there was none yet.
    pub verification: Option<VerificationView>,
}

/// Records by what became of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CountsView {
    /// In Kleer.
    pub source: u64,
    /// Made in HubSpot.
    pub created: u64,
    /// Changed in HubSpot.
    pub updated: u64,
    /// As they should be.
    pub unchanged: u64,
    /// Waiting for a record that they belong to.
    pub waiting: u64,
    /// Not written.
    pub failed: u64,
    /// Left out by rule.
    pub excluded: u64,
}

/// What a comparison with HubSpot found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct VerificationView {
    /// When it began.
    pub started_at: Option<Timestamp>,
    /// When everything had been looked at; null while it goes on, and if it was interrupted.
    pub finished_at: Option<Timestamp>,
    /// Why it was interrupted.
    pub interrupted: Option<String>,
    /// Records compared.
    pub compared: u64,
    /// Records whose change in HubSpot is brought to Kleer.
    pub imported: u64,
    /// Records that get Kleer's values again.
    pub rewritten: u64,
    /// Records that are not in HubSpot any more.
    pub missing: u64,
    /// Records that HubSpot could have charged somebody for.
    pub chargeable: u64,
}

/// Records written on one day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct WrittenOnDay {
    /// The day, `2026-11-21`.
    pub day: String,
    /// The type.
    #[schemars(with = "ObjectName")]
    pub object: ObjectType,
    /// How many.
    pub records: u64,
}

/// How many records of a type are in which state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct States {
    /// By the name of the state: `in_sync`, `failing`, `waiting`, `doubtful`, `merged`, `deleted_in_kleer`, `deleted_in_hubspot`,
    /// `excluded_draft`, `excluded_credit`, `excluded_outside_window`.
    pub states: BTreeMap<String, u64>,
}

/// How all types stand.
///
/// # Errors
/// If the portal is not connected.
pub async fn status(app: &App, caller: &Caller, _: Nothing) -> Result<SyncStatus, SettingsError> {
    installed(app, caller).await?;
    let portal = caller.portal;
    let now = app.clock.now();
    // Side by side: somebody waits for it.
    let all = try_join_all(ObjectType::POLLED.map(|object| one(app, portal, object, now))).await?;
    let all: Vec<ObjectStatus> = all.into_iter().flatten().collect();
    let found = all.iter().filter_map(|one| one.verification.as_ref()).map(|found| found.chargeable);
    let from = stockholm_date(now).saturating_sub(Span::new().days(CHART_DAYS));
    let written = app.store.written_since(portal, from).await?.into_iter();
    let on_day =
        |one: store::Written| WrittenOnDay { day: one.day.to_string(), object: one.object, records: one.records };
    Ok(SyncStatus {
        at: now,
        chargeable: found.reduce(|sum, more| sum + more),
        written: written.map(on_day).collect(),
        objects: all,
    })
}

async fn one(
    app: &App,
    portal: PortalId,
    object: ObjectType,
    now: Timestamp,
) -> Result<Option<ObjectStatus>, store::Error> {
    let Some(settings) = app.store.settings(portal, object).await?.map(|found| found.value) else { return Ok(None) };
    let report = app.store.run_report(portal, object).await?;
    let standing = app.store.standing(portal, object).await?;
    let next = app.store.next_due(portal, object).await?.filter(|_| settings.enabled);
    let unavailable = overview::unavailable(app, portal, object, &settings.hubspot_object).await?;
    let verification = app.store.left_by_look::<Verification>(portal, object, Look::Verify).await?;
    Ok(Some(ObjectStatus {
        object,
        enabled: settings.enabled,
        running: standing.lease_until.is_some_and(|until| until > now) && report.finished_at.is_none(),
        started_at: report.started_at,
        finished_at: report.finished_at,
        interrupted_sv: report.interrupted.as_deref().and_then(swedish),
        interrupted: report.interrupted,
        pages: report.progress.pages,
        pages_done: report.progress.done,
        counts: counts(report.counts),
        line_items: counts(report.line_items),
        // A type that never ran is true as of when it was first due, which says nothing to anybody.
        fresh_as_of: standing.true_at.filter(|_| report.started_at.is_some()),
        next_run_at: next,
        unavailable_sv: unavailable.as_deref().and_then(swedish),
        unavailable,
        problems: app.store.count_problems(portal, object, now).await?,
        verification: verification.map(|found| compared(found.value)),
    }))
}

fn counts(counts: Counts) -> CountsView {
    let Counts { source, created, updated, unchanged, waiting, failed, excluded } = counts;
    CountsView { source, created, updated, unchanged, waiting, failed, excluded }
}

fn compared(found: Verification) -> VerificationView {
    VerificationView {
        started_at: found.started_at,
        finished_at: found.finished_at,
        interrupted: found.interrupted,
        compared: found.compared,
        imported: found.imported,
        rewritten: found.rewritten,
        missing: found.missing,
        chargeable: found.chargeable,
    }
}

/// How many records of a type are in which state.
///
/// # Errors
/// If the portal is not connected.
pub async fn states(app: &App, caller: &Caller, request: ObjectRequest) -> Result<States, SettingsError> {
    let settings = chosen(app, caller, request.object).await?.value;
    let pairing = Pairing::new(caller.portal, request.object, &settings.hubspot_object);
    let mut states = BTreeMap::new();
    for binding in app.store.planning_index(&pairing).await?.into_values() {
        *states.entry(binding.state.as_str().to_owned()).or_default() += 1;
    }
    Ok(States { states })
}

/// Begins a run of the types that are meant, without waiting for the next tick. One that goes on is not disturbed.
///
/// # Errors
/// If the type is switched off, or Kleer is not connected.
pub async fn sync_now(app: &App, caller: &Caller, which: Which) -> Result<Done, SettingsError> {
    let now = app.clock.now();
    let job = |object| ("poll", object, Job::Poll { object, slot: now });
    let jobs = meant(app, caller, which).await?.into_iter().map(job).collect();
    send(app, caller, QueueName::Poll, jobs).await?;
    Ok(Done {})
}

/// Begins a comparison of the types that are meant with what HubSpot says.
///
/// # Errors
/// As [`sync_now`].
pub async fn verify_now(app: &App, caller: &Caller, which: Which) -> Result<Done, SettingsError> {
    let now = app.clock.now();
    let job = |object| ("verify", object, Job::Verify { object, slot: now, after: None });
    let jobs = meant(app, caller, which).await?.into_iter().map(job).collect();
    send(app, caller, QueueName::Poll, jobs).await?;
    Ok(Done {})
}

/// Queues jobs that a person asked for: what they are called, about which type, the job. Asked for twice in one moment, they are
/// done once.
pub(super) async fn send(
    app: &App,
    caller: &Caller,
    queue: QueueName,
    jobs: Vec<(&'static str, ObjectType, Job)>,
) -> Result<(), SettingsError> {
    let portal = caller.portal;
    let company = installed(app, caller).await?.value.active_company();
    let company = company.ok_or_else(|| {
        super::Refusal::new(super::Code::KleerNotConnected, "Kleer is not connected: save its credentials first.")
    })?;
    let now = app.clock.now();
    let message = |(what, object, job): (&str, ObjectType, Job)| Outgoing {
        deduplication_id: format!("asked#{what}#{portal}#{object}#{}", now.as_millisecond()),
        envelope: Envelope::new(portal, Some(company), job),
    };
    app.queue.send(queue, jobs.into_iter().map(message).collect(), now).await?;
    Ok(())
}
