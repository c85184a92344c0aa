//! Why a record was not made, or not finished.

use std::time::Duration;

use domain::HubspotId;
use jiff::Timestamp;

use crate::outbound::Failure;

/// When nothing better is known, the next try is this far away.
const SOON: Duration = Duration::from_secs(10);

/// Why a record was not made, or not finished. [`CreateError::again`] says whether the same may be tried again.
#[derive(Debug, thiserror::Error)]
pub enum CreateError {
    /// Somebody else makes it at this moment.
    #[error("somebody else makes the same record at this moment")]
    Busy {
        /// It will be known after this long.
        after: Duration,
    },
    /// The time ran out, Kleer is away, or nobody knows yet what came of a create.
    #[error("{reason}")]
    NotYet {
        /// Worth another try after this long.
        after: Duration,
        /// Why.
        reason: String,
    },
    /// Kleer said no, twice in the same words. Nothing was made.
    #[error("Kleer refused the record: {message}")]
    Rejected {
        /// Kleer's own words, which are Swedish.
        message: String,
    },
    /// A person has to act first, outside of the record: a key that is not accepted or lacks a right, a mapping that is broken.
    #[error("{message}")]
    Denied {
        /// What is wrong and what to do.
        message: String,
    },
    /// The record in Kleer is bound to another record in HubSpot.
    #[error("the record in Kleer belongs to HubSpot's record {0} already")]
    Bound(HubspotId),
    /// HubSpot refused what was asked of it.
    #[error("{}", hubspot::explain(.0))]
    Hubspot(rest::Error),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] store::Error),
}

impl CreateError {
    /// After how long the same is worth another try; none if a person has to act first.
    #[must_use]
    pub fn again(&self) -> Option<Duration> {
        match self {
            Self::Busy { after } | Self::NotYet { after, .. } => Some(*after),
            Self::Store(_) => Some(SOON),
            Self::Hubspot(error) => match error.kind() {
                rest::ErrorKind::Transient { retry_after } => Some(retry_after.unwrap_or(SOON)),
                _ => None,
            },
            Self::Rejected { .. } | Self::Denied { .. } | Self::Bound(_) => None,
        }
    }

    pub(super) fn busy(now: Timestamp, held: Timestamp) -> Self {
        Self::Busy { after: wait(now, held) }
    }

    pub(super) fn soon(reason: impl Into<String>) -> Self {
        Self::NotYet { after: SOON, reason: reason.into() }
    }

    /// The claim was somebody else's when something was to be noted.
    pub(super) fn overtaken() -> Self {
        Self::Busy { after: SOON }
    }

    /// Nothing was heard of a create, and nothing was found: it may still be carried out.
    pub(super) fn unsettled(now: Timestamp, settled: Timestamp) -> Self {
        let reason = "Kleer has not said whether the record was made, and it cannot be found yet".to_owned();
        Self::NotYet { after: wait(now, settled), reason }
    }

    /// What a refusal of Kleer's means where nothing was made.
    pub(super) fn of_kleer(error: &rest::Error) -> Self {
        let message = Failure::Kleer(error.clone()).to_string();
        match error.kind() {
            rest::ErrorKind::Transient { retry_after } => {
                Self::NotYet { after: retry_after.unwrap_or(SOON), reason: message }
            }
            rest::ErrorKind::Malformed => Self::soon(message),
            rest::ErrorKind::Denied => Self::Denied { message },
            rest::ErrorKind::Missing | rest::ErrorKind::Rejected => {
                Self::Rejected { message: kleer::message(error).unwrap_or(message) }
            }
        }
    }
}

impl From<Failure> for CreateError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Kleer(error) => Self::of_kleer(&error),
            Failure::Hubspot(error) => Self::Hubspot(error),
            Failure::Store(error) => Self::Store(error),
            failure if failure.pause().is_some() => Self::soon(failure.to_string()),
            failure => Self::Denied { message: failure.to_string() },
        }
    }
}

/// At least a second: a pause of nothing would be no pause.
fn wait(now: Timestamp, moment: Timestamp) -> Duration {
    Duration::try_from(moment.duration_since(now)).unwrap_or_default().max(Duration::from_secs(1))
}
