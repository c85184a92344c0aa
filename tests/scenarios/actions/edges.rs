//! Who may call, and what happens when somebody is away.

use insta::assert_snapshot;
use kleer_sim::Kind;
use local::pretend::CLIENT_SECRET;
use tests::World;

use super::{DEMO, Shop, body};
use crate::minutes;

fn call(shop: &Shop, path: &str, body: &str) -> (u16, String) {
    let response = shop.world.signed("POST", path, body.to_owned());
    (response.status().as_u16(), String::from_utf8_lossy(response.body()).into_owned())
}

#[test]
fn only_hubspot_may_call() {
    let shop = Shop::open();
    let text = body("ap-4242-1-1-0", 4242, "DEAL", shop.deal, &[]);
    let path = "/actions/create-invoice";
    assert_eq!(shop.world.request("POST", path, text.clone()).status(), 401);
    // The second version of signatures is good enough where there is no third (contract hubspot-platform §5.1).
    let url = format!("{}{path}", shop.world.app().config.public_base_url);
    let v2 = |body: &str, secret: &str| {
        let mut request = shop.world.unsigned("POST", path, body.to_owned());
        let signature = hubspot_sim::signature::v2(secret, "POST", &url, body.as_bytes());
        request.headers_mut().insert("x-hubspot-signature", signature.parse().unwrap());
        request.headers_mut().insert("x-hubspot-signature-version", "v2".parse().unwrap());
        shop.world.send(&request).status().as_u16()
    };
    assert_eq!(v2(&text, "another-secret"), 401);
    assert_eq!(v2(&text, CLIENT_SECRET), 200);
    assert_eq!(shop.world.kleer(|kleer| kleer.count(Kind::Invoice)), 1);
    let mut shop = shop;
    shop.world.pass(minutes(1));
}

#[test]
fn what_is_no_call_is_refused() {
    let shop = Shop::open();
    let good = body("ap-4242-1-1-0", 4242, "DEAL", shop.deal, &[]);
    assert_eq!(call(&shop, "/actions/send-invoice", &good).0, 404);
    assert_eq!(call(&shop, "/actions/create-invoice/", &good).0, 404);
    assert_eq!(call(&shop, "/actions/", &good).0, 404);
    assert_eq!(shop.world.signed("GET", "/actions/create-invoice", "").status(), 405);
    assert_eq!(call(&shop, "/actions/create-invoice", "[]").0, 400);
    assert_eq!(call(&shop, "/actions/create-invoice", &" ".repeat(1_000_001)).0, 413);
    let other = body("ap-4242-1-1-0", 4242, "COMPANY", shop.company, &[]);
    let (status, answer) = call(&shop, "/actions/create-invoice", &other);
    assert!(status == 200 && answer.contains("WRONG_OBJECT"), "{status} {answer}");
    let gone = body("ap-4242-2-1-0", 4242, "DEAL", 99_999_999, &[]);
    let (status, answer) = call(&shop, "/actions/create-invoice", &gone);
    assert!(status == 200 && answer.contains("RECORD_NOT_FOUND"), "{status} {answer}");
    assert_eq!(shop.world.kleer(|kleer| kleer.count(Kind::Invoice)), 0);
}

#[test]
fn a_portal_that_is_not_connected_is_told_so() {
    let shop = Shop::open();
    let (status, answer) = call(&shop, "/actions/create-invoice", &body("ap-777-1-1-0", 777, "DEAL", 1, &[]));
    assert_eq!(status, 200);
    assert_snapshot!(answer, @r#"{"outputFields":{"kleer_invoice_id":"","result":"failed","error_code":"NOT_CONNECTED","error_field":"","error_message":"HubSpot is not connected to Kleer. Open the settings of Kleer for HubSpot and connect it.","note":"","hs_execution_state":"FAIL_CONTINUE"}}"#);
}

#[test]
fn hubspot_calls_again_while_kleer_is_away() {
    let mut shop = Shop::open();
    let down = kleer_sim::faults::Fault::Status { status: 503, retry_after: None, saved: false, body: None };
    shop.world.break_kleer("/client", down);
    let callback = shop.world.pretend.hubspot.enrol(DEMO, "deals", shop.deal, "create-invoice", &[]).unwrap();
    shop.world.pass(minutes(3));
    let execution = shop.told(&callback).0;
    assert!(execution.attempts > 1 && execution.last_status == Some(503), "{execution:?}");
    shop.world.mend();
    shop.world.pass(minutes(60));
    shop.told(&callback).id("kleer_invoice_id");
    assert_eq!(shop.world.kleer(|kleer| kleer.count(Kind::Invoice)), 1);
}

#[test]
fn a_slow_kleer_is_answered_within_ten_seconds() {
    let shop = Shop::open();
    let slow = kleer_sim::faults::Fault::LatencyMs { base: 20_000, per_record: 0 };
    shop.world.break_kleer("/client", slow);
    let before = shop.world.clock.now();
    let (status, _) = call(&shop, "/actions/create-invoice", &body("ap-4242-1-1-0", 4242, "DEAL", shop.deal, &[]));
    let took = shop.world.clock.now().duration_since(before);
    assert!(status == 503 && took.as_secs() < 10, "{status} after {took}");
    assert_eq!(shop.world.kleer(|kleer| kleer.count(Kind::Invoice)), 0);
    shop.world.mend();
}

#[test]
fn a_refusal_of_kleers_is_told_in_its_own_words() {
    let mut shop = Shop::open();
    let no = kleer_sim::faults::Fault::Status {
        status: 500,
        retry_after: None,
        saved: false,
        body: Some(r#"{"message":"Perioden är stängd"}"#.into()),
    };
    let matching =
        kleer_sim::faults::Match { method: Some("PUT".to_owned()), path_contains: Some("/client/invoice".to_owned()) };
    let rule = kleer_sim::faults::Rule { matching, probability: 1000, times: None, skip: None, fault: no };
    shop.world.pretend.kleer.faults(kleer_sim::Faults { rules: vec![rule], ..kleer_sim::Faults::default() });
    let callback = shop.world.pretend.hubspot.enrol(DEMO, "deals", shop.deal, "create-invoice", &[]).unwrap();
    shop.world.pass(minutes(20));
    let told = shop.told(&callback);
    assert_eq!(told.code(), "KLEER_REJECTED");
    assert_snapshot!(told.output("error_message"), @"Kleer refused it: Perioden är stängd. Correct it, then enrol the record again.");
    shop.world.mend();
    shop.acts("create-invoice", &[]).id("kleer_invoice_id");
    assert_eq!(shop.world.kleer(|kleer| kleer.count(Kind::Invoice)), 1);
}

#[test]
fn choices_come_from_kleer() {
    let shop = Shop::open();
    let fetch = |input: &str, q: &str| {
        let body = serde_json::json!({
            "origin": { "portalId": 4242, "actionDefinitionId": 2, "actionDefinitionVersion": 3 },
            "objectTypeId": "0-3", "inputFieldName": input, "inputFields": {}, "fetchOptions": { "q": q },
        });
        call(&shop, "/actions/options", &body.to_string())
    };
    assert_snapshot!(fetch("delivery_type", "").1, @r#"{"options":[{"label":"Mail","description":"","value":"Mail"},{"label":"Email","description":"Default in Kleer","value":"Email"},{"label":"Manually","description":"","value":"Manually"},{"label":"Efaktura","description":"","value":"Efaktura"}],"searchable":true}"#);
    assert_snapshot!(fetch("delivery_type", "man").1, @r#"{"options":[{"label":"Manually","description":"","value":"Manually"}],"searchable":true}"#);
    assert_snapshot!(fetch("invoice_template", "").1, @r#"{"options":[{"label":"Standardfaktura","description":"Debetfakturor","value":"1"},{"label":"Kreditfaktura","description":"Kreditfakturor","value":"2"}],"searchable":true}"#);
    let users = fetch("our_reference", "").1;
    let some = shop.world.kleer(|kleer| kleer.users()[0].clone());
    assert!(users.contains(&format!("\"label\":\"{}\"", some.name)), "{users}");
    assert_eq!(fetch("po_number", "").0, 404);
    let other = r#"{"origin":{"portalId":777},"inputFieldName":"delivery_type"}"#;
    assert_snapshot!(call(&shop, "/actions/options", other).1, @r#"{"options":[],"searchable":true}"#);
}

#[test]
fn what_was_done_stands_on_the_activity_list() {
    let mut shop = Shop::open();
    shop.acts("create-invoice", &[("currency", "kr")]);
    shop.acts("create-invoice", &[]);
    let lines = |world: &World| {
        let portal = domain::PortalId(local::pretend::PORTAL);
        let found = world.clock.run(world.app().store.activities(portal, 20, None)).unwrap().lines;
        let actions = found.iter().filter(|line| line.message.starts_with("Create Kleer Invoice"));
        actions.map(|line| format!("{:?} {}", line.kind, line.message)).collect::<Vec<_>>().join("\n")
    };
    assert_snapshot!(lines(&shop.world), @"
    Action Create Kleer Invoice: created. The deal has no line items: the draft has no rows.
    ActionFailed Create Kleer Invoice: Currency: “kr” is not a currency. Write the three letters of the currency, such as SEK or EUR.
    ");
}
