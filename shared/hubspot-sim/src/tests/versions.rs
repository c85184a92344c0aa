use insta::assert_snapshot;
use serde_json::json;

use super::{Bench, objects, table};

#[test]
fn all_layouts_lead_to_the_same_handlers() {
    let bench = Bench::new();
    bench.create("companies", &json!({ "name": "Acme" }));
    let paths = [
        "/crm/v3/objects/companies/9001",
        "/crm/objects/v3/companies/9001",
        "/crm/objects/2025-09/companies/9001",
        "/crm/objects/2026-03/company/9001",
        "/crm/objects/2026-09/0-2/9001",
        "/crm/objects/2027-03/companies/9001",
        "/crm/v3/properties/companies",
        "/crm/v3/pipelines/deals",
        "/crm/v3/owners",
        "/crm/owners/2026-09?email=anna@example.com",
        "/crm/v4/associations/deals/companies/labels",
        "/crm/v3/schemas",
        "/account-info/v3/details",
        "/crm/limits/2026-09/custom-properties",
        "/crm/limits/2026-09/records",
        "/crm/object-library/2026-09/enablement",
        "/crm/property-validations/2026-09/0-2",
        "/settings/currencies/2026-09/codes",
        "/settings/currencies/2026-09/company-currency",
        "/tax-rates/v1/tax-rates",
        "/crm/objects/companies/9001",
        "/nonsense",
    ];
    assert_snapshot!(table(paths.map(|path| format!("{} {path}", bench.get(path).status))), @r"
    200 /crm/v3/objects/companies/9001
    200 /crm/objects/v3/companies/9001
    200 /crm/objects/2025-09/companies/9001
    200 /crm/objects/2026-03/company/9001
    200 /crm/objects/2026-09/0-2/9001
    404 /crm/objects/2027-03/companies/9001
    200 /crm/v3/properties/companies
    200 /crm/v3/pipelines/deals
    200 /crm/v3/owners
    200 /crm/owners/2026-09?email=anna@example.com
    200 /crm/v4/associations/deals/companies/labels
    200 /crm/v3/schemas
    200 /account-info/v3/details
    200 /crm/limits/2026-09/custom-properties
    200 /crm/limits/2026-09/records
    200 /crm/object-library/2026-09/enablement
    200 /crm/property-validations/2026-09/0-2
    200 /settings/currencies/2026-09/codes
    200 /settings/currencies/2026-09/company-currency
    200 /tax-rates/v1/tax-rates
    404 /crm/objects/companies/9001
    404 /nonsense
    ");
    assert_snapshot!(table(bench.simulator.unexpected()), @r"
    unknown path: GET /crm/objects/2027-03/companies/9001
    unknown path: GET /crm/objects/companies/9001
    unknown path: GET /nonsense
    ");
    let counted = bench.simulator.counters();
    assert_eq!(counted["GET crm/objects/{type}/{id} 2xx"], 5);
}

#[test]
fn currencies_that_hubspot_knows_and_those_of_the_portal() {
    let bench = Bench::new();
    let codes = bench.get("/settings/currencies/2026-09/codes").body["results"].clone();
    let codes: Vec<&str> = codes.as_array().unwrap().iter().map(|one| one["code"].as_str().unwrap()).collect();
    assert!(codes.contains(&"SEK") && codes.contains(&"JPY"), "{codes:?}");
    let details = bench.get("/account-info/2026-09/details").body;
    assert_snapshot!(format!("{} {}", details["companyCurrency"], details["additionalCurrencies"]), @r#""SEK" ["EUR","USD","NOK","DKK"]"#);
    let yen = bench.post(&objects("invoices"), &json!({ "properties": { "hs_currency": "JPY" } }));
    assert_snapshot!(yen.body["errors"][0]["code"], @r#""INVALID_OPTION""#);
}

#[test]
fn the_administrators_rules_hold_from_2026_09_on() {
    let bench = Bench::new();
    bench.switch(&json!({
        "required": { "companies": ["phone"] },
        "conditional": [{ "object_type": "companies", "property": "country", "value": "Sweden", "requires": ["city"] }],
    }));
    let plain = json!({ "properties": { "name": "Acme" } });
    let swedish = json!({ "properties": { "name": "Acme", "phone": "1", "country": "Sweden" } });
    let lines = [
        bench.post("/crm/objects/2026-03/companies", &plain).status.to_string(),
        bench.post(&objects("companies"), &plain).to_string(),
        bench.post(&objects("companies"), &swedish).short(),
        bench.patch(&objects("companies/9001"), &json!({ "properties": { "country": "Norway" } })).status.to_string(),
        bench.patch(&objects("companies/9001"), &json!({ "properties": { "country": "Sweden" } })).short(),
    ];
    assert_snapshot!(table(lines), @r#"
    201
    400 {
      "status": "error",
      "message": "MISSING_REQUIRED_PROPERTY: property \"phone\" is required to create this record",
      "errors": [
        {
          "message": "Property \"phone\" is required to create this record",
          "code": "MISSING_REQUIRED_PROPERTY",
          "context": {
            "propertyName": [
              "phone"
            ]
          }
        }
      ],
      "category": "VALIDATION_ERROR"
    }
    400 VALIDATION_ERROR MISSING_CONDITIONAL_REQUIRED_PROPERTY: property "city" is required by a conditional rule ["MISSING_CONDITIONAL_REQUIRED_PROPERTY"]
    200
    400 VALIDATION_ERROR MISSING_CONDITIONAL_REQUIRED_PROPERTY: property "city" is required by a conditional rule ["MISSING_CONDITIONAL_REQUIRED_PROPERTY"]
    "#);
}

#[test]
fn pipelines_of_a_portal() {
    let bench = Bench::new();
    let projects = bench.get("/crm/pipelines/2026-09/projects").body["results"][0].clone();
    let stage = |one: &serde_json::Value| format!("{} {}", one["id"], one["label"]);
    let stages = projects["stages"].as_array().unwrap().iter().map(stage);
    assert_snapshot!(table(std::iter::once(stage(&projects)).chain(stages)), @r#"
    "4242200" "Project Pipeline"
    "4242201" "Not started"
    "4242202" "In progress"
    "4242203" "Waiting"
    "4242204" "Completed"
    "#);
    let deals = bench.get("/crm/pipelines/2026-09/0-3/default/stages").body["results"][5].clone();
    assert_snapshot!(deals, @r#"{"label":"Closed Won","displayOrder":5,"metadata":{"isClosed":"true","probability":"1.0"},"id":"closedwon","createdAt":"2026-01-01T00:00:00.000Z","updatedAt":"2026-01-01T00:00:00.000Z","archived":false,"writePermissions":"CRM_PERMISSIONS_ENFORCEMENT"}"#);
}
