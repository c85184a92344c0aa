//! What wakes a function, as Lambda's event sources write it.

use queue::{Delivery, QueueName, portal_of};
use serde::{Deserialize, Serialize};

/// A batch of a queue, or a tick of EventBridge.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Event {
    /// A batch of an SQS queue.
    #[serde(rename = "Records")]
    pub(crate) records: Option<Vec<Record>>,
    /// `aws.events` for a rule of EventBridge that runs on a schedule.
    pub(crate) source: Option<String>,
}

/// One message of a batch.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct Record {
    pub(crate) message_id: String,
    receipt_handle: String,
    body: String,
    attributes: Attributes,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct Attributes {
    approximate_receive_count: String,
    message_group_id: String,
}

impl Record {
    /// The record as a delivery; none if it belongs to no portal.
    pub(crate) fn delivery(&self, queue: QueueName) -> Option<Delivery> {
        Some(Delivery {
            queue,
            portal: portal_of(&self.attributes.message_group_id)?,
            group: self.attributes.message_group_id.clone(),
            id: self.message_id.clone(),
            receipt: self.receipt_handle.clone(),
            body: self.body.clone(),
            receive_count: self.attributes.approximate_receive_count.parse().unwrap_or(1),
        })
    }
}

/// What a function answers: the messages that must come again. All others are deleted by the event source.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Answer {
    pub(crate) batch_item_failures: Vec<Failed>,
}

#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Failed {
    pub(crate) item_identifier: String,
}
