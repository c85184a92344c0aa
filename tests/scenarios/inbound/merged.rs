//! Companies are merged.

use domain::ObjectType;
use insta::assert_snapshot;
use queue::RecordEvent;

use super::super::client;
use super::support::{activity, bound, company_of, edit, hint, kleer_writes, quiet};
use super::{World, minutes, seconds};

const PORTAL: u64 = 4242;

/// A World with two clients in HubSpot, and their companies.
fn two() -> (World, u64, u64) {
    let mut world = World::new();
    let (one, other) =
        world.kleer(|kleer| (kleer.add_client(client("Åkeri AB")), kleer.add_client(client("Bageri AB"))));
    world.pass(minutes(1));
    world.pretend.kleer.forget_requests();
    let (one, other) = (company_of(&world, one), company_of(&world, other));
    (world, one, other)
}

fn merge(world: &mut World, survivor: u64, merged: u64) -> u64 {
    let left = world.pretend.hubspot.person_merges(PORTAL, "companies", survivor, merged).unwrap();
    let others =
        [survivor, merged].into_iter().filter(|id| *id != left).map(|id| domain::HubspotId(id.to_string())).collect();
    hint(world, "companies", left, RecordEvent::Merged(others));
    world.pass(seconds(30));
    left
}

#[test]
fn the_merged_record_takes_its_binding_along() {
    for makes_new in [false, true] {
        let (mut world, company) = bound();
        world.pretend.hubspot.switch(PORTAL, |switches| switches.merge_makes_new_record = makes_new);
        let prospect = world.person_creates("companies", &[("name", "Prospekt AB"), ("phone", "08-1")]);
        let left = merge(&mut world, prospect, company);
        assert_eq!(left != prospect, makes_new);
        assert_eq!(world.problems(ObjectType::Client), "");
        // Kleer's name stands, as at first contact; the phone that Kleer lacked is taken.
        assert_eq!(world.table("companies", &["name", "phone"]), "1004 | Åkeri AB | 08-1", "new: {makes_new}");
        assert_eq!(world.kleer(|kleer| kleer.clients()[0].phone.clone()), "08-1");
        assert!(activity(&world).contains("merged client 1004"), "{}", activity(&world));
        edit(&world, "companies", left, &[("name", "Nya Åkeriet AB")]);
        world.pass(seconds(5));
        assert_eq!(world.kleer(|kleer| kleer.clients()[0].name.clone()), "Nya Åkeriet AB");
        quiet(&mut world);
    }
}

#[test]
fn the_record_that_is_left_keeps_its_binding() {
    for makes_new in [false, true] {
        let (mut world, company) = bound();
        world.pretend.hubspot.switch(PORTAL, |switches| switches.merge_makes_new_record = makes_new);
        let prospect = world.person_creates("companies", &[("name", "Prospekt AB"), ("phone", "08-1")]);
        merge(&mut world, company, prospect);
        assert_eq!(world.table("companies", &["name", "phone"]), "1004 | Åkeri AB | 08-1", "new: {makes_new}");
        assert_eq!(world.kleer(|kleer| kleer.clients()[0].phone.clone()), "08-1", "what HubSpot moved is an edit");
        quiet(&mut world);
    }
}

#[test]
fn of_two_clients_the_one_whose_id_is_left_stays() {
    for makes_new in [false, true] {
        let (mut world, one, other) = two();
        world.pretend.hubspot.switch(PORTAL, |switches| switches.merge_makes_new_record = makes_new);
        merge(&mut world, one, other);
        let problems = world.problems(ObjectType::Client);
        assert!(
            problems
                .starts_with("1006 MergedInHubspot: The record of client 1006 in HubSpot was merged with “Åkeri AB”."),
            "{problems}"
        );
        assert_eq!(problems.lines().count(), 1);
        assert_eq!(world.table("companies", &["name"]), "1004 | Åkeri AB");
        // It is synchronized in neither direction until a person says so.
        world.edit_client("Bageri AB", |client| client.phone = "08-2".to_owned());
        world.poll_now(ObjectType::Client);
        assert_eq!(world.table("companies", &["name", "phone"]), "1004 | Åkeri AB | -");
        assert_eq!(kleer_writes(&world), 0);
        assert!(world.problems(ObjectType::Client).contains("MergedInHubspot"), "polls do not clear it");
        quiet(&mut world);
    }
}

#[test]
fn a_merge_that_is_told_twice_or_as_a_deletion_changes_nothing_more() {
    let (mut world, one, other) = two();
    world.pretend.hubspot.switch(PORTAL, |switches| switches.merge_deletes = true);
    merge(&mut world, one, other);
    let before = (world.problems(ObjectType::Client), activity(&world));
    hint(&world, "companies", one, RecordEvent::Merged(vec![domain::HubspotId(other.to_string())]));
    hint(&world, "companies", other, RecordEvent::Deleted);
    hint(&world, "companies", other, RecordEvent::Changed);
    world.pass(seconds(30));
    assert_eq!((world.problems(ObjectType::Client), activity(&world)), before);
    assert_snapshot!(activity(&world), @"merged client 1006: The record of client 1006 in HubSpot was merged with “Åkeri AB”.");
    quiet(&mut world);
}
