//! Two portals on one Kleer company.

use domain::{ObjectType, PortalId};
use insta::assert_snapshot;
use local::pretend::{KLEER_KEY, NEXT_APP_TOKEN, Scene};

use super::{World, client, hours, minutes, product};

const NEXT: PortalId = PortalId(4243);

/// What the second portal has: a line per company.
fn next_companies(world: &World) -> String {
    let value = |record: &hubspot_sim::Record, name| record.get(name).unwrap_or("-").to_owned();
    let line = |record: &hubspot_sim::Record| ["kleer_id", "name", "phone"].map(|name| value(record, name)).join(" | ");
    world.pretend.hubspot.records(4243, "companies").iter().map(line).collect::<Vec<_>>().join("\n")
}

fn two_portals() -> World {
    let world = World::new();
    world.connect(NEXT, NEXT_APP_TOKEN, KLEER_KEY);
    world.kleer(|kleer| {
        kleer.add_client(client("Åkeri AB"));
        kleer.add_product(product("Timme", 100_000));
    });
    world
}

#[test]
fn both_get_the_records() {
    let mut world = two_portals();
    world.pass(minutes(1));
    assert_snapshot!(world.companies(&["name", "phone"]), @"1004 | Åkeri AB | -");
    assert_snapshot!(next_companies(&world), @"1004 | Åkeri AB | -");
    assert_eq!(world.pretend.hubspot.records(4243, "products").len(), 1);
    world.edit_client("Åkeri AB", |client| client.phone = "08-1".into());
    world.pass(minutes(15));
    assert_snapshot!(world.companies(&["name", "phone"]), @"1004 | Åkeri AB | 08-1");
    assert_snapshot!(next_companies(&world), @"1004 | Åkeri AB | 08-1");
    let before = world.writes();
    world.pass(hours(25));
    assert_eq!(world.writes(), before);
}

#[test]
fn what_is_deleted_in_one_lives_on_in_the_other() {
    let mut world = two_portals();
    world.pass(minutes(1));
    let id = world.records("companies")[0].id;
    assert!(world.pretend.hubspot.person_deletes(4242, "companies", id));
    world.edit_client("Åkeri AB", |client| client.phone = "08-1".into());
    world.pass(minutes(15));
    assert_snapshot!(world.companies(&["name", "phone"]), @"");
    assert_snapshot!(next_companies(&world), @"1004 | Åkeri AB | 08-1");
    let problems = world.clock.run(world.app().store.problems(NEXT, ObjectType::Client)).expect("the store answers");
    assert_eq!(problems, []);
    assert_snapshot!(world.problems(ObjectType::Client), @"1004 DeletedInHubspot: The record was deleted in HubSpot; it is not made again by itself. Leave it deleted, restore it in HubSpot, or have it made again on the settings page.");
}

#[test]
fn a_portal_that_is_connected_later_gets_everything() {
    let mut world = World::new();
    world.kleer(|kleer| kleer.add_client(client("Åkeri AB")));
    world.pass(minutes(1));
    let before = world.writes();
    world.connect(NEXT, NEXT_APP_TOKEN, KLEER_KEY);
    world.pass(minutes(1));
    // A group and the properties of two types, and one upsert.
    assert_eq!(world.writes() - before, 5);
    assert_snapshot!(next_companies(&world), @"1004 | Åkeri AB | -");
}

#[test]
fn a_portal_that_is_lost_does_not_hold_up_the_other() {
    let mut world = two_portals();
    world.pass(minutes(1));
    world.pretend.hubspot.revoke_token(NEXT_APP_TOKEN);
    world.edit_client("Åkeri AB", |client| client.phone = "08-1".into());
    world.pass(minutes(15));
    assert_snapshot!(world.companies(&["phone"]), @"1004 | 08-1");
    assert_snapshot!(next_companies(&world), @"1004 | Åkeri AB | -");
}

#[test]
fn a_backlog_of_one_does_not_hold_up_the_other() {
    let mut world = World::with(Scene { latency: true, ..Scene::of(2_000, 0) });
    world.pass(minutes(2));
    let name = world.kleer(|kleer| kleer.clients()[0].name.clone());
    world.edit_client(&name, |client| client.phone = "08-1".into());
    world.pretend.hubspot.clear_log();
    world.connect(NEXT, NEXT_APP_TOKEN, KLEER_KEY);
    world.poll_now(ObjectType::Client);
    assert_eq!(world.records("companies")[0].get("phone"), Some("08-1"));
    assert_eq!(world.pretend.hubspot.records(4243, "companies").len(), 2_000);
    // The first portal's edit is an update; the second portal's first sync consists of upserts.
    let requests = world.pretend.hubspot.requests();
    let at = |part: &str| requests.iter().filter(|line| line.path.contains(part)).map(|line| line.at).max();
    assert!(at("/batch/update") < at("/batch/upsert"), "the edit waited for the other portal's first sync");
}
