//! Codes, access tokens and refresh tokens of the public app (contract §2).

use jiff::{SignedDuration, Timestamp};
use rand::Rng;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::State;
use super::change::Change;
use super::error::ApiError;
use super::record::{Source, SourceKind};
use crate::options::TokenUser;

/// Life of an access token in seconds.
pub(crate) const ACCESS_LIFE: i64 = 1800;
/// The super admin who installs the app.
const INSTALLING_USER: u64 = 501;

/// A token somebody holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Token {
    pub(crate) text: String,
    pub(crate) portal: u64,
    pub(crate) kind: TokenKind,
    /// The app's own, or a person's.
    pub(crate) person: Option<u64>,
    pub(crate) scopes: Vec<String>,
    pub(crate) expires_at: Option<Timestamp>,
    pub(crate) revoked: bool,
}

/// What a token is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum TokenKind {
    Access,
    Refresh,
}

/// An authorization code; used once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Code {
    pub(crate) text: String,
    pub(crate) portal: u64,
    pub(crate) redirect_uri: Option<String>,
    pub(crate) scopes: Vec<String>,
    pub(crate) expires_at: Timestamp,
    pub(crate) used: bool,
}

/// Who calls.
#[derive(Clone, Debug)]
pub(crate) struct Actor {
    pub(crate) portal: u64,
    pub(crate) source: Source,
    pub(crate) scopes: Vec<String>,
}

impl State {
    /// The tokens the options hold.
    pub(crate) fn add_static_tokens(&mut self) {
        let portals: Vec<_> = self.portals.values().map(|portal| portal.options.clone()).collect();
        for options in portals {
            for token in &options.tokens {
                let person = match token.user {
                    TokenUser::App => None,
                    TokenUser::Person(user) => Some(user),
                };
                let token = Token {
                    text: token.token.clone(),
                    portal: options.id,
                    kind: TokenKind::Access,
                    person,
                    scopes: token.scopes.clone().unwrap_or_else(|| options.scopes.clone()),
                    expires_at: None,
                    revoked: false,
                };
                self.tokens.insert(token.text.clone(), token);
            }
        }
    }

    /// Who a bearer token belongs to, or the 401.
    pub(crate) fn authenticate(&self, bearer: Option<&str>, now: Timestamp) -> Result<Actor, ApiError> {
        let invalid = || {
            ApiError::new(
                401,
                "INVALID_AUTHENTICATION",
                "Authentication credentials not found. This API supports OAuth 2.0 authentication and you can find \
                 more details at https://developers.hubspot.com/docs/methods/auth/oauth-overview",
            )
        };
        let token = bearer.and_then(|text| self.tokens.get(text)).ok_or_else(invalid)?;
        let portal = self.portals.get(&token.portal).ok_or_else(invalid)?;
        let late = portal.switches.access_outlives_uninstall && token.expires_at.is_some();
        let removed = token.person.is_none() && !portal.installed && !late || portal.switches.portal_gone;
        if token.kind != TokenKind::Access || token.revoked || removed {
            return Err(invalid());
        }
        if let Some(expired) = token.expires_at.filter(|at| *at <= now) {
            let seconds = now.as_second() - expired.as_second();
            let message = format!("The OAuth token used to make this call expired {seconds} second(s) ago.");
            return Err(
                ApiError::new(401, "EXPIRED_AUTHENTICATION", message).context("expire time", [format!("{expired:.3}")])
            );
        }
        let source = match token.person {
            Some(user) => Source { kind: SourceKind::CrmUi, id: user },
            None => Source { kind: SourceKind::Integration, id: self.app.app_id },
        };
        let mut scopes = token.scopes.clone();
        scopes.retain(|scope| !portal.switches.lost_scopes.contains(scope));
        Ok(Actor { portal: token.portal, source, scopes })
    }

    /// Whether our app was granted one of these scopes in a portal.
    pub(crate) fn app_may(&self, portal: u64, any_of: &[String]) -> bool {
        let lasting = |token: &&Token| {
            token.portal == portal && token.person.is_none() && !token.revoked && token.expires_at.is_none()
        };
        self.tokens.values().filter(lasting).any(|token| any_of.iter().any(|scope| token.scopes.contains(scope)))
    }

    /// A token's text: a word, then 32 random hexadecimal digits.
    pub(super) fn secret(&mut self, word: &str) -> String {
        format!("{word}-{:016x}{:016x}", self.random.next_u64(), self.random.next_u64())
    }

    /// `grant_type=authorization_code`.
    pub(crate) fn exchange(&mut self, code: &str, redirect_uri: &str, now: Timestamp) -> Result<Value, ApiError> {
        let Some(code) = self.codes.get(code).filter(|code| !code.used && code.expires_at > now).cloned() else {
            return Err(refused("invalid_grant", "BAD_AUTH_CODE", "missing or unknown auth code"));
        };
        if code.redirect_uri.as_ref().is_some_and(|given| given != redirect_uri) {
            return Err(refused("invalid_grant", "BAD_REDIRECT_URI", "redirect_uri does not match the auth code"));
        }
        if self.portals.get(&code.portal).is_none_or(|portal| portal.switches.portal_gone) {
            return Err(bad_hub());
        }
        self.commit(Change::Code { code: Code { used: true, ..code.clone() } });
        self.commit(Change::Installed { portal: code.portal, installed: true });
        let refresh = Token {
            text: self.secret("na1-refresh"),
            portal: code.portal,
            kind: TokenKind::Refresh,
            person: None,
            scopes: code.scopes,
            expires_at: None,
            revoked: false,
        };
        self.commit(Change::Token { token: refresh.clone() });
        Ok(self.grant(&refresh, now))
    }

    /// `grant_type=refresh_token`.
    pub(crate) fn refresh(&mut self, text: &str, now: Timestamp) -> Result<Value, ApiError> {
        let dead = "refresh token is invalid, expired or revoked";
        let known = self.tokens.get(text).filter(|token| token.kind == TokenKind::Refresh && !token.revoked).cloned();
        let token = known.ok_or_else(|| refused("invalid_grant", "BAD_REFRESH_TOKEN", dead))?;
        match self.portals.get(&token.portal) {
            None => Err(bad_hub()),
            Some(portal) if portal.switches.portal_gone => Err(bad_hub()),
            Some(portal) if !portal.installed => Err(refused("invalid_grant", "BAD_REFRESH_TOKEN", dead)),
            Some(_) => Ok(self.grant(&token, now)),
        }
    }

    fn grant(&mut self, refresh: &Token, now: Timestamp) -> Value {
        let access = Token {
            text: self.secret("access"),
            kind: TokenKind::Access,
            expires_at: Some(now + SignedDuration::from_secs(ACCESS_LIFE)),
            ..refresh.clone()
        };
        self.commit(Change::Token { token: access.clone() });
        json!({
            "token_type": "bearer",
            "access_token": access.text,
            "refresh_token": refresh.text,
            "expires_in": ACCESS_LIFE,
            "hub_id": refresh.portal,
            "user_id": INSTALLING_USER,
            "scopes": refresh.scopes,
            "token_use": "access_token",
        })
    }

    /// What introspection says of a token.
    pub(crate) fn introspect(&self, text: &str, now: Timestamp) -> Value {
        let known = self.tokens.get(text).filter(|token| !token.revoked && token.expires_at.is_none_or(|at| at > now));
        let portal = known.and_then(|token| self.portals.get(&token.portal)).filter(|portal| portal.has_app());
        let (Some(token), Some(portal)) = (known, portal) else {
            return json!({ "active": false });
        };
        let mut answer = json!({
            "active": true,
            "token": token.text,
            "hub_id": token.portal,
            "user_id": INSTALLING_USER,
            "client_id": self.app.client_id,
            "app_id": self.app.app_id,
            "user": format!("admin@{}", portal.options.hub_domain),
            "hub_domain": portal.options.hub_domain,
            "scopes": token.scopes,
            "signed_access_token": { "hublet": "na1" },
            "is_private_distribution": false,
            "token_use": match token.kind { TokenKind::Access => "access_token", TokenKind::Refresh => "refresh_token" },
            "token_type": "Bearer",
        });
        if let Some(at) = token.expires_at {
            answer["expires_in"] = json!(at.as_second() - now.as_second());
        }
        answer
    }

    /// Revokes one token; an access token made from a refresh token lives on (contract §2.4).
    pub(crate) fn revoke(&mut self, text: &str) {
        if let Some(token) = self.tokens.get(text).cloned() {
            self.commit(Change::Token { token: Token { revoked: true, ..token } });
        }
    }

    /// Removes our app from a portal: every token of it is dead at once, and it hears nothing more.
    pub(crate) fn uninstall(&mut self, portal: u64) {
        let late = self.portals.get(&portal).is_some_and(|portal| portal.switches.access_outlives_uninstall);
        let own = |token: &&Token| token.portal == portal && token.person.is_none() && token.expires_at.is_some();
        let ours = |token: &&Token| !late && own(token);
        let refresh = |token: &&Token| token.portal == portal && token.kind == TokenKind::Refresh;
        let dead: Vec<String> = self
            .tokens
            .values()
            .filter(|token| ours(token) || refresh(token))
            .map(|token| token.text.clone())
            .collect();
        for text in dead {
            self.revoke(&text);
        }
        self.commit(Change::Installed { portal, installed: false });
        self.forget_events(portal);
    }

    /// Makes the app's access tokens of a portal expire now; returns how many.
    pub(crate) fn expire_access_tokens(&mut self, portal: u64, now: Timestamp) -> usize {
        let alive = |token: &&Token| token.portal == portal && token.expires_at.is_some_and(|at| at > now);
        let tokens: Vec<Token> = self.tokens.values().filter(alive).cloned().collect();
        for token in &tokens {
            self.commit(Change::Token { token: Token { expires_at: Some(now), ..token.clone() } });
        }
        tokens.len()
    }
}

/// The account of a token is gone.
fn bad_hub() -> ApiError {
    refused("access_denied", "BAD_HUB", "missing or unknown hub id")
}

/// An error of the token endpoint (contract §2.5).
pub(crate) fn refused(error: &str, status: &str, message: &str) -> ApiError {
    let body = json!({ "error": error, "error_description": message, "status": status, "message": message });
    ApiError::with_body(400, body)
}
