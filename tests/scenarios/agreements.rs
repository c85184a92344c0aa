//! Kleer's agreements are HubSpot's subscriptions, which never make invoices there.

mod days;
mod places;
mod rows;

use domain::{ObjectType, PortalId, RecordState};
use insta::assert_snapshot;
use jiff::civil::date;
use kleer_sim::{Agreement, AgreementRow, Discount, EmptyList};
use local::pretend::{PORTAL, Scene};
use store::Pairing;

use super::{World, client, hours, minutes, product};

/// What agreements need, and nothing else.
const TYPES: [ObjectType; 4] = [ObjectType::Product, ObjectType::Client, ObjectType::Agreement, ObjectType::LineItem];

/// A portal with agreements, and Åkeri AB in Kleer.
fn portal() -> (World, i64) {
    let world = World::of(Scene::of(0, 0), &TYPES);
    let client = world.kleer(|kleer| kleer.add_client(client("Åkeri AB")));
    (world, client)
}

/// An agreement of that client about one thing for 1,500 kronor a month.
fn agreement(client: i64, description: &str) -> Agreement {
    Agreement {
        client_ref: client.into(),
        description: description.to_owned(),
        start_invoice_date: date(2026, 1, 1),
        recurring_rows: vec![row("Support", 150_000)],
        ..Agreement::default()
    }
}

/// One of something at that price in öre.
fn row(description: &str, price: i64) -> AgreementRow {
    AgreementRow { description: description.to_owned(), price, ..AgreementRow::default() }
}

/// The same, in HubSpot.
fn in_sync() -> (World, i64) {
    let (mut world, client) = portal();
    let id = world.kleer(|kleer| kleer.add_agreement(agreement(client, "Support")));
    world.pass(minutes(1));
    (world, id)
}

fn subscriptions(world: &World, properties: &[&str]) -> String {
    world.table("subscriptions", properties)
}

fn problems(world: &World) -> String {
    world.problems(ObjectType::Agreement)
}

/// How the binding of an agreement stands.
fn state(world: &World, id: i64) -> RecordState {
    let pairing = Pairing::new(PortalId(PORTAL), ObjectType::Agreement, "subscriptions");
    let index = world.clock.run(world.app().store.binding_index(&pairing)).unwrap();
    index[&domain::KleerId(id)].state
}

#[test]
fn an_agreement_becomes_a_subscription_that_makes_no_invoices() {
    let (mut world, client) = portal();
    world.kleer(|kleer| {
        kleer.add_agreement(Agreement {
            end_date: Some(date(2027, 12, 31)),
            renewal_notification_date: Some(date(2027, 10, 1)),
            currency: "EUR".into(),
            payment_days: 20,
            invoice_interval_months: 3,
            agreement_nr: "A-17".into(),
            recurring_rows: vec![
                AgreementRow { quantity: "2.5".parse().unwrap(), ..row("Support", 100_000) },
                AgreementRow { discount: Some(Discount::Absolute(10_000)), ..row("Drift", 60_000) },
            ],
            first_invoice_rows: vec![row("Uppstart", 500_000)],
            ..agreement(client, "Support och drift")
        })
    });
    world.pass(minutes(1));
    assert_snapshot!(subscriptions(&world, &["hs_name", "hs_invoice_creation", "hs_status", "hs_currency_code", "hs_net_payment_terms"]), @"1004 | Support och drift | off | active | EUR | 20");
    // 2,500 + 500 a quarter; what HubSpot makes of the line items is the same.
    assert_snapshot!(subscriptions(&world, &["hs_recurring_billing_frequency", "kleer_mrr", "kleer_arr", "hs_mrr"]), @"1004 | quarterly | 1000 | 12000 | 1000");
    assert_snapshot!(subscriptions(&world, &["hs_recurring_billing_start_date", "kleer_end_date", "kleer_renewal_date", "kleer_agreement_number"]), @"1004 | 2026-01-01 | 2027-12-31 | 2027-10-01 | A-17");
    assert_snapshot!(world.table("line_items", &["name", "quantity", "price", "discount", "recurringbillingfrequency"]), @"
    1004-recurring-0 | Support | 2.5 | 1000 | - | quarterly
    1004-recurring-1 | Drift | 1 | 600 | 100 | quarterly
    1004-first-0 | Uppstart | 1 | 5000 | - | -
    ");
    assert_snapshot!(problems(&world), @"");
    let before = world.writes();
    world.pass(hours(2));
    assert_eq!(world.writes(), before, "the second run wrote");
}

#[test]
fn it_belongs_to_its_client_and_its_rows_to_it() {
    let (mut world, client) = portal();
    let product = world.kleer(|kleer| kleer.add_product(product("Supporttimme", 150_000)));
    world.kleer(|kleer| {
        kleer.add_agreement(Agreement {
            recurring_rows: vec![AgreementRow { product: Some(product.into()), ..row("Support", 150_000) }],
            ..agreement(client, "Support")
        })
    });
    world.pass(minutes(1));
    let [company, product, subscription, line] =
        ["companies", "products", "subscriptions", "line_items"].map(|object| world.records(object)[0].clone());
    assert_eq!(line.get("hs_product_id"), Some(product.id.to_string().as_str()));
    let of = |to| world.pretend.hubspot.associations(4242, "subscriptions", subscription.id, to);
    // A current line item, not an upcoming one (564).
    assert_eq!(of("companies"), [(company.id, vec![297])]);
    assert_eq!(of("line_items"), [(line.id, vec![301])]);
}

#[test]
fn a_deleted_agreement_is_canceled() {
    let (mut world, id) = in_sync();
    world.kleer(|kleer| kleer.delete_agreement(id));
    assert_snapshot!(world.sent_while(|world| world.pass(minutes(30))), @"updated agreement 1004 → HubSpot 9001: hs_status=canceled");
    assert_snapshot!(subscriptions(&world, &["hs_name", "hs_status", "hs_invoice_creation"]), @"1004 | Support | canceled | off");
    assert_eq!(world.records("line_items").len(), 1, "its line items stay");
    assert_snapshot!(world.sent_while(|world| world.pass(hours(2))), @"");
}

#[test]
fn an_agreement_deleted_before_we_came_is_canceled_from_the_start() {
    let (mut world, client) = portal();
    let id = world.kleer(|kleer| kleer.add_agreement(agreement(client, "Support")));
    world.kleer(|kleer| kleer.delete_agreement(id));
    world.pass(minutes(1));
    assert_snapshot!(subscriptions(&world, &["hs_name", "hs_status"]), @"1004 | Support | canceled");
}

/// Whether Kleer lists deleted agreements is not known (contract kleer-api §14.1).
#[test]
fn an_agreement_missing_from_the_list_is_canceled_until_it_returns() {
    let (mut world, id) = in_sync();
    let client = world.client_id("Åkeri AB");
    world.kleer(|kleer| kleer.add_agreement(agreement(client, "Drift")));
    world.pass(minutes(30));
    world.pretend.kleer.state(|state| state.switches.deleted_agreements_listed = false);
    world.kleer(|kleer| kleer.delete_agreement(id));
    assert_snapshot!(world.sent_while(|world| world.pass(minutes(30))), @"updated agreement 1004 → HubSpot 9001: hs_status=canceled");
    assert_snapshot!(subscriptions(&world, &["hs_name", "hs_status"]), @"
    1004 | Support | canceled
    1006 | Drift | active
    ");
    assert_eq!(state(&world, id), RecordState::DeletedInKleer);
    assert_snapshot!(world.sent_while(|world| world.pass(hours(2))), @"");
    world.kleer(|kleer| kleer.edit_agreement(id, |agreement| agreement.deleted = false));
    assert_snapshot!(world.sent_while(|world| world.pass(minutes(30))), @"updated agreement 1004 → HubSpot 9001: hs_status=active");
    assert_eq!(state(&world, id), RecordState::InSync);
}

#[test]
fn an_empty_list_cancels_nothing() {
    let (mut world, id) = in_sync();
    assert!(world.kleer(|kleer| kleer.remove_agreement(id)));
    for empty in [EmptyList::Array, EmptyList::Missing] {
        world.pretend.kleer.state(|state| state.switches.empty_list = empty);
        assert_eq!(world.sent_while(|world| world.pass(hours(1))), "");
    }
    assert_snapshot!(subscriptions(&world, &["hs_name", "hs_status"]), @"1004 | Support | active");
}

#[test]
fn another_client_takes_the_agreement_over() {
    let (mut world, id) = in_sync();
    let other = world.kleer(|kleer| kleer.add_client(client("Bageri AB")));
    world.pass(minutes(15));
    world.kleer(|kleer| kleer.edit_agreement(id, |agreement| agreement.client_ref = other.into()));
    world.pass(minutes(31));
    let subscription = world.records("subscriptions")[0].id;
    let bageri = world.records("companies")[1].id;
    let associated = world.pretend.hubspot.associations(4242, "subscriptions", subscription, "companies");
    assert_eq!(associated, [(bageri, vec![297])]);
    assert_eq!(state(&world, id), RecordState::InSync);
    let before = world.writes();
    world.pass(hours(1));
    assert_eq!(world.writes(), before, "the second run wrote");
}

#[test]
fn invoice_creation_that_a_user_switched_on_is_off_after_the_next_change() {
    let (mut world, id) = in_sync();
    let subscription = world.records("subscriptions")[0].id;
    let on = [("hs_invoice_creation", "on")];
    world.pretend.hubspot.person_edits(4242, "subscriptions", subscription, &on).unwrap();
    world.kleer(|kleer| kleer.edit_agreement(id, |agreement| agreement.payment_days = 10));
    world.pass(minutes(30));
    assert_snapshot!(subscriptions(&world, &["hs_invoice_creation", "hs_net_payment_terms"]), @"1004 | off | 10");
}

#[test]
fn a_description_is_needed_and_a_default_stands_in_for_it() {
    let (mut world, client) = portal();
    world.kleer(|kleer| {
        kleer.add_agreement(agreement(client, ""));
        kleer.add_agreement(agreement(client, "Drift"));
    });
    world.pass(minutes(1));
    assert_snapshot!(subscriptions(&world, &["hs_name"]), @"1006 | Drift");
    assert_snapshot!(problems(&world), @"1004 MissingValue: The agreement has no value in Description, and HubSpot needs one. Fill in Description on agreement 1004 in Kleer, or set a default value on its mapping.");
    assert_eq!(world.report(ObjectType::Agreement).counts.failed, 1);
    world.settings(ObjectType::Agreement, |settings| {
        let description = settings.mappings.iter_mut().find(|mapping| mapping.property == "hs_name").unwrap();
        description.default = Some("Avtal".into());
    });
    world.pass(minutes(30));
    assert_snapshot!(subscriptions(&world, &["hs_name"]), @"
    1006 | Drift
    1004 | Avtal
    ");
    assert_snapshot!(problems(&world), @"");
}
