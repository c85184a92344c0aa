//! Whether one tick fans out in its minute, with very many portals. The tick itself is the real one, through the real SDK; what it
//! asks is answered here, from arithmetic, because nobody wants to fill a table with a million items first. Time is simulated: a
//! call to DynamoDB takes 8 ms and one to SQS 20 ms. CPU is real.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use app::{App, AwsAccess, Config, KeyRing, Parts};
use bytes::Bytes;
use domain::{Installation, KleerCompanyId, ObjectSettings, ObjectType, PortalId, schedule};
use futures::FutureExt as _;
use jiff::Timestamp;
use queue::{Envelope, Job, Queue, QueueName};
use rest::{Clock, Transport};
use serde_json::{Value, json};
use store::Store;

use super::Figure;
use super::no_change::cpu_ms;
use crate::cost::{CostError, Memory};
use crate::demo::DemoError;

const DYNAMODB: Duration = Duration::from_millis(8);
const SQS: Duration = Duration::from_millis(20);
/// What a minute holds, less a start.
const TARGET: Duration = Duration::from_secs(50);
/// So many MB buy a whole processor.
const PROCESSOR_MB: u64 = 1_769;

/// Pretends the table and the queues of that many portals.
struct Pretended {
    clock: Clock,
    portals: i64,
    since: Timestamp,
    queued: AtomicU64,
    /// The answers, made before anything is measured: what is due by shard, and settings by type.
    due: BTreeMap<u64, Value>,
    settings: BTreeMap<ObjectType, String>,
}

/// Measures.
pub(super) fn measure(portals: i64) -> Result<Vec<Figure>, CostError> {
    let clock = Clock::manual("2026-11-20T08:00:00Z".parse().unwrap_or_default());
    let since = clock.now() - jiff::SignedDuration::from_secs(60);
    let (due, settings) = (BTreeMap::new(), BTreeMap::new());
    let mut pretended = Pretended { clock: clock.clone(), portals, since, queued: AtomicU64::new(0), due, settings };
    pretended.due = (0..schedule::DUE_SHARDS).map(|shard| (shard, pretended.due(shard))).collect();
    let settings = |object| json!(ObjectSettings::defaults(sync::objects::spec(object), true, since)).to_string();
    pretended.settings = ObjectType::ALL.into_iter().map(|object| (object, settings(object))).collect();
    let pretended = Arc::new(pretended);
    let app = app(&clock, pretended.clone())?;
    let (began, cpu) = (clock.now(), cpu_ms());
    let queued = clock.run(sync::tick(&app))?;
    let cpu = cpu_ms() - cpu;
    let took = Duration::try_from(clock.now().duration_since(began)).unwrap_or_default();
    let memory = Memory::of_template()?.of_tick();
    let on_lambda = cpu * PROCESSOR_MB / memory;
    let all = pretended.queued.load(Ordering::SeqCst) == queued as u64 && queued > 0;
    Ok(vec![
        Figure {
            name: "tick, time waiting for AWS",
            measured: format!("{} ms ({portals} portals, {queued} polls queued)", took.as_millis()),
            target: format!("at most {} s", TARGET.as_secs()),
            met: took <= TARGET && all,
        },
        Figure {
            name: "tick, CPU here and on its function",
            measured: format!("{cpu} ms, {on_lambda} ms with {memory} MB"),
            target: format!("at most {} s", TARGET.as_secs()),
            met: u128::from(on_lambda) <= TARGET.as_millis(),
        },
    ])
}

fn app(clock: &Clock, pretended: Arc<Pretended>) -> Result<App, DemoError> {
    let transport = Transport::in_process(Arc::new(move |request: http::Request<Bytes>| {
        let pretended = pretended.clone();
        async move { Ok(pretended.answer(&request).await) }.boxed()
    }));
    let access = AwsAccess {
        region: "eu-north-1".to_owned(),
        key_id: "x".to_owned(),
        key: "x".into(),
        session: None,
        endpoint: Some("http://aws.invalid".to_owned()),
    };
    let sdk = access.sdk(transport.clone(), clock);
    let urls: BTreeMap<QueueName, String> = [(QueueName::Poll, "http://aws.invalid/1/poll.fifo".to_owned())].into();
    Ok(App::new(Parts {
        config: Config::read(|_| None)?,
        clock: clock.clone(),
        store: Store::new(app::dynamodb(&sdk), "table"),
        queue: Queue::sqs(app::sqs_client(&sdk), urls),
        keys: KeyRing::random(),
        client_secrets: Vec::new(),
        kleer_transport: transport.clone(),
        hubspot_transport: transport,
    }))
}

impl Pretended {
    async fn answer(&self, request: &http::Request<Bytes>) -> http::Response<Bytes> {
        let target = request.headers().get("x-amz-target").and_then(|value| value.to_str().ok()).unwrap_or_default();
        let body: Value = serde_json::from_slice(request.body()).unwrap_or_default();
        let (service, operation) = target.split_once('.').unwrap_or_default();
        self.clock.sleep(if service == "AmazonSQS" { SQS } else { DYNAMODB }).await;
        let answer = match operation {
            "Query" => self.due.get(&shard(&body)).cloned().unwrap_or_else(|| json!({ "Count": 0, "Items": [] })),
            "GetItem" => self.item(&body),
            "SendMessageBatch" => self.sent(&body),
            _ => json!({ "Attributes": {} }),
        };
        http::Response::new(Bytes::from(answer.to_string()))
    }

    /// What came due in the last minute, in one shard.
    fn due(&self, shard: u64) -> Value {
        let portals = (1..=self.portals).map(PortalId).filter(|portal| schedule::due_shard(*portal) == shard);
        let items: Vec<Value> = portals
            .flat_map(|portal| {
                ObjectType::POLLED
                    .into_iter()
                    .filter_map(move |object| Some((portal, object, self.slot(portal, object)?)))
            })
            .map(|(portal, object, at)| {
                json!({
                    "pk": { "S": portal.to_string() }, "sk": { "S": format!("run#{object}") },
                    "due_at": { "N": at.as_millisecond().to_string() },
                })
            })
            .collect();
        json!({ "Count": items.len(), "Items": items })
    }

    /// The slot of a type in the last minute, if it has one.
    fn slot(&self, portal: PortalId, object: ObjectType) -> Option<Timestamp> {
        let interval = sync::objects::spec(object).interval;
        let beat = schedule::first_due(portal, interval, Timestamp::UNIX_EPOCH);
        Some(schedule::next_slot(beat, interval, self.since)).filter(|at| *at <= self.clock.now())
    }

    fn item(&self, body: &Value) -> Value {
        let key = |name: &str| body["Key"][name]["S"].as_str().unwrap_or_default();
        let portal = PortalId(key("pk").parse().unwrap_or_default());
        let document = match key("sk").split_once('#') {
            None => json!(Installation::new(portal, Some(KleerCompanyId(1)), self.since)).to_string(),
            Some((_, object)) => match object.parse().ok().and_then(|object: ObjectType| self.settings.get(&object)) {
                Some(settings) => settings.clone(),
                None => return json!({}),
            },
        };
        json!({ "Item": { "pk": { "S": key("pk") }, "sk": { "S": key("sk") }, "v": { "N": "1" }, "doc": { "S": document } } })
    }

    fn sent(&self, body: &Value) -> Value {
        let entries = body["Entries"].as_array().map(Vec::as_slice).unwrap_or_default();
        let polls = entries.iter().map(|entry| polls(entry["MessageBody"].as_str().unwrap_or_default()));
        self.queued.fetch_add(polls.sum(), Ordering::SeqCst);
        let sent = |entry: &Value| json!({ "Id": entry["Id"], "MessageId": "x", "MD5OfMessageBody": "" });
        json!({ "Successful": entries.iter().map(sent).collect::<Vec<_>>(), "Failed": [] })
    }
}

/// How many polls a message asks for.
fn polls(body: &str) -> u64 {
    let is_poll = |job: &&Job| matches!(job, Job::Poll { .. });
    match Envelope::read(body).map(|envelope| envelope.job) {
        Ok(Job::Together { jobs }) => jobs.iter().filter(is_poll).count() as u64,
        Ok(job) => u64::from(is_poll(&&job)),
        Err(_) => 0,
    }
}

fn shard(body: &Value) -> u64 {
    let name = body["ExpressionAttributeValues"][":shard"]["S"].as_str().unwrap_or_default();
    // Errands have a name of their own; none is due.
    name.strip_prefix("due#").and_then(|shard| shard.parse().ok()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tick_queues_what_is_due_and_waits_side_by_side() {
        let figures = measure(3_000).unwrap();
        assert!(figures[0].met, "{figures:?}");
    }
}
