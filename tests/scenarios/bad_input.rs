//! Records that cannot be read, mapped or written stop nobody else.

mod objects;

use domain::ObjectType;
use insta::assert_snapshot;
use jiff::Timestamp;
use kleer_sim::{Agreement, AgreementRow, Client, Invoice, InvoiceRow, Kind, Project};
use serde_json::{Value, json};

use super::{World, admin, client, hours, mapping, minutes, product, seconds};

/// Clients of these names, not yet in HubSpot.
fn clients(names: &[&str]) -> World {
    let world = World::new();
    for name in names {
        world.kleer(|kleer| kleer.add_client(client(name)));
    }
    world
}

/// Kleer's list of clients from now on: those that are there, changed by `edit`.
fn kleer_lists(world: &World, edit: impl FnOnce(&mut Vec<Value>)) {
    let documents = |kleer: &mut kleer_sim::Company| {
        let ids: Vec<i64> = kleer.clients().iter().map(|client| client.id).collect();
        ids.into_iter().filter_map(|id| kleer.document(Kind::Client, id).map(Value::Object)).collect()
    };
    let mut list: Vec<Value> = world.kleer(documents);
    edit(&mut list);
    let body = Some(json!({ "clients": list }).to_string());
    world.break_kleer("/client", kleer_sim::Fault::Status { status: 200, retry_after: None, saved: false, body });
}

fn problems(world: &World) -> String {
    world.problems(ObjectType::Client)
}

#[test]
fn a_client_without_a_name() {
    let mut world = clients(&["Åkeri AB", "", "Bageri AB"]);
    world.pass(minutes(1));
    assert_snapshot!(world.companies(&["name"]), @"
    1004 | Åkeri AB
    1007 | Bageri AB
    ");
    assert_snapshot!(problems(&world), @"1006 MissingValue: The client has no value in Name, and HubSpot needs one. Fill in Name on client 1006 in Kleer, or set a default value on its mapping.");
    world.edit_client("", |client| client.name = "Nytt AB".into());
    world.pass(minutes(15));
    assert_snapshot!(world.companies(&["name"]), @"
    1004 | Åkeri AB
    1007 | Bageri AB
    1006 | Nytt AB
    ");
    assert_snapshot!(problems(&world), @"");
}

#[test]
fn a_client_loses_its_name() {
    let mut world = clients(&["Åkeri AB"]);
    world.pass(minutes(1));
    world.edit_client("Åkeri AB", |client| client.name.clear());
    world.pass(minutes(15));
    assert_snapshot!(world.companies(&["name", "kleer_active"]), @"1004 | Åkeri AB | true");
    assert_snapshot!(problems(&world), @"1004 MissingValue: The client has no value in Name, and HubSpot needs one. Fill in Name on client 1004 in Kleer, or set a default value on its mapping.");
    world.edit_client("", |client| client.name = "Åkeri AB".into());
    world.pass(minutes(15));
    assert_snapshot!(problems(&world), @"");
}

#[test]
fn a_value_that_is_not_among_the_options() {
    let mut world = clients(&["Åkeri AB", "Bageri AB"]);
    admin::makes_options(&world, "billing_currency", &[("SEK", "Kronor")]);
    world.settings(ObjectType::Client, |settings| settings.mappings.push(mapping("currency-type", "billing_currency")));
    world.edit_client("Åkeri AB", |client| client.currency_type = Some("CHF".into()));
    remove_mapping(&world, "kleer_currency");
    world.pass(minutes(1));
    assert_snapshot!(world.companies(&["billing_currency"]), @"1006 | SEK");
    assert_snapshot!(problems(&world), @"1004 ValueNotAllowed: Currency does not fit the HubSpot property billing_currency: “CHF” is not one of its options. Add the option “CHF” to the property in HubSpot, or change the value in Kleer.");
    admin::changes_options(&world, "billing_currency", &[("SEK", "Kronor"), ("CHF", "Franc")]);
    world.pass(minutes(15));
    assert_snapshot!(world.companies(&["billing_currency"]), @"
    1006 | SEK
    1004 | CHF
    ");
    assert_snapshot!(problems(&world), @"");
}

fn remove_mapping(world: &World, property: &str) {
    world.settings(ObjectType::Client, |settings| settings.mappings.retain(|mapping| mapping.property != property));
}

#[test]
fn an_option_that_is_gone_from_hubspot() {
    let mut world = clients(&["Åkeri AB", "Bageri AB"]);
    world.pass(minutes(1));
    admin::changes_options(&world, "kleer_delivery_method", &[("Email", "Email")]);
    world.edit_client("Åkeri AB", |client| client.delivery_type = Some("Mail".into()));
    world.edit_client("Bageri AB", |client| client.phone = "08-2".into());
    world.pass(minutes(16));
    // The drop-down is ours: what Kleer says is an option again.
    assert_snapshot!(world.companies(&["kleer_delivery_method", "phone"]), @"
    1004 | Mail | -
    1006 | Email | 08-2
    ");
    assert_snapshot!(problems(&world), @"");
}

#[test]
fn a_new_currency_in_kleer_that_our_own_property_lacks() {
    let mut world = clients(&["Åkeri AB"]);
    world.pass(minutes(1));
    world.edit_client("Åkeri AB", |client| client.currency_type = Some("CHF".into()));
    world.pass(minutes(15));
    // The drop-down is ours: it gets the option.
    assert_snapshot!(problems(&world), @"");
    assert_snapshot!(world.companies(&["kleer_currency"]), @"1004 | CHF");
}

/// The administrator requires a value for these properties of every new record of a type.
fn requires(world: &World, hubspot_object: &str, properties: &[&str]) {
    let names: Vec<String> = properties.iter().map(|name| (*name).to_owned()).collect();
    world.pretend.hubspot.switch(4242, |switches| drop(switches.required.insert(hubspot_object.to_owned(), names)));
}

#[test]
fn a_property_that_the_portal_requires() {
    let mut world = clients(&["Åkeri AB", "Bageri AB"]);
    world.edit_client("Åkeri AB", |client| client.phone = "08-1".into());
    requires(&world, "companies", &["phone"]);
    world.pass(seconds(30));
    assert_snapshot!(world.companies(&["name", "phone"]), @"1004 | Åkeri AB | 08-1");
    assert_snapshot!(problems(&world), @r#"1006 RefusedByHubspot: HubSpot refused the request: MISSING_REQUIRED_PROPERTY: property "phone" is required to create this record. Your HubSpot account requires phone: map a field or a default value to it."#);
    requires(&world, "companies", &[]);
    world.pass(minutes(2));
    assert_snapshot!(world.companies(&["name", "phone"]), @"
    1004 | Åkeri AB | 08-1
    1006 | Bageri AB | -
    ");
    assert_snapshot!(problems(&world), @"");
}

#[test]
fn a_field_of_a_wrong_type() {
    let mut world = clients(&["Åkeri AB", "Bageri AB", "Cykel AB"]);
    kleer_lists(&world, |list| {
        list[0]["payment-days"] = json!("trettio");
        list[1]["name"] = json!({ "sv": "Bageri AB" });
    });
    world.pass(minutes(1));
    assert_snapshot!(world.companies(&["name"]), @"1007 | Cykel AB");
    assert_snapshot!(problems(&world), @r#"
    1004 UnreadableRecord: Kleer's answer could not be read: the field payment-days: it should be a whole number, but holds `"trettio"`. Look at the record in Kleer; if it looks right there, tell support.
    1006 UnreadableRecord: Kleer's answer could not be read: the field name: it should be a text, but holds `{"sv":"Bageri AB"}`. Look at the record in Kleer; if it looks right there, tell support.
    "#);
    world.mend();
    world.pass(minutes(15));
    assert_snapshot!(world.companies(&["name"]), @"
    1007 | Cykel AB
    1004 | Åkeri AB
    1006 | Bageri AB
    ");
    assert_snapshot!(problems(&world), @"");
}

#[test]
fn records_without_a_readable_id_deactivate_nobody() {
    let mut world = clients(&["Åkeri AB", "Bageri AB", "Cykel AB"]);
    world.pass(minutes(1));
    kleer_lists(&world, |list| {
        list[0]["id"] = json!("ett");
        list[1] = json!("Bageri AB");
    });
    assert_snapshot!(world.sent_while(|world| world.pass(minutes(15))), @"");
    assert_snapshot!(problems(&world), @r#"- UnreadableRecord: Kleer's answer could not be read: the record: the field `clients[1]` should be an object, but holds `"Bageri AB"`. There are 2 such records. Look at the record in Kleer; if it looks right there, tell support."#);
    world.mend();
    world.pass(minutes(15));
    assert_snapshot!(problems(&world), @"");
}

#[test]
fn an_id_that_stands_twice_in_the_list() {
    let mut world = clients(&["Åkeri AB", "Bageri AB"]);
    kleer_lists(&world, |list| {
        let mut twin = list[0].clone();
        twin["name"] = json!("Tvilling AB");
        list.push(twin);
    });
    world.pass(minutes(1));
    assert_snapshot!(world.companies(&["name"]), @"
    1004 | Åkeri AB
    1006 | Bageri AB
    ");
    let before = world.writes();
    world.pass(hours(1));
    assert_eq!(world.writes(), before);
}

fn a_hundred() -> World {
    let names: Vec<String> = (0..100).map(|number| format!("Kund {number} AB")).collect();
    clients(&names.iter().map(String::as_str).collect::<Vec<_>>())
}

/// HubSpot refuses whole upserts, and does not say because of which record.
fn refuses_upserts(world: &World, times: Option<u32>) {
    let said = json!({ "status": "error", "category": "VALIDATION_ERROR", "message": "Something is odd" });
    let fault = hubspot_sim::Fault::Status { status: 400, retry_after: None, saved: false, body: Some(said) };
    let matches = hubspot_sim::Match { method: None, path_contains: Some("/batch/upsert".into()) };
    let rule = hubspot_sim::Rule { matches, probability: 1000, times, skip: 0, fault };
    world.pretend.hubspot.faults(hubspot_sim::Faults { rules: vec![rule], ..hubspot_sim::Faults::default() });
}

/// Seven refusals: of the hundred, the first 50, 25, 12, 6, 3, and of the first alone.
#[test]
fn one_record_for_which_hubspot_refuses_the_whole_batch() {
    let mut world = a_hundred();
    refuses_upserts(&world, Some(7));
    world.pass(seconds(30));
    assert_eq!(world.records("companies").len(), 99);
    assert_snapshot!(problems(&world), @"1004 RefusedByHubspot: HubSpot refused the request: Something is odd. Correct the value in Kleer or the rule in HubSpot; it is tried again by itself.");
    assert_eq!(world.hubspot_calls().requests.batch_upsert, 13);
    world.pass(minutes(2));
    assert_eq!(world.records("companies").len(), 100);
    assert_snapshot!(problems(&world), @"");
}

#[test]
fn a_refusal_of_everything_costs_few_calls() {
    let mut world = a_hundred();
    refuses_upserts(&world, None);
    world.pass(seconds(30));
    assert_snapshot!(world.hubspot_calls().requests.batch_upsert, @"47");
    assert_eq!(problems(&world).lines().count(), 100);
    world.mend();
    world.pass(minutes(2));
    assert_eq!((world.records("companies").len(), problems(&world).as_str()), (100, ""));
}

#[test]
fn a_unique_value_that_another_record_has() {
    let mut world = a_hundred();
    admin::makes_property(&world, "ledger_number", &json!({ "hasUniqueValue": true }));
    let taken = [("name", "Någon annan"), ("ledger_number", "L-37")];
    world.pretend.hubspot.person_creates(4242, "companies", &taken).expect("HubSpot takes it");
    world.settings(ObjectType::Client, |settings| settings.mappings.push(mapping("foreign-id", "ledger_number")));
    world.edit_client("Kund 37 AB", |client| client.foreign_id = "L-37".into());
    world.pass(seconds(30));
    assert_eq!(world.records("companies").len(), 100, "99 of ours and the other");
    assert_snapshot!(world.report(ObjectType::Client).counts.failed, @"1");
    assert_snapshot!(problems(&world), @r#"1091 RefusedByHubspot: HubSpot refused the value of "ledger_number": Cannot set PropertyValueCoordinates{portalId=4242, objectTypeId=ObjectTypeId{legacyObjectType=COMPANY}, propertyName=ledger_number, value=L-37} on 9039. 9001 already has that value. Another HubSpot record already has this ledger_number: merge or change it."#);
    assert_snapshot!(world.hubspot_calls().requests.batch_upsert, @"1");
    world.edit_client("Kund 37 AB", |client| client.foreign_id = "L-38".into());
    world.pass(minutes(15));
    assert_eq!(world.records("companies").len(), 101);
    assert_snapshot!(problems(&world), @"");
}

/// When HubSpot was asked to write companies, in whole minutes since a moment.
fn tries(world: &World, since: Timestamp) -> Vec<i64> {
    let requests = world.pretend.hubspot.requests();
    let writes = requests.iter().filter(|request| request.path.contains("companies/batch/up"));
    writes.map(|request| request.at.duration_since(since).as_mins()).collect()
}

#[test]
fn a_refused_record_is_tried_again_less_and_less_often() {
    let mut world = clients(&["Åkeri AB"]);
    let begin = world.clock.now();
    requires(&world, "companies", &["phone"]);
    world.pass(hours(9));
    assert_eq!(tries(&world, begin), [0, 1, 3, 7, 15, 31, 63, 127, 255, 511]);
    // And a day at most.
    world.pretend.hubspot.clear_log();
    let later = world.clock.now();
    world.pass(hours(24 * 6));
    assert_snapshot!(format!("{:?}", tries(&world, later)), @"[483, 1507, 2947, 4387, 5827, 7267]");
}

#[test]
fn a_refused_product_does_not_wait_for_tomorrow() {
    let mut world = World::new();
    world.kleer(|kleer| kleer.add_product(product("Timme", 100_000)));
    requires(&world, "products", &["hs_sku"]);
    world.pass(seconds(30));
    assert_eq!(world.records("products").len(), 0);
    requires(&world, "products", &[]);
    world.pass(minutes(2));
    assert_eq!(world.records("products").len(), 1);
    assert_snapshot!(world.problems(ObjectType::Product), @"");
}

#[test]
fn changed_data_is_tried_at_once() {
    let mut world = clients(&["Åkeri AB"]);
    requires(&world, "companies", &["phone"]);
    world.pass(hours(9));
    world.edit_client("Åkeri AB", |client| client.phone = "08-1".into());
    world.pass(minutes(15));
    assert_snapshot!(world.companies(&["phone"]), @"1004 | 08-1");
    assert_snapshot!(problems(&world), @"");
}

#[test]
fn a_refused_client_that_leaves_kleer_is_no_problem_any_more() {
    let mut world = clients(&["Åkeri AB", "Bageri AB"]);
    world.edit_client("Bageri AB", |client| client.phone = "08-1".into());
    requires(&world, "companies", &["phone"]);
    world.pass(minutes(1));
    let id = world.client_id("Åkeri AB");
    assert!(world.kleer(|kleer| kleer.remove_client(id)));
    world.pass(minutes(30));
    assert_snapshot!(problems(&world), @"");
}

#[test]
fn a_text_that_no_property_takes() {
    let mut world = clients(&["Åkeri AB"]);
    world.kleer(|kleer| kleer.add_client(Client { phone: "0".repeat(70_000), ..client("Bageri AB") }));
    world.pass(minutes(1));
    assert_snapshot!(world.companies(&["name"]), @"1004 | Åkeri AB");
    assert_snapshot!(problems(&world).chars().take(300).collect::<String>(), @"1006 ValueNotAllowed: Phone does not fit the HubSpot property phone: “000000000000000000000000000000000000000000000000000000000000…” is longer than 65536 characters. Shorten the value in Kleer.");
}

#[test]
fn a_record_that_no_message_can_carry_is_a_problem_of_its_own() {
    let mut world = World::new();
    world.kleer(|kleer| {
        kleer.add_client(client("Åkeri AB"));
        let long = "å".repeat(32_000);
        let address = kleer_sim::Address {
            address1: long.clone(),
            address2: long.clone(),
            state: long.clone(),
            country: long.clone(),
            ..kleer_sim::Address::default()
        };
        kleer.add_client(Client { address, phone: long, ..client("Bageri AB") });
    });
    world.pass(minutes(1));
    assert_snapshot!(world.companies(&["name"]), @"1004 | Åkeri AB");
    assert_snapshot!(world.problems(ObjectType::Client), @"1006 ValueNotAllowed: The texts of the client are 320023 bytes together; 300000 can be carried. Shorten its texts in Kleer, or map fewer of them.");
}

#[test]
fn long_texts_travel_in_more_pages() {
    let mut world = World::new();
    world.kleer(|kleer| {
        for number in 0..12 {
            kleer.add_client(Client { phone: "0".repeat(60_000), ..client(&format!("Kund {number} AB")) });
        }
    });
    world.pass(minutes(1));
    assert_eq!(world.records("companies").len(), 12);
    assert_eq!(world.problems(ObjectType::Client), "");
}
