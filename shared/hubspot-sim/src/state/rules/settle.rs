//! Totals follow the line items. They are computed once, after a call, however many line items it touched.

use jiff::Timestamp;

use super::line_items::line_and_parent;
use super::recomputed;
use crate::state::State;
use crate::state::batch::Place;
use crate::state::change::{Change, RecordKey};
use crate::state::types;

/// What has a total.
fn is_totalled(key: RecordKey) -> bool {
    key.0 == types::INVOICES || key.0 == types::SUBSCRIPTIONS
}

impl State {
    /// Notes the records whose totals a change may touch.
    pub(crate) fn note_stale(&mut self, change: &Change) {
        match change {
            Change::Association { portal, from, to, .. } => {
                let parent = line_and_parent(*from, *to).map(|(_, parent)| parent);
                self.stale.extend(parent.filter(|key| is_totalled(*key)).map(|key| (*portal, key)));
            }
            Change::Record { portal: id, object_type, record } if *object_type == types::LINE_ITEMS => {
                let Some(portal) = self.portals.get(id) else { return };
                let others = portal.all_associated((*object_type, record.id)).map(|(other, _)| other);
                self.stale.extend(others.filter(|key| is_totalled(*key)).map(|key| (*id, key)));
            }
            _ => {}
        }
    }

    /// Brings the noted totals up to date, as HubSpot's own changes.
    pub(crate) fn settle(&mut self, now: Timestamp) {
        for (id, key) in std::mem::take(&mut self.stale) {
            let record = self.portals.get(&id).and_then(|portal| recomputed(portal, key, now));
            if let Some(record) = record {
                self.put_record(Place { portal: id, object_type: key.0 }, record);
            }
        }
    }
}
