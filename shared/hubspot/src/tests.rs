//! A HubSpot of one closure, and the shapes of the requests it sees.

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use rest::{Budget, Clock, Error, ErrorKind, Gcra, InFlight, Reason, Transport};

use crate::{Api, Budgets, Paths};

mod requests;

/// What was sent, as a test wants to see it.
#[derive(Clone, Debug)]
pub(crate) struct Sent {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) query: String,
    pub(crate) body: String,
}

/// Answers every request by a closure and remembers them all.
pub(crate) struct Hubspot {
    clock: Clock,
    transport: Transport,
    seen: Arc<Mutex<Vec<Sent>>>,
}

pub(crate) fn hubspot(answer: impl Fn(&Sent) -> (u16, &'static str) + Send + Sync + 'static) -> Hubspot {
    let seen: Arc<Mutex<Vec<Sent>>> = Arc::default();
    let log = Arc::clone(&seen);
    let handler = move |request: http::Request<Bytes>| -> futures::future::BoxFuture<'static, _> {
        let sent = Sent {
            method: request.method().to_string(),
            path: request.uri().path().to_owned(),
            query: request.uri().query().unwrap_or_default().to_owned(),
            body: String::from_utf8(request.body().to_vec()).unwrap(),
        };
        let (status, body) = answer(&sent);
        log.lock().unwrap().push(sent);
        let response = http::Response::builder().status(status).body(Bytes::from_static(body.as_bytes())).unwrap();
        Box::pin(async move { Ok(response) })
    };
    let clock = Clock::manual("2026-11-21T08:00:00Z".parse().unwrap());
    Hubspot { clock, transport: Transport::in_process(Arc::new(handler)), seen }
}

impl Hubspot {
    pub(crate) fn client(&self) -> rest::Client {
        rest::Client::new("hubspot", "https://api.hubapi.com", self.transport.clone(), self.clock.clone())
    }

    pub(crate) fn api(&self, calls: &Arc<rest::Calls>) -> Api {
        let budget = || Budget::local(self.clock.clone(), Gcra::per_second(9, 9), InFlight { start: 2, max: 6 });
        let budgets = Budgets { objects: budget(), search: budget(), associations: budget() };
        let (transport, clock, paths) = (self.transport.clone(), self.clock.clone(), Paths::default());
        Api::connect("https://api.hubapi.com", transport, clock, "demo-token".into(), budgets, calls.clone(), paths)
    }

    pub(crate) fn run<F: Future>(&self, future: F) -> F::Output {
        self.clock.run(future)
    }

    /// Everything that was sent, a line or two each.
    pub(crate) fn sent(&self) -> String {
        let seen = self.seen.lock().unwrap();
        let lines = seen.iter().map(|Sent { method, path, query, body }| {
            let query = if query.is_empty() { String::new() } else { format!("?{query}") };
            let body = if body.is_empty() { String::new() } else { format!("\n  {body}") };
            format!("{method} {path}{query}{body}")
        });
        lines.collect::<Vec<_>>().join("\n")
    }
}

/// What `rest` makes of a refusal with this status and body.
pub(crate) fn refusal(status: u16, body: &str) -> Error {
    let transient = status >= 423;
    Error {
        service: "hubspot",
        method: "POST".into(),
        path: "/crm/objects/2026-09/companies/batch/upsert".into(),
        status: Some(status),
        kind: if transient { ErrorKind::Transient { retry_after: None } } else { ErrorKind::Rejected },
        body: body.into(),
        reason: Reason::Status,
        sent: false,
    }
}
