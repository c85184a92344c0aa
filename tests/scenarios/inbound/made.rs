//! *Create in Kleer*: a company that a person makes becomes a client, once, where that is switched on.

use domain::ObjectType;
use insta::assert_snapshot;
use local::fuse::Moment;
use queue::RecordEvent;

use super::support::{activity, bound, edit, hint, kleer_writes, quiet};
use super::{World, hours, minutes, seconds};

/// A World with one client, in which companies become clients.
fn creating() -> World {
    let (world, _) = bound();
    world.settings(ObjectType::Client, |settings| settings.create_in_kleer = true);
    world
}

fn makes(world: &World, values: &[(&str, &str)]) -> u64 {
    let company = world.person_creates("companies", values);
    hint(world, "companies", company, RecordEvent::Created);
    company
}

fn names(world: &World) -> Vec<String> {
    world.kleer(|kleer| kleer.clients().iter().map(|client| client.name.clone()).collect())
}

#[test]
fn a_new_company_becomes_a_client_once() {
    let mut world = creating();
    let company =
        makes(&world, &[("name", "Bageri AB"), ("phone", "08-1"), ("zip", "111 22"), ("kleer_payment_days", "10")]);
    world.pass(seconds(30));
    hint(&world, "companies", company, RecordEvent::Created);
    world.pass(seconds(30));
    let client = world.kleer(|kleer| kleer.clients().last().cloned()).unwrap();
    assert_eq!((client.name.as_str(), client.phone.as_str()), ("Bageri AB", "08-1"));
    assert_eq!((client.address.zip_code.as_str(), client.payment_days), ("111 22", 10));
    assert_eq!((names(&world).len(), kleer_writes(&world)), (2, 1));
    assert_snapshot!(world.table("companies", &["name", "kleer_currency"]), @"
    1004 | Åkeri AB | SEK
    1006 | Bageri AB | -
    ");
    assert_snapshot!(activity(&world), @"created_in_kleer client 1006: Made in HubSpot, now in Kleer: client 1006.");
    quiet(&mut world);
    edit(&world, "companies", company, &[("name", "Nya Bageriet AB")]);
    world.pass(seconds(10));
    assert_eq!(names(&world), ["Åkeri AB", "Nya Bageriet AB"]);
    quiet(&mut world);
}

#[test]
fn nothing_is_made_unless_it_is_switched_on() {
    let (mut world, _) = bound();
    makes(&world, &[("name", "Bageri AB")]);
    world.pass(seconds(30));
    assert_eq!((names(&world).len(), kleer_writes(&world), activity(&world).as_str()), (1, 0, ""));
    quiet(&mut world);
}

#[test]
fn a_company_whose_name_comes_later_becomes_one_then() {
    let mut world = creating();
    let company = makes(&world, &[("domain", "bageri.example")]);
    world.pass(minutes(5));
    assert_eq!(names(&world).len(), 1);
    edit(&world, "companies", company, &[("name", "Bageri AB")]);
    world.pass(seconds(30));
    assert_eq!(names(&world), ["Åkeri AB", "Bageri AB"]);
    quiet(&mut world);
}

#[test]
fn an_old_prospect_that_is_edited_does_not() {
    let (mut world, _) = bound();
    let prospect = world.person_creates("companies", &[("name", "Prospekt AB")]);
    world.pass(hours(25));
    world.settings(ObjectType::Client, |settings| settings.create_in_kleer = true);
    edit(&world, "companies", prospect, &[("phone", "08-1")]);
    world.pass(seconds(30));
    assert_eq!((names(&world).len(), kleer_writes(&world)), (1, 0));
    quiet(&mut world);
}

#[test]
fn what_kleer_refuses_is_told() {
    let mut world = creating();
    makes(&world, &[("name", "Bageri AB"), ("kleer_delivery_method", "Svea")]);
    world.pass(minutes(10));
    assert_eq!(names(&world).len(), 1);
    assert_snapshot!(activity(&world), @"not_created_in_kleer client : The client 9002 of HubSpot was not made in Kleer: Kleer refused the record: ClientDeliveryTypeDoesNotExistException: Leveranssättet Svea finns inte.");
    let before = (world.writes(), kleer_writes(&world));
    world.pass(minutes(31));
    assert_eq!((world.writes(), kleer_writes(&world)), before);
}

/// Every call takes a World of its own, so they are shared between tests.
const SHARES: u64 = 4;

fn killed(moment: Moment, share: u64) {
    let mut call = share;
    loop {
        let mut world = creating();
        makes(&world, &[("name", "Bageri AB"), ("phone", "08-1")]);
        world.dies_at(call, moment);
        let ending = world.pass(seconds(10));
        world.restart();
        world.pass(minutes(16));
        assert_eq!(names(&world), ["Åkeri AB", "Bageri AB"], "killed {moment:?} call {call}");
        assert_eq!(world.table("companies", &["name", "phone"]), "1004 | Åkeri AB | -\n1006 | Bageri AB | 08-1");
        let before = (world.writes(), kleer_writes(&world));
        world.poll_now(ObjectType::Client);
        assert_eq!(
            (world.writes(), kleer_writes(&world)),
            before,
            "killed {moment:?} call {call}: somebody wrote again"
        );
        if ending == tests::Ending::Passed {
            break;
        }
        call += SHARES;
    }
    assert!(call > 20, "making took only {call} calls: the fuse does not see them all");
}

#[test]
fn before_calls_of_making_one_first_share() {
    killed(Moment::Before, 1);
}

#[test]
fn before_calls_of_making_one_second_share() {
    killed(Moment::Before, 2);
}

#[test]
fn before_calls_of_making_one_third_share() {
    killed(Moment::Before, 3);
}

#[test]
fn before_calls_of_making_one_fourth_share() {
    killed(Moment::Before, 4);
}

#[test]
fn after_calls_of_making_one_first_share() {
    killed(Moment::After, 1);
}

#[test]
fn after_calls_of_making_one_second_share() {
    killed(Moment::After, 2);
}

#[test]
fn after_calls_of_making_one_third_share() {
    killed(Moment::After, 3);
}

#[test]
fn after_calls_of_making_one_fourth_share() {
    killed(Moment::After, 4);
}
