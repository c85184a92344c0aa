//! One object type of one portal has its turn: gather, plan, hand the pages out.

use std::time::Duration;

use app::{App, Connection};
use domain::{
    BindingIndex, Counts, Installation, ObjectSettings, ObjectType, PortalId, Problem, ProblemCode, RecordState, RunId,
    SyncPlan, check_mappings, schedule,
};
use jiff::Timestamp;
use queue::{Envelope, Job, Outgoing, Page, QueueName};
use tracing::Instrument as _;

use super::failure::Failure;
use super::{gather, pages, provision};
use crate::objects;

/// A run that shows no sign of life for this long may be replaced.
pub(super) const LEASE: Duration = Duration::from_secs(15 * 60);

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
        usable_mappings(&settings.value)?;
        let schema = provision::foresee(app, &connection, objects::spec(object), &settings.value).await?;
        let gathered = gather::gather(app, &connection, object).await?;
        Ok(gathered.plan(app, &settings.value, &schema))
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
        let Self { app, settings, .. } = self;
        let connection = app.connect(self.installation.portal).await?;
        let (plan, bindings) = self.plan(&connection).await?;
        let counts = planned_counts(&plan);
        self.keep_problems(&plan, &bindings).await?;
        let next_retry = plan.next_retry;
        let pages = pages::cut(self.run, &settings.hubspot_object, settings.object, plan.changes);
        tracing::info!(
            source = counts.source,
            unchanged = counts.unchanged,
            failed = counts.failed,
            pages = pages.len(),
            "planned"
        );
        self.hand_out(pages, &counts).await?;
        self.wake_for(next_retry).await
    }

    async fn plan(&self, connection: &Connection) -> Result<(SyncPlan, BindingIndex), Failure> {
        let Self { app, settings, .. } = self;
        let spec = objects::spec(settings.object);
        usable_mappings(settings)?;
        let schema = provision::ensure(app, connection, spec, settings);
        let gathered = gather::gather(app, connection, settings.object);
        let (schema, gathered) = futures::future::try_join(schema, gathered).await?;
        let plan = gathered.plan(app, settings, &schema);
        let refused = plan.problems.iter().any(|problem| problem.code == ProblemCode::ValueNotAllowed);
        if !refused || !provision::may_have_changed(app, &schema) {
            return Ok((plan, gathered.bindings));
        }
        // Somebody may have mended the property in HubSpot since we looked.
        app.store.forget_schema(self.installation.portal, settings.object).await?;
        let schema = provision::ensure(app, connection, spec, settings).await?;
        Ok((gathered.plan(app, settings, &schema), gathered.bindings))
    }

    /// Notes the number of pages, then queues them: a page that is applied before all are queued must not end the run.
    async fn hand_out(&self, pages: Vec<Page>, counts: &Counts) -> Result<(), Failure> {
        let Self { app, installation, settings, run } = self;
        let (portal, object, now) = (installation.portal, settings.object, app.clock.now());
        let lease = schedule::later(now, LEASE);
        if !app.store.plan_run(portal, object, run, pages.len() as u64, counts, lease).await? {
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
            bindings.get(&id).is_some_and(|b| matches!(b.state, RecordState::InSync | RecordState::DeletedInKleer))
        };
        let well = |problem: &&Problem| !found_by_planning(problem) && problem.kleer_id.is_some_and(is_well);
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
        let interval = self.settings.interval(objects::spec(self.settings.object));
        if matches!(failure, Failure::SchemaChanged(_)) {
            self.app.store.forget_schema(self.installation.portal, self.settings.object).await?;
        }
        Ok(schedule::later(now, failure.due_in(interval)))
    }
}

fn usable_mappings(settings: &ObjectSettings) -> Result<(), Failure> {
    match check_mappings(objects::spec(settings.object), &settings.mappings).first() {
        Some(fault) => Err(Failure::Portal(format!("The mappings cannot be used: {fault}."))),
        None => Ok(()),
    }
}

/// What planning alone decided; pages add the rest as they are applied.
fn planned_counts(plan: &SyncPlan) -> Counts {
    Counts {
        source: plan.source,
        unchanged: plan.unchanged + plan.deleted_in_hubspot,
        failed: plan.refused() + plan.pausing,
        ..Counts::default()
    }
}
