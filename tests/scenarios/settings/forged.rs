//! Requests that are not what they seem to be change nothing and reveal nothing.

use domain::PortalId;
use insta::assert_snapshot;

use super::*;

/// A change, and where it would show.
fn change(world: &World) -> Value {
    json!({ "object": "client", "version": version(world, "client"), "field": "contact", "property": "description" })
}

fn mappings(world: &World) -> usize {
    gets(world, "object", &json!({ "object": "client" }))["mappings"].as_array().unwrap().len()
}

fn line(answer: &web::Response) -> String {
    format!("{} {}", answer.status().as_u16(), String::from_utf8_lossy(answer.body()))
}

#[test]
fn what_hubspot_did_not_sign_does_nothing() {
    let world = with_clients(&["Åkeri AB"]);
    let (before, change) = (mappings(&world), change(&world));
    let path = format!("/settings/save-mapping{EVA}");
    let signed = request(&world, "save-mapping", EVA, &change);
    let mut elsewhere = signed.clone();
    *elsewhere.uri_mut() = signed.uri().to_string().replace("portalId=4242", "portalId=4243").parse().unwrap();
    let mut other_body = signed.clone();
    *other_body.body_mut() = change.to_string().replace("description", "domain").into();
    let mut wrong_secret = world.unsigned("POST", &path, change.to_string());
    sign(&mut wrong_secret, Scheme::Webhook, "guessed", world.clock.now());
    let mut v2 = world.unsigned("POST", &path, change.to_string());
    sign(&mut v2, Scheme::ActionV2Only, CLIENT_SECRET, world.clock.now());
    let mut lines = vec![line(&world.request("POST", &path, change.to_string()))];
    lines.extend([elsewhere, other_body, wrong_secret, v2].iter().map(|request| line(&world.send(request))));
    world.clock.advance(minutes(6));
    lines.push(line(&world.send(&signed)));
    assert_snapshot!(lines.join("\n"), @r#"
    401 {"error":{"code":"signature_missing","message":"The request carries no signature of HubSpot."}}
    401 {"error":{"code":"signature_wrong","message":"The signature is not that of this app for this address and body."}}
    401 {"error":{"code":"signature_wrong","message":"The signature is not that of this app for this address and body."}}
    401 {"error":{"code":"signature_wrong","message":"The signature is not that of this app for this address and body."}}
    401 {"error":{"code":"signature_missing","message":"The request carries no signature of HubSpot."}}
    401 {"error":{"code":"signature_old","message":"The request was signed more than five minutes ago, or in the future."}}
    "#);
    assert_eq!(mappings(&world), before);
}

#[test]
fn a_copy_of_a_request_does_nothing_and_learns_nothing() {
    let world = with_clients(&["Åkeri AB"]);
    let looks = request(&world, "object", EVA, &json!({ "object": "client" }));
    assert_eq!(json(&world.send(&looks))["ok"], true);
    assert_snapshot!(line(&world.send(&looks)), @r#"200 {"ok":false,"code":"replayed","message":"This very request was answered before; load the page again to see what came of it."}"#);
    let change = request(&world, "save-mapping", EVA, &change(&world));
    assert_eq!(json(&world.send(&change))["ok"], true);
    let version = version(&world, "client");
    gets(&world, "delete-mapping", &json!({ "object": "client", "version": version, "property": "description" }));
    let before = mappings(&world);
    assert_eq!(json(&world.send(&change))["code"], "replayed");
    assert_eq!(mappings(&world), before);
}

#[test]
fn whose_a_request_is_stands_in_what_hubspot_added_and_nowhere_else() {
    let world = with_clients(&["Åkeri AB"]);
    let asks = |query: &str, body: Value| line(&world.send(&request(&world, "object", query, &body)));
    let client = || json!({ "object": "client" });
    let lines = [
        // The page asked for another account, and HubSpot added the right one.
        asks("?portalId=4242&userId=7&portalId=4243", client()),
        asks("?userId=7", json!({ "object": "client", "portalId": 4242 })),
        asks("?portalId=4242&appId=99", client()),
        // Another account that has not installed the app, whatever the body says.
        asks("?portalId=777", json!({ "object": "client", "portalId": 4242, "portal": 4242 })),
    ];
    assert_snapshot!(lines.join("\n"), @r#"
    401 {"error":{"code":"no_tenant","message":"The request does not say plainly whose it is."}}
    401 {"error":{"code":"no_tenant","message":"The request does not say plainly whose it is."}}
    401 {"error":{"code":"no_tenant","message":"The request does not say plainly whose it is."}}
    200 {"ok":false,"code":"not_installed","message":"The app is not installed in this HubSpot account: install it first."}
    "#);
}

#[test]
fn one_portal_sees_nothing_of_another() {
    let world = with_clients(&["Åkeri AB"]);
    let neighbour = PortalId(4243);
    world.connect(neighbour, local::pretend::NEXT_APP_TOKEN, local::pretend::KLEER_KEY);
    let asks = |operation: &str, body: Value| json(&world.send(&request(&world, operation, "?portalId=4243", &body)));
    assert_eq!(asks("find", json!({ "id": "1004" }))["data"]["records"], json!([]));
    assert_eq!(asks("states", json!({ "object": "client" }))["data"]["states"], json!({}));
    let version = asks("object", json!({ "object": "client" }))["data"]["version"].clone();
    let delete = json!({ "object": "client", "version": version, "property": "phone" });
    assert_eq!(asks("delete-mapping", delete)["ok"], true);
    let ours = gets(&world, "object", &json!({ "object": "client" }));
    assert!(ours["mappings"].as_array().unwrap().iter().any(|mapping| mapping["property"] == "phone"));
}

#[test]
fn what_is_no_operation_is_no_address() {
    let world = with_clients(&[]);
    let lines = [
        line(&world.signed("POST", "/settings/nothing?portalId=4242", "{}")),
        line(&world.signed("GET", "/settings/overview?portalId=4242", "")),
        line(&world.signed("POST", "/settings/object?portalId=4242", "[]")),
        line(&world.signed("POST", "/settings/find?portalId=4242", json!({ "id": "x".repeat(70_000) }).to_string())),
    ];
    assert_snapshot!(lines.join("\n"), @r#"
    404 {"error":{"code":"not_found","message":"There is nothing at this address."}}
    405 {"error":{"code":"method_not_allowed","message":"This address answers POST only."}}
    200 {"ok":false,"code":"invalid_request","message":"The request is not what belongs here (line 1, column 2).","message_sv":"Förfrågan är inte vad som hör hemma här (rad 1, kolumn 2)."}
    200 {"ok":false,"code":"too_large","message":"The request is too large."}
    "#);
}
