//! What one message of several polls found out on its way.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use domain::{BindingIndex, ObjectType};
use store::Pairing;

use crate::objects;

/// Bindings that a poll of the same message read and found nothing to write for: records that refer to them are planned with
/// these, and they are not read again for each type. What a plan is made from may be old, because it only proposes (see
/// [`store::Store::planning_index`]); and a message is over in minutes.
#[derive(Debug, Default)]
pub struct Known(Mutex<BTreeMap<ObjectType, (Pairing, BindingIndex)>>);

impl Known {
    /// Keeps bindings, if anybody may ask for them.
    pub(super) fn keep(&self, pairing: Pairing, bindings: BindingIndex) {
        let is_asked_for = |object: &ObjectType| objects::targets(*object).contains(&pairing.object);
        if ObjectType::POLLED.iter().any(is_asked_for) {
            self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(pairing.object, (pairing, bindings));
        }
    }

    /// The bindings, if they are known.
    pub(super) fn of(&self, pairing: &Pairing) -> Option<BindingIndex> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(&pairing.object).filter(|(of, _)| of == pairing).map(|(_, bindings)| bindings.clone())
    }
}
