//! One call that is being worked on: what actions have in common when they read the enrolled record and make something of it.

use app::{App, ConnectError, Connection};
use domain::{HubspotId, KleerId, ObjectType, PortalId, RecordState};
use hubspot::{Fetch, Record};
use jiff::Timestamp;
use kleer::Document;
use queue::{Envelope, Job, Outgoing, Push, QueueName};
use store::Pairing;
use sync::{CreateError, NewRecord};

use crate::call::Call;
use crate::code::ErrorCode;
use crate::definition::{Definition, RunsOn};
use crate::inputs::Reading;
use crate::outcome::{Deed, Done, Failure, SHORTLY, Trouble, quoted, sentence};

/// One call, connected.
pub(crate) struct Work<'a> {
    pub(crate) app: &'a App,
    pub(crate) connection: Connection,
    pub(crate) definition: &'static Definition,
    pub(crate) call: &'a Call,
    /// An answer is needed by then.
    pub(crate) until: Timestamp,
}

/// The enrolled record, as a create finds it.
pub(crate) enum Enrolled {
    /// It names what was made of it before.
    Has(KleerId),
    /// It does not.
    Open(Record),
}

/// Opens a portal's connection.
///
/// # Errors
/// If the portal is not connected at both ends, or the store fails.
pub(crate) async fn connect(app: &App, portal: PortalId) -> Result<Connection, Trouble> {
    app.connect_urgently(portal).await.map_err(|error| match error {
        ConnectError::Store(error) => error.into(),
        ConnectError::NotInstalled(_) | ConnectError::NoCredentials { .. } => {
            Failure::of(ErrorCode::NotConnected).into()
        }
        ConnectError::Disconnected { reason, .. } => {
            let text = ErrorCode::NotConnected.text().en;
            Failure::new(ErrorCode::NotConnected, format!("{} {text}", sentence(&reason))).into()
        }
        other => unconnected(&other),
    })
}

/// What else keeps a portal from being spoken to, such as a key ring that does not fit, mends itself or is ours to mend: the
/// workflow waits.
fn unconnected(error: &ConnectError) -> Trouble {
    Trouble::later(SHORTLY, error)
}

impl Work<'_> {
    pub(crate) const fn portal(&self) -> PortalId {
        self.call.portal
    }

    /// The inputs, to be read.
    pub(crate) const fn inputs(&self) -> Reading<'_> {
        Reading::new(self.definition, &self.call.fields)
    }

    /// The enrolled record with some of its properties, and whether it names what was made of it.
    pub(crate) async fn enrolled(&self, properties: &[&str]) -> Result<Enrolled, Trouble> {
        let key = self.id_property().await?;
        let record = self.record(properties.iter().copied().chain([key.as_str()])).await?;
        self.make_properties(&record).await?;
        if let Some(text) = record.value(&key).map(str::trim).filter(|text| !text.is_empty()) {
            return Ok(Enrolled::Has(text.parse().map_err(|_| self.no_id(text))?));
        }
        let bound = match self.definition.runs_on {
            RunsOn::Companies => self.bound().await?,
            RunsOn::Deals => None,
        };
        Ok(bound.map_or(Enrolled::Open(record), Enrolled::Has))
    }

    /// The client that the company is bound to: whose id was emptied is still that client, unless the client is gone. Not one that
    /// was made for it and never finished.
    async fn bound(&self) -> Result<Option<KleerId>, Trouble> {
        let (object, store) = (RunsOn::Companies.object(), &self.app.store);
        let Some(id) = store.bound_to(self.portal(), object, &self.call.record).await? else { return Ok(None) };
        let pairing = Pairing::new(self.portal(), ObjectType::Client, object);
        let bindings = store.bindings(&pairing, &[id]).await?;
        let there = bindings.get(&id).is_some_and(|binding| binding.state != RecordState::DeletedInKleer);
        // Whoever made it has died before the company knew its id.
        let made = sync::unfinished(self.app, self.portal(), ObjectType::Client, (object, &self.call.record)).await?;
        Ok(Some(id).filter(|id| there && made != Some(*id)))
    }

    fn no_id(&self, text: &str) -> Failure {
        let label = self.definition.id_output.label.en;
        let remedy = "Empty it to make a new record, or fill in the ID of the record in Kleer.";
        Failure::new(ErrorCode::UnknownValue, format!("{label}: {} is no ID of Kleer's. {remedy}", quoted(text)))
    }

    /// The property of the enrolled record that holds the id in Kleer. A portal whose `kleer_id` is another app's has another
    /// one on companies (contract hubspot-crm §7).
    async fn id_property(&self) -> Result<String, Trouble> {
        let own = self.definition.id_output.name;
        if self.definition.runs_on != RunsOn::Companies {
            return Ok(own.to_owned());
        }
        let schema = self.app.store.schema(self.portal(), ObjectType::Client).await?;
        let schema = schema.filter(|schema| schema.hubspot_object == RunsOn::Companies.object());
        Ok(schema.map_or_else(|| own.to_owned(), |schema| schema.key))
    }

    /// The enrolled record with some of its properties.
    pub(crate) async fn record<'p>(&self, properties: impl Iterator<Item = &'p str>) -> Result<Record, Trouble> {
        let fetch = Fetch { properties: properties.map(str::to_owned).collect(), ..Fetch::default() };
        let objects = self.connection.hubspot.objects();
        let record = objects.get(self.definition.runs_on.object(), self.call.record.as_str(), &fetch).await;
        record.map_err(|error| Trouble::hubspot(&error))
    }

    /// A record that names what was made of it before: nothing is done.
    pub(crate) fn skipped(&self, kleer_id: KleerId) -> Done {
        Done { deed: Deed::Skipped, kleer_id, note: self.definition.already(kleer_id) }
    }

    /// Makes the record in Kleer, once; lets it be pushed to HubSpot; writes its id on the enrolled record, last (design §3).
    pub(crate) async fn create(&self, object: ObjectType, document: &Document, note: String) -> Result<Done, Trouble> {
        let new = NewRecord {
            object,
            hubspot_object: self.definition.runs_on.object(),
            hubspot_id: &self.call.record,
            id_property: self.definition.id_output.name,
            document,
        };
        let made = sync::create(self.app, &self.connection, &new, self.until).await.map_err(|e| trouble(&e, None))?;
        if made.already {
            return Ok(self.skipped(made.kleer_id));
        }
        if self.definition.runs_on == RunsOn::Deals {
            self.push(object, made.kleer_id).await?;
        }
        let finished = sync::finish(self.app, &self.connection, &new, &made).await;
        finished.map_err(|e| trouble(&e, Some(made.kleer_id)))?;
        Ok(Done { deed: Deed::Created, kleer_id: made.kleer_id, note })
    }

    /// Lets a record be written to HubSpot now, and associated with the deal.
    pub(crate) async fn push(&self, object: ObjectType, kleer_id: KleerId) -> Result<(), Trouble> {
        let (portal, deal): (_, HubspotId) = (self.portal(), self.call.record.clone());
        let push = Push { object, kleer_id, associate: vec![(RunsOn::Deals.object().to_owned(), deal)] };
        let company = self.connection.installation.kleer_company;
        let message = Outgoing {
            envelope: Envelope::new(portal, company, Job::Push(push)),
            deduplication_id: format!("push#{portal}#{object}#{kleer_id}#{}", self.call.callback_id),
        };
        let sent = self.app.queue.send(QueueName::Change, vec![message], self.app.clock.now()).await;
        sent.map_err(|error| Trouble::later(SHORTLY, error))
    }
}

/// What it means that a create did not end well. `made` is the record, where there is one nevertheless.
fn trouble(error: &CreateError, made: Option<KleerId>) -> Trouble {
    if let Some(after) = error.again() {
        return Trouble::later(after, error);
    }
    let failed = |code, message: String| Failure { kleer_id: made, ..Failure::new(code, message) };
    match error {
        CreateError::Rejected { message } => {
            let remedy = "Correct it, then enrol the record again.";
            failed(ErrorCode::KleerRejected, format!("Kleer refused it: {} {remedy}", sentence(message))).into()
        }
        CreateError::Denied { message } => failed(ErrorCode::KleerDenied, sentence(message)).into(),
        CreateError::Bound(other) => {
            let message = format!(
                "The record in Kleer belongs to HubSpot's record {other} already. Merge the two records in HubSpot, or empty the \
                 Kleer ID of one of them."
            );
            failed(ErrorCode::HubspotRefused, message).into()
        }
        CreateError::Hubspot(error) => match Trouble::hubspot(error) {
            Trouble::Failed(failure) => Failure { kleer_id: made, ..failure }.into(),
            later => later,
        },
        other => Trouble::later(SHORTLY, other),
    }
}
