//! The composition root. [`Config`] reads the environment, once; [`App`] holds what every job needs; [`App::connect`] opens
//! one portal's [`Connection`]. The only crate that reads the environment and chooses the clock.

mod app_secret;
mod attempt;
mod aws;
mod aws_http;
mod beats;
mod budgets;
mod cloud;
mod cloud_start;
mod config;
mod connection;
mod crowd;
mod keys;
mod meters;
mod notices;
mod telemetry;
mod tokens;
mod written;

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use domain::PortalId;

pub use app_secret::{AppSecret, AppSecretError};
pub use aws::dynamodb_client;
pub use aws_http::aws_http_client;
pub use beats::Beats;
pub use cloud::{AwsAccess, CloudConfig, dynamodb, sqs_client};
pub use cloud_start::CloudStartError;
pub use config::{Config, ConfigError, StaticPortal};
pub use connection::{ConnectError, Connection, Credentials};
pub use crowd::{Crowd, Inside};
pub use keys::{KeyRing, KeyRingError};
pub use meters::{Meters, Readings};
pub use notices::{Letter, NotSent, Post};
pub use telemetry::{Telemetry, redacting};
pub use tokens::random_text;
pub use written::{Written, WrittenLog};

/// What every job needs. Built once, shared by all.
#[derive(Debug)]
pub struct App {
    /// Typed configuration.
    pub config: Config,
    /// All reading of time and all waiting.
    pub clock: rest::Clock,
    /// What we remember.
    pub store: store::Store,
    /// Where work waits.
    pub queue: queue::Queue,
    /// Seals and opens portals' secrets.
    pub keys: KeyRing,
    /// The client secrets of the HubSpot app, the newest first; none with a static token.
    pub client_secrets: Vec<secrecy::SecretString>,
    /// How bytes travel to Kleer.
    pub kleer_transport: rest::Transport,
    /// How bytes travel to HubSpot.
    pub hubspot_transport: rest::Transport,
    /// Requests sent, counted by service and kind.
    pub calls: Arc<rest::Calls>,
    /// What this process wrote to HubSpot lately.
    pub written: WrittenLog,
    /// Calls of workflows under way.
    pub crowd: Crowd,
    /// Which beats were heard.
    pub beats: Beats,
    /// What is worth counting.
    pub meters: Meters,
    /// Where notices to people go.
    pub post: Post,
    /// The paces of this process, by portal and budget: how many may be in flight adapts as it goes.
    budgets: Mutex<HashMap<(PortalId, &'static str, budgets::Lane), rest::Budget>>,
}

/// The parts of an [`App`], by name.
#[derive(Debug)]
pub struct Parts {
    /// See [`App::config`].
    pub config: Config,
    /// See [`App::clock`].
    pub clock: rest::Clock,
    /// See [`App::store`].
    pub store: store::Store,
    /// See [`App::queue`].
    pub queue: queue::Queue,
    /// See [`App::keys`].
    pub keys: KeyRing,
    /// See [`App::client_secrets`].
    pub client_secrets: Vec<secrecy::SecretString>,
    /// See [`App::kleer_transport`].
    pub kleer_transport: rest::Transport,
    /// See [`App::hubspot_transport`].
    pub hubspot_transport: rest::Transport,
}

impl App {
    /// Puts the parts together.
    #[must_use]
    pub fn new(parts: Parts) -> Self {
        let Parts { config, clock, store, queue, keys, client_secrets, kleer_transport, hubspot_transport } = parts;
        Self {
            config,
            clock,
            store,
            queue,
            keys,
            client_secrets,
            kleer_transport,
            hubspot_transport,
            calls: Arc::default(),
            written: WrittenLog::default(),
            crowd: Crowd::default(),
            beats: Beats::default(),
            meters: Meters::default(),
            post: Post::log(),
            budgets: Mutex::default(),
        }
    }
}
