//! Deals (0-3), contract §3.8: whether they are closed follows from their stage.

use super::{Write, put};
use crate::state::pipelines;
use crate::state::record::Record;

/// Closed, and closed as won.
pub(super) fn complete(write: &Write<'_>, record: &mut Record) {
    let all = pipelines::of_portal(write.portal.id, write.object_type);
    let mut stages = all.iter().flat_map(|pipeline| &pipeline.stages);
    let Some(stage) = stages.find(|stage| record.get("dealstage") == Some(stage.id.as_str())) else { return };
    let won = stage.closed && stage.probability == Some("1.0");
    put(record, "hs_is_closed", stage.closed.to_string(), write.now);
    put(record, "hs_is_closed_won", won.to_string(), write.now);
}
