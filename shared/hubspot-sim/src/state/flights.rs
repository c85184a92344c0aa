//! Requests on their way to the app: what is sent when, and what its answer means for those who wait for it.

use std::collections::{BTreeMap, VecDeque};

use bytes::Bytes;
use http::{Request, Response};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::State;
use super::executions::Execution;
use crate::deliveries::{Delivery, DeliveryFailure, DeliveryKind, DeliveryLine, WebhookLog};
use crate::signature::{self, Scheme};

/// How long the app may take over a batch of events (contract hubspot-platform §4.5).
const WEBHOOK_LIMIT: SignedDuration = SignedDuration::from_secs(5);
const LINES_KEPT: usize = 1_000;

/// Who waits for the answer.
enum Cargo {
    Events(Vec<u64>),
    Call(String),
    Fetch(u64),
}

struct Flight {
    cargo: Cargo,
    line: DeliveryLine,
    deadline: Timestamp,
}

/// Requests in flight, and the log of those that were; not part of the kept state.
#[derive(Default)]
pub(crate) struct Flights {
    all: BTreeMap<u64, Flight>,
    last_id: u64,
    delivered: u64,
    failed: u64,
    given_up: u64,
    lines: VecDeque<DeliveryLine>,
}

impl Flights {
    /// So many events will never be delivered.
    pub(crate) fn give_up(&mut self, events: u64) {
        self.given_up += events;
    }
}

/// A request that is to be sent.
struct Departure {
    kind: DeliveryKind,
    portal: u64,
    attempt: u32,
    url: String,
    body: Value,
    cargo: Cargo,
    limit: SignedDuration,
}

impl State {
    /// Everything that is to be sent now; in flight from now on.
    pub(crate) fn dispatch(&mut self, now: Timestamp) -> Vec<Delivery> {
        self.time_out(now);
        self.expire_blocked(now);
        let mut departures = self.due_events(now);
        departures.extend(self.due_calls(now));
        departures.extend(self.due_fetches());
        departures.into_iter().filter_map(|departure| self.depart(departure, now)).collect()
    }

    /// When [`State::dispatch`] has something to do next; in the past when it has now.
    pub(crate) fn next_dispatch(&self) -> Option<Timestamp> {
        let events = self.outbox.waiting().filter(|(portal, _)| {
            self.webhooks.target.is_some() && self.webhooks_in_flight(*portal) < self.webhooks.max_concurrent_requests
        });
        let calls = self
            .executions
            .waiting()
            .filter(|(portal, _)| self.actions_in_flight(*portal) < self.workflows.max_in_flight);
        let fetches = self.fetches.waiting.values().copied();
        let limits = self.flights.all.values().map(|flight| flight.deadline);
        let due = events.chain(calls).map(|(_, at)| at);
        due.chain(fetches).chain(limits).chain(self.executions.next_expiry()).min()
    }

    fn due_events(&mut self, now: Timestamp) -> Vec<Departure> {
        let Some(url) = self.webhooks.target.clone() else { return Vec::new() };
        let portals: Vec<u64> = self.outbox.waiting().filter(|(_, at)| *at <= now).map(|(portal, _)| portal).collect();
        let mut departures = Vec::new();
        for portal in portals {
            for batch in self.batches(portal, now) {
                let events: Vec<_> = batch.iter().filter_map(|number| self.outbox.get(*number)).collect();
                departures.push(Departure {
                    kind: DeliveryKind::Webhook,
                    portal,
                    attempt: events.iter().map(|event| event.attempt).max().unwrap_or(0),
                    url: url.clone(),
                    body: events.iter().map(|event| event.body(self.app.app_id)).collect(),
                    cargo: Cargo::Events(batch),
                    limit: WEBHOOK_LIMIT,
                });
            }
        }
        departures
    }

    fn due_calls(&mut self, now: Timestamp) -> Vec<Departure> {
        let waiting = self.executions.waiting().filter(|(_, at)| *at <= now);
        let portals: Vec<u64> = waiting.map(|(portal, _)| portal).collect();
        let due: Vec<_> = portals.into_iter().flat_map(|portal| self.calls(portal, now)).collect();
        let limit = self.call_limit();
        let departure = |execution: Execution| {
            let (url, body) = self.call_body(&execution)?;
            Some(Departure {
                kind: DeliveryKind::Action,
                portal: execution.portal,
                attempt: execution.attempts,
                url,
                body,
                cargo: Cargo::Call(execution.callback_id),
                limit,
            })
        };
        due.into_iter().filter_map(departure).collect()
    }

    fn due_fetches(&mut self) -> Vec<Departure> {
        let limit = self.call_limit();
        let waiting = std::mem::take(&mut self.fetches.waiting);
        let departure = |id: u64| {
            let (url, body) = self.fetch_body(id)?;
            let (kind, cargo) = (DeliveryKind::Options, Cargo::Fetch(id));
            Some(Departure { kind, portal: self.fetches.portal(id)?, attempt: 0, url, body, cargo, limit })
        };
        waiting.into_keys().filter_map(departure).collect()
    }

    fn call_limit(&self) -> SignedDuration {
        SignedDuration::from_millis(i64::try_from(self.workflows.timeout_ms).unwrap_or(i64::MAX / 4))
    }

    /// Signs a request and notes that its answer is waited for.
    fn depart(&mut self, departure: Departure, now: Timestamp) -> Option<Delivery> {
        let Departure { kind, portal, attempt, url, body, cargo, limit } = departure;
        let events = if let Cargo::Events(numbers) = &cargo { numbers.len() } else { 0 };
        let line = DeliveryLine { at: now, kind, portal, attempt, url, events, status: None, failure: None };
        let request = Request::post(&line.url)
            .header("content-type", "application/json")
            .header("user-agent", "HubSpot Connect 2.0 (http://dev.hubspot.com/)")
            .body(Bytes::from(body.to_string()));
        let deadline = now.saturating_add(limit).unwrap_or(Timestamp::MAX);
        let flight = Flight { cargo, line, deadline };
        let Ok(mut request) = request else {
            self.land(flight, &Err(DeliveryFailure::Connection), now);
            return None;
        };
        let scheme = match kind {
            DeliveryKind::Webhook => Scheme::Webhook,
            DeliveryKind::Action | DeliveryKind::Options if self.workflows.v3_signature => Scheme::Action,
            DeliveryKind::Action | DeliveryKind::Options => Scheme::ActionV2Only,
        };
        signature::sign(&mut request, scheme, &self.app.client_secret, now);
        self.flights.last_id += 1;
        let id = self.flights.last_id;
        self.flights.all.insert(id, flight);
        Some(Delivery { id, kind, portal, attempt, request, timeout: limit.unsigned_abs() })
    }

    /// Takes the answer to a request; false when nobody waits for it any longer.
    pub(crate) fn answered(
        &mut self,
        id: u64,
        answer: &Result<Response<Bytes>, DeliveryFailure>,
        now: Timestamp,
    ) -> bool {
        self.time_out(now);
        let Some(flight) = self.flights.all.remove(&id) else { return false };
        self.land(flight, answer, now);
        true
    }

    /// Ends the waiting for answers that are overdue.
    fn time_out(&mut self, now: Timestamp) {
        let overdue = self.flights.all.iter().filter(|(_, flight)| flight.deadline <= now);
        let overdue: Vec<u64> = overdue.map(|(id, _)| *id).collect();
        for id in overdue {
            if let Some(flight) = self.flights.all.remove(&id) {
                self.land(flight, &Err(DeliveryFailure::Timeout), now);
            }
        }
    }

    fn land(&mut self, flight: Flight, answer: &Result<Response<Bytes>, DeliveryFailure>, now: Timestamp) {
        let good = answer.as_ref().is_ok_and(|response| response.status().is_success());
        let status = answer.as_ref().ok().map(|response| response.status().as_u16());
        *(if good { &mut self.flights.delivered } else { &mut self.flights.failed }) += 1;
        if self.flights.lines.len() == LINES_KEPT {
            self.flights.lines.pop_front();
        }
        self.flights.lines.push_back(DeliveryLine { status, failure: answer.as_ref().err().copied(), ..flight.line });
        match flight.cargo {
            Cargo::Events(numbers) if good => self.events_delivered(numbers),
            Cargo::Events(numbers) => self.events_failed(&numbers, now),
            Cargo::Call(callback_id) => self.call_answered(&callback_id, answer, now),
            Cargo::Fetch(id) => self.fetch_answered(id, answer),
        }
    }

    /// Batches of events in flight for a portal.
    pub(crate) fn webhooks_in_flight(&self, portal: u64) -> usize {
        self.in_flight(portal, DeliveryKind::Webhook)
    }

    /// Calls of actions in flight for a portal.
    pub(crate) fn actions_in_flight(&self, portal: u64) -> usize {
        self.in_flight(portal, DeliveryKind::Action)
    }

    fn in_flight(&self, portal: u64, kind: DeliveryKind) -> usize {
        let such = |flight: &&Flight| flight.line.portal == portal && flight.line.kind == kind;
        self.flights.all.values().filter(such).count()
    }

    /// What was sent and how it went.
    pub(crate) fn webhook_log(&self) -> WebhookLog {
        let flights = &self.flights;
        WebhookLog {
            pending: self.outbox.len(),
            in_flight: flights.all.len(),
            delivered: flights.delivered,
            failed: flights.failed,
            given_up: flights.given_up,
            last: flights.lines.iter().cloned().collect(),
        }
    }
}
