//! Something changes in Kleer, or nothing does.

use domain::ObjectType;
use insta::assert_snapshot;
use kleer_sim::{EmptyList, Kind, Rate};
use serde_json::{Value, json};

use super::{World, client, hours, minutes, product};

/// Two clients and a product, in sync.
fn in_sync() -> World {
    let mut world = World::new();
    world.kleer(|kleer| {
        kleer
            .add_client(kleer_sim::Client { phone: "08-1".into(), email: "a@a.example".into(), ..client("Åkeri AB") });
        kleer.add_client(client("Bageri AB"));
        kleer.add_product(product("Timme", 100_000));
    });
    world.pass(minutes(1));
    world
}

/// Kleer's list of clients, while the World has it so, is this one of the clients that are there.
fn kleer_lists_only(world: &World, name: &str) {
    let id = world.client_id(name);
    let only = world.kleer(|kleer| kleer.document(Kind::Client, id)).map(Value::Object);
    let body = Some(json!({ "clients": [only] }).to_string());
    world.break_kleer("/client", kleer_sim::Fault::Status { status: 200, retry_after: None, saved: false, body });
}

#[test]
fn only_what_changed_is_sent() {
    let mut world = in_sync();
    world.edit_client("Åkeri AB", |client| client.phone = "08-2".into());
    assert_snapshot!(world.sent_while(|world| world.pass(minutes(15))), @"updated client 1004 → HubSpot 9001: phone=08-2");
    assert_eq!(world.report(ObjectType::Client).counts.updated, 1);
    assert_eq!(world.report(ObjectType::Client).counts.unchanged, 1);
}

#[test]
fn a_field_that_is_not_mapped_sends_nothing() {
    let mut world = in_sync();
    world.edit_client("Åkeri AB", |client| client.contact = "Kim Karlsson".into());
    assert_snapshot!(world.sent_while(|world| world.pass(minutes(15))), @"");
}

#[test]
fn a_value_emptied_in_kleer_is_emptied_in_hubspot() {
    let mut world = in_sync();
    world.edit_client("Åkeri AB", |client| client.phone.clear());
    assert_snapshot!(world.sent_while(|world| world.pass(minutes(15))), @"updated client 1004 → HubSpot 9001: phone=(emptied)");
    assert_snapshot!(world.companies(&["name", "phone", "kleer_email"]), @"
    1004 | Åkeri AB | - | a@a.example
    1006 | Bageri AB | - | -
    ");
}

#[test]
fn prices_arrive_in_kronor() {
    let mut world = in_sync();
    let id = world.kleer(|kleer| kleer.products()[0].id);
    world.kleer(|kleer| kleer.edit_product(id, |product| product.price = 12_505));
    assert_snapshot!(world.sent_while(|world| world.poll_now(ObjectType::Product)), @"updated product 1004 → HubSpot 9001: price=125.05");
    world.kleer(|kleer| kleer.edit_product(id, |product| product.price = 0));
    assert_snapshot!(world.sent_while(|world| world.poll_now(ObjectType::Product)), @"updated product 1004 → HubSpot 9001: price=0");
}

#[test]
fn a_vat_rate_arrives_as_a_percentage_however_kleer_writes_it() {
    let mut world = in_sync();
    world.pretend.kleer.state(|state| state.switches.vat_percentage = Rate::Percent);
    assert_snapshot!(world.sent_while(|world| world.poll_now(ObjectType::Product)), @"");
    assert_snapshot!(world.table("products", &["kleer_vat_percentage"]), @"1004 | 25");
}

#[test]
fn an_idle_day_writes_nothing_and_keeps_its_rhythm() {
    let mut world = in_sync();
    let before = (world.writes(), world.pretend.kleer.counters());
    world.pass(hours(24));
    let after = world.pretend.kleer.counters();
    assert_eq!(world.writes(), before.0);
    let polls = |path| after.of("GET", path) - before.1.of("GET", path);
    assert_eq!((polls("/v1/company/{company}/client"), polls("/v1/company/{company}/product")), (96, 1));
}

#[test]
fn a_client_that_is_gone_stays_in_hubspot_inactive_until_it_returns() {
    let mut world = in_sync();
    kleer_lists_only(&world, "Bageri AB");
    assert_snapshot!(world.sent_while(|world| world.pass(minutes(15))), @"updated client 1004 → HubSpot 9001: kleer_active=false");
    assert_snapshot!(world.sent_while(|world| world.pass(hours(24))), @"");
    assert_snapshot!(world.companies(&["name", "kleer_active"]), @"
    1004 | Åkeri AB | false
    1006 | Bageri AB | true
    ");
    world.mend();
    assert_snapshot!(world.sent_while(|world| world.pass(minutes(15))), @"updated client 1004 → HubSpot 9001: kleer_active=true");
    assert_snapshot!(world.companies(&["name", "kleer_active"]), @"
    1004 | Åkeri AB | true
    1006 | Bageri AB | true
    ");
}

#[test]
fn a_client_returns_with_an_edit() {
    let mut world = in_sync();
    kleer_lists_only(&world, "Bageri AB");
    world.pass(minutes(15));
    world.mend();
    world.edit_client("Åkeri AB", |client| client.phone = "08-2".into());
    assert_snapshot!(world.sent_while(|world| world.pass(minutes(15))), @"updated client 1004 → HubSpot 9001: kleer_active=true phone=08-2");
    assert_snapshot!(world.companies(&["phone", "kleer_active"]), @"
    1004 | 08-2 | true
    1006 | - | true
    ");
}

#[test]
fn an_inactive_client_says_so() {
    let mut world = in_sync();
    world.edit_client("Bageri AB", |client| client.active = false);
    assert_snapshot!(world.sent_while(|world| world.pass(minutes(15))), @"updated client 1006 → HubSpot 9002: kleer_active=false");
}

#[test]
fn an_empty_list_deactivates_nobody() {
    let mut world = in_sync();
    for name in ["Åkeri AB", "Bageri AB"] {
        let id = world.client_id(name);
        world.kleer(|kleer| kleer.remove_client(id));
    }
    for empty in [EmptyList::Array, EmptyList::Missing] {
        world.pretend.kleer.state(|state| state.switches.empty_list = empty);
        let before = world.writes();
        world.pass(minutes(30));
        assert_eq!(world.writes(), before);
    }
    assert_snapshot!(world.companies(&["kleer_active"]), @"
    1004 | true
    1006 | true
    ");
}

#[test]
fn a_company_deleted_in_hubspot_is_not_made_again() {
    let mut world = in_sync();
    let id = world.records("companies")[0].id;
    assert!(world.pretend.hubspot.person_deletes(4242, "companies", id));
    world.edit_client("Åkeri AB", |client| client.phone = "08-2".into());
    world.pass(minutes(15));
    assert_snapshot!(world.companies(&["name"]), @"1006 | Bageri AB");
    assert_snapshot!(world.problems(ObjectType::Client), @"1004 DeletedInHubspot: The record was deleted in HubSpot; it is not made again by itself. Leave it deleted, restore it in HubSpot, or have it made again on the settings page.");
    let before = world.writes();
    world.edit_client("Åkeri AB", |client| client.phone = "08-3".into());
    world.pass(hours(24));
    assert_eq!(world.writes(), before);
    assert_snapshot!(world.companies(&["name"]), @"1006 | Bageri AB");
}
