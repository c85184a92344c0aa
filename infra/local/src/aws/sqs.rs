//! SQS FIFO queues in memory, after AWS's documentation: groups in order and one at a time, deduplication for five minutes,
//! visibility, receive counts, dead letters. Written apart from the embedded queue of `queue`, so that each checks the other.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use jiff::Timestamp;
use queue::{BODY_LIMIT, MAX_RECEIVES};
use serde_json::{Value, json};

use super::{Answer, error};

const DEDUPLICATION: Duration = Duration::from_secs(300);
/// What SQS takes in one call and in one message (contract toolchain).
const CALL_LIMIT: usize = 1_048_576;

/// One queue and the letters that died in it.
#[derive(Debug, Default)]
pub struct QueueState {
    /// In order of arrival.
    pub waiting: Vec<Waiting>,
    /// Bodies of messages that were handed out too often.
    pub dead: Vec<String>,
    /// Whether one answer may carry several groups, as SQS's may.
    pub mixes_groups: bool,
    seen: HashMap<String, Timestamp>,
    /// The group that was served last; the next call serves others first.
    served: Option<String>,
    sent: u64,
}

/// A message that waits or is out.
#[derive(Debug, Clone)]
pub struct Waiting {
    /// Its number in the queue.
    pub id: String,
    /// Its group.
    pub group: String,
    /// What it says.
    pub body: String,
    /// How often it was handed out.
    pub receives: u32,
    /// Until when it is hidden.
    pub hidden_until: Option<Timestamp>,
}

impl Waiting {
    pub(super) fn receipt(&self) -> String {
        format!("{}/{}", self.id, self.receives)
    }
}

impl QueueState {
    /// The next messages, as Lambda's event source or a `ReceiveMessage` would get them.
    pub fn hand_out(&mut self, limit: usize, visibility: Duration, now: Timestamp) -> Vec<Waiting> {
        self.bury();
        let hidden = |one: &Waiting| one.hidden_until.is_some_and(|until| until > now);
        let blocked: Vec<String> = self.waiting.iter().filter(|one| hidden(one)).map(|one| one.group.clone()).collect();
        let mut groups: Vec<String> = Vec::new();
        for one in self.waiting.iter().filter(|one| !blocked.contains(&one.group)) {
            if !groups.contains(&one.group) {
                groups.push(one.group.clone());
            }
        }
        groups.sort_by_key(|group| Some(group) == self.served.as_ref());
        groups.truncate(if self.mixes_groups { usize::MAX } else { 1 });
        let mut batch = Vec::new();
        for group in groups {
            self.served = Some(group.clone());
            for one in self.waiting.iter_mut().filter(|one| one.group == group) {
                if batch.len() == limit {
                    return batch;
                }
                one.receives += 1;
                one.hidden_until = domain::schedule::later(now, visibility).into();
                batch.push(one.clone());
            }
        }
        batch
    }

    fn bury(&mut self) {
        let (dead, living) =
            std::mem::take(&mut self.waiting).into_iter().partition(|one| one.receives >= MAX_RECEIVES);
        self.waiting = living;
        let dead: Vec<Waiting> = dead;
        self.dead.extend(dead.into_iter().map(|one| one.body));
    }

    fn push(&mut self, entry: &Value, now: Timestamp) -> Result<String, &'static str> {
        let text = |name: &str| entry[name].as_str().filter(|text| !text.is_empty());
        let (Some(body), Some(group)) = (text("MessageBody"), text("MessageGroupId")) else {
            return Err("MissingParameter");
        };
        let id = text("MessageDeduplicationId").ok_or("MissingParameter")?;
        if body.chars().any(|c| matches!(c, '\u{FFFE}' | '\u{FFFF}') || (c < ' ' && !matches!(c, '\t' | '\n' | '\r'))) {
            return Err("InvalidMessageContents");
        }
        self.seen.retain(|_, until| *until > now);
        if !self.seen.contains_key(id) {
            self.seen.insert(id.to_owned(), domain::schedule::later(now, DEDUPLICATION));
            self.sent += 1;
            let (group, body) = (group.to_owned(), body.to_owned());
            self.waiting.push(Waiting {
                id: format!("{:012}", self.sent),
                group,
                body,
                receives: 0,
                hidden_until: None,
            });
        }
        Ok(format!("{:012}", self.sent))
    }

    /// The message of that receipt, if it is still out and not handed out again since.
    fn out(&mut self, receipt: &str, now: Timestamp) -> Option<&mut Waiting> {
        let out = |one: &&mut Waiting| one.receipt() == receipt && one.hidden_until.is_some_and(|until| until > now);
        self.waiting.iter_mut().find(out)
    }
}

/// Answers one call.
pub(super) fn answer(
    queues: &mut BTreeMap<String, QueueState>,
    operation: &str,
    body: &[u8],
    now: Timestamp,
) -> Answer {
    let request: Value = serde_json::from_slice(body).unwrap_or_default();
    let name = request["QueueUrl"].as_str().and_then(|url| url.rsplit('/').next()).unwrap_or_default();
    let Some(queue) = queues.get_mut(name) else { return error(400, "QueueDoesNotExist", name) };
    let receipt = request["ReceiptHandle"].as_str().unwrap_or_default();
    match operation {
        "SendMessageBatch" => send(queue, &request, now),
        "ReceiveMessage" => receive(queue, &request, now),
        "DeleteMessage" if queue.out(receipt, now).is_some() => {
            queue.waiting.retain(|one| one.receipt() != receipt);
            ok(&json!({}))
        }
        "DeleteMessage" => error(400, "InvalidParameterValue", "The receipt handle has expired."),
        "ChangeMessageVisibility" => match queue.out(receipt, now) {
            Some(one) => {
                let pause = Duration::from_secs(request["VisibilityTimeout"].as_u64().unwrap_or_default());
                one.hidden_until = Some(domain::schedule::later(now, pause));
                ok(&json!({}))
            }
            None => error(400, "MessageNotInflight", receipt),
        },
        "GetQueueAttributes" => {
            ok(&json!({ "Attributes": { "QueueArn": format!("arn:aws:sqs:eu-north-1:1:{name}") } }))
        }
        other => error(400, "UnknownOperationException", other),
    }
}

fn send(queue: &mut QueueState, request: &Value, now: Timestamp) -> Answer {
    let entries = request["Entries"].as_array().map(Vec::as_slice).unwrap_or_default();
    let lengths = entries.iter().filter_map(|entry| entry["MessageBody"].as_str()).map(str::len);
    if entries.is_empty() || entries.len() > queue::BATCH_LIMIT || lengths.clone().sum::<usize>() > CALL_LIMIT {
        return error(400, "BatchRequestTooLong", "1 to 10 entries, 1 MiB together");
    }
    if lengths.max().unwrap_or(0) > BODY_LIMIT {
        return error(400, "InvalidParameterValue", "longer than our own limit");
    }
    let (mut successful, mut failed) = (Vec::new(), Vec::new());
    for entry in entries {
        match queue.push(entry, now) {
            Ok(id) => successful.push(json!({ "Id": entry["Id"], "MessageId": id, "MD5OfMessageBody": "" })),
            Err(code) => failed.push(json!({ "Id": entry["Id"], "Code": code, "SenderFault": true })),
        }
    }
    ok(&json!({ "Successful": successful, "Failed": failed }))
}

fn receive(queue: &mut QueueState, request: &Value, now: Timestamp) -> Answer {
    let number = |name: &str, default: u64| request[name].as_u64().unwrap_or(default);
    let limit = usize::try_from(number("MaxNumberOfMessages", 1)).unwrap_or(1);
    let visibility = Duration::from_secs(number("VisibilityTimeout", 30));
    let message = |one: Waiting| {
        json!({
            "MessageId": one.id, "ReceiptHandle": one.receipt(), "Body": one.body,
            "Attributes": { "ApproximateReceiveCount": one.receives.to_string(), "MessageGroupId": one.group },
        })
    };
    let messages: Vec<Value> = queue.hand_out(limit, visibility, now).into_iter().map(message).collect();
    ok(&json!({ "Messages": messages }))
}

fn ok(answer: &Value) -> Answer {
    (200, answer.to_string().into_bytes())
}
