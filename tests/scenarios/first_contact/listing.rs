//! The portal's companies are listed once: no search, never again without a doubt, and not without end.

use domain::{ObjectType, PortalId, SyncSettings};
use hubspot_sim::{Fault, Faults, Match, Rule};
use insta::assert_snapshot;
use local::fuse::Moment;
use serde_json::json;
use tests::Ending;

use super::{World, companies, hours, minutes, problems, with_clients, with_companies};

/// Pages of companies that were listed so far.
pub(super) fn pages(world: &World) -> usize {
    let is_listing = |line: &&hubspot_sim::RequestLine| {
        line.method == "GET" && line.path.starts_with("/crm/objects/2026-09/companies?")
    };
    world.pretend.hubspot.requests().iter().filter(is_listing).count()
}

/// The portal chooses something for synchronization as a whole.
pub(super) fn chooses(world: &World, choose: impl FnOnce(&mut SyncSettings)) {
    let store = &world.app().store;
    world.clock.run(async {
        let mut found = store.sync_settings(PortalId(4242)).await.expect("the store answers");
        choose(&mut found.value);
        let put = store.put_sync_settings(PortalId(4242), &found.value, found.version).await;
        assert!(put.expect("the store answers"));
    });
}

#[test]
fn companies_are_listed_once_a_hundred_at_a_time_and_never_again() {
    let names: Vec<String> = (0..249).map(|number| format!("Bolag {number}")).collect();
    let values: Vec<[(&str, &str); 1]> = names.iter().map(|name| [("name", name.as_str())]).collect();
    let mut all: Vec<&[(&str, &str)]> = values.iter().map(<[_; 1]>::as_slice).collect();
    all.push(&[("name", "Akeri"), ("orgno", "556677-8899")]);
    let mut world = with_companies(&all);
    with_clients(&world, &[("Åkeri AB", "556677-8899"), ("Bageri AB", "551122-3344")]);
    world.pass(minutes(1));
    assert_eq!(pages(&world), 3);
    let ours = world.companies(&["name"]);
    let ours: Vec<&str> = ours.lines().filter(|line| !line.starts_with('-')).collect();
    assert_eq!(ours, ["1004 | Åkeri AB", "1006 | Bageri AB"]);
    with_clients(&world, &[("Cykel AB", "559999-0000")]);
    for _ in 0..3 {
        world.poll_now(ObjectType::Client);
        world.clock.advance(hours(30));
    }
    assert_eq!((pages(&world), world.hubspot_calls().requests.search), (3, 0));
}

#[test]
fn an_empty_portal_is_listed_once() {
    let mut world = with_companies(&[]);
    with_clients(&world, &[("Åkeri AB", "556677-8899")]);
    world.pass(minutes(1));
    world.clock.advance(hours(30));
    world.poll_now(ObjectType::Client);
    assert_eq!(pages(&world), 1);
}

/// As long as Kleer has nobody, nobody is looked for.
#[test]
fn the_first_contact_waits_for_the_first_client() {
    let mut world = with_companies(&[&[("name", "Akeri"), ("orgno", "556677-8899")]]);
    world.pass(minutes(30));
    assert_eq!(pages(&world), 0);
    with_clients(&world, &[("Åkeri AB", "556677-8899")]);
    world.poll_now(ObjectType::Client);
    assert_eq!(pages(&world), 1);
    assert_snapshot!(companies(&world), @"9001: 1004 Åkeri AB");
}

#[test]
fn a_doubt_is_looked_at_once_a_day_and_not_more_often() {
    let mut world = with_companies(&[
        &[("name", "Akeri"), ("orgno", "556677-8899")],
        &[("name", "Akeriet"), ("orgno", "556677-8899")],
    ]);
    with_clients(&world, &[("Åkeri AB", "556677-8899")]);
    world.pass(hours(2));
    assert_eq!(pages(&world), 1);
    world.clock.advance(hours(21));
    world.poll_now(ObjectType::Client);
    assert_eq!(pages(&world), 1);
    world.clock.advance(hours(2));
    world.poll_now(ObjectType::Client);
    assert_eq!(pages(&world), 2);
}

#[test]
fn a_listing_that_fails_is_made_again_and_nothing_is_written_before() {
    let mut world = with_companies(&[&[("name", "Akeri"), ("orgno", "556677-8899")]]);
    with_clients(&world, &[("Åkeri AB", "556677-8899")]);
    let fault = Fault::Status { status: 502, retry_after: None, saved: false, body: None };
    world.break_hubspot("/crm/objects/2026-09/companies", fault);
    world.pass(minutes(2));
    assert_snapshot!(companies(&world), @"9001: - Akeri");
    assert_snapshot!(world.interrupted(ObjectType::Client), @"HubSpot has an internal problem (status 502); it is tried again by itself: Service temporarily unavailable.");
    world.mend();
    world.pass(minutes(2));
    assert_snapshot!(companies(&world), @"9001: 1004 Åkeri AB");
}

/// A portal whose list of companies has no end.
fn without_end(world: &World) {
    let body = json!({ "results": [], "paging": { "next": { "after": "1" } } });
    let fault = Fault::Status { status: 200, retry_after: None, saved: false, body: Some(body) };
    let path_contains = Some("/crm/objects/2026-09/companies".to_owned());
    let matches = Match { method: Some("GET".to_owned()), path_contains };
    let rule = Rule { matches, probability: 1000, times: None, skip: 0, fault };
    world.pretend.hubspot.faults(Faults { rules: vec![rule], ..Faults::default() });
}

#[test]
fn more_companies_than_are_listed_unasked_are_told_and_nothing_is_written() {
    let mut world = with_companies(&[&[("name", "Akeri"), ("orgno", "556677-8899")]]);
    with_clients(&world, &[("Åkeri AB", "556677-8899")]);
    without_end(&world);
    world.pass(minutes(10));
    assert_eq!(pages(&world), 1_000);
    assert_snapshot!(world.interrupted(ObjectType::Client), @"HubSpot has more than 100000 companies, and looking through all of them for clients that are there already takes long: confirm it in the settings, or switch matching by organization number off.");
    assert_snapshot!(companies(&world), @"9001: - Akeri");
    world.mend();
    chooses(&world, |settings| settings.match_any_number = true);
    world.poll_now(ObjectType::Client);
    assert_snapshot!(companies(&world), @"9001: 1004 Åkeri AB");
}

/// A poll that takes too long would be killed, and nobody would know why.
#[test]
fn a_listing_that_takes_too_long_says_so_even_if_it_was_asked_for() {
    let mut world = with_companies(&[&[("name", "Akeri"), ("orgno", "556677-8899")]]);
    with_clients(&world, &[("Åkeri AB", "556677-8899")]);
    chooses(&world, |settings| settings.match_any_number = true);
    without_end(&world);
    let began = world.clock.now();
    world.poll_now(ObjectType::Client);
    let took = world.clock.now().duration_since(began).as_secs();
    assert!((240..300).contains(&took), "{took} s");
    assert_snapshot!(world.interrupted(ObjectType::Client), @"HubSpot has so many companies that looking through all of them for clients that are there already takes more than 4 minutes, which is too long: switch matching by organization number off.");
    assert_snapshot!(companies(&world), @"9001: - Akeri");
}

/// One client is there, one is in doubt, one is new.
fn three_clients() -> World {
    let world = with_companies(&[
        &[("name", "Akeri"), ("orgno", "556677-8899")],
        &[("name", "Ett bageri"), ("orgno", "551122-3344")],
        &[("name", "Bageriet"), ("orgno", "5511223344")],
    ]);
    with_clients(&world, &[("Åkeri AB", "556677-8899"), ("Bageri AB", "551122-3344"), ("Cykel AB", "559999-0000")]);
    world
}

/// Whether it is remembered that the first contact was made.
fn is_remembered(world: &World) -> bool {
    let contact = world.app().store.first_contact(PortalId(4242), ObjectType::Client);
    world.clock.run(contact).expect("the store answers").is_some()
}

/// The process dies at that call. None if it lived, or that was not between the listing and what is remembered of it.
fn dies_after_the_listing(call: u64, moment: Moment) -> Option<bool> {
    let mut world = three_clients();
    world.dies_at(call, moment);
    let ending = world.pass(minutes(2));
    let listed = pages(&world) > 0;
    world.restart();
    if ending == Ending::Passed || is_remembered(&world) {
        world.forgive();
        return None;
    }
    if listed {
        world.pass(minutes(31));
        let told = format!("killed {moment:?} call {call}");
        let found = companies(&world);
        let expected = ["1004 Åkeri AB", "- Ett bageri", "- Bageriet", "1007 Cykel AB"];
        assert_eq!(found.lines().map(|line| &line[6..]).collect::<Vec<_>>(), expected, "{told}");
        assert_eq!(problems(&world).lines().count(), 1, "{told}");
    } else {
        world.forgive();
    }
    Some(listed)
}

/// The last calls before the listing.
const BEFORE_THE_LISTING: u64 = 20;

fn killed_between(moment: Moment) {
    let outcomes: Vec<bool> = (BEFORE_THE_LISTING..).map_while(|call| dies_after_the_listing(call, moment)).collect();
    assert_eq!(outcomes.first(), Some(&false), "the first death is after the listing: begin earlier");
    let after = outcomes.iter().filter(|listed| **listed).count();
    assert!(after >= 4, "only {after} moments between the listing and what is remembered of it");
}

#[test]
fn killed_before_any_call_between_the_listing_and_what_is_remembered_of_it() {
    killed_between(Moment::Before);
}

#[test]
fn killed_after_any_call_between_the_listing_and_what_is_remembered_of_it() {
    killed_between(Moment::After);
}
