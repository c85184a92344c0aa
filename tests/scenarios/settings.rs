//! What a person does on the settings page, through requests that HubSpot signs.

mod connect;
mod forged;
mod long;
mod mappings;
mod mend;
mod schedule;

use domain::ObjectType;
use hubspot_sim::signature::{Scheme, sign};
use local::pretend::{CLIENT_SECRET, Scene};
use serde_json::{Value, json};

use super::{World, client, minutes, seconds};

/// What HubSpot adds to the address.
const EVA: &str = "?userId=7&portalId=4242&userEmail=eva%40example.se&appId=1000001";

/// Codes for which the page shows the backend's own sentence too.
const SAID: [&str; 11] = [
    "disconnected",
    "invalid_request",
    "hubspot_unavailable",
    "hubspot_refused",
    "required_field_missing",
    "wrong_type",
    "default_not_allowed",
    "object_taken",
    "not_possible",
    "out_of_range",
    "cannot_run",
];

/// A request of Eva's, as HubSpot signs it now.
fn request(world: &World, operation: &str, query: &str, body: &Value) -> web::Request {
    // No two requests of one page are of one moment here; in HubSpot they differ by their number.
    world.clock.advance(std::time::Duration::from_millis(1));
    let mut request = world.unsigned("POST", &format!("/settings/{operation}{query}"), body.to_string());
    sign(&mut request, Scheme::Webhook, CLIENT_SECRET, world.clock.now());
    request
}

fn json(answer: &web::Response) -> Value {
    serde_json::from_slice(answer.body()).unwrap()
}

/// What Eva is answered.
fn answer(world: &World, operation: &str, body: &Value) -> Value {
    let answer = world.send(&request(world, operation, EVA, body));
    assert_eq!(answer.status(), 200, "{operation}: {answer:?}");
    json(&answer)
}

/// What Eva gets, who asks for something that can be done.
fn gets(world: &World, operation: &str, body: &Value) -> Value {
    let mut answer = answer(world, operation, body);
    assert_eq!(answer["ok"], true, "{operation}: {answer}");
    answer["data"].take()
}

/// What Eva is told, who asks for something that cannot be done.
fn told(world: &World, operation: &str, body: &Value) -> String {
    let answer = answer(world, operation, body);
    assert_eq!(answer["ok"], false, "{operation}: {answer}");
    let code = answer["code"].as_str().unwrap();
    assert!(!SAID.contains(&code) || answer["message_sv"].is_string(), "not known in Swedish: {answer}");
    format!("{}: {}", answer["code"].as_str().unwrap(), answer["message"].as_str().unwrap())
}

/// A portal with nothing switched on.
fn switched_off() -> World {
    World::of(Scene::of(0, 0), &[])
}

/// A portal with clients in step.
fn with_clients(names: &[&str]) -> World {
    let mut world = World::of(Scene::of(0, 0), &[ObjectType::Client]);
    for name in names {
        world.kleer(|kleer| kleer.add_client(client(name)));
    }
    world.pass(minutes(1));
    world
}

/// The version of a type's settings.
fn version(world: &World, object: &str) -> Value {
    gets(world, "object", &json!({ "object": object }))["version"].take()
}

/// Saves a mapping as of now.
fn maps(world: &World, field: &str, property: &str) -> Value {
    let version = version(world, "client");
    let mapping = json!({ "object": "client", "version": version, "field": field, "property": property });
    gets(world, "save-mapping", &mapping)
}

fn switches_clients(world: &World, enabled: bool) -> Value {
    let version = version(world, "client");
    json!({
        "object": "client", "version": version, "enabled": enabled, "hubspot_object": "companies",
        "create_in_kleer": false, "interval_s": null,
    })
}
