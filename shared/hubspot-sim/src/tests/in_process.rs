use insta::assert_snapshot;
use serde_json::json;

use super::{Bench, objects};

const PORTAL: u64 = 4242;

#[test]
fn a_person_at_work() {
    let bench = Bench::new();
    let simulator = &bench.simulator;
    bench.kleer_id("companies");
    let first = simulator.person_creates(PORTAL, "companies", &[("name", "Acme"), ("kleer_id", "1")]).unwrap();
    let second = simulator.person_creates(PORTAL, "company", &[("name", "Beta")]).unwrap();
    simulator.person_edits(PORTAL, "0-2", first, &[("city", "Lund")]).unwrap();
    assert_snapshot!(simulator.person_edits(PORTAL, "companies", first, &[("nonsense", "x")]).unwrap_err(), @r#"Property values were not valid: [{"isValid":false,"message":"Property \"nonsense\" does not exist","error":"PROPERTY_DOESNT_EXIST","name":"nonsense","localizedErrorMessage":"Property \"nonsense\" does not exist","portalId":4242}]"#);
    assert_eq!(simulator.records(PORTAL, "companies")[0].get("city"), Some("Lund"));
    assert!(simulator.person_deletes(PORTAL, "companies", first));
    assert!(!simulator.person_deletes(PORTAL, "companies", first));
    simulator.person_edits(PORTAL, "companies", second, &[("kleer_id", "1")]).unwrap();
    assert!(simulator.person_restores(PORTAL, "companies", first));
    let holders = simulator.records(PORTAL, "companies").into_iter().filter(|one| one.get("kleer_id").is_some());
    assert_eq!(holders.map(|one| one.id).collect::<Vec<_>>(), [second], "a unique value has one holder");
    simulator.person_merges(PORTAL, "companies", second, first).unwrap();
    assert_eq!(simulator.records(PORTAL, "companies").len(), 1);
    assert!(simulator.property(PORTAL, "companies", "kleer_id").is_some_and(|property| property.has_unique_value));
    bench.create("invoices", &json!({ "hs_currency": "SEK" }));
    bench.put(&objects(&format!("invoices/9001/associations/default/companies/{first}")), &json!([]));
    assert_eq!(simulator.associations(PORTAL, "invoices", 9001, "companies"), [(second, vec![179])]);
}

#[test]
fn what_a_test_looks_at() {
    let bench = Bench::new();
    let simulator = &bench.simulator;
    let company = simulator.person_creates(PORTAL, "companies", &[("name", "Acme")]).unwrap();
    let invoice = bench.create("invoices", &json!({ "hs_currency": "SEK" }));
    bench.associate(("invoices", &invoice), ("companies", &company.to_string()));
    assert_eq!(simulator.associations(PORTAL, "invoices", 9001, "companies"), [(company, vec![179])]);
    assert_eq!(simulator.associations(PORTAL, "companies", company, "invoices"), [(9001, vec![180])]);
    assert_eq!(simulator.associations(PORTAL, "companies", company, "deals"), []);
    assert_snapshot!(bench.get("/_sim/records/invoices/9001").body["associations"], @r#"[{"objectTypeId":"0-2","id":"9001","typeIds":[179]}]"#);
    assert!(simulator.person_deletes(PORTAL, "companies", company));
    assert_eq!(simulator.records(PORTAL, "companies"), []);
    let deleted = simulator.record(PORTAL, "companies", company).unwrap();
    assert_eq!((deleted.is_live(), deleted.get("name")), (false, Some("Acme")));
    assert_eq!(deleted.created_by.change_source(), "CRM_UI");
    assert_eq!(simulator.record(PORTAL, "companies", 77), None);
    assert_eq!(simulator.associations(PORTAL, "invoices", 9001, "companies"), [], "hidden, not gone");
    let alarms = simulator.alarms();
    let alarms: Vec<String> =
        alarms.iter().map(|one| format!("{} {}={}", one.object_type, one.property, one.value)).collect();
    assert_eq!(alarms, ["invoices hs_invoice_billable="]);
    assert_eq!(bench.get("/_sim/alarms").body["results"].as_array().unwrap().len(), 1);
}

#[test]
fn switches_and_tokens() {
    let mut bench = Bench::new();
    bench.simulator.switch(PORTAL, |switches| switches.projects_disabled = true);
    assert_eq!(bench.get(&objects("projects")).status, 403);
    let code = bench.simulator.person_consents(PORTAL).unwrap();
    let form = format!("grant_type=authorization_code&client_id=demo-client&client_secret=demo-secret&code={code}");
    let granted = bench.send("POST", "/oauth/2026-03/token", form).unwrap();
    bench.token = granted.body["access_token"].as_str().unwrap().to_owned();
    assert_eq!(bench.get(&objects("companies")).status, 200);
    assert_eq!(bench.simulator.expire_access_tokens(PORTAL), 1);
    assert_eq!(bench.get(&objects("companies")).body["category"], json!("EXPIRED_AUTHENTICATION"));
    bench.token = "demo-app-token".to_owned();
    bench.simulator.person_uninstalls(PORTAL);
    assert_eq!(bench.get(&objects("companies")).status, 401);
}
