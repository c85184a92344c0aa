use domain::{FieldMapping, ObjectSettings, ObjectType, PropertyType};
use hubspot::{ModificationMetadata, Property, PropertyOption};
use jiff::Timestamp;

use super::{definition, definitions, missing, planned};
use crate::objects::spec;

fn settings(object: ObjectType) -> ObjectSettings {
    ObjectSettings::defaults(spec(object), true, Timestamp::UNIX_EPOCH)
}

fn property(name: &str, value_type: &str) -> Property {
    Property { name: name.to_owned(), value_type: value_type.to_owned(), ..Property::default() }
}

/// What is made in a portal that has these properties.
fn check(settings: &ObjectSettings, names: &[&str]) -> String {
    let found: Vec<Property> = names.iter().map(|name| property(name, "string")).collect();
    let made = missing(spec(settings.object), settings, &found);
    let line = |one: &hubspot::PropertyCreate| {
        let options: Vec<String> =
            one.options.iter().map(|o| format!("{}:{}={}", o.display_order, o.value, o.label)).collect();
        let unique = if one.has_unique_value { " unique" } else { "" };
        assert_eq!(one.group_name, "kleer");
        let line = format!(
            "{} {} {}{unique} \"{}\" {} {}",
            one.name,
            one.value_type,
            one.field_type,
            one.label,
            one.description,
            options.join(" ")
        );
        line.trim_end().to_owned()
    };
    made.iter().map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn what_a_new_portal_lacks_for_clients() {
    let has = ["name", "address", "address2", "zip", "city", "country", "phone"];
    insta::assert_snapshot!(check(&settings(ObjectType::Client), &has), @r#"
    kleer_id string text unique "Kleer ID" Identifies the record in Kleer. Written by Kleer for HubSpot; do not change it.
    orgno string text "Org. number" From Kleer: Org. number.
    vat_number string text "VAT number" From Kleer: VAT number.
    kleer_email string text "Email" From Kleer: Email.
    kleer_payment_days number number "Payment days" From Kleer: Payment days.
    kleer_currency enumeration select "Currency" From Kleer: Currency. 0:SEK=SEK 1:EUR=EUR 2:USD=USD 3:NOK=NOK 4:DKK=DKK 5:GBP=GBP
    kleer_delivery_method enumeration select "Delivery type" From Kleer: Delivery type. 0:Mail=Mail 1:Email=Email 2:Manually=Manually 3:Svefaktura=Svefaktura 4:Efaktura=Efaktura 5:Svea=Svea
    kleer_active bool booleancheckbox "Active" From Kleer: Active. 0:true=Yes 1:false=No
    "#);
}

#[test]
fn what_a_new_portal_lacks_for_products() {
    insta::assert_snapshot!(check(&settings(ObjectType::Product), &["name", "price", "hs_sku"]), @r#"
    kleer_id string text unique "Kleer ID" Identifies the record in Kleer. Written by Kleer for HubSpot; do not change it.
    kleer_unit string text "Unit" From Kleer: Unit.
    kleer_type enumeration select "Type" From Kleer: Type. 0:Goods=Goods 1:Services=Services 2:DigitalServices=Digital services
    kleer_account_number number number "Account number" From Kleer: Account number.
    kleer_vat_percentage number number "VAT percentage" From Kleer: VAT percentage.
    "#);
}

#[test]
fn what_is_there_is_not_made() {
    for object in ObjectType::ALL {
        let settings = settings(object);
        let names: Vec<&str> = settings.properties().chain(["kleer_id"]).collect();
        assert_eq!(check(&settings, &names), "");
    }
}

#[test]
fn a_default_alone_gets_a_text() {
    let mapping = FieldMapping {
        field: None,
        property: "source".to_owned(),
        default: Some("Kleer".to_owned()),
        created_at: Timestamp::UNIX_EPOCH,
        updated_at: Timestamp::UNIX_EPOCH,
    };
    let settings = ObjectSettings { mappings: vec![mapping], ..settings(ObjectType::Client) };
    insta::assert_snapshot!(check(&settings, &["kleer_id"]), @r#"source string text "source" From Kleer: a default value."#);
}

#[test]
fn every_property_that_we_make_can_be_made() {
    for object in ObjectType::ALL {
        // Contract hubspot-crm §7: the naming rule, and the pairs of types that HubSpot accepts.
        let pairs = [
            "string text",
            "string textarea",
            "number number",
            "enumeration select",
            "bool booleancheckbox",
            "date date",
        ];
        for one in missing(spec(object), &settings(object), &[]) {
            let letter = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
            assert!(one.name.starts_with(|c: char| c.is_ascii_lowercase()), "{}", one.name);
            assert!(one.name.chars().all(letter) && one.name.len() <= 100, "{}", one.name);
            assert!(pairs.contains(&format!("{} {}", one.value_type, one.field_type).as_str()), "{}", one.name);
            assert_eq!(one.options.is_empty(), !matches!(one.value_type.as_str(), "enumeration" | "bool"));
        }
    }
}

#[test]
fn what_we_know_of_a_property() {
    let option = PropertyOption { value: "a".to_owned(), label: "A".to_owned(), ..PropertyOption::default() };
    let found = Property { options: vec![option], ..property("kind", "enumeration") };
    let known = definition(&found);
    assert_eq!((known.property_type, known.read_only), (PropertyType::Enumeration, false));
    assert_eq!(known.options.iter().map(|o| (o.value.as_str(), o.label.as_str())).collect::<Vec<_>>(), [("a", "A")]);
    assert_eq!(definition(&property("phone", "phone_number")).property_type, PropertyType::Other);
}

#[test]
fn what_cannot_be_written() {
    let locked = ModificationMetadata { read_only_value: true, ..ModificationMetadata::default() };
    let string = || property("name", "string");
    assert!(!definition(&string()).read_only);
    assert!(definition(&Property { modification_metadata: locked, ..string() }).read_only);
    assert!(definition(&Property { calculated: true, ..string() }).read_only);
    assert!(definition(&Property { archived: true, ..string() }).read_only);
}

#[test]
fn only_mapped_properties_are_remembered() {
    let found = [property("name", "string"), property("industry", "enumeration"), property("kleer_id", "string")];
    let known = definitions(&settings(ObjectType::Client), &found);
    assert_eq!(known.keys().collect::<Vec<_>>(), ["name"]);
}

#[test]
fn a_property_is_foreseen_as_it_will_be_found() {
    for object in ObjectType::ALL {
        for one in missing(spec(object), &settings(object), &[]) {
            let found = Property { options: one.options.clone(), ..property(&one.name, &one.value_type) };
            assert_eq!(planned(&one), definition(&found));
        }
    }
}
