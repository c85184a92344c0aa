//! Does HubSpot still say what it was told? Everything of a type is compared once a day, and when a person asks (design §3
//! Inbound, *Verify*). What webhooks missed is found here: edits of types that travel both ways are imported, records of other
//! types get Kleer's values again, records that are gone are known to be gone. And nothing stays chargeable.

mod rewrite;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::Duration;

use app::{App, Connection};
use domain::projection::{KEY_PROPERTY, Projector, SYNC_KEY_PROPERTY};
use domain::spec::fixed_on;
use domain::{
    Binding, BindingIndex, Direction, HubspotId, KleerId, ObjectSettings, ObjectType, PortalId, Properties,
    RecordState, RowProjector, Verification, is_edited, schedule,
};
use hubspot::Record;
use jiff::Timestamp;
use queue::{Envelope, Import, Job, Outgoing, QueueName, RecordEvent};
use store::{Look, Pairing};
use tracing::Instrument as _;

use super::failure::Failure;
use super::rules::Rules;
use crate::inbound::{read_records, record_values};
use crate::objects;
use rewrite::Rewrite;

/// How many records one message compares; the rest is another message behind what waits, so that polls of the portal are not
/// held up.
const PER_MESSAGE: usize = 5_000;
/// How many are read at once.
const AT_ONCE: usize = 100;
/// A comparison that is interrupted goes on after this long.
const PAUSE: Duration = Duration::from_secs(15 * 60);

/// Compares the records of a type with HubSpot, from the one after `after` on. Interrupted, it says why and begins anew later.
///
/// # Errors
/// Only if the store or the queue fails; then the message should come again. What was compared is compared again then, which changes
/// nothing.
pub async fn verify(
    app: &App,
    envelope: &Envelope,
    object: ObjectType,
    slot: Timestamp,
    after: Option<KleerId>,
) -> Result<(), store::Error> {
    let portal = envelope.portal;
    let Some(settings) = app.store.settings(portal, object).await?.filter(|settings| settings.value.enabled) else {
        return Ok(());
    };
    let span = tracing::info_span!("verify", %portal, %object);
    let last = app.store.left_by_look::<Verification>(portal, object, Look::Verify).await?;
    let last = last.map(|last| last.value).unwrap_or_default();
    let verifying = Verifying { app, envelope, settings: &settings.value, slot, last: &last };
    async {
        let now = app.clock.now();
        let mut found = if after.is_some() { last.clone() } else { Verification::begun(now) };
        match verifying.run(after, &mut found).await {
            Ok(true) => found.finished_at = Some(app.clock.now()),
            Ok(false) => {}
            Err(Failure::Store(error)) => return Err(error),
            Err(failure) => {
                let failure = failure.or_token_refused(app, portal).await;
                tracing::warn!(reason = %failure, "the comparison was interrupted");
                found.interrupted = Some(failure.to_string());
                let again = schedule::later(now, PAUSE);
                app.store.bring_look_forward(portal, object, Look::Verify, again).await?;
            }
        }
        app.store.leave_for_look(portal, object, Look::Verify, &found).await
    }
    .instrument(span)
    .await
}

struct Verifying<'a> {
    app: &'a App,
    envelope: &'a Envelope,
    settings: &'a ObjectSettings,
    slot: Timestamp,
    /// What the last comparison found, or this one so far.
    last: &'a Verification,
}

/// How records and their rows are compared.
struct Yardstick {
    projector: Projector,
    rows: Option<RowProjector>,
    line_object: String,
}

impl Verifying<'_> {
    /// True if everything was compared by now.
    async fn run(&self, after: Option<KleerId>, found: &mut Verification) -> Result<bool, Failure> {
        let Self { app, envelope, settings, .. } = *self;
        let connection = app.connect(self.portal()).await?;
        if connection.installation.kleer_company != envelope.kleer_company {
            return Ok(true);
        }
        let rules = Rules::load(app, self.portal(), settings.clone()).await?;
        rules.check()?;
        let schemas = rules.provision(app, &connection).await?;
        let yardstick = Yardstick {
            projector: rules.projector(&schemas),
            rows: rules.row_projector(&schemas),
            line_object: rules.line_object().to_owned(),
        };
        // Only which records there are; all that is compared is read again.
        let bound = self.written(&app.store.planning_index(&self.pairing()).await?, after);
        let (now, later) = bound.split_at(bound.len().min(PER_MESSAGE));
        for chunk in now.chunks(AT_ONCE) {
            self.compare(&connection, &yardstick, chunk, found).await?;
        }
        let rewritten = found.rewritten;
        if let (Some(last), false) = (now.last(), later.is_empty()) {
            self.go_on_after(last.0).await?;
            return Ok(false);
        }
        if rewritten > 0 {
            app.store.bring_forward(self.portal(), settings.object, app.clock.now()).await?;
        }
        let Verification { compared, imported, rewritten, missing, chargeable, left_alone, .. } = *found;
        tracing::info!(compared, imported, rewritten, missing, chargeable, left_alone, "compared with HubSpot");
        Ok(true)
    }

    fn portal(&self) -> PortalId {
        self.envelope.portal
    }

    fn pairing(&self) -> Pairing {
        Pairing::new(self.portal(), self.settings.object, &self.settings.hubspot_object)
    }

    /// The records that should be in HubSpot as they were written, in the order of their ids.
    fn written(&self, index: &BindingIndex, after: Option<KleerId>) -> Vec<(KleerId, HubspotId)> {
        let is_there = |state| matches!(state, RecordState::InSync | RecordState::Waiting | RecordState::Failing);
        let mut bound: Vec<(KleerId, HubspotId)> = index
            .iter()
            .filter(|(id, binding)| is_there(binding.state) && after.is_none_or(|after| **id > after))
            .filter_map(|(id, binding)| Some((*id, binding.hubspot_id.clone()?)))
            .collect();
        bound.sort_unstable_by_key(|(id, _)| *id);
        bound
    }

    async fn go_on_after(&self, last: KleerId) -> Result<(), Failure> {
        let (object, slot) = (self.settings.object, self.slot);
        let message = Outgoing {
            deduplication_id: format!("verify#{}#{object}#{}#{last}", self.portal(), slot.as_millisecond()),
            envelope: Envelope::new(
                self.portal(),
                self.envelope.kleer_company,
                Job::Verify { object, slot, after: Some(last) },
            ),
        };
        Ok(self.app.queue.send(QueueName::Poll, vec![message], self.app.clock.now()).await?)
    }

    /// Compares some records.
    async fn compare(
        &self,
        connection: &Connection,
        yardstick: &Yardstick,
        chunk: &[(KleerId, HubspotId)],
        found: &mut Verification,
    ) -> Result<(), Failure> {
        let (Some((first, _)), Some((last, _))) = (chunk.first(), chunk.last()) else { return Ok(()) };
        // They stand in the order of their ids.
        let bindings = self.app.store.bindings_between(&self.pairing(), *first, *last).await?;
        let properties = self.properties(&yardstick.projector);
        let object = &self.settings.hubspot_object;
        let records = read_records(connection, object, chunk.iter().map(|(_, id)| id), properties).await?;
        let rows = self.rows(connection, yardstick, &bindings).await?;
        let (mut imports, mut rewrites) = (Vec::new(), Vec::new());
        for (kleer_id, hubspot_id) in chunk {
            // What was written meanwhile is looked at the next time.
            let Some(binding) = bindings.get(kleer_id) else { continue };
            if binding.hubspot_id.as_ref() != Some(hubspot_id) {
                continue;
            }
            found.compared += 1;
            match records.get(hubspot_id) {
                None => {
                    found.missing += 1;
                    imports.push((hubspot_id, RecordEvent::Deleted));
                }
                // Part of another one by now; whoever imports it finds out.
                Some(record) if record.id != hubspot_id.as_str() => imports.push((hubspot_id, RecordEvent::Changed)),
                Some(record) if self.is_imported(yardstick, binding, record) => {
                    found.imported += 1;
                    imports.push((hubspot_id, RecordEvent::Changed));
                }
                Some(record) => {
                    let one = Rewrite { verifying: self, yardstick, kleer_id: *kleer_id, binding };
                    rewrites.extend(one.of(record, &rows, found));
                }
            }
        }
        self.import(&imports).await?;
        self.rewrite(rewrites, found).await
    }

    /// Whether a person changed what travels back to Kleer.
    fn is_imported(&self, yardstick: &Yardstick, binding: &Binding, record: &Record) -> bool {
        objects::spec(self.settings.object).direction == Direction::TwoWay
            && is_edited(&yardstick.projector, &binding.base, &record_values(record))
    }

    /// The properties to read of records.
    fn properties(&self, projector: &Projector) -> Vec<String> {
        let fixed = fixed_on(&self.settings.hubspot_object).iter().map(|(name, _)| *name);
        let keys = [KEY_PROPERTY, SYNC_KEY_PROPERTY].into_iter();
        projector.properties().chain(fixed).chain(keys).map(str::to_owned).collect()
    }

    /// The line items of some records, as HubSpot has them.
    async fn rows(
        &self,
        connection: &Connection,
        yardstick: &Yardstick,
        bindings: &HashMap<KleerId, Binding>,
    ) -> Result<BTreeMap<HubspotId, Properties>, Failure> {
        let Some(projector) = &yardstick.rows else { return Ok(BTreeMap::new()) };
        let at_home = bindings.values().filter(|binding| binding.rows.hubspot_object == yardstick.line_object);
        let rows = at_home.flat_map(|one| one.rows.rows.values());
        // In an order of their own, so that the same comparison asks the same.
        let ids: BTreeSet<&HubspotId> = rows.map(|row| &row.hubspot_id).collect();
        let ids: Vec<&HubspotId> = ids.into_iter().collect();
        let properties = projector.properties().map(str::to_owned).collect();
        let records = read_records(connection, &yardstick.line_object, ids, properties).await?;
        Ok(records.into_iter().map(|(id, record)| (id, record_values(&record))).collect())
    }

    /// Lets records be imported as if HubSpot had told us of them.
    async fn import(&self, records: &[(&HubspotId, RecordEvent)]) -> Result<(), Failure> {
        let now = self.app.clock.now();
        let (portal, object) = (self.portal(), &self.settings.hubspot_object);
        let message = |(hubspot_id, event): &(&HubspotId, RecordEvent)| Outgoing {
            deduplication_id: format!("verify#{portal}#{object}#{hubspot_id}#{}", self.slot.as_millisecond()),
            envelope: Envelope::new(
                portal,
                self.envelope.kleer_company,
                Job::Import(Import {
                    hubspot_object: object.clone(),
                    hubspot_id: (*hubspot_id).clone(),
                    event: event.clone(),
                    at: now,
                }),
            ),
        };
        if !records.is_empty() {
            self.app.queue.send(QueueName::Change, records.iter().map(message).collect(), now).await?;
        }
        Ok(())
    }
}
