//! Sending requests, with everything around it.

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use http::{HeaderMap, Uri};
use secrecy::{ExposeSecret, SecretString};
use tracing::debug;

use crate::answer::{Answer, Origin};
use crate::budget::{Budget, Permit};
use crate::calls::Calls;
use crate::clock::{Clock, Elapsed};
use crate::error::{Error, ErrorKind, Reason, kind_of};
use crate::redact::Redactor;
use crate::request::{Idempotence, Request};
use crate::retry::{Attempted, Retry, decide, retry_after};
use crate::transport::{Failure, Transport};

/// How much of a refusal an error keeps, in characters. JSON is kept longer, because the adapters read on in it.
const KEPT: usize = 2_000;
const KEPT_JSON: usize = 20_000;

/// A handle to one service on behalf of one account. Clones are cheap and share everything.
#[derive(Clone)]
pub struct Client(Arc<Inner>);

#[derive(Clone)]
struct Inner {
    service: &'static str,
    base_url: String,
    transport: Transport,
    clock: Clock,
    headers: HeaderMap,
    /// The first header that HTTP does not allow; every request then fails with its name.
    bad_header: Option<&'static str>,
    redactor: Redactor,
    budgets: Vec<(&'static str, Budget)>,
    calls: Arc<Calls>,
}

/// What came of one attempt: an answer with any status, or why there is none.
type Outcome = Result<Answer, Reason>;

impl Client {
    /// A client without headers and without pace. Trailing slashes of the base URL are dropped.
    pub fn new(service: &'static str, base_url: &str, transport: Transport, clock: Clock) -> Client {
        Client(Arc::new(Inner {
            service,
            base_url: base_url.trim().trim_end_matches('/').to_owned(),
            transport,
            clock,
            headers: HeaderMap::new(),
            bad_header: None,
            redactor: Redactor::default(),
            budgets: Vec::new(),
            calls: Arc::default(),
        }))
    }

    /// Adds a header to every request.
    pub fn header(self, name: &'static str, value: &str) -> Self {
        self.with_header(name, HeaderValue::from_str(value).ok())
    }

    /// Adds a header with a secret to every request. The secret is masked in every error from here on. For
    /// `Authorization: Bearer x` the token alone is masked as well.
    #[expect(clippy::needless_pass_by_value, reason = "the secret moves in, so that no copy stays outside")]
    pub fn secret_header(mut self, name: &'static str, value: SecretString) -> Self {
        let redactor = &mut Arc::make_mut(&mut self.0).redactor;
        if let Some((_, token)) = value.expose_secret().split_once(' ') {
            redactor.know(token.into());
        }
        redactor.know(value.clone());
        let mut header = HeaderValue::from_str(value.expose_secret()).ok();
        header.iter_mut().for_each(|header| header.set_sensitive(true));
        self.with_header(name, header)
    }

    /// Adds a budget. Requests name theirs; those that name none, or one that the client has not, draw on the first.
    pub fn budget(mut self, name: &'static str, budget: Budget) -> Self {
        Arc::make_mut(&mut self.0).budgets.push((name, budget));
        self
    }

    /// Counts every attempt here.
    pub fn calls(mut self, calls: Arc<Calls>) -> Self {
        Arc::make_mut(&mut self.0).calls = calls;
        self
    }

    fn with_header(mut self, name: &'static str, value: Option<HeaderValue>) -> Self {
        let inner = Arc::make_mut(&mut self.0);
        match (HeaderName::from_bytes(name.as_bytes()), value) {
            (Ok(key), Some(value)) => drop(inner.headers.insert(key, value)),
            _ => inner.bad_header = Some(name),
        }
        self
    }

    /// Sends a request, as often as [`decide`] says, at the pace of its budget.
    ///
    /// # Errors
    /// Everything but a 2xx answer, after the last attempt.
    pub async fn send(&self, request: Request) -> Result<Answer, Error> {
        self.send_with(request, None).await
    }

    /// The same, with something done in the last moment before the first attempt, when its turn in the budget has come: a note
    /// that from now on the request may have been carried out. It is not sent if `before` fails.
    ///
    /// # Errors
    /// That of `before`; inside it, that of [`Self::send`].
    pub async fn send_after<E>(
        &self,
        request: Request,
        before: impl Future<Output = Result<(), E>>,
    ) -> Result<Result<Answer, Error>, E> {
        let permit = self.admit(&request).await;
        before.await?;
        Ok(self.send_with(request, permit).await)
    }

    async fn send_with(&self, request: Request, mut permit: Option<Permit>) -> Result<Answer, Error> {
        let mut attempt = 1;
        // Stays true once an attempt may have been carried out, whatever became of later ones.
        let mut acted = false;
        loop {
            let outcome = self.attempt(&request, permit.take()).await?;
            acted |= request.idempotence != Idempotence::Read && may_have_acted(&outcome);
            let retry = match &outcome {
                Err(Reason::TooLarge) => Retry::Stop,
                outcome => decide(request.idempotence, attempt, &attempted(outcome)),
            };
            self.record(&request, attempt, &outcome, retry);
            match retry {
                Retry::Stop => return self.conclude(&request, outcome, acted),
                Retry::After(pause) => self.0.clock.sleep(pause).await,
            }
            attempt += 1;
        }
    }

    /// Waits for a request's turn in its budget, if it has one.
    async fn admit(&self, request: &Request) -> Option<Permit> {
        match self.budget_of(request) {
            Some(budget) => Some(budget.admit().await),
            None => None,
        }
    }

    /// One attempt, whose turn may have come already. The error is of a request that cannot be sent at all.
    async fn attempt(&self, request: &Request, permit: Option<Permit>) -> Result<Outcome, Error> {
        let wire = self.wire(request)?;
        let permit = match permit {
            Some(permit) => Some(permit),
            None => self.admit(request).await,
        };
        let outcome = match self.0.clock.timeout(request.timeout, self.0.transport.send(wire)).await {
            Ok(Ok(response)) => {
                let (parts, body) = response.into_parts();
                Ok(Answer::new(parts.status.as_u16(), parts.headers, body))
            }
            Ok(Err(Failure::NotSent)) => Err(Reason::Connect),
            Ok(Err(Failure::NoAnswer)) => Err(Reason::Reset),
            Ok(Err(Failure::Truncated)) => Err(Reason::Truncated),
            Ok(Err(Failure::TooLarge)) => Err(Reason::TooLarge),
            Err(Elapsed) => Err(Reason::Timeout),
        };
        settle(permit, &outcome);
        Ok(outcome)
    }

    fn budget_of(&self, request: &Request) -> Option<&Budget> {
        let budgets = &self.0.budgets;
        let named = budgets.iter().find(|(name, _)| *name == request.budget);
        named.or(budgets.first()).map(|(_, budget)| budget)
    }

    /// The request as HTTP.
    fn wire(&self, request: &Request) -> Result<http::Request<Bytes>, Error> {
        if let Some(name) = self.0.bad_header {
            let text = format!("the value of the header {name} has characters that are not allowed");
            return Err(self.error(request, ErrorKind::Denied, Reason::Unsendable, text));
        }
        let uri = self.uri(request).ok_or_else(|| {
            let text = "the base URL and the path make no URL".to_owned();
            self.error(request, ErrorKind::Rejected, Reason::Unsendable, text)
        })?;
        let (content_type, body) = request.body.parts();
        let mut wire = http::Request::new(body);
        *wire.method_mut() = request.method.clone();
        *wire.uri_mut() = uri;
        *wire.headers_mut() = self.0.headers.clone();
        if let Some(content_type) = content_type {
            wire.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
        }
        Ok(wire)
    }

    fn uri(&self, request: &Request) -> Option<Uri> {
        let mut url = format!("{}{}", self.0.base_url, request.path);
        if !request.query.is_empty() {
            url.push('?');
            url.push_str(&serde_urlencoded::to_string(&request.query).ok()?);
        }
        url.parse::<Uri>().ok().filter(|uri| uri.scheme().is_some())
    }

    /// What the caller gets: the answer, or the error it amounts to.
    fn conclude(&self, request: &Request, outcome: Outcome, acted: bool) -> Result<Answer, Error> {
        match outcome {
            Ok(answer) if (200..=299).contains(&answer.status) => Ok(answer.answering(Arc::new(Origin {
                service: self.0.service,
                method: request.method.to_string(),
                path: request.path.clone(),
                acted,
                redactor: self.0.redactor.clone(),
            }))),
            Ok(answer) => {
                let Answer { status, headers, body, .. } = &answer;
                let kind = kind_of(*status, retry_after(*status, headers, body));
                let reason = if *status < 400 { Reason::Representation } else { Reason::Status };
                let error = self.error(request, kind, reason, self.kept(body));
                Err(Error { status: Some(*status), sent: acted, ..error })
            }
            Err(reason) => {
                let too_large = reason == Reason::TooLarge;
                let transient = ErrorKind::Transient { retry_after: None };
                let kind = if too_large { ErrorKind::Malformed } else { transient };
                Err(Error { sent: acted, ..self.error(request, kind, reason, String::new()) })
            }
        }
    }

    fn error(&self, request: &Request, kind: ErrorKind, reason: Reason, body: String) -> Error {
        let (method, path) = (request.method.to_string(), request.path.clone());
        Error { service: self.0.service, method, path, status: None, kind, body, reason, sent: false }
    }

    /// What an error keeps of a body.
    fn kept(&self, body: &[u8]) -> String {
        // Cut twice: roughly before redacting, because a body may be huge; exactly after it, so that no secret is
        // halved.
        let rough = String::from_utf8_lossy(&body[..body.len().min(4 * KEPT_JSON)]);
        let text = self.0.redactor.redact(&rough);
        let kept = if text.trim_start().starts_with('{') { KEPT_JSON } else { KEPT };
        text.chars().take(kept).collect()
    }

    fn record(&self, request: &Request, attempt: u32, outcome: &Outcome, retry: Retry) {
        let status = outcome.as_ref().ok().map(|answer| answer.status);
        self.0.calls.count(self.0.service, request.kind, status);
        let pause_ms = match retry {
            Retry::After(pause) => Some(u64::try_from(pause.as_millis()).unwrap_or(u64::MAX)),
            Retry::Stop => None,
        };
        let failure = outcome.as_ref().err().map(tracing::field::debug);
        let (service, kind, path) = (self.0.service, request.kind, request.path.as_str());
        debug!(service, kind, method = %request.method, path, status, failure, attempt, pause_ms, "request");
    }
}

fn attempted(outcome: &Outcome) -> Attempted<'_> {
    match outcome {
        Ok(answer) => Attempted::Answered { status: answer.status, headers: &answer.headers, body: &answer.body },
        Err(Reason::Connect) => Attempted::NotSent,
        Err(_) => Attempted::NoAnswer,
    }
}

/// Whether the service may have done what was asked. Every 4xx is a refusal before the deed.
fn may_have_acted(outcome: &Outcome) -> bool {
    match outcome {
        Ok(answer) => answer.status < 300 || answer.status >= 500 || answer.status == 408,
        Err(reason) => *reason != Reason::Connect,
    }
}

/// Tells the budget how it went. What says nothing about the service's load is neutral.
fn settle(permit: Option<Permit>, outcome: &Outcome) {
    let Some(permit) = permit else { return };
    match outcome {
        Ok(answer) if answer.status == 423 || answer.status == 429 || answer.status >= 500 => permit.refused(),
        Ok(answer) if answer.status < 300 => permit.succeeded(),
        _ => drop(permit),
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let budgets: Vec<_> = self.0.budgets.iter().map(|(name, _)| name).collect();
        f.debug_struct("Client").field("service", &self.0.service).field("budgets", &budgets).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
