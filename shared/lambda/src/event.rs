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
    /// Ends in the name of the queue.
    #[serde(rename = "eventSourceARN")]
    event_source: String,
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

/// The queue that a batch came from, of those that wake the function: names and addresses. A batch is of one queue.
pub(crate) fn queue(woken_by: &[(QueueName, String)], records: &[Record]) -> Result<QueueName, String> {
    let source = records.first().map(|record| record.event_source.as_str()).unwrap_or_default();
    let last = |text: &str, mark: char| text.rsplit(mark).next().unwrap_or_default().to_owned();
    let found = woken_by.iter().find(|(_, address)| last(address, '/') == last(source, ':'));
    found
        .map(|(queue, _)| *queue)
        .ok_or_else(|| format!("a batch of a queue that does not wake this function: {source:?}"))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_batch_is_of_the_queue_that_its_source_names() {
        let woken_by = [
            (QueueName::Sync, "https://sqs/1/s-SyncQueue-1.fifo"),
            (QueueName::Change, "https://sqs/1/s-ChangeQueue-2.fifo"),
        ]
        .map(|(queue, url)| (queue, url.to_owned()));
        for (name, expected) in [
            ("arn:aws:sqs:eu-north-1:1:s-SyncQueue-1.fifo", Some(QueueName::Sync)),
            ("arn:aws:sqs:eu-north-1:1:s-ChangeQueue-2.fifo", Some(QueueName::Change)),
            ("arn:aws:sqs:eu-north-1:1:s-PollQueue-3.fifo", None),
            ("", None),
        ] {
            let record = Record { event_source: name.to_owned(), ..Record::default() };
            assert_eq!(queue(&woken_by, &[record]).ok(), expected, "{name}");
        }
    }
}
