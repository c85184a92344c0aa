//! Client agreements (contract kleer-api §6, §7.4).

use std::sync::{Arc, Mutex};

use insta::assert_snapshot;
use kleer_sim::{
    AccessType, Agreement, AgreementPath, AgreementRow, AgreementUpdate, Client, DateTimes, Options, Product, Rate,
    Simulator, Switches, Time,
};
use serde_json::{Map, Value, json};

use crate::bench::{ask, send, simulator, time, unexpected};

/// A simulator with one client, 1004, and one product, 1004.
fn office() -> Simulator {
    furnished(simulator())
}

fn furnished(simulator: Simulator) -> Simulator {
    simulator.state(|state| {
        let kleer = state.company(1);
        kleer.add_client(Client { name: "Åkeri AB".into(), ..Client::default() });
        kleer.add_product(Product { name: "Drift".into(), price: 150_000, ..Product::default() });
    });
    simulator
}

fn row(description: &str) -> Value {
    json!({"quantity": 1, "price": 150000, "product": {"id": 1004}, "unit": "st", "description": description})
}

/// The smallest body that creates an agreement.
fn smallest() -> Map<String, Value> {
    let body = json!({
        "foreign-id": "hs-deal-77", "client-ref": {"id": 1004}, "description": "Support",
        "start-invoice-date": "2026-01-01", "end-date": null, "your-reference": "", "our-reference": null,
        "approver": null, "currency": "SEK", "payment-days": 30, "invoice-interval-months": 1,
        "invoice-day": "INVOICE_AT_START", "po-nr": "", "agreement-nr": "", "subscription-nr": "", "deleted": false,
        "first-invoice-rows": {}, "recurring-rows": {"rows": [row("Support")]}
    });
    body.as_object().unwrap().clone()
}

fn body(changes: Value) -> Value {
    let mut body = smallest();
    for (name, value) in changes.as_object().unwrap() {
        match value {
            Value::String(text) if text == "(out)" => body.shift_remove(name),
            value => body.insert(name.clone(), value.clone()),
        };
    }
    Value::Object(body)
}

fn create(simulator: &Simulator, changes: Value) -> String {
    ask(simulator, "PUT", "/client/agreement", &body(changes).to_string())
}

fn save(simulator: &Simulator, changes: Value) -> String {
    ask(simulator, "POST", "/client/agreement/1004", &json!({"client-agreement": body(changes)}).to_string())
}

#[test]
fn an_agreement_through_its_life() {
    let simulator = office();
    assert_snapshot!(ask(&simulator, "GET", "/client/agreement", ""), @r#"200 {"client-agreements":[]}"#);
    let forged = json!({"start-date": "2020-01-01", "revision-nr": 9, "next-invoice-date": "2030-01-01", "notes": "Ring",
        "registration-user": {"id": 3}, "registration-date": "2020-01-01T00:00:00", "id": 7});
    assert_snapshot!(create(&simulator, forged), @r#"200 {"id":1004}"#);
    assert_snapshot!(ask(&simulator, "GET", "/client/agreement/1004", ""), @r#"200 {"id":1004,"foreign-id":"hs-deal-77","client-ref":{"id":1004},"description":"Support","start-invoice-date":"2026-01-01","end-date":null,"your-reference":"","our-reference":null,"approver":null,"currency":"SEK","payment-days":30,"invoice-interval-months":1,"invoice-day":"INVOICE_AT_START","po-nr":"","agreement-nr":"","subscription-nr":"","deleted":false,"first-invoice-rows":{},"recurring-rows":{"rows":[{"quantity":1,"price":150000,"product":{"id":1004},"unit":"st","description":"Support"}]},"start-date":"2026-01-01","revision-nr":1,"next-invoice-date":"2026-12-01","notes":"Ring","registration-user":{"id":1004},"registration-date":"2026-11-21T09:00:00","fields":{}}"#);
    let again = json!({"recurring-rows": {}, "first-invoice-rows": {"rows": [row("Uppstart"), row("Resa")]},
        "start-invoice-date": "2027-02-15"});
    assert_snapshot!(save(&simulator, again), @r#"200 {"revision-nr":2}"#);
    assert_snapshot!(ask(&simulator, "GET", "/client/agreement", ""), @r#"200 {"client-agreements":[{"id":1004,"foreign-id":"hs-deal-77","client-ref":{"id":1004},"description":"Support","start-invoice-date":"2027-02-15","end-date":null,"your-reference":"","our-reference":null,"approver":null,"currency":"SEK","payment-days":30,"invoice-interval-months":1,"invoice-day":"INVOICE_AT_START","po-nr":"","agreement-nr":"","subscription-nr":"","deleted":false,"first-invoice-rows":{"rows":[{"quantity":1,"price":150000,"product":{"id":1004},"unit":"st","description":"Uppstart"},{"quantity":1,"price":150000,"product":{"id":1004},"unit":"st","description":"Resa"}]},"recurring-rows":{},"revision-nr":2,"registration-user":{"id":1004},"registration-date":"2026-11-21T09:00:00","notes":"","fields":{},"start-date":"2027-02-15","next-invoice-date":"2027-02-15"}]}"#);
    assert_snapshot!(save(&simulator, json!({})), @r#"200 {"revision-nr":3}"#);
    assert_snapshot!(ask(&simulator, "DELETE", "/client/agreement/1004", ""), @r#"200 {"id":1004}"#);
    assert!(ask(&simulator, "GET", "/client/agreement", "").contains(r#""deleted":true"#));
    simulator.state(|state| state.switches.deleted_agreements_listed = false);
    assert_snapshot!(ask(&simulator, "GET", "/client/agreement", ""), @r#"200 {"client-agreements":[]}"#);
    assert_snapshot!(&ask(&simulator, "GET", "/client/agreement/1004", "")[..60], @r#"200 {"id":1004,"foreign-id":"hs-deal-77","client-ref":{"id":"#);
    assert_eq!(unexpected(&simulator), "");
}

/// Creates with one change; the answer, and what was noted as unexpected.
fn check(changes: Value) -> String {
    let simulator = office();
    let answer = create(&simulator, changes);
    format!("{answer}\n{}", unexpected(&simulator))
}

#[test]
fn what_is_refused() {
    for name in smallest().keys() {
        let answer = check(json!({ name: "(out)" }));
        assert!(answer.starts_with(r#"500 {"message":"Tekniskt fel"}"#), "without {name}: {answer}");
    }
    assert_snapshot!(check(json!({"client-ref": {"id": 7}})), @r#"500 {"message":"ClientDoesNotExistException: Kunden med id 7 finns inte"}"#);
    assert_snapshot!(check(json!({"our-reference": {"id": 7}})), @r#"500 {"message":"UserDoesNotExistException: Användaren med id 7 finns inte"}"#);
    assert_snapshot!(check(json!({"invoice-day": "INVOICE_SOMETIMES"})), @r#"
    500 {"message":"Tekniskt fel"}
    PUT /v1/company/1/client/agreement: element invoice-day has the wrong type: "INVOICE_SOMETIMES"
    "#);
    assert_snapshot!(check(json!({"end-date": ""})), @r#"
    500 {"message":"Tekniskt fel"}
    PUT /v1/company/1/client/agreement: element end-date has the wrong type: ""
    "#);
    assert_snapshot!(check(json!({"recurring-rows": {"rows": [{"quantity": 1}]}})), @r#"
    500 {"message":"Tekniskt fel"}
    PUT /v1/company/1/client/agreement: mandatory element recurring-rows.rows.price is missing
    "#);
    assert_snapshot!(check(json!({"recurring-rows": {"rows": []}, "first-invoice-rows": {"rows": null}})), @r#"200 {"id":1004}"#);
    let mut foreign = row("");
    foreign["product"] = json!({"id": 8});
    assert_snapshot!(check(json!({"first-invoice-rows": {"rows": [foreign]}})), @r#"500 {"message":"ProductDoesNotExistException: Produkten med id 8 finns inte"}"#);
    let simulator = office();
    simulator.state(|state| state.switches.read_only_may_be_omitted = false);
    assert_snapshot!(create(&simulator, json!({})), @r#"500 {"message":"Tekniskt fel"}"#);
    assert_snapshot!(create(&simulator, json!({"id": 0, "revision-nr": 0, "next-invoice-date": null})), @r#"200 {"id":1004}"#);
}

#[test]
fn an_update_is_wrapped_unless_switched() {
    let simulator = office();
    create(&simulator, json!({}));
    let bare = body(json!({})).to_string();
    let path = "/client/agreement/1004";
    assert_snapshot!(ask(&simulator, "POST", path, &bare), @r#"500 {"message":"Tekniskt fel"}"#);
    assert_snapshot!(unexpected(&simulator), @"POST /v1/company/1/client/agreement/1004: mandatory element client-agreement is missing");
    simulator.state(|state| state.switches.agreement_update = AgreementUpdate::Bare);
    assert_snapshot!(ask(&simulator, "POST", path, &bare), @r#"200 {"revision-nr":2}"#);
    assert_snapshot!(save(&simulator, json!({})), @r#"500 {"message":"Tekniskt fel"}"#);
    assert_snapshot!(ask(&simulator, "POST", "/client/agreement/1", &bare), @r#"404 {"message":"Kundavtalet med id 1 finns inte"}"#);
}

#[test]
fn one_candidate_path_is_served() {
    let simulator = office();
    create(&simulator, json!({}));
    let status = |path: &str| ask(&simulator, "GET", path, "")[..3].to_owned();
    let candidates = ["/client/agreement", "/client-agreement", "/agreement", "/clientagreement"];
    let mut table = String::new();
    for path in [
        AgreementPath::ClientSlashAgreement,
        AgreementPath::ClientDashAgreement,
        AgreementPath::Agreement,
        AgreementPath::Clientagreement,
    ] {
        simulator.state(|state| state.switches.agreement_path = path);
        let found = candidates.map(|path| format!("{} {}", status(path), status(&format!("{path}/1004"))));
        table += &format!("{}\n", found.join(", "));
    }
    assert_snapshot!(table, @r"
    200 200, 404 404, 404 404, 404 404
    404 404, 200 200, 404 404, 404 404
    404 404, 404 404, 200 200, 404 404
    404 404, 404 404, 404 404, 200 200
    ");
    assert_snapshot!(ask(&simulator, "GET", "/client/agreement", ""), @r#"404 {"message":"Sidan finns inte"}"#);
    assert_eq!(unexpected(&simulator), "");
    // Without the right, the path that is served says so, and the others are not there.
    simulator.state(|state| state.company(1).set_token("demo-key", [AccessType::ClientInvoiceCreate]));
    assert_snapshot!(candidates.map(status).join(" "), @"404 404 404 403");
    assert_snapshot!(send(&simulator, "PUT", "/_sim/switches", &[], r#"{"agreement-path":"client-agreement"}"#), @"200 {}");
    assert_snapshot!(candidates.map(status).join(" "), @"404 403 404 404");
}

/// The next dates of an agreement from 2027-01-31, every month, as invoices are made.
fn dates(invoice_day: &str, interval: i64) -> String {
    let simulator = office();
    simulator.state(|state| {
        let kleer = state.company(1);
        let id = kleer.add_agreement(Agreement {
            client_ref: 1004.into(),
            start_invoice_date: "2027-01-31".parse().unwrap(),
            invoice_interval_months: interval,
            invoice_day: invoice_day.into(),
            payment_days: 10,
            ..Agreement::default()
        });
        let mut dates = Vec::new();
        while let Some(next) = kleer.agreement(id).unwrap().next_invoice_date.filter(|_| dates.len() < 3) {
            dates.push(next.to_string());
            assert_eq!(kleer.run_invoicing(next, true).len(), 1);
        }
        let period = kleer.invoices()[0].period.unwrap();
        format!("{} for {} to {}", dates.join(", "), period.start_date, period.end_date)
    })
}

#[test]
fn the_next_invoice_date_follows_the_table() {
    assert_snapshot!(dates("INVOICE_AT_START", 1), @"2027-01-31, 2027-02-28, 2027-03-31 for 2027-01-31 to 2027-02-27");
    assert_snapshot!(dates("PAY_AT_START", 1), @"2027-01-21, 2027-02-18, 2027-03-21 for 2027-01-31 to 2027-02-27");
    assert_snapshot!(dates("INVOICE_AT_END", 1), @"2027-02-27, 2027-03-30, 2027-04-29 for 2027-01-31 to 2027-02-27");
    assert_snapshot!(dates("INVOICE_AT_START_MONTH", 3), @"2026-12-01, 2027-03-01, 2027-06-01 for 2027-01-31 to 2027-04-29");
    assert_snapshot!(dates("INVOICE_AT_END_MONTH", 3), @"2027-05-01, 2027-08-01, 2027-11-01 for 2027-01-31 to 2027-04-29");
    assert_snapshot!(dates("INVOICE_60_DAYS_PRIOR_TO_PERIOD_START", 12), @"2026-12-02, 2027-12-02, 2028-12-02 for 2027-01-31 to 2028-01-30");
    assert_snapshot!(dates("INVOICE_ONE_DAY_PRIOR_TO_PERIOD_START", 12), @"2027-01-30, 2028-01-30, 2029-01-30 for 2027-01-31 to 2028-01-30");
    assert_snapshot!(dates("INVOICE_FIVE_DAYS_PRIOR_TO_PERIOD_START", 24), @"2027-01-26, 2029-01-26, 2031-01-26 for 2027-01-31 to 2029-01-30");
    assert_snapshot!(dates("INVOICE_AT_START", 0), @"2027-01-31 for 2027-01-31 to 2027-02-27");
}

#[test]
fn the_next_invoice_date_moves_with_time_until_the_end() {
    let now = Arc::new(Mutex::new("2026-11-21T08:00:00Z".parse().unwrap()));
    let clock = now.clone();
    let time = Time { now: Arc::new(move || *clock.lock().unwrap()), ..time() };
    let simulator = furnished(Simulator::new(Options::default(), time));
    create(&simulator, json!({"end-date": "2027-01-15"}));
    let next = || {
        let answer: Value = serde_json::from_str(&ask(&simulator, "GET", "/client/agreement/1004", "")[4..]).unwrap();
        format!("{} (revision {})", answer["next-invoice-date"], answer["revision-nr"])
    };
    let at = |moment: &str| *now.lock().unwrap() = moment.parse().unwrap();
    assert_snapshot!(next(), @r#""2026-12-01" (revision 1)"#);
    at("2026-12-01T22:59:59Z");
    assert_snapshot!(next(), @r#""2026-12-01" (revision 1)"#);
    at("2026-12-01T23:00:00Z");
    assert_snapshot!(next(), @r#""2027-01-01" (revision 1)"#);
    at("2027-01-10T12:00:00Z");
    assert_snapshot!(next(), @"null (revision 1)");
    simulator.state(|state| state.company(1).edit_agreement(1004, |agreement| agreement.end_date = None));
    assert_snapshot!(next(), @r#""2027-02-01" (revision 2)"#);
    send(&simulator, "PUT", "/_sim/switches", &[], r#"{"next-invoice-date-skips-past":false}"#);
    assert_snapshot!(next(), @r#""2026-01-01" (revision 2)"#);
}

#[test]
fn invoicing_makes_what_is_due() {
    let simulator = office();
    let rows = json!({"first-invoice-rows": {"rows": [row("Uppstart")]}, "agreement-nr": "A1", "po-nr": "P1",
        "start-invoice-date": "2026-10-01", "end-date": "2026-12-15"});
    create(&simulator, rows);
    create(&simulator, json!({"start-invoice-date": "2027-10-01"}));
    create(&simulator, json!({"deleted": true}));
    let run = |body: &str| send(&simulator, "POST", "/_sim/company/1/run-invoicing", &[], body);
    assert_snapshot!(run(r#"{"until":"2026-11-21"}"#), @r#"200 {"invoices":[1004,1006]}"#);
    assert_snapshot!(run(r#"{"until":"2026-11-21"}"#), @r#"200 {"invoices":[]}"#);
    assert_snapshot!(run(r#"{"until":"2027-06-01","certified":false}"#), @r#"200 {"invoices":[1007]}"#);
    assert_snapshot!(run("{}"), @r#"400 {"message":"missing field `until` at line 1 column 2"}"#);
    let lines: Vec<String> = simulator.state(|state| {
        let show = |invoice: kleer_sim::Invoice| {
            let rows: Vec<String> = invoice.rows.iter().map(|row| row.description.clone()).collect();
            format!(
                "{} {}..{} of {:?}: {} + {}, {} remain, {} ({:?}, {})",
                invoice.invoice_nr,
                invoice.invoice_date,
                invoice.due_date,
                invoice.client_agreement_ref.map(|agreement| agreement.id),
                invoice.amount,
                invoice.vat,
                invoice.remaining,
                rows.join(" + "),
                invoice.agreement_nr.unwrap(),
                invoice.po_nr,
            )
        };
        state.company(1).invoices().into_iter().map(show).collect()
    });
    assert_snapshot!(lines.join("\n"), @r#"
    50001 2026-10-01..2026-10-31 of Some(1004): 300000 + 75000, 375000 remain, Support + Uppstart ("A1", P1)
    50002 2026-11-01..2026-12-01 of Some(1004): 150000 + 37500, 187500 remain, Support ("A1", P1)
    0 2026-12-01..2026-12-31 of Some(1004): 150000 + 37500, 0 remain, Support ("A1", P1)
    "#);
    assert!(ask(&simulator, "GET", "/client/agreement/1004", "").contains(r#""next-invoice-date":null"#));
}

#[test]
fn people_edit_and_delete_agreements() {
    let simulator = office();
    create(&simulator, json!({"our-reference": {"id": 1004}, "end-date": "2028-01-01"}));
    let control = |method: &str, path: &str, body: &str| {
        send(&simulator, method, &format!("/_sim/company/1/agreement{path}"), &[], body)
    };
    assert_snapshot!(control("PATCH", "/1004", r#"{"description":"Nytt","our-reference":null,"end-date":null}"#), @r#"200 {"id":1004}"#);
    assert_snapshot!(control("GET", "/1004", ""), @r#"200 {"id":1004,"foreign-id":"hs-deal-77","client-ref":{"id":1004},"description":"Nytt","start-invoice-date":"2026-01-01","your-reference":"","approver":null,"currency":"SEK","payment-days":30,"invoice-interval-months":1,"invoice-day":"INVOICE_AT_START","po-nr":"","agreement-nr":"","subscription-nr":"","deleted":false,"first-invoice-rows":{},"recurring-rows":{"rows":[{"quantity":1,"price":150000,"product":{"id":1004},"unit":"st","description":"Support"}]},"revision-nr":2,"registration-user":{"id":1004},"registration-date":"2026-11-21T09:00:00","notes":"","fields":{},"start-date":"2026-01-01","next-invoice-date":"2026-12-01","end-date":null,"our-reference":null}"#);
    assert_snapshot!(control("POST", "/1004/delete", ""), @r#"200 {"id":1004}"#);
    assert_snapshot!(control("POST", "/1004/certify", ""), @r#"405 {"message":"no such method on this path"}"#);
    assert_snapshot!(control("PUT", "", r#"{"client-ref":{"id":1004},"description":"Från formuläret"}"#), @r#"200 {"id":1006}"#);
    simulator.state(|state| {
        let kleer = state.company(1);
        kleer.edit_agreement(1006, |agreement| {
            agreement.recurring_rows.push(AgreementRow { price: 5, ..AgreementRow::default() });
        });
        let agreement = kleer.agreement(1006).unwrap();
        assert_eq!((agreement.revision_nr, agreement.recurring_rows[0].amount()), (2, 5));
        assert!(agreement.start_invoice_date == jiff::civil::date(2026, 11, 21) && !agreement.deleted);
        kleer.delete_agreement(1006);
        assert!(kleer.agreement(1006).unwrap().deleted && kleer.remove_agreement(1006));
    });
}

#[test]
fn switches_change_how_agreements_are_written() {
    let simulator = office();
    simulator.state(|state| {
        let date_times = DateTimes::Offset;
        state.switches = Switches { discount_percentage: Rate::Percent, date_times, ..Switches::default() };
    });
    let mut row = row("Rabatt");
    row["discount"] = json!({"percentage": 10});
    create(&simulator, json!({"recurring-rows": {"rows": [row]}}));
    assert_snapshot!(ask(&simulator, "GET", "/client/agreement/1004", "").split_once("recurring").unwrap().1, @r#"-rows":{"rows":[{"quantity":1,"price":150000,"product":{"id":1004},"unit":"st","description":"Rabatt","discount":{"percentage":10}}]},"revision-nr":1,"registration-user":{"id":1004},"registration-date":"2026-11-21T09:00:00+01:00","notes":"","fields":{},"start-date":"2026-01-01","next-invoice-date":"2026-12-01"}"#);
    let agreement = simulator.state(|state| state.company(1).agreement(1004)).unwrap();
    assert_eq!(agreement.recurring_rows[0].amount(), 135_000);
}
