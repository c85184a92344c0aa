//! A portal leaves because somebody wants it to.

use app::{App, ConnectError};
use domain::PortalId;
use hubspot::TokenHint;
use store::Errand;

/// What a portal that left by itself is told.
const REASON: &str = "The app was disconnected on its settings page. To go on, install it again.";

/// Why a portal was not disconnected.
#[derive(Debug, thiserror::Error)]
pub enum DisconnectError {
    /// It is not connected.
    #[error("portal {0} is not connected")]
    NotConnected(PortalId),
    /// HubSpot cannot be reached or did not answer; nothing was changed.
    #[error("HubSpot does not answer, and the app is still installed there; try again in a few minutes")]
    Unavailable(#[source] Box<rest::Error>),
    /// The token cannot be renewed at this moment; nothing was changed.
    #[error("{0}")]
    Connect(ConnectError),
    /// The store failed.
    #[error("nothing can be stored at this moment; try again in a few minutes")]
    Store(#[from] store::Error),
}

impl DisconnectError {
    /// Names the kind; it stays the same.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotConnected(_) => "not_connected",
            Self::Unavailable(_) => "hubspot_unavailable",
            Self::Connect(_) => "hubspot_connection",
            Self::Store(_) => "store",
        }
    }
}

/// Disconnects a portal: uninstalls the app at HubSpot, which tells the customer by e-mail; gives the token back; forgets all
/// credentials. Everything else is forgotten after 30 days, unless the portal installs the app again. A portal with a static
/// token is only disconnected here: its token is not ours to give back.
///
/// # Errors
/// If HubSpot does not answer: an app that is still installed there is still connected here.
pub async fn disconnect(app: &App, portal: PortalId) -> Result<(), DisconnectError> {
    let refresh = app.refresh_token(portal).await.map_err(|error| match error {
        ConnectError::Store(error) => DisconnectError::Store(error),
        error => DisconnectError::Connect(error),
    })?;
    match app.hubspot(portal).await {
        Ok(hubspot) if refresh.is_some() => uninstall(&hubspot).await?,
        Ok(_) => {}
        Err(ConnectError::Disconnected { .. } | ConnectError::NotInstalled(_)) => {
            return Err(DisconnectError::NotConnected(portal));
        }
        Err(ConnectError::Store(error)) => return Err(DisconnectError::Store(error)),
        // Credentials that cannot be used are no reason to keep them.
        Err(ConnectError::NoCredentials { .. } | ConnectError::Keys(_)) => {}
        Err(error) => return Err(DisconnectError::Connect(error)),
    }
    if let (Some(refresh), Ok(oauth)) = (refresh, app.oauth())
        && let Err(error) = oauth.revoke(&refresh, TokenHint::Refresh).await
    {
        // Uninstalling has ended it already, wherever it could be used.
        tracing::info!(%portal, %error, "the refresh token was not given back");
    }
    app.mark_disconnected(portal, REASON).await?;
    // Who did this need not be told, and HubSpot tells the others.
    app.store.end_errand(portal, Errand::Notice).await?;
    Ok(())
}

async fn uninstall(hubspot: &hubspot::Api) -> Result<(), DisconnectError> {
    match hubspot.account().uninstall().await {
        Ok(()) => Ok(()),
        // It is not installed there any more.
        Err(error) if matches!(error.status, Some(401 | 404)) => Ok(()),
        Err(error) => Err(DisconnectError::Unavailable(Box::new(error))),
    }
}
