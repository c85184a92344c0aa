use std::collections::BTreeSet;

use domain::{FieldKind, FieldMapping, ObjectSpec, ObjectType, check_mappings};

use super::{has_rows, spec, targets};

mod fields;
mod listing;

/// Calls with the declaration of every type.
fn each(check: impl Fn(&'static ObjectSpec)) {
    ObjectType::ALL.into_iter().map(spec).for_each(check);
}

#[test]
fn the_declaration_is_its_own() {
    for object in ObjectType::ALL {
        assert_eq!(spec(object).object, object);
    }
}

#[test]
fn default_mappings_can_be_used() {
    each(|spec| {
        let faults = check_mappings(spec, &FieldMapping::defaults(spec, jiff::Timestamp::UNIX_EPOCH));
        assert!(faults.is_empty(), "{}: {faults:?}", spec.object);
    });
}

#[test]
fn fields_are_there_once_and_well_named() {
    each(|spec| {
        let names: BTreeSet<&str> = spec.fields.iter().map(|field| field.name).collect();
        let labels: BTreeSet<&str> = spec.fields.iter().map(|field| field.label).collect();
        assert_eq!((names.len(), labels.len()), (spec.fields.len(), spec.fields.len()), "{}", spec.object);
        assert!(!names.contains("id"), "the id is not a field: it is what kleer_id holds");
        assert!(spec.required.iter().all(|name| names.contains(name)));
    });
}

#[test]
fn properties_that_fields_share_a_name_with_do_not_clash() {
    each(|spec| {
        let suggested: BTreeSet<String> =
            spec.fields.iter().map(|field| domain::suggested_property_name(field.name)).collect();
        assert_eq!(suggested.len(), spec.fields.len(), "{}", spec.object);
        assert!(!suggested.contains(domain::projection::KEY_PROPERTY));
    });
}

#[test]
fn enumerated_values_are_distinct_however_they_are_spelled() {
    each(|spec| {
        for field in spec.fields {
            let FieldKind::Enumeration(values) = field.kind else { continue };
            assert!(!values.is_empty(), "{}", field.name);
            for (place, one) in values.iter().enumerate() {
                assert!(values[..place].iter().all(|other| !kleer::same_enum(one.value, other.value)), "{}", one.value);
                assert!(!one.label.is_empty());
            }
        }
    });
}

/// What a record that is gone from Kleer says must be a word of the field that says it.
#[test]
fn what_says_that_a_record_is_gone_is_a_value_of_its_field() {
    each(|spec| {
        let Some((name, value)) = spec.when_gone else { return };
        match spec.field(name).map(|field| field.kind) {
            Some(FieldKind::Boolean) => assert!(matches!(value, "true" | "false")),
            Some(FieldKind::Enumeration(values)) => assert!(values.iter().any(|known| known.value == value)),
            other => panic!("{}: {other:?}", spec.object),
        }
    });
}

/// Nothing that a user maps may take the place of what keeps HubSpot from charging anybody (contract product §5.4).
#[test]
fn what_is_always_written_cannot_be_mapped() {
    each(|spec| {
        for (property, _) in domain::spec::fixed_on(spec.hubspot_object) {
            assert!(spec.default_mappings.iter().all(|(_, mapped)| mapped != property));
            let mut mappings = FieldMapping::defaults(spec, jiff::Timestamp::UNIX_EPOCH);
            mappings[0].property = (*property).to_owned();
            let faults = check_mappings(spec, &mappings);
            assert!(matches!(faults.as_slice(), [domain::MappingFault::ReservedProperty(name)] if name == property));
        }
    });
}

/// Two crates that may not know each other have HubSpot's own objects in a table each.
#[test]
fn an_object_has_one_id_in_both_vocabularies() {
    each(|spec| {
        let id = hubspot::object_type_id(spec.hubspot_object).unwrap();
        assert_eq!(domain::hubspot_object_name(id), spec.hubspot_object);
    });
}

#[test]
fn parents_have_their_turn_before_their_children() {
    for object in ObjectType::ALL {
        assert!(targets(object).iter().all(|target| *target < object), "{object}");
        // A row's product is a target of the record that has the row.
        assert_eq!(has_rows(object), targets(object).contains(&ObjectType::Product), "{object}");
    }
}

#[test]
fn intervals_and_objects() {
    let line = |object| {
        let spec = spec(object);
        let minutes = spec.interval.as_secs() / 60;
        let pairs =
            |pairs: &[(&str, &str)]| pairs.iter().map(|(a, b)| format!("{a}={b}")).collect::<Vec<_>>().join(" ");
        let gone = spec.when_gone.map(|gone| pairs(&[gone])).unwrap_or_default();
        format!(
            "{object} ({}) → {} every {minutes} min, {:?}, needs {}, always [{}], gone [{gone}]",
            spec.label,
            spec.hubspot_object,
            spec.direction,
            spec.required.join(" "),
            pairs(domain::spec::fixed_on(spec.hubspot_object))
        )
    };
    insta::assert_snapshot!(ObjectType::ALL.map(line).join("\n"), @r"
    product (product) → products every 1440 min, OneWay, needs name, always [], gone []
    client (client) → companies every 15 min, TwoWay, needs name, always [], gone [active=false]
    agreement (agreement) → subscriptions every 30 min, OneWay, needs description, always [hs_invoice_creation=off], gone [_status=canceled]
    invoice (invoice) → invoices every 30 min, OneWay, needs currency, always [hs_invoice_billable=false], gone []
    project (project) → projects every 15 min, TwoWay, needs name, always [], gone []
    line_item (line item) → line_items every 30 min, OneWay, needs , always [], gone []
    ");
}
