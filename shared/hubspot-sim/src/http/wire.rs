//! The JSON of requests and answers, in HubSpot's names.

use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value, json};

use crate::state::association_types::{Category, Label};
use crate::state::associations::Wish;
use crate::state::batch::Input;
use crate::state::portal::Portal;
use crate::state::property::{Group, Property};
use crate::state::record::{Record, moment};
use crate::state::types::ObjectTypeId;

/// `{inputs: [...]}`.
#[derive(Deserialize)]
pub(super) struct Inputs<T> {
    pub(super) inputs: Vec<T>,
}

/// `{id}`; a number is taken as its text.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Id {
    #[serde(deserialize_with = "id_text")]
    pub(super) id: String,
}

/// The body of a single create or update.
#[derive(Deserialize)]
pub(super) struct ObjectInput {
    pub(super) properties: Map<String, Value>,
    #[serde(default)]
    pub(super) associations: Option<Vec<AssociationInput>>,
}

/// An input of batch create.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct CreateInput {
    properties: Map<String, Value>,
    #[serde(default)]
    associations: Option<Vec<AssociationInput>>,
    #[serde(default)]
    object_write_trace_id: Option<String>,
}

/// An input of batch update and upsert.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct WriteInput {
    #[serde(deserialize_with = "id_text")]
    id: String,
    #[serde(default)]
    id_property: Option<String>,
    properties: Map<String, Value>,
    #[serde(default)]
    object_write_trace_id: Option<String>,
    /// Not part of the format; HubSpot ignores it.
    #[serde(default)]
    pub(super) associations: Option<Value>,
}

/// `{to: {id}, types: [...]}`.
#[derive(Deserialize)]
pub(super) struct AssociationInput {
    to: Id,
    types: Vec<Spec>,
}

/// `{associationCategory, associationTypeId}`.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Spec {
    association_category: Category,
    association_type_id: u32,
}

/// The body of batch read.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct BatchRead {
    pub(super) inputs: Vec<Id>,
    #[serde(default)]
    pub(super) id_property: Option<String>,
    #[serde(default)]
    pub(super) properties: Option<Vec<String>>,
    #[serde(default)]
    pub(super) properties_with_history: Option<Vec<String>>,
}

impl Spec {
    pub(super) fn label(self) -> Label {
        Label { category: self.association_category, type_id: self.association_type_id }
    }
}

impl AssociationInput {
    pub(super) fn wish(self) -> Wish {
        Wish { to: self.to.id, labels: self.types.into_iter().map(Spec::label).collect() }
    }
}

impl From<CreateInput> for Input {
    fn from(input: CreateInput) -> Input {
        Input {
            properties: input.properties,
            trace_id: input.object_write_trace_id,
            associations: input.associations.into_iter().flatten().map(AssociationInput::wish).collect(),
            ..Input::default()
        }
    }
}

impl From<WriteInput> for Input {
    fn from(input: WriteInput) -> Input {
        Input {
            id: input.id,
            id_property: input.id_property,
            properties: input.properties,
            trace_id: input.object_write_trace_id,
            associations: Vec::new(),
        }
    }
}

/// Text, or a number as its text.
pub(super) fn id_text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    match Value::deserialize(deserializer)? {
        Value::String(text) => Ok(text),
        Value::Number(number) => Ok(number.to_string()),
        other => Err(serde::de::Error::custom(format!("an id must be text, not {other}"))),
    }
}

/// Which properties an answer shows, beside id and the two dates.
#[derive(Clone, Debug, Default)]
pub(super) struct Selection {
    /// The names asked for, or the type's default.
    pub(super) names: Option<Vec<String>>,
    /// Names whose history is asked for.
    pub(super) history: Vec<String>,
}

/// A record as HubSpot shows it.
pub(super) fn record(portal: &Portal, object_type: ObjectTypeId, record: &Record, selection: &Selection) -> Value {
    let mut shown = Map::new();
    let definitions = &portal.store(object_type).properties;
    let defaults = || {
        let standard = object_type.standard();
        standard.map(|standard| standard.shown.iter().map(|name| (*name).to_owned()).collect()).unwrap_or_default()
    };
    let mut names: Vec<String> = selection.names.clone().unwrap_or_else(defaults);
    names.extend(selection.history.iter().cloned());
    names.retain(|name| definitions.get(name).is_some_and(|definition| definition.archived_at.is_none()));
    names.extend([object_type.created_property(), object_type.modified_property(), "hs_object_id"].map(str::to_owned));
    for name in names {
        let value = record.read(object_type, &name).map(|value| value.into_owned());
        shown.insert(name, json!(value));
    }
    let mut body = json!({ "id": record.id.to_string(), "properties": shown });
    if !selection.history.is_empty() {
        body["propertiesWithHistory"] = history(record, &selection.history);
    }
    body["createdAt"] = json!(moment(record.created_at));
    body["updatedAt"] = json!(moment(record.updated_at));
    body["archived"] = json!(!record.is_live());
    if let Some(at) = record.archived_at {
        body["archivedAt"] = json!(moment(at));
    }
    let (domain, portal) = (&portal.options.ui_domain, portal.id);
    body["url"] = json!(format!("https://{domain}/contacts/{portal}/record/{object_type}/{}", record.id));
    body
}

/// The last change of each property; older ones are not kept.
fn history(record: &Record, names: &[String]) -> Value {
    let mut all = Map::new();
    for name in names {
        let entries = record.properties.get(name).map(|stored| {
            json!({
                "value": stored.value,
                "timestamp": moment(stored.at),
                "sourceType": stored.source.change_source(),
                "sourceId": stored.source.source_id(),
            })
        });
        all.insert(name.clone(), Value::Array(entries.into_iter().collect()));
    }
    Value::Object(all)
}

/// A property definition as HubSpot shows it.
pub(super) fn property(portal: &Portal, object_type: ObjectTypeId, property: &Property) -> Value {
    let switched = portal.switched_read_only(object_type, &property.name);
    let mut body = json!({
        "updatedAt": moment(property.updated_at),
        "createdAt": moment(property.created_at),
        "name": property.name,
        "label": property.label,
        "type": property.data_type,
        "fieldType": property.field_type,
        "description": property.description,
        "groupName": property.group_name,
        "options": property.options,
        "displayOrder": property.display_order,
        "calculated": property.calculated,
        "externalOptions": property.external_options,
        "archived": property.archived_at.is_some(),
        "hasUniqueValue": property.has_unique_value,
        "hidden": property.hidden,
        "hubspotDefined": property.hubspot_defined,
        "showCurrencySymbol": false,
        "modificationMetadata": {
            "archivable": !property.hubspot_defined,
            "readOnlyDefinition": property.hubspot_defined,
            "readOnlyOptions": property.hubspot_defined,
            "readOnlyValue": property.read_only_value || switched,
        },
        "formField": property.form_field,
        "dataSensitivity": "non_sensitive",
    });
    if let Some(referenced) = &property.referenced_object_type {
        body["referencedObjectType"] = json!(referenced);
    }
    if let Some(at) = property.archived_at {
        body["archivedAt"] = json!(moment(at));
    }
    body
}

/// A property group as HubSpot shows it.
pub(super) fn group(group: &Group) -> Value {
    json!({
        "name": group.name,
        "label": group.label,
        "displayOrder": group.display_order,
        "archived": group.archived,
    })
}
