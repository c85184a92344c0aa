//! Executions: what a record of HubSpot asked us to make in Kleer, and how far that has come; and calls of workflows, each of
//! which is executed once.
//!
//! An execution is *claimed* before Kleer is asked and carries the number of its claim: whoever was overtaken after its lease
//! can write nothing any more. What was noted by an earlier claim (that a create went out, what it made) is there for the next.

use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue};
use domain::{HubspotId, KleerId, PortalId};
use jiff::Timestamp;

use crate::item::{Item, at, moment, n, number, s, text};
use crate::{Error, Store};

/// What a call of a workflow came to is remembered for this long; HubSpot repeats one for three days at most (contract
/// hubspot-platform §6).
const CALLBACK_KEPT_S: i64 = 7 * 24 * 60 * 60;

/// Names an execution: one record of HubSpot, and what is made of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExecutionKey {
    /// The portal.
    pub portal: PortalId,
    /// The HubSpot object: its name in paths.
    pub hubspot_object: String,
    /// The record.
    pub hubspot_id: HubspotId,
    /// What is made, such as `create-invoice`.
    pub action: String,
}

impl ExecutionKey {
    /// One partition for a portal, so that forgetting it finds them all.
    fn partition(&self) -> String {
        format!("{}#execution", self.portal)
    }

    fn sort(&self) -> String {
        format!("{}#{}#{}", self.hubspot_object, self.hubspot_id, self.action)
    }
}

/// How far an execution has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Execution {
    /// The number of the claim that wrote it last, from 1.
    pub claim: u64,
    /// How often a user wanted it anew, from 1: emptying the property that holds the id begins another.
    pub generation: u64,
    /// When a create went out of which nothing is known yet.
    pub sent_at: Option<Timestamp>,
    /// What was made.
    pub kleer_id: Option<KleerId>,
    /// What was made the time before.
    pub previous: Option<KleerId>,
    /// The record in HubSpot knows what was made.
    pub done: bool,
}

/// What came of claiming an execution.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Claimed {
    /// It is the caller's until the lease ends.
    Mine(Execution),
    /// Somebody else's, until then.
    Busy(Timestamp),
}

/// What came of claiming a call of a workflow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Callback {
    /// It is the caller's until the lease ends. The number of the claim.
    Mine(u64),
    /// Somebody else executes it, until then.
    Busy {
        /// The end of that lease.
        until: Timestamp,
    },
    /// It was executed before, with this answer.
    Answered(String),
}

/// One write to an item, and the condition of it besides that the claim is the caller's.
struct Note<'a> {
    partition: &'a str,
    sort: &'a str,
    expression: &'a str,
    condition: &'a str,
    values: Vec<(&'static str, AttributeValue)>,
}

impl Store {
    /// Claims an execution until a moment, unless somebody else has it now.
    ///
    /// # Errors
    /// If the table fails.
    pub async fn claim_execution(
        &self,
        key: &ExecutionKey,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<Claimed, Error> {
        let partition = key.partition();
        let claim = Note {
            partition: &partition,
            sort: &key.sort(),
            expression: "SET claims = if_not_exists(claims, :zero) + :one, held_until = :until, \
                         generation = if_not_exists(generation, :one)",
            condition: "attribute_not_exists(held_until) OR held_until <= :now",
            values: vec![(":zero", n(0)), (":one", n(1)), (":until", at(until)), (":now", at(now))],
        };
        match self.note(claim).await? {
            Some(item) => Ok(Claimed::Mine(execution(&item)?)),
            None => {
                let found = self.get_item(&partition, &key.sort()).await?;
                let held = found.map(|item| moment(&item, "held_until")).transpose()?.flatten();
                // Freed in between: it can be claimed at once.
                Ok(Claimed::Busy(held.unwrap_or(now)))
            }
        }
    }

    /// Notes that a create is about to go out. False if somebody else has claimed the execution; then it must not.
    ///
    /// # Errors
    /// If the table fails.
    pub async fn execution_sent(&self, key: &ExecutionKey, claim: u64, now: Timestamp) -> Result<bool, Error> {
        self.note_execution(key, claim, "SET sent_at = :at", vec![(":at", at(now))]).await
    }

    /// Notes what was made; the claim stays. False if somebody else has claimed the execution.
    ///
    /// # Errors
    /// If the table fails.
    pub async fn execution_made(&self, key: &ExecutionKey, claim: u64, kleer_id: KleerId) -> Result<bool, Error> {
        self.note_execution(key, claim, "SET kleer_id = :id REMOVE sent_at", vec![(":id", n(kleer_id))]).await
    }

    /// Notes that nothing was made and nothing is under way, and ends the claim.
    ///
    /// # Errors
    /// If the table fails.
    pub async fn execution_refused(&self, key: &ExecutionKey, claim: u64) -> Result<bool, Error> {
        self.note_execution(key, claim, "REMOVE sent_at, held_until", Vec::new()).await
    }

    /// Ends a claim, and leaves everything as it is.
    ///
    /// # Errors
    /// If the table fails; the claim ends with its lease then.
    pub async fn release_execution(&self, key: &ExecutionKey, claim: u64) -> Result<bool, Error> {
        self.note_execution(key, claim, "REMOVE held_until", Vec::new()).await
    }

    /// Begins the next generation of an execution that was done: something new is to be made.
    ///
    /// # Errors
    /// If the table fails.
    pub async fn next_generation(&self, key: &ExecutionKey, execution: &Execution) -> Result<bool, Error> {
        let expression = "SET generation = :next, previous = kleer_id REMOVE kleer_id, sent_at, done";
        self.note_execution(key, execution.claim, expression, vec![(":next", n(execution.generation + 1))]).await
    }

    /// Notes that the record in HubSpot knows what was made, whoever has claimed the execution meanwhile: it is true for
    /// everybody. False if something else was made since.
    ///
    /// # Errors
    /// If the table fails.
    pub async fn execution_done(&self, key: &ExecutionKey, generation: u64, kleer_id: KleerId) -> Result<bool, Error> {
        let done = Note {
            partition: &key.partition(),
            sort: &key.sort(),
            expression: "SET done = :one REMOVE held_until, sent_at",
            condition: "generation = :generation AND kleer_id = :id",
            values: vec![(":one", n(1)), (":generation", n(generation)), (":id", n(kleer_id))],
        };
        Ok(self.note(done).await?.is_some())
    }

    /// How far an execution has come; none if it never began.
    ///
    /// # Errors
    /// If the table fails or the item cannot be read.
    pub async fn execution(&self, key: &ExecutionKey) -> Result<Option<Execution>, Error> {
        self.get_item(&key.partition(), &key.sort()).await?.as_ref().map(execution).transpose()
    }

    async fn note_execution(
        &self,
        key: &ExecutionKey,
        claim: u64,
        expression: &str,
        mut values: Vec<(&'static str, AttributeValue)>,
    ) -> Result<bool, Error> {
        values.push((":claim", n(claim)));
        let partition = key.partition();
        let note = Note { partition: &partition, sort: &key.sort(), expression, condition: "claims = :claim", values };
        Ok(self.note(note).await?.is_some())
    }

    /// Claims a call of a workflow until a moment, unless it was answered or somebody else executes it now.
    ///
    /// # Errors
    /// If the table fails.
    pub async fn claim_callback(
        &self,
        portal: PortalId,
        callback_id: &str,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<Callback, Error> {
        let partition = callback_partition(portal);
        let claim = Note {
            partition: &partition,
            sort: callback_id,
            expression: "SET claims = if_not_exists(claims, :zero) + :one, held_until = :until, expires_at = :expires",
            condition: "attribute_not_exists(answer) AND (attribute_not_exists(held_until) OR held_until <= :now)",
            values: vec![
                (":zero", n(0)),
                (":one", n(1)),
                (":until", at(until)),
                (":now", at(now)),
                (":expires", n(now.as_second() + CALLBACK_KEPT_S)),
            ],
        };
        if let Some(item) = self.note(claim).await? {
            return Ok(Callback::Mine(number(&item, "claims")?.unwrap_or(1)));
        }
        let found = self.get_item(&partition, callback_id).await?.unwrap_or_default();
        match text(&found, "answer") {
            Some(answer) => Ok(Callback::Answered(answer.to_owned())),
            None => Ok(Callback::Busy { until: moment(&found, "held_until")?.unwrap_or(now) }),
        }
    }

    /// Keeps the answer to a call of a workflow; it is given again to whoever repeats the call. False if somebody else has
    /// claimed the call meanwhile.
    ///
    /// # Errors
    /// If the table fails.
    pub async fn answer_callback(
        &self,
        portal: PortalId,
        callback_id: &str,
        claim: u64,
        answer: &str,
        expires: Timestamp,
    ) -> Result<bool, Error> {
        let note = Note {
            partition: &callback_partition(portal),
            sort: callback_id,
            expression: "SET answer = :answer, expires_at = :expires REMOVE held_until",
            condition: "claims = :claim",
            values: vec![(":answer", s(answer)), (":expires", n(expires.as_second())), (":claim", n(claim))],
        };
        Ok(self.note(note).await?.is_some())
    }

    /// Ends the claim of a call that was not executed, so that its repetition can begin at once.
    ///
    /// # Errors
    /// If the table fails; the claim ends with its lease then.
    pub async fn release_callback(&self, portal: PortalId, callback_id: &str, claim: u64) -> Result<(), Error> {
        let note = Note {
            partition: &callback_partition(portal),
            sort: callback_id,
            expression: "REMOVE held_until",
            condition: "claims = :claim",
            values: vec![(":claim", n(claim))],
        };
        self.note(note).await.map(|_| ())
    }

    /// Does a write; the item after it, or none if its condition does not hold.
    async fn note(&self, note: Note<'_>) -> Result<Option<Item>, Error> {
        let mut update = self
            .client
            .update_item()
            .table_name(&self.table)
            .key("pk", s(note.partition))
            .key("sk", s(note.sort))
            .update_expression(note.expression)
            .condition_expression(note.condition)
            .return_values(ReturnValue::AllNew);
        for (name, value) in note.values {
            update = update.expression_attribute_values(name, value);
        }
        match update.send().await {
            Ok(answer) => Ok(Some(answer.attributes.unwrap_or_default())),
            Err(e) if e.as_service_error().is_some_and(|e| e.is_conditional_check_failed_exception()) => Ok(None),
            Err(e) => Err(Error::from_sdk(&e)),
        }
    }
}

fn callback_partition(portal: PortalId) -> String {
    format!("{portal}#callback")
}

fn execution(item: &Item) -> Result<Execution, Error> {
    Ok(Execution {
        claim: number(item, "claims")?.unwrap_or(0),
        generation: number(item, "generation")?.unwrap_or(1),
        sent_at: moment(item, "sent_at")?,
        kleer_id: number(item, "kleer_id")?.map(KleerId),
        previous: number(item, "previous")?.map(KleerId),
        done: number::<u8>(item, "done")?.is_some(),
    })
}
