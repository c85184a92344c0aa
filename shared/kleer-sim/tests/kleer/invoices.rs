//! Client invoices (contract kleer-api §4, §6, §7.2, §7.3).

use insta::assert_snapshot;
use kleer_sim::{
    Client, DateTimes, Discount, Invoice, InvoiceDelete, InvoiceRow, NoDate, Product, Rate, Simulator, Spelling,
    Switches,
};
use rust_decimal::Decimal;
use serde_json::{Map, Value, json};

use crate::bench::{ask, send, simulator, unexpected};

/// A simulator with one client, 1004, and one product, 1004, of 25 % VAT.
pub(crate) fn shop() -> Simulator {
    let simulator = simulator();
    simulator.state(|state| {
        let kleer = state.company(1);
        kleer.add_client(Client { name: "Åkeri AB".into(), vat_nr: Some("SE1".into()), ..Client::default() });
        kleer.add_product(Product { name: "Timme".into(), unit: "tim".into(), price: 95_000, ..Product::default() });
    });
    simulator
}

fn row() -> Value {
    json!({"quantity": 1.5, "price": 95000, "vat": 0.06, "product": {"id": 1004}, "unit": "tim", "description": "Timme",
        "account-nr": 0})
}

/// The smallest body that creates an invoice.
fn smallest() -> Map<String, Value> {
    let address = json!({"address1": "", "address2": "", "zip-code": "", "state": "", "country": ""});
    let body = json!({
        "foreign-id": "hs-1", "po-nr": "", "client-ref": {"id": 1004}, "your-reference": "", "our-reference": {"id": 0},
        "invoice-address": address, "invoice-email": "", "delivery-name": "", "delivery-address": address,
        "delivery-email": "", "invoice-date": "2026-11-21", "due-date": "2026-12-21", "delivery-date": "",
        "currency": "SEK", "rows": {"rows": [row()]}
    });
    body.as_object().unwrap().clone()
}

/// The smallest body, changed by a merge of top-level members; null removes.
fn body(changes: Value) -> String {
    let mut body = smallest();
    for (name, value) in changes.as_object().unwrap() {
        match value {
            Value::Null => body.shift_remove(name),
            value => body.insert(name.clone(), value.clone()),
        };
    }
    Value::Object(body).to_string()
}

fn create(simulator: &Simulator, changes: Value) -> String {
    ask(simulator, "PUT", "/client/invoice", &body(changes))
}

fn control(simulator: &Simulator, method: &str, path: &str, body: &str) -> String {
    send(simulator, method, &format!("/_sim/company/1/{path}"), &[], body)
}

#[test]
fn the_smallest_create_is_a_draft() {
    let simulator = shop();
    assert_snapshot!(create(&simulator, json!({})), @r#"200 {"id":1004}"#);
    assert_snapshot!(ask(&simulator, "GET", "/client/invoice/1004", ""), @r#"200 {"id":1004,"foreign-id":"hs-1","po-nr":"","client-ref":{"id":1004},"your-reference":"","our-reference":{"id":0},"invoice-address":{"address1":"","address2":"","zip-code":"","state":"","country":""},"invoice-email":"","delivery-name":"","delivery-address":{"address1":"","address2":"","zip-code":"","state":"","country":""},"delivery-email":"","invoice-date":"2026-11-21","due-date":"2026-12-21","delivery-date":"","currency":"SEK","rows":{"rows":[{"id":700001,"quantity":1.5,"price":95000,"vat":0.25,"product":{"id":1004},"unit":"tim","description":"Timme","account-nr":3001}]},"invoice-nr":0,"credit-invoices":{},"aggregated-invoices":{},"certified":false,"sent":false,"remaining":0,"disabled":false,"automatic-actions-message":"","invoice-deliveries":{},"factoring":false,"delivery-type":"Email","gln":"","vat-nr":"SE1","country-code":"SE","currency-rate":1,"fields":{},"reinvoicings":{},"self-invoice-references":{},"amount":142500,"vat":35625}"#);
    assert_snapshot!(ask(&simulator, "GET", "/client/invoice/1", ""), @r#"404 {"message":"Kundfakturan med id 1 finns inte"}"#);
    assert_snapshot!(ask(&simulator, "GET", "/client/invoice/template", ""), @r#"200 {"client-invoice-templates":[{"id":1,"foreign-id":"","name":"Standardfaktura","description":"Debetfakturor"},{"id":2,"foreign-id":"","name":"Kreditfaktura","description":"Kreditfakturor"}]}"#);
    assert_eq!(unexpected(&simulator), "");
}

/// Creates with one change; the answer, and what was noted as unexpected.
fn check(changes: Value) -> String {
    let simulator = shop();
    let answer = create(&simulator, changes);
    format!("{answer}\n{}", unexpected(&simulator))
}

/// Creates with one row changed.
fn check_row(name: &str, value: Value) -> String {
    let mut row = row();
    row[name] = value;
    check(json!({"rows": {"rows": [row]}}))
}

#[test]
fn what_is_refused() {
    for name in smallest().keys() {
        let answer = check(json!({ name: null }));
        assert!(answer.starts_with(r#"500 {"message":"Tekniskt fel"}"#), "without {name}: {answer}");
    }
    assert_snapshot!(check(json!({"invoice-date": ""})), @r#"
    500 {"message":"Tekniskt fel"}
    PUT /v1/company/1/client/invoice: element invoice-date has the wrong type: ""
    "#);
    assert_snapshot!(check(json!({"invoice-date": "2026-02-30"})), @r#"
    500 {"message":"Tekniskt fel"}
    PUT /v1/company/1/client/invoice: element invoice-date has the wrong type: "2026-02-30"
    "#);
    assert_snapshot!(check(json!({"due-date": "2026-12-21T00:00:00"})), @r#"
    500 {"message":"Tekniskt fel"}
    PUT /v1/company/1/client/invoice: element due-date has the wrong type: "2026-12-21T00:00:00"
    "#);
    assert_snapshot!(check(json!({"client-ref": {"id": 77}})), @r#"500 {"message":"ClientDoesNotExistException: Kunden med id 77 finns inte"}"#);
    assert_snapshot!(check(json!({"our-reference": {"id": 77}})), @r#"500 {"message":"UserDoesNotExistException: Användaren med id 77 finns inte"}"#);
    assert_snapshot!(check(json!({"delivery-type": "Svefaktura"})), @r#"500 {"message":"ClientDeliveryTypeDoesNotExistException: Leveranssättet Svefaktura finns inte"}"#);
    assert_snapshot!(check(json!({"edi-period-type": "Row"})), @r#"
    500 {"message":"Tekniskt fel"}
    PUT /v1/company/1/client/invoice: element edi-period-type has no value Row
    "#);
    assert_snapshot!(check_row("product", json!({"id": 77})), @r#"500 {"message":"ProductDoesNotExistException: Produkten med id 77 finns inte"}"#);
    assert_snapshot!(check_row("product", json!(null)), @r#"
    500 {"message":"Tekniskt fel"}
    PUT /v1/company/1/client/invoice: mandatory element rows.rows.product is null
    "#);
    assert_snapshot!(check_row("quantity", json!("1")), @r#"
    500 {"message":"Tekniskt fel"}
    PUT /v1/company/1/client/invoice: element rows.rows.quantity has the wrong type: "1"
    "#);
    assert_snapshot!(check_row("discount", json!({})), @r#"
    500 {"message":"Tekniskt fel"}
    PUT /v1/company/1/client/invoice: element rows.rows.discount is not exactly one of its choices
    "#);
    assert_snapshot!(check_row("discount", json!({"absolute": 1, "percentage": 0.1})), @r#"
    500 {"message":"Tekniskt fel"}
    PUT /v1/company/1/client/invoice: element rows.rows.discount is not exactly one of its choices
    "#);
    assert_snapshot!(check_row("discount", json!(null)), @r#"200 {"id":1004}"#);
    let simulator = shop();
    simulator.state(|state| state.switches.read_only_may_be_omitted = false);
    assert_snapshot!(create(&simulator, json!({})), @r#"500 {"message":"Tekniskt fel"}"#);
    let zeros = json!({"id": 0, "invoice-nr": 0, "certified": false, "sent": false, "remaining": 0, "disabled": false});
    assert_snapshot!(create(&simulator, zeros), @r#"200 {"id":1004}"#);
}

/// The sums and row of an invoice with one row changed.
fn sums(changes: Value) -> String {
    let simulator = shop();
    let mut row = row();
    for (name, value) in changes.as_object().unwrap() {
        row[name] = value.clone();
    }
    create(&simulator, json!({"rows": {"rows": [row]}}));
    let invoice = simulator.state(|state| state.company(1).invoice(1004)).unwrap();
    format!("{} + {} at {}", invoice.amount, invoice.vat, invoice.rows[0].vat)
}

#[test]
fn the_server_computes_sums_and_rates() {
    assert_snapshot!(sums(json!({})), @"142500 + 35625 at 0.25");
    assert_snapshot!(sums(json!({"quantity": 0.333, "price": 100})), @"33 + 8 at 0.25");
    assert_snapshot!(sums(json!({"quantity": 0.5, "price": 1})), @"1 + 0 at 0.25");
    assert_snapshot!(sums(json!({"discount": {"percentage": 0.1}})), @"128250 + 32063 at 0.25");
    assert_snapshot!(sums(json!({"discount": {"absolute": 12500}})), @"130000 + 32500 at 0.25");
    assert_snapshot!(sums(json!({"quantity": -1, "price": 37})), @"-37 + -9 at 0.25");
    let simulator = shop();
    create(&simulator, json!({"country-code": "NO"}));
    simulator.state(|state| {
        let kleer = state.company(1);
        assert_eq!(kleer.invoice(1004).unwrap().vat, 0);
        let unrated = kleer.add_product(Product { vat_percentage: None, account_nr: None, ..Product::default() });
        assert_eq!(unrated, 1006);
    });
    let mut row = row();
    row["product"] = json!({"id": 1006});
    create(&simulator, json!({"rows": {"rows": [row]}}));
    assert_eq!(simulator.state(|state| state.company(1).invoice(1006)).unwrap().vat, 8_550);
}

#[test]
fn a_draft_through_its_life() {
    let simulator = shop();
    create(&simulator, json!({}));
    let state = || {
        let invoice = simulator.state(|state| state.company(1).invoice(1004)).unwrap();
        let Invoice { invoice_nr, certified, sent, remaining, disabled, .. } = invoice;
        let (certified_date, last) = (invoice.certified_date, invoice.last_payment_date);
        format!("{invoice_nr} {certified} {certified_date:?} {sent} {remaining} {last:?} {disabled}")
    };
    assert_snapshot!(state(), @"0 false None false 0 None false");
    assert_snapshot!(control(&simulator, "POST", "invoice/1004/pay", ""), @r#"400 {"message":"ClientInvoiceNotCertifiedException: Fakturan är inte attesterad"}"#);
    assert_snapshot!(control(&simulator, "POST", "invoice/1004/send", ""), @r#"400 {"message":"ClientInvoiceNotCertifiedException: Fakturan är inte attesterad"}"#);
    assert_snapshot!(control(&simulator, "POST", "invoice/1004/certify", ""), @r#"200 {"id":1004}"#);
    assert_snapshot!(state(), @"50001 true Some(2026-11-21T09:00:00) false 178125 None false");
    assert_snapshot!(control(&simulator, "POST", "invoice/1004/certify", ""), @r#"400 {"message":"ClientInvoiceNotCertifiableException: Fakturan kan inte attesteras"}"#);
    assert_snapshot!(control(&simulator, "POST", "invoice/1004/send", ""), @r#"200 {"id":1004}"#);
    assert_snapshot!(control(&simulator, "POST", "invoice/1004/pay", r#"{"amount":100,"date":"2026-11-01"}"#), @r#"200 {"id":1004}"#);
    assert_snapshot!(state(), @"50001 true Some(2026-11-21T09:00:00) true 178025 Some(2026-11-01) false");
    assert_snapshot!(control(&simulator, "POST", "invoice/1004/pay", ""), @r#"200 {"id":1004}"#);
    assert_snapshot!(state(), @"50001 true Some(2026-11-21T09:00:00) true 0 Some(2026-11-21) false");
    assert_snapshot!(ask(&simulator, "POST", "/client/invoice/1004", &body(json!({}))), @r#"500 {"message":"ClientInvoiceCertifiedException: Fakturan är attesterad och kan inte ändras"}"#);
    assert_snapshot!(ask(&simulator, "DELETE", "/client/invoice/1004", ""), @r#"500 {"message":"ClientInvoiceCertifiedException: Fakturan är attesterad och kan inte tas bort"}"#);
    assert_snapshot!(control(&simulator, "POST", "invoice/1004/disable", ""), @r#"200 {"id":1004}"#);
    assert_snapshot!(state(), @"50001 true Some(2026-11-21T09:00:00) true 0 Some(2026-11-21) true");
    let wire = ask(&simulator, "GET", "/client/invoice/1004", "");
    assert_snapshot!(wire.split_once("invoice-deliveries").unwrap().1, @r#"":{"invoice-deliveries":[{"delivery-method":"EMAIL","registration-user":{"id":1004},"registration-datetime":"2026-11-21T09:00:00"}]},"factoring":false,"delivery-type":"Email","gln":"","vat-nr":"SE1","country-code":"SE","currency-rate":1,"fields":{},"reinvoicings":{},"self-invoice-references":{},"amount":142500,"vat":35625,"certified-date":"2026-11-21T09:00:00","last-payment-date":"2026-11-21"}"#);
    assert_snapshot!(control(&simulator, "POST", "invoice/1004/close", ""), @r#"405 {"message":"no such method on this path"}"#);
    assert_snapshot!(control(&simulator, "POST", "invoice/1004/burn", ""), @r#"404 {"message":"no such path"}"#);
    assert_snapshot!(control(&simulator, "POST", "invoice/1004/pay", r#"{"amount":"1"}"#), @r#"400 {"message":"invalid type: string \"1\", expected i64"}"#);
    assert_snapshot!(control(&simulator, "POST", "invoice/1/certify", ""), @r#"404 {"message":"Kundfakturan med id 1 finns inte"}"#);
}

#[test]
fn a_credit_is_negative_and_settles_its_debit() {
    let simulator = shop();
    let row = |discount| InvoiceRow { quantity: 3.into(), price: 1_000, discount, ..InvoiceRow::default() };
    simulator.state(|state| {
        let kleer = state.company(1);
        let rows = vec![row(Some(Discount::Absolute(500))), row(Some(Discount::Percentage(Decimal::new(1, 1))))];
        let debit = kleer.add_invoice(Invoice { client_ref: 1004.into(), rows, ..Invoice::default() });
        assert_eq!(kleer.certify_invoice(debit), 50_001);
        kleer.pay_invoice(debit, Some(2_000));
        let credit = kleer.credit_invoice(debit);
        let show = |invoice: Invoice| {
            let Invoice { invoice_nr, debit_invoice_nr, amount, vat, remaining, credit_invoices, .. } = invoice;
            format!(
                "{invoice_nr} of {debit_invoice_nr:?}: {amount} + {vat}, remaining {remaining}, {credit_invoices:?}"
            )
        };
        assert_snapshot!(show(kleer.invoice(debit).unwrap()), @"50001 of None: 5200 + 1300, remaining 0, [Reference { id: 1006 }]");
        assert_snapshot!(show(kleer.invoice(credit).unwrap()), @"50002 of Some(50001): -5200 + -1300, remaining -2000, []");
    });
    assert_snapshot!(control(&simulator, "POST", "invoice/1006/credit", ""), @r#"400 {"message":"ClientInvoiceIsCreditException: En kreditfaktura kan inte krediteras"}"#);
    // A credit that the API drafts is settled when somebody certifies it.
    let mut row = self::row();
    row["quantity"] = json!(-1);
    simulator.state(|state| {
        let debit = state.company(1).add_invoice(Invoice::default());
        state
            .company(1)
            .edit_invoice(debit, |invoice| invoice.rows.push(InvoiceRow { price: 500_000, ..InvoiceRow::default() }));
        state.company(1).certify_invoice(debit);
    });
    create(&simulator, json!({"debit-invoice-nr": 50_003, "rows": {"rows": [row]}}));
    simulator.state(|state| {
        let kleer = state.company(1);
        let draft = kleer.invoices().last().unwrap().id;
        kleer.certify_invoice(draft);
        let left: Vec<i64> = kleer.invoices().iter().map(|invoice| invoice.remaining).collect();
        assert_eq!(left, [0, -2_000, 625_000 - 118_750, 0]);
    });
}

#[test]
fn an_update_is_the_whole_document_of_a_draft() {
    let simulator = shop();
    create(&simulator, json!({"gln": "73", "notes": "Hej", "files": {"files": [{"filename": "a.pdf", "data": "00"}]}}));
    let rows = json!({"rows": [row(), {"id": 700001, "quantity": 2, "price": 1, "vat": 0, "product": {"id": 1004},
        "unit": "", "description": "kvar", "account-nr": 0}, {"id": 5, "quantity": 1, "price": 0, "vat": 0,
        "product": {"id": 1004}, "unit": "", "description": "ny", "account-nr": 0}]});
    let forged = json!({"rows": rows, "certified": true, "invoice-nr": 9, "remaining": 7, "amount": 1, "disabled": true,
        "delivery-date": "0001-01-01"});
    assert_snapshot!(ask(&simulator, "POST", "/client/invoice/1004", &body(forged)), @r#"200 {"id":1004}"#);
    assert_snapshot!(ask(&simulator, "GET", "/client/invoice/1004", ""), @r#"200 {"id":1004,"foreign-id":"hs-1","po-nr":"","client-ref":{"id":1004},"your-reference":"","our-reference":{"id":0},"invoice-address":{"address1":"","address2":"","zip-code":"","state":"","country":""},"invoice-email":"","delivery-name":"","delivery-address":{"address1":"","address2":"","zip-code":"","state":"","country":""},"delivery-email":"","invoice-date":"2026-11-21","due-date":"2026-12-21","delivery-date":"","currency":"SEK","rows":{"rows":[{"id":700002,"quantity":1.5,"price":95000,"vat":0.25,"product":{"id":1004},"unit":"tim","description":"Timme","account-nr":3001},{"id":700001,"quantity":2,"price":1,"vat":0.25,"product":{"id":1004},"unit":"","description":"kvar","account-nr":3001},{"id":700003,"quantity":1,"price":0,"vat":0.25,"product":{"id":1004},"unit":"","description":"ny","account-nr":3001}]},"certified":false,"invoice-nr":0,"remaining":0,"amount":142502,"disabled":false,"credit-invoices":{},"aggregated-invoices":{},"sent":false,"automatic-actions-message":"","invoice-deliveries":{},"factoring":false,"vat":35626,"delivery-type":"Email","gln":"73","vat-nr":"SE1","country-code":"SE","files":{"files":[{"filename":"a.pdf","data":"00"}]},"currency-rate":1,"fields":{},"reinvoicings":{},"self-invoice-references":{}}"#);
    assert_snapshot!(ask(&simulator, "POST", "/client/invoice/1", &body(json!({}))), @r#"404 {"message":"Kundfakturan med id 1 finns inte"}"#);
    let emptied = json!({"files": {}});
    ask(&simulator, "POST", "/client/invoice/1004", &body(emptied));
    assert!(!ask(&simulator, "GET", "/client/invoice/1004", "").contains("files"));
    let edited = r#"{"rows":{"rows":[{"quantity":1,"price":200,"vat":0,"product":{"id":1004},"unit":"st","description":"","account-nr":0}]}}"#;
    assert_snapshot!(control(&simulator, "PATCH", "invoice/1004", edited), @r#"200 {"id":1004}"#);
    assert_eq!(simulator.state(|state| state.company(1).invoice(1004)).unwrap().amount, 200);
    let rows = || simulator.state(|state| state.company(1).invoice(1004)).unwrap().rows;
    let before = rows();
    assert_snapshot!(control(&simulator, "PATCH", "invoice/1004", r#"{"notes":"Hej igen"}"#), @r#"200 {"id":1004}"#);
    assert_eq!(rows(), before);
    assert_eq!(unexpected(&simulator), "");
}

#[test]
fn deleting_is_a_switch() {
    let simulator = shop();
    create(&simulator, json!({}));
    create(&simulator, json!({}));
    assert_snapshot!(ask(&simulator, "DELETE", "/client/invoice/1004", ""), @r#"200 {"id":1004}"#);
    assert!(simulator.state(|state| state.company(1).invoice(1004)).unwrap().disabled);
    simulator.state(|state| state.switches.invoice_delete = InvoiceDelete::Removes);
    assert_snapshot!(ask(&simulator, "DELETE", "/client/invoice/1006", ""), @r#"200 {"id":1006}"#);
    assert_snapshot!(ask(&simulator, "GET", "/client/invoice/1006", ""), @r#"404 {"message":"Kundfakturan med id 1006 finns inte"}"#);
    simulator.state(|state| state.switches.invoice_delete = InvoiceDelete::Unsupported);
    assert_snapshot!(ask(&simulator, "DELETE", "/client/invoice/1004", ""), @r#"405 {"message":"Metoden stöds inte"}"#);
}

#[test]
fn files_are_left_out_of_a_list_on_request() {
    let simulator = shop();
    create(&simulator, json!({"files": {"files": [{"filename": "a.pdf", "data": [1, 2]}]}}));
    let files = |query: &str| ask(&simulator, "GET", &format!("/client/invoice{query}"), "").contains("a.pdf");
    assert!(files("") && files("?ignoreFiles=false") && !files("?ignoreFiles=true"));
}

#[test]
fn switches_change_how_invoices_are_written() {
    let simulator = shop();
    simulator.state(|state| {
        state.switches = Switches {
            enum_spelling: Spelling::Camel,
            discount_percentage: Rate::Percent,
            date_times: DateTimes::Offset,
            no_delivery_date: NoDate::YearOne,
            invoice_address_from_client: true,
            ..Switches::default()
        };
        state.company(1).edit_client(1004, |client| client.address.state = "Luleå".into());
    });
    let mut row = row();
    row["discount"] = json!({"percentage": 12.5});
    assert_snapshot!(create(&simulator, json!({"edi-period-type": "Row", "rows": {"rows": [row]}})), @r#"200 {"id":1004}"#);
    simulator.state(|state| {
        state.company(1).certify_invoice(1004);
        state.company(1).send_invoice(1004);
    });
    assert_snapshot!(ask(&simulator, "GET", "/client/invoice/1004", ""), @r#"200 {"id":1004,"foreign-id":"hs-1","po-nr":"","client-ref":{"id":1004},"your-reference":"","our-reference":{"id":0},"invoice-address":{"address1":"","address2":"","zip-code":"","state":"Luleå","country":""},"invoice-email":"","delivery-name":"","delivery-address":{"address1":"","address2":"","zip-code":"","state":"Luleå","country":""},"delivery-email":"","invoice-date":"2026-11-21","due-date":"2026-12-21","delivery-date":"0001-01-01","currency":"SEK","rows":{"rows":[{"id":700001,"quantity":1.5,"price":95000,"vat":0.25,"product":{"id":1004},"unit":"tim","description":"Timme","account-nr":3001,"discount":{"percentage":12.5}}]},"edi-period-type":"Row","invoice-nr":50001,"credit-invoices":{},"aggregated-invoices":{},"certified":true,"sent":true,"remaining":155860,"disabled":false,"automatic-actions-message":"","invoice-deliveries":{"invoice-deliveries":[{"delivery-method":"Email","registration-user":{"id":1004},"registration-datetime":"2026-11-21T09:00:00+01:00"}]},"factoring":false,"delivery-type":"Email","gln":"","vat-nr":"SE1","country-code":"SE","currency-rate":1,"fields":{},"reinvoicings":{},"self-invoice-references":{},"amount":124688,"vat":31172,"certified-date":"2026-11-21T09:00:00+01:00"}"#);
    simulator.state(|state| state.switches.date_times = DateTimes::Milliseconds);
    assert!(ask(&simulator, "GET", "/client/invoice/1004", "").contains(r#""certified-date":1795248000000"#));
}

#[test]
fn typed_invoices_come_back_as_they_went_in() {
    let simulator = simulator();
    let invoice = Invoice {
        foreign_id: "x".into(),
        invoice_date: "2026-01-02".parse().unwrap(),
        due_date: "2026-02-02".parse().unwrap(),
        delivery_date: Some("2026-01-01".parse().unwrap()),
        period: Some(kleer_sim::Period {
            start_date: "2026-01-01".parse().unwrap(),
            end_date: "2026-01-31".parse().unwrap(),
        }),
        currency_rate: Some(Decimal::new(1_098, 2)),
        end_client: Some(5.into()),
        client_invoice_template_ref: Some(1.into()),
        edi_period_type: Some("NONE".into()),
        gln: Some("73".into()),
        notes: Some("\"\n".into()),
        ..Invoice::default()
    };
    let id = simulator.state(|state| state.company(1).add_invoice(invoice.clone()));
    let found = simulator.state(|state| state.company(1).invoice(id)).unwrap();
    assert_eq!(found, Invoice { id, ..invoice });
    simulator.state(|state| assert!(state.company(1).remove_invoice(id) && state.company(1).invoices().is_empty()));
}
