//! The process dies while HubSpot speaks to it.

use local::fuse::Moment;

use super::*;
use tests::Ending;

#[test]
fn what_was_answered_with_200_is_never_lost() {
    let mut world = World::new();
    let id = world.kleer(|kleer| kleer.add_client(client("Åkeri AB")));
    world.pass(minutes(1));
    let company = world.records("companies")[0].id;
    // HubSpot says it once, to a process that is killed right after its answer.
    world.lose_webhooks(true);
    world.person_edits("companies", company, &[("name", "Nya Åkeriet AB")]);
    let answer = world.signed("POST", PATH, body(&[event("company.propertyChange", company)]));
    assert_eq!(answer.status(), StatusCode::OK);
    world.restart();
    assert_eq!(world.app().queue.depth(QueueName::Change), 1);
    world.pass(seconds(5));
    assert_eq!(world.kleer(|kleer| kleer.client(id).unwrap().name), "Nya Åkeriet AB");
}

/// An edit in HubSpot arrives in Kleer, whichever call to the outside the process dies at while it is told and imported: every
/// second call from `first` on.
fn check(moment: Moment, first: u64) {
    for call in (first..200).step_by(2) {
        let mut world = World::new();
        let id = world.kleer(|kleer| kleer.add_client(client("Åkeri AB")));
        world.pass(minutes(1));
        world.person_edits("companies", world.records("companies")[0].id, &[("name", "Nya Åkeriet AB")]);
        world.dies_at(call, moment);
        let ending = world.pass(seconds(20));
        world.restart();
        // What was taken waits in the queue; what was not, HubSpot tells again within a day.
        let name = |world: &World| world.kleer(|kleer| kleer.client(id).unwrap().name);
        let spans = std::iter::once(seconds(30)).chain(std::iter::repeat_n(minutes(15), 100));
        for span in spans {
            world.pass(span);
            if name(&world) == "Nya Åkeriet AB" {
                break;
            }
        }
        assert_eq!(name(&world), "Nya Åkeriet AB", "killed at call {call}, {moment:?}");
        assert_eq!(world.companies(&["name"]), "1004 | Nya Åkeriet AB");
        if ending == Ending::Passed {
            assert!(call > 5, "the process died at some call");
            world.pass(minutes(16));
            assert_eq!(name(&world), "Nya Åkeriet AB", "the next poll leaves it");
            return;
        }
    }
    panic!("an edit takes less than 200 calls");
}

#[test]
fn before_any_odd_call() {
    check(Moment::Before, 1);
}

#[test]
fn before_any_even_call() {
    check(Moment::Before, 2);
}

#[test]
fn after_any_odd_call() {
    check(Moment::After, 1);
}

#[test]
fn after_any_even_call() {
    check(Moment::After, 2);
}
