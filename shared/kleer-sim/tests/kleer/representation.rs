//! XML and JSON, and the shape of JSON (contract kleer-api §3).

use insta::assert_snapshot;
use kleer_sim::{Client, CompanyInformation, EmptyList, Product, Rate, Spelling, Switches};

use crate::bench::{HEADERS, ask, send, simulator, unexpected};

#[test]
fn only_the_content_type_asks_for_json() {
    let simulator = simulator();
    let with = |headers: &[(&str, &str)]| {
        let mut all = vec![("x-token", "demo-key")];
        all.extend(headers);
        send(&simulator, "GET", "/v1/company/1/client", &all, "")
    };
    assert_snapshot!(with(&[("content-type", "application/json")]), @r#"200 {"clients":[]}"#);
    assert_snapshot!(with(&[("content-type", "Application/JSON; charset=utf-8")]), @r#"200 {"clients":[]}"#);
    assert_snapshot!(unexpected(&simulator), @"");
    assert_snapshot!(with(&[("accept", "application/json")]), @r#"200 <?xml version="1.0" encoding="UTF-8" standalone="yes"?><clients><message>Simulatorn svarar bara fullständigt i JSON</message></clients>"#);
    assert_snapshot!(with(&[("content-type", "application/xml")]), @r#"200 <?xml version="1.0" encoding="UTF-8" standalone="yes"?><clients><message>Simulatorn svarar bara fullständigt i JSON</message></clients>"#);
    assert_snapshot!(send(&simulator, "GET", "/v1/company/1/client", &[], ""), @r#"401 <?xml version="1.0" encoding="UTF-8" standalone="yes"?><error><message>API-nyckel saknas</message></error>"#);
    assert_snapshot!(send(&simulator, "DELETE", "/v1/company/1/client/1", &[("x-token", "demo-key")], ""), @r#"404 <?xml version="1.0" encoding="UTF-8" standalone="yes"?><error><message>Kunden med id 1 finns inte</message></error>"#);
    assert_snapshot!(send(&simulator, "PUT", "/v1/company/1/client", &[("x-token", "demo-key")], "{}"), @r#"400 <?xml version="1.0" encoding="UTF-8" standalone="yes"?><error><message>Felaktigt anrop</message></error>"#);
    assert_snapshot!(unexpected(&simulator), @r"
    GET /v1/company/1/client: asked without Content-Type: application/json, so answered in XML
    GET /v1/company/1/client: asked without Content-Type: application/json, so answered in XML
    PUT /v1/company/1/client: the simulator takes writes in JSON only
    ");
}

#[test]
fn slashes_and_the_older_base_are_tolerated() {
    let simulator = simulator();
    simulator.state(|state| state.company(1).add_client(Client::default()));
    let status = |path: &str| send(&simulator, "GET", path, &HEADERS, "")[..3].to_owned();
    assert_eq!(status("/v1/company/1/client/"), "200");
    assert_eq!(status("/v1/company/1/client/?filter=all"), "200");
    assert_eq!(status("/api/v1/company/1/client"), "200");
    assert_eq!(status("/v1/company/1/client/1004"), "200");
    assert_eq!(unexpected(&simulator), "");
    assert_eq!(status("/v1/company/1/client/1004/"), "404");
    assert_eq!(status("/v1/companies/1"), "404");
    assert_eq!(status("/v1/company/1/client/abc"), "404");
    assert_eq!(send(&simulator, "POST", "/v1/company/1/client", &HEADERS, "{}")[..3], *"405");
    assert_snapshot!(unexpected(&simulator), @r"
    GET /v1/company/1/client/1004/: no such path
    GET /v1/companies/1: no such path
    GET /v1/company/1/client/abc: no such path
    POST /v1/company/1/client: no such method on this path
    ");
}

#[test]
fn the_company_and_its_users() {
    let simulator = simulator();
    assert_snapshot!(ask(&simulator, "GET", "/info", ""), @r#"200 {"name":"Demobolaget AB","orgno":"556677-8899","accounting-currency":"SEK","bankgiro":50507854,"supplier-invoice-email":"faktura@demobolaget.example"}"#);
    assert_snapshot!(ask(&simulator, "GET", "/user", ""), @r#"200 {"users":[{"id":1004,"name":"Eva Ekonom","email":"eva.ekonom@demobolaget.example","active":true,"dimensions":{}}]}"#);
    assert_snapshot!(ask(&simulator, "GET", "/user/me", ""), @r#"200 {"id":1004,"name":"Eva Ekonom","email":"eva.ekonom@demobolaget.example","active":true,"dimensions":{}}"#);
    assert_snapshot!(ask(&simulator, "GET", "/user/1004", ""), @r#"200 {"id":1004,"name":"Eva Ekonom","email":"eva.ekonom@demobolaget.example","active":true,"dimensions":{}}"#);
    assert_snapshot!(ask(&simulator, "GET", "/user/foreign-id/x", ""), @r#"404 {"message":"Användaren med externt id x finns inte"}"#);
    assert_snapshot!(ask(&simulator, "GET", "/client/deliverytype", ""), @r#"200 {"client-delivery-types":[{"name":"Mail","default":false},{"name":"Email","default":true},{"name":"Manually","default":false},{"name":"Efaktura","default":false}]}"#);
    let unbanked = CompanyInformation { bankgiro: None, ..CompanyInformation::default() };
    simulator.state(|state| *state.company(1).information() = unbanked);
    assert_snapshot!(ask(&simulator, "GET", "/info", ""), @r#"200 {"name":"Demobolaget AB","orgno":"556677-8899","accounting-currency":"SEK","supplier-invoice-email":"faktura@demobolaget.example"}"#);
}

#[test]
fn switches_change_how_stored_documents_are_written() {
    let simulator = simulator();
    let id = simulator.state(|state| {
        state.switches = Switches {
            empty_list: EmptyList::Missing,
            enum_spelling: Spelling::Camel,
            client_type_spelling: Spelling::UpperSnake,
            vat_percentage: Rate::Percent,
            ..Switches::default()
        };
        state.company(1).add_client(Client { name: "Åkeri AB".into(), ..Client::default() })
    });
    assert_snapshot!(ask(&simulator, "GET", "/product", ""), @"200 {}");
    let product = Product { r#type: Some("DIGITAL_SERVICES".into()), ..Product::default() };
    simulator.state(|state| state.company(1).add_product(product));
    assert_snapshot!(ask(&simulator, "GET", "/product", ""), @r#"200 {"products":[{"id":1004,"foreign-id":"","name":"","type":"DigitalServices","unit":"st","price":0,"ean":0,"dimension-entries":{},"account-nr":3001,"vat-percentage":25,"accounts":{"se":3001,"eu":3001,"export":3001}}]}"#);
    assert_snapshot!(ask(&simulator, "GET", &format!("/client/{id}"), ""), @r#"200 {"id":1004,"foreign-id":"","name":"Åkeri AB","contact":"","address":{"address1":"","address2":"","zip-code":"","state":"","country":""},"email":"","client-type":"ORGANISATION","country-code":"SE","currency-type":"SEK","accountnr":0,"payment-days":30,"orgno":"","phone":"","user":{"id":0},"delivery-type":"Email","vat-nr":"","template":null,"approver":null,"dimension-entries":{},"client-broker":{},"active":true}"#);
    let written =
        r#"{"foreign-id":"","name":"Bok","type":"DigitalServices","unit":"st","price":5,"ean":0,"vat-percentage":6}"#;
    assert_snapshot!(ask(&simulator, "PUT", "/product", written), @r#"200 {"id":1006}"#);
    simulator.state(|state| state.switches = Switches::default());
    assert_snapshot!(ask(&simulator, "GET", "/product/1006", ""), @r#"200 {"id":1006,"foreign-id":"","name":"Bok","type":"DIGITAL_SERVICES","unit":"st","price":5,"ean":0,"vat-percentage":0.06,"dimension-entries":{}}"#);
}
