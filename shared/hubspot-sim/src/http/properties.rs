//! `/crm/properties/{v}/{type}` (contract §7).

use serde_json::{Value, json};

use super::call::{Answer, Call};
use super::path::Version;
use super::scopes::Access;
use super::wire::{self, Inputs};
use crate::state::batch::{MOST_INPUTS, Place, check_size};
use crate::state::change::Change;
use crate::state::error::ApiError;
use crate::state::properties::{self, GroupCreate, PropertyCreate, PropertyUpdate};
use crate::state::property::{Group, Property};

/// `GET …/{type}`.
pub(super) fn list(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let place = call.properties_of(Access::Read)?;
    let archived = call.flag("archived");
    let portal = call.portal()?;
    let shown = |property: &&Property| match archived {
        true => property.archived_at.is_some(),
        false => property.usable(call.now),
    };
    let all = portal.store(place.object_type).properties.values().filter(shown);
    let results: Vec<Value> = all.map(|property| wire::property(portal, place.object_type, property)).collect();
    Ok(Answer::json(200, json!({ "results": results })))
}

/// `GET …/{type}/{name}`.
pub(super) fn get(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let place = call.properties_of(Access::Read)?;
    let property = present(call, place, call.flag("archived"))?;
    Ok(Answer::json(200, wire::property(call.portal()?, place.object_type, &property)))
}

/// The definition named in the path; the archived one if that is wanted.
fn present(call: &Call<'_>, place: Place, archived: bool) -> Result<Property, ApiError> {
    let name = call.param("name");
    let found = call.portal()?.store(place.object_type).properties.get(name);
    let found = found.filter(|property| match archived {
        true => property.archived_at.is_some(),
        false => property.usable(call.now),
    });
    found.cloned().ok_or_else(|| {
        ApiError::new(
            404,
            "OBJECT_NOT_FOUND",
            format!("Property {name} does not exist for object type {}", place.object_type),
        )
        .sub_category("Properties.PROPERTY_NOT_FOUND")
    })
}

/// `POST …/{type}`.
pub(super) fn create(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let place = call.properties_of(Access::Write)?;
    let sent: PropertyCreate = call.json()?;
    let property = properties::create(call.portal()?, place.object_type, sent, call.now)?;
    keep(call, place, property.clone());
    Ok(Answer::json(201, wire::property(call.portal()?, place.object_type, &property)))
}

fn keep(call: &mut Call<'_>, place: Place, property: Property) {
    call.state.commit(Change::Property { portal: place.portal, object_type: place.object_type, property });
}

/// `PATCH …/{type}/{name}`.
pub(super) fn update(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let place = call.properties_of(Access::Write)?;
    let sent: PropertyUpdate = call.json()?;
    let property = present(call, place, false)?;
    let property = properties::update(call.portal()?, place.object_type, &property, sent, call.now)?;
    keep(call, place, property.clone());
    Ok(Answer::json(200, wire::property(call.portal()?, place.object_type, &property)))
}

/// `DELETE …/{type}/{name}`.
pub(super) fn archive(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let place = call.properties_of(Access::Write)?;
    let property = present(call, place, false)?;
    let property = properties::archive(&property, call.now)?;
    keep(call, place, property);
    Ok(Answer::no_content())
}

/// `POST …/{type}/batch/create`: 201, or 207 with an error per refused property.
pub(super) fn batch_create(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let place = call.properties_of(Access::Write)?;
    let sent: Inputs<PropertyCreate> = call.json()?;
    check_size(sent.inputs.len(), MOST_INPUTS)?;
    let (mut results, mut errors) = (Vec::new(), Vec::new());
    for input in sent.inputs {
        let name = input.name.clone();
        match properties::create(call.portal()?, place.object_type, input, call.now) {
            Ok(property) => {
                keep(call, place, property.clone());
                results.push(wire::property(call.portal()?, place.object_type, &property));
            }
            Err(error) => errors.push(error.context("name", [name]).to_batch_entry(None)),
        }
    }
    Ok(call.batch_answer(201, results, errors))
}

/// A property's name.
#[derive(serde::Deserialize)]
struct Name {
    name: String,
}

/// `POST …/{type}/batch/read`; all three fields are required, but the official libraries, which speak v3, know no
/// `dataSensitivity` or leave it out.
pub(super) fn batch_read(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    #[derive(serde::Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Read {
        archived: bool,
        data_sensitivity: Option<String>,
        inputs: Vec<Name>,
    }
    let place = call.properties_of(Access::Read)?;
    let sent: Read = call.json()?;
    let sensitivity = match (sent.data_sensitivity, call.version) {
        (Some(given), _) => given,
        (None, Version::Legacy(_)) => "non_sensitive".to_owned(),
        (None, Version::Dated(..)) => {
            call.unexpected.push("bad body: missing field `dataSensitivity`".to_owned());
            return Err(ApiError::validation("Some required fields were not set: [dataSensitivity]"));
        }
    };
    check_size(sent.inputs.len(), MOST_INPUTS)?;
    let portal = call.portal()?;
    let (mut results, mut missing) = (Vec::new(), Vec::new());
    for Name { name } in sent.inputs {
        let found = portal.store(place.object_type).properties.get(&name);
        match found
            .filter(|property| property.archived_at.is_some() == sent.archived && property.visible_at <= call.now)
        {
            Some(property) if sensitivity == "non_sensitive" => {
                results.push(wire::property(portal, place.object_type, property));
            }
            _ => missing.push(name),
        }
    }
    let not_found = |missing: Vec<String>| {
        let message = "Could not get some properties, they may be deleted or not exist. Check that names are valid.";
        ApiError::new(404, "OBJECT_NOT_FOUND", message).context("names", missing).to_batch_entry(None)
    };
    let errors = if missing.is_empty() { Vec::new() } else { vec![not_found(missing)] };
    Ok(call.batch_answer(200, results, errors))
}

/// `POST …/{type}/batch/archive`: 204 always.
pub(super) fn batch_archive(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let place = call.properties_of(Access::Write)?;
    let sent: Inputs<Name> = call.json()?;
    check_size(sent.inputs.len(), MOST_INPUTS)?;
    for Name { name } in sent.inputs {
        let found = call.portal()?.store(place.object_type).properties.get(&name).cloned();
        if let Some(property) = found.filter(|property| property.archived_at.is_none())
            && let Ok(property) = properties::archive(&property, call.now)
        {
            keep(call, place, property);
        }
    }
    Ok(Answer::no_content())
}

/// `GET …/{type}/groups`; archived ones are left out.
pub(super) fn groups(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let place = call.properties_of(Access::Read)?;
    let all = call.portal()?.store(place.object_type).groups.values();
    let results: Vec<Value> = all.filter(|group| !group.archived).map(wire::group).collect();
    Ok(Answer::json(200, json!({ "results": results })))
}

/// `POST …/{type}/groups`.
pub(super) fn create_group(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let place = call.properties_of(Access::Write)?;
    let sent: GroupCreate = call.json()?;
    let group = properties::create_group(call.portal()?, place.object_type, sent)?;
    keep_group(call, place, group.clone());
    Ok(Answer::json(201, wire::group(&group)))
}

fn keep_group(call: &mut Call<'_>, place: Place, group: Group) {
    call.state.commit(Change::Group { portal: place.portal, object_type: place.object_type, group });
}

fn present_group(call: &Call<'_>, place: Place) -> Result<Group, ApiError> {
    let group = call.portal()?.store(place.object_type).groups.get(call.param("name"));
    let missing =
        || ApiError::new(404, "OBJECT_NOT_FOUND", format!("Property group {} does not exist", call.param("name")));
    group.filter(|group| !group.archived).cloned().ok_or_else(missing)
}

/// `GET …/{type}/groups/{name}`.
pub(super) fn get_group(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let place = call.properties_of(Access::Read)?;
    Ok(Answer::json(200, wire::group(&present_group(call, place)?)))
}

/// `PATCH …/{type}/groups/{name}`.
pub(super) fn update_group(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    #[derive(serde::Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Update {
        label: Option<String>,
        display_order: Option<i64>,
    }
    let place = call.properties_of(Access::Write)?;
    let sent: Update = call.json()?;
    let mut group = present_group(call, place)?;
    group.label = sent.label.unwrap_or(group.label);
    group.display_order = sent.display_order.unwrap_or(group.display_order);
    keep_group(call, place, group.clone());
    Ok(Answer::json(200, wire::group(&group)))
}

/// `DELETE …/{type}/groups/{name}`.
pub(super) fn archive_group(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let place = call.properties_of(Access::Write)?;
    let group = Group { archived: true, ..present_group(call, place)? };
    keep_group(call, place, group);
    Ok(Answer::no_content())
}

/// `GET /crm/property-validations/{v}/{type}`: no rules beside the switches, which this API does not show.
pub(super) fn validations(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    call.properties_of(Access::Read)?;
    Ok(Answer::json(200, json!({ "results": [] })))
}
