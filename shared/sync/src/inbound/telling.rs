//! What people are told of an import: lines of the activity list, and problems.

use domain::{
    Activity, ActivityKind, Decision, HubspotId, ImportPlan, KleerId, ObjectType, Problem, ProblemCode, PutBack, Step,
};
use jiff::Timestamp;

use crate::objects;
use crate::outbound::wording;

/// The record that is told about.
#[derive(Debug, Clone, Copy)]
pub(super) struct About<'a> {
    pub(super) at: Timestamp,
    pub(super) object: ObjectType,
    pub(super) kleer_id: KleerId,
    pub(super) hubspot_id: &'a HubspotId,
}

impl About<'_> {
    fn label(&self) -> &'static str {
        objects::spec(self.object).label
    }

    /// A line about the record.
    pub(super) fn line(&self, kind: ActivityKind, message: impl Into<String>) -> Activity {
        Activity {
            object: Some(self.object),
            kleer_id: Some(self.kleer_id),
            hubspot_id: Some(self.hubspot_id.clone()),
            ..Activity::new(self.at, kind, message)
        }
    }

    /// A problem of the record.
    pub(super) fn problem(&self, code: ProblemCode, message: String, remedy: &str) -> Problem {
        Problem {
            hubspot_id: Some(self.hubspot_id.clone()),
            message: wording::one_line(&message),
            remedy: remedy.to_owned(),
            ..Problem::new(self.object, code, self.kleer_id)
        }
    }

    /// The lines about what a plan did. `again` is whether an earlier try may have written to Kleer already: what both sides
    /// agree on is its work then.
    pub(super) fn lines(&self, plan: &ImportPlan, again: bool) -> Vec<Activity> {
        let imported = |step: &&Step| match step.decision {
            Decision::Write(_) => true,
            Decision::Agree => again,
            Decision::PutBack(_) | Decision::Unfit(_) => false,
        };
        let told = |reason: PutBack| plan.put_back(reason).map(kept).collect::<Vec<_>>();
        let (label, id) = (self.label(), self.kleer_id);
        let mut lines = Vec::new();
        let taken: Vec<String> = plan.steps.iter().filter(imported).map(taken).collect();
        if !taken.is_empty() {
            let message = format!("Changed in HubSpot, now in Kleer: {label} {id}, {}.", taken.join(", "));
            lines.push(self.line(ActivityKind::Imported, message));
        }
        for (reason, kind, why) in [
            (PutBack::Conflict, ActivityKind::Conflict, "Changed on both sides; Kleer's value stands"),
            (PutBack::NotChangeable, ActivityKind::PutBack, "Kleer cannot change this; HubSpot was put back"),
            (PutBack::Needed, ActivityKind::PutBack, "Kleer cannot be without this; HubSpot was put back"),
        ] {
            let fields = told(reason);
            if !fields.is_empty() {
                lines.push(self.line(kind, format!("{why}: {label} {id}, {}.", fields.join(", "))));
            }
        }
        lines
    }

    /// The problem of a record whose import left something to be mended; none if all went well.
    pub(super) fn trouble(&self, plan: &ImportPlan) -> Option<Problem> {
        if let Some((step, fault)) = plan.unfit().next() {
            let message = format!(
                "Kleer cannot take {} from the HubSpot property {}: {}.",
                step.field.label, step.property, fault.message
            );
            let problem = self.problem(ProblemCode::ValueNotAllowedInKleer, message, &fault.remedy);
            return Some(Problem { property: Some(step.property.clone()), ..problem });
        }
        let step = plan.put_back(PutBack::NotChangeable).next()?;
        let message = format!(
            "{} of a {} cannot be changed through Kleer's interface: HubSpot says {} again.",
            step.field.label,
            self.label(),
            wording::quoted(&step.kleer)
        );
        let remedy = "Change it in Kleer itself; it comes to HubSpot by itself.";
        let problem = self.problem(ProblemCode::NotChangeableInKleer, message, remedy);
        Some(Problem { property: Some(step.property.clone()), ..problem })
    }

    /// The problem of a record that Kleer refused.
    pub(super) fn refused(&self, plan: &ImportPlan, error: &rest::Error) -> Problem {
        let fields: Vec<&str> = plan.writes().map(|(field, _)| field.label).collect();
        let said = kleer::message(error).unwrap_or_else(|| error.to_string());
        let message = format!(
            "Kleer refused what was changed in HubSpot ({}): {}",
            fields.join(", "),
            said.trim_end_matches('.')
        );
        let remedy = "Correct the value in HubSpot, or change it in Kleer; until then both sides stay as they are.";
        self.problem(ProblemCode::RefusedByKleer, format!("{message}."), remedy)
    }
}

fn taken(step: &Step) -> String {
    match step.decision {
        Decision::Write(_) => format!(
            "{} {} instead of {}",
            step.field.label,
            wording::quoted(&step.hubspot),
            wording::quoted(&step.kleer)
        ),
        _ => format!("{} {}", step.field.label, wording::quoted(&step.hubspot)),
    }
}

fn kept(step: &Step) -> String {
    format!("{} {}, not {}", step.field.label, wording::quoted(&step.kleer), wording::quoted(&step.hubspot))
}
