//! Everything goes wrong that can, often, by seed; in the end HubSpot is what Kleer is.

use domain::ObjectType;
use local::pretend::{Faults, Scene};

use super::{World, minutes};

fn check(seed: u64, faults: Faults) {
    let mut world = World::with(Scene { seed, clients: 700, products: 120, faults, latency: true });
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
