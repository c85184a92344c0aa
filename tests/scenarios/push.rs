//! One record of Kleer is pushed to HubSpot at once: what a workflow action made or changed.

use domain::{HubspotId, KleerId, ObjectType};
use insta::assert_snapshot;
use kleer_sim::{Invoice, InvoiceRow};
use local::fuse::Moment;
use queue::Push;

use super::create::{self, push, shop};
use super::invoices::states;
use super::{World, client, minutes, seconds};
use tests::Ending;

/// Kleer has a draft of the client with that name; its id.
fn draft(world: &World, name: &str) -> i64 {
    let client = world.client_id(name);
    world.kleer(|kleer| {
        let rows = vec![
            InvoiceRow { description: "Analys".into(), price: 10_000, ..InvoiceRow::default() },
            InvoiceRow { description: "Bygge".into(), price: 20_000, ..InvoiceRow::default() },
        ];
        kleer.add_invoice(Invoice { client_ref: client.into(), rows, ..Invoice::default() })
    })
}

/// Queues a push of an invoice, to be associated with that deal, and lets it happen.
fn pushes(world: &mut World, invoice: i64, deal: Option<u64>) -> Ending {
    queues(world, invoice, deal);
    world.pass(minutes(1))
}

fn queues(world: &World, invoice: i64, deal: Option<u64>) {
    let associate = deal.map(|deal| ("deals".to_owned(), HubspotId(deal.to_string()))).into_iter().collect();
    let job = Push { object: ObjectType::Invoice, kleer_id: KleerId(invoice), associate };
    world.clock.run(push(world.app(), job));
}

/// The invoices in HubSpot: Kleer id, status, total, and how many companies, deals and line items it belongs to.
fn invoices(world: &World) -> String {
    let count = |id: u64, to: &str| world.pretend.hubspot.associations(4242, "invoices", id, to).len();
    let line = |record: &hubspot_sim::Record| {
        let value = |name: &str| record.get(name).unwrap_or("-").to_owned();
        let belongs = ["companies", "deals", "line_items"].map(|to| count(record.id, to));
        format!("{} {} {} {belongs:?}", value("kleer_id"), value("hs_invoice_status"), value("kleer_total_amount"))
    };
    world.records("invoices").iter().map(line).collect::<Vec<_>>().join("\n")
}

fn deal(world: &World) -> u64 {
    world.person_creates("deals", &create::deal("Bygget"))
}

#[test]
fn a_draft_is_pushed_and_followed_from_then_on() {
    let mut world = shop();
    let (id, deal) = (draft(&world, "Åkeri AB"), deal(&world));
    pushes(&mut world, id, Some(deal));
    assert_snapshot!(invoices(&world), @"1004 draft 375 [1, 1, 2]");
    let hubspot_id = world.records("invoices")[0].id;
    // Polls leave the deal where it is, and write nothing.
    let writes = world.writes();
    pushes(&mut world, id, Some(deal));
    world.poll_now(ObjectType::Invoice);
    assert_eq!(
        world.sent_while(|world| {
            world.poll_now(ObjectType::Invoice);
        }),
        ""
    );
    // Associating again is the only thing that was said twice.
    assert_eq!(world.writes(), writes + 1);
    world.kleer(|kleer| kleer.edit_invoice(id, |invoice| invoice.rows[0].price = 15_000));
    world.poll_now(ObjectType::Invoice);
    assert_snapshot!(invoices(&world), @"1004 draft 437.5 [1, 1, 2]");
    world.kleer(|kleer| kleer.certify_invoice(id));
    world.poll_now(ObjectType::Invoice);
    assert_snapshot!(invoices(&world), @"1004 open 437.5 [1, 1, 2]");
    assert_eq!(world.records("invoices")[0].id, hubspot_id, "it is the same record");
}

#[test]
fn a_draft_that_a_poll_saw_first_is_pushed_all_the_same() {
    let mut world = shop();
    let id = draft(&world, "Åkeri AB");
    world.poll_now(ObjectType::Invoice);
    assert_snapshot!(states(&world, &[id]), @"1004 excluded_draft");
    pushes(&mut world, id, None);
    assert_snapshot!(states(&world, &[id]), @"1004 in_sync");
    assert_snapshot!(invoices(&world), @"1004 draft 375 [1, 0, 2]");
}

#[test]
fn a_type_that_is_switched_off_is_pushed_too() {
    let mut world = shop();
    world.settings(ObjectType::Invoice, |settings| settings.enabled = false);
    world.settings(ObjectType::LineItem, |settings| settings.enabled = false);
    let (id, deal) = (draft(&world, "Åkeri AB"), deal(&world));
    pushes(&mut world, id, Some(deal));
    assert_snapshot!(invoices(&world), @"1004 draft 375 [1, 1, 2]");
    // Nobody polls it.
    world.kleer(|kleer| kleer.certify_invoice(id));
    world.pass(minutes(70));
    assert_snapshot!(invoices(&world), @"1004 draft 375 [1, 1, 2]");
    // Another push says what is new.
    pushes(&mut world, id, Some(deal));
    assert_snapshot!(invoices(&world), @"1004 open 375 [1, 1, 2]");
}

#[test]
fn an_invoice_whose_company_is_not_there_waits_for_it() {
    let mut world = shop();
    // The client is so new that no poll has seen it.
    world.kleer(|kleer| kleer.add_client(client("Ny AB")));
    let (id, deal) = (draft(&world, "Ny AB"), deal(&world));
    queues(&world, id, Some(deal));
    world.pass(seconds(5));
    assert_snapshot!(states(&world, &[id]), @"1004 waiting");
    assert_snapshot!(invoices(&world), @"1004 draft 375 [0, 1, 2]");
    world.pass(minutes(40));
    assert_snapshot!(states(&world, &[id]), @"1004 in_sync");
    assert_snapshot!(invoices(&world), @"1004 draft 375 [1, 1, 2]");
}

#[test]
fn what_hubspot_refuses_is_tried_again_although_it_is_a_draft() {
    let mut world = shop();
    let id = draft(&world, "Åkeri AB");
    let body = Some(serde_json::json!({"status": "error", "message": "no", "category": "VALIDATION_ERROR"}));
    let no = hubspot_sim::Fault::Status { status: 400, retry_after: None, body, saved: false };
    world.break_hubspot("/invoices/batch/upsert", no);
    pushes(&mut world, id, None);
    assert_snapshot!(world.problems(ObjectType::Invoice), @"1004 RefusedByHubspot: HubSpot refused the request: no. Correct the value in Kleer or the rule in HubSpot; it is tried again by itself.");
    assert_snapshot!(states(&world, &[id]), @"1004 failing");
    world.mend();
    world.pass(minutes(40));
    assert_snapshot!(invoices(&world), @"1004 draft 375 [1, 0, 2]");
    assert_snapshot!(world.problems(ObjectType::Invoice), @"");
}

#[test]
fn what_cannot_be_pushed_harms_nobody() {
    let mut world = shop();
    let id = draft(&world, "Åkeri AB");
    // A deal that is not there any more, an invoice that never was.
    pushes(&mut world, id, Some(999_999));
    pushes(&mut world, 77, None);
    assert_snapshot!(invoices(&world), @"1004 draft 375 [1, 0, 2]");
    // Kleer is away for longer than a message waits.
    let second = draft(&world, "Åkeri AB");
    world.break_kleer("/client/invoice/", kleer_sim::Fault::Html { status: 502, saved: false });
    pushes(&mut world, second, None);
    world.pass(minutes(10));
    assert_snapshot!(world.problems(ObjectType::Invoice), @"1006 RefusedByHubspot: Kleer answered with a web page instead of data (status 502); it is tried again by itself. If it does not pass, mend what it says.");
    world.mend();
    world.pass(minutes(40));
    assert_snapshot!(invoices(&world), @r"
    1004 draft 375 [1, 0, 2]
    1006 draft 375 [1, 0, 2]
    ");
    assert_snapshot!(world.problems(ObjectType::Invoice), @"");
}

/// Kills the process after every third of its calls, from one on, until it comes through. Before the next call is the same
/// moment, seen from outside.
fn killed(first: u64) {
    for call in (first..).step_by(3) {
        let mut world = create::shop_with(&[ObjectType::Client, ObjectType::Invoice]);
        let (id, deal) = (draft(&world, "Åkeri AB"), deal(&world));
        queues(&world, id, Some(deal));
        world.dies_at(call, Moment::After);
        let ending = world.pass(seconds(20));
        world.restart();
        world.pass(minutes(2));
        let told = format!("killed after call {call}");
        assert_eq!(invoices(&world), "1004 draft 375 [1, 1, 2]", "{told}");
        assert_eq!(world.records("line_items").len(), 2, "{told}");
        let writes = world.writes();
        world.poll_now(ObjectType::Invoice);
        assert_eq!(world.writes(), writes, "{told}: a later run wrote");
        if ending == Ending::Passed {
            assert!(call > 20, "a push is more than {call} calls");
            break;
        }
    }
}

#[test]
fn killed_after_every_third_call() {
    killed(1);
}

#[test]
fn killed_after_the_calls_that_follow_them() {
    killed(2);
}

#[test]
fn killed_after_the_calls_before_them() {
    killed(3);
}
