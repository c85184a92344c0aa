//! Where the records are that other records belong to.

use std::collections::HashMap;

use crate::binding::{BindingIndex, RecordState};
use crate::ids::{HubspotId, KleerId};
use crate::record::{Reference, Target};
use crate::spec::ObjectType;

/// What is known of the records of one type that others may belong to.
#[derive(Debug, Clone, Default)]
pub struct TargetType {
    /// Synchronized in this portal: a record that is not in HubSpot yet will be.
    pub enabled: bool,
    /// The HubSpot object that they go to.
    pub hubspot_object: String,
    /// Their bindings; all of them, or those that are asked about.
    pub bindings: BindingIndex,
}

/// What becomes of a target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resolved<'a> {
    /// It is in HubSpot.
    Found {
        /// As a record of this object.
        hubspot_object: &'a str,
        /// That one.
        hubspot_id: &'a HubspotId,
    },
    /// It is not there yet, but is expected.
    Awaited,
    /// It will not be there: its type is switched off, it was deleted or merged in HubSpot, or nobody has that number.
    Never,
}

/// All target types of a portal.
#[derive(Debug, Clone, Default)]
pub struct Targets {
    types: HashMap<ObjectType, TargetType>,
    /// Records by their numbers; none where several have the same.
    numbers: HashMap<(ObjectType, String), Option<KleerId>>,
}

impl Targets {
    /// Adds a type.
    pub fn add(&mut self, object: ObjectType, known: TargetType) {
        // What was deleted must not keep the number from one that lives.
        let lives = |state: RecordState| !matches!(state, RecordState::DeletedInKleer | RecordState::DeletedInHubspot);
        for (id, binding) in known.bindings.iter().filter(|(_, binding)| lives(binding.state)) {
            if let Some(number) = &binding.number {
                self.numbers
                    .entry((object, number.clone()))
                    .and_modify(|one| *one = one.filter(|one| one == id))
                    .or_insert(Some(*id));
            }
        }
        self.types.insert(object, known);
    }

    /// Where a target is. A number that several records have, or none, means no record: people type numbers freely, so
    /// nothing is waited for that may not exist.
    #[must_use]
    pub fn resolve(&self, target: &Target) -> Resolved<'_> {
        let Some(known) = self.types.get(&target.object) else { return Resolved::Never };
        let (id, may_wait) = match &target.reference {
            Reference::Id(id) => (Some(*id), true),
            Reference::Number(number) => (self.numbers.get(&(target.object, number.clone())).copied().flatten(), false),
        };
        let binding = id.and_then(|id| known.bindings.get(&id));
        let is_gone = |state| matches!(state, RecordState::DeletedInHubspot | RecordState::Merged);
        let deleted = binding.is_some_and(|binding| is_gone(binding.state));
        match binding.and_then(|binding| binding.hubspot_id.as_ref()) {
            Some(hubspot_id) if !deleted => Resolved::Found { hubspot_object: &known.hubspot_object, hubspot_id },
            _ if known.enabled && may_wait && !deleted => Resolved::Awaited,
            _ => Resolved::Never,
        }
    }
}

#[cfg(test)]
mod tests;
