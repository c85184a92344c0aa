//! One record outside of any run. It is read, planned and written by the very functions that a poll and its pages use, so that
//! they find nothing left to do.

use std::collections::HashSet;

use app::{App, Connection};
use domain::computed::stockholm_date;
use domain::projection::Projector;
use domain::{
    Binding, BindingIndex, Change, ChangeKind, Content, KleerId, ObjectSettings, Place, PlanInput, Problem, RunId,
    SourceRecord, Targets, UnreadableRecord,
};
use kleer::Document;
use queue::Page;
use store::{Commit, Pairing};

use super::failure::Failure;
use super::outcome::{Setting, settle};
use super::rules::{Rules, Schemas};
use super::write::{Destination, Work, Written, is_about_the_key, write};
use super::{links, provision, wording};
use crate::objects::Reader;

/// What a type needs for one record of it.
pub(crate) struct Single<'a> {
    app: &'a App,
    connection: &'a Connection,
    rules: Rules,
    schemas: Schemas,
    projector: Projector,
}

/// One record to write.
pub(crate) struct One {
    pub(crate) kleer_id: KleerId,
    /// Its binding, as it was taken; its base is what HubSpot says now.
    pub(crate) before: Binding,
    /// All that it shall be.
    pub(crate) content: Content,
    /// Who writes it.
    pub(crate) run: RunId,
}

impl<'a> Single<'a> {
    /// Reads what the portal chose and has. Properties that are missing are made, as before a run.
    ///
    /// # Errors
    /// If a person has to act first, or HubSpot or the store fails.
    pub(crate) async fn prepare(
        app: &'a App,
        connection: &'a Connection,
        settings: ObjectSettings,
    ) -> Result<Self, Failure> {
        let rules = Rules::load(app, connection.installation.portal, settings).await?;
        rules.check()?;
        let schemas = rules.provision(app, connection).await?;
        let projector = rules.projector(&schemas);
        Ok(Self { app, connection, rules, schemas, projector })
    }

    /// How records become HubSpot's.
    pub(crate) const fn projector(&self) -> &Projector {
        &self.projector
    }

    pub(crate) fn pairing(&self) -> Pairing {
        let settings = &self.rules.settings;
        Pairing::new(self.connection.installation.portal, settings.object, &settings.hubspot_object)
    }

    fn place(&self) -> Place<'_> {
        Place { hubspot_object: &self.rules.settings.hubspot_object, line_object: self.rules.line_object() }
    }

    /// Reads Kleer's document.
    pub(crate) fn read(&self, document: &Document) -> Result<SourceRecord, UnreadableRecord> {
        let reader = Reader {
            object: self.rules.settings.object,
            fields: self.projector.fields().collect(),
            row_fields: Vec::new(),
            today: stockholm_date(self.app.clock.now()),
            window_from: None,
        };
        reader.read(document)
    }

    /// All that a record shall be in HubSpot.
    pub(crate) fn content(&self, record: &SourceRecord) -> Result<Content, Box<Problem>> {
        let input = PlanInput {
            portal: self.connection.installation.portal,
            projector: &self.projector,
            rows: None,
            place: self.place(),
            bindings: &BindingIndex::new(),
            targets: &Targets::default(),
            stages: self.schemas.own.stages.as_ref(),
            complete: false,
            gone: &HashSet::new(),
            now: self.app.clock.now(),
        };
        input.content(record)
    }

    /// Writes a record whose binding was taken: only what HubSpot does not say yet. What is to be remembered of it, and its
    /// problem if HubSpot refused; nothing if it has to be written again.
    ///
    /// # Errors
    /// If a call failed for a reason that is not the record's.
    pub(crate) async fn write(&self, one: One) -> Result<Option<(Commit, Option<Problem>)>, Failure> {
        let One { kleer_id, before, content, run } = one;
        let (portal, object) = (self.connection.installation.portal, self.rules.settings.object);
        let change = Change {
            kind: if before.hubspot_id.is_some() { ChangeKind::Update } else { ChangeKind::Create },
            kleer_id,
            hubspot_id: before.hubspot_id.clone(),
            version: before.version,
            content,
        };
        let targets = links::of_changes(self.app, portal, object, &[&change]).await?;
        let page = self.page(&run);
        let now = self.app.clock.now();
        let destination = Destination { connection: self.connection, page: &page, run_started: now };
        let linked = change.content.link(self.place(), &targets);
        let work = [Work { change: &change, before, linked, properties: destination.properties(&change) }];
        let Written { mut verdicts, failure } = write(destination, &work).await;
        match failure {
            Some(error) if is_about_the_key(&error) => {
                provision::expire(self.app, portal, object).await?;
                return Err(Failure::SchemaChanged(error.to_string()));
            }
            Some(error) => return Err(Failure::Hubspot(error)),
            None => {}
        }
        let setting = Setting { object, run: &run, now };
        let settled = verdicts.pop().and_then(|verdict| settle(setting, &work[0], verdict));
        Ok(settled.map(|settled| {
            let problem = settled.problem.map(|mut problem| {
                problem.link = wording::link(portal, &page.hubspot_object, problem.hubspot_id.as_ref());
                problem
            });
            (settled.commit, problem)
        }))
    }

    /// The page of one record that is not in it: where it goes.
    fn page(&self, run: &RunId) -> Page {
        let key = self.schemas.own.key.clone();
        let place = self.place();
        Page {
            object: self.rules.settings.object,
            run: run.clone(),
            number: 0,
            hubspot_object: place.hubspot_object.to_owned(),
            line_object: place.line_object.to_owned(),
            line_key: key.clone(),
            key,
            changes: Vec::new(),
        }
    }
}
