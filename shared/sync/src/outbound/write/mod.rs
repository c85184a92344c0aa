//! Writing a page's records to HubSpot, in this order: the records, their rows, what belongs together, the statuses that need
//! rows, and last the rows that Kleer no longer has. What a record needs in HubSpot is there before whatever refers to it.

mod associate;
mod batches;
mod finish;
mod records;
mod rows;

use std::collections::BTreeSet;
use std::time::Duration;

use app::Connection;
use domain::projection::KEY_PROPERTY;
use domain::{
    Association, Base, Binding, BoundRows, Change, ChangeKind, Counts, HubspotId, Linked, ObjectType, Properties,
};
use hubspot::InputError;
use jiff::Timestamp;
use queue::Page;

use crate::objects;

pub(super) use batches::is_about_the_key;
pub(super) use records::update;

/// The status of HubSpot's invoices. It cannot be set before the invoice has line items (contract hubspot-crm §3.5).
const INVOICE_STATUS: &str = "hs_invoice_status";

/// HubSpot's clock and ours may differ by this much when a record's age is judged.
const CLOCK_SKEW: Duration = Duration::from_secs(60);

/// Where a page goes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Destination<'a> {
    pub(super) connection: &'a Connection,
    pub(super) page: &'a Page,
    pub(super) run_started: Timestamp,
}

impl Destination<'_> {
    /// What is written with every record, whatever is mapped.
    fn fixed(&self) -> &'static [(&'static str, &'static str)] {
        domain::spec::fixed_on(&self.page.hubspot_object)
    }

    /// Everything that a record's properties shall be.
    pub(super) fn properties(&self, change: &Change) -> Properties {
        if !is_whole(change) {
            return change.content.properties.clone();
        }
        let id = change.kleer_id.to_string();
        let keys = Properties::from_iter([(KEY_PROPERTY, id.as_str()), (self.page.key.as_str(), id.as_str())]);
        change.content.properties.clone().with(Properties::from_iter(self.fixed().iter().copied())).with(keys)
    }

    /// Whether a record was made in this run. HubSpot's clock and ours may differ a little.
    fn is_of_this_run(&self, record: &hubspot::Record) -> bool {
        let oldest = self.run_started.checked_sub(CLOCK_SKEW).unwrap_or(self.run_started);
        record.created_at.is_some_and(|at| at >= oldest)
    }

    /// Whether that property has to wait for the rows.
    fn is_status(&self, property: &str) -> bool {
        self.page.object == ObjectType::Invoice
            && self.page.hubspot_object == objects::spec(ObjectType::Invoice).hubspot_object
            && property == INVOICE_STATUS
    }
}

/// One record to write.
#[derive(Debug)]
pub(super) struct Work<'a> {
    /// The planned change.
    pub(super) change: &'a Change,
    /// What is known of it.
    pub(super) before: Binding,
    /// What it refers to, as far as it is in HubSpot.
    pub(super) linked: Linked,
    /// All that its properties shall be.
    pub(super) properties: Properties,
}

/// What was reached for one record.
#[derive(Debug, Clone, Default)]
pub(super) struct Reached {
    /// The record; none if it could not be made.
    pub(super) id: Option<HubspotId>,
    /// Made by this run, rather than found.
    pub(super) created: bool,
    /// Something was written.
    pub(super) touched: bool,
    /// What HubSpot was told of its properties; none if nothing was.
    pub(super) base: Option<Base>,
    /// Its rows.
    pub(super) rows: BoundRows,
    /// What it is associated with.
    pub(super) associated: BTreeSet<Association>,
    /// Rows that HubSpot does not take: their keys, and what it said.
    pub(super) left_out: Vec<(String, String)>,
    /// Its rows, counted.
    pub(super) line_items: Counts,
}

impl Reached {
    /// What had been reached before.
    pub(super) fn of(before: &Binding) -> Self {
        Self {
            id: before.hubspot_id.clone(),
            rows: before.rows.clone(),
            associated: before.associated.clone(),
            ..Self::default()
        }
    }
}

/// What came of one record.
#[derive(Debug)]
pub(super) enum Verdict {
    /// It is in HubSpot as it should be.
    Done(Reached),
    /// HubSpot said no to a part of it.
    Refused(InputError, Reached),
    /// The record is no longer in HubSpot.
    Gone,
    /// Nothing is known, or HubSpot asks to try again: the record must be written again. Some of it may have been written.
    Again(Reached),
}

/// What came of writing a page.
#[derive(Debug)]
pub(super) struct Written {
    /// One verdict per record, in order; [`Verdict::Again`] where a call failed.
    pub(super) verdicts: Vec<Verdict>,
    /// A call that failed for a reason that is not one record's fault. What other calls wrote stands.
    pub(super) failure: Option<rest::Error>,
}

/// A record while it is written.
#[derive(Debug)]
struct Writing<'a> {
    work: &'a Work<'a>,
    reached: Reached,
    /// Why it goes no further.
    stop: Option<Stop>,
    /// Line items that have to be associated, by the key of their row.
    loose: Vec<(String, HubspotId)>,
    /// Line items that Kleer no longer has.
    surplus: Vec<HubspotId>,
    /// A status that waits for the rows.
    status: Option<String>,
    /// A record that it belongs to, but that HubSpot does not associate it with.
    refused: Option<InputError>,
}

#[derive(Debug)]
enum Stop {
    Refused(InputError),
    Gone,
    Again,
}

/// Writes the records of a page. A failed call never undoes what others have done.
pub(super) async fn write(destination: Destination<'_>, work: &[Work<'_>]) -> Written {
    let mut writing: Vec<Writing<'_>> = work.iter().map(Writing::new).collect();
    let mut failure = records::write(destination, &mut writing).await;
    if failure.is_none() {
        failure = rows::write(destination, &mut writing).await;
    }
    if failure.is_none() {
        failure = associate::write(destination, &mut writing).await;
    }
    if failure.is_none() {
        failure = finish::set_statuses(destination, &mut writing).await;
    }
    if failure.is_none() {
        failure = finish::archive(destination, &mut writing).await;
    }
    let line_object = &destination.page.line_object;
    let verdicts = writing.into_iter().map(|one| one.verdict(line_object, failure.is_some())).collect();
    Written { verdicts, failure }
}

impl<'a> Writing<'a> {
    fn new(work: &'a Work<'a>) -> Self {
        let reached = Reached { id: work.change.hubspot_id.clone(), ..Reached::of(&work.before) };
        Self { work, reached, stop: None, loose: Vec::new(), surplus: Vec::new(), status: None, refused: None }
    }

    /// The record in HubSpot, while it goes on.
    fn id(&self) -> Option<&HubspotId> {
        self.reached.id.as_ref().filter(|_| self.stop.is_none())
    }

    /// The same, if rows and associations are part of the change.
    fn whole(&self) -> Option<&HubspotId> {
        self.id().filter(|_| is_whole(self.work.change))
    }

    /// Whether its surplus line items go: also those of a record that somebody deleted.
    fn may_archive(&self) -> bool {
        self.id().is_some() || matches!(self.stop, Some(Stop::Gone))
    }

    /// What HubSpot was told of its properties by now.
    fn base(&self) -> &Base {
        self.reached.base.as_ref().unwrap_or(&self.work.before.base)
    }

    fn stop(&mut self, stop: Stop) {
        self.stop.get_or_insert(stop);
    }

    /// What was left when a call failed is not known to be complete, unless nothing of the record was left to do.
    fn verdict(mut self, line_object: &str, interrupted: bool) -> Verdict {
        let unfinished = !self.loose.is_empty()
            || !self.surplus.is_empty()
            || self.status.is_some()
            || self.reached.associated != self.work.wanted_associations()
            || !self.work.rows_are_written(&self.reached, line_object);
        // A line item that is not associated yet is not remembered: the next try finds it by its key and associates it.
        for (key, _) in &self.loose {
            self.reached.rows.rows.remove(key);
        }
        match self.stop {
            Some(Stop::Refused(error)) => Verdict::Refused(error, self.reached),
            Some(Stop::Gone) => Verdict::Gone,
            Some(Stop::Again) => Verdict::Again(self.reached),
            None if interrupted && unfinished => Verdict::Again(self.reached),
            None => match self.refused {
                Some(error) => Verdict::Refused(error, self.reached),
                None => Verdict::Done(self.reached),
            },
        }
    }
}

impl Work<'_> {
    fn wanted_associations(&self) -> BTreeSet<Association> {
        if is_whole(self.change) { self.linked.associations.clone() } else { self.before.associated.clone() }
    }

    /// Whether every row's line item was told all of it, or was left out, and none is there that Kleer no longer has.
    fn rows_are_written(&self, reached: &Reached, line_object: &str) -> bool {
        if !is_whole(self.change) {
            return true;
        }
        let is_wanted = |key: &String| self.linked.rows.iter().any(|(known, _)| known == key);
        let there = self.linked.rows.is_empty() || reached.rows.hubspot_object == line_object;
        let left_out = |key: &String| reached.left_out.iter().any(|(known, _)| known == key);
        let told = |key: &String, row: &Properties| {
            let known = reached.rows.rows.get(key);
            known.is_some_and(|known| row.iter().all(|(name, value)| known.base.matches(name, value)))
        };
        let all_told = self.linked.rows.iter().all(|(key, row)| told(key, row) || left_out(key));
        there && all_told && reached.rows.rows.keys().all(is_wanted)
    }
}

/// Whether a change says all that a record shall be; one that deactivates or excludes does not.
pub(super) fn is_whole(change: &Change) -> bool {
    matches!(change.kind, ChangeKind::Create | ChangeKind::Update)
}

/// Whether a change deactivates.
pub(super) fn deactivates(change: &Change) -> bool {
    change.kind == ChangeKind::Deactivate
}

#[cfg(test)]
mod tests;
