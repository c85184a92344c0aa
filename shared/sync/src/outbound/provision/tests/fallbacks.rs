//! What a portal lacks or forbids, and what is done instead.

use super::*;

fn locked(name: &str) -> Property {
    let modification_metadata = ModificationMetadata { read_only_value: true, ..ModificationMetadata::default() };
    Property { modification_metadata, ..property(name, "string") }
}

/// All properties that the agreements of a portal are mapped to, some of them as told.
fn portal(others: Vec<Property>) -> Vec<Property> {
    let settings = settings(ObjectType::Agreement);
    let mut found: Vec<Property> =
        settings.mappings.iter().map(|mapping| property(&mapping.property, "string")).collect();
    found.push(Property { has_unique_value: Some(true), ..property("kleer_id", "string") });
    for other in others {
        found.retain(|known| known.name != other.name);
        found.push(other);
    }
    found
}

/// What is made for agreements in a portal like that.
fn lacks(found: &[Property], refused: &[&str]) -> String {
    let refused = refused.iter().map(|name| (*name).to_owned()).collect();
    made(&missing(&wanted(&settings(ObjectType::Agreement)), found, &refused))
}

#[test]
fn a_portal_that_has_everything_lacks_nothing() {
    assert_eq!(lacks(&portal(Vec::new()), &[]), "");
}

/// Contract hubspot-crm §3.6: a status may be HubSpot's own to keep.
#[test]
fn a_read_only_property_gets_a_twin() {
    insta::assert_snapshot!(lacks(&portal(vec![locked("hs_status")]), &[]), @r#"kleer_status enumeration select "Status" From Kleer: Status. 0:active=Active 1:expired=Expired 2:scheduled=Scheduled 3:canceled=Canceled"#);
    let calculated = Property { calculated: true, ..property("hs_recurring_billing_start_date", "date") };
    let archived = Property { archived: true, ..property("hs_name", "string") };
    insta::assert_snapshot!(lacks(&portal(vec![calculated, archived]), &[]), @r#"
    kleer_description string text "Description" From Kleer: Description.
    kleer_start_date date date "Start date" From Kleer: Start date.
    "#);
    // A twin that is there is not made again.
    assert_eq!(lacks(&portal(vec![locked("hs_status"), property("kleer_status", "enumeration")]), &[]), "");
}

/// A property that says it can be written, and cannot.
#[test]
fn a_refused_property_gets_a_twin() {
    insta::assert_snapshot!(lacks(&portal(Vec::new()), &["hs_net_payment_terms", "unheard_of"]), @r#"kleer_payment_days number number "Payment days" From Kleer: Payment days."#);
}

/// What is its own twin has no other.
#[test]
fn a_read_only_property_of_ours_has_no_twin() {
    assert_eq!(lacks(&portal(vec![locked("kleer_mrr")]), &["kleer_arr"]), "");
    insta::assert_snapshot!(lacks(&portal(vec![locked("kleer_renewal_date")]), &[]), @r#"kleer_renewal_notification_date date date "Renewal notification date" From Kleer: Renewal notification date."#);
}

/// HubSpot keeps names that begin so to itself: a custom object has none of them, and they cannot be made there.
#[test]
fn what_cannot_be_made_gets_a_twin() {
    let custom = [property("kleer_id", "string"), property("name", "string")];
    insta::assert_snapshot!(lacks(&custom, &[]), @r#"
    kleer_description string text "Description" From Kleer: Description.
    kleer_currency enumeration select "Currency" From Kleer: Currency. 0:SEK=SEK 1:EUR=EUR 2:USD=USD 3:NOK=NOK 4:DKK=DKK 5:GBP=GBP
    kleer_start_date date date "Start date" From Kleer: Start date.
    kleer_billing_frequency enumeration select "Billing frequency" From Kleer: Billing frequency. 0:weekly=Weekly 1:biweekly=Biweekly 2:monthly=Monthly 3:quarterly=Quarterly 4:per_six_months=Per six months 5:annually=Annually 6:per_two_years=Per two years 7:per_three_years=Per three years 8:per_four_years=Per four years 9:per_five_years=Per five years
    kleer_payment_days number number "Payment days" From Kleer: Payment days.
    kleer_status enumeration select "Status" From Kleer: Status. 0:active=Active 1:expired=Expired 2:scheduled=Scheduled 3:canceled=Canceled
    kleer_end_date date date "End date" From Kleer: End date.
    kleer_mrr number number "Monthly recurring revenue" From Kleer: Monthly recurring revenue.
    kleer_arr number number "Annual recurring revenue" From Kleer: Annual recurring revenue.
    kleer_agreement_number string text "Agreement number" From Kleer: Agreement number.
    kleer_renewal_date date date "Renewal notification date" From Kleer: Renewal notification date.
    "#);
    // A default value alone has no twin; it is left out.
    let mapping = FieldMapping {
        field: None,
        property: "hs_priority".to_owned(),
        default: Some("high".to_owned()),
        created_at: Timestamp::UNIX_EPOCH,
        updated_at: Timestamp::UNIX_EPOCH,
    };
    let settings = ObjectSettings { mappings: vec![mapping], ..settings(ObjectType::Project) };
    assert_eq!(check(&settings, &["kleer_id"]), "");
}

/// Contract hubspot-crm §7: whether a property is unique cannot be changed.
#[test]
fn a_key_that_is_not_unique() {
    let with_key = |has_unique_value| vec![Property { has_unique_value, ..property("kleer_id", "string") }];
    assert_eq!(key(&[]), "kleer_id");
    assert_eq!(key(&with_key(Some(true))), "kleer_id");
    assert_eq!(key(&with_key(Some(false))), "kleer_sync_key");
    // The first upsert has the last word.
    assert_eq!(key(&with_key(None)), "kleer_id");
    insta::assert_snapshot!(lacks(&portal(with_key(Some(false))), &[]), @r#"kleer_sync_key string text unique "Kleer sync key" Identifies the record in Kleer. Written by Kleer for HubSpot; do not change it."#);
    let mut both = with_key(Some(false));
    both.push(Property { has_unique_value: Some(true), ..property("kleer_sync_key", "string") });
    assert_eq!(lacks(&portal(both), &[]), "");
}

#[test]
fn what_is_remembered_of_twins() {
    let settings = settings(ObjectType::Agreement);
    let found =
        portal(vec![locked("hs_status"), property("kleer_status", "string"), property("kleer_po_nr", "string")]);
    let known = definitions(&wanted(&settings), &found);
    assert!(known["hs_status"].read_only && !known["kleer_status"].read_only);
    assert!(!known.contains_key("kleer_po_nr"), "nobody maps that field");
    assert_eq!(known.len(), settings.mappings.len() + 1);
}
