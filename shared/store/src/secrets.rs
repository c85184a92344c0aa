//! Secrets of a portal, sealed before they get here: this crate never sees one.

use domain::PortalId;
use serde::{Deserialize, Serialize};

use crate::documents::Versioned;
use crate::{Error, Store};

/// A sealed secret: text that only the key ring opens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SealedSecret(pub String);

impl Store {
    /// A portal's secret of that name.
    ///
    /// # Errors
    /// If the table fails.
    pub async fn secret(&self, portal: PortalId, name: &str) -> Result<Option<Versioned<SealedSecret>>, Error> {
        self.get_document(&portal.to_string(), &format!("secret#{name}")).await
    }

    /// Keeps a secret in place of what was there.
    ///
    /// # Errors
    /// If the table fails.
    pub async fn set_secret(&self, portal: PortalId, name: &str, secret: &SealedSecret) -> Result<(), Error> {
        self.set_document(&portal.to_string(), &format!("secret#{name}"), secret).await
    }
}
