//! Installs that must not go through, and what people are told.

use super::*;

/// The first sentence of a page that says that nothing was installed.
fn told(visited: &Visited) -> String {
    let sentence = visited.body.split("<p>").nth(1).and_then(|rest| rest.split("</p>").next()).unwrap_or_default();
    format!("{} {sentence}", visited.status)
}

/// Walks from our site to HubSpot and back, and stops before our callback: its address.
fn until_callback(world: &World, browser: &mut Browser) -> String {
    let location = |answer: &web::Response| answer.headers()["location"].to_str().unwrap().to_owned();
    let consent = location(&browser.get(world, START).unwrap());
    location(&browser.get(world, &consent).unwrap())
}

#[test]
fn a_state_that_is_forged_stolen_used_or_old() {
    let mut world = World::new();
    let nobody = browser().visit(&world, &format!("{CALLBACK}?code=x&state=y"));
    assert_snapshot!(told(&nobody), @"400 This install cannot go on here: it was not begun in this browser, was ended already, or took longer than ten minutes. Begin again.");
    let without = browser().visit(&world, &format!("{CALLBACK}?code=x"));
    assert_eq!(without.status, 400);

    let (mut mine, mut other) = (browser(), browser());
    let callback = until_callback(&world, &mut mine);
    assert_eq!(other.visit(&world, &callback).status, 400, "another browser");
    assert_eq!(mine.visit(&world, &callback).status, 400, "it was used up by the attempt");

    let callback = until_callback(&world, &mut mine);
    world.pass(minutes(10));
    assert_eq!(mine.visit(&world, &callback).status, 400, "too late");
    assert_eq!((token_calls(&world), installation(&world)), (0, None));

    let callback = until_callback(&world, &mut mine);
    let mut twice = mine.clone();
    assert_eq!(mine.visit(&world, &callback).status, 200);
    assert_eq!(twice.visit(&world, &callback).status, 400, "the second time");
    assert_eq!(token_calls(&world), 1);
    world.pass(minutes(1));
}

#[test]
fn a_way_back_that_leads_elsewhere() {
    let mut world = World::new();
    for back in [
        "https://evil.example/",
        "http://app.hubspot.com/",
        "https://app.hubspot.com.evil.example/",
        "https://app.hubspot.com@evil.example/",
        "https://evil.example/?.hubspot.com",
        "//app.hubspot.com/",
        "javascript:alert(1)",
    ] {
        let url = world.pretend.hubspot.marketplace_install(4243, None, Some(back), None).unwrap();
        let visited = browser().visit(&world, &url);
        assert_eq!((visited.status, visited.trail.len()), (400, 1), "{back}");
    }
    // Not even with a state of ours.
    let mut mine = browser();
    let callback = until_callback(&world, &mut mine);
    assert_eq!(mine.visit(&world, &format!("{callback}&returnUrl=https%3A%2F%2Fevil.example%2F")).status, 400);
    assert_eq!((token_calls(&world), installation(&world)), (0, None));
    world.pass(seconds(1));
}

#[test]
fn nobody_consents() {
    let mut world = World::new();
    world.pretend.hubspot.switch(4243, |switches| switches.consent_declined = true);
    assert_snapshot!(told(&browser().visit(&world, START)), @"403 Nothing was connected, because access was not allowed.");
    assert_eq!(installation(&world), None);
    world.pass(seconds(1));
}

#[test]
fn a_code_that_was_used_or_is_old() {
    let mut world = World::new();
    let url = world.pretend.hubspot.marketplace_install(4243, None, None, None).unwrap();
    assert_eq!(browser().visit(&world, &url).status, 0);
    assert_snapshot!(told(&browser().visit(&world, &url)), @"400 Nothing was connected: HubSpot does not know this install any more: it was used already or took too long; begin again.");
    assert!(installation(&world).unwrap().disconnected.is_none(), "the first install stays");
    let url = world.pretend.hubspot.marketplace_install(4243, None, None, None).unwrap();
    world.pass(minutes(11));
    assert_eq!(browser().visit(&world, &url).status, 400);
}

#[test]
fn scopes_that_are_missing() {
    let mut world = World::new();
    let granted: Vec<&str> = hubspot::scopes::REQUIRED[..21].to_vec();
    let code = code(&world, &granted);
    let url = format!("{CALLBACK}?code={code}&returnUrl=https%3A%2F%2Fapp.hubspot.com%2F");
    assert_snapshot!(told(&browser().visit(&world, &url)), @"403 Nothing was connected: the account has not granted everything that the app needs: crm.schemas.subscriptions.read, crm.schemas.subscriptions.write.");
    assert_eq!(installation(&world), None);
    world.pass(seconds(1));
}

#[test]
fn a_server_that_is_not_configured() {
    let mut world = World::new();
    world.machine.app.config.hubspot_client_id = None;
    let sentence = told(&browser().visit(&world, START));
    assert_snapshot!(sentence, @"503 This server cannot install anybody: its operator has not configured the HubSpot app yet.");
    let back = format!("{CALLBACK}?code=x&returnUrl=https%3A%2F%2Fapp.hubspot.com%2F");
    assert_eq!(browser().visit(&world, &back).status, 503);
    let config = local::pretend::variable("HUBSPOT_CLIENT_ID");
    world.machine.app.config.hubspot_client_id = config;
    world.machine.app.client_secrets = vec!["another-secret".into()];
    let url = world.pretend.hubspot.marketplace_install(4243, None, None, None).unwrap();
    assert_snapshot!(told(&browser().visit(&world, &url)), @"502 Nothing was connected: HubSpot refuses this app, not the account: its client id, client secret or redirect address is wrong.");
    world.pass(seconds(1));
}

#[test]
fn hubspot_does_not_answer() {
    let mut world = World::new();
    let url = world.pretend.hubspot.marketplace_install(4243, None, None, None).unwrap();
    let fault = hubspot_sim::Fault::Status { status: 503, retry_after: None, saved: false, body: None };
    world.break_hubspot("/oauth/2026-09/token", fault);
    assert_snapshot!(told(&browser().visit(&world, &url)), @"503 Nothing was connected: HubSpot does not answer; begin again in a few minutes.");
    world.mend();
    assert_eq!(browser().visit(&world, &url).status, 0, "the code is still good");
    world.pass(minutes(1));
}

#[test]
fn other_ways_to_ask() {
    let mut world = World::new();
    let status = |method: &str, path: &str| world.request(method, path, bytes::Bytes::new()).status().as_u16();
    assert_eq!(status("POST", "/oauth/start"), 405);
    assert_eq!(status("GET", "/oauth/other"), 404);
    assert_eq!(status("GET", "/oauth/callback?error=access_denied"), 400, "nobody here began anything");
    world.pass(seconds(1));
}
