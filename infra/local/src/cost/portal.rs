//! A day in the life of one portal, on simulated time: Kleer takes 500 ms a call, HubSpot 100 ms and more for batches.

use std::sync::Arc;
use std::time::Duration;

use app::{App, CloudConfig, Credentials};
use domain::{KleerCompanyId, ObjectType, PortalId};
use futures::FutureExt as _;
use jiff::Timestamp;
use queue::{BATCH_LIMIT, Delivery, Handled, QueueName};
use rest::{Clock, Transport};
use store::Store;
use sync::NewPortal;

use super::CostError;
use super::meter::{Meter, SQS_CHUNK, Usage};
use crate::aws::{Gateway, QueueState, SECRET};
use crate::machine::Ground;
use crate::pretend::{self, Pretend, Scene};

/// What the pretend Kleer's own 100 ms lack of 500.
const SLOWER: Duration = Duration::from_millis(400);
/// Time of a processor for each record that is listed and compared, in microseconds (`cargo local bench no-change`: 17), and for
/// each invocation; with 256 MB a function has 145 thousandths of a processor.
const CPU_RECORD_US: u64 = 20;
const CPU_INVOCATION_US: u64 = 3_000;
const PROCESSOR: u64 = 145;
/// What Lambda itself and our lines write for an invocation, in bytes: its three lines, two of metrics, two of ours.
const LOG_BYTES: u64 = 350 + 2 * 330 + 2 * 300;
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

struct Portal {
    clock: Clock,
    gateway: Gateway,
    pretend: Pretend,
    meter: Meter,
    app: App,
}

/// What one portal uses in a day on which `edits` of its records change, after its first sync.
pub(super) fn a_day(scene: &Scene, edits: u32) -> Result<Usage, CostError> {
    let clock = Clock::manual("2026-11-20T08:00:00Z".parse()?);
    let portal = clock.run(Portal::connect(scene, &clock))?;
    let evening = domain::schedule::later(clock.now(), DAY);
    clock.run(portal.live(evening))?;
    portal.meter.take();
    for number in 0..edits {
        let until = domain::schedule::later(evening, DAY * (number + 1) / (edits + 1));
        clock.run(portal.live(until))?;
        portal.pretend.kleer.state(|state| {
            let company = state.company(pretend::COMPANY);
            let id = company.clients()[number as usize].id;
            company.edit_client(id, |client| client.phone = format!("08-{number:06}"));
        });
    }
    clock.run(portal.live(domain::schedule::later(evening, DAY)))?;
    Ok(portal.meter.take())
}

impl Portal {
    async fn connect(scene: &Scene, clock: &Clock) -> Result<Self, CostError> {
        let queues = ["poll.fifo", "sync.fifo"].map(|name| (name.to_owned(), QueueState::default()));
        let gateway = Gateway::new(clock.clone(), Ground::fresh()?.database, queues.into_iter().collect());
        gateway.put_secret("app", SECRET);
        let pretend = Pretend::start(scene, clock, None)?;
        let meter = Meter::default();
        let transport = meter.transport(&gateway, clock);
        let config = CloudConfig::read(|name| {
            let value = match name {
                "POLL_QUEUE_URL" => "http://aws.invalid/1/poll.fifo",
                "SYNC_QUEUE_URL" => "http://aws.invalid/1/sync.fifo",
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
        app.kleer_transport = slower(outside.kleer, clock);
        app.hubspot_transport = outside.hubspot;
        let new = NewPortal {
            portal: PortalId(pretend::PORTAL),
            kleer_company: KleerCompanyId(pretend::COMPANY),
            credentials: Credentials { access_token: pretend::APP_TOKEN.into(), kleer_key: pretend::KLEER_KEY.into() },
            objects: ObjectType::ALL.to_vec(),
            every_s: None,
        };
        sync::set_up_portal(&app, &new).await?;
        Ok(Self { clock: clock.clone(), gateway, pretend, meter, app })
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
        for object in ObjectType::ALL {
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
        for (queue, limit) in [(QueueName::Poll, 1), (QueueName::Sync, BATCH_LIMIT)] {
            let Some((_, batch)) = self.gateway.next_batch(queue, limit) else { continue };
            worked = true;
            let delivery = |one: &crate::aws::Waiting| Delivery {
                queue,
                portal: PortalId(pretend::PORTAL),
                id: one.id.clone(),
                receipt: String::new(),
                body: one.body.clone(),
                receive_count: one.receives,
            };
            let deliveries: Vec<Delivery> = batch.iter().map(delivery).collect();
            let began = self.clock.now();
            let handled = match queue {
                QueueName::Poll => poll_function::handle(&self.app, &deliveries, Timestamp::MAX).await,
                QueueName::Sync => sync_function::handle(&self.app, &deliveries, Timestamp::MAX).await,
            };
            if handled.iter().any(|handled| *handled != Handled::Done) {
                return Err("a message had to come again in calm weather".into());
            }
            self.gateway.settle_all(queue, &batch);
            let waited = Duration::try_from(self.clock.now().duration_since(began)).unwrap_or_default();
            let records = self.records(queue).await?;
            let cpu_us = (CPU_INVOCATION_US + records * CPU_RECORD_US) * 1_000 / PROCESSOR;
            let bytes: usize = deliveries.iter().map(|delivery| delivery.body.len()).sum();
            self.meter.note(|usage| {
                usage.invocations += 1;
                usage.millis += u64::try_from(waited.as_millis()).unwrap_or(u64::MAX) + cpu_us / 1_000;
                // The event source receives the batch and deletes it.
                usage.messages += bytes.div_ceil(SQS_CHUNK) as u64 + 1;
                usage.log_bytes += LOG_BYTES;
            });
        }
        Ok(worked)
    }

    /// How many records an invocation of that function goes through: of a poll, at most all of the largest type.
    async fn records(&self, queue: QueueName) -> Result<u64, CostError> {
        let before = self.meter.take();
        let mut most = 0;
        if queue == QueueName::Poll {
            for object in ObjectType::ALL {
                let report = self.app.store.run_report(PortalId(pretend::PORTAL), object).await?;
                most = most.max(report.counts.source);
            }
        }
        self.meter.note(|usage| *usage = before);
        Ok(most)
    }
}

/// The same service, slower.
fn slower(transport: Transport, clock: &Clock) -> Transport {
    let clock = clock.clone();
    Transport::in_process(Arc::new(move |request| {
        let (transport, clock) = (transport.clone(), clock.clone());
        async move {
            clock.sleep(SLOWER).await;
            transport.send(request).await
        }
        .boxed()
    }))
}
