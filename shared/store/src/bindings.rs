//! Bindings: which Kleer record is which HubSpot record, and what it was last told.
//!
//! A worker *takes* the bindings of its page before it writes to HubSpot and *commits* them after: nobody else writes the
//! same record in between, and a page that comes twice finds that its work is done. A taken binding that is never committed
//! is free again when its lease ends.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::{KeysAndAttributes, Update};
use domain::{
    Base, Binding, BindingIndex, BindingSummary, Fingerprint, HubspotId, KleerId, ObjectType, PortalId, RecordState,
    RunId,
};
use jiff::Timestamp;

use crate::item::{Item, at, moment, n, number, s, text};
use crate::table::HUBSPOT_INDEX;
use crate::{Error, Store};

/// The most keys that one BatchGetItem takes.
const BATCH_GET_LIMIT: usize = 100;

/// Who has taken bindings, and until when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// Names the worker's job, so that the same job may take again after a crash.
    pub holder: String,
    /// When others may take them although this worker never came back.
    pub until: Timestamp,
}

/// The new state of one taken binding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Commit {
    /// The record.
    pub kleer_id: KleerId,
    /// What its binding becomes. The version must be one above the one that was taken.
    pub binding: Binding,
    /// The HubSpot object it lives on, for the index by HubSpot record.
    pub hubspot_object: String,
}

impl Store {
    /// What planning needs of all bindings of a type.
    ///
    /// # Errors
    /// If the table fails or an item cannot be read.
    pub async fn binding_index(&self, portal: PortalId, object: ObjectType) -> Result<BindingIndex, Error> {
        let mut index = BindingIndex::new();
        let mut start: Option<Item> = None;
        loop {
            let answer = self
                .client
                .query()
                .table_name(&self.table)
                .consistent_read(true)
                .key_condition_expression("pk = :pk")
                .projection_expression("sk, v, hid, fp, st, ffp, retry_at")
                .expression_attribute_values(":pk", s(partition(portal, object)))
                .set_exclusive_start_key(start.take())
                .send()
                .await
                .map_err(|e| Error::from_sdk(&e))?;
            for item in answer.items() {
                let binding = read(item)?;
                index.insert(id_of(item)?, summary(binding));
            }
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
    pub async fn bindings(
        &self,
        portal: PortalId,
        object: ObjectType,
        ids: &[KleerId],
    ) -> Result<HashMap<KleerId, Binding>, Error> {
        let mut found = HashMap::with_capacity(ids.len());
        for chunk in ids.chunks(BATCH_GET_LIMIT) {
            let key = |id: &KleerId| HashMap::from([key("pk", partition(portal, object)), key("sk", id.to_string())]);
            let mut wanted: Vec<Item> = chunk.iter().map(key).collect();
            while !wanted.is_empty() {
                let keys = KeysAndAttributes::builder().set_keys(Some(wanted)).consistent_read(true).build();
                let keys = keys.expect("the keys are set");
                let get = self.client.batch_get_item().request_items(&self.table, keys);
                let mut answer = get.send().await.map_err(|e| Error::from_sdk(&e))?;
                for item in answer.responses.iter().flat_map(|tables| tables.values()).flatten() {
                    found.insert(id_of(item)?, read(item)?);
                }
                let left = answer.unprocessed_keys.as_mut().and_then(|tables| tables.remove(&self.table));
                wanted = left.map(|keys| keys.keys).unwrap_or_default();
            }
        }
        Ok(found)
    }

    /// Takes the bindings that are still at the version given and that nobody else has taken; one answer per pair, in order.
    ///
    /// # Errors
    /// If the table fails; what was taken by then is free again when the lease ends.
    pub async fn take_bindings(
        &self,
        portal: PortalId,
        object: ObjectType,
        versions: &[(KleerId, u64)],
        taken: &Taken,
        now: Timestamp,
    ) -> Result<Vec<bool>, Error> {
        const FREE: &str = "(attribute_not_exists(taken_until) OR taken_until < :now OR taken_by = :holder)";
        let take = |&(id, version): &(KleerId, u64)| {
            let update =
                self.update(portal, object, id).update_expression("SET taken_by = :holder, taken_until = :until");
            let update = if version == 0 {
                update.condition_expression(format!("attribute_not_exists(v) AND {FREE}"))
            } else {
                update.condition_expression(format!("v = :v AND {FREE}")).expression_attribute_values(":v", n(version))
            };
            update
                .expression_attribute_values(":holder", s(&taken.holder))
                .expression_attribute_values(":until", at(taken.until))
                .expression_attribute_values(":now", at(now))
                .build()
                .expect("key, table and expression are set")
        };
        self.update_each(versions.iter().map(take).collect()).await
    }

    /// Writes the new state of taken bindings and frees them; false for those that were taken by somebody else meanwhile.
    ///
    /// # Errors
    /// If the table fails; what was not committed is done again by the next run.
    pub async fn commit_bindings(
        &self,
        portal: PortalId,
        object: ObjectType,
        commits: &[Commit],
        holder: &str,
    ) -> Result<Vec<bool>, Error> {
        let updates = commits.iter().map(|commit| self.commit_update(portal, object, commit, holder)).collect();
        self.update_each(updates).await
    }

    /// Frees taken bindings of which nothing was written.
    ///
    /// # Errors
    /// If the table fails; they are free again when the lease ends.
    pub async fn release_bindings(
        &self,
        portal: PortalId,
        object: ObjectType,
        ids: &[KleerId],
        holder: &str,
    ) -> Result<(), Error> {
        let release = |id: &KleerId| {
            self.update(portal, object, *id)
                .update_expression("REMOVE taken_by, taken_until")
                .condition_expression("taken_by = :holder")
                .expression_attribute_values(":holder", s(holder))
                .build()
                .expect("key, table and expression are set")
        };
        self.update_each(ids.iter().map(release).collect()).await.map(|_| ())
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

    fn update(
        &self,
        portal: PortalId,
        object: ObjectType,
        id: KleerId,
    ) -> aws_sdk_dynamodb::types::builders::UpdateBuilder {
        Update::builder().table_name(&self.table).key("pk", s(partition(portal, object))).key("sk", s(id.to_string()))
    }

    fn commit_update(&self, portal: PortalId, object: ObjectType, commit: &Commit, holder: &str) -> Update {
        let binding = &commit.binding;
        let key = binding.hubspot_id.as_ref().map(|id| hubspot_key(portal, &commit.hubspot_object, id));
        let base = Some(binding.base.to_text()).filter(|text| !text.is_empty());
        let state = Some(binding.state).filter(|state| *state != RecordState::InSync);
        let attributes = [
            ("hid", binding.hubspot_id.as_ref().map(|id| s(id.as_str()))),
            ("hubspot_key", key.map(s)),
            ("fp", binding.fingerprint.map(|fingerprint| s(fingerprint.to_text()))),
            ("base", base.map(s)),
            ("st", state.map(|state| s(state.as_str()))),
            ("run", binding.run.as_ref().map(|run| s(run.as_str()))),
            ("ffp", binding.failed_fingerprint.map(|fingerprint| s(fingerprint.to_text()))),
            ("retry_at", binding.retry_at.map(at)),
            ("failures", Some(binding.failures).filter(|count| *count > 0).map(n)),
        ];
        let mut set = vec!["v = :v".to_owned()];
        let mut remove = vec!["taken_by".to_owned(), "taken_until".to_owned()];
        let mut update = self
            .update(portal, object, commit.kleer_id)
            .condition_expression("taken_by = :holder")
            .expression_attribute_values(":holder", s(holder))
            .expression_attribute_values(":v", n(binding.version));
        for (name, value) in attributes {
            match value {
                Some(value) => {
                    set.push(format!("#{name} = :{name}"));
                    update = update.expression_attribute_values(format!(":{name}"), value);
                }
                None => remove.push(format!("#{name}")),
            }
            update = update.expression_attribute_names(format!("#{name}"), name);
        }
        let expression = format!("SET {} REMOVE {}", set.join(", "), remove.join(", "));
        update.update_expression(expression).build().expect("key, table and expression are set")
    }
}

fn key(name: &str, value: String) -> (String, aws_sdk_dynamodb::types::AttributeValue) {
    (name.to_owned(), s(value))
}

fn partition(portal: PortalId, object: ObjectType) -> String {
    format!("{portal}#binding#{object}")
}

fn hubspot_key(portal: PortalId, hubspot_object: &str, id: &HubspotId) -> String {
    format!("{portal}#{hubspot_object}#{id}")
}

fn id_of(item: &Item) -> Result<KleerId, Error> {
    let id = text(item, "sk").unwrap_or_default();
    id.parse().map_err(|e| Error::unreadable(crate::item::key_of(item), e))
}

fn read(item: &Item) -> Result<Binding, Error> {
    let fingerprint = |name: &str| text(item, name).and_then(Fingerprint::from_text);
    Ok(Binding {
        version: number(item, "v")?.unwrap_or(0),
        hubspot_id: text(item, "hid").map(|id| HubspotId(id.to_owned())),
        fingerprint: fingerprint("fp"),
        base: text(item, "base").map(Base::from_text).unwrap_or_default(),
        state: text(item, "st").and_then(RecordState::from_text).unwrap_or_default(),
        run: text(item, "run").map(|run| RunId(run.to_owned())),
        failed_fingerprint: fingerprint("ffp"),
        retry_at: moment(item, "retry_at")?,
        failures: number(item, "failures")?.unwrap_or(0),
    })
}

fn summary(binding: Binding) -> BindingSummary {
    BindingSummary {
        version: binding.version,
        hubspot_id: binding.hubspot_id,
        fingerprint: binding.fingerprint,
        state: binding.state,
        failed_fingerprint: binding.failed_fingerprint,
        retry_at: binding.retry_at,
    }
}
