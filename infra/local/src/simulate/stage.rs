//! What a run happens on: both services, one or two processes of the product over one store, and one or two customers.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;

use app::{App, Config};
use bytes::Bytes;
use domain::{ObjectType, PortalId};
use futures::future::{self, Either};
use hubspot_sim::signature::{Scheme, sign};
use jiff::Timestamp;
use rest::Clock;
use serde_json::{Value, json};
use std::pin::pin;
use tokio::sync::Notify;

use super::invariants::edits::{Edit, Side};
use super::journal::{Journal, Tag};
use super::plan::Plan;
use super::random::Random;
use super::tap::Tap;
use crate::fuse::{Fuse, Moment};
use crate::machine::{Ground, Machine};
use crate::pretend::{self, Pretend, Scene};
use crate::routes;
use crate::weather::Weather;

/// A customer: a portal in HubSpot, and the company in Kleer that it is connected to.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tenant {
    /// Which one, from 0.
    pub(super) number: usize,
    /// The portal.
    pub(super) portal: i64,
    /// The company.
    pub(super) company: i64,
    /// A word that stands in every name of its records, and in nobody else's.
    pub(super) mark: &'static str,
}

impl Tenant {
    const ALL: [Tenant; 2] = [
        Tenant { number: 0, portal: pretend::PORTAL, company: pretend::COMPANY, mark: "Alfa" },
        Tenant { number: 1, portal: pretend::PORTAL + 1, company: pretend::COMPANY + 1, mark: "Beta" },
    ];

    /// The portal, as the product knows it.
    pub(super) const fn portal_id(self) -> PortalId {
        PortalId(self.portal)
    }

    /// The portal, as the pretend HubSpot knows it.
    pub(super) const fn hub(self) -> u64 {
        self.portal.unsigned_abs()
    }

    /// The name of a record of its.
    pub(super) fn tag(self, kind: &str, id: impl std::fmt::Display) -> Tag {
        super::journal::tag(self.portal, kind, id)
    }
}

/// Everything that a run happens on.
pub(super) struct Stage {
    pub(super) plan: Plan,
    pub(super) clock: Clock,
    pub(super) pretend: Pretend,
    pub(super) ground: Ground,
    pub(super) tenants: Vec<Tenant>,
    pub(super) machines: Vec<Machine>,
    pub(super) journal: Journal,
    pub(super) tap: Tap,
    /// Something happened that may be worth looking at now, rather than at the next moment that is due.
    pub(super) stirred: Notify,
    /// The key of each company that is good now.
    pub(super) keys: RefCell<Vec<String>>,
    /// What goes wrong at this moment.
    pub(super) spells: RefCell<Vec<super::deeds::Trouble>>,
    /// What the queue does with batches.
    pub(super) twists: Cell<bool>,
    pub(super) dice: RefCell<Random>,
    /// What people typed.
    pub(super) edits: RefCell<Vec<Edit>>,
    /// Clients whose records were merged, deleted or made again, by tenant: who typed what is not told for them.
    pub(super) disturbed: RefCell<BTreeSet<(usize, i64)>>,
    /// Properties whose mappings were changed.
    pub(super) remapped: RefCell<BTreeSet<String>>,
    /// What a webhook brought about that it should not have.
    pub(super) echoes: RefCell<Vec<String>>,
    /// When the last tick was.
    pub(super) last_tick: Cell<Timestamp>,
    requests: Cell<u64>,
}

impl Stage {
    /// Both services with their records, and the product, which nobody has installed yet.
    ///
    /// # Errors
    /// If the engine or the simulators do not start.
    pub(super) fn set(plan: Plan) -> Result<Self, String> {
        let clock = Clock::manual(plan.start);
        let scene = Scene { seed: plan.seed, latency: plan.latency, ..Scene::of(0, 0) };
        let pretend = Pretend::start(&scene, &clock, None).map_err(|e| e.to_string())?;
        let mut ground = Ground::fresh().map_err(|e| e.to_string())?;
        ground.weather = Weather::fair(plan.seed);
        let tenants: Vec<Tenant> = Tenant::ALL.into_iter().take(plan.tenants).collect();
        pretend.kleer.state(|state| {
            state.add_company(Tenant::ALL[1].company, kleer_sim::CompanyInformation::default());
            state.switches.invoice_limit = plan.invoices_a_page;
        });
        let dice = RefCell::new(Random::of(plan.seed, 3));
        let mut stage = Self {
            plan,
            clock,
            pretend,
            ground,
            tenants,
            machines: Vec::new(),
            journal: Journal::default(),
            tap: Tap::default(),
            stirred: Notify::new(),
            keys: RefCell::new(Vec::new()),
            spells: RefCell::default(),
            twists: Cell::new(false),
            dice,
            edits: RefCell::default(),
            disturbed: RefCell::default(),
            remapped: RefCell::default(),
            echoes: RefCell::default(),
            last_tick: Cell::new(Timestamp::UNIX_EPOCH),
            requests: Cell::new(0),
        };
        for tenant in stage.tenants.clone() {
            let key = format!("key-{}-0", tenant.company);
            stage.allow(tenant, &key);
            stage.keys.borrow_mut().push(key);
        }
        stage.start(Fuse::never())?;
        let address = stage.app().config.public_base_url.clone();
        stage.pretend.hubspot.calls(&address)?;
        Ok(stage)
    }

    /// The key opens the company from now on.
    pub(super) fn allow(&self, tenant: Tenant, key: &str) {
        self.pretend.kleer.state(|state| {
            state.company(tenant.company).set_token(key, [kleer_sim::AccessType::Administrator]);
        });
    }

    /// The processes are killed, if they live, and started again over the same store.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub(super) fn start(&mut self, fuse: Fuse) -> Result<(), String> {
        self.machines.clear();
        self.ground.fuse = fuse;
        let transports = || self.tap.over(self.pretend.transports(), &self.clock);
        let config = Config::read(pretend::variable).map_err(|e| e.to_string())?;
        let over = Machine::over(config, self.ground.clone(), self.clock.clone(), transports());
        let first = self.clock.run(over).map_err(|e| e.to_string())?;
        let other = self.plan.two_versions.then(|| {
            let older = |name: &str| match name {
                "HUBSPOT_API_VERSION" => Some("2026-03".to_owned()),
                _ => pretend::variable(name),
            };
            let config = Config::read(older).map_err(|e| e.to_string())?;
            Ok::<_, String>(first.beside(config, self.ground.clone(), transports()))
        });
        let other = other.transpose()?;
        self.machines = std::iter::once(first).chain(other).collect();
        // Armed only now: a process that dies while it starts has only read.
        self.ground.fuse.arm();
        Ok(())
    }

    /// The processes die at that call to the outside, counted from now.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub(super) fn start_and_die_at(&mut self, call: u64, moment: Moment) -> Result<(), String> {
        self.start(Fuse::at(call, moment))
    }

    /// One of the processes.
    pub(super) fn app(&self) -> &App {
        &self.machines[0].app
    }

    pub(super) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Does something as a user of Kleer.
    pub(super) fn kleer<R>(&self, tenant: Tenant, edit: impl FnOnce(&mut kleer_sim::Company) -> R) -> R {
        self.pretend.kleer.state(|state| edit(state.company(tenant.company)))
    }

    /// Notes something that happened.
    pub(super) fn note(&self, name: &str, text: impl Into<String>, tags: Vec<Tag>) {
        self.journal.note(self.now(), name, text, tags);
    }

    /// Remembers what somebody typed.
    pub(super) fn typed(&self, tenant: Tenant, id: i64, property: &'static str, value: String, saw: Option<String>) {
        let side = if saw.is_some() { Side::HubSpot } else { Side::Kleer };
        let edit = Edit { at: self.now(), tenant: tenant.number, id, property, side, value, saw };
        self.edits.borrow_mut().push(edit);
    }

    /// A request to the product.
    pub(super) async fn ask(&self, method: &str, path: &str, body: &Value, signed: bool) -> Option<web::Response> {
        let url = format!("{}{path}", self.app().config.public_base_url);
        let bytes = if body.is_null() { Bytes::new() } else { Bytes::from(body.to_string()) };
        let mut request = http::Request::builder().method(method).uri(url).body(bytes).ok()?;
        if signed {
            sign(&mut request, Scheme::Webhook, pretend::CLIENT_SECRET, self.now());
        }
        Some(routes::answer(self.app(), &request).await)
    }

    /// A user of the settings page does something; what came of it, or what the user is told.
    pub(super) async fn settings(&self, tenant: Tenant, operation: &str, mut body: Value) -> Result<Value, String> {
        // The page numbers its requests, so that no two are alike.
        self.requests.set(self.requests.get() + 1);
        body["request"] = self.requests.get().into();
        let query = format!("userId=7&portalId={}&userEmail=eva%40example.se&appId=1000001", tenant.portal);
        let path = format!("/settings/{operation}?{query}");
        let answer = self.ask("POST", &path, &body, true).await.ok_or("it is no request")?;
        let mut told: Value = serde_json::from_slice(answer.body()).unwrap_or_default();
        self.stirred.notify_one();
        if told["ok"] == json!(true) {
            return Ok(told["data"].take());
        }
        let said = |name: &str| told[name].as_str().unwrap_or_default().to_owned();
        Err(format!("{} {}: {}", answer.status().as_u16(), said("code"), said("message")))
    }

    /// Does something that only needs the product to answer, unless the process dies.
    pub(super) fn does<R>(&self, work: impl Future<Output = R>) -> Option<R> {
        self.clock.run(async {
            match future::select(pin!(work), pin!(self.ground.fuse.blown())).await {
                Either::Left((done, _)) => Some(done),
                Either::Right(((), _)) => None,
            }
        })
    }

    /// A super admin installs the app from the marketplace, or installs it again.
    pub(super) async fn installs(&self, tenant: Tenant) -> Result<(), String> {
        let back = "https://app.hubspot.com/marketplace/return";
        let url = self.pretend.hubspot.marketplace_install(tenant.hub(), None, Some(back), None)?;
        let base = self.app().config.public_base_url.clone();
        let path = url.strip_prefix(&base).ok_or("HubSpot sends the browser elsewhere")?;
        let answer = self.ask("GET", path, &Value::Null, false).await.ok_or("it is no request")?;
        let status = answer.status();
        if status.is_redirection() || status.is_success() {
            Ok(())
        } else {
            Err(format!("the install ended in {status}"))
        }
    }

    /// The user saves the key of the company, having accepted the terms.
    pub(super) async fn connects_kleer(&self, tenant: Tenant) -> Result<(), String> {
        let overview = self.settings(tenant, "overview", json!({})).await?;
        if overview["terms"]["accepted"].is_null() {
            let terms = json!({ "version": overview["terms"]["version"] });
            self.settings(tenant, "accept-terms", terms).await?;
        }
        let key = self.keys.borrow()[tenant.number].clone();
        let credentials = json!({ "company_id": tenant.company.to_string(), "api_key": key });
        self.settings(tenant, "save-credentials", credentials).await.map(|_| ())
    }

    /// The user switches a type on or off.
    pub(super) async fn switches(&self, tenant: Tenant, object: ObjectType, enabled: bool) -> Result<(), String> {
        let view = self.settings(tenant, "object", json!({ "object": object.as_str() })).await?;
        let wanted = json!({
            "object": object.as_str(), "version": view["version"], "enabled": enabled,
            "hubspot_object": view["hubspot_object"], "create_in_kleer": view["create_in_kleer"],
            "interval_s": self.plan.interval_s(object),
        });
        self.settings(tenant, "save-object", wanted).await.map(|_| ())
    }
}
