//! How fast HubSpot gets its answer when it says much. Requests arrive at their pace, whether those before them are answered or
//! not, and what counts is the time from when each arrived. One thread does it all, over a store in a folder; what was
//! answered must be in the folder when the process has ended.

use std::path::Path;
use std::time::{Duration, Instant};

use app::App;
use futures::stream::{FuturesUnordered, StreamExt as _};
use hubspot_sim::signature::{Scheme, sign};
use jiff::Timestamp;
use queue::QueueName;
use rest::Clock;
use web::{Request, StatusCode};

use super::no_change::cpu_ms;
use super::{Figure, of_limit};
use crate::demo::{DemoError, Stage};
use crate::machine::Machine;
use crate::pretend::{CLIENT_SECRET, PORTAL, Scene};
use crate::routes;

const PER_SECOND: u32 = 150;
const SECONDS: u32 = 20;
const EVENTS: u64 = 100;
const RECORDS: u64 = 10;
const TARGET: Duration = Duration::from_millis(50);

/// What a run told.
#[derive(Debug)]
struct Measured {
    /// How long each request took, the shortest first.
    took: Vec<Duration>,
    refused: usize,
    cpu_ms: u64,
}

/// Measures.
pub(super) async fn measure() -> Result<Vec<Figure>, DemoError> {
    let folder = tempfile::tempdir().map_err(DemoError::Simulators)?;
    let data = folder.path().to_path_buf();
    let stage = Stage::set_for_measuring(&Scene::of(0, 0), &Clock::system(), &data).await?;
    let requests: Vec<Request> =
        (0..u64::from(PER_SECOND * SECONDS)).map(|number| request(&stage.machine.app, number)).collect();
    let count = requests.len();
    let measured = answer_all(&stage.machine.app, &requests).await;
    let queued = stage.machine.app.queue.depth(QueueName::Change);
    let kept = kept(stage, &data).await?;
    let at = |share: usize| measured.took.get((count * share / 1_000).min(count - 1)).copied().unwrap_or_default();
    let (half, most, longest) = (at(500), at(990), at(1_000));
    Ok(vec![
        Figure {
            name: "webhooks, 99 of 100 requests answered within",
            measured: format!(
                "{} (half within {}, all within {}; {PER_SECOND} requests/s of {EVENTS} events over {RECORDS} records, {} % of a core)",
                millis(most),
                millis(half),
                millis(longest),
                measured.cpu_ms / u64::from(SECONDS * 10),
            ),
            target: format!("below {} ms", TARGET.as_millis()),
            of_limit: of_limit(most.as_micros(), TARGET.as_micros()),
            met: most < TARGET && measured.refused == 0,
        },
        Figure {
            name: "webhooks, messages in the folder when the process has ended",
            measured: format!("{kept} of {queued}, for {count} requests"),
            target: format!("all {}", count as u64 * RECORDS),
            of_limit: None,
            met: kept == queued && kept as u64 == count as u64 * RECORDS,
        },
    ])
}

/// A request as HubSpot sends it: a hundred property changes by a person.
fn request(app: &App, number: u64) -> Request {
    let events: Vec<String> = (0..EVENTS)
        .map(|place| {
            let (id, record) = (number * EVENTS + place, number * RECORDS + place % RECORDS + 1);
            format!(
                r#"{{"eventId":{id},"subscriptionId":610001,"portalId":{PORTAL},"appId":1000001,"occurredAt":1795161600000,"subscriptionType":"company.propertyChange","attemptNumber":0,"objectId":{record},"propertyName":"address","propertyValue":"Storgatan {id}, 111 22 Stockholm","changeSource":"CRM_UI","sourceId":"userId:501"}}"#
            )
        })
        .collect();
    let url = format!("{}/webhooks/hubspot", app.config.public_base_url);
    let body = format!("[{}]", events.join(",")).into();
    let mut request = http::Request::post(url).body(body).expect("the parts are well formed");
    sign(&mut request, Scheme::Webhook, CLIENT_SECRET, app.clock.now());
    request
}

async fn answer_all(app: &App, requests: &[Request]) -> Measured {
    let (cpu, started, begun) = (cpu_ms(), Instant::now(), app.clock.now());
    let mut answering: FuturesUnordered<_> = (0_u32..)
        .zip(requests)
        .map(|(number, request)| async move {
            let arrives = Duration::from_secs(1) * number / PER_SECOND;
            app.clock.sleep_until(moment(begun, arrives)).await;
            let answer = routes::answer(app, request).await;
            (started.elapsed().saturating_sub(arrives), answer.status())
        })
        .collect();
    let (mut took, mut refused) = (Vec::with_capacity(requests.len()), 0);
    while let Some((time, status)) = answering.next().await {
        took.push(time);
        refused += usize::from(status != StatusCode::OK);
    }
    took.sort_unstable();
    Measured { took, refused, cpu_ms: cpu_ms() - cpu }
}

fn moment(begun: Timestamp, later: Duration) -> Timestamp {
    domain::schedule::later(begun, later)
}

/// What the folder knows of the queue, once nobody works on it any more.
async fn kept(stage: Stage, folder: &Path) -> Result<usize, DemoError> {
    let Stage { pretend, machine } = stage;
    let (config, clock) = (machine.app.config.clone(), machine.app.clock.clone());
    drop(machine);
    let copy = Machine::copy_of(config, folder, clock, pretend.transports()).await?;
    Ok(copy.app.queue.depth(QueueName::Change))
}

/// Milliseconds with one decimal.
fn millis(time: Duration) -> String {
    let tenths = time.as_micros() / 100;
    format!("{}.{} ms", tenths / 10, tenths % 10)
}
