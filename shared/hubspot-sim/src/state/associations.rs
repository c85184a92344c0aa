//! Associating records, reading and removing associations (contract §6).

use std::collections::{BTreeMap, BTreeSet};

use super::State;
use super::association_types::{AssociationType, Label};
use super::batch::{Input, Place};
use super::change::{Change, RecordKey};
use super::error::ApiError;
use super::portal::Portal;
use super::record::Record;
use super::rules;
use super::types::ObjectTypeId;
use super::write::Planned;

/// An association asked for in a create call.
#[derive(Clone, Debug)]
pub(crate) struct Wish {
    pub(crate) to: String,
    pub(crate) labels: Vec<Label>,
}

impl Wish {
    fn each(&self) -> impl Iterator<Item = (&Wish, Label)> {
        self.labels.iter().map(move |label| (self, *label))
    }
}

impl Portal {
    /// Refuses the association of a record that is being created with a present one. `parents` are those that line
    /// items get by earlier inputs of the call.
    fn check_new_parent(
        &self,
        object_type: ObjectTypeId,
        new: &Record,
        to: RecordKey,
        parents: &mut BTreeMap<u64, RecordKey>,
    ) -> Result<(), ApiError> {
        let Some((line, parent)) = rules::line_and_parent((object_type, new.id), to) else { return Ok(()) };
        let claimed = *parents.entry(line.1).or_insert(parent);
        if claimed != parent {
            return Err(rules::second_parent(line.1, claimed, parent));
        }
        let line = if object_type == line.0 { Some(new) } else { self.store(line.0).live(line.1) };
        line.map_or(Ok(()), |line| rules::check_parent(self, line, parent))
    }

    /// The type with this id from one object type to another, or HubSpot's refusal: direction matters.
    pub(crate) fn association_type(
        &self,
        from: ObjectTypeId,
        to: ObjectTypeId,
        label: Label,
    ) -> Result<AssociationType, ApiError> {
        let found = self.types_between(from, to).into_iter().find(|row| row.forward() == label);
        found.ok_or_else(|| invalid_type(label))
    }

    /// The type that is meant when none is named, or HubSpot's refusal.
    pub(crate) fn default_association(
        &self,
        from: ObjectTypeId,
        to: ObjectTypeId,
    ) -> Result<AssociationType, ApiError> {
        self.default_type(from, to).ok_or_else(|| {
            let (from, to) = (from.error_name(), to.error_name());
            ApiError::validation(format!("No association types exist between {from} and {to}"))
        })
    }

    /// The id of a live record that is to be associated, or HubSpot's refusal.
    pub(crate) fn end(&self, object_type: ObjectTypeId, id: &str) -> Result<RecordKey, ApiError> {
        let found = id.parse().ok().and_then(|id| self.store(object_type).live(id));
        let name = object_type.error_name();
        found.map(|record| (object_type, record.id)).ok_or_else(|| {
            ApiError::validation("One or more associations are invalid")
                .context("INVALID_OBJECT_IDS", [format!("{name}={id} is not valid")])
                .context("objectId", [id.to_owned()])
                .context("objectType", [name])
        })
    }

    /// The associations of a record with live records of one type.
    pub(crate) fn associated(
        &self,
        from: RecordKey,
        to: ObjectTypeId,
    ) -> impl Iterator<Item = (u64, &BTreeSet<Label>)> {
        let store = self.store(to);
        self.associations
            .range((from, (to, 0))..=(from, (to, u64::MAX)))
            .map(|((_, (_, id)), labels)| (*id, labels))
            .filter(|(id, _)| store.records.get(id).is_some_and(|record| record.is_live()))
    }

    /// Every association of a record, archived ends too.
    pub(crate) fn all_associated(&self, from: RecordKey) -> impl Iterator<Item = (RecordKey, &BTreeSet<Label>)> {
        let lowest = (ObjectTypeId { meta: 0, number: 0 }, 0);
        let highest = (ObjectTypeId { meta: u32::MAX, number: u32::MAX }, u64::MAX);
        self.associations.range((from, lowest)..=(from, highest)).map(|((_, to), labels)| (*to, labels))
    }

    /// The target type of an association id, when only the source is known.
    fn target_of(&self, from: ObjectTypeId, label: Label) -> Result<AssociationType, ApiError> {
        let rows = self.stores().flat_map(|(to, _)| self.types_between(from, to));
        rows.into_iter().find(|row| row.forward() == label).ok_or_else(|| invalid_type(label))
    }
}

fn invalid_type(label: Label) -> ApiError {
    let spec = format!("{}={}", label.category.text(), label.type_id);
    let problem = format!("{spec} is not a valid association definition id");
    ApiError::validation("One or more associations are invalid")
        .context("associationSpec", [spec])
        .context("INVALID_ASSOCIATION_TYPE_ID", [problem])
}

impl State {
    /// Associates two records; a label also makes the plain association. Doing it again changes nothing.
    pub(crate) fn link(&mut self, portal_id: u64, from: RecordKey, to: RecordKey, row: &AssociationType) {
        let Some(portal) = self.portals.get(&portal_id) else { return };
        let mut there = portal.associations.get(&(from, to)).cloned().unwrap_or_default();
        let mut back = portal.associations.get(&(to, from)).cloned().unwrap_or_default();
        let mut fresh = there.insert(row.forward()) | back.insert(row.backward());
        if row.is_label()
            && let Some(plain) = portal.default_type(from.0, to.0)
        {
            fresh |= there.insert(plain.forward()) | back.insert(plain.backward());
        }
        if fresh {
            self.commit(Change::Association { portal: portal_id, from, to, labels: there });
            self.commit(Change::Association { portal: portal_id, from: to, to: from, labels: back });
        }
    }

    /// As [`State::link`] for every type that is asked for, or the refusal of what cannot be (contract §3.4).
    pub(crate) fn associate(
        &mut self,
        portal_id: u64,
        (from, to): (RecordKey, RecordKey),
        rows: &[AssociationType],
    ) -> Result<(), ApiError> {
        if let Some((line, parent)) = rules::line_and_parent(from, to) {
            let portal = self.portal(portal_id)?;
            let line = portal.store(line.0).live(line.1).ok_or_else(ApiError::not_found)?;
            rules::check_parent(portal, line, parent)?;
        }
        rows.iter().for_each(|row| self.link(portal_id, from, to, row));
        Ok(())
    }

    /// Removes every association between two records.
    pub(crate) fn unlink(&mut self, portal: u64, from: RecordKey, to: RecordKey) {
        let present = |state: &State| state.portals.get(&portal)?.associations.get(&(from, to)).map(|_| ());
        if present(self).is_some() {
            self.commit(Change::Association { portal, from, to, labels: BTreeSet::new() });
            self.commit(Change::Association { portal, from: to, to: from, labels: BTreeSet::new() });
        }
    }

    /// Removes one type between two records; removing the plain one removes all (contract §6).
    pub(crate) fn unlink_label(&mut self, portal_id: u64, from: RecordKey, to: RecordKey, row: &AssociationType) {
        if !row.is_label() {
            return self.unlink(portal_id, from, to);
        }
        let Some(portal) = self.portals.get(&portal_id) else { return };
        let mut there = portal.associations.get(&(from, to)).cloned().unwrap_or_default();
        let mut back = portal.associations.get(&(to, from)).cloned().unwrap_or_default();
        if there.remove(&row.forward()) | back.remove(&row.backward()) {
            self.commit(Change::Association { portal: portal_id, from, to, labels: there });
            self.commit(Change::Association { portal: portal_id, from: to, to: from, labels: back });
        }
    }

    /// Refuses a create call whose associations cannot be made.
    pub(crate) fn check_wishes(
        &self,
        place: Place,
        planned: &[Result<Planned, ApiError>],
        inputs: &[Input],
    ) -> Result<(), ApiError> {
        let portal = self.portal(place.portal)?;
        let mut parents: BTreeMap<u64, RecordKey> = BTreeMap::new();
        for (planned, input) in planned.iter().zip(inputs) {
            for (wish, label) in input.associations.iter().flat_map(Wish::each) {
                let row = portal.target_of(place.object_type, label)?;
                let to = portal.end(row.to, &wish.to)?;
                if let Ok(planned) = planned {
                    portal.check_new_parent(place.object_type, &planned.record, to, &mut parents)?;
                }
            }
        }
        Ok(())
    }

    /// Makes the associations of a create call, which were checked before.
    pub(crate) fn fulfil(&mut self, place: Place, id: u64, wishes: &[Wish]) {
        for (wish, label) in wishes.iter().flat_map(Wish::each) {
            let Some(portal) = self.portals.get(&place.portal) else { return };
            let Ok(row) = portal.target_of(place.object_type, label) else { continue };
            let Ok(to) = portal.end(row.to, &wish.to) else { continue };
            self.link(place.portal, (place.object_type, id), to, &row);
        }
    }

    /// Moves the associations of a merged record to the one it lives on in.
    pub(crate) fn move_associations(&mut self, portal_id: u64, from: RecordKey, into: RecordKey) {
        let Some(portal) = self.portals.get(&portal_id) else { return };
        let old: BTreeMap<RecordKey, BTreeSet<Label>> =
            portal.all_associated(from).map(|(to, labels)| (to, labels.clone())).collect();
        for (to, labels) in old {
            self.unlink(portal_id, from, to);
            for label in labels {
                let row = self.portals.get(&portal_id).map(|portal| portal.association_type(from.0, to.0, label));
                if let Some(Ok(row)) = row
                    && to != into
                {
                    self.link(portal_id, into, to, &row);
                }
            }
        }
    }
}
