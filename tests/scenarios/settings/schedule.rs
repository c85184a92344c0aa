//! How often each type is synchronized; what the page counts and filters.

use domain::{Activity, ActivityKind, KleerId, PortalId, Problem, ProblemCode};
use insta::assert_snapshot;

use super::super::hours;
use super::*;

const PORTAL: PortalId = PortalId(4242);

fn saves(object: &str, version: &Value, seconds: Value) -> Value {
    json!({ "object": object, "version": version, "interval_s": seconds })
}

#[test]
fn the_schedule_is_seen_and_chosen_for_all_types_together() {
    let mut world = with_clients(&["Åkeri AB"]);
    let all = gets(&world, "overview", &json!({}))["objects"].take();
    let told_of = |one: &Value| format!("{} {} {}", one["object"], one["interval_s"], one["default_interval_s"]);
    let lines: Vec<String> = all.as_array().unwrap().iter().map(told_of).collect();
    assert_snapshot!(lines.join("\n"), @r#"
    "client" null 900
    "invoice" null 1800
    "agreement" null 1800
    "product" null 86400
    "line_item" null null
    "project" null 900
    "#);
    let version = &all[0]["version"];
    assert_snapshot!(told(&world, "save-schedule", &saves("client", version, json!(59))), @"out_of_range: The pause between two polls is from one minute to seven days.");
    assert_snapshot!(told(&world, "save-schedule", &saves("line_item", version, json!(600))), @"not_possible: Line items go with the invoices and agreements that have them, and have no schedule of their own.");
    let saved = gets(&world, "save-schedule", &saves("client", version, json!(300)));
    assert_eq!((&saved["interval_s"], &saved["enabled"]), (&json!(300), &json!(true)));
    // Saved twice it is saved once; whoever has the page as it was is told.
    gets(&world, "save-schedule", &saves("client", version, json!(300)));
    let late = answer(&world, "save-schedule", &saves("client", version, Value::Null));
    assert_eq!((&late["code"], &late["details"]["interval_s"]), (&json!("changed_meanwhile"), &json!(300)));
    world.pass(minutes(1));
    world.edit_client("Åkeri AB", |client| client.phone = "08-2".into());
    world.pass(minutes(6));
    assert_snapshot!(world.companies(&["phone"]), @"1004 | 08-2");
}

fn problem(id: i64) -> Problem {
    let problem = Problem::new(ObjectType::Client, ProblemCode::MissingValue, KleerId(id));
    Problem {
        message: "The client has no value in Name, and HubSpot needs one.".to_owned(),
        remedy: format!("Fill in Name on client {id} in Kleer, or set a default value on its mapping."),
        ..problem
    }
}

#[test]
fn problems_are_counted_however_many_there_are() {
    let mut world = switched_off();
    let counted = |world: &World| {
        let status = gets(world, "status", &json!({}));
        let overview = gets(world, "overview", &json!({}));
        assert_eq!(status["objects"][1]["problems"], overview["objects"][0]["problems"]);
        status["objects"][1]["problems"].as_u64().unwrap()
    };
    let set = |world: &World, ids: std::ops::Range<i64>| {
        let store = &world.app().store;
        world.clock.run(async {
            for id in ids {
                store.set_problem(PORTAL, &problem(id)).await.unwrap();
            }
        });
    };
    let clear = |world: &World, ids: std::ops::Range<i64>| {
        let store = &world.app().store;
        world.clock.run(async {
            for id in ids {
                store.clear_problem(PORTAL, ObjectType::Client, KleerId(id)).await.unwrap();
            }
        });
    };
    assert_eq!(counted(&world), 0);
    set(&world, 0..2_500);
    assert_eq!(counted(&world), 2_500);
    // A problem that takes the place of another is no more than one.
    set(&world, 0..10);
    assert_eq!(counted(&world), 2_500);
    // Cleared twice is cleared once; what was never there is not missed.
    clear(&world, 0..10);
    clear(&world, 0..20);
    clear(&world, 9_000..9_005);
    assert_eq!(counted(&world), 2_480);
    world.pass(hours(2));
    assert_eq!(counted(&world), 2_480);
    set(&world, 0..1);
    assert_eq!(counted(&world), 2_481);
    // The list is read page by page, to its end.
    let (mut after, mut seen) = (Value::Null, 0);
    loop {
        let page = gets(&world, "problems", &json!({ "object": "client", "limit": 100, "after": after }));
        seen += page["problems"].as_array().unwrap().len();
        after = page["after"].clone();
        if after.is_null() {
            break;
        }
    }
    assert_eq!(seen, 2_481);
}

#[test]
fn conflicts_are_found_among_many_other_lines() {
    let world = switched_off();
    world.clock.run(async {
        for number in 0..1_300 {
            let kind = if number % 300 == 0 { ActivityKind::Conflict } else { ActivityKind::SettingsChanged };
            let message = match kind {
                ActivityKind::Conflict => {
                    format!("Changed on both sides; Kleer's value stands: client {number}, Phone “08-2”, not “08-3”.")
                }
                _ => format!("User {number} changed the sync settings."),
            };
            let at = domain::schedule::later(world.clock.now(), std::time::Duration::from_millis(number));
            world.app().store.note_activity(PORTAL, &Activity::new(at, kind, message)).await.unwrap();
        }
    });
    let (mut before, mut pages) = (Value::Null, Vec::new());
    loop {
        let page = gets(&world, "activity", &json!({ "kind": "conflict", "limit": 2, "before": before }));
        let lines = page["lines"].as_array().unwrap().iter().map(|line| {
            let said = line["message_sv"].as_str().unwrap().split(", ").next().unwrap();
            said.trim_start_matches("Ändrat på båda sidor; Kleers värde gäller: ").to_owned()
        });
        pages.push(lines.collect::<Vec<_>>().join(" "));
        before = page["before"].clone();
        if before.is_null() {
            break;
        }
    }
    assert_snapshot!(pages.join(" | "), @"kund 1200 kund 900 | kund 600 kund 300 | kund 0");
    assert_snapshot!(told(&world, "activity", &json!({ "kind": "nonsense" })).split(" (").next().unwrap(), @"invalid_request: The request is not what belongs here");
}
