//! A day in the life of one portal, on simulated time: Kleer takes 500 ms a call, HubSpot 100 ms and more for batches.

use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock, Mutex, MutexGuard};
use std::time::Duration;

use app::{App, CloudConfig, Credentials, Parts, Telemetry};
use bytes::Bytes;
use domain::{KleerCompanyId, ObjectType, PortalId, SyncSettings, schedule};
use dynoxide::Database;
use futures::FutureExt as _;
use jiff::Timestamp;
use queue::{BATCH_LIMIT, Delivery, Handled, QueueName};
use rest::{Clock, Transport};
use serde_json::Value;
use store::{Look, Store};
use sync::NewPortal;

use super::memory::Memory;
use super::meter::{Meter, SQS_CHUNK, Usage};
use super::processor::Processor;
use super::{CostError, edits};
use crate::aws::{Gateway, QueueState, SECRET};
use crate::machine::Ground;
use crate::pretend::{self, Pretend, Scene};

/// What the pretend Kleer's own 100 ms lack of 500.
const SLOWER: Duration = Duration::from_millis(400);
/// What an invocation writes to the log besides our lines, in bytes: Lambda's three lines, and one of metrics for each service
/// that was asked and one if anything was written.
const LAMBDA_LINES: u64 = 350;
const METRICS_LINE: u64 = 220;
/// The span with the request id around each of our lines, which is not there here, and what CloudWatch adds to a line.
const LINE: u64 = 85 + 26;
const DAY: Duration = Duration::from_secs(24 * 60 * 60);
/// The first sync is over by then.
const FIRST: Duration = Duration::from_secs(2 * 60 * 60);
/// What DynamoDB adds to each item, in bytes, and what an item takes in an index.
const ITEM: u64 = 100;
const INDEX_ITEM: u64 = 300;

/// What a portal used in a day, and what it keeps.
#[derive(Debug)]
pub(super) struct Day {
    pub(super) usage: Usage,
    /// Bytes in the table and its indexes.
    pub(super) kept: u64,
}

struct Portal {
    clock: Clock,
    gateway: Gateway,
    pretend: Pretend,
    meter: Meter,
    memory: Memory,
    log: Arc<Mutex<Vec<u8>>>,
    app: App,
    /// The app as the function has it that ticks: called every minute, it stays the same.
    ticker: App,
}

/// What one portal uses in a day on which these records change.
pub(super) fn a_day(scene: &Scene, edits: &[ObjectType], memory: Memory) -> Result<Day, CostError> {
    let clock = Clock::manual("2026-11-20T08:00:00Z".parse()?);
    let ground = Ground::fresh()?;
    let portal = clock.run(Portal::connect(scene, &clock, ground.database.clone(), memory))?;
    let begin = schedule::later(clock.now(), FIRST);
    clock.run(portal.live(begin))?;
    portal.meter.take();
    let parts = u32::try_from(edits.len())? + 1;
    for (number, object) in edits.iter().enumerate() {
        let until = schedule::later(begin, DAY / parts * u32::try_from(number + 1)?);
        clock.run(portal.live(until))?;
        edits::make(&portal.pretend.kleer, *object, number);
    }
    clock.run(portal.live(schedule::later(begin, DAY)))?;
    let usage = portal.meter.take();
    if usage.log_lines == 0 {
        return Err("nothing was logged: something else in this process takes the log".into());
    }
    Ok(Day { usage, kept: kept(&ground.database)? })
}

/// One buffer for all that is logged, because logging is installed once.
fn log() -> Arc<Mutex<Vec<u8>>> {
    static LOG: LazyLock<Arc<Mutex<Vec<u8>>>> = LazyLock::new(|| {
        let log = Arc::new(Mutex::new(Vec::new()));
        Telemetry::Memory(log.clone()).install("info");
        log
    });
    LOG.clone()
}

/// The size of all items, as their JSON is long, which is more than DynamoDB counts.
fn kept(database: &Database) -> Result<u64, CostError> {
    let items = crate::embedded::dump(database, "app").map_err(|e| e.to_string())?;
    let size = |item: &serde_json::Value| {
        let indexed = item.get("hubspot_key").or(item.get("due_at")).is_some();
        item.to_string().len() as u64 + ITEM + if indexed { INDEX_ITEM } else { 0 }
    };
    Ok(items.iter().map(size).sum())
}

impl Portal {
    async fn connect(scene: &Scene, clock: &Clock, database: Database, memory: Memory) -> Result<Self, CostError> {
        let queues = ["poll.fifo", "sync.fifo", "change.fifo"].map(|name| (name.to_owned(), QueueState::default()));
        let gateway = Gateway::new(clock.clone(), database, queues.into_iter().collect());
        gateway.put_secret("app", SECRET);
        let pretend = Pretend::start(scene, clock, None)?;
        let meter = Meter::default();
        let transport = meter.transport(&gateway, clock);
        let config = CloudConfig::read(|name| {
            let value = match name {
                "POLL_QUEUE_URL" => "http://aws.invalid/1/poll.fifo",
                "SYNC_QUEUE_URL" => "http://aws.invalid/1/sync.fifo",
                "CHANGE_QUEUE_URL" => "http://aws.invalid/1/change.fifo",
                "AWS_ENDPOINT_URL" => "http://aws.invalid",
                "TABLE_NAME" | "APP_SECRET_ID" => "app",
                "HUBSPOT_CLIENT_ID" => "demo-client",
                _ => name.starts_with("AWS_").then_some("x")?,
            };
            Some(value.to_owned())
        })?;
        let sdk = config.access.sdk(transport.clone(), clock);
        Store::new(app::dynamodb(&sdk), "app").create_table_if_missing().await?;
        let mut app = App::on_aws(&config, transport, clock.clone(), &[QueueName::Poll]).await?;
        let outside = pretend.transports();
        app.kleer_transport = slower(outside.kleer, clock, &meter);
        app.hubspot_transport = outside.hubspot;
        let new = NewPortal {
            portal: PortalId(pretend::PORTAL),
            kleer_company: KleerCompanyId(pretend::COMPANY),
            credentials: Credentials { access_token: pretend::APP_TOKEN.into(), kleer_key: pretend::KLEER_KEY.into() },
            objects: ObjectType::ALL.to_vec(),
            every_s: None,
        };
        sync::set_up_portal(&app, &new).await?;
        install(&app).await?;
        // All invoices, however old.
        let all = SyncSettings { invoice_window_months: None, ..SyncSettings::default() };
        app.store.put_sync_settings(PortalId(pretend::PORTAL), &all, 0).await?;
        let ticker = anywhere(&app);
        Ok(Self { clock: clock.clone(), gateway, pretend, meter, memory, log: log(), app, ticker })
    }

    /// Ticks whenever something is due, and lets the functions work.
    async fn live(&self, until: Timestamp) -> Result<(), CostError> {
        while let Some(due) = self.next_due().await?.filter(|due| *due <= until) {
            self.clock.sleep_until(due).await;
            let jobs = sync::tick(&self.ticker).await?;
            self.meter.note(|usage| usage.jobs += jobs as u64);
            while self.work().await? {}
        }
        self.clock.sleep_until(until).await;
        Ok(())
    }

    async fn next_due(&self) -> Result<Option<Timestamp>, CostError> {
        let portal = PortalId(pretend::PORTAL);
        // Its beat, which is heard whether anything is due or not.
        let now = self.clock.now();
        let mut next = Some(schedule::next_heard(portal, now));
        // Asked behind the meter's back: nobody asks this on AWS.
        let before = self.meter.take();
        for object in ObjectType::POLLED {
            let due = self.app.store.next_due(portal, object).await?;
            let due = due.map(|due| schedule::queued_at(portal, due, now));
            let look = self.app.store.next_look(portal, object, Look::Verify).await?;
            next = next.into_iter().chain(due).chain(look).min();
        }
        self.meter.note(|usage| *usage = before);
        Ok(next)
    }

    /// One batch of each queue; false if there was none.
    async fn work(&self) -> Result<bool, CostError> {
        let mut worked = false;
        for (queue, limit) in [(QueueName::Poll, 1), (QueueName::Sync, BATCH_LIMIT), (QueueName::Change, BATCH_LIMIT)] {
            let Some((_, batch)) = self.gateway.next_batch(queue, limit) else { continue };
            worked = true;
            let delivery = |one: &crate::aws::Waiting| Delivery {
                queue,
                portal: PortalId(pretend::PORTAL),
                group: pretend::PORTAL.to_string(),
                id: one.id.clone(),
                receipt: String::new(),
                body: one.body.clone(),
                receive_count: one.receives,
            };
            let deliveries: Vec<Delivery> = batch.iter().map(delivery).collect();
            let memory = self.memory.of(queue);
            let (app, began) = (anywhere(&self.app), self.clock.now());
            self.log()?.clear();
            self.meter.note(|usage| usage.processor = Processor::of(memory));
            let handled = match queue {
                QueueName::Poll => poll_function::handle(&app, &deliveries, Timestamp::MAX).await,
                QueueName::Sync | QueueName::Change => sync_function::handle(&app, &deliveries, Timestamp::MAX).await,
            };
            if handled.iter().any(|handled| *handled != Handled::Done) {
                return Err("a message had to come again in calm weather".into());
            }
            self.gateway.settle_all(queue, &batch);
            let bytes: usize = deliveries.iter().map(|delivery| delivery.body.len()).sum();
            let log_bytes = self.logged(&app)?;
            self.meter.note(|usage| {
                let (millis, worked) = usage.processor.ended(began, self.clock.now());
                usage.invocations += 1;
                usage.millis += millis;
                usage.waiting += (millis - worked) * memory;
                usage.working += worked * memory;
                // The event source receives the batch and deletes it.
                usage.messages += bytes.div_ceil(SQS_CHUNK) as u64 + 1;
                usage.log_bytes += log_bytes;
            });
        }
        Ok(worked)
    }

    /// What the invocation that just ended wrote to the log.
    fn logged(&self, app: &App) -> Result<u64, CostError> {
        let ours = std::mem::take(&mut *self.log()?);
        let lines = ours.iter().filter(|byte| **byte == b'\n').count() as u64;
        self.meter.note(|usage| usage.log_lines += lines);
        let services: BTreeSet<&str> = app.calls.snapshot().into_keys().map(|(service, _)| service).collect();
        let metrics = services.len() as u64 + u64::from(app.written.count() > 0);
        Ok(LAMBDA_LINES + metrics * METRICS_LINE + ours.len() as u64 + lines * LINE)
    }

    fn log(&self) -> Result<MutexGuard<'_, Vec<u8>>, CostError> {
        self.log.lock().map_err(|_| "a panic while something was logged".into())
    }
}

/// The app as a function has it that never heard of this portal: where there are many portals, hardly any invocation finds
/// what an earlier one of the same portal learned.
fn anywhere(app: &App) -> App {
    App::new(Parts {
        config: app.config.clone(),
        clock: app.clock.clone(),
        store: app.store.clone(),
        queue: app.queue.clone(),
        keys: app.keys.clone(),
        client_secrets: app.client_secrets.clone(),
        kleer_transport: app.kleer_transport.clone(),
        hubspot_transport: app.hubspot_transport.clone(),
    })
}

/// Gives a portal the tokens of an installed app in place of its static one: they have to be renewed every half an hour.
async fn install(app: &App) -> Result<(), CostError> {
    let portal = PortalId(pretend::PORTAL);
    let ask = http::Request::post("http://hubspot.invalid/_sim/oauth/codes").header("content-type", "application/json");
    let answer =
        app.hubspot_transport.send(ask.body(Bytes::from("{}"))?).await.map_err(|failure| format!("{failure:?}"))?;
    let answer: Value = serde_json::from_slice(answer.body())?;
    let code = answer["code"].as_str().ok_or("the pretend HubSpot gave no code")?;
    let tokens = app.oauth()?.exchange_code(code, "http://127.0.0.1").await?;
    let version = app.store.hubspot_tokens(portal).await?.map_or(0, |found| found.version);
    app.store.put_hubspot_tokens(portal, &app.seal_tokens(portal, &tokens), version).await?;
    Ok(())
}

/// The same service, slower, and counted.
fn slower(transport: Transport, clock: &Clock, meter: &Meter) -> Transport {
    let (clock, meter) = (clock.clone(), meter.clone());
    Transport::in_process(Arc::new(move |request| {
        let (transport, clock, meter) = (transport.clone(), clock.clone(), meter.clone());
        async move {
            clock.sleep(SLOWER).await;
            let answer = transport.send(request).await?;
            meter.note(|usage| {
                usage.kleer_requests += 1;
                usage.processor.works(clock.now(), answer.body().len() as u64);
            });
            Ok(answer)
        }
        .boxed()
    }))
}
