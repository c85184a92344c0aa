//! Listens to what the product says to both services: for the digest of a run, and for what was written when.

use std::hash::{DefaultHasher, Hash, Hasher as _};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use futures::FutureExt as _;
use jiff::Timestamp;
use rest::{Clock, Failure, Handler, Transport};

use crate::machine::Transports;

/// Something that the product asked one of the services to change.
#[derive(Debug, Clone)]
pub(super) struct Write {
    /// When it was answered.
    pub(super) at: Timestamp,
    /// `PUT`, `POST`, `PATCH`, `DELETE`.
    pub(super) method: String,
    /// Path without query.
    pub(super) path: String,
    /// The status, 0 where no answer came.
    pub(super) status: u16,
    /// What was sent.
    pub(super) body: Bytes,
}

/// What was heard. Clones hear the same.
#[derive(Clone, Default)]
pub(super) struct Tap(Arc<Mutex<Heard>>);

/// Done once when a page of invoices was read: what happens in Kleer between two pages.
type Mischief = Box<dyn FnOnce() + Send>;

#[derive(Default)]
struct Heard {
    digest: DefaultHasher,
    requests: u64,
    kleer: Vec<Write>,
    hubspot: Vec<Write>,
    mischief: Vec<Mischief>,
}

impl Tap {
    /// The same transports, listened to.
    pub(super) fn over(&self, transports: Transports, clock: &Clock) -> Transports {
        let Transports { kleer, hubspot } = transports;
        Transports { kleer: self.one(kleer, true, clock), hubspot: self.one(hubspot, false, clock) }
    }

    fn one(&self, transport: Transport, is_kleer: bool, clock: &Clock) -> Transport {
        let Transport::InProcess(handler) = transport else { return transport };
        let (tap, clock) = (self.clone(), clock.clone());
        let listening: Handler = Arc::new(move |request: http::Request<Bytes>| {
            let (tap, clock, handler) = (tap.clone(), clock.clone(), handler.clone());
            async move {
                let (method, path) = (request.method().to_string(), request.uri().path().to_owned());
                let query = request.uri().query().unwrap_or_default().to_owned();
                let body = request.body().clone();
                (is_kleer, clock.now(), &method, &path, &query, &body[..]).hash(&mut tap.heard().digest);
                tracing::debug!(at = %clock.now(), method, path, query, body = %String::from_utf8_lossy(&body), "asked");
                let answer = handler(request).await;
                let status = answer.as_ref().map_or(0, |answer| answer.status().as_u16());
                let write = Write { at: clock.now(), method, path, status, body };
                tap.hear(is_kleer, write, &answer, &query);
                answer
            }
            .boxed()
        });
        Transport::in_process(listening)
    }

    fn hear(&self, is_kleer: bool, write: Write, answer: &Result<http::Response<Bytes>, Failure>, query: &str) {
        let mischief = {
            let mut heard = self.heard();
            heard.requests += 1;
            (write.status, answer.as_ref().map_or(0, |answer| answer.body().len())).hash(&mut heard.digest);
            let paged = is_kleer && query.contains("offset=");
            if is_kleer && write.method != "GET" {
                heard.kleer.push(write);
            } else if !is_kleer && is_write(&write) {
                heard.hubspot.push(write);
            }
            if paged { heard.mischief.pop() } else { None }
        };
        // Outside the lock: it asks the simulator.
        if let Some(mischief) = mischief {
            mischief();
        }
    }

    /// Between the next two pages of invoices, this happens.
    pub(super) fn between_pages(&self, mischief: impl FnOnce() + Send + 'static) {
        self.heard().mischief.push(Box::new(mischief));
    }

    /// Nothing happens between pages any more.
    pub(super) fn calm(&self) {
        self.heard().mischief.clear();
    }

    /// A number for everything that was asked and answered, in order and with the moments.
    pub(super) fn digest(&self) -> u64 {
        self.heard().digest.finish()
    }

    /// How many requests there were.
    pub(super) fn requests(&self) -> u64 {
        self.heard().requests
    }

    /// What the product tried to write to Kleer.
    pub(super) fn kleer_writes(&self) -> Vec<Write> {
        self.heard().kleer.clone()
    }

    /// What it tried to write to HubSpot.
    pub(super) fn hubspot_writes(&self) -> Vec<Write> {
        self.heard().hubspot.clone()
    }

    fn heard(&self) -> MutexGuard<'_, Heard> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether a call to HubSpot may change something: reading batches and searching are POSTs as well, and tokens are no records.
fn is_write(write: &Write) -> bool {
    let reads = ["/batch/read", "/search", "/oauth/", "/introspect"];
    write.method != "GET" && !reads.iter().any(|part| write.path.contains(part))
}
