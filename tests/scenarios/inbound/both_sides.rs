//! Both sides change at the same time.

use domain::ObjectType;
use insta::assert_snapshot;

use super::support::{activity, bound, changed, edit, kleer_writes, quiet};
use super::{World, seconds};

/// What both sides say of the only client: name, phone, postal code.
fn both(world: &World) -> String {
    let client = world.kleer(|kleer| kleer.clients()[0].clone());
    let kleer = format!("{} | {} | {}", client.name, client.phone, client.address.zip_code);
    format!("{}\n{kleer}", world.table("companies", &["name", "phone", "zip"]))
}

#[test]
fn different_fields_survive_when_the_import_is_first() {
    let (mut world, company) = bound();
    world.edit_client("Åkeri AB", |client| client.name = "Åkeriet AB".to_owned());
    edit(&world, "companies", company, &[("phone", "08-1")]);
    world.pass(seconds(5));
    assert_snapshot!(both(&world), @"
    1004 | Åkeriet AB | 08-1 | -
    Åkeriet AB | 08-1 | 
    ");
    quiet(&mut world);
}

#[test]
fn different_fields_survive_when_the_poll_is_first() {
    let (mut world, company) = bound();
    world.hold_webhooks(true);
    world.edit_client("Åkeri AB", |client| client.name = "Åkeriet AB".to_owned());
    world.person_edits("companies", company, &[("phone", "08-1")]);
    world.poll_now(ObjectType::Client);
    assert_snapshot!(both(&world), @"
    1004 | Åkeriet AB | 08-1 | -
    Åkeriet AB |  | 
    ");
    world.hold_webhooks(false);
    changed(&world, "companies", company);
    world.pass(seconds(60));
    assert_snapshot!(both(&world), @"
    1004 | Åkeriet AB | 08-1 | -
    Åkeriet AB | 08-1 | 
    ");
    quiet(&mut world);
}

#[test]
fn in_the_same_field_kleer_wins_and_it_is_told() {
    let (mut world, company) = bound();
    world.edit_client("Åkeri AB", |client| client.phone = "08-2".to_owned());
    edit(&world, "companies", company, &[("phone", "08-1"), ("zip", "111 22")]);
    world.pass(seconds(5));
    assert_snapshot!(both(&world), @"
    1004 | Åkeri AB | 08-2 | 111 22
    Åkeri AB | 08-2 | 111 22
    ");
    assert_snapshot!(activity(&world), @"
    imported client 1004: Changed in HubSpot, now in Kleer: client 1004, Zip code “111 22” instead of nothing.
    conflict client 1004: Changed on both sides; Kleer's value stands: client 1004, Phone “08-2”, not “08-1”.
    ");
    quiet(&mut world);
}

#[test]
fn the_same_value_on_both_sides_is_no_conflict() {
    let (mut world, company) = bound();
    world.edit_client("Åkeri AB", |client| client.phone = "08-1".to_owned());
    edit(&world, "companies", company, &[("phone", "08-1")]);
    world.pass(seconds(5));
    assert_eq!((kleer_writes(&world), activity(&world).as_str()), (0, ""));
    quiet(&mut world);
}

#[test]
fn what_kleer_spells_otherwise_comes_back_in_its_spelling() {
    let (mut world, company) = bound();
    edit(&world, "companies", company, &[("kleer_payment_days", "45.0"), ("kleer_email", " kim@akeri.example ")]);
    world.pass(seconds(5));
    let client = world.kleer(|kleer| kleer.clients()[0].clone());
    assert_eq!((client.payment_days, client.email.as_str()), (45, "kim@akeri.example"));
    let writes = (world.writes(), kleer_writes(&world));
    edit(&world, "companies", company, &[("kleer_payment_days", "45.00")]);
    world.pass(seconds(5));
    assert_eq!((world.writes(), kleer_writes(&world)), writes, "the same number");
    quiet(&mut world);
}

#[test]
fn an_edit_that_is_not_imported_yet_is_not_overwritten_by_another_change() {
    let (mut world, company) = bound();
    world.lose_webhooks(true);
    world.person_edits("companies", company, &[("phone", "08-1")]);
    for zip in ["111 11", "222 22"] {
        world.edit_client("Åkeri AB", |client| client.address.zip_code = zip.to_owned());
        world.poll_now(ObjectType::Client);
    }
    assert_snapshot!(world.table("companies", &["phone", "zip"]), @"1004 | 08-1 | 222 22");
    world.lose_webhooks(false);
    changed(&world, "companies", company);
    world.pass(seconds(5));
    assert_eq!(world.kleer(|kleer| kleer.clients()[0].phone.clone()), "08-1");
    quiet(&mut world);
}
