//! The portal had companies before us: which of them are which of Kleer's clients (design §3 First contact).

mod doubt;
mod listing;

use domain::{ObjectType, PortalId};
use insta::assert_snapshot;
use kleer_sim::Client;
use local::pretend::Scene;
use serde_json::json;

use super::{World, admin, client, hours, mapping, minutes};

/// Where portals keep organization and VAT numbers. The first is the one that ours is mapped to.
const NUMBERS: [&str; 4] = ["orgno", "organization_number", "registration_number", "vat_number"];

/// A World with clients switched on, whose portal has a property for each kind of number and these companies: each its name,
/// and whatever else. Nothing has happened yet.
fn with_companies(companies: &[&[(&str, &str)]]) -> World {
    let world = World::of(Scene::of(0, 0), &[ObjectType::Client]);
    NUMBERS.into_iter().for_each(|name| admin::makes_property(&world, name, &json!({})));
    for values in companies {
        world.pretend.hubspot.person_creates(4242, "companies", values).expect("HubSpot takes it");
    }
    // They have been there for long.
    world.clock.advance(hours(1));
    world
}

/// A client with that organization number.
fn numbered(name: &str, orgno: &str) -> Client {
    Client { orgno: orgno.into(), ..client(name) }
}

/// Kleer has these clients: name and organization number.
fn with_clients(world: &World, clients: &[(&str, &str)]) {
    world.kleer(|kleer| {
        for (name, orgno) in clients {
            kleer.add_client(numbered(name, orgno));
        }
    });
}

/// A line per company: its HubSpot id, its Kleer id and its name.
fn companies(world: &World) -> String {
    let records = world.records("companies");
    let line = |record: &hubspot_sim::Record| {
        let value = |name: &str| record.get(name).unwrap_or("-").to_owned();
        format!("{}: {} {}", record.id, value("kleer_id"), value("name"))
    };
    records.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn problems(world: &World) -> String {
    world.problems(ObjectType::Client)
}

#[test]
fn a_company_with_the_organization_number_is_the_client() {
    let mut world = with_companies(&[
        &[
            ("name", "Akeri"),
            ("orgno", "556677-8899"),
            ("phone", "070-1"),
            ("city", "Gävle"),
            ("domain", "akeri.example"),
        ],
        &[("name", "Någon annan"), ("orgno", "551122-3344")],
    ]);
    world.kleer(|kleer| {
        kleer.add_client(Client { email: "a@a.example".into(), ..numbered("Åkeri AB", "556677-8899") })
    });
    let sent = world.sent_while(|world| world.pass(minutes(1)));
    assert_snapshot!(sent, @"updated client 1004 → HubSpot 9001: kleer_active=true kleer_currency=SEK kleer_delivery_method=Email kleer_email=a@a.example kleer_payment_days=30 name=Åkeri AB orgno=556677-8899");
    // What Kleer has wins; what Kleer lacks stays as it was.
    assert_snapshot!(world.companies(&["name", "phone", "city", "domain", "kleer_email", "orgno"]), @"
    1004 | Åkeri AB | 070-1 | Gävle | akeri.example | a@a.example | 556677-8899
    - | Någon annan | - | - | - | - | 551122-3344
    ");
    let counts = world.report(ObjectType::Client).counts;
    assert_eq!((counts.source, counts.created, counts.updated), (1, 0, 1));
    // From now on it is like any other.
    world.edit_client("Åkeri AB", |client| client.phone = "08-1".into());
    assert_snapshot!(world.sent_while(|world| world.poll_now(ObjectType::Client)), @"updated client 1004 → HubSpot 9001: phone=08-1");
    world.edit_client("Åkeri AB", |client| client.phone.clear());
    assert_snapshot!(world.sent_while(|world| world.poll_now(ObjectType::Client)), @"updated client 1004 → HubSpot 9001: phone=(emptied)");
}

#[test]
fn the_number_is_one_in_every_spelling() {
    let mut world = with_companies(&[
        &[("name", "med streck"), ("orgno", "550000-0001")],
        &[("name", "utan streck"), ("orgno", "5500000002")],
        &[("name", "med sekel"), ("orgno", "16550000-0003")],
        &[("name", "momsnummer"), ("orgno", "SE550000000401")],
        &[("name", "med mellanslag"), ("orgno", " 550000 0005 ")],
        &[("name", "gemener"), ("orgno", "se 550000-0006 01")],
        &[("name", "personnummer"), ("orgno", "19800101-1234")],
    ]);
    let clients = [
        ("Ett AB", "5500000001"),
        ("Två AB", "550000-0002"),
        ("Tre AB", "550000-0003"),
        ("Fyra AB", "550000-0004"),
        ("Fem AB", "SE550000000501"),
        ("Sex AB", "16550000-0006"),
        ("Sju", "800101-1234"),
    ];
    with_clients(&world, &clients);
    world.pass(minutes(1));
    assert_snapshot!(companies(&world), @"
    9001: 1004 Ett AB
    9002: 1006 Två AB
    9003: 1007 Tre AB
    9004: 1010 Fyra AB
    9005: 1014 Fem AB
    9006: 1017 Sex AB
    9007: 1021 Sju
    ");
}

/// A client with both numbers; `-` is none.
fn with_both(name: &str, orgno: &str, vat_nr: &str) -> Client {
    let given = |text: &str| if text == "-" { String::new() } else { text.to_owned() };
    Client { orgno: given(orgno), vat_nr: Some(given(vat_nr)), ..client(name) }
}

#[test]
fn the_organization_number_comes_before_the_vat_number() {
    let mut world = with_companies(&[
        &[("name", "a"), ("orgno", "550000-0001")],
        &[("name", "b"), ("vat_number", "SE550000000201")],
        &[("name", "c"), ("vat_number", "DE 123 456 789")],
        &[("name", "d"), ("vat_number", "SE550000000401")],
        &[("name", "e"), ("orgno", "550000-0005")],
    ]);
    world.kleer(|kleer| {
        // Both numbers are there, on two companies: the first one tells.
        kleer.add_client(with_both("A och b", "550000-0001", "SE550000000201"));
        kleer.add_client(with_both("Utländsk", "-", "DE123456789"));
        kleer.add_client(with_both("Bara moms", "559999-0000", "SE550000000401"));
        // The Swedish VAT number is the organization number and more.
        kleer.add_client(with_both("Moms som orgnr", "-", "SE550000000501"));
        kleer.add_client(with_both("Ny", "558888-0000", "SE558888000001"));
    });
    world.pass(minutes(1));
    assert_snapshot!(companies(&world), @"
    9001: 1004 A och b
    9002: - b
    9003: 1006 Utländsk
    9004: 1007 Bara moms
    9005: 1010 Moms som orgnr
    9006: 1014 Ny
    ");
}

#[test]
fn the_number_is_found_in_every_property_that_portals_keep_it_in() {
    let mut world = with_companies(&[
        &[("name", "a"), ("orgno", "550000-0001")],
        &[("name", "b"), ("organization_number", "550000-0002")],
        &[("name", "c"), ("registration_number", "550000-0003")],
        &[("name", "d"), ("vat_number", "550000-0004")],
        &[("name", "e"), ("orgno", "550000-0005"), ("vat_number", "SE550000000501")],
        &[("name", "f"), ("description", "550000-0006")],
    ]);
    let numbers = ["550000-0001", "550000-0002", "550000-0003", "550000-0004", "550000-0005", "550000-0006"];
    with_clients(&world, &numbers.map(|number| ("AB", number)));
    world.pass(minutes(1));
    assert_snapshot!(companies(&world), @"
    9001: 1004 AB
    9002: 1006 AB
    9003: 1007 AB
    9004: 1010 AB
    9005: 1014 AB
    9006: - f
    9007: 1017 AB
    ");
}

#[test]
fn the_number_is_found_where_the_portal_maps_it_to() {
    let mut world = with_companies(&[&[("name", "a"), ("orgno", "550000-0001")]]);
    admin::makes_property(&world, "company_number", &json!({}));
    let other = [("name", "b"), ("company_number", "550000-0001")];
    world.pretend.hubspot.person_creates(4242, "companies", &other).expect("HubSpot takes it");
    world.settings(ObjectType::Client, |settings| {
        settings.mappings.retain(|mapping| mapping.property != "orgno");
        settings.mappings.push(mapping("orgno", "company_number"));
    });
    with_clients(&world, &[("Åkeri AB", "550000-0001")]);
    world.pass(minutes(1));
    assert_snapshot!(companies(&world), @"
    9001: - a
    9002: 1004 Åkeri AB
    ");
}

#[test]
fn what_identifies_nobody_matches_nobody() {
    let mut world = with_companies(&[
        &[("name", "a"), ("orgno", "000000-0000")],
        &[("name", "b"), ("orgno", "-")],
        &[("name", "c"), ("orgno", "123")],
        &[("name", "d")],
    ]);
    with_clients(&world, &[("Ett AB", "000000-0000"), ("Två AB", "-"), ("Tre AB", "123"), ("Fyra AB", "")]);
    world.pass(minutes(1));
    assert_snapshot!(companies(&world), @"
    9001: - a
    9002: - b
    9003: - c
    9004: - d
    9005: 1004 Ett AB
    9006: 1006 Två AB
    9007: 1007 Tre AB
    9008: 1010 Fyra AB
    ");
    assert_snapshot!(problems(&world), @"");
}

/// Two clients with one number are two companies, where there is none yet: Kleer knows best.
#[test]
fn two_clients_with_one_number_and_no_company_are_both_made() {
    let mut world = with_companies(&[&[("name", "Någon annan"), ("orgno", "551122-3344")]]);
    with_clients(&world, &[("Åkeri AB", "556677-8899"), ("Åkeri filial", "SE556677889901")]);
    world.pass(minutes(1));
    assert_snapshot!(companies(&world), @"
    9001: - Någon annan
    9002: 1004 Åkeri AB
    9003: 1006 Åkeri filial
    ");
    assert_snapshot!(problems(&world), @"");
}

/// The portal has had our `kleer_id` since an earlier installation.
fn installed_before(world: &World) {
    admin::makes_property(world, "kleer_id", &json!({ "hasUniqueValue": true }));
}

#[test]
fn a_company_that_carries_another_id_is_nobody_elses() {
    let mut world = with_companies(&[]);
    installed_before(&world);
    let of_another = [("name", "Akeri"), ("orgno", "556677-8899"), ("kleer_id", "77")];
    world.pretend.hubspot.person_creates(4242, "companies", &of_another).expect("HubSpot takes it");
    with_clients(&world, &[("Åkeri AB", "556677-8899")]);
    world.pass(minutes(1));
    assert_snapshot!(companies(&world), @"
    9001: 77 Akeri
    9002: 1004 Åkeri AB
    ");
    assert_snapshot!(problems(&world), @"");
}

#[test]
fn the_id_that_a_company_carries_tells_more_than_its_number() {
    let mut world = with_companies(&[&[("name", "b"), ("orgno", "556677-8899")]]);
    installed_before(&world);
    let ours = [("name", "a"), ("orgno", "551122-3344"), ("kleer_id", "1004")];
    world.pretend.hubspot.person_creates(4242, "companies", &ours).expect("HubSpot takes it");
    with_clients(&world, &[("Åkeri AB", "556677-8899"), ("Bageri AB", "551122-3344")]);
    world.pass(minutes(1));
    // 1004 is where its id is, whatever its number says; 1006 finds its number on a company that is another's.
    assert_snapshot!(companies(&world), @"
    9001: - b
    9002: 1004 Åkeri AB
    9003: 1006 Bageri AB
    ");
    assert_snapshot!(problems(&world), @"");
}

#[test]
fn the_rule_can_be_switched_off() {
    let mut world = with_companies(&[&[("name", "Akeri"), ("orgno", "556677-8899")]]);
    listing::chooses(&world, |settings| settings.match_companies = false);
    with_clients(&world, &[("Åkeri AB", "556677-8899")]);
    world.pass(minutes(1));
    assert_snapshot!(companies(&world), @"
    9001: - Akeri
    9002: 1004 Åkeri AB
    ");
    assert_eq!(listing::pages(&world), 0, "and nothing is listed for it");
}

#[test]
fn a_plan_foresees_it_and_writes_nothing() {
    let mut world = with_companies(&[
        &[("name", "Akeri"), ("orgno", "556677-8899")],
        &[("name", "Ett bageri"), ("orgno", "551122-3344")],
        &[("name", "Bageriet"), ("orgno", "5511223344")],
    ]);
    with_clients(&world, &[("Åkeri AB", "556677-8899"), ("Bageri AB", "551122-3344"), ("Cykel AB", "559999-0000")]);
    let plan = world.clock.run(sync::preview(world.app(), PortalId(4242), ObjectType::Client)).expect("a plan");
    assert_snapshot!(plan, @"
    client: 3 in Kleer: 1 to create, 1 to update, 0 to deactivate, 0 unchanged, 0 waiting, 0 excluded, 0 pausing, 1 doubtful, 0 deleted in HubSpot, 0 refused
      ~ 1004 → 9001 kleer_active=true kleer_currency=SEK kleer_delivery_method=Email kleer_payment_days=30 name=Åkeri AB orgno=556677-8899
      + 1007 kleer_active=true kleer_currency=SEK kleer_delivery_method=Email kleer_payment_days=30 name=Cykel AB orgno=559999-0000
    ");
    assert_eq!((world.writes(), problems(&world).as_str()), (0, ""));
    world.pass(minutes(1));
    assert_snapshot!(companies(&world), @"
    9001: 1004 Åkeri AB
    9002: - Ett bageri
    9003: - Bageriet
    9004: 1007 Cykel AB
    ");
}
