//! A connection is lost. Every run is interrupted with one sentence, nothing is lost, and after mending all is in sync.

use std::time::Duration;

use domain::{ObjectType, PortalId};
use http::Method;
use insta::assert_snapshot;
use kleer_sim::AccessType;
use local::pretend::{APP_TOKEN, KLEER_KEY};
use serde_json::{Value, json};

use super::{World, admin, client, hours, minutes, product, seconds};

/// A client and a product in sync, and then edits of both and a second client.
fn with_work() -> World {
    let mut world = World::new();
    world.kleer(|kleer| {
        kleer.add_client(client("Åkeri AB"));
        kleer.add_product(product("Timme", 100_000));
    });
    world.pass(minutes(1));
    world.kleer(|kleer| {
        kleer.add_client(client("Bageri AB"));
        let id = kleer.products()[0].id;
        kleer.edit_product(id, |product| product.price = 5_000);
    });
    world.edit_client("Åkeri AB", |client| client.phone = "08-1".into());
    world
}

fn reconnect(world: &World, token: &str, key: &str) {
    world.connect(PortalId(4242), token, key);
}

/// Polls both types and answers what their runs say when they give up.
fn sentences(world: &mut World) -> String {
    [ObjectType::Client, ObjectType::Product].map(|object| sentence(world, object)).join("\n")
}

fn sentence(world: &mut World, object: ObjectType) -> String {
    world.poll_now(object);
    for _ in 0..30 {
        if !world.interrupted(object).is_empty() {
            break;
        }
        // A page is tried several times before its run gives up.
        world.pass(seconds(10));
    }
    world.interrupted(object)
}

/// In a while, without anybody's help, all is in sync, and no run has anything to say.
fn recovers(mut world: World, within: Duration) {
    world.pass(within);
    let companies = world.companies(&["name", "phone"]);
    assert_eq!(companies, "1004 | Åkeri AB | 08-1\n1006 | Bageri AB | -");
    assert!(world.table("products", &["price"]).ends_with("| 50"), "{}", world.table("products", &["price"]));
    for object in ObjectType::ALL {
        assert_eq!(world.interrupted(object), "");
        assert_eq!(world.problems(object), "");
    }
    let before = world.writes();
    world.poll_now(ObjectType::Client);
    world.poll_now(ObjectType::Product);
    assert_eq!(world.writes(), before);
}

#[test]
fn kleer_does_not_know_the_key() {
    let mut world = with_work();
    world.kleer(|kleer| kleer.revoke_token(KLEER_KEY));
    assert_snapshot!(sentences(&mut world), @"
    Kleer does not accept the API key: make a new key in Kleer and save it in the settings (cargo local serve: KLEER_API_KEY).
    Kleer does not accept the API key: make a new key in Kleer and save it in the settings (cargo local serve: KLEER_API_KEY).
    ");
    world.kleer(|kleer| kleer.set_token("new-key", [AccessType::Administrator]));
    reconnect(&world, APP_TOKEN, "new-key");
    recovers(world, minutes(1));
}

#[test]
fn the_key_belongs_to_another_company() {
    let mut world = with_work();
    world.pretend.kleer.state(|state| {
        state.add_company(2, kleer_sim::CompanyInformation::default()).set_token("other", [AccessType::Administrator]);
    });
    reconnect(&world, APP_TOKEN, "other");
    assert_snapshot!(sentences(&mut world), @"
    Kleer's API key may not read this kind of record, or belongs to another company: give the key's user the right in Kleer, or check the company id.
    Kleer's API key may not read this kind of record, or belongs to another company: give the key's user the right in Kleer, or check the company id.
    ");
    reconnect(&world, APP_TOKEN, KLEER_KEY);
    recovers(world, minutes(1));
}

#[test]
fn the_key_may_not_read_clients() {
    let mut world = with_work();
    world.break_kleer("/client", kleer_status(403, "Åtkomst nekad"));
    assert_snapshot!(sentences(&mut world), @"Kleer's API key may not read this kind of record, or belongs to another company: give the key's user the right in Kleer, or check the company id.");
    assert!(world.table("products", &["price"]).ends_with("| 50"), "products go on");
    world.mend();
    recovers(world, minutes(15));
}

fn kleer_status(status: u16, message: &str) -> kleer_sim::Fault {
    let body = Some(json!({ "message": message }).to_string());
    kleer_sim::Fault::Status { status, retry_after: None, saved: false, body }
}

#[test]
fn hubspot_does_not_know_the_token() {
    let mut world = with_work();
    world.pretend.hubspot.revoke_token(APP_TOKEN);
    assert_snapshot!(sentences(&mut world), @"
    HubSpot does not accept this connection any more: connect HubSpot again (with a static token: save a new one).
    HubSpot does not accept this connection any more: connect HubSpot again (with a static token: save a new one).
    ");
    let token = access_token(&world, None);
    reconnect(&world, &token, KLEER_KEY);
    recovers(world, minutes(1));
}

/// An access token of an installation of our app, as OAuth gives it: good for half an hour.
pub(super) fn access_token(world: &World, scopes: Option<&[&str]>) -> String {
    let code = admin::asks(world, Method::POST, "/_sim/oauth/codes", &json!({ "scopes": scopes }))["code"].clone();
    let code = code.as_str().expect("a code");
    let form = format!(
        "grant_type=authorization_code&client_id=demo-client&client_secret=demo-secret&redirect_uri=x&code={code}"
    );
    let answer = admin::posts_form(world, "/oauth/2026-09/token", &form);
    answer["access_token"].as_str().expect("a token").to_owned()
}

#[test]
fn the_token_has_expired() {
    let mut world = with_work();
    let token = access_token(&world, None);
    reconnect(&world, &token, KLEER_KEY);
    assert_eq!(world.pretend.hubspot.expire_access_tokens(4242), 1);
    assert_snapshot!(sentences(&mut world), @"
    HubSpot's access token has expired and could not be renewed in time: try again, and connect HubSpot again if this stays.
    HubSpot's access token has expired and could not be renewed in time: try again, and connect HubSpot again if this stays.
    ");
    let token = access_token(&world, None);
    reconnect(&world, &token, KLEER_KEY);
    recovers(world, minutes(1));
}

#[test]
fn the_app_may_not_write_companies() {
    let mut world = with_work();
    let granted = [
        "oauth",
        "crm.objects.companies.read",
        "crm.schemas.companies.read",
        "e-commerce",
        "crm.objects.products.write",
    ];
    let token = access_token(&world, Some(&granted));
    reconnect(&world, &token, KLEER_KEY);
    assert_snapshot!(sentences(&mut world), @"HubSpot has not granted this app the scopes it needs here: connect HubSpot again and allow crm.objects.companies.write.");
    reconnect(&world, APP_TOKEN, KLEER_KEY);
    recovers(world, minutes(1));
}

#[test]
fn kleer_answers_a_web_page() {
    let mut world = with_work();
    world.break_kleer("/company/1/", kleer_sim::Fault::Html { status: 200, saved: false });
    assert_snapshot!(sentences(&mut world), @"
    Kleer answered with a web page instead of data (status 200); it is tried again by itself.
    Kleer answered with a web page instead of data (status 200); it is tried again by itself.
    ");
    world.break_kleer("/company/1/", kleer_sim::Fault::Html { status: 502, saved: false });
    assert_snapshot!(sentences(&mut world), @"
    Kleer answered with a web page instead of data (status 502); it is tried again by itself.
    Kleer answered with a web page instead of data (status 502); it is tried again by itself.
    ");
    world.mend();
    recovers(world, hours(1));
}

#[test]
fn kleer_answers_half() {
    let mut world = with_work();
    world.break_kleer("/company/1/", kleer_sim::Fault::Truncated { saved: false });
    assert_snapshot!(sentences(&mut world), @"
    Kleer did not give a whole answer in time; it is tried again by itself.
    Kleer did not give a whole answer in time; it is tried again by itself.
    ");
    world.mend();
    recovers(world, minutes(2));
}

#[test]
fn kleer_answers_something_else_than_a_list() {
    let mut world = with_work();
    world.break_kleer("/company/1/", kleer_status(200, "Pågående underhåll"));
    assert_snapshot!(sentences(&mut world), @"
    Kleer answered something that could not be read (status 200); it is tried again by itself.
    Kleer answered something that could not be read (status 200); it is tried again by itself.
    ");
    world.mend();
    recovers(world, hours(1));
}

#[test]
fn kleer_is_down_for_an_hour() {
    let mut world = with_work();
    world.break_kleer("/company/1/", kleer_status(503, "Tekniskt fel"));
    assert_snapshot!(sentences(&mut world), @"
    Kleer has an internal problem (status 503); it is tried again by itself: Tekniskt fel.
    Kleer has an internal problem (status 503); it is tried again by itself: Tekniskt fel.
    ");
    world.pass(hours(1));
    assert_snapshot!(sentences(&mut world), @"
    Kleer has an internal problem (status 503); it is tried again by itself: Tekniskt fel.
    Kleer has an internal problem (status 503); it is tried again by itself: Tekniskt fel.
    ");
    world.mend();
    recovers(world, minutes(2));
}

#[test]
fn kleer_cannot_be_reached() {
    let mut world = with_work();
    world.break_kleer("/company/1/", kleer_sim::Fault::Reset { saved: false });
    assert_snapshot!(sentences(&mut world), @"
    Kleer did not give a whole answer in time; it is tried again by itself.
    Kleer did not give a whole answer in time; it is tried again by itself.
    ");
    world.mend();
    recovers(world, minutes(2));
}

fn hubspot_status(status: u16, retry_after: Option<u64>, body: Option<Value>) -> hubspot_sim::Fault {
    hubspot_sim::Fault::Status { status, retry_after, saved: false, body }
}

/// HubSpot does that to every request; then it is mended.
fn hubspot_does(fault: hubspot_sim::Fault, within: Duration) -> String {
    let mut world = with_work();
    world.break_hubspot("/crm/", fault);
    let told = sentences(&mut world);
    world.mend();
    recovers(world, within);
    told
}

#[test]
fn hubspot_answers_a_web_page() {
    let page = |status| hubspot_does(hubspot_sim::Fault::Html { status, saved: false }, hours(1));
    assert_snapshot!(page(502), @"
    HubSpot answered with a web page instead of data (status 502). This is usually a passing trouble at HubSpot; it is tried again by itself.
    HubSpot answered with a web page instead of data (status 502). This is usually a passing trouble at HubSpot; it is tried again by itself.
    ");
    assert_snapshot!(page(200), @"
    HubSpot answered with a web page instead of data (status 200). This is usually a passing trouble at HubSpot; it is tried again by itself.
    HubSpot answered with a web page instead of data (status 200). This is usually a passing trouble at HubSpot; it is tried again by itself.
    ");
}

#[test]
fn hubspot_answers_half_after_it_has_written() {
    assert_snapshot!(hubspot_does(hubspot_sim::Fault::Truncated { saved: true }, minutes(5)), @"
    HubSpot did not answer in time; it is tried again by itself.
    HubSpot did not answer in time; whether it did what was asked shows at the next try.
    ");
}

#[test]
fn hubspot_cannot_be_reached() {
    assert_snapshot!(hubspot_does(hubspot_sim::Fault::NotSent {}, minutes(5)), @"
    HubSpot could not be reached; it is tried again by itself.
    HubSpot could not be reached; it is tried again by itself.
    ");
    assert_snapshot!(hubspot_does(hubspot_sim::Fault::Reset { saved: false }, minutes(5)), @"
    HubSpot did not answer in time; it is tried again by itself.
    HubSpot did not answer in time; whether it did what was asked shows at the next try.
    ");
}

#[test]
fn hubspot_is_down() {
    assert_snapshot!(hubspot_does(hubspot_status(503, None, None), minutes(5)), @"
    HubSpot has an internal problem (status 503); it is tried again by itself: Service temporarily unavailable.
    HubSpot has an internal problem (status 503); it is tried again by itself: Service temporarily unavailable.
    ");
}

#[test]
fn hubspot_has_had_enough_for_today() {
    let body = json!({
        "status": "error", "errorType": "RATE_LIMIT", "policyName": "DAILY",
        "message": "You have reached your daily limit.",
    });
    assert_snapshot!(hubspot_does(hubspot_status(429, None, Some(body)), hours(1)), @"
    HubSpot's daily limit of requests is used up; it starts anew at midnight in the portal's time zone.
    HubSpot's daily limit of requests is used up; it starts anew at midnight in the portal's time zone.
    ");
}

#[test]
fn hubspot_moves_the_portal() {
    assert_snapshot!(hubspot_does(hubspot_status(477, Some(1200), None), minutes(21)), @"
    HubSpot is moving this portal to another data centre; it is tried again by itself in about 20 minutes.
    HubSpot is moving this portal to another data centre; it is tried again by itself in about 20 minutes.
    ");
}

#[test]
fn hubspot_is_down_at_the_first_sync() {
    let mut world = World::new();
    world.kleer(|kleer| kleer.add_client(client("Åkeri AB")));
    world.break_hubspot("/crm/properties/", hubspot_status(503, None, None));
    assert_snapshot!(sentence(&mut world, ObjectType::Client), @"HubSpot has an internal problem (status 503); it is tried again by itself: Service temporarily unavailable.");
    world.mend();
    world.pass(minutes(2));
    assert_snapshot!(world.companies(&["name"]), @"1004 | Åkeri AB");
    assert_snapshot!(world.interrupted(ObjectType::Client), @"");
}

#[test]
fn another_apps_kleer_id_is_in_the_way() {
    let mut world = World::new();
    admin::makes_property(&world, "kleer_id", &json!({}));
    world.kleer(|kleer| {
        kleer.add_client(client("Åkeri AB"));
        kleer.add_product(product("Timme", 100_000));
    });
    world.pass(minutes(1));
    // It cannot be made unique; a key of our own finds the records, and kleer_id is a plain copy.
    assert_snapshot!(world.interrupted(ObjectType::Client), @"");
    assert_snapshot!(world.companies(&["kleer_sync_key", "name"]), @"1004 | 1004 | Åkeri AB");
    assert_eq!(world.records("products").len(), 1);
}

#[test]
fn a_right_given_in_kleer_is_found_within_the_hour() {
    let mut world = with_work();
    world.break_kleer("/product", kleer_status(403, "Åtkomst nekad"));
    world.poll_now(ObjectType::Product);
    world.mend();
    recovers(world, hours(1));
}

#[test]
fn a_type_that_hubspot_keeps_failing_does_not_stop_the_others() {
    let mut world = World::new();
    world.kleer(|kleer| {
        kleer.add_client(client("Åkeri AB"));
        kleer.add_product(product("Timme", 100));
    });
    world.break_hubspot(
        "products/batch/upsert",
        hubspot_sim::Fault::Status { status: 500, retry_after: None, saved: false, body: None },
    );
    world.pass(minutes(2));
    assert_snapshot!(world.companies(&["name"]), @"1004 | Åkeri AB");
    assert_snapshot!(world.report(ObjectType::Product).interrupted.unwrap_or_default(), @"HubSpot has an internal problem (status 500); it is tried again by itself: internal error.");
    world.mend();
    world.pass(minutes(5));
    assert_eq!(world.records("products").len(), 1);
}
