//! Problems of records, kept until the record is written, and how many there are.
//!
//! The number stands beside the problems, so that a page that shows it every few seconds reads one small item and not ten
//! thousand. It is moved after the problem was written; a process that is killed in between leaves it wrong by one until
//! somebody looks who finds that it is old, and counts again.

use std::time::Duration;

use aws_sdk_dynamodb::types::{ReturnValue, Select};
use domain::{KleerId, ObjectType, PortalId, Problem, schedule};
use jiff::Timestamp;

use crate::documents::document;
use crate::item::{Item, at, moment, n, number, s};
use crate::{Error, Store};

/// A number that is older than this is counted again.
const COUNTED_FOR: Duration = Duration::from_secs(60 * 60);

impl Store {
    /// All problems of one object type, by Kleer id as text.
    ///
    /// # Errors
    /// If the table fails.
    pub async fn problems(&self, portal: PortalId, object: ObjectType) -> Result<Vec<Problem>, Error> {
        let items = self.query_prefix(&partition(portal, object), "").await?;
        items.iter().map(|item| document(item).map(|problem| problem.value)).collect()
    }

    /// Keeps a problem in place of the record's earlier one.
    ///
    /// # Errors
    /// If the table fails.
    pub async fn set_problem(&self, portal: PortalId, problem: &Problem) -> Result<(), Error> {
        let id = problem.kleer_id.unwrap_or(KleerId(0)).to_string();
        let pk = partition(portal, problem.object);
        let json = serde_json::to_string(problem).map_err(|e| Error::unreadable(format!("{pk}/{id}"), e))?;
        let update = self.client.update_item().table_name(&self.table).key("pk", s(pk)).key("sk", s(id));
        let update = update
            .update_expression("SET doc = :doc ADD v :one")
            .expression_attribute_values(":doc", s(json))
            .expression_attribute_values(":one", n(1))
            .return_values(ReturnValue::UpdatedOld);
        let answer = update.send().await.map_err(|e| Error::from_sdk(&e))?;
        let is_new = !answer.attributes.is_some_and(|before| before.contains_key("v"));
        if is_new { self.move_count(portal, problem.object, 1).await } else { Ok(()) }
    }

    /// Forgets the problem of a record that is well again.
    ///
    /// # Errors
    /// If the table fails.
    pub async fn clear_problem(&self, portal: PortalId, object: ObjectType, id: KleerId) -> Result<(), Error> {
        let delete = self.client.delete_item().table_name(&self.table).return_values(ReturnValue::AllOld);
        let delete = delete.key("pk", s(partition(portal, object))).key("sk", s(id.to_string()));
        let answer = delete.send().await.map_err(|e| Error::from_sdk(&e))?;
        let was_there = answer.attributes.is_some_and(|before| !before.is_empty());
        if was_there { self.move_count(portal, object, -1).await } else { Ok(()) }
    }

    /// How many problems a type has.
    ///
    /// # Errors
    /// If the table fails.
    pub async fn count_problems(&self, portal: PortalId, object: ObjectType, now: Timestamp) -> Result<u64, Error> {
        let known = self.get_item(&portal.to_string(), &count_key(object)).await?.unwrap_or_default();
        let is_young = moment(&known, "counted_at")?.is_some_and(|counted| schedule::later(counted, COUNTED_FOR) > now);
        if is_young {
            // Two that clear the same problem at once may each believe that it was theirs.
            return Ok(number::<i64>(&known, "records")?.unwrap_or_default().max(0).unsigned_abs());
        }
        let found = self.count_again(portal, object).await?;
        self.keep_count(portal, object, &known, found, now).await?;
        Ok(found)
    }

    /// Counts them, page by page.
    async fn count_again(&self, portal: PortalId, object: ObjectType) -> Result<u64, Error> {
        let mut found = 0;
        let mut start: Option<Item> = None;
        loop {
            let query = self
                .client
                .query()
                .table_name(&self.table)
                .consistent_read(true)
                .select(Select::Count)
                .set_exclusive_start_key(start.take())
                .key_condition_expression("pk = :pk")
                .expression_attribute_values(":pk", s(partition(portal, object)));
            let answer = query.send().await.map_err(|e| Error::from_sdk(&e))?;
            found += u64::try_from(answer.count).unwrap_or_default();
            start = answer.last_evaluated_key.filter(|key| !key.is_empty());
            if start.is_none() {
                return Ok(found);
            }
        }
    }

    /// Keeps a number that was just counted, unless it was moved meanwhile: then the next who looks counts again.
    async fn keep_count(
        &self,
        portal: PortalId,
        object: ObjectType,
        before: &Item,
        found: u64,
        now: Timestamp,
    ) -> Result<(), Error> {
        let update = self.client.update_item().table_name(&self.table).key("pk", s(portal.to_string()));
        let update = update
            .key("sk", s(count_key(object)))
            .update_expression("SET records = :found, counted_at = :now ADD v :one")
            .expression_attribute_values(":found", n(found))
            .expression_attribute_values(":now", at(now))
            .expression_attribute_values(":one", n(1));
        let update = match number::<u64>(before, "v")? {
            None => update.condition_expression("attribute_not_exists(pk)"),
            Some(version) => update.condition_expression("v = :v").expression_attribute_values(":v", n(version)),
        };
        match update.send().await {
            Ok(_) => Ok(()),
            Err(e) if e.as_service_error().is_some_and(|e| e.is_conditional_check_failed_exception()) => Ok(()),
            Err(e) => Err(Error::from_sdk(&e)),
        }
    }

    async fn move_count(&self, portal: PortalId, object: ObjectType, by: i64) -> Result<(), Error> {
        let update = self.client.update_item().table_name(&self.table).key("pk", s(portal.to_string()));
        let update = update
            .key("sk", s(count_key(object)))
            .update_expression("ADD records :by, v :one")
            .expression_attribute_values(":by", n(by))
            .expression_attribute_values(":one", n(1));
        update.send().await.map_err(|e| Error::from_sdk(&e))?;
        Ok(())
    }
}

/// Where the number of a type's problems stands, beside the portal's other documents.
pub(crate) fn count_key(object: ObjectType) -> String {
    format!("problems#{object}")
}

fn partition(portal: PortalId, object: ObjectType) -> String {
    format!("{portal}#problem#{object}")
}
