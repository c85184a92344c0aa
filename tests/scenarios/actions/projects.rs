//! *Create Kleer Project*, of what is filled in and of the mappings.

use domain::ObjectType;
use insta::assert_snapshot;
use kleer_sim::{Kind, Project};

use super::{Shop, make_property};
use crate::mapping;

fn told(project: &Project, client: i64) -> String {
    let Project {
        name, number, fixed_price, budget_hours, budget_amount, opening_date, comment, currency_type, ..
    } = project;
    let whose = project.client.map(|reference| reference.id) == Some(client);
    format!(
        "{name} | {number} | {fixed_price} | {budget_hours} | {budget_amount} | {opening_date:?} | {comment} | {currency_type} | {whose}"
    )
}

fn made(shop: &Shop, id: i64) -> String {
    told(&shop.world.kleer(|kleer| kleer.project(id)).unwrap(), shop.client).replace(&shop.deal.to_string(), "(deal)")
}

#[test]
fn a_deal_becomes_a_project_that_hubspot_shows_at_once() {
    let mut shop = Shop::open();
    let id = shop.acts("create-project", &[]).id("kleer_project_id");
    assert_snapshot!(made(&shop, id), @"Bygget | HS-(deal) | false | 0 | 0 | None |  | SEK | true");
    assert_eq!(shop.of_deal("kleer_project_id"), id.to_string());
    let shown = shop.world.records("projects");
    assert_eq!(shown.len(), 1);
    let belongs = ["companies", "deals"].map(|to| shop.associated("projects", shown[0].id, to));
    assert_eq!(belongs, [1, 1]);
    let again = shop.acts("create-project", &[]);
    assert_eq!((again.id("kleer_project_id"), again.output("result")), (id, "skipped"));
    assert_eq!(shop.world.kleer(|kleer| kleer.count(Kind::Project)), 1);
}

#[test]
fn every_input_is_used() {
    let mut shop = Shop::open();
    let fields = [
        ("name", "Nybygge"),
        ("number", "P-7"),
        ("fixed_price", "true"),
        ("budget_hours", "37,5"),
        ("budget_amount", "15 000,50"),
        // What a date property becomes (contract hubspot-crm §10).
        ("opening_date", "1798761600000"),
        ("comment", "Två rader\noch en till"),
        ("currency", "EUR"),
    ];
    let id = shop.acts("create-project", &fields).id("kleer_project_id");
    assert_snapshot!(made(&shop, id), @"
    Nybygge | P-7 | true | 37.5 | 1500050 | Some(2027-01-01) | Två rader
    och en till | EUR | true
    ");
}

#[test]
fn the_mappings_read_the_deals_properties_of_the_same_names() {
    let mut shop = Shop::open();
    // The portal has some of them on deals; what it has not is left out.
    make_property(&shop.world, "deals", "kleer_project_number");
    make_property(&shop.world, "deals", "kleer_budget_amount");
    shop.world.person_edits("deals", shop.deal, &[("kleer_project_number", "P-9"), ("kleer_budget_amount", "1200.50")]);
    let id = shop.acts("create-project-from-mappings", &[]).id("kleer_project_id");
    assert_snapshot!(made(&shop, id), @"Bygget | P-9 | false | 0 | 120050 | None |  | SEK | true");
}

#[test]
fn the_mappings_read_what_the_portal_really_uses() {
    let mut shop = Shop::open();
    // The comment is mapped to a property that cannot be written on projects: Kleer's comment stands in its twin there. Deals have
    // both, and of HubSpot's own name of a project's start the twin alone.
    for object in ["projects", "deals"] {
        make_property(&shop.world, object, "beskrivning");
    }
    make_property(&shop.world, "deals", "kleer_comment");
    make_property(&shop.world, "deals", "kleer_opening_date");
    shop.world.pretend.hubspot.switch(super::DEMO, |switches| {
        switches.read_only.insert("projects".into(), vec!["beskrivning".into()]);
    });
    shop.world.settings(ObjectType::Project, |settings| {
        settings.mappings.retain(|known| known.field.as_deref() != Some("comment"));
        settings.mappings.push(mapping("comment", "beskrivning"));
    });
    shop.world.poll_now(ObjectType::Project);
    let values = [("beskrivning", "räknas inte"), ("kleer_comment", "räknas"), ("kleer_opening_date", "2027-01-01")];
    shop.world.person_edits("deals", shop.deal, &values);
    let id = shop.acts("create-project-from-mappings", &[]).id("kleer_project_id");
    assert_snapshot!(made(&shop, id), @"Bygget | HS-(deal) | false | 0 | 0 | Some(2027-01-01) | räknas | SEK | true");
}
