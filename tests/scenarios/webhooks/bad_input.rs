//! What HubSpot never sends, or somebody else does: the right status, bounded memory, nothing written, counted, and logged
//! without what it said.

use bytes::Bytes;
use hubspot_sim::signature::{Scheme, sign};
use jiff::SignedDuration;
use local::fuse::Moment;
use local::pretend::CLIENT_SECRET;

use super::*;

/// Stands in every payload, and never in a log.
const MARK: &str = "personal-data-of-somebody";

/// One event with the mark in it.
fn marked() -> String {
    body(&[with(event("company.propertyChange", 1), json!({ "propertyValue": MARK }))])
}

/// A request signed at a moment so far from now.
fn signed_at(world: &World, body: impl Into<Bytes>, shift_s: i64) -> web::Request {
    let mut request = world.unsigned("POST", PATH, body);
    sign(&mut request, Scheme::Webhook, CLIENT_SECRET, world.clock.now() + SignedDuration::from_secs(shift_s));
    request
}

fn without(mut request: web::Request, header: &str) -> web::Request {
    request.headers_mut().remove(header);
    request
}

/// Status, the code in the answer, and what was counted.
fn check(world: &World, request: &web::Request) -> String {
    drop(world.take_log());
    let answer = world.send(request);
    let text = String::from_utf8_lossy(answer.body()).into_owned();
    let code =
        serde_json::from_str::<Value>(&text).ok().and_then(|value| Some(value["error"]["code"].as_str()?.to_owned()));
    let readings = world.app().meters.take();
    let counts = readings.rejected.into_iter().chain(readings.events).map(|(what, number)| format!("{what} {number}"));
    let log = world.take_log();
    assert!(!log.contains(MARK) && !text.contains(MARK), "what was said is repeated: {log} {text}");
    assert_eq!(waiting(world), "");
    let logged = if log.trim().is_empty() { "not logged" } else { "logged" };
    let counts = counts.collect::<Vec<_>>().join(", ");
    format!("{} {} | {counts} | {logged}", answer.status().as_u16(), code.unwrap_or_default())
}

#[test]
fn forged_and_replayed() {
    let world = World::new();
    let good = || signed_at(&world, marked(), 0);
    let mut other = good();
    *other.body_mut() = marked().replace("CRM_UI", "IMPORT").into();
    let mut forged = world.unsigned("POST", PATH, marked());
    sign(&mut forged, Scheme::Webhook, "guessed", world.clock.now());
    let mut query = good();
    *query.uri_mut() = format!("http://127.0.0.1:8080{PATH}?x=1").parse().unwrap();
    let mut twice = good();
    twice.headers_mut().append("x-hubspot-signature-v3", "x".parse().unwrap());
    let mut action = world.unsigned("POST", PATH, marked());
    sign(&mut action, Scheme::ActionV2Only, CLIENT_SECRET, world.clock.now());
    let cases = [
        ("unsigned", world.unsigned("POST", PATH, marked())),
        ("v1 alone", without(without(good(), "x-hubspot-signature-v3"), "x-hubspot-request-timestamp")),
        ("v2 alone", action),
        ("without timestamp", without(good(), "x-hubspot-request-timestamp")),
        ("two signatures", twice),
        ("another secret", forged),
        ("another body", other),
        ("another address", query),
        ("six minutes old", signed_at(&world, marked(), -360)),
        ("from the future", signed_at(&world, marked(), 360)),
    ];
    let told: Vec<String> = cases.iter().map(|(what, request)| format!("{what}: {}", check(&world, request))).collect();
    assert_snapshot!(told.join("\n"), @"
    unsigned: 401 signature_missing | signature_missing 1 | logged
    v1 alone: 401 signature_missing | signature_missing 1 | logged
    v2 alone: 401 signature_missing | signature_missing 1 | logged
    without timestamp: 401 signature_missing | signature_missing 1 | logged
    two signatures: 401 signature_malformed | signature_malformed 1 | logged
    another secret: 401 signature_wrong | signature_wrong 1 | logged
    another body: 401 signature_wrong | signature_wrong 1 | logged
    another address: 401 signature_wrong | signature_wrong 1 | logged
    six minutes old: 401 signature_old | signature_old 1 | logged
    from the future: 401 signature_old | signature_old 1 | logged
    ");
}

#[test]
fn a_forged_request_costs_no_call_to_anything() {
    let mut world = World::new();
    // The process would die at its first call to the store, the queue, Kleer or HubSpot.
    world.dies_at(1, Moment::Before);
    assert_eq!(world.request("POST", PATH, marked()).status(), StatusCode::UNAUTHORIZED);
    let old = signed_at(&world, marked(), -301);
    assert_eq!(world.send(&old).status(), StatusCode::UNAUTHORIZED);
    // Nor does one that has nothing to say.
    assert_eq!(world.signed("POST", PATH, "[]").status(), StatusCode::OK);
    let own = with(event("company.creation", 1), json!({ "changeSource": "INTEGRATION", "sourceId": "1000001" }));
    assert_eq!(world.signed("POST", PATH, body(&[own])).status(), StatusCode::OK);
    world.restart();
}

#[test]
fn signed_and_unreadable() {
    let world = World::new();
    let cut = marked()[..marked().len() - 20].to_owned();
    let unknown = body(&[with(event(&format!("company.{MARK}"), 1), json!({ MARK: [MARK] }))]);
    let stranger = body(&[with(event("company.propertyChange", 1), json!({ "portalId": 5, "propertyValue": MARK }))]);
    let odd = body(&[with(event("company.propertyChange", 1), json!({ "objectId": MARK }))]);
    let cases = [
        ("truncated", cut),
        ("no JSON", MARK.to_owned()),
        ("empty", String::new()),
        ("no list", format!("{{\"{MARK}\":1}}")),
        ("no UTF-8", String::new()),
        ("unknown type", unknown),
        ("unknown portal", stranger),
        ("unreadable event", odd),
        ("nothing", "[]".to_owned()),
    ];
    let told = cases.map(|(what, body)| {
        let body = if what == "no UTF-8" { Bytes::from_static(b"[\"\xff\"]") } else { Bytes::from(body) };
        format!("{what}: {}", check(&world, &signed_at(&world, body, 0)))
    });
    assert_snapshot!(told.join("\n"), @"
    truncated: 400 unreadable | unreadable 1 | logged
    no JSON: 400 unreadable | unreadable 1 | logged
    empty: 400 unreadable | unreadable 1 | logged
    no list: 400 unreadable | unreadable 1 | logged
    no UTF-8: 400 unreadable | unreadable 1 | logged
    unknown type: 200  | unknown 1 | not logged
    unknown portal: 200  | unconnected 1 | not logged
    unreadable event: 200  | unreadable 1 | logged
    nothing: 200  |  | not logged
    ");
}

#[test]
fn other_methods_and_addresses() {
    let world = World::new();
    let mut get = world.unsigned("GET", PATH, "");
    sign(&mut get, Scheme::Webhook, CLIENT_SECRET, world.clock.now());
    assert_eq!(world.send(&get).status(), StatusCode::METHOD_NOT_ALLOWED);
    for path in ["/webhooks", "/webhooks/hubspot/", "/webhooks/hubspot/x", "/Webhooks/hubspot", "//webhooks/hubspot"] {
        assert_eq!(world.signed("POST", path, marked()).status(), StatusCode::NOT_FOUND, "{path}");
    }
}

/// The most memory that this process ever had, in KB; 0 where the system does not tell.
fn peak_kb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|text| text.parse().ok()).unwrap_or(0)
}

#[test]
fn large_ones_cost_no_more_memory_than_they_are_long() {
    const MB: usize = 1_000_000;
    let world = World::new();
    let ids = |number: usize| {
        let event = |id: usize| {
            format!(r#"{{"portalId":4242,"objectId":{id},"subscriptionType":"company.creation","occurredAt":1}}"#)
        };
        format!("[{}]", (1..=number).map(event).collect::<Vec<_>>().join(","))
    };
    let merged = vec!["7"; 3_000_000].join(",");
    let merge = format!(
        r#"[{{"portalId":4242,"objectId":1,"subscriptionType":"company.merge","occurredAt":1,"mergedObjectIds":[{merged}]}}]"#
    );
    let cases = [
        ("longer than 10 MB", format!("[\"{}\"]", "x".repeat(10 * MB))),
        ("one long text", format!("[\"{}\"]", "x".repeat(10 * MB - 4))),
        ("one long event", format!(r#"[{{"portalId":4242,"{}":1}}]"#, "x".repeat(9 * MB))),
        ("millions of nothing", format!("[{}]", vec!["{}"; 3_000_000].join(","))),
        ("a hundred thousand ids", ids(100_000)),
        ("a merge of millions", merge),
        ("very deep", "[".repeat(9 * MB)),
        ("all that is allowed and one", ids(1_001)),
    ];
    let requests = cases.map(|(what, body)| (what, signed_at(&world, body, 0)));
    let before = peak_kb();
    let told = requests.map(|(what, request)| format!("{what}: {}", check(&world, &request)));
    let grown = peak_kb() - before;
    assert_snapshot!(told.join("\n"), @"
    longer than 10 MB: 413 too_large | too_large 1 | logged
    one long text: 200  | unreadable 1 | logged
    one long event: 200  | unreadable 1 | logged
    millions of nothing: 413 too_many | too_many 1 | logged
    a hundred thousand ids: 413 too_many | too_many 1 | logged
    a merge of millions: 200  | unreadable 1 | logged
    very deep: 400 unreadable | unreadable 1 | logged
    all that is allowed and one: 413 too_many | too_many 1 | logged
    ");
    assert!(grown < 40_000, "the process grew by {grown} KB");
}

#[test]
fn without_a_client_secret_it_says_what_is_missing() {
    let mut world = World::new();
    world.machine.app.client_secrets.clear();
    let answer = world.signed("POST", PATH, marked());
    assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_snapshot!(String::from_utf8_lossy(answer.body()), @r#"{"error":{"code":"no_client_secret","message":"This process cannot check signatures: it has no client secret of the HubSpot app. Set HUBSPOT_CLIENT_SECRET, and PUBLIC_BASE_URL to the address that HubSpot calls."}}"#);
}

#[test]
fn both_of_two_client_secrets_count() {
    let mut world = World::new();
    world.machine.app.client_secrets.insert(0, "the-next-secret".into());
    assert_eq!(sends(&world, &[event("company.propertyChange", 1)]), "4242 1 companies/1 Changed");
    let mut request = world.unsigned("POST", PATH, body(&[event("company.propertyChange", 2)]));
    sign(&mut request, Scheme::Webhook, "the-next-secret", world.clock.now());
    assert_eq!(world.send(&request).status(), StatusCode::OK);
    assert_eq!(waiting(&world), "4242 1 companies/2 Changed");
}
