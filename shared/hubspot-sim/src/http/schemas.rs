//! Custom objects: `/crm-object-schemas/{v}/schemas` (contract §3.8).

use serde::Deserialize;
use serde_json::{Value, json};

use super::call::{Answer, Call};
use super::wire;
use crate::state::change::Change;
use crate::state::error::ApiError;
use crate::state::portal::Portal;
use crate::state::properties::{self, PropertyCreate};
use crate::state::record::moment;
use crate::state::schemas::Schema;
use crate::state::types::ObjectTypeId;

/// What a create call sends.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SchemaCreate {
    name: String,
    labels: Labels,
    primary_display_property: Option<String>,
    required_properties: Vec<String>,
    #[serde(default)]
    searchable_properties: Option<Vec<String>>,
    #[serde(default)]
    secondary_display_properties: Option<Vec<String>>,
    properties: Vec<Value>,
    associated_objects: Vec<String>,
}

#[derive(Deserialize)]
struct Labels {
    singular: Option<String>,
    plural: Option<String>,
}

fn may_read(call: &Call<'_>) -> Result<(), ApiError> {
    call.need(&["crm.schemas.custom.read".to_owned(), "crm.objects.custom.read".to_owned()])
}

/// `POST /crm-object-schemas/{v}/schemas`.
pub(super) fn create(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    call.need(&["crm.schemas.custom.write".to_owned()])?;
    let sent: SchemaCreate = call.json()?;
    let portal = call.portal()?;
    if portal.schemas.values().any(|schema| schema.name == sent.name) {
        let message = format!("An object type named '{}' already exists.", sent.name);
        return Err(ApiError::new(409, "OBJECT_ALREADY_EXISTS", message));
    }
    let others: Result<Vec<ObjectTypeId>, ApiError> =
        sent.associated_objects.iter().map(|name| portal.object_type(&name.to_lowercase())).collect();
    let (others, schema) = (others?, plan(portal, &sent, call)?);
    let properties: Vec<PropertyCreate> = sent.properties.into_iter().map(in_group).collect::<Result<_, _>>()?;
    let portal = call.portal_id();
    call.state.commit(Change::Schema { portal, schema: schema.clone() });
    for sent in properties {
        let property = properties::create(call.portal()?, schema.id, sent, call.now)?;
        call.state.commit(Change::Property { portal, object_type: schema.id, property });
    }
    for other in others {
        let first = call.portal()?.next_association_type_id();
        let association_type = properties::integrator_type(schema.id, other, first);
        call.state.commit(Change::AssociationType { portal, association_type });
    }
    Ok(Answer::json(201, shown(call, &schema)?))
}

fn plan(portal: &Portal, sent: &SchemaCreate, call: &Call<'_>) -> Result<Schema, ApiError> {
    let named = |name: &String| sent.properties.iter().any(|property| property["name"] == json!(name));
    if let Some(unknown) = sent.required_properties.iter().chain(&sent.primary_display_property).find(|one| !named(one))
    {
        return Err(ApiError::validation(format!("Property '{unknown}' is not among the properties of the schema")));
    }
    let number = portal.schemas.keys().map(|id| id.number).max().unwrap_or(100) + 1;
    let label = |text: &Option<String>| text.clone().unwrap_or_else(|| sent.name.clone());
    Ok(Schema {
        id: ObjectTypeId { meta: 2, number },
        name: sent.name.clone(),
        singular: label(&sent.labels.singular),
        plural: label(&sent.labels.plural),
        primary_display_property: sent.primary_display_property.clone().unwrap_or_default(),
        required_properties: sent.required_properties.clone(),
        searchable_properties: sent.searchable_properties.clone().unwrap_or_default(),
        secondary_display_properties: sent.secondary_display_properties.clone().unwrap_or_default(),
        created_at: call.now,
    })
}

/// A property of a schema need not say its group.
fn in_group(mut property: Value) -> Result<PropertyCreate, ApiError> {
    if property.get("groupName").is_none() && property.is_object() {
        property["groupName"] = json!("custom_object_information");
    }
    serde_json::from_value(property).map_err(|problem| ApiError::validation(format!("Invalid input JSON: {problem}")))
}

/// `GET /crm-object-schemas/{v}/schemas`.
pub(super) fn list(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    may_read(call)?;
    let all: Vec<Schema> = call.portal()?.schemas.values().cloned().collect();
    let results: Result<Vec<Value>, ApiError> = all.iter().map(|one| shown(call, one)).collect();
    Ok(Answer::json(200, json!({ "results": results? })))
}

/// `GET /crm-object-schemas/{v}/schemas/{type}`.
pub(super) fn get(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    may_read(call)?;
    let id = call.portal()?.object_type(call.param("type"))?;
    let found = call.portal()?.schemas.get(&id).cloned().ok_or_else(ApiError::not_found)?;
    Ok(Answer::json(200, shown(call, &found)?))
}

fn shown(call: &Call<'_>, schema: &Schema) -> Result<Value, ApiError> {
    let portal = call.portal()?;
    let properties = portal.store(schema.id).properties.values();
    let properties: Vec<Value> = properties.map(|property| wire::property(portal, schema.id, property)).collect();
    let associations: Vec<Value> = portal
        .association_types
        .iter()
        .filter(|row| row.from == schema.id)
        .map(|row| json!({ "fromObjectTypeId": row.from, "toObjectTypeId": row.to, "id": row.id.to_string() }))
        .collect();
    Ok(json!({
        "id": schema.id.number.to_string(),
        "objectTypeId": schema.id,
        "fullyQualifiedName": schema.qualified_name(portal.id),
        "name": schema.name,
        "labels": { "singular": schema.singular, "plural": schema.plural },
        "primaryDisplayProperty": schema.primary_display_property,
        "requiredProperties": schema.required_properties,
        "searchableProperties": schema.searchable_properties,
        "secondaryDisplayProperties": schema.secondary_display_properties,
        "properties": properties,
        "associations": associations,
        "createdAt": moment(schema.created_at),
        "updatedAt": moment(schema.created_at),
        "archived": false,
    }))
}
