//! A portal installs the app: from our own site and from HubSpot, once and again; and what must not work.

use domain::{Installation, ObjectSettings, ObjectType, PortalId};
use http::Method;
use insta::assert_snapshot;
use local::pretend::{KLEER_KEY, NEXT_APP_TOKEN};
use serde_json::{Value, json};
use tests::{Browser, Visited};

use super::{World, admin, client, minutes, seconds};

mod kleer;
mod refused;

/// The portal beside the demo's, which nobody is connected to.
pub(super) const NEXT: PortalId = PortalId(4243);
pub(super) const START: &str = "http://127.0.0.1:8080/oauth/start";
const CALLBACK: &str = "http://127.0.0.1:8080/oauth/callback";

/// A browser of somebody who may install in the portal beside the demo's.
pub(super) fn browser() -> Browser {
    Browser::of_account(4243)
}

pub(super) fn installs(world: &World) -> Visited {
    let visited = browser().visit(world, START);
    assert_eq!(visited.status, 200, "{visited:?}");
    visited
}

pub(super) fn installation(world: &World) -> Option<Installation> {
    world.clock.run(world.app().store.installation(NEXT)).unwrap().map(|found| found.value)
}

/// Installs, connects company 1, and switches clients on.
pub(super) fn installs_with_clients(world: &mut World) {
    installs(world);
    connects_kleer(world);
    switches_clients_on(world);
    world.pass(minutes(1));
}

pub(super) fn connects_kleer(world: &World) {
    let company = domain::KleerCompanyId(1);
    world.clock.run(portal::connect_kleer(world.app(), NEXT, company, &KLEER_KEY.into())).unwrap();
}

pub(super) fn switches_clients_on(world: &World) {
    edits_clients(world, |settings| settings.enabled = true);
    world.clock.run(sync::wake(world.app(), NEXT)).unwrap();
}

fn edits_clients(world: &World, edit: impl FnOnce(&mut ObjectSettings)) {
    let store = &world.app().store;
    world.clock.run(async {
        let mut found = store.settings(NEXT, ObjectType::Client).await.unwrap().expect("they are set up");
        edit(&mut found.value);
        assert!(store.put_settings(NEXT, &found.value, found.version).await.unwrap());
    });
}

/// What the portal has: a line per company.
pub(super) fn companies(world: &World) -> String {
    let value = |record: &hubspot_sim::Record, name| record.get(name).unwrap_or("-").to_owned();
    let line = |record: &hubspot_sim::Record| ["kleer_id", "name", "phone"].map(|name| value(record, name)).join(" | ");
    world.pretend.hubspot.records(4243, "companies").iter().map(line).collect::<Vec<_>>().join("\n")
}

/// How often HubSpot was asked for tokens.
pub(super) fn token_calls(world: &World) -> usize {
    world.pretend.hubspot.requests().iter().filter(|line| line.path == "/oauth/2026-09/token").count()
}

/// The names of our own properties of a type in the portal, as HubSpot lists them.
fn our_properties(world: &World, object: &str) -> Vec<String> {
    let request = http::Request::get(format!("/crm/properties/2026-09/{object}"))
        .header("authorization", format!("Bearer {NEXT_APP_TOKEN}"))
        .body(bytes::Bytes::new())
        .unwrap();
    let answer = world.clock.run(world.pretend.hubspot.call(request)).unwrap();
    let answer: Value = serde_json::from_slice(answer.body()).unwrap();
    let names = answer["results"].as_array().unwrap().iter().filter(|one| one["groupName"] == "kleer");
    names.map(|one| one["name"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn from_our_own_site() {
    let mut world = World::new();
    let visited = installs(&world);
    let hosts: Vec<&str> = visited.trail.iter().map(|url| url.split('?').next().unwrap()).collect();
    assert_snapshot!(hosts.join("\n"), @r"
    http://127.0.0.1:8080/oauth/start
    https://app.hubspot.com/oauth/authorize
    http://127.0.0.1:8080/oauth/callback
    ");
    assert!(visited.body.contains("One step is left"), "{}", visited.body);
    assert!(visited.body.contains("/connected-apps/4243"), "{}", visited.body);
    let installation = installation(&world).expect("it is installed");
    assert_eq!((installation.kleer_company, installation.disconnected), (None, None));
    assert_eq!(installation.installer.unwrap().user_id, 501);
    let store = &world.app().store;
    for object in ObjectType::ALL {
        let settings = world.clock.run(store.settings(NEXT, object)).unwrap().expect("every type has its mappings");
        assert!(!settings.value.enabled && !settings.value.mappings.is_empty());
    }
    // The first properties are made without Kleer, and nothing else happens.
    world.pass(minutes(1));
    for object in ["companies", "products", "invoices", "subscriptions", "projects", "line_items"] {
        assert!(our_properties(&world, object).contains(&"kleer_id".to_owned()), "{object}");
    }
    assert_eq!(companies(&world), "");
    let status = world.clock.run(portal::status(world.app(), NEXT)).unwrap();
    assert_eq!(status, portal::Status::WithoutKleer { kleer_company: None });
}

#[test]
fn then_kleer_is_connected_and_all_is_synchronized() {
    let mut world = World::new();
    world.kleer(|kleer| kleer.add_client(client("Åkeri AB")));
    installs_with_clients(&mut world);
    assert_snapshot!(companies(&world), @"1004 | Åkeri AB | -");
    // Longer than an access token lives.
    world.pass(minutes(40));
    world.edit_client("Åkeri AB", |client| client.phone = "08-1".into());
    world.pass(minutes(15));
    assert_snapshot!(companies(&world), @"1004 | Åkeri AB | 08-1");
}

#[test]
fn from_hubspot_and_back_there() {
    let mut world = World::new();
    let back = "https://app-eu1.hubspot.com/marketplace/return?token=abc";
    let url = world.pretend.hubspot.marketplace_install(4243, None, Some(back), None).unwrap();
    let visited = browser().visit(&world, &url);
    assert_eq!((visited.status, visited.url.as_str()), (0, back));
    assert!(installation(&world).is_some());
    world.pass(minutes(1));
}

#[test]
fn a_swedish_browser_reads_swedish() {
    let mut world = World::new();
    let mut browser = browser();
    browser.language = "sv-SE,sv;q=0.9,en;q=0.8";
    let visited = browser.visit(&world, START);
    assert!(visited.body.contains("Ett steg återstår") && visited.body.contains("lang=\"sv\""), "{}", visited.body);
    world.pass(minutes(1));
}

#[test]
fn again_keeps_settings_mappings_and_bindings() {
    let mut world = World::new();
    world.kleer(|kleer| kleer.add_client(client("Åkeri AB")));
    installs_with_clients(&mut world);
    edits_clients(&world, |settings| settings.mappings.retain(|mapping| mapping.property != "phone"));
    world.pass(minutes(16));
    let before = installation(&world).unwrap();
    let record = world.pretend.hubspot.records(4243, "companies")[0].id;
    world.pretend.hubspot.person_uninstalls(4243);
    world.pass(minutes(60));
    assert!(installation(&world).unwrap().disconnected.is_some());
    world.edit_client("Åkeri AB", |client| (client.name, client.phone) = ("Åkeriet AB".into(), "08-1".into()));
    let visited = installs(&world);
    assert!(visited.body.contains("your settings are as they were"), "{}", visited.body);
    // Its key was forgotten, and is said to be missing.
    world.pass(minutes(1));
    let report = world.clock.run(world.app().store.run_report(NEXT, ObjectType::Client)).unwrap();
    assert_snapshot!(report.interrupted.unwrap_or_default(), @"portal 4243 has no kleer_key saved; save the credentials again");
    connects_kleer(&world);
    world.pass(minutes(1));
    let after = installation(&world).unwrap();
    assert_eq!(
        (after.created_at, after.kleer_company, after.disconnected),
        (before.created_at, before.kleer_company, None)
    );
    assert_snapshot!(companies(&world), @"1004 | Åkeriet AB | -");
    assert_eq!(world.pretend.hubspot.records(4243, "companies")[0].id, record);
}

#[test]
fn oauth_takes_over_from_a_static_token() {
    let mut world = World::new();
    world.kleer(|kleer| kleer.add_client(client("Åkeri AB")));
    world.pass(minutes(1));
    let visited = Browser::of_account(4242).visit(&world, START);
    assert_eq!(visited.status, 200);
    world.pass(minutes(1));
    // The process starts again with the static token in its environment; OAuth stays.
    world.connect(PortalId(4242), "a-token-of-nobody", KLEER_KEY);
    world.pretend.hubspot.revoke_token(local::pretend::APP_TOKEN);
    world.edit_client("Åkeri AB", |client| client.phone = "08-1".into());
    world.pass(minutes(50));
    assert_snapshot!(world.companies(&["name", "phone"]), @"1004 | Åkeri AB | 08-1");
    // Uninstalled, the portal can be connected with a static token again.
    world.pretend.hubspot.person_uninstalls(4242);
    world.pass(minutes(60));
    let found = world.clock.run(world.app().store.installation(PortalId(4242))).unwrap().unwrap();
    assert!(found.value.disconnected.is_some());
    world.pretend.hubspot.marketplace_install(4242, None, None, None).unwrap();
    let token = super::connection::access_token(&world, None);
    world.connect(PortalId(4242), &token, KLEER_KEY);
    world.edit_client("Åkeri AB", |client| client.phone = "08-2".into());
    world.pass(minutes(1));
    assert_snapshot!(world.companies(&["name", "phone"]), @"1004 | Åkeri AB | 08-2");
}

#[test]
fn a_portal_leaves() {
    let mut world = World::new();
    installs_with_clients(&mut world);
    world.clock.run(portal::disconnect(world.app(), NEXT)).unwrap();
    let reason = installation(&world).unwrap().disconnected.unwrap().reason;
    assert_snapshot!(reason, @"The app was disconnected on its settings page. To go on, install it again.");
    let requests = world.pretend.hubspot.requests();
    let asked =
        |path: &str| requests.iter().filter(|line| line.path == path).map(|line| line.status).collect::<Vec<_>>();
    assert_eq!(asked("/appinstalls/2026-09/external-install"), [204]);
    assert_eq!(asked("/oauth/2026-09/token/revoke"), [200]);
    let again = world.clock.run(portal::disconnect(world.app(), NEXT)).unwrap_err();
    assert_eq!(again.code(), "not_connected");
    let _ = world.take_log();
    world.pass(minutes(120));
    assert!(!world.take_log().contains("notice: "), "who does it oneself is not told");
}

/// A code as if somebody had consented to these scopes only.
fn code(world: &World, scopes: &[&str]) -> String {
    let answer = admin::asks(
        world,
        Method::POST,
        "/_sim/oauth/codes?portal=4243",
        &json!({ "scopes": scopes, "redirect_uri": CALLBACK }),
    );
    answer["code"].as_str().unwrap().to_owned()
}

#[test]
fn what_a_browser_is_told_to_keep() {
    let mut world = World::new();
    let answer = browser().get(&world, START).unwrap();
    let cookie = answer.headers()["set-cookie"].to_str().unwrap().to_owned();
    let (value, attributes) = cookie.split_once("; ").unwrap();
    assert_eq!(value.len(), "kleer_install=".len() + 64);
    assert_snapshot!(attributes, @"Path=/oauth; Max-Age=600; HttpOnly; SameSite=Lax");
    // Where the site has TLS, the cookie never goes without.
    world.machine.app.config.public_base_url = "https://kleer.example".to_owned();
    let request = http::Request::get("https://kleer.example/oauth/start").body(bytes::Bytes::new()).unwrap();
    let answer = world.send(&request);
    assert!(answer.headers()["set-cookie"].to_str().unwrap().ends_with("; SameSite=Lax; Secure"));
    world.pass(seconds(1));
}
