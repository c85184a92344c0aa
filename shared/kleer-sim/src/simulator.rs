//! The handle: one pretend Kleer, asked in process or over a socket.

use std::{
    fmt, io,
    path::Path,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use axum::{Router, body::Body};
use bytes::Bytes;
use http::{Request, Response, StatusCode};
use jiff::Timestamp;
use tower::ServiceExt as _;

use crate::{
    Change, Command, Counters, Fault, Faults, Latency, Options, Outcome, Refusal, RequestRecord, State, Time,
    Unexpected, control,
    faults::{Dice, Strike},
    http as face,
    journal::{Birth, Journal},
    traffic::Traffic,
};

/// A pretend Kleer. Clones are handles to the same one.
#[derive(Clone)]
pub struct Simulator(Arc<Shared>);

struct Shared {
    inner: Mutex<Inner>,
    latency: Latency,
    time: Time,
}

/// All that changes, behind one lock: Kleer is not fast either.
struct Inner {
    state: State,
    dice: Dice,
    traffic: Traffic,
    journal: Option<Journal>,
    /// Requests that are carried out later, and when.
    late: Vec<(Timestamp, Request<Bytes>)>,
    /// Somebody put a document as it is.
    put_as_it_is: bool,
}

/// An extension of an answer whose status and body a fault made, so that they are not this simulator's own.
#[derive(Clone, Copy, Debug)]
pub struct Struck;

/// An extension of every answer since somebody put a document as it is ([`Change::Put`]): such a document need not be
/// one of Kleer's, nor what is made of it.
#[derive(Clone, Copy, Debug)]
pub struct PutAsItIs;

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Broken {
    /// The request did not reach the service. The simulator itself never says so; others who stand in for the network do.
    NotSent,
    /// The connection was reset before an answer came.
    Reset,
    /// The answer broke off in the middle.
    Truncated,
}

impl fmt::Display for Broken {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Broken::NotSent => "the request was not sent",
            Broken::Reset => "the connection was reset",
            Broken::Truncated => "the answer was truncated",
        })
    }
}

impl std::error::Error for Broken {}

/// What goes over the wire.
pub(crate) enum Delivery {
    /// An answer.
    Whole(Response<Bytes>),
    /// An answer of which half arrives.
    Half(Response<Bytes>),
    /// Nothing.
    Reset,
}

impl Simulator {
    /// A simulator that forgets everything when it is dropped.
    pub fn new(options: Options, time: Time) -> Simulator {
        let state = State::new(&options, (time.now)());
        Simulator::with(options, time, state, None)
    }

    /// A simulator that keeps its state in `folder`: the first time it starts from the options, later from the journal
    /// (and the seed it was begun with). Faults, latency and the list of requests are not kept.
    ///
    /// # Errors
    /// What the file system says, or `InvalidData` if the folder holds something else than a journal of ours.
    pub fn open(options: Options, time: Time, folder: &Path) -> io::Result<Simulator> {
        let now = (time.now)();
        let at = (!options.more.is_nothing()).then_some(now);
        let (journal, birth, commands) = Journal::open(folder, Birth { seed: options.seed, more: options.more, at })?;
        let options = Options { seed: birth.seed, more: birth.more, ..options };
        let mut state = State::new(&options, birth.at.unwrap_or(now));
        for command in &commands {
            let again = state.replay(command);
            again.map_err(|refusal| io::Error::new(io::ErrorKind::InvalidData, format!("journal: {refusal}")))?;
        }
        Ok(Simulator::with(options, time, state, Some(journal)))
    }

    fn with(options: Options, time: Time, state: State, journal: Option<Journal>) -> Simulator {
        let inner = Inner {
            state,
            dice: Dice::new(options.faults),
            traffic: Traffic::default(),
            journal,
            late: Vec::new(),
            put_as_it_is: false,
        };
        Simulator(Arc::new(Shared { inner: Mutex::new(inner), latency: options.latency, time }))
    }

    /// Asks as over HTTP, faults included. Paths under `/_sim/` are the control routes.
    ///
    /// # Errors
    /// A fault that breaks the connection.
    pub async fn call(&self, request: Request<Bytes>) -> Result<Response<Bytes>, Broken> {
        match self.deliver(request).await {
            Delivery::Whole(response) => Ok(response),
            Delivery::Half(_) => Err(Broken::Truncated),
            Delivery::Reset => Err(Broken::Reset),
        }
    }

    /// Looks at or changes the state. Such changes are not journaled; [`Simulator::command`] is. The simulator answers
    /// nobody meanwhile, so `look` must not ask it anything.
    pub fn state<R>(&self, look: impl FnOnce(&mut State) -> R) -> R {
        look(&mut self.lock().state)
    }

    /// Applies a change and journals it, as the HTTP faces do.
    ///
    /// # Errors
    /// Why it is refused; nothing has changed then, unless it is [`Refusal::JournalFailed`].
    pub fn command(&self, command: &Command) -> Result<Outcome, Refusal> {
        let mut guard = self.lock();
        let inner = &mut *guard;
        inner.put_as_it_is |= matches!(command, Command::Record { change: Change::Put(..), .. });
        let outcome = inner.state.apply(command)?;
        if let Some(journal) = &mut inner.journal {
            let written = journal.append((self.0.time.now)(), inner.state.effect(command, &outcome));
            written.map_err(|error| Refusal::JournalFailed(error.to_string()))?;
        }
        Ok(outcome)
    }

    /// Sets the faults from now on, with fresh dice.
    pub fn faults(&self, faults: Faults) {
        self.lock().dice = Dice::new(faults);
    }

    /// The faults in force.
    pub fn current_faults(&self) -> Faults {
        self.lock().dice.faults().clone()
    }

    /// The last requests, oldest first.
    pub fn requests(&self) -> Vec<RequestRecord> {
        self.lock().traffic.requests()
    }

    /// How often each route was asked.
    pub fn counters(&self) -> Counters {
        self.lock().traffic.counters()
    }

    /// Requests that a correct client never makes; tests assert that there are none.
    pub fn unexpected(&self) -> Vec<Unexpected> {
        self.lock().traffic.unexpected()
    }

    /// Forgets requests, counters and unexpected requests.
    pub fn forget_requests(&self) {
        self.lock().traffic = Traffic::default();
    }

    /// Notes that a request was answered, but is one that a correct client never makes.
    pub(crate) fn note_unexpected(&self, method: &str, path: &str, why: String) {
        self.lock().traffic.note_unexpected(method, path, why);
    }

    /// Answers a request, or does what a fault wants instead.
    pub(crate) async fn deliver(&self, request: Request<Bytes>) -> Delivery {
        if request.uri().path().starts_with("/_sim/") {
            return Delivery::Whole(self.route(control::routes(), request).await);
        }
        self.carry_out_late().await;
        let method = request.method().to_string();
        let path = request.uri().path_and_query().map_or_else(|| "/".to_owned(), ToString::to_string);
        let request_bytes = request.body().len();
        let json = face::wants_json(request.headers());
        let strike = self.lock().dice.throw(&method, &path);
        let mut delivery = self.struck(&strike, json, request).await;
        if let Delivery::Whole(response) = &mut delivery
            && self.lock().put_as_it_is
        {
            response.extensions_mut().insert(PutAsItIs);
        }
        let (status, response_bytes) = match &delivery {
            Delivery::Whole(response) => (Some(response.status().as_u16()), response.body().len()),
            Delivery::Half(response) => (None, response.body().len() / 2),
            Delivery::Reset => (None, 0),
        };
        let fault = strike.fault.as_ref().map(Fault::name);
        let at = (self.0.time.now)();
        self.lock().traffic.note(RequestRecord { at, method, path, status, request_bytes, response_bytes, fault });
        delivery
    }

    /// Carries out the requests whose time has come.
    async fn carry_out_late(&self) {
        let now = (self.0.time.now)();
        let due: Vec<Request<Bytes>> = {
            let late = &mut self.lock().late;
            late.extract_if(.., |(at, _)| *at <= now).map(|(_, request)| request).collect()
        };
        for request in due {
            self.route(face::routes(), request).await;
        }
    }

    async fn struck(&self, strike: &Strike, json: bool, request: Request<Bytes>) -> Delivery {
        if let Some(Fault::Late { after }) = strike.fault {
            let at = (self.0.time.now)().saturating_add(Duration::from_millis(after)).unwrap_or(Timestamp::MAX);
            self.lock().late.push((at, request));
            return Delivery::Reset;
        }
        let carried_out = strike.fault.as_ref().is_none_or(Fault::is_carried_out);
        let answer = match carried_out {
            true => Some(self.route(face::routes(), request).await),
            false => None,
        };
        let records = answer.as_ref().and_then(|answer| answer.extensions().get::<face::RecordsInAnswer>());
        let records = records.map_or(0, |records| records.0);
        let struck = Latency { base: strike.latency.0, per_record: strike.latency.1 };
        let pause = self.0.latency.milliseconds(records) + struck.milliseconds(records);
        if pause > 0 {
            (self.0.time.sleep)(Duration::from_millis(pause)).await;
        }
        face::disturb(strike.fault.as_ref(), json, answer)
    }

    /// The routers are shared by all simulators; which one is asked travels with the request.
    async fn route(&self, router: Router, mut request: Request<Bytes>) -> Response<Bytes> {
        let method = request.method().to_string();
        let path = request.uri().path_and_query().map_or_else(|| "/".to_owned(), ToString::to_string);
        request.extensions_mut().insert(face::Asked { simulator: self.clone(), method, path });
        face::tolerate_slash(&mut request);
        let answer = router.oneshot(request.map(Body::from)).await;
        let (parts, body) = answer.unwrap_or_else(|never| match never {}).into_parts();
        match axum::body::to_bytes(body, usize::MAX).await {
            Ok(bytes) => Response::from_parts(parts, bytes),
            Err(_) => {
                let mut response = Response::new(Bytes::new());
                *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
                response
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        // A test that panicked inside `state` must not take the simulator down for the others.
        let mut inner = self.0.inner.lock().unwrap_or_else(PoisonError::into_inner);
        inner.state.tell((self.0.time.now)());
        inner
    }
}

impl fmt::Debug for Simulator {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Simulator")
    }
}
