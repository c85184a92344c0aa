//! Which portals installed us.

use domain::{Installation, PortalId};

use crate::documents::Versioned;
use crate::{Error, Store};

impl Store {
    /// The installation of a portal; none if it never installed us.
    ///
    /// # Errors
    /// If the table fails.
    pub async fn installation(&self, portal: PortalId) -> Result<Option<Versioned<Installation>>, Error> {
        self.get_document(&portal.to_string(), "installation").await
    }

    /// Writes an installation if it is still at `expected` (0: if there is none). False if somebody else was faster.
    ///
    /// # Errors
    /// If the table fails.
    pub async fn put_installation(&self, installation: &Installation, expected: u64) -> Result<bool, Error> {
        self.put_document(&installation.portal.to_string(), "installation", installation, expected).await
    }
}
