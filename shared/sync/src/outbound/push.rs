//! One record is pushed: read from Kleer, planned and written as in a run, but by itself and whatever the schedule says. It is
//! what a workflow action just made or changed, so it goes out although its type is switched off, and although it is a draft.

use std::time::Duration;

use app::{App, Connection};
use domain::computed::stockholm_date;
use domain::{
    Binding, BindingIndex, Change, Exclusion, HubspotId, KleerId, ObjectSettings, ObjectType, PortalId, Problem,
    ProblemCode, RecordState, RunId, SyncPlan, Targets, schedule,
};
use hubspot::{Pair, PairOutcome};
use kleer::Document;
use queue::{Envelope, Page};
use store::{Commit, Pairing, Taken};
use tracing::Instrument as _;

use super::failure::Failure;
use super::gather::{Ours, Projection};
use super::rules::{Rules, Schemas};
use super::{apply, capability, links, provision, wording};
use crate::objects::{self, Source};

/// How often a message is tried before its record is left to the polls: for two minutes, in which it holds up those behind it.
const TRIES: u32 = 6;
/// How often a record is planned again because somebody else wrote it meanwhile.
const ROUNDS: u32 = 3;
/// The longest that a message waits in the queue.
const LONGEST: Duration = Duration::from_secs(60);
/// A taken binding is free again after this long, if its worker never came back.
const HELD: Duration = Duration::from_secs(60);

/// What became of a push.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pushed {
    /// The record is in HubSpot as it should be, or a problem says why not and when it is tried again.
    Done,
    /// It is not in Kleer.
    Gone,
    /// The portal is disconnected, or connected to another company by now.
    Stale,
    /// A person has to act first; a problem says so.
    Impossible,
}

/// A push that has to come again.
#[derive(Debug, thiserror::Error)]
#[error("{reason}")]
pub struct PushError {
    /// After this long; at most a minute.
    pub pause: Duration,
    reason: String,
}

/// Pushes a record. Pushed twice, the second time finds its work done. `delivery` is how often the message was delivered. Two
/// pushes of one record at once are kept apart by the queue.
///
/// # Errors
/// If the message has to come again; everything that was written is remembered.
pub async fn push(app: &App, envelope: &Envelope, push: &queue::Push, delivery: u32) -> Result<Pushed, PushError> {
    let (portal, object, kleer_id) = (envelope.portal, push.object, push.kleer_id);
    let span = tracing::info_span!("push", %portal, %object, kleer_id = kleer_id.0);
    let pushing = Pushing { app, portal, object, kleer_id, delivery };
    Box::pin(pushing.run(envelope, push)).instrument(span).await
}

/// One record on its way.
pub(super) struct Pushing<'a> {
    pub(super) app: &'a App,
    pub(super) portal: PortalId,
    pub(super) object: ObjectType,
    pub(super) kleer_id: KleerId,
    pub(super) delivery: u32,
}

impl Pushing<'_> {
    async fn run(&self, envelope: &Envelope, push: &queue::Push) -> Result<Pushed, PushError> {
        let failure = match self.work(envelope, push).await {
            Ok(pushed) => return Ok(pushed),
            Err(failure) => failure.or_token_refused(self.app, self.portal).await,
        };
        if let Failure::Connect(error) = &failure
            && !error.is_transient()
        {
            tracing::info!(%error, "the push is dropped");
            return Ok(Pushed::Stale);
        }
        let passes = failure.pause().is_some_and(|pause| pause <= LONGEST);
        if passes && self.delivery < TRIES {
            return Err(self.again(&failure.to_string()));
        }
        match self.give_up(&failure).await {
            Ok(()) => Ok(Pushed::Impossible),
            Err(error) => Err(self.again(&error.to_string())),
        }
    }

    fn again(&self, reason: &str) -> PushError {
        let growing = Duration::from_secs(5) * 2_u32.pow(self.delivery.saturating_sub(1).min(4));
        let pause = growing.min(LONGEST);
        tracing::warn!(reason, pause_s = pause.as_secs(), "the push comes again");
        PushError { pause, reason: reason.to_owned() }
    }

    async fn work(&self, envelope: &Envelope, push: &queue::Push) -> Result<Pushed, Failure> {
        let connection = self.app.connect_urgently(self.portal).await?;
        if connection.installation.kleer_company != envelope.kleer_company {
            return Ok(Pushed::Stale);
        }
        let rules = self.rules().await?;
        let Some(binding) = self.write(&connection, &rules).await? else { return Ok(Pushed::Gone) };
        if let Some(id) = binding.hubspot_id.filter(|_| binding.state != RecordState::DeletedInHubspot) {
            self.associate(&connection, &rules.settings.hubspot_object, &id, &push.associate).await?;
        }
        Ok(Pushed::Done)
    }

    /// What the portal chose for the type, switched on or off.
    pub(super) async fn rules(&self) -> Result<Rules, Failure> {
        let settings = self.app.store.settings(self.portal, self.object).await?.map(|settings| settings.value);
        let defaults = || ObjectSettings::defaults(objects::spec(self.object), false, self.app.clock.now());
        let rules = Rules::load(self.app, self.portal, settings.unwrap_or_else(defaults)).await?;
        rules.check()?;
        Ok(rules)
    }

    /// Reads the record and writes it; its binding afterwards. None if it is not in Kleer.
    pub(super) async fn write(&self, connection: &Connection, rules: &Rules) -> Result<Option<Binding>, Failure> {
        let pairing = self.pairing(rules);
        for _ in 0..ROUNDS {
            let Some(document) = self.read(connection).await? else { return Ok(None) };
            let planned = self.plan(connection, rules, document).await?;
            let writes = planned.changes.first().cloned();
            if let Some(change) = writes.clone() {
                self.apply(connection, &planned, rules, change).await?;
            }
            let binding = self.app.store.bindings(&pairing, &[self.kleer_id]).await?.remove(&self.kleer_id);
            let ours = binding.as_ref().is_some_and(|binding| binding.run.as_ref() == Some(&self.name()));
            if writes.is_none() || ours {
                return Ok(Some(binding.unwrap_or_default()));
            }
            tracing::info!("another worker wrote the record meanwhile; it is planned again");
        }
        Err(Failure::Unsettled(1))
    }

    async fn read(&self, connection: &Connection) -> Result<Option<Document>, Failure> {
        let path = match self.object {
            ObjectType::Agreement => Some(capability::agreement_path(self.app, connection, false).await?),
            _ => None,
        };
        match objects::one(self.object, &connection.kleer, self.kleer_id, path).await {
            Ok(document) => Ok(Some(document)),
            Err(error) if error.kind() == rest::ErrorKind::Missing => Ok(None),
            Err(error) => Err(Failure::Kleer(error)),
        }
    }

    /// Plans the record, with another look at the portal's properties if that may help.
    async fn plan(&self, connection: &Connection, rules: &Rules, document: Document) -> Result<Planned, Failure> {
        let source = Source::of(document);
        let schemas = rules.provision(self.app, connection).await?;
        let mut plan = self.plan_with(rules, &schemas, &source).await?;
        let mut planned_with = schemas;
        if rules.add_options(connection, &plan.0.problems).await? {
            provision::expire(self.app, self.portal, self.object).await?;
            planned_with = rules.provision(self.app, connection).await?;
            plan = self.plan_with(rules, &planned_with, &source).await?;
        }
        let (mut plan, bindings) = plan;
        links::wake(self.app, self.portal, &plan.awaited).await?;
        for mut problem in std::mem::take(&mut plan.problems) {
            let known = bindings.get(&self.kleer_id).and_then(|known| known.hubspot_id.clone());
            problem.link = wording::link(self.portal, &rules.settings.hubspot_object, known.as_ref());
            let problem = Problem { missing_option: None, hubspot_id: known, ..problem };
            tracing::warn!(code = ?problem.code, "{} {}", problem.message, problem.remedy);
            self.app.store.set_problem(self.portal, &problem).await?;
            plan.problems.push(problem);
        }
        let unfit = plan.unfit_changes(&bindings);
        plan.changes.extend(unfit);
        Ok(Planned { changes: plan.changes, schemas: planned_with })
    }

    /// Twice, with the same pure function as a poll: what the record refers to is known only when it was projected.
    async fn plan_with(
        &self,
        rules: &Rules,
        schemas: &Schemas,
        source: &Source,
    ) -> Result<(SyncPlan, BindingIndex), Failure> {
        let projection = Projection::new(rules, schemas);
        let now = self.app.clock.now();
        let ours = |bindings, targets| Ours {
            portal: self.portal,
            bindings,
            targets,
            today: stockholm_date(now),
            window_from: None,
        };
        let plan = |ours: &Ours| {
            let reader = projection.reader(ours);
            let mut planner = projection.planner(ours, rules, schemas, now);
            planner.add(source.records(&reader, 0).map(|record| {
                record.map(|mut record| {
                    // What an action made is followed from then on (design §4), what Kleer's rules leave out is not.
                    record.exclusion = record.exclusion.filter(|why| *why == Exclusion::Credit);
                    record
                })
            }));
            planner.finish(false, &Default::default())
        };
        let alone = plan(&ours(BindingIndex::new(), Targets::default()));
        let changes: Vec<&Change> = alone.changes.iter().collect();
        let targets = links::of_changes(self.app, self.portal, self.object, &changes).await?;
        let bindings = self.app.store.binding_summaries(&self.pairing(rules), &[self.kleer_id]).await?;
        let ours = ours(bindings, targets);
        Ok((plan(&ours), ours.bindings))
    }

    async fn apply(
        &self,
        connection: &Connection,
        planned: &Planned,
        rules: &Rules,
        change: Change,
    ) -> Result<(), Failure> {
        let schemas = &planned.schemas;
        let page = Page {
            object: self.object,
            run: self.name(),
            number: 0,
            hubspot_object: rules.settings.hubspot_object.clone(),
            line_object: rules.line_object().to_owned(),
            key: schemas.own.key.clone(),
            line_key: schemas.rows.as_ref().map_or(&schemas.own.key, |rows| &rows.key).clone(),
            changes: vec![change],
        };
        // Boxed: it is a large part of a large future.
        match Box::pin(apply::write_alone(self.app, connection, &page, self.delivery)).await {
            Ok(0) => Ok(()),
            Ok(again) => Err(Failure::Unsettled(again)),
            Err(failure) => {
                if matches!(failure, Failure::SchemaChanged(_)) {
                    provision::expire(self.app, self.portal, self.object).await?;
                }
                Err(failure)
            }
        }
    }

    /// Associates the record with what the workflow knows of. Not remembered: what Kleer knows of is kept apart from it, so that
    /// no later write parts it.
    async fn associate(
        &self,
        connection: &Connection,
        hubspot_object: &str,
        id: &HubspotId,
        with: &[(String, HubspotId)],
    ) -> Result<(), Failure> {
        for (object, other) in with {
            let pairs = [Pair { from: id.as_str().to_owned(), to: other.as_str().to_owned() }];
            let associations = connection.hubspot.associations();
            let answer = associations.associate_default(hubspot_object, object, &pairs).await;
            let outcomes = answer.map_err(Failure::Hubspot)?.pair_outcomes(&pairs);
            for outcome in outcomes {
                match outcome {
                    PairOutcome::Associated => {}
                    // The record is there, and its values are right; who deleted the deal knows.
                    PairOutcome::Refused(error) => tracing::warn!(object, record = %other, %error, "not associated"),
                    PairOutcome::Unknown => return Err(Failure::Unsettled(1)),
                }
            }
        }
        Ok(())
    }

    /// Leaves the record to the polls: it counts as refused, so that it is tried again, a draft too, and has a problem.
    async fn give_up(&self, failure: &Failure) -> Result<(), Failure> {
        let settings = self.app.store.settings(self.portal, self.object).await?;
        let spec = objects::spec(self.object);
        let hubspot_object = settings.map_or(spec.hubspot_object.to_owned(), |settings| settings.value.hubspot_object);
        let pairing = Pairing::new(self.portal, self.object, &hubspot_object);
        let before = self.app.store.bindings(&pairing, &[self.kleer_id]).await?.remove(&self.kleer_id);
        let before = before.unwrap_or_default();
        let now = self.app.clock.now();
        let failures = before.failures.saturating_add(1);
        let retry_at = schedule::later(now, schedule::retry_pause(failures));
        let problem = Problem {
            hubspot_id: before.hubspot_id.clone(),
            message: wording::one_line(&failure.to_string()),
            remedy: "If it does not pass, mend what it says.".to_owned(),
            retry_at: Some(retry_at),
            link: wording::link(self.portal, &hubspot_object, before.hubspot_id.as_ref()),
            ..Problem::new(self.object, ProblemCode::RefusedByHubspot, self.kleer_id)
        };
        tracing::warn!(reason = %failure, "the record could not be pushed and is left to the polls");
        self.app.store.set_problem(self.portal, &problem).await?;
        let (version, state) = (before.version + 1, RecordState::Failing);
        let binding = Binding {
            version,
            state,
            fingerprint: None,
            failures,
            retry_at: Some(retry_at),
            run: Some(self.name()),
            ..before
        };
        self.commit(&pairing, self.kleer_id, binding).await
    }

    /// Writes a binding that nobody else holds.
    pub(super) async fn commit(&self, pairing: &Pairing, id: KleerId, binding: Binding) -> Result<(), Failure> {
        let (store, now) = (&self.app.store, self.app.clock.now());
        let taken = Taken { holder: format!("{}#0", self.name()), until: schedule::later(now, HELD) };
        let got = store.take_bindings(pairing, &[(id, binding.version - 1)], &taken, now).await?;
        if got != [true] {
            return Err(Failure::Unsettled(1));
        }
        let committed = store.commit_bindings(pairing, &[Commit { kleer_id: id, binding }], &taken.holder).await?;
        if committed == [true] { Ok(()) } else { Err(Failure::Unsettled(1)) }
    }

    pub(super) fn pairing(&self, rules: &Rules) -> Pairing {
        Pairing::new(self.portal, self.object, &rules.settings.hubspot_object)
    }

    /// What a push is called where a run would be: the same for every delivery, so that one that died is taken over at once.
    pub(super) fn name(&self) -> RunId {
        RunId(format!("push-{}-{}", self.object, self.kleer_id))
    }
}

/// What is to be written of a record, at most one change, and with which properties it was planned.
struct Planned {
    changes: Vec<Change>,
    schemas: Schemas,
}
