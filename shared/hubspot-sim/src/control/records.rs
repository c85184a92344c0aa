//! Looking at records, and changing them as a person in HubSpot's pages would.

use serde_json::{Map, Value, json};

use super::{Control, ok};
use crate::http::call::Answer;
use crate::state::batch::Place;
use crate::state::error::ApiError;
use crate::state::portal::Portal;
use crate::state::record::{Record, Source, SourceKind, moment};
use crate::state::types::ObjectTypeId;

impl Control<'_> {
    /// The routes below `/_sim/records/`.
    pub(super) fn records(&mut self, method: &str, segments: &[&str]) -> Result<Answer, ApiError> {
        let (name, rest) = segments.split_first().ok_or_else(ApiError::not_found)?;
        let portal = self.portal()?;
        let place = Place { portal, object_type: self.inner.state.portal(portal)?.object_type(name)? };
        match (method, rest) {
            ("GET", []) => self.list(place),
            ("POST", []) => self.write(place, None),
            ("POST", ["merge"]) => self.merge(place),
            ("GET", [id]) => {
                let portal = self.inner.state.portal(place.portal)?;
                let record = portal.store(place.object_type).any(number(id)?).ok_or_else(ApiError::not_found)?;
                Ok(ok(full(portal, place.object_type, record)))
            }
            ("PATCH", [id]) => self.write(place, Some(number(id)?)),
            ("DELETE", [id]) => done(self.inner.state.archive_record(place, number(id)?, self.source(), self.now)?),
            ("POST", [id, "restore"]) => {
                done(self.inner.state.restore_record(place, number(id)?, self.source(), self.now))
            }
            _ => Err(ApiError::bare(404, "no such control route")),
        }
    }

    /// The user of `?user=`, or the first owner's; a workflow with `?by=workflow`.
    fn source(&self) -> Source {
        if self.query("by") == Some("workflow") {
            return self.inner.state.workflow_source();
        }
        let id = self.query("user").and_then(|user| user.parse().ok()).unwrap_or(501);
        Source { kind: SourceKind::CrmUi, id }
    }

    fn list(&self, place: Place) -> Result<Answer, ApiError> {
        let archived = self.query("archived") == Some("true");
        let portal = self.inner.state.portal(place.portal)?;
        let records = portal.store(place.object_type).records.values().filter(|record| record.is_live() != archived);
        let results: Vec<Value> = records.map(|record| compact(place.object_type, record)).collect();
        Ok(ok(json!({ "total": results.len(), "results": results })))
    }

    fn write(&mut self, place: Place, id: Option<u64>) -> Result<Answer, ApiError> {
        #[derive(serde::Deserialize)]
        struct Sent {
            properties: Map<String, Value>,
        }
        let sent: Sent = self.json()?;
        let source = self.source();
        let record = self.inner.state.writes(place, id, &sent.properties, source, self.now)?;
        let status = if id.is_some() { 200 } else { 201 };
        Ok(Answer::json(status, compact(place.object_type, &record)))
    }

    fn merge(&mut self, place: Place) -> Result<Answer, ApiError> {
        #[derive(serde::Deserialize)]
        struct Merge {
            survivor: u64,
            merged: u64,
        }
        let sent: Merge = self.json()?;
        let source = self.source();
        let record = self.inner.state.merge_records(place, sent.survivor, sent.merged, source, self.now)?;
        Ok(ok(compact(place.object_type, &record)))
    }
}

fn number(id: &str) -> Result<u64, ApiError> {
    id.parse().map_err(|_| ApiError::not_found())
}

fn done(found: bool) -> Result<Answer, ApiError> {
    if found { Ok(Answer::no_content()) } else { Err(ApiError::not_found()) }
}

/// Id and values.
fn compact(object_type: ObjectTypeId, record: &Record) -> Value {
    let values: Map<String, Value> = record
        .properties
        .iter()
        .filter(|(_, stored)| !stored.value.is_empty())
        .map(|(name, stored)| (name.clone(), json!(stored.value)))
        .collect();
    json!({
        "id": record.id.to_string(),
        "objectTypeId": object_type,
        "properties": values,
        "createdAt": moment(record.created_at),
        "updatedAt": moment(record.updated_at),
        "archived": !record.is_live(),
    })
}

/// With who changed what, and the associations.
fn full(portal: &Portal, object_type: ObjectTypeId, record: &Record) -> Value {
    let mut body = compact(object_type, record);
    let changes: Map<String, Value> = record
        .properties
        .iter()
        .map(|(name, stored)| {
            let change = json!({
                "value": stored.value,
                "at": moment(stored.at),
                "changeSource": stored.source.change_source(),
                "sourceId": stored.source.source_id(),
            });
            (name.clone(), change)
        })
        .collect();
    let associations: Vec<Value> = portal
        .all_associated((object_type, record.id))
        .map(|((other, id), labels)| {
            let types: Vec<u32> = labels.iter().map(|label| label.type_id).collect();
            json!({ "objectTypeId": other, "id": id.to_string(), "typeIds": types })
        })
        .collect();
    body["changes"] = Value::Object(changes);
    body["associations"] = json!(associations);
    body
}
