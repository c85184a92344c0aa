//! A request as a value.

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use http::Method;
use serde::Serialize;

/// How long one attempt may take unless the request says otherwise. Kleer is slow (contract kleer-api §4, "latency").
const TIMEOUT: Duration = Duration::from_secs(60);

/// What to send, and how often that may be done.
///
/// Made by the adapters (`kleer`, `hubspot`), sent by [`Client`](crate::Client).
#[derive(Clone, Debug)]
pub struct Request {
    /// The verb.
    pub method: Method,
    /// What comes after the client's base URL, with a leading slash, percent-encoded where needed.
    pub path: String,
    /// Parameters, not yet encoded; their values stay out of logs and errors.
    pub query: Vec<(String, String)>,
    /// What is sent along.
    pub body: Body,
    /// Whether it may be sent again when nobody knows if it was done.
    pub idempotence: Idempotence,
    /// What it counts as in [`Calls`](crate::Calls), for example `list_clients`.
    pub kind: &'static str,
    /// The name of the budget it draws on; `""` is the client's first one, if any.
    pub budget: &'static str,
    /// How long one attempt may take, the reading of its answer included.
    pub timeout: Duration,
}

/// What is sent along with a request. `Debug` shows sizes and names, never values.
#[derive(Clone)]
pub enum Body {
    /// Nothing.
    Empty,
    /// JSON text.
    Json(Bytes),
    /// `application/x-www-form-urlencoded` text, as OAuth wants it.
    Form(String),
}

/// Whether a request may be sent again after an unknown outcome (a timeout, a reset, a 5xx).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Idempotence {
    /// It changes nothing: send it again as needed.
    Read,
    /// Doing it twice is as good as once.
    Repeatable,
    /// Never resent after an unknown outcome: a create.
    Once,
}

impl Request {
    /// A `GET`, which only reads.
    pub fn get(path: impl Into<String>) -> Self {
        Self::new(Method::GET, path, Idempotence::Read)
    }

    /// A `POST`, sent at most once unless said otherwise.
    pub fn post(path: impl Into<String>) -> Self {
        Self::new(Method::POST, path, Idempotence::Once)
    }

    /// A `PUT`, sent at most once unless said otherwise: at Kleer it is the create (contract kleer-api §3, "Verbs").
    pub fn put(path: impl Into<String>) -> Self {
        Self::new(Method::PUT, path, Idempotence::Once)
    }

    /// A `PATCH`, sent at most once unless said otherwise.
    pub fn patch(path: impl Into<String>) -> Self {
        Self::new(Method::PATCH, path, Idempotence::Once)
    }

    /// A `DELETE`, which may be repeated.
    pub fn delete(path: impl Into<String>) -> Self {
        Self::new(Method::DELETE, path, Idempotence::Repeatable)
    }

    fn new(method: Method, path: impl Into<String>, idempotence: Idempotence) -> Self {
        let (path, query, body) = (path.into(), Vec::new(), Body::Empty);
        Self { method, path, query, body, idempotence, kind: "other", budget: "", timeout: TIMEOUT }
    }

    /// Adds a query parameter; the same name may come several times.
    #[expect(clippy::needless_pass_by_value, reason = "callers write numbers and literals")]
    pub fn query(mut self, name: &str, value: impl ToString) -> Self {
        self.query.push((name.to_owned(), value.to_string()));
        self
    }

    /// Sends a value as JSON.
    ///
    /// # Panics
    /// If the value cannot be JSON at all (a map whose keys are not text): a mistake in our own types.
    pub fn json(mut self, value: &impl Serialize) -> Self {
        self.body = Body::Json(serde_json::to_vec(value).expect("our own types have text keys").into());
        self
    }

    /// Sends a form.
    pub fn form(mut self, fields: &[(&str, &str)]) -> Self {
        self.body = Body::Form(serde_urlencoded::to_string(fields).expect("pairs of text are a form"));
        self
    }

    /// Declares that doing it twice is as good as once.
    pub fn repeatable(mut self) -> Self {
        self.idempotence = Idempotence::Repeatable;
        self
    }

    /// Declares that it changes nothing (a search by `POST`).
    pub fn read(mut self) -> Self {
        self.idempotence = Idempotence::Read;
        self
    }

    /// Names what it counts as.
    pub fn kind(mut self, kind: &'static str) -> Self {
        self.kind = kind;
        self
    }

    /// Names the budget it draws on.
    pub fn budget(mut self, budget: &'static str) -> Self {
        self.budget = budget;
        self
    }

    /// Sets how long one attempt may take.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }
}

impl Body {
    /// The header that says what it is, and its bytes.
    pub(crate) fn parts(&self) -> (Option<&'static str>, Bytes) {
        match self {
            Body::Empty => (None, Bytes::new()),
            Body::Json(text) => (Some("application/json"), text.clone()),
            Body::Form(text) => (Some("application/x-www-form-urlencoded"), Bytes::copy_from_slice(text.as_bytes())),
        }
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Body::Empty => f.write_str("Empty"),
            Body::Json(text) => write!(f, "Json({} bytes)", text.len()),
            Body::Form(text) => {
                let names = text.split('&').map(|pair| pair.split('=').next().unwrap_or_default());
                f.write_str("Form(")?;
                f.write_str(&names.collect::<Vec<_>>().join(", "))?;
                f.write_str(")")
            }
        }
    }
}
