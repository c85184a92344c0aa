//! Secrets of a portal, sealed before they get here: this crate never sees one.

use domain::PortalId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::documents::{Versioned, document};
use crate::item::text;
use crate::{Error, Store};

/// What the sort keys of secrets begin with.
const SECRET: &str = "secret#";

/// The sort key of a portal's tokens to HubSpot.
pub(crate) const TOKENS: &str = "secret#hubspot_tokens";

/// A sealed secret: text that only the key ring opens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SealedSecret(pub String);

/// A portal's tokens to HubSpot, and who renews them: one item, so that one conditional write decides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HubspotTokens {
    /// What goes with every request.
    pub access: SealedSecret,
    /// What a new access token is asked for with; none with a static token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refresh: Option<SealedSecret>,
    /// When the access token was issued.
    pub issued_at: Timestamp,
    /// Until when it is good; none if it never ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Timestamp>,
    /// Somebody renews it, until then at the latest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub renewing_until: Option<Timestamp>,
    /// It could not be renewed, and nobody tries again before then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_before: Option<Timestamp>,
}

impl Store {
    /// A portal's secret of that name.
    ///
    /// # Errors
    /// If the table fails.
    pub async fn secret(&self, portal: PortalId, name: &str) -> Result<Option<Versioned<SealedSecret>>, Error> {
        self.get_document(&portal.to_string(), &sort_key(name)).await
    }

    /// A portal's secret of that name and its tokens, in one read.
    ///
    /// # Errors
    /// If the table fails.
    pub async fn credentials(
        &self,
        portal: PortalId,
        name: &str,
    ) -> Result<(Option<Versioned<SealedSecret>>, Option<Versioned<HubspotTokens>>), Error> {
        let items = self.query_prefix(&portal.to_string(), SECRET).await?;
        let named = |sk: &str| items.iter().find(|item| text(item, "sk") == Some(sk));
        let secret = named(&sort_key(name)).map(document).transpose()?;
        Ok((secret, named(TOKENS).map(document).transpose()?))
    }

    /// Keeps a secret in place of what was there.
    ///
    /// # Errors
    /// If the table fails.
    pub async fn set_secret(&self, portal: PortalId, name: &str, secret: &SealedSecret) -> Result<(), Error> {
        self.set_document(&portal.to_string(), &sort_key(name), secret).await
    }

    /// A portal's tokens to HubSpot; none if it is not connected.
    ///
    /// # Errors
    /// If the table fails.
    pub async fn hubspot_tokens(&self, portal: PortalId) -> Result<Option<Versioned<HubspotTokens>>, Error> {
        self.get_document(&portal.to_string(), TOKENS).await
    }

    /// The same, perhaps as they were a moment ago, for half the price.
    ///
    /// # Errors
    /// If the table fails.
    pub async fn hubspot_tokens_lately(&self, portal: PortalId) -> Result<Option<Versioned<HubspotTokens>>, Error> {
        self.get_document_lately(&portal.to_string(), TOKENS).await
    }

    /// Replaces tokens that are still at `expected`. False if somebody else was faster, or they are gone.
    ///
    /// # Errors
    /// If the table fails.
    pub async fn put_hubspot_tokens(
        &self,
        portal: PortalId,
        tokens: &HubspotTokens,
        expected: u64,
    ) -> Result<bool, Error> {
        self.put_document(&portal.to_string(), TOKENS, tokens, expected).await
    }
}

pub(crate) fn sort_key(name: &str) -> String {
    format!("{SECRET}{name}")
}
