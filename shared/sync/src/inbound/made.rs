//! A record that a person made in HubSpot is made in Kleer too, where the portal has switched that on (design §3 Inbound).

use std::time::Duration;

use domain::projection::KEY_PROPERTY;
use domain::{ActivityKind, HubspotId, KleerId, ObjectSettings, ObjectType, schedule};
use hubspot::{AssociationsRead, Record};
use jiff::Timestamp;
use kleer::Document;
use queue::RecordEvent;
use serde_json::json;
use store::Pairing;

use super::Imported;
use super::changed::OneRecord;
use super::find;
use super::mapped::{Mapped, mapped};
use crate::create::{self, CreateError, NewRecord};
use crate::objects;
use crate::outbound::failure::Failure;

/// A record is new for this long: its name may come after it, and the event that tells of it may be lost. Whatever is older was
/// there when *Create in Kleer* was switched on, or is a prospect that somebody merely edited.
const NEW_FOR: Duration = Duration::from_secs(24 * 60 * 60);
/// How long making may take before the message comes again.
const PATIENCE: Duration = Duration::from_secs(50);
/// What people agree on where nothing is said.
const PAYMENT_DAYS: i64 = 30;

impl OneRecord<'_> {
    /// Makes the record of a HubSpot record that is bound to none.
    pub(super) async fn make(&self, settings: &ObjectSettings, record: &Record) -> Result<Imported, Failure> {
        if !settings.create_in_kleer || find::named(record).is_some() || !self.is_new(record) {
            return Ok(Imported::Ignored);
        }
        let said = mapped(self.single, record);
        let has_name = said.fields.iter().any(|(field, _)| field.name == "name");
        if !has_name {
            // It comes again when somebody gives it one.
            return Ok(Imported::Ignored);
        }
        let mut document = match settings.object {
            ObjectType::Project => match self.client_of(&said, record).await? {
                Some(client) => blank_project(client),
                None => {
                    let why = "a project needs a client in Kleer, which cannot be changed later: associate it with one company \
                               that is a client";
                    return self.not_made(settings, why).await;
                }
            },
            _ => blank_client(),
        };
        said.lay_over(&mut document);
        self.create(settings, &document, &said).await
    }

    fn is_new(&self, record: &Record) -> bool {
        let now = self.importing.app.clock.now();
        let young = |made: Timestamp| schedule::later(made, NEW_FOR) >= now;
        self.importing.import.event == RecordEvent::Created || record.created_at.is_some_and(young)
    }

    async fn create(&self, settings: &ObjectSettings, document: &Document, said: &Mapped) -> Result<Imported, Failure> {
        let importing = self.importing;
        let new = NewRecord {
            object: settings.object,
            hubspot_object: &settings.hubspot_object,
            hubspot_id: &importing.import.hubspot_id,
            id_property: KEY_PROPERTY,
            document,
        };
        let until = schedule::later(importing.app.clock.now(), PATIENCE);
        let making = async {
            let made = create::create(importing.app, self.connection, &new, until).await?;
            create::finish(importing.app, self.connection, &new, &made).await?;
            Ok::<KleerId, CreateError>(made.kleer_id)
        };
        let kleer_id = match making.await {
            Ok(kleer_id) => kleer_id,
            Err(error) if error.again().is_some() => {
                tracing::info!(%error, "not made yet");
                return Err(Failure::Unsettled(1));
            }
            Err(error) => return self.not_made(settings, error.to_string().trim_end_matches('.')).await,
        };
        let label = objects::spec(settings.object).label;
        let mut message = format!("Made in HubSpot, now in Kleer: {label} {kleer_id}.");
        for unfit in &said.unfit {
            message = format!("{message} Without {}: {}.", unfit.field.label, unfit.message);
        }
        importing.note(&self.single.pairing(), kleer_id, ActivityKind::CreatedInKleer, message).await?;
        Ok(Imported::Created)
    }

    /// Nobody but a person can help; there is no record in Kleer yet that could have a problem.
    async fn not_made(&self, settings: &ObjectSettings, why: &str) -> Result<Imported, Failure> {
        let importing = self.importing;
        let label = objects::spec(settings.object).label;
        let message = format!("The {label} {} of HubSpot was not made in Kleer: {why}.", importing.import.hubspot_id);
        tracing::warn!("{message}");
        let line = importing.about(settings.object, KleerId(0)).line(ActivityKind::NotCreatedInKleer, message);
        let line = domain::Activity { kleer_id: None, ..line };
        importing.app.store.note_activity(importing.portal, &line).await?;
        Ok(Imported::Refused)
    }

    /// The client that a project is for: the one that a mapping names, or that of the only company it belongs to.
    async fn client_of(&self, said: &Mapped, record: &Record) -> Result<Option<KleerId>, Failure> {
        let named = said.fields.iter().find(|(field, _)| field.name == "client.id");
        if let Some((_, value)) = named {
            return Ok(value.plain().parse().ok());
        }
        let importing = self.importing;
        let clients = importing.app.store.settings(importing.portal, ObjectType::Client).await?;
        let Some(clients) = clients.map(|settings| settings.value).filter(|settings| settings.enabled) else {
            return Ok(None);
        };
        let hubspot = self.connection.hubspot.associations();
        let (from, to) = (&importing.import.hubspot_object, &clients.hubspot_object);
        let AssociationsRead { by_from, .. } =
            hubspot.read(from, to, std::slice::from_ref(&record.id)).await.map_err(Failure::Hubspot)?;
        let pairing = Pairing::new(importing.portal, ObjectType::Client, &clients.hubspot_object);
        let mut found = Vec::new();
        for company in by_from.values().flatten().map(|one| HubspotId(one.id.clone())) {
            let bound = find::bound(importing.app, &pairing, &company, None).await?;
            found.extend(bound.map(|bound| bound.kleer_id));
        }
        found.sort_unstable();
        found.dedup();
        Ok(if let [only] = found[..] { Some(only) } else { None })
    }
}

/// A client without anything: all that Kleer wants to be there (contract kleer-api §7.1).
fn blank_client() -> Document {
    let mut client = Document::default();
    for name in ["name", "contact", "email", "orgno", "phone", "vat-nr"] {
        client.set(name, "");
    }
    for line in ["address1", "address2", "zip-code", "state", "country"] {
        client.set(&format!("address.{line}"), "");
    }
    client.set("client-type", "Organisation");
    client.set("country-code", "SE");
    // Deprecated: 0 is to be written always. 0 is nobody, too.
    client.set("accountnr", 0);
    client.set("payment-days", PAYMENT_DAYS);
    client.set("user", json!({ "id": 0 }));
    client.set("active", true);
    client
}

/// A project without anything but its client (contract kleer-api §8). Everybody may work on it, with every activity, as on a
/// project that a person makes.
fn blank_project(client: KleerId) -> Document {
    let mut project = Document::default();
    project.set("client", json!({ "id": client.0 }));
    for (name, value) in [("fixed-price", json!(false)), ("all-activities", json!(true)), ("all-users", json!(true))] {
        project.set(name, value);
    }
    for name in ["number", "name", "comment"] {
        project.set(name, "");
    }
    for name in ["budget-hours", "budget-amount", "incoming-invoiced-amount", "incoming-invoiced-vat-amount"] {
        project.set(name, 0);
    }
    project
}
