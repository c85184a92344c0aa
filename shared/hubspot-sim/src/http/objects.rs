//! `/crm/objects/{v}/{type}`: single records, lists, search.

use serde_json::{Map, Value, json};

use super::call::{Answer, Call};
use super::scopes::Access;
use super::wire::{self, AssociationInput, ObjectInput, Selection};
use crate::state::batch::{Input, Operation, Place};
use crate::state::error::ApiError;
use crate::state::record::Record;
use crate::state::search::SearchRequest;
use crate::state::types::ObjectTypeId;
use crate::state::write::Writer;

const LARGEST_PAGE: usize = 100;

/// `GET …/{type}`.
pub(super) fn list(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let place = call.records_of("type", Access::Read)?;
    let limit = call.limit(10, LARGEST_PAGE)?;
    let after = match call.query("after").filter(|after| !after.is_empty()) {
        Some(text) => {
            text.parse().map_err(|_| ApiError::validation(format!("after '{text}' is not a valid cursor")))?
        }
        None => 0,
    };
    let archived = call.flag("archived");
    let (portal, selection) = (call.portal()?, selection(call));
    let records = portal.store(place.object_type).records.range(after..);
    let mut fitting = records.map(|(_, record)| record).filter(|record| record.is_live() != archived);
    let page: Vec<&Record> = fitting.by_ref().take(limit).collect();
    let next = fitting.next().map(|record| record.id);
    let results: Result<Vec<Value>, ApiError> =
        page.into_iter().map(|record| with_associations(call, place.object_type, record, &selection)).collect();
    let mut body = json!({ "results": results? });
    if let Some(next) = next {
        let link = format!("https://api.hubapi.com/crm/objects/{}?limit={limit}&after={next}", call.param("type"));
        body["paging"] = json!({ "next": { "after": next.to_string(), "link": link } });
    }
    Ok(Answer::json(200, body))
}

/// `GET …/{type}/{id}`.
pub(super) fn get(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let place = call.records_of("type", Access::Read)?;
    let portal = call.portal()?;
    let record = if call.flag("archived") {
        let id = call.param("id").parse().unwrap_or(0);
        portal.store(place.object_type).records.get(&id).filter(|record| !record.is_live())
    } else {
        portal.find(place.object_type, call.param("id"), call.query("idProperty"))?
    };
    let record = record.ok_or_else(ApiError::not_found)?;
    Ok(Answer::json(200, with_associations(call, place.object_type, record, &selection(call))?))
}

/// `POST …/{type}`.
pub(super) fn create(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let place = call.records_of("type", Access::Write)?;
    let sent: ObjectInput = call.json()?;
    let associations = sent.associations.into_iter().flatten().map(AssociationInput::wish).collect();
    let input = Input { properties: sent.properties, associations, ..Input::default() };
    single_write(call, place, Operation::Create, input, 201)
}

/// `PATCH …/{type}/{id}`.
pub(super) fn update(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let place = call.records_of("type", Access::Write)?;
    let sent: ObjectInput = call.json()?;
    let id_property = call.query("idProperty").map(str::to_owned);
    let id = call.param("id").to_owned();
    if call.portal()?.find(place.object_type, &id, id_property.as_deref())?.is_none() {
        return Err(ApiError::not_found());
    }
    let input = Input { id, id_property, properties: sent.properties, ..Input::default() };
    single_write(call, place, Operation::Update, input, 200)
}

/// A write of one record is a batch of one without trace id.
fn single_write(
    call: &mut Call<'_>,
    place: Place,
    operation: Operation,
    input: Input,
    status: u16,
) -> Result<Answer, ApiError> {
    let outcome = write(call, place, operation, &[input])?;
    let (planned, _) = outcome.done.into_iter().next().ok_or_else(ApiError::not_found)?;
    let selection = written(place.object_type, planned.sent);
    Ok(Answer::json(status, wire::record(call.portal()?, place.object_type, &planned.record, &selection)))
}

/// Carries out writes as the caller.
pub(super) fn write(
    call: &mut Call<'_>,
    place: Place,
    operation: Operation,
    inputs: &[Input],
) -> Result<crate::state::batch::Outcome, ApiError> {
    let (source, now, admin_rules) = (call.actor()?.source, call.now, call.version.has_admin_rules());
    let object_type = place.object_type;
    call.state.batch(place, operation, inputs, move |portal| {
        let mut writer = Writer::new(portal, object_type, source, now);
        writer.admin_rules = admin_rules;
        writer
    })
}

/// Answers of writes show what was sent and the type's defaults.
pub(super) fn written(object_type: ObjectTypeId, sent: Vec<String>) -> Selection {
    let mut names = sent;
    let shown = object_type.standard().map(|standard| standard.shown).unwrap_or_default();
    names.extend(shown.iter().map(|name| (*name).to_owned()));
    Selection { names: Some(names), history: Vec::new() }
}

/// `DELETE …/{type}/{id}`; deleting again is fine.
pub(super) fn delete(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let place = call.records_of("type", Access::Write)?;
    let id: u64 = call.param("id").parse().map_err(|_| ApiError::not_found())?;
    if !call.portal()?.store(place.object_type).records.contains_key(&id) {
        return Err(ApiError::not_found());
    }
    let source = call.actor()?.source;
    call.state.archive_record(place, id, source, call.now)?;
    Ok(Answer::no_content())
}

/// `POST …/{type}/merge`.
pub(super) fn merge(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    #[derive(serde::Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Merge {
        #[serde(deserialize_with = "wire::id_text")]
        primary_object_id: String,
        #[serde(deserialize_with = "wire::id_text")]
        object_id_to_merge: String,
    }
    let place = call.records_of("type", Access::Write)?;
    let sent: Merge = call.json()?;
    let number = |text: &str| text.parse().map_err(|_| ApiError::not_found());
    let (survivor, loser) = (number(&sent.primary_object_id)?, number(&sent.object_id_to_merge)?);
    let source = call.actor()?.source;
    let record = call.state.merge_records(place, survivor, loser, source, call.now)?;
    Ok(Answer::json(200, wire::record(call.portal()?, place.object_type, &record, &Selection::default())))
}

/// `POST …/{type}/search`.
pub(super) fn search(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let place = call.records_of("type", Access::Read)?;
    let request: SearchRequest = call.json()?;
    let length = String::from_utf8_lossy(call.body).chars().count();
    let portal = call.portal()?;
    let hits = portal.search(place.object_type, &request, length, call.now)?;
    let names = request.properties.filter(|names| !names.is_empty());
    let selection = Selection { names, history: Vec::new() };
    let results: Vec<Value> =
        hits.records.iter().map(|record| wire::record(portal, place.object_type, record, &selection)).collect();
    let mut body = json!({ "total": hits.total, "results": results });
    if let Some(after) = hits.after {
        body["paging"] = json!({ "next": { "after": after.to_string() } });
    }
    Ok(Answer::json(200, body))
}

/// `properties` and `propertiesWithHistory` of the query.
fn selection(call: &Call<'_>) -> Selection {
    let names = call.query_list("properties");
    Selection { names: (!names.is_empty()).then_some(names), history: call.query_list("propertiesWithHistory") }
}

/// A record with the associations that `associations` asks for.
fn with_associations(
    call: &Call<'_>,
    object_type: ObjectTypeId,
    record: &Record,
    selection: &Selection,
) -> Result<Value, ApiError> {
    let portal = call.portal()?;
    let mut body = wire::record(portal, object_type, record, selection);
    let mut all = Map::new();
    for name in call.query_list("associations") {
        let other = portal.object_type(&name)?;
        let kind = format!("{}_to_{}", singular(object_type), singular(other));
        let results: Vec<Value> = portal
            .associated((object_type, record.id), other)
            .map(|(id, _)| json!({ "id": id.to_string(), "type": kind }))
            .collect();
        if !results.is_empty() {
            let key =
                other.standard().map_or_else(|| other.to_string(), |standard| standard.association_key.to_owned());
            all.insert(key, json!({ "results": results }));
        }
    }
    if !all.is_empty() {
        body["associations"] = Value::Object(all);
    }
    Ok(body)
}

fn singular(object_type: ObjectTypeId) -> String {
    object_type.standard().map_or_else(|| object_type.to_string(), |standard| standard.singular.to_owned())
}
