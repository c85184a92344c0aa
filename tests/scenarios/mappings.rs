//! The mappings are changed, or the properties they write to.

use domain::{FieldMapping, ObjectType};
use insta::assert_snapshot;
use kleer_sim::{Address, Client};
use local::pretend::Scene;
use serde_json::json;

use super::{World, admin, client, hours, mapping, minutes, product};

/// Adds a row to the mappings of clients.
fn add(world: &World, new: FieldMapping) {
    world.settings(ObjectType::Client, |settings| settings.mappings.push(new));
}

fn remove(world: &World, property: &str) {
    world.settings(ObjectType::Client, |settings| settings.mappings.retain(|mapping| mapping.property != property));
}

#[test]
fn a_default_stands_in_for_an_empty_field() {
    let mut world = World::new();
    remove(&world, "phone");
    add(&world, FieldMapping { default: Some("växeln".into()), ..mapping("phone", "phone") });
    world.kleer(|kleer| {
        kleer.add_client(client("Åkeri AB"));
        kleer.add_client(Client { phone: "08-1".into(), ..client("Bageri AB") });
    });
    world.pass(minutes(1));
    assert_snapshot!(world.companies(&["phone"]), @"
    1004 | växeln
    1006 | 08-1
    ");
    world.edit_client("Bageri AB", |client| client.phone.clear());
    assert_snapshot!(world.sent_while(|world| world.pass(minutes(15))), @"updated client 1006 → HubSpot 9002: phone=växeln");
}

#[test]
fn a_default_without_a_field_goes_to_every_record() {
    let mut world = World::new();
    world.kleer(|kleer| [client("Åkeri AB"), client("Bageri AB")].map(|client| kleer.add_client(client)));
    add(&world, FieldMapping { field: None, default: Some("Kleer".into()), ..mapping("", "kleer_source") });
    world.pass(minutes(1));
    assert_snapshot!(world.companies(&["kleer_source"]), @"
    1004 | Kleer
    1006 | Kleer
    ");
}

#[test]
fn a_new_mapping_reaches_the_old_records() {
    let mut world = World::with(Scene::of(250, 0));
    world.pass(minutes(1));
    let before = world.hubspot_calls().requests;
    add(&world, mapping("client-type", "kleer_client_type"));
    let sent = world.sent_while(|world| world.pass(minutes(15)));
    assert_eq!(world.hubspot_calls().requests.batch_update - before.batch_update, 3);
    assert_eq!(world.hubspot_calls().requests.batch_upsert, before.batch_upsert);
    let only_the_new = |line: &&str| line.contains(": kleer_client_type=") && line.matches('=').count() == 1;
    assert_eq!((sent.lines().count(), sent.lines().filter(only_the_new).count()), (250, 250));
    let before = world.writes();
    world.pass(hours(1));
    assert_eq!(world.writes(), before);
}

#[test]
fn a_removed_mapping_leaves_hubspot_alone() {
    let mut world = World::new();
    world.kleer(|kleer| kleer.add_client(Client { phone: "08-1".into(), ..client("Åkeri AB") }));
    world.pass(minutes(1));
    let before = world.writes();
    remove(&world, "phone");
    world.pass(minutes(30));
    world.edit_client("Åkeri AB", |client| client.phone = "08-2".into());
    world.pass(minutes(30));
    assert_eq!(world.writes(), before);
    assert_snapshot!(world.companies(&["phone"]), @"1004 | 08-1");
    add(&world, mapping("phone", "phone"));
    assert_snapshot!(world.sent_while(|world| world.pass(minutes(15))), @"updated client 1004 → HubSpot 9001: phone=08-2");
}

/// That property of companies cannot be written in this portal.
fn makes_read_only(world: &World, property: &str) {
    let names = vec![property.to_owned()];
    world.pretend.hubspot.switch(4242, |switches| drop(switches.read_only.insert("companies".into(), names)));
}

#[test]
fn a_property_that_cannot_be_written_is_left_out() {
    let mut world = World::new();
    makes_read_only(&world, "phone");
    add(&world, mapping("payment-days", "num_associated_deals"));
    world.kleer(|kleer| kleer.add_client(Client { phone: "08-1".into(), ..client("Åkeri AB") }));
    world.pass(minutes(1));
    assert_snapshot!(world.companies(&["name", "phone", "num_associated_deals"]), @"1004 | Åkeri AB | - | -");
    assert_snapshot!(world.problems(ObjectType::Client), @"");
}

#[test]
fn the_twin_takes_over_from_a_property_that_can_no_longer_be_written() {
    let mut world = World::new();
    world.kleer(|kleer| kleer.add_client(client("Åkeri AB")));
    world.pass(minutes(5));
    makes_read_only(&world, "phone");
    world.edit_client("Åkeri AB", |client| {
        client.phone = "08-2".into();
        client.email = "a@a.example".into();
    });
    assert_snapshot!(world.sent_while(|world| world.pass(minutes(20))), @"updated client 1004 → HubSpot 9001: kleer_email=a@a.example kleer_phone=08-2");
    assert_snapshot!(world.problems(ObjectType::Client), @"");
}

#[test]
fn a_property_that_was_deleted_is_made_again() {
    let mut world = World::new();
    world.kleer(|kleer| {
        kleer.add_client(Client { email: "a@a.example".into(), ..client("Åkeri AB") });
        kleer.add_client(Client { email: "b@b.example".into(), ..client("Bageri AB") });
    });
    world.pass(minutes(1));
    admin::deletes_property(&world, "kleer_email");
    world.edit_client("Åkeri AB", |client| client.email = "c@c.example".into());
    assert_snapshot!(world.sent_while(|world| world.pass(minutes(20))), @"updated client 1004 → HubSpot 9001: kleer_email=c@c.example");
    assert_snapshot!(world.companies(&["kleer_email"]), @"
    1004 | c@c.example
    1006 | b@b.example
    ");
    assert_snapshot!(world.problems(ObjectType::Client), @"");
}

#[test]
fn values_are_converted_to_the_type_of_the_property() {
    let mut world = World::new();
    admin::makes_property(&world, "zip_number", &json!({ "type": "number", "fieldType": "number" }));
    admin::makes_property(&world, "customer_since", &json!({ "type": "date", "fieldType": "date" }));
    admin::makes_property(&world, "terms", &json!({}));
    admin::makes_options(&world, "legal_form", &[("org", "ORGANISATION"), ("person", "Person")]);
    admin::makes_options(&world, "in_use", &[("true", "Ja"), ("false", "Nej")]);
    for (field, property) in [
        ("address.zip-code", "zip_number"),
        ("foreign-id", "customer_since"),
        ("payment-days", "terms"),
        ("client-type", "legal_form"),
        ("active", "in_use"),
    ] {
        add(&world, mapping(field, property));
    }
    let address = Address { zip_code: "01234".into(), ..Address::default() };
    world.kleer(|kleer| kleer.add_client(Client { foreign_id: "2026-01-31".into(), address, ..client("Åkeri AB") }));
    world.pass(minutes(1));
    assert_snapshot!(world.companies(&["zip_number", "customer_since", "terms", "legal_form", "in_use"]), @"1004 | 1234 | 2026-01-31 | 30 | org | true");
    assert_snapshot!(world.problems(ObjectType::Client), @"");
}

#[test]
fn a_type_that_is_switched_off_rests() {
    let mut world = World::new();
    world.kleer(|kleer| {
        kleer.add_client(client("Åkeri AB"));
        kleer.add_product(product("Timme", 100_000));
    });
    world.pass(minutes(1));
    world.settings(ObjectType::Client, |settings| settings.enabled = false);
    world.edit_client("Åkeri AB", |client| client.phone = "08-2".into());
    world.pretend.kleer.forget_requests();
    world.pass(hours(25));
    let polls = world.pretend.kleer.counters();
    assert_eq!(polls.of("GET", "/v1/company/{company}/client"), 0);
    assert_eq!(polls.of("GET", "/v1/company/{company}/product"), 1);
    world.settings(ObjectType::Client, |settings| settings.enabled = true);
    assert_snapshot!(world.sent_while(|world| world.pass(minutes(15))), @"updated client 1004 → HubSpot 9001: phone=08-2");
}
