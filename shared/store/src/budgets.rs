//! The rate budgets that all processes of a portal share.

use domain::PortalId;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::documents::Versioned;
use crate::{Error, Store};

impl Store {
    /// The state of one budget; `service` names it.
    ///
    /// # Errors
    /// If the table fails.
    pub async fn budget<T: DeserializeOwned>(
        &self,
        portal: PortalId,
        service: &str,
    ) -> Result<Option<Versioned<T>>, Error> {
        self.get_document(&portal.to_string(), &format!("budget#{service}")).await
    }

    /// Takes from a budget: writes its new state if nobody took from it since it was read. False if somebody did.
    ///
    /// # Errors
    /// If the table fails.
    pub async fn put_budget<T: Serialize>(
        &self,
        portal: PortalId,
        service: &str,
        state: &T,
        expected: u64,
    ) -> Result<bool, Error> {
        self.put_document(&portal.to_string(), &format!("budget#{service}"), state, expected).await
    }
}
