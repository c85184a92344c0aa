//! The plain data of the pretend HubSpot and its rules: synchronous, without HTTP.

pub(crate) mod alarm;
pub(crate) mod association_types;
pub(crate) mod associations;
pub(crate) mod batch;
pub(crate) mod builtin;
pub(crate) mod change;
pub(crate) mod error;
pub(crate) mod events;
pub(crate) mod executions;
pub(crate) mod fetches;
pub(crate) mod flights;
pub(crate) mod install;
mod merge;
pub(crate) mod oauth;
pub(crate) mod outbox;
pub(crate) mod pipelines;
pub(crate) mod portal;
pub(crate) mod properties;
pub(crate) mod property;
pub(crate) mod rate;
pub(crate) mod record;
pub(crate) mod records;
mod required;
pub(crate) mod rules;
pub(crate) mod schemas;
pub(crate) mod search;
pub(crate) mod store;
pub(crate) mod types;
pub(crate) mod values;
mod verdicts;
pub(crate) mod write;

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use self::alarm::Alarm;
use self::change::{Change, RecordKey};
use self::error::ApiError;
use self::executions::Executions;
use self::fetches::Fetches;
use self::flights::Flights;
use self::oauth::{Code, Token};
use self::outbox::Outbox;
use self::portal::Portal;
use self::rate::Meters;
use crate::options::{App, Limits, Options, Webhooks, Workflows};

/// Everything the simulator knows. Changes are values that are applied in one place, so that they can be kept.
pub struct State {
    pub(crate) app: App,
    pub(crate) limits: Limits,
    pub(crate) portals: BTreeMap<u64, Portal>,
    pub(crate) tokens: BTreeMap<String, Token>,
    pub(crate) codes: BTreeMap<String, Code>,
    pub(crate) alarms: Vec<Alarm>,
    pub(crate) meters: Meters,
    pub(crate) random: ChaCha8Rng,
    /// Records whose totals are to be computed anew, by portal.
    pub(crate) stale: BTreeSet<(u64, RecordKey)>,
    /// Where the app wants to hear of what.
    pub(crate) webhooks: Webhooks,
    /// The app's actions.
    pub(crate) workflows: Workflows,
    /// Webhook events on their way.
    pub(crate) outbox: Outbox,
    /// Records' turns at actions.
    pub(crate) executions: Executions,
    /// Choices that were asked for.
    pub(crate) fetches: Fetches,
    /// Requests in flight to the app.
    pub(crate) flights: Flights,
    /// A stream of its own for deliveries, so that they do not shift the rest.
    pub(crate) courier: ChaCha8Rng,
    /// What a correct app would not have answered.
    pub(crate) complaints: Vec<String>,
    /// Whether there is a journal.
    pub(crate) keeps: bool,
    /// Changes that are not in the journal yet.
    pub(crate) pending: Vec<Change>,
}

impl State {
    /// The state before anything happened.
    pub(crate) fn new(options: &Options, since: Timestamp) -> State {
        let portals = options.portals.iter().map(|portal| (portal.id, Portal::new(portal.clone(), since)));
        let mut state = State {
            app: options.app.clone(),
            limits: options.limits,
            portals: portals.collect(),
            tokens: BTreeMap::new(),
            codes: BTreeMap::new(),
            alarms: Vec::new(),
            meters: Meters::default(),
            random: ChaCha8Rng::seed_from_u64(options.seed),
            stale: BTreeSet::new(),
            webhooks: options.webhooks.clone(),
            workflows: options.workflows.clone(),
            outbox: Outbox::default(),
            executions: Executions::default(),
            fetches: Fetches::default(),
            flights: Flights::default(),
            courier: ChaCha8Rng::seed_from_u64(options.seed),
            complaints: Vec::new(),
            keeps: false,
            pending: Vec::new(),
        };
        state.courier.set_stream(1);
        state.add_static_tokens();
        let wrong = [state.webhooks.check(), state.workflows.check()].into_iter().filter_map(Result::err);
        state.complaints = wrong.map(|problem| format!("options: {problem}")).collect();
        state
    }

    pub(crate) fn portal(&self, id: u64) -> Result<&Portal, ApiError> {
        self.portals.get(&id).ok_or_else(ApiError::not_found)
    }

    /// Records dangerous writes.
    pub(crate) fn raise(&mut self, alarms: Vec<Alarm>) {
        for alarm in alarms {
            self.commit(Change::Alarm { alarm });
        }
    }

    /// A fresh id for an answer, in the form of a UUID.
    pub(crate) fn correlation_id(&mut self) -> String {
        let (a, b) = (self.random.next_u64(), self.random.next_u64());
        let bytes = (u128::from(a) << 64) | u128::from(b);
        let hex = format!("{bytes:032x}");
        format!("{}-{}-4{}-a{}-{}", &hex[..8], &hex[8..12], &hex[13..16], &hex[17..20], &hex[20..])
    }

    /// Shuffles by the seed.
    pub(crate) fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            let bound = last as u64 + 1;
            let chosen = usize::try_from(self.random.next_u64() % bound).unwrap_or(0);
            items.swap(last, chosen);
        }
    }
}
