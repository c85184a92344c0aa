//! What happens to whole records: putting, archiving, restoring; and looking at them from tests.

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::State;
use super::batch::Place;
use super::change::Change;
use super::error::ApiError;
use super::events::{Happened, What};
use super::record::{Record, Source, Stored};
use super::write::Writer;
use super::{rules, types};

impl State {
    /// Keeps a record as it is, and tells those who listen what that changes.
    pub(crate) fn put_record(&mut self, place: Place, record: Record) {
        let (id, news) = (record.id, self.news(place, &record));
        self.keep_record(place, record);
        news.iter().for_each(|happened| self.announce(place, id, happened));
    }

    /// As [`State::put_record`], without telling anybody.
    pub(super) fn keep_record(&mut self, place: Place, record: Record) {
        self.commit(Change::Record { portal: place.portal, object_type: place.object_type, record });
    }

    /// Refuses to delete what cannot be deleted; what is not there can be.
    pub(crate) fn check_archive(&self, place: Place, id: u64) -> Result<(), ApiError> {
        let portal = self.portal(place.portal)?;
        let record = portal.store(place.object_type).live(id);
        record.map_or(Ok(()), |record| rules::check_removal(portal, place.object_type, record))
    }

    /// Deletes a record (it can be restored) and its line items; false when it was not there.
    pub(crate) fn archive_record(
        &mut self,
        place: Place,
        id: u64,
        source: Source,
        now: Timestamp,
    ) -> Result<bool, ApiError> {
        self.check_archive(place, id)?;
        let portal = self.portal(place.portal)?;
        let Some(record) = portal.store(place.object_type).live(id).cloned() else { return Ok(false) };
        let lines = rules::children(portal, (place.object_type, record.id));
        let deleted = Happened { what: What::Deleted, source, at: now };
        self.put_away(place, record, &deleted);
        for line in lines.into_iter().filter(Record::is_live) {
            self.put_away(Place { object_type: types::LINE_ITEMS, ..place }, line, &deleted);
        }
        Ok(true)
    }

    fn put_away(&mut self, place: Place, record: Record, deleted: &Happened) {
        let id = record.id;
        self.keep_record(place, Record { archived_at: Some(deleted.at), ..record });
        self.announce(place, id, deleted);
    }

    /// Brings a deleted record back, with the line items that went with it; false when there is none. What was merged into
    /// another record stays there.
    pub(crate) fn restore_record(&mut self, place: Place, id: u64, source: Source, now: Timestamp) -> bool {
        let portal = self.portals.get(&place.portal);
        if portal.is_some_and(|portal| portal.store(place.object_type).merged.contains_key(&id)) {
            return false;
        }
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
        self.keep_record(place, record);
        self.announce(place, id, &Happened { what: What::Restored, source, at: now });
        for line in together {
            self.restore_record(Place { object_type: types::LINE_ITEMS, ..place }, line, source, now);
        }
        true
    }

    /// Creates (without id) or changes a record as a person in HubSpot's pages, or a workflow, would.
    pub(crate) fn writes(
        &mut self,
        place: Place,
        id: Option<u64>,
        properties: &Map<String, Value>,
        source: Source,
        now: Timestamp,
    ) -> Result<Record, ApiError> {
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
