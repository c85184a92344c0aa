//! Requests that are too large, too deep or too many: refused, at every route, before they cost anything.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use tests::{World, client, minutes};

use crate::routes::{About, Call, Known, calls};

const ABOUT: About = About { portal: 4242, record: 9001, kleer_id: 1004 };

fn world() -> World {
    let mut world = World::new();
    world.kleer(|kleer| kleer.add_client(client("Åkeri AB")));
    world.pass(minutes(2));
    world
}

/// The status and the code of an answer.
fn told(answer: &web::Response) -> String {
    let body: Value = serde_json::from_slice(answer.body()).unwrap_or_default();
    let code = body["error"]["code"].as_str().or(body["code"].as_str()).unwrap_or_default();
    format!("{} {code}", answer.status().as_u16()).trim_end().to_owned()
}

/// By kind of route: what it says to a body, with the number of calls to the store that it cost.
fn answers(world: &mut World, body: impl Fn(&Call) -> Vec<u8>) -> BTreeMap<String, String> {
    let mut answers: BTreeMap<String, String> = BTreeMap::new();
    for call in calls(ABOUT) {
        let request = call.with(world, body(&call));
        let (answer, asked) = world.store_calls_while(|world| world.send(&request));
        assert!(answer.body().len() < 20_000, "{}: the answer has {} bytes", call.path, answer.body().len());
        let kind = call.path.split(['/', '?']).nth(1).unwrap_or_default();
        let kind = match call.known {
            Known::Unsigned => call.path.as_str(),
            _ if call.path.ends_with("/options") => "options",
            _ => kind,
        };
        let line = format!("{}, {} calls", told(&answer), asked.len());
        let known = answers.entry(kind.to_owned()).or_insert_with(|| line.clone());
        assert_eq!(*known, line, "{} answers otherwise than others of its kind", call.path);
    }
    answers
}

fn table(answers: &BTreeMap<String, String>) -> String {
    answers.iter().map(|(kind, line)| format!("{kind}: {line}")).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_body_of_more_than_ten_megabytes_is_refused_everywhere() {
    let mut world = world();
    let body = vec![b' '; web::BODY_LIMIT + 1];
    let answers = answers(&mut world, |_| body.clone());
    assert!(answers.values().all(|line| line == "413 too_large, 0 calls"), "{}", table(&answers));
    let rejected = world.app().meters.take().rejected;
    assert_eq!(rejected.get("too_large").copied(), Some(calls(ABOUT).len() as u64));
}

#[test]
fn each_kind_of_route_has_a_limit_of_its_own() {
    let mut world = world();
    let large = |call: &Call| {
        let mut body = call.body.clone().unwrap_or_default();
        match &mut body {
            // Webhooks are limited by their number.
            Value::Array(events) => {
                let event = events[0].clone();
                events.resize(1_001, event);
            }
            Value::Object(members) => drop(members.insert("more".to_owned(), "x".repeat(1_000_001).into())),
            _ => {}
        }
        body.to_string().into_bytes()
    };
    let answers = answers_of_signed(&mut world, large);
    insta::assert_snapshot!(table(&answers), @"
    actions: 413 too_large, 0 calls
    options: 413 too_large, 0 calls
    settings: 200 too_large, 0 calls
    webhooks: 413 too_many, 0 calls
    ");
}

fn answers_of_signed(world: &mut World, body: impl Fn(&Call) -> Vec<u8>) -> BTreeMap<String, String> {
    let mut answers = answers(world, |call| if call.body.is_some() { body(call) } else { Vec::new() });
    answers.retain(|kind, _| ["actions", "options", "settings", "webhooks"].contains(&kind.as_str()));
    answers
}

/// Lists in lists end nobody's stack: parsers stop at some hundred.
#[test]
fn a_body_as_deep_as_it_is_long_is_refused() {
    let mut world = world();
    for (open, close) in [("[", "]"), ("{\"a\":", "}"), ("{\"object\":", "}"), ("[{\"portalId\":", "}]")] {
        let deep = format!("{}1{}", open.repeat(10_000), close.repeat(10_000));
        for call in calls(ABOUT).into_iter().filter(|call| call.body.is_some() && !call.path.contains("/disconnect")) {
            let answer = world.send(&call.with(&world, deep.clone().into_bytes()));
            assert!(answer.status().as_u16() < 500, "{} answers to {open}{open}…: {answer:?}", call.path);
            assert!(answer.body().len() < 50_000, "{}: {} bytes", call.path, answer.body().len());
        }
    }
    // In a member that nobody reads, and in one that is read.
    let deep = format!("{}1{}", "[".repeat(10_000), "]".repeat(10_000));
    let inside = |call: &Call| {
        let body = call.body.clone().unwrap_or_default().to_string();
        let close = body.len() - 1;
        match body.as_bytes()[close] {
            b'}' => format!("{},\"more\":{deep}}}", &body[..close]).into_bytes(),
            _ => format!("{},{{\"portalId\":4242,\"more\":{deep}}}]", &body[..close]).into_bytes(),
        }
    };
    for call in calls(ABOUT).into_iter().filter(|call| call.body.is_some() && !call.path.contains("/disconnect")) {
        let answer = world.send(&call.with(&world, inside(&call)));
        assert!(answer.status().as_u16() < 500, "{}: {answer:?}", call.path);
    }
    assert_eq!(world.app().meters.take().panics, 0);
    world.forgive();
    world.pass(minutes(5));
}

#[test]
fn addresses_of_every_length_are_answered() {
    let mut world = world();
    let long = "x".repeat(30_000);
    for path in [
        format!("/{long}"),
        format!("/oauth/callback?code={long}&state={long}"),
        format!("/oauth/callback?{}", "a=b&".repeat(10_000)),
        format!("/oauth/callback?returnUrl=https%3A%2F%2Fapp.hubspot.com%2F{long}"),
        format!("/settings/{long}"),
        format!("/actions/{long}"),
        "/oauth/callback?code=%FF%FE&state=%00".to_owned(),
        "/%2e%2e/%2e%2e/etc/passwd".to_owned(),
        "//evil.example/".to_owned(),
    ] {
        let answer = world.request("GET", &path, Vec::new());
        assert!((400..500).contains(&answer.status().as_u16()), "{path:.60}: {answer:?}");
        assert!(answer.body().len() < 5_000, "{path:.60}: {} bytes", answer.body().len());
    }
    // A query of many parameters is signed as well, and asks for nobody in particular.
    let many = format!("/settings/overview?{}portalId=4242", "portalid=1&".repeat(5_000));
    assert_eq!(world.signed("POST", &many, json!({}).to_string()).status(), 401);
    world.pass(minutes(1));
}
