//! AWS on this machine: one gateway that answers what the functions ask of DynamoDB, SQS and Secrets Manager, in this process
//! or on a loopback listener. `lambda` drives a built function through Lambda's own protocol.
//!
//! It is for tests and benchmarks: it checks no signatures and no rights, and does what a test asks for instead: refuse, throttle,
//! count.

mod function;
mod listener;
mod runtime_api;
mod secrets;
mod sqs;
mod stage;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use bytes::Bytes;
use dynoxide::Database;
use futures::FutureExt as _;
use rest::{Clock, Transport};
use serde_json::json;
use tokio::sync::Notify;

pub use function::{Ended, Function, Invoked, tick, time_limit};
pub use listener::serve;
pub use runtime_api::Event;
pub use sqs::{QueueState, Waiting};
pub use stage::{PUBLIC, SECRET, Stage, StageError};

/// The gateway. Clones are the same one.
#[derive(Clone)]
pub struct Gateway(Arc<Inner>);

struct Inner {
    clock: Clock,
    database: Database,
    queues: Mutex<BTreeMap<String, QueueState>>,
    secrets: Mutex<BTreeMap<String, String>>,
    refusals: Mutex<Vec<Refusal>>,
    calls: Mutex<BTreeMap<String, u64>>,
    /// When the first call came, and when the last was answered.
    busy: Mutex<Option<(Instant, Instant)>>,
    /// After how many more calls none is answered any more, and what wakes when that was so.
    stuck: Mutex<Option<u32>>,
    asked: Notify,
}

/// Calls that are refused.
#[derive(Debug, Clone)]
pub struct Refusal {
    /// What the operation begins with, as in `DynamoDB_20120810.` or `secretsmanager.GetSecretValue`.
    pub operation: &'static str,
    /// The error that is answered, in AWS's words.
    pub code: &'static str,
    /// How often.
    pub times: u32,
}

impl std::fmt::Debug for Gateway {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Gateway")
    }
}

/// Status and JSON of an answer.
type Answer = (u16, Vec<u8>);

impl Gateway {
    /// A gateway to this database and these queues, by name.
    #[must_use]
    pub fn new(clock: Clock, database: Database, queues: BTreeMap<String, QueueState>) -> Self {
        Self(Arc::new(Inner {
            clock,
            database,
            queues: Mutex::new(queues),
            secrets: Mutex::default(),
            refusals: Mutex::default(),
            calls: Mutex::default(),
            busy: Mutex::default(),
            stuck: Mutex::default(),
            asked: Notify::new(),
        }))
    }

    /// Keeps a secret.
    pub fn put_secret(&self, id: &str, value: &str) {
        locked(&self.0.secrets).insert(id.to_owned(), value.to_owned());
    }

    /// From now on these calls are refused.
    pub fn refuse(&self, refusal: Refusal) {
        locked(&self.0.refusals).push(refusal);
    }

    /// From now on nothing is refused.
    pub fn relent(&self) {
        locked(&self.0.refusals).clear();
    }

    /// Answers so many calls and no more. Resolves when there was one that is not answered; from then on all are again.
    pub async fn stuck_after(&self, calls: u32) {
        *locked(&self.0.stuck) = Some(calls);
        self.0.asked.notified().await;
        *locked(&self.0.stuck) = None;
    }

    /// Whether this call is never answered.
    fn is_stuck(&self) -> bool {
        let mut stuck = locked(&self.0.stuck);
        match stuck.as_mut() {
            None => return false,
            Some(0) => {}
            Some(left) => {
                *left -= 1;
                return false;
            }
        }
        self.0.asked.notify_one();
        true
    }

    /// When the first call since the last look came, and when the last was answered.
    pub fn take_busy(&self) -> Option<(Instant, Instant)> {
        locked(&self.0.busy).take()
    }

    /// How often each operation was asked for.
    #[must_use]
    pub fn calls(&self) -> BTreeMap<String, u64> {
        locked(&self.0.calls).clone()
    }

    /// Looks at a queue, or changes it.
    ///
    /// # Panics
    /// If there is no queue of that name.
    pub fn queue<R>(&self, name: &str, look: impl FnOnce(&mut QueueState) -> R) -> R {
        look(locked(&self.0.queues).get_mut(name).expect("the queue was named when the gateway was made"))
    }

    /// Requests answered in this process.
    #[must_use]
    pub fn transport(&self) -> Transport {
        let gateway = self.clone();
        Transport::in_process(Arc::new(move |request: http::Request<Bytes>| {
            let answer = gateway.http(&request);
            async move { Ok(answer) }.boxed()
        }))
    }

    /// Answers one request.
    fn http(&self, request: &http::Request<Bytes>) -> http::Response<Bytes> {
        let target = request.headers().get("x-amz-target").and_then(|value| value.to_str().ok()).unwrap_or_default();
        let (status, body) = self.answer(target, request.body());
        let mut response = http::Response::new(Bytes::from(body));
        *response.status_mut() = http::StatusCode::from_u16(status).unwrap_or(http::StatusCode::INTERNAL_SERVER_ERROR);
        response
    }

    fn answer(&self, target: &str, body: &[u8]) -> Answer {
        let came = Instant::now();
        let answer = self.answer_now(target, body);
        locked(&self.0.busy).get_or_insert((came, came)).1 = Instant::now();
        answer
    }

    fn answer_now(&self, target: &str, body: &[u8]) -> Answer {
        *locked(&self.0.calls).entry(target.to_owned()).or_default() += 1;
        if let Some(refused) = self.refused(target) {
            return refused;
        }
        match target.split_once('.') {
            Some((service, operation)) if service.starts_with("DynamoDB_") => {
                crate::embedded::answer(&self.0.database, operation, body)
            }
            Some(("AmazonSQS", operation)) => {
                sqs::answer(&mut locked(&self.0.queues), operation, body, self.0.clock.now())
            }
            Some(("secretsmanager", operation)) => secrets::answer(&locked(&self.0.secrets), operation, body),
            _ => error(400, "UnknownOperationException", target),
        }
    }

    fn refused(&self, target: &str) -> Option<Answer> {
        let mut refusals = locked(&self.0.refusals);
        let refusal = refusals.iter_mut().find(|one| one.times > 0 && target.starts_with(one.operation))?;
        refusal.times -= 1;
        Some(error(400, refusal.code, "refused, as the test asked"))
    }
}

/// A refusal in the words of AWS's JSON protocols.
fn error(status: u16, code: &str, message: &str) -> Answer {
    (status, json!({ "__type": format!("com.amazonaws#{code}"), "message": message }).to_string().into_bytes())
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
