//! From verdicts to what is remembered: the new binding, the problem, the count. Pure.

use domain::{
    Base, Binding, Change, ChangeKind, Counts, Problem, ProblemCode, RecordState, RunId, Stage, SyncPlan, Tally,
    schedule,
};
use hubspot::InputError;
use jiff::Timestamp;
use store::Commit;

use super::wording;
use super::write::{Reached, Verdict, Work, deactivates};
use domain::ObjectType;

/// What becomes of one record.
#[derive(Debug)]
pub(super) struct Settled {
    pub(super) commit: Commit,
    /// The problem to keep; none clears an earlier one.
    pub(super) problem: Option<Problem>,
    pub(super) tally: Tally,
}

/// Where and when a record was written.
#[derive(Debug, Clone, Copy)]
pub(super) struct Setting<'a> {
    pub(super) object: ObjectType,
    pub(super) run: &'a RunId,
    pub(super) now: Timestamp,
}

/// The new state of a record. None if it must be written again.
pub(super) fn settle(setting: Setting<'_>, work: &Work<'_>, verdict: Verdict) -> Option<Settled> {
    let (change, before) = (work.change, &work.before);
    match verdict {
        Verdict::Again(_) => None,
        Verdict::Done(reached) => Some(done(setting, work, reached)),
        // Gone on both sides: there is nothing to recreate.
        Verdict::Gone if deactivates(change) => Some(done(setting, work, Reached::default())),
        Verdict::Gone => {
            let problem = Problem {
                hubspot_id: before.hubspot_id.clone(),
                message: "The record was deleted in HubSpot; it is not made again by itself.".to_owned(),
                remedy: "Leave it deleted, restore it in HubSpot, or have it made again on the settings page."
                    .to_owned(),
                ..Problem::new(setting.object, ProblemCode::DeletedInHubspot, change.kleer_id)
            };
            // Nothing of it is read again beside the list: there is nobody to tell.
            let binding = Binding { state: RecordState::DeletedInHubspot, open_since: None, ..next(setting, before) };
            Some(settled(change, binding, Some(problem), failed(Reached::default())))
        }
        Verdict::Refused(error, reached) => {
            let failures = before.failures.saturating_add(1);
            let retry_at = schedule::later(setting.now, schedule::retry_pause(failures));
            // What was reached is remembered, so that the next try does not begin anew.
            let binding = Binding {
                state: RecordState::Failing,
                hubspot_id: reached.id.clone(),
                rows: reached.rows.clone(),
                associated: reached.associated.clone(),
                base: reached.base.clone().unwrap_or_else(|| before.base.clone()),
                failed_fingerprint: Some(work.linked.fingerprint),
                retry_at: Some(retry_at),
                failures,
                ..next(setting, before)
            };
            let problem = Problem { retry_at: Some(retry_at), ..refused(setting, change, before, &error) };
            Some(settled(change, binding, Some(problem), failed(reached)))
        }
    }
}

/// What is remembered of a record whose run ends before all of it was written: what was, so that the next run knows its rows and
/// values, and no fingerprint, so that it is planned again. None if nothing of it was written.
pub(super) fn unfinished(setting: Setting<'_>, work: &Work<'_>, reached: Reached) -> Option<Commit> {
    let id = reached.id.filter(|_| reached.touched)?;
    let binding = Binding {
        hubspot_id: Some(id),
        base: reached.base.unwrap_or_else(|| work.before.base.clone()),
        rows: reached.rows,
        associated: reached.associated,
        fingerprint: None,
        state: RecordState::InSync,
        ..next(setting, &work.before)
    };
    Some(Commit { kleer_id: work.change.kleer_id, binding })
}

/// What is remembered and counted of a record of which everything was written.
fn done(setting: Setting<'_>, work: &Work<'_>, reached: Reached) -> Settled {
    let (change, before) = (work.change, &work.before);
    let binding = match change.kind {
        // Without the base of what was just written, a record that comes back would stay as it is now.
        ChangeKind::Deactivate => Binding {
            state: RecordState::DeletedInKleer,
            fingerprint: None,
            base: before.base.clone().with(&work.properties),
            open_since: None,
            ..cleared(setting, before)
        },
        // Its problem was told when it was planned.
        ChangeKind::Unfit => Binding { state: RecordState::Failing, ..next(setting, before) },
        ChangeKind::Exclude(exclusion) => {
            Binding { state: RecordState::Excluded(exclusion), ..cleared(setting, before) }
        }
        ChangeKind::Create | ChangeKind::Update => written(setting, work, &reached),
    };
    // Counted as waiting when it was made, so that it is made only now.
    let completed = before.state == RecordState::Waiting && before.version == 1;
    let counts = match (&binding.state, reached.created || completed, reached.touched) {
        (RecordState::Waiting, ..) => Counts { waiting: 1, ..Counts::default() },
        (RecordState::Excluded(_) | RecordState::Failing, ..) => Counts::default(),
        (_, true, _) => Counts { created: 1, ..Counts::default() },
        (_, false, true) => updated(),
        (RecordState::DeletedInKleer, ..) => Counts::default(),
        (_, false, false) => Counts { unchanged: 1, ..Counts::default() },
    };
    let problem = (!reached.left_out.is_empty()).then(|| rows_left_out(setting, work, &reached));
    settled(change, binding, problem, Tally { records: counts, line_items: reached.line_items })
}

fn written(setting: Setting<'_>, work: &Work<'_>, reached: &Reached) -> Binding {
    let content = &work.change.content;
    let stage = content.stage.as_ref().map(Stage::remembered).unwrap_or_default();
    let awaits = !work.linked.awaited.is_empty();
    Binding {
        hubspot_id: reached.id.clone(),
        state: if awaits { RecordState::Waiting } else { RecordState::InSync },
        fingerprint: Some(work.linked.fingerprint),
        base: Base::of(&work.properties.clone().with(stage)),
        rows: reached.rows.clone(),
        associated: reached.associated.clone(),
        number: content.number.clone(),
        open_since: content.open_since,
        ..cleared(setting, &work.before)
    }
}

fn rows_left_out(setting: Setting<'_>, work: &Work<'_>, reached: &Reached) -> Problem {
    let said: Vec<String> = reached.left_out.iter().map(|(row, said)| format!("{row}: {said}")).collect();
    let count = said.len();
    let rows = if count == 1 { "row" } else { "rows" };
    Problem {
        hubspot_id: reached.id.clone(),
        message: wording::one_line(&format!("HubSpot does not take {count} {rows} ({}).", said.join("; "))),
        remedy: "Nothing has to be done: the record and its total are right, only these line items are missing."
            .to_owned(),
        ..Problem::new(setting.object, ProblemCode::RowLeftOut, work.change.kleer_id)
    }
}

/// What a change counts as whose binding could not be taken: done by an earlier delivery of the same page, or overtaken by
/// newer work. None if somebody else holds it, so that it must be tried again.
pub(super) fn counted_before(change: &Change, binding: Option<&Binding>, run: &RunId) -> Option<Tally> {
    if binding.map_or(0, |binding| binding.version) == change.version {
        return None;
    }
    let ours = binding.is_some_and(|binding| binding.run.as_ref() == Some(run));
    let state = binding.map_or(RecordState::InSync, |binding| binding.state);
    let records = match (ours, state, change.kind) {
        (true, RecordState::Excluded(_), _) | (true, _, ChangeKind::Unfit) => Counts::default(),
        (true, RecordState::Failing | RecordState::DeletedInHubspot | RecordState::Doubtful, _) => {
            Counts { failed: 1, ..Counts::default() }
        }
        (true, RecordState::Waiting, _) => Counts { waiting: 1, ..Counts::default() },
        (true, _, ChangeKind::Create) => Counts { created: 1, ..Counts::default() },
        (true, ..) => updated(),
        (false, ..) => Counts { unchanged: 1, ..Counts::default() },
    };
    let rows = change.content.rows.len() as u64;
    let each = |count: u64| if count > 0 { rows } else { 0 };
    let line_items = Counts {
        created: each(records.created + records.waiting),
        updated: each(records.updated),
        unchanged: each(records.unchanged),
        failed: each(records.failed),
        ..Counts::default()
    };
    Some(Tally { records, line_items })
}

/// What planning alone decided; pages add the rest as they are applied.
pub(super) fn planned(plan: &SyncPlan) -> Tally {
    let records = Counts {
        source: plan.source,
        unchanged: plan.unchanged + plan.deleted_in_hubspot,
        waiting: plan.waiting,
        excluded: plan.excluded,
        failed: plan.refused() + plan.pausing + plan.doubtful,
        ..Counts::default()
    };
    Tally { records, line_items: plan.line_items }
}

/// Says what was planned. Nearly every run finds nothing to write: its report says the same, and a line of the log is paid for.
pub(super) fn say_planned(tally: &Tally, pages: u64) {
    let Counts { source, unchanged, waiting, excluded, failed, .. } = tally.records;
    if pages == 0 {
        tracing::debug!(source, unchanged, waiting, excluded, failed, "nothing to write");
    } else {
        tracing::info!(source, unchanged, waiting, excluded, failed, pages, "planned");
    }
}

fn updated() -> Counts {
    Counts { updated: 1, ..Counts::default() }
}

fn failed(reached: Reached) -> Tally {
    Tally { records: Counts { failed: 1, ..Counts::default() }, line_items: reached.line_items }
}

fn settled(change: &Change, binding: Binding, problem: Option<Problem>, tally: Tally) -> Settled {
    Settled { commit: Commit { kleer_id: change.kleer_id, binding }, problem, tally }
}

fn cleared(setting: Setting<'_>, before: &Binding) -> Binding {
    Binding { failed_fingerprint: None, retry_at: None, failures: 0, ..next(setting, before) }
}

fn next(setting: Setting<'_>, before: &Binding) -> Binding {
    Binding { version: before.version + 1, run: Some(setting.run.clone()), ..before.clone() }
}

fn refused(setting: Setting<'_>, change: &Change, before: &Binding, error: &InputError) -> Problem {
    let first = error.properties.first().map(|first| (first.code.as_str(), Some(first.property.as_str())));
    let (code, property) = first.or_else(|| wording::code_in(&error.message)).unwrap_or_default();
    let property = property.filter(|name| !name.is_empty());
    Problem {
        hubspot_id: before.hubspot_id.clone(),
        message: wording::one_line(&error.to_string()),
        remedy: wording::remedy(code, property),
        property: property.map(str::to_owned),
        ..Problem::new(setting.object, ProblemCode::RefusedByHubspot, change.kleer_id)
    }
}

#[cfg(test)]
mod tests;
