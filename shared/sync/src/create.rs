//! A record of HubSpot asks for one in Kleer, and gets exactly one (design §3 Creates in Kleer, exactly once).
//!
//! ```text
//! claim the execution ─▶ note that a create goes out ─▶ create ─▶ note what was made ─▶ finish: write the id, note that it is done
//!                              ▲                          │ nobody knows
//!                              └── not there, and late ◀── look it up by its foreign id
//! ```
//!
//! Kleer has no unique ids of ours and no idempotency: what keeps a second record from being made is that nobody sends a create
//! without the claim, and nobody sends a second one before having looked for what the first may have made. A create of which
//! nothing was heard may still be under way, so that its absence counts only after [`SETTLES`].

mod error;
mod finish;
mod look;

use std::time::Duration;

use app::{App, Connection};
use domain::{HubspotId, KleerId, ObjectType, PortalId, foreign_id, schedule};
use jiff::Timestamp;
use kleer::{Document, New};
use store::{Claimed, Execution, ExecutionKey};
use tracing::Instrument as _;

pub use error::CreateError;
pub use finish::{bind, finish};

/// No create may take longer than this, whatever its caller allows: [`SETTLES`] relies on it.
const LONGEST: Duration = Duration::from_secs(60);
/// The claim lasts this much longer than the work, so that whoever is a little late is not overtaken.
const GRACE: Duration = Duration::from_secs(10);
/// A create of which nothing was heard may be carried out this long after it was sent.
const SETTLES: Duration = Duration::from_secs(120);

/// One record of Kleer that a record of HubSpot asks for.
#[derive(Debug, Clone, Copy)]
pub struct NewRecord<'a> {
    /// The type: clients, invoices, agreements, projects.
    pub object: ObjectType,
    /// The HubSpot object of the record that asks: its name in paths.
    pub hubspot_object: &'a str,
    /// The record that asks.
    pub hubspot_id: &'a HubspotId,
    /// The property of it that holds the id of what was made.
    pub id_property: &'a str,
    /// The whole record in Kleer's words. Its `foreign-id` is set here; a project without a number gets `HS-{record}`.
    pub document: &'a Document,
}

/// What a record of HubSpot has in Kleer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// The record in Kleer.
    pub kleer_id: KleerId,
    /// It had it before, and knows it: there is nothing to finish.
    pub already: bool,
    generation: u64,
}

impl NewRecord<'_> {
    fn key(&self, portal: PortalId) -> ExecutionKey {
        key(portal, self.object, self.hubspot_object, self.hubspot_id)
    }
}

/// Named by what is made, not by who asks: two different actions that make a client of one company make one.
fn key(portal: PortalId, object: ObjectType, hubspot_object: &str, hubspot_id: &HubspotId) -> ExecutionKey {
    let (hubspot_object, hubspot_id) = (hubspot_object.to_owned(), hubspot_id.clone());
    ExecutionKey { portal, hubspot_object, hubspot_id, action: format!("create-{object}") }
}

/// What was made for a record of HubSpot and is not finished: whoever asks for it again completes it, although the two may be bound
/// already. None if nothing was made, or all was finished.
///
/// # Errors
/// If the table fails.
pub async fn unfinished(
    app: &App,
    portal: PortalId,
    object: ObjectType,
    (hubspot_object, hubspot_id): (&str, &HubspotId),
) -> Result<Option<KleerId>, store::Error> {
    let execution = app.store.execution(&key(portal, object, hubspot_object, hubspot_id)).await?;
    Ok(execution.filter(|execution| !execution.done).and_then(|execution| execution.kleer_id))
}

/// Makes the record, or finds the one that was made before. The caller has seen that the record's id property is empty; it queues
/// a push of what was made, if there is one, and then calls [`finish`]. After any failure the same again is safe.
///
/// `until` is when an answer is needed.
///
/// # Errors
/// [`CreateError::again`] tells whether to try again; nothing is made twice.
pub async fn create(
    app: &App,
    connection: &Connection,
    new: &NewRecord<'_>,
    until: Timestamp,
) -> Result<Made, CreateError> {
    let portal = connection.installation.portal;
    let span = tracing::info_span!("create", %portal, object = %new.object, record = %new.hubspot_id);
    once(app, connection, new, until).instrument(span).await
}

async fn once(app: &App, connection: &Connection, new: &NewRecord<'_>, until: Timestamp) -> Result<Made, CreateError> {
    let now = app.clock.now();
    let until = until.min(schedule::later(now, LONGEST));
    let key = new.key(connection.installation.portal);
    let execution = match app.store.claim_execution(&key, now, schedule::later(until, GRACE)).await? {
        Claimed::Mine(execution) => execution,
        Claimed::Busy(held) => return Err(CreateError::busy(now, held)),
    };
    let claim = execution.claim;
    let making = Making { app, connection, new, key: &key, execution };
    let left = Duration::try_from(until.duration_since(now)).unwrap_or_default();
    let made = match app.clock.timeout(left, Box::pin(making.make())).await {
        Ok(made) => made,
        Err(_) => Err(CreateError::soon("Kleer did not get to it in time")),
    };
    // Until what was made is finished, it stays claimed: a second workflow would push it again.
    if !made.as_ref().is_ok_and(|made| !made.already)
        && let Err(error) = app.store.release_execution(&key, claim).await
    {
        tracing::warn!(%error, "the claim ends with its lease");
    }
    match &made {
        Ok(made) => tracing::info!(kleer_id = made.kleer_id.0, already = made.already, "made in Kleer"),
        Err(error) => tracing::warn!(%error, "not made in Kleer"),
    }
    made
}

/// A record while it is made.
struct Making<'a> {
    app: &'a App,
    connection: &'a Connection,
    new: &'a NewRecord<'a>,
    key: &'a ExecutionKey,
    execution: Execution,
}

impl Making<'_> {
    async fn make(mut self) -> Result<Made, CreateError> {
        if self.execution.done {
            // Somebody may have finished since the caller looked.
            if let Some(text) = finish::id_of(self.connection, self.new).await? {
                let kleer_id = text.parse().ok().or(self.execution.kleer_id).unwrap_or(KleerId(0));
                return Ok(Made { kleer_id, already: true, generation: self.execution.generation });
            }
            self.begin_anew().await?;
        }
        if let Some(kleer_id) = self.execution.kleer_id {
            return Ok(self.made(kleer_id));
        }
        if let Some(sent_at) = self.execution.sent_at {
            if let Some(kleer_id) = self.look().await? {
                return self.remember(kleer_id).await;
            }
            let settled = schedule::later(sent_at, SETTLES);
            let now = self.app.clock.now();
            if now < settled {
                return Err(CreateError::unsettled(now, settled));
            }
        }
        self.send().await
    }

    /// The user emptied the id: something new is wanted.
    async fn begin_anew(&mut self) -> Result<(), CreateError> {
        if !self.app.store.next_generation(self.key, &self.execution).await? {
            return Err(CreateError::overtaken());
        }
        tracing::info!("its id was emptied by a user; another record is made");
        let Execution { claim, generation, kleer_id, .. } = self.execution;
        let (previous, generation) = (kleer_id, generation + 1);
        self.execution = Execution { claim, generation, sent_at: None, kleer_id: None, previous, done: false };
        Ok(())
    }

    /// Creates; a second time only after a refusal that may have been a passing one, and when nothing was made.
    async fn send(&self) -> Result<Made, CreateError> {
        let (new, document) = (self.kind().await?, self.document());
        let first = match self.put(new, &document).await? {
            Ok(Some(id)) => return self.remember(KleerId(id)).await,
            Ok(None) => return self.find().await,
            Err(error) => error,
        };
        if !first.sent {
            return Err(self.refused(&first).await);
        }
        if !kleer::is_business_error(&first) {
            tracing::warn!(error = %first, "nobody knows whether it was made");
            return self.find().await;
        }
        if let Some(kleer_id) = self.look().await? {
            return self.remember(kleer_id).await;
        }
        // Kleer has answered, so nothing is under way; it says so of passing troubles as well (contract kleer-api §2).
        let second = match self.put(new, &document).await? {
            Ok(Some(id)) => return self.remember(KleerId(id)).await,
            Ok(None) => return self.find().await,
            Err(second) => kleer::repeated(&first, second),
        };
        if second.kind() != rest::ErrorKind::Rejected {
            return self.find().await;
        }
        match self.look().await? {
            Some(kleer_id) => self.remember(kleer_id).await,
            None => Err(self.refused(&second).await),
        }
    }

    async fn put(&self, new: New, document: &Document) -> Result<Result<Option<i64>, rest::Error>, CreateError> {
        let note = async {
            let now = self.app.clock.now();
            match self.app.store.execution_sent(self.key, self.execution.claim, now).await {
                Ok(true) => Ok(()),
                Ok(false) => Err(CreateError::overtaken()),
                Err(error) => Err(CreateError::Store(error)),
            }
        };
        self.connection.kleer.create(new, document, note).await
    }

    /// Looks for what was just sent; if it is not there, it may still come.
    async fn find(&self) -> Result<Made, CreateError> {
        match self.look().await? {
            Some(kleer_id) => self.remember(kleer_id).await,
            None => {
                let now = self.app.clock.now();
                Err(CreateError::unsettled(now, schedule::later(now, SETTLES)))
            }
        }
    }

    /// Nothing was made: the next try may begin at once.
    async fn refused(&self, error: &rest::Error) -> CreateError {
        match self.app.store.execution_refused(self.key, self.execution.claim).await {
            Ok(_) => self.meaning(error).await,
            Err(error) => CreateError::Store(error),
        }
    }

    async fn remember(&self, kleer_id: KleerId) -> Result<Made, CreateError> {
        if self.app.store.execution_made(self.key, self.execution.claim, kleer_id).await? {
            Ok(self.made(kleer_id))
        } else {
            Err(CreateError::overtaken())
        }
    }

    fn made(&self, kleer_id: KleerId) -> Made {
        Made { kleer_id, already: false, generation: self.execution.generation }
    }

    /// What is sent: the caller's document, with what it is found by.
    fn document(&self) -> Document {
        let mut document = self.new.document.clone();
        match self.new.object {
            ObjectType::Project => {
                if let Some(number) = self.number_of_ours() {
                    document.set("number", number);
                }
            }
            _ => document.set("foreign-id", self.foreign_id()),
        }
        document
    }

    fn foreign_id(&self) -> String {
        let ExecutionKey { portal, hubspot_object, hubspot_id, action } = self.key;
        foreign_id(*portal, hubspot_object, hubspot_id, action, self.execution.generation)
    }

    /// The number of a project to which nobody gave one.
    fn number_of_ours(&self) -> Option<String> {
        let has_one = matches!(self.new.document.text("number"), Ok(Some(number)) if !number.trim().is_empty());
        let (id, generation) = (self.new.hubspot_id, self.execution.generation);
        let number = if generation > 1 { format!("HS-{id}-{generation}") } else { format!("HS-{id}") };
        (!has_one).then_some(number)
    }
}
