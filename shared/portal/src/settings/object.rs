//! What is chosen for one type: its switch, the HubSpot object, its mappings table.

use app::App;
use domain::{
    ActivityKind, Direction, FieldMapping, FieldSpec, MappingFault, ObjectSettings, ObjectSpec, ObjectType,
    PropertyType, Schema, Writable, check_mappings, hubspot_object_name, suggested_property_name, triggers,
};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::Versioned;
use sync::objects;

use super::{
    Caller, Code, ObjectName, ObjectRequest, Refusal, SettingsError, chosen, fit, look_again, note, overview, property,
    swedish,
};

/// The shortest and the longest pause between two polls, in seconds.
const INTERVALS_S: std::ops::RangeInclusive<u32> = 60..=7 * 24 * 60 * 60;
/// HubSpot's objects that a type may go to besides custom ones: those that the app has rights for (see `hubspot::scopes`).
const OFFERED: [&str; 7] = ["companies", "deals", "products", "invoices", "subscriptions", "projects", "line_items"];

/// Everything that a type's tab shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ObjectView {
    /// To be sent back with every change.
    pub version: u64,
    /// The type.
    #[schemars(with = "ObjectName")]
    pub object: ObjectType,
    /// Switched on.
    pub enabled: bool,
    /// Why it cannot be switched on; empty if it can.
    pub faults: Vec<Fault>,
    /// Why this portal, or this key, cannot synchronize it; none if it can, as far as is known.
    pub unavailable: Option<String>,
    /// The same in Swedish, where it is known.
    pub unavailable_sv: Option<String>,
    /// The HubSpot object it goes to.
    pub hubspot_object: String,
    /// The one it goes to unless another one is chosen.
    pub default_hubspot_object: String,
    /// Those to choose from; a custom object may be named besides.
    pub hubspot_objects: Vec<String>,
    /// Changes in HubSpot come back to Kleer.
    pub two_way: bool,
    /// A record that a person makes in HubSpot is made in Kleer too.
    pub create_in_kleer: bool,
    /// Seconds between two polls as chosen; null means the type's own.
    pub interval_s: Option<u32>,
    /// The type's own, in seconds.
    pub default_interval_s: u64,
    /// The fields that must be mapped.
    pub required: Vec<String>,
    /// The mappings table.
    pub mappings: Vec<MappingView>,
    /// All fields that may be mapped.
    pub fields: Vec<FieldView>,
}

/// Why a set of mappings cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Fault {
    /// Its name.
    pub code: Code,
    /// The field or the property that it is about.
    pub about: String,
    /// A sentence.
    pub message: String,
}

/// A row of the mappings table (contract product §4).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MappingView {
    /// The Kleer field; null for a default value alone.
    pub field: Option<String>,
    /// Its label.
    pub field_label: Option<String>,
    /// The HubSpot property.
    pub property: String,
    /// What is written when the field is empty.
    pub default: Option<String>,
    /// An edit of the property in HubSpot does not start an import.
    pub one_way: bool,
    /// HubSpot does not let us write the property: this one is written in its place, or nothing where there is none either. Null
    /// if the property itself is written.
    pub written_instead: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// A field of Kleer's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FieldView {
    /// Its name.
    pub name: String,
    /// Its label, English.
    pub label: String,
    /// Its values come back to Kleer when they are changed in HubSpot.
    pub writable: bool,
    /// The property types that can take it.
    pub types: Vec<String>,
    /// The type of a property that is made for it.
    pub new_type: String,
    /// The name suggested for a property that is made for it.
    pub suggested_name: String,
    /// The label suggested for it.
    pub suggested_label: String,
}

/// What to save; all of it is saved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SaveObject {
    /// The type.
    #[schemars(with = "ObjectName")]
    pub object: ObjectType,
    /// As it was when the page was loaded.
    pub version: u64,
    /// Switched on.
    pub enabled: bool,
    /// The HubSpot object it goes to.
    pub hubspot_object: String,
    /// A record that a person makes in HubSpot is made in Kleer too.
    pub create_in_kleer: bool,
    /// Seconds between two polls; null means the type's own.
    pub interval_s: Option<u32>,
}

/// How often a type is synchronized.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SaveSchedule {
    /// The type.
    #[schemars(with = "ObjectName")]
    pub object: ObjectType,
    /// As it was when the page was loaded.
    pub version: u64,
    /// Seconds between two polls, from a minute to seven days; null means the type's own.
    pub interval_s: Option<u32>,
}

/// A type's tab.
///
/// # Errors
/// If the portal is not connected.
pub async fn object(app: &App, caller: &Caller, request: ObjectRequest) -> Result<ObjectView, SettingsError> {
    let found = chosen(app, caller, request.object).await?;
    view(app, caller, found).await
}

pub(super) async fn view(
    app: &App,
    caller: &Caller,
    found: Versioned<ObjectSettings>,
) -> Result<ObjectView, SettingsError> {
    let Versioned { version, value: settings } = found;
    let spec = objects::spec(settings.object);
    let schema = app.store.schema(caller.portal, settings.object).await?;
    let schema = schema.filter(|schema| schema.hubspot_object == settings.hubspot_object);
    let unavailable = overview::unavailable(app, caller.portal, settings.object, &settings.hubspot_object).await?;
    Ok(ObjectView {
        version,
        object: settings.object,
        enabled: settings.enabled,
        faults: check_mappings(spec, &settings.mappings).iter().map(fault).collect(),
        unavailable_sv: unavailable.as_deref().and_then(swedish),
        unavailable,
        default_hubspot_object: spec.hubspot_object.to_owned(),
        hubspot_objects: OFFERED.map(str::to_owned).to_vec(),
        two_way: spec.direction == Direction::TwoWay,
        create_in_kleer: settings.create_in_kleer,
        interval_s: settings.interval_s,
        default_interval_s: spec.interval.as_secs(),
        required: spec.required.iter().map(|field| (*field).to_owned()).collect(),
        mappings: settings.mappings.iter().map(|one| mapping(spec, &settings, schema.as_ref(), one)).collect(),
        fields: spec.fields.iter().map(|one| field(spec, one)).collect(),
        hubspot_object: settings.hubspot_object,
    })
}

fn mapping(
    spec: &ObjectSpec,
    settings: &ObjectSettings,
    schema: Option<&Schema>,
    mapping: &FieldMapping,
) -> MappingView {
    let FieldMapping { field, property, default, created_at, updated_at } = mapping.clone();
    let is_read_only = |name: &str| {
        let known = schema.and_then(|schema| schema.properties.get(name));
        known.is_some_and(|definition| definition.read_only)
    };
    let written_instead = is_read_only(&property).then(|| mapping.twin().unwrap_or_default());
    MappingView {
        field_label: field.as_deref().and_then(|name| spec.field(name)).map(|field| field.label.to_owned()),
        one_way: is_one_way(settings, &property),
        field,
        property,
        default,
        written_instead,
        created_at,
        updated_at,
    }
}

/// Whether an edit of a property in HubSpot starts no import (contract product §5.3). HubSpot tells of edits on its own objects
/// alone (contract hubspot-platform §4.2).
pub(super) fn is_one_way(settings: &ObjectSettings, property: &str) -> bool {
    let is_told = settings.hubspot_object == objects::spec(settings.object).hubspot_object;
    !is_told || !triggers(settings.object).contains(&property)
}

fn field(spec: &ObjectSpec, field: &FieldSpec) -> FieldView {
    let two_way = spec.direction == Direction::TwoWay;
    FieldView {
        name: field.name.to_owned(),
        label: field.label.to_owned(),
        writable: two_way && spec.writable(field.name) == Writable::Yes,
        types: fit::fitting(Some(field.kind)).iter().copied().map(PropertyType::as_str).map(str::to_owned).collect(),
        new_type: field.property_plan().property_type.as_str().to_owned(),
        suggested_name: suggested_property_name(field.name),
        suggested_label: field.label.to_owned(),
    }
}

/// A fault of a set of mappings as the page's word.
pub(super) fn fault(fault: &MappingFault) -> Fault {
    let (code, about) = match fault {
        MappingFault::RequiredFieldMissing(field) => (Code::RequiredFieldMissing, field),
        MappingFault::DuplicateProperty(property) => (Code::DuplicateProperty, property),
        MappingFault::UnknownField(field) => (Code::UnknownField, field),
        MappingFault::ReservedProperty(property) => (Code::ReservedProperty, property),
    };
    Fault { code, about: about.clone(), message: Refusal::new(code, sentence(&fault.to_string())).message }
}

/// With a capital letter.
pub(super) fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

pub(super) fn refuse(fault: Fault) -> SettingsError {
    let details = serde_json::json!({ "about": fault.about });
    Refusal::new(fault.code, fault.message).with(details).into()
}

/// The refusal where somebody else saved since; holds what is saved now.
pub(super) async fn changed_meanwhile(
    app: &App,
    caller: &Caller,
    object: ObjectType,
) -> Result<SettingsError, SettingsError> {
    let view = view(app, caller, chosen(app, caller, object).await?).await?;
    let why = "Somebody else changed this type since the page was loaded: look at it again, then save.";
    let details = serde_json::to_value(view).unwrap_or_default();
    Ok(Refusal::new(Code::ChangedMeanwhile, why).with(details).into())
}

/// Saves what is chosen for a type besides its mappings. Switched on, it is synchronized at once; with another HubSpot object it
/// begins anew there, and the records that are elsewhere stay.
///
/// # Errors
/// If it cannot be so, or somebody else saved since.
pub async fn save_object(app: &App, caller: &Caller, request: SaveObject) -> Result<ObjectView, SettingsError> {
    let found = chosen(app, caller, request.object).await?;
    let before = &found.value;
    let wanted = ObjectSettings {
        enabled: request.enabled,
        hubspot_object: hubspot_object_name(request.hubspot_object.trim()).to_owned(),
        create_in_kleer: request.create_in_kleer,
        interval_s: request.interval_s,
        ..before.clone()
    };
    save(app, caller, found, request.version, wanted).await
}

/// Saves how often a type is synchronized, from where all types are seen together.
///
/// # Errors
/// If the type has no schedule of its own, the pause is out of its range, or somebody else saved since.
pub async fn save_schedule(app: &App, caller: &Caller, request: SaveSchedule) -> Result<ObjectView, SettingsError> {
    let found = chosen(app, caller, request.object).await?;
    if !ObjectType::POLLED.contains(&request.object) {
        let why = "Line items go with the invoices and agreements that have them, and have no schedule of their own.";
        return Err(Refusal::new(Code::NotPossible, why).into());
    }
    let wanted = ObjectSettings { interval_s: request.interval_s, ..found.value.clone() };
    save(app, caller, found, request.version, wanted).await
}

/// Saves what is wanted instead of what was found, if that is what the page saw.
async fn save(
    app: &App,
    caller: &Caller,
    found: Versioned<ObjectSettings>,
    seen: u64,
    wanted: ObjectSettings,
) -> Result<ObjectView, SettingsError> {
    let (before, object) = (&found.value, wanted.object);
    if wanted == *before {
        return view(app, caller, found).await;
    }
    if seen != found.version {
        return Err(changed_meanwhile(app, caller, object).await?);
    }
    check(app, caller, before, &wanted).await?;
    if !app.store.put_settings(caller.portal, &wanted, found.version).await? {
        return Err(changed_meanwhile(app, caller, object).await?);
    }
    note(app, caller, ActivityKind::SettingsChanged, Some(object), &told(before, &wanted)).await?;
    if wanted.enabled && !before.enabled {
        sync::wake(app, caller.portal).await?;
    }
    look_again(app, caller.portal, object).await?;
    view(app, caller, Versioned { version: found.version + 1, value: wanted }).await
}

fn told(before: &ObjectSettings, wanted: &ObjectSettings) -> String {
    let label = objects::spec(wanted.object).label;
    match (before.enabled, wanted.enabled) {
        (false, true) => format!("switched the type {label} on"),
        (true, false) => format!("switched the type {label} off"),
        _ if before.hubspot_object != wanted.hubspot_object => {
            format!(
                "lets the type {label} go to HubSpot's {} instead of {}",
                wanted.hubspot_object, before.hubspot_object
            )
        }
        _ => format!("changed the settings of the type {label}"),
    }
}

async fn check(
    app: &App,
    caller: &Caller,
    before: &ObjectSettings,
    wanted: &ObjectSettings,
) -> Result<(), SettingsError> {
    let spec = objects::spec(wanted.object);
    if wanted.interval_s.is_some_and(|seconds| !INTERVALS_S.contains(&seconds)) {
        return Err(
            Refusal::new(Code::OutOfRange, "The pause between two polls is from one minute to seven days.").into()
        );
    }
    if wanted.create_in_kleer && spec.direction != Direction::TwoWay {
        return Err(
            Refusal::new(Code::NotPossible, "Records of this type cannot be made in Kleer from HubSpot.").into()
        );
    }
    if wanted.enabled
        && let Some(first) = check_mappings(spec, &wanted.mappings).first()
    {
        return Err(refuse(fault(first)));
    }
    if wanted.hubspot_object != before.hubspot_object {
        // Looked for, so that a slip of the pen is told now and not by the next run.
        property::list(app, caller, &wanted.hubspot_object).await?;
    }
    if wanted.enabled { alone_on_its_object(app, caller, wanted).await } else { Ok(()) }
}

/// Two types on one HubSpot object would take each other's records for their own: their ids in Kleer may be equal.
async fn alone_on_its_object(app: &App, caller: &Caller, wanted: &ObjectSettings) -> Result<(), SettingsError> {
    for object in ObjectType::ALL.into_iter().filter(|object| *object != wanted.object) {
        let other = app.store.settings(caller.portal, object).await?.map(|found| found.value);
        if other.is_some_and(|other| other.enabled && other.hubspot_object == wanted.hubspot_object) {
            let label = objects::spec(object).label;
            let why = format!(
                "The type {label} goes to HubSpot's {} already, where the records of both could not be told apart: choose \
                 another HubSpot object.",
                wanted.hubspot_object
            );
            let details = serde_json::json!({ "by": object });
            return Err(Refusal::new(Code::ObjectTaken, why).with(details).into());
        }
    }
    Ok(())
}
