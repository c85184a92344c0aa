//! Every field of the types that travel both ways, from HubSpot to Kleer's document.

use domain::{FieldSpec, ObjectType, Writable, suggested_property_name};
use insta::assert_snapshot;
use kleer_sim::{Kind, Project};
use local::pretend::Scene;
use serde_json::Value;
use sync::objects::spec;

use super::super::{client, mapping};
use super::support::{hint, kleer_writes, quiet, record_of};
use super::{World, minutes, seconds};

/// A World with one record of a type that is in HubSpot, and every field mapped to a property of its own.
fn everything(object: ObjectType) -> (World, i64, u64) {
    let mut world = World::of(Scene::of(0, 0), &[ObjectType::Client, object]);
    world.settings(object, |settings| {
        let own = spec(object).fields.iter().map(|field| mapping(field.name, &suggested_property_name(field.name)));
        let required = spec(object).default_mappings.iter().filter(|(field, _)| *field == "name");
        let required = required.map(|(field, property)| mapping(field, property));
        settings.mappings = own.chain(required).collect();
    });
    let id = world.kleer(|kleer| {
        kleer.add_user(kleer_sim::User { name: "Kim".to_owned(), ..kleer_sim::User::default() });
        match object {
            ObjectType::Client => kleer.add_client(client("Åkeri AB")),
            _ => kleer.add_project(Project { name: "Ombyggnad".to_owned(), ..Project::default() }),
        }
    });
    world.pass(minutes(2));
    world.pretend.kleer.forget_requests();
    let record = record_of(&world, spec(object).hubspot_object, id);
    (world, id, record)
}

/// Fields that Kleer takes, and their properties.
fn written(object: ObjectType) -> impl Iterator<Item = (&'static FieldSpec, String)> {
    let takes = move |field: &&FieldSpec| spec(object).writable(field.name) == Writable::Yes;
    spec(object).fields.iter().filter(takes).map(|field| (field, suggested_property_name(field.name)))
}

/// What Kleer's document has in every field, a line each.
fn document(world: &World, object: ObjectType, id: i64) -> String {
    let kind = if object == ObjectType::Client { Kind::Client } else { Kind::Project };
    let document = Value::from(world.kleer(|kleer| kleer.document(kind, id)).expect("it is there"));
    let value = |path: &str| document.pointer(&format!("/{}", path.replace('.', "/"))).map(Value::to_string);
    let line = |field: &FieldSpec| format!("{}: {}", field.name, value(field.name).unwrap_or_else(|| "-".to_owned()));
    spec(object).fields.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn edits(world: &mut World, object: ObjectType, record: u64, values: &[(&str, &str)]) {
    let name = |field: &str| suggested_property_name(field);
    let values: Vec<(String, &str)> = values.iter().map(|(field, value)| (name(field), *value)).collect();
    let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (name.as_str(), *value)).collect();
    let hubspot_object = spec(object).hubspot_object;
    world.person_edits(hubspot_object, record, &values);
    hint(world, hubspot_object, record, queue::RecordEvent::Changed);
    world.pass(seconds(10));
    assert_eq!(world.problems(object), "");
}

#[test]
fn every_field_of_a_client() {
    let (mut world, id, record) = everything(ObjectType::Client);
    let user = world.kleer(|kleer| kleer.users()[0].id).to_string();
    let values = [
        ("name", "Nya Åkeriet AB"),
        ("foreign-id", "K-17"),
        ("contact", "Kim Karlsson"),
        ("address.address1", "Storgatan 1"),
        ("address.address2", "c/o Ek"),
        ("address.zip-code", "011 22"),
        ("address.state", "Stockholm"),
        ("address.country", "Sverige"),
        ("email", "faktura@akeri.example"),
        ("client-type", "Person"),
        ("country-code", "NO"),
        ("currency-type", "EUR"),
        ("payment-days", "20"),
        ("orgno", "556677-8899"),
        ("phone", "08-123 45 67"),
        ("user.id", &user),
        ("delivery-type", "Mail"),
        ("vat-nr", "SE556677889901"),
        ("gln", "7350000000017"),
        ("active", "false"),
    ];
    assert_eq!(written(ObjectType::Client).count(), values.len(), "a field of its own value each");
    edits(&mut world, ObjectType::Client, record, &values);
    assert_snapshot!(document(&world, ObjectType::Client, id), @r#"
    name: "Nya Åkeriet AB"
    foreign-id: "K-17"
    contact: "Kim Karlsson"
    address.address1: "Storgatan 1"
    address.address2: "c/o Ek"
    address.zip-code: "011 22"
    address.state: "Stockholm"
    address.country: "Sverige"
    email: "faktura@akeri.example"
    client-type: "Person"
    country-code: "NO"
    currency-type: "EUR"
    accountnr: 0
    payment-days: 20
    orgno: "556677-8899"
    phone: "08-123 45 67"
    user.id: 1004
    delivery-type: "Mail"
    vat-nr: "SE556677889901"
    gln: "7350000000017"
    active: false
    "#);
    assert_eq!(kleer_writes(&world), 1);
    quiet(&mut world);
    // What a person empties, Kleer empties where it can; the rest HubSpot shows again.
    let emptied: Vec<(&str, &str)> = values.iter().map(|(field, _)| (*field, "")).collect();
    edits(&mut world, ObjectType::Client, record, &emptied);
    assert_snapshot!(document(&world, ObjectType::Client, id), @r#"
    name: "Nya Åkeriet AB"
    foreign-id: ""
    contact: ""
    address.address1: ""
    address.address2: ""
    address.zip-code: ""
    address.state: ""
    address.country: ""
    email: ""
    client-type: ""
    country-code: ""
    currency-type: ""
    accountnr: 0
    payment-days: 20
    orgno: ""
    phone: ""
    user.id: 0
    delivery-type: "Mail"
    vat-nr: ""
    gln: ""
    active: false
    "#);
    assert_snapshot!(world.table("companies", &["kleer_name", "kleer_payment_days", "kleer_delivery_type", "kleer_active", "kleer_phone"]), @"1004 | Nya Åkeriet AB | 20 | Mail | false | -");
    quiet(&mut world);
}

#[test]
fn every_field_of_a_project() {
    let (mut world, id, record) = everything(ObjectType::Project);
    let values = [
        ("number", "P-17"),
        ("comment", "Etapp ett\nEtapp två"),
        ("budget-hours", "120.5"),
        ("budget-amount", "99500.50"),
        ("opening-date", "2026-02-28"),
    ];
    assert_eq!(written(ObjectType::Project).count(), values.len(), "a field of its own value each");
    edits(&mut world, ObjectType::Project, record, &values);
    assert_snapshot!(document(&world, ObjectType::Project, id), @r#"
    name: "Ombyggnad"
    client.id: -
    fixed-price: false
    number: "P-17"
    comment: "Etapp ett\nEtapp två"
    budget-hours: 120.5
    budget-amount: 9950050
    opening-date: "2026-02-28"
    "#);
    assert_eq!(kleer_writes(&world), 1);
    quiet(&mut world);
    let emptied: Vec<(&str, &str)> = values.iter().map(|(field, _)| (*field, "")).collect();
    edits(&mut world, ObjectType::Project, record, &emptied);
    assert_snapshot!(document(&world, ObjectType::Project, id), @r#"
    name: "Ombyggnad"
    client.id: -
    fixed-price: false
    number: ""
    comment: ""
    budget-hours: 0
    budget-amount: 0
    opening-date: -
    "#);
    assert_snapshot!(world.table("projects", &["kleer_number", "kleer_budget_hours", "kleer_budget_amount", "kleer_opening_date"]), @"1004 | - | 0 | 0 | -");
    quiet(&mut world);
}
