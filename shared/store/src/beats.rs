//! The beats of portals: which of them are to be looked at in this minute. A portal's beat is one item that is written when the
//! portal is connected and never moves, so that a turn that comes round every few minutes costs no write for coming round.
//!
//! Types whose next slot is on the beat (see `domain::schedule`) are not in the index of what is due: they are found by it. What
//! is due at any other moment is in the index.

use domain::{PortalId, schedule};
use jiff::Timestamp;

use crate::item::{Item, at, s, text};
use crate::runs::{Due, readable};
use crate::table::DUE_INDEX;
use crate::{Error, Store};

const SORT_KEY: &str = "beat";

impl Store {
    /// Gives a portal its beat. Doing it twice changes nothing.
    ///
    /// # Errors
    /// If the table fails.
    pub async fn keep_beat(&self, portal: PortalId) -> Result<(), Error> {
        let put = self
            .client
            .put_item()
            .table_name(&self.table)
            .item("pk", s(portal.to_string()))
            .item("sk", s(SORT_KEY))
            .item("due_shard", s(partition(schedule::phase(portal), schedule::due_shard(portal))))
            // The index wants a time.
            .item("due_at", at(Timestamp::UNIX_EPOCH));
        put.send().await.map_err(|e| Error::from_sdk(&e))?;
        Ok(())
    }

    /// The portals of a shard whose beat is heard in minutes of this phase.
    ///
    /// # Errors
    /// If the table fails.
    pub async fn beats(&self, phase: i64, shard: u64) -> Result<Vec<PortalId>, Error> {
        let mut portals = Vec::new();
        let mut start: Option<Item> = None;
        loop {
            let query = self
                .client
                .query()
                .table_name(&self.table)
                .index_name(DUE_INDEX)
                .key_condition_expression("due_shard = :shard")
                .expression_attribute_values(":shard", s(partition(phase, shard)))
                .set_exclusive_start_key(start.take());
            let answer = query.send().await.map_err(|e| Error::from_sdk(&e))?;
            portals.extend(answer.items().iter().filter_map(|item| text(item, "pk")?.parse::<PortalId>().ok()));
            start = answer.last_evaluated_key.filter(|key| !key.is_empty());
            if start.is_none() {
                return Ok(portals);
            }
        }
    }

    /// What of a portal is due by `now`, all of its types in one read, perhaps as it was a moment ago: who claims a slot finds out
    /// whether it is still there.
    ///
    /// # Errors
    /// If the table fails.
    pub async fn turns(&self, portal: PortalId, now: Timestamp) -> Result<Vec<Due>, Error> {
        let mut items = self.query_prefix_lately(&portal.to_string(), "run#").await?;
        // A run that was begun by hand is on no schedule.
        items.retain(|item| item.contains_key("due_at"));
        Ok(readable(&items).into_iter().filter(|due| due.due_at <= now).collect())
    }
}

fn partition(phase: i64, shard: u64) -> String {
    format!("beat#{phase}#{shard}")
}
