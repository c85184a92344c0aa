//! *From mappings*: the enrolled record's properties through the portal's mappings, read backwards (contract product §7.1).

use std::collections::BTreeMap;

use domain::{
    FieldMapping, FieldSpec, ObjectType, PropertyDefinition, PropertyOption, PropertyType, Value, Writable, reverse,
};
use kleer::Document;

use crate::code::ErrorCode;
use crate::outcome::{Failure, Trouble, quoted};
use crate::work::Work;

impl Work<'_> {
    /// Lays the enrolled record's mapped properties over a document: those of the same names, whichever object the type is
    /// mapped to. Empty ones are left out, and so are defaults, which are never written to Kleer. Answers the fields that were
    /// filled.
    ///
    /// # Errors
    /// If a value cannot be what Kleer's field holds.
    pub(crate) async fn lay_mapped(
        &self,
        object: ObjectType,
        document: &mut Document,
    ) -> Result<Vec<&'static str>, Trouble> {
        let fields = self.mapped_fields(object).await?;
        let names: Vec<String> = fields.iter().map(|(_, mapping)| mapping.property.clone()).collect();
        let record = self.record(names.iter().map(String::as_str)).await?;
        let definitions = self.definitions(&names).await?;
        let mut filled = Vec::new();
        for (field, mapping) in fields {
            let property = mapping.property.as_str();
            let (Some(text), Some(definition)) = (record.value(property), definitions.get(property)) else { continue };
            if let Some(value) = read(field, property, text, definition)? {
                sync::overlay(document, field, Some(&value));
                filled.push(field.name);
            }
        }
        Ok(filled)
    }

    /// The fields that are mapped and may be written on creation.
    async fn mapped_fields(&self, object: ObjectType) -> Result<Vec<(&'static FieldSpec, FieldMapping)>, Trouble> {
        let spec = sync::objects::spec(object);
        let settings = self.app.store.settings(self.portal(), object).await?;
        let mappings = settings
            .map_or_else(|| FieldMapping::defaults(spec, self.app.clock.now()), |settings| settings.value.mappings);
        let field = |mapping: FieldMapping| {
            let field = spec.field(mapping.field.as_deref()?)?;
            let writable = spec.writable(field.name) != Writable::Never && !field.name.starts_with('_');
            // Those two are ours to set: what the record is called here, and whose it is.
            let ours = field.name == "foreign-id" || field.name == "client.id";
            (writable && !ours).then_some((field, mapping))
        };
        Ok(mappings.into_iter().filter_map(field).collect())
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

/// One property as the field's value; what cannot be one is a failure that names it.
fn read(
    field: &'static FieldSpec,
    property: &str,
    text: &str,
    definition: &PropertyDefinition,
) -> Result<Option<Value>, Failure> {
    reverse::read(field, text, definition).map_err(|fault| {
        let message = format!("{property}: {} {}. {}", quoted(text), fault.message, fault.remedy);
        Failure::new(code(field), message)
    })
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
