//! Which HubSpot properties can take which Kleer field, said before a mapping is saved. Values are rendered by
//! `domain::projection`; this is what of it can be known without a value.

use domain::projection::render;
use domain::{FieldKind, PropertyDefinition, PropertyOption, PropertyType, Value};
use hubspot::Property;

/// The property types that can take every value of a field. Text takes everything.
pub(super) const fn fitting(kind: Option<FieldKind>) -> &'static [PropertyType] {
    use PropertyType::{Bool, Date, DateTime, Enumeration, Number, Other, String};
    match kind {
        // A default alone goes wherever it fits.
        None => &[String, Number, Bool, Enumeration, Date, DateTime, Other],
        // A telephone number, or whatever HubSpot invents next, is text to us.
        Some(FieldKind::Text) => &[String, Enumeration, Other],
        Some(FieldKind::LongText) => &[String],
        Some(FieldKind::Enumeration(_)) => &[Enumeration, String],
        Some(
            FieldKind::Integer
            | FieldKind::SerialNumber
            | FieldKind::Reference
            | FieldKind::Decimal
            | FieldKind::Money
            | FieldKind::Rate,
        ) => &[Number, String],
        Some(FieldKind::Boolean) => &[Bool, Enumeration, String],
        Some(FieldKind::Date) => &[Date, DateTime, String],
    }
}

/// Whether a property can take a field.
pub(super) fn fits(kind: Option<FieldKind>, property_type: PropertyType) -> bool {
    fitting(kind).contains(&property_type)
}

/// Why a property cannot take a default value; none if it can.
pub(super) fn misfit(default: &str, property: &Property) -> Option<String> {
    let definition = PropertyDefinition {
        property_type: PropertyType::from_wire(&property.value_type),
        options: property.options.iter().map(option).collect(),
        read_only: false,
        ours: false,
    };
    render(&Value::Text(default.to_owned()), &definition).err().map(|fault| fault.message)
}

fn option(option: &hubspot::PropertyOption) -> PropertyOption {
    PropertyOption { value: option.value.clone(), label: option.label.clone() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(kind: Option<FieldKind>) -> String {
        let all = [
            PropertyType::String,
            PropertyType::Number,
            PropertyType::Bool,
            PropertyType::Enumeration,
            PropertyType::Date,
            PropertyType::DateTime,
            PropertyType::Other,
        ];
        let fitting = all.into_iter().filter(|property_type| fits(kind, *property_type));
        fitting.map(PropertyType::as_str).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn what_a_field_may_be_mapped_to() {
        let kinds = [
            None,
            Some(FieldKind::Text),
            Some(FieldKind::LongText),
            Some(FieldKind::Enumeration(&[])),
            Some(FieldKind::Money),
            Some(FieldKind::Reference),
            Some(FieldKind::Boolean),
            Some(FieldKind::Date),
        ];
        insta::assert_snapshot!(kinds.map(check).join("\n"), @"
        string number bool enumeration date datetime other
        string enumeration other
        string
        string enumeration
        string number
        string number
        string bool enumeration
        string date datetime
        ");
    }

    #[test]
    fn every_field_fits_the_property_that_is_made_for_it() {
        for object in domain::ObjectType::ALL {
            for field in sync::objects::spec(object).fields {
                assert!(fits(Some(field.kind), field.property_plan().property_type), "{object} {}", field.name);
            }
        }
    }

    #[test]
    fn a_default_has_to_fit() {
        let property = |value_type: &str, options: &[&str]| Property {
            value_type: value_type.to_owned(),
            options: options
                .iter()
                .map(|value| hubspot::PropertyOption {
                    value: (*value).to_owned(),
                    label: (*value).to_owned(),
                    ..Default::default()
                })
                .collect(),
            ..Property::default()
        };
        let lines = [
            misfit("Lund", &property("string", &[])),
            misfit("ten", &property("number", &[])),
            misfit("10,5", &property("number", &[])),
            misfit("10.5", &property("number", &[])),
            misfit("ja", &property("bool", &[])),
            misfit("red", &property("enumeration", &["blue"])),
            misfit("Blue", &property("enumeration", &["blue"])),
            misfit("2026-13-01", &property("date", &[])),
        ];
        let said = lines.map(|line| line.unwrap_or_else(|| "fits".to_owned())).join("\n");
        insta::assert_snapshot!(said, @"
        fits
        “ten” is not a number
        “10,5” is not a number
        fits
        fits
        “red” is not one of its options
        fits
        “2026-13-01” is not a date
        ");
    }
}
