//! Kleer says no, or nothing.

use domain::ObjectType;
use insta::assert_snapshot;

use super::super::{client, mapping};
use super::support::{activity, bound, company_of, edit, kleer_writes, quiet};
use super::{World, hours, minutes, seconds};

#[test]
fn what_kleer_refuses_is_a_problem_of_that_record_alone() {
    let mut world = World::new();
    world
        .settings(ObjectType::Client, |settings| settings.mappings.push(mapping("country-code", "kleer_country_code")));
    let (first, second) =
        world.kleer(|kleer| (kleer.add_client(client("Åkeri AB")), kleer.add_client(client("Bageri AB"))));
    world.pass(minutes(1));
    let (first, second) = (company_of(&world, first), company_of(&world, second));
    edit(&world, "companies", first, &[("kleer_country_code", "Sverige"), ("phone", "08-1")]);
    edit(&world, "companies", second, &[("phone", "08-2")]);
    world.pass(seconds(30));
    assert_snapshot!(world.problems(ObjectType::Client), @"1004 RefusedByKleer: Kleer refused what was changed in HubSpot (Country code, Phone): InvalidCountryCodeException: Ogiltig landskod Sverige. Correct the value in HubSpot, or change it in Kleer; until then both sides stay as they are.");
    let phones =
        |world: &World| world.kleer(|kleer| kleer.clients().iter().map(|c| c.phone.clone()).collect::<Vec<_>>());
    assert_eq!(phones(&world), ["", "08-2"], "nothing of the refused record is written, all of the other");
    // Polls leave what the person typed where it is, and what is to be mended told.
    world.pass(hours(1));
    assert_snapshot!(world.table("companies", &["kleer_country_code", "phone"]), @"
    1004 | Sverige | 08-1
    1006 | SE | 08-2
    ");
    assert!(world.problems(ObjectType::Client).contains("RefusedByKleer"));
    edit(&world, "companies", first, &[("kleer_country_code", "SE")]);
    world.pass(seconds(30));
    assert_eq!(
        (phones(&world), world.problems(ObjectType::Client).as_str()),
        (vec!["08-1".to_owned(), "08-2".to_owned()], "")
    );
    quiet(&mut world);
}

#[test]
fn a_value_that_kleer_cannot_hold_stays_for_a_person_to_mend() {
    let (mut world, company) = bound();
    edit(&world, "companies", company, &[("kleer_payment_days", "30.5"), ("phone", "08-1")]);
    world.pass(seconds(5));
    assert_snapshot!(world.problems(ObjectType::Client), @"1004 ValueNotAllowedInKleer: Kleer cannot take Payment days from the HubSpot property kleer_payment_days: “30.5” is not a whole number that Kleer can hold. Write a whole number without decimals.");
    assert_eq!(world.kleer(|kleer| kleer.clients()[0].phone.clone()), "08-1", "the others are taken");
    world.pass(hours(1));
    assert_snapshot!(world.table("companies", &["kleer_payment_days", "phone"]), @"1004 | 30.5 | 08-1");
    assert!(world.problems(ObjectType::Client).contains("ValueNotAllowedInKleer"));
    edit(&world, "companies", company, &[("kleer_payment_days", "31")]);
    world.pass(seconds(5));
    assert_eq!(world.kleer(|kleer| kleer.clients()[0].payment_days), 31);
    assert_eq!(world.problems(ObjectType::Client), "");
    quiet(&mut world);
}

#[test]
fn what_kleer_cannot_be_without_comes_back() {
    let (mut world, company) = bound();
    edit(&world, "companies", company, &[("name", ""), ("kleer_payment_days", "")]);
    world.pass(seconds(5));
    assert_snapshot!(world.table("companies", &["name", "kleer_payment_days"]), @"1004 | Åkeri AB | 30");
    assert_snapshot!(activity(&world), @"put_back client 1004: Kleer cannot be without this; HubSpot was put back: client 1004, Payment days “30”, not nothing, Name “Åkeri AB”, not nothing.");
    assert_eq!(kleer_writes(&world), 0);
    quiet(&mut world);
}

#[test]
fn kleer_is_away_for_hours_and_comes_back() {
    let (mut world, company) = bound();
    world.break_kleer("/client", kleer_sim::Fault::Status { status: 503, retry_after: None, saved: false, body: None });
    edit(&world, "companies", company, &[("phone", "08-1")]);
    world.pass(hours(3));
    assert_eq!(world.kleer(|kleer| kleer.clients()[0].phone.clone()), "");
    world.mend();
    world.pass(minutes(3));
    assert_eq!(world.kleer(|kleer| kleer.clients()[0].phone.clone()), "08-1");
    quiet(&mut world);
}

#[test]
fn hubspot_is_away_and_comes_back() {
    let (mut world, company) = bound();
    world.edit_client("Åkeri AB", |client| client.name = "Åkeriet AB".to_owned());
    edit(&world, "companies", company, &[("phone", "08-1")]);
    world.break_hubspot(
        "/batch/update",
        hubspot_sim::Fault::Status { status: 502, retry_after: None, saved: false, body: None },
    );
    world.pass(minutes(3));
    world.mend();
    world.pass(minutes(3));
    assert_snapshot!(world.table("companies", &["name", "phone"]), @"1004 | Åkeriet AB | 08-1");
    assert_eq!(world.kleer(|kleer| kleer.clients()[0].phone.clone()), "08-1");
    assert_eq!(kleer_writes(&world), 1, "Kleer is told once");
    quiet(&mut world);
}

#[test]
fn a_save_whose_answer_was_lost_is_not_made_twice() {
    let (mut world, company) = bound();
    world.break_kleer("/client/", kleer_sim::Fault::Reset { saved: true });
    edit(&world, "companies", company, &[("phone", "08-1")]);
    world.pass(minutes(2));
    world.mend();
    world.pass(minutes(2));
    assert_eq!(world.kleer(|kleer| kleer.clients()[0].phone.clone()), "08-1");
    quiet(&mut world);
}
