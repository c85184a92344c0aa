//! The process is killed at every call to the outside while a record is made; HubSpot calls again.

use domain::ObjectType;
use kleer_sim::Kind;
use local::fuse::Moment;

use super::{Asking, Told, answered, company, invoice, minutes, project, shop_with};
use crate::World;

/// Kills the process at each of its calls in turn, until it comes through; how many there were.
fn killed(moment: Moment, ask: fn(&World) -> Asking, kind: Kind, hubspot_object: &str) -> u64 {
    let objects: &[ObjectType] = match kind {
        Kind::Invoice => &[ObjectType::Client, ObjectType::Invoice, ObjectType::LineItem],
        Kind::Project => &[ObjectType::Client, ObjectType::Project],
        _ => &[ObjectType::Client],
    };
    for call in 1.. {
        let mut world = shop_with(objects);
        let (in_kleer, in_hubspot) = (world.kleer(|kleer| kleer.count(kind)), world.records(hubspot_object).len());
        let asking = ask(&world);
        let told = format!("killed {moment:?} call {call}");
        world.dies_at(call, moment);
        let first = world.does(asking.call(world.app()));
        let died = first.is_none();
        world.restart();
        // It may have died with everything done.
        let last = answered(&mut world, &asking);
        assert!(matches!(last, Told::Made(_) | Told::Skipped), "{told}: {last:?}");
        // A binding that the dead process had taken is free again after ten minutes.
        world.pass(minutes(12));
        assert_eq!(world.kleer(|kleer| kleer.count(kind)), in_kleer + 1, "{told}");
        assert_eq!(world.records(hubspot_object).len(), in_hubspot + 1, "{told}");
        assert_eq!(world.does(asking.call(world.app())), Some(Told::Skipped), "{told}");
        let writes = world.writes();
        objects.iter().filter(|object| ObjectType::POLLED.contains(object)).for_each(|object| world.poll_now(*object));
        assert_eq!(world.writes(), writes, "{told}: a later run wrote");
        // HubSpot still has to say what was written last.
        world.pass(minutes(1));
        if !died {
            return call;
        }
    }
    0
}

#[test]
fn before_every_call_of_an_invoice() {
    assert!(killed(Moment::Before, invoice, Kind::Invoice, "invoices") > 10);
}

#[test]
fn after_every_call_of_an_invoice() {
    assert!(killed(Moment::After, invoice, Kind::Invoice, "invoices") > 10);
}

#[test]
fn before_every_call_of_a_project() {
    assert!(killed(Moment::Before, |world| project(world, ""), Kind::Project, "projects") > 10);
}

#[test]
fn after_every_call_of_a_project() {
    assert!(killed(Moment::After, |world| project(world, ""), Kind::Project, "projects") > 10);
}

#[test]
fn before_every_call_of_a_client() {
    assert!(killed(Moment::Before, company, Kind::Client, "companies") > 15);
}

#[test]
fn after_every_call_of_a_client() {
    assert!(killed(Moment::After, company, Kind::Client, "companies") > 15);
}
