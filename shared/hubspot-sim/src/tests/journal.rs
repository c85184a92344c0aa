use std::io::Write;

use serde_json::json;

use super::{Bench, clock, objects};
use crate::{Options, Simulator};

fn open(folder: &std::path::Path) -> Bench {
    let (time, clock) = clock();
    let simulator = Simulator::open(Options::default(), time, folder).unwrap();
    Bench { simulator, clock, token: "demo-app-token".to_owned() }
}

#[test]
fn what_was_answered_is_there_after_a_kill() {
    let folder = tempfile::tempdir().unwrap();
    let bench = open(folder.path());
    bench.kleer_id("companies");
    let input = json!({ "id": "1", "idProperty": "kleer_id", "properties": { "name": "Acme" } });
    bench.post(&objects("companies/batch/upsert"), &json!({ "inputs": [input] }));
    bench.create("deals", &json!({ "dealname": "D", "pipeline": "default", "dealstage": "closedwon" }));
    bench.put(&objects("deals/9001/associations/default/companies/9001"), &json!([]));
    bench.create("companies", &json!({ "name": "Beta" }));
    bench.delete(&objects("companies/9002"));
    bench.switch(&json!({ "projects_disabled": true }));
    let code = bench.post("/_sim/oauth/codes", &json!({})).body["code"].as_str().unwrap().to_owned();
    let before = bench.get("/_sim/state").body;
    let next = bench.simulator.state(|state| state.correlation_id());
    drop(bench);

    let again = open(folder.path());
    assert_eq!(again.get("/_sim/state").body, before);
    let record = again.get("/_sim/records/companies/9001").body;
    assert_eq!(record["properties"]["kleer_id"], json!("1"));
    assert_eq!(record["associations"].as_array().unwrap().len(), 1);
    assert_eq!(
        again.post(&objects("companies/batch/upsert"), &json!({ "inputs": [input] })).body["results"][0]["new"],
        json!(false)
    );
    assert_eq!(again.create("companies", &json!({ "name": "Gamma" })), "9003", "ids of deleted records are not reused");
    assert_eq!(again.simulator.state(|state| state.correlation_id()), next, "the random stream goes on where it stood");
    let form = format!("client_id=demo-client&client_secret=demo-secret&grant_type=authorization_code&code={code}");
    assert_eq!(again.send("POST", "/oauth/2026-09/token", form).unwrap().status, 200);
}

#[test]
fn a_torn_last_line_is_dropped_and_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    open(folder.path()).create("companies", &json!({ "name": "Acme" }));
    let path = folder.path().join("journal.jsonl");
    let whole = std::fs::read(&path).unwrap();
    let mut file = std::fs::OpenOptions::new().append(true).open(&path).unwrap();
    file.write_all(&whole[..whole.len() / 2]).unwrap();
    drop(file);
    let bench = open(folder.path());
    assert_eq!(bench.simulator.records(4242, "companies").len(), 1);
    bench.create("companies", &json!({ "name": "Beta" }));
    drop(bench);
    assert_eq!(open(folder.path()).simulator.records(4242, "companies").len(), 2);
}

#[test]
fn changes_in_process_are_kept_too() {
    let folder = tempfile::tempdir().unwrap();
    let bench = open(folder.path());
    bench.create("companies", &json!({ "name": "Acme" }));
    bench.simulator.state(|state| state.uninstall(4242));
    drop(bench);
    assert_eq!(open(folder.path()).get(&objects("companies")).status, 401);
}

#[test]
fn totals_are_kept_as_they_were() {
    let folder = tempfile::tempdir().unwrap();
    let bench = open(folder.path());
    bench.create("invoices", &json!({ "hs_currency": "SEK", "hs_invoice_billable": "false" }));
    bench.create("line_items", &json!({ "price": "12.50", "quantity": "2" }));
    bench.associate(("invoices", "9001"), ("line_items", "9001"));
    bench.create("invoices", &json!({ "hs_currency": "SEK", "hs_invoice_billable": "false", "hs_amount_billed": "7" }));
    let before = bench.get("/_sim/records/invoices").body;
    drop(bench);
    let again = open(folder.path());
    assert_eq!(again.get("/_sim/records/invoices").body, before);
    again.delete(&objects("line_items/9001"));
    assert_eq!(again.values("invoices", "9001", "hs_amount_billed,hs_balance_due"), "0 0");
    assert_eq!(again.values("invoices", "9002", "hs_amount_billed,hs_balance_due"), "7 7");
}
