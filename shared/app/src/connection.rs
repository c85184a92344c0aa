//! One portal's two ends, ready to be spoken to.

use domain::{Disconnected, Installation, KleerCompanyId, PortalId};
use futures::future::try_join3;
use secrecy::SecretString;
use store::{HubspotTokens, SealedSecret, Versioned};

use crate::App;
use crate::budgets::Lane;
use crate::keys::KeyRingError;

/// The name that Kleer's key is stored under.
pub(crate) const KLEER_KEY: &str = "kleer_key";

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

/// What a portal needs to be connected without OAuth.
#[derive(Debug, Clone)]
pub struct Credentials {
    /// HubSpot's bearer token, which never expires.
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
    /// Our own configuration lacks what OAuth needs; which variable.
    #[error("HubSpot's access token cannot be renewed, because {0} is not configured")]
    NotConfigured(&'static str),
    /// HubSpot did not renew the access token: our fault, or a passing trouble. No portal is disconnected for it.
    #[error("HubSpot's access token could not be renewed; it is tried again by itself: {0}")]
    Renewal(String),
    /// Its secrets cannot be opened.
    #[error(transparent)]
    Keys(#[from] KeyRingError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] store::Error),
}

impl ConnectError {
    /// Whether it may pass by itself, soon.
    #[must_use]
    pub const fn is_transient(&self) -> bool {
        matches!(self, Self::Renewal(_) | Self::Store(_))
    }
}

impl App {
    /// Opens a portal's connection: reads its installation and its sealed credentials, and renews the access token if it is
    /// about to expire (see `tokens.rs`).
    ///
    /// # Errors
    /// If it is not connected, its token cannot be renewed, or the store fails.
    pub async fn connect(&self, portal: PortalId) -> Result<Connection, ConnectError> {
        self.connect_in(Lane::Outbound, portal).await
    }

    /// The same for work that a workflow or a person waits for: its requests go ahead of the schedule's, within the same limits.
    ///
    /// # Errors
    /// As [`App::connect`].
    pub async fn connect_urgently(&self, portal: PortalId) -> Result<Connection, ConnectError> {
        self.connect_in(Lane::Urgent, portal).await
    }

    async fn connect_in(&self, lane: Lane, portal: PortalId) -> Result<Connection, ConnectError> {
        let found = try_join3(
            self.store.installation(portal),
            self.store.secret(portal, KLEER_KEY),
            self.store.hubspot_tokens(portal),
        );
        let (installation, key, tokens) = found.await?;
        self.open(lane, portal, installation, key, tokens).await
    }

    /// The same for an installation that was read just now; its credentials are read together, which costs less than
    /// one by one.
    ///
    /// # Errors
    /// As [`App::connect`].
    pub async fn connect_installed(&self, found: Versioned<Installation>) -> Result<Connection, ConnectError> {
        let portal = found.value.portal;
        let (key, tokens) = self.store.credentials(portal, KLEER_KEY).await?;
        self.open(Lane::Outbound, portal, Some(found), key, tokens).await
    }

    /// HubSpot alone, for an installation that was read just now: what is only looked at there needs no key of Kleer's.
    ///
    /// # Errors
    /// As [`App::connect`].
    pub async fn hubspot_installed(&self, found: Versioned<Installation>) -> Result<hubspot::Api, ConnectError> {
        let portal = found.value.portal;
        let installation = connected(portal, Some(found))?;
        // Perhaps those of a moment ago, which are good until they expire; whoever renews them reads them again.
        let tokens = self.store.hubspot_tokens_lately(portal).await?;
        let token = self.access_token(&installation, tokens).await?;
        Ok(self.hubspot_as(portal, token))
    }

    async fn open(
        &self,
        lane: Lane,
        portal: PortalId,
        found: Option<Versioned<Installation>>,
        key: Option<Versioned<SealedSecret>>,
        tokens: Option<Versioned<HubspotTokens>>,
    ) -> Result<Connection, ConnectError> {
        let installation = connected(portal, found)?;
        let company = installation.value.kleer_company.zip(key);
        let (company, key) = company.ok_or(ConnectError::NoCredentials { portal, name: KLEER_KEY })?;
        let key = self.keys.open(portal, KLEER_KEY, &key.value)?;
        let token = self.access_token(&installation, tokens).await?;
        let (hubspot, kleer) = (self.hubspot_in(lane, portal, token), self.kleer_in(lane, portal, company, key));
        Ok(Connection { installation: installation.value, kleer, hubspot })
    }

    /// HubSpot alone, for what a portal needs before it has a Kleer company.
    ///
    /// # Errors
    /// As [`App::connect`].
    pub async fn hubspot(&self, portal: PortalId) -> Result<hubspot::Api, ConnectError> {
        let found =
            futures::future::try_join(self.store.installation(portal), self.store.hubspot_tokens(portal)).await?;
        let installation = connected(portal, found.0)?;
        let token = self.access_token(&installation, found.1).await?;
        Ok(self.hubspot_as(portal, token))
    }

    /// Kleer with any key, at the portal's pace: for looking whether the key is good.
    #[must_use]
    pub fn kleer(&self, portal: PortalId, company: KleerCompanyId, key: SecretString) -> kleer::Api {
        self.kleer_in(Lane::Outbound, portal, company, key)
    }

    fn kleer_in(&self, lane: Lane, portal: PortalId, company: KleerCompanyId, key: SecretString) -> kleer::Api {
        kleer::Api::connect(
            &self.config.kleer_base_url,
            self.kleer_transport.clone(),
            self.clock.clone(),
            company.0,
            key,
            self.kleer_budget(portal, lane),
            self.calls.clone(),
        )
    }

    /// HubSpot with a token that was just given to us.
    #[must_use]
    pub fn hubspot_as(&self, portal: PortalId, access_token: SecretString) -> hubspot::Api {
        self.hubspot_in(Lane::Outbound, portal, access_token)
    }

    fn hubspot_in(&self, lane: Lane, portal: PortalId, access_token: SecretString) -> hubspot::Api {
        hubspot::Api::connect(
            &self.config.hubspot_base_url,
            self.hubspot_transport.clone(),
            self.clock.clone(),
            access_token,
            self.hubspot_budgets(portal, lane),
            self.calls.clone(),
            hubspot::Paths::new(&self.config.hubspot_api_version),
        )
    }

    /// Seals and keeps Kleer's key in place of what was there.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn save_kleer_key(&self, portal: PortalId, key: &SecretString) -> Result<(), store::Error> {
        self.store.set_secret(portal, KLEER_KEY, &self.keys.seal(portal, KLEER_KEY, key)).await
    }

    /// Whether Kleer's key is saved.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn has_kleer_key(&self, portal: PortalId) -> Result<bool, store::Error> {
        Ok(self.store.secret(portal, KLEER_KEY).await?.is_some())
    }
}

/// The installation, if it is one.
fn connected(
    portal: PortalId,
    found: Option<Versioned<Installation>>,
) -> Result<Versioned<Installation>, ConnectError> {
    let installation = found.ok_or(ConnectError::NotInstalled(portal))?;
    match installation.value.disconnected {
        Some(Disconnected { reason, .. }) => Err(ConnectError::Disconnected { portal, reason }),
        None => Ok(installation),
    }
}
