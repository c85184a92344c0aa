//! Rows of the mappings table: added, changed, deleted. A property names its row, because it can be mapped once.

use app::App;
use domain::{ActivityKind, FieldMapping, MappingFault, ObjectSettings, ObjectType, PropertyType, check_mappings};
use hubspot::Property;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::Versioned;
use sync::objects;

use super::object::{changed_meanwhile, fault, refuse, view};
use super::{Caller, Code, ObjectName, ObjectView, Refusal, SettingsError, chosen, fit, look_again, note, property};

/// The most mappings of one type.
const MOST: usize = 1_000;
/// The longest default value; what is longer belongs into Kleer.
const DEFAULT_LENGTH: usize = 5_000;

/// A mapping to be added, or to take the place of another one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SaveMapping {
    /// The type.
    #[schemars(with = "ObjectName")]
    pub object: ObjectType,
    /// As it was when the page was loaded.
    pub version: u64,
    /// The property of the mapping that it takes the place of; null to add one.
    #[serde(default)]
    pub replaces: Option<String>,
    /// The Kleer field; null for a default value alone.
    #[serde(default)]
    pub field: Option<String>,
    /// The HubSpot property.
    pub property: String,
    /// What is written when the field is empty; null or empty for nothing.
    #[serde(default)]
    pub default: Option<String>,
}

/// A mapping to be deleted. HubSpot's values stay as they are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DeleteMapping {
    /// The type.
    #[schemars(with = "ObjectName")]
    pub object: ObjectType,
    /// As it was when the page was loaded.
    pub version: u64,
    /// The property of the mapping.
    pub property: String,
}

/// Adds a mapping or changes one. What it changes is written to HubSpot at once, old records included.
///
/// # Errors
/// If it cannot be used, which is told before anything is saved; or somebody else saved since.
pub async fn save_mapping(app: &App, caller: &Caller, request: SaveMapping) -> Result<ObjectView, SettingsError> {
    let found = chosen(app, caller, request.object).await?;
    let now = app.clock.now();
    let default = request.default.filter(|default| !default.is_empty());
    let wanted = FieldMapping {
        field: request.field.clone(),
        property: request.property.trim().to_owned(),
        default,
        created_at: now,
        updated_at: now,
    };
    let mut mappings = found.value.mappings.clone();
    let is_there = mappings.iter().any(|one| is_same(one, &wanted));
    let is_replaced = request
        .replaces
        .as_ref()
        .is_none_or(|old| *old == wanted.property || !mappings.iter().any(|one| one.property == *old));
    if is_there && is_replaced && (request.version != found.version || request.replaces.is_some()) {
        // The same was saved before, and its answer was lost.
        return view(app, caller, found).await;
    }
    if request.version != found.version {
        return Err(changed_meanwhile(app, caller, request.object).await?);
    }
    check(app, caller, &found.value, &wanted).await?;
    match &request.replaces {
        None => mappings.push(wanted.clone()),
        Some(old) => {
            let place = mappings.iter_mut().find(|mapping| mapping.property == *old);
            let place = place.ok_or_else(|| Refusal::new(Code::UnknownMapping, format!("{old} is not mapped.")))?;
            *place = FieldMapping { created_at: place.created_at, ..wanted.clone() };
        }
    }
    let what = match &wanted.field {
        Some(field) => format!("mapped {field} to {}", wanted.property),
        None => format!("gave {} a default value", wanted.property),
    };
    save(app, caller, found, mappings, &what).await
}

fn is_same(one: &FieldMapping, other: &FieldMapping) -> bool {
    (&one.field, &one.property, &one.default) == (&other.field, &other.property, &other.default)
}

/// Deletes a mapping. Deleted twice, the second time there is nothing to do.
///
/// # Errors
/// If the field has to be mapped while the type is switched on, or somebody else saved since.
pub async fn delete_mapping(app: &App, caller: &Caller, request: DeleteMapping) -> Result<ObjectView, SettingsError> {
    let found = chosen(app, caller, request.object).await?;
    let mut mappings = found.value.mappings.clone();
    mappings.retain(|mapping| mapping.property != request.property);
    if mappings == found.value.mappings {
        return view(app, caller, found).await;
    }
    if request.version != found.version {
        return Err(changed_meanwhile(app, caller, request.object).await?);
    }
    let what = format!("deleted the mapping of {}", request.property);
    save(app, caller, found, mappings, &what).await
}

async fn save(
    app: &App,
    caller: &Caller,
    found: Versioned<ObjectSettings>,
    mappings: Vec<FieldMapping>,
    what: &str,
) -> Result<ObjectView, SettingsError> {
    let object = found.value.object;
    if mappings.len() > MOST {
        return Err(Refusal::new(Code::TooManyMappings, format!("A type has at most {MOST} mappings.")).into());
    }
    // A field that has to be mapped may be missing for as long as the type is switched off.
    let stands = |fault: &&MappingFault| found.value.enabled || !matches!(fault, MappingFault::RequiredFieldMissing(_));
    let faults = check_mappings(objects::spec(object), &mappings);
    if let Some(first) = faults.iter().find(stands) {
        return Err(refuse(fault(first)));
    }
    let settings = ObjectSettings { mappings, ..found.value };
    if !app.store.put_settings(caller.portal, &settings, found.version).await? {
        return Err(changed_meanwhile(app, caller, object).await?);
    }
    note(app, caller, ActivityKind::SettingsChanged, Some(object), what).await?;
    look_again(app, caller.portal, object).await?;
    view(app, caller, Versioned { version: found.version + 1, value: settings }).await
}

/// Whether HubSpot has the property and it can take the field and the default value.
async fn check(
    app: &App,
    caller: &Caller,
    settings: &ObjectSettings,
    wanted: &FieldMapping,
) -> Result<(), SettingsError> {
    let field = property::field(settings.object, wanted.field.as_deref())?;
    if field.is_none() && wanted.default.is_none() {
        let why = "A mapping without a Kleer field needs a default value: without both it would write nothing.";
        return Err(Refusal::new(Code::DefaultMissing, why).into());
    }
    if wanted.default.as_ref().is_some_and(|default| default.chars().nth(DEFAULT_LENGTH).is_some()) {
        let why = format!("A default value has at most {DEFAULT_LENGTH} letters.");
        return Err(Refusal::new(Code::DefaultNotAllowed, why).into());
    }
    let name = &wanted.property;
    let found = property::list(app, caller, &settings.hubspot_object).await?;
    let Some(found) = found.iter().find(|found| found.name == *name) else {
        let why =
            format!("HubSpot's {} have no property {name}: choose another one, or make it.", settings.hubspot_object);
        return Err(Refusal::new(Code::UnknownProperty, why).into());
    };
    takes(field.map(|field| field.kind), wanted, found)
}

fn takes(kind: Option<domain::FieldKind>, wanted: &FieldMapping, found: &Property) -> Result<(), SettingsError> {
    let name = &found.name;
    if !found.is_writable() {
        let why = format!("HubSpot keeps the values of {name} itself: choose another property.");
        return Err(Refusal::new(Code::ReadOnlyProperty, why).into());
    }
    if !fit::fits(kind, PropertyType::from_wire(&found.value_type)) {
        let named = fit::fitting(kind).iter().copied().filter(|one| *one != PropertyType::Other);
        let types: Vec<&str> = named.map(PropertyType::as_str).collect();
        let why = format!(
            "The property {name} is of the type {}, which cannot take this field: choose one of the type {}.",
            found.value_type,
            types.join(" or ")
        );
        let details = serde_json::json!({ "type": found.value_type, "fitting": types });
        return Err(Refusal::new(Code::WrongType, why).with(details).into());
    }
    let misfit = wanted.default.as_deref().and_then(|default| fit::misfit(default, found));
    match misfit {
        None => Ok(()),
        Some(why) => {
            let why = format!("The default value does not fit the property {name}: {why}.");
            Err(Refusal::new(Code::DefaultNotAllowed, why).into())
        }
    }
}
