use domain::{ObjectType, Value};
use jiff::civil::{Date, date};
use serde_json::json;

use super::{check, field, read_all, told, told_target, unreadable, with};
use crate::objects::Reader;

/// An invoice as Kleer writes it (contract kleer-api §7.2), with everything it may have.
const INVOICE: &str = r#"{"id":501,"invoice-nr":1077,"edi-period-type":"INVOICE","credit-invoices":{},"foreign-id":"hs-deal-9","po-nr":"PO 7","agreement-nr":" A-5 ","client-ref":{"id":12},"end-client":{"id":0},"your-reference":"Eva","our-reference":{"id":31},"approver":{"id":0},"invoice-address":{"address1":"Torggatan 1","address2":"Box 3","zip-code":"837 52","state":"Åre","country":"Sverige"},"invoice-email":"a@example.se","delivery-name":"Lagret","delivery-address":{"address1":"Hamngatan 2","address2":"Port B","zip-code":"111 47","state":"Stockholm","country":"Sverige"},"delivery-email":"lager@example.se","invoice-date":"2026-11-01","due-date":"2026-12-01","delivery-date":"2026-10-30","period":{"start-date":"2026-11-01","end-date":"2026-11-30"},"amount":300000,"vat":75000,"currency":"SEK","currency-rate":1.0,"certified":true,"certified-date":"2026-11-01T09:00:00","sent":false,"notes":"Tack!\nVi ses.","delivery-type":"Email","vat-nr":"SE556677889901","country-code":"SE","client-agreement-ref":{"id":901},"remaining":375000,"disabled":false,"automatic-actions-disabled":true,"files":{},"rows":{"rows":[{"id":7001,"quantity":2,"price":150000,"vat":0.25,"product":{"id":5},"unit":"h","description":"Support","account-nr":3041}]},"factoring":false,"self-invoice-references":{}}"#;

/// A draft with nothing in it but what the schema asks for.
const BARE: &str = r#"{"id":502,"invoice-nr":0,"foreign-id":"","po-nr":"","client-ref":{"id":0},"your-reference":"","our-reference":{"id":0},"invoice-address":{"address1":"","address2":"","zip-code":"","state":"","country":""},"invoice-email":"","delivery-name":"","delivery-address":{"address1":"","address2":"","zip-code":"","state":"","country":""},"delivery-email":"","invoice-date":"2026-11-20","due-date":"","delivery-date":"0001-01-01","currency":"SEK","certified":false,"sent":false,"remaining":0,"disabled":false,"rows":{}}"#;

#[test]
fn an_invoice() {
    insta::assert_snapshot!(check(ObjectType::Invoice, INVOICE), @r#"
    501
    _status: Choice("open")
    _total_amount: Money(Money(375000))
    agreement-nr: Text(" A-5 ")
    automatic-actions-disabled: Boolean(true)
    certified: Boolean(true)
    client-ref.id: Number(12)
    country-code: Text("SE")
    currency: Choice("SEK")
    currency-rate: Number(1.0)
    delivery-address.address1: Text("Hamngatan 2")
    delivery-address.address2: Text("Port B")
    delivery-address.country: Text("Sverige")
    delivery-address.state: Text("Stockholm")
    delivery-address.zip-code: Text("111 47")
    delivery-date: Date(2026-10-30)
    delivery-email: Text("lager@example.se")
    delivery-name: Text("Lagret")
    delivery-type: Choice("Email")
    disabled: Boolean(false)
    due-date: Date(2026-12-01)
    edi-period-type: Choice("Invoice")
    foreign-id: Text("hs-deal-9")
    invoice-address.address1: Text("Torggatan 1")
    invoice-address.address2: Text("Box 3")
    invoice-address.country: Text("Sverige")
    invoice-address.state: Text("Åre")
    invoice-address.zip-code: Text("837 52")
    invoice-date: Date(2026-11-01)
    invoice-email: Text("a@example.se")
    invoice-nr: Number(1077)
    notes: Text("Tack!\nVi ses.")
    our-reference.id: Number(31)
    period.end-date: Date(2026-11-30)
    period.start-date: Date(2026-11-01)
    po-nr: Text("PO 7")
    remaining: Money(Money(375000))
    sent: Boolean(false)
    vat-nr: Text("SE556677889901")
    your-reference: Text("Eva")
    row-0 (product 5, once) account-nr: Number(3041), description: Text("Support"), price: Money(Money(150000)), product.id: Number(5), quantity: Number(2), unit: Text("h"), vat: Percentage(25.00)
    → client 12
    → agreement 901
    open since: 2026-11-01
    "#);
}

#[test]
fn a_bare_draft() {
    insta::assert_snapshot!(check(ObjectType::Invoice, BARE), @r#"
    502
    _status: Choice("draft")
    certified: Boolean(false)
    currency: Choice("SEK")
    disabled: Boolean(false)
    invoice-date: Date(2026-11-20)
    remaining: Money(Money(0))
    sent: Boolean(false)
    excluded: draft
    open since: 2026-11-20
    "#);
}

/// The status, total and standing of an invoice with some members laid over it.
fn standing(changes: &[(&str, serde_json::Value)]) -> String {
    let record = match read_all(ObjectType::Invoice, &with(INVOICE, changes)) {
        Ok(record) => record,
        Err(error) => return unreadable(&error),
    };
    let plain = |name: &str| record.values.get(name).map_or_else(|| "-".to_owned(), Value::plain);
    let excluded = record.exclusion.map_or("synchronized", |why| why.as_str());
    let open = record.open_since.map_or_else(|| "settled".to_owned(), |date| format!("open since {date}"));
    format!("{} {} {excluded}, {open}", plain("_status"), plain("_total_amount"))
}

/// Design §4: disabled, not certified, nothing remaining, else open.
#[test]
fn statuses() {
    let lines = [
        standing(&[]),
        standing(&[("remaining", json!(1))]),
        standing(&[("remaining", json!(0))]),
        // Paid with too much.
        standing(&[("remaining", json!(-100))]),
        standing(&[("remaining", json!(null))]),
        standing(&[("disabled", json!(true))]),
        standing(&[("disabled", json!(true)), ("remaining", json!(0))]),
        standing(&[("certified", json!(false)), ("remaining", json!(0))]),
        standing(&[("certified", json!(false)), ("disabled", json!(true))]),
        standing(&[("certified", json!(null))]),
    ];
    insta::assert_snapshot!(lines.join("\n"), @r"
    open 3750 synchronized, open since 2026-11-01
    open 3750 synchronized, open since 2026-11-01
    paid 3750 synchronized, settled
    paid 3750 synchronized, settled
    open 3750 synchronized, open since 2026-11-01
    voided 3750 synchronized, settled
    voided 3750 synchronized, settled
    draft 3750 draft, open since 2026-11-01
    voided 3750 draft, settled
    draft 3750 draft, open since 2026-11-01
    ");
}

/// The total is with VAT, and may be made of one of the two.
#[test]
fn totals() {
    let totals = [
        (json!(300_000), json!(75_000)),
        (json!(0), json!(0)),
        (json!(1), json!(null)),
        (json!(null), json!(2)),
        (json!(null), json!(null)),
        // A credit has a negative total; a negative amount alone makes none.
        (json!(-300_000), json!(-75_000)),
        (json!(-1), json!(0)),
        (json!(-100), json!(100)),
        (json!(i64::MAX), json!(75_000)),
        (json!("12.5"), json!(0)),
    ];
    let lines = totals.map(|(amount, vat)| standing(&[("amount", amount), ("vat", vat)]));
    insta::assert_snapshot!(lines.join("\n"), @r#"
    open 3750 synchronized, open since 2026-11-01
    open 0 synchronized, open since 2026-11-01
    open 0.01 synchronized, open since 2026-11-01
    open 0.02 synchronized, open since 2026-11-01
    open - synchronized, open since 2026-11-01
    open -3750 credit, open since 2026-11-01
    open -0.01 credit, open since 2026-11-01
    open 0 synchronized, open since 2026-11-01
    open 92233720368547758.07 synchronized, open since 2026-11-01
    Some(KleerId(501)) [amount] it should be an amount in whole minor units, but holds `"12.5"`
    "#);
}

/// A draft is a draft before it is anything else, a credit before it is old.
#[test]
fn exclusions() {
    let old = json!("2020-01-01");
    let lines = [
        standing(&[("certified", json!(false))]),
        standing(&[("certified", json!(false)), ("amount", json!(-400_000)), ("invoice-date", old.clone())]),
        standing(&[("amount", json!(-400_000))]),
        standing(&[("amount", json!(-400_000)), ("invoice-date", old.clone())]),
        standing(&[("invoice-date", old)]),
        standing(&[("invoice-date", json!(""))]),
    ];
    insta::assert_snapshot!(lines.join("\n"), @r"
    draft 3750 draft, open since 2026-11-01
    draft -3250 draft, open since 2020-01-01
    open -3250 credit, open since 2026-11-01
    open -3250 credit, open since 2020-01-01
    open 3750 outside_window, open since 2020-01-01
    open 3750 synchronized, settled
    ");
}

#[test]
fn the_first_day_of_the_window_is_in_it() {
    let check = |window_from: Option<Date>, on: &str| {
        let reader = Reader {
            object: ObjectType::Invoice,
            fields: Vec::new(),
            row_fields: Vec::new(),
            today: super::TODAY,
            window_from,
        };
        let record = reader.read(&with(INVOICE, &[("invoice-date", json!(on))])).unwrap();
        record.exclusion.map_or("in", |why| why.as_str())
    };
    let from = Some(date(2025, 11, 20));
    assert_eq!(check(from, "2025-11-19"), "outside_window");
    assert_eq!(check(from, "2025-11-20"), "in");
    assert_eq!(check(from, "2025-11-21"), "in");
    assert_eq!(check(from, "2027-01-01"), "in");
    assert_eq!(check(None, "1999-01-01"), "in");
    // No date is no reason.
    assert_eq!(check(from, "0001-01-01"), "in");
}

/// The reference says which agreement made the invoice; the number is typed by people.
#[test]
fn whose_it_is() {
    let check = |changes: &[(&str, serde_json::Value)]| match read_all(ObjectType::Invoice, &with(INVOICE, changes)) {
        Ok(record) => record.targets.iter().map(told_target).collect::<Vec<_>>().join(" "),
        Err(error) => unreadable(&error),
    };
    let lines = [
        check(&[]),
        check(&[("client-agreement-ref", json!(null))]),
        check(&[("client-agreement-ref", json!({"id": 0}))]),
        check(&[("client-agreement-ref", json!({"id": {"id": 901}})), ("client-ref", json!({"id": {"id": 12}}))]),
        check(&[("client-agreement-ref", json!({})), ("agreement-nr", json!(" \t"))]),
        check(&[("client-agreement-ref", json!({})), ("agreement-nr", json!(5))]),
        check(&[("client-agreement-ref", json!({})), ("agreement-nr", json!("A 5\n"))]),
        check(&[("client-ref", json!({"id": 0})), ("client-agreement-ref", json!({})), ("agreement-nr", json!(""))]),
        check(&[("client-agreement-ref", json!({"id": "x"}))]),
    ];
    insta::assert_snapshot!(lines.join("\n"), @r#"
    → client 12 → agreement 901
    → client 12 → agreement with number "A-5"
    → client 12 → agreement with number "A-5"
    → client 12 → agreement 901
    → client 12
    → client 12 → agreement with number "5"
    → client 12 → agreement with number "A 5"

    Some(KleerId(501)) [client-agreement-ref.id] it should be a reference by id, but holds `"x"`
    "#);
}

#[test]
fn a_number_comes_with_the_certificate() {
    let check = |number| field(ObjectType::Invoice, &with(INVOICE, &[("invoice-nr", number)]), "invoice-nr");
    let numbers = [json!(1077), json!("1077"), json!(0), json!("0"), json!(""), json!(null), json!(1.5)];
    insta::assert_snapshot!(numbers.map(check).join("\n"), @r"
    Number(1077)
    Number(1077)
    none
    none
    none
    none
    Some(KleerId(501)) [invoice-nr] it should be a whole number, but holds `1.5`
    ");
}

/// Contract kleer-api §7.2: `0001-01-01` stands for none.
#[test]
fn days() {
    let check = |day| field(ObjectType::Invoice, &with(INVOICE, &[("delivery-date", day)]), "delivery-date");
    let days = [
        json!("2026-10-30"),
        json!("0001-01-01"),
        json!(""),
        json!(null),
        json!("9999-12-31"),
        json!("2026-02-30"),
        json!("i morgon"),
        json!(20_261_030),
    ];
    insta::assert_snapshot!(days.map(check).join("\n"), @r#"
    Date(2026-10-30)
    none
    none
    none
    Date(9999-12-31)
    Some(KleerId(501)) [delivery-date] it should be a date, but holds `"2026-02-30"`
    Some(KleerId(501)) [delivery-date] it should be a date, but holds `"i morgon"`
    Some(KleerId(501)) [delivery-date] it should be a date, but holds `20261030`
    "#);
}

#[test]
fn values_that_nobody_knows_pass_through() {
    let check = |name: &str, value: &str| field(ObjectType::Invoice, &with(INVOICE, &[(name, json!(value))]), name);
    let lines = [
        check("currency", "SEK"),
        check("currency", "ISK"),
        check("delivery-type", "EMAIL"),
        check("delivery-type", "Peppol"),
        check("edi-period-type", "ROW"),
        check("edi-period-type", "None"),
        check("edi-period-type", "Quarter"),
    ];
    insta::assert_snapshot!(lines.join("\n"), @r#"
    Choice("SEK")
    Choice("ISK")
    Choice("Email")
    Choice("Peppol")
    Choice("Row")
    Choice("None")
    Choice("Quarter")
    "#);
}

#[test]
fn what_it_is_judged_by_must_be_readable() {
    let check = |name: &str, value| standing(&[(name, value)]);
    let lines = [
        check("certified", json!("maybe")),
        check("disabled", json!(2)),
        check("remaining", json!("a lot")),
        check("invoice-date", json!("soon")),
        check("client-ref", json!("ACME")),
        check("agreement-nr", json!(["A"])),
        check("rows", json!("none")),
    ];
    insta::assert_snapshot!(lines.join("\n"), @r#"
    Some(KleerId(501)) [certified] it should be true or false, but holds `"maybe"`
    Some(KleerId(501)) [disabled] it should be true or false, but holds `2`
    Some(KleerId(501)) [remaining] it should be an amount in whole minor units, but holds `"a lot"`
    Some(KleerId(501)) [invoice-date] it should be a date, but holds `"soon"`
    Some(KleerId(501)) [client-ref.id] it should be inside an object, but holds `"ACME"`
    Some(KleerId(501)) [agreement-nr] it should be a text, but holds `["A"]`
    Some(KleerId(501)) [rows] it should be an array, but holds `"none"`
    "#);
}

/// What a record is besides its fields does not depend on which fields are mapped.
#[test]
fn nothing_mapped() {
    let reader = Reader {
        object: ObjectType::Invoice,
        fields: Vec::new(),
        row_fields: Vec::new(),
        today: super::TODAY,
        window_from: None,
    };
    insta::assert_snapshot!(told(&reader.read(&super::document(INVOICE)).unwrap()), @r#"
    501
    _status: Choice("open")
    _total_amount: Money(Money(375000))
    row-0 (product 5, once) price: Money(Money(150000)), quantity: Number(2)
    → client 12
    → agreement 901
    open since: 2026-11-01
    "#);
}
