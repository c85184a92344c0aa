//! HubSpot lets us in no more while an action runs: a token that was taken back is renewed at once, and a portal that left is told so.

use insta::assert_snapshot;
use kleer_sim::Kind;
use local::pretend::APP_TOKEN;

use super::{Shop, body};
use crate::install::{NEXT, installation, installs_with_clients, token_calls};
use crate::{World, client, minutes};

/// A portal that installed us through OAuth ten minutes ago, and a company in it that is no client yet.
fn installed() -> (World, u64) {
    let mut world = World::new();
    world.kleer(|kleer| kleer.add_client(client("Åkeri AB")));
    installs_with_clients(&mut world);
    world.pass(minutes(10));
    let company = world.pretend.hubspot.person_creates(4243, "companies", &[("name", "Nykund AB")]).unwrap();
    world.pretend.hubspot.clear_log();
    (world, company)
}

fn acts(world: &World, callback: &str, company: u64) -> (u16, String) {
    let answer = world.signed("POST", "/actions/create-client", body(callback, NEXT.0, "COMPANY", company, &[]));
    (answer.status().as_u16(), String::from_utf8_lossy(answer.body()).into_owned())
}

fn refusals(world: &World) -> usize {
    world.pretend.hubspot.requests().iter().filter(|line| line.status == 401).count()
}

#[test]
fn a_token_that_is_refused_before_its_time_is_renewed_within_the_call() {
    let (mut world, company) = installed();
    assert!(world.pretend.hubspot.expire_access_tokens(4243) > 0);
    let (status, answer) = acts(&world, "ap-4243-1-1-0", company);
    assert!(status == 200 && answer.contains(r#""result":"created""#), "{status} {answer}");
    assert_eq!((refusals(&world), token_calls(&world)), (1, 1));
    assert_eq!(world.kleer(|kleer| kleer.count(Kind::Client)), 2);
    world.pass(minutes(1));
}

#[test]
fn one_that_is_refused_in_the_midst_of_it_makes_nothing_twice() {
    let (mut world, company) = installed();
    // Only what is written at the end is refused, until the token is another.
    let fault = hubspot_sim::Fault::Status { status: 401, retry_after: None, saved: false, body: None };
    let matches = hubspot_sim::Match { method: Some("POST".into()), path_contains: Some("/batch/update".into()) };
    let rule = hubspot_sim::Rule { matches, probability: 1000, times: Some(1), skip: 0, fault };
    world.pretend.hubspot.faults(hubspot_sim::Faults { rules: vec![rule], ..hubspot_sim::Faults::default() });
    let (status, answer) = acts(&world, "ap-4243-1-1-0", company);
    assert!(status == 200 || status == 503, "{status} {answer}");
    world.pass(minutes(12));
    let (status, answer) = acts(&world, "ap-4243-1-1-0", company);
    assert!(status == 200 && answer.contains(r#""error_code":"""#), "{status} {answer}");
    assert_eq!(world.kleer(|kleer| kleer.count(Kind::Client)), 2);
    assert_eq!(token_calls(&world), 1);
    world.pass(minutes(1));
}

#[test]
fn a_portal_that_left_is_told_so_and_is_disconnected() {
    let (mut world, company) = installed();
    world.pretend.hubspot.person_uninstalls(4243);
    let (status, answer) = acts(&world, "ap-4243-1-1-0", company);
    assert_eq!(status, 200);
    assert_snapshot!(answer, @r#"{"outputFields":{"kleer_id":"","result":"failed","error_code":"NOT_CONNECTED","error_field":"","error_message":"HubSpot says that the app was uninstalled or its access taken back: install it again. HubSpot is not connected to Kleer. Open the settings of Kleer for HubSpot and connect it.","note":"","hs_execution_state":"FAIL_CONTINUE"}}"#);
    assert!(installation(&world).unwrap().disconnected.is_some());
    assert_eq!(world.kleer(|kleer| kleer.count(Kind::Client)), 1);
    // Nobody asks HubSpot again.
    world.pretend.hubspot.clear_log();
    assert!(acts(&world, "ap-4243-2-1-0", company).1.contains("NOT_CONNECTED"));
    assert_eq!((refusals(&world), token_calls(&world)), (0, 0));
    world.pass(minutes(1));
}

#[test]
fn a_401_that_no_token_helps_against_is_tried_again_by_hubspot() {
    let (mut world, company) = installed();
    let fault = hubspot_sim::Fault::Status { status: 401, retry_after: None, saved: false, body: None };
    world.break_hubspot("/crm/", fault);
    for callback in ["ap-4243-1-1-0", "ap-4243-1-1-0"] {
        assert_eq!(acts(&world, callback, company).0, 503);
        world.clock.advance(minutes(1));
    }
    assert!(installation(&world).unwrap().disconnected.is_none(), "HubSpot says that we are installed");
    world.mend();
    let (status, answer) = acts(&world, "ap-4243-1-1-0", company);
    assert!(status == 200 && answer.contains("created"), "{status} {answer}");
    world.pass(minutes(1));
}

#[test]
fn a_static_token_that_was_taken_back_is_told_so() {
    let mut shop = Shop::open();
    shop.world.pretend.hubspot.revoke_token(APP_TOKEN);
    let text = body("ap-4242-1-1-0", 4242, "DEAL", shop.deal, &[]);
    let answer = shop.world.signed("POST", "/actions/create-invoice", text);
    assert_eq!(answer.status(), 200);
    assert!(String::from_utf8_lossy(answer.body()).contains("NOT_CONNECTED"));
    assert_eq!(shop.world.kleer(|kleer| kleer.count(Kind::Invoice)), 0);
    shop.world.pass(minutes(1));
}
