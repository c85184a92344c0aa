//! Time goes on: what is due happens at its moment, HubSpot says what it has to say, and people do what the script says, all of
//! it side by side.

use std::pin::pin;

use domain::schedule;
use futures::future::{self, Either};
use hubspot_sim::{Delivery, DeliveryFailure, DeliveryKind};
use jiff::Timestamp;
use queue::QueueName;
use serde_json::Value;
use std::time::Duration;

use super::stage::Stage;
use crate::worker::{self, Twist, WorkerError};
use crate::{life, routes};

/// A pause after something failed, so that nobody asks again at the same instant for ever.
const BREATH: Duration = Duration::from_secs(1);

/// How a stretch of time ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    /// What was waited for is over.
    Over,
    /// The process died.
    Died,
}

impl Stage {
    /// Lets the product live until something else is over, or until the process dies.
    pub(super) fn lives_during<R>(&self, during: impl Future<Output = R>) -> Option<R> {
        self.clock.run(async {
            let life = future::join_all((0..self.machines.len()).map(|which| self.lives(which)));
            let (during, life) = (pin!(during), pin!(life));
            let until = pin!(future::select(during, life));
            match future::select(until, pin!(self.ground.fuse.blown())).await {
                Either::Left((Either::Left((over, _)), _)) => Some(over),
                Either::Left((Either::Right(_), _)) | Either::Right(_) => None,
            }
        })
    }

    /// Lets time pass.
    pub(super) fn passes(&self, until: Timestamp) -> Ending {
        match self.lives_during(self.clock.sleep_until(until)) {
            Some(()) => Ending::Over,
            None => Ending::Died,
        }
    }

    /// One process, for ever. The first one ticks and is spoken to; all work.
    async fn lives(&self, which: usize) {
        let mut in_vain = 0;
        loop {
            let Ok(due) = self.next_tick(which).await else {
                self.clock.sleep(BREATH).await;
                continue;
            };
            let message = worker::next_message(&self.machines[which].app);
            let said = self.pretend.hubspot.next_delivery_at().filter(|_| which == 0);
            let stirred = pin!(self.stirred.notified());
            match message.into_iter().chain(said).chain(due).min() {
                Some(next) => {
                    future::select(pin!(self.clock.sleep_until(next)), stirred).await;
                }
                None if which > 0 => self.clock.sleep(BREATH * 60).await,
                None => stirred.await,
            }
            let ticks = due.is_some_and(|due| due <= self.now());
            if ticks {
                self.last_tick.set(self.now());
            }
            if self.works(which, ticks).await > 0 {
                in_vain = 0;
            } else {
                // Nothing could be done although something was due: somebody else does it, or it failed.
                self.clock.sleep(BREATH * (1 << in_vain)).await;
                in_vain = (in_vain + 1).min(6);
            }
        }
    }

    /// When the next tick that has something to do comes. On AWS there is one a minute; here they are rarer, because most of a
    /// week is waiting, and nothing may depend on their being punctual.
    async fn next_tick(&self, which: usize) -> Result<Option<Timestamp>, WorkerError> {
        if which > 0 {
            return Ok(None);
        }
        let portals: Vec<_> = self.tenants.iter().map(|tenant| tenant.portal_id()).collect();
        let due = life::next_due(&self.machines[which].app, &portals).await?;
        let beat = i64::from(self.plan.tick_s);
        let on_the_beat = |due: Timestamp| (due.as_second() + beat - 1).div_euclid(beat) * beat;
        // What a tick could not move on comes again with the next one.
        let first = schedule::later(self.last_tick.get(), Duration::from_secs(1));
        Ok(due.map(|due| Timestamp::from_second(on_the_beat(due.max(first))).unwrap_or(due)))
    }

    /// Does all that can be done now; how much that was.
    async fn works(&self, which: usize, ticks: bool) -> usize {
        let app = &self.machines[which].app;
        let mut done = 0;
        if ticks {
            match worker::tick(app).await {
                Ok(_) => done += 1,
                Err(_) => self.clock.sleep(BREATH).await,
            }
        }
        loop {
            let (worked, carried) = future::join(worker::work_with(app, || self.twist()), self.carries(which)).await;
            let both = worked.unwrap_or(0) + carried;
            if both == 0 {
                return done;
            }
            done += both;
        }
    }

    /// What the queue does with the next batch.
    fn twist(&self) -> Twist {
        if !self.twists.get() {
            return Twist::None;
        }
        let odds = [(850, Twist::None), (50, Twist::Twice), (60, Twist::AtOnce), (40, Twist::Unheard)];
        let twist = self.dice.borrow_mut().weighted(&odds).unwrap_or(Twist::None);
        if twist != Twist::None {
            self.note("queue", format!("a batch is delivered in the way {twist:?}"), Vec::new());
        }
        twist
    }

    /// Carries what HubSpot has to say; with two processes, whichever is asked answers.
    async fn carries(&self, which: usize) -> usize {
        if which > 0 {
            return 0;
        }
        self.pretend.hubspot.deliver(async |delivery: Delivery| self.carry(delivery).await).await
    }

    async fn carry(&self, delivery: Delivery) -> Result<web::Response, DeliveryFailure> {
        let which = usize::try_from(delivery.id).unwrap_or(0) % self.machines.len();
        let app = &self.machines[which].app;
        let is_echo = delivery.kind == DeliveryKind::Webhook && self.tells_only_of_us(delivery.request.body());
        let before = app.queue.depth(QueueName::Change);
        let answer = app.clock.timeout(delivery.timeout, routes::answer(app, &delivery.request)).await;
        let after = app.queue.depth(QueueName::Change);
        if is_echo && after > before && self.machines.len() == 1 && !self.plan.latency {
            let text = String::from_utf8_lossy(delivery.request.body()).into_owned();
            self.echoes.borrow_mut().push(format!("queued work for what it did itself: {text}"));
        }
        answer.map_err(|_| DeliveryFailure::Timeout)
    }

    /// Whether all events of a webhook are about changes that the app made itself.
    fn tells_only_of_us(&self, body: &[u8]) -> bool {
        let events: Vec<Value> = serde_json::from_slice(body).unwrap_or_default();
        let ours = self.app().config.hubspot_app_id.map(|id| id.to_string());
        let is_ours =
            |event: &Value| event["changeSource"] == "INTEGRATION" && event["sourceId"].as_str() == ours.as_deref();
        !events.is_empty() && events.iter().all(is_ours)
    }
}
