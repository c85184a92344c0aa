//! The paces of a portal. All processes together keep to them, because each takes slices from one item in the store
//! (design §3 Rate; limits: contract hubspot-crm §8, contract kleer-api §4).

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use domain::PortalId;
use futures::FutureExt as _;
use jiff::Timestamp;
use rest::{Budget, Clock, Gcra, InFlight};
use serde::{Deserialize, Serialize};
use store::Store;

use crate::App;

/// HubSpot's main limit is 110 requests in any 10 s for one account. 9.5 a second and 10 at once are never more than 105.
const HUBSPOT_TOTAL: (Duration, u32) = (Duration::from_micros(105_264), 10);
/// What outbound work may take of it: 9 a second. The rest is for workflow actions and imports.
const HUBSPOT_OUTBOUND: (Duration, u32) = (Duration::from_micros(111_112), 10);
/// Associations have a limit of their own, 100 in any 10 s on the smallest plan.
const HUBSPOT_ASSOCIATIONS: (Duration, u32) = (Duration::from_micros(111_112), 5);
/// Search: 5 a second for the account, of which we take 2.
const HUBSPOT_SEARCH: (Duration, u32) = (Duration::from_millis(500), 1);

/// No pace is ever this far behind; an arrival later than this was written by another clock.
const FAR: jiff::SignedDuration = jiff::SignedDuration::from_secs(60);

/// How many slots one visit to the store takes.
const SLICE: u32 = 4;

/// When each pace will have caught up.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Arrivals {
    total: Option<Timestamp>,
    outbound: Option<Timestamp>,
}

impl App {
    /// The budgets of outbound work towards HubSpot.
    pub(crate) fn hubspot_budgets(&self, portal: PortalId) -> hubspot::Budgets {
        let six = InFlight { start: 4, max: 6 };
        hubspot::Budgets {
            objects: self.budget(portal, "hubspot", pace(HUBSPOT_TOTAL), Some(pace(HUBSPOT_OUTBOUND)), six),
            search: self.budget(portal, "search", pace(HUBSPOT_SEARCH), None, InFlight { start: 1, max: 2 }),
            associations: self.budget(portal, "associations", pace(HUBSPOT_ASSOCIATIONS), None, six),
        }
    }

    /// The budget towards Kleer.
    pub(crate) fn kleer_budget(&self, portal: PortalId) -> Budget {
        let manners = Gcra::per_second(kleer::PER_SECOND, kleer::BURST);
        self.budget(portal, "kleer", manners, None, kleer::IN_FLIGHT)
    }

    fn budget(
        &self,
        portal: PortalId,
        service: &'static str,
        total: Gcra,
        outbound: Option<Gcra>,
        in_flight: InFlight,
    ) -> Budget {
        let mut budgets = self.budgets.lock().unwrap_or_else(PoisonError::into_inner);
        let make = || {
            let shared = Shared {
                store: self.store.clone(),
                clock: self.clock.clone(),
                portal,
                service,
                total,
                outbound,
                seen: Arc::default(),
            };
            let reserve: rest::Reserve = Arc::new(move |slots| shared.clone().reserve(slots).boxed());
            Budget::shared(self.clock.clone(), reserve, SLICE, in_flight)
        };
        budgets.entry((portal, service)).or_insert_with(make).clone()
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
    total: Gcra,
    outbound: Option<Gcra>,
    /// The version and state seen last, so that most reservations are a single conditional write.
    seen: Arc<Mutex<(u64, Arrivals)>>,
}

impl Shared {
    async fn reserve(self, slots: u32) -> Vec<Timestamp> {
        const TRIES: u32 = 20;
        for attempt in 0..TRIES {
            let (version, arrivals) = self.seen.lock().unwrap_or_else(PoisonError::into_inner).clone();
            let (next, moments) = self.arithmetic(&arrivals, slots);
            match self.store.put_budget(self.portal, self.service, &next, version).await {
                Ok(true) => {
                    *self.seen.lock().unwrap_or_else(PoisonError::into_inner) = (version + 1, next);
                    return moments;
                }
                Ok(false) => self.look().await,
                Err(error) => {
                    tracing::warn!(portal = %self.portal, %error, "the rate budget could not be reserved, pausing");
                    self.clock.sleep(Duration::from_millis(200 << attempt.min(5))).await;
                }
            }
        }
        // The store is in trouble: a crawl of one request a second per process stays within every limit.
        vec![domain::schedule::later(self.clock.now(), Duration::from_secs(1))]
    }

    /// Another process took from the budget: see what it left.
    async fn look(&self) {
        if let Ok(Some(found)) = self.store.budget::<Arrivals>(self.portal, self.service).await {
            *self.seen.lock().unwrap_or_else(PoisonError::into_inner) = (found.version, found.value);
        }
    }

    fn arithmetic(&self, arrivals: &Arrivals, slots: u32) -> (Arrivals, Vec<Timestamp>) {
        let now = self.clock.now();
        // A clock that was set back must not make everybody wait until then.
        let sane = |arrival: Option<Timestamp>| arrival.filter(|at| at.duration_since(now) < FAR);
        let arrivals = Arrivals { total: sane(arrivals.total), outbound: sane(arrivals.outbound) };
        let (total, mut moments) = self.total.reserve(arrivals.total, now, slots);
        let mut next = Arrivals { total: Some(total), outbound: arrivals.outbound };
        if let Some(outbound) = &self.outbound {
            let (arrival, others) = outbound.reserve(arrivals.outbound, now, slots);
            next.outbound = Some(arrival);
            moments.iter_mut().zip(others).for_each(|(moment, other)| *moment = (*moment).max(other));
        }
        (next, moments)
    }
}
