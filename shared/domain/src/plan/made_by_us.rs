//! Records of Kleer that we made there, because a record of HubSpot asked for them.

use super::{Change, ChangeKind, PlanInput};
use crate::binding::{BindingSummary, RecordState};
use crate::foreign_id::named_in;
use crate::record::{Exclusion, SourceRecord};

/// What is in HubSpot is followed, whatever becomes of it; and so is a draft that we made and HubSpot refused: no other draft is
/// ever tried.
pub(super) fn is_followed(binding: &BindingSummary, exclusion: Exclusion) -> bool {
    binding.hubspot_id.is_some() || (exclusion == Exclusion::Draft && binding.state == RecordState::Failing)
}

/// A record that was made for a record of this portal is written to that one, also when there is no binding yet: whoever made it
/// has not come that far. Unless that one is another's by now.
pub(super) fn meant_for(input: &PlanInput<'_>, record: &SourceRecord, change: Change) -> Change {
    let foreign_id = record.foreign_id.as_deref().filter(|_| change.hubspot_id.is_none());
    let named = foreign_id.and_then(|foreign_id| named_in(foreign_id, input.portal, input.place.hubspot_object));
    match named.filter(|id| input.bindings.values().all(|known| known.hubspot_id.as_ref() != Some(id))) {
        Some(id) => Change { kind: ChangeKind::Update, hubspot_id: Some(id), ..change },
        None => change,
    }
}
