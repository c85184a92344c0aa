//! Everything that a built function meets on AWS, on loopback: the gateway, a table, an app secret, both simulators, and the
//! demo's portal, connected.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use app::{App, CloudConfig, Credentials};
use domain::{KleerCompanyId, ObjectType, PortalId};
use jiff::Timestamp;
use queue::{BATCH_LIMIT, QueueName};
use rest::Clock;
use store::Store;
use sync::NewPortal;
use tokio::task::JoinHandle;

use super::{Event, Function, Gateway, Invoked, QueueState, serve, tick, time_limit};
use crate::listener::listen;
use crate::machine::Ground;
use crate::pretend::{self, Pretend, Scene};

/// A well-formed app secret.
pub const SECRET: &str =
    r#"{"client_secrets":["demo-secret"],"keys":[{"id":"1","key":"MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="}]}"#;
const TABLE: &str = "table";
/// Where HubSpot is told that the functions are; what it signs begins with it.
pub const PUBLIC: &str = "https://kleer.example";

/// The surroundings of functions. Listeners end when this is dropped.
pub struct Stage {
    /// AWS.
    pub gateway: Gateway,
    /// Kleer and HubSpot.
    pub pretend: Pretend,
    /// The product's own view of the same store, from this process.
    pub app: App,
    /// Where the built functions are, by their names; one that a queue wakes is named after it.
    pub binaries: PathBuf,
    environment: BTreeMap<&'static str, String>,
    serving: Vec<JoinHandle<()>>,
}

impl std::fmt::Debug for Stage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Stage")
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        self.serving.iter().for_each(JoinHandle::abort);
    }
}

/// Anything that keeps the stage from being set.
pub type StageError = Box<dyn std::error::Error>;

impl Stage {
    /// Sets the stage: everything due at once, nothing done.
    ///
    /// # Errors
    /// If a listener cannot be opened, or the store fails.
    pub async fn set(scene: &Scene, binaries: PathBuf) -> Result<Self, StageError> {
        let clock = Clock::scaled(1);
        let queues = ["poll.fifo", "sync.fifo", "change.fifo"].map(|name| (name.to_owned(), QueueState::default()));
        let gateway = Gateway::new(clock.clone(), Ground::fresh()?.database, queues.into_iter().collect());
        gateway.put_secret("app", SECRET);
        let pretend = Pretend::start(scene, &clock, None)?;
        let (aws, kleer, hubspot) = (listen(0).await?, listen(0).await?, listen(0).await?);
        let url =
            |listener: &tokio::net::TcpListener| Ok::<_, StageError>(format!("http://{}", listener.local_addr()?));
        let (aws_url, kleer_url, hubspot_url) = (url(&aws)?, url(&kleer)?, url(&hubspot)?);
        let environment = environment(&aws_url, &kleer_url, &hubspot_url);
        let serving = vec![
            tokio::spawn({
                let gateway = gateway.clone();
                async move { drop(serve(gateway, aws).await) }
            }),
            tokio::spawn({
                let pretend = pretend.clone();
                async move { drop(pretend::serve(&pretend, kleer, hubspot, std::future::pending()).await) }
            }),
        ];
        let config = CloudConfig::read(|name| environment.get(name).cloned())?;
        let sdk = config.access.sdk(gateway.transport(), &clock);
        Store::new(app::dynamodb(&sdk), TABLE).create_table_if_missing().await?;
        let app = App::on_aws(&config, gateway.transport(), clock, &[QueueName::Poll]).await?;
        let new = NewPortal {
            portal: PortalId(pretend::PORTAL),
            kleer_company: KleerCompanyId(pretend::COMPANY),
            credentials: Credentials { access_token: pretend::APP_TOKEN.into(), kleer_key: pretend::KLEER_KEY.into() },
            objects: ObjectType::ALL.to_vec(),
            every_s: None,
        };
        sync::set_up_portal(&app, &new).await?;
        Ok(Self { gateway, pretend, app, binaries, environment, serving })
    }

    /// The environment of a function, with changes; an empty value takes a variable away.
    #[must_use]
    pub fn environment(&self, changes: &[(&'static str, &str)]) -> Vec<(&'static str, String)> {
        let mut all = self.environment.clone();
        all.extend(changes.iter().map(|(name, value)| (*name, (*value).to_owned())));
        all.into_iter().filter(|(_, value)| !value.is_empty()).collect()
    }

    /// Starts the function that a queue wakes.
    ///
    /// # Errors
    /// If there is no such binary.
    pub async fn start(&self, woken_by: QueueName) -> std::io::Result<Function> {
        let name = match woken_by {
            QueueName::Poll => "poll",
            QueueName::Sync | QueueName::Change => "sync",
        };
        self.start_named(name).await
    }

    /// Starts a function by its name.
    ///
    /// # Errors
    /// If there is no such binary.
    pub async fn start_named(&self, name: &str) -> std::io::Result<Function> {
        Function::start(&self.binaries.join(name), &self.environment(&[])).await
    }

    /// An event that may take as long as the function's time limit allows.
    #[must_use]
    pub fn event(&self, queue: QueueName, payload: serde_json::Value) -> Event {
        Event { payload, deadline: self.within(time_limit(queue)) }
    }

    /// The moment a span from now, on the clock of the functions.
    #[must_use]
    pub fn within(&self, span: Duration) -> Timestamp {
        domain::schedule::later(Clock::system().now(), span)
    }

    /// Lets everything be polled now, ticks, and hands out messages until none is left that can be. Answers how many events there
    /// were.
    ///
    /// # Errors
    /// If a function cannot be started, or the store fails.
    pub async fn run(&self) -> Result<u32, StageError> {
        let (mut poll, mut sync) = (self.start(QueueName::Poll).await?, self.start(QueueName::Sync).await?);
        for object in ObjectType::POLLED {
            self.app.store.bring_forward(PortalId(pretend::PORTAL), object, Clock::system().now()).await?;
        }
        poll.invoke(self.event(QueueName::Poll, tick())).await;
        let mut events = 1;
        loop {
            let before = events;
            for (queue, limit) in
                [(QueueName::Poll, 1), (QueueName::Sync, BATCH_LIMIT), (QueueName::Change, BATCH_LIMIT)]
            {
                let function = if queue == QueueName::Poll { &mut poll } else { &mut sync };
                while let Some((payload, batch)) = self.gateway.next_batch(queue, limit) {
                    let invoked = function.invoke(self.event(queue, payload)).await;
                    self.gateway.settle(queue, &batch, &invoked);
                    events += 1;
                    if invoked == Invoked::Gone {
                        return Ok(events);
                    }
                }
            }
            if events == before {
                return Ok(events);
            }
        }
    }
}

fn environment(aws: &str, kleer: &str, hubspot: &str) -> BTreeMap<&'static str, String> {
    let queue = |name: &str| format!("{aws}/1/{name}.fifo");
    [
        ("TABLE_NAME", TABLE.to_owned()),
        ("POLL_QUEUE_URL", queue("poll")),
        ("SYNC_QUEUE_URL", queue("sync")),
        ("CHANGE_QUEUE_URL", queue("change")),
        ("APP_SECRET_ID", "app".to_owned()),
        ("AWS_REGION", "eu-north-1".to_owned()),
        ("AWS_ACCESS_KEY_ID", "test".to_owned()),
        ("AWS_SECRET_ACCESS_KEY", "test".to_owned()),
        ("AWS_ENDPOINT_URL", aws.to_owned()),
        ("KLEER_BASE_URL", format!("{kleer}/v1")),
        ("HUBSPOT_BASE_URL", hubspot.to_owned()),
        ("HUBSPOT_APP_URL", hubspot.to_owned()),
        ("HUBSPOT_APP_ID", "1000001".to_owned()),
        ("HUBSPOT_CLIENT_ID", "demo-client".to_owned()),
        ("PUBLIC_BASE_URL", PUBLIC.to_owned()),
    ]
    .into_iter()
    .collect()
}
