//! Counts what AWS would charge for: a transport to the gateway that asks for the consumed capacity of every call to the table.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use futures::FutureExt as _;
use rest::{Clock, Transport};
use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::processor::Processor;
use crate::aws::Gateway;

/// How long a call takes there.
const DYNAMODB: Duration = Duration::from_millis(6);
const SQS: Duration = Duration::from_millis(15);
/// SQS charges every 64 KiB as a request of its own.
pub(super) const SQS_CHUNK: usize = 64 * 1024;

/// What was used.
#[derive(Debug, Clone, Default)]
pub(super) struct Usage {
    /// Read request units of DynamoDB.
    pub(super) reads: Decimal,
    /// Write request units, indexes included.
    pub(super) writes: Decimal,
    /// The units of both, by what was read or written.
    pub(super) items: BTreeMap<(Access, String), Decimal>,
    /// Requests to SQS.
    pub(super) messages: u64,
    /// Invocations of functions.
    pub(super) invocations: u64,
    /// How long they ran, in milliseconds.
    pub(super) millis: u64,
    /// The same, times the memory of each in MB, while they waited for others.
    pub(super) waiting: u64,
    /// The same, while they worked.
    pub(super) working: u64,
    /// Requests to Kleer.
    pub(super) kleer_requests: u64,
    /// The processor of the invocation that is going on.
    pub(super) processor: Processor,
    /// Jobs that the tick queued.
    pub(super) jobs: u64,
    /// Bytes of logs.
    pub(super) log_bytes: u64,
    /// Lines of ours among them.
    pub(super) log_lines: u64,
}

/// What was done to an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Access {
    Read,
    Write,
}

/// The counter. Clones are the same one.
#[derive(Debug, Clone, Default)]
pub(super) struct Meter(Arc<Mutex<Usage>>);

impl Meter {
    pub(super) fn note(&self, note: impl FnOnce(&mut Usage)) {
        note(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }

    pub(super) fn take(&self) -> Usage {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// A transport to the gateway that counts.
    pub(super) fn transport(&self, gateway: &Gateway, clock: &Clock) -> Transport {
        let (meter, gateway, clock) = (self.clone(), gateway.transport(), clock.clone());
        Transport::in_process(Arc::new(move |request: http::Request<Bytes>| {
            let (meter, gateway, clock) = (meter.clone(), gateway.clone(), clock.clone());
            async move { meter.send(&gateway, &clock, request).await }.boxed()
        }))
    }

    async fn send(
        &self,
        gateway: &Transport,
        clock: &Clock,
        request: http::Request<Bytes>,
    ) -> Result<http::Response<Bytes>, rest::Failure> {
        let target = request.headers().get("x-amz-target").and_then(|value| value.to_str().ok()).unwrap_or_default();
        let Some(operation) = target.strip_prefix("DynamoDB_20120810.").map(str::to_owned) else {
            self.note(|usage| usage.messages += request.body().len().div_ceil(SQS_CHUNK) as u64);
            clock.sleep(SQS).await;
            return gateway.send(request).await;
        };
        clock.sleep(DYNAMODB).await;
        let (parts, body) = request.into_parts();
        let mut body: Value = serde_json::from_slice(&body).unwrap_or_default();
        let of_tick = body["IndexName"] == "due";
        body["ReturnConsumedCapacity"] = json!("TOTAL");
        let answer = gateway.send(http::Request::from_parts(parts, Bytes::from(body.to_string()))).await?;
        let found: Value = serde_json::from_slice(answer.body()).unwrap_or_default();
        let units = units(&found["ConsumedCapacity"]);
        self.note(|usage| {
            let (access, units) = match operation.as_str() {
                // What a tick asks however many portals there are.
                "Query" if of_tick => return,
                "GetItem" | "BatchGetItem" | "Query" => (Access::Read, units),
                // A write whose condition failed answers with an error and is charged all the same: at least one unit.
                _ => (Access::Write, units.max(Decimal::ONE)),
            };
            match access {
                Access::Read => usage.reads += units,
                Access::Write => usage.writes += units,
            }
            *usage.items.entry((access, kind(&body))).or_default() += units;
        });
        Ok(answer)
    }
}

/// What kind of item a call is about: what its partition key says, or its sort key if all that the partition key says is the portal.
fn kind(body: &Value) -> String {
    let parts = |name: &str| text(body, name).unwrap_or_default().split('#').map(str::to_owned).collect::<Vec<_>>();
    let partition = parts("pk");
    match partition.get(1..3) {
        Some(kind) => kind.join(" "),
        None => parts("sk").first().cloned().unwrap_or_default(),
    }
}

/// The first text that an attribute of that name, or a value for it, has anywhere in a request.
fn text<'a>(value: &'a Value, name: &str) -> Option<&'a str> {
    match value {
        Value::Object(members) => members.iter().find_map(|(key, value)| {
            let its = if key.trim_start_matches(':') == name { value["S"].as_str() } else { None };
            its.or_else(|| text(value, name))
        }),
        Value::Array(items) => items.iter().find_map(|item| text(item, name)),
        _ => None,
    }
}

/// The units of an answer: of one table, or of a list.
fn units(consumed: &Value) -> Decimal {
    match consumed {
        Value::Array(all) => all.iter().map(units).sum(),
        one => one["CapacityUnits"].as_number().and_then(|number| number.to_string().parse().ok()).unwrap_or_default(),
    }
}
