//! Requests that are not HubSpot's, at every route that HubSpot signs for: they are refused before anything is looked up.

use hubspot_sim::signature::{Scheme, sign, v2, v3};
use insta::assert_snapshot;
use jiff::SignedDuration;
use local::fuse::Moment;
use local::pretend::CLIENT_SECRET;
use tests::{Browser, World, client, minutes, seconds};
use web::{Method, Request, StatusCode};

use crate::routes::{About, Call, Known, calls};

const ABOUT: About = About { portal: 4242, record: 9001, kleer_id: 1004 };
const V3: &str = "x-hubspot-signature-v3";
const TIMESTAMP: &str = "x-hubspot-request-timestamp";
const V2: &str = "x-hubspot-signature";
const VERSION: &str = "x-hubspot-signature-version";

fn signed_calls() -> Vec<Call> {
    let calls: Vec<Call> = calls(ABOUT).into_iter().filter(|call| call.known != Known::Unsigned).collect();
    assert!(calls.len() > 30, "the list of routes is lost");
    calls
}

fn signed_with(world: &World, call: &Call, secret: &str, shift_s: i64) -> Request {
    let mut request = world.unsigned(call.method(), &call.path, call.bytes());
    sign(&mut request, Scheme::Action, secret, world.clock.now() + SignedDuration::from_secs(shift_s));
    request
}

fn without(mut request: Request, names: &[&str]) -> Request {
    for name in names {
        request.headers_mut().remove(*name);
    }
    request
}

fn with(mut request: Request, name: &'static str, value: &str) -> Request {
    request.headers_mut().append(name, value.parse().unwrap());
    request
}

fn at(mut request: Request, uri: &str) -> Request {
    *request.uri_mut() = uri.parse().unwrap();
    request
}

/// The ways to forge a request that was signed once, or to make one up.
fn forgeries(world: &World, call: &Call) -> Vec<(&'static str, Request)> {
    let good = || signed_with(world, call, CLIENT_SECRET, 0);
    let base = &world.app().config.public_base_url;
    let url = format!("{base}{}", call.path);
    let join = if call.path.contains('?') { '&' } else { '?' };
    let mut other_body = good();
    *other_body.body_mut() = [call.bytes(), b" ".to_vec()].concat().into();
    let mut other_method = good();
    *other_method.method_mut() = Method::PUT;
    let time = world.clock.now().as_millisecond().to_string();
    // Signed by the right secret for another method, another host, another scheme: what somebody else's app may have.
    let made = |method: &str, url: &str| {
        let signature = v3(CLIENT_SECRET, method, url, &call.bytes(), &time);
        with(with(world.unsigned("POST", &call.path, call.bytes()), V3, &signature), TIMESTAMP, &time)
    };
    let second = v2(CLIENT_SECRET, "POST", &url, &call.bytes());
    let mut forged = vec![
        ("nothing", world.unsigned("POST", &call.path, call.bytes())),
        ("v1 alone", without(good(), &[V3, TIMESTAMP, V2, VERSION])),
        ("another secret", signed_with(world, call, "guessed", 0)),
        ("an empty secret", signed_with(world, call, "", 0)),
        ("six minutes old", signed_with(world, call, CLIENT_SECRET, -301)),
        ("from the future", signed_with(world, call, CLIENT_SECRET, 301)),
        ("another body", other_body),
        ("another query", at(good(), &format!("{url}{join}x=1"))),
        ("signed for PUT", made("PUT", &url)),
        ("signed for another host", made("POST", &url.replacen("127.0.0.1:8080", "evil.example", 1))),
        ("signed for another scheme", made("POST", &url.replacen("http://", "https://", 1))),
        ("no timestamp", without(good(), &[TIMESTAMP])),
        ("no v3, but its timestamp", without(good(), &[V3])),
        ("two timestamps", with(good(), TIMESTAMP, &time)),
        ("two signatures", with(good(), V3, good().headers()[V3].to_str().unwrap())),
        ("an odd signature", with(without(good(), &[V3]), V3, "å")),
        ("a timestamp of letters", with(without(good(), &[TIMESTAMP]), TIMESTAMP, "now")),
        ("v2 of another body", with(with(world.unsigned("POST", &call.path, "{}"), V2, &second), VERSION, "v2")),
        (
            "v2 under v1's name",
            with(with(world.unsigned("POST", &call.path, call.bytes()), V2, &second), VERSION, "v1"),
        ),
        ("v2 beside a forged v3", with(good(), V3, "AAAA")),
    ];
    if call.path.contains('?') {
        let (path, query) = call.path.split_once('?').unwrap();
        let mut parts: Vec<&str> = query.split('&').collect();
        parts.reverse();
        forged.push(("the query in another order", at(good(), &format!("{base}{path}?{}", parts.join("&")))));
        let other = query.replace("portalId=4242", "portalId=4243");
        forged.push(("another portal in the query", at(good(), &format!("{base}{path}?{other}"))));
    }
    if call.known == Known::Signed {
        let v2_alone = with(with(world.unsigned("POST", &call.path, call.bytes()), V2, &second), VERSION, "v2");
        forged.push(("v2 alone, where v3 is wanted", v2_alone));
    }
    forged
}

#[test]
fn every_signed_route_refuses_every_forgery_before_it_looks_anything_up() {
    let mut world = World::new();
    world.kleer(|kleer| kleer.add_client(client("Åkeri AB")));
    world.pass(minutes(2));
    // The process would die at its first call to the store, the queue, Kleer or HubSpot.
    world.dies_at(1, Moment::Before);
    let mut tried = 0;
    for call in signed_calls() {
        for (what, request) in forgeries(&world, &call) {
            let answer = world.send(&request);
            assert_eq!(answer.status(), StatusCode::UNAUTHORIZED, "{what} at {}", call.path);
            tried += 1;
        }
        // Another verb is none of HubSpot's, whoever signs it.
        for verb in ["GET", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"] {
            let other = Call { route: "POST /x", ..call.clone() };
            let mut request = other.request(&world);
            *request.method_mut() = verb.parse().unwrap();
            assert_eq!(world.send(&request).status(), StatusCode::METHOD_NOT_ALLOWED, "{verb} {}", call.path);
        }
    }
    assert!(tried > 700, "{tried}");
    world.restart();
    world.pass(seconds(1));
}

/// The same request once more, as it was, is known as the same.
#[test]
fn a_signed_request_that_comes_twice_is_done_once() {
    let mut world = World::whole();
    world.kleer(|kleer| kleer.add_client(client("Åkeri AB")));
    world.pass(minutes(2));
    let mut seen = Vec::new();
    for call in signed_calls().into_iter().filter(|call| !call.path.contains("/disconnect")) {
        let request = call.request(&world);
        let first = world.send(&request);
        let (writes, kleer) = (world.writes(), world.pretend.kleer.requests().len());
        let second = world.send(&request);
        let text = String::from_utf8_lossy(second.body()).into_owned();
        let kind = call.path.split('/').nth(1).unwrap_or_default();
        match kind {
            // The page learns nothing from a copy.
            "settings" => assert!(text.contains("\"code\":\"replayed\""), "{}: {text}", call.path),
            // A workflow hears what it heard before; choices are only read.
            "actions" if !call.path.ends_with("/options") => {
                assert_eq!(second.body(), first.body(), "{}", call.path);
            }
            _ => assert_eq!(second.status(), first.status(), "{}", call.path),
        }
        assert_eq!(world.writes(), writes, "{} was written twice", call.path);
        let asked_again =
            world.pretend.kleer.requests()[kleer..].iter().any(|asked| format!("{asked:?}").contains("PUT"));
        assert!(!asked_again, "{} was made twice", call.path);
        seen.push(kind.to_owned());
    }
    seen.dedup();
    assert_eq!(seen, ["webhooks", "actions", "settings"]);
    world.forgive();
    world.pass(minutes(5));
}

/// A state that was begun in one browser is good there, once, for ten minutes.
#[test]
fn a_state_is_good_once_in_its_own_browser() {
    let mut world = World::new();
    let start = "http://127.0.0.1:8080/oauth/start";
    let location = |answer: web::Response| answer.headers()["location"].to_str().unwrap().to_owned();
    let until_callback = |world: &World, browser: &mut Browser| {
        let consent = location(browser.get(world, start).unwrap());
        location(browser.get(world, &consent).unwrap())
    };
    let mut told = Vec::new();
    let mut says = |what: &str, status: u16| told.push(format!("{what}: {status}"));
    let mut mine = Browser::of_account(4243);
    let callback = until_callback(&world, &mut mine);
    says("another browser", Browser::of_account(4243).visit(&world, &callback).status);
    says("mine, after that", mine.visit(&world, &callback).status);
    let callback = until_callback(&world, &mut mine);
    let (first, rest) = callback.split_once("state=").unwrap();
    says("another state", mine.visit(&world, &format!("{first}state=0{rest}")).status);
    says("mine", mine.clone().visit(&world, &callback).status);
    says("mine again", mine.visit(&world, &callback).status);
    let callback = until_callback(&world, &mut mine);
    world.pass(minutes(10));
    says("after ten minutes", mine.visit(&world, &callback).status);
    assert_snapshot!(told.join("\n"), @"
    another browser: 400
    mine, after that: 400
    another state: 400
    mine: 200
    mine again: 400
    after ten minutes: 400
    ");
    world.pass(minutes(1));
}

/// Comparing stops at no letter: by the library's own comparison of an HMAC, and by `subtle` where there is none.
#[test]
fn signatures_are_compared_in_constant_time() {
    let source = include_str!("../../shared/hubspot/src/signature.rs");
    let body = |name: &str| {
        let from = source.split(&format!("pub fn {name}(")).nth(1).unwrap();
        from.split("\n}\n").next().unwrap().to_owned()
    };
    assert!(body("verify_v3").contains(".verify_slice(&expected)"));
    assert!(body("verify_v2").contains(".ct_eq(&expected)"));
    for name in ["verify_v3", "verify_v2"] {
        let compared = body(name).lines().filter(|line| line.contains("expected") && line.contains("==")).count();
        assert_eq!(compared, 0, "{name} compares a signature by itself");
    }
}
