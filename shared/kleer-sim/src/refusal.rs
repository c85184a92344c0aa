//! Why a request is refused, and how Kleer says so: a status and Swedish prose (contract kleer-api §2, Errors).

use std::fmt;

use crate::Switches;

/// Why a request is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// No `X-Token`: 401.
    TokenMissing,
    /// A token that no company knows: 401.
    TokenUnknown,
    /// A token of another company: 403 unless switched.
    WrongCompany,
    /// A token whose user lacks the right: 403.
    RightMissing,
    /// No such record, named in Swedish: 404.
    NotFound(String),
    /// No such path: 404.
    PathUnknown,
    /// The path exists, the method does not: 405.
    MethodUnknown,
    /// The body is not a JSON object, or is not declared as JSON: 400 unless switched.
    Malformed(String),
    /// An element is missing or of the wrong type: 500 *Tekniskt fel* unless switched. The text says which; the real
    /// service keeps it to itself, and so do we: only `/_sim/unexpected` has it.
    Invalid(String),
    /// A rule of the business says no: 500 with a class name unless switched.
    Business {
        /// The Java exception, such as `UserDoesNotExistException`.
        class: &'static str,
        /// Swedish prose.
        message: String,
    },
    /// The journal could not be written, so the change must not be answered as done: 500.
    JournalFailed(String),
}

impl Refusal {
    /// The HTTP status.
    pub fn status(&self, switches: &Switches) -> u16 {
        match self {
            Refusal::TokenMissing | Refusal::TokenUnknown => 401,
            Refusal::WrongCompany => switches.wrong_company,
            Refusal::RightMissing => 403,
            Refusal::NotFound(_) | Refusal::PathUnknown => 404,
            Refusal::MethodUnknown => 405,
            Refusal::Malformed(_) => switches.malformed_body,
            Refusal::Invalid(_) => switches.missing_mandatory,
            Refusal::Business { .. } => switches.business_error,
            Refusal::JournalFailed(_) => 500,
        }
    }

    /// The `message` of the answer.
    pub fn message(&self) -> String {
        match self {
            Refusal::TokenMissing => "API-nyckel saknas".to_owned(),
            Refusal::TokenUnknown => "Ogiltig API-nyckel".to_owned(),
            Refusal::WrongCompany => "API-nyckeln gäller inte för företaget".to_owned(),
            Refusal::RightMissing => "Behörighet saknas".to_owned(),
            Refusal::NotFound(what) => format!("{what} finns inte"),
            Refusal::PathUnknown => "Sidan finns inte".to_owned(),
            Refusal::MethodUnknown => "Metoden stöds inte".to_owned(),
            Refusal::Malformed(_) => "Felaktigt anrop".to_owned(),
            Refusal::Invalid(_) | Refusal::JournalFailed(_) => "Tekniskt fel".to_owned(),
            Refusal::Business { class, message } => format!("{class}: {message}"),
        }
    }

    /// Whether a correct client would never get this answer, whatever users do in Kleer meanwhile.
    pub(crate) fn is_unexpected(&self) -> bool {
        matches!(
            self,
            Refusal::PathUnknown
                | Refusal::MethodUnknown
                | Refusal::Malformed(_)
                | Refusal::Invalid(_)
                | Refusal::JournalFailed(_)
        )
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refusal::Malformed(why) | Refusal::Invalid(why) | Refusal::JournalFailed(why) => formatter.write_str(why),
            Refusal::PathUnknown => formatter.write_str("no such path"),
            Refusal::MethodUnknown => formatter.write_str("no such method on this path"),
            other => formatter.write_str(&other.message()),
        }
    }
}
