//! `cargo local serve`: real accounts on this machine.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use app::{App, Config, Credentials, Telemetry};
use domain::{ObjectType, PortalId};
use rest::{Clock, Transport};
use sync::NewPortal;

use crate::activity::Told;
use crate::listener::{self, ListenError, listen, stop_signal};
use crate::machine::{Home, Machine, StartError, Transports};
use crate::{output, worker};

/// Options of the command; the environment gives the rest.
#[derive(Debug, Clone)]
pub struct Options {
    /// The port of everything that HubSpot and browsers call.
    pub port: u16,
    /// The object types that are switched on; all if none are named.
    pub objects: Option<Vec<ObjectType>>,
    /// Seconds between two polls of every type, instead of its own interval.
    pub every_s: Option<u32>,
}

/// Why it cannot serve.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The configuration.
    #[error(transparent)]
    Config(#[from] app::ConfigError),
    /// TLS cannot start.
    #[error("HTTPS cannot be used on this machine: {0}")]
    Network(rest::Error),
    /// The machine.
    #[error(transparent)]
    Start(#[from] StartError),
    /// The portal.
    #[error(transparent)]
    Setup(#[from] sync::SetupError),
    /// The port.
    #[error(transparent)]
    Listen(#[from] ListenError),
    /// The listener ended.
    #[error("the listener ended: {0}")]
    Listener(std::io::Error),
}

/// Serves until Ctrl-C.
///
/// # Errors
/// If something is missing, or this machine's store fails.
pub async fn run(config: Config, options: &Options) -> Result<(), ServeError> {
    let config = called_at(config, options.port);
    // Portals that install through OAuth need no token here.
    let fixed =
        if can_install(&config) { config.static_portal.clone() } else { Some(config.require_static_portal()?.clone()) };
    let listener = listen(options.port).await?;
    Telemetry::Stderr.install(&config.log);
    let home = Home::Folder(PathBuf::from(&config.data_dir));
    let machine = Machine::start(config, &home, Clock::system(), network()?).await?;
    let app = &machine.app;
    let new = fixed.map(|fixed| new_portal(&fixed, options.objects.clone(), options.every_s));
    if let Some(new) = &new {
        sync::set_up_portal(app, new).await?;
    }
    greet(app, new.as_ref(), options.port);
    let beat = Duration::from_secs(1);
    let telling = async {
        match &new {
            Some(new) => tell(app, new).await,
            None => std::future::pending().await,
        }
    };
    tokio::select! {
        () = worker::run(app, beat, std::future::pending()) => Ok(()),
        ended = listener::serve(listener, app) => ended.map_err(ServeError::Listener),
        () = telling => Ok(()),
        () = stop_signal() => { output::say(false, "Stopped."); Ok(()) }
    }
}

/// Unless the environment says where HubSpot finds this process, it is on this machine, at its port.
fn called_at(config: Config, port: u16) -> Config {
    const DEFAULT: &str = "http://127.0.0.1:8080";
    if config.public_base_url != DEFAULT {
        return config;
    }
    Config { public_base_url: format!("http://127.0.0.1:{port}"), ..config }
}

/// Whether portals can install us through OAuth.
const fn can_install(config: &Config) -> bool {
    config.hubspot_client_id.is_some() && config.hubspot_client_secret.is_some()
}

/// Who is served, where it is called, and what is switched off for want of configuration.
fn greet(app: &App, new: Option<&NewPortal>, port: u16) {
    let config = &app.config;
    let say = |line: &str| output::say(false, line);
    match new {
        Some(NewPortal { portal, kleer_company, objects, .. }) => {
            let names: Vec<&str> = objects.iter().map(|object| object.as_str()).collect();
            say(&format!("Kleer for HubSpot: portal {portal}, Kleer company {kleer_company}, {}", names.join(", ")));
        }
        None => say("Kleer for HubSpot: portals that install it"),
    }
    if can_install(config) {
        say(&format!("  install     {}/oauth/start", config.public_base_url));
    }
    if app.client_secrets.is_empty() {
        say("  webhooks    refused with 503: HUBSPOT_CLIENT_SECRET is not set, so nobody can know who sent them");
    } else {
        say(&format!("  settings    http://127.0.0.1:{port}/"));
        say(&format!("  webhooks    {}/webhooks/hubspot", config.public_base_url));
        if config.hubspot_app_id.is_none() {
            say("              HUBSPOT_APP_ID is not set: echoes of our own writes are told only by comparing values");
        }
    }
    say(&format!("  ready at http://127.0.0.1:{port}/health; Ctrl-C ends"));
}

/// Real HTTP to both services.
///
/// # Errors
/// If TLS cannot start.
pub fn network() -> Result<Transports, ServeError> {
    let transport = Transport::network().map_err(ServeError::Network)?;
    Ok(Transports { kleer: transport.clone(), hubspot: transport })
}

/// The portal of the static token.
pub(crate) fn new_portal(
    fixed: &app::StaticPortal,
    objects: Option<Vec<ObjectType>>,
    every_s: Option<u32>,
) -> NewPortal {
    NewPortal {
        portal: fixed.portal,
        kleer_company: fixed.kleer_company,
        credentials: Credentials { access_token: fixed.access_token.clone(), kleer_key: fixed.kleer_key.clone() },
        objects: objects.unwrap_or_else(|| ObjectType::ALL.to_vec()),
        every_s,
    }
}

/// Says in a line what each run did, as runs end, what happened besides, and what is wrong with records; what was said already is
/// not said again.
async fn tell(app: &App, new: &NewPortal) {
    const GLANCE: Duration = Duration::from_millis(200);
    let begun = app.clock.now();
    let mut told: BTreeMap<ObjectType, String> = BTreeMap::new();
    let mut activities = Told::from_now(app, new.portal);
    loop {
        app.clock.sleep(GLANCE).await;
        activities.news(app).await.iter().for_each(|line| output::say(false, line));
        for &object in &new.objects {
            let Ok(report) = app.store.run_report(new.portal, object).await else { continue };
            let Some(line) = line(&report).filter(|_| report.started_at.is_some_and(|at| at >= begun)) else {
                continue;
            };
            if told.get(&object) == Some(&line) {
                continue;
            }
            output::say(false, &format!("{object}: {line}"));
            if report.counts.failed > 0 {
                tell_problems(app, new.portal, object).await;
            }
            told.insert(object, line);
        }
    }
}

/// The first problems of a type.
async fn tell_problems(app: &App, portal: PortalId, object: ObjectType) {
    const SHOWN: usize = 5;
    let problems = app.store.problems(portal, object).await.unwrap_or_default();
    for problem in problems.iter().take(SHOWN) {
        let id = problem.kleer_id.map_or_else(|| "?".to_owned(), |id| id.to_string());
        output::say(false, &format!("  {object} {id}: {} {}", problem.message, problem.remedy));
    }
    if problems.len() > SHOWN {
        output::say(false, &format!("  and {} more", problems.len() - SHOWN));
    }
}

fn line(report: &domain::SyncReport) -> Option<String> {
    if let Some(reason) = &report.interrupted {
        return Some(format!("interrupted: {reason}"));
    }
    report.finished_at?;
    let domain::Counts { source, created, updated, unchanged, failed, .. } = report.counts;
    Some(format!("{source} in Kleer: {created} created, {updated} updated, {unchanged} unchanged, {failed} failed"))
}
