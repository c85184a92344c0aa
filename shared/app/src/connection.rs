//! One portal's two ends, ready to be spoken to.

use domain::{Disconnected, Installation, PortalId};
use secrecy::SecretString;

use crate::App;
use crate::keys::KeyRingError;

/// The names secrets are stored under.
const KLEER_KEY: &str = "kleer_key";
const HUBSPOT_ACCESS_TOKEN: &str = "hubspot_access_token";

/// A connected portal: who it is, Kleer's API with its key, HubSpot's with its token.
#[derive(Debug, Clone)]
pub struct Connection {
    /// The installation.
    pub installation: Installation,
    /// Kleer.
    pub kleer: kleer::Api,
    /// HubSpot.
    pub hubspot: hubspot::Api,
}

/// What a portal needs to be connected.
#[derive(Debug, Clone)]
pub struct Credentials {
    /// HubSpot's bearer token.
    pub access_token: SecretString,
    /// Kleer's key.
    pub kleer_key: SecretString,
}

/// Why a portal cannot be spoken to.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// It never installed us, or has gone.
    #[error("portal {0} has not installed this app")]
    NotInstalled(PortalId),
    /// It was connected, and is no more.
    #[error("portal {portal} is disconnected: {reason}")]
    Disconnected {
        /// The portal.
        portal: PortalId,
        /// Why, a sentence.
        reason: String,
    },
    /// Credentials are missing.
    #[error("portal {portal} has no {name} saved; save the credentials again")]
    NoCredentials {
        /// The portal.
        portal: PortalId,
        /// Which secret.
        name: &'static str,
    },
    /// Its secrets cannot be opened.
    #[error(transparent)]
    Keys(#[from] KeyRingError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] store::Error),
}

impl App {
    /// Opens a portal's connection: reads its installation and its sealed credentials.
    ///
    /// # Errors
    /// If it is not connected, or the store fails.
    pub async fn connect(&self, portal: PortalId) -> Result<Connection, ConnectError> {
        let installation = self.store.installation(portal).await?.ok_or(ConnectError::NotInstalled(portal))?.value;
        if let Some(Disconnected { reason, .. }) = installation.disconnected {
            return Err(ConnectError::Disconnected { portal, reason });
        }
        let company = installation.kleer_company.ok_or(ConnectError::NoCredentials { portal, name: KLEER_KEY })?;
        let kleer_key = self.secret(portal, KLEER_KEY).await?;
        let access_token = self.secret(portal, HUBSPOT_ACCESS_TOKEN).await?;
        let kleer = kleer::Api::connect(
            &self.config.kleer_base_url,
            self.kleer_transport.clone(),
            self.clock.clone(),
            company.0,
            kleer_key,
            self.kleer_budget(portal),
            self.calls.clone(),
        );
        let hubspot = hubspot::Api::connect(
            &self.config.hubspot_base_url,
            self.hubspot_transport.clone(),
            self.clock.clone(),
            access_token,
            self.hubspot_budgets(portal),
            self.calls.clone(),
            hubspot::Paths::new(&self.config.hubspot_api_version),
        );
        Ok(Connection { installation, kleer, hubspot })
    }

    /// Seals and keeps a portal's credentials.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn save_credentials(&self, portal: PortalId, credentials: &Credentials) -> Result<(), store::Error> {
        let Credentials { access_token, kleer_key } = credentials;
        for (name, secret) in [(HUBSPOT_ACCESS_TOKEN, access_token), (KLEER_KEY, kleer_key)] {
            self.store.set_secret(portal, name, &self.keys.seal(portal, name, secret)).await?;
        }
        Ok(())
    }

    async fn secret(&self, portal: PortalId, name: &'static str) -> Result<SecretString, ConnectError> {
        let sealed = self.store.secret(portal, name).await?;
        let sealed = sealed.ok_or(ConnectError::NoCredentials { portal, name })?;
        Ok(self.keys.open(portal, name, &sealed.value)?)
    }
}
