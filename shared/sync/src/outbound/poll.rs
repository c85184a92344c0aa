//! One object type of one portal has its turn: gather, plan, hand the pages out.

use std::time::Duration;

use app::{App, Connection};
use domain::{
    BindingIndex, Counts, Installation, ObjectSettings, ObjectType, PortalId, Problem, ProblemCode, RecordState, RunId,
    SyncPlan, Tally, schedule,
};
use jiff::Timestamp;
use queue::{Envelope, Job, Outgoing, Page, QueueName};
use tracing::Instrument as _;

use super::failure::Failure;
use super::first_contact::Contact;
use super::gather::{Gathered, gather};
use super::pages::{self, Cut};
use super::rules::{Rules, Schemas};
use super::{capability, provision};

/// A run that shows no sign of life for this long may be replaced.
pub(super) const LEASE: Duration = Duration::from_secs(15 * 60);

/// A type that others wait for is polled again if it was not within this time.
const WAITED_FOR: Duration = Duration::from_secs(15 * 60);

/// A turn that met a running run comes again after this long.
const AFTER_A_RUN: Duration = Duration::from_secs(60);

/// Polls Kleer for one object type and queues what has to be written. Ends quietly if the type is switched off, the portal
/// is gone or a run is still going on; an interrupted run says why on its report and is due again.
///
/// `slot` is the moment it was due and names the message that asked for it: delivered twice, the second run replaces the first.
///
/// # Errors
/// Only if the store fails; then the message should come again.
pub async fn poll(app: &App, envelope: &Envelope, object: ObjectType, slot: Timestamp) -> Result<(), store::Error> {
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
    let poll = Poll { app, installation: &installation.value, settings: &settings.value, run: &run };
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

/// What a run would do. Nothing is written anywhere.
///
/// # Errors
/// A sentence that says what is wrong and what to do.
pub async fn preview(app: &App, portal: PortalId, object: ObjectType) -> Result<SyncPlan, String> {
    let plan = async {
        let connection = app.connect(portal).await?;
        let settings = app.store.settings(portal, object).await?;
        let Some(settings) = settings else {
            return Err(Failure::Portal(format!("{object} is not set up in portal {portal}")));
        };
        let rules = Rules::load(app, portal, settings.value).await?;
        rules.check()?;
        let schemas = rules.foresee(app, &connection).await?;
        let mut gathered = gather(app, &connection, &rules).await?;
        let run = &RunId("preview".to_owned());
        Contact { app, connection: &connection, rules: &rules, schemas: &schemas, run }.foresee(&mut gathered).await?;
        Ok(gathered.plan(app, &rules, &schemas))
    };
    plan.await.map_err(|failure: Failure| failure.to_string())
}

/// One run of one type.
struct Poll<'a> {
    app: &'a App,
    installation: &'a Installation,
    settings: &'a ObjectSettings,
    run: &'a RunId,
}

impl Poll<'_> {
    async fn run(&self) -> Result<(), store::Error> {
        match self.work().await {
            Ok(()) => Ok(()),
            Err(failure) => {
                let due = self.next_try(&failure).await?;
                tracing::warn!(reason = %failure, "the run was interrupted");
                let portal = self.installation.portal;
                self.app.store.interrupt_run(portal, self.settings.object, self.run, &failure.to_string(), due).await?;
                Ok(())
            }
        }
    }

    async fn work(&self) -> Result<(), Failure> {
        let connection = self.app.connect(self.installation.portal).await?;
        let rules = Rules::load(self.app, self.installation.portal, self.settings.clone()).await?;
        rules.check()?;
        let (plan, schemas, bindings) = self.plan(&connection, &rules).await?;
        let portal = self.installation.portal;
        capability::note(self.app, portal, self.settings.object, &self.settings.hubspot_object, None).await?;
        let tally = planned(&plan);
        self.keep_problems(&plan, &bindings).await?;
        self.wake_awaited(&plan).await?;
        let next_retry = plan.next_retry;
        let cut = Cut {
            run: self.run,
            object: self.settings.object,
            hubspot_object: &self.settings.hubspot_object,
            line_object: rules.line_object(),
            key: &schemas.own.key,
            line_key: schemas.rows.as_ref().map_or(&schemas.own.key, |rows| &rows.key),
        };
        let pages = pages::cut(&cut, plan.changes);
        let counts = tally.records;
        tracing::info!(
            source = counts.source,
            unchanged = counts.unchanged,
            waiting = counts.waiting,
            excluded = counts.excluded,
            failed = counts.failed,
            pages = pages.len(),
            "planned"
        );
        self.hand_out(pages, &tally).await?;
        self.wake_for(next_retry).await
    }

    async fn plan(&self, connection: &Connection, rules: &Rules) -> Result<(SyncPlan, Schemas, BindingIndex), Failure> {
        let Self { app, settings, run, .. } = self;
        let gathering = gather(app, connection, rules);
        let (mut schemas, mut gathered) =
            futures::future::try_join(rules.provision(app, connection), gathering).await?;
        Contact { app, connection, rules, schemas: &schemas, run }.make(&mut gathered).await?;
        let mut plan = gathered.plan(app, rules, &schemas);
        if self.look_again(connection, rules, &schemas, &plan).await? {
            provision::expire(app, self.installation.portal, settings.object).await?;
            schemas = rules.provision(app, connection).await?;
            plan = gathered.plan(app, rules, &schemas);
        }
        // It was tried above; kept problems do not know it.
        plan.problems.iter_mut().for_each(|problem| problem.missing_option = None);
        let Gathered { bindings, .. } = gathered;
        Ok((plan, schemas, bindings))
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

    /// Lets the types be polled that records wait for, unless that was lately: products come daily, and an invoice with a new
    /// one should not wait that long.
    async fn wake_awaited(&self, plan: &SyncPlan) -> Result<(), Failure> {
        let (app, portal, now) = (self.app, self.installation.portal, self.app.clock.now());
        let mut awaited: Vec<ObjectType> = plan.awaited.iter().map(|target| target.object).collect();
        awaited.dedup();
        for object in awaited {
            let started = app.store.run_report(portal, object).await?.started_at;
            if started.is_none_or(|started| schedule::later(started, WAITED_FOR) <= now) {
                app.store.bring_forward(portal, object, now).await?;
            }
        }
        Ok(())
    }

    /// Notes the number of pages, then queues them: a page that is applied before all are queued must not end the run.
    async fn hand_out(&self, pages: Vec<Page>, tally: &Tally) -> Result<(), Failure> {
        let Self { app, installation, settings, run } = self;
        let (portal, object, now) = (installation.portal, settings.object, app.clock.now());
        let lease = schedule::later(now, LEASE);
        if !app.store.plan_run(portal, object, run, pages.len() as u64, tally, lease).await? {
            tracing::info!("a newer run has taken over; the plan is dropped");
            return Ok(());
        }
        if pages.is_empty() {
            app.store.finish_run(portal, object, run, now).await?;
            return Ok(());
        }
        let message = |page: Page| Outgoing {
            deduplication_id: format!("page#{portal}#{object}#{run}#{}", page.number),
            envelope: Envelope::new(portal, installation.kleer_company, Job::Page(page)),
        };
        app.queue.send(QueueName::Sync, pages.into_iter().map(message).collect(), now).await?;
        Ok(())
    }

    /// Keeps the plan's problems and forgets those of records that are well again.
    async fn keep_problems(&self, plan: &SyncPlan, bindings: &BindingIndex) -> Result<(), Failure> {
        let Self { app, installation, settings, .. } = self;
        let (portal, object) = (installation.portal, settings.object);
        let known = app.store.problems(portal, object).await?;
        for problem in plan.problems.iter().filter(|problem| !known.contains(problem)) {
            tracing::warn!(kleer_id = problem.kleer_id.map(|id| id.0), code = ?problem.code, "{} {}", problem.message, problem.remedy);
            app.store.set_problem(portal, problem).await?;
        }
        // Problems of refused writes are cleared by the write that succeeds; those that planning found, by planning; those
        // whose record is well although nobody cleared them (a process was killed in between), here.
        let found_by_planning = |problem: &&Problem| {
            use ProblemCode::{MissingValue, UnreadableRecord, ValueNotAllowed};
            matches!(problem.code, MissingValue | UnreadableRecord | ValueNotAllowed)
        };
        let over = |problem: &&Problem| !plan.problems.iter().any(|new| new.kleer_id == problem.kleer_id);
        let vanished = |problem: &&Problem| problem.kleer_id.is_some_and(|id| plan.vanished.contains(&id));
        let is_well = |id| {
            let well = [RecordState::InSync, RecordState::DeletedInKleer, RecordState::Waiting];
            bindings.get(&id).is_some_and(|binding| well.contains(&binding.state))
        };
        // A row that was left out is told for as long as the record is as it is.
        let lasts = |problem: &&Problem| found_by_planning(problem) || problem.code == ProblemCode::RowLeftOut;
        let well = |problem: &&Problem| !lasts(problem) && problem.kleer_id.is_some_and(is_well);
        let gone =
            |problem: &&Problem| vanished(problem) || well(problem) || (found_by_planning(problem) && over(problem));
        for problem in known.iter().filter(gone) {
            app.store.clear_problem(portal, object, problem.kleer_id.unwrap_or(domain::KleerId(0))).await?;
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

/// What planning alone decided; pages add the rest as they are applied.
fn planned(plan: &SyncPlan) -> Tally {
    let records = Counts {
        source: plan.source,
        unchanged: plan.unchanged + plan.deleted_in_hubspot,
        waiting: plan.waiting,
        excluded: plan.excluded,
        failed: plan.refused() + plan.pausing + plan.doubtful,
        ..Counts::default()
    };
    Tally { records, line_items: plan.line_items }
}
