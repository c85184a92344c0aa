//! Forgetting a portal: everything of it is deleted. There is no Scan, so this is where it is listed in which partitions a
//! portal has items. A story dumps the table after everything was forgotten: whoever adds a kind of item adds it here.

use std::collections::BTreeSet;

use domain::{ObjectType, PortalId};
use futures::stream::{self, StreamExt as _, TryStreamExt as _};

use crate::bindings::Pairing;
use crate::documents::document;
use crate::errands::Errand;
use crate::item::{Item, s, text};
use crate::messages::QUEUES;
use crate::{Error, Store};

/// How many items are deleted at once.
const AT_ONCE: usize = 16;

/// What a partition behind a portal's number is named by.
#[derive(Debug, Clone, Copy)]
enum Named {
    /// The kind alone.
    Alone,
    /// The object type as well.
    ByObject,
    /// The object type and the HubSpot object that it went to, now or at an earlier time.
    ByPairing,
    /// The queue.
    ByQueue,
}

/// Every kind of item that has partitions of its own; all others stand in the portal's.
const KINDS: [(&str, Named); 9] = [
    ("binding", Named::ByPairing),
    ("detail", Named::ByPairing),
    ("problem", Named::ByObject),
    ("activity", Named::Alone),
    ("execution", Named::Alone),
    ("callback", Named::Alone),
    ("request", Named::Alone),
    ("day", Named::Alone),
    ("message", Named::ByQueue),
];

/// Items of one kind that were deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Forgotten {
    /// The kind, as it stands in keys; `portal` for those that have no partition of their own.
    pub kind: &'static str,
    /// How many.
    pub items: u64,
}

impl Store {
    /// Deletes everything of a portal, and answers how many items that were. Called again after it was cut short, it goes on
    /// where it ended.
    ///
    /// The installation goes first, so that nothing begins meanwhile; work that is under way at that moment may leave traces,
    /// so a portal that is still connected should be forgotten once more after a quarter of an hour. The errand to forget it
    /// goes last.
    ///
    /// # Errors
    /// If the table fails; call it again.
    pub async fn forget_portal(&self, portal: PortalId) -> Result<u64, Error> {
        self.forget_portal_telling(portal, |_| {}).await
    }

    /// The same; tells what was deleted, kind by kind.
    ///
    /// # Errors
    /// If the table fails; call it again.
    pub async fn forget_portal_telling(&self, portal: PortalId, mut tell: impl FnMut(Forgotten)) -> Result<u64, Error> {
        let pk = portal.to_string();
        let installed = self.get_item(&pk, "installation").await?.is_some();
        self.delete_item(&pk, "installation").await?;
        let pairings = self.pairings(portal).await?;
        let mut all = 0;
        for (kind, named) in KINDS {
            let mut items = 0;
            for partition in partitions(portal, kind, named, &pairings) {
                items += self.delete_keys(self.keys(&partition).await?).await?;
            }
            tell(Forgotten { kind, items });
            all += items;
        }
        let (errand, rest): (Vec<Item>, Vec<Item>) =
            self.keys(&pk).await?.into_iter().partition(|key| text(key, "sk") == Some(Errand::Forget.sort_key()));
        let items = self.delete_keys(rest).await? + u64::from(installed);
        tell(Forgotten { kind: "portal", items });
        Ok(all + items + self.delete_keys(errand).await?)
    }

    /// Notes that bindings of a pairing may be written, so that they are found when the portal is to be forgotten.
    pub(crate) async fn note_pairing(&self, pairing: &Pairing) -> Result<(), Error> {
        let put = self
            .client
            .put_item()
            .table_name(&self.table)
            .item("pk", s(pairing.portal.to_string()))
            .item("sk", s(format!("{PAIRING}{}#{}", pairing.object, pairing.hubspot_object)));
        put.send().await.map_err(|e| Error::from_sdk(&e))?;
        Ok(())
    }

    /// The names of all pairings that a portal ever had.
    pub(crate) async fn pairings(&self, portal: PortalId) -> Result<BTreeSet<String>, Error> {
        let noted = self.query_prefix(&portal.to_string(), PAIRING).await?;
        let noted = noted.iter().filter_map(|item| text(item, "sk")?.strip_prefix(PAIRING).map(str::to_owned));
        // Settings of earlier releases noted none.
        let settings = self.query_prefix(&portal.to_string(), "settings#").await?;
        let settings = settings.iter().filter_map(|item| {
            let settings = document::<domain::ObjectSettings>(item).ok()?.value;
            Some(format!("{}#{}", settings.object, settings.hubspot_object))
        });
        Ok(noted.chain(settings).collect())
    }

    /// The keys of all items of a partition.
    pub(crate) async fn keys(&self, partition: &str) -> Result<Vec<Item>, Error> {
        let mut keys = Vec::new();
        let mut start: Option<Item> = None;
        loop {
            let query = self
                .client
                .query()
                .table_name(&self.table)
                .consistent_read(true)
                .key_condition_expression("pk = :pk")
                .projection_expression("pk, sk")
                .expression_attribute_values(":pk", s(partition))
                .set_exclusive_start_key(start.take());
            let answer = query.send().await.map_err(|e| Error::from_sdk(&e))?;
            keys.extend(answer.items.unwrap_or_default());
            start = answer.last_evaluated_key.filter(|key| !key.is_empty());
            if start.is_none() {
                return Ok(keys);
            }
        }
    }

    pub(crate) async fn delete_keys(&self, keys: Vec<Item>) -> Result<u64, Error> {
        let deletes = keys.into_iter().map(async |key| {
            let delete = self.client.delete_item().table_name(&self.table).set_key(Some(key));
            delete.send().await.map(|_| 1).map_err(|e| Error::from_sdk(&e))
        });
        stream::iter(deletes).buffer_unordered(AT_ONCE).try_fold(0, async |sum, one| Ok(sum + one)).await
    }
}

/// What the sort key of a noted pairing begins with.
const PAIRING: &str = "pairing#";

/// The partitions in which a portal may have items of a kind.
fn partitions(portal: PortalId, kind: &str, named: Named, pairings: &BTreeSet<String>) -> Vec<String> {
    match named {
        Named::Alone => vec![format!("{portal}#{kind}")],
        Named::ByObject => ObjectType::ALL.iter().map(|object| format!("{portal}#{kind}#{object}")).collect(),
        Named::ByPairing => pairings.iter().map(|pairing| format!("{portal}#{kind}#{pairing}")).collect(),
        Named::ByQueue => QUEUES.iter().map(|queue| format!("{portal}#{kind}#{queue}")).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_partition_that_the_table_of_items_names_is_known() {
        let table = include_str!("lib.rs").lines().filter_map(|line| line.split('`').nth(1));
        let named: BTreeSet<&str> = table.filter_map(|key| key.strip_prefix("{portal}#")?.split('#').next()).collect();
        let known: BTreeSet<&str> = KINDS.iter().map(|(kind, _)| *kind).collect();
        assert_eq!(named, known);
    }
}
