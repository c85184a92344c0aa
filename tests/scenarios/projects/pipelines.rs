//! Pipelines and stages. The pretend portal has one pipeline, 4242200, whose stages are 4242201 to 4242204, the last closed.

use domain::SyncSettings;
use serde_json::{Value, json};

use super::*;

#[test]
fn the_stage_follows_kleers_status() {
    let (mut world, id) = in_sync();
    assert_snapshot!(stages(&world), @"1004 | 4242200 | 4242201");
    world.kleer(|kleer| kleer.close_project(id));
    assert_snapshot!(world.sent_while(|world| world.pass(minutes(15))), @"updated project 1004 → HubSpot 9001: hs_pipeline=4242200 hs_pipeline_stage=4242204");
    assert_snapshot!(stages(&world), @"1004 | 4242200 | 4242204");
    world.kleer(|kleer| kleer.open_project(id));
    world.pass(minutes(15));
    assert_snapshot!(stages(&world), @"1004 | 4242200 | 4242201");
    let before = world.writes();
    world.pass(hours(1));
    assert_eq!(world.writes(), before, "the second run wrote");
}

#[test]
fn a_closed_project_comes_closed_and_a_draft_comes_open() {
    let (mut world, client) = portal();
    world.kleer(|kleer| {
        for status in [ProjectStatus::Closed, ProjectStatus::Draft, ProjectStatus::Open] {
            kleer.add_project(Project { status, ..project(client, "Flytt") });
        }
    });
    world.pass(minutes(1));
    assert_snapshot!(stages(&world), @"
    1004 | 4242200 | 4242204
    1006 | 4242200 | 4242201
    1007 | 4242200 | 4242201
    ");
}

#[test]
fn a_users_move_stays_until_kleers_status_changes() {
    let (mut world, id) = in_sync();
    user_edits(&world, &[("hs_pipeline_stage", "4242203")]);
    world.kleer(|kleer| kleer.edit_project(id, |project| project.comment = "Nya lokalen".into()));
    world.pass(hours(1));
    assert_snapshot!(stages(&world), @"1004 | 4242200 | 4242203");
    world.kleer(|kleer| kleer.close_project(id));
    world.pass(minutes(15));
    assert_snapshot!(stages(&world), @"1004 | 4242200 | 4242204");
    user_edits(&world, &[("hs_pipeline_stage", "4242202")]);
    world.clock.advance(hours(24));
    world.pass(minutes(16));
    assert_snapshot!(stages(&world), @"1004 | 4242200 | 4242202");
    world.kleer(|kleer| kleer.open_project(id));
    world.pass(minutes(15));
    assert_snapshot!(stages(&world), @"1004 | 4242200 | 4242201");
}

fn stage(id: &str, closed: bool) -> Value {
    json!({ "id": id, "label": id, "displayOrder": 0, "metadata": { "isClosed": closed.to_string() }, "archived": false })
}

fn pipeline(id: &str, stages: &[Value]) -> Value {
    json!({ "id": id, "label": format!("Pipeline {id}"), "displayOrder": 0, "archived": false, "stages": stages })
}

/// The portal's own pipeline.
fn own() -> Value {
    let stages = [("4242201", false), ("4242202", false), ("4242203", false), ("4242204", true)];
    pipeline("4242200", &stages.map(|(id, closed)| stage(id, closed)))
}

/// Another one, which the pretend portal does not take.
fn other() -> Value {
    pipeline("77", &[stage("770", false), stage("771", true)])
}

/// From now on HubSpot lists these pipelines of projects.
fn hubspot_lists(world: &World, pipelines: &[Value]) {
    let body = Some(json!({ "results": pipelines }));
    let fault = hubspot_sim::Fault::Status { status: 200, retry_after: None, saved: false, body };
    world.break_hubspot("/pipelines/", fault);
}

fn chooses(world: &World, pipeline: Option<&str>) {
    let (store, portal) = (&world.app().store, PortalId(PORTAL));
    world.clock.run(async {
        let found = store.sync_settings(portal).await.unwrap();
        let settings = SyncSettings { project_pipeline: pipeline.map(str::to_owned), ..found.value };
        assert!(store.put_sync_settings(portal, &settings, found.version).await.unwrap());
    });
}

fn capability(world: &World) -> Option<domain::Capability> {
    world.clock.run(world.app().store.capability(PortalId(PORTAL), ObjectType::Project)).unwrap()
}

#[test]
fn the_first_pipeline_is_taken() {
    let (mut world, client) = portal();
    hubspot_lists(&world, &[own(), other()]);
    world.kleer(|kleer| kleer.add_project(project(client, "Flytt")));
    world.pass(minutes(1));
    assert_snapshot!(stages(&world), @"1004 | 4242200 | 4242201");
}

#[test]
fn a_chosen_pipeline_is_taken() {
    let (mut world, client) = portal();
    hubspot_lists(&world, &[other(), own()]);
    chooses(&world, Some("4242200"));
    world.kleer(|kleer| kleer.add_project(project(client, "Flytt")));
    world.pass(minutes(1));
    assert_snapshot!(stages(&world), @"1004 | 4242200 | 4242201");
}

#[test]
fn another_choice_moves_no_project() {
    let (mut world, _) = in_sync();
    hubspot_lists(&world, &[own(), other()]);
    chooses(&world, Some("77"));
    let before = world.writes();
    world.pass(hours(1));
    assert_eq!((world.writes(), world.interrupted(ObjectType::Project).as_str()), (before, ""));
    assert_snapshot!(stages(&world), @"1004 | 4242200 | 4242201");
}

#[test]
fn without_a_closed_stage_the_last_one_is_for_closed_projects() {
    let (mut world, client) = portal();
    let stages_of_it = ["4242201", "4242202", "4242203"].map(|id| stage(id, false));
    hubspot_lists(&world, &[pipeline("4242200", &stages_of_it)]);
    world.kleer(|kleer| {
        for status in [ProjectStatus::Closed, ProjectStatus::Open] {
            kleer.add_project(Project { status, ..project(client, "Flytt") });
        }
    });
    world.pass(minutes(1));
    assert_snapshot!(stages(&world), @"
    1004 | 4242200 | 4242203
    1006 | 4242200 | 4242201
    ");
}

#[test]
fn a_chosen_pipeline_that_is_gone_is_told_and_mended_by_another_choice() {
    let (mut world, client) = portal();
    chooses(&world, Some("77"));
    world.kleer(|kleer| kleer.add_project(project(client, "Flytt")));
    world.pass(minutes(1));
    assert_snapshot!(world.interrupted(ObjectType::Project), @"The project pipeline 77 is no longer in this HubSpot account: choose another one in the settings.");
    assert_eq!(capability(&world).and_then(|known| known.unavailable), Some(world.interrupted(ObjectType::Project)));
    assert_eq!((world.records("projects").len(), world.records("companies").len()), (0, 1));
    chooses(&world, None);
    world.pass(hours(1));
    assert_snapshot!(stages(&world), @"1004 | 4242200 | 4242201");
    assert_eq!((world.interrupted(ObjectType::Project).as_str(), capability(&world).unwrap().unavailable), ("", None));
}

/// What was chosen disappears while projects are there: they stay, and a day later at the latest it is told.
#[test]
fn a_pipeline_deleted_under_projects_is_told_within_a_day() {
    let (mut world, _) = portal();
    chooses(&world, Some("4242200"));
    let client = world.client_id("Åkeri AB");
    world.kleer(|kleer| kleer.add_project(project(client, "Flytt")));
    world.pass(minutes(1));
    hubspot_lists(&world, &[other()]);
    world.clock.advance(hours(24));
    world.pass(minutes(16));
    assert_snapshot!(world.interrupted(ObjectType::Project), @"The project pipeline 4242200 is no longer in this HubSpot account: choose another one in the settings.");
    assert_snapshot!(stages(&world), @"1004 | 4242200 | 4242201");
}

/// HubSpot's first pipeline was deleted since we looked; the next one is found without anybody doing anything.
#[test]
fn a_pipeline_that_was_deleted_is_replaced_by_the_next_one() {
    let (mut world, client) = portal();
    hubspot_lists(&world, &[other(), own()]);
    world.pass(minutes(15));
    world.mend();
    world.kleer(|kleer| kleer.add_project(project(client, "Flytt")));
    world.pass(minutes(17));
    assert_snapshot!(stages(&world), @"1004 | 4242200 | 4242201");
    assert_snapshot!(problems(&world), @"");
    assert_eq!(world.interrupted(ObjectType::Project), "");
}

#[test]
fn a_portal_without_a_pipeline_says_so() {
    let (mut world, client) = portal();
    hubspot_lists(&world, &[]);
    world.kleer(|kleer| kleer.add_project(project(client, "Flytt")));
    world.pass(minutes(1));
    assert_snapshot!(world.interrupted(ObjectType::Project), @"HubSpot has no pipeline for projects in this account: make one there.");
    world.mend();
    world.pass(hours(1));
    assert_snapshot!(stages(&world), @"1004 | 4242200 | 4242201");
}
