use std::collections::BTreeSet;

use domain::{FieldKind, FieldMapping, ObjectSpec, ObjectType, check_mappings};

use super::spec;

/// Calls with the declaration of every type.
fn each(check: impl Fn(&'static ObjectSpec)) {
    ObjectType::ALL.into_iter().map(spec).for_each(check);
}

fn fields(object: ObjectType) -> String {
    spec(object).fields.iter().map(|field| format!("{}: {}", field.name, field.label)).collect::<Vec<_>>().join("\n")
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
        assert!(spec.required.iter().chain(&spec.active_field).all(|name| names.contains(name)));
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

#[test]
fn the_active_field_is_a_yes_or_no() {
    each(|spec| {
        let active = spec.active_field.and_then(|name| spec.field(name));
        assert!(active.is_none_or(|field| field.kind == FieldKind::Boolean));
    });
}

#[test]
fn intervals_and_objects() {
    let line = |object| {
        let spec = spec(object);
        format!("{object} → {} every {} min, {:?}", spec.hubspot_object, spec.interval.as_secs() / 60, spec.direction)
    };
    insta::assert_snapshot!(ObjectType::ALL.map(line).join("\n"), @r"
    product → products every 1440 min, OneWay
    client → companies every 15 min, TwoWay
    ");
}

/// Contract product §6.1.
#[test]
fn fields_of_a_client() {
    insta::assert_snapshot!(fields(ObjectType::Client), @r"
    name: Name
    foreign-id: Foreign ID
    contact: Contact
    address.address1: Address 1
    address.address2: Address 2
    address.zip-code: Zip code
    address.state: State
    address.country: Country (address)
    email: Email
    client-type: Client type
    country-code: Country code
    currency-type: Currency
    accountnr: Account number
    payment-days: Payment days
    orgno: Org. number
    phone: Phone
    user.id: Responsible user
    delivery-type: Delivery type
    vat-nr: VAT number
    gln: GLN
    active: Active
    ");
}

/// Contract product §6.4.
#[test]
fn fields_of_a_product() {
    insta::assert_snapshot!(fields(ObjectType::Product), @r"
    name: Name
    foreign-id: Foreign ID
    type: Type
    unit: Unit
    price: Price
    ean: EAN
    account-nr: Account number
    vat-percentage: VAT percentage
    ");
}
