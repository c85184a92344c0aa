//! The two simulators as this process uses them.

use std::convert::Infallible;
use std::future::Future;
use std::path::Path;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use app::App;
use bytes::Bytes;
use futures::FutureExt as _;
use futures::future::select;
use futures::stream::{FuturesUnordered, StreamExt as _};
use rest::{Clock, Failure, Transport};

use crate::machine::Transports;
use crate::routes;

pub use kleer_sim::More;

/// The portal of the demo.
pub const PORTAL: i64 = 4242;
/// The Kleer company of the demo.
pub const COMPANY: i64 = 1;
/// Its key.
pub const KLEER_KEY: &str = "demo-key";
/// The token of our app in the demo portal.
pub const APP_TOKEN: &str = "demo-app-token";
/// The token of our app in the portal beside it, `PORTAL + 1`, which nobody is connected to until somebody connects it.
pub const NEXT_APP_TOKEN: &str = "next-app-token";

/// The token of a person in that portal.
pub const NEXT_PERSON_TOKEN: &str = "next-token";

/// Our app as the pretend HubSpot knows it, as variables of the configuration.
const APP: [(&str, &str); 3] =
    [("HUBSPOT_APP_ID", "1000001"), ("HUBSPOT_CLIENT_ID", "demo-client"), ("HUBSPOT_CLIENT_SECRET", CLIENT_SECRET)];
/// What the pretend HubSpot signs with.
pub const CLIENT_SECRET: &str = "demo-secret";

/// What a variable of the configuration must say so that our app is the one that the pretend HubSpot knows.
#[must_use]
pub fn variable(name: &str) -> Option<String> {
    APP.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
}

/// How often a look is taken for what HubSpot has to say besides.
const GLANCE: Duration = Duration::from_millis(200);

/// What goes wrong in the simulators.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Faults {
    /// Nothing.
    None,
    /// Now and then something.
    Light,
    /// Everything that a connection must survive, often.
    Heavy,
}

/// How the simulators begin.
#[derive(Debug, Clone, Copy)]
pub struct Scene {
    /// Seeds the demo company and all faults.
    pub seed: u64,
    /// Clients in Kleer.
    pub clients: u32,
    /// Products in Kleer.
    pub products: u32,
    /// Invoices, agreements and projects in Kleer.
    pub more: More,
    /// What goes wrong.
    pub faults: Faults,
    /// Whether answers take as long as they do in reality: 100 ms, a batch 300 ms and 2 ms per record.
    pub latency: bool,
}

impl Scene {
    /// So many clients and products, and nothing else; nothing goes wrong, and nothing takes time.
    #[must_use]
    pub fn of(clients: u32, products: u32) -> Self {
        Self { seed: 1, clients, products, more: More::default(), faults: Faults::None, latency: false }
    }

    /// A company with something of everything: what is shown to those who do not say what they want to see.
    #[must_use]
    pub fn everything() -> Self {
        Self { more: More { invoices: 1_000, agreements: 100, projects: 40 }, ..Self::of(500, 100) }
    }
}

/// A pretend Kleer and a pretend HubSpot on one clock.
#[derive(Clone)]
pub struct Pretend {
    /// Kleer.
    pub kleer: kleer_sim::Simulator,
    /// HubSpot.
    pub hubspot: hubspot_sim::Simulator,
}

impl std::fmt::Debug for Pretend {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Pretend")
    }
}

impl Pretend {
    /// Both simulators; with a folder they keep their state there.
    ///
    /// # Errors
    /// If the folder cannot be used.
    pub fn start(scene: &Scene, clock: &Clock, folder: Option<&Path>) -> std::io::Result<Self> {
        Self::open(scene, clock, folder, 1)
    }

    /// Both simulators in memory, with that many portals beside the demo's, whose tokens are [`app_token`]'s. Their Kleer companies
    /// are still to be made.
    ///
    /// # Errors
    /// As for [`Self::start`].
    pub fn crowd(scene: &Scene, clock: &Clock, neighbours: i64) -> std::io::Result<Self> {
        Self::open(scene, clock, None, neighbours)
    }

    fn open(scene: &Scene, clock: &Clock, folder: Option<&Path>, neighbours: i64) -> std::io::Result<Self> {
        let kleer_options = kleer_sim::Options {
            seed: Some(kleer_sim::Seed { seed: scene.seed, clients: scene.clients, products: scene.products }),
            more: scene.more,
            faults: match scene.faults {
                Faults::None => kleer_sim::Faults::none(scene.seed),
                Faults::Light => kleer_sim::Faults::light(scene.seed),
                Faults::Heavy => kleer_sim::Faults::heavy(scene.seed),
            },
            latency: kleer_sim::Latency { base: if scene.latency { 100 } else { 0 }, per_record: 0 },
            ..kleer_sim::Options::default()
        };
        let hubspot_options = hubspot_options(scene, neighbours);
        let kleer_time = kleer_sim::Time { now: now(clock), sleep: sleep(clock) };
        let hubspot_time = hubspot_sim::Time { now: now(clock), sleep: sleep(clock) };
        Ok(match folder {
            None => Self {
                kleer: kleer_sim::Simulator::new(kleer_options, kleer_time),
                hubspot: hubspot_sim::Simulator::new(hubspot_options, hubspot_time),
            },
            Some(folder) => Self {
                kleer: kleer_sim::Simulator::open(kleer_options, kleer_time, &folder.join("kleer-sim"))?,
                hubspot: hubspot_sim::Simulator::open(hubspot_options, hubspot_time, &folder.join("hubspot-sim"))?,
            },
        })
    }

    /// Carries what the pretend HubSpot has to send at this moment to the app, without sockets, until there is nothing more. How
    /// much that was.
    pub async fn deliver(&self, app: &App) -> usize {
        let carry = async |delivery: hubspot_sim::Delivery| {
            let answer = app.clock.timeout(delivery.timeout, routes::answer(app, &delivery.request)).await;
            answer.map_err(|_| hubspot_sim::DeliveryFailure::Timeout)
        };
        self.hubspot.deliver(carry).await
    }

    /// The same without end, as HubSpot does it: what is due is under way together, and whatever falls due meanwhile as well.
    /// `seen` learns what came of each request, and after how long; no status means no answer in time.
    pub async fn deliver_for_ever(&self, app: &App, seen: impl Fn(Option<u16>, Duration)) -> Infallible {
        let carry = async |delivery: hubspot_sim::Delivery| {
            let begun = app.clock.now();
            let answer = app.clock.timeout(delivery.timeout, routes::answer(app, &delivery.request)).await;
            let took = Duration::try_from(app.clock.now().duration_since(begun)).unwrap_or_default();
            seen(answer.as_ref().ok().map(|answer| answer.status().as_u16()), took);
            let answer = answer.map_err(|_| hubspot_sim::DeliveryFailure::Timeout);
            self.hubspot.answered(delivery.id, answer);
        };
        let mut under_way = FuturesUnordered::new();
        loop {
            under_way.extend(self.hubspot.due_deliveries().into_iter().map(&carry));
            let glance = pin!(app.clock.sleep(GLANCE));
            if under_way.is_empty() {
                glance.await;
            } else {
                select(under_way.next(), glance).await;
            }
        }
    }

    /// Transports into this process's simulators: no sockets.
    #[must_use]
    pub fn transports(&self) -> Transports {
        let kleer = self.kleer.clone();
        let hubspot = self.hubspot.clone();
        let kleer: rest::Handler = Arc::new(move |request| {
            let kleer = kleer.clone();
            async move { kleer.call(request).await.map_err(|broken| failure_of_kleer(&broken)) }.boxed()
        });
        let hubspot: rest::Handler = Arc::new(move |request: http::Request<Bytes>| {
            let hubspot = hubspot.clone();
            async move { hubspot.call(request).await.map_err(|broken| failure_of_hubspot(&broken)) }.boxed()
        });
        Transports { kleer: Transport::in_process(kleer), hubspot: Transport::in_process(hubspot) }
    }
}

fn hubspot_options(scene: &Scene, neighbours: i64) -> hubspot_sim::Options {
    let mut demo = hubspot_sim::Options::demo();
    for portal in &mut demo.portals {
        // The product's documentation says that an agreement's first-invoice rows become line items of its subscription
        // (contract product §6.3), and it was written from the live service.
        portal.switches.one_time_subscription_lines = true;
    }
    if let Some(first) = demo.portals.first().cloned() {
        demo.portals.extend((1..=neighbours).map(|number| next_portal(&first, number)));
    }
    let mut faults = match scene.faults {
        Faults::None => hubspot_sim::Faults::none(scene.seed),
        Faults::Light => hubspot_sim::Faults::light(scene.seed),
        Faults::Heavy => hubspot_sim::Faults::heavy(scene.seed),
    };
    let (duplicates, lost, delay_ms) = match scene.faults {
        Faults::None => (0, 0, 0),
        Faults::Light => (50, 10, 500),
        Faults::Heavy => (200, 100, 2_000),
    };
    if scene.latency {
        faults.rules.insert(0, slower_batches());
    }
    hubspot_sim::Options {
        seed: scene.seed,
        faults,
        webhooks: hubspot_sim::Webhooks { duplicates, lost, delay_ms, ..demo.webhooks },
        latency: if scene.latency {
            hubspot_sim::Latency { base_ms: 100, per_record_ms: 2 }
        } else {
            hubspot_sim::Latency::default()
        },
        ..demo
    }
}

/// The token of our app in a portal.
#[must_use]
pub fn app_token(portal: i64) -> String {
    match portal - PORTAL {
        0 => APP_TOKEN.to_owned(),
        1 => NEXT_APP_TOKEN.to_owned(),
        _ => format!("app-token-of-{portal}"),
    }
}

/// A portal like the demo's, so many ids further, with a token of its own.
fn next_portal(demo: &hubspot_sim::PortalOptions, number: i64) -> hubspot_sim::PortalOptions {
    let token = app_token(PORTAL + number);
    let token = hubspot_sim::StaticToken { token, user: hubspot_sim::TokenUser::App, scopes: None };
    hubspot_sim::PortalOptions { id: demo.id + number.unsigned_abs(), tokens: vec![token], ..demo.clone() }
}

/// The same way, and every call takes longer by a pause.
#[must_use]
pub fn slower(transport: Transport, clock: &Clock, pause: Duration) -> Transport {
    let clock = clock.clone();
    Transport::in_process(Arc::new(move |request| {
        let (transport, clock) = (transport.clone(), clock.clone());
        async move {
            clock.sleep(pause).await;
            transport.send(request).await
        }
        .boxed()
    }))
}

/// A batch takes 200 ms more than any other call, so 300 ms and 2 ms per record in all.
fn slower_batches() -> hubspot_sim::Rule {
    hubspot_sim::Rule {
        matches: hubspot_sim::Match { method: None, path_contains: Some("/batch/".to_owned()) },
        probability: 1_000,
        times: None,
        skip: 0,
        fault: hubspot_sim::Fault::LatencyMs { base: 200, per_record: 0 },
    }
}

fn now(clock: &Clock) -> Arc<dyn Fn() -> jiff::Timestamp + Send + Sync> {
    let clock = clock.clone();
    Arc::new(move || clock.now())
}

fn sleep(clock: &Clock) -> Arc<dyn Fn(std::time::Duration) -> futures::future::BoxFuture<'static, ()> + Send + Sync> {
    let clock = clock.clone();
    Arc::new(move |pause| {
        let clock = clock.clone();
        async move { clock.sleep(pause).await }.boxed()
    })
}

fn failure_of_kleer(broken: &kleer_sim::Broken) -> Failure {
    match broken {
        kleer_sim::Broken::NotSent => Failure::NotSent,
        kleer_sim::Broken::Reset => Failure::NoAnswer,
        kleer_sim::Broken::Truncated => Failure::Truncated,
    }
}

fn failure_of_hubspot(broken: &hubspot_sim::Broken) -> Failure {
    match broken {
        hubspot_sim::Broken::NotSent => Failure::NotSent,
        hubspot_sim::Broken::Reset => Failure::NoAnswer,
        hubspot_sim::Broken::Truncated => Failure::Truncated,
    }
}

/// Both simulators on loopback listeners, until `stop` resolves.
///
/// # Errors
/// If a listener fails.
pub async fn serve(
    pretend: &Pretend,
    kleer: tokio::net::TcpListener,
    hubspot: tokio::net::TcpListener,
    stop: impl Future<Output = ()>,
) -> std::io::Result<()> {
    let stop = stop.shared();
    futures::future::try_join(pretend.kleer.serve(kleer, stop.clone()), pretend.hubspot.serve(hubspot, stop)).await?;
    Ok(())
}
