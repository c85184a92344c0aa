//! How a Kleer record becomes HubSpot properties: mapping, defaults, and HubSpot's formats (contract hubspot-crm §10).

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::ids::KleerId;
use crate::mapping::FieldMapping;
use crate::problem::{Problem, ProblemCode};
use crate::property::{PropertyDefinition, PropertyType, Schema};
use crate::record::{SourceRecord, Values};
use crate::spec::{FieldSpec, ObjectSpec};
use crate::value::Value;

/// The property that identifies a synchronized record on every HubSpot object (contract product §5.1).
pub const KEY_PROPERTY: &str = "kleer_id";

/// The unique property that identifies records where a portal has a [`KEY_PROPERTY`] that is not unique: another app's, or
/// made by hand (contract hubspot-crm §7).
pub const SYNC_KEY_PROPERTY: &str = "kleer_sync_key";

/// The most characters that a text property takes (contract hubspot-crm §10).
const TEXT_LIMIT: usize = 65_536;
/// The longest record in bytes, so that each fits into a message (`queue::BODY_LIMIT`) with room for names and keys.
pub(crate) const RECORD_LIMIT: usize = 300_000;

/// Property values in HubSpot's formats, by property name. An empty value means *no value*.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Properties(BTreeMap<String, String>);

impl Properties {
    /// The value of a property, if the property is here at all.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// Sets a property.
    pub fn set(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.0.insert(name.into(), value.into());
    }

    /// All properties in the order of their names.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The properties that pass `keep`.
    #[must_use]
    pub fn filtered(&self, mut keep: impl FnMut(&str, &str) -> bool) -> Self {
        Self(self.0.iter().filter(|(name, value)| keep(name, value)).map(|(n, v)| (n.clone(), v.clone())).collect())
    }

    /// The most bytes that the values take in a message.
    #[must_use]
    pub fn escaped_length(&self) -> usize {
        self.0.values().map(|text| escaped_length(text)).sum()
    }

    /// Adds other properties; theirs win.
    #[must_use]
    pub fn with(mut self, others: Self) -> Self {
        self.0.extend(others.0);
        self
    }

    /// As a plain map, for the wire.
    #[must_use]
    pub fn into_map(self) -> BTreeMap<String, String> {
        self.0
    }
}

impl<N: Into<String>, V: Into<String>> FromIterator<(N, V)> for Properties {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(pairs: I) -> Self {
        Self(pairs.into_iter().map(|(name, value)| (name.into(), value.into())).collect())
    }
}

/// A mapping joined with what the portal says of its property.
#[derive(Debug, Clone)]
pub(crate) struct Target {
    pub(crate) field: Option<&'static FieldSpec>,
    required: bool,
    pub(crate) property: String,
    pub(crate) definition: PropertyDefinition,
    default: Option<String>,
}

impl Target {
    /// What the property shall say: the value, or the default where there is none.
    pub(crate) fn render(&self, value: Option<&Value>) -> Result<String, RenderFault> {
        match (value, self.default.as_deref()) {
            (Some(value), _) => render(value, &self.definition),
            (None, Some(default)) => render_text(default, &self.definition),
            (None, None) => Ok(String::new()),
        }
    }
}

/// The property that a mapping writes in this portal: its own or, where that is read-only or one of HubSpot's own that this
/// object does not have, its twin.
fn writable<'a>(
    mapping: &FieldMapping,
    others: &[FieldMapping],
    schema: &'a Schema,
) -> Option<(String, &'a PropertyDefinition)> {
    match schema.properties.get(&mapping.property) {
        Some(definition) if !definition.read_only => return Some((mapping.property.clone(), definition)),
        None => return None,
        _ => {}
    }
    // A mapping that names the twin itself says what goes there.
    let twin = mapping.twin().filter(|twin| !others.iter().any(|other| other.property == *twin))?;
    let definition = schema.properties.get(&twin).filter(|definition| !definition.read_only)?;
    Some((twin, definition))
}

/// The name of the property that holds a mapping's value in this portal: the mapped one, or its twin; none if neither can be
/// written there, or it is not known yet.
#[must_use]
pub fn property_in_use(mapping: &FieldMapping, others: &[FieldMapping], schema: &Schema) -> Option<String> {
    writable(mapping, others, schema).map(|(property, _)| property)
}

/// Turns records of one type into properties of one portal. Made once per run.
#[derive(Debug, Clone)]
pub struct Projector {
    spec: &'static ObjectSpec,
    targets: Vec<Target>,
    skipped: Vec<String>,
}

impl Projector {
    /// Joins mappings with the portal's properties. Where one is read-only there its twin is written; where there is no twin
    /// either, it is left out and named by [`Projector::skipped`]. Fields that Kleer does not have are ignored.
    #[must_use]
    pub fn new(spec: &'static ObjectSpec, mappings: &[FieldMapping], schema: &Schema) -> Self {
        let mut projector = Self { spec, targets: Vec::new(), skipped: Vec::new() };
        let unknown = |mapping: &&FieldMapping| mapping.field.as_deref().is_some_and(|name| spec.field(name).is_none());
        for mapping in mappings.iter().filter(|mapping| !unknown(mapping)) {
            let Some((property, definition)) = writable(mapping, mappings, schema) else {
                projector.skipped.push(mapping.property.clone());
                continue;
            };
            let field = mapping.field.as_deref().and_then(|name| spec.field(name));
            projector.targets.push(Target {
                field,
                required: field.is_some_and(|field| spec.required.contains(&field.name)),
                property,
                definition: definition.clone(),
                default: mapping.default.clone().filter(|text| !text.is_empty()),
            });
        }
        projector.targets.sort_by(|a, b| a.property.cmp(&b.property));
        projector
    }

    /// The object type's declaration.
    #[must_use]
    pub fn spec(&self) -> &'static ObjectSpec {
        self.spec
    }

    /// The Kleer fields that are mapped.
    pub fn fields(&self) -> impl Iterator<Item = &'static FieldSpec> {
        self.targets.iter().filter_map(|target| target.field)
    }

    /// The mappings as they apply in this portal.
    pub(crate) fn targets(&self) -> &[Target] {
        &self.targets
    }

    /// Mapped properties that cannot be written in this portal.
    #[must_use]
    pub fn skipped(&self) -> &[String] {
        &self.skipped
    }

    /// The properties of a record, empty ones included: an empty value clears what was there.
    ///
    /// # Errors
    /// One problem, about the first value that HubSpot would refuse or the required value that is missing.
    pub fn project(&self, record: &SourceRecord) -> Result<Properties, Box<Problem>> {
        self.project_values(record.id, &record.values)
    }

    /// The same for the values of a row of that record.
    ///
    /// # Errors
    /// As [`Projector::project`].
    pub fn project_values(&self, id: KleerId, values: &Values) -> Result<Properties, Box<Problem>> {
        let mut properties = BTreeMap::new();
        for target in &self.targets {
            let value = target.field.and_then(|field| values.get(field.name));
            let text = target.render(value).map_err(|fault| match value {
                Some(_) => self.refused(id, target, fault),
                None => self.default_refused(id, target, &fault),
            })?;
            if text.is_empty() && target.required {
                return Err(self.missing(id, target));
            }
            properties.insert(target.property.clone(), text);
        }
        let properties = Properties(properties);
        let length = properties.escaped_length();
        if length > RECORD_LIMIT {
            return Err(self.too_long(id, length));
        }
        Ok(properties)
    }

    /// What is written about a record that is gone from Kleer, where the field that says so is mapped.
    #[must_use]
    pub fn deactivated(&self) -> Properties {
        let Some((name, text)) = self.spec.when_gone else { return Properties::default() };
        let says_so = |target: &&Target| target.field.is_some_and(|field| field.name == name);
        let gone = |target: &Target| Some((target.property.clone(), render_text(text, &target.definition).ok()?));
        self.targets.iter().filter(says_so).filter_map(gone).collect()
    }

    fn refused(&self, id: KleerId, target: &Target, fault: RenderFault) -> Box<Problem> {
        let field = target.field.map_or("", |field| field.label);
        let ours = target.definition.ours;
        Box::new(Problem {
            message: format!("{field} does not fit the HubSpot property {}: {}.", target.property, fault.message),
            remedy: if is_currency(&target.property) { CURRENCY_REMEDY.to_owned() } else { fault.remedy },
            property: Some(target.property.clone()),
            missing_option: fault.missing_option.filter(|_| ours),
            ..Problem::new(self.spec.object, ProblemCode::ValueNotAllowed, id)
        })
    }

    /// Nothing in Kleer can mend a default.
    fn default_refused(&self, id: KleerId, target: &Target, fault: &RenderFault) -> Box<Problem> {
        let property = &target.property;
        Box::new(Problem {
            message: format!("The default value does not fit the HubSpot property {property}: {}.", fault.message),
            remedy: format!("Change the default value on the mapping of {property}."),
            property: Some(target.property.clone()),
            ..Problem::new(self.spec.object, ProblemCode::ValueNotAllowed, id)
        })
    }

    pub(crate) fn too_long(&self, id: KleerId, length: usize) -> Box<Problem> {
        Box::new(Problem {
            message: format!(
                "The texts of the {} are {length} bytes together; {RECORD_LIMIT} can be carried.",
                self.spec.label
            ),
            remedy: "Shorten its texts in Kleer, or map fewer of them.".to_owned(),
            ..Problem::new(self.spec.object, ProblemCode::ValueNotAllowed, id)
        })
    }

    fn missing(&self, id: KleerId, target: &Target) -> Box<Problem> {
        let field = target.field.map_or("", |field| field.label);
        let label = self.spec.label;
        Box::new(Problem {
            message: format!("The {label} has no value in {field}, and HubSpot needs one."),
            remedy: format!("Fill in {field} on {label} {id} in Kleer, or set a default value on its mapping."),
            property: Some(target.property.clone()),
            ..Problem::new(self.spec.object, ProblemCode::MissingValue, id)
        })
    }
}

/// HubSpot's own currency properties offer the currencies of the account (contract hubspot-crm §3.5, §3.6).
fn is_currency(property: &str) -> bool {
    matches!(property, "hs_currency" | "hs_currency_code" | "deal_currency_code")
}

const CURRENCY_REMEDY: &str =
    "Add the currency to the HubSpot account (Settings, Account defaults, Currency), or change it in Kleer.";

/// Why a value cannot be written to a property, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RenderFault {
    /// What is wrong, no full stop.
    pub message: String,
    /// What a person can do, a sentence.
    pub remedy: String,
    /// The option that the property lacks, if that is all.
    pub missing_option: Option<String>,
}

/// A value in the format of a property's type (contract hubspot-crm §10).
///
/// # Errors
/// If the type cannot hold the value, or the value is not among the property's options.
pub fn render(value: &Value, definition: &PropertyDefinition) -> Result<String, RenderFault> {
    match (value, definition.property_type) {
        (Value::Date(date), PropertyType::DateTime) => Ok(format!("{date}T00:00:00.000Z")),
        (Value::Date(_), PropertyType::Date) => Ok(value.plain()),
        _ => render_text(&value.plain(), definition),
    }
}

/// Text in the format of a property's type; used for defaults too.
fn render_text(text: &str, definition: &PropertyDefinition) -> Result<String, RenderFault> {
    let unfit = |what: &str| RenderFault {
        message: format!("{} is not {what}", quoted(text)),
        remedy: format!("Change the value in Kleer, or map the field to a property that takes {}.", quoted(text)),
        missing_option: None,
    };
    match definition.property_type {
        // Told here, because a text that fills a whole message would stop all other records too.
        PropertyType::String | PropertyType::Other if text.chars().nth(TEXT_LIMIT).is_some() => Err(RenderFault {
            message: format!("{} is longer than {TEXT_LIMIT} characters", quoted(text)),
            remedy: "Shorten the value in Kleer.".to_owned(),
            missing_option: None,
        }),
        PropertyType::String | PropertyType::Other => Ok(text.to_owned()),
        PropertyType::Number => {
            text.trim().parse::<Decimal>().map(|n| n.normalize().to_string()).map_err(|_| unfit("a number"))
        }
        PropertyType::Bool => boolean(text).map(|yes| yes.to_string()).ok_or_else(|| unfit("yes or no")),
        PropertyType::Date => text.parse::<jiff::civil::Date>().map(|d| d.to_string()).map_err(|_| unfit("a date")),
        PropertyType::DateTime => {
            text.parse::<jiff::Timestamp>().map(|at| format!("{at:.3}")).map_err(|_| unfit("a date with a time"))
        }
        PropertyType::Enumeration => option(text, definition),
    }
}

pub(crate) fn boolean(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "yes" | "ja" | "1" => Some(true),
        "false" | "no" | "nej" | "0" => Some(false),
        _ => None,
    }
}

/// The option that means `text`: by value, else by value or label without regard to case. A property whose options
/// HubSpot does not list takes anything; HubSpot has the last word.
fn option(text: &str, definition: &PropertyDefinition) -> Result<String, RenderFault> {
    let options = &definition.options;
    let same = |other: &str| other.to_lowercase() == text.to_lowercase();
    let found = options
        .iter()
        .find(|option| option.value == text)
        .or_else(|| options.iter().find(|option| same(&option.value) || same(&option.label)));
    match found {
        Some(option) => Ok(option.value.clone()),
        None if options.is_empty() => Ok(text.to_owned()),
        None => Err(RenderFault {
            message: format!("{} is not one of its options", quoted(text)),
            remedy: format!(
                "Add the option {} to the property in HubSpot, or change the value in Kleer.",
                quoted(text)
            ),
            missing_option: Some(text.to_owned()),
        }),
    }
}

/// The most bytes that a text takes in a message.
fn escaped_length(text: &str) -> usize {
    text.bytes().map(|byte| if byte < 0x20 { 6 } else { 1 + usize::from(matches!(byte, b'"' | b'\\')) }).sum()
}

/// A value between quotation marks, cut so that a message stays readable.
pub(crate) fn quoted(text: &str) -> String {
    // A sentence stays on one line, whatever it quotes.
    let on_one_line = |letter: char| if letter.is_control() { ' ' } else { letter };
    let short: String = text.chars().take(60).map(on_one_line).collect();
    let dots = if short.len() < text.len() { "…" } else { "" };
    format!("\u{201c}{short}{dots}\u{201d}")
}

#[cfg(test)]
mod tests;
