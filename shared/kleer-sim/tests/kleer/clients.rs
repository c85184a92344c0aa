//! Clients (contract kleer-api §6, §7.1).

use insta::assert_snapshot;
use kleer_sim::{Client, OmittedActive, Simulator, Switches, UnknownElements};
use serde_json::{Map, Value, json};

use crate::bench::{ask, simulator, unexpected};

/// The smallest body that creates a client.
fn smallest() -> Map<String, Value> {
    let body = json!({
        "foreign-id": "", "name": "Åkeri AB", "contact": "",
        "address": {"address1": "", "address2": "", "zip-code": "", "state": "", "country": ""},
        "email": "", "country-code": "SE", "accountnr": 0, "payment-days": 30, "orgno": "", "phone": "",
        "user": {"id": 0}
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
    ask(simulator, "PUT", "/client", &body(changes))
}

#[test]
fn the_smallest_create_and_what_is_read_back() {
    let simulator = simulator();
    assert_snapshot!(create(&simulator, json!({})), @r#"200 {"id":1004}"#);
    assert_snapshot!(ask(&simulator, "GET", "/client/1004", ""), @r#"200 {"id":1004,"foreign-id":"","name":"Åkeri AB","contact":"","address":{"address1":"","address2":"","zip-code":"","state":"","country":""},"email":"","country-code":"SE","accountnr":0,"payment-days":30,"orgno":"","phone":"","user":{"id":0},"template":null,"approver":null,"dimension-entries":{},"client-broker":{},"delivery-type":"Email","active":true}"#);
    assert_snapshot!(create(&simulator, json!({"foreign-id": "K 1/å"})), @r#"200 {"id":1006}"#);
    assert_snapshot!(ask(&simulator, "GET", "/client/foreign-id/K%201%2F%C3%A5", "")[..40], @r#"200 {"id":1006,"foreign-id":"K 1/å","na"#);
    assert_snapshot!(ask(&simulator, "GET", "/client/foreign-id/K2", ""), @r#"404 {"message":"Kunden med externt id K2 finns inte"}"#);
    assert_snapshot!(ask(&simulator, "GET", "/client/1005", ""), @r#"404 {"message":"Kunden med id 1005 finns inte"}"#);
    assert_snapshot!(ask(&simulator, "GET", "/client", "").matches("\"id\":10").count(), @"2");
    assert_eq!(unexpected(&simulator), "");
}

#[test]
fn a_document_keeps_its_order_and_what_nobody_knows() {
    let simulator = simulator();
    let changes = json!({
        "edi-recipient": {"name": "InExchange"}, "dimension-entries": {"dimension-entries": [{"id": 5}]},
        "client-broker": {"client-brokers": []}, "gln": null, "fetch-edi-recipient": true, "accountnr": 7, "zzz": [1.50]
    });
    create(&simulator, changes);
    assert_snapshot!(ask(&simulator, "GET", "/client/1004", ""), @r#"200 {"id":1004,"foreign-id":"","name":"Åkeri AB","contact":"","address":{"address1":"","address2":"","zip-code":"","state":"","country":""},"email":"","country-code":"SE","accountnr":0,"payment-days":30,"orgno":"","phone":"","user":{"id":0},"edi-recipient":{"name":"InExchange"},"dimension-entries":{"dimension-entries":[{"id":5}]},"client-broker":{},"zzz":[1.5],"template":null,"approver":null,"delivery-type":"Email","active":true}"#);
    assert_snapshot!(unexpected(&simulator), @"PUT /v1/company/1/client: element zzz is in no schema");
    simulator.state(|state| state.company(1).edit_client(1004, |client| client.name = "Nya Åkeriet AB".into()));
    assert_snapshot!(ask(&simulator, "GET", "/client/1004", ""), @r#"200 {"id":1004,"foreign-id":"","name":"Nya Åkeriet AB","contact":"","address":{"address1":"","address2":"","zip-code":"","state":"","country":""},"email":"","country-code":"SE","accountnr":0,"payment-days":30,"orgno":"","phone":"","user":{"id":0},"edi-recipient":{"name":"InExchange"},"dimension-entries":{"dimension-entries":[{"id":5}]},"client-broker":{},"zzz":[1.5],"template":null,"approver":null,"delivery-type":"Email","active":true}"#);
}

/// Creates with one change; the answer, and what was noted as unexpected.
fn check(changes: Value) -> String {
    let simulator = simulator();
    let answer = create(&simulator, changes);
    format!("{answer}\n{}", unexpected(&simulator))
}

#[test]
fn a_mandatory_element_must_be_there_and_of_its_type() {
    for name in smallest().keys() {
        let answer = check(json!({ name: null }));
        assert!(answer.starts_with(r#"500 {"message":"Tekniskt fel"}"#), "without {name}: {answer}");
    }
    assert_snapshot!(check(json!({"email": null})), @r#"
    500 {"message":"Tekniskt fel"}
    PUT /v1/company/1/client: mandatory element email is missing
    "#);
    assert_snapshot!(check(json!({"payment-days": "30"})), @r#"
    500 {"message":"Tekniskt fel"}
    PUT /v1/company/1/client: element payment-days has the wrong type: "30"
    "#);
    assert_snapshot!(check(json!({"payment-days": 30.5})), @r#"
    500 {"message":"Tekniskt fel"}
    PUT /v1/company/1/client: element payment-days has the wrong type: 30.5
    "#);
    assert_snapshot!(check(json!({"address": {"address1": ""}})), @r#"
    500 {"message":"Tekniskt fel"}
    PUT /v1/company/1/client: mandatory element address.address2 is missing
    "#);
    assert_snapshot!(check(json!({"user": 5})), @r#"
    500 {"message":"Tekniskt fel"}
    PUT /v1/company/1/client: element user has the wrong type: 5
    "#);
    assert_snapshot!(check(json!({"client-broker": [1]})), @r#"
    500 {"message":"Tekniskt fel"}
    PUT /v1/company/1/client: element client-broker has the wrong type: [1]
    "#);
    assert_snapshot!(check(json!({"client-broker": {"client-brokers": [1]}})), @r#"
    500 {"message":"Tekniskt fel"}
    PUT /v1/company/1/client: element client-broker.client-brokers holds no objects: 1
    "#);
    let simulator = simulator();
    simulator.state(|state| state.switches.missing_mandatory = 400);
    assert_snapshot!(create(&simulator, json!({"email": null})), @r#"400 {"message":"Tekniskt fel"}"#);
    assert_snapshot!(ask(&simulator, "PUT", "/client", "{"), @r#"400 {"message":"Felaktigt anrop"}"#);
    assert_snapshot!(ask(&simulator, "PUT", "/client", "[]"), @r#"400 {"message":"Felaktigt anrop"}"#);
}

#[test]
fn business_rules_answer_500_with_a_class_name() {
    assert_snapshot!(check(json!({"user": {"id": 77}})), @r#"500 {"message":"UserDoesNotExistException: Användaren med id 77 finns inte"}"#);
    assert_snapshot!(check(json!({"approver": {"id": 77}})), @r#"500 {"message":"UserDoesNotExistException: Användaren med id 77 finns inte"}"#);
    assert_snapshot!(check(json!({"delivery-type": "Svefaktura"})), @r#"500 {"message":"ClientDeliveryTypeDoesNotExistException: Leveranssättet Svefaktura finns inte"}"#);
    assert_snapshot!(check(json!({"country-code": "Sverige"})), @r#"500 {"message":"InvalidCountryCodeException: Ogiltig landskod Sverige"}"#);
    assert_snapshot!(check(json!({"currency-type": "kr"})), @r#"500 {"message":"InvalidCurrencyTypeException: Ogiltig valuta kr"}"#);
    assert_snapshot!(check(json!({"client-type": "PERSON"})), @r#"500 {"message":"InvalidClientTypeException: Ogiltig kundtyp PERSON"}"#);
    let simulator = simulator();
    simulator.state(|state| {
        state.switches = Switches {
            unknown_user_refused: false,
            unknown_delivery_type_refused: false,
            codes_checked: false,
            duplicate_foreign_id_allowed: false,
            business_error: 422,
            ..Switches::default()
        };
    });
    let odd = json!({"user": {"id": 77}, "delivery-type": "Svefaktura", "country-code": "Sverige", "foreign-id": "1"});
    assert_snapshot!(create(&simulator, odd.clone()), @r#"200 {"id":1004}"#);
    assert_snapshot!(create(&simulator, odd), @r#"422 {"message":"ForeignIdNotUniqueException: Externt id 1 används redan"}"#);
}

#[test]
fn an_update_is_the_whole_document_but_for_what_may_be_omitted() {
    let simulator = simulator();
    let full = json!({
        "notes": "Ring först", "vat-nr": "SE556677889901", "delivery-type": "Mail", "template": {"id": 3},
        "approver": {"id": 1004}, "dimension-entries": {"dimension-entries": [{"id": 5}]},
        "client-broker": {"client-brokers": [{"id": 6}]}, "active": false
    });
    create(&simulator, full);
    let save = |changes: Value| {
        let answer = ask(&simulator, "POST", "/client/1004", &body(changes));
        format!("{answer}\n{}", ask(&simulator, "GET", "/client/1004", "").split_once("\"user\"").unwrap().1)
    };
    assert_snapshot!(save(json!({"name": "Nytt namn", "id": 99})), @r#"
    200 {"id":1004}
    :{"id":0},"template":{"id":3},"approver":{"id":1004},"dimension-entries":{"dimension-entries":[{"id":5}]},"client-broker":{"client-brokers":[{"id":6}]},"delivery-type":"Mail","active":false}
    "#);
    let clearing = r#""delivery-type":"","template":null,"approver":null,"dimension-entries":{},"client-broker":{}"#;
    let body = format!("{},{clearing}}}", body(json!({})).strip_suffix('}').unwrap());
    assert_snapshot!(ask(&simulator, "POST", "/client/1004", &body), @r#"200 {"id":1004}"#);
    assert_snapshot!(ask(&simulator, "GET", "/client/1004", "").split_once("\"user\"").unwrap().1, @r#":{"id":0},"delivery-type":"Mail","template":null,"approver":null,"dimension-entries":{},"client-broker":{},"active":false}"#);
    simulator.state(|state| state.switches.omitted_active = OmittedActive::Active);
    assert!(save(json!({})).ends_with("\"active\":true}"));
    simulator.state(|state| state.switches.omitted_active = OmittedActive::Inactive);
    assert!(save(json!({})).ends_with("\"active\":false}"));
    assert_snapshot!(ask(&simulator, "POST", "/client/1005", "{}"), @r#"404 {"message":"Kunden med id 1005 finns inte"}"#);
    assert_snapshot!(ask(&simulator, "POST", "/client/1004", "{}"), @r#"500 {"message":"Tekniskt fel"}"#);
}

#[test]
fn deleting_is_final_and_ids_are_not_given_twice() {
    let simulator = simulator();
    create(&simulator, json!({}));
    assert_snapshot!(ask(&simulator, "DELETE", "/client/1004", ""), @r#"200 {"id":1004}"#);
    assert_snapshot!(ask(&simulator, "DELETE", "/client/1004", ""), @r#"404 {"message":"Kunden med id 1004 finns inte"}"#);
    assert_snapshot!(ask(&simulator, "GET", "/client/1004", ""), @r#"404 {"message":"Kunden med id 1004 finns inte"}"#);
    assert_snapshot!(create(&simulator, json!({})), @r#"200 {"id":1006}"#);
    simulator.state(|state| {
        state.switches = Switches { answers_carry_id: false, created: 201, ..Switches::default() };
    });
    assert_snapshot!(create(&simulator, json!({})), @r#"201 {"id":1007}"#);
    assert_snapshot!(ask(&simulator, "DELETE", "/client/1006", ""), @"200 {}");
    simulator.state(|state| {
        state.switches = Switches { client_delete: false, client_by_foreign_id: false, ..Switches::default() };
    });
    assert_snapshot!(ask(&simulator, "DELETE", "/client/1006", ""), @r#"405 {"message":"Metoden stöds inte"}"#);
    assert_snapshot!(ask(&simulator, "GET", "/client/foreign-id/1", ""), @r#"404 {"message":"Sidan finns inte"}"#);
}

#[test]
fn unknown_elements_can_be_dropped_or_refused() {
    let simulator = simulator();
    simulator.state(|state| state.switches.unknown_elements = UnknownElements::Dropped);
    create(&simulator, json!({"zzz": 1}));
    assert!(!ask(&simulator, "GET", "/client/1004", "").contains("zzz"));
    simulator.state(|state| state.switches.unknown_elements = UnknownElements::Refused);
    assert_snapshot!(create(&simulator, json!({"zzz": 1})), @r#"500 {"message":"Tekniskt fel"}"#);
}

#[test]
fn typed_clients_come_back_as_they_went_in() {
    let simulator = simulator();
    let client = Client {
        name: "Kul \"&\" <Bus>\n\u{1}ÅÄÖ AB".into(),
        notes: Some("\\".into()),
        template: Some(4.into()),
        approver: Some(5.into()),
        gln: Some("7350000000000".into()),
        active: false,
        ..Client::default()
    };
    let id = simulator.state(|state| state.company(1).add_client(client.clone()));
    let found = simulator.state(|state| state.company(1).client(id)).unwrap();
    assert_eq!(found, Client { id, ..client });
    let wire = ask(&simulator, "GET", &format!("/client/{id}"), "");
    let again = ask(
        &simulator,
        "POST",
        &format!("/client/{id}"),
        &wire[4..].replace("\"approver\":{\"id\":5}", "\"approver\":null"),
    );
    assert_snapshot!(again, @r#"200 {"id":1004}"#);
    simulator.state(|state| assert!(state.company(1).remove_client(id) && state.company(1).clients().is_empty()));
}
