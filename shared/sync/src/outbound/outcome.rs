//! From verdicts to what is remembered: the new binding, the problem, the count. Pure.

use domain::{Base, Binding, Change, Counts, Problem, ProblemCode, RecordState, RunId, schedule};
use hubspot::InputError;
use jiff::Timestamp;
use store::Commit;

use super::wording;
use super::write::{Verdict, deactivates};
use domain::ObjectType;

/// What becomes of one record.
#[derive(Debug)]
pub(super) struct Settled {
    pub(super) commit: Commit,
    /// The problem to keep; none clears an earlier one.
    pub(super) problem: Option<Problem>,
    pub(super) counts: Counts,
}

/// Where and when a record was written.
#[derive(Debug, Clone, Copy)]
pub(super) struct Setting<'a> {
    pub(super) object: ObjectType,
    pub(super) hubspot_object: &'a str,
    pub(super) run: &'a RunId,
    pub(super) now: Timestamp,
}

/// The new state of a record. None if it must be written again.
pub(super) fn settle(setting: Setting<'_>, change: &Change, before: &Binding, verdict: Verdict) -> Option<Settled> {
    match verdict {
        Verdict::Again => None,
        Verdict::Written { id, created } => {
            let binding = Binding { hubspot_id: Some(id), ..in_sync(setting, change, before) };
            let counts = if created { Counts { created: 1, ..Counts::default() } } else { updated() };
            Some(settled(setting, change, binding, None, counts))
        }
        Verdict::Nothing => {
            let counts = Counts { unchanged: 1, ..Counts::default() };
            let counts = if deactivates(change) { Counts::default() } else { counts };
            Some(settled(setting, change, in_sync(setting, change, before), None, counts))
        }
        // Gone on both sides: there is nothing to recreate.
        Verdict::Gone if deactivates(change) => {
            Some(settled(setting, change, in_sync(setting, change, before), None, Counts::default()))
        }
        Verdict::Gone => {
            let problem = Problem {
                hubspot_id: before.hubspot_id.clone(),
                message: "The record was deleted in HubSpot; it is not made again by itself.".to_owned(),
                remedy: "Leave it deleted; making it again at the press of a button comes with the settings page."
                    .to_owned(),
                ..Problem::new(setting.object, ProblemCode::DeletedInHubspot, change.kleer_id)
            };
            let binding = Binding { state: RecordState::DeletedInHubspot, ..next(setting, before) };
            Some(settled(setting, change, binding, Some(problem), Counts { failed: 1, ..Counts::default() }))
        }
        Verdict::Refused(error) => {
            let failures = before.failures.saturating_add(1);
            let retry_at = schedule::later(setting.now, schedule::retry_pause(failures));
            let binding = Binding {
                state: RecordState::Failing,
                failed_fingerprint: Some(change.fingerprint),
                retry_at: Some(retry_at),
                failures,
                ..next(setting, before)
            };
            let problem = Problem { retry_at: Some(retry_at), ..refused(setting, change, before, &error) };
            Some(settled(setting, change, binding, Some(problem), Counts { failed: 1, ..Counts::default() }))
        }
    }
}

/// What a change counts as whose binding could not be taken: done by an earlier delivery of the same page, or overtaken by
/// newer work. None if somebody else holds it, so that it must be tried again.
pub(super) fn counted_before(change: &Change, binding: Option<&Binding>, run: &RunId) -> Option<Counts> {
    if binding.map_or(0, |binding| binding.version) == change.version {
        return None;
    }
    let ours = binding.is_some_and(|binding| binding.run.as_ref() == Some(run));
    let well = [RecordState::InSync, RecordState::DeletedInKleer];
    let failing = binding.is_some_and(|binding| !well.contains(&binding.state));
    Some(match (ours, failing, change.version) {
        (true, true, _) => Counts { failed: 1, ..Counts::default() },
        (true, false, 0) => Counts { created: 1, ..Counts::default() },
        (true, false, _) => updated(),
        (false, ..) => Counts { unchanged: 1, ..Counts::default() },
    })
}

fn updated() -> Counts {
    Counts { updated: 1, ..Counts::default() }
}

fn settled(
    setting: Setting<'_>,
    change: &Change,
    binding: Binding,
    problem: Option<Problem>,
    counts: Counts,
) -> Settled {
    let commit = Commit { kleer_id: change.kleer_id, binding, hubspot_object: setting.hubspot_object.to_owned() };
    Settled { commit, problem, counts }
}

/// The binding of a record that was written completely.
fn in_sync(setting: Setting<'_>, change: &Change, before: &Binding) -> Binding {
    if deactivates(change) {
        // Without the base of what was just written, a record that comes back would stay as it is now.
        let base = before.base.clone().with(&change.properties);
        return Binding { state: RecordState::DeletedInKleer, fingerprint: None, base, ..cleared(setting, before) };
    }
    Binding {
        state: RecordState::InSync,
        fingerprint: Some(change.fingerprint),
        base: Base::of(&change.properties),
        ..cleared(setting, before)
    }
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
