//! What was asked of the simulator: a bounded list of requests, counters that never forget, and requests that a
//! correct client never makes.

use std::collections::{BTreeMap, VecDeque};

use jiff::Timestamp;
use serde::Serialize;

/// How many requests are remembered one by one.
const REMEMBERED: usize = 10_000;
/// How many unexpected requests are remembered; the first ones tell most.
const UNEXPECTED: usize = 1_000;

/// A request and how it ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct RequestRecord {
    /// When it was answered.
    pub at: Timestamp,
    /// The HTTP method.
    pub method: String,
    /// The path with its query.
    pub path: String,
    /// The status, or none if the connection was broken.
    pub status: Option<u16>,
    /// Bytes of the request's body.
    pub request_bytes: usize,
    /// Bytes of the answer's body.
    pub response_bytes: usize,
    /// The fault that struck, if any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fault: Option<&'static str>,
}

/// A request that a correct client never makes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Unexpected {
    /// The HTTP method.
    pub method: String,
    /// The path with its query.
    pub path: String,
    /// What was wrong, in English.
    pub why: String,
}

/// How often a route was asked with one class of result.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Count {
    /// The HTTP method.
    pub method: String,
    /// The path without ids: `/v1/company/{company}/client/{id}`.
    pub route: String,
    /// `2xx`, `4xx`, `5xx`, or `broken`.
    pub class: String,
    /// How often.
    pub count: u64,
}

/// How often each route was asked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Counters(Vec<Count>);

impl Counters {
    /// All of them, by method, route and class.
    pub fn all(&self) -> &[Count] {
        &self.0
    }

    /// How often a route was asked, whatever came of it.
    pub fn of(&self, method: &str, route: &str) -> u64 {
        self.sum(|count| count.method == method && count.route == route)
    }

    /// How many requests would change something: all but GET and HEAD.
    pub fn writes(&self) -> u64 {
        self.sum(|count| count.method != "GET" && count.method != "HEAD")
    }

    /// How many requests there were.
    pub fn total(&self) -> u64 {
        self.sum(|_| true)
    }

    fn sum(&self, which: impl Fn(&Count) -> bool) -> u64 {
        self.0.iter().filter(|count| which(count)).map(|count| count.count).sum()
    }
}

/// The record of all requests.
#[derive(Debug, Default)]
pub(crate) struct Traffic {
    requests: VecDeque<RequestRecord>,
    counts: BTreeMap<(String, String, String), u64>,
    unexpected: Vec<Unexpected>,
}

impl Traffic {
    /// Notes a request and how it ended.
    pub(crate) fn note(&mut self, request: RequestRecord) {
        let class = request.status.map_or("broken".to_owned(), |status| format!("{}xx", status / 100));
        let key = (request.method.clone(), route(&request.path), class);
        *self.counts.entry(key).or_default() += 1;
        if self.requests.len() == REMEMBERED {
            self.requests.pop_front();
        }
        self.requests.push_back(request);
    }

    /// Notes a request that a correct client never makes.
    pub(crate) fn note_unexpected(&mut self, method: &str, path: &str, why: String) {
        if self.unexpected.len() < UNEXPECTED {
            self.unexpected.push(Unexpected { method: method.to_owned(), path: path.to_owned(), why });
        }
    }

    /// The remembered requests, oldest first.
    pub(crate) fn requests(&self) -> Vec<RequestRecord> {
        self.requests.iter().cloned().collect()
    }

    /// The counters.
    pub(crate) fn counters(&self) -> Counters {
        let count = |((method, route, class), count): (&(String, String, String), &u64)| Count {
            method: method.clone(),
            route: route.clone(),
            class: class.clone(),
            count: *count,
        };
        Counters(self.counts.iter().map(count).collect())
    }

    /// The unexpected requests, oldest first.
    pub(crate) fn unexpected(&self) -> Vec<Unexpected> {
        self.unexpected.clone()
    }
}

/// The path without what differs from record to record.
fn route(path: &str) -> String {
    let path = path.split('?').next().unwrap_or_default();
    let mut before = "";
    let mut names = Vec::new();
    for segment in path.trim_end_matches('/').split('/') {
        names.push(match before {
            "company" => "{company}",
            "foreign-id" => "{foreign-id}",
            _ if !segment.is_empty() && segment.bytes().all(|byte| byte.is_ascii_digit()) => "{id}",
            _ => segment,
        });
        before = segment;
    }
    names.join("/")
}
