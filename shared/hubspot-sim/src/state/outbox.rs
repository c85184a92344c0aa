//! Webhook events on their way: what waits, what goes into one request, when a failed one is sent again (contract
//! hubspot-platform §4.5).

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};

use super::State;
use super::change::Change;
use super::events::Event;
use super::portal::Portal;

/// Events in one request.
const MOST_EVENTS: usize = 100;
/// Pauses before each of the ten retries, in seconds, before they are randomised by a tenth: all within 24 hours
/// (*guess*; contract §4.5 knows "10 times over 24 h, randomised").
const PAUSES_S: [i64; 10] = [60, 120, 300, 600, 1_800, 3_600, 7_200, 14_400, 21_600, 28_800];

/// The events that are not delivered yet.
#[derive(Default)]
pub(crate) struct Outbox {
    events: BTreeMap<u64, Event>,
    /// By portal: those that are not in flight, by when they are to be sent.
    waiting: BTreeMap<u64, BTreeSet<(Timestamp, u64)>>,
    last_number: u64,
}

impl Outbox {
    /// The number the next event gets.
    pub(crate) fn next_number(&self) -> u64 {
        self.last_number + 1
    }

    pub(crate) fn len(&self) -> usize {
        self.events.len()
    }

    /// All of them, oldest first, those in flight too.
    pub(crate) fn events(&self) -> impl Iterator<Item = &Event> {
        self.events.values()
    }

    /// Adds an event, or puts one back that was in flight.
    pub(crate) fn put(&mut self, event: Event) {
        self.last_number = self.last_number.max(event.number);
        let waiting = self.waiting.entry(event.portal).or_default();
        if let Some(old) = self.events.get(&event.number) {
            waiting.remove(&(old.due, old.number));
        }
        waiting.insert((event.due, event.number));
        self.events.insert(event.number, event);
    }

    /// Forgets events.
    pub(crate) fn remove(&mut self, numbers: &[u64]) {
        for number in numbers {
            let Some(event) = self.events.remove(number) else { continue };
            if let Some(waiting) = self.waiting.get_mut(&event.portal) {
                waiting.remove(&(event.due, event.number));
            }
        }
    }

    /// Takes the events of a portal that are due, at most so many, oldest first.
    fn take(&mut self, portal: u64, most: usize, now: Timestamp) -> Vec<u64> {
        let Some(waiting) = self.waiting.get_mut(&portal) else { return Vec::new() };
        let due: Vec<(Timestamp, u64)> = waiting.iter().take_while(|(at, _)| *at <= now).take(most).copied().collect();
        due.iter().for_each(|one| {
            waiting.remove(one);
        });
        due.into_iter().map(|(_, number)| number).collect()
    }

    /// Portals with something waiting, and when it is first due.
    pub(crate) fn waiting(&self) -> impl Iterator<Item = (u64, Timestamp)> {
        self.waiting.iter().filter_map(|(portal, waiting)| Some((*portal, waiting.first()?.0)))
    }

    pub(crate) fn get(&self, number: u64) -> Option<&Event> {
        self.events.get(&number)
    }
}

impl State {
    /// The batches of a portal that are to be sent now, as many as may be in flight; they are in flight from now on.
    pub(crate) fn batches(&mut self, portal: u64, now: Timestamp) -> Vec<Vec<u64>> {
        let room = self.webhooks.max_concurrent_requests.saturating_sub(self.webhooks_in_flight(portal));
        let mut due = self.outbox.take(portal, room * MOST_EVENTS, now);
        if self.webhooks.order_kept {
            due.sort_unstable();
        } else {
            for last in (1..due.len()).rev() {
                let chosen = usize::try_from(self.draw(last as u64 + 1)).unwrap_or(0);
                due.swap(last, chosen);
            }
        }
        due.chunks(MOST_EVENTS).map(<[u64]>::to_vec).collect()
    }

    /// The app has answered with 2xx.
    pub(crate) fn events_delivered(&mut self, numbers: Vec<u64>) {
        self.commit(Change::EventsGone { numbers });
    }

    /// The app has not taken these events: they are sent again later, up to ten times.
    pub(crate) fn events_failed(&mut self, numbers: &[u64], now: Timestamp) {
        let events: Vec<Event> = numbers.iter().filter_map(|number| self.outbox.get(*number)).cloned().collect();
        let mut gone = Vec::new();
        // One pause for the batch: what failed together comes again together.
        let random = self.draw(201);
        for event in events {
            let pause = PAUSES_S.get(event.attempt as usize);
            let Some(pause) = pause.filter(|_| self.still_wanted(event.portal)) else {
                gone.push(event.number);
                continue;
            };
            let due = now + SignedDuration::from_millis(pause * (900 + random));
            self.commit(Change::Event { event: Event { attempt: event.attempt + 1, due, ..event } });
        }
        if !gone.is_empty() {
            self.flights.give_up(gone.len() as u64);
            self.commit(Change::EventsGone { numbers: gone });
        }
    }

    /// The app was removed: what it has not heard yet, it never hears, unless a switch says otherwise.
    pub(crate) fn forget_events(&mut self, portal: u64) {
        if !self.webhooks.late_after_uninstall {
            let all = self.outbox.events().filter(|event| event.portal == portal);
            let numbers: Vec<u64> = all.map(|event| event.number).collect();
            if !numbers.is_empty() {
                self.flights.give_up(numbers.len() as u64);
                self.commit(Change::EventsGone { numbers });
            }
        }
    }

    fn still_wanted(&self, portal: u64) -> bool {
        self.webhooks.late_after_uninstall || self.portals.get(&portal).is_some_and(Portal::has_app)
    }
}
