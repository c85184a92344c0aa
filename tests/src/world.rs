//! The harness itself.

use std::pin::pin;
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use app::{App, Config, Credentials, Telemetry};
use domain::{KleerCompanyId, ObjectSettings, ObjectType, PortalId};
use futures::future::{Either, select};
use local::fuse::{Fuse, Moment};
use local::life::live;
use local::machine::{Ground, Machine, Transports};
use local::pretend::{self, Pretend, Scene};
use rest::Clock;
use sync::NewPortal;

use crate::conformance::Witness;
use crate::watching::Watching;

/// When every World begins.
const START: &str = "2026-11-20T08:00:00Z";

/// A span of minutes.
#[must_use]
pub const fn minutes(number: u64) -> Duration {
    Duration::from_secs(number * 60)
}

/// A span of seconds.
#[must_use]
pub const fn seconds(number: u64) -> Duration {
    Duration::from_secs(number)
}

/// A span of hours.
#[must_use]
pub const fn hours(number: u64) -> Duration {
    Duration::from_secs(number * 3600)
}

/// How a stretch of time ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// The time passed.
    Passed,
    /// The process died (see [`World::dies_at`]).
    Died,
}

/// Both services, the product between them, and the clock.
pub struct World {
    /// The clock; it moves only in [`World::pass`].
    pub clock: Clock,
    /// Both simulators.
    pub pretend: Pretend,
    /// The product, running over `ground`.
    pub machine: Machine,
    pub(crate) ground: Ground,
    logs: Arc<Mutex<Vec<u8>>>,
    /// The object types that are switched on when a portal is connected.
    objects: Vec<ObjectType>,
    /// HubSpot's requests do not get through (see [`World::hold_webhooks`]).
    pub(crate) held: bool,
    /// What travels between the product and both services.
    pub(crate) witness: Witness,
    /// What gets out of the product.
    pub(crate) watching: Watching,
    /// Set by a scenario that provokes what the last checks would object to.
    pub(crate) forgiving: bool,
}

impl World {
    /// A World with an empty Kleer company, an empty portal, connected, with clients and products switched on: enough for
    /// everything that all types have in common.
    #[must_use]
    pub fn new() -> Self {
        Self::with(Scene::of(0, 0))
    }

    /// The same with a seeded Kleer company, faults, latency.
    #[must_use]
    pub fn with(scene: Scene) -> Self {
        Self::of(scene, &[ObjectType::Product, ObjectType::Client])
    }

    /// A World with an empty Kleer company, an empty portal, connected, with all object types switched on.
    #[must_use]
    pub fn whole() -> Self {
        Self::of(Scene::of(0, 0), &ObjectType::ALL)
    }

    /// A World with a seeded Kleer company, faults, latency, and these object types switched on.
    ///
    /// # Panics
    /// If the harness itself is broken.
    #[must_use]
    pub fn of(scene: Scene, objects: &[ObjectType]) -> Self {
        let logs = logs();
        let clock = Clock::manual(START.parse().expect("a timestamp"));
        let pretend = Pretend::start(&scene, &clock, None).expect("simulators in memory start");
        let ground = Ground::fresh().expect("the embedded engine starts");
        let watching = Watching::default();
        watching.watch(&ground.fuse);
        let witness = Witness::default();
        let machine = start(&clock, witness.over(pretend.transports()), &ground);
        let address = &machine.app.config.public_base_url;
        pretend.hubspot.calls(address).expect("HubSpot takes the address of the app");
        let objects = objects.to_vec();
        let world =
            Self { clock, pretend, machine, ground, logs, objects, held: false, witness, watching, forgiving: false };
        world.connect(PortalId(pretend::PORTAL), pretend::APP_TOKEN, pretend::KLEER_KEY);
        world
    }

    /// Connects a portal to company 1, or saves new credentials for it.
    ///
    /// # Panics
    /// If the store fails.
    pub fn connect(&self, portal: PortalId, access_token: &str, kleer_key: &str) {
        let new = NewPortal {
            portal,
            kleer_company: KleerCompanyId(pretend::COMPANY),
            credentials: Credentials { access_token: access_token.into(), kleer_key: kleer_key.into() },
            objects: self.objects.clone(),
            every_s: None,
        };
        self.clock.run(sync::set_up_portal(self.app(), &new)).expect("the portal can be connected");
    }

    /// Transports to both services as the product has them: what travels is held against the vendors' schemas.
    #[must_use]
    pub fn transports(&self) -> Transports {
        self.witness.over(self.pretend.transports())
    }

    /// The product.
    #[must_use]
    pub const fn app(&self) -> &App {
        &self.machine.app
    }

    /// What the process stands on, for starting another process over the same.
    #[must_use]
    pub fn ground(&self) -> Ground {
        self.ground.clone()
    }

    /// Does something as a user of Kleer.
    pub fn kleer<R>(&self, edit: impl FnOnce(&mut kleer_sim::Company) -> R) -> R {
        self.pretend.kleer.state(|state| edit(state.company(1)))
    }

    /// Lets time pass: everything that falls due in it happens at its moment.
    ///
    /// # Panics
    /// If the product's own store or queue fails.
    pub fn pass(&mut self, span: Duration) -> Ending {
        let end = domain::schedule::later(self.clock.now(), span);
        let (app, fuse, clock) = (&self.machine.app, &self.ground.fuse, &self.clock);
        let pretend = Some(&self.pretend).filter(|_| !self.held);
        let passing = async {
            let portals = [PortalId(pretend::PORTAL), PortalId(pretend::PORTAL + 1)];
            match select(pin!(live(app, clock, pretend, &portals, end)), pin!(fuse.blown())).await {
                Either::Left((lived, _)) => {
                    lived.expect("store and queue answer");
                    Ending::Passed
                }
                Either::Right(((), _)) => Ending::Died,
            }
        };
        clock.run(passing)
    }

    /// The process does something besides its schedule; none if it died (see [`World::dies_at`]).
    pub fn does<R>(&self, work: impl Future<Output = R>) -> Option<R> {
        let fuse = &self.ground.fuse;
        let doing = async {
            match select(pin!(work), pin!(fuse.blown())).await {
                Either::Left((done, _)) => Some(done),
                Either::Right(((), _)) => None,
            }
        };
        self.clock.run(doing)
    }

    /// From now on the process dies at that call to the outside, counted from 1.
    pub fn dies_at(&mut self, call: u64, moment: Moment) {
        self.restart_with(Fuse::at(call, moment));
    }

    /// The process is killed, if it lives, and started again over the same store.
    pub fn restart(&mut self) {
        self.restart_with(Fuse::never());
    }

    fn restart_with(&mut self, fuse: Fuse) {
        self.watching.watch(&fuse);
        self.ground = Ground { fuse, ..self.ground.clone() };
        self.machine = start(&self.clock, self.transports(), &self.ground);
        // Armed only now: a process that dies while it starts has only read.
        self.ground.fuse.arm();
    }

    /// Changes the settings of an object type of the demo portal.
    ///
    /// # Panics
    /// If the store fails.
    pub fn settings(&self, object: ObjectType, edit: impl FnOnce(&mut ObjectSettings)) {
        let store = &self.app().store;
        let portal = PortalId(pretend::PORTAL);
        self.clock.run(async {
            let mut found = store.settings(portal, object).await.expect("the store answers").expect("they are set up");
            edit(&mut found.value);
            assert!(store.put_settings(portal, &found.value, found.version).await.expect("the store answers"));
        });
    }

    /// Lets a type be polled now, instead of at its next slot.
    ///
    /// # Panics
    /// If the store fails.
    pub fn poll_now(&mut self, object: ObjectType) {
        let now = self.clock.now();
        let forward = self.app().store.bring_forward(PortalId(pretend::PORTAL), object, now);
        self.clock.run(forward).expect("the store answers");
        self.pass(seconds(30));
    }

    /// What was logged since this was last asked, with that of other Worlds of the same process.
    ///
    /// # Panics
    /// If another test panicked while it logged.
    #[must_use]
    pub fn take_log(&self) -> String {
        let lines = std::mem::take(&mut *self.logs.lock().expect("no test panics while it logs"));
        let log = String::from_utf8_lossy(&lines).into_owned();
        self.watching.look_at("the log", &log);
        log
    }

    /// This scenario provokes what the last checks would object to (requests that a correct client never sends, messages
    /// left over).
    pub fn forgive(&mut self) {
        self.forgiving = true;
    }
}

impl Default for World {
    fn default() -> Self {
        Self::new()
    }
}

fn start(clock: &Clock, transports: Transports, ground: &Ground) -> Machine {
    let config = Config::read(pretend::variable).expect("the defaults are a configuration");
    clock.run(Machine::over(config, ground.clone(), clock.clone(), transports)).expect("a machine in memory starts")
}

/// A store over the ground of a machine, without the machine.
///
/// # Panics
/// If the engine fails.
#[must_use]
pub fn open_store(ground: &Ground, clock: &Clock) -> store::Store {
    let http = local::embedded::http_client(ground.database.clone(), ground.fuse.clone());
    let store = store::Store::new(app::dynamodb_client(http, clock), "table");
    clock.run(store.create_table_if_missing()).expect("the table can be made");
    store
}

/// One buffer for all Worlds of a process, because logging is installed once.
fn logs() -> Arc<Mutex<Vec<u8>>> {
    static LOGS: OnceLock<Arc<Mutex<Vec<u8>>>> = OnceLock::new();
    let logs = LOGS.get_or_init(|| {
        let logs = Arc::new(Mutex::new(Vec::new()));
        // Our own words down to debug; the SDK's and the engine's would fill gigabytes.
        Telemetry::Memory(logs.clone())
            .install("info,app=debug,hubspot=debug,kleer=debug,queue=debug,rest=debug,store=debug,sync=debug");
        logs
    });
    logs.clone()
}
