//! A page of changes is written to HubSpot: take the bindings, write, commit the bindings, count the page.

mod refusals;

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use app::{App, Connection};
use domain::{Binding, Change, KleerId, Place, PortalId, Progress, RecordState, Stage, Tally, schedule};
use jiff::Timestamp;
use queue::{Envelope, Page};
use store::{Pairing, Taken};
use tracing::Instrument as _;

use refusals::{is_about_the_schema, put_off};

use super::failure::Failure;
use super::outcome::{self, Setting, Settled, counted_before, settle};
use super::poll::LEASE;
use super::write::{Destination, Verdict, Work, Written, is_about_the_key, write};
use super::{capability, links, overwritten, provision, wording};
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

/// Writes a page that belongs to no run: one record that is pushed. How many records must be written again; 0 if all is done.
pub(super) async fn write_alone(
    app: &App,
    connection: &Connection,
    page: &Page,
    delivery: u32,
) -> Result<usize, Failure> {
    let portal = connection.installation.portal;
    let applying = Applying { app, portal, page, last_try: delivery >= TRIES };
    Ok(applying.write(connection, app.clock.now()).await?.again)
}

struct Applying<'a> {
    app: &'a App,
    portal: PortalId,
    page: &'a Page,
    last_try: bool,
}

/// What is left after one round of writing.
struct Round {
    tally: Tally,
    again: usize,
}

impl Applying<'_> {
    async fn run(&self, envelope: &Envelope, delivery: u32) -> Result<Applied, ApplyError> {
        let failure = match self.work(envelope).await {
            Ok(Some(round)) if round.again == 0 => return Ok(Applied::Done),
            Ok(Some(round)) => Failure::Unsettled(round.again),
            Ok(None) => return Ok(Applied::Stale),
            Err(failure) => failure.or_token_refused(self.app, self.portal).await,
        };
        let pause = failure.pause();
        if self.comes_again(&failure) {
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

    /// Whether the page is tried again after a failure; otherwise its run is interrupted.
    fn comes_again(&self, failure: &Failure) -> bool {
        let passes = failure.pause().is_some_and(|pause| pause <= Duration::from_secs(60));
        passes && !matches!(failure, Failure::SchemaChanged(_)) && !self.last_try
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
            self.count(&round.tally).await?;
        }
        Ok(Some(round))
    }

    async fn write(&self, connection: &Connection, started: Timestamp) -> Result<Round, Failure> {
        let (taken, before, mut round) = self.take().await?;
        let destination = Destination { connection, page: self.page, run_started: started };
        let ids: Vec<KleerId> = taken.iter().map(|change| change.kleer_id).collect();
        let work = match self.prepare(destination, taken, before).await {
            Ok(work) => work,
            Err(failure) => {
                // Nothing was written: whoever plans them next must not wait for the lease.
                self.release(ids.into_iter()).await?;
                return Err(failure);
            }
        };
        let Written { verdicts, failure } = write(destination, &work).await;
        self.app.written.extend(work.iter().zip(&verdicts).filter_map(|(work, verdict)| self.noted(work, verdict)));
        let failure = match failure {
            Some(error) if is_about_the_key(&error) => Some(Failure::SchemaChanged(error.to_string())),
            Some(error) => Some(self.about_the_call(error)),
            None => self.refused_alike(&work, &verdicts).await?,
        };
        // What was written is remembered, whatever failed beside it.
        let mut settled = Vec::with_capacity(work.len());
        let mut again = Vec::new();
        let mut unfinished = Vec::new();
        let ends = failure.as_ref().is_some_and(|failure| !self.comes_again(failure));
        for (work, verdict) in work.iter().zip(verdicts) {
            let verdict = match (&failure, verdict) {
                (Some(Failure::SchemaChanged(_)), verdict @ Verdict::Refused(..)) if is_about_the_schema(&verdict) => {
                    put_off(verdict)
                }
                (Some(Failure::Unavailable(_)), verdict) => put_off(verdict),
                (None, verdict) if self.last_try => given_up(verdict),
                (_, verdict) => verdict,
            };
            // A page that comes again begins anew; of one that does not, the next run has to know what was written.
            match verdict {
                Verdict::Again(reached) if ends => match outcome::unfinished(self.setting(), work, reached) {
                    Some(commit) => unfinished.push(commit),
                    None => again.push(work.change.kleer_id),
                },
                verdict => match settle(self.setting(), work, verdict) {
                    Some(one) => settled.push(one),
                    None => again.push(work.change.kleer_id),
                },
            }
        }
        round.again += again.len() + unfinished.len();
        self.release(again.into_iter()).await?;
        self.app.store.commit_bindings(&self.pairing(), &unfinished, &self.holder()).await?;
        if settled.iter().any(|one| one.tally.records.created + one.tally.records.updated > 0) {
            let (page, none) = (self.page, None);
            capability::note(self.app, self.portal, page.object, &page.hubspot_object, none).await?;
        }
        round.tally.add(&self.commit(settled).await?);
        failure.map_or(Ok(round), Err)
    }

    /// Finds what the records refer to: parents' pages stand before their children's, so they are there by now.
    async fn prepare<'a>(
        &self,
        destination: Destination<'_>,
        taken: Vec<&'a Change>,
        mut before: HashMap<KleerId, Binding>,
    ) -> Result<Vec<Work<'a>>, Failure> {
        let page = self.page;
        let targets = links::of_changes(self.app, self.portal, page.object, &taken).await?;
        let place = Place { hubspot_object: &page.hubspot_object, line_object: &page.line_object };
        let work = |change: &'a Change| Work {
            change,
            before: before.remove(&change.kleer_id).unwrap_or_default(),
            linked: change.content.link(place, &targets),
            properties: destination.properties(change),
        };
        let work: Vec<Work<'_>> = taken.into_iter().map(work).collect();
        overwritten::note(self.app, destination, &work).await?;
        Ok(work)
    }

    /// A write for the log of this process.
    fn noted(&self, work: &Work<'_>, verdict: &Verdict) -> Option<app::Written> {
        let Verdict::Done(reached) = verdict else { return None };
        let id = reached.id.clone().filter(|_| reached.touched)?;
        tracing::debug!(kleer_id = work.change.kleer_id.0, hubspot_id = id.as_str(), reached.created, "written");
        let (content, base) = (&work.change.content, &work.before.base);
        let stage = content.stage.as_ref().filter(|stage| !stage.is_known(base)).map(Stage::properties);
        let sent =
            content.properties.filtered(|name, value| !base.matches(name, value)).with(stage.unwrap_or_default());
        Some(app::Written {
            object: self.page.object,
            kleer_id: work.change.kleer_id,
            hubspot_id: id,
            created: reached.created,
            properties: sent.into_map().into_iter().collect(),
        })
    }

    /// Takes what can be taken; counts what an earlier delivery of this page already did.
    async fn take(&self) -> Result<(Vec<&Change>, HashMap<KleerId, Binding>, Round), Failure> {
        let Self { app, page, .. } = self;
        let now = app.clock.now();
        let taken = Taken { holder: self.holder(), until: schedule::later(now, HELD) };
        let versions: Vec<(KleerId, u64)> =
            page.changes.iter().map(|change| (change.kleer_id, change.version)).collect();
        let got = app.store.take_bindings(&self.pairing(), &versions, &taken, now).await?;
        let needs_binding = |(change, got): (&Change, &bool)| (!got || change.version > 0).then_some(change.kleer_id);
        let ids: Vec<KleerId> = page.changes.iter().zip(&got).filter_map(needs_binding).collect();
        let before = app.store.bindings(&self.pairing(), &ids).await?;
        let mut round = Round { tally: Tally::default(), again: 0 };
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
            Some(tally) => round.tally.add(&tally),
            None => round.again += 1,
        }
    }

    /// Problems first, bindings last: the fingerprint is the commit mark. Counts what was committed.
    async fn commit(&self, settled: Vec<Settled>) -> Result<Tally, Failure> {
        let Self { app, portal, page, .. } = self;
        for mut problem in settled.iter().filter_map(|one| one.problem.clone()) {
            problem.link = wording::link(*portal, &page.hubspot_object, problem.hubspot_id.as_ref());
            tracing::warn!(kleer_id = problem.kleer_id.map(|id| id.0), code = ?problem.code, "{}", problem.message);
            app.store.set_problem(*portal, &problem).await?;
        }
        let is_well = |one: &&Settled| one.problem.is_none() && one.commit.binding.state != RecordState::Failing;
        let well: HashSet<KleerId> = settled.iter().filter(is_well).map(|one| one.commit.kleer_id).collect();
        let tallies: Vec<Tally> = settled.iter().map(|one| one.tally).collect();
        let commits: Vec<store::Commit> = settled.into_iter().map(|one| one.commit).collect();
        let committed = app.store.commit_bindings(&self.pairing(), &commits, &self.holder()).await?;
        // A refused record is tried again when its own pause is over, not at the next regular slot.
        if let Some(retry_at) = commits.iter().filter_map(|commit| commit.binding.retry_at).min() {
            app.store.bring_forward(*portal, page.object, retry_at).await?;
        }
        self.clear_problems(&well).await?;
        let mut total = Tally::default();
        // A record that another worker took over meanwhile is counted there.
        tallies.iter().zip(committed).filter(|(_, committed)| *committed).for_each(|(tally, _)| total.add(tally));
        Ok(total)
    }

    /// Forgets the problems of records that are well.
    async fn clear_problems(&self, well: &HashSet<KleerId>) -> Result<(), Failure> {
        let (app, portal, object) = (self.app, self.portal, self.page.object);
        let mut known = app.store.problems(portal, object).await?;
        // What Kleer did not take of a person's change is told until the next import.
        known.retain(|problem| !problem.code.is_inbound());
        for id in known.iter().filter_map(|problem| problem.kleer_id).filter(|id| well.contains(id)) {
            app.store.clear_problem(portal, object, id).await?;
        }
        Ok(())
    }

    /// Counts the page and, if it was the last, ends the run.
    async fn count(&self, tally: &Tally) -> Result<(), Failure> {
        let Self { app, portal, page, .. } = self;
        let now = app.clock.now();
        let lease = schedule::later(now, LEASE);
        let report = app.store.page_done(*portal, page.object, &page.run, page.number, tally, lease).await?;
        // A page that was counted before may have lost its last step; ending a run twice is harmless.
        let report = match report {
            Some(report) => {
                self.count_day(tally).await?;
                report
            }
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

    /// For the chart of the settings page.
    async fn count_day(&self, tally: &Tally) -> Result<(), store::Error> {
        let records = tally.records.created + tally.records.updated;
        if records == 0 {
            return Ok(());
        }
        let now = self.app.clock.now();
        let written = store::Written { day: domain::computed::stockholm_date(now), object: self.page.object, records };
        self.app.store.count_written(self.portal, written, now).await
    }

    async fn interrupt(&self, failure: &Failure) -> Result<(), store::Error> {
        let Self { app, portal, page, .. } = self;
        tracing::warn!(reason = %failure, "the run was interrupted");
        let settings = app.store.settings(*portal, page.object).await?;
        let spec = objects::spec(page.object);
        let interval = settings.map_or(spec.interval, |settings| settings.value.interval(spec));
        match failure {
            Failure::SchemaChanged(_) => provision::expire(app, *portal, page.object).await?,
            Failure::Unavailable(why) => {
                capability::note(app, *portal, page.object, &page.hubspot_object, Some(why)).await?;
            }
            _ => {}
        }
        let due = schedule::later(app.clock.now(), failure.due_in(interval));
        app.store.interrupt_run(*portal, page.object, &page.run, &failure.to_string(), due).await?;
        Ok(())
    }

    async fn release(&self, ids: impl Iterator<Item = KleerId>) -> Result<(), store::Error> {
        let ids: Vec<KleerId> = ids.collect();
        self.app.store.release_bindings(&self.pairing(), &ids, &self.holder()).await
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

    fn pairing(&self) -> Pairing {
        Pairing::new(self.portal, self.page.object, &self.page.hubspot_object)
    }

    fn setting(&self) -> Setting<'_> {
        Setting { object: self.page.object, run: &self.page.run, now: self.app.clock.now() }
    }
}

/// At the last try a record of which nothing is known counts as refused, so that it has a problem and a later retry.
fn given_up(verdict: Verdict) -> Verdict {
    match verdict {
        Verdict::Again(reached) => Verdict::Refused(
            hubspot::ApiError::parse(None, r#"{"message":"no answer about this record, several times in a row"}"#)
                .into_input_error(),
            reached,
        ),
        settled => settled,
    }
}
