//! A day in the life of one portal, on simulated time: Kleer takes 500 ms a call, HubSpot 100 ms and more for batches.

use std::sync::Arc;
use std::time::Duration;

use app::{App, CloudConfig, Credentials};
use domain::{KleerCompanyId, ObjectType, PortalId, SyncSettings};
use dynoxide::Database;
use futures::FutureExt as _;
use jiff::Timestamp;
use queue::{BATCH_LIMIT, Delivery, Handled, QueueName};
use rest::{Clock, Transport};
use store::Store;
use sync::NewPortal;

use super::memory::Memory;
use super::meter::{Meter, SQS_CHUNK, Usage};
use super::{CostError, edits};
use crate::aws::{Gateway, QueueState, SECRET};
use crate::machine::Ground;
use crate::pretend::{self, Pretend, Scene};

/// What the pretend Kleer's own 100 ms lack of 500.
const SLOWER: Duration = Duration::from_millis(400);
/// Time of a processor for each byte that Kleer answers, for planning included, in nanoseconds (`cargo local bench no-change`: 30),
/// and for each invocation in microseconds.
const CPU_BYTE_NS: u64 = 40;
const CPU_INVOCATION_US: u64 = 3_000;
/// So many MB of memory come with a whole processor.
const PROCESSOR_MB: u64 = 1_769;
/// What Lambda itself and our lines write for an invocation, in bytes: its three lines, two of metrics, two of ours.
const LOG_BYTES: u64 = 350 + 2 * 330 + 2 * 300;
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
    app: App,
}

/// What one portal uses in a day on which these records change.
pub(super) fn a_day(scene: &Scene, edits: &[ObjectType], memory: Memory) -> Result<Day, CostError> {
    let clock = Clock::manual("2026-11-20T08:00:00Z".parse()?);
    let ground = Ground::fresh()?;
    let portal = clock.run(Portal::connect(scene, &clock, ground.database.clone(), memory))?;
    let begin = domain::schedule::later(clock.now(), FIRST);
    clock.run(portal.live(begin))?;
    portal.meter.take();
    let parts = u32::try_from(edits.len())? + 1;
    for (number, object) in edits.iter().enumerate() {
        let until = domain::schedule::later(begin, DAY / parts * u32::try_from(number + 1)?);
        clock.run(portal.live(until))?;
        edits::make(&portal.pretend.kleer, *object, number);
    }
    clock.run(portal.live(domain::schedule::later(begin, DAY)))?;
    Ok(Day { usage: portal.meter.take(), kept: kept(&ground.database)? })
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
        let queues = ["poll.fifo", "sync.fifo"].map(|name| (name.to_owned(), QueueState::default()));
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
                _ => name.starts_with("AWS_").then_some("x")?,
            };
            Some(value.to_owned())
        })?;
        let sdk = config.access.sdk(transport.clone(), clock);
        Store::new(app::dynamodb(&sdk), "app").create_table_if_missing().await?;
        let mut app = App::on_aws(&config, transport, clock.clone(), QueueName::Poll).await?;
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
        // All invoices, however old.
        let all = SyncSettings { invoice_window_months: None, ..SyncSettings::default() };
        app.store.put_sync_settings(PortalId(pretend::PORTAL), &all, 0).await?;
        Ok(Self { clock: clock.clone(), gateway, pretend, meter, memory, app })
    }

    /// Ticks whenever something is due, and lets the functions work.
    async fn live(&self, until: Timestamp) -> Result<(), CostError> {
        while let Some(due) = self.next_due().await?.filter(|due| *due <= until) {
            self.clock.sleep_until(due).await;
            let slots = sync::tick(&self.app).await?;
            self.meter.note(|usage| usage.slots += slots as u64);
            while self.work().await? {}
        }
        self.clock.sleep_until(until).await;
        Ok(())
    }

    async fn next_due(&self) -> Result<Option<Timestamp>, CostError> {
        let mut next = None;
        for object in ObjectType::POLLED {
            // Asked behind the meter's back: nobody asks this on AWS.
            let before = self.meter.take();
            let due = self.app.store.next_due(PortalId(pretend::PORTAL), object).await?;
            self.meter.note(|usage| *usage = before);
            next = next.into_iter().chain(due).min();
        }
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
            let began = self.clock.now();
            let handled = match queue {
                QueueName::Poll => poll_function::handle(&self.app, &deliveries, Timestamp::MAX).await,
                QueueName::Sync | QueueName::Change => sync_function::handle(&self.app, &deliveries, Timestamp::MAX).await,
            };
            if handled.iter().any(|handled| *handled != Handled::Done) {
                return Err("a message had to come again in calm weather".into());
            }
            self.gateway.settle_all(queue, &batch);
            let waited = Duration::try_from(self.clock.now().duration_since(began)).unwrap_or_default();
            let bytes: usize = deliveries.iter().map(|delivery| delivery.body.len()).sum();
            let memory = self.memory.of(queue);
            self.meter.note(|usage| {
                let cpu_us = CPU_INVOCATION_US + std::mem::take(&mut usage.kleer_bytes) * CPU_BYTE_NS / 1_000;
                let waited = u64::try_from(waited.as_millis()).unwrap_or(u64::MAX);
                let worked = cpu_us * PROCESSOR_MB / memory / 1_000;
                usage.invocations += 1;
                usage.millis += waited + worked;
                usage.waiting += waited * memory;
                usage.working += worked * memory;
                // The event source receives the batch and deletes it.
                usage.messages += bytes.div_ceil(SQS_CHUNK) as u64 + 1;
                usage.log_bytes += LOG_BYTES;
            });
        }
        Ok(worked)
    }
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
                usage.kleer_bytes += answer.body().len() as u64;
            });
            Ok(answer)
        }
        .boxed()
    }))
}
