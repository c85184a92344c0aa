//! Creates of which nobody knows what became of them.

use std::time::Duration;

use domain::ObjectType;
use insta::assert_snapshot;
use kleer_sim::faults::{Match, Rule};
use kleer_sim::{Fault, Faults, Kind};

use super::{
    Asking, Told, agreement, answered, company, in_kleer, invoice, minutes, project, seconds, shop, shop_with,
};
use crate::World;

/// What happens to the next create in Kleer, once.
fn breaks(world: &World, fault: Fault) {
    let matching = Match { method: Some("PUT".to_owned()), path_contains: None };
    let rule = Rule { matching, probability: 1000, times: Some(1), skip: None, fault };
    world.pretend.kleer.faults(Faults { rules: vec![rule], ..Faults::default() });
}

/// How often Kleer was asked to create, and for a list.
fn asked(world: &World) -> (usize, usize) {
    let requests = world.pretend.kleer.requests();
    let lists =
        |path: &str| path.contains("filter=") || path.ends_with("/client") || path.ends_with("/client/agreement");
    let creates = requests.iter().filter(|one| one.method == "PUT").count();
    (creates, requests.iter().filter(|one| one.method == "GET" && lists(&one.path)).count())
}

/// A create that is struck, for each kind of record; how it ends, and after how long.
fn check(fault: &Fault) -> String {
    let kinds: [(Asks, Kind, ObjectType); 5] = [
        (invoice, Kind::Invoice, ObjectType::Invoice),
        (agreement, Kind::Agreement, ObjectType::Agreement),
        (|world| project(world, ""), Kind::Project, ObjectType::Project),
        (|world| project(world, "P-7"), Kind::Project, ObjectType::Project),
        (company, Kind::Client, ObjectType::Product),
    ];
    let ended = kinds.map(|(ask, kind, object)| {
        let mut world = shop_with(&[ObjectType::Client, object]);
        let others = world.kleer(|kleer| kleer.count(kind));
        let asking = ask(&world);
        world.pretend.kleer.forget_requests();
        breaks(&world, fault.clone());
        let before = world.clock.now();
        let told = answered(&mut world, &asking);
        let creates = asked(&world).0;
        assert!(matches!(told, Told::Made(_)), "{kind:?}: {told:?}");
        let waited = Duration::try_from(world.clock.now().duration_since(before)).unwrap().as_secs() / 60;
        world.pass(minutes(3));
        assert_eq!(
            world.kleer(|kleer| kleer.count(kind)),
            others + 1,
            "{kind:?} {fault:?}: {}",
            in_kleer(&world, kind)
        );
        assert_eq!(world.does(asking.call(world.app())), Some(Told::Skipped));
        format!("{creates} in {waited} min")
    });
    ended.join(", ")
}

/// What asks for a record of some kind.
type Asks = fn(&World) -> Asking;

#[test]
fn every_fault_of_a_create_ends_in_one_record() {
    let status = |status, saved, body: Option<&str>| Fault::Status {
        status,
        retry_after: None,
        saved,
        body: body.map(str::to_owned),
    };
    // Done, though the answer was lost.
    assert_snapshot!(check(&Fault::Reset { saved: true }), @"1 in 0 min, 1 in 0 min, 1 in 0 min, 1 in 0 min, 1 in 0 min");
    assert_snapshot!(check(&Fault::Truncated { saved: true }), @"1 in 0 min, 1 in 0 min, 1 in 0 min, 1 in 0 min, 1 in 0 min");
    assert_snapshot!(check(&Fault::Html { status: 504, saved: true }), @"1 in 0 min, 1 in 0 min, 1 in 0 min, 1 in 0 min, 1 in 0 min");
    assert_snapshot!(check(&status(500, true, None)), @"1 in 0 min, 1 in 0 min, 1 in 0 min, 1 in 0 min, 1 in 0 min");
    assert_snapshot!(check(&Fault::LatencyMs { base: 100_000, per_record: 0 }), @"0 in 1 min, 0 in 1 min, 0 in 1 min, 0 in 1 min, 0 in 1 min");
    // Not done, and nobody knows.
    assert_snapshot!(check(&Fault::Reset { saved: false }), @"2 in 2 min, 2 in 2 min, 2 in 2 min, 2 in 2 min, 2 in 2 min");
    assert_snapshot!(check(&Fault::Empty {}), @"2 in 2 min, 2 in 2 min, 2 in 2 min, 2 in 2 min, 2 in 2 min");
    assert_snapshot!(check(&status(503, false, Some(""))), @"2 in 2 min, 2 in 2 min, 2 in 2 min, 2 in 2 min, 2 in 2 min");
    // Not done, and Kleer says so.
    assert_snapshot!(check(&status(500, false, None)), @"2 in 0 min, 2 in 0 min, 2 in 0 min, 2 in 0 min, 2 in 0 min");
    assert_snapshot!(check(&status(429, false, None)), @"2 in 2 min, 2 in 2 min, 2 in 2 min, 2 in 2 min, 2 in 2 min");
    // Done when nobody waits for it any more.
    assert_snapshot!(check(&Fault::Late { after: 30_000 }), @"1 in 2 min, 1 in 2 min, 1 in 2 min, 1 in 2 min, 1 in 2 min");
}

#[test]
fn what_was_not_sent_is_not_looked_for() {
    let mut world = shop();
    // Others have all of Kleer's turns for the next ten seconds: the action is told to come again before anything goes out.
    let asking = invoice(&world);
    world.pretend.kleer.forget_requests();
    let told = world.does(async {
        let app = world.app();
        let connection = app.connect(domain::PortalId(local::pretend::PORTAL)).await.unwrap();
        let others = futures::future::join_all((0..60).map(|_| connection.kleer.me()));
        futures::future::join(others, async {
            app.clock.sleep(Duration::from_millis(1)).await;
            asking.call(app).await
        })
        .await
        .1
    });
    assert_eq!(told, Some(Told::Again(seconds(10))));
    assert_eq!(asked(&world).0, 0);
    assert_eq!(world.does(asking.call(world.app())), Some(Told::Made(1004)), "at once, without looking");
    assert_eq!(asked(&world), (1, 0));
    world.pass(minutes(1));
}

#[test]
fn a_poll_that_meets_a_client_before_its_binding_updates_its_company() {
    let mut world = shop();
    let asking = company(&world);
    // Made, the answer lost, and Kleer away for the moment in which it is looked for.
    let matching = |method: &str| Match { method: Some(method.to_owned()), path_contains: Some("/client".to_owned()) };
    let rule = |method, fault| Rule { matching: matching(method), probability: 1000, times: None, skip: None, fault };
    let away = Fault::Status { status: 503, retry_after: None, saved: false, body: None };
    let rules = vec![rule("PUT", Fault::Reset { saved: true }), rule("GET", away)];
    world.pretend.kleer.faults(Faults { rules, ..Faults::default() });
    assert!(matches!(world.does(asking.call(world.app())), Some(Told::Again(_))));
    world.mend();
    world.poll_now(ObjectType::Client);
    assert_snapshot!(world.companies(&["name", "domain"]), @r"
    1004 | Åkeri AB | -
    1006 | Ny AB | ny.se
    ");
    assert_eq!(answered(&mut world, &asking), Told::Skipped);
    world.pass(minutes(1));
    assert_eq!(world.records("companies").len(), 2);
}
