//! What people change in HubSpot comes to Kleer, once, and nothing else does.

mod both_sides;
mod crash;
mod fields;
mod made;
mod merged;
mod projects;
mod records;
mod refusals;
mod support;

use insta::assert_snapshot;

use super::{World, hours, minutes, seconds};
use support::{activity, bound, edit, kleer_writes, quiet};

#[test]
fn a_rename_in_hubspot_is_in_kleer_after_one_import() {
    let (mut world, company) = bound();
    edit(&world, "companies", company, &[("name", "Åkeri & Söner AB")]);
    world.pass(seconds(5));
    assert_eq!(world.kleer(|kleer| kleer.clients()[0].name.clone()), "Åkeri & Söner AB");
    assert_eq!(kleer_writes(&world), 1);
    assert_snapshot!(activity(&world), @"imported client 1004: Changed in HubSpot, now in Kleer: client 1004, Name “Åkeri & Söner AB” instead of “Åkeri AB”.");
    quiet(&mut world);
}

#[test]
fn ten_edits_within_a_second_are_few_writes() {
    let (mut world, company) = bound();
    for number in 0..10 {
        edit(&world, "companies", company, &[("phone", &format!("08-{number}"))]);
        world.pass(std::time::Duration::from_millis(100));
    }
    world.pass(seconds(30));
    assert_eq!(world.kleer(|kleer| kleer.clients()[0].phone.clone()), "08-9");
    assert!(kleer_writes(&world) <= 2, "{}", kleer_writes(&world));
    quiet(&mut world);
}

#[test]
fn all_mapped_fields_are_imported_whichever_changed() {
    let (mut world, company) = bound();
    // Nobody is told of these two: the first is mapped, but triggers nothing.
    world.lose_webhooks(true);
    world.person_edits("companies", company, &[("kleer_active", "false"), ("zip", "111 22")]);
    world.pass(seconds(5));
    world.lose_webhooks(false);
    assert_eq!(kleer_writes(&world), 0);
    edit(&world, "companies", company, &[("description", "Kör tungt")]);
    world.pass(seconds(5));
    let client = world.kleer(|kleer| kleer.clients()[0].clone());
    assert_eq!((client.active, client.address.zip_code.as_str()), (false, "111 22"));
    assert_eq!(kleer_writes(&world), 1);
    quiet(&mut world);
}

#[test]
fn what_kleer_has_besides_stays_byte_for_byte() {
    let (mut world, company) = bound();
    let extras = serde_json::json!({
        "template": { "id": 1 }, "notes": "Ring före\nleverans", "dimension-entries": { "dimension-entries": [{ "id": 7 }] },
        "edi-recipient": { "name": "GLN" },
    });
    support::lay_over(&world, &extras);
    world.pass(minutes(16));
    let before = support::document(&world);
    edit(&world, "companies", company, &[("name", "Nya Åkeriet AB"), ("zip", "999 99")]);
    world.pass(seconds(5));
    let mut expected = before;
    expected["name"] = "Nya Åkeriet AB".into();
    expected["address"]["zip-code"] = "999 99".into();
    assert_eq!(support::document(&world).to_string(), expected.to_string());
    quiet(&mut world);
}

#[test]
fn an_echo_of_our_own_writes_causes_nothing_even_if_it_is_not_known_as_ours() {
    let (mut world, company) = bound();
    world.edit_client("Åkeri AB", |client| client.phone = "08-1".to_owned());
    world.poll_now(domain::ObjectType::Client);
    let before = support::kleer_requests(&world);
    support::changed(&world, "companies", company);
    world.pass(seconds(30));
    assert_eq!(kleer_writes(&world), 0);
    assert_eq!(support::kleer_requests(&world), before, "Kleer is not even asked");
    quiet(&mut world);
}

#[test]
fn what_is_not_bound_or_not_ours_is_passed_over() {
    let (mut world, _) = bound();
    let prospect = world.person_creates("companies", &[("name", "Prospekt AB")]);
    world.pass(seconds(5));
    edit(&world, "companies", prospect, &[("name", "Prospektet AB")]);
    world.person_creates("contacts", &[("email", "kim@akeri.example")]);
    support::changed(&world, "contacts", 1);
    world.pass(seconds(30));
    assert_eq!(kleer_writes(&world), 0);
    assert_eq!(world.kleer(|kleer| kleer.clients().len()), 1);
    assert_eq!(activity(&world), "");
    quiet(&mut world);
}

#[test]
fn a_type_that_is_switched_off_speaks_in_neither_direction() {
    let (mut world, company) = bound();
    world.settings(domain::ObjectType::Client, |settings| settings.enabled = false);
    edit(&world, "companies", company, &[("name", "Nya Åkeriet AB")]);
    world.pass(seconds(30));
    assert_eq!(kleer_writes(&world), 0);
    // Whoever switches it on again finds the edit at the next one.
    world.settings(domain::ObjectType::Client, |settings| settings.enabled = true);
    edit(&world, "companies", company, &[("phone", "08-1")]);
    world.pass(seconds(30));
    assert_eq!(world.kleer(|kleer| kleer.clients()[0].name.clone()), "Nya Åkeriet AB");
    quiet(&mut world);
}
