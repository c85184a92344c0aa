//! What can go wrong with a request, in one type.

use std::time::Duration;

use crate::retry;

/// Whose fault a failure is, and whether to try again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// It may work later; not before `retry_after`, where the service or its rules said so.
    Transient {
        /// The shortest pause that makes sense.
        retry_after: Option<Duration>,
    },
    /// The credentials are not accepted, or do not reach this far (401, 403).
    Denied,
    /// There is no such thing (404, 410).
    Missing,
    /// The service understood and refused; the same again will be refused again.
    Rejected,
    /// The service answered something that cannot be read.
    Malformed,
}

/// What happened, one level below [`ErrorKind`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The service answered with a status other than 2xx.
    Status,
    /// No answer in the time allowed.
    Timeout,
    /// No connection: nothing was sent.
    Connect,
    /// The connection broke before an answer came.
    Reset,
    /// The answer ended before its end.
    Truncated,
    /// The answer is larger than we read.
    TooLarge,
    /// The answer is not the JSON that was promised.
    NotJson,
    /// The answer is XML, HTML or a redirect instead of JSON.
    Representation,
    /// The request could not be put into HTTP: a header or a path with characters that are not allowed.
    Unsendable,
}

/// A request that did not succeed, after all attempts.
///
/// Made by [`Client::send`](crate::Client::send) and [`Answer::json`](crate::Answer::json). The adapters read `body`
/// for the service's own words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.sentence())]
pub struct Error {
    /// The client's name for the service, for example `kleer`.
    pub service: &'static str,
    /// The verb.
    pub method: String,
    /// The path below the base URL, without query.
    pub path: String,
    /// The status of the last answer, if one came.
    pub status: Option<u16>,
    /// Whose fault it is and whether to try again.
    pub kind: ErrorKind,
    /// What the service said, or what is wrong with it: redacted, and cut after 2,000 characters. JSON, which the
    /// adapters read on, is kept whole up to 20,000.
    pub body: String,
    /// What happened.
    pub reason: Reason,
    /// Whether the service may have done what was asked. Never for reads.
    pub sent: bool,
}

impl Error {
    /// Whose fault it is and whether to try again.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// Whether every other request of the same account would fail likewise now: 401, 403, 477 (the account is being
    /// moved) and the daily limit (contract hubspot-crm §8, §9). At Kleer a 403 may concern one kind of record only
    /// (contract kleer-api §2), and a caller that knows better asks for `status`.
    pub fn is_account_wide(&self) -> bool {
        match self.status {
            Some(401 | 403 | 477) => true,
            Some(429) => retry::is_daily(self.body.as_bytes()),
            _ => false,
        }
    }

    /// Whether a change was asked for and nobody knows if it was made: look before trying again.
    pub fn outcome_unknown(&self) -> bool {
        self.sent && matches!(self.kind, ErrorKind::Transient { .. } | ErrorKind::Malformed)
    }

    /// The shortest pause before another try, where the service or its rules said so.
    pub fn retry_after(&self) -> Option<Duration> {
        match self.kind {
            ErrorKind::Transient { retry_after } => retry_after,
            _ => None,
        }
    }

    fn sentence(&self) -> String {
        let Error { service, method, path, .. } = self;
        let status = self.status.unwrap_or_default();
        let what = match self.reason {
            Reason::Status => format!("answered {status}"),
            Reason::Timeout => "gave no answer in time".to_owned(),
            Reason::Connect => "could not be reached".to_owned(),
            Reason::Reset => "broke the connection before answering".to_owned(),
            Reason::Truncated => "broke off in the middle of its answer".to_owned(),
            Reason::TooLarge => "answered more than can be read".to_owned(),
            Reason::NotJson => format!("answered {status} with something unexpected"),
            Reason::Representation => format!("answered {status} in the wrong form"),
            Reason::Unsendable => "was not asked, because the request cannot be written as HTTP".to_owned(),
        };
        let said = brief(&self.body);
        let colon = if said.is_empty() { "" } else { ": " };
        format!("{service}, asked {method} {path}, {what}{colon}{said}")
    }
}

/// The kind for a status other than 2xx, before anything is known about pauses.
pub(crate) fn kind_of(status: u16, retry_after: Option<Duration>) -> ErrorKind {
    match status {
        401 | 403 => ErrorKind::Denied,
        404 | 410 => ErrorKind::Missing,
        408 | 423 | 429 | 477 | 500.. => ErrorKind::Transient { retry_after },
        400..=499 => ErrorKind::Rejected,
        _ => ErrorKind::Malformed,
    }
}

/// The first words of a body, on one line.
fn brief(body: &str) -> String {
    const CHARACTERS: usize = 300;
    let line = body.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(CHARACTERS) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

#[cfg(test)]
mod tests;
