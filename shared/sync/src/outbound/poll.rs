//! One object type of one portal has its turn: gather, plan, hand the pages out.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::time::Duration;

use app::{App, Connection};
use domain::{
    BindingIndex, BindingSummary, Installation, KleerId, ObjectSettings, ObjectType, PortalId, Problem, ProblemCode,
    RecordState, RunId, SourceRecord, SyncPlan, Tally, schedule,
};
use jiff::Timestamp;
use queue::{Envelope, Job, Outgoing, Page, QueueName};
use store::{Pairing, Versioned};
use tracing::Instrument as _;

use super::failure::Failure;
use super::first_contact::Contact;
use super::gather::{Gathered, Ours, Projection, gather};
use super::known::Known;
use super::outcome::{planned, say_planned};
use super::pages::{Cut, Pages};
use super::rules::{Rules, Schemas};
use super::{capability, links, provision, wording};
use crate::objects::Source;

/// A run that shows no sign of life for this long may be replaced.
pub(super) const LEASE: Duration = Duration::from_secs(15 * 60);

/// A turn that met a running run comes again after this long.
const AFTER_A_RUN: Duration = Duration::from_secs(60);

/// Polls Kleer for one object type and queues what has to be written. Ends quietly if the type is switched off, the portal
/// is gone or a run is still going on; an interrupted run says why on its report and is due again.
///
/// `slot` is the moment it was due and names the message that asked for it: delivered twice, the second run replaces the first.
/// `known` is what earlier polls of the same message found out.
///
/// # Errors
/// Only if the store fails; then the message should come again.
pub async fn poll(
    app: &App,
    envelope: &Envelope,
    object: ObjectType,
    slot: Timestamp,
    known: &Known,
) -> Result<(), store::Error> {
    let portal = envelope.portal;
    let Some(installation) = app.store.installation(portal).await? else { return Ok(()) };
    if installation.value.kleer_company != envelope.kleer_company {
        return Ok(());
    }
    let Some(settings) = app.store.settings(portal, object).await?.filter(|settings| settings.value.enabled) else {
        return Ok(());
    };
    let now = app.clock.now();
    let job = &slot.as_millisecond().to_string();
    let lease = schedule::later(now, LEASE);
    let Some(run) = app.store.start_run(portal, object, job, slot, now, lease).await? else {
        return passed_over(app, portal, object, slot).await;
    };
    let span = tracing::info_span!("poll", %portal, %object, %run);
    let poll = Poll {
        app,
        found: &installation,
        installation: &installation.value,
        settings: &settings.value,
        run: &run,
        known,
    };
    poll.run().instrument(span).await
}

/// A turn that begins no run: a run that began after the slot was due covers it; one that began before does not, so the
/// type is due again as soon as that may be over.
async fn passed_over(app: &App, portal: PortalId, object: ObjectType, slot: Timestamp) -> Result<(), store::Error> {
    let report = app.store.run_report(portal, object).await?;
    if report.started_at.is_some_and(|started| started > slot) {
        tracing::info!(%portal, %object, "a later run covers this turn");
        return Ok(());
    }
    tracing::info!(%portal, %object, "a run is going on; this turn comes again");
    app.store.bring_forward(portal, object, schedule::later(app.clock.now(), AFTER_A_RUN)).await
}

/// One run of one type.
struct Poll<'a> {
    app: &'a App,
    /// The installation as it was found a moment ago.
    found: &'a Versioned<Installation>,
    installation: &'a Installation,
    settings: &'a ObjectSettings,
    run: &'a RunId,
    known: &'a Known,
}

impl Poll<'_> {
    async fn run(&self) -> Result<(), store::Error> {
        match self.work().await {
            Ok(()) => Ok(()),
            Err(failure) => {
                let failure = failure.or_token_refused(self.app, self.installation.portal).await;
                let due = self.next_try(&failure).await?;
                tracing::warn!(reason = %failure, "the run was interrupted");
                let portal = self.installation.portal;
                self.app.store.interrupt_run(portal, self.settings.object, self.run, &failure.to_string(), due).await?;
                Ok(())
            }
        }
    }

    async fn work(&self) -> Result<(), Failure> {
        let Self { app, settings, run, .. } = self;
        let connection = app.connect_installed(self.found.clone()).await?;
        let rules = Rules::load(app, self.installation.portal, (*settings).clone()).await?;
        rules.check()?;
        let gathering = gather(app, &connection, &rules, self.known);
        let (schemas, mut gathered) = futures::future::try_join(rules.provision(app, &connection), gathering).await?;
        Contact { app, connection: &connection, rules: &rules, schemas: &schemas, run }.make(&mut gathered).await?;
        let cut = Cut {
            run,
            object: settings.object,
            hubspot_object: &settings.hubspot_object,
            line_object: rules.line_object(),
            key: &schemas.own.key,
            line_key: schemas.rows.as_ref().map_or(&schemas.own.key, |rows| &rows.key),
        };
        let mut pages = Pages::new(cut);
        // Looked at before the first page goes out: what pages tell meanwhile is news.
        let portal = self.installation.portal;
        let known = app.store.problems(portal, settings.object).await?;
        let (plan, bindings) = self.plan(&connection, &rules, &schemas, gathered, &mut pages).await?;
        if pages.is_empty() {
            // Nothing is refused when there is nothing to write; else the pages say it.
            capability::note(app, portal, settings.object, &settings.hubspot_object, None).await?;
        }
        self.keep_problems(&plan, &bindings, known).await?;
        links::wake(app, portal, &plan.awaited).await?;
        self.send(pages.finish()).await?;
        self.note_planned(pages.count(), &planned(&plan)).await?;
        if pages.count() == 0 {
            self.known.keep(Pairing::new(portal, settings.object, &settings.hubspot_object), bindings);
        }
        self.wake_for(plan.next_retry).await
    }

    /// Plans Kleer's records as they are read, and queues what is to be written as soon as it fills a page.
    async fn plan(
        &self,
        connection: &Connection,
        rules: &Rules,
        schemas: &Schemas,
        gathered: Gathered,
        pages: &mut Pages<'_>,
    ) -> Result<(SyncPlan, BindingIndex), Failure> {
        let Gathered { mut source, ours } = gathered;
        let now = self.app.clock.now();
        let projection = Projection::new(rules, schemas);
        let reader = projection.reader(&ours);
        let mut planner = projection.planner(&ours, rules, schemas, now);
        let mut planned = 0;
        loop {
            planner.add(source.records(&reader, planned));
            // Only those that may be planned again are kept: a company may have more invoices than fit into memory.
            let unfit: BTreeSet<KleerId> = planner.unfit().collect();
            source.keep(planned, &unfit);
            planned = source.chunks();
            self.send(pages.add(planner.take_changes())).await?;
            if !source.read_on(&connection.kleer).await.map_err(Failure::Kleer)? {
                break;
            }
        }
        let mut plan = planner.finish(source.is_complete(), &source.gone());
        if self.look_again(connection, rules, schemas, &plan).await? {
            self.plan_again(connection, rules, &source, &ours, &mut plan).await?;
        }
        for problem in &mut plan.problems {
            // It was tried above; kept problems do not know it.
            problem.missing_option = None;
            let binding = problem.kleer_id.and_then(|id| ours.bindings.get(&id));
            problem.hubspot_id = binding.and_then(|binding| binding.hubspot_id.clone());
            let object = &self.settings.hubspot_object;
            problem.link = wording::link(self.installation.portal, object, problem.hubspot_id.as_ref());
        }
        let unfit = plan.unfit_changes(&ours.bindings);
        self.send(pages.add(std::mem::take(&mut plan.changes))).await?;
        self.send(pages.add(unfit)).await?;
        Ok((plan, ours.bindings))
    }

    /// Plans the records with values that did not fit once more, with another look at the portal's properties.
    async fn plan_again(
        &self,
        connection: &Connection,
        rules: &Rules,
        source: &Source,
        ours: &Ours,
        plan: &mut SyncPlan,
    ) -> Result<(), Failure> {
        let unfit = plan.problems.iter().filter(|problem| problem.code == ProblemCode::ValueNotAllowed);
        let unfit: BTreeSet<KleerId> = unfit.filter_map(|problem| problem.kleer_id).collect();
        provision::expire(self.app, self.installation.portal, self.settings.object).await?;
        let schemas = rules.provision(self.app, connection).await?;
        let projection = Projection::new(rules, &schemas);
        let mut planner = projection.planner(ours, rules, &schemas, self.app.clock.now());
        let reader = projection.reader(ours);
        let is_unfit = |record: &Result<_, _>| record.as_ref().is_ok_and(|one: &SourceRecord| unfit.contains(&one.id));
        planner.add(source.records(&reader, 0).filter(is_unfit));
        // What is gone was planned before.
        plan.amend(&unfit, planner.finish(false, &HashSet::new()));
        Ok(())
    }

    /// Whether values that do not fit may fit at another look: options of ours were added, or somebody may have mended the
    /// property in HubSpot since we looked.
    async fn look_again(
        &self,
        connection: &Connection,
        rules: &Rules,
        schemas: &Schemas,
        plan: &SyncPlan,
    ) -> Result<bool, Failure> {
        if rules.add_options(connection, &plan.problems).await? {
            return Ok(true);
        }
        let refused = plan.problems.iter().any(|problem| problem.code == ProblemCode::ValueNotAllowed);
        Ok(refused && provision::may_have_changed(self.app, &schemas.own))
    }

    /// Queues pages. They may be applied while others are still being planned; the run cannot end before their number is noted.
    async fn send(&self, pages: Vec<Page>) -> Result<(), Failure> {
        let Self { app, installation, settings, run, .. } = self;
        let (portal, object) = (installation.portal, settings.object);
        let message = |page: Page| Outgoing {
            deduplication_id: format!("page#{portal}#{object}#{run}#{}", page.number),
            envelope: Envelope::new(portal, installation.kleer_company, Job::Page(page)),
        };
        if !pages.is_empty() {
            app.queue.send(QueueName::Sync, pages.into_iter().map(message).collect(), app.clock.now()).await?;
        }
        Ok(())
    }

    /// Notes how many pages there are, now that all of them are queued, and ends the run if none is left to be applied.
    async fn note_planned(&self, pages: u64, tally: &Tally) -> Result<(), Failure> {
        let Self { app, installation, settings, run, .. } = self;
        let (portal, object, now) = (installation.portal, settings.object, app.clock.now());
        say_planned(tally, pages);
        let noted = if pages == 0 {
            app.store.finish_run_without_pages(portal, object, run, tally, now).await?
        } else {
            let lease = schedule::later(now, LEASE);
            app.store.plan_run(portal, object, run, pages, tally, lease).await?
        };
        // An answer that was lost leaves it to this look.
        let report = match noted {
            Some(report) => report,
            None => app.store.run_report(portal, object).await?,
        };
        let ours = report.run.as_ref() == Some(*run);
        if !ours {
            tracing::info!("a newer run has taken over; the pages are dropped");
        } else if report.finished_at.is_none()
            && report.progress.pages.is_some_and(|pages| report.progress.done >= pages)
        {
            app.store.finish_run(portal, object, run, now).await?;
        }
        Ok(())
    }

    /// Keeps the plan's problems and forgets those of records that are well again.
    async fn keep_problems(
        &self,
        plan: &SyncPlan,
        bindings: &BindingIndex,
        known: Vec<Problem>,
    ) -> Result<(), Failure> {
        let Self { app, installation, settings, .. } = self;
        let (portal, object) = (installation.portal, settings.object);
        self.keep_new(plan, &known).await?;
        // Problems of refused writes are cleared by the write that succeeds; those that planning found, by planning; those
        // whose record is well although nobody cleared them (a process was killed in between), here.
        let found_by_planning = |problem: &&Problem| {
            use ProblemCode::{MissingValue, UnreadableRecord, ValueNotAllowed};
            matches!(problem.code, MissingValue | UnreadableRecord | ValueNotAllowed)
        };
        let planned: HashSet<_> = plan.problems.iter().map(|problem| problem.kleer_id).collect();
        let over = |problem: &&Problem| !planned.contains(&problem.kleer_id);
        let gone_from_kleer: HashSet<KleerId> = plan.vanished.iter().copied().collect();
        let vanished = |id, index: &BindingIndex| {
            let recordless =
                |one: &BindingSummary| one.hubspot_id.is_none() || one.state == RecordState::DeletedInHubspot;
            gone_from_kleer.contains(&id) && index.get(&id).is_none_or(recordless)
        };
        let is_well = |id, index: &BindingIndex| {
            let well = [RecordState::InSync, RecordState::DeletedInKleer, RecordState::Waiting];
            index.get(&id).is_some_and(|binding| well.contains(&binding.state))
        };
        // A row that was left out is told for as long as the record is as it is, what Kleer did not take until the next import.
        let lasts = |problem: &&Problem| {
            found_by_planning(problem) || problem.code == ProblemCode::RowLeftOut || problem.code.is_inbound()
        };
        let gone = |problem: &&Problem, index: &BindingIndex| {
            let by_state = |id| vanished(id, index) || (!lasts(problem) && is_well(id, index));
            problem.kleer_id.is_some_and(by_state) || (found_by_planning(problem) && over(problem))
        };
        let suspects: Vec<&Problem> = known.iter().filter(|problem| gone(problem, bindings)).collect();
        if suspects.is_empty() {
            return Ok(());
        }
        // The plan's bindings may have been a moment old, so nothing is cleared before another look.
        let ids: Vec<KleerId> = suspects.iter().filter_map(|problem| problem.kleer_id).collect();
        let bindings =
            app.store.binding_summaries(&Pairing::new(portal, object, &settings.hubspot_object), &ids).await?;
        let still = app.store.problems(portal, object).await?;
        let still: HashMap<_, &Problem> = still.iter().map(|problem| (problem.kleer_id, problem)).collect();
        let is_still = |problem: &&Problem| still.get(&problem.kleer_id) == Some(problem);
        for problem in suspects.into_iter().filter(|problem| gone(problem, &bindings) && is_still(problem)) {
            app.store.clear_problem(portal, object, problem.kleer_id.unwrap_or(domain::KleerId(0))).await?;
        }
        Ok(())
    }

    /// Keeps those of the plan's problems that are not kept yet. By record: there may be ten thousand on either side.
    async fn keep_new(&self, plan: &SyncPlan, known: &[Problem]) -> Result<(), Failure> {
        let before: HashMap<_, &Problem> = known.iter().map(|problem| (problem.kleer_id, problem)).collect();
        for problem in plan.problems.iter().filter(|problem| before.get(&problem.kleer_id) != Some(problem)) {
            tracing::warn!(kleer_id = problem.kleer_id.map(|id| id.0), code = ?problem.code, "{} {}", problem.message, problem.remedy);
            self.app.store.set_problem(self.installation.portal, problem).await?;
        }
        Ok(())
    }

    /// A refused write that is due before the next regular slot brings that forward.
    async fn wake_for(&self, next_retry: Option<Timestamp>) -> Result<(), Failure> {
        if let Some(at) = next_retry {
            self.app.store.bring_forward(self.installation.portal, self.settings.object, at).await?;
        }
        Ok(())
    }

    async fn next_try(&self, failure: &Failure) -> Result<Timestamp, store::Error> {
        let now = self.app.clock.now();
        let interval = self.settings.interval(crate::objects::spec(self.settings.object));
        let (portal, object) = (self.installation.portal, self.settings.object);
        match failure {
            Failure::SchemaChanged(_) => provision::expire(self.app, portal, object).await?,
            Failure::Unavailable(why) => {
                capability::note(self.app, portal, object, &self.settings.hubspot_object, Some(why)).await?;
            }
            _ => {}
        }
        Ok(schedule::later(now, failure.due_in(interval)))
    }
}
