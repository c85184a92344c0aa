//! Tokens: from consent to an access token that lives 30 minutes (contract hubspot-crm §2).

use std::time::Duration;

use rest::{Client, Request};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use crate::paths::{Paths, encode};
use crate::salvage;
use crate::wire;

/// The app towards HubSpot's token endpoints. Needs no portal.
#[derive(Clone, Debug)]
pub struct Oauth {
    client: Client,
    paths: Paths,
    client_id: String,
    client_secret: SecretString,
}

/// What the consent page is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Consent<'a> {
    /// Where HubSpot sends the code; https, or `http://localhost`. The exchange must name the same.
    pub redirect_uri: &'a str,
    /// All required scopes of the app; a difference from the app's configuration blocks the install.
    pub scopes: &'a [&'a str],
    /// Scopes that a portal may lack.
    pub optional_scopes: &'a [&'a str],
    /// Comes back with the code; proves that the install was begun here.
    pub state: &'a str,
}

/// What a code or a refresh token is exchanged for.
#[derive(Clone, Debug)]
pub struct Tokens {
    /// For the `Authorization` header; at least 512 characters of room.
    pub access_token: SecretString,
    /// Store it each time, though HubSpot has been seen to return the same (§2.2).
    pub refresh_token: SecretString,
    /// How long the access token lives. Refresh by this, not on a 401 (§2.2).
    pub expires_in: Duration,
    /// The portal, where HubSpot says it; else ask [`Oauth::introspect`].
    pub hub_id: Option<u64>,
    /// The user who installed.
    pub user_id: Option<u64>,
    /// What was granted.
    pub scopes: Vec<String>,
}

/// Whose token it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Introspection {
    /// False once revoked; then nothing else is said.
    #[serde(deserialize_with = "wire::flag")]
    pub active: bool,
    /// The portal.
    #[serde(deserialize_with = "wire::optional_number")]
    pub hub_id: Option<u64>,
    /// The customer's web domain, not the host of HubSpot's pages.
    #[serde(deserialize_with = "wire::optional_text")]
    pub hub_domain: Option<String>,
    /// The app.
    #[serde(deserialize_with = "wire::optional_number")]
    pub app_id: Option<u64>,
    /// The user who installed.
    #[serde(deserialize_with = "wire::optional_number")]
    pub user_id: Option<u64>,
    /// That user's e-mail address.
    #[serde(deserialize_with = "wire::optional_text")]
    pub user: Option<String>,
    /// What was granted.
    #[serde(deserialize_with = "wire::nullable")]
    pub scopes: Vec<String>,
    /// Seconds left.
    #[serde(deserialize_with = "wire::optional_number")]
    pub expires_in: Option<u64>,
}

/// Which kind of token is asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenHint {
    /// The short-lived one.
    Access,
    /// The long-lived one.
    Refresh,
}

impl TokenHint {
    fn wire(self) -> &'static str {
        match self {
            TokenHint::Access => "access_token",
            TokenHint::Refresh => "refresh_token",
        }
    }
}

/// What to do when a token endpoint says no.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TokenErrorKind {
    /// The portal has uninstalled the app or is gone, or the code was used up: connect again.
    Revoked,
    /// Our own client id, secret or redirect is wrong: alert, and leave every portal connected.
    Configuration,
    /// Try again later.
    Transient,
}

/// A failed call of a token endpoint.
#[derive(Debug, thiserror::Error)]
#[error("{source}")]
pub struct TokenError {
    /// What to do.
    pub kind: TokenErrorKind,
    /// The failed request.
    pub source: Box<rest::Error>,
}

impl From<rest::Error> for TokenError {
    fn from(error: rest::Error) -> Self {
        TokenError { kind: TokenErrorKind::of(error.status, &error.body), source: Box::new(error) }
    }
}

impl TokenErrorKind {
    /// Classifies an answer of a token endpoint; no status means no answer. HubSpot's `error` decides before its `status`
    /// (contract hubspot-crm §2.5).
    #[must_use]
    pub fn of(http_status: Option<u16>, body: &str) -> TokenErrorKind {
        match http_status {
            Some(423 | 429 | 477) => TokenErrorKind::Transient,
            Some(400..=499) => refused(&salvage::parse(body).unwrap_or_default()),
            _ => TokenErrorKind::Transient,
        }
    }
}

fn refused(wire: &WireTokenError) -> TokenErrorKind {
    match wire.error.as_str() {
        "invalid_grant" | "access_denied" => return TokenErrorKind::Revoked,
        "invalid_client" => return TokenErrorKind::Configuration,
        _ => {}
    }
    match wire.status.as_str() {
        "BAD_REFRESH_TOKEN" | "BAD_HUB" => TokenErrorKind::Revoked,
        _ => TokenErrorKind::Configuration,
    }
}

impl Oauth {
    /// `client` needs no header of its own; its base URL is the API's (`https://api.hubapi.com`).
    pub fn new(client: Client, paths: Paths, client_id: impl Into<String>, client_secret: SecretString) -> Oauth {
        Oauth { client, paths, client_id: client_id.into(), client_secret }
    }

    /// The consent page to send the browser to (contract hubspot-crm §2.1). `app_url` is `https://app.hubspot.com`.
    #[must_use]
    pub fn authorize_url(&self, app_url: &str, consent: &Consent<'_>) -> String {
        let scopes = consent.scopes.join(" ");
        let optional = consent.optional_scopes.join(" ");
        let query: Vec<String> = [
            ("client_id", self.client_id.as_str()),
            ("redirect_uri", consent.redirect_uri),
            ("scope", &scopes),
            ("optional_scope", &optional),
            ("state", consent.state),
        ]
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| format!("{name}={}", encode(value)))
        .collect();
        format!("{}/oauth/authorize?{}", app_url.trim_end_matches('/'), query.join("&"))
    }

    /// Exchanges the code of the callback, which can be used once. `Revoked` here means the code is not good (any more).
    pub async fn exchange_code(&self, code: &str, redirect_uri: &str) -> Result<Tokens, TokenError> {
        let form = [("grant_type", "authorization_code"), ("code", code), ("redirect_uri", redirect_uri)];
        self.tokens(self.form(self.paths.token(), &form)).await
    }

    /// A new access token. One at a time per portal; the caller sees to that.
    pub async fn refresh(&self, refresh_token: &SecretString) -> Result<Tokens, TokenError> {
        let form = [("grant_type", "refresh_token"), ("refresh_token", refresh_token.expose_secret())];
        self.tokens(self.form(self.paths.token(), &form).repeatable()).await
    }

    /// Whose token this is, and whether it is still good.
    pub async fn introspect(&self, token: &SecretString, hint: TokenHint) -> Result<Introspection, TokenError> {
        let form = [("token", token.expose_secret()), ("token_type_hint", hint.wire())];
        let answer = self.client.send(self.form(self.paths.token_introspect(), &form).read()).await?;
        Ok(answer.json()?)
    }

    /// Gives a token back. An access token already issued lives on for up to 30 minutes (§2.4).
    pub async fn revoke(&self, token: &SecretString, hint: TokenHint) -> Result<(), TokenError> {
        let form = [("token", token.expose_secret()), ("token_type_hint", hint.wire())];
        self.client.send(self.form(self.paths.token_revoke(), &form).repeatable()).await?;
        Ok(())
    }

    /// Everything stands in the body, never in the query (contract hubspot-crm §2.2).
    fn form(&self, path: String, fields: &[(&str, &str)]) -> Request {
        let app = [("client_id", self.client_id.as_str()), ("client_secret", self.client_secret.expose_secret())];
        Request::post(path).form(&[fields, &app].concat())
    }

    async fn tokens(&self, request: Request) -> Result<Tokens, TokenError> {
        let wire: WireTokens = self.client.send(request).await?.json()?;
        Ok(Tokens {
            access_token: wire.access_token.into(),
            refresh_token: wire.refresh_token.into(),
            expires_in: Duration::from_secs(wire.expires_in),
            hub_id: wire.hub_id,
            user_id: wire.user_id,
            scopes: wire.scopes,
        })
    }
}

/// No `Debug`: these are the secrets in the clear. What the schema requires is required here too.
#[derive(Deserialize)]
struct WireTokens {
    access_token: String,
    refresh_token: String,
    expires_in: u64,
    #[serde(default, deserialize_with = "wire::optional_number")]
    hub_id: Option<u64>,
    #[serde(default, deserialize_with = "wire::optional_number")]
    user_id: Option<u64>,
    #[serde(default, deserialize_with = "wire::nullable")]
    scopes: Vec<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct WireTokenError {
    #[serde(deserialize_with = "wire::plain_text")]
    error: String,
    #[serde(deserialize_with = "wire::plain_text")]
    status: String,
}

#[cfg(test)]
mod tests;
