//! Reading bindings: all of a type for a plan, some of them whole.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::KeysAndAttributes;
use domain::{Base, Binding, BindingIndex, BindingSummary, HubspotId, KleerId, PortalId, RunId};

use super::{Pairing, hubspot_key};
use crate::item::{Item, number, s, text};
use crate::table::HUBSPOT_INDEX;
use crate::{Error, Store};
use crate::{children, slim};

/// The most keys that one BatchGetItem takes.
const BATCH_GET_LIMIT: usize = 100;

/// How often keys that were left unread are asked for again.
const GET_ROUNDS: u32 = 5;

impl Store {
    /// What planning needs of all bindings of a type.
    ///
    /// # Errors
    /// If the table fails or an item cannot be read.
    pub async fn binding_index(&self, pairing: &Pairing) -> Result<BindingIndex, Error> {
        self.index(pairing, true).await
    }

    /// The same, perhaps as it was a moment ago (DynamoDB: usually within a second), for half the price: for plans, and for
    /// lists of what to look at.
    ///
    /// A plan may be made from an old index because it only proposes. Every version of a binding is written once and never
    /// changed, so a change that was planned from an old summary carries an old version, its binding cannot be
    /// [taken](Self::take_bindings), and it is dropped; what refers to other records is resolved again, from fresh bindings, when
    /// a page is written. What an old index lets a plan overlook, the next one sees. Whoever deletes something or decides
    /// something for good because of a binding asks for fresh ones.
    ///
    /// # Errors
    /// If the table fails or an item cannot be read.
    pub async fn planning_index(&self, pairing: &Pairing) -> Result<BindingIndex, Error> {
        self.index(pairing, false).await
    }

    async fn index(&self, pairing: &Pairing, consistent: bool) -> Result<BindingIndex, Error> {
        let mut index = BindingIndex::new();
        let mut start: Option<Item> = None;
        loop {
            let answer = self
                .client
                .query()
                .table_name(&self.table)
                .consistent_read(consistent)
                .key_condition_expression("pk = :pk")
                .projection_expression("sk, s")
                .expression_attribute_values(":pk", s(pairing.slim()))
                .set_exclusive_start_key(start.take())
                .send()
                .await
                .map_err(|e| Error::from_sdk(&e))?;
            index.extend(read_index(answer.items())?);
            start = answer.last_evaluated_key.filter(|key| !key.is_empty());
            if start.is_none() {
                return Ok(index);
            }
        }
    }

    /// Whole bindings of some records; records without one are not in the answer.
    ///
    /// # Errors
    /// If the table fails or an item cannot be read.
    pub async fn bindings(&self, pairing: &Pairing, ids: &[KleerId]) -> Result<HashMap<KleerId, Binding>, Error> {
        let (slim, detail) = (pairing.slim(), pairing.detail());
        let keys = ids.iter().flat_map(|id| [keys(&slim, *id), keys(&detail, *id)]).collect();
        let (summaries, details) =
            self.get_all(keys).await?.into_iter().partition(|item| text(item, "pk") == Some(slim.as_str()));
        whole(summaries, details)
    }

    /// Whole bindings of all records from one to another, both included. Read like this a binding costs what it is long; one by
    /// one (see [`bindings`](Self::bindings)) each costs two units.
    ///
    /// # Errors
    /// If the table fails or an item cannot be read.
    pub async fn bindings_between(
        &self,
        pairing: &Pairing,
        first: KleerId,
        last: KleerId,
    ) -> Result<HashMap<KleerId, Binding>, Error> {
        let (mut summaries, mut details) = (Vec::new(), Vec::new());
        for (first, last) in ranges(first, last) {
            // In this order: whoever goes by a version that was written meanwhile finds that he is too late.
            summaries.extend(self.read_range(&pairing.slim(), first, last).await?);
            details.extend(self.read_range(&pairing.detail(), first, last).await?);
        }
        let mut found = whole(summaries, details)?;
        // The order of keys is that of texts: 10041 stands between 1004 and 1005.
        found.retain(|id, _| (first..=last).contains(id));
        Ok(found)
    }

    /// What planning needs of some bindings; records without one are not in the answer.
    ///
    /// # Errors
    /// If the table fails or an item cannot be read.
    pub async fn binding_summaries(&self, pairing: &Pairing, ids: &[KleerId]) -> Result<BindingIndex, Error> {
        let slim = pairing.slim();
        read_index(&self.get_all(ids.iter().map(|id| keys(&slim, *id)).collect()).await?)
    }

    async fn read_range(&self, partition: &str, first: i64, last: i64) -> Result<Vec<Item>, Error> {
        let mut found = Vec::new();
        let mut start: Option<Item> = None;
        loop {
            let query = self
                .client
                .query()
                .table_name(&self.table)
                .consistent_read(true)
                .key_condition_expression("pk = :pk AND sk BETWEEN :first AND :last")
                .expression_attribute_values(":pk", s(partition))
                .expression_attribute_values(":first", s(first.to_string()))
                .expression_attribute_values(":last", s(last.to_string()))
                .set_exclusive_start_key(start.take());
            let answer = query.send().await.map_err(|e| Error::from_sdk(&e))?;
            found.extend(answer.items.unwrap_or_default());
            start = answer.last_evaluated_key.filter(|key| !key.is_empty());
            if start.is_none() {
                return Ok(found);
            }
        }
    }

    /// Items by their keys, in any order.
    async fn get_all(&self, keys: Vec<Item>) -> Result<Vec<Item>, Error> {
        let mut found = Vec::with_capacity(keys.len());
        for chunk in keys.chunks(BATCH_GET_LIMIT) {
            let mut wanted = chunk.to_vec();
            let mut rounds = 0;
            while !wanted.is_empty() {
                rounds += 1;
                if rounds > GET_ROUNDS {
                    return Err(Error::Unavailable("it keeps leaving keys of a batch unread: throttled".to_owned()));
                }
                let keys = KeysAndAttributes::builder().set_keys(Some(wanted)).consistent_read(true).build();
                let keys = keys.expect("the keys are set");
                let get = self.client.batch_get_item().request_items(&self.table, keys);
                let mut answer = get.send().await.map_err(|e| Error::from_sdk(&e))?;
                found.extend(answer.responses.into_iter().flat_map(HashMap::into_values).flatten());
                let left = answer.unprocessed_keys.as_mut().and_then(|tables| tables.remove(&self.table));
                wanted = left.map(|keys| keys.keys).unwrap_or_default();
            }
        }
        Ok(found)
    }

    /// The Kleer record that a HubSpot record is bound to.
    ///
    /// # Errors
    /// If the table fails.
    pub async fn bound_to(
        &self,
        portal: PortalId,
        hubspot_object: &str,
        hubspot_id: &HubspotId,
    ) -> Result<Option<KleerId>, Error> {
        let answer = self
            .client
            .query()
            .table_name(&self.table)
            .index_name(HUBSPOT_INDEX)
            .key_condition_expression("hubspot_key = :key")
            .expression_attribute_values(":key", s(hubspot_key(portal, hubspot_object, hubspot_id)))
            .limit(1)
            .send()
            .await
            .map_err(|e| Error::from_sdk(&e))?;
        answer.items().first().map(id_of).transpose()
    }
}

/// Ids in ranges of as many digits each, because keys are texts. Kleer's ids are above zero.
fn ranges(first: KleerId, last: KleerId) -> Vec<(i64, i64)> {
    let (mut from, last) = (first.0.max(1), last.0);
    let mut ranges = Vec::new();
    while from <= last {
        let digits = from.ilog10() + 1;
        let to = 10_i64.checked_pow(digits).map_or(last, |next| last.min(next - 1));
        ranges.push((from, to));
        from = to.saturating_add(1);
        if to == i64::MAX {
            break;
        }
    }
    ranges
}

/// Summaries by their ids.
fn read_index(items: &[Item]) -> Result<BindingIndex, Error> {
    let mut index = BindingIndex::new();
    for item in items {
        // An item without text was taken for its first write and never committed.
        if let Some(slim) = text(item, "s") {
            index.insert(id_of(item)?, slim::read(slim).ok_or_else(|| unreadable(item))?);
        }
    }
    Ok(index)
}

/// Bindings from their two halves.
fn whole(summaries: Vec<Item>, details: Vec<Item>) -> Result<HashMap<KleerId, Binding>, Error> {
    let details = details.into_iter().map(|item| Ok((id_of(&item)?, item)));
    let mut details = details.collect::<Result<HashMap<KleerId, Item>, Error>>()?;
    let whole = |(id, summary)| {
        let detail = details.remove(&id).unwrap_or_default();
        Ok((id, binding(summary, &detail)?))
    };
    read_index(&summaries)?.into_iter().map(whole).collect()
}

fn keys(partition: &str, id: KleerId) -> Item {
    HashMap::from([("pk".to_owned(), s(partition)), ("sk".to_owned(), s(id.to_string()))])
}

fn id_of(item: &Item) -> Result<KleerId, Error> {
    let id = text(item, "sk").unwrap_or_default();
    id.parse().map_err(|e| Error::unreadable(crate::item::key_of(item), e))
}

fn unreadable(item: &Item) -> Error {
    Error::unreadable(crate::item::key_of(item), "its text is not that of a binding")
}

fn binding(summary: BindingSummary, detail: &Item) -> Result<Binding, Error> {
    let BindingSummary {
        version,
        hubspot_id,
        fingerprint,
        state,
        failed_fingerprint,
        retry_at,
        open_since,
        number: name,
    } = summary;
    Ok(Binding {
        version,
        hubspot_id,
        fingerprint,
        state,
        failed_fingerprint,
        retry_at,
        base: text(detail, "base").map(Base::from_text).unwrap_or_default(),
        run: text(detail, "run").map(|run| RunId(run.to_owned())),
        failures: number(detail, "failures")?.unwrap_or(0),
        rows: text(detail, "rows").map(children::read_rows).unwrap_or_default(),
        associated: text(detail, "associated").map(children::read_associations).unwrap_or_default(),
        number: name,
        open_since,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_have_as_many_digits() {
        let check = |first, last| ranges(KleerId(first), KleerId(last));
        assert_eq!(check(1004, 1103), [(1004, 1103)]);
        assert_eq!(check(980, 10_020), [(980, 999), (1000, 9_999), (10_000, 10_020)]);
        assert_eq!(check(7, 7), [(7, 7)]);
        assert_eq!(check(8, 7), []);
        assert_eq!(check(-3, 2), [(1, 2)]);
        assert_eq!(check(i64::MAX - 1, i64::MAX), [(i64::MAX - 1, i64::MAX)]);
    }
}
