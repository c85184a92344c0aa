//! How near the first sync comes to what HubSpot's rate limit alone allows. Real time, real pauses.

use std::time::Instant;

use domain::{ObjectType, PortalId};
use rest::Clock;

use super::{Figure, of_limit};
use crate::demo::{DemoError, Stage};
use crate::output::HubspotCalls;
use crate::pretend::{PORTAL, Scene};
use crate::worker;

const CLIENTS: u32 = 10_000;
const PER_CALL: u32 = 100;
/// Object writes a second that we allow ourselves.
pub(super) const PACE: u32 = 9;
/// Hundredths.
const TARGET_RATIO: u128 = 125;

/// Measures: clients alone, then a portal with something of everything.
pub(super) async fn measure() -> Result<Vec<Figure>, DemoError> {
    let mut figures = clients_alone().await?;
    figures.extend(super::whole_portal::measure().await?);
    Ok(figures)
}

async fn clients_alone() -> Result<Vec<Figure>, DemoError> {
    let scene = Scene { latency: true, ..Scene::of(CLIENTS, 0) };
    let stage = Stage::set(&scene, &Clock::system(), None, None, &[ObjectType::Client]).await?;
    let app = &stage.machine.app;
    let started = Instant::now();
    worker::tick(app).await?;
    worker::work(app).await?;
    let took = started.elapsed().as_millis();
    let allowed = u128::from(CLIENTS.div_ceil(PER_CALL) * 1_000 / PACE);
    let ratio = took * 100 / allowed;
    let calls = HubspotCalls::of(&app.calls.snapshot());
    let counts = app.store.run_report(PortalId(PORTAL), ObjectType::Client).await?.counts;
    let before = HubspotCalls::writes(&app.calls.snapshot());
    app.store.bring_forward(PortalId(PORTAL), ObjectType::Client, app.clock.now()).await?;
    worker::tick(app).await?;
    worker::work(app).await?;
    let second = HubspotCalls::writes(&app.calls.snapshot()) - before;
    Ok(vec![
        Figure {
            name: "first sync, time against 9 writes/s alone",
            measured: format!("{}.{:02} ({took} ms for {} records)", ratio / 100, ratio % 100, counts.created),
            target: "at most 1.25".to_owned(),
            of_limit: of_limit(ratio, TARGET_RATIO),
            met: ratio <= TARGET_RATIO && counts.created == u64::from(CLIENTS),
        },
        Figure {
            name: "first sync, answers with 429",
            measured: calls.rate_limited.to_string(),
            target: "0".to_owned(),
            of_limit: None,
            met: calls.rate_limited == 0,
        },
        Figure {
            name: "first sync, batch upserts",
            measured: calls.requests.batch_upsert.to_string(),
            target: (CLIENTS / PER_CALL).to_string(),
            of_limit: of_limit(calls.requests.batch_upsert, CLIENTS / PER_CALL),
            met: calls.requests.batch_upsert == u64::from(CLIENTS / PER_CALL),
        },
        Figure {
            name: "second run, writes",
            measured: second.to_string(),
            target: "0".to_owned(),
            of_limit: None,
            met: second == 0,
        },
    ])
}
