//! Installing, uninstalling, and what befalls tokens.

use serde_json::json;

use super::{Control, ok};
use crate::http::call::Answer;
use crate::state::error::ApiError;

impl Control<'_> {
    /// The routes below `/_sim/oauth/` and `/_sim/tokens/`.
    pub(super) fn oauth(&mut self, method: &str, segments: &[&str]) -> Result<Answer, ApiError> {
        let portal = self.portal()?;
        match (method, segments) {
            ("POST", ["oauth", "codes"]) => self.new_code(portal),
            ("GET", ["oauth", "install"]) => {
                let headers = vec![("location", self.install(portal)?)];
                Ok(Answer { status: 302, headers, ..Answer::no_content() })
            }
            ("POST", ["oauth", "install"]) => Ok(ok(json!({ "location": self.install(portal)? }))),
            ("POST", ["oauth", "uninstall"]) => {
                self.inner.state.uninstall(portal);
                Ok(Answer::no_content())
            }
            ("POST", ["tokens", "expire"]) => {
                let expired = self.inner.state.expire_access_tokens(portal, self.now);
                Ok(ok(json!({ "expired": expired })))
            }
            ("POST", ["tokens", "revoke"]) => self.revoke_token(),
            _ => Err(ApiError::bare(404, "no such control route")),
        }
    }

    /// As if a super admin had agreed on the consent page.
    fn new_code(&mut self, portal: u64) -> Result<Answer, ApiError> {
        #[derive(serde::Deserialize, Default)]
        #[serde(default, deny_unknown_fields)]
        struct Consent {
            redirect_uri: Option<String>,
            scopes: Option<Vec<String>>,
        }
        let sent: Consent = self.json()?;
        let code = self.inner.state.consent(portal, sent.redirect_uri, sent.scopes, self.now)?;
        Ok(ok(json!({ "code": code })))
    }

    /// A super admin installs the app from the marketplace: where the browser is sent.
    fn install(&mut self, portal: u64) -> Result<String, ApiError> {
        let mut page = self.inner.state.marketplace_page(portal)?;
        page.redirect_uri = self.query("redirect_uri").map_or(page.redirect_uri, str::to_owned);
        page.return_url = self.query("return_url").map(str::to_owned).or(page.return_url);
        page.state = self.query("state").map(str::to_owned);
        self.inner.state.decide(page, self.now)
    }

    fn revoke_token(&mut self) -> Result<Answer, ApiError> {
        #[derive(serde::Deserialize)]
        struct Revoke {
            token: String,
        }
        let sent: Revoke = self.json()?;
        self.inner.state.revoke(&sent.token);
        Ok(Answer::no_content())
    }
}
