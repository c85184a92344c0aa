//! Properties: what a portal has, what mappings need, and making what is missing (contract hubspot-crm §7).

mod make;
mod on_request;
mod stages;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use app::{App, Connection};
use domain::{
    FieldMapping, ObjectSpec, ObjectType, PortalId, Problem, PropertyDefinition, PropertyOption, PropertyType, Schema,
};
use hubspot::{InputError, Property, PropertyCreate};
use jiff::Timestamp;

use super::capability;
use super::failure::Failure;
use crate::objects;

pub use on_request::{NewProperty, NotMade, make_property};

/// What we know of a portal is asked again after this long.
const FRESH: Duration = Duration::from_secs(24 * 60 * 60);
/// Properties that were read this recently are not read again because of a value that does not fit.
const SETTLES: Duration = Duration::from_secs(120);
/// A new property is readable after 0.25 to 0.7 s (contract hubspot-crm §7); looked for this often.
const VISIBLE_AFTER: Duration = Duration::from_millis(350);
/// The most options that one run adds: a field that is no list would fill HubSpot with them.
const MOST_NEW_OPTIONS: usize = 20;

/// Where properties are made: a portal, whether it has a Kleer company or not.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place<'a> {
    /// The portal.
    pub(super) portal: PortalId,
    /// HubSpot.
    pub(super) hubspot: &'a hubspot::Api,
}

impl<'a> From<&'a Connection> for Place<'a> {
    fn from(connection: &'a Connection) -> Self {
        Self { portal: connection.installation.portal, hubspot: &connection.hubspot }
    }
}

/// What a type needs of a portal.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wanted<'a> {
    /// The type.
    pub(super) spec: &'a ObjectSpec,
    /// The HubSpot object that it goes to.
    pub(super) hubspot_object: &'a str,
    /// The mappings that apply.
    pub(super) mappings: &'a [FieldMapping],
    /// The pipeline that was chosen for projects.
    pub(super) pipeline: Option<&'a str>,
}

/// The portal's properties for a type, from memory if that is fresh, with everything made that the mappings need.
///
/// # Errors
/// If HubSpot refuses, or the portal lacks what the type needs.
pub(super) async fn ensure(app: &App, place: &Place<'_>, wanted: &Wanted<'_>) -> Result<Schema, Failure> {
    let (portal, hubspot) = (place.portal, place.hubspot);
    let known = app.store.schema(portal, wanted.spec.object).await?;
    if let Some(schema) = known.as_ref().filter(|schema| is_usable(app, schema, wanted)) {
        return Ok(schema.clone());
    }
    let refused = refused(app, known.as_ref());
    let names = refused.keys().cloned().collect();
    let mut found = list(hubspot, wanted).await?;
    let missing = make::missing(wanted, &found, &names);
    if !missing.is_empty() {
        make::create(hubspot, wanted.hubspot_object, &missing).await?;
        found = read_until_visible(app, hubspot, wanted, &missing).await?;
    }
    let schema = Schema { stages: stages::find(hubspot, wanted).await?, ..schema(app, wanted, &found, refused) };
    app.store.set_schema(portal, wanted.spec.object, &schema).await?;
    Ok(schema)
}

fn is_usable(app: &App, schema: &Schema, wanted: &Wanted<'_>) -> bool {
    let age = app.clock.now().duration_since(schema.checked_at);
    let pipeline = wanted.pipeline.is_none_or(|id| schema.stages.as_ref().is_some_and(|stages| stages.pipeline == id));
    age.unsigned_abs() < FRESH && pipeline && schema.covers(wanted.hubspot_object, wanted.mappings)
}

/// Whether what we know of the portal is old enough that another look may show something else.
pub(super) fn may_have_changed(app: &App, schema: &Schema) -> bool {
    app.clock.now().duration_since(schema.checked_at).unsigned_abs() >= SETTLES
}

/// The portal's properties as they would be; nothing is made. For previews.
///
/// # Errors
/// If HubSpot refuses.
pub(super) async fn foresee(app: &App, place: &Place<'_>, wanted: &Wanted<'_>) -> Result<Schema, Failure> {
    let found = list(place.hubspot, wanted).await?;
    let known = app.store.schema(place.portal, wanted.spec.object).await?;
    let refused = refused(app, known.as_ref());
    let missing = make::missing(wanted, &found, &refused.keys().cloned().collect());
    let mut schema = schema(app, wanted, &found, refused);
    schema.properties.extend(missing.iter().map(|property| (property.name.clone(), planned(property))));
    Ok(Schema { stages: stages::find(place.hubspot, wanted).await?, ..schema })
}

/// Lets the portal be asked again at the next run.
pub(super) async fn expire(app: &App, portal: PortalId, object: ObjectType) -> Result<(), store::Error> {
    for object in with_rows(object) {
        if let Some(mut schema) = app.store.schema(portal, object).await? {
            schema.checked_at = Timestamp::UNIX_EPOCH;
            app.store.set_schema(portal, object, &schema).await?;
        }
    }
    Ok(())
}

/// Remembers a property that HubSpot does not let us write although its definition does not say so. True if that is news.
pub(super) async fn note_read_only(
    app: &App,
    portal: PortalId,
    object: ObjectType,
    error: &InputError,
) -> Result<bool, store::Error> {
    let names = error.properties.iter().filter(|error| error.code == "READ_ONLY_VALUE").map(|error| &error.property);
    let names: Vec<&String> = names.collect();
    let mut news = false;
    for object in with_rows(object) {
        let Some(mut schema) = app.store.schema(portal, object).await? else { continue };
        let mapped = names.iter().filter(|name| schema.properties.contains_key(**name));
        let new: Vec<String> =
            mapped.filter(|name| !schema.refused.contains_key(**name)).map(|name| (*name).clone()).collect();
        if !new.is_empty() {
            let now = app.clock.now();
            schema.refused.extend(new.into_iter().map(|name| (name, now)));
            app.store.set_schema(portal, object, &schema).await?;
            news = true;
        }
    }
    Ok(news)
}

fn with_rows(object: ObjectType) -> impl Iterator<Item = ObjectType> {
    let rows = objects::has_rows(object).then_some(ObjectType::LineItem);
    std::iter::once(object).chain(rows)
}

/// Adds the options that records of a plan need on properties of ours. True if there were any.
///
/// # Errors
/// If HubSpot refuses.
pub(super) async fn add_missing_options(
    hubspot: &hubspot::Api,
    wanted: &Wanted<'_>,
    problems: &[Problem],
) -> Result<bool, Failure> {
    let mut options: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for problem in problems {
        if let (Some(property), Some(option)) = (&problem.property, &problem.missing_option) {
            options.entry(property).or_default().insert(option.clone());
        }
    }
    options.retain(|property, values| {
        let is_list = values.len() <= MOST_NEW_OPTIONS;
        if !is_list {
            tracing::warn!(property, values = values.len(), "too many new values for a drop-down; none is added");
        }
        is_list
    });
    if options.is_empty() {
        return Ok(false);
    }
    let found = list(hubspot, wanted).await?;
    let mut added = false;
    for (name, values) in options {
        if let Some(property) = found.iter().find(|property| property.name == name) {
            make::add_options(hubspot, wanted.hubspot_object, property, &values).await?;
            tracing::info!(property = name, options = ?values, "options were added");
            added = true;
        }
    }
    Ok(added)
}

/// Makes a property that holds the id of what a record asked for in Kleer, where the portal lacks it.
///
/// # Errors
/// If HubSpot refuses.
pub(crate) async fn add_id_property(hubspot: &hubspot::Api, object: &str, name: &str) -> Result<(), Failure> {
    make::create(hubspot, object, &[make::id_property(name)]).await
}

async fn list(hubspot: &hubspot::Api, wanted: &Wanted<'_>) -> Result<Vec<Property>, Failure> {
    let object = wanted.hubspot_object;
    let error = match hubspot.properties().list(object).await {
        Ok(found) => return Ok(found),
        Err(error) => error,
    };
    Err(match error.status {
        Some(403 | 404) if is_switched_off(hubspot, object).await => {
            Failure::Unavailable(capability::switched_off(object))
        }
        // An object that is not there is a 400 or a 404 (contract hubspot-crm §9); nothing else about a list can be refused.
        Some(400 | 403 | 404) if capability::may_be_missing(object) => {
            Failure::Unavailable(capability::missing(object, &error))
        }
        _ => Failure::Hubspot(error),
    })
}

/// Whether HubSpot says that an object is off: what it says to a request for it is that the app lacks rights (contract
/// hubspot-crm §3.7). Whatever goes wrong here, the refusal itself says enough.
async fn is_switched_off(hubspot: &hubspot::Api, object: &str) -> bool {
    let may_be_off = object == objects::spec(ObjectType::Project).hubspot_object;
    may_be_off && hubspot.account().enablement(object).await.is_ok_and(|on| !on)
}

async fn read_until_visible(
    app: &App,
    hubspot: &hubspot::Api,
    wanted: &Wanted<'_>,
    made: &[PropertyCreate],
) -> Result<Vec<Property>, Failure> {
    const TRIES: u32 = 10;
    for _ in 0..TRIES {
        app.clock.sleep(VISIBLE_AFTER).await;
        let found = list(hubspot, wanted).await?;
        if made.iter().all(|made| found.iter().any(|property| property.name == made.name)) {
            return Ok(found);
        }
    }
    Err(Failure::SchemaChanged("new properties are not visible yet".to_owned()))
}

/// What HubSpot refused to write and is not yet due for another try.
fn refused(app: &App, known: Option<&Schema>) -> BTreeMap<String, Timestamp> {
    let recent = |at: &Timestamp| app.clock.now().duration_since(*at).unsigned_abs() < FRESH;
    let refused = known.into_iter().flat_map(|schema| &schema.refused).filter(|(_, at)| recent(at));
    refused.map(|(name, at)| (name.clone(), *at)).collect()
}

fn schema(app: &App, wanted: &Wanted<'_>, found: &[Property], refused: BTreeMap<String, Timestamp>) -> Schema {
    let mut properties = definitions(wanted, found);
    for (name, definition) in &mut properties {
        definition.read_only |= refused.contains_key(name);
    }
    Schema {
        hubspot_object: wanted.hubspot_object.to_owned(),
        properties,
        checked_at: app.clock.now(),
        key: make::key(found).to_owned(),
        stages: None,
        refused,
    }
}

/// The mapped properties among those found, and their twins. Those of HubSpot's own that this object does not have are as good
/// as read-only: remembered, so that they are not looked for at every run, and nobody can make them.
fn definitions(wanted: &Wanted<'_>, found: &[Property]) -> BTreeMap<String, PropertyDefinition> {
    let twins = wanted.mappings.iter().filter_map(FieldMapping::twin);
    let mapped: BTreeSet<String> =
        wanted.mappings.iter().map(|mapping| mapping.property.clone()).chain(twins).collect();
    let absent = wanted.mappings.iter().filter(|mapping| mapping.property.starts_with(make::RESERVED));
    let absent = absent.map(|mapping| (mapping.property.clone(), absent_definition()));
    let found = found.iter().filter(|property| mapped.contains(&property.name));
    absent.chain(found.map(|property| (property.name.clone(), definition(property)))).collect()
}

fn absent_definition() -> PropertyDefinition {
    PropertyDefinition { property_type: PropertyType::Other, options: Vec::new(), read_only: true, ours: false }
}

fn definition(property: &Property) -> PropertyDefinition {
    PropertyDefinition {
        property_type: PropertyType::from_wire(&property.value_type),
        options: property.options.iter().map(option).collect(),
        read_only: !property.is_writable(),
        ours: property.group_name == make::GROUP,
    }
}

fn planned(property: &PropertyCreate) -> PropertyDefinition {
    PropertyDefinition {
        property_type: PropertyType::from_wire(&property.value_type),
        options: property.options.iter().map(option).collect(),
        read_only: false,
        ours: true,
    }
}

fn option(option: &hubspot::PropertyOption) -> PropertyOption {
    PropertyOption { value: option.value.clone(), label: option.label.clone() }
}

#[cfg(test)]
mod tests;
