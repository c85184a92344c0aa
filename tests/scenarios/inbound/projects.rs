//! Projects listen too, but not in everything.

use domain::ObjectType;
use insta::assert_snapshot;
use kleer_sim::{Kind, Project};

use super::support::{activity, changed, kleer_writes, quiet, record_of};
use super::{World, minutes, seconds};

fn project() -> (World, i64, u64) {
    let mut world = World::whole();
    let id = world.kleer(|kleer| kleer.add_project(Project { name: "Ombyggnad".to_owned(), ..Project::default() }));
    world.pass(minutes(3));
    world.pretend.kleer.forget_requests();
    let record = record_of(&world, "projects", id);
    (world, id, record)
}

fn edit(world: &mut World, record: u64, values: &[(&str, &str)]) {
    world.person_edits("projects", record, values);
    changed(world, "projects", record);
    world.pass(seconds(10));
}

#[test]
fn a_name_cannot_be_changed_and_comes_back() {
    let (mut world, id, record) = project();
    edit(&mut world, record, &[("hs_name", "Nybygge"), ("hs_description", "Etapp ett")]);
    assert_snapshot!(world.table("projects", &["hs_name", "hs_description"]), @"1004 | Ombyggnad | Etapp ett");
    assert_snapshot!(world.problems(ObjectType::Project), @"1004 NotChangeableInKleer: Name of a project cannot be changed through Kleer's interface: HubSpot says “Ombyggnad” again. Change it in Kleer itself; it comes to HubSpot by itself.");
    assert_snapshot!(activity(&world), @"
    imported project 1004: Changed in HubSpot, now in Kleer: project 1004, Comment “Etapp ett” instead of nothing.
    put_back project 1004: Kleer cannot change this; HubSpot was put back: project 1004, Name “Ombyggnad”, not “Nybygge”.
    ");
    let project = world.kleer(|kleer| kleer.document(Kind::Project, id)).unwrap();
    assert_eq!((project["name"].as_str(), project["comment"].as_str()), (Some("Ombyggnad"), Some("Etapp ett")));
    assert_eq!(kleer_writes(&world), 1);
    world.pass(minutes(31));
    assert!(world.problems(ObjectType::Project).contains("NotChangeableInKleer"), "it is told until the next import");
    edit(&mut world, record, &[("hs_description", "Etapp två")]);
    assert_eq!(world.problems(ObjectType::Project), "");
    quiet(&mut world);
}

#[test]
fn what_kleer_has_of_a_project_besides_stays() {
    let (mut world, id, record) = project();
    let before = world.kleer(|kleer| kleer.document(Kind::Project, id)).unwrap();
    edit(&mut world, record, &[("kleer_budget_amount", "1250.50"), ("hs_start_date", "2026-02-28")]);
    let mut expected = serde_json::Value::from(before);
    expected["budget-amount"] = 125_050.into();
    expected["opening-date"] = "2026-02-28".into();
    let now = serde_json::Value::from(world.kleer(|kleer| kleer.document(Kind::Project, id)).unwrap());
    assert_eq!(now, expected);
    quiet(&mut world);
}

#[test]
fn a_stage_that_a_person_chose_is_no_edit() {
    let (mut world, _, record) = project();
    changed(&world, "projects", record);
    world.pass(seconds(10));
    assert_eq!(kleer_writes(&world), 0);
    quiet(&mut world);
}
