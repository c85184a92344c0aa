//! A Kleer company is connected to a portal that has installed the app.

use domain::KleerCompanyId;
use kleer_sim::AccessType;

use super::*;

fn tries(world: &World, company: i64, key: &str) -> String {
    let key = key.into();
    match world.clock.run(portal::connect_kleer(world.app(), NEXT, KleerCompanyId(company), &key)) {
        Ok(name) => format!("connected to {name:?}"),
        Err(error) => format!("{}: {error}", error.code()),
    }
}

#[test]
fn a_key_is_looked_at_before_it_is_saved() {
    let mut world = World::new();
    let mut lines = vec![tries(&world, 1, KLEER_KEY)];
    installs(&world);
    world.kleer(|kleer| kleer.set_token("hours-only", [AccessType::Timereport]));
    world.pretend.kleer.state(|state| {
        let information = kleer_sim::CompanyInformation { name: "Bageriet AB".into(), ..Default::default() };
        state.add_company(2, information).set_token("second", [AccessType::Administrator]);
    });
    lines.extend(
        [(1, "nobodys"), (1, "second"), (2, KLEER_KEY), (1, "hours-only")].map(|(id, key)| tries(&world, id, key)),
    );
    assert_eq!(installation(&world).unwrap().kleer_company, None);
    world.break_kleer("/company/", kleer_sim::Fault::Reset { saved: false });
    lines.push(tries(&world, 1, KLEER_KEY).split('(').next().unwrap().to_owned());
    world.mend();
    lines.push(tries(&world, 2, "second"));
    // Nothing of company 2 was synchronized, so another may be chosen.
    lines.push(tries(&world, 1, KLEER_KEY));
    assert_snapshot!(lines.join("\n"), @r#"
    not_installed: HubSpot account 4243 is not connected: install the app first
    wrong_key: Kleer does not know this API key: copy it again from Kleer, or make a new one
    wrong_company: This API key does not belong to Kleer company 1: check the company id, or make a key in that company
    wrong_company: This API key does not belong to Kleer company 2: check the company id, or make a key in that company
    missing_rights: The user of this API key may not read clients in Kleer: give the user that right, or use another user's key
    kleer_unavailable: Kleer does not answer as it should, so the key could not be checked; try again in a few minutes
    connected to "Bageriet AB"
    connected to "Demobolaget AB"
    "#);
    assert_eq!(installation(&world).unwrap().kleer_company, Some(KleerCompanyId(1)));
    world.pass(minutes(1));
}

#[test]
fn another_company_is_refused_while_there_are_records_of_the_first() {
    let mut world = World::new();
    world.kleer(|kleer| kleer.add_client(client("Åkeri AB")));
    world.pretend.kleer.state(|state| {
        state.add_company(2, kleer_sim::CompanyInformation::default()).set_token("second", [AccessType::Administrator]);
    });
    installs_with_clients(&mut world);
    assert_snapshot!(tries(&world, 2, "second"), @"other_company: HubSpot account 4243 holds records of Kleer company 1, and Kleer's record numbers mean something else in company 2: use the same company, or start afresh");
    assert_eq!(installation(&world).unwrap().kleer_company, Some(KleerCompanyId(1)));
}
