//! The process is killed at every moment that can be told apart from outside: before and after every call to the store, to
//! Kleer and to HubSpot. Started again over the same store, it loses nothing and doubles nothing.

use domain::ObjectType;
use local::fuse::Moment;
use tests::Ending;

use super::{World, client, minutes, product};

const CLIENTS: usize = 3;
/// Longer than every lease and the slot after it.
const AFTERWARDS: std::time::Duration = minutes(31);

/// Two types, first sync and an edit: everything that a run does.
fn company() -> World {
    let world = World::new();
    world.kleer(|kleer| {
        for number in 0..CLIENTS {
            kleer.add_client(client(&format!("Kund {number} AB")));
        }
        kleer.add_product(product("Timme", 100_000));
    });
    world
}

fn killed_at(call: u64, moment: Moment) -> Ending {
    let mut world = company();
    world.dies_at(call, moment);
    let ending = world.pass(minutes(5));
    world.restart();
    world.pass(AFTERWARDS);
    let told = format!("killed {moment:?} call {call}");
    assert_eq!(world.records("companies").len(), CLIENTS, "{told}");
    assert!(world.table("companies", &["name"]).ends_with("| Kund 2 AB"), "{told}");
    world.poll_now(ObjectType::Product);
    assert_eq!(world.records("products").len(), 1, "{told}");
    let before = world.writes();
    world.poll_now(ObjectType::Client);
    world.poll_now(ObjectType::Product);
    assert_eq!(world.writes(), before, "{told}: the second run wrote");
    ending
}

fn first_sync(moment: Moment) {
    let mut call = 1;
    while killed_at(call, moment) == Ending::Died {
        call += 1;
    }
    assert!(call > 60, "the whole first sync took only {call} calls: the fuse does not see them all");
}

#[test]
fn before_every_call_of_the_first_sync() {
    first_sync(Moment::Before);
}

#[test]
fn after_every_call_of_the_first_sync() {
    first_sync(Moment::After);
}

fn edit(moment: Moment) {
    for call in 1.. {
        let mut world = company();
        world.pass(minutes(5));
        world.kleer(|kleer| {
            let id = kleer.clients()[0].id;
            kleer.edit_client(id, |client| client.phone = "08-123 45 67".to_owned());
        });
        world.dies_at(call, moment);
        let ending = world.pass(minutes(20));
        world.restart();
        world.pass(AFTERWARDS);
        let phones = world.table("companies", &["phone"]);
        assert!(phones.starts_with("1004 | 08-123 45 67"), "killed {moment:?} call {call}: {phones}");
        let before = world.writes();
        world.poll_now(ObjectType::Client);
        assert_eq!(world.writes(), before, "killed {moment:?} call {call}: the second run wrote");
        if ending == Ending::Passed {
            break;
        }
    }
}

#[test]
fn before_every_call_of_an_edit() {
    edit(Moment::Before);
}

#[test]
fn after_every_call_of_an_edit() {
    edit(Moment::After);
}
