//! What belongs together: invoices to companies and subscriptions, subscriptions and projects to companies, line items to
//! what they are rows of (contract product §6; type ids and directions: contract hubspot-crm §6).

mod failures;
mod waiting;

use domain::ObjectType;
use insta::assert_snapshot;
use kleer_sim::{Agreement, AgreementRow, Company, Invoice, InvoiceRow, Project};

use super::{World, client, minutes, product, seconds};

/// What belongs to clients.
const CHILDREN: [ObjectType; 3] = [ObjectType::Agreement, ObjectType::Invoice, ObjectType::Project];

/// Lets these types be polled now, one after the other.
fn polls(world: &mut World, objects: &[ObjectType]) {
    objects.iter().for_each(|object| world.poll_now(*object));
}

/// A row of an invoice, one piece.
fn row(text: &str, price: i64) -> InvoiceRow {
    InvoiceRow { description: text.into(), price, ..InvoiceRow::default() }
}

/// An agreement of a client, with a number and one recurring row.
fn agreement(client: i64, number: &str) -> Agreement {
    let rows = vec![AgreementRow { description: "Drift".into(), price: 90_000, ..AgreementRow::default() }];
    let (description, agreement_nr) = (format!("Avtal {number}"), number.to_owned());
    Agreement { client_ref: client.into(), description, agreement_nr, recurring_rows: rows, ..Agreement::default() }
}

/// Kleer has a certified invoice of a client with these rows, otherwise as `more` says. Returns its id.
fn invoice(kleer: &mut Company, client: i64, rows: &[InvoiceRow], more: Invoice) -> i64 {
    let id = kleer.add_invoice(Invoice { client_ref: client.into(), rows: rows.to_vec(), ..more });
    kleer.certify_invoice(id);
    id
}

fn project(client: i64, name: &str) -> Project {
    Project { client: Some(client.into()), name: name.into(), ..Project::default() }
}

/// Two clients; of the second a product, an agreement, its invoice and a project.
fn of_one_client() -> World {
    let world = World::whole();
    world.kleer(|kleer| {
        kleer.add_client(client("Åkeri AB"));
        let bakery = kleer.add_client(client("Bageri AB"));
        kleer.add_product(product("Timme", 100_000));
        let made_by = kleer.add_agreement(agreement(bakery, "AV-1"));
        let more = Invoice { client_agreement_ref: Some(made_by.into()), ..Invoice::default() };
        invoice(kleer, bakery, &[row("Analys", 10_000), row("Bygge", 20_000)], more);
        kleer.add_project(project(bakery, "Ombyggnad"));
    });
    world
}

/// A line per record: what it belongs to of another type, with the ids of the association types.
fn belongs(world: &World, from: &str, to: &str) -> String {
    let key = |record: &hubspot_sim::Record| record.get("kleer_id").unwrap_or("-").to_owned();
    let line = |record: &hubspot_sim::Record| {
        let others = world.pretend.hubspot.associations(4242, from, record.id, to);
        let named = |(id, types): &(u64, Vec<u32>)| {
            let other = world.pretend.hubspot.record(4242, to, *id).expect("it is there");
            format!(" {} {types:?}", key(&other))
        };
        format!("{} →{}", key(record), others.iter().map(named).collect::<String>())
    };
    world.records(from).iter().map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn everything_belongs_where_kleer_says() {
    let mut world = of_one_client();
    world.pass(minutes(1));
    assert_snapshot!(belongs(&world, "invoices", "companies"), @"1004 → 1006 [179]");
    assert_snapshot!(belongs(&world, "invoices", "subscriptions"), @"1004 → 1004 [622]");
    assert_snapshot!(belongs(&world, "subscriptions", "companies"), @"1004 → 1006 [297]");
    assert_snapshot!(belongs(&world, "projects", "companies"), @"1004 → 1006 [1236]");
    assert_snapshot!(belongs(&world, "line_items", "invoices"), @"
    1004-recurring-0 →
    1004-row-0 → 1004 [410]
    1004-row-1 → 1004 [410]
    ");
    assert_snapshot!(belongs(&world, "line_items", "subscriptions"), @"
    1004-recurring-0 → 1004 [302]
    1004-row-0 →
    1004-row-1 →
    ");
}

#[test]
fn everything_is_found_from_the_other_end() {
    let mut world = of_one_client();
    world.pass(minutes(1));
    assert_snapshot!(belongs(&world, "companies", "invoices"), @"
    1004 →
    1006 → 1004 [180]
    ");
    assert_snapshot!(belongs(&world, "subscriptions", "invoices"), @"1004 → 1004 [623]");
    assert_snapshot!(belongs(&world, "companies", "subscriptions"), @"
    1004 →
    1006 → 1004 [298]
    ");
    assert_snapshot!(belongs(&world, "companies", "projects"), @"
    1004 →
    1006 → 1004 [1237]
    ");
    assert_snapshot!(belongs(&world, "invoices", "line_items"), @"1004 → 1004-row-0 [409] 1004-row-1 [409]");
    assert_snapshot!(belongs(&world, "subscriptions", "line_items"), @"1004 → 1004-recurring-0 [301]");
}

/// Three agreements, two of which have the same number, and an invoice for each way to name one.
fn named_in_every_way() -> World {
    let mut world = World::whole();
    world.kleer(|kleer| {
        let id = kleer.add_client(client("Åkeri AB"));
        let [first, second, _] = ["AV-1", "AV-2", "AV-2"].map(|number| kleer.add_agreement(agreement(id, number)));
        let by_number = |number: &str| Invoice { agreement_nr: Some(number.to_owned()), ..Invoice::default() };
        let by_reference = |agreement: i64, number: &str| Invoice {
            client_agreement_ref: Some(agreement.into()),
            ..by_number(number)
        };
        let named = [
            by_reference(second, ""),
            by_number("AV-1"),
            by_number(" AV-1 "),
            by_number("AV-2"),
            by_number("AV-9"),
            by_number(""),
            by_reference(second, "AV-1"),
            by_reference(first, "AV-9"),
        ];
        for more in named {
            invoice(kleer, id, &[row("Drift", 90_000)], more);
        }
    });
    world.pass(minutes(1));
    world
}

/// Beside each invoice the number it says.
fn subscriptions_of_invoices(world: &World) -> String {
    let lines = belongs(world, "invoices", "subscriptions");
    let numbers = world.table("invoices", &["kleer_agreement_number"]);
    lines.lines().zip(numbers.lines()).map(|(line, number)| format!("{number} {line}\n")).collect()
}

/// 1006 is the agreement that invoices refer to, and it shares its number with 1007.
#[test]
fn an_invoice_finds_its_agreement_by_reference_then_by_number() {
    let world = named_in_every_way();
    assert_snapshot!(subscriptions_of_invoices(&world), @"
    1004 | - 1004 → 1006 [622]
    1006 | AV-1 1006 → 1004 [622]
    1007 |  AV-1  1007 → 1004 [622]
    1010 | AV-2 1010 →
    1014 | AV-9 1014 →
    1017 | - 1017 →
    1021 | AV-1 1021 → 1006 [622]
    1024 | AV-9 1024 → 1004 [622]
    ");
    let counts = world.report(ObjectType::Invoice).counts;
    assert_eq!((counts.created, counts.waiting, counts.failed), (8, 0, 0), "nobody waits for a number");
}

#[test]
fn a_number_is_looked_up_anew_when_agreements_change() {
    let mut world = named_in_every_way();
    let ids: Vec<i64> = world.kleer(|kleer| kleer.agreements().iter().map(|agreement| agreement.id).collect());
    world.kleer(|kleer| {
        kleer.edit_agreement(ids[1], |agreement| agreement.agreement_nr = "AV-9".into());
        kleer.edit_agreement(ids[0], |agreement| agreement.agreement_nr = "AV-3".into());
    });
    polls(&mut world, &[ObjectType::Agreement]);
    assert_snapshot!(world.sent_while(|world| polls(world, &[ObjectType::Invoice])), @"
    updated invoice 1006 → HubSpot 9002:
    updated invoice 1007 → HubSpot 9003:
    updated invoice 1010 → HubSpot 9004:
    updated invoice 1014 → HubSpot 9005:
    ");
    assert_snapshot!(subscriptions_of_invoices(&world), @"
    1004 | - 1004 → 1006 [622]
    1006 | AV-1 1006 →
    1007 |  AV-1  1007 →
    1010 | AV-2 1010 → 1007 [622]
    1014 | AV-9 1014 → 1006 [622]
    1017 | - 1017 →
    1021 | AV-1 1021 → 1006 [622]
    1024 | AV-9 1024 → 1004 [622]
    ");
    let before = world.writes();
    polls(&mut world, &ObjectType::POLLED);
    assert_eq!(world.writes(), before);
}

#[test]
fn an_agreement_that_kleer_deleted_for_good_leaves_its_number_to_the_other() {
    let mut world = named_in_every_way();
    let last = world.kleer(|kleer| kleer.agreements()[2].id);
    assert!(world.kleer(|kleer| kleer.remove_agreement(last)));
    polls(&mut world, &[ObjectType::Agreement, ObjectType::Invoice]);
    assert_snapshot!(subscriptions_of_invoices(&world), @"
    1004 | - 1004 → 1006 [622]
    1006 | AV-1 1006 → 1004 [622]
    1007 |  AV-1  1007 → 1004 [622]
    1010 | AV-2 1010 → 1006 [622]
    1014 | AV-9 1014 →
    1017 | - 1017 →
    1021 | AV-1 1021 → 1006 [622]
    1024 | AV-9 1024 → 1004 [622]
    ");
}

/// The invoice, the agreement and the project of the second client go to the first.
#[test]
fn another_client_in_kleer_is_another_company() {
    let mut world = of_one_client();
    world.pass(minutes(1));
    let to = world.client_id("Åkeri AB");
    world.kleer(|kleer| {
        let (invoice, agreement, project) = (kleer.invoices()[0].id, kleer.agreements()[0].id, kleer.projects()[0].id);
        kleer.edit_invoice(invoice, |invoice| invoice.client_ref = to.into());
        kleer.edit_agreement(agreement, |agreement| agreement.client_ref = to.into());
        kleer.edit_project(project, |project| project.client = Some(to.into()));
    });
    assert_snapshot!(world.sent_while(|world| polls(world, &CHILDREN)), @"
    updated agreement 1004 → HubSpot 9001:
    updated invoice 1004 → HubSpot 9001:
    updated project 1004 → HubSpot 9001:
    ");
    assert_snapshot!(belongs(&world, "invoices", "companies"), @"1004 → 1004 [179]");
    assert_snapshot!(belongs(&world, "subscriptions", "companies"), @"1004 → 1004 [297]");
    assert_snapshot!(belongs(&world, "projects", "companies"), @"1004 → 1004 [1236]");
    assert_snapshot!(belongs(&world, "line_items", "invoices"), @"
    1004-recurring-0 →
    1004-row-0 → 1004 [410]
    1004-row-1 → 1004 [410]
    ");
}

#[test]
fn an_invoice_that_names_no_agreement_any_more_leaves_the_subscription() {
    let mut world = of_one_client();
    world.pass(minutes(1));
    world.kleer(|kleer| {
        let id = kleer.invoices()[0].id;
        kleer.edit_invoice(id, |invoice| invoice.client_agreement_ref = None);
    });
    assert_snapshot!(world.sent_while(|world| polls(world, &CHILDREN)), @"updated invoice 1004 → HubSpot 9001:");
    assert_snapshot!(belongs(&world, "invoices", "subscriptions"), @"1004 →");
    assert_snapshot!(belongs(&world, "invoices", "companies"), @"1004 → 1006 [179]");
}

/// Calls to that pair of types so far.
fn calls(world: &World, pair: &str) -> usize {
    world.pretend.hubspot.requests().iter().filter(|line| line.path.contains(pair)).count()
}

#[test]
fn the_pairs_of_a_page_travel_five_hundred_at_a_time() {
    let mut world = World::whole();
    world.kleer(|kleer| {
        let id = kleer.add_client(client("Åkeri AB"));
        for _ in 0..150 {
            let rows = [row("Analys", 10_000), row("Bygge", 20_000), row("Drift", 30_000), row("Resa", 40_000)];
            invoice(kleer, id, &rows, Invoice::default());
        }
    });
    world.pass(minutes(1));
    assert_eq!(world.report(ObjectType::Invoice).line_items.created, 600);
    assert_eq!((calls(&world, "line_items/invoices"), calls(&world, "invoices/companies")), (2, 1));
    let lone =
        belongs(&world, "line_items", "invoices").lines().filter(|line| line.matches("[410]").count() != 1).count();
    assert_eq!(lone, 0);
}
