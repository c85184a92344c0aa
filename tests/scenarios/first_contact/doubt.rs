//! What is doubtful is told, held back, and looked at again once a day, until a person has resolved it.

use domain::ObjectType;
use insta::assert_snapshot;

use super::{World, companies, hours, minutes, problems, with_clients, with_companies};

/// Two companies with the number of one client, and a client beside it of which there is no doubt.
fn two_companies() -> World {
    let mut world = with_companies(&[
        &[("name", "Akeri"), ("orgno", "556677-8899")],
        &[("name", "Akeriet"), ("vat_number", "SE556677889901")],
    ]);
    with_clients(&world, &[("Åkeri AB", "556677-8899"), ("Bageri AB", "551122-3344")]);
    world.pass(minutes(1));
    world
}

/// A day passes without a poll, then one comes.
fn a_day_later(world: &mut World) {
    world.clock.advance(hours(24));
    world.poll_now(ObjectType::Client);
}

fn ids(world: &World) -> Vec<u64> {
    world.records("companies").iter().map(|record| record.id).collect()
}

#[test]
fn several_companies_with_one_number_hold_the_client_back_and_nobody_else() {
    let world = two_companies();
    assert_snapshot!(companies(&world), @"
    9001: - Akeri
    9002: - Akeriet
    9003: 1006 Bageri AB
    ");
    assert_snapshot!(problems(&world), @"1004 DoubtfulMatch: Several HubSpot records have the number 556677-8899 (9001, 9002). Merge the records, or write 1004 into the property kleer_id of the one that is meant; it is looked at again within a day. Until then nothing is written.");
    let counts = world.report(ObjectType::Client).counts;
    assert_eq!((counts.source, counts.created, counts.failed), (2, 1, 1));
}

#[test]
fn a_client_in_doubt_is_not_written_when_it_changes_nor_in_days() {
    let mut world = two_companies();
    let before = world.writes();
    world.edit_client("Åkeri AB", |client| client.phone = "08-1".into());
    world.poll_now(ObjectType::Client);
    for _ in 0..3 {
        a_day_later(&mut world);
    }
    assert_eq!(world.writes(), before);
    assert_eq!(problems(&world).lines().count(), 1, "one problem, not one a day");
    assert_eq!(world.report(ObjectType::Client).counts.failed, 1);
}

#[test]
fn a_person_writes_the_id_into_the_one_that_is_meant() {
    let mut world = two_companies();
    let second = ids(&world)[1];
    let own = [("kleer_id", "1004")];
    world.pretend.hubspot.person_edits(4242, "companies", second, &own).expect("HubSpot takes it");
    a_day_later(&mut world);
    assert_snapshot!(companies(&world), @"
    9001: - Akeri
    9002: 1004 Åkeri AB
    9003: 1006 Bageri AB
    ");
    assert_snapshot!(problems(&world), @"");
    let before = world.writes();
    a_day_later(&mut world);
    assert_eq!(world.writes(), before);
}

#[test]
fn a_person_merges_the_two() {
    let mut world = two_companies();
    let [first, second, ..] = ids(&world)[..] else { panic!("there are two") };
    world.pretend.hubspot.person_merges(4242, "companies", first, second).expect("HubSpot takes it");
    a_day_later(&mut world);
    assert_snapshot!(companies(&world), @"
    9001: 1004 Åkeri AB
    9003: 1006 Bageri AB
    ");
    assert_snapshot!(problems(&world), @"");
}

#[test]
fn a_person_deletes_one_of_the_two() {
    let mut world = two_companies();
    assert!(world.pretend.hubspot.person_deletes(4242, "companies", ids(&world)[0]));
    a_day_later(&mut world);
    assert_snapshot!(companies(&world), @"
    9002: 1004 Åkeri AB
    9003: 1006 Bageri AB
    ");
    assert_snapshot!(problems(&world), @"");
}

#[test]
fn a_person_deletes_both_and_the_client_is_new() {
    let mut world = two_companies();
    for id in &ids(&world)[..2] {
        assert!(world.pretend.hubspot.person_deletes(4242, "companies", *id));
    }
    a_day_later(&mut world);
    assert_snapshot!(companies(&world), @"
    9003: 1006 Bageri AB
    9004: 1004 Åkeri AB
    ");
    assert_snapshot!(problems(&world), @"");
}

/// Two clients with the number of one company.
fn two_clients() -> World {
    let mut world = with_companies(&[&[("name", "Akeri"), ("orgno", "556677-8899")]]);
    with_clients(&world, &[("Åkeri AB", "556677-8899"), ("Åkeri filial", "5566778899"), ("Bageri AB", "551122-3344")]);
    world.pass(minutes(1));
    world
}

#[test]
fn two_clients_with_the_number_of_one_company_are_both_held_back() {
    let world = two_clients();
    assert_snapshot!(companies(&world), @"
    9001: - Akeri
    9002: 1007 Bageri AB
    ");
    assert_snapshot!(problems(&world), @"
    1004 DoubtfulMatch: The Kleer clients 1004, 1006 have the same number 556677-8899, and HubSpot has one record with it (9001). Correct the number in Kleer, or write 1004 into the property kleer_id of the record if it is this client's; it is looked at again within a day. Until then nothing is written.
    1006 DoubtfulMatch: The Kleer clients 1004, 1006 have the same number 5566778899, and HubSpot has one record with it (9001). Correct the number in Kleer, or write 1006 into the property kleer_id of the record if it is this client's; it is looked at again within a day. Until then nothing is written.
    ");
}

#[test]
fn a_person_says_which_of_two_clients_the_company_is() {
    let mut world = two_clients();
    let own = [("kleer_id", "1006")];
    world.pretend.hubspot.person_edits(4242, "companies", ids(&world)[0], &own).expect("HubSpot takes it");
    a_day_later(&mut world);
    // The other one has no company left that it could be.
    assert_snapshot!(companies(&world), @"
    9001: 1006 Åkeri filial
    9002: 1007 Bageri AB
    9003: 1004 Åkeri AB
    ");
    assert_snapshot!(problems(&world), @"");
}

#[test]
fn another_number_in_kleer_resolves_it() {
    let mut world = two_clients();
    world.edit_client("Åkeri filial", |client| client.orgno = "559999-0000".into());
    a_day_later(&mut world);
    assert_snapshot!(companies(&world), @"
    9001: 1004 Åkeri AB
    9002: 1007 Bageri AB
    9003: 1006 Åkeri filial
    ");
    assert_snapshot!(problems(&world), @"");
}

#[test]
fn a_client_in_doubt_that_leaves_kleer_is_no_problem_any_more() {
    let mut world = two_clients();
    let id = world.client_id("Åkeri filial");
    assert!(world.kleer(|kleer| kleer.remove_client(id)));
    world.poll_now(ObjectType::Client);
    assert_eq!(problems(&world).lines().count(), 1);
    a_day_later(&mut world);
    assert_snapshot!(companies(&world), @"
    9001: 1004 Åkeri AB
    9002: 1007 Bageri AB
    ");
    assert_snapshot!(problems(&world), @"");
}

#[test]
fn a_rule_that_is_switched_off_meanwhile_leaves_nobody_in_doubt() {
    let mut world = two_companies();
    super::listing::chooses(&world, |settings| settings.match_companies = false);
    a_day_later(&mut world);
    assert_snapshot!(companies(&world), @"
    9001: - Akeri
    9002: - Akeriet
    9003: 1006 Bageri AB
    9004: 1004 Åkeri AB
    ");
    assert_snapshot!(problems(&world), @"");
}
