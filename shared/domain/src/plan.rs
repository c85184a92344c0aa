//! What a run would do. A pure function of Kleer's records and our bindings; its result is a value that prints itself.

use std::collections::{BTreeSet, HashSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::binding::{BindingIndex, BindingSummary, RecordState};
use crate::content::{Content, Place};
use crate::fingerprint::Fingerprint;
use crate::ids::{HubspotId, KleerId, PortalId};
use crate::problem::{Problem, ProblemCode};
use crate::projection::{Projector, RECORD_LIMIT};
use crate::property::Stages;
use crate::record::{Exclusion, SourceRecord, Target, UnreadableRecord};
use crate::report::Counts;
use crate::rows::RowProjector;
use crate::spec::ObjectType;
use crate::targets::Targets;

/// What a row takes in a message and in the store besides its values: names, key, hashes.
const ROW_OVERHEAD: usize = 250;

/// What is to be done with one record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeKind {
    /// No HubSpot record is known: upsert by `kleer_id`.
    Create,
    /// The HubSpot record is known: update it by its id.
    Update,
    /// Gone from Kleer: say so on the HubSpot record, which stays.
    Deactivate,
    /// Remember why it is not synchronized; nothing is written to HubSpot.
    Exclude(Exclusion),
    /// Remember that a value of it cannot be written, which its problem says; nothing is written to HubSpot.
    Unfit,
}

impl ChangeKind {
    /// Whether anything is written to HubSpot.
    #[must_use]
    pub const fn writes(self) -> bool {
        matches!(self, Self::Create | Self::Update | Self::Deactivate)
    }
}

/// One record's part of a plan. Travels in a page to the worker that applies it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// What to do.
    pub kind: ChangeKind,
    /// The record in Kleer.
    pub kleer_id: KleerId,
    /// The record in HubSpot, unless it is to be created.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hubspot_id: Option<HubspotId>,
    /// The version of the binding that this was planned against; a newer one makes the change stale.
    pub version: u64,
    /// All that the record shall be.
    pub content: Content,
}

/// What planning looks at besides the records.
#[derive(Debug, Clone, Copy)]
pub struct PlanInput<'a> {
    /// The portal: a record that was made for one of its records is that record.
    pub portal: PortalId,
    /// Mappings joined with the portal's properties.
    pub projector: &'a Projector,
    /// The same for rows; none for types without.
    pub rows: Option<&'a RowProjector>,
    /// The HubSpot objects that records and rows go to.
    pub place: Place<'a>,
    /// All bindings of the type.
    pub bindings: &'a BindingIndex,
    /// The types that records belong to.
    pub targets: &'a Targets,
    /// Where projects stand; none for types without stages.
    pub stages: Option<&'a Stages>,
    /// The records are all of Kleer's, so that what is missing is gone. Never true for a window.
    pub complete: bool,
    /// Records that were asked for one by one and are not in Kleer.
    pub gone: &'a HashSet<KleerId>,
    /// Now.
    pub now: Timestamp,
}

/// What a run would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SyncPlan {
    /// The type.
    pub object: ObjectType,
    /// Records in Kleer.
    pub source: u64,
    /// Records that are as they should be.
    pub unchanged: u64,
    /// Records that wait for one that they belong to.
    pub waiting: u64,
    /// Records that are not synchronized by rule.
    pub excluded: u64,
    /// Records whose refused write is not yet due for another try.
    pub pausing: u64,
    /// Records of which a person has to say which HubSpot record they are.
    pub doubtful: u64,
    /// Records deleted in HubSpot, which are not recreated unless a user asks.
    pub deleted_in_hubspot: u64,
    /// Rows, counted as far as planning can.
    pub line_items: Counts,
    /// Writes, in Kleer's order.
    pub changes: Vec<Change>,
    /// Records that cannot be written; each is a problem, but those without a readable id share one.
    pub problems: Vec<Problem>,
    /// How many records could not be read.
    pub unreadable: u64,
    /// The earliest retry among the pausing.
    pub next_retry: Option<Timestamp>,
    /// Records that others wait for.
    pub awaited: BTreeSet<Target>,
    /// Gone from Kleer without a record in HubSpot: nothing is left to be done or mended.
    pub vanished: Vec<KleerId>,
}

/// Plans one object type. Total: a bad record becomes a problem, a doubled id counts once.
pub fn plan(
    input: &PlanInput<'_>,
    records: impl IntoIterator<Item = Result<SourceRecord, UnreadableRecord>>,
) -> SyncPlan {
    let mut planner = Planner::new(*input);
    planner.add(records);
    planner.finish(input.complete, input.gone)
}

/// Plans records as they arrive: the first changes can be written while Kleer is still being read.
#[derive(Debug)]
pub struct Planner<'a> {
    input: PlanInput<'a>,
    plan: SyncPlan,
    seen: HashSet<KleerId>,
    nameless: u64,
}

impl<'a> Planner<'a> {
    /// Begins a plan. Whether the records are complete, and what is gone, is said at the end.
    #[must_use]
    pub fn new(input: PlanInput<'a>) -> Self {
        let plan = SyncPlan::empty(input.projector.spec().object);
        Self { input, plan, seen: HashSet::with_capacity(input.bindings.len()), nameless: 0 }
    }

    /// Plans some records; those that were planned before are passed over.
    pub fn add(&mut self, records: impl IntoIterator<Item = Result<SourceRecord, UnreadableRecord>>) {
        for record in records {
            match record {
                Ok(record) if self.seen.insert(record.id) => self.plan.consider(&self.input, &record),
                Ok(_) => {}
                Err(unreadable) => {
                    self.nameless += u64::from(unreadable.id.is_none());
                    self.seen.extend(unreadable.id);
                    self.plan.unreadable(&unreadable, self.nameless);
                }
            }
        }
    }

    /// The records so far with a value that does not fit.
    pub fn unfit(&self) -> impl Iterator<Item = KleerId> + '_ {
        let unfit = self.plan.problems.iter().filter(|problem| problem.code == ProblemCode::ValueNotAllowed);
        unfit.filter_map(|problem| problem.kleer_id)
    }

    /// The changes since they were last taken. What is taken is not in the plan any more.
    pub fn take_changes(&mut self) -> Vec<Change> {
        std::mem::take(&mut self.plan.changes)
    }

    /// Ends the plan: what is gone from Kleer is known only when everything was read.
    #[must_use]
    pub fn finish(self, complete: bool, gone: &HashSet<KleerId>) -> SyncPlan {
        let Self { input, mut plan, seen, nameless } = self;
        // An empty list is more likely a fault of the other side than a company that deleted everything, and a record without a
        // readable id may be any of those that seem to be missing.
        let everything = complete && !seen.is_empty() && nameless == 0;
        let is_gone = |id: &KleerId| !seen.contains(id) && (everything || gone.contains(id));
        plan.deactivate_missing(&input, is_gone);
        plan
    }
}

impl PlanInput<'_> {
    /// All that a record shall be in HubSpot.
    ///
    /// # Errors
    /// One problem, about the first value that HubSpot would refuse.
    pub fn content(&self, record: &SourceRecord) -> Result<Content, Box<Problem>> {
        let properties = self.projector.project(record)?;
        let mut rows = Vec::with_capacity(record.rows.len());
        let mut length = properties.escaped_length();
        if let Some(projector) = self.rows {
            for row in &record.rows {
                let row = projector.project(self.projector.spec().object, record.id, row)?;
                length += ROW_OVERHEAD + row.properties.escaped_length();
                rows.push(row);
            }
        }
        if length > RECORD_LIMIT {
            let mut problem = self.projector.too_long(record.id, length);
            problem.remedy =
                format!("Split it in Kleer: it has {} rows. Or map fewer fields of line items.", rows.len());
            return Err(problem);
        }
        Ok(Content {
            properties,
            rows,
            targets: record.targets.clone(),
            stage: record.closed.and_then(|closed| Some(self.stages?.of(closed))),
            number: record.number.clone(),
            open_since: record.open_since,
        })
    }
}

impl SyncPlan {
    fn empty(object: ObjectType) -> Self {
        Self {
            object,
            source: 0,
            unchanged: 0,
            waiting: 0,
            excluded: 0,
            pausing: 0,
            doubtful: 0,
            deleted_in_hubspot: 0,
            line_items: Counts::default(),
            changes: Vec::new(),
            problems: Vec::new(),
            unreadable: 0,
            next_retry: None,
            awaited: BTreeSet::new(),
            vanished: Vec::new(),
        }
    }

    fn consider(&mut self, input: &PlanInput<'_>, record: &SourceRecord) {
        self.source += 1;
        let unbound = BindingSummary::default();
        let binding = input.bindings.get(&record.id).unwrap_or(&unbound);
        if let Some(exclusion) = record.exclusion.filter(|exclusion| !made_by_us::is_followed(binding, *exclusion)) {
            return self.exclude(record.id, binding, exclusion);
        }
        let rows = if input.rows.is_some() { record.rows.len() as u64 } else { 0 };
        self.line_items.source += rows;
        let content = match input.content(record) {
            Ok(content) => content,
            Err(problem) => {
                self.line_items.failed += rows;
                return self.problems.push(*problem);
            }
        };
        let linked = content.link(input.place, input.targets);
        let known = binding.fingerprint == Some(linked.fingerprint);
        let waits = !linked.awaited.is_empty();
        if !matches!(binding.state, RecordState::DeletedInHubspot | RecordState::Doubtful | RecordState::Merged) {
            self.awaited.extend(linked.awaited);
        }
        let counted = match binding.state {
            RecordState::DeletedInHubspot => (&mut self.deleted_in_hubspot, &mut self.line_items.unchanged),
            RecordState::Doubtful | RecordState::Merged => (&mut self.doubtful, &mut self.line_items.failed),
            RecordState::InSync if known && !waits => (&mut self.unchanged, &mut self.line_items.unchanged),
            RecordState::Waiting if known && waits => (&mut self.waiting, &mut self.line_items.unchanged),
            RecordState::Failing if still_pausing(binding, linked.fingerprint, input.now) => {
                self.next_retry = self.next_retry.into_iter().chain(binding.retry_at).min();
                (&mut self.pausing, &mut self.line_items.failed)
            }
            _ => return self.changes.push(made_by_us::meant_for(input, record, change(record.id, binding, content))),
        };
        *counted.0 += 1;
        *counted.1 += rows;
    }

    fn exclude(&mut self, id: KleerId, binding: &BindingSummary, exclusion: Exclusion) {
        self.excluded += 1;
        if binding.state != RecordState::Excluded(exclusion) {
            let change = change(id, binding, Content::default());
            self.changes.push(Change { kind: ChangeKind::Exclude(exclusion), ..change });
        }
    }

    /// Records without a readable id share one problem, which counts them: there is nothing else to tell them apart by.
    fn unreadable(&mut self, record: &UnreadableRecord, nameless: u64) {
        self.source += 1;
        let place =
            if record.field.is_empty() { "the record".to_owned() } else { format!("the field {}", record.field) };
        let message = format!("Kleer's answer could not be read: {place}: {}.", record.message);
        let problem = Problem {
            kleer_id: record.id,
            message,
            remedy: "Look at the record in Kleer; if it looks right there, tell support.".to_owned(),
            ..Problem::new(self.object, ProblemCode::UnreadableRecord, KleerId(0))
        };
        match self.problems.iter_mut().find(|known| record.id.is_none() && known.kleer_id.is_none()) {
            Some(known) => known.message = format!("{} There are {nameless} such records.", problem.message),
            None => self.problems.push(problem),
        }
        self.unreadable += 1;
    }

    fn deactivate_missing(&mut self, input: &PlanInput<'_>, is_gone: impl Fn(&KleerId) -> bool) {
        let gone = |(id, binding): &(&KleerId, &BindingSummary)| {
            is_gone(id)
                && binding.hubspot_id.is_some()
                && !matches!(binding.state, RecordState::DeletedInKleer | RecordState::DeletedInHubspot)
        };
        let properties = input.projector.deactivated();
        let fingerprint = Fingerprint::of(input.place.hubspot_object, &properties);
        let mut changes = Vec::new();
        for (id, binding) in input.bindings.iter().filter(gone) {
            if still_pausing(binding, fingerprint, input.now) {
                // Not counted among the pausing: those are records in Kleer.
                self.next_retry = self.next_retry.into_iter().chain(binding.retry_at).min();
                continue;
            }
            let content = Content { properties: properties.clone(), ..Content::default() };
            let change = change(*id, binding, content);
            changes.push(Change { kind: ChangeKind::Deactivate, ..change });
        }
        changes.sort_by_key(|change| change.kleer_id);
        self.changes.extend(changes);
        let recordless = |(id, binding): &(&KleerId, &BindingSummary)| {
            is_gone(id) && (binding.hubspot_id.is_none() || binding.state == RecordState::DeletedInHubspot)
        };
        self.vanished = input.bindings.iter().filter(recordless).map(|(id, _)| *id).collect();
    }

    /// What has to be remembered of the records with a problem of ours, so that none of them counts as in sync.
    #[must_use]
    pub fn unfit_changes(&self, bindings: &BindingIndex) -> Vec<Change> {
        let ours =
            |problem: &&Problem| matches!(problem.code, ProblemCode::ValueNotAllowed | ProblemCode::MissingValue);
        let known = |state| {
            use RecordState::{DeletedInHubspot, Doubtful, Failing, Merged};
            matches!(state, Failing | DeletedInHubspot | Doubtful | Merged)
        };
        let unbound = BindingSummary::default();
        let ids = self.problems.iter().filter(ours).filter_map(|problem| problem.kleer_id);
        ids.map(|id| (id, bindings.get(&id).unwrap_or(&unbound)))
            .filter(|(_, binding)| !known(binding.state))
            .map(|(id, binding)| Change { kind: ChangeKind::Unfit, ..change(id, binding, Content::default()) })
            .collect()
    }

    /// Takes over what another look at some records with problems came to.
    pub fn amend(&mut self, records: &BTreeSet<KleerId>, again: Self) {
        self.problems.retain(|problem| problem.kleer_id.is_none_or(|id| !records.contains(&id)));
        self.problems.extend(again.problems);
        self.changes.extend(again.changes);
        self.unchanged += again.unchanged;
        self.waiting += again.waiting;
        self.excluded += again.excluded;
        self.pausing += again.pausing;
        self.doubtful += again.doubtful;
        self.deleted_in_hubspot += again.deleted_in_hubspot;
        self.awaited.extend(again.awaited);
        self.next_retry = self.next_retry.into_iter().chain(again.next_retry).min();
        // All of their rows had counted as failed.
        self.line_items.failed = self.line_items.failed.saturating_sub(again.line_items.source);
        self.line_items.add(&Counts { source: 0, ..again.line_items });
    }

    /// How many records cannot be written.
    #[must_use]
    pub fn refused(&self) -> u64 {
        let others = self.problems.iter().filter(|problem| problem.code != ProblemCode::UnreadableRecord).count();
        others as u64 + self.unreadable
    }

    /// How many changes are of that kind.
    #[must_use]
    pub fn count(&self, kind: ChangeKind) -> usize {
        self.changes.iter().filter(|change| change.kind == kind).count()
    }
}

/// Refused before, unchanged since, and not yet time to try again.
fn still_pausing(binding: &BindingSummary, fingerprint: Fingerprint, now: Timestamp) -> bool {
    binding.failed_fingerprint == Some(fingerprint) && binding.retry_at.is_some_and(|at| at > now)
}

fn change(id: KleerId, binding: &BindingSummary, content: Content) -> Change {
    let kind = if binding.hubspot_id.is_some() { ChangeKind::Update } else { ChangeKind::Create };
    Change { kind, kleer_id: id, hubspot_id: binding.hubspot_id.clone(), version: binding.version, content }
}

mod made_by_us;
mod show;

#[cfg(test)]
mod tests;
