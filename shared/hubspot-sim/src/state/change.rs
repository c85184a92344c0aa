//! Every change of the kept state is one of these values: applied in one place, written to the journal as they are.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::State;
use super::alarm::Alarm;
use super::association_types::{AssociationType, Label};
use super::events::Event;
use super::executions::Execution;
use super::oauth::{Code, Token};
use super::property::{Group, Property};
use super::record::Record;
use super::schemas::Schema;
use super::types::ObjectTypeId;
use crate::options::Switches;

/// A record of some type: one end of an association.
pub(crate) type RecordKey = (ObjectTypeId, u64);

/// One change of the kept state.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "snake_case")]
pub(crate) enum Change {
    /// A record as it now is (created, changed, archived, restored).
    Record { portal: u64, object_type: ObjectTypeId, record: Record },
    /// Reads of `from` find `into` from now on.
    Merged { portal: u64, object_type: ObjectTypeId, from: u64, into: u64 },
    /// A property as it now is.
    Property { portal: u64, object_type: ObjectTypeId, property: Property },
    /// A property group as it now is.
    Group { portal: u64, object_type: ObjectTypeId, group: Group },
    /// The labels of one direction of an association; none means it is gone.
    Association { portal: u64, from: RecordKey, to: RecordKey, labels: BTreeSet<Label> },
    /// A custom label, or a type that came with a custom object.
    AssociationType { portal: u64, association_type: AssociationType },
    /// A custom object.
    Schema { portal: u64, schema: Schema },
    /// A token as it now is.
    Token { token: Token },
    /// An authorization code as it now is.
    Code { code: Code },
    /// Our app was installed in or removed from a portal.
    Installed { portal: u64, installed: bool },
    /// The switches as they now are.
    Switches { portal: u64, switches: Switches },
    /// A dangerous write.
    Alarm { alarm: Alarm },
    /// A webhook event that waits, as it now is.
    Event { event: Event },
    /// Webhook events that were delivered or given up.
    EventsGone { numbers: Vec<u64> },
    /// One record's turn at a workflow action, as it now is.
    Execution { execution: Execution },
}

impl State {
    /// Makes a change, and keeps it for the journal.
    pub(crate) fn commit(&mut self, change: Change) {
        if self.keeps {
            self.pending.push(change.clone());
        }
        self.note_stale(&change);
        self.apply(change);
    }

    /// Makes a change of a portal or of the whole; changes of portals that are no longer configured are dropped.
    pub(crate) fn apply(&mut self, change: Change) {
        match change {
            Change::Token { token } => {
                self.tokens.insert(token.text.clone(), token);
            }
            Change::Code { code } => {
                self.codes.insert(code.text.clone(), code);
            }
            Change::Alarm { alarm } => self.alarms.push(alarm),
            Change::Event { event } => {
                if self.portals.contains_key(&event.portal) {
                    self.outbox.put(event);
                }
            }
            Change::EventsGone { numbers } => self.outbox.remove(&numbers),
            Change::Execution { execution } => {
                if self.portals.contains_key(&execution.portal) {
                    self.executions.put(execution);
                }
            }
            other => self.apply_to_portal(other),
        }
    }

    fn apply_to_portal(&mut self, change: Change) {
        let portal = match &change {
            Change::Record { portal, .. }
            | Change::Merged { portal, .. }
            | Change::Property { portal, .. }
            | Change::Group { portal, .. }
            | Change::Association { portal, .. }
            | Change::AssociationType { portal, .. }
            | Change::Schema { portal, .. }
            | Change::Installed { portal, .. }
            | Change::Switches { portal, .. } => *portal,
            Change::Token { .. }
            | Change::Code { .. }
            | Change::Alarm { .. }
            | Change::Event { .. }
            | Change::EventsGone { .. }
            | Change::Execution { .. } => return,
        };
        let Some(portal) = self.portals.get_mut(&portal) else { return };
        match change {
            Change::Record { object_type, record, .. } => {
                let lag = portal.switches.search_lag_ms;
                portal.store_mut(object_type).put(record, lag);
            }
            Change::Merged { object_type, from, into, .. } => {
                portal.store_mut(object_type).merged.insert(from, into);
            }
            Change::Property { object_type, property, .. } => portal.store_mut(object_type).define(property),
            Change::Group { object_type, group, .. } => {
                portal.store_mut(object_type).groups.insert(group.name.clone(), group);
            }
            Change::Association { from, to, labels, .. } => {
                if labels.is_empty() {
                    portal.associations.remove(&(from, to));
                } else {
                    portal.associations.insert((from, to), labels);
                }
            }
            Change::AssociationType { association_type, .. } => portal.association_types.push(association_type),
            Change::Schema { schema, .. } => portal.add_schema(schema),
            Change::Installed { installed, .. } => portal.installed = installed,
            Change::Switches { switches, .. } => portal.switches = switches,
            Change::Token { .. }
            | Change::Code { .. }
            | Change::Alarm { .. }
            | Change::Event { .. }
            | Change::EventsGone { .. }
            | Change::Execution { .. } => {}
        }
    }
}
