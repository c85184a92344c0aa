//! When an object type of a portal is due, and how its current run stands: one item, so that one conditional write decides.

mod counts;

use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue};
use domain::{ObjectType, PortalId, RunId, SyncReport, Tally, schedule};
use jiff::Timestamp;

use crate::item::{Item, at, moment, n, number, s, text};
use crate::looks::Look;
use crate::table::DUE_INDEX;
use crate::{Error, Store};
use counts::{COUNTS, added, read_report, run_of, with_counts};

/// Something whose time has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// Whose.
    pub portal: PortalId,
    /// What.
    pub object: ObjectType,
    /// A look at HubSpot; none if it is the turn of a poll.
    pub look: Option<Look>,
    /// Since when; names the slot.
    pub due_at: Timestamp,
}

/// How a type of a portal stood when its slot was claimed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Turn {
    /// HubSpot is true to Kleer as of then: when the last run that did all its work began, or when the type was first due.
    pub true_at: Option<Timestamp>,
    /// Records that the last run could not write.
    pub failing: u64,
}

impl Store {
    /// Puts an object type on the schedule, unless it is on it already.
    ///
    /// # Errors
    /// If the table fails.
    pub async fn schedule(&self, portal: PortalId, object: ObjectType, due_at: Timestamp) -> Result<(), Error> {
        // By the index the first time, by the portal's beat ever after.
        self.keep_beat(portal).await?;
        let update = self
            .run_update(portal, object)
            .update_expression(
                "SET due_shard = :shard, due_at = if_not_exists(due_at, :due), true_at = if_not_exists(true_at, :due)",
            )
            .expression_attribute_values(":shard", s(shard_name(schedule::due_shard(portal))))
            .expression_attribute_values(":due", at(due_at));
        conditional(update).await.map(|_| ())
    }

    /// What is due in one shard, the longest due first.
    ///
    /// # Errors
    /// If the table fails.
    pub async fn due(&self, shard: u64, now: Timestamp, limit: i32) -> Result<Vec<Due>, Error> {
        let answer = self
            .client
            .query()
            .table_name(&self.table)
            .index_name(DUE_INDEX)
            .key_condition_expression("due_shard = :shard AND due_at <= :now")
            .expression_attribute_values(":shard", s(shard_name(shard)))
            .expression_attribute_values(":now", at(now))
            .limit(limit)
            .send()
            .await
            .map_err(|e| Error::from_sdk(&e))?;
        Ok(readable(answer.items()))
    }

    /// Moves a due slot on to `next`. None if another tick did so before.
    ///
    /// A slot on the portal's beat leaves the index of what is due, where every move costs two units more.
    ///
    /// # Errors
    /// If the table fails.
    pub async fn claim_slot(&self, due: &Due, next: Timestamp) -> Result<Option<Turn>, Error> {
        let update = self
            .run_update(due.portal, due.object)
            .condition_expression("due_at = :due")
            .expression_attribute_values(":next", at(next))
            .expression_attribute_values(":due", at(due.due_at));
        let update = if schedule::is_on_beat(due.portal, next) {
            update.update_expression("SET due_at = :next REMOVE due_shard")
        } else {
            indexed(update, "SET due_at = :next", due.portal)
        };
        let turn = |item: Item| {
            let failing = number(&item, "c_failed")?.unwrap_or_default();
            Ok(Turn { true_at: moment(&item, "true_at")?, failing })
        };
        conditional(update).await?.map(turn).transpose()
    }

    /// Lets an object type be due at `when` if that is earlier than it would be.
    ///
    /// # Errors
    /// If the table fails.
    pub async fn bring_forward(&self, portal: PortalId, object: ObjectType, when: Timestamp) -> Result<(), Error> {
        let update = self
            .run_update(portal, object)
            .condition_expression("due_at > :when")
            .expression_attribute_values(":when", at(when));
        conditional(indexed(update, "SET due_at = :when", portal)).await.map(|_| ())
    }

    /// When an object type is due next; none if it is not on the schedule.
    ///
    /// # Errors
    /// If the table fails.
    pub async fn next_due(&self, portal: PortalId, object: ObjectType) -> Result<Option<Timestamp>, Error> {
        let item = self.get_item(&portal.to_string(), &sort_key(object)).await?;
        item.map_or(Ok(None), |item| moment(&item, "due_at"))
    }

    /// Begins a run and answers its name, which no other run of the type ever has. None while another run holds the lease,
    /// and if a run has begun since the `slot` that asked for this one was due; a run of the same `job` (an earlier delivery
    /// of the same message) is replaced.
    ///
    /// # Errors
    /// If the table fails.
    pub async fn start_run(
        &self,
        portal: PortalId,
        object: ObjectType,
        job: &str,
        slot: Timestamp,
        now: Timestamp,
        lease_until: Timestamp,
    ) -> Result<Option<RunId>, Error> {
        let update = self
            .run_update(portal, object)
            .update_expression(format!(
                "SET #run = if_not_exists(#run, :none) + :one, job = :job, started_at = :now, lease_until = :until REMOVE pages, done, finished_at, interrupted, {}",
                COUNTS.join(", ")
            ))
            .condition_expression("((attribute_not_exists(lease_until) OR lease_until < :now) \
                 AND (attribute_not_exists(started_at) OR started_at <= :slot)) OR job = :job")
            .expression_attribute_names("#run", "run")
            .expression_attribute_values(":none", n(0))
            .expression_attribute_values(":one", n(1))
            .expression_attribute_values(":job", s(job))
            .expression_attribute_values(":slot", at(slot))
            .expression_attribute_values(":now", at(now))
            .expression_attribute_values(":until", at(lease_until));
        let started = conditional(update).await?;
        Ok(started.as_ref().and_then(run_of))
    }

    /// Notes how many pages a run has, all of which are queued by now, and adds what planning alone decided. Pages may have been
    /// applied before. None if that was noted before, or the run is not the current one.
    ///
    /// # Errors
    /// If the table fails or the item cannot be read.
    pub async fn plan_run(
        &self,
        portal: PortalId,
        object: ObjectType,
        run: &RunId,
        pages: u64,
        tally: &Tally,
        lease_until: Timestamp,
    ) -> Result<Option<SyncReport>, Error> {
        let update = self
            .run_update(portal, object)
            .update_expression(format!("SET pages = :pages, lease_until = :until ADD {}", added()))
            .condition_expression(NOT_PLANNED)
            .expression_attribute_values(":until", at(lease_until));
        counted(update, run, pages, tally, object).await
    }

    /// Notes that a run has no pages and what planning decided, and ends it, all in one write: most runs find nothing to do.
    /// None if that was noted before, or the run is not the current one.
    ///
    /// # Errors
    /// If the table fails or the item cannot be read.
    pub async fn finish_run_without_pages(
        &self,
        portal: PortalId,
        object: ObjectType,
        run: &RunId,
        tally: &Tally,
        now: Timestamp,
    ) -> Result<Option<SyncReport>, Error> {
        let update = self
            .run_update(portal, object)
            .update_expression(format!(
                "SET pages = :pages, finished_at = :now, true_at = started_at REMOVE lease_until, job ADD {}",
                added()
            ))
            .condition_expression(NOT_PLANNED)
            .expression_attribute_values(":now", at(now));
        counted(update, run, 0, tally, object).await
    }

    /// Counts an applied page once, and renews the lease. None if the page was counted before or belongs to another run.
    ///
    /// # Errors
    /// If the table fails.
    pub async fn page_done(
        &self,
        portal: PortalId,
        object: ObjectType,
        run: &RunId,
        page: u64,
        tally: &Tally,
        lease_until: Timestamp,
    ) -> Result<Option<SyncReport>, Error> {
        let update = self
            .run_update(portal, object)
            .update_expression(format!("SET lease_until = :until ADD done :pages, {}", added()))
            .condition_expression("#run = :run AND NOT contains(done, :page)")
            .expression_attribute_names("#run", "run")
            .expression_attribute_values(":run", n(run))
            .expression_attribute_values(":until", at(lease_until))
            .expression_attribute_values(":page", n(page))
            .expression_attribute_values(":pages", AttributeValue::Ns(vec![page.to_string()]));
        conditional(with_counts(update, tally)).await?.map(|item| read_report(object, &item)).transpose()
    }

    /// Lets a run's lease last longer. False if it is not the current one.
    ///
    /// # Errors
    /// If the table fails.
    pub async fn renew_run(
        &self,
        portal: PortalId,
        object: ObjectType,
        run: &RunId,
        lease_until: Timestamp,
    ) -> Result<bool, Error> {
        let update = self
            .current(portal, object, run)
            .update_expression("SET lease_until = :until")
            .expression_attribute_values(":until", at(lease_until));
        conditional(update).await.map(|item| item.is_some())
    }

    /// Ends a run that did all its work. False if it is not the current one.
    ///
    /// # Errors
    /// If the table fails.
    pub async fn finish_run(
        &self,
        portal: PortalId,
        object: ObjectType,
        run: &RunId,
        now: Timestamp,
    ) -> Result<bool, Error> {
        let update = self
            .current(portal, object, run)
            .update_expression("SET finished_at = :now, true_at = started_at REMOVE lease_until, job")
            .expression_attribute_values(":now", at(now));
        conditional(update).await.map(|item| item.is_some())
    }

    /// Ends a run that cannot go on; its pages still waiting become stale. The next poll plans them again, at `due_at`.
    ///
    /// # Errors
    /// If the table fails.
    pub async fn interrupt_run(
        &self,
        portal: PortalId,
        object: ObjectType,
        run: &RunId,
        reason: &str,
        due_at: Timestamp,
    ) -> Result<bool, Error> {
        let update = self
            .current(portal, object, run)
            .expression_attribute_values(":reason", s(reason))
            .expression_attribute_values(":one", n(1))
            .expression_attribute_values(":due", at(due_at))
            .expression_attribute_values(":shard", s(shard_name(schedule::due_shard(portal))))
            .update_expression(
                "SET interrupted = :reason, due_at = :due, due_shard = :shard, #run = #run + :one REMOVE lease_until, job",
            );
        conditional(update).await.map(|item| item.is_some())
    }

    /// How the last or current run stands.
    ///
    /// # Errors
    /// If the table fails or the item cannot be read.
    pub async fn run_report(&self, portal: PortalId, object: ObjectType) -> Result<SyncReport, Error> {
        let item = self.get_item(&portal.to_string(), &sort_key(object)).await?.unwrap_or_default();
        read_report(object, &item)
    }

    fn run_update(&self, portal: PortalId, object: ObjectType) -> UpdateItemFluentBuilder {
        self.client
            .update_item()
            .table_name(&self.table)
            .key("pk", s(portal.to_string()))
            .key("sk", s(sort_key(object)))
            .return_values(ReturnValue::AllNew)
    }

    fn current(&self, portal: PortalId, object: ObjectType, run: &RunId) -> UpdateItemFluentBuilder {
        self.run_update(portal, object)
            .condition_expression("#run = :run")
            .expression_attribute_names("#run", "run")
            .expression_attribute_values(":run", n(run))
    }
}

/// The run is the current one, and how many pages it has was not noted yet.
const NOT_PLANNED: &str = "#run = :run AND attribute_not_exists(pages)";

/// Sends an update of a run that counts a tally and names so many pages; how the run stands then.
async fn counted(
    update: UpdateItemFluentBuilder,
    run: &RunId,
    pages: u64,
    tally: &Tally,
    object: ObjectType,
) -> Result<Option<SyncReport>, Error> {
    let update = update
        .expression_attribute_names("#run", "run")
        .expression_attribute_values(":run", n(run))
        .expression_attribute_values(":pages", n(pages));
    conditional(with_counts(update, tally)).await?.map(|item| read_report(object, &item)).transpose()
}

/// An update that also puts the item into the index of what is due.
fn indexed(update: UpdateItemFluentBuilder, set: &str, portal: PortalId) -> UpdateItemFluentBuilder {
    update
        .update_expression(format!("{set}, due_shard = :shard"))
        .expression_attribute_values(":shard", s(shard_name(schedule::due_shard(portal))))
}

/// Sends an update; the new item, or none if its condition failed.
async fn conditional(update: UpdateItemFluentBuilder) -> Result<Option<Item>, Error> {
    match update.send().await {
        Ok(answer) => Ok(Some(answer.attributes.unwrap_or_default())),
        Err(e) if e.as_service_error().is_some_and(|e| e.is_conditional_check_failed_exception()) => Ok(None),
        Err(e) => Err(Error::from_sdk(&e)),
    }
}

pub(crate) fn shard_name(shard: u64) -> String {
    format!("due#{shard}")
}

fn sort_key(object: ObjectType) -> String {
    format!("run#{object}")
}

/// What is due by these items.
pub(crate) fn readable(items: &[Item]) -> Vec<Due> {
    // One item that cannot be read must not stop everybody's clock.
    let readable = |item: &Item| match read_due(item) {
        Ok(due) => Some(due),
        Err(error) => {
            tracing::error!(%error, "a schedule cannot be read and is passed over");
            None
        }
    };
    items.iter().filter_map(readable).collect()
}

fn read_due(item: &Item) -> Result<Due, Error> {
    let unreadable = || Error::unreadable(crate::item::key_of(item), "it is not a schedule");
    let portal = text(item, "pk").and_then(|pk| pk.parse().ok()).ok_or_else(unreadable)?;
    let (kind, object) = text(item, "sk").and_then(|sk| sk.split_once('#')).ok_or_else(unreadable)?;
    let look = Look::ALL.into_iter().find(|look| look.as_str() == kind);
    let known = look.is_some() || kind == "run";
    let object = object.parse().ok().filter(|_| known).ok_or_else(unreadable)?;
    Ok(Due { portal, object, look, due_at: moment(item, "due_at")?.ok_or_else(unreadable)? })
}
