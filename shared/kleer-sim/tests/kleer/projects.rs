//! Client projects (contract kleer-api §6, §8).

use insta::assert_snapshot;
use kleer_sim::{Client, Project, ProjectStatus, Simulator, Spelling, Switches};
use serde_json::{Map, Value, json};

use crate::bench::{ask, send, simulator, unexpected};

fn office() -> Simulator {
    let simulator = simulator();
    simulator.state(|state| {
        let name = "Åkeri AB".into();
        state.company(1).add_client(Client { name, currency_type: Some("EUR".into()), ..Client::default() })
    });
    simulator
}

/// The smallest body that creates a project.
fn smallest() -> Map<String, Value> {
    let body = json!({
        "fixed-price": false, "number": "P1", "name": "Webb", "comment": "", "budget-hours": 12.5, "budget-amount": 100,
        "incoming-invoiced-amount": 0, "incoming-invoiced-vat-amount": 0, "all-activities": true, "all-users": true
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
    ask(simulator, "PUT", "/client-project", &body(changes))
}

#[test]
fn a_project_through_its_life() {
    let simulator = office();
    assert_snapshot!(ask(&simulator, "GET", "/client-project?filter=all", ""), @r#"200 {"client-project-readables":[]}"#);
    assert_snapshot!(create(&simulator, json!({})), @r#"200 {"id":1004}"#);
    assert_snapshot!(ask(&simulator, "GET", "/client-project/1004", ""), @r#"200 {"id":{"id":1004},"fixed-price":false,"number":"P1","name":"Webb","comment":"","budget-hours":12.5,"budget-amount":100,"incoming-invoiced-amount":0,"incoming-invoiced-vat-amount":0,"all-activities":true,"all-users":true,"status":"OPEN","active":true,"currency-type":"SEK","activities":[],"users":[],"leads":[],"fixed-price-planned-invoices":[],"write-offs":[],"dimensions":{},"fields":{}}"#);
    let full = json!({"client": {"id": 1004}, "broker-client": {"id": 1004}, "delivery-type": "EMAIL", "payment-days": 10,
        "our-reference": {"id": 1004}, "opening-date": "2026-11-01", "activities": [{"activity": {"id": 1}, "price": 5}],
        "users": [{"user": {"id": 1004}, "activities": [{"activity": {"id": 1}}]}], "leads": [{"user": {"id": 1004}}],
        "fixed-price-planned-invoices": [{"invoice-date": "2026-12-01", "rows": []}], "fixed-price": true,
        "dimension-entries": {"dimension-entries": [{"id": 3, "percentage": 0.5}]}});
    assert_snapshot!(create(&simulator, full), @r#"200 {"id":1006}"#);
    assert_snapshot!(ask(&simulator, "GET", "/client-project/1006", ""), @r#"200 {"id":{"id":1006},"fixed-price":true,"number":"P1","name":"Webb","comment":"","budget-hours":12.5,"budget-amount":100,"incoming-invoiced-amount":0,"incoming-invoiced-vat-amount":0,"all-activities":true,"all-users":true,"client":{"id":1004},"broker-client":{"id":1004},"delivery-type":"EMAIL","payment-days":10,"our-reference":{"id":1004},"opening-date":"2026-11-01","activities":[{"activity":{"id":1},"price":5}],"users":[{"user":{"id":1004},"activities":[{"activity":{"id":1}}]}],"leads":[{"user":{"id":1004}}],"fixed-price-planned-invoices":[{"invoice-date":"2026-12-01","rows":[]}],"dimensions":{"dimension-entries":[{"id":3,"percentage":0.5}]},"status":"OPEN","active":true,"currency-type":"EUR","write-offs":[],"fields":{}}"#);
    // Name, client and fixed price can only be set on create; lists that are omitted are cleared; dimensions are not.
    let update = json!({"name": "Nytt", "client": {"id": 9}, "number": "P2", "closing-date": "2026-11-02"});
    assert_snapshot!(ask(&simulator, "POST", "/client-project/1006", &body(update)), @r#"200 {"id":1006}"#);
    assert_snapshot!(ask(&simulator, "GET", "/client-project/1006", ""), @r#"200 {"id":{"id":1006},"fixed-price":true,"number":"P2","name":"Webb","comment":"","budget-hours":12.5,"budget-amount":100,"incoming-invoiced-amount":0,"incoming-invoiced-vat-amount":0,"all-activities":true,"all-users":true,"client":{"id":1004},"closing-date":"2026-11-02","active":true,"status":"OPEN","write-offs":[],"dimensions":{"dimension-entries":[{"id":3,"percentage":0.5}]},"currency-type":"EUR","activities":[],"users":[],"leads":[],"fixed-price-planned-invoices":[],"fields":{}}"#);
    assert_eq!(unexpected(&simulator), "");
    assert_snapshot!(ask(&simulator, "POST", "/client-project/1", &body(json!({}))), @r#"404 {"message":"Projektet med id 1 finns inte"}"#);
    assert_snapshot!(ask(&simulator, "DELETE", "/client-project/1006", ""), @r#"405 {"message":"Metoden stöds inte"}"#);
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
        let answer = check(json!({ name: null }));
        assert!(answer.starts_with(r#"500 {"message":"Tekniskt fel"}"#), "without {name}: {answer}");
    }
    assert_snapshot!(check(json!({"client": {"id": 7}})), @r#"500 {"message":"ClientDoesNotExistException: Kunden med id 7 finns inte"}"#);
    assert_snapshot!(check(json!({"our-reference": {"id": 7}})), @r#"500 {"message":"UserDoesNotExistException: Användaren med id 7 finns inte"}"#);
    assert_snapshot!(check(json!({"delivery-type": "Email"})), @r#"
    500 {"message":"Tekniskt fel"}
    PUT /v1/company/1/client-project: element delivery-type has no value Email
    "#);
    assert_snapshot!(check(json!({"leads": {"leads": []}})), @r#"
    500 {"message":"Tekniskt fel"}
    PUT /v1/company/1/client-project: element leads has the wrong type: {"leads":[]}
    "#);
    assert_snapshot!(check(json!({"leads": [1]})), @r#"
    500 {"message":"Tekniskt fel"}
    PUT /v1/company/1/client-project: element leads holds no objects: 1
    "#);
    assert_snapshot!(check(json!({"status": "CLOSED", "id": {"id": 5}})), @r#"
    200 {"id":1004}
    PUT /v1/company/1/client-project: element status is in no schema
    PUT /v1/company/1/client-project: element id is in no schema
    "#);
}

/// The numbers of the projects of a list.
fn listed(simulator: &Simulator, query: &str) -> String {
    let answer = ask(simulator, "GET", &format!("/client-project{query}"), "");
    let Ok(list) = serde_json::from_str::<Value>(&answer[4..]) else { return answer };
    let Some(projects) = list["client-project-readables"].as_array() else { return answer };
    projects.iter().map(|project| project["number"].as_str().unwrap()).collect::<Vec<_>>().join(" ")
}

#[test]
fn the_list_is_filtered_by_activity() {
    let simulator = office();
    simulator.state(|state| {
        for (number, status) in [
            ("P1", ProjectStatus::Open),
            ("P2", ProjectStatus::Closed),
            ("P3", ProjectStatus::Draft),
            ("P4", ProjectStatus::Open),
        ] {
            state.company(1).add_project(Project { number: number.into(), status, ..Project::default() });
        }
    });
    assert_snapshot!(listed(&simulator, "?filter=all"), @"P1 P2 P3 P4");
    assert_snapshot!(listed(&simulator, "?filter=active"), @"P1 P4");
    assert_snapshot!(listed(&simulator, "?filter=inactive"), @"P2 P3");
    assert_snapshot!(listed(&simulator, ""), @"P1 P2 P3 P4");
    assert_snapshot!(listed(&simulator, "?filter=open"), @r#"500 {"message":"Tekniskt fel"}"#);
}

#[test]
fn people_open_close_and_rename_projects() {
    let simulator = office();
    create(&simulator, json!({"closing-date": "2026-11-02"}));
    let control = |method: &str, path: &str, body: &str| {
        send(&simulator, method, &format!("/_sim/company/1/project{path}"), &[], body)
    };
    let state = || {
        let project = simulator.state(|state| state.company(1).project(1004)).unwrap();
        let Project { name, active, status, opening_date, closing_date, .. } = project;
        format!("{name} {active} {status:?} {opening_date:?} {closing_date:?}")
    };
    assert_snapshot!(state(), @"Webb true Open None Some(2026-11-02)");
    assert_snapshot!(control("POST", "/1004/close", ""), @r#"200 {"id":1004}"#);
    assert_snapshot!(state(), @"Webb false Closed None Some(2026-11-21)");
    assert_snapshot!(control("POST", "/1004/open", ""), @r#"200 {"id":1004}"#);
    assert_snapshot!(control("PATCH", "/1004", r#"{"name":"Omdöpt","client":{"id":1004}}"#), @r#"200 {"id":1004}"#);
    assert_snapshot!(state(), @"Omdöpt true Open Some(2026-11-21) None");
    assert_snapshot!(control("POST", "/1004/pay", ""), @r#"405 {"message":"no such method on this path"}"#);
    assert_snapshot!(control("PUT", "", r#"{"name":"Från formuläret","status":"DRAFT"}"#), @r#"200 {"id":1006}"#);
    simulator.state(|state| {
        let kleer = state.company(1);
        kleer.close_project(1004);
        kleer.open_project(1006);
        kleer.edit_project(1006, |project| project.name = "Igen".into());
        assert_eq!(kleer.project(1006).unwrap().name, "Igen");
        assert!(kleer.remove_project(1006));
    });
    assert_eq!(listed(&simulator, "?filter=active"), "");
}

#[test]
fn switches_change_how_projects_are_written() {
    let simulator = office();
    simulator.state(|state| {
        state.switches = Switches {
            enum_spelling: Spelling::Camel,
            new_project_status: ProjectStatus::Draft,
            omitted_project_lists_cleared: false,
            project_updated_date: true,
            ..Switches::default()
        };
    });
    create(&simulator, json!({"delivery-type": "Email", "leads": [{"user": {"id": 1004}}]}));
    ask(&simulator, "POST", "/client-project/1004", &body(json!({"delivery-type": "Email"})));
    assert_snapshot!(ask(&simulator, "GET", "/client-project/1004", ""), @r#"200 {"id":{"id":1004},"fixed-price":false,"number":"P1","name":"Webb","comment":"","budget-hours":12.5,"budget-amount":100,"incoming-invoiced-amount":0,"incoming-invoiced-vat-amount":0,"all-activities":true,"all-users":true,"delivery-type":"Email","active":false,"status":"Draft","write-offs":[],"dimensions":{},"updated-date":"2026-11-21T09:00:00","updated-user-key":"00000000-0000-4000-8000-000000001004","currency-type":"SEK","activities":[],"users":[],"leads":[{"user":{"id":1004}}],"fixed-price-planned-invoices":[],"fields":{}}"#);
}
