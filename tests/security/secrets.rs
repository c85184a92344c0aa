//! Secrets are looked for wherever something gets out, in every story (`tests/src/watching.rs`, `tests/src/checks.rs`). Here: that
//! whoever looks finds them, and that none gets out where things go wrong.

use domain::{Activity, ActivityKind, ObjectType, PortalId};
use kleer_sim::AccessType;
use local::pretend::{APP_TOKEN, CLIENT_SECRET, KLEER_KEY, Scene};
use queue::{Envelope, Import, Job, Outgoing, QueueName, RecordEvent};
use serde_json::json;
use tests::{Browser, World, client, minutes};

use crate::routes::{About, calls};

const PORTAL: PortalId = PortalId(4242);

/// What must be found: a secret in an item, in a message, in an answer, in the log.
#[test]
fn who_watches_finds_a_secret_wherever_it_gets_out() {
    let world = World::new();
    let app = world.app();
    let mut found = Vec::new();
    let mut look = |what: &str, world: &World| {
        drop(world.take_log());
        let leaks = world.leaks();
        assert!(!leaks.is_empty(), "a secret in {what} is not found");
        found.push(what.to_owned());
    };
    let activity = Activity::new(world.clock.now(), ActivityKind::SettingsChanged, format!("the key is {KLEER_KEY}"));
    world.clock.run(app.store.note_activity(PORTAL, &activity)).unwrap();
    look("an item", &world);
    let import = Import {
        hubspot_object: format!("x-{APP_TOKEN}"),
        hubspot_id: domain::HubspotId("1".to_owned()),
        event: RecordEvent::Changed,
        at: world.clock.now(),
    };
    let envelope = Envelope::new(PORTAL, None, Job::Import(import));
    let outgoing = vec![Outgoing { envelope, deduplication_id: "1".to_owned() }];
    world.clock.run(app.queue.send(QueueName::Change, outgoing, world.clock.now())).unwrap();
    look("a message", &world);
    world.keeps_secret("There is nothing at this address");
    drop(world.request("GET", "/nowhere", Vec::new()));
    look("an answer", &world);
    let token = format!("na1-refresh-{}", "0123456789abcdef".repeat(2));
    world.clock.run(app.store.note_activity(PORTAL, &Activity { message: token, ..activity })).unwrap();
    look("an item, as a token that nobody said is one", &world);
    assert_eq!(found.len(), 4);
    // The stored ones would be found again at the end.
    world.clock.run(app.store.forget_portal(PORTAL)).unwrap();
    let mut world = world;
    world.forgive();
}

/// A portal that was installed with tokens of its own, while everything that can refuse refuses: all of it is told, and no secret
/// with it.
#[test]
fn whatever_goes_wrong_tells_no_secret() {
    let mut world = World::of(Scene::of(0, 0), &ObjectType::ALL);
    world.keeps_secret("the-key-that-was-typed");
    world.kleer(|kleer| {
        kleer.set_token("the-key-that-was-typed", [AccessType::Administrator]);
        kleer.add_client(client("Åkeri AB"))
    });
    let visited = Browser::of_account(4242).visit(&world, "http://127.0.0.1:8080/oauth/start");
    assert_eq!(visited.status, 200);
    world.pass(minutes(3));
    // The services repeat what they were sent, as some do in their errors.
    let of_kleer = format!(r#"{{"message":"Okänd x-token {KLEER_KEY}"}}"#);
    let of_hubspot = format!(
        r#"{{"status":"error","message":"refused: Bearer {APP_TOKEN}, client_secret={CLIENT_SECRET}","category":"INVALID_AUTHENTICATION"}}"#
    );
    for status in [400, 403, 500] {
        let body = Some(of_kleer.clone());
        world.break_kleer("/", kleer_sim::Fault::Status { status, retry_after: None, saved: false, body });
        let body = serde_json::from_str(&of_hubspot).ok();
        world.break_hubspot("/", hubspot_sim::Fault::Status { status, retry_after: None, saved: false, body });
        asks_everything(&world, status);
        world.edit_client("Åkeri AB", |client| client.phone = format!("08-{status}"));
        world.pass(minutes(20));
        // And the key that somebody types, while it is tried.
        let body = Some(r#"{"message":"Okänd x-token the-key-that-was-typed"}"#.to_owned());
        world.break_kleer("/", kleer_sim::Fault::Status { status, retry_after: None, saved: false, body });
        types_a_key(&world);
    }
    world.mend();
    asks_everything(&world, 200);
    types_a_key(&world);
    world.forgive();
    world.pass(minutes(20));
    assert_eq!(world.leaks(), Vec::<String>::new());
}

const ABOUT: About = About { portal: PORTAL.0, record: 9001, kleer_id: 1004 };

fn asks_everything(world: &World, round: u16) {
    let left_out = ["/disconnect", "/start-afresh", "/save-credentials"];
    for mut call in calls(ABOUT).into_iter().filter(|call| !left_out.iter().any(|end| call.path.contains(end))) {
        if let Some(id) = call.body.as_mut().and_then(|body| body.get_mut("callbackId")) {
            *id = json!(format!("ap-{round}-{}", call.path));
        }
        drop(world.send(&call.request(world)));
    }
}

fn types_a_key(world: &World) {
    for mut call in calls(ABOUT).into_iter().filter(|call| call.path.contains("/save-credentials")) {
        call.body.as_mut().unwrap()["api_key"] = json!("the-key-that-was-typed");
        let answer = world.send(&call.request(world));
        assert_eq!(answer.status(), 200, "{answer:?}");
    }
}
