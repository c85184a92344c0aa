//! Counts what AWS would charge for: a transport to the gateway that asks for the consumed capacity of every call to the table.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use futures::FutureExt as _;
use rest::{Clock, Transport};
use rust_decimal::Decimal;
use serde_json::{Value, json};

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
    /// Read request units that a tick uses however many portals there are.
    pub(super) tick_reads: Decimal,
    /// Write request units, indexes included.
    pub(super) writes: Decimal,
    /// Requests to SQS.
    pub(super) messages: u64,
    /// Invocations of functions.
    pub(super) invocations: u64,
    /// How long they ran, in milliseconds.
    pub(super) millis: u64,
    /// Slots that the tick moved on.
    pub(super) slots: u64,
    /// Bytes of logs.
    pub(super) log_bytes: u64,
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
        self.note(|usage| match operation.as_str() {
            "Query" if of_tick => usage.tick_reads += units,
            "GetItem" | "BatchGetItem" | "Query" => usage.reads += units,
            // A write whose condition failed answers with an error and is charged all the same: at least one unit.
            _ => usage.writes += units.max(Decimal::ONE),
        });
        Ok(answer)
    }
}

/// The units of an answer: of one table, or of a list.
fn units(consumed: &Value) -> Decimal {
    match consumed {
        Value::Array(all) => all.iter().map(units).sum(),
        one => one["CapacityUnits"].as_number().and_then(|number| number.to_string().parse().ok()).unwrap_or_default(),
    }
}
