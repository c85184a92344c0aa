//! Items that are one document: JSON in `doc`, a version beside it.

use aws_sdk_dynamodb::types::AttributeValue;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::Store;
use crate::error::Error;
use crate::item::{Item, n, number, s, text};

/// A document with the version under which it may be replaced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Versioned<T> {
    /// Counts the writes, from 1.
    pub version: u64,
    /// The document.
    pub value: T,
}

impl Store {
    pub(crate) async fn get_item(&self, pk: &str, sk: &str) -> Result<Option<Item>, Error> {
        self.get_item_as(pk, sk, true).await
    }

    async fn get_item_as(&self, pk: &str, sk: &str, consistent: bool) -> Result<Option<Item>, Error> {
        let answer = self
            .client
            .get_item()
            .table_name(&self.table)
            .key("pk", s(pk))
            .key("sk", s(sk))
            .consistent_read(consistent)
            .send()
            .await
            .map_err(|e| Error::from_sdk(&e))?;
        Ok(answer.item)
    }

    pub(crate) async fn delete_item(&self, pk: &str, sk: &str) -> Result<(), Error> {
        let delete = self.client.delete_item().table_name(&self.table).key("pk", s(pk)).key("sk", s(sk));
        delete.send().await.map_err(|e| Error::from_sdk(&e))?;
        Ok(())
    }

    pub(crate) async fn get_document<T: DeserializeOwned>(
        &self,
        pk: &str,
        sk: &str,
    ) -> Result<Option<Versioned<T>>, Error> {
        let Some(item) = self.get_item(pk, sk).await? else { return Ok(None) };
        document(&item).map(Some)
    }

    /// A document, perhaps as it was a moment ago, for half the price: for looking whether there is anything to do.
    pub(crate) async fn get_document_lately<T: DeserializeOwned>(
        &self,
        pk: &str,
        sk: &str,
    ) -> Result<Option<Versioned<T>>, Error> {
        let Some(item) = self.get_item_as(pk, sk, false).await? else { return Ok(None) };
        document(&item).map(Some)
    }

    /// Writes a document if it is still at the version that was read (0: if it is not there). False if it is not.
    pub(crate) async fn put_document<T: Serialize>(
        &self,
        pk: &str,
        sk: &str,
        value: &T,
        expected: u64,
    ) -> Result<bool, Error> {
        let json = serde_json::to_string(value).map_err(|e| Error::unreadable(format!("{pk}/{sk}"), e))?;
        let put = self
            .client
            .put_item()
            .table_name(&self.table)
            .item("pk", s(pk))
            .item("sk", s(sk))
            .item("doc", s(json))
            .item("v", n(expected + 1));
        let put = if expected == 0 {
            put.condition_expression("attribute_not_exists(pk)")
        } else {
            put.condition_expression("v = :v").expression_attribute_values(":v", n(expected))
        };
        match put.send().await {
            Ok(_) => Ok(true),
            Err(e) if e.as_service_error().is_some_and(|e| e.is_conditional_check_failed_exception()) => Ok(false),
            Err(e) => Err(Error::from_sdk(&e)),
        }
    }

    /// Writes a document whatever was there; only for facts that anybody would write the same.
    pub(crate) async fn set_document<T: Serialize>(&self, pk: &str, sk: &str, value: &T) -> Result<(), Error> {
        let json = serde_json::to_string(value).map_err(|e| Error::unreadable(format!("{pk}/{sk}"), e))?;
        self.client
            .update_item()
            .table_name(&self.table)
            .key("pk", s(pk))
            .key("sk", s(sk))
            .update_expression("SET doc = :doc ADD v :one")
            .expression_attribute_values(":doc", s(json))
            .expression_attribute_values(":one", n(1))
            .send()
            .await
            .map_err(|e| Error::from_sdk(&e))?;
        Ok(())
    }

    /// All items of a partition whose sort key begins with `prefix`, page by page.
    pub(crate) async fn query_prefix(&self, pk: &str, prefix: &str) -> Result<Vec<Item>, Error> {
        self.query_prefix_as(pk, prefix, true).await
    }

    /// The same, perhaps as it was a moment ago, for half the price.
    pub(crate) async fn query_prefix_lately(&self, pk: &str, prefix: &str) -> Result<Vec<Item>, Error> {
        self.query_prefix_as(pk, prefix, false).await
    }

    async fn query_prefix_as(&self, pk: &str, prefix: &str, consistent: bool) -> Result<Vec<Item>, Error> {
        let mut items = Vec::new();
        let mut start: Option<Item> = None;
        loop {
            let mut query = self
                .client
                .query()
                .table_name(&self.table)
                .consistent_read(consistent)
                .set_exclusive_start_key(start.take())
                .expression_attribute_values(":pk", s(pk));
            query = if prefix.is_empty() {
                query.key_condition_expression("pk = :pk")
            } else {
                query
                    .key_condition_expression("pk = :pk AND begins_with(sk, :sk)")
                    .expression_attribute_values(":sk", AttributeValue::S(prefix.to_owned()))
            };
            let answer = query.send().await.map_err(|e| Error::from_sdk(&e))?;
            items.extend(answer.items.unwrap_or_default());
            start = answer.last_evaluated_key.filter(|key| !key.is_empty());
            if start.is_none() {
                return Ok(items);
            }
        }
    }
}

/// Reads the document of an item.
pub(crate) fn document<T: DeserializeOwned>(item: &Item) -> Result<Versioned<T>, Error> {
    let key = || crate::item::key_of(item);
    let json = text(item, "doc").ok_or_else(|| Error::unreadable(key(), "it has no document"))?;
    let value = serde_json::from_str(json).map_err(|e| Error::unreadable(key(), e))?;
    Ok(Versioned { version: number(item, "v")?.unwrap_or(1), value })
}
