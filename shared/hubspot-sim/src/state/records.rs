//! What happens to whole records: putting, archiving, restoring, merging; and looking at them from tests.

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::State;
use super::batch::Place;
use super::change::Change;
use super::error::ApiError;
use super::record::{Record, Source, SourceKind, Stored};
use super::write::Writer;
use super::{rules, types};

impl State {
    /// Keeps a record as it is.
    pub(crate) fn put_record(&mut self, place: Place, record: Record) {
        self.commit(Change::Record { portal: place.portal, object_type: place.object_type, record });
    }

    /// Refuses to delete what cannot be deleted; what is not there can be.
    pub(crate) fn check_archive(&self, place: Place, id: u64) -> Result<(), ApiError> {
        let portal = self.portal(place.portal)?;
        let record = portal.store(place.object_type).live(id);
        record.map_or(Ok(()), |record| rules::check_removal(portal, place.object_type, record))
    }

    /// Deletes a record (it can be restored) and its line items; false when it was not there.
    pub(crate) fn archive_record(&mut self, place: Place, id: u64, now: Timestamp) -> Result<bool, ApiError> {
        self.check_archive(place, id)?;
        let portal = self.portal(place.portal)?;
        let Some(record) = portal.store(place.object_type).live(id).cloned() else { return Ok(false) };
        let lines = rules::children(portal, (place.object_type, record.id));
        self.put_record(place, Record { archived_at: Some(now), ..record });
        for line in lines.into_iter().filter(Record::is_live) {
            let place = Place { object_type: types::LINE_ITEMS, ..place };
            self.put_record(place, Record { archived_at: Some(now), ..line });
        }
        Ok(true)
    }

    /// Brings a deleted record back, with the line items that went with it; false when there is none.
    pub(crate) fn restore_record(&mut self, place: Place, id: u64, now: Timestamp) -> bool {
        let portal = self.portals.get(&place.portal);
        let record = portal.and_then(|portal| portal.store(place.object_type).records.get(&id)).cloned();
        let Some(record) = record.filter(|record| !record.is_live()) else { return false };
        let children = portal.map(|portal| rules::children(portal, (place.object_type, id))).unwrap_or_default();
        let together: Vec<u64> =
            children.iter().filter(|line| line.archived_at == record.archived_at).map(|line| line.id).collect();
        let mut record = Record { archived_at: None, updated_at: now, ..record };
        // A unique value that somebody else has taken meanwhile does not come back.
        if let Some(portal) = self.portals.get(&place.portal) {
            let store = portal.store(place.object_type);
            let taken = |name: &String, stored: &Stored| store.holder(name, &stored.value).is_some();
            record.properties.retain(|name, stored| !taken(name, stored));
        }
        self.put_record(place, record);
        for line in together {
            self.restore_record(Place { object_type: types::LINE_ITEMS, ..place }, line, now);
        }
        true
    }

    /// Merges one record into another. The survivor keeps its values and gets those it lacks; reads of the other find
    /// the survivor from now on.
    pub(crate) fn merge_records(
        &mut self,
        place: Place,
        survivor: u64,
        loser: u64,
        source: Source,
        now: Timestamp,
    ) -> Result<Record, ApiError> {
        let store = self.portal(place.portal)?.store(place.object_type);
        let found = (store.live(survivor).cloned(), store.live(loser).cloned());
        let (Some(mut kept), Some(gone)) = found else { return Err(ApiError::not_found()) };
        if kept.id == gone.id {
            return Err(ApiError::validation("A record cannot be merged with itself"));
        }
        for (name, stored) in &gone.properties {
            if kept.get(name).is_none() && !stored.value.is_empty() {
                kept.properties.insert(name.clone(), Stored { at: now, source, ..stored.clone() });
            }
        }
        let merged = kept.get("hs_merged_object_ids").map_or_else(String::new, |ids| format!("{ids};"));
        let note = Stored { value: format!("{merged}{}", gone.id), at: now, source };
        kept.properties.insert("hs_merged_object_ids".to_owned(), note);
        kept.updated_at = now;
        let (from, into) = (gone.id, kept.id);
        self.put_record(place, Record { archived_at: Some(now), ..gone });
        self.commit(Change::Merged { portal: place.portal, object_type: place.object_type, from, into });
        self.put_record(place, kept.clone());
        self.move_associations(place.portal, (place.object_type, from), (place.object_type, into));
        Ok(kept)
    }

    /// Creates (without id) or changes a record as a person in HubSpot's pages would.
    pub(crate) fn person_writes(
        &mut self,
        place: Place,
        id: Option<u64>,
        properties: &Map<String, Value>,
        user: u64,
        now: Timestamp,
    ) -> Result<Record, ApiError> {
        let source = Source { kind: SourceKind::CrmUi, id: user };
        let portal = self.portal(place.portal)?;
        let mut writer = Writer::new(portal, place.object_type, source, now);
        let planned = match id {
            None => writer.create(properties)?,
            Some(id) => {
                let record = portal.store(place.object_type).live(id).ok_or_else(ApiError::not_found)?;
                writer.update(record, properties)?
            }
        };
        self.put_record(place, planned.record.clone());
        Ok(planned.record)
    }

    /// The live records of a type in a portal, by id; empty for an unknown portal or type.
    pub fn records(&self, portal: u64, object_type: &str) -> Vec<Record> {
        let Some(portal) = self.portals.get(&portal) else { return Vec::new() };
        let Some(object_type) = portal.find_type(object_type) else { return Vec::new() };
        portal.store(object_type).records.values().filter(|record| record.is_live()).cloned().collect()
    }
}
