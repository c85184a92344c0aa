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

use super::no_change::cpu_ms;
use super::{Figure, of_limit};
use crate::cost::{CostError, Memory};
use crate::demo::DemoError;

const DYNAMODB: Duration = Duration::from_millis(8);
const SQS: Duration = Duration::from_millis(20);
/// What a minute holds, less a start.
const TARGET: Duration = Duration::from_secs(50);
/// From one beat of a portal to the next.
const FIVE_MINUTES: jiff::SignedDuration = jiff::SignedDuration::from_secs(300);
/// So many MB buy a whole processor.
const PROCESSOR_MB: u64 = 1_769;

/// Pretends the table and the queues of that many portals.
struct Pretended {
    clock: Clock,
    portals: i64,
    since: Timestamp,
    queued: AtomicU64,
    /// The answers, made before anything is measured: whose beat is heard by shard, and settings by type.
    beats: BTreeMap<u64, Value>,
    settings: BTreeMap<ObjectType, String>,
}

/// Measures.
pub(super) fn measure(portals: i64) -> Result<Vec<Figure>, CostError> {
    let clock = Clock::manual("2026-11-20T08:00:00Z".parse().unwrap_or_default());
    let since = clock.now() - jiff::SignedDuration::from_secs(60);
    let (beats, settings) = (BTreeMap::new(), BTreeMap::new());
    let mut pretended = Pretended { clock: clock.clone(), portals, since, queued: AtomicU64::new(0), beats, settings };
    pretended.beats = (0..schedule::DUE_SHARDS).map(|shard| (shard, pretended.beats(shard))).collect();
    let settings = |object| json!(ObjectSettings::defaults(sync::objects::spec(object), true, since)).to_string();
    pretended.settings = ObjectType::ALL.into_iter().map(|object| (object, settings(object))).collect();
    let pretended = Arc::new(pretended);
    let app = app(&clock, pretended.clone())?;
    // The minute before was heard in its time.
    app.beats.heard(&[schedule::minute(since)]);
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
            measured: format!("{} ms ({portals} portals, {queued} jobs queued)", took.as_millis()),
            target: format!("at most {} s", TARGET.as_secs()),
            of_limit: of_limit(took.as_millis(), TARGET.as_millis()),
            met: took <= TARGET && all,
        },
        Figure {
            name: "tick, CPU here and on its function",
            measured: format!("{cpu} ms, {on_lambda} ms with {memory} MB"),
            target: format!("at most {} s", TARGET.as_secs()),
            of_limit: of_limit(on_lambda, TARGET.as_millis()),
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
            "Query" => self.query(&body),
            "GetItem" => self.item(&body),
            "SendMessageBatch" => self.sent(&body),
            _ => json!({ "Attributes": {} }),
        };
        http::Response::new(Bytes::from(answer.to_string()))
    }

    /// Nothing is due at a moment of its own; what comes round, comes with the beats.
    fn query(&self, body: &Value) -> Value {
        let values = &body["ExpressionAttributeValues"];
        let of_portal = values[":pk"]["S"].as_str().and_then(|portal| portal.parse().ok());
        match (shard(body), of_portal) {
            (_, Some(portal)) => self.turns(PortalId(portal)),
            (Some(shard), _) => self.beats[&shard].clone(),
            _ => json!({ "Count": 0, "Items": [] }),
        }
    }

    /// Whose beat is heard in this minute, in one shard.
    fn beats(&self, shard: u64) -> Value {
        let phase = schedule::minute(self.clock.now()) % schedule::PHASES;
        let portals = (1..=self.portals).map(PortalId);
        let portals = portals.filter(|one| schedule::due_shard(*one) == shard && schedule::phase(*one) == phase);
        let item = |portal: PortalId| json!({ "pk": { "S": portal.to_string() }, "sk": { "S": "beat" } });
        let items: Vec<Value> = portals.map(item).collect();
        json!({ "Count": items.len(), "Items": items })
    }

    /// The schedule of a portal.
    fn turns(&self, portal: PortalId) -> Value {
        let item = |object: ObjectType| {
            let interval = sync::objects::spec(object).interval;
            let beat = schedule::first_due(portal, interval, Timestamp::UNIX_EPOCH);
            // Since its beat was heard the last time.
            let heard = schedule::next_slot(beat, interval, self.clock.now() - FIVE_MINUTES);
            json!({
                "pk": { "S": portal.to_string() }, "sk": { "S": format!("run#{object}") },
                "due_at": { "N": heard.as_millisecond().to_string() },
            })
        };
        let items = ObjectType::POLLED.map(item);
        json!({ "Count": items.len(), "Items": items })
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
        let jobs = entries.iter().map(|entry| jobs(entry["MessageBody"].as_str().unwrap_or_default()));
        self.queued.fetch_add(jobs.sum(), Ordering::SeqCst);
        let sent = |entry: &Value| json!({ "Id": entry["Id"], "MessageId": "x", "MD5OfMessageBody": "" });
        json!({ "Successful": entries.iter().map(sent).collect::<Vec<_>>(), "Failed": [] })
    }
}

/// How many jobs a message asks for.
fn jobs(body: &str) -> u64 {
    match Envelope::read(body).map(|envelope| envelope.job) {
        Ok(Job::Together { jobs }) => jobs.len() as u64,
        other => u64::from(other.is_ok()),
    }
}

/// The shard whose beats are asked for.
fn shard(body: &Value) -> Option<u64> {
    let name = body["ExpressionAttributeValues"][":shard"]["S"].as_str()?;
    name.strip_prefix("beat#")?.split_once('#')?.1.parse().ok()
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
