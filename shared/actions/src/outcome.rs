//! How an action ends.

use std::time::Duration;

use domain::KleerId;

use crate::code::ErrorCode;
use crate::definition::{Definition, ERROR_CODE, ERROR_FIELD, ERROR_MESSAGE, Input, NOTE, RESULT};

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    /// A record was made in Kleer.
    Created,
    /// The record was there already; nothing was done.
    Skipped,
    /// A record was changed in Kleer.
    Updated,
}

impl Deed {
    /// The word in outputs.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Skipped => "skipped",
            Self::Updated => "updated",
        }
    }
}

/// What was done, and to which record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done {
    /// What.
    pub deed: Deed,
    /// The record in Kleer.
    pub kleer_id: KleerId,
    /// What is worth knowing; empty if nothing.
    pub note: String,
}

/// What a person can mend.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// Which.
    pub code: ErrorCode,
    /// The input to blame, if one is.
    pub field: Option<&'static str>,
    /// What is wrong, with the value, and what to do.
    pub message: String,
    /// The record in Kleer, where it was made nevertheless.
    pub kleer_id: Option<KleerId>,
}

impl Failure {
    /// A failure that no input is to blame for.
    pub(crate) fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self { code, field: None, message: message.into(), kleer_id: None }
    }

    /// A failure with the text of its code.
    pub(crate) fn of(code: ErrorCode) -> Self {
        Self::new(code, code.text().en)
    }

    /// A failure of an input's value: the field, the value and the remedy.
    pub(crate) fn value(input: &Input, code: ErrorCode, value: &str, fault: &str, remedy: &str) -> Self {
        let message = format!("{}: {} {fault}. {remedy}", input.label.en, quoted(value));
        Self { field: Some(input.name), ..Self::new(code, message) }
    }
}

/// Why an action did not end well.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trouble {
    /// A person has to mend something; HubSpot goes on with the workflow.
    Failed(Failure),
    /// It may work later; HubSpot calls again.
    Later {
        /// Not before this has passed.
        after: Duration,
        /// Why, a sentence for logs.
        reason: String,
    },
    /// HubSpot does not accept the access token. It may have another one for us (see [`app::App::token_refused`]).
    Unauthorized(Box<rest::Error>),
}

impl From<Failure> for Trouble {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

impl From<store::Error> for Trouble {
    fn from(error: store::Error) -> Self {
        Self::later(SHORTLY, error)
    }
}

/// After a failure of our own store or queue.
pub(crate) const SHORTLY: Duration = Duration::from_secs(10);
/// After a failure of Kleer's or HubSpot's that says nothing about when.
const SOON: Duration = Duration::from_secs(30);

impl Trouble {
    /// It may work later.
    pub(crate) fn later(after: Duration, reason: impl ToString) -> Self {
        Self::Later { after, reason: reason.to_string() }
    }

    /// What a request to Kleer that failed means; one for a record that is not there is the caller's matter.
    pub(crate) fn kleer(error: &rest::Error) -> Self {
        let words = kleer::message(error);
        match error.kind {
            rest::ErrorKind::Denied => Failure::of(ErrorCode::KleerDenied).into(),
            rest::ErrorKind::Rejected | rest::ErrorKind::Missing => {
                let words = words.unwrap_or_else(|| error.to_string());
                Failure::new(ErrorCode::KleerRejected, format!("Kleer refused it: {}", sentence(&words))).into()
            }
            rest::ErrorKind::Transient { .. } | rest::ErrorKind::Malformed => {
                Self::later(error.retry_after().unwrap_or(SOON), error)
            }
        }
    }

    /// What a request to HubSpot that failed means.
    pub(crate) fn hubspot(error: &rest::Error) -> Self {
        match error.kind {
            rest::ErrorKind::Denied if error.status == Some(401) => Self::Unauthorized(Box::new(error.clone())),
            rest::ErrorKind::Denied | rest::ErrorKind::Rejected => {
                let said = hubspot::ApiError::of(error).message;
                let remedy = "Open the settings of Kleer for HubSpot, reconnect HubSpot, then enrol the record again.";
                let message = format!("HubSpot refused it: {} {remedy}", sentence(&said));
                Failure::new(ErrorCode::HubspotRefused, message).into()
            }
            rest::ErrorKind::Missing => Failure::of(ErrorCode::RecordNotFound).into(),
            rest::ErrorKind::Transient { .. } | rest::ErrorKind::Malformed => {
                Self::later(error.retry_after().unwrap_or(SOON), error)
            }
        }
    }
}

/// Somebody's words as a sentence.
pub(crate) fn sentence(words: &str) -> String {
    let short: String = words.trim().chars().map(|c| if c.is_control() { ' ' } else { c }).take(500).collect();
    if short.ends_with(['.', '!', '?']) { short } else { format!("{short}.") }
}

/// A value between quotation marks, on one line and not too long.
pub(crate) fn quoted(value: &str) -> String {
    let short: String = value.chars().map(|c| if c.is_control() { ' ' } else { c }).take(60).collect();
    let dots = if value.chars().count() > 60 { "…" } else { "" };
    format!("\u{201c}{short}{dots}\u{201d}")
}

/// The outputs of an action that ended, by name, with how HubSpot shall go on (contract hubspot-platform §6.2). Every output
/// has a value, so that none of an earlier step is taken for this one's.
#[must_use]
pub fn outputs(definition: &Definition, ended: &Result<Done, Failure>) -> Vec<(&'static str, String)> {
    let id = |id: Option<KleerId>| (definition.id_output.name, id.map(|id| id.to_string()).unwrap_or_default());
    match ended {
        Ok(done) => vec![
            id(Some(done.kleer_id)),
            (RESULT.name, done.deed.as_str().to_owned()),
            (ERROR_CODE.name, String::new()),
            (ERROR_FIELD.name, String::new()),
            (ERROR_MESSAGE.name, String::new()),
            (NOTE.name, done.note.clone()),
            (EXECUTION_STATE, "SUCCESS".to_owned()),
        ],
        Err(failure) => vec![
            id(failure.kleer_id),
            (RESULT.name, "failed".to_owned()),
            (ERROR_CODE.name, failure.code.as_str().to_owned()),
            (ERROR_FIELD.name, failure.field.unwrap_or_default().to_owned()),
            (ERROR_MESSAGE.name, failure.message.clone()),
            (NOTE.name, String::new()),
            (EXECUTION_STATE, "FAIL_CONTINUE".to_owned()),
        ],
    }
}

/// What tells HubSpot how to go on; stands among the outputs.
const EXECUTION_STATE: &str = "hs_execution_state";
