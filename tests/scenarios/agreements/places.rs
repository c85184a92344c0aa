//! Where Kleer has its agreements, and whether the key may read them.

use kleer_sim::{AccessType, AgreementPath, Fault};
use local::pretend::KLEER_KEY;

use super::*;

fn moves_to(world: &World, path: AgreementPath) {
    world.pretend.kleer.state(|state| state.switches.agreement_path = path);
}

fn capability(world: &World) -> Option<domain::Capability> {
    world.clock.run(world.app().store.capability(PortalId(PORTAL), ObjectType::Agreement)).unwrap()
}

/// The path that was found.
fn found(world: &World) -> String {
    capability(world).and_then(|known| known.kleer_path).unwrap_or_default()
}

/// Why there are no agreements, as the settings show it.
fn unavailable(world: &World) -> String {
    capability(world).and_then(|known| known.unavailable).unwrap_or_default()
}

#[test]
fn agreements_are_found_wherever_they_are() {
    for (path, text) in [
        (AgreementPath::ClientSlashAgreement, "client/agreement"),
        (AgreementPath::ClientDashAgreement, "client-agreement"),
        (AgreementPath::Agreement, "agreement"),
        (AgreementPath::Clientagreement, "clientagreement"),
    ] {
        let (mut world, client) = portal();
        moves_to(&world, path);
        world.kleer(|kleer| kleer.add_agreement(agreement(client, "Support")));
        world.pass(minutes(1));
        assert_eq!(subscriptions(&world, &["hs_name"]), "1004 | Support");
        assert_eq!(found(&world), text);
        // Looked for once.
        world.pretend.kleer.forget_requests();
        world.pass(minutes(30));
        let asked = |request: &kleer_sim::RequestRecord| request.path.contains("agreement");
        assert_eq!(world.pretend.kleer.requests().iter().filter(|request| asked(request)).count(), 1);
    }
}

#[test]
fn agreements_that_moved_are_found_again() {
    let (mut world, id) = in_sync();
    moves_to(&world, AgreementPath::Agreement);
    world.kleer(|kleer| kleer.edit_agreement(id, |agreement| agreement.payment_days = 10));
    assert_snapshot!(world.sent_while(|world| world.pass(minutes(30))), @"updated agreement 1004 → HubSpot 9001: hs_net_payment_terms=10");
    assert_eq!(found(&world), "agreement");
    assert_eq!(world.interrupted(ObjectType::Agreement), "");
}

#[test]
fn a_company_without_agreements_has_nothing_to_say() {
    for empty in [EmptyList::Array, EmptyList::Missing] {
        let (mut world, _) = portal();
        world.pretend.kleer.state(|state| state.switches.empty_list = empty);
        world.pass(minutes(1));
        assert_eq!(world.interrupted(ObjectType::Agreement), "");
        assert_eq!(world.report(ObjectType::Agreement).counts.source, 0);
    }
}

/// How many requests for agreements Kleer has got during the type's next turn.
fn asked(world: &mut World) -> usize {
    world.pretend.kleer.forget_requests();
    world.poll_now(ObjectType::Agreement);
    world.pretend.kleer.requests().iter().filter(|request| request.path.contains("agreement")).count()
}

/// A path that is none may answer like a company without agreements: it is taken, but not for good.
#[test]
fn a_path_that_only_seemed_to_be_one_is_left_within_a_day() {
    let (mut world, client) = portal();
    world.pretend.kleer.state(|state| state.switches.empty_list = EmptyList::Missing);
    world.pass(minutes(1));
    assert_eq!(found(&world), "client/agreement");
    // From now on the company has agreements, and they are elsewhere; the first path still answers that there are none.
    world.kleer(|kleer| kleer.add_agreement(agreement(client, "Support")));
    moves_to(&world, AgreementPath::Agreement);
    world.break_kleer("/client/agreement", Fault::Empty {});
    assert_eq!(asked(&mut world), 1);
    assert_eq!((subscriptions(&world, &["hs_name"]), found(&world)), (String::new(), "client/agreement".to_owned()));
    world.clock.advance(hours(25));
    world.poll_now(ObjectType::Agreement);
    assert_eq!((subscriptions(&world, &["hs_name"]).as_str(), found(&world).as_str()), ("1004 | Support", "agreement"));
    world.clock.advance(hours(25));
    assert_eq!(asked(&mut world), 1, "where they are they are not looked for");
}

/// A company without agreements costs one look a day.
#[test]
fn an_empty_list_is_doubted_once_a_day() {
    let (mut world, _) = portal();
    world.pass(minutes(1));
    assert_eq!(asked(&mut world), 1);
    world.clock.advance(hours(25));
    assert!(asked(&mut world) > 1);
    assert_eq!(asked(&mut world), 1);
    assert_eq!(world.interrupted(ObjectType::Agreement), "");
}

/// A key that may read everything but agreements.
fn without_the_right(world: &World) {
    world.kleer(|kleer| kleer.set_token(KLEER_KEY, [AccessType::ClientInvoiceCreate, AccessType::Timereport]));
}

fn with_the_right(world: &World) {
    world.kleer(|kleer| kleer.set_token(KLEER_KEY, [AccessType::Administrator]));
}

/// The types that say that they were interrupted, and why.
fn interrupted(world: &World) -> String {
    let sentence = |object: ObjectType| format!("{object}: {}", world.interrupted(object));
    let all = ObjectType::POLLED.map(sentence);
    all.into_iter().filter(|line| !line.ends_with(": ")).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_key_that_may_not_read_agreements_stops_only_them() {
    let mut world = World::whole();
    without_the_right(&world);
    world.kleer(|kleer| {
        let client = kleer.add_client(client("Åkeri AB"));
        kleer.add_agreement(agreement(client, "Support"));
        kleer.add_project(kleer_sim::Project { name: "Flytt".into(), ..kleer_sim::Project::default() });
    });
    world.pass(minutes(1));
    assert_snapshot!(interrupted(&world), @"agreement: Kleer's API key may not read agreements: give the key's user that right in Kleer.");
    assert_snapshot!(unavailable(&world), @"Kleer's API key may not read agreements: give the key's user that right in Kleer.");
    assert_eq!((world.records("companies").len(), world.records("projects").len()), (1, 1));
    with_the_right(&world);
    world.pass(hours(1));
    assert_snapshot!(subscriptions(&world, &["hs_name"]), @"1004 | Support");
    assert_eq!((interrupted(&world), unavailable(&world)), (String::new(), String::new()));
}

#[test]
fn a_right_that_is_withdrawn_cancels_nothing() {
    let (mut world, _) = in_sync();
    without_the_right(&world);
    assert_snapshot!(world.sent_while(|world| world.pass(hours(1))), @"");
    assert_snapshot!(world.interrupted(ObjectType::Agreement), @"Kleer's API key may not read this kind of record, or belongs to another company: give the key's user the right in Kleer, or check the company id.");
    with_the_right(&world);
    world.pass(hours(1));
    assert_eq!(world.interrupted(ObjectType::Agreement), "");
    assert_snapshot!(subscriptions(&world, &["hs_status"]), @"1004 | active");
}
