//! Deals and projects: what hangs on pipelines, and what an action reads in one go.

use insta::assert_snapshot;
use serde_json::{Value, json};

use super::{Bench, objects, table};

#[test]
fn a_deal_with_its_companies_and_line_items() {
    let bench = Bench::new();
    for name in ["kleer_invoice_id", "kleer_agreement_id", "kleer_project_id"] {
        let property = json!({
            "name": name, "label": name, "type": "string", "fieldType": "text", "groupName": "dealinformation",
        });
        assert_eq!(bench.post("/crm/properties/2026-09/deals", &property).status, 201);
    }
    let deal = json!({ "dealname": "D", "pipeline": "default", "dealstage": "contractsent", "kleer_invoice_id": "77" });
    let deal = bench.create("deals", &deal);
    let companies = ["Acme", "Beta"].map(|name| bench.create("companies", &json!({ "name": name })));
    let row = bench.create("line_items", &json!({ "name": "Row", "price": "10" }));
    bench.associate(("deals", &deal), ("line_items", &row));
    bench.associate(("deals", &deal), ("companies", &companies[0]));
    let primary = json!([{ "associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 5 }]);
    bench.put(&objects(&format!("deals/{deal}/associations/companies/{}", companies[1])), &primary);
    let path = format!(
        "deals/{deal}?properties=kleer_invoice_id,hs_is_closed,hs_is_closed_won&associations=companies,line_items"
    );
    let shown = bench.get(&objects(&path)).body;
    assert_snapshot!(shown["properties"], @r#"{"kleer_invoice_id":"77","hs_is_closed":"false","hs_is_closed_won":"false","createdate":"2026-11-20T12:00:00.000Z","hs_lastmodifieddate":"2026-11-20T12:00:00.000Z","hs_object_id":"9001"}"#);
    assert_snapshot!(shown["associations"], @r#"{"companies":{"results":[{"id":"9001","type":"deal_to_company"},{"id":"9002","type":"deal_to_company"}]},"line items":{"results":[{"id":"9001","type":"deal_to_line_item"}]}}"#);
    assert_snapshot!(format!("{:?}", bench.simulator.associations(4242, "deals", 9001, "companies")), @"[(9001, [341]), (9002, [5, 341])]");
    assert_snapshot!(format!("{:?}", bench.simulator.associations(4242, "companies", 9002, "deals")), @"[(9001, [6, 342])]");
    let closed = ["closedwon", "closedlost", "contractsent"].map(|stage| {
        bench.patch(&objects("deals/9001"), &json!({ "properties": { "dealstage": stage } }));
        bench.values("deals", &deal, "dealstage,hs_is_closed,hs_is_closed_won")
    });
    assert_snapshot!(table(closed), @"
    closedwon true true
    closedlost true false
    contractsent false false
    ");
}

#[test]
fn the_stages_of_projects() {
    let bench = Bench::new();
    let stages = bench.get("/crm/pipelines/2026-03/projects").body["results"][0]["stages"].clone();
    let shown = |stage: &Value| format!("{} {}", stage["label"], stage["metadata"]);
    assert_snapshot!(table(stages.as_array().unwrap().iter().map(shown)), @r#"
    "Not started" {"isClosed":"false"}
    "In progress" {"isClosed":"false"}
    "Waiting" {"isClosed":"false"}
    "Completed" {"isClosed":"true"}
    "#);
    let project = json!({ "hs_name": "P", "hs_pipeline": "4242200", "hs_pipeline_stage": "4242201" });
    let id = bench.create("projects", &project);
    let change = |properties: Value| {
        let reply = bench.patch(&objects(&format!("projects/{id}")), &json!({ "properties": properties }));
        format!("{properties} -> {} {}", reply.status, reply.body["errors"][0]["code"])
    };
    let changes = [
        json!({ "hs_pipeline_stage": "4242204", "hs_status": "completed" }),
        json!({ "hs_pipeline_stage": "closedwon" }),
        json!({ "hs_status": "done" }),
        json!({ "hs_amount_remaining": "1" }),
    ];
    let company = bench.create("companies", &json!({ "name": "Acme" }));
    bench.associate(("projects", &id), ("companies", &company));
    let mut lines = changes.map(change).to_vec();
    lines.push(format!("{:?}", bench.simulator.associations(4242, "projects", 9001, "companies")));
    assert_snapshot!(table(lines), @r#"
    {"hs_pipeline_stage":"4242204","hs_status":"completed"} -> 200 null
    {"hs_pipeline_stage":"closedwon"} -> 400 "INVALID_OPTION"
    {"hs_status":"done"} -> 400 "INVALID_OPTION"
    {"hs_amount_remaining":"1"} -> 400 "READ_ONLY_VALUE"
    [(9001, [1236])]
    "#);
}

#[test]
fn the_administrators_rules_hold_for_every_type() {
    let bench = Bench::new();
    let required = json!({
        "invoices": ["hs_title"],
        "subscriptions": ["hs_currency_code"],
        "line_items": ["hs_sku"],
        "projects": ["hs_type"],
    });
    let delayed = json!({
        "object_type": "projects", "property": "hs_status", "value": "delayed", "requires": ["hs_target_due_date"],
    });
    let read_only = json!({ "projects": ["hs_priority"], "line_items": ["hs_product_id"] });
    bench.switch(&json!({ "required": required, "read_only": read_only, "conditional": [delayed] }));
    let project = |name: &str, value: &str| {
        let mut properties = json!({ "hs_name": "P", "hs_type": "sales" });
        properties["hs_pipeline"] = json!("4242200");
        properties["hs_pipeline_stage"] = json!("4242201");
        properties[name] = json!(value);
        properties
    };
    let cases = [
        ("invoices", json!({ "hs_currency": "SEK", "hs_invoice_billable": "false" })),
        ("subscriptions", json!({ "hs_name": "Hosting" })),
        ("line_items", json!({ "name": "Row" })),
        ("line_items", json!({ "name": "Row", "hs_sku": "1", "hs_product_id": "9001" })),
        ("projects", project("hs_type", "")),
        ("projects", project("hs_priority", "low")),
        ("projects", project("hs_status", "delayed")),
        ("projects", project("hs_status", "on_track")),
    ];
    let lines = cases.map(|(object_type, properties)| {
        let reply = bench.post(&objects(object_type), &json!({ "properties": properties }));
        format!("{object_type} {properties} -> {} {}", reply.status, reply.body["errors"][0]["code"])
    });
    assert_snapshot!(table(lines), @r#"
    invoices {"hs_currency":"SEK","hs_invoice_billable":"false"} -> 400 "MISSING_REQUIRED_PROPERTY"
    subscriptions {"hs_name":"Hosting"} -> 400 "MISSING_REQUIRED_PROPERTY"
    line_items {"name":"Row"} -> 400 "MISSING_REQUIRED_PROPERTY"
    line_items {"name":"Row","hs_sku":"1","hs_product_id":"9001"} -> 400 "READ_ONLY_VALUE"
    projects {"hs_name":"P","hs_type":"","hs_pipeline":"4242200","hs_pipeline_stage":"4242201"} -> 400 "MISSING_REQUIRED_PROPERTY"
    projects {"hs_name":"P","hs_type":"sales","hs_pipeline":"4242200","hs_pipeline_stage":"4242201","hs_priority":"low"} -> 400 "READ_ONLY_VALUE"
    projects {"hs_name":"P","hs_type":"sales","hs_pipeline":"4242200","hs_pipeline_stage":"4242201","hs_status":"delayed"} -> 400 "MISSING_CONDITIONAL_REQUIRED_PROPERTY"
    projects {"hs_name":"P","hs_type":"sales","hs_pipeline":"4242200","hs_pipeline_stage":"4242201","hs_status":"on_track"} -> 201 null
    "#);
}
