//! Bindings: which Kleer record is which HubSpot record, and what it was last told.
//!
//! A binding is two items. The *slim* one is all that planning needs, in one short text, because every poll reads all of a
//! type's and pays for each byte. The *detail* beside it is read only for records that change. Both are written together.
//!
//! A worker *takes* the bindings of its page before it writes to HubSpot and *commits* them after: nobody else writes the
//! same record in between, and a page that comes twice finds that its work is done. A taken binding that is never committed
//! is free again when its lease ends.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::builders::UpdateBuilder;
use aws_sdk_dynamodb::types::{KeysAndAttributes, Update};
use domain::{Base, Binding, BindingIndex, BindingSummary, HubspotId, KleerId, ObjectType, PortalId, RunId};
use jiff::Timestamp;

use crate::item::{Item, at, n, number, s, text};
use crate::table::HUBSPOT_INDEX;
use crate::{Error, Store};
use crate::{children, slim};

/// The most keys that one BatchGetItem takes.
const BATCH_GET_LIMIT: usize = 100;

/// How often keys that were left unread are asked for again.
const GET_ROUNDS: u32 = 5;

/// Which Kleer type is kept as which HubSpot object in a portal. Another HubSpot object has bindings of its own, so that
/// choosing one begins afresh and going back finds everything as it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pairing {
    /// The portal.
    pub portal: PortalId,
    /// The type in Kleer.
    pub object: ObjectType,
    /// The object in HubSpot.
    pub hubspot_object: String,
}

impl Pairing {
    /// A pairing.
    #[must_use]
    pub fn new(portal: PortalId, object: ObjectType, hubspot_object: &str) -> Self {
        Self { portal, object, hubspot_object: hubspot_object.to_owned() }
    }

    fn slim(&self) -> String {
        format!("{}#binding#{}#{}", self.portal, self.object, self.hubspot_object)
    }

    fn detail(&self) -> String {
        format!("{}#detail#{}#{}", self.portal, self.object, self.hubspot_object)
    }

    fn hubspot_key(&self, id: &HubspotId) -> String {
        hubspot_key(self.portal, &self.hubspot_object, id)
    }
}

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
}

impl Store {
    /// What planning needs of all bindings of a type.
    ///
    /// # Errors
    /// If the table fails or an item cannot be read.
    pub async fn binding_index(&self, pairing: &Pairing) -> Result<BindingIndex, Error> {
        let mut index = BindingIndex::new();
        let mut start: Option<Item> = None;
        loop {
            let answer = self
                .client
                .query()
                .table_name(&self.table)
                .consistent_read(true)
                .key_condition_expression("pk = :pk")
                .projection_expression("sk, s")
                .expression_attribute_values(":pk", s(pairing.slim()))
                .set_exclusive_start_key(start.take())
                .send()
                .await
                .map_err(|e| Error::from_sdk(&e))?;
            for item in answer.items() {
                // An item without text was taken for its first write and never committed.
                if let Some(slim) = text(item, "s") {
                    index.insert(id_of(item)?, slim::read(slim).ok_or_else(|| unreadable(item))?);
                }
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
    pub async fn bindings(&self, pairing: &Pairing, ids: &[KleerId]) -> Result<HashMap<KleerId, Binding>, Error> {
        let (slim, detail) = (pairing.slim(), pairing.detail());
        let keys = ids.iter().flat_map(|id| [keys(&slim, *id), keys(&detail, *id)]).collect();
        let (mut summaries, mut details) = (HashMap::new(), HashMap::new());
        for item in self.get_all(keys).await? {
            if text(&item, "pk") == Some(slim.as_str()) {
                let Some(text) = text(&item, "s") else { continue };
                summaries.insert(id_of(&item)?, slim::read(text).ok_or_else(|| unreadable(&item))?);
            } else {
                details.insert(id_of(&item)?, item);
            }
        }
        let whole = |(id, summary)| {
            let detail = details.remove(&id).unwrap_or_default();
            Ok((id, binding(summary, &detail)?))
        };
        summaries.into_iter().map(whole).collect()
    }

    /// What planning needs of some bindings; records without one are not in the answer.
    ///
    /// # Errors
    /// If the table fails or an item cannot be read.
    pub async fn binding_summaries(&self, pairing: &Pairing, ids: &[KleerId]) -> Result<BindingIndex, Error> {
        let slim = pairing.slim();
        let mut index = BindingIndex::new();
        for item in self.get_all(ids.iter().map(|id| keys(&slim, *id)).collect()).await? {
            if let Some(text) = text(&item, "s") {
                index.insert(id_of(&item)?, slim::read(text).ok_or_else(|| unreadable(&item))?);
            }
        }
        Ok(index)
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

    /// Takes the bindings that are still at the version given and that nobody else has taken; one answer per pair, in order.
    ///
    /// # Errors
    /// If the table fails; what was taken by then is free again when the lease ends.
    pub async fn take_bindings(
        &self,
        pairing: &Pairing,
        versions: &[(KleerId, u64)],
        taken: &Taken,
        now: Timestamp,
    ) -> Result<Vec<bool>, Error> {
        const FREE: &str = "(attribute_not_exists(taken_until) OR taken_until < :now OR taken_by = :holder)";
        let take = |&(id, version): &(KleerId, u64)| {
            let update =
                self.update(&pairing.slim(), id).update_expression("SET taken_by = :holder, taken_until = :until");
            let update = if version == 0 {
                update.condition_expression(format!("attribute_not_exists(s) AND {FREE}"))
            } else {
                update
                    .condition_expression(format!("begins_with(s, :v) AND {FREE}"))
                    .expression_attribute_values(":v", s(slim::version_prefix(version)))
            };
            let update = update
                .expression_attribute_values(":holder", s(&taken.holder))
                .expression_attribute_values(":until", at(taken.until))
                .expression_attribute_values(":now", at(now))
                .build();
            vec![update.expect("key, table and expression are set")]
        };
        self.update_each(versions.iter().map(take).collect()).await
    }

    /// Writes the new state of taken bindings and frees them; false for those that were taken by somebody else meanwhile.
    ///
    /// # Errors
    /// If the table fails; what was not committed is done again by the next run.
    pub async fn commit_bindings(
        &self,
        pairing: &Pairing,
        commits: &[Commit],
        holder: &str,
    ) -> Result<Vec<bool>, Error> {
        let both =
            |commit: &Commit| vec![self.slim_update(pairing, commit, holder), self.detail_update(pairing, commit)];
        self.update_each(commits.iter().map(both).collect()).await
    }

    /// Frees taken bindings of which nothing was written.
    ///
    /// # Errors
    /// If the table fails; they are free again when the lease ends.
    pub async fn release_bindings(&self, pairing: &Pairing, ids: &[KleerId], holder: &str) -> Result<(), Error> {
        let release = |id: &KleerId| {
            let update = self
                .update(&pairing.slim(), *id)
                .update_expression("REMOVE taken_by, taken_until")
                .condition_expression("taken_by = :holder")
                .expression_attribute_values(":holder", s(holder))
                .build();
            vec![update.expect("key, table and expression are set")]
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

    fn update(&self, partition: &str, id: KleerId) -> UpdateBuilder {
        Update::builder().table_name(&self.table).key("pk", s(partition)).key("sk", s(id.to_string()))
    }

    fn slim_update(&self, pairing: &Pairing, commit: &Commit, holder: &str) -> Update {
        self.update(&pairing.slim(), commit.kleer_id)
            .update_expression("SET s = :s REMOVE taken_by, taken_until")
            .condition_expression("taken_by = :holder")
            .expression_attribute_values(":holder", s(holder))
            .expression_attribute_values(":s", s(slim::write(&commit.binding)))
            .build()
            .expect("key, table and expression are set")
    }

    /// Everything of the detail is written anew; what has no value is removed.
    fn detail_update(&self, pairing: &Pairing, commit: &Commit) -> Update {
        let binding = &commit.binding;
        let hubspot_key = binding.hubspot_id.as_ref().map(|id| pairing.hubspot_key(id));
        let attributes = [
            ("hubspot_key", hubspot_key.map(s)),
            ("base", Some(binding.base.to_text()).filter(|text| !text.is_empty()).map(s)),
            ("run", binding.run.as_ref().map(|run| s(run.as_str()))),
            ("failures", Some(binding.failures).filter(|count| *count > 0).map(n)),
            ("rows", children::write_rows(&binding.rows).map(s)),
            ("associated", children::write_associations(&binding.associated).map(s)),
        ];
        let mut update = self.update(&pairing.detail(), commit.kleer_id);
        let (mut set, mut remove) = (Vec::new(), Vec::new());
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
        let clause = |word: &str, parts: &[String]| match parts {
            [] => String::new(),
            parts => format!("{word} {} ", parts.join(", ")),
        };
        let expression = format!("{}{}", clause("SET", &set), clause("REMOVE", &remove));
        update.update_expression(expression.trim()).build().expect("key, table and expression are set")
    }
}

fn keys(partition: &str, id: KleerId) -> Item {
    HashMap::from([("pk".to_owned(), s(partition)), ("sk".to_owned(), s(id.to_string()))])
}

fn hubspot_key(portal: PortalId, hubspot_object: &str, id: &HubspotId) -> String {
    format!("{portal}#{hubspot_object}#{id}")
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
