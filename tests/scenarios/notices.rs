//! A person is told once that a portal is in trouble, and once that it is well again.

use std::sync::{Arc, Mutex};

use app::{AwsAccess, Post};
use domain::{ObjectType, PortalId};
use futures::FutureExt as _;
use insta::assert_snapshot;
use rest::Transport;

use super::install::{NEXT, connects_kleer, installs, installs_with_clients};
use super::{World, client, hours, minutes};

type Letters = Arc<Mutex<Vec<String>>>;

/// A post office that takes every letter but the first few; address and subject of each that it took.
fn post_office(world: &mut World, refused: usize) -> Letters {
    let letters = Letters::default();
    let taken = letters.clone();
    let seen = Arc::new(Mutex::new(0));
    let transport = Transport::in_process(Arc::new(move |request: http::Request<bytes::Bytes>| {
        let mut seen = seen.lock().unwrap();
        *seen += 1;
        let status = if *seen <= refused { 503 } else { 200 };
        if status == 200 {
            let letter: serde_json::Value = serde_json::from_slice(request.body()).unwrap();
            let subject = &letter["Content"]["Simple"]["Subject"]["Data"];
            let line = format!("{}: {}", letter["Destination"]["ToAddresses"][0], subject);
            taken.lock().unwrap().push(line.replace('"', ""));
        }
        async move { Ok(http::Response::builder().status(status).body(bytes::Bytes::from_static(b"{}")).unwrap()) }
            .boxed()
    }));
    let access = AwsAccess {
        region: "eu-north-1".into(),
        key_id: "AKIDEXAMPLE".into(),
        key: "key-of-aws".into(),
        session: None,
        endpoint: None,
    };
    world.machine.app.post = Post::ses(access, "kleer@example.se".into(), transport, world.clock.clone());
    letters
}

fn taken(letters: &Letters) -> String {
    letters.lock().unwrap().join("\n")
}

/// A portal that installed us, with a client in sync, and a post office.
fn installed(refused: usize) -> (World, Letters) {
    let mut world = World::new();
    let letters = post_office(&mut world, refused);
    world.kleer(|kleer| kleer.add_client(client("Åkeri AB")));
    installs_with_clients(&mut world);
    (world, letters)
}

fn errands(world: &World) -> usize {
    world.clock.run(world.app().store.errands(jiff::Timestamp::MAX, 100)).unwrap().len()
}

#[test]
fn a_portal_that_is_well_hears_nothing() {
    let (mut world, letters) = installed(0);
    world.pass(hours(5));
    assert_eq!((taken(&letters).as_str(), errands(&world)), ("", 0));
}

#[test]
fn the_connection_is_lost_and_found() {
    let (mut world, letters) = installed(0);
    world.pretend.hubspot.person_uninstalls(4243);
    world.pass(hours(26));
    assert_snapshot!(taken(&letters), @"admin@example.com: Kleer for HubSpot: account 4243 is disconnected");
    installs(&world);
    world.pass(minutes(30));
    assert_eq!(letters.lock().unwrap().len(), 1, "the key of Kleer is still missing");
    connects_kleer(&world);
    world.pass(hours(2));
    assert_snapshot!(taken(&letters), @r"
    admin@example.com: Kleer for HubSpot: account 4243 is disconnected
    admin@example.com: Kleer for HubSpot: account 4243 is well again
    ");
    assert_eq!(errands(&world), 0);
}

#[test]
fn a_type_misses_three_intervals_and_catches_up() {
    let (mut world, letters) = installed(0);
    world.pass(minutes(20));
    let fault = || kleer_sim::Fault::Status { status: 503, retry_after: None, saved: false, body: None };
    world.break_kleer("/company/1/", fault());
    world.pass(minutes(25));
    assert_eq!(taken(&letters), "");
    world.pass(minutes(50));
    // The demo's portal has no installing user: what is wrong with it is a line in the log.
    assert_snapshot!(taken(&letters), @"admin@example.com: Kleer for HubSpot: account 4243 is not up to date");
    world.mend();
    world.pass(minutes(30));
    assert_snapshot!(taken(&letters), @r"
    admin@example.com: Kleer for HubSpot: account 4243 is not up to date
    admin@example.com: Kleer for HubSpot: account 4243 is well again
    ");
    let log = world.take_log();
    let lines = |text: &str| log.lines().filter(|line| line.contains("notice: ") && line.contains(text)).count();
    assert_eq!((lines("account 4242 is not up to date"), lines("account 4242 is well again")), (1, 1));
    assert_eq!(errands(&world), 0);
}

#[test]
fn a_letter_that_is_refused_is_sent_again_until_it_is_taken() {
    let (mut world, letters) = installed(3);
    world.pretend.hubspot.person_uninstalls(4243);
    world.pass(hours(2));
    assert_eq!(letters.lock().unwrap().len(), 1);
}

#[test]
fn a_run_that_takes_long_and_lives_is_no_trouble() {
    let (mut world, letters) = installed(0);
    world.pass(minutes(20));
    // Another process has a run, and shows signs of life for an hour and a half.
    let (store, now) = (&world.app().store, world.clock.now());
    let lease = domain::schedule::later(now, minutes(90));
    let run = store.start_run(NEXT, ObjectType::Client, "of another process", now, now, lease);
    assert!(world.clock.run(run).unwrap().is_some());
    world.pass(minutes(85));
    assert_eq!((taken(&letters).as_str(), errands(&world)), ("", 1), "somebody looked, and did not worry");
    // It died. The next run does its work.
    world.pass(minutes(30));
    assert_eq!((taken(&letters).as_str(), errands(&world)), ("", 0));
}

/// Clients are on in the portal, and polled that often.
pub(super) fn every(world: &World, portal: PortalId, seconds: u32) {
    let store = &world.app().store;
    world.clock.run(async {
        let mut found = store.settings(portal, ObjectType::Client).await.unwrap().unwrap();
        (found.value.enabled, found.value.interval_s) = (true, Some(seconds));
        assert!(store.put_settings(portal, &found.value, found.version).await.unwrap());
    });
}
