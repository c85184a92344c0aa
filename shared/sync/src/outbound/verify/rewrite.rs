//! Records that HubSpot has otherwise than Kleer says, of types that travel one way: what is remembered of them becomes what HubSpot
//! says, so that the next poll finds them changed and writes just that.

use std::collections::BTreeMap;

use domain::{Binding, HubspotId, KleerId, Problem, ProblemCode, Properties, Verification, schedule, spec::fixed_on};
use hubspot::Record;
use store::{Commit, Taken};

use super::super::failure::Failure;
use super::super::wording;
use super::{Verifying, Yardstick};
use crate::inbound::record_values;
use crate::objects;

/// A binding is held no longer than this.
const HELD: std::time::Duration = std::time::Duration::from_secs(60);

/// One record.
pub(super) struct Rewrite<'a> {
    pub(super) verifying: &'a Verifying<'a>,
    pub(super) yardstick: &'a Yardstick,
    pub(super) kleer_id: KleerId,
    pub(super) binding: &'a Binding,
}

/// What becomes of a binding.
pub(super) struct Rewritten {
    commit: Commit,
    /// It could have charged somebody.
    problem: Option<Problem>,
    /// What HubSpot says otherwise: record or row, property, value. It was seen once it is written again, not before: what could
    /// not be taken this time must not look as if somebody insisted on it the next time.
    seen: Vec<(String, String, String)>,
}

impl Rewrite<'_> {
    /// The binding that lets the record be written again; none if HubSpot says what it was told.
    pub(super) fn of(
        &self,
        record: &Record,
        rows: &BTreeMap<HubspotId, Properties>,
        found: &mut Verification,
    ) -> Option<Rewritten> {
        let says = record_values(record);
        let mut binding = self.binding.clone();
        let told = self.yardstick.projector.told_otherwise(&binding.base, &says);
        let record = self.kleer_id.to_string();
        let mut otherwise = self.unless_seen(&record, told, found);
        let mut seen: Vec<_> =
            otherwise.iter().map(|(name, value)| (record.clone(), name.clone(), value.clone())).collect();
        let charges = self.charging(&says);
        otherwise.extend(charges.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
        let mut is_otherwise = !otherwise.is_empty();
        binding.base = binding.base.with(&otherwise.into_iter().collect());
        is_otherwise |= self.rows_otherwise(&mut binding, rows, found, &mut seen);
        if !is_otherwise {
            return None;
        }
        binding.version += 1;
        binding.fingerprint = None;
        let problem = charges.first().map(|(property, value)| self.problem(property, value));
        Some(Rewritten { commit: Commit { kleer_id: self.kleer_id, binding }, problem, seen })
    }

    /// What HubSpot says otherwise, but for what it said the last time as well: writing that again changes nothing.
    fn unless_seen<'b>(
        &self,
        record: &str,
        otherwise: impl Iterator<Item = (&'b str, String)>,
        found: &mut Verification,
    ) -> Vec<(String, String)> {
        let mut new = Vec::new();
        for (property, value) in otherwise {
            if self.verifying.last.has_seen(record, property, &value) {
                found.see(record, property, &value);
                found.left_alone += 1;
                tracing::debug!(record, property, "HubSpot says this again after it was rewritten; it is left alone");
            } else {
                new.push((property.to_owned(), value));
            }
        }
        new
    }

    /// The properties by which HubSpot could charge somebody for the record, and what they say.
    fn charging(&self, says: &Properties) -> Vec<(&'static str, String)> {
        let fixed = fixed_on(&self.verifying.settings.hubspot_object).iter();
        let said = fixed.map(|(name, wanted)| (*name, *wanted, says.get(name).unwrap_or_default()));
        said.filter(|(_, wanted, said)| !said.is_empty() && said != wanted)
            .map(|(name, _, said)| (name, said.to_owned()))
            .collect()
    }

    /// Lets rows that HubSpot has otherwise, or not at all, be written again.
    fn rows_otherwise(
        &self,
        binding: &mut Binding,
        rows: &BTreeMap<HubspotId, Properties>,
        found: &mut Verification,
        seen: &mut Vec<(String, String, String)>,
    ) -> bool {
        let Some(projector) = &self.yardstick.rows else { return false };
        if binding.rows.hubspot_object != self.yardstick.line_object {
            return false;
        }
        let mut is_otherwise = false;
        let mut gone = Vec::new();
        for (key, row) in &mut binding.rows.rows {
            let Some(says) = rows.get(&row.hubspot_id) else {
                gone.push(key.clone());
                continue;
            };
            let told = projector.told_otherwise(&row.base, says);
            let otherwise = self.unless_seen(key, told, found);
            is_otherwise |= !otherwise.is_empty();
            seen.extend(otherwise.iter().map(|(name, value)| (key.clone(), name.clone(), value.clone())));
            row.base = std::mem::take(&mut row.base).with(&otherwise.into_iter().collect());
        }
        gone.iter().for_each(|key| drop(binding.rows.rows.remove(key)));
        is_otherwise || !gone.is_empty()
    }

    fn problem(&self, property: &str, value: &str) -> Problem {
        let object = self.verifying.settings.object;
        let label = objects::spec(object).label;
        let hubspot_object = &self.verifying.settings.hubspot_object;
        let portal = self.verifying.portal();
        Problem {
            hubspot_id: self.binding.hubspot_id.clone(),
            property: Some(property.to_owned()),
            message: format!("HubSpot could have charged for this {label}: {property} was set to {value} in HubSpot."),
            remedy: format!(
                "It is set back by itself. If this stays, set {property} back in HubSpot, and look who or which workflow sets it."
            ),
            link: wording::link(portal, hubspot_object, self.binding.hubspot_id.as_ref()),
            ..Problem::new(object, ProblemCode::Chargeable, self.kleer_id)
        }
    }
}

impl Verifying<'_> {
    /// Writes the bindings of records that are to be written again; those that somebody else works on are looked at the next time.
    pub(super) async fn rewrite(&self, rewrites: Vec<Rewritten>, found: &mut Verification) -> Result<(), Failure> {
        let store = &self.app.store;
        for rewritten in &rewrites {
            if let Some(problem) = &rewritten.problem {
                tracing::warn!(kleer_id = problem.kleer_id.map(|id| id.0), "{}", problem.message);
                found.chargeable += 1;
                store.set_problem(self.portal(), problem).await?;
            }
        }
        if rewrites.is_empty() {
            return Ok(());
        }
        let (pairing, now) = (self.pairing(), self.app.clock.now());
        let holder = format!("verify#{}", self.slot.as_millisecond());
        let (commits, seen): (Vec<Commit>, Vec<_>) =
            rewrites.into_iter().map(|rewritten| (rewritten.commit, rewritten.seen)).unzip();
        let versions: Vec<(KleerId, u64)> =
            commits.iter().map(|commit| (commit.kleer_id, commit.binding.version - 1)).collect();
        let taken = Taken { holder: holder.clone(), until: schedule::later(now, HELD) };
        let got = store.take_bindings(&pairing, &versions, &taken, now).await?;
        let (mine, seen): (Vec<Commit>, Vec<_>) =
            commits.into_iter().zip(seen).zip(got).filter_map(|(one, got)| got.then_some(one)).unzip();
        let committed = store.commit_bindings(&pairing, &mine, &holder).await?;
        for (_, seen) in committed.iter().zip(seen).filter(|(committed, _)| **committed) {
            found.rewritten += 1;
            seen.iter().for_each(|(record, property, value)| found.see(record, property, value));
        }
        Ok(())
    }
}
