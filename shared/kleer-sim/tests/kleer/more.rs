//! The invented invoices, agreements and projects.

use std::collections::BTreeMap;

use insta::assert_snapshot;
use jiff::civil::{Date, date};
use kleer_sim::{Agreement, Invoice, Kind, More, Options, Project, ProjectStatus, Seed, Simulator};

use crate::bench::{ask, unexpected, with};

const TODAY: Date = date(2026, 11, 21);

fn seeded(seed: u64, invoices: u32, agreements: u32, projects: u32) -> Simulator {
    let seed = Some(Seed { seed, clients: 200, products: 50 });
    with(Options { seed, more: More { invoices, agreements, projects }, ..Options::default() })
}

fn documents(simulator: &Simulator, kind: Kind, path: &str) -> String {
    assert!(simulator.state(|state| state.company(1).count(kind)) > 0);
    ask(simulator, "GET", path, "")
}

#[test]
fn the_first_of_each() {
    let simulator = seeded(1, 1, 1, 1);
    assert_snapshot!(documents(&simulator, Kind::Invoice, "/client/invoice"), @r#"200 {"client-invoices":[{"id":1004,"invoice-nr":50001,"credit-invoices":{},"aggregated-invoices":{},"foreign-id":"","po-nr":"","agreement-nr":"","subscription-nr":"","client-ref":{"id":1405},"your-reference":"Åsa Nyström","our-reference":{"id":0},"approver":{"id":0},"invoice-address":{"address1":"Hamngatan 37","address2":"","zip-code":"831 14","state":"Östersund","country":"Sverige"},"invoice-email":"faktura@forenade-webbyra-ab.example","delivery-name":"","delivery-address":{"address1":"Hamngatan 37","address2":"","zip-code":"831 14","state":"Östersund","country":"Sverige"},"delivery-email":"","invoice-date":"2026-09-27","due-date":"2026-10-27","delivery-date":"","amount":45350,"vat":2721,"currency":"SEK","currency-rate":1,"certified":true,"certified-date":"2026-09-27T09:44:00","sent":true,"delivery-type":"Email","vat-nr":"SE556091666901","country-code":"SE","remaining":0,"last-payment-date":"2026-10-06","disabled":false,"automatic-actions-disabled":false,"automatic-actions-message":"","fields":{},"invoice-deliveries":{},"rows":{"rows":[{"id":700001,"quantity":1,"price":45350,"vat":0.06,"product":{"id":1093},"unit":"st","description":"Kurslitteratur projekt","account-nr":3003,"dimensions":{},"fields":{}}]},"reinvoicings":{},"factoring":false,"self-invoice-references":{}}],"offset":0,"limit":1,"size":1}"#);
    assert_snapshot!(documents(&simulator, Kind::Agreement, "/client/agreement"), @r#"200 {"client-agreements":[{"id":1004,"foreign-id":"","revision-nr":3,"client-ref":{"id":1110},"description":"Hyra av utrustning Strandens Restaurang AB","start-date":"2026-07-01","start-invoice-date":"2026-07-01","next-invoice-date":"2027-01-01","end-date":"2028-06-18","renewal-notification-date":"2028-03-20","your-reference":"Emma Berglund","our-reference":{"id":1007},"approver":null,"currency":"SEK","payment-days":30,"invoice-interval-months":2,"invoice-day":"INVOICE_AT_START","po-nr":"","agreement-nr":"A1001","subscription-nr":"","notes":"","deleted":false,"fields":{},"first-invoice-rows":{},"recurring-rows":{"rows":[{"quantity":5,"price":167800,"product":{"id":1094},"unit":"tim","description":"Felsökning expert","fields":{},"dimensions":{}},{"quantity":2,"price":212900,"product":{"id":1017},"unit":"mån","description":"Licens Ekonomi Bas","fields":{},"dimensions":{}},{"quantity":5,"price":124200,"product":{"id":1101},"unit":"tim","description":"Utveckling på plats","fields":{},"dimensions":{}}]},"registration-user":{"id":1007},"registration-date":"2026-07-01T09:00:00"}]}"#);
    assert_snapshot!(documents(&simulator, Kind::Project, "/client-project?filter=all"), @r#"200 {"client-project-readables":[{"id":{"id":1004},"client":{"id":1040},"fixed-price":false,"number":"P1001","name":"Kampanj Vättern Vattenteknik AB","currency-type":"SEK","active":true,"your-reference":"Östen Löfgren","our-reference":{"id":1007},"delivery-type":"EMAIL","comment":"","payment-days":30,"po-nr":"","budget-hours":465,"budget-amount":44175000,"incoming-invoiced-amount":0,"incoming-invoiced-vat-amount":0,"all-activities":true,"activities":[],"all-users":true,"users":[],"leads":[],"fixed-price-planned-invoices":[],"write-offs":[],"status":"OPEN","opening-date":"2026-03-16","dimensions":{},"fields":{}}]}"#);
}

#[test]
fn each_kind_has_a_stream_of_its_own() {
    let whole = |simulator: &Simulator, path: &str| ask(simulator, "GET", path, "");
    let (one, other) = (seeded(3, 60, 20, 20), seeded(3, 60, 20, 10));
    for path in ["/client", "/product", "/client/agreement", "/client/invoice"] {
        assert_eq!(whole(&one, path), whole(&other, path), "{path}");
    }
    let none = with(Options { seed: Some(Seed { seed: 3, clients: 200, products: 50 }), ..Options::default() });
    assert_eq!(whole(&one, "/client"), whole(&none, "/client"));
    assert_eq!(whole(&none, "/client/invoice"), r#"200 {"client-invoices":[],"offset":0,"limit":0,"size":0}"#);
    assert_ne!(whole(&one, "/client/agreement"), whole(&seeded(4, 60, 20, 20), "/client/agreement"));
    // Without clients and products there is nothing to invoice.
    let more = More { invoices: 5, agreements: 5, projects: 5 };
    let empty = with(Options { seed: Some(Seed::default()), more, ..Options::default() });
    let counts =
        [Kind::Invoice, Kind::Agreement, Kind::Project].map(|kind| empty.state(|state| state.company(1).count(kind)));
    assert_eq!(counts, [0, 0, 5]);
}

/// How often each thing is said, a line each.
fn table(said: impl IntoIterator<Item = String>) -> String {
    let mut counts = BTreeMap::<String, usize>::new();
    said.into_iter().for_each(|what| *counts.entry(what).or_default() += 1);
    counts.into_iter().map(|(what, count)| format!("{what}: {count}\n")).collect()
}

fn say_invoice(invoice: &Invoice) -> Vec<String> {
    let total = invoice.amount + invoice.vat;
    let course = match (invoice.certified, invoice.remaining) {
        (false, 0) => "draft",
        (false, _) => "draft that remains",
        (true, 0) => "paid",
        (true, rest) if rest == total && invoice.due_date < TODAY => "overdue",
        (true, rest) if rest == total => "open",
        (true, _) => "part paid",
    };
    let discounted = invoice.rows.iter().filter(|row| row.discount.is_some()).count();
    let rounding = invoice.rows.iter().find(|row| row.description == "Öresavrundning").map(|row| row.price.signum());
    let age =
        if invoice.invoice_date < date(2025, 9, 20) || TODAY < invoice.invoice_date { "outside" } else { "inside" };
    let mut said = vec![course.to_owned(), format!("dated {age}"), format!("currency {}", invoice.currency)];
    said.push(format!("discounted rows {}", discounted.min(1)));
    said.push(format!("rounding {rounding:?}"));
    said.push(format!("credit {}, negative {}", invoice.debit_invoice_nr.is_some(), total < 0));
    said.push(format!("disabled {}, sent {}", invoice.disabled, invoice.sent));
    said.push(format!(
        "agreement {}, number {}",
        invoice.client_agreement_ref.is_some(),
        invoice.agreement_nr.as_deref() != Some("")
    ));
    said.push(format!("rows {}", invoice.rows.len()));
    said
}

#[test]
fn what_invoices_are_like() {
    let invoices = seeded(8, 2_000, 60, 0).state(|state| state.company(1).invoices());
    assert_snapshot!(table(invoices.iter().flat_map(say_invoice)), @r"
    agreement false, number false: 1542
    agreement false, number true: 7
    agreement true, number true: 451
    credit false, negative false: 1973
    credit true, negative true: 27
    currency EUR: 67
    currency NOK: 26
    currency SEK: 1893
    currency USD: 14
    dated inside: 2000
    disabled false, sent false: 159
    disabled false, sent true: 1826
    disabled true, sent false: 1
    disabled true, sent true: 14
    discounted rows 0: 1270
    discounted rows 1: 730
    draft: 58
    open: 69
    overdue: 145
    paid: 1667
    part paid: 61
    rounding None: 1598
    rounding Some(-1): 154
    rounding Some(1): 248
    rows 1: 486
    rows 2: 465
    rows 3: 471
    rows 4: 236
    rows 5: 163
    rows 6: 146
    rows 7: 33
    ");
    let numbers: Vec<i64> = invoices.iter().map(|one| one.invoice_nr).filter(|number| *number != 0).collect();
    assert!(numbers.windows(2).all(|pair| pair[0] + 1 == pair[1]));
    let ids: Vec<i64> = invoices.iter().flat_map(|invoice| &invoice.rows).map(|row| row.id).collect();
    assert!(ids.windows(2).all(|pair| pair[0] < pair[1]));
}

fn say_agreement(agreement: &Agreement) -> Vec<String> {
    let status = match agreement.end_date {
        _ if agreement.deleted => "deleted",
        Some(end) if end < TODAY => "expired",
        _ if TODAY < agreement.start_invoice_date => "scheduled",
        _ => "active",
    };
    let next = agreement.next_invoice_date.map(|next| TODAY <= next);
    let (recurring, first) = (agreement.recurring_rows.len(), agreement.first_invoice_rows.len());
    vec![
        format!("{status}, next to come {next:?}"),
        format!("interval {:02}", agreement.invoice_interval_months),
        format!("day {}", agreement.invoice_day),
        format!("rows {recurring} recurring, {first} first"),
    ]
}

#[test]
fn what_agreements_are_like() {
    let simulator = seeded(8, 0, 400, 0);
    let agreements = simulator.state(|state| state.company(1).agreements());
    assert_snapshot!(table(agreements.iter().flat_map(say_agreement)), @r"
    active, next to come None: 11
    active, next to come Some(true): 270
    day INVOICE_60_DAYS_PRIOR_TO_PERIOD_START: 35
    day INVOICE_AT_END: 34
    day INVOICE_AT_END_MONTH: 39
    day INVOICE_AT_START: 150
    day INVOICE_AT_START_MONTH: 48
    day INVOICE_FIVE_DAYS_PRIOR_TO_PERIOD_START: 35
    day INVOICE_ONE_DAY_PRIOR_TO_PERIOD_START: 28
    day PAY_AT_START: 31
    deleted, next to come None: 7
    expired, next to come None: 58
    interval 01: 157
    interval 02: 1
    interval 03: 81
    interval 06: 18
    interval 12: 120
    interval 24: 23
    rows 1 recurring, 0 first: 165
    rows 1 recurring, 1 first: 16
    rows 1 recurring, 2 first: 15
    rows 2 recurring, 0 first: 97
    rows 2 recurring, 1 first: 21
    rows 2 recurring, 2 first: 16
    rows 3 recurring, 0 first: 46
    rows 3 recurring, 1 first: 12
    rows 3 recurring, 2 first: 12
    scheduled, next to come Some(true): 54
    ");
    // What has begun is invoiced up to now; a run makes a month of invoices, not years.
    let made = simulator.state(|state| state.company(1).run_invoicing(date(2026, 12, 21), true).len());
    assert_snapshot!(made, @"150");
}

#[test]
fn what_projects_are_like() {
    let projects = seeded(8, 0, 0, 500).state(|state| state.company(1).projects());
    let say = |project: &Project| {
        let closed = project.status == ProjectStatus::Closed;
        assert!(
            project.active == (project.status == ProjectStatus::Open) && (!closed || project.closing_date.is_some())
        );
        vec![
            format!("{:?}", project.status),
            format!("internal {}, budget {}", project.client.is_none(), project.budget_amount > 0),
            format!("fixed price {}", project.fixed_price),
        ]
    };
    assert_snapshot!(table(projects.iter().flat_map(say)), @r"
    Closed: 96
    Draft: 27
    Open: 377
    fixed price false: 355
    fixed price true: 145
    internal false, budget false: 93
    internal false, budget true: 353
    internal true, budget false: 54
    ");
}

/// Reads everything and writes it back; the sums do not change.
#[test]
fn everything_invented_is_accepted_by_kleers_own_rules() {
    let simulator = seeded(6, 90, 60, 40);
    let list = |path: &str, key: &str| {
        let list: serde_json::Value = serde_json::from_str(&ask(&simulator, "GET", path, "")[4..]).unwrap();
        list[key].as_array().unwrap().clone()
    };
    simulator.state(|state| state.switches.certified_invoices_locked = false);
    for mut invoice in list("/client/invoice", "client-invoices") {
        let path = format!("/client/invoice/{}", invoice["id"]);
        assert_eq!(ask(&simulator, "POST", &path, &invoice.to_string())[..3], *"200", "{invoice}");
        let mut stored: serde_json::Value = serde_json::from_str(&ask(&simulator, "GET", &path, "")[4..]).unwrap();
        for document in [&mut invoice, &mut stored] {
            // The rate of a rounding row is none of its product's, so saving brings the product's back.
            ["rows", "vat", "gln"].into_iter().for_each(|name| document[name] = serde_json::Value::Null);
        }
        assert_eq!(stored, invoice);
    }
    for agreement in list("/client/agreement", "client-agreements") {
        let path = format!("/client/agreement/{}", agreement["id"]);
        let body = serde_json::json!({ "client-agreement": agreement }).to_string();
        let revision = agreement["revision-nr"].as_i64().unwrap() + 1;
        assert_eq!(ask(&simulator, "POST", &path, &body), format!(r#"200 {{"revision-nr":{revision}}}"#));
    }
    assert_eq!(unexpected(&simulator), "");
}

/// Large books must be made fast even without optimization; a quadratic step would be noticed.
#[test]
fn large_books() {
    let simulator = seeded(9, 5_000, 500, 300);
    assert!(ask(&simulator, "GET", "/client/invoice?offset=4900&limit=1000", "").contains(r#""size":5000}"#));
}
