//! The control routes (README).

use insta::assert_snapshot;
use kleer_sim::Simulator;

use crate::bench::{ask, send, simulator};

fn control(simulator: &Simulator, method: &str, path: &str, body: &str) -> String {
    send(simulator, method, &format!("/_sim/{path}"), &[], body)
}

#[test]
fn records_are_edited_as_in_kleers_own_pages() {
    let simulator = simulator();
    assert_snapshot!(control(&simulator, "PUT", "company/1/client", r#"{"name":"Åkeri AB","address":{"state":"Luleå"}}"#), @r#"200 {"id":1004}"#);
    assert_snapshot!(control(&simulator, "PATCH", "company/1/client/1004", r#"{"active":false,"notes":"Slut"}"#), @r#"200 {"id":1004}"#);
    assert_snapshot!(control(&simulator, "GET", "company/1/client/1004", ""), @r#"200 {"id":1004,"foreign-id":"","name":"Åkeri AB","contact":"","address":{"address1":"","address2":"","zip-code":"","state":"Luleå","country":""},"email":"","client-type":"Organisation","country-code":"SE","currency-type":"SEK","accountnr":0,"payment-days":30,"orgno":"","phone":"","user":{"id":0},"delivery-type":"Email","vat-nr":"","template":null,"approver":null,"dimension-entries":{},"client-broker":{},"active":false,"notes":"Slut"}"#);
    assert_snapshot!(control(&simulator, "PATCH", "company/1/client/1004", r#"{"notes":null,"user":{"id":8}}"#), @r#"400 {"message":"UserDoesNotExistException: Användaren med id 8 finns inte"}"#);
    let approved = r#"{"approver":{"id":1004},"template":{"id":3},"notes":null}"#;
    assert_snapshot!(control(&simulator, "PATCH", "company/1/client/1004", approved), @r#"200 {"id":1004}"#);
    assert_snapshot!(control(&simulator, "PATCH", "company/1/client/1004", r#"{"approver":null}"#), @r#"200 {"id":1004}"#);
    assert_snapshot!(control(&simulator, "GET", "company/1/client", ""), @r#"200 {"clients":[{"id":1004,"foreign-id":"","name":"Åkeri AB","contact":"","address":{"address1":"","address2":"","zip-code":"","state":"Luleå","country":""},"email":"","client-type":"Organisation","country-code":"SE","currency-type":"SEK","accountnr":0,"payment-days":30,"orgno":"","phone":"","user":{"id":0},"delivery-type":"Email","vat-nr":"","template":{"id":3},"dimension-entries":{},"client-broker":{},"active":false,"approver":null}]}"#);
    assert_snapshot!(control(&simulator, "DELETE", "company/1/client/1004", ""), @r#"200 {"id":1004}"#);
    assert_snapshot!(control(&simulator, "DELETE", "company/1/client/1004", ""), @r#"404 {"message":"Kunden med id 1004 finns inte"}"#);
    assert_snapshot!(control(&simulator, "PUT", "switches", r#"{"vat-percentage":"percent"}"#), @"200 {}");
    assert_snapshot!(control(&simulator, "PUT", "company/1/product", r#"{"name":"Ost","vat-percentage":0.12}"#), @r#"200 {"id":1004}"#);
    assert_snapshot!(control(&simulator, "PATCH", "company/1/product/1004", r#"{"price":4500}"#), @r#"200 {"id":1004}"#);
    assert_snapshot!(ask(&simulator, "GET", "/product/1004", ""), @r#"200 {"id":1004,"foreign-id":"","name":"Ost","type":"SERVICES","unit":"st","price":4500,"ean":0,"dimension-entries":{},"account-nr":3001,"vat-percentage":12,"accounts":{"se":3001,"eu":3001,"export":3001}}"#);
    assert_snapshot!(control(&simulator, "PUT", "company/1/user", "{}"), @r#"405 {"message":"no such method on this path"}"#);
    assert_snapshot!(control(&simulator, "PUT", "company/2/client", "{}"), @r#"404 {"message":"Företaget med id 2 finns inte"}"#);
}

#[test]
fn companies_and_tokens_come_and_go() {
    let simulator = simulator();
    assert_snapshot!(control(&simulator, "PUT", "company/7", r#"{"name":"Sjuan AB"}"#), @r#"200 {"id":7}"#);
    assert_snapshot!(control(&simulator, "PUT", "company/7/token/sju", r#"{"rights":["ClientInvoice"]}"#), @"200 {}");
    assert_snapshot!(control(&simulator, "PUT", "company/7/delivery-types", r#"[{"name":"Svea","default":true}]"#), @"200 {}");
    assert_snapshot!(control(&simulator, "GET", "company/7", ""), @r#"200 {"id":7,"information":{"name":"Sjuan AB","orgno":"556677-8899","accounting-currency":"SEK","bankgiro":50507854,"supplier-invoice-email":"faktura@demobolaget.example"},"delivery-types":[{"name":"Svea","default":true}],"tokens":{"sju":{"user":1004,"rights":["ClientInvoice"]}},"counts":{"client-agreements":0,"client-invoices":0,"client-project-readables":0,"clients":0,"products":0,"users":1}}"#);
    assert_snapshot!(control(&simulator, "DELETE", "company/7/token/sju", ""), @"200 {}");
    assert_snapshot!(control(&simulator, "DELETE", "company/7/token/sju", ""), @r#"404 {"message":"API-nyckeln finns inte"}"#);
    assert_snapshot!(control(&simulator, "PUT", "company/7/token/sju", r#"{"rights":["Chef"]}"#), @r#"400 {"message":"unknown variant `Chef`, expected one of `Auditor`, `Administrator`, `AdministratorWithPayroll`, `ClientAgreementOwn`, `ClientInvoice`, `ClientInvoiceRead`, `ClientInvoiceCreate`, `ClientInvoiceCertifyOwn`, `ClientInvoiceOwn`, `ClientProjectOwn`, `Dimensions`, `DimensionOwn`, `Timereport`, `TimereportOwn` at line 1 column 17"}"#);
    assert_snapshot!(control(&simulator, "GET", "company/9", ""), @r#"404 {"message":"Företaget med id 9 finns inte"}"#);
}

#[test]
fn switches_are_set_by_name() {
    let simulator = simulator();
    assert_snapshot!(control(&simulator, "PUT", "switches", r#"{"wrong-company":404,"empty-list":"missing"}"#), @"200 {}");
    assert_snapshot!(control(&simulator, "GET", "switches", ""), @r#"200 {"wrong-company":404,"missing-mandatory":500,"malformed-body":400,"business-error":500,"created":200,"answers-carry-id":true,"empty-list":"missing","enum-spelling":"upper-snake","client-type-spelling":"camel","vat-percentage":"fraction","unknown-elements":"kept","omitted-active":"unchanged","unknown-user-refused":true,"user-zero-is-nobody":true,"unknown-delivery-type-refused":true,"codes-checked":true,"duplicate-foreign-id-allowed":true,"client-by-foreign-id":true,"client-delete":true,"product-writes":true,"date-times":"local","discount-percentage":"fraction","read-only-may-be-omitted":true,"invoice-limit":100,"invoice-order":"id","disabled-invoices-listed":true,"invoice-delete":"disables","certified-invoices-locked":true,"invoice-address-from-client":false,"no-delivery-date":"empty","agreement-path":"client/agreement","agreement-update":"wrapped","deleted-agreements-listed":true,"next-invoice-date-skips-past":true,"new-project-status":"OPEN","omitted-project-lists-cleared":true,"project-updated-date":false}"#);
    assert_snapshot!(control(&simulator, "PUT", "switches", r#"{"wrong-compny":404}"#), @r#"400 {"message":"no switch is called wrong-compny"}"#);
    assert_snapshot!(control(&simulator, "PUT", "switches", r#"{"empty-list":"none"}"#), @r#"400 {"message":"unknown variant `none`, expected `array` or `missing`"}"#);
    assert_snapshot!(ask(&simulator, "GET", "/client", ""), @"200 {}");
}

#[test]
fn the_whole_state_can_be_read() {
    let simulator = simulator();
    control(&simulator, "PUT", "company/1/product", r#"{"name":"Ost"}"#);
    assert_snapshot!(control(&simulator, "GET", "state", "").split_once(",\"switches\"").unwrap().0, @r#"200 {"companies":[{"id":1,"information":{"name":"Demobolaget AB","orgno":"556677-8899","accounting-currency":"SEK","bankgiro":50507854,"supplier-invoice-email":"faktura@demobolaget.example"},"delivery-types":[{"name":"Mail","default":false},{"name":"Email","default":true},{"name":"Manually","default":false},{"name":"Efaktura","default":false}],"tokens":{"demo-key":{"user":1004,"rights":["Administrator"]}},"counts":{"client-agreements":0,"client-invoices":0,"client-project-readables":0,"clients":0,"products":1,"users":1},"clients":[],"products":[{"id":1004,"foreign-id":"","name":"Ost","type":"SERVICES","unit":"st","price":0,"ean":0,"dimension-entries":{},"account-nr":3001,"vat-percentage":0.25,"accounts":{"se":3001,"eu":3001,"export":3001}}],"users":[{"id":1004,"name":"Eva Ekonom","email":"eva.ekonom@demobolaget.example","active":true,"dimensions":{}}],"client-invoices":[],"client-agreements":[],"client-project-readables":[]}]"#);
    assert_snapshot!(control(&simulator, "GET", "health", ""), @r#"200 {"status":"ok"}"#);
    assert_snapshot!(control(&simulator, "GET", "nothing", ""), @r#"404 {"message":"no such path"}"#);
    assert_snapshot!(control(&simulator, "POST", "health", ""), @r#"405 {"message":"no such method on this path"}"#);
}

#[test]
fn invoice_templates_are_set() {
    let simulator = simulator();
    let templates = r#"[{"id":7,"foreign-id":"","name":"Egen","description":""}]"#;
    assert_snapshot!(control(&simulator, "PUT", "company/1/invoice-templates", templates), @"200 {}");
    assert_snapshot!(ask(&simulator, "GET", "/client/invoice/template", ""), @r#"200 {"client-invoice-templates":[{"id":7,"foreign-id":"","name":"Egen","description":""}]}"#);
}
