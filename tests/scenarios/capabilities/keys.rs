//! A portal that has a `kleer_id` already, which is not unique: another app's, or made by hand.

use http::Method;
use local::fuse::Moment;
use tests::Ending;

use super::*;

/// A portal whose companies have a plain `kleer_id`, with these companies: name and Kleer id.
fn used_before(companies: &[(&str, &str)]) -> World {
    let world = World::of(Scene::of(0, 0), &[ObjectType::Client]);
    admin::makes_property(&world, "kleer_id", &json!({}));
    for (name, id) in companies {
        world.pretend.hubspot.person_creates(4242, "companies", &[("name", name), ("kleer_id", id)]).unwrap();
    }
    world
}

fn add_clients(world: &World, names: &[&str]) {
    world.kleer(|kleer| {
        for name in names {
            kleer.add_client(client(name));
        }
    });
}

fn companies(world: &World) -> String {
    world.companies(&["kleer_sync_key", "name"])
}

fn problems(world: &World) -> String {
    world.problems(ObjectType::Client)
}

#[test]
fn records_that_carry_the_id_are_adopted_and_new_ones_have_a_key_of_our_own() {
    let mut world = used_before(&[("Åkeriet", "1004"), ("Någon annan", "")]);
    add_clients(&world, &["Åkeri AB", "Bageri AB"]);
    assert_snapshot!(world.sent_while(|world| world.pass(minutes(1))), @"
    updated client 1004 → HubSpot 9001: kleer_active=true kleer_currency=SEK kleer_delivery_method=Email kleer_payment_days=30 name=Åkeri AB
    created client 1006 → HubSpot 9003: kleer_active=true kleer_currency=SEK kleer_delivery_method=Email kleer_payment_days=30 name=Bageri AB
    ");
    assert_snapshot!(companies(&world), @"
    1004 | 1004 | Åkeri AB
    - | - | Någon annan
    1006 | 1006 | Bageri AB
    ");
    assert_snapshot!(problems(&world), @"");
    let counts = world.report(ObjectType::Client).counts;
    assert_eq!((counts.source, counts.created, counts.updated), (2, 1, 1));
    let before = world.writes();
    world.pass(hours(2));
    assert_eq!(world.writes(), before, "the second run wrote");
    world.edit_client("Åkeri AB", |client| client.phone = "08-1".into());
    world.edit_client("Bageri AB", |client| client.phone = "08-2".into());
    world.pass(minutes(15));
    assert_snapshot!(world.companies(&["name", "phone"]), @"
    1004 | Åkeri AB | 08-1
    - | Någon annan | -
    1006 | Bageri AB | 08-2
    ");
}

#[test]
fn what_a_user_wrote_into_an_adopted_record_stays_where_kleer_has_nothing() {
    let mut world = used_before(&[("Åkeriet", "1004")]);
    let id = world.records("companies")[0].id;
    let typed = [("phone", "08-1"), ("city", "Luleå")];
    world.pretend.hubspot.person_edits(4242, "companies", id, &typed).unwrap();
    add_clients(&world, &["Åkeri AB"]);
    world.edit_client("Åkeri AB", |client| client.phone = "08-2".into());
    world.pass(minutes(1));
    assert_snapshot!(world.companies(&["name", "phone", "city"]), @"1004 | Åkeri AB | 08-2 | Luleå");
}

#[test]
fn two_records_that_carry_the_same_id_are_doubtful_until_a_person_decides() {
    let mut world = used_before(&[("Åkeriet", "1004"), ("Åkeriet i Luleå", "1004")]);
    add_clients(&world, &["Åkeri AB", "Bageri AB"]);
    world.pass(minutes(1));
    assert_snapshot!(companies(&world), @"
    1004 | - | Åkeriet
    1004 | - | Åkeriet i Luleå
    1006 | 1006 | Bageri AB
    ");
    assert_snapshot!(problems(&world), @"1004 DoubtfulMatch: Several HubSpot records carry the Kleer id 1004 (9001, 9002). Merge the records, or write 1004 into the property kleer_id of the one that is meant; it is looked at again within a day. Until then nothing is written.");
    assert_eq!(world.report(ObjectType::Client).counts.failed, 1);
    let before = world.writes();
    world.pass(hours(2));
    assert_eq!(world.writes(), before, "a doubtful record is not written");
    let other = world.records("companies")[1].id;
    world.pretend.hubspot.person_edits(4242, "companies", other, &[("kleer_id", "")]).unwrap();
    world.clock.advance(hours(22));
    world.pass(minutes(30));
    assert_snapshot!(companies(&world), @"
    1004 | 1004 | Åkeri AB
    - | - | Åkeriet i Luleå
    1006 | 1006 | Bageri AB
    ");
    assert_snapshot!(problems(&world), @"");
}

#[test]
fn a_record_that_is_deleted_resolves_the_doubt_too() {
    let mut world = used_before(&[("Åkeriet", "1004"), ("Åkeriet i Luleå", "1004")]);
    add_clients(&world, &["Åkeri AB"]);
    world.pass(minutes(1));
    for record in world.records("companies") {
        assert!(world.pretend.hubspot.person_deletes(4242, "companies", record.id));
    }
    world.clock.advance(hours(24));
    world.pass(minutes(16));
    assert_snapshot!(companies(&world), @"1004 | 1004 | Åkeri AB");
    assert_snapshot!(problems(&world), @"");
}

/// The calls before this one are those of every first sync: `crash.rs` is about them.
const BEFORE_THE_CONTACT: u64 = 20;

fn killed_after(call: u64) -> Ending {
    let mut world = used_before(&[("Åkeriet", "1004"), ("Cykeln", "1007"), ("Cykel", "1007")]);
    add_clients(&world, &["Åkeri AB", "Bageri AB", "Cykel AB"]);
    world.dies_at(call, Moment::After);
    let ending = world.pass(minutes(5));
    let listed = world.pretend.hubspot.requests().iter().any(|request| request.path.contains("/companies?limit"));
    assert!(!listed || call > BEFORE_THE_CONTACT, "the companies were listed before call {BEFORE_THE_CONTACT}");
    world.restart();
    world.pass(minutes(31));
    let told = format!("killed after call {call}");
    let expected = "1004 | 1004 | Åkeri AB\n1007 | - | Cykeln\n1007 | - | Cykel\n1006 | 1006 | Bageri AB";
    assert_eq!(companies(&world), expected, "{told}");
    assert_eq!(problems(&world).lines().count(), 1, "{told}: {}", problems(&world));
    let before = world.writes();
    world.poll_now(ObjectType::Client);
    assert_eq!(world.writes(), before, "{told}: the second run wrote");
    ending
}

/// After a call is before the next one, so that this tells all of it.
#[test]
fn killed_after_every_call_of_the_first_contact() {
    let mut call = BEFORE_THE_CONTACT;
    while killed_after(call) == Ending::Died {
        call += 1;
    }
    assert!(call > BEFORE_THE_CONTACT + 20, "it took only {call} calls: the fuse does not see them all");
}

/// Makes a plain `kleer_id` on another object than companies.
fn plain_kleer_id(world: &World, object: &str, group: &str) {
    let property = json!({
        "name": "kleer_id", "label": "Kleer", "type": "string", "fieldType": "text", "groupName": group,
    });
    admin::asks(world, Method::POST, &format!("/crm/properties/2026-09/{object}"), &property);
    world.clock.advance(hours(1));
}

#[test]
fn invoices_and_their_rows_have_keys_of_our_own_too() {
    let mut world = one_of_each();
    plain_kleer_id(&world, "invoices", "invoiceinformation");
    plain_kleer_id(&world, "line_items", "lineiteminformation");
    let old = [("hs_currency", "SEK"), ("kleer_id", "1004"), ("hs_invoice_billable", "false")];
    let id = world.pretend.hubspot.person_creates(4242, "invoices", &old).unwrap();
    world.pass(minutes(1));
    assert_snapshot!(world.table("invoices", &["kleer_sync_key", "hs_number", "hs_invoice_status", "hs_invoice_billable"]), @"1004 | 1004 | 50001 | open | false");
    assert_eq!(world.records("invoices")[0].id, id, "it was adopted");
    assert_snapshot!(world.table("line_items", &["kleer_sync_key", "name"]), @"
    1004-recurring-0 | 1004-recurring-0 | Support
    1004-row-0 | 1004-row-0 | Timme
    ");
    assert_eq!((interrupted(&world), unavailable(&world)), (String::new(), String::new()));
    writes_no_more(world);
}
