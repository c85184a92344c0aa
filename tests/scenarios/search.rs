//! Nobody tells us of changes of projects: they are searched for every five minutes.

use domain::{ObjectType, PortalId};
use jiff::Timestamp;
use kleer_sim::{Kind, Project};
use local::pretend::PORTAL;
use store::Look;

use super::{World, client, hours, minutes, seconds};

/// So many projects, in sync.
fn projects(count: usize) -> World {
    let mut world = World::whole();
    world.kleer(|kleer| {
        let client = kleer.add_client(client("Åkeri AB"));
        for number in 0..count {
            let name = format!("Projekt {number}");
            kleer.add_project(Project { client: Some(client.into()), name, ..Project::default() });
        }
    });
    world.pass(minutes(20));
    world.pretend.kleer.forget_requests();
    world
}

fn comments(world: &World) -> Vec<String> {
    let ids: Vec<i64> = world.kleer(|kleer| kleer.projects().iter().map(|project| project.id).collect());
    let comment = |id| world.kleer(|kleer| kleer.document(Kind::Project, id)).unwrap()["comment"].clone();
    ids.into_iter().map(|id| comment(id).as_str().unwrap_or_default().to_owned()).collect()
}

fn kleer_writes(world: &World) -> usize {
    world.pretend.kleer.requests().iter().filter(|request| request.method != "GET").count()
}

#[test]
fn an_edit_is_in_kleer_five_minutes_later() {
    let mut world = projects(1);
    let record = world.records("projects")[0].id;
    world.person_edits("projects", record, &[("hs_description", "Etapp ett")]);
    assert_eq!(world.pretend.hubspot.pending_events().len(), 0, "HubSpot says nothing of it");
    world.pass(seconds(330));
    assert_eq!(comments(&world), ["Etapp ett"]);
    let (writes, told) = (kleer_writes(&world), world.writes());
    world.pass(hours(3));
    assert_eq!((kleer_writes(&world), world.writes()), (writes, told), "it is found once");
}

#[test]
fn an_edit_of_a_project_that_nobody_pays_for_is_in_kleer_too() {
    let mut world = World::whole();
    world.kleer(|kleer| kleer.add_project(Project { name: "Internt".to_owned(), ..Project::default() }));
    world.pass(minutes(20));
    let record = world.records("projects")[0].id;
    world.person_edits("projects", record, &[("hs_description", "Etapp ett")]);
    world.pass(seconds(330));
    assert_eq!(comments(&world), ["Etapp ett"]);
}

#[test]
fn what_we_write_ourselves_is_no_change() {
    let mut world = projects(30);
    world.pass(hours(1));
    assert_eq!(kleer_writes(&world), 0);
}

#[test]
fn what_is_behind_in_the_index_is_found_later() {
    let mut world = projects(1);
    world.pretend.hubspot.switch(PORTAL.unsigned_abs(), |switches| switches.search_lag_ms = 90_000);
    let record = world.records("projects")[0].id;
    for pause in [270, 20, 300] {
        // At some moment right before a search, among others.
        world.person_edits("projects", record, &[("hs_description", &format!("nach {pause}"))]);
        world.pass(seconds(pause));
    }
    world.pass(seconds(420));
    assert_eq!(comments(&world), ["nach 300"]);
}

#[test]
fn a_search_that_fails_is_made_up_for() {
    let mut world = projects(1);
    let record = world.records("projects")[0].id;
    world.person_edits("projects", record, &[("hs_description", "Etapp ett")]);
    let down = hubspot_sim::Fault::Status { status: 503, retry_after: None, saved: false, body: None };
    world.break_hubspot("/projects/search", down);
    world.pass(minutes(12));
    assert_eq!(comments(&world), [""]);
    world.mend();
    world.pass(seconds(330));
    assert_eq!(comments(&world), ["Etapp ett"]);
}

#[test]
fn many_changes_are_found_page_by_page() {
    let mut world = projects(230);
    for record in world.records("projects") {
        world.person_edits("projects", record.id, &[("hs_description", "Alla")]);
    }
    world.pass(minutes(10));
    assert!(comments(&world).iter().all(|comment| comment == "Alla"));
    assert_eq!(kleer_writes(&world), 230);
}

#[test]
fn a_type_that_is_switched_off_is_not_searched() {
    let mut world = projects(1);
    world.settings(ObjectType::Project, |settings| settings.enabled = false);
    let record = world.records("projects")[0].id;
    world.person_edits("projects", record, &[("hs_description", "Etapp ett")]);
    let searches = world.hubspot_calls().requests.search;
    world.pass(hours(2));
    assert_eq!((comments(&world), world.hubspot_calls().requests.search), (vec![String::new()], searches));
}

/// How often a search left a mark.
fn marks(world: &World) -> u64 {
    let left = world.app().store.left_by_look::<Timestamp>(PortalId(PORTAL), ObjectType::Project, Look::Search);
    world.clock.run(left).unwrap().map_or(0, |left| left.version)
}

#[test]
fn a_search_that_finds_nothing_hardly_ever_writes() {
    let mut world = projects(1);
    let (before, searches) = (marks(&world), world.hubspot_calls().requests.search);
    world.pass(hours(1));
    assert_eq!((marks(&world) - before, world.hubspot_calls().requests.search - searches), (4, 12));
}

#[test]
fn a_clock_that_stood_still_for_an_hour_loses_nothing() {
    let mut world = projects(1);
    world.pass(hours(1));
    let record = world.records("projects")[0].id;
    world.person_edits("projects", record, &[("hs_description", "Etapp ett")]);
    // Nobody ticks.
    world.clock.run(world.clock.sleep(hours(1)));
    world.pass(seconds(330));
    assert_eq!(comments(&world), ["Etapp ett"]);
}
