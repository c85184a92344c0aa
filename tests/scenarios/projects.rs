//! Kleer's client projects are HubSpot's projects: in a pipeline, at a stage that follows Kleer's status.

mod pipelines;

use domain::{ObjectType, PortalId, RecordState};
use insta::assert_snapshot;
use jiff::civil::date;
use kleer_sim::{Project, ProjectStatus};
use local::pretend::{PORTAL, Scene};
use store::Pairing;

use super::{World, client, hours, minutes};

/// What projects need, and nothing else.
const TYPES: [ObjectType; 2] = [ObjectType::Client, ObjectType::Project];

/// A portal with projects, and Åkeri AB in Kleer.
fn portal() -> (World, i64) {
    let world = World::of(Scene::of(0, 0), &TYPES);
    let client = world.kleer(|kleer| kleer.add_client(client("Åkeri AB")));
    (world, client)
}

/// A project of that name for a client.
fn project(client: i64, name: &str) -> Project {
    Project { client: Some(client.into()), name: name.to_owned(), ..Project::default() }
}

/// One project, in sync.
fn in_sync() -> (World, i64) {
    let (mut world, client) = portal();
    let id = world.kleer(|kleer| kleer.add_project(project(client, "Flytt")));
    world.pass(minutes(1));
    (world, id)
}

fn projects(world: &World, properties: &[&str]) -> String {
    world.table("projects", properties)
}

/// Where the projects stand: pipeline and stage.
fn stages(world: &World) -> String {
    projects(world, &["hs_pipeline", "hs_pipeline_stage"])
}

fn problems(world: &World) -> String {
    world.problems(ObjectType::Project)
}

/// How the binding of a project stands.
fn state(world: &World, id: i64) -> RecordState {
    let pairing = Pairing::new(PortalId(PORTAL), ObjectType::Project, "projects");
    let index = world.clock.run(world.app().store.binding_index(&pairing)).unwrap();
    index[&domain::KleerId(id)].state
}

/// A user of HubSpot edits the only project.
fn user_edits(world: &World, values: &[(&str, &str)]) {
    let id = world.records("projects")[0].id;
    world.pretend.hubspot.person_edits(4242, "projects", id, values).unwrap();
}

#[test]
fn a_project_appears_with_every_default_mapping() {
    let (mut world, client) = portal();
    world.kleer(|kleer| {
        kleer.add_project(Project {
            number: "P-7".into(),
            comment: "Allt till nya lokalen".into(),
            fixed_price: true,
            budget_hours: "37.5".parse().unwrap(),
            budget_amount: 4_500_050,
            opening_date: Some(date(2026, 10, 25)),
            ..project(client, "Flytt")
        })
    });
    world.pass(minutes(1));
    assert_snapshot!(projects(&world, &["hs_name", "hs_description", "hs_start_date", "hs_pipeline", "hs_pipeline_stage"]), @"1004 | Flytt | Allt till nya lokalen | 2026-10-25 | 4242200 | 4242201");
    assert_snapshot!(projects(&world, &["kleer_project_number", "kleer_fixed_price", "kleer_budget_hours", "kleer_budget_amount"]), @"1004 | P-7 | true | 37.5 | 45000.5");
    assert_snapshot!(problems(&world), @"");
    let before = world.writes();
    world.pass(hours(2));
    assert_eq!(world.writes(), before, "the second run wrote");
}

#[test]
fn it_belongs_to_its_client() {
    let (world, id) = in_sync();
    let [company, project] = ["companies", "projects"].map(|object| world.records(object)[0].id);
    let associated = world.pretend.hubspot.associations(4242, "projects", project, "companies");
    assert_eq!(associated, [(company, vec![1236])]);
    assert_eq!(state(&world, id), RecordState::InSync);
}

#[test]
fn an_internal_project_belongs_to_nobody() {
    let (mut world, _) = portal();
    let id = world.kleer(|kleer| kleer.add_project(Project { client: None, ..project(0, "Internt") }));
    world.pass(minutes(1));
    assert_snapshot!(projects(&world, &["hs_name"]), @"1004 | Internt");
    assert_eq!(state(&world, id), RecordState::InSync);
}

#[test]
fn a_project_of_a_client_that_nobody_knows_waits_for_it() {
    let (mut world, _) = portal();
    let unknown = world.kleer(|kleer| kleer.add_client(client("Bageri AB")));
    world.kleer(|kleer| kleer.remove_client(unknown));
    let id = world.kleer(|kleer| kleer.add_project(project(unknown, "Flytt")));
    world.pass(minutes(1));
    assert_snapshot!(projects(&world, &["hs_name"]), @"1004 | Flytt");
    assert_eq!(state(&world, id), RecordState::Waiting);
    assert_eq!(world.report(ObjectType::Project).counts.waiting, 1);
    let before = world.writes();
    world.pass(hours(2));
    assert_eq!(world.writes(), before, "waiting writes nothing");
    // It was another client's all along.
    let known = world.client_id("Åkeri AB");
    world.kleer(|kleer| kleer.edit_project(id, |project| project.client = Some(known.into())));
    world.pass(minutes(15));
    let project = world.records("projects")[0].id;
    assert_eq!(world.pretend.hubspot.associations(4242, "projects", project, "companies").len(), 1);
    assert_eq!(state(&world, id), RecordState::InSync);
}

#[test]
fn a_project_that_is_gone_from_kleer_stays_as_it_is() {
    let (mut world, id) = in_sync();
    let client = world.client_id("Åkeri AB");
    world.kleer(|kleer| kleer.add_project(project(client, "Resa")));
    world.pass(minutes(15));
    assert!(world.kleer(|kleer| kleer.remove_project(id)));
    assert_snapshot!(world.sent_while(|world| world.pass(hours(1))), @"");
    assert_snapshot!(projects(&world, &["hs_name", "hs_pipeline_stage"]), @"
    1004 | Flytt | 4242201
    1006 | Resa | 4242201
    ");
    assert_eq!(state(&world, id), RecordState::DeletedInKleer);
    assert_snapshot!(problems(&world), @"");
}

#[test]
fn only_what_changed_is_sent() {
    let (mut world, id) = in_sync();
    world.kleer(|kleer| kleer.edit_project(id, |project| project.budget_amount = 1_000_000));
    assert_snapshot!(world.sent_while(|world| world.pass(minutes(15))), @"updated project 1004 → HubSpot 9001: kleer_budget_amount=10000");
}

#[test]
fn what_a_user_wrote_stays_until_kleer_changes_the_same() {
    let (mut world, id) = in_sync();
    user_edits(&world, &[("hs_description", "Ring först"), ("hs_priority", "high"), ("hs_name", "Flytten")]);
    world.kleer(|kleer| kleer.edit_project(id, |project| project.number = "P-8".into()));
    world.pass(minutes(15));
    assert_snapshot!(projects(&world, &["hs_name", "hs_description", "hs_priority", "kleer_project_number"]), @"1004 | Flytt | Ring först | high | P-8");
    world.kleer(|kleer| kleer.edit_project(id, |project| project.comment = "Nya lokalen".into()));
    world.pass(minutes(15));
    assert_snapshot!(projects(&world, &["hs_name", "hs_description", "hs_priority", "kleer_project_number"]), @"1004 | Flytt | Nya lokalen | high | P-8");
}

#[test]
fn a_project_without_a_name_says_so() {
    let (mut world, client) = portal();
    world.kleer(|kleer| [project(client, ""), project(client, "Resa")].map(|project| kleer.add_project(project)));
    world.pass(minutes(1));
    assert_snapshot!(projects(&world, &["hs_name"]), @"1006 | Resa");
    assert_snapshot!(problems(&world), @"1004 MissingValue: The project has no value in Name, and HubSpot needs one. Fill in Name on project 1004 in Kleer, or set a default value on its mapping.");
}
