//! What a failed call means for a run: which runs are interrupted, why, and when they are planned again.

use std::time::Duration;

use app::ConnectError;

/// After a passing trouble the run is planned again this soon.
const SOON: Duration = Duration::from_secs(60);

/// Why a run cannot go on.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// Kleer refused or did not answer.
    #[error("{}", super::wording::kleer(.0))]
    Kleer(rest::Error),
    /// HubSpot refused or did not answer.
    #[error("{}", hubspot::explain(.0))]
    Hubspot(rest::Error),
    /// The portal is not connected.
    #[error(transparent)]
    Connect(#[from] ConnectError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// The queue failed.
    #[error(transparent)]
    Queue(#[from] queue::Error),
    /// The portal is not as it must be; a person has to act. The text says what to do.
    #[error("{0}")]
    Portal(String),
    /// The portal's properties are not as we remember them; they are asked for again.
    #[error("the properties of the portal have changed; they are read again ({0})")]
    SchemaChanged(String),
    /// Records of a page about which HubSpot said nothing, or that another worker holds.
    #[error("{0} records must be written again")]
    Unsettled(usize),
}

impl Failure {
    /// When the run is planned again: soon after a passing trouble; none means at its next regular slot, because a person has
    /// to act first.
    pub(crate) fn pause(&self) -> Option<Duration> {
        match self {
            Self::Kleer(error) | Self::Hubspot(error) => match error.kind() {
                rest::ErrorKind::Transient { retry_after } => Some(retry_after.unwrap_or(SOON).max(SOON)),
                _ if error.status == Some(477) || error.status == Some(429) => {
                    Some(error.retry_after().unwrap_or(SOON * 60))
                }
                _ => None,
            },
            Self::Store(_)
            | Self::Queue(_)
            | Self::SchemaChanged(_)
            | Self::Unsettled(_)
            | Self::Connect(ConnectError::Store(_)) => Some(SOON),
            Self::Connect(_) | Self::Portal(_) => None,
        }
    }
}
