//! The rate budgets that all processes of a portal share.

use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use aws_sdk_dynamodb::types::ReturnValue;
use domain::PortalId;
use jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::documents::Versioned;
use crate::item::{at, n, number, s};
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
        self.get_document(&portal.to_string(), &sort_key(service)).await
    }

    /// Takes from a budget that nobody is using: writes its new state if it was free again by `now`, whoever used it last.
    /// `free_at` is when it will be free again. Answers the version of what was written; none if somebody is using it.
    ///
    /// A process that has not seen the budget for a while needs no read before it: most reservations are this one write.
    ///
    /// # Errors
    /// If the table fails.
    pub async fn take_free_budget<T: Serialize>(
        &self,
        portal: PortalId,
        service: &str,
        state: &T,
        free_at: Timestamp,
        now: Timestamp,
    ) -> Result<Option<u64>, Error> {
        let update = self
            .budget_update(portal, service, state, free_at)?
            .condition_expression("attribute_not_exists(pk) OR free_at <= :now")
            .expression_attribute_values(":now", at(now));
        version_of(update).await
    }

    /// Takes from a budget that is in use: writes its new state if nobody took from it since it was at version `expected`.
    /// Answers the new version; none if somebody did.
    ///
    /// # Errors
    /// If the table fails.
    pub async fn take_budget<T: Serialize>(
        &self,
        portal: PortalId,
        service: &str,
        state: &T,
        free_at: Timestamp,
        expected: u64,
    ) -> Result<Option<u64>, Error> {
        let update = self
            .budget_update(portal, service, state, free_at)?
            .condition_expression("v = :expected")
            .expression_attribute_values(":expected", n(expected));
        version_of(update).await
    }

    fn budget_update<T: Serialize>(
        &self,
        portal: PortalId,
        service: &str,
        state: &T,
        free_at: Timestamp,
    ) -> Result<UpdateItemFluentBuilder, Error> {
        let (pk, sk) = (portal.to_string(), sort_key(service));
        let json = serde_json::to_string(state).map_err(|e| Error::unreadable(format!("{pk}/{sk}"), e))?;
        Ok(self
            .client
            .update_item()
            .table_name(&self.table)
            .key("pk", s(pk))
            .key("sk", s(sk))
            .update_expression("SET doc = :doc, free_at = :free_at ADD v :one")
            .expression_attribute_values(":doc", s(json))
            .expression_attribute_values(":free_at", at(free_at))
            .expression_attribute_values(":one", n(1))
            .return_values(ReturnValue::UpdatedNew))
    }
}

fn sort_key(service: &str) -> String {
    format!("budget#{service}")
}

/// Sends an update; the version it made, or none if its condition failed.
async fn version_of(update: UpdateItemFluentBuilder) -> Result<Option<u64>, Error> {
    match update.send().await {
        Ok(answer) => number(&answer.attributes.unwrap_or_default(), "v"),
        Err(e) if e.as_service_error().is_some_and(|e| e.is_conditional_check_failed_exception()) => Ok(None),
        Err(e) => Err(Error::from_sdk(&e)),
    }
}
