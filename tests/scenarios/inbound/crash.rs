//! The process is killed at every moment of an import: what a person changed is neither lost nor done twice.

use domain::ObjectType;
use local::fuse::Moment;

use super::super::client;
use super::support::{bound, changed, company_of, edit, hint, kleer_writes};
use super::{World, minutes, seconds};

/// What happens before the process is started again, and what has to be true at the end.
struct Story {
    before: fn() -> (World, u64),
    check: fn(&World),
}

/// Every call takes a World of its own, so they are shared between tests.
const SHARES: u64 = 3;

fn killed(story: &Story, moment: Moment, share: u64) {
    let mut call = share;
    loop {
        let (mut world, company) = (story.before)();
        world.dies_at(call, moment);
        let ending = world.pass(seconds(10));
        world.restart();
        world.pass(minutes(16));
        (story.check)(&world);
        let before = (world.writes(), kleer_writes(&world));
        world.poll_now(ObjectType::Client);
        changed(&world, "companies", company);
        world.pass(seconds(10));
        assert_eq!(
            (world.writes(), kleer_writes(&world)),
            before,
            "killed {moment:?} call {call}: somebody wrote again"
        );
        if ending == tests::Ending::Passed {
            break;
        }
        call += SHARES;
    }
    assert!(call > 12, "the import took only {call} calls: the fuse does not see them all");
}

/// A rename in HubSpot, a new phone number in Kleer, and a postal code on both sides.
fn edited() -> (World, u64) {
    let (world, company) = bound();
    world.edit_client("Åkeri AB", |client| {
        client.phone = "08-1".to_owned();
        client.address.zip_code = "222 22".to_owned();
    });
    edit(&world, "companies", company, &[("name", "Nya Åkeriet AB"), ("zip", "111 11")]);
    (world, company)
}

fn both_say_the_same(world: &World) {
    assert_eq!(world.table("companies", &["name", "phone", "zip"]), "1004 | Nya Åkeriet AB | 08-1 | 222 22");
    let client = world.kleer(|kleer| kleer.clients()[0].clone());
    assert_eq!((client.name.as_str(), client.phone.as_str()), ("Nya Åkeriet AB", "08-1"));
    assert_eq!(kleer_writes(world), 1, "Kleer is told once");
}

const IMPORT: Story = Story { before: edited, check: both_say_the_same };

#[test]
fn before_calls_of_an_import_first_share() {
    killed(&IMPORT, Moment::Before, 1);
}

#[test]
fn before_calls_of_an_import_second_share() {
    killed(&IMPORT, Moment::Before, 2);
}

#[test]
fn before_calls_of_an_import_third_share() {
    killed(&IMPORT, Moment::Before, 3);
}

#[test]
fn after_calls_of_an_import_first_share() {
    killed(&IMPORT, Moment::After, 1);
}

#[test]
fn after_calls_of_an_import_second_share() {
    killed(&IMPORT, Moment::After, 2);
}

#[test]
fn after_calls_of_an_import_third_share() {
    killed(&IMPORT, Moment::After, 3);
}

fn merging() -> (World, u64) {
    let mut world = World::new();
    let (one, other) =
        world.kleer(|kleer| (kleer.add_client(client("Åkeri AB")), kleer.add_client(client("Bageri AB"))));
    world.pass(minutes(1));
    world.pretend.kleer.forget_requests();
    let (one, other) = (company_of(&world, one), company_of(&world, other));
    world.pretend.hubspot.person_merges(4242, "companies", one, other).expect("HubSpot merges them");
    let merged = vec![domain::HubspotId(other.to_string())];
    hint(&world, "companies", one, queue::RecordEvent::Merged(merged));
    (world, one)
}

fn one_is_left(world: &World) {
    assert_eq!(world.table("companies", &["name"]), "1004 | Åkeri AB");
    assert!(world.problems(ObjectType::Client).starts_with("1006 MergedInHubspot"));
    assert_eq!(kleer_writes(world), 0);
}

const MERGE: Story = Story { before: merging, check: one_is_left };

#[test]
fn before_calls_of_a_merge_first_share() {
    killed(&MERGE, Moment::Before, 1);
}

#[test]
fn before_calls_of_a_merge_second_share() {
    killed(&MERGE, Moment::Before, 2);
}

#[test]
fn before_calls_of_a_merge_third_share() {
    killed(&MERGE, Moment::Before, 3);
}

#[test]
fn after_calls_of_a_merge_first_share() {
    killed(&MERGE, Moment::After, 1);
}

#[test]
fn after_calls_of_a_merge_second_share() {
    killed(&MERGE, Moment::After, 2);
}

#[test]
fn after_calls_of_a_merge_third_share() {
    killed(&MERGE, Moment::After, 3);
}
