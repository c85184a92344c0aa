//! One-time states of installs that began on our own site: the only items whose key does not begin with a portal, because
//! nobody knows yet which one it will be. The table itself forgets those that were never used.

use jiff::Timestamp;

use crate::item::{at, moment, n, s};
use crate::{Error, Store};

impl Store {
    /// Keeps a state until `expires_at`. `key` is a hash of it: who reads the table cannot use it.
    ///
    /// # Errors
    /// If the table fails.
    pub async fn keep_oauth_state(&self, key: &str, expires_at: Timestamp) -> Result<(), Error> {
        let put = self
            .client
            .put_item()
            .table_name(&self.table)
            .item("pk", s(partition(key)))
            .item("sk", s("state"))
            .item("good_until", at(expires_at))
            .item("expires_at", n(expires_at.as_second()));
        put.send().await.map_err(|e| Error::from_sdk(&e))?;
        Ok(())
    }

    /// Uses a state up. True once, and only before it expires.
    ///
    /// # Errors
    /// If the table fails.
    pub async fn use_oauth_state(&self, key: &str, now: Timestamp) -> Result<bool, Error> {
        let delete = self
            .client
            .delete_item()
            .table_name(&self.table)
            .key("pk", s(partition(key)))
            .key("sk", s("state"))
            .condition_expression("attribute_exists(pk)")
            .return_values(aws_sdk_dynamodb::types::ReturnValue::AllOld);
        match delete.send().await {
            Ok(answer) => {
                let item = answer.attributes.unwrap_or_default();
                Ok(moment(&item, "good_until")?.is_some_and(|until| now < until))
            }
            Err(e) if e.as_service_error().is_some_and(|e| e.is_conditional_check_failed_exception()) => Ok(false),
            Err(e) => Err(Error::from_sdk(&e)),
        }
    }
}

fn partition(key: &str) -> String {
    format!("oauth_state#{key}")
}
