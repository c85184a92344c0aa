//! Messages of the embedded queue, so that a restart loses none. On AWS they wait in SQS instead.

use aws_sdk_dynamodb::types::{Put, TransactWriteItem};
use domain::PortalId;

use crate::item::{Item, n, number, s, text};
use crate::table::DUE_INDEX;
use crate::{Error, Store};

/// The queues that messages may be kept for; those of the `queue` crate.
pub const QUEUES: [&str; 3] = ["poll", "sync", "change"];

/// The most messages that are kept in one call; what a transaction takes.
pub const MESSAGES_LIMIT: usize = 100;

/// A message as it is kept. `queue` and `id` name it; `sequence` is the order of arrival within the queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredMessage {
    /// The portal it belongs to.
    pub portal: PortalId,
    /// The queue's name.
    pub queue: String,
    /// Unique within the queue.
    pub id: String,
    /// Order of arrival.
    pub sequence: i64,
    /// Messages of a group are handed out in order, one batch at a time.
    pub group: String,
    /// What it says.
    pub body: String,
    /// How often it was handed out.
    pub receive_count: u32,
}

impl Store {
    /// Keeps a message, or what changed of it.
    ///
    /// # Errors
    /// If the table fails.
    pub async fn put_message(&self, message: &StoredMessage) -> Result<(), Error> {
        let put = self.client.put_item().table_name(&self.table).set_item(Some(item(message)));
        put.send().await.map_err(|e| Error::from_sdk(&e))?;
        Ok(())
    }

    /// Keeps new messages: all of them or none. At most [`MESSAGES_LIMIT`], and 2 MB of them.
    ///
    /// # Errors
    /// If the table fails.
    pub async fn put_messages(&self, messages: &[StoredMessage]) -> Result<(), Error> {
        if let [message] = messages {
            return self.put_message(message).await;
        }
        let put = |message: &StoredMessage| {
            let put = Put::builder().table_name(&self.table).set_item(Some(item(message))).build();
            let put = put.map_err(|e| Error::unreadable(&message.id, e))?;
            Ok(TransactWriteItem::builder().put(put).build())
        };
        let puts = messages.iter().map(put).collect::<Result<Vec<_>, Error>>()?;
        if !puts.is_empty() {
            let write = self.client.transact_write_items().set_transact_items(Some(puts));
            write.send().await.map_err(|e| Error::from_sdk(&e))?;
        }
        Ok(())
    }

    /// Forgets a message that was handled.
    ///
    /// # Errors
    /// If the table fails.
    pub async fn delete_message(&self, portal: PortalId, queue: &str, id: &str) -> Result<(), Error> {
        self.delete_item(&partition(portal, queue), id).await
    }

    /// All messages of a queue in order of arrival; read once, at start.
    ///
    /// # Errors
    /// If the table fails or a message cannot be read.
    pub async fn messages(&self, queue: &str) -> Result<Vec<StoredMessage>, Error> {
        let mut messages = Vec::new();
        let mut start: Option<Item> = None;
        loop {
            let answer = self
                .client
                .query()
                .table_name(&self.table)
                .index_name(DUE_INDEX)
                .key_condition_expression("due_shard = :shard")
                .expression_attribute_values(":shard", s(format!("queue#{queue}")))
                .set_exclusive_start_key(start.take())
                .send()
                .await
                .map_err(|e| Error::from_sdk(&e))?;
            for key in answer.items.unwrap_or_default() {
                let (Some(pk), Some(sk)) = (text(&key, "pk"), text(&key, "sk")) else { continue };
                if let Some(item) = self.get_item(pk, sk).await? {
                    messages.push(read(&item)?);
                }
            }
            start = answer.last_evaluated_key.filter(|key| !key.is_empty());
            if start.is_none() {
                return Ok(messages);
            }
        }
    }
}

fn item(message: &StoredMessage) -> Item {
    let values = [
        ("pk", s(partition(message.portal, &message.queue))),
        ("sk", s(&message.id)),
        ("due_shard", s(format!("queue#{}", message.queue))),
        ("due_at", n(message.sequence)),
        ("portal", n(message.portal)),
        ("queue", s(&message.queue)),
        ("grp", s(&message.group)),
        ("body", s(&message.body)),
        ("received", n(message.receive_count)),
    ];
    values.map(|(name, value)| (name.to_owned(), value)).into()
}

fn read(item: &Item) -> Result<StoredMessage, Error> {
    let unreadable = |what: &str| Error::unreadable(crate::item::key_of(item), format!("it has no {what}"));
    let string = |name: &str| text(item, name).map(str::to_owned).ok_or_else(|| unreadable(name));
    Ok(StoredMessage {
        portal: PortalId(number(item, "portal")?.ok_or_else(|| unreadable("portal"))?),
        queue: string("queue")?,
        id: string("sk")?,
        sequence: number(item, "due_at")?.ok_or_else(|| unreadable("due_at"))?,
        group: string("grp")?,
        body: string("body")?,
        receive_count: number(item, "received")?.unwrap_or(0),
    })
}

fn partition(portal: PortalId, queue: &str) -> String {
    format!("{portal}#message#{queue}")
}
