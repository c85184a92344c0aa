//! The simulator itself: the state behind a lock, faults, the journal, the log.

use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderValue, Request, Response};
use jiff::Timestamp;
use serde_json::{Value, json};
use tokio::sync::Notify;

use crate::control;
use crate::faults::{Drawn, Fault, FaultEngine, Faults};
use crate::http::call::Answer;
use crate::http::{self as vendor, Mode};
use crate::journal::Journal;
use crate::log::{Counters, Log, RequestLine};
use crate::options::{Latency, Options};
use crate::state::State;
use crate::state::alarm::Alarm;
use crate::state::record::Record;
use crate::time::Time;

/// A pretend HubSpot. Clones share one state.
#[derive(Clone)]
pub struct Simulator(Arc<Shared>);

struct Shared {
    time: Time,
    latency: Latency,
    inner: Mutex<Inner>,
    /// Tells the sender that there may be something to send.
    changed: Notify,
}

pub(crate) struct Inner {
    pub(crate) state: State,
    pub(crate) faults: FaultEngine,
    pub(crate) log: Log,
    journal: Option<Journal>,
}

/// An extension of an answer whose status and body a fault made, so that they are not this simulator's own.
#[derive(Clone, Copy, Debug)]
pub struct Struck;

/// A call that got no whole answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Broken {
    /// The request never reached the service.
    NotSent,
    /// The connection was closed without an answer.
    Reset,
    /// The connection ended in the middle of the body.
    Truncated,
}

/// What comes back over a connection.
pub(crate) enum Served {
    Whole(Response<Bytes>),
    /// The head and the first half of the body.
    Truncated(Response<Bytes>),
    Reset,
    NotSent,
}

impl Simulator {
    /// A simulator that forgets everything when it is dropped.
    pub fn new(options: Options, time: Time) -> Simulator {
        let state = State::new(&options, (time.now)());
        Simulator::with(options, time, state, None)
    }

    /// A simulator that keeps its state in `folder/journal.jsonl`: every change is written before it is answered and
    /// survives a kill at any moment. Options are not kept; give the same ones again. Log, budgets and faults start anew.
    pub fn open(options: Options, time: Time, folder: &Path) -> std::io::Result<Simulator> {
        let mut state = State::new(&options, (time.now)());
        let journal = Journal::open(folder, |random, changes| {
            changes.into_iter().for_each(|change| state.apply(change));
            state.random.set_word_pos(random);
        })?;
        state.keeps = true;
        Ok(Simulator::with(options, time, state, Some(journal)))
    }

    fn with(options: Options, time: Time, state: State, journal: Option<Journal>) -> Simulator {
        let faults = FaultEngine::new(options.faults);
        let mut inner = Inner { state, faults, log: Log::default(), journal };
        inner.pass_on_complaints();
        let inner = Mutex::new(inner);
        Simulator(Arc::new(Shared { time, latency: options.latency, inner, changed: Notify::new() }))
    }

    /// Answers one request in process, faults and latency included.
    pub async fn call(&self, request: Request<Bytes>) -> Result<Response<Bytes>, Broken> {
        match self.handle(request).await {
            Served::Whole(response) => Ok(response),
            Served::Truncated(_) => Err(Broken::Truncated),
            Served::Reset => Err(Broken::Reset),
            Served::NotSent => Err(Broken::NotSent),
        }
    }

    /// Looks at the state or changes it, in process. What is changed is kept like any other change.
    pub fn state<R>(&self, look: impl FnOnce(&mut State) -> R) -> R {
        let result = self.quietly(look);
        self.0.changed.notify_one();
        result
    }

    /// As [`Simulator::state`], where nothing new to send can come of it.
    pub(crate) fn quietly<R>(&self, look: impl FnOnce(&mut State) -> R) -> R {
        let now = self.now();
        let mut inner = self.lock();
        let result = look(&mut inner.state);
        inner.state.settle(now);
        let kept = inner.keep();
        debug_assert!(kept.is_ok(), "the journal cannot be written: {kept:?}");
        inner.pass_on_complaints();
        result
    }

    /// Resolves when there may be something new to send to the app; at once, if that was so since the last time. Wakes one
    /// who waits: under [`Simulator::serve`] that is the simulator's own sender.
    pub async fn changed(&self) {
        self.0.changed.notified().await;
    }

    pub(crate) fn sleep(&self, pause: Duration) -> futures::future::BoxFuture<'static, ()> {
        (self.0.time.sleep)(pause)
    }

    /// Replaces the rules of what goes wrong, and starts their stream anew.
    pub fn faults(&self, faults: Faults) {
        self.lock().faults = FaultEngine::new(faults);
    }

    /// The live records of an object type (any of its names), by id.
    pub fn records(&self, portal: u64, object_type: &str) -> Vec<Record> {
        self.lock().state.records(portal, object_type)
    }

    /// Requests so far by `"METHOD template class"`; templates stand without the version.
    pub fn counters(&self) -> Counters {
        self.lock().log.counters()
    }

    /// The newest requests, oldest first.
    pub fn requests(&self) -> Vec<RequestLine> {
        self.lock().log.lines()
    }

    /// What a correct client would never have sent: unknown paths, malformed JSON, associations in an upsert.
    pub fn unexpected(&self) -> Vec<String> {
        self.lock().log.unexpected_list()
    }

    /// Dangerous writes: an invoice created without `hs_invoice_billable` false or set to another value, an open billable
    /// invoice, `hs_invoice_creation` other than off.
    pub fn alarms(&self) -> Vec<Alarm> {
        self.lock().state.alarms.clone()
    }

    /// The simulator's time.
    pub(crate) fn now(&self) -> Timestamp {
        whole_milliseconds((self.0.time.now)())
    }

    /// Forgets requests, counters and the unexpected.
    pub fn clear_log(&self) {
        self.lock().log.clear();
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        // A panic in a test leaves a state that is still worth looking at.
        self.0.inner.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// Answers one request as a connection would carry it.
    pub(crate) async fn handle(&self, request: Request<Bytes>) -> Served {
        let now = self.now();
        let (served, pause) = self.lock().handle(&request, now, self.0.latency);
        self.0.changed.notify_one();
        if pause > Duration::ZERO {
            (self.0.time.sleep)(pause).await;
        }
        served
    }
}

/// HubSpot's times have milliseconds and no more.
fn whole_milliseconds(at: Timestamp) -> Timestamp {
    Timestamp::from_millisecond(at.as_millisecond()).unwrap_or(at)
}

impl Inner {
    fn handle(&mut self, request: &Request<Bytes>, now: Timestamp, latency: Latency) -> (Served, Duration) {
        let path = request.uri().path();
        if path.starts_with("/_sim/") {
            let answer = control::answer(self, request, now);
            return (Served::Whole(self.finish(request, answer, "/_sim", now, false)), Duration::ZERO);
        }
        let Drawn { latency: added, fault } = self.faults.draw(request.method().as_str(), path);
        let mode = Mode::of(fault.as_ref());
        if matches!(fault, Some(Fault::NotSent {})) {
            return (Served::NotSent, Duration::ZERO);
        }
        let (answer, template) = vendor::answer(&mut self.state, &mut self.log, request, now, mode);
        let per_record = latency.per_record_ms + added.1;
        let inputs = answer.inputs as u64;
        let pause = Duration::from_millis(latency.base_ms + added.0 + per_record * inputs);
        let (answer, cut) = spoil(&mut self.state, answer, fault.as_ref());
        let broken = cut != Cut::None;
        let mut response = self.finish(request, answer, template, now, broken);
        if matches!(fault, Some(Fault::Status { .. } | Fault::Html { .. } | Fault::Empty {})) {
            response.extensions_mut().insert(Struck);
        }
        let served = match cut {
            Cut::None => Served::Whole(response),
            Cut::Half => Served::Truncated(response),
            Cut::All => Served::Reset,
        };
        (served, pause)
    }

    /// Brings totals up to date, keeps what was changed, writes the request down, and makes HTTP of the answer.
    fn finish(
        &mut self,
        request: &Request<Bytes>,
        answer: Answer,
        template: &str,
        now: Timestamp,
        broken: bool,
    ) -> Response<Bytes> {
        self.state.settle(now);
        let response = match self.keep() {
            Ok(()) => into_response(answer),
            Err(problem) => {
                self.log.unexpected(format!("the journal cannot be written: {problem}"));
                into_response(Answer::json(500, json!({ "status": "error", "message": "journal" })))
            }
        };
        let line = RequestLine {
            at: now,
            method: request.method().to_string(),
            path: request.uri().path_and_query().map(ToString::to_string).unwrap_or_default(),
            status: if broken { 0 } else { response.status().as_u16() },
            bytes_in: request.body().len(),
            bytes_out: response.body().len(),
        };
        if template != "/_sim" {
            self.log.note(line, template);
        }
        response
    }

    /// Writes down what a correct app would not have answered.
    fn pass_on_complaints(&mut self) {
        std::mem::take(&mut self.state.complaints).into_iter().for_each(|what| self.log.unexpected(what));
    }

    /// Writes the pending changes to the journal, as one line.
    fn keep(&mut self) -> std::io::Result<()> {
        let changes = std::mem::take(&mut self.state.pending);
        match &mut self.journal {
            Some(journal) if !changes.is_empty() => journal.append(self.state.random.get_word_pos(), changes),
            _ => Ok(()),
        }
    }
}

/// How much of an answer arrives.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Cut {
    None,
    Half,
    All,
}

/// Replaces an answer by what goes wrong with it.
fn spoil(state: &mut State, mut answer: Answer, fault: Option<&Fault>) -> (Answer, Cut) {
    match fault {
        Some(Fault::Status { status, retry_after, body, .. }) => {
            let correlation_id = state.correlation_id();
            let body = body.clone().unwrap_or_else(|| vendor_body(*status, &correlation_id));
            let headers = retry_after.iter().map(|seconds| ("retry-after", seconds.to_string())).collect();
            (Answer { headers, ..Answer::json(*status, body) }, Cut::None)
        }
        Some(Fault::RateLimited { retry_after: Some(seconds) }) => {
            answer.headers.push(("retry-after", seconds.to_string()));
            (answer, Cut::None)
        }
        Some(Fault::Html { status, .. }) => {
            let page = format!(
                "<html><head><title>{status}</title></head><body><h1>Error {status}</h1>cloudflare</body></html>"
            );
            let headers = vec![("content-type", "text/html; charset=UTF-8".to_owned())];
            (Answer { headers, ..Answer::json(*status, Value::String(page)) }, Cut::None)
        }
        Some(Fault::Truncated { .. }) => (answer, Cut::Half),
        Some(Fault::Reset { .. }) => (answer, Cut::All),
        _ => (answer, Cut::None),
    }
}

/// The usual body of an error status (contract §9).
fn vendor_body(status: u16, correlation_id: &str) -> Value {
    let (message, category) = match status {
        423 => ("The resource is locked. Please retry after 2 seconds.", "LOCKED"),
        477 => ("The account is being migrated to another data center.", "MIGRATION_IN_PROGRESS"),
        500 => ("internal error", "INTERNAL_ERROR"),
        502..=504 => ("Service temporarily unavailable", "SERVICE_UNAVAILABLE"),
        _ => ("error", "ERROR"),
    };
    json!({ "status": "error", "message": message, "correlationId": correlation_id, "category": category })
}

fn into_response(answer: Answer) -> Response<Bytes> {
    let html = answer.headers.iter().any(|(name, _)| *name == "content-type");
    let body = match &answer.body {
        None => Bytes::new(),
        Some(Value::String(page)) if html => Bytes::from(page.clone()),
        Some(body) => Bytes::from(body.to_string()),
    };
    let mut response = Response::new(body);
    *response.status_mut() =
        http::StatusCode::from_u16(answer.status).unwrap_or(http::StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    if answer.body.is_some() {
        headers.insert("content-type", HeaderValue::from_static("application/json;charset=utf-8"));
    }
    for (name, value) in answer.headers {
        if let Ok(value) = HeaderValue::from_str(&value) {
            headers.insert(name, value);
        }
    }
    response
}
