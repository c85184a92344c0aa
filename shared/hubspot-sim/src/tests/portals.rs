//! What a portal may not have, and how that shows.

use insta::assert_snapshot;
use serde_json::{Value, json};

use super::{Bench, objects, table};

/// One new record per name, each with a trace id.
fn upsert(bench: &Bench, object_type: &str, inputs: &[Value]) -> super::Reply {
    let traced = |(n, properties): (usize, &Value)| json!({ "id": n.to_string(), "idProperty": "kleer_id", "objectWriteTraceId": format!("t{n}"), "properties": properties });
    let inputs: Vec<Value> = inputs.iter().enumerate().map(traced).collect();
    bench.post(&objects(&format!("{object_type}/batch/upsert")), &json!({ "inputs": inputs }))
}

#[test]
fn projects_are_switched_off() {
    let bench = Bench::new();
    let id = bench
        .create("projects", &json!({ "hs_name": "House", "hs_pipeline": "4242200", "hs_pipeline_stage": "4242201" }));
    bench.kleer_id("projects");
    assert_snapshot!(bench.get("/crm/object-library/2026-09/enablement/0-970").body, @r#"{"enablement":true}"#);
    bench.switch(&json!({ "projects_disabled": true }));
    assert_snapshot!(bench.get("/crm/object-library/2026-09/enablement/0-970").to_string(), @r#"
    200 {
      "enablement": false
    }
    "#);
    assert_snapshot!(bench.get("/crm/object-library/2026-09/enablement/0-69").body, @r#"{"enablement":true}"#);
    assert_snapshot!(bench.get("/crm/properties/2026-09/projects"), @r#"
    403 {
      "status": "error",
      "message": "The scope needed for this API call isn't available for public use. If you have questions, contact support or post in our developer forum.",
      "errors": [
        {
          "message": "One or more of the following scopes are required.",
          "context": {
            "requiredGranularScopes": [
              "crm.schemas.projects.read",
              "crm.objects.projects.read",
              "crm.objects.projects.write"
            ]
          }
        }
      ],
      "links": {
        "scopes": "https://developers.hubspot.com/scopes"
      },
      "category": "MISSING_SCOPES"
    }
    "#);
    let pair = json!({ "inputs": [{ "from": { "id": id }, "to": { "id": "9001" } }] });
    let lines = [
        bench.get("/crm/properties/2026-09/0-970/hs_name"),
        bench.post("/crm/properties/2026-09/projects/batch/create", &json!({ "inputs": [] })),
        bench.get("/crm/properties/2026-09/projects/groups"),
        bench.get("/crm/pipelines/2026-09/projects"),
        bench.get(&objects(&format!("projects/{id}"))),
        upsert(&bench, "projects", &[json!({ "hs_name": "Barn" })]),
        bench.post(&objects("projects/batch/update"), &json!({ "inputs": [] })),
        bench.post(&objects("projects/search"), &json!({})),
        bench.post("/crm/associations/2026-09/projects/companies/batch/associate/default", &pair),
        bench.get("/crm/associations/2026-09/companies/projects/labels"),
    ];
    let lines = lines.map(|reply| {
        let needed = &reply.body["errors"][0]["context"]["requiredGranularScopes"];
        format!("{} {} {needed}", reply.status, reply.body["category"])
    });
    assert_snapshot!(table(lines), @r#"
    403 "MISSING_SCOPES" ["crm.schemas.projects.read","crm.objects.projects.read","crm.objects.projects.write"]
    403 "MISSING_SCOPES" ["crm.schemas.projects.write"]
    403 "MISSING_SCOPES" ["crm.schemas.projects.read","crm.objects.projects.read","crm.objects.projects.write"]
    403 "MISSING_SCOPES" ["crm.schemas.projects.read","crm.objects.projects.read","crm.objects.projects.write"]
    403 "MISSING_SCOPES" ["crm.objects.projects.read"]
    403 "MISSING_SCOPES" ["crm.objects.projects.write"]
    403 "MISSING_SCOPES" ["crm.objects.projects.write"]
    403 "MISSING_SCOPES" ["crm.objects.projects.read"]
    403 "MISSING_SCOPES" ["crm.objects.projects.write"]
    403 "MISSING_SCOPES" ["crm.objects.projects.read"]
    "#);
    bench.switch(&json!({ "projects_disabled": false }));
    assert_eq!(bench.get(&objects(&format!("projects/{id}"))).status, 200, "nothing is lost");
}

#[test]
fn payments_are_not_set_up() {
    let bench = Bench::new();
    bench.kleer_id("subscriptions");
    assert_eq!(upsert(&bench, "subscriptions", &[json!({ "hs_name": "Old" })]).status, 200);
    bench.switch(&json!({ "payments_not_set_up": true }));
    let inputs = [json!({ "hs_name": "Hosting" }), json!({ "hs_name": "New" }), json!({ "nonsense": "x" })];
    let each = upsert(&bench, "subscriptions", &inputs);
    assert_snapshot!(each, @r#"
    207 {
      "status": "COMPLETE",
      "results": [
        {
          "id": "9001",
          "properties": {
            "hs_name": "Hosting",
            "kleer_id": "0",
            "hs_createdate": "2026-11-20T12:00:00.000Z",
            "hs_lastmodifieddate": "2026-11-20T12:00:00.000Z",
            "hs_object_id": "9001"
          },
          "createdAt": "2026-11-20T12:00:00.000Z",
          "updatedAt": "2026-11-20T12:00:00.000Z",
          "archived": false,
          "url": "https://app.hubspot.com/contacts/4242/record/0-69/9001",
          "new": false
        }
      ],
      "numErrors": 2,
      "errors": [
        {
          "status": "error",
          "category": "VALIDATION_ERROR",
          "message": "This account is not set up to collect payments.",
          "context": {
            "objectWriteTraceId": [
              "t1"
            ]
          },
          "errors": [],
          "links": {}
        },
        {
          "status": "error",
          "category": "VALIDATION_ERROR",
          "message": "Property values were not valid: [{\"isValid\":false,\"message\":\"Property \\\"nonsense\\\" does not exist\",\"error\":\"PROPERTY_DOESNT_EXIST\",\"name\":\"nonsense\",\"localizedErrorMessage\":\"Property \\\"nonsense\\\" does not exist\",\"portalId\":4242}]",
          "context": {
            "objectWriteTraceId": [
              "t2"
            ]
          },
          "errors": [],
          "links": {}
        }
      ],
      "startedAt": "2026-11-20T12:00:00.000Z",
      "completedAt": "2026-11-20T12:00:00.000Z"
    }
    "#);
    let plain = json!({ "properties": { "hs_name": "New" } });
    let traceless = json!({ "inputs": [plain] });
    let old = json!({ "properties": { "hs_name": "Older" } });
    let look = || {
        table([
            upsert(&bench, "subscriptions", &inputs).short(),
            upsert(&bench, "subscriptions", &inputs[..1]).short(),
            bench.post(&objects("subscriptions/batch/create"), &traceless).short(),
            bench.post(&objects("subscriptions"), &plain).short(),
            bench.patch(&objects("subscriptions/9001"), &old).short(),
        ])
    };
    assert_snapshot!(look(), @"
    207 - - []
    200 - - []
    400 VALIDATION_ERROR This account is not set up to collect payments. []
    400 VALIDATION_ERROR This account is not set up to collect payments. []
    200 - - []
    ");
    bench.switch(&json!({ "payments_refused_whole": true }));
    assert_snapshot!(look(), @"
    403 VALIDATION_ERROR This account is not set up to collect payments. []
    200 - - []
    403 VALIDATION_ERROR This account is not set up to collect payments. []
    403 VALIDATION_ERROR This account is not set up to collect payments. []
    200 - - []
    ");
    bench.switch(&json!({ "payments_not_set_up": false }));
    assert_eq!(bench.post(&objects("subscriptions"), &plain).status, 201);
}

#[test]
fn read_only_and_hidden_read_only() {
    let bench = Bench::new();
    bench.kleer_id("subscriptions");
    let row = |switch: &str| {
        let definition = bench.get("/crm/properties/2026-09/subscriptions/hs_status").body;
        let told = definition["modificationMetadata"]["readOnlyValue"].clone();
        let reply = upsert(&bench, "subscriptions", &[json!({ "hs_name": "Hosting", "hs_status": "active" })]);
        let error = reply.body["errors"][0].clone();
        let patch = json!({ "properties": { "hs_status": "paused" } });
        let single = bench.patch(&objects("subscriptions/9001"), &patch);
        format!(
            "{switch}: told {told}; upsert {} {} {}; patch {} {}",
            reply.status, error["category"], error["message"], single.status, single.body["errors"][0]["code"]
        )
    };
    let names = json!({ "subscriptions": ["hs_status"] });
    let mut lines = vec![row("neither")];
    bench.switch(&json!({ "read_only": names }));
    lines.push(row("read_only"));
    bench.switch(&json!({ "read_only": {}, "hidden_read_only": names }));
    lines.push(row("hidden_read_only"));
    assert_snapshot!(table(lines), @r#"
    neither: told false; upsert 200 null null; patch 200 null
    read_only: told true; upsert 207 "VALIDATION_ERROR" "Property values were not valid: [{\"isValid\":false,\"message\":\"\\\"hs_status\\\" is a read only property; its value cannot be set.\",\"error\":\"READ_ONLY_VALUE\",\"name\":\"hs_status\",\"localizedErrorMessage\":\"\\\"hs_status\\\" is a read only property; its value cannot be set.\",\"portalId\":4242}]"; patch 400 "READ_ONLY_VALUE"
    hidden_read_only: told false; upsert 207 "VALIDATION_ERROR" "Property values were not valid: [{\"isValid\":false,\"message\":\"\\\"hs_status\\\" is a read only property; its value cannot be set.\",\"error\":\"READ_ONLY_VALUE\",\"name\":\"hs_status\",\"localizedErrorMessage\":\"\\\"hs_status\\\" is a read only property; its value cannot be set.\",\"portalId\":4242}]"; patch 400 "READ_ONLY_VALUE"
    "#);
    let without = upsert(&bench, "subscriptions", &[json!({ "hs_name": "Hosting AB" })]);
    assert_eq!(without.status, 200, "without the property it is written");
    assert_eq!(bench.values("subscriptions", "9001", "hs_name,hs_status"), "Hosting AB paused");
    bench.switch(&json!({ "hidden_read_only": { "invoices": ["hs_number"] } }));
    let invoice =
        json!({ "properties": { "hs_currency": "SEK", "hs_invoice_billable": "false", "hs_number": "1077" } });
    assert_snapshot!(bench.post(&objects("invoices"), &invoice).body["errors"], @r#"[{"message":"\"hs_number\" is a read only property; its value cannot be set.","code":"READ_ONLY_VALUE","context":{"propertyName":["hs_number"]}}]"#);
}
