//! Everything goes wrong that can, often, by seed; in the end HubSpot is what Kleer is.

use domain::ObjectType;
use local::pretend::{Faults, Scene};

use super::{World, minutes};

/// Everything that both services were asked, in order, with the moment and the answer's status.
fn requests(seed: u64) -> Vec<String> {
    let mut world = World::with(Scene { seed, faults: Faults::Heavy, latency: true, ..Scene::of(350, 20) });
    world.forgive();
    world.pass(minutes(40));
    let kleer = world.pretend.kleer.requests().into_iter().map(|request| format!("{request:?}"));
    let hubspot = world.pretend.hubspot.requests().into_iter().map(|request| format!("{request:?}"));
    kleer.chain(hubspot).collect()
}

#[test]
fn a_seed_replays_exactly() {
    let first = requests(5);
    assert!(first.len() > 12, "{first:#?}");
    assert_eq!(first, requests(5));
    assert_ne!(first, requests(6));
}

#[test]
fn the_limit_is_never_met_however_much_there_is_to_write() {
    let mut world = World::with(Scene { latency: true, ..Scene::of(6_000, 0) });
    let begun = world.clock.now();
    world.pass(minutes(1));
    assert_eq!(world.hubspot_calls().rate_limited, 0);
    let report = world.report(ObjectType::Client);
    assert_eq!(report.counts.created, 6_000);
    // Sixty calls at nine a second take 6.7 s; the rest is reading, properties and the last answers.
    let took = report.finished_at.unwrap().duration_since(begun).as_secs();
    assert!(took <= 9, "the first sync took {took} s");
}

fn check(seed: u64, faults: Faults) {
    let mut world = World::with(Scene { seed, faults, latency: true, ..Scene::of(700, 120) });
    world.forgive();
    world.pass(minutes(90));
    world.poll_now(ObjectType::Product);
    world.pass(minutes(30));
    let told = format!("seed {seed}, {faults:?}");
    assert_eq!(world.records("companies").len(), 700, "{told}");
    assert_eq!(world.records("products").len(), 120, "{told}");
    assert_eq!(world.problems(ObjectType::Client), "", "{told}");
    world.pretend.kleer.faults(kleer_sim::Faults::none(seed));
    world.pretend.hubspot.faults(hubspot_sim::Faults::none(seed));
    world.pass(minutes(60));
    let writes = world.writes();
    world.pass(minutes(60));
    world.poll_now(ObjectType::Product);
    assert_eq!(world.writes(), writes, "{told}: not quiet when idle");
}

#[test]
fn light() {
    (1..=3).for_each(|seed| check(seed, Faults::Light));
}

#[test]
fn heavy() {
    (1..=4).for_each(|seed| check(seed, Faults::Heavy));
}
