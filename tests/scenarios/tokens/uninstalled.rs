//! The app is uninstalled: credentials are forgotten at once, everything else after thirty days, and nobody else's.

use super::*;
use crate::notices::every;

fn days(number: u64) -> Duration {
    hours(24 * number)
}

/// The keys of everything that is stored of a portal.
fn stored(world: &World, portal: PortalId) -> Vec<String> {
    let items = local::embedded::dump(&world.ground().database, &world.app().config.table_name).unwrap();
    let text = |item: &serde_json::Value, name: &str| item[name]["S"].as_str().unwrap_or_default().to_owned();
    let keys = items.iter().map(|item| (text(item, "pk"), text(item, "sk")));
    let ours = keys.filter(|(pk, _)| pk.split('#').next() == Some(&portal.to_string()));
    ours.map(|(pk, sk)| format!("{pk} {sk}")).collect()
}

/// From now on a portal is polled once a month: so that months pass in seconds.
fn rests(world: &mut World, portal: PortalId) {
    let month = 60 * 60 * 24 * 30;
    every(world, portal, month);
    if portal == PortalId(4242) {
        world.settings(ObjectType::Product, |settings| settings.interval_s = Some(month));
    }
    world.pass(minutes(31));
}

fn secrets(world: &World, portal: PortalId) -> usize {
    stored(world, portal).iter().filter(|key| key.contains(" secret#")).count()
}

#[test]
fn while_it_runs() {
    let mut world = in_sync();
    world.pass(minutes(1));
    assert_eq!(secrets(&world, NEXT), 2);
    let neighbours = stored(&world, PortalId(4242));
    world.pretend.hubspot.person_uninstalls(4243);
    calls_a_client(&world, "08-1");
    world.pass(minutes(20));
    let lost = installation(&world).unwrap().disconnected.expect("it is found out at the next run");
    assert_snapshot!(lost.reason, @"HubSpot says that the app was uninstalled or its access taken back: install it again.");
    assert_eq!(secrets(&world, NEXT), 0);
    assert!(stored(&world, NEXT).iter().any(|key| key.starts_with("4243#binding#")));

    // Polling stops.
    world.pretend.hubspot.clear_log();
    let _ = world.app().meters.take();
    world.pass(hours(5));
    assert_eq!(token_calls(&world), 0);
    assert_eq!(interrupted(&world), format!("portal 4243 is disconnected: {}", lost.reason));
    let error = world.clock.run(world.app().connect(NEXT)).unwrap_err();
    assert!(matches!(error, app::ConnectError::Disconnected { .. }), "{error}");

    // The neighbour goes on.
    assert_eq!(world.companies(&["phone"]), "1004 | 08-1");
    rests(&mut world, PortalId(4242));
    world.pass(days(29));
    assert!(stored(&world, NEXT).len() > 10, "its settings are kept");
    world.pass(days(1));
    assert_eq!(stored(&world, NEXT), Vec::<String>::new());
    let kept = stored(&world, PortalId(4242));
    let missing: Vec<&String> = neighbours.iter().filter(|key| !kept.contains(key)).collect();
    assert_eq!(missing, Vec::<&String>::new());
}

#[test]
fn and_installed_again_in_time_nothing_is_forgotten() {
    let mut world = in_sync();
    world.pretend.hubspot.person_uninstalls(4243);
    world.pass(hours(1));
    assert!(!is_connected(&world));
    rests(&mut world, PortalId(4242));
    world.pass(days(28));
    installs(&world);
    connects_kleer(&world);
    calls_a_client(&world, "08-1");
    world.pass(minutes(1));
    assert_eq!(companies(&world), "1004 | Åkeri AB | 08-1");
    rests(&mut world, NEXT);
    world.pass(days(5));
    assert_eq!(secrets(&world, NEXT), 2);
    assert_eq!(companies(&world), "1004 | Åkeri AB | 08-1");
}

#[test]
fn and_installed_again_too_late_it_begins_anew() {
    let mut world = in_sync();
    world.pretend.hubspot.person_uninstalls(4243);
    world.pass(hours(1));
    rests(&mut world, PortalId(4242));
    world.pass(days(31));
    assert_eq!(installation(&world), None);
    installs(&world);
    connects_kleer(&world);
    switches_clients_on(&world);
    calls_a_client(&world, "08-1");
    world.pass(minutes(2));
    // The company is found by its Kleer id, and not made twice.
    assert_eq!(companies(&world), "1004 | Åkeri AB | 08-1");
}

#[test]
fn the_account_is_gone() {
    let mut world = in_sync();
    world.pretend.hubspot.switch(4243, |switches| switches.portal_gone = true);
    world.pass(hours(1));
    assert!(!is_connected(&world));
    assert_eq!(secrets(&world, NEXT), 0);
}

#[test]
fn an_access_token_that_outlives_the_install_ends_with_its_time() {
    let mut world = in_sync();
    world.pretend.hubspot.switch(4243, |switches| switches.access_outlives_uninstall = true);
    world.pretend.hubspot.person_uninstalls(4243);
    calls_a_client(&world, "08-1");
    polls_now(&mut world);
    assert!(is_connected(&world), "HubSpot still takes it");
    world.pass(hours(1));
    assert!(!is_connected(&world));
}

#[test]
fn an_install_is_never_ended_by_what_was_found_out_about_the_one_before() {
    let world = in_sync();
    let app = world.app();
    world.clock.advance(hours(8));
    world.pretend.hubspot.person_uninstalls(4243);
    broken(&world, "/oauth/2026-09/token", hubspot_sim::Fault::LatencyMs { base: 5_000, per_record: 0 });
    // The old refresh token is tried, and the answer takes five seconds; meanwhile the portal is installed again.
    let renewing = app.connect(NEXT);
    let installing = async {
        app.clock.sleep(seconds(1)).await;
        world.mend();
        let code = world.pretend.hubspot.person_consents(4243).unwrap();
        portal::install(app, &code, "http://127.0.0.1:8080/oauth/callback").await.unwrap()
    };
    let (renewed, installed) = world.clock.run(futures::future::join(renewing, installing));
    assert!(renewed.is_err());
    assert_eq!(installed.kleer_company, Some(KleerCompanyId(1)));
    assert!(is_connected(&world));
    let error = world.clock.run(app.hubspot(NEXT)).map(|_| ()).err();
    assert!(error.is_none(), "{error:?}");
    // Left for later: the properties of the new install.
    let mut world = world;
    world.pass(minutes(1));
}
