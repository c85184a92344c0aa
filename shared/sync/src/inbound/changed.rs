//! A record changed in HubSpot.

use app::Connection;
use domain::{
    Activity, ActivityKind, Binding, ImportInput, ImportPlan, KleerId, ObjectSettings, Problem, Properties,
    RecordState, RunId, SourceRecord, is_edited, plan_import,
};
use hubspot::Record;
use kleer::Document;
use store::Pairing;

use super::find::{self, Bound};
use super::mapped::overlay;
use super::resource::Resource;
use super::telling::About;
use super::{Imported, Importing};
use crate::outbound::failure::Failure;
use crate::outbound::single::{One, Single};
use crate::outbound::wording;

/// What saving to Kleer came to.
enum Saved {
    /// What Kleer says now.
    Now(Box<SourceRecord>),
    /// It refused.
    Refused(Box<Problem>),
    /// It has no such record any more.
    Gone,
}

impl Importing<'_> {
    /// A record changed, or was made: its values are compared.
    pub(super) async fn changed(
        &self,
        connection: &Connection,
        chosen: Vec<ObjectSettings>,
    ) -> Result<Imported, Failure> {
        for settings in chosen {
            let Some(resource) = Resource::of(settings.object) else { continue };
            let single = Single::prepare(self.app, connection, settings.clone()).await?;
            let one = OneRecord { importing: self, connection, single: &single, resource };
            return one.import(&settings).await;
        }
        Ok(Imported::Ignored)
    }
}

/// One record of a type that travels both ways.
pub(super) struct OneRecord<'a> {
    pub(super) importing: &'a Importing<'a>,
    pub(super) connection: &'a Connection,
    pub(super) single: &'a Single<'a>,
    pub(super) resource: Resource,
}

impl OneRecord<'_> {
    async fn import(&self, settings: &ObjectSettings) -> Result<Imported, Failure> {
        let importing = self.importing;
        let id = &importing.import.hubspot_id;
        let properties = self.single.projector().mapped_properties().chain(find::KEYS).map(str::to_owned).collect();
        let mut found = find::read(self.connection, &settings.hubspot_object, [id], properties).await?;
        let Some(record) = found.remove(id) else {
            return importing.gone(settings).await;
        };
        if record.id != id.as_str() {
            // It is part of another record by now.
            return importing.rebind(settings, &record, std::slice::from_ref(id)).await;
        }
        let pairing = self.single.pairing();
        match find::bound(importing.app, &pairing, id, Some(&record)).await? {
            Some(bound) => self.compare(&pairing, bound, &record).await,
            None => Box::pin(self.make(settings, &record)).await,
        }
    }

    /// Looks whether there is anything to do at all, which costs neither a write nor a look at Kleer.
    async fn compare(&self, pairing: &Pairing, bound: Bound, record: &Record) -> Result<Imported, Failure> {
        match bound.binding.state {
            RecordState::DeletedInHubspot => return self.importing.restore(pairing, bound).await,
            RecordState::DeletedInKleer | RecordState::Doubtful | RecordState::Merged => return Ok(Imported::Ignored),
            RecordState::InSync | RecordState::Failing | RecordState::Waiting | RecordState::Excluded(_) => {}
        }
        let hubspot = find::values(record);
        if !is_edited(self.single.projector(), &bound.binding.base, &hubspot) {
            return Ok(Imported::Unchanged);
        }
        self.importing.take(pairing, &bound).await?;
        let imported = self.bring(pairing, &bound, &hubspot).await;
        if !matches!(imported, Ok(Imported::Written)) {
            self.importing.release(pairing, &bound).await?;
        }
        imported
    }

    /// Brings the edits of a record whose binding was taken to Kleer, and what Kleer says to HubSpot.
    async fn bring(&self, pairing: &Pairing, bound: &Bound, hubspot: &Properties) -> Result<Imported, Failure> {
        let kleer_id = bound.kleer_id;
        let document = match self.resource.get(&self.connection.kleer, kleer_id).await {
            Ok(document) => document,
            Err(error) if error.kind() == rest::ErrorKind::Missing => return Ok(Imported::Ignored),
            Err(error) => return Err(Failure::Kleer(error)),
        };
        let before = match self.read(&document) {
            Ok(record) => record,
            Err(problem) => return self.refuse(*problem).await,
        };
        let plan = plan_import(&ImportInput {
            projector: self.single.projector(),
            kleer_id,
            base: &bound.binding.base,
            hubspot,
            kleer: &before.values,
        });
        tracing::debug!("{plan}");
        let now = match self.save(kleer_id, &plan, document, before).await? {
            Saved::Now(record) => record,
            Saved::Refused(problem) => return self.refuse(*problem).await,
            Saved::Gone => return Ok(Imported::Ignored),
        };
        self.settle(pairing, bound, hubspot, &plan, &now).await
    }

    /// What Kleer's document says.
    fn read(&self, document: &Document) -> Result<SourceRecord, Box<Problem>> {
        self.single.read(document).map_err(|unreadable| {
            let object = self.single.projector().spec().object;
            let message = format!("Kleer's answer could not be read: {}: {}.", unreadable.field, unreadable.message);
            let remedy = "Look at the record in Kleer; if it looks right there, tell support.".to_owned();
            let code = domain::ProblemCode::UnreadableRecord;
            let id = unreadable.id.unwrap_or(KleerId(0));
            Box::new(Problem { message, remedy, ..Problem::new(object, code, id) })
        })
    }

    /// Saves what the plan writes, in one document, and reads what became of it.
    async fn save(
        &self,
        kleer_id: KleerId,
        plan: &ImportPlan,
        mut document: Document,
        before: SourceRecord,
    ) -> Result<Saved, Failure> {
        if plan.writes().next().is_none() {
            return Ok(Saved::Now(Box::new(before)));
        }
        for (field, value) in plan.writes() {
            overlay(&mut document, field, value);
        }
        let kleer = &self.connection.kleer;
        match self.resource.save(kleer, kleer_id, &document).await {
            Ok(()) => {}
            Err(error) if error.kind() == rest::ErrorKind::Missing => return Ok(Saved::Gone),
            Err(error) if error.kind() == rest::ErrorKind::Rejected => {
                return Ok(Saved::Refused(Box::new(self.about(kleer_id).refused(plan, &error))));
            }
            Err(error) => return Err(Failure::Kleer(error)),
        }
        // Kleer may have made something else of it.
        let document = self.resource.get(kleer, kleer_id).await.map_err(Failure::Kleer)?;
        Ok(match self.read(&document) {
            Ok(record) => Saved::Now(Box::new(record)),
            Err(problem) => Saved::Refused(problem),
        })
    }

    /// Tells HubSpot where Kleer says otherwise, and remembers that both sides say the same.
    async fn settle(
        &self,
        pairing: &Pairing,
        bound: &Bound,
        hubspot: &Properties,
        plan: &ImportPlan,
        now: &SourceRecord,
    ) -> Result<Imported, Failure> {
        let content = match self.single.content(now) {
            Ok(content) => content,
            Err(problem) => return self.refuse(*problem).await,
        };
        let shown = plan.shown(self.single.projector(), hubspot, &content.properties);
        let before = Binding { base: bound.binding.base.clone().with(&shown), ..bound.binding.clone() };
        let run = RunId(self.importing.holder());
        let one = One { kleer_id: bound.kleer_id, before, content, run };
        let Some((commit, problem)) = self.single.write(one).await? else { return Err(Failure::Unsettled(1)) };
        let about = self.about(bound.kleer_id);
        // The first delivery may have come too soon, so that only a third tells of an earlier try.
        self.tell(about.lines(plan, self.importing.delivery > 2)).await?;
        let problem = problem.or_else(|| about.trouble(plan));
        let app = self.importing.app;
        let retry_at = commit.binding.retry_at;
        let is_well = problem.is_none();
        match problem {
            Some(problem) => self.keep(problem).await?,
            None => app.store.clear_problem(pairing.portal, pairing.object, bound.kleer_id).await?,
        }
        self.importing.commit(pairing, commit).await?;
        if let Some(retry_at) = retry_at {
            app.store.bring_forward(pairing.portal, pairing.object, retry_at).await?;
        }
        tracing::info!(kleer_id = bound.kleer_id.0, is_well, "both sides were compared");
        Ok(Imported::Written)
    }

    /// Keeps a problem that ends the import; both sides stay as they are.
    async fn refuse(&self, problem: Problem) -> Result<Imported, Failure> {
        self.keep(problem).await?;
        Ok(Imported::Refused)
    }

    async fn keep(&self, mut problem: Problem) -> Result<(), Failure> {
        let importing = self.importing;
        let id = &importing.import.hubspot_id;
        problem.hubspot_id.get_or_insert_with(|| id.clone());
        problem.link = wording::link(importing.portal, &importing.import.hubspot_object, Some(id));
        problem.missing_option = None;
        tracing::warn!(kleer_id = problem.kleer_id.map(|id| id.0), code = ?problem.code, "{}", problem.message);
        Ok(importing.app.store.set_problem(importing.portal, &problem).await?)
    }

    async fn tell(&self, lines: Vec<Activity>) -> Result<(), Failure> {
        for line in lines {
            self.importing.app.store.note_activity(self.importing.portal, &line).await?;
        }
        Ok(())
    }

    fn about(&self, kleer_id: KleerId) -> About<'_> {
        let object = self.single.projector().spec().object;
        self.importing.about(object, kleer_id)
    }
}

impl Importing<'_> {
    pub(super) fn about(&self, object: domain::ObjectType, kleer_id: KleerId) -> About<'_> {
        About { at: self.at(), object, kleer_id, hubspot_id: &self.import.hubspot_id }
    }

    /// Notes a line about a record.
    pub(super) async fn note(
        &self,
        pairing: &Pairing,
        kleer_id: KleerId,
        kind: ActivityKind,
        message: String,
    ) -> Result<(), Failure> {
        let line = self.about(pairing.object, kleer_id).line(kind, message);
        Ok(self.app.store.note_activity(self.portal, &line).await?)
    }
}
