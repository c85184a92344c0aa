//! What a failed call means for a run: which runs are interrupted, why, and when they are planned again.

use std::time::Duration;

use app::{App, ConnectError};
use domain::PortalId;

/// After a passing trouble the run is planned again this soon.
const SOON: Duration = Duration::from_secs(60);
/// When the whole account is refused for the time being and HubSpot does not say for how long.
const LATER: Duration = Duration::from_secs(60 * 60);

/// No service may keep us away for longer than this (477: at most a day, contract hubspot-crm §8), whatever it says.
const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);

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
    /// HubSpot refused an access token before its time. It is set aside, so that the next connection has another.
    #[error("HubSpot did not accept the access token; it is renewed, and this is tried again by itself.")]
    TokenRefused,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// The queue failed.
    #[error(transparent)]
    Queue(#[from] queue::Error),
    /// The portal is not as it must be; a person has to act. The text says what to do.
    #[error("{0}")]
    Portal(String),
    /// The portal or the key has no such records. The text says what to do. Remembered, shown, and looked at again.
    #[error("{0}")]
    Unavailable(String),
    /// The portal's properties are not as we remember them; they are asked for again.
    #[error("the properties of the portal have changed; they are read again ({0})")]
    SchemaChanged(String),
    /// Records of a page about which HubSpot said nothing, or that another worker holds.
    #[error("{0} records must be written again")]
    Unsettled(usize),
}

impl Failure {
    /// A refused token is set aside where that helps (see [`App::token_refused`]).
    pub(crate) async fn or_token_refused(self, app: &App, portal: PortalId) -> Self {
        let Self::Hubspot(error) = &self else { return self };
        match app.token_refused(portal, error).await {
            Ok(true) => Self::TokenRefused,
            Ok(false) => self,
            Err(error) => error.into(),
        }
    }

    /// When the run is planned again: soon after a passing trouble; none means at its next regular slot, because a person has
    /// to act first.
    pub(crate) fn pause(&self) -> Option<Duration> {
        match self {
            Self::Kleer(error) | Self::Hubspot(error) => match error.kind() {
                rest::ErrorKind::Transient { retry_after } => {
                    // A daily limit and a portal that is being moved do not pass in a minute.
                    let shortest = if error.is_account_wide() { LATER } else { SOON };
                    Some(retry_after.unwrap_or(shortest).clamp(SOON, LONGEST))
                }
                _ => None,
            },
            Self::Store(_) | Self::Queue(_) | Self::SchemaChanged(_) | Self::Unsettled(_) | Self::TokenRefused => {
                Some(SOON)
            }
            Self::Connect(error) => error.is_transient().then_some(SOON),
            Self::Portal(_) | Self::Unavailable(_) => None,
        }
    }

    /// How long until the run is planned again, for a type with that interval: what a person mends outside of this product
    /// is found before long, even where the regular slots lie a day apart.
    pub(crate) fn due_in(&self, interval: Duration) -> Duration {
        self.pause().unwrap_or(interval.min(LATER))
    }
}

#[cfg(test)]
mod tests;
