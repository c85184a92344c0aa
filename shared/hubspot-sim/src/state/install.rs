//! Consenting to the app: the page that our own site sends people to, and the install that begins in the marketplace
//! (contract hubspot-platform §7.2).

use jiff::{SignedDuration, Timestamp};

use super::State;
use super::change::Change;
use super::error::ApiError;
use super::oauth::Code;

/// Life of an authorization code in seconds; HubSpot says "short".
const CODE_LIFE: i64 = 600;

/// What a consent page was opened with.
#[derive(Clone, Debug, Default)]
pub(crate) struct ConsentPage {
    pub(crate) portal: u64,
    pub(crate) redirect_uri: String,
    /// `scope`; all that the portal can grant when the install begins in the marketplace.
    pub(crate) scopes: Option<Vec<String>>,
    /// `optional_scope`; those that the portal cannot grant are left out.
    pub(crate) optional_scopes: Vec<String>,
    pub(crate) state: Option<String>,
    /// Where the browser is to end, in HubSpot: only where the install begins there.
    pub(crate) return_url: Option<String>,
}

impl State {
    /// A person agrees to the app in a portal. The scopes are cut down to what the portal can grant.
    pub(crate) fn consent(
        &mut self,
        portal_id: u64,
        redirect_uri: Option<String>,
        scopes: Option<Vec<String>>,
        now: Timestamp,
    ) -> Result<String, ApiError> {
        let grantable = self.portal(portal_id)?.options.scopes.clone();
        let scopes = match scopes {
            Some(asked) => asked.into_iter().filter(|scope| grantable.contains(scope)).collect(),
            None => grantable,
        };
        let text = self.secret("code");
        let expires_at = now + SignedDuration::from_secs(CODE_LIFE);
        let code = Code { text: text.clone(), portal: portal_id, redirect_uri, scopes, expires_at, used: false };
        self.commit(Change::Code { code });
        Ok(text)
    }

    /// Somebody decides on a consent page: where the browser is sent then, or the error that the page shows instead.
    pub(crate) fn decide(&mut self, page: ConsentPage, now: Timestamp) -> Result<String, ApiError> {
        let portal = self.portal(page.portal)?;
        let (declined, grantable) = (portal.switches.consent_declined, portal.options.scopes.clone());
        let known = &self.app.redirect_uris;
        if page.redirect_uri.is_empty() || (!known.is_empty() && !known.contains(&page.redirect_uri)) {
            let message = "Authorization failed because the redirect URL isn't registered with the app";
            return Err(ApiError::new(400, "BAD_REDIRECT_URI", message).context("redirect_uri", [page.redirect_uri]));
        }
        let mut scopes = page.scopes.unwrap_or_else(|| grantable.clone());
        if let Some(missing) = self.app.required_scopes.iter().find(|scope| !scopes.contains(scope)) {
            return Err(ApiError::validation(format!("the scope {missing} is required by the app")));
        }
        if let Some(missing) = scopes.iter().find(|scope| !grantable.contains(scope)) {
            return Err(ApiError::validation(format!("this account has no access to the scope {missing}")));
        }
        scopes.extend(page.optional_scopes);
        let outcome = if declined {
            vec![("error", "access_denied".to_owned()), ("error_description", "The user denied access".to_owned())]
        } else {
            vec![("code", self.consent(page.portal, Some(page.redirect_uri.clone()), Some(scopes), now)?)]
        };
        let given = [("state", page.state), ("returnUrl", page.return_url)];
        let given =
            given.into_iter().filter_map(|(name, value)| Some((name, value.filter(|value| !value.is_empty())?)));
        let query: Vec<(&str, String)> = outcome.into_iter().chain(given).collect();
        let query = serde_urlencoded::to_string(query).unwrap_or_default();
        let joint = if page.redirect_uri.contains('?') { '&' } else { '?' };
        Ok(format!("{}{joint}{query}", page.redirect_uri))
    }

    /// The page of an install that begins in the marketplace: the app's first redirect URI, all scopes, no state of the
    /// app's, and a place in HubSpot to return to (its path is a *guess*).
    pub(crate) fn marketplace_page(&self, portal: u64) -> Result<ConsentPage, ApiError> {
        let options = &self.portal(portal)?.options;
        Ok(ConsentPage {
            portal,
            redirect_uri: self.app.redirect_uris.first().cloned().unwrap_or_default(),
            return_url: Some(format!("https://{}/app-install/{portal}/finish", options.ui_domain)),
            ..ConsentPage::default()
        })
    }
}
