//! The portal's properties: which a field can be mapped to, and making one.

use app::App;
use domain::{ActivityKind, FieldSpec, ObjectSettings, ObjectType, PropertyType};
use hubspot::Property;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sync::{NewProperty, NotMade, make_property, objects};

use super::{Caller, Code, ObjectName, Refusal, SettingsError, chosen, fit, note, refusal};

/// The most properties of one answer: all of them, for any account (a thousand of one's own, some three hundred of HubSpot's). At
/// some 130 bytes each they are well within what HubSpot carries.
const MOST: usize = 2_500;
/// The longest name of a property (contract hubspot-crm §7).
const NAME_LENGTH: usize = 100;
/// The longest label that is readable in a form.
const LABEL_LENGTH: usize = 100;

/// A search for properties.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PropertyRequest {
    /// The type.
    #[schemars(with = "ObjectName")]
    pub object: ObjectType,
    /// The Kleer field to be mapped; null for a default value alone.
    #[serde(default)]
    pub field: Option<String>,
    /// Part of the label or the name; all that fit if it is left out.
    #[serde(default)]
    pub search: Option<String>,
}

/// The properties that fit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PropertyList {
    /// By label; at most 2,500.
    pub properties: Vec<PropertyChoice>,
    /// There are more: search for them.
    pub is_more: bool,
}

/// One property.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PropertyChoice {
    /// The internal name.
    pub name: String,
    /// What people read.
    pub label: String,
    /// HubSpot's type: `string`, `number`, `bool`, `enumeration`, `date`, `datetime` …
    #[serde(rename = "type")]
    pub property_type: String,
    /// It is mapped already, so it cannot be chosen again.
    pub mapped: bool,
    /// An edit of it in HubSpot does not start an import.
    pub one_way: bool,
}

/// A property to be made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CreateProperty {
    /// The type whose mapping it is for.
    #[schemars(with = "ObjectName")]
    pub object: ObjectType,
    /// The Kleer field that decides its type; null makes a text property.
    #[serde(default)]
    pub field: Option<String>,
    /// The internal name.
    pub name: String,
    /// What people read.
    pub label: String,
}

/// The properties that a field can be mapped to, as HubSpot has them at this moment.
///
/// # Errors
/// If HubSpot does not answer, or has no such object.
pub async fn properties(app: &App, caller: &Caller, request: PropertyRequest) -> Result<PropertyList, SettingsError> {
    let settings = chosen(app, caller, request.object).await?.value;
    let kind = field(request.object, request.field.as_deref())?.map(|field| field.kind);
    let search = request.search.unwrap_or_default().trim().to_lowercase();
    let found = list(app, caller, &settings.hubspot_object).await?;
    let is_offered = |property: &Property| {
        let named = |text: &str| text.to_lowercase().contains(&search);
        property.is_offered()
            && !is_ours(&property.name)
            && fit::fits(kind, PropertyType::from_wire(&property.value_type))
            && (named(&property.label) || named(&property.name))
    };
    let mut properties: Vec<PropertyChoice> =
        found.iter().filter(|property| is_offered(property)).map(|property| choice(&settings, property)).collect();
    properties.sort_by_cached_key(|property| (property.label.to_lowercase(), property.name.clone()));
    let is_more = properties.len() > MOST;
    properties.truncate(MOST);
    Ok(PropertyList { properties, is_more })
}

fn is_ours(name: &str) -> bool {
    use domain::projection::{KEY_PROPERTY, SYNC_KEY_PROPERTY};
    name == KEY_PROPERTY || name == SYNC_KEY_PROPERTY
}

fn choice(settings: &ObjectSettings, property: &Property) -> PropertyChoice {
    PropertyChoice {
        name: property.name.clone(),
        label: property.label.clone(),
        property_type: property.value_type.clone(),
        mapped: settings.mappings.iter().any(|mapping| mapping.property == property.name),
        one_way: super::object::is_one_way(settings, &property.name),
    }
}

/// The properties of an object.
pub(super) async fn list(app: &App, caller: &Caller, hubspot_object: &str) -> Result<Vec<Property>, SettingsError> {
    let hubspot = app.hubspot(caller.portal).await?;
    hubspot.properties().list(hubspot_object).await.map_err(|error| match error.status {
        Some(400 | 404) => {
            let why = format!("HubSpot has no object {hubspot_object} in this account, or the app may not use it.");
            Refusal::new(Code::UnknownObject, why).into()
        }
        _ => refusal::hubspot(&error),
    })
}

/// The field of that name.
pub(super) fn field(object: ObjectType, name: Option<&str>) -> Result<Option<&'static FieldSpec>, SettingsError> {
    let Some(name) = name else { return Ok(None) };
    let field = objects::spec(object).field(name);
    let unknown = || Refusal::new(Code::UnknownField, format!("Kleer has no field {name} on this type.")).into();
    field.map(Some).ok_or_else(unknown)
}

/// Makes a property that fits a field. One of that name and type that is there already is as good.
///
/// # Errors
/// If the name or the label cannot be used, there is another property of that name, or HubSpot refuses.
pub async fn create_property(
    app: &App,
    caller: &Caller,
    request: CreateProperty,
) -> Result<PropertyChoice, SettingsError> {
    let settings = chosen(app, caller, request.object).await?.value;
    let field = field(request.object, request.field.as_deref())?;
    let (name, label) = (request.name.trim(), request.label.trim());
    check(name, label)?;
    let hubspot = app.hubspot(caller.portal).await?;
    let new = NewProperty {
        spec: objects::spec(request.object),
        hubspot_object: &settings.hubspot_object,
        field: field.map(|field| field.name),
        name,
        label,
    };
    let made = make_property(app, &hubspot, &new).await.map_err(|error| {
        let code = match &error {
            NotMade::OtherType(_) => Code::PropertyExists,
            NotMade::Refused(_) => Code::HubspotRefused,
            NotMade::Unavailable(_) => Code::HubspotUnavailable,
        };
        SettingsError::from(Refusal::new(code, error.to_string()))
    })?;
    let what = format!("made the property {name} of HubSpot's {}", settings.hubspot_object);
    note(app, caller, ActivityKind::SettingsChanged, Some(request.object), &what).await?;
    Ok(choice(&settings, &made))
}

/// What HubSpot takes for a name (contract hubspot-crm §7), and what people can read.
fn check(name: &str, label: &str) -> Result<(), SettingsError> {
    let is_letter = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    let is_name = name.len() <= NAME_LENGTH
        && name.bytes().next().is_some_and(|first| first.is_ascii_lowercase())
        && name.bytes().all(is_letter);
    if !is_name || name.starts_with("hs_") {
        let why = "The internal name has lower case letters a to z, digits and underscores, begins with a letter and not with hs_, \
                   and is at most 100 long.";
        return Err(Refusal::new(Code::InvalidName, why).into());
    }
    if is_ours(name) {
        return Err(Refusal::new(Code::ReservedProperty, "This name belongs to the connection itself.").into());
    }
    if label.is_empty() || label.chars().nth(LABEL_LENGTH).is_some() {
        return Err(
            Refusal::new(Code::InvalidLabel, "The label must not be empty, nor longer than 100 letters.").into()
        );
    }
    Ok(())
}
