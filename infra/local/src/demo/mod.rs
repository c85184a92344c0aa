//! `cargo local`: a seeded Swedish company is synchronized from a pretend Kleer to a pretend HubSpot.

mod changes;
mod deals;
mod progress;
mod rounds;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use app::{Config, Credentials};
use domain::{KleerCompanyId, ObjectType, PortalId};
use rest::Clock;
use sync::NewPortal;

use crate::listener::{self, ListenError, listen, stop_signal};
use crate::machine::{Home, Machine, StartError};
use crate::output::{self, HubspotCalls, SecondRun, Summary};
use crate::pretend::{self, Pretend, Scene};
use crate::worker;

/// How much faster than reality the demo's time passes.
const SPEED: u32 = 10;
/// The port that the demo is called at, unless somebody chose another.
const PORT: u16 = 8080;
/// The pause between two polls in the demo, in seconds of its time.
const EVERY_S: u32 = 60;

/// Options of the demo.
#[derive(Debug, Clone)]
pub struct Options {
    /// Stop after the first sync and one more run.
    pub once: bool,
    /// The summary as one JSON object on the last line of standard output.
    pub json: bool,
    /// How the simulators begin.
    pub scene: Scene,
    /// This process's port; the simulators' are the next two. None with `once`: no listeners.
    pub port: Option<u16>,
    /// Where everything keeps its state; thrown away if none.
    pub data: Option<PathBuf>,
}

/// Why the demo ended badly.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// It could not start.
    #[error(transparent)]
    Start(#[from] StartError),
    /// A simulator could not start.
    #[error(
        "the simulators cannot keep their state in the data folder: {0}; choose another folder, or delete this one"
    )]
    Simulators(std::io::Error),
    /// A port.
    #[error(transparent)]
    Listen(#[from] ListenError),
    /// The configuration.
    #[error(transparent)]
    Config(#[from] app::ConfigError),
    /// The demo portal could not be set up.
    #[error(transparent)]
    Setup(#[from] sync::SetupError),
    /// A tick failed.
    #[error(transparent)]
    Tick(#[from] sync::TickError),
    /// The worker failed.
    #[error(transparent)]
    Worker(#[from] worker::WorkerError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] store::Error),
}

/// A demo that is set up: simulators, app, one connected portal.
pub struct Stage {
    /// The simulators.
    pub pretend: Pretend,
    /// The app and everything under it.
    pub machine: Machine,
}

impl std::fmt::Debug for Stage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Stage")
    }
}

/// The configuration of the demo: everything at its default, whatever the environment says, and the app as the pretend HubSpot
/// knows it. It logs nothing; what it has to say it prints.
fn config(data: Option<&PathBuf>, port: u16) -> Result<Config, app::ConfigError> {
    let data = data.map_or_else(|| "./data".to_owned(), |folder| folder.display().to_string());
    Config::read(|name| match name {
        "DATA_DIR" => Some(data.clone()),
        "PUBLIC_BASE_URL" => Some(base_url(port)),
        "HUBSPOT_APP_URL" => Some(base_url(port + 2)),
        _ => pretend::variable(name),
    })
}

/// Where the demo is called.
fn base_url(port: u16) -> String {
    format!("http://127.0.0.1:{port}")
}

impl Stage {
    /// Starts simulators and app and connects the demo portal with these types switched on.
    ///
    /// # Errors
    /// If a folder cannot be used.
    pub async fn set(
        scene: &Scene,
        clock: &Clock,
        data: Option<&PathBuf>,
        every_s: Option<u32>,
        objects: &[ObjectType],
    ) -> Result<Self, DemoError> {
        let pretend = Pretend::start(scene, clock, data.map(PathBuf::as_path)).map_err(DemoError::Simulators)?;
        Self::over(pretend, clock, data, every_s, objects, PORT).await
    }

    /// The same for clients alone, with simulators that forget everything; for preparing benchmarks.
    ///
    /// # Errors
    /// If a folder cannot be used.
    pub async fn set_for_measuring(scene: &Scene, clock: &Clock, data: &PathBuf) -> Result<Self, DemoError> {
        let pretend = Pretend::start(scene, clock, None).map_err(DemoError::Simulators)?;
        Self::over(pretend, clock, Some(data), None, &[ObjectType::Client], PORT).await
    }

    async fn over(
        pretend: Pretend,
        clock: &Clock,
        data: Option<&PathBuf>,
        every_s: Option<u32>,
        objects: &[ObjectType],
        port: u16,
    ) -> Result<Self, DemoError> {
        let home = data.map_or(Home::Memory, |folder| Home::Folder(folder.clone()));
        let machine = Machine::start(config(data, port)?, &home, clock.clone(), pretend.transports()).await?;
        let new = NewPortal {
            portal: PortalId(pretend::PORTAL),
            kleer_company: KleerCompanyId(pretend::COMPANY),
            credentials: Credentials { access_token: pretend::APP_TOKEN.into(), kleer_key: pretend::KLEER_KEY.into() },
            objects: objects.to_vec(),
            every_s,
        };
        sync::set_up_portal(&machine.app, &new).await?;
        Ok(Self { pretend, machine })
    }
}

/// Runs the demo. True if everything ended as it should.
///
/// # Errors
/// If it cannot start, or this machine's store fails.
pub async fn run(options: &Options) -> Result<bool, DemoError> {
    let started = Instant::now();
    let clock = Clock::scaled(SPEED);
    let kept = changes::KeptClock::resume(&clock, options.data.as_deref());
    let listeners = match options.port {
        None => None,
        Some(port) => Some((listen(port).await?, listen(port + 1).await?, listen(port + 2).await?)),
    };
    let pretend = Pretend::start(&options.scene, &clock, options.data.as_deref()).map_err(DemoError::Simulators)?;
    let port = options.port.unwrap_or(PORT);
    pretend.hubspot.calls(&base_url(port)).map_err(|e| DemoError::Simulators(std::io::Error::other(e)))?;
    let stage = Stage::over(pretend, &clock, options.data.as_ref(), Some(EVERY_S), &ObjectType::ALL, port).await?;
    // Over its listener the pretend HubSpot sends by itself.
    let carried = options.port.is_none().then_some(&stage.pretend);
    greet(options);
    let app = &stage.machine.app;
    let synchronizing = async {
        let summary = summary(app, &kept, options, carried, started).await?;
        if options.json {
            output::say(true, &output::table(&summary));
            output::machine(&summary);
        } else {
            output::say(false, &output::table(&summary));
        }
        if options.once {
            return Ok(summary.ok);
        }
        match deals::make(app, &stage.pretend).await {
            Ok(Some(deal)) => greet_deal(options, deal),
            Ok(None) => {}
            Err(error) => output::say(options.json, &format!("The demo's deals could not be made: {error}")),
        }
        output::say(options.json, "Going on: every change in Kleer is synchronized within seconds. Ctrl-C ends.");
        let beat = Duration::from_secs(5);
        worker::run(app, beat, changes::watch(&stage, &kept, options.json)).await;
        Ok(summary.ok)
    };
    let Some((own, kleer, hubspot)) = listeners else {
        return tokio::select! {
            done = synchronizing => done,
            () = stop_signal() => { output::say(options.json, "Stopped before the end."); Ok(false) }
        };
    };
    let stop = std::future::pending::<()>();
    let simulators = pretend::serve(&stage.pretend, kleer, hubspot, stop);
    let listening = listener::serve(own, app);
    tokio::select! {
        done = synchronizing => done,
        ended = simulators => { ended.map_err(DemoError::Simulators)?; Ok(false) }
        ended = listening => { ended.map_err(DemoError::Simulators)?; Ok(false) }
        () = stop_signal() => { output::say(options.json, "Stopped."); Ok(!options.once) }
    }
}

fn greet(options: &Options) {
    let Options { scene, json, .. } = options;
    let Scene { clients, products, more, seed, .. } = scene;
    let pretend::More { invoices, agreements, projects } = more;
    let company = format!(
        "{clients} clients, {products} products, {invoices} invoices, {agreements} agreements, {projects} projects"
    );
    output::say(*json, &format!("Kleer for HubSpot, demo: {company} (seed {seed})"));
    if let Some(port) = options.port {
        let (kleer, hubspot) = (port + 1, port + 2);
        let say = |line: &str| output::say(*json, line);
        say(&format!("  settings page     http://127.0.0.1:{port}/"));
        say(&format!("  this process      http://127.0.0.1:{port}/health"));
        say(&format!("  webhooks          http://127.0.0.1:{port}/webhooks/hubspot"));
        say(&format!("  install, OAuth    http://127.0.0.1:{port}/oauth/start"));
        say(&format!("  pretend Kleer     http://127.0.0.1:{kleer}/_sim/state"));
        say(&format!("  pretend HubSpot   http://127.0.0.1:{hubspot}/_sim/records/companies"));
        say("  rename a company in HubSpot, and see the client in Kleer:");
        say(&format!(
            "    curl -X PATCH http://127.0.0.1:{hubspot}/_sim/records/companies/9001 -d '{{\"properties\":{{\"name\":\"New name AB\"}}}}'"
        ));
        say(&format!("    curl http://127.0.0.1:{kleer}/_sim/company/1/client"));
    }
}

/// What a workflow can be tried with.
fn greet_deal(options: &Options, deal: u64) {
    let Some(port) = options.port else { return };
    let say = |line: &str| output::say(options.json, line);
    say(&format!("  a workflow makes an invoice in Kleer of the line items of deal {deal}, and its outcome:"));
    say(&format!(
        "    curl -X POST http://127.0.0.1:{0}/_sim/workflows/enrol -d '{{\"object_type\":\"deals\",\"record\":\"{deal}\",\"action\":\"create-invoice\"}}'",
        port + 2
    ));
    say(&format!("    curl http://127.0.0.1:{}/_sim/workflows", port + 2));
}

/// The first sync until everything is in HubSpot, then one more run; counted.
async fn summary(
    app: &app::App,
    kept: &changes::KeptClock,
    options: &Options,
    carried: Option<&Pretend>,
    started: Instant,
) -> Result<Summary, DemoError> {
    let first = {
        let bars = progress::Bars::new(app, options.json);
        bars.during(rounds::until_in_sync(app, kept, carried)).await?
    };
    let calls = app.calls.snapshot();
    let before = HubspotCalls::writes(&calls);
    rounds::once_more(app, kept, carried).await?;
    let writes = HubspotCalls::writes(&app.calls.snapshot()) - before;
    let objects: BTreeMap<_, _> = first.into_iter().map(|(object, counts)| (object.as_str(), counts)).collect();
    let well = objects.values().all(|counts| counts.failed == 0 && counts.waiting == 0);
    let done = objects.values().all(|c| c.created + c.updated + c.unchanged + c.excluded >= c.source);
    Ok(Summary {
        ok: well && done && writes == 0,
        objects,
        hubspot: HubspotCalls::of(&calls),
        kleer: output::kleer_calls(&calls),
        second_run: SecondRun { writes },
        elapsed_s: seconds(started.elapsed()),
    })
}

/// Seconds with one decimal.
fn seconds(elapsed: Duration) -> serde_json::Number {
    let tenths = elapsed.as_millis() / 100;
    format!("{}.{}", tenths / 10, tenths % 10).parse().unwrap_or_else(|_| 0.into())
}
