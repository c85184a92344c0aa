//! The clock that tests turn, and the small executor that turns it for them.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

use jiff::Timestamp;

use super::after;

/// Time that stands still until it is moved, and whoever sleeps in it.
#[derive(Debug)]
pub(super) struct Manual(Mutex<State>);

#[derive(Debug)]
struct State {
    now: Timestamp,
    /// By moment, then by who came first: the order in which sleepers are woken.
    sleepers: BTreeMap<(Timestamp, u64), Waker>,
    next_ticket: u64,
}

impl Manual {
    pub(super) fn new(start: Timestamp) -> Manual {
        Manual(Mutex::new(State { now: start, sleepers: BTreeMap::new(), next_ticket: 0 }))
    }

    pub(super) fn now(&self) -> Timestamp {
        self.state().now
    }

    pub(super) fn sleep_until(&self, moment: Timestamp) -> impl Future<Output = ()> + Send {
        Sleep { clock: self, moment, ticket: None }
    }

    pub(super) fn advance(&self, duration: Duration) {
        let moment = after(self.now(), duration);
        self.move_to(moment);
    }

    pub(super) fn run<F: Future>(&self, future: F) -> F::Output {
        let woken = Arc::new(Woken(AtomicBool::new(false)));
        let waker = Waker::from(woken.clone());
        let mut context = Context::from_waker(&waker);
        let mut future = pin!(future);
        loop {
            if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
                return output;
            }
            while !woken.0.swap(false, Ordering::AcqRel) {
                let Some(moment) = self.earliest_sleeper() else {
                    panic!("deadlock at {}: nothing can progress and nobody sleeps", self.now());
                };
                self.move_to(moment);
            }
        }
    }

    fn earliest_sleeper(&self) -> Option<Timestamp> {
        self.state().sleepers.first_key_value().map(|((moment, _), _)| *moment)
    }

    /// Sets the time and wakes whoever slept until then, in order. Never moves back.
    fn move_to(&self, moment: Timestamp) {
        let mut state = self.state();
        let now = state.now.max(moment);
        state.now = now;
        let later = state.sleepers.split_off(&(now, u64::MAX));
        let due = std::mem::replace(&mut state.sleepers, later);
        drop(state);
        due.into_values().for_each(Waker::wake);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().expect("nothing panics while it holds the lock")
    }
}

/// Remembers that the driven future can go on.
struct Woken(AtomicBool);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::Release);
    }
}

/// One sleeper. It takes its ticket when first polled and gives it back when dropped, so that an abandoned sleep (of a
/// timeout that was not needed) never moves time.
struct Sleep<'a> {
    clock: &'a Manual,
    moment: Timestamp,
    ticket: Option<u64>,
}

impl Future for Sleep<'_> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let clock = self.clock;
        let mut state = clock.state();
        if state.now >= self.moment {
            return Poll::Ready(());
        }
        let ticket = self.ticket.unwrap_or(state.next_ticket);
        if self.ticket.is_none() {
            state.next_ticket += 1;
            self.ticket = Some(ticket);
        }
        state.sleepers.insert((self.moment, ticket), context.waker().clone());
        Poll::Pending
    }
}

impl Drop for Sleep<'_> {
    fn drop(&mut self) {
        if let Some(ticket) = self.ticket {
            self.clock.state().sleepers.remove(&(self.moment, ticket));
        }
    }
}
