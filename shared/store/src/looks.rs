//! What is looked at in HubSpot on a beat of its own, per portal and object type: when the next look is due, and what the last one
//! left behind.

use aws_sdk_dynamodb::types::AttributeValue;
use domain::{ObjectType, PortalId, schedule};
use jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::documents::{Versioned, document};
use crate::item::{at, moment, s};
use crate::runs::{Due, shard_name};
use crate::{Error, Store};

/// A look at HubSpot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Look {
    /// Is everything in HubSpot as it was told?
    Verify,
    /// What was changed in HubSpot lately? For objects whose changes nobody tells us of. It comes with the portal's beat and is
    /// never due by itself.
    Search,
}

impl Look {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Verify, Self::Search];

    /// The name in keys.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Verify => "verify",
            Self::Search => "search",
        }
    }
}

impl Store {
    /// Puts a look on the schedule, unless it is on it already.
    ///
    /// # Errors
    /// If the table fails.
    pub async fn schedule_look(
        &self,
        portal: PortalId,
        object: ObjectType,
        look: Look,
        due_at: Timestamp,
    ) -> Result<(), Error> {
        let shard = s(shard_name(schedule::due_shard(portal)));
        let set = "SET due_shard = :shard, due_at = if_not_exists(due_at, :at)";
        self.update_look(portal, object, look, (set, None), &[(":shard", shard), (":at", at(due_at))]).await.map(|_| ())
    }

    /// Lets a look be due at `when` if that is earlier than it would be.
    ///
    /// # Errors
    /// If the table fails.
    pub async fn bring_look_forward(
        &self,
        portal: PortalId,
        object: ObjectType,
        look: Look,
        when: Timestamp,
    ) -> Result<(), Error> {
        let write = ("SET due_at = :at", Some("due_at > :at"));
        self.update_look(portal, object, look, write, &[(":at", at(when))]).await.map(|_| ())
    }

    /// Moves a look that is due on to `next`. False if another tick did so before, and if `due` is no look.
    ///
    /// # Errors
    /// If the table fails.
    pub async fn claim_look(&self, due: &Due, next: Timestamp) -> Result<bool, Error> {
        let Some(look) = due.look else { return Ok(false) };
        let write = ("SET due_at = :at", Some("due_at = :due"));
        self.update_look(due.portal, due.object, look, write, &[(":at", at(next)), (":due", at(due.due_at))]).await
    }

    /// When a look is due next; none if it is not on the schedule.
    ///
    /// # Errors
    /// If the table fails.
    pub async fn next_look(
        &self,
        portal: PortalId,
        object: ObjectType,
        look: Look,
    ) -> Result<Option<Timestamp>, Error> {
        let item = self.get_item(&portal.to_string(), &sort_key(object, look)).await?;
        item.map_or(Ok(None), |item| moment(&item, "due_at"))
    }

    /// What the last look left behind; none if there was none yet.
    ///
    /// # Errors
    /// If the table fails or the item cannot be read.
    pub async fn left_by_look<T: DeserializeOwned>(
        &self,
        portal: PortalId,
        object: ObjectType,
        look: Look,
    ) -> Result<Option<Versioned<T>>, Error> {
        let item = self.get_item(&portal.to_string(), &sort_key(object, look)).await?;
        item.filter(|item| item.contains_key("doc")).map(|item| document(&item)).transpose()
    }

    /// The same, perhaps as it was a moment ago, for half the price.
    ///
    /// # Errors
    /// If the table fails or the item cannot be read.
    pub async fn left_by_look_lately<T: DeserializeOwned>(
        &self,
        portal: PortalId,
        object: ObjectType,
        look: Look,
    ) -> Result<Option<Versioned<T>>, Error> {
        self.get_document_lately(&portal.to_string(), &sort_key(object, look)).await
    }

    /// Leaves something behind for the next look. Looks of a portal follow one another, so the last one counts.
    ///
    /// # Errors
    /// If the table fails.
    pub async fn leave_for_look<T: Serialize>(
        &self,
        portal: PortalId,
        object: ObjectType,
        look: Look,
        value: &T,
    ) -> Result<(), Error> {
        self.set_document(&portal.to_string(), &sort_key(object, look), value).await
    }

    /// Updates the schedule of a look; false if the condition did not hold.
    async fn update_look(
        &self,
        portal: PortalId,
        object: ObjectType,
        look: Look,
        (expression, condition): (&str, Option<&str>),
        values: &[(&str, AttributeValue)],
    ) -> Result<bool, Error> {
        let mut update = self
            .client
            .update_item()
            .table_name(&self.table)
            .key("pk", s(portal.to_string()))
            .key("sk", s(sort_key(object, look)))
            .update_expression(expression)
            .set_condition_expression(condition.map(str::to_owned));
        for (name, value) in values {
            update = update.expression_attribute_values(*name, value.clone());
        }
        match update.send().await {
            Ok(_) => Ok(true),
            Err(e) if e.as_service_error().is_some_and(|e| e.is_conditional_check_failed_exception()) => Ok(false),
            Err(e) => Err(Error::from_sdk(&e)),
        }
    }
}

fn sort_key(object: ObjectType, look: Look) -> String {
    format!("{}#{object}", look.as_str())
}
