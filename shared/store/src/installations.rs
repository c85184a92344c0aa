//! Which portals installed us. What must change together with an installation, its credentials most of all, changes in one
//! transaction: a portal is never disconnected and in possession of credentials, and a worker that found an old
//! connection dead never touches a new one.

use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::{Delete, Put, TransactWriteItem, Update};
use domain::{Installation, ObjectType, PortalId};
use jiff::Timestamp;
use serde::Serialize;

use crate::documents::Versioned;
use crate::errands::{ERRANDS, Errand};
use crate::item::{at, moment, n, s};
use crate::secrets::{self, HubspotTokens, TOKENS};
use crate::{Error, Pairing, Store};

const INSTALLATION: &str = "installation";

/// How a type of a portal stands with its schedule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// HubSpot is true to Kleer as of then: when the last run that did all its work began, or when the type was first due; none
    /// if it never was.
    pub true_at: Option<Timestamp>,
    /// Until when a run that goes on need not show a sign of life; none if none goes on.
    pub lease_until: Option<Timestamp>,
}

impl Store {
    /// The installation of a portal; none if it never installed us.
    ///
    /// # Errors
    /// If the table fails.
    pub async fn installation(&self, portal: PortalId) -> Result<Option<Versioned<Installation>>, Error> {
        self.get_document(&portal.to_string(), INSTALLATION).await
    }

    /// The same, perhaps as it was a moment ago, for half the price: for looking whether there is
    /// anything to do.
    ///
    /// # Errors
    /// If the table fails.
    pub async fn installation_lately(&self, portal: PortalId) -> Result<Option<Versioned<Installation>>, Error> {
        self.get_document_lately(&portal.to_string(), INSTALLATION).await
    }

    /// Writes an installation if it is still at `expected` (0: if there is none). False if somebody else was faster.
    ///
    /// # Errors
    /// If the table fails.
    pub async fn put_installation(&self, installation: &Installation, expected: u64) -> Result<bool, Error> {
        self.put_document(&installation.portal.to_string(), INSTALLATION, installation, expected).await
    }

    /// A portal installs, or installs again: its installation if it is still at `expected` (0: if there is none), its tokens in
    /// place of what was there, and nothing will be forgotten any more. False if somebody else was faster, or the portal is
    /// being forgotten at this moment.
    ///
    /// # Errors
    /// If the table fails.
    pub async fn install(
        &self,
        installation: &Installation,
        tokens: &HubspotTokens,
        expected: u64,
        now: Timestamp,
    ) -> Result<bool, Error> {
        let pk = installation.portal.to_string();
        let forget = Delete::builder()
            .table_name(&self.table)
            .key("pk", s(&pk))
            .key("sk", s(Errand::Forget.sort_key()))
            .condition_expression("attribute_not_exists(busy_until) OR busy_until < :now")
            .expression_attribute_values(":now", at(now));
        self.all_or_none(vec![
            TransactWriteItem::builder().put(self.installation_put(installation, expected)?).build(),
            // Whoever renews tokens at this moment sees by the version that they are others.
            TransactWriteItem::builder().update(self.document_update(&pk, TOKENS, tokens)?).build(),
            TransactWriteItem::builder().delete(built(forget.build())?).build(),
        ])
        .await
    }

    /// A portal is disconnected, if its installation is still at `expected`: its credentials are forgotten, everything else is
    /// due to be forgotten at `forget_at`, and the notice is due at once. False if somebody else was faster.
    ///
    /// # Errors
    /// If the table fails.
    pub async fn disconnect(
        &self,
        installation: &Installation,
        expected: u64,
        names: &[&str],
        forget_at: Timestamp,
        now: Timestamp,
    ) -> Result<bool, Error> {
        let pk = installation.portal.to_string();
        let mut writes = vec![TransactWriteItem::builder().put(self.installation_put(installation, expected)?).build()];
        let secrets = names.iter().map(|name| secrets::sort_key(name)).chain([TOKENS.to_owned()]);
        for sk in secrets {
            let delete = Delete::builder().table_name(&self.table).key("pk", s(&pk)).key("sk", s(sk));
            writes.push(TransactWriteItem::builder().delete(built(delete.build())?).build());
        }
        for (errand, due_at) in [(Errand::Forget, forget_at), (Errand::Notice, now)] {
            let update = Update::builder()
                .table_name(&self.table)
                .key("pk", s(&pk))
                .key("sk", s(errand.sort_key()))
                .update_expression("SET due_shard = :shard, due_at = :due")
                .expression_attribute_values(":shard", s(ERRANDS))
                .expression_attribute_values(":due", at(due_at));
            writes.push(TransactWriteItem::builder().update(built(update.build())?).build());
        }
        self.all_or_none(writes).await
    }

    /// Whether any record of a pairing is bound.
    ///
    /// # Errors
    /// If the table fails.
    pub async fn has_bindings(&self, pairing: &Pairing) -> Result<bool, Error> {
        let query = self
            .client
            .query()
            .table_name(&self.table)
            .consistent_read(true)
            .key_condition_expression("pk = :pk")
            .expression_attribute_values(":pk", s(pairing.slim()))
            .limit(1);
        let answer = query.send().await.map_err(|e| Error::from_sdk(&e))?;
        Ok(answer.count() > 0)
    }

    /// How a type of a portal stands with its schedule.
    ///
    /// # Errors
    /// If the table fails.
    pub async fn standing(&self, portal: PortalId, object: ObjectType) -> Result<Standing, Error> {
        let item = self.get_item(&portal.to_string(), &format!("run#{object}")).await?.unwrap_or_default();
        Ok(Standing { true_at: moment(&item, "true_at")?, lease_until: moment(&item, "lease_until")? })
    }

    fn installation_put(&self, installation: &Installation, expected: u64) -> Result<Put, Error> {
        let put = Put::builder()
            .table_name(&self.table)
            .item("pk", s(installation.portal.to_string()))
            .item("sk", s(INSTALLATION))
            .item("doc", s(json(installation)?))
            .item("v", n(expected + 1));
        let put = if expected == 0 {
            put.condition_expression("attribute_not_exists(pk)")
        } else {
            put.condition_expression("v = :v").expression_attribute_values(":v", n(expected))
        };
        built(put.build())
    }

    fn document_update<T: Serialize>(&self, pk: &str, sk: &str, value: &T) -> Result<Update, Error> {
        let update = Update::builder()
            .table_name(&self.table)
            .key("pk", s(pk))
            .key("sk", s(sk))
            .update_expression("SET doc = :doc ADD v :one")
            .expression_attribute_values(":doc", s(json(value)?))
            .expression_attribute_values(":one", n(1));
        built(update.build())
    }

    /// One transaction. False if a condition failed.
    async fn all_or_none(&self, writes: Vec<TransactWriteItem>) -> Result<bool, Error> {
        let Err(error) = self.client.transact_write_items().set_transact_items(Some(writes)).send().await else {
            return Ok(true);
        };
        let refused = match error.as_service_error() {
            Some(TransactWriteItemsError::TransactionCanceledException(cancelled)) => {
                cancelled.cancellation_reasons().iter().any(|reason| reason.code() == Some("ConditionalCheckFailed"))
            }
            _ => false,
        };
        if refused { Ok(false) } else { Err(Error::from_sdk(&error)) }
    }
}

fn json<T: Serialize>(value: &T) -> Result<String, Error> {
    serde_json::to_string(value).map_err(|e| Error::unreadable("installation", e))
}

/// Every builder here is given all its parts.
fn built<T, E: std::fmt::Display>(built: Result<T, E>) -> Result<T, Error> {
    built.map_err(|e| Error::unreadable("installation", e))
}
