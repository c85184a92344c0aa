//! What a run would do. A pure function of Kleer's records and our bindings; its result is a value that prints itself.

use std::collections::HashSet;
use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::binding::{BindingIndex, BindingSummary, RecordState};
use crate::fingerprint::Fingerprint;
use crate::ids::{HubspotId, KleerId};
use crate::problem::{Problem, ProblemCode};
use crate::projection::{Projector, Properties};
use crate::record::{SourceRecord, UnreadableRecord};
use crate::spec::ObjectType;

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
    /// The whole record as HubSpot shall have it, empty values included.
    pub properties: Properties,
    /// The fingerprint of `properties`.
    pub fingerprint: Fingerprint,
}

/// What planning looks at besides the records.
#[derive(Debug, Clone, Copy)]
pub struct PlanInput<'a> {
    /// Mappings joined with the portal's properties.
    pub projector: &'a Projector,
    /// The HubSpot object the records go to.
    pub hubspot_object: &'a str,
    /// All bindings of the type.
    pub bindings: &'a BindingIndex,
    /// The records are all of Kleer's, so that what is missing is gone. Never true for a window.
    pub complete: bool,
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
    /// Records whose refused write is not yet due for another try.
    pub pausing: u64,
    /// Records deleted in HubSpot, which are not recreated unless a user asks.
    pub deleted_in_hubspot: u64,
    /// Writes, in Kleer's order.
    pub changes: Vec<Change>,
    /// Records that cannot be written; each is a problem, but those without a readable id share one.
    pub problems: Vec<Problem>,
    /// How many records could not be read.
    pub unreadable: u64,
    /// The earliest retry among the pausing.
    pub next_retry: Option<Timestamp>,
    /// Gone from Kleer without a record in HubSpot: nothing is left to be done or mended.
    pub vanished: Vec<KleerId>,
}

/// Plans one object type. Total: a bad record becomes a problem, a doubled id counts once.
pub fn plan(
    input: &PlanInput<'_>,
    records: impl IntoIterator<Item = Result<SourceRecord, UnreadableRecord>>,
) -> SyncPlan {
    let mut plan = SyncPlan::empty(input.projector.spec().object);
    let mut seen = HashSet::with_capacity(input.bindings.len());
    let mut nameless = 0_u64;
    for record in records {
        match record {
            Ok(record) if seen.insert(record.id) => plan.consider(input, &record),
            Ok(_) => {}
            Err(unreadable) => {
                nameless += u64::from(unreadable.id.is_none());
                seen.extend(unreadable.id);
                plan.unreadable(&unreadable, nameless);
            }
        }
    }
    // An empty list is more likely a fault of the other side than a company that deleted everything, and a record without a
    // readable id may be any of those that seem to be missing.
    if input.complete && !seen.is_empty() && nameless == 0 {
        plan.deactivate_missing(input, &seen);
    }
    plan
}

impl SyncPlan {
    fn empty(object: ObjectType) -> Self {
        Self {
            object,
            source: 0,
            unchanged: 0,
            pausing: 0,
            deleted_in_hubspot: 0,
            changes: Vec::new(),
            problems: Vec::new(),
            unreadable: 0,
            next_retry: None,
            vanished: Vec::new(),
        }
    }

    fn consider(&mut self, input: &PlanInput<'_>, record: &SourceRecord) {
        self.source += 1;
        let properties = match input.projector.project(record) {
            Ok(properties) => properties,
            Err(problem) => return self.problems.push(*problem),
        };
        let fingerprint = Fingerprint::of(input.hubspot_object, &properties);
        let unbound = BindingSummary::default();
        let binding = input.bindings.get(&record.id).unwrap_or(&unbound);
        match binding.state {
            RecordState::DeletedInHubspot => self.deleted_in_hubspot += 1,
            RecordState::InSync if binding.fingerprint == Some(fingerprint) => self.unchanged += 1,
            RecordState::Failing if still_pausing(binding, fingerprint, input.now) => {
                self.pausing += 1;
                self.next_retry = self.next_retry.into_iter().chain(binding.retry_at).min();
            }
            _ => self.changes.push(change(record.id, binding, properties, fingerprint)),
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

    fn deactivate_missing(&mut self, input: &PlanInput<'_>, seen: &HashSet<KleerId>) {
        let gone = |(id, binding): &(&KleerId, &BindingSummary)| {
            !seen.contains(id)
                && binding.hubspot_id.is_some()
                && !matches!(binding.state, RecordState::DeletedInKleer | RecordState::DeletedInHubspot)
        };
        let properties = input.projector.deactivated();
        let fingerprint = Fingerprint::of(input.hubspot_object, &properties);
        let mut changes = Vec::new();
        for (id, binding) in input.bindings.iter().filter(gone) {
            if still_pausing(binding, fingerprint, input.now) {
                // Not counted among the pausing: those are records in Kleer.
                self.next_retry = self.next_retry.into_iter().chain(binding.retry_at).min();
                continue;
            }
            let change = change(*id, binding, properties.clone(), fingerprint);
            changes.push(Change { kind: ChangeKind::Deactivate, ..change });
        }
        changes.sort_by_key(|change| change.kleer_id);
        self.changes.extend(changes);
        let recordless = |(id, binding): &(&KleerId, &BindingSummary)| {
            !seen.contains(id) && (binding.hubspot_id.is_none() || binding.state == RecordState::DeletedInHubspot)
        };
        self.vanished = input.bindings.iter().filter(recordless).map(|(id, _)| *id).collect();
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

fn change(id: KleerId, binding: &BindingSummary, properties: Properties, fingerprint: Fingerprint) -> Change {
    let kind = if binding.hubspot_id.is_some() { ChangeKind::Update } else { ChangeKind::Create };
    Change {
        kind,
        kleer_id: id,
        hubspot_id: binding.hubspot_id.clone(),
        version: binding.version,
        properties,
        fingerprint,
    }
}

/// For people: one line of counts, then a line per change (the first hundred) and per problem.
impl fmt::Display for SyncPlan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const SHOWN: usize = 100;
        writeln!(
            f,
            "{}: {} in Kleer: {} to create, {} to update, {} to deactivate, {} unchanged, {} pausing, {} deleted in HubSpot, {} refused",
            self.object,
            self.source,
            self.count(ChangeKind::Create),
            self.count(ChangeKind::Update),
            self.count(ChangeKind::Deactivate),
            self.unchanged,
            self.pausing,
            self.deleted_in_hubspot,
            self.refused()
        )?;
        for change in self.changes.iter().take(SHOWN) {
            writeln!(f, "  {change}")?;
        }
        if self.changes.len() > SHOWN {
            writeln!(f, "  … and {} more", self.changes.len() - SHOWN)?;
        }
        for problem in self.problems.iter().take(SHOWN) {
            let id = problem.kleer_id.map_or_else(|| "?".to_owned(), |id| id.to_string());
            writeln!(f, "  ! {id} {} {}", problem.message, problem.remedy)?;
        }
        Ok(())
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = match self.kind {
            ChangeKind::Create => '+',
            ChangeKind::Update => '~',
            ChangeKind::Deactivate => '-',
        };
        write!(f, "{sign} {}", self.kleer_id)?;
        if let Some(id) = &self.hubspot_id {
            write!(f, " → {id}")?;
        }
        for (name, value) in self.properties.iter().filter(|(_, value)| !value.is_empty()) {
            write!(f, " {name}={value}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
