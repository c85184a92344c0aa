//! The plain data of the pretend HubSpot and its rules: synchronous, without HTTP.

pub(crate) mod alarm;
pub(crate) mod association_types;
pub(crate) mod associations;
pub(crate) mod batch;
pub(crate) mod builtin;
pub(crate) mod change;
pub(crate) mod error;
pub(crate) mod oauth;
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
pub(crate) mod write;

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use self::alarm::Alarm;
use self::change::{Change, RecordKey};
use self::error::ApiError;
use self::oauth::{Code, Token};
use self::portal::Portal;
use self::rate::Meters;
use crate::options::{App, Limits, Options};

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
            keeps: false,
            pending: Vec::new(),
        };
        state.add_static_tokens();
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
