//! Work that waits. [`Job`] is the closed list of what a message can say; [`Queue`] is where messages wait.
//!
//! All queues are first-in-first-out within a *group* (the portal, or one of four lanes of it for single records), one batch of a
//! group at a time: a portal's work is done in order and never holds up another portal's. A job names what to look at and the worker reads the world itself; the one
//! job that carries values is [`Page`], and it carries the run it was planned in, so that a stale one is dropped.

mod embedded;
mod job;
mod sqs;

use std::collections::BTreeMap;
use std::time::Duration;

use domain::PortalId;

pub use jiff::Timestamp;
pub use job::{Envelope, Import, Job, Mend, Page, Push, RecordEvent, UnreadableJob};

/// The queues. One dead-letter queue stands behind each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum QueueName {
    /// One object type of one portal has its turn.
    Poll,
    /// Pages of changes to write to HubSpot.
    Sync,
    /// Single records: changed in HubSpot, or made in Kleer by a workflow action.
    Change,
}

impl QueueName {
    /// All queues.
    pub const ALL: [Self; 3] = [Self::Poll, Self::Sync, Self::Change];

    /// The name in keys and logs.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Poll => "poll",
            Self::Sync => "sync",
            Self::Change => "change",
        }
    }

    /// How long a message that was handed out stays with its worker: six times the worker's own time limit, as AWS asks.
    #[must_use]
    pub const fn visibility(self) -> Duration {
        match self {
            Self::Poll => Duration::from_secs(6 * 300),
            Self::Sync | Self::Change => Duration::from_secs(6 * 120),
        }
    }
}

/// The longest body of a message, in bytes: the embedded queue keeps a message in one item, and an item holds 400 KB.
/// SQS would take 1 MiB (contract toolchain).
pub const BODY_LIMIT: usize = 380_000;

/// The most messages in one batch.
pub const BATCH_LIMIT: usize = 10;

/// How often a message is handed out before it is put aside as a dead letter.
pub const MAX_RECEIVES: u32 = 20;

/// A message to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outgoing {
    /// What it says.
    pub envelope: Envelope,
    /// Two messages with the same id within five minutes are one.
    pub deduplication_id: String,
}

/// A message handed out to a worker, who deletes it, puts it back, or lets its time run out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// The queue it came from.
    pub queue: QueueName,
    /// Whose it is.
    pub portal: PortalId,
    /// Its group: the portal, or one lane of it.
    pub group: String,
    /// Names the message.
    pub id: String,
    /// Names this handing-out of it: what the queue asks for to delete it or to put it back.
    pub receipt: String,
    /// The body as it came.
    pub body: String,
    /// How often it was handed out, this time included.
    pub receive_count: u32,
}

/// What a worker made of a delivery. Whoever hands deliveries out (the local worker, Lambda) deletes it or puts it back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Handled {
    /// It is done with, whatever came of it.
    Done,
    /// It has to come again, after this long.
    Again(Duration),
    /// It was not tried, because something before it has to come again; this delivery does not count.
    NotYet,
}

/// A failure of the queue itself.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The store behind the embedded queue failed.
    #[error("the queue could not keep a message: {0}")]
    Store(#[from] store::Error),
    /// SQS failed or refused.
    #[error("the queue did not take a call: {0}")]
    Sqs(String),
    /// A body longer than [`BODY_LIMIT`].
    #[error("a message of {0} bytes is longer than a queue takes")]
    TooLong(usize),
    /// A job that cannot be written as JSON.
    #[error("a job could not be written: {0}")]
    Unwritable(#[from] serde_json::Error),
}

/// The portal that a group belongs to.
#[must_use]
pub fn portal_of(group: &str) -> Option<PortalId> {
    group.split('#').next()?.parse().ok()
}

/// The queues of this product. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Queue(Backend);

#[derive(Debug, Clone)]
enum Backend {
    Embedded(embedded::Embedded),
    Sqs(sqs::Sqs),
}

impl Queue {
    /// The queues of AWS by their addresses. A function needs those only that it sends to or is woken by.
    #[must_use]
    pub fn sqs(client: aws_sdk_sqs::Client, urls: BTreeMap<QueueName, String>) -> Self {
        Self(Backend::Sqs(sqs::Sqs::new(client, urls)))
    }

    /// The queues of one machine, kept in the store. Messages that were being worked on when the process ended are handed out
    /// again at once.
    ///
    /// # Errors
    /// If the stored messages cannot be read.
    pub async fn embedded(store: store::Store) -> Result<Self, Error> {
        Ok(Self(Backend::Embedded(embedded::Embedded::open(store).await?)))
    }

    /// Puts messages at the end of a queue, in order.
    ///
    /// # Errors
    /// If one of them could not be kept; those before it were.
    pub async fn send(&self, queue: QueueName, messages: Vec<Outgoing>, now: Timestamp) -> Result<(), Error> {
        match &self.0 {
            Backend::Embedded(embedded) => embedded.send(queue, messages, now).await,
            Backend::Sqs(sqs) => sqs.send(queue, messages).await,
        }
    }

    /// Hands out the next batch of one group, at most [`BATCH_LIMIT`]; empty if nothing can be handed out now.
    ///
    /// # Errors
    /// If the queue fails.
    pub async fn receive(&self, queue: QueueName, now: Timestamp) -> Result<Vec<Delivery>, Error> {
        match &self.0 {
            Backend::Embedded(embedded) => embedded.receive(queue, now).await,
            Backend::Sqs(sqs) => sqs.receive(queue).await,
        }
    }

    /// Forgets a message that was handled.
    ///
    /// # Errors
    /// If the queue fails; the message comes again then.
    pub async fn delete(&self, delivery: &Delivery) -> Result<(), Error> {
        match &self.0 {
            Backend::Embedded(embedded) => embedded.delete(delivery).await,
            Backend::Sqs(sqs) => sqs.delete(delivery).await,
        }
    }

    /// Puts a message back, to be handed out again after a pause; its group waits with it.
    ///
    /// # Errors
    /// If the queue fails; the message comes again when its time runs out.
    pub async fn put_back(&self, delivery: &Delivery, pause: Duration, now: Timestamp) -> Result<(), Error> {
        match &self.0 {
            Backend::Embedded(embedded) => embedded.put_back(delivery, pause, now).await,
            Backend::Sqs(sqs) => sqs.put_back(delivery, pause).await,
        }
    }

    /// Puts a message back that was not tried: it can be handed out at once, and this delivery does not count. SQS counts it
    /// nevertheless; [`MAX_RECEIVES`] has room for that, since a page waits behind few others and each of them is tried three times.
    ///
    /// # Errors
    /// If the queue fails; the message comes again when its time runs out.
    pub async fn put_back_untried(&self, delivery: &Delivery, now: Timestamp) -> Result<(), Error> {
        match &self.0 {
            Backend::Embedded(embedded) => embedded.put_back_untried(delivery, now).await,
            Backend::Sqs(sqs) => sqs.put_back(delivery, Duration::ZERO).await,
        }
    }

    /// Asks about a queue without touching a message: opens the connection.
    ///
    /// # Errors
    /// If the queue is not there, or does not answer.
    pub async fn check(&self, queue: QueueName) -> Result<(), Error> {
        match &self.0 {
            Backend::Embedded(_) => Ok(()),
            Backend::Sqs(sqs) => sqs.check(queue).await,
        }
    }

    /// How many messages wait or are being worked on, without dead letters. Only embedded queues know; on AWS
    /// the queue's own metrics tell, and this is 0.
    #[must_use]
    pub fn depth(&self, queue: QueueName) -> usize {
        match &self.0 {
            Backend::Embedded(embedded) => embedded.depth(queue),
            Backend::Sqs(_) => 0,
        }
    }

    /// When the next message can be handed out: now or a moment to come; none if no message waits, and
    /// on AWS, where nobody needs to know.
    #[must_use]
    pub fn next_ready(&self, queue: QueueName) -> Option<Timestamp> {
        match &self.0 {
            Backend::Embedded(embedded) => embedded.next_ready(queue),
            Backend::Sqs(_) => None,
        }
    }

    /// The bodies of dead letters: messages that were handed out [`MAX_RECEIVES`] times and never handled. On
    /// AWS they lie in a queue of their own, and this is empty.
    #[must_use]
    pub fn dead_letters(&self, queue: QueueName) -> Vec<String> {
        match &self.0 {
            Backend::Embedded(embedded) => embedded.dead_letters(queue),
            Backend::Sqs(_) => Vec::new(),
        }
    }
}
