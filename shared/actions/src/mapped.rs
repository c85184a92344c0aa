//! *From mappings*: the enrolled record's properties through the portal's mappings, read backwards (contract product §7.1).

use std::collections::BTreeMap;

use domain::projection::property_in_use;
use domain::{
    FieldMapping, FieldSpec, ObjectType, PropertyDefinition, PropertyOption, PropertyType, Schema, Value, Writable,
    reverse,
};
use kleer::Document;

use crate::code::ErrorCode;
use crate::definition::Meaning;
use crate::inputs::letters;
use crate::outcome::{Failure, Trouble, quoted};
use crate::work::Work;

impl Work<'_> {
    /// Lays the enrolled record's mapped properties over a document: those of the same names, whichever object the type is
    /// mapped to. Where the portal keeps a field in the twin of the mapped property, the twin is read. Empty ones are left out, and
    /// so are defaults, which are never written to Kleer. Answers the fields that were filled.
    ///
    /// # Errors
    /// If a value cannot be what Kleer's field holds.
    pub(crate) async fn lay_mapped(
        &self,
        object: ObjectType,
        document: &mut Document,
    ) -> Result<Vec<&'static str>, Trouble> {
        let fields = self.mapped_fields(object).await?;
        let names: Vec<String> = fields.iter().flat_map(|(_, properties)| properties.iter().cloned()).collect();
        let record = self.record(names.iter().map(String::as_str)).await?;
        let definitions = self.definitions(&names).await?;
        let mut filled = Vec::new();
        for (field, properties) in fields {
            // The enrolled record may be of another object, which has not all of them.
            let there = |property: &String| Some((property.clone(), definitions.get(property)?));
            let Some((property, definition)) = properties.iter().find_map(there) else { continue };
            let (property, Some(text)) = (property.as_str(), record.value(&property)) else { continue };
            if let Some(value) = read(field, property, text, definition)? {
                sync::overlay(document, field, Some(&value));
                filled.push(field.name);
            }
        }
        Ok(filled)
    }

    /// The fields that are mapped and may be written on creation, each with the properties that may hold it, the one that
    /// counts first.
    async fn mapped_fields(&self, object: ObjectType) -> Result<Vec<(&'static FieldSpec, Vec<String>)>, Trouble> {
        let (spec, store) = (sync::objects::spec(object), &self.app.store);
        let settings = store.settings(self.portal(), object).await?;
        let (hubspot_object, mappings) = settings.map_or_else(
            || (spec.hubspot_object.to_owned(), FieldMapping::defaults(spec, self.app.clock.now())),
            |settings| (settings.value.hubspot_object, settings.value.mappings),
        );
        let schema = store.schema(self.portal(), object).await?;
        let schema = schema.filter(|schema| schema.hubspot_object == hubspot_object);
        let field = |mapping: &FieldMapping| {
            let field = spec.field(mapping.field.as_deref()?)?;
            let writable = spec.writable(field.name) != Writable::Never && !field.name.starts_with('_');
            // Those two are ours to set: what the record is called here, and whose it is.
            let ours = field.name == "foreign-id" || field.name == "client.id";
            (writable && !ours).then(|| (field, holders(mapping, &mappings, schema.as_ref())))
        };
        Ok(mappings.iter().filter_map(field).collect())
    }

    /// What the portal says of properties of the enrolled record.
    async fn definitions(&self, names: &[String]) -> Result<BTreeMap<String, PropertyDefinition>, Trouble> {
        let read = self.connection.hubspot.properties().batch_read(self.definition.runs_on.object(), names).await;
        let answer = read.map_err(|error| Trouble::hubspot(&error))?;
        let definition = |property: hubspot::Property| {
            let option = |option: &hubspot::PropertyOption| PropertyOption {
                value: option.value.clone(),
                label: option.label.clone(),
            };
            let definition = PropertyDefinition {
                property_type: PropertyType::from_wire(&property.value_type),
                options: property.options.iter().map(option).collect(),
                read_only: !property.is_writable(),
                ours: false,
            };
            (property.name, definition)
        };
        Ok(answer.results.into_iter().map(definition).collect())
    }
}

/// The properties that may hold a mapping's value, the one that counts first: what the portal uses, then the mapped one, then its
/// twin, which is all that a record of another object can have of a property that is HubSpot's own.
fn holders(mapping: &FieldMapping, others: &[FieldMapping], schema: Option<&Schema>) -> Vec<String> {
    let used = schema.and_then(|schema| property_in_use(mapping, others, schema));
    // A mapping that names the twin itself says what stands there.
    let twin = mapping.twin().filter(|twin| !others.iter().any(|other| other.property == *twin));
    let mut holders: Vec<String> = used.into_iter().chain([mapping.property.clone()]).chain(twin).collect();
    let mut seen = std::collections::BTreeSet::new();
    holders.retain(|name| seen.insert(name.clone()));
    holders
}

/// One property as the field's value; what cannot be one is a failure that names it.
fn read(
    field: &'static FieldSpec,
    property: &str,
    text: &str,
    definition: &PropertyDefinition,
) -> Result<Option<Value>, Failure> {
    let value = reverse::read(field, text, definition).map_err(|fault| {
        let message = format!("{property}: {} {}. {}", quoted(text), fault.message, fault.remedy);
        Failure::new(code(field), message)
    })?;
    // What else is in a list of Kleer's, Kleer says itself.
    if let (ErrorCode::InvalidCurrency, Some(Value::Choice(currency))) = (code(field), &value)
        && letters(currency, 3).is_none()
    {
        let remedy = Meaning::Currency.remedy().en;
        let message = format!("{property}: {} is not a currency. {remedy}", quoted(text));
        return Err(Failure::new(ErrorCode::InvalidCurrency, message));
    }
    Ok(value)
}

/// The code of a value that a field cannot hold.
fn code(field: &FieldSpec) -> ErrorCode {
    use domain::FieldKind;
    match field.kind {
        FieldKind::Date => ErrorCode::InvalidDate,
        FieldKind::Integer
        | FieldKind::SerialNumber
        | FieldKind::Reference
        | FieldKind::Decimal
        | FieldKind::Money
        | FieldKind::Rate => ErrorCode::InvalidNumber,
        FieldKind::Enumeration(_) if field.name.starts_with("currency") => ErrorCode::InvalidCurrency,
        FieldKind::Text | FieldKind::LongText | FieldKind::Enumeration(_) | FieldKind::Boolean => {
            ErrorCode::UnknownValue
        }
    }
}
