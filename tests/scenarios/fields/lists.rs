//! Enumerations: every value arrives as the option that is meant.

use domain::{FieldKind, ObjectType};
use insta::assert_snapshot;
use serde_json::{Value, json};
use sync::objects::spec;

use super::support::{add, polled, world_of};
use super::{World, every, maps, minutes, values};

/// A line per value of a field: as Kleer spells it, and as it arrives.
fn of_list(world: &World, object: ObjectType, field: &str, spelled: &[&str]) -> String {
    let arrived = values(world, object, field);
    let pairs = spelled.iter().zip(arrived.split(" ; ")).map(|(spelled, arrived)| format!("{spelled}→{arrived}"));
    format!("{field}: {}", pairs.collect::<Vec<_>>().join(" "))
}

/// One record per value, and what arrives of each.
fn each_value(object: ObjectType, field: &str, spelled: &[&str], values: impl Fn(&str) -> Value) -> String {
    let mut world = world_of(object);
    maps(&world, object, every(object).filter(|mapping| mapping.field.as_deref() == Some(field)));
    for value in spelled {
        add(&world, object, &values(value));
    }
    world.pass(minutes(1));
    assert_eq!(world.problems(polled(object)), "");
    of_list(&world, object, field, spelled)
}

const CURRENCIES: [&str; 5] = ["SEK", "EUR", "USD", "NOK", "DKK"];
const DELIVERY_TYPES: [&str; 6] = ["Mail", "Email", "Manually", "Svefaktura", "Efaktura", "Svea"];

#[test]
fn every_value_of_every_list_of_clients_and_products_arrives() {
    let of_client = |field: &'static str| move |value: &str| json!({ field: value });
    let client = |field, values: &[&str]| each_value(ObjectType::Client, field, values, of_client(field));
    assert_snapshot!(client("client-type", &["Organisation", "Person"]), @"client-type: Organisation→Organisation Person→Person");
    assert_snapshot!(client("currency-type", &["SEK", "EUR", "USD", "NOK", "DKK", "GBP"]), @"currency-type: SEK→SEK EUR→EUR USD→USD NOK→NOK DKK→DKK GBP→GBP");
    assert_snapshot!(client("delivery-type", &DELIVERY_TYPES), @"delivery-type: Mail→Mail Email→Email Manually→Manually Svefaktura→Svefaktura Efaktura→Efaktura Svea→Svea");
    let types = ["GOODS", "SERVICES", "DIGITAL_SERVICES"];
    let product = |value: &str| json!({ "name": "Vara", "type": value });
    assert_snapshot!(each_value(ObjectType::Product, "type", &types, product), @"type: GOODS→Goods SERVICES→Services DIGITAL_SERVICES→DigitalServices");
}

#[test]
fn every_value_of_every_list_of_invoices_arrives() {
    let invoice = |field, values: &[&str]| {
        each_value(ObjectType::Invoice, field, values, |value| json!({ "certified": true, field: value }))
    };
    assert_snapshot!(invoice("currency", &CURRENCIES), @"currency: SEK→SEK EUR→EUR USD→USD NOK→NOK DKK→DKK");
    assert_snapshot!(invoice("delivery-type", &DELIVERY_TYPES), @"delivery-type: Mail→Mail Email→Email Manually→Manually Svefaktura→Svefaktura Efaktura→Efaktura Svea→Svea");
    assert_snapshot!(invoice("edi-period-type", &["ROW", "INVOICE", "NONE"]), @"edi-period-type: ROW→Row INVOICE→Invoice NONE→None");
    let status = |name: &str| json!({ "certified": true, "disabled": name == "disabled", "remaining": i64::from(name == "open") });
    assert_snapshot!(each_value(ObjectType::Invoice, "_status", &["open", "settled", "disabled"], status), @"_status: open→open settled→paid disabled→voided");
}

#[test]
fn every_value_of_every_list_of_agreements_arrives() {
    let agreement = |field, spelled: &[&str], values: fn(&str) -> Value| {
        each_value(ObjectType::Agreement, field, spelled, |value| {
            let mut document =
                json!({ "description": "Drift", "start-invoice-date": "2026-01-01", "start-date": "2026-01-01" });
            for (name, value) in values(value).as_object().into_iter().flatten() {
                document[name] = value.clone();
            }
            document
        })
    };
    assert_snapshot!(agreement("currency", &CURRENCIES, |currency| json!({ "currency": currency })), @"currency: SEK→SEK EUR→EUR USD→USD NOK→NOK DKK→DKK");
    let days = spec(ObjectType::Agreement).field("invoice-day").map(|field| field.kind);
    let Some(FieldKind::Enumeration(days)) = days else { panic!("the day of invoicing is a list") };
    let days: Vec<&str> = days.iter().map(|day| day.value).collect();
    assert_snapshot!(agreement("invoice-day", &days, |day| json!({ "invoice-day": day })), @"invoice-day: INVOICE_AT_START→INVOICE_AT_START PAY_AT_START→PAY_AT_START INVOICE_AT_END→INVOICE_AT_END INVOICE_AT_START_MONTH→INVOICE_AT_START_MONTH INVOICE_60_DAYS_PRIOR_TO_PERIOD_START→INVOICE_60_DAYS_PRIOR_TO_PERIOD_START INVOICE_AT_END_MONTH→INVOICE_AT_END_MONTH INVOICE_ONE_DAY_PRIOR_TO_PERIOD_START→INVOICE_ONE_DAY_PRIOR_TO_PERIOD_START INVOICE_FIVE_DAYS_PRIOR_TO_PERIOD_START→INVOICE_FIVE_DAYS_PRIOR_TO_PERIOD_START");
    let months = ["1", "3", "6", "12", "24", "36", "48", "60", "2"];
    let interval = |months: &str| json!({ "invoice-interval-months": months.parse::<i64>().ok() });
    assert_snapshot!(agreement("_billing_frequency", &months, interval), @"_billing_frequency: 1→monthly 3→quarterly 6→per_six_months 12→annually 24→per_two_years 36→per_three_years 48→per_four_years 60→per_five_years 2→-");
    let status = |name: &str| match name {
        "ended" => json!({ "end-date": "2026-11-19" }),
        "later" => json!({ "start-date": "2026-11-21" }),
        "deleted" => json!({ "deleted": true }),
        _ => json!({ "end-date": "2026-11-20", "start-date": "2026-11-20" }),
    };
    assert_snapshot!(agreement("_status", &["today", "ended", "later", "deleted"], status), @"_status: today→active ended→expired later→scheduled deleted→canceled");
}
