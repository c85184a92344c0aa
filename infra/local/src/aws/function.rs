//! A built function as a process of its own, woken as Lambda and its event sources wake it.

use std::path::Path;
use std::process::{ExitStatus, Stdio};
use std::time::{Duration, Instant};

use queue::QueueName;
use serde_json::{Value, json};
use tokio::io::AsyncReadExt as _;
use tokio::process::{Child, Command};
use tokio::task::JoinHandle;

use super::runtime_api::RuntimeApi;
use super::{Event, Gateway, Waiting};
use crate::listener::listen;

/// A running function. It is killed when this is dropped.
pub struct Function {
    child: Child,
    api: RuntimeApi,
    serving: JoinHandle<()>,
    log: JoinHandle<String>,
    /// When the process was started.
    pub started: Instant,
}

impl std::fmt::Debug for Function {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Function")
    }
}

/// What came of an event.
#[derive(Debug, Clone, PartialEq)]
pub enum Invoked {
    /// It answered.
    Answer(Value),
    /// It says that it failed.
    Error(Value),
    /// The process ended before.
    Gone,
}

/// How a process ended.
#[derive(Debug)]
pub struct Ended {
    /// Its status.
    pub status: ExitStatus,
    /// What it logged.
    pub log: String,
}

impl Function {
    /// Starts a built function with this environment and no other variables.
    ///
    /// # Errors
    /// If it cannot be started.
    pub async fn start(binary: &Path, environment: &[(&str, String)]) -> std::io::Result<Self> {
        let listener = listen(0).await.map_err(std::io::Error::other)?;
        let address = listener.local_addr()?.to_string();
        let api = RuntimeApi::new();
        let serving = tokio::spawn({
            let api = api.clone();
            async move { drop(api.serve(listener).await) }
        });
        let lambda = [
            ("AWS_LAMBDA_RUNTIME_API", address.as_str()),
            ("AWS_LAMBDA_FUNCTION_NAME", "built"),
            ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256"),
            ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST"),
        ];
        let given = environment.iter().map(|(name, value)| (*name, value.as_str()));
        let mut command = Command::new(binary);
        command.env_clear().envs(lambda).envs(given).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let started = Instant::now();
        let mut child = command.kill_on_drop(true).spawn()?;
        let (out, err) = (child.stdout.take(), child.stderr.take());
        let log = tokio::spawn(async move {
            let (mut told, mut metrics) = (String::new(), String::new());
            let told_all = async { err?.read_to_string(&mut told).await.ok() };
            let metrics_all = async { out?.read_to_string(&mut metrics).await.ok() };
            futures::future::join(told_all, metrics_all).await;
            told + &metrics
        });
        Ok(Self { child, api, serving, log, started })
    }

    /// Resolves when the function asks for an event: it has started, or it is done with the one before.
    pub async fn ready(&self) {
        self.api.asked().await;
    }

    /// Wakes it, and waits for what comes of it.
    pub async fn invoke(&mut self, event: Event) -> Invoked {
        tokio::select! {
            biased;
            answered = self.api.invoke(event) => match answered {
                Some(Ok(answer)) => Invoked::Answer(answer),
                Some(Err(error)) => Invoked::Error(error),
                None => Invoked::Gone,
            },
            _ = self.child.wait() => Invoked::Gone,
        }
    }

    /// Its memory at most so far, in KB; Linux only, 0 elsewhere.
    #[must_use]
    pub fn peak_kilobytes(&self) -> u64 {
        let file = format!("/proc/{}/status", self.child.id().unwrap_or_default());
        let status = std::fs::read_to_string(file).unwrap_or_default();
        let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap_or_default();
        line.split_whitespace().nth(1).and_then(|text| text.parse().ok()).unwrap_or(0)
    }

    /// Kills it, as if the machine under it had gone, and answers what it had logged.
    ///
    /// # Errors
    /// If it cannot be killed.
    pub async fn kill(mut self) -> std::io::Result<Ended> {
        self.child.start_kill()?;
        self.ended().await
    }

    /// Waits until it ends by itself.
    ///
    /// # Errors
    /// If it cannot be waited for.
    pub async fn ended(mut self) -> std::io::Result<Ended> {
        let status = self.child.wait().await?;
        self.api.hang_up();
        self.serving.abort();
        Ok(Ended { status, log: self.log.await.unwrap_or_default() })
    }
}

impl Gateway {
    /// The next batch of a queue as Lambda's event source writes it, and its messages; none if nothing can be handed out.
    #[must_use]
    pub fn next_batch(&self, queue: QueueName, limit: usize) -> Option<(Value, Vec<Waiting>)> {
        let now = self.0.clock.now();
        let batch = self.queue(file_name(queue), |state| state.hand_out(limit, queue.visibility(), now));
        let record = |one: &Waiting| {
            json!({
                "messageId": one.id, "receiptHandle": one.receipt(), "body": one.body,
                "attributes": {
                    "ApproximateReceiveCount": one.receives.to_string(), "MessageGroupId": one.group,
                    "MessageDeduplicationId": "x", "SenderId": "x", "SentTimestamp": "0", "SequenceNumber": one.id,
                },
                "messageAttributes": {}, "md5OfBody": "x", "eventSource": "aws:sqs", "awsRegion": "eu-north-1",
                "eventSourceARN": format!("arn:aws:sqs:eu-north-1:1:{}", file_name(queue)),
            })
        };
        let records: Vec<Value> = batch.iter().map(record).collect();
        (!batch.is_empty()).then(|| (json!({ "Records": records }), batch))
    }

    /// All of a batch was done.
    pub fn settle_all(&self, queue: QueueName, batch: &[Waiting]) {
        self.settle(queue, batch, &Invoked::Answer(Value::Null));
    }

    /// Does with a batch what the event source does after the answer: deletes what is not named as failed.
    pub fn settle(&self, queue: QueueName, batch: &[Waiting], invoked: &Invoked) {
        let Invoked::Answer(answer) = invoked else { return };
        let failed = answer["batchItemFailures"].as_array().map(Vec::as_slice).unwrap_or_default();
        let done = |one: &Waiting| {
            batch.iter().any(|out| out.id == one.id) && !failed.iter().any(|f| f["itemIdentifier"] == one.id.as_str())
        };
        self.queue(file_name(queue), |state| state.waiting.retain(|one| !done(one)));
    }
}

const fn file_name(queue: QueueName) -> &'static str {
    match queue {
        QueueName::Poll => "poll.fifo",
        QueueName::Sync => "sync.fifo",
        QueueName::Change => "change.fifo",
    }
}

/// A tick as EventBridge writes it.
#[must_use]
pub fn tick() -> Value {
    json!({ "version": "0", "id": "x", "detail-type": "Scheduled Event", "source": "aws.events", "detail": {} })
}

/// How long a function may take at most, as in `template.yaml`.
#[must_use]
pub const fn time_limit(queue: QueueName) -> Duration {
    Duration::from_secs(queue.visibility().as_secs() / 6)
}
