//! Properties: what a portal has, what mappings need, and making what is missing (contract hubspot-crm §7).

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use app::{App, Connection};
use domain::projection::KEY_PROPERTY;
use domain::{FieldKind, ObjectSettings, ObjectSpec, PropertyDefinition, PropertyOption, PropertyType, Schema};
use hubspot::{Property, PropertyCreate, PropertyGroup};

use super::failure::Failure;

/// The group of all properties that we make.
const GROUP: &str = "kleer";
/// What we know of a portal is asked again after this long.
const FRESH: Duration = Duration::from_secs(24 * 60 * 60);
/// Properties that were read this recently are not read again because of a value that does not fit.
const SETTLES: Duration = Duration::from_secs(120);
/// A new property is readable after 0.25 to 0.7 s (contract hubspot-crm §7); looked for this often.
const VISIBLE_AFTER: Duration = Duration::from_millis(350);

/// The portal's properties for a type, from memory if that is fresh, with everything made that the mappings need.
///
/// # Errors
/// If HubSpot refuses, or the portal has a `kleer_id` that cannot identify records.
pub(super) async fn ensure(
    app: &App,
    connection: &Connection,
    spec: &ObjectSpec,
    settings: &ObjectSettings,
) -> Result<Schema, Failure> {
    let portal = connection.installation.portal;
    if let Some(schema) = app.store.schema(portal, spec.object).await? {
        let age = app.clock.now().duration_since(schema.checked_at);
        if age.unsigned_abs() < FRESH && schema.covers(&settings.hubspot_object, settings.properties()) {
            return Ok(schema);
        }
    }
    let mut found = list(connection, settings).await?;
    let missing = missing(spec, settings, &found);
    if !missing.is_empty() {
        create(connection, settings, &missing).await?;
        found = read_until_visible(app, connection, settings, &missing).await?;
    }
    let schema = schema(app, settings, &found)?;
    app.store.set_schema(portal, spec.object, &schema).await?;
    Ok(schema)
}

/// Whether what we know of the portal is old enough that another look may show something else.
pub(super) fn may_have_changed(app: &App, schema: &Schema) -> bool {
    app.clock.now().duration_since(schema.checked_at).unsigned_abs() >= SETTLES
}

/// The portal's properties as they would be; nothing is made. For previews.
///
/// # Errors
/// If HubSpot refuses, or the portal has a `kleer_id` that cannot identify records.
pub(super) async fn foresee(
    app: &App,
    connection: &Connection,
    spec: &ObjectSpec,
    settings: &ObjectSettings,
) -> Result<Schema, Failure> {
    let found = list(connection, settings).await?;
    let missing = missing(spec, settings, &found);
    let key = found.iter().find(|property| property.name == KEY_PROPERTY);
    if key.is_some_and(|key| key.has_unique_value == Some(false)) {
        return schema(app, settings, &found);
    }
    let mut properties = definitions(settings, &found);
    properties.extend(missing.iter().map(|property| (property.name.clone(), planned(property))));
    Ok(Schema { hubspot_object: settings.hubspot_object.clone(), properties, checked_at: app.clock.now() })
}

async fn list(connection: &Connection, settings: &ObjectSettings) -> Result<Vec<Property>, Failure> {
    connection.hubspot.properties().list(&settings.hubspot_object).await.map_err(Failure::Hubspot)
}

/// What has to be made: `kleer_id` and every mapped property that is not there.
fn missing(spec: &ObjectSpec, settings: &ObjectSettings, found: &[Property]) -> Vec<PropertyCreate> {
    let known: BTreeSet<&str> = found.iter().map(|property| property.name.as_str()).collect();
    let mut missing = Vec::new();
    if !known.contains(KEY_PROPERTY) {
        missing.push(PropertyCreate {
            name: KEY_PROPERTY.to_owned(),
            label: "Kleer ID".to_owned(),
            value_type: PropertyType::String.as_str().to_owned(),
            field_type: "text".to_owned(),
            group_name: GROUP.to_owned(),
            description: "Identifies the record in Kleer. Written by Kleer for HubSpot; do not change it.".to_owned(),
            options: Vec::new(),
            has_unique_value: true,
        });
    }
    for mapping in settings.mappings.iter().filter(|mapping| !known.contains(mapping.property.as_str())) {
        let field = mapping.field.as_deref().and_then(|name| spec.field(name));
        let kind = field.map_or(FieldKind::Text, |field| field.kind);
        let plan = field.map_or((PropertyType::String, "text"), |field| {
            let plan = field.property_plan();
            (plan.property_type, plan.field_type)
        });
        missing.push(PropertyCreate {
            name: mapping.property.clone(),
            label: field.map_or_else(|| mapping.property.clone(), |field| field.label.to_owned()),
            value_type: plan.0.as_str().to_owned(),
            field_type: plan.1.to_owned(),
            group_name: GROUP.to_owned(),
            description: format!("From Kleer: {}.", field.map_or("a default value", |field| field.label)),
            options: options(kind),
            has_unique_value: false,
        });
    }
    missing
}

fn options(kind: FieldKind) -> Vec<hubspot::PropertyOption> {
    let option = |(order, (label, value)): (usize, (&str, &str))| hubspot::PropertyOption {
        label: label.to_owned(),
        value: value.to_owned(),
        display_order: i64::try_from(order).unwrap_or(i64::MAX),
        hidden: false,
    };
    match kind {
        FieldKind::Enumeration(values) => values.iter().map(|v| (v.label, v.value)).enumerate().map(option).collect(),
        FieldKind::Boolean => [("Yes", "true"), ("No", "false")].into_iter().enumerate().map(option).collect(),
        _ => Vec::new(),
    }
}

/// Makes properties in one call; where a portal takes no batch, one by one. What exists already is fine.
async fn create(connection: &Connection, settings: &ObjectSettings, missing: &[PropertyCreate]) -> Result<(), Failure> {
    let hubspot = &connection.hubspot;
    let object = &settings.hubspot_object;
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
            Err(error) => return Err(Failure::Hubspot(error)),
        }
    }
    Ok(())
}

/// A refusal of the batch itself, or of one of its members: one by one tells which.
fn is_no_batch(error: &rest::Error) -> bool {
    matches!(error.status, Some(400 | 404 | 405 | 409))
}

async fn read_until_visible(
    app: &App,
    connection: &Connection,
    settings: &ObjectSettings,
    made: &[PropertyCreate],
) -> Result<Vec<Property>, Failure> {
    const TRIES: u32 = 10;
    for _ in 0..TRIES {
        app.clock.sleep(VISIBLE_AFTER).await;
        let found = list(connection, settings).await?;
        if made.iter().all(|made| found.iter().any(|property| property.name == made.name)) {
            return Ok(found);
        }
    }
    Err(Failure::SchemaChanged("new properties are not visible yet".to_owned()))
}

fn schema(app: &App, settings: &ObjectSettings, found: &[Property]) -> Result<Schema, Failure> {
    let object = &settings.hubspot_object;
    let key = found.iter().find(|property| property.name == KEY_PROPERTY);
    // A flag that is not told is taken to be set: the first upsert has the last word.
    if key.is_none_or(|key| key.has_unique_value == Some(false)) {
        return Err(Failure::Portal(format!(
            "The property {KEY_PROPERTY} on {object} was there before this app and does not hold unique values, which HubSpot \
             cannot change later: rename or delete that property in HubSpot, then sync again."
        )));
    }
    Ok(Schema { hubspot_object: object.clone(), properties: definitions(settings, found), checked_at: app.clock.now() })
}

/// The mapped properties among those found.
fn definitions(settings: &ObjectSettings, found: &[Property]) -> BTreeMap<String, PropertyDefinition> {
    let mapped: BTreeSet<&str> = settings.properties().collect();
    let wanted = found.iter().filter(|property| mapped.contains(property.name.as_str()));
    wanted.map(|property| (property.name.clone(), definition(property))).collect()
}

fn definition(property: &Property) -> PropertyDefinition {
    PropertyDefinition {
        property_type: PropertyType::from_wire(&property.value_type),
        options: property.options.iter().map(option).collect(),
        read_only: !property.is_writable(),
    }
}

fn planned(property: &PropertyCreate) -> PropertyDefinition {
    PropertyDefinition {
        property_type: PropertyType::from_wire(&property.value_type),
        options: property.options.iter().map(option).collect(),
        read_only: false,
    }
}

fn option(option: &hubspot::PropertyOption) -> PropertyOption {
    PropertyOption { value: option.value.clone(), label: option.label.clone() }
}

#[cfg(test)]
mod tests;
