//! The one decision to send a request again. Pure: the caller waits.

use std::time::Duration;

use http::HeaderMap;
use serde::Deserialize;

use crate::request::Idempotence;

/// How often a request is sent at most.
const ATTEMPTS: u32 = 4;
/// No single pause is longer: beyond it, the queue does the waiting.
const LONGEST_PAUSE: Duration = Duration::from_secs(15);
/// All pauses of one request together, about.
const LONGEST_WAIT: Duration = Duration::from_secs(25);
/// HubSpot's lock after too many writes lasts this long (contract hubspot-crm §8).
const LOCKED: Duration = Duration::from_secs(2);

/// What came of one attempt.
#[derive(Clone, Copy, Debug)]
pub enum Attempted<'a> {
    /// The service answered, whatever it said.
    Answered {
        /// The HTTP status.
        status: u16,
        /// The headers.
        headers: &'a HeaderMap,
        /// The body.
        body: &'a [u8],
    },
    /// Connection refused, no such host: the service saw nothing.
    NotSent,
    /// Timeout, reset or a truncated answer: it may have been done.
    NoAnswer,
}

/// Whether to send a request again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retry {
    /// It succeeded, or another attempt now would not help or could do harm.
    Stop,
    /// Send it again after this pause.
    After(Duration),
}

/// Decides whether to send a request again, after its `attempt`-th time (from 1).
///
/// The rules are contract hubspot-crm §8-9 and kleer-api §2 ("Retry policy"): what was refused unread (429, 423, no
/// connection) may be repeated by anyone; what may have been done (5xx, no answer) only by reads and repeatable
/// requests; what would need a long pause by nobody, since that is the queue's.
pub fn decide(idempotence: Idempotence, attempt: u32, attempted: &Attempted<'_>) -> Retry {
    if attempt >= ATTEMPTS {
        return Retry::Stop;
    }
    let once = idempotence == Idempotence::Once;
    match *attempted {
        Attempted::NotSent => after(growing(Duration::from_millis(500), attempt)),
        Attempted::NoAnswer if once => Retry::Stop,
        Attempted::NoAnswer => after(growing(Duration::from_millis(500), attempt)),
        Attempted::Answered { status, headers, body } => match status {
            429 => limited(attempt, headers, body),
            423 => repeated(retry_after_header(headers).unwrap_or(LOCKED), attempt),
            408 | 500.. if once => Retry::Stop,
            503 if retry_after_header(headers).is_some() => {
                retry_after_header(headers).map_or(Retry::Stop, |pause| repeated(pause, attempt))
            }
            // The service behind the edge is away, which a moment cures more often than an instant.
            502..=504 | 521..=526 => after(growing(Duration::from_secs(2), attempt)),
            408 | 500.. => after(growing(Duration::from_millis(500), attempt)),
            _ => Retry::Stop,
        },
    }
}

/// The shortest pause that makes sense after an answer: what the service asked for, else what its limits imply.
pub(crate) fn retry_after(status: u16, headers: &HeaderMap, body: &[u8]) -> Option<Duration> {
    retry_after_header(headers).or_else(|| match status {
        429 => limit(body).pause(),
        423 => Some(LOCKED),
        _ => None,
    })
}

/// Whether a 429 body says that the day's requests are used up.
pub(crate) fn is_daily(body: &[u8]) -> bool {
    limit(body) == Limit::Daily
}

fn limited(attempt: u32, headers: &HeaderMap, body: &[u8]) -> Retry {
    match retry_after_header(headers).or_else(|| limit(body).pause()) {
        Some(pause) => repeated(pause, attempt),
        None => Retry::Stop,
    }
}

fn after(pause: Duration) -> Retry {
    Retry::After(pause)
}

/// The same pause each time, as often as the longest wait allows.
fn repeated(pause: Duration, attempt: u32) -> Retry {
    if pause <= LONGEST_PAUSE && pause * attempt <= LONGEST_WAIT { Retry::After(pause) } else { Retry::Stop }
}

/// Twice as long each time.
fn growing(first: Duration, attempt: u32) -> Duration {
    first * 2u32.pow(attempt.saturating_sub(1))
}

/// Seconds only: neither service was seen to use the form with a date.
fn retry_after_header(headers: &HeaderMap) -> Option<Duration> {
    let seconds = headers.get(http::header::RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()?;
    Some(Duration::from_secs(seconds))
}

/// Which of HubSpot's limits a 429 speaks of (contract hubspot-crm §8, the bodies there).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Limit {
    Secondly,
    TenSecondly,
    Daily,
    /// Kleer's, should it have one, or a body nobody has seen yet.
    Unknown,
}

impl Limit {
    fn pause(self) -> Option<Duration> {
        match self {
            Limit::Secondly => Some(Duration::from_secs(1)),
            Limit::TenSecondly | Limit::Unknown => Some(Duration::from_secs(10)),
            Limit::Daily => None,
        }
    }
}

/// Both shapes: `policyName` where it is given, else the words of the message.
fn limit(body: &[u8]) -> Limit {
    #[derive(Deserialize, Default)]
    #[serde(default, rename_all = "camelCase")]
    struct Refusal {
        policy_name: Option<String>,
        message: Option<String>,
    }
    let refusal: Refusal = serde_json::from_slice(body).unwrap_or_default();
    let words = refusal.policy_name.or(refusal.message).unwrap_or_default().to_ascii_lowercase();
    // The longer name first: it contains the shorter one.
    if words.contains("ten_secondly") {
        Limit::TenSecondly
    } else if words.contains("secondly") {
        Limit::Secondly
    } else if words.contains("daily") {
        Limit::Daily
    } else {
        Limit::Unknown
    }
}

#[cfg(test)]
mod tests;
