//! The activity list, the newest first. A line is forgotten by the table itself when its time is over.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use aws_sdk_dynamodb::types::AttributeValue;
use domain::{Activity, ActivityKind, PortalId};

use crate::documents::document;
use crate::item::{Item, n, s, text};
use crate::{Error, Store};

/// How many lines are read for one answer at most, where only some kinds are wanted: the rest is another answer's.
const MOST_READ: usize = 1_000;
/// How many lines are read at once where only some are wanted.
const READ_AT_ONCE: u16 = 100;

/// Some lines of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Activities {
    /// The newest first.
    pub lines: Vec<Activity>,
    /// Where the next older ones begin; none if there are none.
    pub before: Option<String>,
}

impl Store {
    /// Keeps a line. The same line noted twice is kept once.
    ///
    /// # Errors
    /// If the table fails.
    pub async fn note_activity(&self, portal: PortalId, activity: &Activity) -> Result<(), Error> {
        let key = sort_key(activity);
        let json = serde_json::to_string(activity).map_err(|e| Error::unreadable(&key, e))?;
        let forgotten = activity.at.as_second() + Activity::KEPT_DAYS * 24 * 60 * 60;
        let put = self.client.put_item().table_name(&self.table).item("pk", s(partition(portal))).item("sk", s(key));
        let put = put.item("doc", s(json)).item("v", n(1)).item("expires_at", n(forgotten));
        put.send().await.map_err(|e| Error::from_sdk(&e))?;
        Ok(())
    }

    /// The newest lines of a kind, or those older than where another answer ended; at most `limit`. After a long stretch of
    /// others there may be fewer, even none, although there are more: `before` says so.
    ///
    /// # Errors
    /// If the table fails or a line cannot be read.
    pub async fn activities_of(
        &self,
        portal: PortalId,
        kind: ActivityKind,
        limit: u16,
        before: Option<&str>,
    ) -> Result<Activities, Error> {
        let mut found = Activities { lines: Vec::new(), before: before.map(str::to_owned) };
        let mut read = 0;
        loop {
            let page = self.activity_items(portal, READ_AT_ONCE, found.before.as_deref()).await?;
            for (place, item) in page.items.iter().enumerate() {
                let line: Activity = document(item)?.value;
                found.before = text(item, "sk").map(str::to_owned);
                if line.kind == kind {
                    found.lines.push(line);
                }
                let is_more = page.is_more || place + 1 < page.items.len();
                if is_more && found.lines.len() >= usize::from(limit.max(1)) {
                    return Ok(found);
                }
            }
            read += page.items.len();
            if !page.is_more {
                return Ok(Activities { before: None, ..found });
            }
            if read >= MOST_READ {
                return Ok(found);
            }
        }
    }

    /// The newest lines, or those older than where another answer ended; at most `limit`.
    ///
    /// # Errors
    /// If the table fails or a line cannot be read.
    pub async fn activities(&self, portal: PortalId, limit: u16, before: Option<&str>) -> Result<Activities, Error> {
        let ItemPage { items, is_more } = self.activity_items(portal, limit, before).await?;
        let before = items.last().filter(|_| is_more).and_then(|item| text(item, "sk")).map(str::to_owned);
        let lines = items.iter().map(|item| document(item).map(|line| line.value)).collect::<Result<_, _>>()?;
        Ok(Activities { lines, before })
    }

    async fn activity_items(&self, portal: PortalId, limit: u16, before: Option<&str>) -> Result<ItemPage, Error> {
        let mut query = self
            .client
            .query()
            .table_name(&self.table)
            .consistent_read(true)
            .scan_index_forward(false)
            .limit(i32::from(limit.max(1)))
            .expression_attribute_values(":pk", s(partition(portal)));
        query = match before {
            None => query.key_condition_expression("pk = :pk"),
            Some(before) => query
                .key_condition_expression("pk = :pk AND sk < :before")
                .expression_attribute_values(":before", AttributeValue::S(before.to_owned())),
        };
        let answer = query.send().await.map_err(|e| Error::from_sdk(&e))?;
        let is_more = answer.last_evaluated_key.as_ref().is_some_and(|key| !key.is_empty());
        Ok(ItemPage { items: answer.items.unwrap_or_default(), is_more })
    }
}

/// Some items, the newest first.
struct ItemPage {
    items: Vec<Item>,
    is_more: bool,
}

/// By time; what it says tells lines of the same moment apart.
fn sort_key(activity: &Activity) -> String {
    let mut hasher = DefaultHasher::new();
    let Activity { at: _, kind, object, kleer_id, hubspot_id, message, swedish: _ } = activity;
    (*kind as u8, object, kleer_id, hubspot_id, message).hash(&mut hasher);
    format!("{:014}#{:016x}", activity.at.as_millisecond().max(0), hasher.finish())
}

fn partition(portal: PortalId) -> String {
    format!("{portal}#activity")
}
