//! A HubSpot within the process: takes what it is not told to refuse, and remembers what it was sent. It knows no rule of
//! HubSpot's; the simulator does.

use std::sync::{Arc, Mutex};

use app::Connection;
use domain::{Installation, KleerCompanyId, PortalId};
use futures::FutureExt as _;
use jiff::Timestamp;
use rest::{Budget, Calls, Clock, Gcra, InFlight, Transport};
use serde_json::{Value, json};

/// What becomes of one input of a batch.
pub(in crate::outbound) enum Answer {
    /// It is done.
    Taken,
    /// The record was there before.
    Found,
    /// It is refused, with this error about it.
    Refused(Value),
    /// Nothing is said about it.
    Silence,
    /// The whole call fails with this status.
    Fails(u16),
}

/// A portal, connected.
pub(in crate::outbound) struct Pretend {
    pub(in crate::outbound) connection: Connection,
    clock: Clock,
    log: Arc<Mutex<Vec<String>>>,
}

/// What a portal answers, by the call (`upsert invoices`) and the input.
type Rule = Box<dyn FnMut(&str, &Value) -> Answer + Send>;

impl Pretend {
    /// One that takes everything.
    pub(in crate::outbound) fn new() -> Self {
        Self::answering(|_, _| Answer::Taken)
    }

    /// One that answers by a rule.
    pub(in crate::outbound) fn answering(rule: impl FnMut(&str, &Value) -> Answer + Send + 'static) -> Self {
        let log: Arc<Mutex<Vec<String>>> = Arc::default();
        let state: Mutex<(Arc<Mutex<Vec<String>>>, Rule)> = Mutex::new((log.clone(), Box::new(rule)));
        let transport = Transport::in_process(Arc::new(move |request| {
            let (log, rule) = &mut *state.lock().unwrap();
            let call = call(request.uri().path());
            let body: Value = serde_json::from_slice(request.body()).unwrap();
            let inputs = body["inputs"].as_array().unwrap();
            log.lock().unwrap().push(format!("{call}: {}", inputs.iter().map(told).collect::<Vec<_>>().join("; ")));
            let (status, body) = answer(&call, inputs, rule);
            async move { Ok(http::Response::builder().status(status).body(body.to_string().into()).unwrap()) }.boxed()
        }));
        let clock = Clock::manual(super::super::write::tests_started());
        let connection = connection(&transport, &clock);
        Self { connection, clock, log }
    }

    /// Runs to the end; what was sent meanwhile is in [`Pretend::sent`].
    pub(in crate::outbound) fn run<F: Future>(&self, future: F) -> F::Output {
        self.clock.run(future)
    }

    /// What was sent since the last time, a line for each call.
    pub(in crate::outbound) fn sent(&self) -> String {
        std::mem::take(&mut *self.log.lock().unwrap()).join("\n")
    }
}
