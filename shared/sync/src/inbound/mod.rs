//! HubSpot to Kleer: a record of HubSpot may have changed, and what a person changed is brought to Kleer.
//!
//! A message names a record and says no more: the record itself is read, and compared with what was last synchronized and with
//! what Kleer says ([`domain::plan_import`]). What was changed in HubSpot alone is written to Kleer, in one save of the whole
//! document; where Kleer says otherwise afterwards, HubSpot is told; then the binding is committed with the fingerprint that
//! the next poll computes, so that it finds nothing to do.

mod changed;
mod deleted;
mod find;
mod made;
mod mapped;
mod merged;
mod resource;
mod search;
mod telling;

use std::time::Duration;

use app::App;
use domain::{ObjectSettings, PortalId, schedule};
use jiff::Timestamp;
use queue::{Envelope, Import, Job, Outgoing, QueueName, RecordEvent};
use tracing::Instrument as _;

use crate::outbound::failure::Failure;

pub(crate) use find::{read as read_records, values as record_values};
pub use mapped::{Mapped, MappedError, Unfit, overlay, read_mapped};
pub use search::search;

/// How often a message is tried before another takes its place; fewer than the queue hands it out.
const TRIES: u32 = 12;
/// The longest that a message waits in the queue.
const LONGEST: Duration = Duration::from_secs(60);
/// People change several fields of a record one after the other, and each is told apart: what is younger than this waits a
/// moment, so that one save carries all of them.
const SETTLES: Duration = Duration::from_millis(1500);
/// A taken binding is free again after this long, if its worker never came back.
const HELD: Duration = Duration::from_secs(3 * 60);

/// What became of an import.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Imported {
    /// Both sides say the same now: Kleer was told, or HubSpot, or both.
    Written,
    /// There was nothing to do: an echo, a repetition, or a property that is not mapped.
    Unchanged,
    /// Kleer refused, or cannot hold a value; a problem says so.
    Refused,
    /// The record is none of ours, or its type travels one way or is switched off.
    Ignored,
    /// The record was made in Kleer.
    Created,
    /// What is bound to what has changed: the record was deleted, restored or merged.
    Rebound,
    /// The portal is disconnected, or connected to another company by now.
    Stale,
    /// A person has to act for the portal as a whole first; the next comparison of both sides finds the change again.
    Impossible,
}

/// An import that has to come again.
#[derive(Debug, thiserror::Error)]
#[error("{reason}")]
pub struct ImportError {
    /// After this long; at most a minute.
    pub pause: Duration,
    reason: String,
}

/// Imports a record. Imported twice, the second time finds its work done. `delivery` is how often the message was delivered.
///
/// # Errors
/// If the message has to come again; everything that was written is found again.
pub async fn import(app: &App, envelope: &Envelope, import: &Import, delivery: u32) -> Result<Imported, ImportError> {
    let (portal, object, id) = (envelope.portal, &import.hubspot_object, &import.hubspot_id);
    let span = tracing::info_span!("import", %portal, hubspot_object = %object, hubspot_id = %id);
    let importing = Importing { app, portal, envelope, import, delivery };
    importing.run().instrument(span).await
}

/// One record on its way.
struct Importing<'a> {
    app: &'a App,
    portal: PortalId,
    envelope: &'a Envelope,
    import: &'a Import,
    delivery: u32,
}

impl Importing<'_> {
    async fn run(&self) -> Result<Imported, ImportError> {
        if let Some(pause) = self.settles() {
            return Err(ImportError {
                pause,
                reason: "the record changed a moment ago, and may change again".to_owned(),
            });
        }
        let failure = match self.work().await {
            Ok(imported) => {
                tracing::info!(?imported, "imported");
                return Ok(imported);
            }
            Err(failure) => failure.or_token_refused(self.app, self.portal).await,
        };
        if let Failure::Connect(error) = &failure
            && !error.is_transient()
        {
            tracing::info!(%error, "the import is dropped");
            return Ok(Imported::Stale);
        }
        let passes = failure.pause().is_some_and(|pause| pause <= LONGEST);
        if !passes {
            // Every other import of the portal would fail likewise.
            tracing::warn!(reason = %failure, "the import waits until a person or time has mended the portal");
            return Ok(Imported::Impossible);
        }
        if self.delivery < TRIES {
            return Err(self.again(&failure.to_string()));
        }
        // The queue would put it aside: a new message takes its place, so that an outage of hours loses nothing.
        self.send_anew().await.map_err(|error| self.again(&error.to_string()))?;
        tracing::warn!(reason = %failure, "the import begins anew");
        Ok(Imported::Impossible)
    }

    /// How long a record that changed a moment ago is left alone; none if it was long enough.
    fn settles(&self) -> Option<Duration> {
        let left = schedule::later(self.at(), SETTLES).duration_since(self.app.clock.now());
        let left = Duration::try_from(left).ok().filter(|left| !left.is_zero());
        left.filter(|_| self.import.event.is_about_values())
    }

    fn again(&self, reason: &str) -> ImportError {
        let growing = Duration::from_secs(5) * 2_u32.pow(self.delivery.saturating_sub(1).min(4));
        let pause = growing.min(LONGEST);
        tracing::warn!(reason, pause_s = pause.as_secs(), "the import comes again");
        ImportError { pause, reason: reason.to_owned() }
    }

    async fn send_anew(&self) -> Result<(), queue::Error> {
        let now = self.app.clock.now();
        let Import { hubspot_object, hubspot_id, .. } = self.import;
        let envelope = Envelope::new(self.portal, self.envelope.kleer_company, Job::Import(self.import.clone()));
        let deduplication_id = format!("import#{}#{hubspot_object}#{hubspot_id}#{}", self.portal, now.as_millisecond());
        self.app.queue.send(QueueName::Change, vec![Outgoing { deduplication_id, envelope }], now).await
    }

    async fn work(&self) -> Result<Imported, Failure> {
        let chosen = self.chosen().await?;
        if chosen.is_empty() {
            return Ok(Imported::Ignored);
        }
        let connection = self.app.connect_urgently(self.portal).await?;
        if connection.installation.kleer_company != self.envelope.kleer_company {
            return Ok(Imported::Stale);
        }
        match &self.import.event {
            // Boxed, so that the largest of them does not weigh on all that call this.
            RecordEvent::Changed | RecordEvent::Created => Box::pin(self.changed(&connection, chosen)).await,
            RecordEvent::Deleted | RecordEvent::Restored => {
                Box::pin(self.deleted_or_restored(&connection, chosen)).await
            }
            RecordEvent::Merged(others) => Box::pin(self.merged(&connection, chosen, others)).await,
        }
    }

    /// The types that are switched on and go to the record's HubSpot object.
    async fn chosen(&self) -> Result<Vec<ObjectSettings>, Failure> {
        let goes_there =
            |settings: &ObjectSettings| settings.enabled && settings.hubspot_object == self.import.hubspot_object;
        let mut chosen = Vec::new();
        for object in domain::ObjectType::POLLED {
            // Only what is deleted, restored or merged concerns types that travel one way.
            let concerns = resource::Resource::of(object).is_some() || !self.import.event.is_about_values();
            if concerns {
                let settings = self.app.store.settings(self.portal, object).await?.map(|settings| settings.value);
                chosen.extend(settings.filter(goes_there));
            }
        }
        Ok(chosen)
    }

    /// Names this record's work, so that it may go on after a crash.
    fn holder(&self) -> String {
        format!("import#{}#{}", self.import.hubspot_object, self.import.hubspot_id)
    }

    /// When it happened, for the activity list; not in the future, whatever HubSpot's clock says.
    fn at(&self) -> Timestamp {
        self.import.at.min(self.app.clock.now())
    }
}
