//! A page of changes is written to HubSpot: take the bindings, write, commit the bindings, count the page.

use std::collections::HashMap;
use std::time::Duration;

use app::App;
use domain::{Binding, Change, Counts, KleerId, PortalId, Progress, schedule};
use jiff::Timestamp;
use queue::{Envelope, Page};
use store::Taken;
use tracing::Instrument as _;

use super::failure::Failure;
use super::outcome::{Setting, Settled, counted_before, settle};
use super::poll::LEASE;
use super::provision;
use super::write::{Verdict, Work, Written, is_about_the_key, write};
use crate::objects;

/// How often a page is tried before its run is interrupted and planned again later. Each try is several of `rest`'s; more
/// would keep the portal's other types waiting behind this one.
const TRIES: u32 = 3;
/// A taken binding is free again after this long, if its worker never came back.
const HELD: Duration = Duration::from_secs(10 * 60);

/// What became of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Applied {
    /// It was applied, now or at an earlier delivery.
    Done,
    /// Its run is no longer the current one; nothing was written.
    Stale,
    /// Its run was interrupted, which says why; the next poll plans its changes again.
    Interrupted,
}

/// A page that has to come again.
#[derive(Debug, thiserror::Error)]
#[error("{reason}")]
pub struct ApplyError {
    /// After this long; at most a minute.
    pub pause: Duration,
    reason: String,
}

/// Applies a page. Applied twice, the second time finds its work done. `delivery` is how often it was delivered.
///
/// # Errors
/// If the page has to come again; everything that was written is remembered.
pub async fn apply(app: &App, envelope: &Envelope, page: &Page, delivery: u32) -> Result<Applied, ApplyError> {
    let span = tracing::info_span!("page", portal = %envelope.portal, object = %page.object, run = %page.run, page = page.number);
    let applying = Applying { app, portal: envelope.portal, page, last_try: delivery >= TRIES };
    applying.run(envelope, delivery).instrument(span).await
}

struct Applying<'a> {
    app: &'a App,
    portal: PortalId,
    page: &'a Page,
    last_try: bool,
}

/// What is left after one round of writing.
struct Round {
    counts: Counts,
    again: usize,
}

impl Applying<'_> {
    async fn run(&self, envelope: &Envelope, delivery: u32) -> Result<Applied, ApplyError> {
        let failure = match self.work(envelope).await {
            Ok(Some(round)) if round.again == 0 => return Ok(Applied::Done),
            Ok(Some(round)) => Failure::Unsettled(round.again),
            Ok(None) => return Ok(Applied::Stale),
            Err(failure) => failure,
        };
        let pause = failure.pause();
        let passing = pause.is_some_and(|pause| pause <= Duration::from_secs(60))
            && !matches!(failure, Failure::SchemaChanged(_));
        if passing && !self.last_try {
            // A run that is being tried lives; without this, slow failures would outlast its lease.
            let lease = schedule::later(self.app.clock.now(), LEASE);
            let renewed = self.app.store.renew_run(self.portal, self.page.object, &self.page.run, lease).await;
            if let Err(error) = renewed {
                tracing::warn!(%error, "the lease of the run could not be renewed");
            }
            return Err(self.again(delivery, None, failure.to_string()));
        }
        match self.interrupt(&failure).await {
            Ok(()) => Ok(Applied::Interrupted),
            Err(error) => Err(self.again(delivery, pause, error.to_string())),
        }
    }

    /// None if the page is stale.
    async fn work(&self, envelope: &Envelope) -> Result<Option<Round>, Failure> {
        let Self { app, portal, page, .. } = self;
        let report = app.store.run_report(*portal, page.object).await?;
        if report.run.as_ref() != Some(&page.run) {
            tracing::info!("a newer run has taken over; the page is dropped");
            return Ok(None);
        }
        let connection = app.connect(*portal).await?;
        if connection.installation.kleer_company != envelope.kleer_company {
            return Ok(None);
        }
        let started = report.started_at.unwrap_or_else(|| app.clock.now());
        let round = self.write(&connection, started).await?;
        if round.again == 0 {
            self.count(&round.counts).await?;
        }
        Ok(Some(round))
    }

    async fn write(&self, connection: &app::Connection, started: Timestamp) -> Result<Round, Failure> {
        let (taken, before, mut round) = self.take().await?;
        let bound = |id| before.get(id).cloned().unwrap_or_default();
        let work: Vec<Work<'_>> =
            taken.iter().map(|change| Work { change, base: bound(&change.kleer_id).base }).collect();
        let Written { verdicts, failure } = write(connection, &self.page.hubspot_object, &work, started).await;
        self.app.written.extend(work.iter().zip(&verdicts).filter_map(|(work, verdict)| self.noted(work, verdict)));
        let failure = match failure {
            Some(error) if is_about_the_key(&error) => Some(Failure::SchemaChanged(error.to_string())),
            Some(error) => Some(Failure::Hubspot(error)),
            None => self.schema_changed(&verdicts).await?,
        };
        // What was written is remembered, whatever failed beside it.
        let mut settled = Vec::with_capacity(taken.len());
        let mut again = Vec::new();
        for (change, verdict) in taken.iter().zip(verdicts) {
            let verdict = match &failure {
                Some(Failure::SchemaChanged(_)) if is_about_the_schema(&verdict) => Verdict::Again,
                None if self.last_try => given_up(verdict),
                _ => verdict,
            };
            match settle(self.setting(), change, &bound(&change.kleer_id), verdict) {
                Some(one) => settled.push(one),
                None => again.push(change.kleer_id),
            }
        }
        round.again += again.len();
        self.release(again.into_iter()).await?;
        round.counts.add(&self.commit(settled, &before).await?);
        failure.map_or(Ok(round), Err)
    }

    /// A write for the log of this process.
    fn noted(&self, work: &Work<'_>, verdict: &Verdict) -> Option<app::Written> {
        let Verdict::Written { id, created } = verdict else { return None };
        tracing::debug!(kleer_id = work.change.kleer_id.0, hubspot_id = id.as_str(), created, "written");
        let sent = work.change.properties.filtered(|name, value| !work.base.matches(name, value));
        Some(app::Written {
            object: self.page.object,
            kleer_id: work.change.kleer_id,
            hubspot_id: id.clone(),
            created: *created,
            properties: sent.into_map().into_iter().collect(),
        })
    }

    /// Takes what can be taken; counts what an earlier delivery of this page already did.
    async fn take(&self) -> Result<(Vec<&Change>, HashMap<KleerId, Binding>, Round), Failure> {
        let Self { app, portal, page, .. } = self;
        let now = app.clock.now();
        let taken = Taken { holder: self.holder(), until: schedule::later(now, HELD) };
        let versions: Vec<(KleerId, u64)> =
            page.changes.iter().map(|change| (change.kleer_id, change.version)).collect();
        let got = app.store.take_bindings(*portal, page.object, &versions, &taken, now).await?;
        let needs_binding = |(change, got): (&Change, &bool)| (!got || change.version > 0).then_some(change.kleer_id);
        let ids: Vec<KleerId> = page.changes.iter().zip(&got).filter_map(needs_binding).collect();
        let before = app.store.bindings(*portal, page.object, &ids).await?;
        let mut round = Round { counts: Counts::default(), again: 0 };
        let mut mine = Vec::with_capacity(page.changes.len());
        for (change, got) in page.changes.iter().zip(got) {
            if got {
                mine.push(change);
            } else {
                self.passed_over(change, before.get(&change.kleer_id), &mut round);
            }
        }
        Ok((mine, before, round))
    }

    /// A change whose binding could not be taken: done before, overtaken by newer work, or in somebody else's hands.
    fn passed_over(&self, change: &Change, binding: Option<&Binding>, round: &mut Round) {
        match counted_before(change, binding, &self.page.run) {
            Some(counts) => round.counts.add(&counts),
            None => round.again += 1,
        }
    }

    /// Problems first, bindings last: the fingerprint is the commit mark. Counts what was committed.
    async fn commit(&self, settled: Vec<Settled>, before: &HashMap<KleerId, Binding>) -> Result<Counts, Failure> {
        let Self { app, portal, page, .. } = self;
        for problem in settled.iter().filter_map(|one| one.problem.as_ref()) {
            tracing::warn!(kleer_id = problem.kleer_id.map(|id| id.0), code = ?problem.code, "{}", problem.message);
            app.store.set_problem(*portal, problem).await?;
        }
        let failed_before = |id| before.get(&id).is_some_and(|binding: &Binding| binding.failures > 0);
        let mended = |one: &&Settled| one.problem.is_none() && failed_before(one.commit.kleer_id);
        let mended: Vec<KleerId> = settled.iter().filter(mended).map(|one| one.commit.kleer_id).collect();
        let counts: Vec<Counts> = settled.iter().map(|one| one.counts).collect();
        let commits: Vec<store::Commit> = settled.into_iter().map(|one| one.commit).collect();
        let committed = app.store.commit_bindings(*portal, page.object, &commits, &self.holder()).await?;
        // A refused record is tried again when its own pause is over, not at the next regular slot.
        if let Some(retry_at) = commits.iter().filter_map(|commit| commit.binding.retry_at).min() {
            app.store.bring_forward(*portal, page.object, retry_at).await?;
        }
        for id in mended {
            app.store.clear_problem(*portal, page.object, id).await?;
        }
        let mut total = Counts::default();
        // A record that another worker took over meanwhile is counted there.
        counts.iter().zip(committed).filter(|(_, committed)| *committed).for_each(|(counts, _)| total.add(counts));
        Ok(total)
    }

    /// Counts the page and, if it was the last, ends the run.
    async fn count(&self, counts: &Counts) -> Result<(), Failure> {
        let Self { app, portal, page, .. } = self;
        let now = app.clock.now();
        let lease = schedule::later(now, LEASE);
        let report = app.store.page_done(*portal, page.object, &page.run, page.number, counts, lease).await?;
        // A page that was counted before may have lost its last step; ending a run twice is harmless.
        let report = match report {
            Some(report) => report,
            None => app.store.run_report(*portal, page.object).await?,
        };
        let Progress { pages, done } = report.progress;
        if pages.is_some_and(|pages| done >= pages) && report.finished_at.is_none() {
            app.store.finish_run(*portal, page.object, &page.run, now).await?;
            let counts = report.counts;
            tracing::info!(
                created = counts.created,
                updated = counts.updated,
                failed = counts.failed,
                "the run is done"
            );
        }
        Ok(())
    }

    /// A property that is not as we thought: another look at the portal helps, another try does not.
    async fn schema_changed(&self, verdicts: &[Verdict]) -> Result<Option<Failure>, Failure> {
        let Some(unknown) = verdicts.iter().find(|verdict| is_about_the_schema(verdict)) else { return Ok(None) };
        let Verdict::Refused(error) = unknown else { return Ok(None) };
        let schema = self.app.store.schema(self.portal, self.page.object).await?;
        let known = schema.is_some_and(|schema| !provision::may_have_changed(self.app, &schema));
        Ok((!known).then(|| Failure::SchemaChanged(error.to_string())))
    }

    async fn interrupt(&self, failure: &Failure) -> Result<(), store::Error> {
        let Self { app, portal, page, .. } = self;
        tracing::warn!(reason = %failure, "the run was interrupted");
        let settings = app.store.settings(*portal, page.object).await?;
        let spec = objects::spec(page.object);
        let interval = settings.map_or(spec.interval, |settings| settings.value.interval(spec));
        if matches!(failure, Failure::SchemaChanged(_)) {
            app.store.forget_schema(*portal, page.object).await?;
        }
        let due = schedule::later(app.clock.now(), failure.due_in(interval));
        app.store.interrupt_run(*portal, page.object, &page.run, &failure.to_string(), due).await?;
        Ok(())
    }

    async fn release(&self, ids: impl Iterator<Item = KleerId>) -> Result<(), store::Error> {
        let ids: Vec<KleerId> = ids.collect();
        self.app.store.release_bindings(self.portal, self.page.object, &ids, &self.holder()).await
    }

    fn again(&self, delivery: u32, pause: Option<Duration>, reason: String) -> ApplyError {
        let growing = Duration::from_secs(5) * 2_u32.pow(delivery.saturating_sub(1).min(4));
        let pause = pause.unwrap_or(growing).min(Duration::from_secs(60));
        tracing::warn!(reason, pause_s = pause.as_secs(), "the page comes again");
        ApplyError { pause, reason }
    }

    fn holder(&self) -> String {
        format!("{}#{}", self.page.run, self.page.number)
    }

    fn setting(&self) -> Setting<'_> {
        let page = self.page;
        Setting { object: page.object, hubspot_object: &page.hubspot_object, run: &page.run, now: self.app.clock.now() }
    }
}

/// Refused because a property is not there or cannot be written.
fn is_about_the_schema(verdict: &Verdict) -> bool {
    let changed = |code: &str| matches!(code, "PROPERTY_DOESNT_EXIST" | "READ_ONLY_VALUE");
    matches!(verdict, Verdict::Refused(error) if error.properties.iter().any(|error| changed(&error.code)))
}

/// At the last try a record of which nothing is known counts as refused, so that it has a problem and a later retry.
fn given_up(verdict: Verdict) -> Verdict {
    match verdict {
        Verdict::Again => Verdict::Refused(
            hubspot::ApiError::parse(None, r#"{"message":"no answer about this record, several times in a row"}"#)
                .into_input_error(),
        ),
        settled => settled,
    }
}
