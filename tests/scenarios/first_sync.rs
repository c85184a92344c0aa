//! A portal is connected, and Kleer's records appear in it.

use domain::ObjectType;
use insta::{assert_debug_snapshot, assert_snapshot};
use kleer_sim::{Address, Client, Product};
use local::pretend::Scene;
use serde_json::json;

use super::{World, admin, client, hours, minutes, product};

fn full_client() -> Client {
    Client {
        foreign_id: "K-17".into(),
        contact: "Kim Karlsson".into(),
        address: Address {
            address1: "Storgatan 1".into(),
            address2: "c/o Ek".into(),
            zip_code: "111 22".into(),
            state: "Stockholm".into(),
            country: "Sverige".into(),
        },
        email: "faktura@akeri.example".into(),
        phone: "08-123 45 67".into(),
        orgno: "556677-8899".into(),
        vat_nr: Some("SE556677889901".into()),
        payment_days: 20,
        ..client("Åkeri AB")
    }
}

#[test]
fn clients_appear_with_every_default_mapping() {
    let mut world = World::new();
    world.kleer(|kleer| kleer.add_client(full_client()));
    world.pass(minutes(1));
    let names = ["name", "address", "address2", "zip", "city", "country", "phone", "orgno", "vat_number"];
    assert_snapshot!(world.companies(&names), @"1004 | Åkeri AB | Storgatan 1 | c/o Ek | 111 22 | Stockholm | Sverige | 08-123 45 67 | 556677-8899 | SE556677889901");
    let names = ["kleer_email", "kleer_payment_days", "kleer_currency", "kleer_delivery_method", "kleer_active"];
    assert_snapshot!(world.companies(&names), @"1004 | faktura@akeri.example | 20 | SEK | Email | true");
    assert_debug_snapshot!(world.report(ObjectType::Client).counts, @"
    Counts {
        source: 1,
        created: 1,
        updated: 0,
        unchanged: 0,
        waiting: 0,
        failed: 0,
        excluded: 0,
    }
    ");
}

#[test]
fn products_appear_with_every_default_mapping() {
    let mut world = World::new();
    let digital = Some("DIGITAL_SERVICES".to_owned());
    let full = Product { foreign_id: "A-1".into(), unit: "tim".into(), r#type: digital, ..product("Timme", 125_050) };
    world.kleer(|kleer| kleer.add_product(full));
    world.pass(minutes(1));
    let names = ["name", "price", "hs_sku", "kleer_unit", "kleer_type", "kleer_account_number", "kleer_vat_percentage"];
    assert_snapshot!(world.table("products", &names), @"1004 | Timme | 1250.5 | A-1 | tim | DigitalServices | 3001 | 25");
    assert_debug_snapshot!(world.report(ObjectType::Product).counts, @"
    Counts {
        source: 1,
        created: 1,
        updated: 0,
        unchanged: 0,
        waiting: 0,
        failed: 0,
        excluded: 0,
    }
    ");
}

#[test]
fn the_properties_are_made_in_a_group_of_their_own() {
    let mut world = World::new();
    world.pass(minutes(1));
    let made = |object, names: &[&str]| {
        let of = |name: &&str| {
            let property = world.pretend.hubspot.property(4242, object, name).expect("it was made");
            let unique = if property.has_unique_value { " unique" } else { "" };
            let options = property.options.iter().map(|option| option.value.as_str()).collect::<Vec<_>>().join(", ");
            let (kind, field) = (property.data_type, property.field_type);
            format!("{} {name} “{}”: {kind} {field}{unique} {options}", property.group_name, property.label)
        };
        names.iter().map(of).collect::<Vec<_>>().join("\n")
    };
    let companies = ["kleer_id", "orgno", "vat_number", "kleer_email", "kleer_payment_days", "kleer_currency"];
    assert_snapshot!(made("companies", &companies), @"
    kleer kleer_id “Kleer ID”: string text unique 
    kleer orgno “Org. number”: string text 
    kleer vat_number “VAT number”: string text 
    kleer kleer_email “Email”: string text 
    kleer kleer_payment_days “Payment days”: number number 
    kleer kleer_currency “Currency”: enumeration select SEK, EUR, USD, NOK, DKK, GBP
    ");
    assert_snapshot!(made("companies", &["kleer_delivery_method", "kleer_active"]), @"
    kleer kleer_delivery_method “Delivery type”: enumeration select Mail, Email, Manually, Svefaktura, Efaktura, Svea
    kleer kleer_active “Active”: bool booleancheckbox true, false
    ");
    let products = ["kleer_id", "kleer_unit", "kleer_type", "kleer_account_number", "kleer_vat_percentage"];
    assert_snapshot!(made("products", &products), @"
    kleer kleer_id “Kleer ID”: string text unique 
    kleer kleer_unit “Unit”: string text 
    kleer kleer_type “Type”: enumeration select Goods, Services, DigitalServices
    kleer kleer_account_number “Account number”: number number 
    kleer kleer_vat_percentage “VAT percentage”: number number
    ");
}

#[test]
fn one_upsert_each_and_nothing_the_second_time() {
    let mut world = World::new();
    world.kleer(|kleer| {
        kleer.add_client(full_client());
        kleer.add_client(client("Bageri AB"));
        kleer.add_product(product("Timme", 100_000));
    });
    world.pass(minutes(1));
    assert_debug_snapshot!(world.hubspot_calls().requests, @"
    Requests {
        batch_upsert: 2,
        batch_update: 0,
        batch_read: 0,
        associate: 0,
        search: 0,
        properties: 10,
        other: 1,
    }
    ");
    let calls = world.hubspot_calls();
    world.poll_now(ObjectType::Client);
    world.poll_now(ObjectType::Product);
    assert_eq!(world.hubspot_calls(), calls);
    assert_debug_snapshot!(world.report(ObjectType::Client).counts, @"
    Counts {
        source: 2,
        created: 0,
        updated: 0,
        unchanged: 2,
        waiting: 0,
        failed: 0,
        excluded: 0,
    }
    ");
}

#[test]
fn a_hundred_records_travel_in_one_call() {
    let mut world = World::with(Scene::of(250, 0));
    world.pass(minutes(1));
    assert_eq!(world.hubspot_calls().requests.batch_upsert, 3);
    assert_eq!(world.records("companies").len(), 250);
    assert_eq!(world.report(ObjectType::Client).counts.created, 250);
}

/// A World in which the portal has had a unique `kleer_id` for an hour, and a company with it: of an earlier installation.
fn installed_before(values: &[(&str, &str)]) -> World {
    let world = World::new();
    admin::makes_property(&world, "kleer_id", &json!({ "hasUniqueValue": true }));
    world.pretend.hubspot.person_creates(4242, "companies", values).expect("HubSpot takes it");
    world.clock.advance(hours(1));
    world
}

#[test]
fn a_company_that_has_the_id_already_is_adopted() {
    let mut world = installed_before(&[("kleer_id", "1004"), ("name", "Akeri"), ("domain", "akeri.example")]);
    world.kleer(|kleer| kleer.add_client(full_client()));
    world.pass(minutes(1));
    assert_snapshot!(world.companies(&["name", "domain", "phone"]), @"1004 | Åkeri AB | akeri.example | 08-123 45 67");
    assert_debug_snapshot!(world.report(ObjectType::Client).counts, @"
    Counts {
        source: 1,
        created: 0,
        updated: 1,
        unchanged: 0,
        waiting: 0,
        failed: 0,
        excluded: 0,
    }
    ");
}

#[test]
fn empty_values_are_not_sent_on_first_contact() {
    let mut world = installed_before(&[("kleer_id", "1004"), ("name", "Akeri"), ("phone", "070-1"), ("city", "Gävle")]);
    world.kleer(|kleer| kleer.add_client(client("Åkeri AB")));
    let sent = world.sent_while(|world| world.pass(hours(1)));
    assert_snapshot!(world.companies(&["name", "phone", "city"]), @"1004 | Åkeri AB | 070-1 | Gävle");
    assert_snapshot!(sent, @"updated client 1004 → HubSpot 9001: kleer_active=true kleer_currency=SEK kleer_delivery_method=Email kleer_payment_days=30 name=Åkeri AB");
}
