//! HubSpot's access tokens live for half an hour: they are renewed once, whoever needs them, and an app that was uninstalled is
//! found out by that.

use std::time::Duration;

use domain::{KleerCompanyId, ObjectType, PortalId};
use futures::future::join_all;
use insta::assert_snapshot;
use local::machine::Machine;

use super::install::{
    NEXT, companies, connects_kleer, installation, installs, installs_with_clients, switches_clients_on, token_calls,
};
use super::{World, client, hours, minutes, seconds};

mod uninstalled;

/// A portal that installed us, with a client in sync.
fn in_sync() -> World {
    let mut world = World::new();
    world.kleer(|kleer| kleer.add_client(client("Åkeri AB")));
    installs_with_clients(&mut world);
    assert_eq!(companies(&world), "1004 | Åkeri AB | -");
    world.pretend.hubspot.clear_log();
    world
}

fn calls_a_client(world: &World, phone: &str) {
    world.edit_client("Åkeri AB", |client| client.phone = phone.into());
}

/// How many answers of HubSpot's CRM were 401.
fn unauthorized(world: &World) -> usize {
    world.pretend.hubspot.requests().iter().filter(|line| line.status == 401).count()
}

fn is_connected(world: &World) -> bool {
    installation(world).unwrap().disconnected.is_none()
}

fn interrupted(world: &World) -> String {
    let report = world.clock.run(world.app().store.run_report(NEXT, ObjectType::Client)).unwrap();
    report.interrupted.unwrap_or_default()
}

fn polls_now(world: &mut World) {
    let now = world.clock.now();
    world.clock.run(world.app().store.bring_forward(NEXT, ObjectType::Client, now)).unwrap();
    world.pass(minutes(2));
}

/// How often a renewal failed, as the alarm sees it.
fn failures(world: &World) -> u64 {
    world.app().meters.take().token_refresh_failures
}

fn broken(world: &World, path: &str, fault: hubspot_sim::Fault) {
    world.break_hubspot(path, fault);
}

fn status(status: u16, body: serde_json::Value) -> hubspot_sim::Fault {
    hubspot_sim::Fault::Status { status, retry_after: None, saved: false, body: Some(body) }
}

#[test]
fn a_working_day_needs_a_token_every_half_hour() {
    let mut world = in_sync();
    for hour in 0..8 {
        calls_a_client(&world, &format!("08-{hour}"));
        world.pass(hours(1));
    }
    assert_eq!(companies(&world), "1004 | Åkeri AB | 08-7");
    assert_eq!(unauthorized(&world), 0, "never by a 401");
    let renewed = token_calls(&world);
    // Polled every quarter of an hour, a token with less than five minutes left is renewed.
    assert!((14..=20).contains(&renewed), "{renewed}");
}

#[test]
fn many_jobs_of_two_processes_renew_it_once() {
    let mut world = in_sync();
    world.pretend.hubspot.switch(4242, |switches| switches.limits_off = true);
    let config = world.app().config.clone();
    let over = Machine::over(config, world.ground(), world.clock.clone(), world.transports());
    let other = world.clock.run(over).unwrap();
    // The night passes without work.
    world.clock.advance(hours(8));
    broken(&world, "/oauth/", hubspot_sim::Fault::LatencyMs { base: 3_000, per_record: 0 });
    let apps = [world.app(), &other.app];
    let jobs = (0..40).map(|job| apps[job % 2].connect(NEXT));
    let connected = world.clock.run(join_all(jobs));
    assert!(connected.iter().all(Result::is_ok), "{connected:?}");
    assert_eq!(token_calls(&world), 1);
    world.mend();
    world.pass(minutes(1));
}

#[test]
fn the_old_token_serves_while_the_new_one_is_fetched() {
    let world = in_sync();
    world.clock.advance(minutes(24));
    broken(&world, "/oauth/", hubspot_sim::Fault::LatencyMs { base: 5_000, per_record: 0 });
    // Renewed by the first; nobody else waits.
    world.clock.advance(minutes(3));
    let begun = world.clock.now();
    let app = world.app();
    let waits = world.clock.run(join_all((0..5).map(async |_| {
        app.connect(NEXT).await.unwrap();
        app.clock.now().duration_since(begun).as_secs()
    })));
    assert_eq!((token_calls(&world), waits.iter().filter(|waited| **waited == 0).count()), (1, 4), "{waits:?}");
}

#[test]
fn a_process_that_dies_while_it_renews_holds_nobody_up_for_long() {
    let mut world = in_sync();
    world.clock.advance(hours(8));
    broken(&world, "/oauth/", hubspot_sim::Fault::LatencyMs { base: 60_000, per_record: 0 });
    // It began, and never came back.
    let app = world.app();
    world.clock.run(app.clock.timeout(seconds(1), app.connect(NEXT))).unwrap_err();
    world.mend();
    let begun = world.clock.now();
    world.clock.run(app.connect(NEXT)).unwrap();
    let waited = world.clock.now().duration_since(begun).as_secs();
    assert!((20..=31).contains(&waited), "{waited}");
    world.pass(minutes(1));
}

/// Everybody is left connected, the failure is counted, and when it is over all is as before.
fn recovers(mut world: World, mend: impl FnOnce(&mut World), within: Duration) -> String {
    calls_a_client(&world, "08-1");
    world.clock.advance(hours(8));
    let _ = failures(&world);
    polls_now(&mut world);
    let said = interrupted(&world);
    assert!(is_connected(&world) && failures(&world) > 0);
    assert_eq!(companies(&world), "1004 | Åkeri AB | -");
    mend(&mut world);
    world.pass(within);
    assert_eq!(companies(&world), "1004 | Åkeri AB | 08-1");
    assert!(is_connected(&world));
    assert_eq!(interrupted(&world), "");
    said
}

#[test]
fn our_own_secret_is_wrong() {
    let mut world = in_sync();
    let good = std::mem::replace(&mut world.machine.app.client_secrets, vec!["rotated-away".into()]);
    let said = recovers(world, |world| world.machine.app.client_secrets = good, hours(1));
    assert!(said.contains("could not be renewed"), "{said}");
}

#[test]
fn the_app_is_not_configured_any_more() {
    let mut world = in_sync();
    let id = world.machine.app.config.hubspot_client_id.take();
    let said = recovers(world, |world| world.machine.app.config.hubspot_client_id = id, hours(2));
    assert!(said.contains("HUBSPOT_CLIENT_ID is not configured"), "{said}");
}

#[test]
fn hubspot_answers_something_unknown() {
    let world = in_sync();
    broken(&world, "/oauth/", status(400, serde_json::json!({ "status": "BAD_WEATHER", "message": "?" })));
    recovers(world, |world| world.mend(), hours(1));
}

#[test]
fn the_token_endpoint_forbids() {
    let world = in_sync();
    broken(&world, "/oauth/", status(403, serde_json::json!({ "message": "forbidden" })));
    recovers(world, |world| world.mend(), hours(1));
}

#[test]
fn the_token_endpoint_is_too_busy() {
    let world = in_sync();
    broken(&world, "/oauth/", hubspot_sim::Fault::RateLimited { retry_after: Some(60) });
    recovers(world, |world| world.mend(), hours(1));
}

#[test]
fn the_token_endpoint_cannot_be_reached() {
    let world = in_sync();
    broken(&world, "/oauth/", hubspot_sim::Fault::Reset { saved: false });
    recovers(world, |world| world.mend(), hours(1));
}

#[test]
fn a_failing_renewal_is_not_repeated_by_every_job() {
    let world = in_sync();
    world.clock.advance(hours(8));
    broken(&world, "/oauth/", status(403, serde_json::json!({ "message": "forbidden" })));
    let app = world.app();
    let failed = world.clock.run(join_all((0..30).map(|_| app.connect(NEXT))));
    assert!(failed.iter().all(|one| one.as_ref().is_err_and(app::ConnectError::is_transient)), "{failed:?}");
    assert_eq!(token_calls(&world), 1);
}

#[test]
fn a_token_that_is_refused_before_its_time_is_renewed_once() {
    let mut world = in_sync();
    assert!(world.pretend.hubspot.expire_access_tokens(4243) > 0);
    calls_a_client(&world, "08-1");
    polls_now(&mut world);
    assert_eq!(companies(&world), "1004 | Åkeri AB | 08-1");
    assert_eq!((token_calls(&world), is_connected(&world)), (1, true));
    assert_eq!(interrupted(&world), "");
}

#[test]
fn a_401_that_no_token_helps_against_is_an_error_like_any_other() {
    let mut world = in_sync();
    calls_a_client(&world, "08-1");
    broken(&world, "/crm/", status(401, serde_json::json!({ "category": "INVALID_AUTHENTICATION", "message": "?" })));
    polls_now(&mut world);
    world.pass(minutes(5));
    assert_snapshot!(interrupted(&world), @"HubSpot does not accept this connection any more: connect HubSpot again (with a static token: save a new one).");
    assert_eq!(
        (token_calls(&world), is_connected(&world)),
        (1, true),
        "one more token was tried, and HubSpot says that we are installed"
    );
    world.mend();
    world.pass(hours(1));
    assert_eq!(companies(&world), "1004 | Åkeri AB | 08-1");
}

#[test]
fn a_static_token_is_never_renewed() {
    let mut world = World::new();
    world.pretend.hubspot.clear_log();
    world.pass(hours(2));
    assert_eq!(token_calls(&world), 0);
    let tokens = world.clock.run(world.app().store.hubspot_tokens(PortalId(4242))).unwrap().unwrap().value;
    assert_eq!((tokens.refresh, tokens.expires_at), (None, None));
}
