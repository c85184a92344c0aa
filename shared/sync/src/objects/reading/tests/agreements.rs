use domain::{ObjectType, Value};
use serde_json::json;

use super::{check, field, read_all, told_row, told_target, unreadable, with};

/// An agreement as Kleer writes it (contract kleer-api §7.4).
const AGREEMENT: &str = r#"{"id":901,"foreign-id":"hs-deal-77","revision-nr":3,"client-ref":{"id":12},"description":"Support","start-date":"2025-01-01","start-invoice-date":"2025-01-01","next-invoice-date":"2026-12-01","end-date":null,"renewal-notification-date":"2026-12-24","your-reference":"Eva","our-reference":{"id":31},"approver":null,"currency":"SEK","payment-days":30,"invoice-interval-months":3,"invoice-day":"INVOICE_AT_START","po-nr":"PO 7","agreement-nr":" A-5 ","subscription-nr":"S-1","notes":"Intern","deleted":false,"fields":{},"first-invoice-rows":{"rows":[{"quantity":1,"price":500000,"unit":"st","description":"Uppstart"}]},"recurring-rows":{"rows":[{"quantity":1,"price":150000,"product":{"id":5},"unit":"st","description":"Support","discount":{"percentage":0.1}},{"quantity":2.5,"price":10000,"unit":"h","description":"Timmar"}]},"registration-user":{"id":31},"registration-date":"2025-01-02T09:00:00"}"#;

#[test]
fn an_agreement() {
    insta::assert_snapshot!(check(ObjectType::Agreement, AGREEMENT), @r#"
    901
    _arr: Money(Money(640000))
    _billing_frequency: Choice("quarterly")
    _mrr: Money(Money(53333))
    _status: Choice("active")
    agreement-nr: Text(" A-5 ")
    client-ref.id: Number(12)
    currency: Choice("SEK")
    description: Text("Support")
    foreign-id: Text("hs-deal-77")
    invoice-day: Choice("INVOICE_AT_START")
    invoice-interval-months: Number(3)
    notes: Text("Intern")
    our-reference.id: Number(31)
    payment-days: Number(30)
    po-nr: Text("PO 7")
    renewal-notification-date: Date(2026-12-24)
    revision-nr: Number(3)
    start-date: Date(2025-01-01)
    start-invoice-date: Date(2025-01-01)
    subscription-nr: Text("S-1")
    your-reference: Text("Eva")
    recurring-0 (product 5, every [quarterly]) description: Text("Support"), discount.percentage: Percentage(10.0), price: Money(Money(150000)), product.id: Number(5), quantity: Number(1), unit: Text("st")
    recurring-1 (no product, every [quarterly]) description: Text("Timmar"), price: Money(Money(10000)), quantity: Number(2.5), unit: Text("h")
    first-0 (no product, once) description: Text("Uppstart"), price: Money(Money(500000)), quantity: Number(1), unit: Text("st")
    → client 12
    number: "A-5"
    "#);
}

/// A field of an agreement with some members laid over it.
fn agreement(changes: &[(&str, serde_json::Value)], name: &str) -> String {
    field(ObjectType::Agreement, &with(AGREEMENT, changes), name)
}

/// Today is 2026-11-20; the boundary days are active (design §4).
#[test]
fn statuses() {
    let check = |start, end, deleted: bool| {
        let changes = [
            ("start-date", json!(start)),
            ("start-invoice-date", json!(start)),
            ("end-date", json!(end)),
            ("deleted", json!(deleted)),
        ];
        format!("{start:?} {end:?} {}", agreement(&changes, "_status"))
    };
    let lines = [
        check(Some("2026-11-20"), None, false),
        check(Some("2026-11-21"), None, false),
        check(Some("2025-01-01"), Some("2026-11-20"), false),
        check(Some("2025-01-01"), Some("2026-11-19"), false),
        check(Some("2025-01-01"), Some("2026-11-21"), false),
        check(Some("2026-11-20"), Some("2026-11-20"), false),
        // The end before the start.
        check(Some("2027-01-01"), Some("2026-01-01"), false),
        check(None, None, false),
        check(Some("0001-01-01"), Some("0001-01-01"), false),
        check(Some("2025-01-01"), None, true),
        check(Some("2027-01-01"), Some("2026-01-01"), true),
    ];
    insta::assert_snapshot!(lines.join("\n"), @r#"
    Some("2026-11-20") None Choice("active")
    Some("2026-11-21") None Choice("scheduled")
    Some("2025-01-01") Some("2026-11-20") Choice("active")
    Some("2025-01-01") Some("2026-11-19") Choice("expired")
    Some("2025-01-01") Some("2026-11-21") Choice("active")
    Some("2026-11-20") Some("2026-11-20") Choice("active")
    Some("2027-01-01") Some("2026-01-01") Choice("expired")
    None None Choice("active")
    Some("0001-01-01") Some("0001-01-01") Choice("active")
    Some("2025-01-01") None Choice("canceled")
    Some("2027-01-01") Some("2026-01-01") Choice("canceled")
    "#);
}

/// `start-date` is a deprecated alias of `start-invoice-date`, and may stay away.
#[test]
fn the_start_without_its_alias() {
    let check = |start, alias| {
        let changes = [("start-invoice-date", json!(start)), ("start-date", json!(alias))];
        agreement(&changes, "_status")
    };
    assert_eq!(check("2027-01-01", None), r#"Choice("scheduled")"#);
    assert_eq!(check("2027-01-01", Some("0001-01-01")), r#"Choice("scheduled")"#);
    assert_eq!(check("2025-01-01", None), r#"Choice("active")"#);
    assert_eq!(check("2027-01-01", Some("2025-01-01")), r#"Choice("active")"#);
    let start =
        |start, alias| agreement(&[("start-invoice-date", json!(start)), ("start-date", json!(alias))], "start-date");
    assert_eq!(start(Some("2027-01-01"), None), "Date(2027-01-01)");
    assert_eq!(start(Some("2027-01-01"), Some("0001-01-01")), "Date(2027-01-01)");
    assert_eq!(start(Some("2027-01-01"), Some("2025-01-01")), "Date(2025-01-01)");
    assert_eq!(start(None, None), agreement(&[("end-date", json!(null))], "end-date"), "neither has a value");
}

/// Interval, frequency, revenue, and how often the recurring rows are billed.
#[test]
fn intervals() {
    let check = |interval: serde_json::Value| {
        let document = with(AGREEMENT, &[("invoice-interval-months", interval.clone())]);
        let record = match read_all(ObjectType::Agreement, &document) {
            Ok(record) => record,
            Err(error) => return unreadable(&error),
        };
        let plain = |name: &str| record.values.get(name).map_or_else(|| "-".to_owned(), Value::plain);
        let rows: Vec<String> = record.rows.iter().map(|row| format!("{:?}", row.billing_frequency)).collect();
        format!(
            "{interval}: {} {} a month, {} a year, {}",
            plain("_billing_frequency"),
            plain("_mrr"),
            plain("_arr"),
            rows.join(" ")
        )
    };
    let intervals = [
        json!(1),
        json!(2),
        json!(3),
        json!(6),
        json!(12),
        json!(18),
        json!(60),
        json!(0),
        json!(-1),
        json!(null),
        json!("1.5"),
    ];
    insta::assert_snapshot!(intervals.map(check).join("\n"), @r#"
    1: monthly 1600 a month, 19200 a year, Some("monthly") Some("monthly") None
    2: - 800 a month, 9600 a year, Some("") Some("") None
    3: quarterly 533.33 a month, 6400 a year, Some("quarterly") Some("quarterly") None
    6: per_six_months 266.67 a month, 3200 a year, Some("per_six_months") Some("per_six_months") None
    12: annually 133.33 a month, 1600 a year, Some("annually") Some("annually") None
    18: - 88.89 a month, 1066.67 a year, Some("") Some("") None
    60: per_five_years 26.67 a month, 320 a year, Some("per_five_years") Some("per_five_years") None
    0: - - a month, - a year, Some("") Some("") None
    -1: - - a month, - a year, Some("") Some("") None
    null: - - a month, - a year, Some("") Some("") None
    Some(KleerId(901)) [invoice-interval-months] it should be a whole number, but holds `"1.5"`
    "#);
}

#[test]
fn revenue() {
    let check = |rows| {
        let changes = [("recurring-rows", json!({"rows": rows})), ("invoice-interval-months", json!(1))];
        format!("{} {}", agreement(&changes, "_mrr"), agreement(&changes, "_arr"))
    };
    let lines = [
        check(json!([])),
        check(json!([{"quantity": 2, "price": 10_000}, {"quantity": -1, "price": 2_500}])),
        check(json!([{"quantity": 2, "price": 10_000}, {"quantity": 1, "price": -2_500}])),
        check(json!([{"quantity": 2, "price": 10_000, "discount": {"absolute": 500}}])),
        check(json!([{"quantity": 2, "price": 10_000, "discount": {"percentage": 0.5}}])),
        check(json!([{"quantity": 2, "price": 10_000, "discount": {"percentage": 50}}])),
        check(json!([{"quantity": 0.333, "price": 100}])),
    ];
    insta::assert_snapshot!(lines.join("\n"), @r"
    Money(Money(0)) Money(Money(0))
    Money(Money(17500)) Money(Money(210000))
    Money(Money(17500)) Money(Money(210000))
    Money(Money(19500)) Money(Money(234000))
    Money(Money(10000)) Money(Money(120000))
    Money(Money(10000)) Money(Money(120000))
    Money(Money(33)) Money(Money(400))
    ");
}

/// First-invoice rows are billed once; the keys say which set a row is of.
#[test]
fn rows_of_both_sets() {
    let rows = |changes: &[(&str, serde_json::Value)]| match read_all(ObjectType::Agreement, &with(AGREEMENT, changes))
    {
        Ok(record) => record.rows.iter().map(told_row).collect::<Vec<_>>().join("\n"),
        Err(error) => unreadable(&error),
    };
    let row = |text: &str| json!({"quantity": 1, "price": 100, "description": text});
    let both = [
        ("first-invoice-rows", json!([row("a"), row("b")])),
        ("recurring-rows", json!({"rows": [row("c"), row("d")]})),
    ];
    insta::assert_snapshot!(rows(&both), @r#"
    recurring-0 (no product, every [quarterly]) description: Text("c"), price: Money(Money(100)), quantity: Number(1)
    recurring-1 (no product, every [quarterly]) description: Text("d"), price: Money(Money(100)), quantity: Number(1)
    first-0 (no product, once) description: Text("a"), price: Money(Money(100)), quantity: Number(1)
    first-1 (no product, once) description: Text("b"), price: Money(Money(100)), quantity: Number(1)
    "#);
    insta::assert_snapshot!(rows(&[("recurring-rows", json!({"rows": [row("c"), {"quantity": 1}]}))]), @"Some(KleerId(901)) [recurring-rows[1].price] it should be an amount in whole minor units, but holds `nothing`");
    insta::assert_snapshot!(rows(&[("first-invoice-rows", json!({"rows": [{"quantity": "x", "price": 1}]}))]), @r#"Some(KleerId(901)) [first-invoice-rows[0].quantity] it should be a number, but holds `"x"`"#);
    assert_eq!(rows(&[("first-invoice-rows", json!(null)), ("recurring-rows", json!({}))]), "");
}

#[test]
fn its_number_is_what_invoices_name() {
    let number = |number| {
        let record = read_all(ObjectType::Agreement, &with(AGREEMENT, &[("agreement-nr", number)])).unwrap();
        format!("{:?}", record.number)
    };
    let numbers = [json!("A-5"), json!(" A-5\t"), json!(7), json!(""), json!("  "), json!(null)];
    insta::assert_snapshot!(numbers.map(number).join("\n"), @r#"
    Some("A-5")
    Some("A-5")
    Some("7")
    None
    None
    None
    "#);
}

#[test]
fn whose_it_is() {
    let check = |client| {
        let record = read_all(ObjectType::Agreement, &with(AGREEMENT, &[("client-ref", client)])).unwrap();
        record.targets.iter().map(told_target).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(check(json!({"id": 12})), "→ client 12");
    assert_eq!(check(json!({"id": {"id": 12}})), "→ client 12");
    assert_eq!(check(json!({"id": 0})), "");
    assert_eq!(check(json!(null)), "");
}

#[test]
fn values_that_nobody_knows_pass_through() {
    let check = |name: &str, value: &str| agreement(&[(name, json!(value))], name);
    let lines = [
        check("invoice-day", "INVOICE_60_DAYS_PRIOR_TO_PERIOD_START"),
        check("invoice-day", "InvoiceAtStart"),
        check("invoice-day", "INVOICE_AT_FULL_MOON"),
        check("currency", "CHF"),
    ];
    insta::assert_snapshot!(lines.join("\n"), @r#"
    Choice("INVOICE_60_DAYS_PRIOR_TO_PERIOD_START")
    Choice("INVOICE_AT_START")
    Choice("INVOICE_AT_FULL_MOON")
    Choice("CHF")
    "#);
}
