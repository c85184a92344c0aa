//! What is left of a batch of events: one hint per record, and the order in which hints have to be followed.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use app::App;
use domain::{HubspotId, PortalId};
use hubspot::{Event, EventKind, UnreadableEvent};
use jiff::Timestamp;
use queue::{Import, RecordEvent};

/// A record: portal, object, id.
type Key = (PortalId, String, u64);

/// The hints of one request.
#[derive(Debug, Default)]
pub(crate) struct Hints {
    /// Our app in HubSpot; without it no event is known as our own, and the worker finds out by comparing values.
    app_id: Option<u64>,
    records: BTreeMap<Key, Seen>,
    own: u64,
    unknown: u64,
    unreadable: u64,
}

/// What happened to one record, in whatever order it was told.
#[derive(Debug, Default)]
struct Seen {
    newest: Timestamp,
    created: bool,
    changed: bool,
    /// The records that became part of it.
    merged: BTreeSet<u64>,
    /// The last time that it was deleted or restored.
    deleted: Option<Timestamp>,
    restored: Option<Timestamp>,
}

impl Hints {
    pub(crate) fn of(app_id: Option<u64>) -> Self {
        Self { app_id, ..Self::default() }
    }

    /// Takes an event, if it is news.
    pub(crate) fn take(&mut self, event: Result<Event<'_>, UnreadableEvent>) {
        let event = match event {
            Ok(event) => event,
            Err(error) => {
                tracing::warn!("an event was left out: {error}");
                self.unreadable += 1;
                return;
            }
        };
        if self.app_id.is_some_and(|app_id| event.is_own(app_id)) {
            self.own += 1;
            return;
        }
        let Ok(portal) = i64::try_from(event.portal_id) else {
            self.unreadable += 1;
            return;
        };
        if matches!(event.kind, EventKind::Unknown(_)) {
            self.unknown += 1;
            return;
        }
        let key = (PortalId(portal), event.object.into_owned(), event.object_id);
        self.records.entry(key).or_default().note(event.kind, event.occurred_at);
    }

    /// What there is to do, by portal, in the order in which to do it. Counts what was left out.
    pub(crate) fn into_portals(self, app: &App) -> BTreeMap<PortalId, Vec<Import>> {
        let left_out = [("own", self.own), ("unknown", self.unknown), ("unreadable", self.unreadable)];
        crate::count(app, &left_out);
        imports(self.records)
    }
}

impl Seen {
    fn note(&mut self, kind: EventKind<'_>, at: Timestamp) {
        self.newest = self.newest.max(at);
        match kind {
            EventKind::Created => self.created = true,
            EventKind::Changed => self.changed = true,
            EventKind::Deleted => self.deleted = self.deleted.max(Some(at)),
            EventKind::Restored => self.restored = self.restored.max(Some(at)),
            // A merge that does not say of whom changed the record at least.
            EventKind::Merged(ids) if ids.is_empty() => self.changed = true,
            EventKind::Merged(ids) => self.merged.extend(ids),
            EventKind::Unknown(_) => {}
        }
    }

    /// What to look at. A merge is told apart from the rest, because it moves what the rest is about.
    fn events(&self) -> Vec<RecordEvent> {
        let mut events = Vec::new();
        if !self.merged.is_empty() {
            events.push(RecordEvent::Merged(self.merged.iter().map(|id| hubspot_id(*id)).collect()));
        }
        // A record that was deleted and restored at the same moment is there, or the worker finds that it is not.
        events.extend(if self.deleted > self.restored {
            Some(RecordEvent::Deleted)
        } else if self.restored.is_some() {
            Some(RecordEvent::Restored)
        } else if self.created {
            Some(RecordEvent::Created)
        } else if self.changed {
            Some(RecordEvent::Changed)
        } else {
            None
        });
        events
    }
}

/// Merges first and deletions last (contract hubspot-platform §4.4), the rest as it happened. A record that became part of another
/// is not deleted, whatever HubSpot says of it.
fn imports(records: BTreeMap<Key, Seen>) -> BTreeMap<PortalId, Vec<Import>> {
    let into = |(portal, object, _): &Key, id: &u64| (*portal, object.clone(), *id);
    let merged: HashSet<Key> =
        records.iter().flat_map(|(key, seen)| seen.merged.iter().map(move |id| into(key, id))).collect();
    let mut portals: BTreeMap<PortalId, Vec<Import>> = BTreeMap::new();
    for (key, seen) in records {
        let events = seen.events().into_iter();
        for event in events.filter(|event| *event != RecordEvent::Deleted || !merged.contains(&key)) {
            let (portal, hubspot_object, id) = key.clone();
            let import = Import { hubspot_object, hubspot_id: hubspot_id(id), event, at: seen.newest };
            portals.entry(portal).or_default().push(import);
        }
    }
    for imports in portals.values_mut() {
        imports.sort_by_key(|import| (place(&import.event), import.at));
    }
    portals
}

fn place(event: &RecordEvent) -> u8 {
    match event {
        RecordEvent::Merged(_) => 0,
        RecordEvent::Created | RecordEvent::Changed | RecordEvent::Restored => 1,
        RecordEvent::Deleted => 2,
    }
}

fn hubspot_id(id: u64) -> HubspotId {
    HubspotId(id.to_string())
}

#[cfg(test)]
mod tests {
    use hubspot::read_events;

    use super::*;

    /// Events as `kind object/id at`, as HubSpot would write them for portal 1; a line per hint.
    fn check(events: &[&str]) -> String {
        let body: Vec<String> = events.iter().map(|event| written(event)).collect();
        let mut hints = Hints::of(Some(5));
        read_events(format!("[{}]", body.join(",")).as_bytes(), 100, |event| hints.take(event)).unwrap();
        let lines = imports(hints.records).into_iter().flat_map(|(portal, imports)| {
            imports.into_iter().map(move |import| {
                let Import { hubspot_object, hubspot_id, event, at } = import;
                format!("{portal} {hubspot_object}/{hubspot_id} {event:?} {}", at.as_millisecond())
            })
        });
        lines.collect::<Vec<_>>().join("\n")
    }

    fn written(event: &str) -> String {
        let words: Vec<&str> = event.split_whitespace().collect();
        let (kind, record, at) = (words[0], words[1], words[2]);
        let more = words[3..].join("");
        let (object, id) = record.split_once('/').unwrap();
        format!(r#"{{"portalId":1,"objectId":{id},"subscriptionType":"{object}.{kind}","occurredAt":{at}{more}}}"#)
    }

    #[test]
    fn a_record_has_one_hint_of_the_newest_time() {
        insta::assert_snapshot!(check(&[
            "propertyChange company/7 20",
            "propertyChange company/8 25",
            "propertyChange company/7 30",
            "propertyChange company/7 10",
            "propertyChange product/7 5",
        ]), @"
        1 products/7 Changed 5
        1 companies/8 Changed 25
        1 companies/7 Changed 30
        ");
    }

    #[test]
    fn what_weighs_more_stays() {
        insta::assert_snapshot!(check(&[
            "propertyChange company/1 20", "creation company/1 10",
            "creation company/2 10", "propertyChange company/2 20", "deletion company/2 30",
            "restore company/3 30", "deletion company/3 20", "propertyChange company/3 40",
            "deletion company/4 30", "restore company/4 20", "deletion company/4 10",
            "deletion company/5 30", "restore company/5 30",
        ]), @"
        1 companies/1 Created 20
        1 companies/5 Restored 30
        1 companies/3 Restored 40
        1 companies/2 Deleted 30
        1 companies/4 Deleted 30
        ");
    }

    #[test]
    fn merges_come_first_and_take_deletions_with_them() {
        insta::assert_snapshot!(check(&[
            "deletion company/9 5",
            "deletion company/8 20",
            "propertyChange company/7 21",
            "merge company/7 20 ,\"primaryObjectId\":7,\"mergedObjectIds\":[8],\"newObjectId\":7",
            "merge company/7 22 ,\"primaryObjectId\":7,\"mergedObjectIds\":[6],\"newObjectId\":7",
        ]), @r#"
        1 companies/7 Merged([HubspotId("6"), HubspotId("8")]) 22
        1 companies/7 Changed 22
        1 companies/9 Deleted 5
        "#);
        insta::assert_snapshot!(check(&[
            "deletion company/7 30",
            "merge company/7 20 ,\"mergedObjectIds\":[8],\"newObjectId\":7",
            "deletion product/8 20",
        ]), @r#"
        1 companies/7 Merged([HubspotId("8")]) 30
        1 products/8 Deleted 20
        1 companies/7 Deleted 30
        "#);
    }

    #[test]
    fn our_own_and_what_nobody_knows_leave_nothing() {
        insta::assert_snapshot!(check(&[
            "propertyChange company/7 20 ,\"changeSource\":\"INTEGRATION\",\"sourceId\":\"5\"",
            "associationChange company/8 20",
            "propertyChange company/9 20 ,\"changeSource\":\"INTEGRATION\",\"sourceId\":\"6\"",
        ]), @"1 companies/9 Changed 20");
    }
}
