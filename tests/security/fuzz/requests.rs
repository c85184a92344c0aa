//! What HubSpot and browsers send us, signed and spoiled, through the functions themselves.

use std::cell::Cell;

use domain::ObjectType;
use local::pretend::Scene;
use proptest::collection::vec;
use proptest::prelude::{Strategy as _, any, prop_oneof};
use proptest::sample::Index;
use serde_json::Value;
use tests::{World, client, minutes};

use super::check;
use super::mutate::{noise, spoilings};
use crate::routes::{About, Call, Known, calls};

const ABOUT: About = About { portal: 4242, record: 9001, kleer_id: 1004 };

fn world() -> World {
    let mut world = World::of(Scene::of(0, 0), &ObjectType::ALL);
    world.kleer(|kleer| kleer.add_client(client("Åkeri AB")));
    world.pass(minutes(3));
    // Spoiled words of people and workflows make requests that a careful client would not make.
    world.forgive();
    world
}

/// The calls of one kind, without those that would end the world that all cases share.
fn of(prefix: &str) -> Vec<Call> {
    let lasting = |call: &Call| !["/disconnect", "/start-afresh"].iter().any(|end| call.path.contains(end));
    let calls: Vec<Call> =
        calls(ABOUT).into_iter().filter(|call| call.path.starts_with(prefix) && lasting(call)).collect();
    assert!(!calls.is_empty(), "no call begins with {prefix}");
    calls
}

/// What must hold of every answer.
fn answered(world: &World, call: &Call, body: Vec<u8>) -> web::Response {
    let answer = world.send(&call.with(world, body));
    let status = answer.status().as_u16();
    assert!(status < 500 || status == 503, "{} {answer:?}", call.path);
    assert_eq!(world.app().meters.take().panics, 0, "{} panicked", call.path);
    assert!(answer.body().len() < 200_000, "{}: {} bytes", call.path, answer.body().len());
    answer
}

fn spoiled(prefix: &str, cases: u32) {
    let (world, calls) = (world(), of(prefix));
    let read = Cell::new(0_u32);
    check(cases, (any::<Index>(), spoilings()), |(which, spoiling)| {
        let call = which.get(&calls);
        let answer = answered(&world, call, spoiling.of(call.body.as_ref().unwrap()));
        let body: Value = serde_json::from_slice(answer.body()).unwrap_or_default();
        read.set(read.get() + u32::from(answer.status() == 200 && body["code"] != "invalid_request"));
    });
    assert!(read.get() > cases / 20, "hardly anything was read: the cases spoil too much");
    let calls = &calls;
    check(cases / 5, (any::<Index>(), noise()), |(which, body)| drop(answered(&world, which.get(calls), body)));
}

#[test]
fn events() {
    spoiled("/webhooks/", 300);
}

#[test]
fn calls_of_workflows() {
    spoiled("/actions/", 150);
}

#[test]
fn requests_of_the_page() {
    spoiled("/settings/", 300);
}

#[test]
fn queries_of_browsers() {
    let world = world();
    let name = prop_oneof!["code", "state", "returnUrl", "error", "[a-zA-Z]{0,8}"];
    let value = prop_oneof![
        "[A-Za-z0-9%+&=/.:@-]{0,80}",
        "https%3A%2F%2F[a-z.@%0-9]{0,30}hubspot\\.com[a-z%0-9/:.]{0,20}",
        "(%[0-9A-F]{2}){0,20}",
    ];
    check(400, (prop_oneof!["/oauth/callback", "/oauth/start"], vec((name, value), 0..6)), |(path, parameters)| {
        let query: Vec<String> = parameters.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let call = Call {
            route: "GET /oauth/callback",
            known: Known::Unsigned,
            path: format!("{path}?{}", query.join("&")),
            body: None,
        };
        let answer = answered(&world, &call, Vec::new());
        if let Some(location) = answer.headers().get("location") {
            let location = location.to_str().unwrap();
            let ours = location.strip_prefix("https://").and_then(|rest| rest.split(['/', '?', '#', '\\']).next());
            assert!(ours.is_some_and(|host| host == "hubspot.com" || host.ends_with(".hubspot.com")), "{location}");
        }
    });
}

/// Headers of every kind at a route that reads them.
#[test]
fn headers_of_anybody() {
    let world = world();
    let value = prop_oneof!["\\PC{0,80}", "[ -~]{0,200}", "[0-9A-Za-z+/=]{44}", "[0-9]{13}"];
    let names = [
        "x-hubspot-signature-v3",
        "x-hubspot-request-timestamp",
        "x-hubspot-signature",
        "x-hubspot-signature-version",
        "cookie",
        "accept-language",
        "content-type",
        "host",
        "x-forwarded-host",
    ];
    let cases = (vec((any::<Index>(), value), 0..6), any::<Index>());
    let calls = calls(ABOUT);
    check(300, cases.prop_map(|(headers, which)| (headers, which.index(calls.len()))), |(headers, which)| {
        let call = &calls[which];
        let mut request = world.unsigned(call.method(), &call.path, call.bytes());
        for (name, value) in headers {
            if let Ok(value) = http::HeaderValue::from_bytes(value.as_bytes()) {
                request.headers_mut().append(*name.get(&names), value);
            }
        }
        let answer = world.send(&request);
        let status = answer.status().as_u16();
        assert!(call.known == Known::Unsigned || status == 401, "{} {answer:?}", call.path);
        assert!(status < 500, "{} {answer:?}", call.path);
    });
}
