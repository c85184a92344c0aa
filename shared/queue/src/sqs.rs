//! The queues of AWS: SQS FIFO queues.
//!
//! Groups, deduplication within five minutes, visibility and dead letters are SQS's own. On Lambda messages are handed out by
//! the event source, and what a worker made of them is said in the answer; [`Sqs::receive`] is for one machine and for tests.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::{BATCH_LIMIT, Delivery, Error, Outgoing, QueueName, job, portal_of};
use aws_sdk_sqs::error::{DisplayErrorContext, SdkError};
use aws_sdk_sqs::types::{
    BatchResultErrorEntry, Message, MessageSystemAttributeName as Attribute, QueueAttributeName,
    SendMessageBatchRequestEntry,
};

/// The most bytes that one call sends; SQS takes 1 MiB (contract toolchain), names and quotes included.
const CALL_LIMIT: usize = 1_000_000;
/// How often entries are sent that SQS could not take for the moment.
const ATTEMPTS: u32 = 3;
/// SQS hides a message for twelve hours at most.
const LONGEST_PAUSE: Duration = Duration::from_secs(12 * 60 * 60);

/// All queues on AWS.
#[derive(Debug, Clone)]
pub(crate) struct Sqs {
    client: aws_sdk_sqs::Client,
    urls: BTreeMap<QueueName, String>,
    /// SQS may hand out several groups in one answer; a batch is of one group, so the others wait here for the next call.
    held: Arc<Mutex<VecDeque<Vec<Delivery>>>>,
}

impl Sqs {
    pub(crate) fn new(client: aws_sdk_sqs::Client, urls: BTreeMap<QueueName, String>) -> Self {
        Self { client, urls, held: Arc::default() }
    }

    pub(crate) async fn send(&self, queue: QueueName, messages: Vec<Outgoing>) -> Result<(), Error> {
        let mut call = Vec::new();
        let mut bytes = 0;
        for outgoing in messages {
            let body = job::body(&outgoing.envelope)?;
            if call.len() == BATCH_LIMIT || bytes + body.len() > CALL_LIMIT {
                self.send_call(queue, std::mem::take(&mut call)).await?;
                bytes = 0;
            }
            bytes += body.len();
            call.push(entry(call.len(), &outgoing, body)?);
        }
        self.send_call(queue, call).await
    }

    /// Sends entries. What SQS could not take for the moment is sent again; their deduplication ids make that harmless.
    async fn send_call(&self, queue: QueueName, mut entries: Vec<SendMessageBatchRequestEntry>) -> Result<(), Error> {
        let mut failed = Vec::new();
        for _ in 0..ATTEMPTS {
            if entries.is_empty() {
                return Ok(());
            }
            let call = self.client.send_message_batch().queue_url(self.url(queue)?).set_entries(Some(entries.clone()));
            failed = call.send().await.map_err(|e| failure(&e))?.failed;
            entries.retain(|entry| failed.iter().any(|failed| failed.id == entry.id));
            if failed.iter().any(BatchResultErrorEntry::sender_fault) {
                break;
            }
        }
        match failed.first() {
            Some(first) => Err(Error::Sqs(format!("{}: {}", first.code, first.message.as_deref().unwrap_or_default()))),
            None => Ok(()),
        }
    }

    pub(crate) async fn receive(&self, queue: QueueName) -> Result<Vec<Delivery>, Error> {
        if let Some(batch) = self.next_held(queue) {
            return Ok(batch);
        }
        let visibility = seconds(queue.visibility());
        let call = self.client.receive_message().queue_url(self.url(queue)?).visibility_timeout(visibility);
        let call = call
            .max_number_of_messages(i32::try_from(BATCH_LIMIT).unwrap_or(1))
            .message_system_attribute_names(Attribute::ApproximateReceiveCount)
            .message_system_attribute_names(Attribute::MessageGroupId);
        let messages = call.send().await.map_err(|e| failure(&e))?.messages.unwrap_or_default();
        let deliveries: Vec<Delivery> = messages.into_iter().filter_map(|message| delivery(queue, message)).collect();
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        held.extend(by_group(deliveries));
        drop(held);
        Ok(self.next_held(queue).unwrap_or_default())
    }

    fn next_held(&self, queue: QueueName) -> Option<Vec<Delivery>> {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let place = held.iter().position(|batch| batch.first().is_some_and(|first| first.queue == queue))?;
        held.remove(place)
    }

    pub(crate) async fn delete(&self, delivery: &Delivery) -> Result<(), Error> {
        let call = self.client.delete_message().queue_url(self.url(delivery.queue)?).receipt_handle(&delivery.receipt);
        call.send().await.map_err(|e| failure(&e))?;
        Ok(())
    }

    pub(crate) async fn put_back(&self, delivery: &Delivery, pause: Duration) -> Result<(), Error> {
        let call = self
            .client
            .change_message_visibility()
            .queue_url(self.url(delivery.queue)?)
            .receipt_handle(&delivery.receipt)
            .visibility_timeout(seconds(pause.min(LONGEST_PAUSE)));
        match call.send().await {
            Ok(_) => Ok(()),
            // Its time ran out meanwhile, so it comes again anyhow.
            Err(e) if e.as_service_error().is_some_and(|e| e.is_message_not_inflight()) => Ok(()),
            Err(e) => Err(failure(&e)),
        }
    }

    pub(crate) async fn check(&self, queue: QueueName) -> Result<(), Error> {
        let call = self.client.get_queue_attributes().queue_url(self.url(queue)?);
        let call = call.attribute_names(QueueAttributeName::QueueArn);
        call.send().await.map_err(|e| failure(&e))?;
        Ok(())
    }

    fn url(&self, queue: QueueName) -> Result<&str, Error> {
        let url = self.urls.get(&queue).map(String::as_str);
        url.ok_or_else(|| Error::Sqs(format!("this function has no address of the {} queue", queue.as_str())))
    }
}

fn entry(number: usize, outgoing: &Outgoing, body: String) -> Result<SendMessageBatchRequestEntry, Error> {
    SendMessageBatchRequestEntry::builder()
        .id(number.to_string())
        .message_body(body)
        .message_group_id(outgoing.envelope.group())
        .message_deduplication_id(&outgoing.deduplication_id)
        .build()
        .map_err(|e| Error::Sqs(e.to_string()))
}

fn delivery(queue: QueueName, message: Message) -> Option<Delivery> {
    let attribute = |name| message.attributes.as_ref().and_then(|all| all.get(&name)).map(String::as_str);
    let group = attribute(Attribute::MessageGroupId).unwrap_or_default().to_owned();
    let Some(portal) = portal_of(&group) else {
        tracing::error!(queue = queue.as_str(), id = message.message_id, "a message of no portal is left to die");
        return None;
    };
    let receive_count = attribute(Attribute::ApproximateReceiveCount).and_then(|count| count.parse().ok());
    Some(Delivery {
        queue,
        portal,
        group,
        receive_count: receive_count.unwrap_or(1),
        id: message.message_id.unwrap_or_default(),
        receipt: message.receipt_handle.unwrap_or_default(),
        body: message.body.unwrap_or_default(),
    })
}

/// Batches of one group each, in order.
fn by_group(deliveries: Vec<Delivery>) -> Vec<Vec<Delivery>> {
    let mut batches: Vec<Vec<Delivery>> = Vec::new();
    for delivery in deliveries {
        match batches.iter_mut().find(|batch| batch[0].portal == delivery.portal) {
            Some(batch) => batch.push(delivery),
            None => batches.push(vec![delivery]),
        }
    }
    batches
}

/// Whole seconds, rounded up.
fn seconds(span: Duration) -> i32 {
    i32::try_from(span.as_millis().div_ceil(1_000)).unwrap_or(i32::MAX)
}

fn failure<E, R>(error: &SdkError<E, R>) -> Error
where
    E: std::error::Error + 'static,
    R: std::fmt::Debug,
{
    Error::Sqs(DisplayErrorContext(error).to_string())
}
