//! HubSpot's access tokens: good for 30 minutes, renewed by their expiry, once, whoever needs them (contract hubspot-crm §2.2,
//! hubspot-platform §7.1).
//!
//! A portal's tokens are one item. Who finds them about to expire claims the renewal with a conditional write; the others
//! go on with the old token while it is good, and then wait for the new one. A 401 is no reason to renew, but a token that
//! is refused long before its time was revoked: it is set aside once, and the renewal tells whether the app is still installed.

use std::time::Duration;

use chacha20poly1305::XChaCha20Poly1305;
use chacha20poly1305::aead::{Generate as _, Key};
use domain::{Activity, ActivityKind, Disconnected, Installation, PortalId, schedule};
use hubspot::{Oauth, TokenError, TokenErrorKind, TokenHint, Tokens};
use jiff::Timestamp;
use secrecy::SecretString;
use store::{HubspotTokens, Versioned};

use crate::App;
use crate::connection::{ConnectError, KLEER_KEY};

/// A token is renewed when this much of its time is left.
const MARGIN: Duration = Duration::from_secs(5 * 60);
/// A token with less than this left is not begun with.
const SHORTEST: Duration = Duration::from_secs(10);
/// A renewal may take this long,
const LIMIT: Duration = Duration::from_secs(20);
/// and after this long another may begin: the process that began it has died.
const LEASE: Duration = Duration::from_secs(30);
/// How often those who wait look.
const GLANCE: Duration = Duration::from_millis(250);
/// After a failed renewal nobody tries again for this long.
const PAUSE: Duration = Duration::from_secs(15);
/// A token that was issued within this time was not revoked behind our back: renewing it again would change nothing.
const NEW: Duration = Duration::from_secs(60);
/// Everything about a portal that left is forgotten after this long.
const KEPT: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// The names that tokens are sealed under.
const ACCESS: &str = "hubspot_access_token";
const REFRESH: &str = "hubspot_refresh_token";

/// What disconnected portals are told.
const UNINSTALLED: &str = "HubSpot says that the app was uninstalled or its access taken back: install it again.";

impl App {
    /// The app towards HubSpot's token endpoints.
    ///
    /// # Errors
    /// If client id or secret is not configured.
    pub fn oauth(&self) -> Result<Oauth, ConnectError> {
        let id = self.config.hubspot_client_id.as_ref().ok_or(ConnectError::NotConfigured("HUBSPOT_CLIENT_ID"))?;
        let secret = self.client_secrets.first().ok_or(ConnectError::NotConfigured("HUBSPOT_CLIENT_SECRET"))?;
        let client = rest::Client::new(
            hubspot::SERVICE,
            &self.config.hubspot_base_url,
            self.hubspot_transport.clone(),
            self.clock.clone(),
        );
        let paths = hubspot::Paths::new(&self.config.hubspot_api_version);
        Ok(Oauth::new(client.calls(self.calls.clone()), paths, id, secret.clone()))
    }

    /// Tokens as OAuth gave them, sealed.
    #[must_use]
    pub fn seal_tokens(&self, portal: PortalId, tokens: &Tokens) -> HubspotTokens {
        let now = self.clock.now();
        HubspotTokens {
            access: self.keys.seal(portal, ACCESS, &tokens.access_token),
            refresh: Some(self.keys.seal(portal, REFRESH, &tokens.refresh_token)),
            issued_at: now,
            expires_at: Some(schedule::later(now, tokens.expires_in)),
            renewing_until: None,
            not_before: None,
        }
    }

    /// A token that never expires, sealed.
    #[must_use]
    pub fn seal_static_token(&self, portal: PortalId, token: &SecretString) -> HubspotTokens {
        HubspotTokens {
            access: self.keys.seal(portal, ACCESS, token),
            refresh: None,
            issued_at: self.clock.now(),
            expires_at: None,
            renewing_until: None,
            not_before: None,
        }
    }

    /// The refresh token of a portal, to give it back; none with a static token.
    ///
    /// # Errors
    /// If it cannot be opened or the store fails.
    pub async fn refresh_token(&self, portal: PortalId) -> Result<Option<SecretString>, ConnectError> {
        let tokens = self.store.hubspot_tokens(portal).await?;
        let sealed = tokens.and_then(|tokens| tokens.value.refresh);
        Ok(sealed.map(|sealed| self.keys.open(portal, REFRESH, &sealed)).transpose()?)
    }

    /// An access token that is good for a while.
    pub(crate) async fn access_token(
        &self,
        installation: &Versioned<Installation>,
        mut tokens: Option<Versioned<HubspotTokens>>,
    ) -> Result<SecretString, ConnectError> {
        let portal = installation.value.portal;
        let patience = schedule::later(self.clock.now(), LEASE * 2);
        loop {
            let found = tokens.ok_or(ConnectError::NoCredentials { portal, name: ACCESS })?;
            let now = self.clock.now();
            let left = time_left(&found.value, now);
            let runs = found.value.renewing_until.is_some_and(|until| now < until);
            let pauses = found.value.not_before.is_some_and(|until| now < until);
            if left > MARGIN || (left > SHORTEST && (runs || pauses)) {
                return Ok(self.keys.open(portal, ACCESS, &found.value.access)?);
            }
            if pauses || now >= patience {
                return Err(ConnectError::Renewal("it failed a moment ago".to_owned()));
            }
            if runs {
                self.clock.sleep(GLANCE).await;
            } else {
                let renewing_until = Some(schedule::later(now, LEASE));
                let claim = HubspotTokens { renewing_until, not_before: None, ..found.value };
                if self.store.put_hubspot_tokens(portal, &claim, found.version).await? {
                    let claimed = Versioned { version: found.version + 1, value: claim };
                    return self.renew(installation, claimed).await;
                }
            }
            tokens = self.store.hubspot_tokens(portal).await?;
        }
    }

    /// Renews tokens that this process has claimed.
    async fn renew(
        &self,
        installation: &Versioned<Installation>,
        claimed: Versioned<HubspotTokens>,
    ) -> Result<SecretString, ConnectError> {
        let portal = installation.value.portal;
        match self.ask_for_tokens(portal, &claimed.value).await {
            Ok(tokens) => {
                let renewed = self.seal_tokens(portal, &tokens);
                if !self.store.put_hubspot_tokens(portal, &renewed, claimed.version).await? {
                    // Installed again or disconnected meanwhile: what was just issued is good all the same.
                    tracing::info!(%portal, "other tokens were stored while these were renewed");
                }
                tracing::info!(%portal, "the access token was renewed");
                Ok(tokens.access_token)
            }
            Err(Renewal::Revoked) => {
                tracing::warn!(%portal, "HubSpot does not know the refresh token any more");
                self.disconnect_found(installation, UNINSTALLED).await?;
                Err(ConnectError::Disconnected { portal, reason: UNINSTALLED.to_owned() })
            }
            Err(Renewal::Failed(error)) => self.put_off(portal, claimed, error).await,
        }
    }

    async fn ask_for_tokens(&self, portal: PortalId, claimed: &HubspotTokens) -> Result<Tokens, Renewal> {
        let refresh =
            claimed.refresh.as_ref().ok_or(Renewal::Failed(ConnectError::NoCredentials { portal, name: REFRESH }))?;
        let refresh = self.keys.open(portal, REFRESH, refresh).map_err(|e| Renewal::Failed(e.into()))?;
        let oauth = self.oauth().map_err(Renewal::Failed)?;
        match self.clock.timeout(LIMIT, oauth.refresh(&refresh)).await {
            Ok(Ok(tokens)) => Ok(tokens),
            Ok(Err(TokenError { kind: TokenErrorKind::Revoked, .. })) => Err(Renewal::Revoked),
            Ok(Err(error)) => Err(Renewal::Failed(ConnectError::Renewal(error.to_string()))),
            Err(_) => Err(Renewal::Failed(ConnectError::Renewal("HubSpot did not answer in time".to_owned()))),
        }
    }

    /// A renewal failed through no fault of the portal's. The old token serves while it is good.
    async fn put_off(
        &self,
        portal: PortalId,
        claimed: Versioned<HubspotTokens>,
        error: ConnectError,
    ) -> Result<SecretString, ConnectError> {
        self.meters.note(|readings| readings.token_refresh_failures += 1);
        tracing::error!(%portal, %error, "an access token was not renewed");
        let now = self.clock.now();
        let not_before = Some(schedule::later(now, PAUSE));
        let rest = HubspotTokens { renewing_until: None, not_before, ..claimed.value };
        self.store.put_hubspot_tokens(portal, &rest, claimed.version).await?;
        if time_left(&rest, now) > SHORTEST { Ok(self.keys.open(portal, ACCESS, &rest.access)?) } else { Err(error) }
    }

    /// A request to HubSpot failed. If it was refused with 401 although the token is good by its expiry, the token is set aside:
    /// then the answer is true, and the next [`App::connect`] renews it. A token that was only just issued is refused for
    /// another reason, and HubSpot is asked whether the app is still installed.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn token_refused(&self, portal: PortalId, error: &rest::Error) -> Result<bool, store::Error> {
        if error.service != hubspot::SERVICE || error.status != Some(401) {
            return Ok(false);
        }
        let Some(tokens) = self.store.hubspot_tokens(portal).await? else { return Ok(false) };
        let now = self.clock.now();
        let Some(refresh) = tokens.value.refresh.as_ref() else { return Ok(false) };
        if time_left(&tokens.value, now) <= MARGIN {
            // It is renewed anyhow.
            return Ok(true);
        }
        let is_new = now.duration_since(tokens.value.issued_at).unsigned_abs() < NEW;
        if !is_new {
            tracing::warn!(%portal, "HubSpot refuses an access token before its time; it is renewed");
            let aside = HubspotTokens { expires_at: Some(now), ..tokens.value };
            // If somebody was faster, it was set aside or renewed.
            self.store.put_hubspot_tokens(portal, &aside, tokens.version).await?;
            return Ok(true);
        }
        let (Ok(refresh), Ok(oauth)) = (self.keys.open(portal, REFRESH, refresh), self.oauth()) else {
            return Ok(false);
        };
        let Ok(Ok(answer)) = self.clock.timeout(LIMIT, oauth.introspect(&refresh, TokenHint::Refresh)).await else {
            return Ok(false);
        };
        if !answer.active {
            self.mark_disconnected(portal, UNINSTALLED).await?;
        }
        Ok(false)
    }

    /// The portal is disconnected from now on: nothing is synchronized, its credentials are forgotten, everything else will be in
    /// 30 days. False if it was not connected.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn mark_disconnected(&self, portal: PortalId, reason: &str) -> Result<bool, store::Error> {
        const TRIES: u32 = 5;
        for _ in 0..TRIES {
            let Some(found) = self.store.installation(portal).await? else { return Ok(false) };
            if found.value.disconnected.is_some() {
                return Ok(false);
            }
            if self.disconnect_found(&found, reason).await? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The same, if the installation is still the one that was found: one that was renewed meanwhile stays.
    async fn disconnect_found(&self, found: &Versioned<Installation>, reason: &str) -> Result<bool, store::Error> {
        let now = self.clock.now();
        let disconnected = Some(Disconnected { at: now, reason: reason.to_owned() });
        let installation = Installation { disconnected, ..found.value.clone() };
        let forget_at = schedule::later(now, KEPT);
        let done = self.store.disconnect(&installation, found.version, &[KLEER_KEY], forget_at, now).await?;
        if done {
            let portal = installation.portal;
            tracing::warn!(%portal, reason, "the portal is disconnected; its credentials are forgotten");
            let line = Activity::new(now, ActivityKind::Disconnected, reason);
            if let Err(error) = self.store.note_activity(portal, &line).await {
                tracing::warn!(%portal, %error, "the disconnection is missing on the activity list");
            }
        }
        Ok(done)
    }
}

/// A text that nobody can guess: 32 random bytes in hexadecimal digits.
#[must_use]
pub fn random_text() -> SecretString {
    let bytes = Key::<XChaCha20Poly1305>::generate();
    bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>().into()
}

/// Why there are no new tokens.
enum Renewal {
    /// The app is not installed any more.
    Revoked,
    /// Our fault, or a passing trouble.
    Failed(ConnectError),
}

/// How long a token is good; for ever if it never expires.
fn time_left(tokens: &HubspotTokens, now: Timestamp) -> Duration {
    let until = |at: Timestamp| Duration::try_from(at.duration_since(now)).unwrap_or_default();
    tokens.expires_at.map_or(Duration::MAX, until)
}
