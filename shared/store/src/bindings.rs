//! Bindings: which Kleer record is which HubSpot record, and what it was last told.
//!
//! A binding is two items. The *slim* one is all that planning needs, in one short text, because every poll reads all of a
//! type's and pays for each byte. The *detail* beside it is read only for records that change. Both are written together.
//!
//! A worker *takes* the bindings of its page before it writes to HubSpot and *commits* them after: nobody else writes the
//! same record in between, and a page that comes twice finds that its work is done. A taken binding that is never committed
//! is free again when its lease ends.

mod read;

use aws_sdk_dynamodb::types::Update;
use aws_sdk_dynamodb::types::builders::UpdateBuilder;
use domain::{Binding, HubspotId, KleerId, ObjectType, PortalId};
use jiff::Timestamp;

use crate::item::{at, n, s};
use crate::{Error, Store};
use crate::{children, slim};

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

    pub(crate) fn slim(&self) -> String {
        format!("{}#binding#{}#{}", self.portal, self.object, self.hubspot_object)
    }

    pub(crate) fn detail(&self) -> String {
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

fn hubspot_key(portal: PortalId, hubspot_object: &str, id: &HubspotId) -> String {
    format!("{portal}#{hubspot_object}#{id}")
}
