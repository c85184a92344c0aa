//! Types on a custom object, there and back.

use kleer_sim::Invoice;

use super::*;

/// Two clients, in sync as companies, and a custom object.
fn clients() -> (World, String) {
    let mut world = World::new();
    world.kleer(|kleer| {
        kleer.add_client(kleer_sim::Client { phone: "08-1".into(), ..client("Åkeri AB") });
        kleer.add_client(client("Bageri AB"));
    });
    world.pass(minutes(1));
    let object = custom_object(&world, "customer", &[]);
    (world, object)
}

#[test]
fn clients_are_made_afresh_on_a_custom_object() {
    let (mut world, object) = clients();
    let companies = world.records("companies");
    moves(&world, ObjectType::Client, &object);
    assert_snapshot!(world.sent_while(|world| world.pass(minutes(15))), @"
    created client 1004 → HubSpot 9001: kleer_active=true kleer_currency=SEK kleer_delivery_method=Email kleer_payment_days=30 name=Åkeri AB phone=08-1
    created client 1006 → HubSpot 9002: kleer_active=true kleer_currency=SEK kleer_delivery_method=Email kleer_payment_days=30 name=Bageri AB
    ");
    assert_snapshot!(world.table(&object, &["name", "phone", "kleer_active"]), @"
    1004 | Åkeri AB | 08-1 | true
    1006 | Bageri AB | - | true
    ");
    assert_eq!(world.records("companies"), companies, "the companies are as they were");
    let counts = world.report(ObjectType::Client).counts;
    assert_eq!((counts.source, counts.created), (2, 2));
    let before = world.writes();
    world.pass(hours(1));
    assert_eq!(world.writes(), before, "the second run wrote");
    world.edit_client("Åkeri AB", |client| client.phone = "08-2".into());
    world.pass(minutes(15));
    assert_snapshot!(world.table(&object, &["phone"]), @"
    1004 | 08-2
    1006 | -
    ");
    assert_eq!(world.records("companies"), companies, "the companies are as they were");
}

#[test]
fn the_properties_are_made_there_in_a_group_of_their_own() {
    let (mut world, object) = clients();
    moves(&world, ObjectType::Client, &object);
    world.pass(minutes(15));
    let key = world.pretend.hubspot.property(4242, &object, "kleer_id").unwrap();
    assert_eq!((key.group_name.as_str(), key.has_unique_value), ("kleer", true));
    for name in ["phone", "zip", "vat_number", "kleer_payment_days"] {
        let property = world.pretend.hubspot.property(4242, &object, name).unwrap();
        assert_eq!(property.group_name, "kleer", "{name}");
    }
    assert_eq!(world.problems(ObjectType::Client), "");
}

#[test]
fn going_back_finds_the_old_records_and_makes_none() {
    let (mut world, object) = clients();
    moves(&world, ObjectType::Client, &object);
    world.pass(minutes(15));
    world.edit_client("Åkeri AB", |client| client.phone = "08-2".into());
    world.pass(minutes(15));
    let before = creates(&world);
    moves(&world, ObjectType::Client, "companies");
    assert_snapshot!(world.sent_while(|world| world.pass(minutes(15))), @"updated client 1004 → HubSpot 9001: phone=08-2");
    assert_snapshot!(world.companies(&["name", "phone"]), @"
    1004 | Åkeri AB | 08-2
    1006 | Bageri AB | -
    ");
    moves(&world, ObjectType::Client, &object);
    assert_snapshot!(world.sent_while(|world| world.pass(minutes(15))), @"");
    assert_eq!(creates(&world), before, "something was made again");
    assert_eq!((world.records("companies").len(), world.records(&object).len()), (2, 2));
}

#[test]
fn an_object_that_is_not_there_says_so() {
    let (mut world, _) = clients();
    moves(&world, ObjectType::Client, "2-999");
    world.pass(minutes(15));
    assert_snapshot!(world.interrupted(ObjectType::Client), @"HubSpot's 2-999 cannot be used in this account (HubSpot refused the request: Unable to infer object type from: 2-999): switch them on there, connect the app again with the right to use them, or choose another HubSpot object for this type.");
    world.edit_client("Åkeri AB", |client| client.phone = "08-2".into());
    moves(&world, ObjectType::Client, "companies");
    world.pass(hours(1));
    assert_snapshot!(world.companies(&["phone"]), @"
    1004 | 08-2
    1006 | -
    ");
    assert_eq!(world.interrupted(ObjectType::Client), "");
}

#[test]
fn projects_on_a_custom_object_have_no_stage() {
    let mut world = World::of(Scene::of(0, 0), &[ObjectType::Client, ObjectType::Project]);
    let id = world.kleer(|kleer| {
        let client = Some(kleer.add_client(client("Åkeri AB")).into());
        let opening_date = Some(date(2026, 10, 1));
        let comment = "Nya lokalen".into();
        kleer.add_project(Project { client, opening_date, comment, name: "Flytt".into(), ..Project::default() })
    });
    world.pass(minutes(1));
    let projects = world.records("projects");
    let object = custom_object(&world, "job", &["companies"]);
    moves(&world, ObjectType::Project, &object);
    world.pass(minutes(15));
    // HubSpot lets nobody make properties that are named like its own.
    assert_snapshot!(world.table(&object, &["kleer_name", "kleer_comment", "kleer_opening_date", "kleer_project_number"]), @"1004 | Flytt | Nya lokalen | 2026-10-01 | -");
    let job = world.records(&object)[0].id;
    assert_eq!(world.pretend.hubspot.associations(4242, &object, job, "companies").len(), 1);
    assert_eq!(world.problems(ObjectType::Project), "");
    world.kleer(|kleer| kleer.close_project(id));
    let before = world.writes();
    world.pass(hours(1));
    assert_eq!(world.writes(), before, "a stage was written");
    assert_eq!(world.records("projects"), projects, "the projects are as they were");
    moves(&world, ObjectType::Project, "projects");
    assert_snapshot!(world.sent_while(|world| world.pass(minutes(15))), @"updated project 1004 → HubSpot 9001: hs_pipeline=4242200 hs_pipeline_stage=4242204");
}

/// Their ids in Kleer may be equal, so each would take the other's records for its own.
#[test]
fn two_types_on_one_object_are_refused() {
    let mut world = World::whole();
    moves(&world, ObjectType::Agreement, "deals");
    moves(&world, ObjectType::Project, "deals");
    runs(&mut world, &[ObjectType::Agreement, ObjectType::Project]);
    assert_snapshot!(world.interrupted(ObjectType::Project), @"The types project and agreement both go to HubSpot's deals, where their records could not be told apart: choose another HubSpot object for one of them.");
    world.settings(ObjectType::Agreement, |settings| settings.enabled = false);
    world.poll_now(ObjectType::Project);
    assert_snapshot!(world.interrupted(ObjectType::Project), @"");
}

/// `0-53` is another word for invoices, and nothing else.
#[test]
fn an_objects_id_is_the_object() {
    let mut world = capabilities::one_of_each();
    world.pass(minutes(1));
    let before = (creates(&world), world.records("invoices"), world.records("line_items"));
    moves(&world, ObjectType::Invoice, "0-53");
    moves(&world, ObjectType::Agreement, "0-69");
    moves(&world, ObjectType::LineItem, "0-8");
    moves(&world, ObjectType::Client, "0-2");
    let all = [ObjectType::Client, ObjectType::Agreement, ObjectType::Invoice];
    assert_snapshot!(world.sent_while(|world| runs(world, &all)), @"");
    world.kleer(|kleer| kleer.edit_invoice(1004, |invoice| invoice.rows.push(invoice.rows[0].clone())));
    runs(&mut world, &[ObjectType::Invoice]);
    assert_eq!((before.0, before.2.len() + 1), (creates(&world) - 1, world.records("line_items").len()));
    let billable = |world: &World| world.table("invoices", &["hs_invoice_billable", "hs_invoice_status"]);
    assert_snapshot!(billable(&world), @"1004 | false | open");
    // A new one is not billable either, and has its status after its rows.
    world.kleer(|kleer| {
        let Invoice { client_ref, rows, .. } = kleer.invoice(1004).unwrap();
        let next = kleer.add_invoice(Invoice { client_ref, rows, ..Invoice::default() });
        kleer.certify_invoice(next);
    });
    runs(&mut world, &[ObjectType::Invoice]);
    assert_snapshot!(billable(&world), @"
    1004 | false | open
    1006 | false | open
    ");
}

/// Any type may go to an object of HubSpot's that charges people: it must not do so for us.
#[test]
fn what_is_not_an_invoice_is_not_billable_as_one() {
    let mut world = capabilities::one_of_each();
    world.settings(ObjectType::Agreement, |settings| {
        "0-53".clone_into(&mut settings.hubspot_object);
        settings.mappings.push(mapping("currency", "hs_currency"));
    });
    world.pass(minutes(1));
    assert_snapshot!(world.interrupted(ObjectType::Agreement), @"The types agreement and invoice both go to HubSpot's invoices, where their records could not be told apart: choose another HubSpot object for one of them.");
    world.settings(ObjectType::Invoice, |settings| settings.enabled = false);
    runs(&mut world, &[ObjectType::Agreement]);
    assert_snapshot!(world.table("invoices", &["hs_invoice_billable", "kleer_description", "hs_currency"]), @"1004 | false | Support | SEK");
    moves(&world, ObjectType::Project, "0-69");
    runs(&mut world, &[ObjectType::Project]);
    assert_snapshot!(world.interrupted(ObjectType::Project), @"");
    assert_snapshot!(world.table("subscriptions", &["hs_invoice_creation", "hs_name"]), @"1004 | off | Flytt");
}
