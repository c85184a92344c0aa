use std::collections::BTreeSet;

use domain::{FieldMapping, ObjectSettings, ObjectType, PropertyType};
use hubspot::{ModificationMetadata, Property, PropertyCreate, PropertyOption};
use jiff::Timestamp;

use super::make::{GROUP, key, missing};
use super::{Wanted, definition, definitions, planned};
use crate::objects::spec;

mod fallbacks;

fn settings(object: ObjectType) -> ObjectSettings {
    ObjectSettings::defaults(spec(object), true, Timestamp::UNIX_EPOCH)
}

fn property(name: &str, value_type: &str) -> Property {
    Property { name: name.to_owned(), value_type: value_type.to_owned(), ..Property::default() }
}

fn wanted(settings: &ObjectSettings) -> Wanted<'_> {
    Wanted {
        spec: spec(settings.object),
        hubspot_object: &settings.hubspot_object,
        mappings: &settings.mappings,
        pipeline: None,
    }
}

/// What is made in a portal that has these properties.
fn check(settings: &ObjectSettings, names: &[&str]) -> String {
    let found: Vec<Property> = names.iter().map(|name| property(name, "string")).collect();
    made(&missing(&wanted(settings), &found, &BTreeSet::new()))
}

fn made(made: &[PropertyCreate]) -> String {
    let line = |one: &PropertyCreate| {
        let options: Vec<String> =
            one.options.iter().map(|o| format!("{}:{}={}", o.display_order, o.value, o.label)).collect();
        let unique = if one.has_unique_value { " unique" } else { "" };
        assert_eq!(one.group_name, GROUP);
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

/// The rest is HubSpot's own (contract hubspot-crm §3.4 to §3.7).
#[test]
fn what_a_new_portal_lacks_for_the_others() {
    let lacks = |object| {
        let settings = settings(object);
        let own = settings.mappings.iter().map(|mapping| mapping.property.as_str());
        let own: Vec<&str> = own.filter(|name| !name.starts_with("kleer_")).collect();
        check(&settings, &own)
    };
    insta::assert_snapshot!(lacks(ObjectType::Invoice), @r#"
    kleer_id string text unique "Kleer ID" Identifies the record in Kleer. Written by Kleer for HubSpot; do not change it.
    kleer_total_amount number number "Total amount" From Kleer: Total amount.
    kleer_remaining_amount number number "Remaining" From Kleer: Remaining.
    kleer_your_reference string text "Your reference" From Kleer: Your reference.
    kleer_agreement_number string text "Agreement number (ref)" From Kleer: Agreement number (ref).
    "#);
    insta::assert_snapshot!(lacks(ObjectType::Agreement), @r#"
    kleer_id string text unique "Kleer ID" Identifies the record in Kleer. Written by Kleer for HubSpot; do not change it.
    kleer_end_date date date "End date" From Kleer: End date.
    kleer_mrr number number "Monthly recurring revenue" From Kleer: Monthly recurring revenue.
    kleer_arr number number "Annual recurring revenue" From Kleer: Annual recurring revenue.
    kleer_agreement_number string text "Agreement number" From Kleer: Agreement number.
    kleer_renewal_date date date "Renewal notification date" From Kleer: Renewal notification date.
    "#);
    insta::assert_snapshot!(lacks(ObjectType::Project), @r#"
    kleer_id string text unique "Kleer ID" Identifies the record in Kleer. Written by Kleer for HubSpot; do not change it.
    kleer_project_number string text "Number" From Kleer: Number.
    kleer_fixed_price bool booleancheckbox "Fixed price" From Kleer: Fixed price. 0:true=Yes 1:false=No
    kleer_budget_hours number number "Budget hours" From Kleer: Budget hours.
    kleer_budget_amount number number "Budget amount" From Kleer: Budget amount.
    "#);
    insta::assert_snapshot!(lacks(ObjectType::LineItem), @r#"
    kleer_id string text unique "Kleer ID" Identifies the record in Kleer. Written by Kleer for HubSpot; do not change it.
    kleer_unit string text "Unit" From Kleer: Unit.
    kleer_vat_rate number number "VAT" From Kleer: VAT.
    kleer_account_number number number "Account number" From Kleer: Account number.
    "#);
}

#[test]
fn what_is_there_is_not_made() {
    for object in ObjectType::ALL {
        let settings = settings(object);
        let names: Vec<&str> =
            settings.mappings.iter().map(|mapping| mapping.property.as_str()).chain(["kleer_id"]).collect();
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

/// Every field of a type, mapped to the property that is suggested for it, and the mappings that a portal begins with.
fn all_mappings(object: ObjectType) -> ObjectSettings {
    let mut settings = settings(object);
    let mapping = settings.mappings[0].clone();
    settings.mappings.extend(spec(object).fields.iter().map(|field| FieldMapping {
        field: Some(field.name.to_owned()),
        property: domain::suggested_property_name(field.name),
        ..mapping.clone()
    }));
    settings
}

/// In a portal that has nothing at all, such as a custom object that was just made.
fn everything(object: ObjectType) -> Vec<PropertyCreate> {
    missing(&wanted(&all_mappings(object)), &[], &BTreeSet::new())
}

/// Contract hubspot-crm §7: the naming rule, and the pairs of types that HubSpot accepts.
#[test]
fn every_property_that_we_make_can_be_made() {
    let pairs =
        ["string text", "string textarea", "number number", "enumeration select", "bool booleancheckbox", "date date"];
    for object in ObjectType::ALL {
        let made = everything(object);
        let names: BTreeSet<&str> = made.iter().map(|one| one.name.as_str()).collect();
        assert_eq!(names.len(), made.len(), "{object}");
        for one in &made {
            let letter = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
            assert!(one.name.starts_with(|c: char| c.is_ascii_lowercase()), "{}", one.name);
            assert!(one.name.chars().all(letter) && one.name.len() <= 100, "{}", one.name);
            assert!(!one.name.starts_with("hs_"), "{} is a name of HubSpot's own", one.name);
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
    let known = definitions(&wanted(&settings(ObjectType::Client)), &found);
    assert_eq!(known.keys().collect::<Vec<_>>(), ["name"]);
}

#[test]
fn a_property_is_foreseen_as_it_will_be_found() {
    for object in ObjectType::ALL {
        for one in everything(object) {
            let found = Property {
                options: one.options.clone(),
                group_name: one.group_name.clone(),
                ..property(&one.name, &one.value_type)
            };
            assert_eq!(planned(&one), definition(&found));
        }
    }
}
