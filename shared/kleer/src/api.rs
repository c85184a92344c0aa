//! The handle to one company, and the few ways of asking that the resources share.

use std::sync::Arc;
use std::time::Duration;

use rest::{Answer, Budget, Calls, Client, Clock, Error, InFlight, Request, Transport};
use secrecy::SecretString;
use serde_json::Value;

use crate::error::repeated;
use crate::json::{Document, id_in};
use crate::listing::Listing;
use crate::paths;

/// Where Kleer is (contract kleer-api §1). `https://test-api.kleer.se/v1` is its separate test world.
pub const BASE_URL: &str = "https://api.kleer.se/v1";
/// How many requests a second one company's key may make: our own manners, Kleer names no limit (contract kleer-api
/// §4).
pub const PER_SECOND: u32 = 4;
/// How many of them may start at the same moment.
pub const BURST: u32 = 1;
/// How many may be under way at once.
pub const IN_FLIGHT: InFlight = InFlight { start: 2, max: 2 };
/// How long one attempt may take: Kleer is slow (contract kleer-api §4, "latency").
const TIMEOUT: Duration = Duration::from_secs(60);

/// A handle to one Kleer company. Clones are cheap.
#[derive(Clone, Debug)]
pub struct Api {
    client: Client,
    company: i64,
}

impl Api {
    /// A handle over a client that already has the key and the headers.
    pub fn new(client: Client, company: i64) -> Api {
        Api { client, company }
    }

    /// A handle with a key. Both content headers go with every request, reads included: `Content-Type` is what makes
    /// Kleer answer in JSON (contract kleer-api §3).
    pub fn connect(
        base_url: &str,
        transport: Transport,
        clock: Clock,
        company: i64,
        key: SecretString,
        budget: Budget,
        calls: Arc<Calls>,
    ) -> Api {
        let client = Client::new("kleer", base_url, transport, clock)
            .secret_header("x-token", key)
            .header("content-type", "application/json")
            .header("accept", "application/json")
            .budget("kleer", budget)
            .calls(calls);
        Api::new(client, company)
    }

    /// The id of the company, unique in Kleer.
    pub fn company(&self) -> i64 {
        self.company
    }

    /// Reads a list that is not paged.
    pub(crate) async fn list(&self, path: &str, key: &str, kind: &'static str) -> Result<Listing, Error> {
        Listing::read(&self.ask(self.reading(path, kind)).await?, key)
    }

    /// Reads one record, which must have an id.
    pub(crate) async fn get_record(&self, path: &str, kind: &'static str) -> Result<Document, Error> {
        record_in(&self.ask(self.reading(path, kind)).await?)
    }

    /// Reads one document that need not have an id.
    pub(crate) async fn get_document(&self, path: &str, kind: &'static str) -> Result<Document, Error> {
        self.ask(self.reading(path, kind)).await?.json()
    }

    /// Creates a record with one `PUT`, never repeated, and answers its id if Kleer said it. `before` is done in the last moment
    /// before it goes out.
    pub(crate) async fn put<E>(
        &self,
        path: &str,
        record: &Document,
        kind: &'static str,
        before: impl Future<Output = Result<(), E>>,
    ) -> Result<Result<Option<i64>, Error>, E> {
        let request = self.request(Request::put(self.path(path)), kind).json(record);
        let answer = self.client.send_after(request, before).await?;
        Ok(answer.and_then(|answer| id_of_answer(&answer)))
    }

    /// Saves a whole record with a `POST`, and once more if nobody knows what became of it: the same document twice
    /// is as good as once (contract kleer-api §2). Not for agreements, where each save makes a revision.
    pub(crate) async fn update(&self, path: &str, record: &Document, kind: &'static str) -> Result<(), Error> {
        // Sent as `Once`, because a longer row of repetitions would only repeat a business error.
        let request = self.saving(path, record, kind);
        match self.save(request.clone()).await {
            Err(first) if first.outcome_unknown() => {
                self.save(request).await.map_err(|second| repeated(&first, second))
            }
            outcome => outcome,
        }
    }

    async fn save(&self, request: Request) -> Result<(), Error> {
        id_of_answer(&self.ask(request).await?).map(drop)
    }

    /// A read, to which a query may be added.
    pub(crate) fn reading(&self, path: &str, kind: &'static str) -> Request {
        self.request(Request::get(self.path(path)), kind)
    }

    /// A save, never repeated by itself.
    pub(crate) fn saving(&self, path: &str, record: &Document, kind: &'static str) -> Request {
        self.request(Request::post(self.path(path)), kind).json(record)
    }

    /// Sends a request as it is.
    pub(crate) async fn ask(&self, request: Request) -> Result<Answer, Error> {
        self.client.send(request).await
    }

    fn path(&self, path: &str) -> String {
        paths::of(self.company, path)
    }

    fn request(&self, request: Request, kind: &'static str) -> Request {
        request.kind(kind).budget("kleer").timeout(TIMEOUT)
    }
}

/// The record in an answer, which must have an id.
pub(crate) fn record_in(answer: &Answer) -> Result<Document, Error> {
    let document: Document = answer.json()?;
    document.id().map_err(|error| answer.malformed(error))?;
    Ok(document)
}

/// The id in the answer to a create or a save: `{"id":n}`, a bare number, a numeric string; or nothing, since the
/// schema lets it be left out (contract kleer-api §3, "Verbs").
fn id_of_answer(answer: &Answer) -> Result<Option<i64>, Error> {
    if answer.body.trim_ascii().is_empty() {
        return Ok(None);
    }
    let value: Value = answer.json()?;
    match id_in(&value) {
        Ok(id) => Ok(id),
        Err(()) => Err(answer.malformed("an id was expected")),
    }
}

#[cfg(test)]
mod tests;
