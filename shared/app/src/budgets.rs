//! The paces of a portal. All processes together keep to them, because each takes slices from one item in the store
//! (design §3 Rate; limits: contract hubspot-crm §8, contract kleer-api §4).

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use domain::PortalId;
use futures::FutureExt as _;
use jiff::Timestamp;
use rest::{Budget, Clock, Gcra, InFlight, Slices};
use serde::{Deserialize, Serialize};
use store::Store;

use crate::App;

/// HubSpot's main limit is 110 requests in any 10 s for one account. 9.5 a second and 10 at once are never more than 105.
const HUBSPOT_TOTAL: (Duration, u32) = (Duration::from_micros(105_264), 10);
/// What outbound work may take of it: 9 a second. The rest is for workflow actions and imports.
const HUBSPOT_OUTBOUND: (Duration, u32) = (Duration::from_micros(111_112), 10);
/// Associations have a limit of their own, 100 in any 10 s on the smallest plan: 9.3 a second and 5 at once are never more than
/// 98.
const HUBSPOT_ASSOCIATIONS: (Duration, u32) = (Duration::from_micros(107_527), 5);
/// What outbound work may take of it: 9 a second.
const HUBSPOT_ASSOCIATIONS_OUTBOUND: (Duration, u32) = (Duration::from_micros(111_112), 5);
/// Search: 5 a second for the account, of which we take 2. Only the search for changes asks, one at a time for a portal because
/// its queue hands out one job at a time, so that the pace needs no place in the store.
const HUBSPOT_SEARCH: (Duration, u32) = (Duration::from_millis(500), 1);

/// No pace is ever this far behind; an arrival later than this was written by another clock.
const FAR: jiff::SignedDuration = jiff::SignedDuration::from_secs(60);

/// Outbound work gives way to urgent work, but what is urgent sets its pace back by no more than this at a time: it is slowed
/// down, never stopped.
const YIELDS: Duration = Duration::from_secs(4);

/// How many slots one visit to the store takes of HubSpot's budgets: fewer than their bursts, so that a slice just taken for
/// outbound work keeps no import and no workflow action waiting.
const HUBSPOT_SLICES: Slices = Slices { least: 4, most: 4 };
/// The same of Kleer's, where an invoice list takes fifty and each visit is a write. Sixteen are four seconds of Kleer's pace: so
/// long may an import have to wait behind them.
const KLEER_SLICES: Slices = Slices { least: 4, most: 16 };
/// The same of urgent work: a function that answers one workflow makes few requests, and what it takes and does not use keeps the
/// others waiting.
const URGENT_HUBSPOT_SLICES: Slices = Slices { least: 2, most: 4 };
const URGENT_KLEER_SLICES: Slices = Slices { least: 1, most: 4 };

/// Who waits for what is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Lane {
    /// The schedule: it keeps to the pace of outbound work.
    Outbound,
    /// A workflow or a person: it goes ahead of outbound work, which gives way, and has requests in flight of its own.
    Urgent,
}

/// When each pace will have caught up.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Arrivals {
    total: Option<Timestamp>,
    outbound: Option<Timestamp>,
}

impl Arrivals {
    /// When all paces have caught up: who asks then finds a budget that nobody uses.
    fn free_at(&self) -> Timestamp {
        self.total.max(self.outbound).unwrap_or(Timestamp::MIN)
    }
}

impl App {
    /// The budgets towards HubSpot.
    pub(crate) fn hubspot_budgets(&self, portal: PortalId, lane: Lane) -> hubspot::Budgets {
        let six = InFlight { start: 4, max: 6 };
        let two = InFlight { start: 1, max: 2 };
        let slices = if lane == Lane::Urgent { URGENT_HUBSPOT_SLICES } else { HUBSPOT_SLICES };
        let budget = |service, in_flight, paces| self.budget((portal, service, lane), slices, in_flight, paces);
        let associations = (pace(HUBSPOT_ASSOCIATIONS), Some(pace(HUBSPOT_ASSOCIATIONS_OUTBOUND)));
        hubspot::Budgets {
            objects: budget("hubspot", six, (pace(HUBSPOT_TOTAL), Some(pace(HUBSPOT_OUTBOUND)))),
            search: Budget::local(self.clock.clone(), pace(HUBSPOT_SEARCH), two),
            associations: budget("associations", six, associations),
        }
    }

    /// The budget towards Kleer.
    pub(crate) fn kleer_budget(&self, portal: PortalId, lane: Lane) -> Budget {
        let manners = Gcra::per_second(kleer::PER_SECOND, kleer::BURST);
        let slices = if lane == Lane::Urgent { URGENT_KLEER_SLICES } else { KLEER_SLICES };
        self.budget((portal, "kleer", lane), slices, kleer::IN_FLIGHT, (manners, None))
    }

    /// How long a request to either service would wait for its turn if it were made now, as far as the store knows: what a
    /// workflow that asks for more than there is room for is told to wait.
    ///
    /// # Errors
    /// If the table fails.
    pub async fn backlog(&self, portal: PortalId) -> Result<Duration, store::Error> {
        let now = self.clock.now();
        let mut longest = Duration::ZERO;
        for service in ["kleer", "hubspot"] {
            let found = self.store.budget::<Arrivals>(portal, service).await?;
            let wait = found.and_then(|found| found.value.total).map(|free| free.duration_since(now));
            let wait = wait.filter(|wait| *wait < FAR).and_then(|wait| Duration::try_from(wait).ok());
            longest = longest.max(wait.unwrap_or_default());
        }
        Ok(longest)
    }

    fn budget(
        &self,
        (portal, service, lane): (PortalId, &'static str, Lane),
        slices: Slices,
        in_flight: InFlight,
        (total, outbound): (Gcra, Option<Gcra>),
    ) -> Budget {
        let mut budgets = self.budgets.lock().unwrap_or_else(PoisonError::into_inner);
        let make = || {
            let shared = Shared {
                store: self.store.clone(),
                clock: self.clock.clone(),
                portal,
                service,
                paces: Paces { lane, total, outbound },
                seen: Arc::default(),
            };
            let reserve: rest::Reserve = Arc::new(move |slots| shared.clone().reserve(slots).boxed());
            Budget::shared(self.clock.clone(), reserve, slices, in_flight)
        };
        budgets.entry((portal, service, lane)).or_insert_with(make).clone()
    }
}

fn pace((interval, burst): (Duration, u32)) -> Gcra {
    Gcra::every(interval, burst)
}

/// A budget in the store.
#[derive(Clone)]
struct Shared {
    store: Store,
    clock: Clock,
    portal: PortalId,
    service: &'static str,
    paces: Paces,
    /// The version and state that this process wrote or saw last.
    seen: Arc<Mutex<Option<(u64, Arrivals)>>>,
}

impl Shared {
    async fn reserve(self, slots: u32) -> Vec<Timestamp> {
        const TRIES: u32 = 20;
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner).clone();
        // What was free again long ago was perhaps used by another process since; if that is over, one write is enough.
        if seen.as_ref().is_some_and(|(_, arrivals)| arrivals.free_at() <= self.clock.now()) {
            seen = None;
        }
        for attempt in 0..TRIES {
            match self.take(seen.as_ref(), slots).await {
                Ok(Some((version, next, moments))) => {
                    *self.seen.lock().unwrap_or_else(PoisonError::into_inner) = Some((version, next));
                    return moments;
                }
                Ok(None) => seen = self.look().await,
                Err(error) => {
                    tracing::warn!(portal = %self.portal, %error, "the rate budget could not be reserved, pausing");
                    self.clock.sleep(Duration::from_millis(200 << attempt.min(5))).await;
                }
            }
        }
        // The store is in trouble: a crawl of one request a second per process stays within every limit.
        vec![domain::schedule::later(self.clock.now(), Duration::from_secs(1))]
    }

    /// Takes slots of the budget as it was seen, or else of one that nobody is using. None if it is not so.
    async fn take(
        &self,
        seen: Option<&(u64, Arrivals)>,
        slots: u32,
    ) -> Result<Option<(u64, Arrivals, Vec<Timestamp>)>, store::Error> {
        let now = self.clock.now();
        let nobodys = Arrivals::default();
        let (next, moments) = self.paces.reserve(seen.map_or(&nobodys, |(_, arrivals)| arrivals), slots, now);
        let (store, free_at) = (&self.store, next.free_at());
        let version = match seen {
            Some((version, _)) => store.take_budget(self.portal, self.service, &next, free_at, *version).await?,
            None => store.take_free_budget(self.portal, self.service, &next, free_at, now).await?,
        };
        Ok(version.map(|version| (version, next, moments)))
    }

    /// Another process is using the budget: what it left.
    async fn look(&self) -> Option<(u64, Arrivals)> {
        let found = self.store.budget::<Arrivals>(self.portal, self.service).await;
        found.ok().flatten().map(|found| (found.version, found.value))
    }
}

/// Whom a budget lets through when.
#[derive(Debug, Clone, Copy)]
struct Paces {
    lane: Lane,
    total: Gcra,
    /// What outbound work keeps to besides.
    outbound: Option<Gcra>,
}

impl Paces {
    /// Reserves slots; when the paces will have caught up, and when the slots may be used.
    fn reserve(&self, arrivals: &Arrivals, slots: u32, now: Timestamp) -> (Arrivals, Vec<Timestamp>) {
        // A clock that was set back must not make everybody wait until then.
        let sane = |arrival: Option<Timestamp>| arrival.filter(|at| at.duration_since(now) < FAR);
        let arrivals = Arrivals { total: sane(arrivals.total), outbound: sane(arrivals.outbound) };
        let (total, mut moments) = self.total.reserve(arrivals.total, now, slots);
        let mut next = Arrivals { total: Some(total), outbound: arrivals.outbound };
        if let Some(outbound) = &self.outbound {
            let (arrival, others) = outbound.reserve(arrivals.outbound, now, slots);
            match self.lane {
                Lane::Outbound => {
                    next.outbound = Some(arrival);
                    moments.iter_mut().zip(others).for_each(|(moment, other)| *moment = (*moment).max(other));
                }
                Lane::Urgent => {
                    let furthest = arrivals.outbound.max(Some(domain::schedule::later(now, YIELDS)));
                    next.outbound = furthest.map(|furthest| arrival.min(furthest));
                }
            }
        }
        (next, moments)
    }
}

#[cfg(test)]
mod tests;
