//! What HubSpot has to say, and what anybody else sends to the functions.

use std::cell::RefCell;
use std::pin::pin;
use std::time::Duration;

use bytes::Bytes;
use futures::future::select;
use hubspot_sim::signature::{Scheme, sign};
use local::pretend::{CLIENT_SECRET, PORTAL};
use local::{routes, worker};

use crate::{World, minutes, seconds};

const DEMO: u64 = PORTAL.unsigned_abs();

impl World {
    /// A person edits a record in HubSpot.
    ///
    /// # Panics
    /// If HubSpot refuses.
    pub fn person_edits(&self, hubspot_object: &str, id: u64, values: &[(&str, &str)]) {
        self.pretend.hubspot.person_edits(DEMO, hubspot_object, id, values).expect("HubSpot takes the edit");
    }

    /// A person makes a record in HubSpot; its id.
    ///
    /// # Panics
    /// If HubSpot refuses.
    pub fn person_creates(&self, hubspot_object: &str, values: &[(&str, &str)]) -> u64 {
        self.pretend.hubspot.person_creates(DEMO, hubspot_object, values).expect("HubSpot takes the record")
    }

    /// A person deletes a record in HubSpot.
    ///
    /// # Panics
    /// If HubSpot refuses.
    pub fn person_deletes(&self, hubspot_object: &str, id: u64) {
        assert!(self.pretend.hubspot.person_deletes(DEMO, hubspot_object, id), "HubSpot deletes the record");
    }

    /// A person restores a record in HubSpot.
    ///
    /// # Panics
    /// If HubSpot refuses.
    pub fn person_restores(&self, hubspot_object: &str, id: u64) {
        assert!(self.pretend.hubspot.person_restores(DEMO, hubspot_object, id), "HubSpot restores the record");
    }

    /// Hands over what HubSpot has to say at this moment, and works on nothing yet. How many requests that were.
    pub fn deliver_webhooks(&self) -> usize {
        self.clock.run(self.pretend.deliver(self.app()))
    }

    /// Lets time pass as it does where much happens at once: HubSpot's requests are under way together, and beside all other work.
    /// Ends when `done` says so, which is asked every ten seconds. What came of HubSpot's requests, and after how long.
    ///
    /// # Panics
    /// If it is not done within `longest`.
    pub fn pass_at_once(&self, longest: Duration, done: impl Fn(&Self) -> bool) -> Vec<(Option<u16>, Duration)> {
        let (app, end) = (self.app(), domain::schedule::later(self.clock.now(), longest));
        let watching = async {
            while !done(self) {
                assert!(self.clock.now() < end, "it is not done after {} s", longest.as_secs());
                self.clock.sleep(seconds(10)).await;
            }
        };
        let answers = RefCell::new(Vec::new());
        let speaking = self.pretend.deliver_for_ever(app, |status, took| answers.borrow_mut().push((status, took)));
        let working = worker::run(app, minutes(1), watching);
        self.clock.run(select(pin!(working), pin!(speaking)));
        answers.into_inner()
    }

    /// From now on HubSpot's requests do not get through, and HubSpot keeps them, or they do again.
    pub fn hold_webhooks(&mut self, hold: bool) {
        self.held = hold;
    }

    /// From now on whatever happens in HubSpot is never told, or it is again.
    ///
    /// # Panics
    /// If the simulator refuses.
    pub fn lose_webhooks(&self, lose: bool) {
        let lost = if lose { 1_000 } else { 0 };
        self.pretend.hubspot.webhooks(|webhooks| webhooks.lost = lost).expect("the simulator takes it");
    }

    /// A request that nobody signed.
    ///
    /// # Panics
    /// If it is no request.
    #[must_use]
    pub fn request(&self, method: &str, path: &str, body: impl Into<Bytes>) -> web::Response {
        self.send(&self.unsigned(method, path, body))
    }

    /// A request that HubSpot signs now.
    ///
    /// # Panics
    /// If it is no request.
    #[must_use]
    pub fn signed(&self, method: &str, path: &str, body: impl Into<Bytes>) -> web::Response {
        let mut request = self.unsigned(method, path, body);
        sign(&mut request, Scheme::Webhook, CLIENT_SECRET, self.clock.now());
        self.send(&request)
    }

    /// A request before anybody signed it, to the address that HubSpot knows.
    ///
    /// # Panics
    /// If it is no request.
    #[must_use]
    pub fn unsigned(&self, method: &str, path: &str, body: impl Into<Bytes>) -> web::Request {
        let url = format!("{}{path}", self.app().config.public_base_url);
        http::Request::builder().method(method).uri(url).body(body.into()).expect("a request")
    }

    /// Any request, to whichever function it is for.
    #[must_use]
    pub fn send(&self, request: &web::Request) -> web::Response {
        let answer = self.clock.run(routes::answer(self.app(), request));
        self.watching.look_at(
            request.uri().path(),
            &format!("{:?} {}", answer.headers(), String::from_utf8_lossy(answer.body())),
        );
        answer
    }
}
