//! Every request is written down: a bounded ring of lines, counters, and what a correct client would never send.

use std::collections::{BTreeMap, VecDeque};

use jiff::Timestamp;
use serde::Serialize;

const LINES_KEPT: usize = 10_000;
const UNEXPECTED_KEPT: usize = 1_000;

/// Requests by `"METHOD route-template NNN-class"`, for instance `"POST /crm/objects/{v}/{type}/batch/upsert 2xx"`.
pub type Counters = BTreeMap<String, u64>;

/// One request as it was answered.
#[derive(Clone, Debug, Serialize)]
pub struct RequestLine {
    /// When it arrived.
    pub at: Timestamp,
    /// HTTP method.
    pub method: String,
    /// Path and query.
    pub path: String,
    /// Status of the answer, or 0 when the connection broke.
    pub status: u16,
    /// Length of the request's body.
    pub bytes_in: usize,
    /// Length of the answer's body.
    pub bytes_out: usize,
}

/// The log itself; not part of the kept state.
#[derive(Default)]
pub(crate) struct Log {
    lines: VecDeque<RequestLine>,
    counters: Counters,
    unexpected: VecDeque<String>,
}

impl Log {
    /// Writes a request down under its route's template.
    pub(crate) fn note(&mut self, line: RequestLine, template: &str) {
        let class = match line.status {
            0 => "broken".to_owned(),
            status => format!("{}xx", status / 100),
        };
        *self.counters.entry(format!("{} {template} {class}", line.method)).or_default() += 1;
        if self.lines.len() == LINES_KEPT {
            self.lines.pop_front();
        }
        self.lines.push_back(line);
    }

    /// Writes down something a correct client would never send.
    pub(crate) fn unexpected(&mut self, what: String) {
        if self.unexpected.len() == UNEXPECTED_KEPT {
            self.unexpected.pop_front();
        }
        self.unexpected.push_back(what);
    }

    pub(crate) fn lines(&self) -> Vec<RequestLine> {
        self.lines.iter().cloned().collect()
    }

    pub(crate) fn counters(&self) -> Counters {
        self.counters.clone()
    }

    pub(crate) fn unexpected_list(&self) -> Vec<String> {
        self.unexpected.iter().cloned().collect()
    }

    /// Forgets lines, counters and the unexpected.
    pub(crate) fn clear(&mut self) {
        *self = Log::default();
    }
}
