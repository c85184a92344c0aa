//! Creating, changing and archiving property definitions (contract §7).

use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde_json::json;

use super::association_types::{AssociationType, Category};
use super::error::ApiError;
use super::portal::Portal;
use super::property::{Group, Property, PropertyOption};
use super::types::ObjectTypeId;

const MOST_UNIQUE: usize = 10;
const MOST_CUSTOM: usize = 1_000;
const LONGEST_NAME: usize = 100;

/// What can have unique values (contract §7; the number is a guess there, and that nothing else can is ours).
const UNIQUE_PAIRS: &[(&str, &str)] = &[("string", "text"), ("number", "number")];

/// Which field types a data type can have.
const PAIRS: &[(&str, &[&str])] = &[
    ("bool", &["booleancheckbox", "calculation_equation"]),
    ("enumeration", &["booleancheckbox", "checkbox", "radio", "select", "calculation_equation"]),
    ("date", &["date"]),
    ("datetime", &["date"]),
    ("string", &["file", "text", "textarea", "calculation_equation", "html", "phonenumber"]),
    ("number", &["number", "calculation_equation"]),
    ("phone_number", &["phonenumber"]),
];

/// What a create call sends.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PropertyCreate {
    pub(crate) name: String,
    label: String,
    #[serde(rename = "type")]
    data_type: String,
    field_type: String,
    group_name: String,
    #[serde(default)]
    description: Option<String>,
    #[serde(default)]
    options: Option<Vec<OptionInput>>,
    #[serde(default)]
    display_order: Option<i64>,
    #[serde(default)]
    has_unique_value: Option<bool>,
    #[serde(default)]
    hidden: Option<bool>,
    #[serde(default)]
    form_field: Option<bool>,
}

/// What a change sends; `name` and `hasUniqueValue` cannot be changed and are ignored.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct PropertyUpdate {
    label: Option<String>,
    #[serde(rename = "type")]
    data_type: Option<String>,
    field_type: Option<String>,
    group_name: Option<String>,
    description: Option<String>,
    options: Option<Vec<OptionInput>>,
    display_order: Option<i64>,
    hidden: Option<bool>,
    form_field: Option<bool>,
}

/// One option as it is sent: everything but the description is required (contract §7).
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct OptionInput {
    label: String,
    value: String,
    display_order: i64,
    hidden: bool,
    #[serde(default)]
    description: Option<String>,
}

impl From<OptionInput> for PropertyOption {
    fn from(sent: OptionInput) -> PropertyOption {
        let OptionInput { label, value, display_order, hidden, description } = sent;
        PropertyOption { label, value, display_order, hidden, description }
    }
}

/// A plain text property.
pub(crate) fn plain(name: &str, group: &str, since: Timestamp) -> Property {
    Property {
        name: name.to_owned(),
        label: name.to_owned(),
        data_type: "string".to_owned(),
        field_type: "text".to_owned(),
        group_name: group.to_owned(),
        description: String::new(),
        options: Vec::new(),
        display_order: -1,
        has_unique_value: false,
        hidden: false,
        form_field: false,
        hubspot_defined: false,
        calculated: false,
        external_options: false,
        referenced_object_type: None,
        read_only_value: false,
        created_at: since,
        updated_at: since,
        archived_at: None,
        visible_at: since,
    }
}

/// The plain association between a custom object and one of HubSpot's types, with ids `first` and `first + 1`.
pub(crate) fn integrator_type(from: ObjectTypeId, to: ObjectTypeId, first: u32) -> AssociationType {
    AssociationType {
        from,
        to,
        category: Category::UserDefined,
        id: first,
        inverse_id: first + 1,
        label: None,
        inverse_label: None,
    }
}

/// The new definition, or why it is refused. An archived one of the same name comes back with what was sent.
pub(crate) fn create(
    portal: &Portal,
    object_type: ObjectTypeId,
    sent: PropertyCreate,
    now: Timestamp,
) -> Result<Property, ApiError> {
    let store = portal.store(object_type);
    let archived = match store.properties.get(&sent.name) {
        Some(present) if present.archived_at.is_none() => return Err(exists(&sent.name)),
        archived => archived,
    };
    check_name(&sent.name)?;
    check_pair(&sent.data_type, &sent.field_type)?;
    check_group(portal, object_type, &sent.group_name)?;
    let options = check_options(&sent.data_type, sent.options.unwrap_or_default())?;
    let unique = sent.has_unique_value.unwrap_or(false);
    if unique {
        check_unique(portal, object_type, &sent.data_type, &sent.field_type)?;
    }
    check_limit(portal, object_type)?;
    let delay = SignedDuration::from_millis(i64::try_from(portal.switches.property_delay_ms).unwrap_or(0));
    Ok(Property {
        label: sent.label,
        calculated: sent.field_type == "calculation_equation",
        read_only_value: sent.field_type == "calculation_equation",
        data_type: sent.data_type,
        field_type: sent.field_type,
        description: sent.description.unwrap_or_default(),
        options,
        display_order: sent.display_order.unwrap_or(-1),
        has_unique_value: unique,
        hidden: sent.hidden.unwrap_or(false),
        form_field: sent.form_field.unwrap_or(false),
        created_at: archived.map_or(now, |archived| archived.created_at),
        visible_at: now.checked_add(delay).unwrap_or(now),
        ..plain(&sent.name, &sent.group_name, now)
    })
}

/// The changed definition, or why it is refused.
pub(crate) fn update(
    portal: &Portal,
    object_type: ObjectTypeId,
    present: &Property,
    sent: PropertyUpdate,
    now: Timestamp,
) -> Result<Property, ApiError> {
    if present.hubspot_defined && (sent.data_type.is_some() || sent.field_type.is_some()) {
        return Err(ApiError::validation(format!(
            "Property \"{}\" is HubSpot defined and cannot be changed",
            present.name
        )));
    }
    if present.hubspot_defined && sent.options.is_some() {
        return Err(ApiError::validation(format!("The options of property \"{}\" are read only", present.name)));
    }
    let mut changed = present.clone();
    changed.label = sent.label.unwrap_or(changed.label);
    changed.data_type = sent.data_type.unwrap_or(changed.data_type);
    changed.field_type = sent.field_type.unwrap_or(changed.field_type);
    changed.group_name = sent.group_name.unwrap_or(changed.group_name);
    changed.description = sent.description.unwrap_or(changed.description);
    changed.display_order = sent.display_order.unwrap_or(changed.display_order);
    changed.hidden = sent.hidden.unwrap_or(changed.hidden);
    changed.form_field = sent.form_field.unwrap_or(changed.form_field);
    if let Some(options) = sent.options {
        changed.options = check_options(&changed.data_type, options)?;
    }
    check_pair(&changed.data_type, &changed.field_type)?;
    check_group(portal, object_type, &changed.group_name)?;
    changed.updated_at = now;
    Ok(changed)
}

/// The archived definition, or why it is refused.
pub(crate) fn archive(present: &Property, now: Timestamp) -> Result<Property, ApiError> {
    if present.hubspot_defined {
        let message = format!("Property \"{}\" is HubSpot defined and cannot be archived", present.name);
        return Err(ApiError::validation(message));
    }
    Ok(Property { archived_at: Some(now), updated_at: now, ..present.clone() })
}

/// The 409 for a name that is taken.
fn exists(name: &str) -> ApiError {
    ApiError::new(409, "OBJECT_ALREADY_EXISTS", format!("A property named '{name}' already exists."))
        .sub_category("Properties.PROPERTY_WITH_NAME_EXISTS")
}

fn check_name(name: &str) -> Result<(), ApiError> {
    let starts = name.starts_with(|c: char| c.is_ascii_lowercase());
    let plain = name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    if starts && plain && name.len() <= LONGEST_NAME && !name.starts_with("hs_") {
        return Ok(());
    }
    let message = format!(
        "Property name '{name}' is invalid: lowercase letters, digits and underscores only, starting with a letter"
    );
    Err(ApiError::validation(message)
        .detail(json!({ "message": message_of_name(name), "code": "INVALID_PROPERTY_NAME" })))
}

fn message_of_name(name: &str) -> String {
    format!("{name} is not a valid property name")
}

fn check_pair(data_type: &str, field_type: &str) -> Result<(), ApiError> {
    let pair = PAIRS.iter().find(|(name, _)| *name == data_type);
    match pair {
        Some((_, fields)) if fields.contains(&field_type) => Ok(()),
        Some(_) => {
            Err(ApiError::validation(format!("Property type '{data_type}' does not support field type '{field_type}'")))
        }
        None => Err(ApiError::validation(format!("'{data_type}' is not a valid property type"))),
    }
}

fn check_group(portal: &Portal, object_type: ObjectTypeId, group: &str) -> Result<(), ApiError> {
    let known = portal.store(object_type).groups.get(group).is_some_and(|group| !group.archived);
    known.then_some(()).ok_or_else(|| ApiError::validation(format!("Property group '{group}' does not exist")))
}

fn check_options(data_type: &str, options: Vec<OptionInput>) -> Result<Vec<PropertyOption>, ApiError> {
    let options: Vec<PropertyOption> = options.into_iter().map(PropertyOption::from).collect();
    if !options.is_empty() && data_type != "enumeration" && data_type != "bool" {
        return Err(ApiError::validation(format!("Property type '{data_type}' does not support options")));
    }
    if let Some(value) = first_twice(options.iter().map(|option| option.value.as_str())) {
        return Err(ApiError::validation(format!("Property options must have unique values: {value}")));
    }
    if let Some(label) = first_twice(options.iter().map(|option| option.label.as_str())) {
        return Err(ApiError::validation(format!("Property options must have unique labels: {label}")));
    }
    Ok(options)
}

fn first_twice<'a>(values: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let mut seen = std::collections::BTreeSet::new();
    let mut values = values;
    values.find(|value| !seen.insert(*value))
}

fn custom(portal: &Portal, object_type: ObjectTypeId) -> impl Iterator<Item = &Property> {
    let all = portal.store(object_type).properties.values();
    all.filter(|property| !property.hubspot_defined && property.archived_at.is_none())
}

fn check_limit(portal: &Portal, object_type: ObjectTypeId) -> Result<(), ApiError> {
    if custom(portal, object_type).count() >= MOST_CUSTOM {
        return Err(ApiError::validation(format!("The limit of {MOST_CUSTOM} custom properties is reached")));
    }
    Ok(())
}

/// Refuses a unique property where there can be none: by its type, by the switch, or because there are ten.
fn check_unique(portal: &Portal, object_type: ObjectTypeId, data_type: &str, field_type: &str) -> Result<(), ApiError> {
    if !UNIQUE_PAIRS.contains(&(data_type, field_type)) {
        let message =
            format!("Property type '{data_type}' with field type '{field_type}' does not support unique values");
        return Err(ApiError::validation(message));
    }
    if portal.switches.unique_refused.contains(&portal.type_name(object_type)) {
        return Err(ApiError::validation(format!("Object type {object_type} does not support unique properties")));
    }
    if custom(portal, object_type).filter(|property| property.has_unique_value).count() >= MOST_UNIQUE {
        let message = format!("Object type {object_type} already has the maximum of {MOST_UNIQUE} unique properties");
        return Err(ApiError::validation(message));
    }
    Ok(())
}

/// What a group create call sends.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct GroupCreate {
    name: String,
    label: String,
    #[serde(default)]
    display_order: Option<i64>,
}

/// The new group; an archived one of the same name comes back.
pub(crate) fn create_group(portal: &Portal, object_type: ObjectTypeId, sent: GroupCreate) -> Result<Group, ApiError> {
    let present = portal.store(object_type).groups.get(&sent.name);
    if present.is_some_and(|group| !group.archived) {
        let message = format!("A property group named '{}' already exists.", sent.name);
        return Err(ApiError::new(409, "OBJECT_ALREADY_EXISTS", message)
            .sub_category("Properties.PROPERTY_GROUP_WITH_NAME_EXISTS"));
    }
    check_name(&sent.name)?;
    let display_order = sent.display_order.unwrap_or(-1);
    Ok(Group { name: sent.name, label: sent.label, display_order, archived: false })
}
