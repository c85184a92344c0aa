//! What a portal lacks, and making it (contract hubspot-crm §7).

use std::collections::BTreeSet;

use domain::projection::{KEY_PROPERTY, SYNC_KEY_PROPERTY};
use domain::{FieldKind, FieldMapping, PropertyType};
use hubspot::{Property, PropertyCreate, PropertyGroup};

use super::Wanted;
use crate::outbound::failure::Failure;

/// The group of all properties that we make.
pub(super) const GROUP: &str = "kleer";

/// The unique property by which records are found here: `kleer_id`, unless the portal has one that is not unique, which
/// HubSpot cannot change (contract hubspot-crm §7). A flag that is not told is taken to be set: the first upsert has the last
/// word.
pub(super) fn key(found: &[Property]) -> &'static str {
    let plain = found.iter().find(|property| property.name == KEY_PROPERTY);
    if plain.is_some_and(|plain| plain.has_unique_value == Some(false)) { SYNC_KEY_PROPERTY } else { KEY_PROPERTY }
}

/// Names that begin so are HubSpot's own; nobody else can make them (contract hubspot-crm §7).
pub(super) const RESERVED: &str = "hs_";

/// What has to be made: the key, every mapped property that is not there, and the twin of every one that is read-only or
/// HubSpot's own and not there, as on a custom object.
pub(super) fn missing(wanted: &Wanted<'_>, found: &[Property], refused: &BTreeSet<String>) -> Vec<PropertyCreate> {
    let known: BTreeSet<&str> = found.iter().map(|property| property.name.as_str()).collect();
    let mut missing: Vec<PropertyCreate> = Vec::new();
    let key = key(found);
    if !known.contains(key) {
        missing.push(key_property(key));
    }
    let out_of_reach = |name: &str| {
        let definition = found.iter().find(|property| property.name == name);
        definition.map_or(name.starts_with(RESERVED), |property| !property.is_writable()) || refused.contains(name)
    };
    for mapping in wanted.mappings {
        let twin = mapping.twin().filter(|_| out_of_reach(&mapping.property));
        let name = twin.unwrap_or_else(|| mapping.property.clone());
        let made = missing.iter().any(|made| made.name == name);
        if !made && !known.contains(name.as_str()) && !name.starts_with(RESERVED) {
            missing.push(property(wanted, mapping, name));
        }
    }
    missing
}

fn key_property(name: &str) -> PropertyCreate {
    PropertyCreate {
        name: name.to_owned(),
        label: if name == KEY_PROPERTY { "Kleer ID" } else { "Kleer sync key" }.to_owned(),
        value_type: PropertyType::String.as_str().to_owned(),
        field_type: "text".to_owned(),
        group_name: GROUP.to_owned(),
        description: "Identifies the record in Kleer. Written by Kleer for HubSpot; do not change it.".to_owned(),
        options: Vec::new(),
        has_unique_value: true,
    }
}

/// `kleer_invoice_id` becomes *Kleer invoice ID*.
pub(super) fn id_property(name: &str) -> PropertyCreate {
    let what = name.trim_start_matches("kleer_").trim_end_matches("_id").replace('_', " ");
    PropertyCreate {
        name: name.to_owned(),
        label: format!("Kleer {what} ID"),
        description: format!("The {what} in Kleer that was made from this record. Empty it to have another one made."),
        has_unique_value: false,
        ..key_property(name)
    }
}

pub(super) fn property(wanted: &Wanted<'_>, mapping: &FieldMapping, name: String) -> PropertyCreate {
    let field = mapping.field.as_deref().and_then(|name| wanted.spec.field(name));
    let kind = field.map_or(FieldKind::Text, |field| field.kind);
    let plan = field.map_or((PropertyType::String, "text"), |field| {
        let plan = field.property_plan();
        (plan.property_type, plan.field_type)
    });
    PropertyCreate {
        label: field.map_or_else(|| name.clone(), |field| field.label.to_owned()),
        name,
        value_type: plan.0.as_str().to_owned(),
        field_type: plan.1.to_owned(),
        group_name: GROUP.to_owned(),
        description: format!("From Kleer: {}.", field.map_or("a default value", |field| field.label)),
        options: options(kind),
        has_unique_value: false,
    }
}

fn options(kind: FieldKind) -> Vec<hubspot::PropertyOption> {
    let option = |(order, (label, value)): (usize, (&str, &str))| option(order, label, value);
    match kind {
        FieldKind::Enumeration(values) => values.iter().map(|v| (v.label, v.value)).enumerate().map(option).collect(),
        FieldKind::Boolean => [("Yes", "true"), ("No", "false")].into_iter().enumerate().map(option).collect(),
        _ => Vec::new(),
    }
}

fn option(order: usize, label: &str, value: &str) -> hubspot::PropertyOption {
    hubspot::PropertyOption {
        label: label.to_owned(),
        value: value.to_owned(),
        display_order: i64::try_from(order).unwrap_or(i64::MAX),
        hidden: false,
    }
}

/// Adds options to a property of ours: Kleer's lists grow (contract kleer-api §10), and HubSpot takes no value that is not
/// among the options. The whole list is sent, because HubSpot replaces it.
pub(super) async fn add_options(
    hubspot: &hubspot::Api,
    object: &str,
    property: &Property,
    values: &BTreeSet<String>,
) -> Result<(), Failure> {
    let mut options = property.options.clone();
    for value in values {
        options.push(option(options.len(), value, value));
    }
    let set = hubspot.properties().set_options(object, &property.name, &options).await;
    set.map(drop).map_err(Failure::Hubspot)
}

/// Makes properties in one call; where a portal takes no batch, one by one. What exists already is fine.
pub(super) async fn create(hubspot: &hubspot::Api, object: &str, missing: &[PropertyCreate]) -> Result<(), Failure> {
    let group = PropertyGroup { name: GROUP.to_owned(), label: "Kleer".to_owned(), archived: false };
    match hubspot.groups().create(object, &group).await {
        Ok(_) => {}
        Err(error) if hubspot::is_already_exists(&error) => {}
        // A group only sorts properties; if it is really missing, their creation says so.
        Err(error) if is_no_batch(&error) => tracing::warn!(%error, "the property group could not be made"),
        Err(error) => return Err(Failure::Hubspot(error)),
    }
    match hubspot.properties().batch_create(object, missing).await {
        Ok(answer) if !answer.has_errors() => return Ok(()),
        Err(error) if !is_no_batch(&error) => return Err(Failure::Hubspot(error)),
        Ok(_) | Err(_) => {}
    }
    for property in missing {
        match hubspot.properties().create(object, property).await {
            Ok(_) => {}
            Err(error) if hubspot::is_already_exists(&error) => {}
            Err(error) if property.has_unique_value && error.status == Some(400) => {
                return Err(Failure::Unavailable(no_unique_property(object, &property.name, &error)));
            }
            Err(error) => return Err(Failure::Hubspot(error)),
        }
    }
    Ok(())
}

/// At most ten properties of an object may be unique (contract hubspot-crm §7).
fn no_unique_property(object: &str, name: &str, error: &rest::Error) -> String {
    let said = hubspot::ApiError::of(error).message;
    let said = said.trim().trim_end_matches('.');
    format!(
        "HubSpot did not let us make the unique property {name} on {object} ({said}): delete a property with unique values \
         that you no longer need there, or choose another HubSpot object for this type."
    )
}

/// A refusal of the batch itself, or of one of its members: one by one tells which.
fn is_no_batch(error: &rest::Error) -> bool {
    matches!(error.status, Some(400 | 404 | 405 | 409))
}
