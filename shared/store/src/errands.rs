//! Errands: what is due for a portal as a whole, rarely. They have a partition of their own in the index of what is due,
//! so that a tick that finds none has asked once.

use domain::PortalId;
use jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::item::{Item, at, moment, s, text};
use crate::table::DUE_INDEX;
use crate::{Error, Store};

/// The partition of errands in the index of what is due.
pub(crate) const ERRANDS: &str = "errands";

/// The closed list of errands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Errand {
    /// Everything about a portal that left is to be forgotten.
    Forget,
    /// Somebody is to be told that a portal is in trouble, or well again.
    Notice,
}

/// An errand whose time has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueErrand {
    /// Whose.
    pub portal: PortalId,
    /// What.
    pub errand: Errand,
    /// Since when.
    pub due_at: Timestamp,
}

impl Errand {
    pub(crate) const fn sort_key(self) -> &'static str {
        match self {
            Self::Forget => "forget",
            Self::Notice => "notice",
        }
    }
}

impl Store {
    /// What is due, the longest due first.
    ///
    /// # Errors
    /// If the table fails.
    pub async fn errands(&self, now: Timestamp, limit: i32) -> Result<Vec<DueErrand>, Error> {
        let query = self
            .client
            .query()
            .table_name(&self.table)
            .index_name(DUE_INDEX)
            .key_condition_expression("due_shard = :shard AND due_at <= :now")
            .expression_attribute_values(":shard", s(ERRANDS))
            .expression_attribute_values(":now", at(now))
            .limit(limit);
        let answer = query.send().await.map_err(|e| Error::from_sdk(&e))?;
        answer.items().iter().map(read).collect()
    }

    /// When an errand is due; none if there is none.
    ///
    /// # Errors
    /// If the table fails.
    pub async fn errand_due(&self, portal: PortalId, errand: Errand) -> Result<Option<Timestamp>, Error> {
        let item = self.get_item(&portal.to_string(), errand.sort_key()).await?;
        item.map_or(Ok(None), |item| moment(&item, "due_at"))
    }

    /// Makes an errand, unless there is one already.
    ///
    /// # Errors
    /// If the table fails.
    pub async fn make_errand(&self, portal: PortalId, errand: Errand, due_at: Timestamp) -> Result<(), Error> {
        let put = self
            .client
            .put_item()
            .table_name(&self.table)
            .item("pk", s(portal.to_string()))
            .item("sk", s(errand.sort_key()))
            .item("due_shard", s(ERRANDS))
            .item("due_at", at(due_at))
            .condition_expression("attribute_not_exists(pk)");
        match put.send().await {
            Err(e) if !e.as_service_error().is_some_and(|e| e.is_conditional_check_failed_exception()) => {
                Err(Error::from_sdk(&e))
            }
            _ => Ok(()),
        }
    }

    /// Takes an errand that is due, until a moment at which it comes again unless it is ended or moved. False if another
    /// process took it, or it is over. While it is taken the portal cannot be installed (see [`Store::install`]) if it is
    /// being forgotten.
    ///
    /// # Errors
    /// If the table fails.
    pub async fn take_errand(&self, due: &DueErrand, until: Timestamp) -> Result<bool, Error> {
        let update = self
            .client
            .update_item()
            .table_name(&self.table)
            .key("pk", s(due.portal.to_string()))
            .key("sk", s(due.errand.sort_key()))
            .update_expression("SET due_at = :until, busy_until = :until")
            .condition_expression("due_at = :due")
            .expression_attribute_values(":until", at(until))
            .expression_attribute_values(":due", at(due.due_at));
        match update.send().await {
            Ok(_) => Ok(true),
            Err(e) if e.as_service_error().is_some_and(|e| e.is_conditional_check_failed_exception()) => Ok(false),
            Err(e) => Err(Error::from_sdk(&e)),
        }
    }

    /// Lets an errand that is there be due at another moment, with another memory if one is given.
    ///
    /// # Errors
    /// If the table fails.
    pub async fn move_errand<T: Serialize>(
        &self,
        portal: PortalId,
        errand: Errand,
        due_at: Timestamp,
        memory: Option<&T>,
    ) -> Result<(), Error> {
        let update = self
            .client
            .update_item()
            .table_name(&self.table)
            .key("pk", s(portal.to_string()))
            .key("sk", s(errand.sort_key()))
            .condition_expression("attribute_exists(pk)")
            .expression_attribute_values(":due", at(due_at));
        let update = match memory {
            None => update.update_expression("SET due_at = :due REMOVE busy_until"),
            Some(memory) => {
                let json = serde_json::to_string(memory).map_err(|e| Error::unreadable(errand.sort_key(), e))?;
                update
                    .update_expression("SET due_at = :due, doc = :doc REMOVE busy_until")
                    .expression_attribute_values(":doc", s(json))
            }
        };
        match update.send().await {
            Err(e) if !e.as_service_error().is_some_and(|e| e.is_conditional_check_failed_exception()) => {
                Err(Error::from_sdk(&e))
            }
            _ => Ok(()),
        }
    }

    /// What an errand remembers.
    ///
    /// # Errors
    /// If the table fails, or it cannot be read.
    pub async fn errand_memory<T: DeserializeOwned>(
        &self,
        portal: PortalId,
        errand: Errand,
    ) -> Result<Option<T>, Error> {
        let item = self.get_item(&portal.to_string(), errand.sort_key()).await?.unwrap_or_default();
        let read = |json| serde_json::from_str(json).map_err(|e| Error::unreadable(errand.sort_key(), e));
        text(&item, "doc").map(read).transpose()
    }

    /// An errand is done.
    ///
    /// # Errors
    /// If the table fails.
    pub async fn end_errand(&self, portal: PortalId, errand: Errand) -> Result<(), Error> {
        self.delete_item(&portal.to_string(), errand.sort_key()).await
    }
}

fn read(item: &Item) -> Result<DueErrand, Error> {
    let unreadable = || Error::unreadable(crate::item::key_of(item), "it is no errand");
    let portal = text(item, "pk").and_then(|pk| pk.parse().ok()).ok_or_else(unreadable)?;
    let errands = [Errand::Forget, Errand::Notice];
    let errand = errands.into_iter().find(|errand| text(item, "sk") == Some(errand.sort_key()));
    let due_at = moment(item, "due_at")?.ok_or_else(unreadable)?;
    Ok(DueErrand { portal, errand: errand.ok_or_else(unreadable)?, due_at })
}
