use insta::assert_snapshot;
use serde_json::json;

use super::{Bench, objects, table};

#[test]
fn records_are_changed_as_a_person() {
    let bench = Bench::new();
    let lines = [
        bench.post("/_sim/records/companies?user=502", &json!({ "properties": { "name": "Acme" } })).to_string(),
        bench.patch("/_sim/records/companies/9001", &json!({ "properties": { "city": "Lund" } })).status.to_string(),
        bench.patch("/_sim/records/companies/9001", &json!({ "properties": { "nonsense": "Lund" } })).short(),
        bench.get("/_sim/records/companies/9001").body["changes"].to_string(),
        bench.delete("/_sim/records/companies/9001").status.to_string(),
        bench.delete("/_sim/records/companies/9001").status.to_string(),
        bench.get("/_sim/records/companies").body.to_string(),
        bench.post("/_sim/records/companies/9001/restore", &json!({})).status.to_string(),
        bench.get("/_sim/records/companies").body["total"].to_string(),
        bench.post("/_sim/records/companies", &json!({ "properties": { "name": "Acme AB" } })).status.to_string(),
        bench.post("/_sim/records/companies/merge", &json!({ "survivor": 9001, "merged": 9002 })).body.to_string(),
    ];
    assert_snapshot!(table(lines), @r#"
    201 {
      "id": "9001",
      "objectTypeId": "0-2",
      "properties": {
        "name": "Acme"
      },
      "createdAt": "2026-11-20T12:00:00.000Z",
      "updatedAt": "2026-11-20T12:00:00.000Z",
      "archived": false
    }
    200
    400 VALIDATION_ERROR Property values were not valid: [{"isValid":false,"message":"Property \"nonsense\" does not exist","error":"PROPERTY_DOESNT_EXIST","name":"nonsense","localizedErrorMessage":"Property \"nonsense\" does not exist","portalId":4242}] ["PROPERTY_DOESNT_EXIST"]
    {"city":{"value":"Lund","at":"2026-11-20T12:00:00.000Z","changeSource":"CRM_UI","sourceId":"userId:501"},"name":{"value":"Acme","at":"2026-11-20T12:00:00.000Z","changeSource":"CRM_UI","sourceId":"userId:502"}}
    204
    404
    {"total":0,"results":[]}
    204
    1
    201
    {"id":"9001","objectTypeId":"0-2","properties":{"city":"Lund","hs_merged_object_ids":"9002","name":"Acme"},"createdAt":"2026-11-20T12:00:00.000Z","updatedAt":"2026-11-20T12:00:00.000Z","archived":false}
    "#);
}

#[test]
fn requests_are_counted() {
    let bench = Bench::new();
    bench.create("companies", &json!({ "name": "Acme" }));
    bench.get(&objects("companies/1"));
    assert_snapshot!(bench.get("/_sim/counters").body, @r#"{"GET crm/objects/{type}/{id} 4xx":1,"POST crm/objects/{type} 2xx":1}"#);
    assert_snapshot!(bench.get("/_sim/requests").body["results"][0], @r#"{"at":"2026-11-20T12:00:00Z","method":"POST","path":"/crm/objects/2026-09/companies","status":201,"bytes_in":30,"bytes_out":324}"#);
    assert_eq!(bench.delete("/_sim/requests").status, 204);
    assert_snapshot!(bench.get("/_sim/requests").body, @r#"{"results":[]}"#);
}

#[test]
fn state_switches_and_tokens() {
    let bench = Bench::new();
    bench.kleer_id("companies");
    bench.create("companies", &json!({ "name": "Acme" }));
    let state = bench.get("/_sim/state").body;
    assert_snapshot!(state["portals"]["4242"]["types"]["companies"], @r#"{"records":1,"archived":0,"custom_properties":["kleer_id"]}"#);
    let lines = [
        bench.get("/_sim/health").to_string(),
        bench.put("/_sim/switches", &json!({ "nonsense": true })).status.to_string(),
        bench.put("/_sim/switches", &json!({ "read_only": { "companies": ["city"] } })).status.to_string(),
        bench.patch(&objects("companies/9001"), &json!({ "properties": { "city": "Lund" } })).short(),
        bench.post("/_sim/tokens/revoke", &json!({ "token": "demo-app-token" })).status.to_string(),
        bench.get(&objects("companies")).status.to_string(),
        bench.get("/_sim/nonsense").status.to_string(),
    ];
    assert_snapshot!(table(lines), @r#"
    200 {
      "status": "ok"
    }
    400
    204
    400 VALIDATION_ERROR Property values were not valid: [{"isValid":false,"message":"\"city\" is a read only property; its value cannot be set.","error":"READ_ONLY_VALUE","name":"city","localizedErrorMessage":"\"city\" is a read only property; its value cannot be set.","portalId":4242}] ["READ_ONLY_VALUE"]
    204
    401
    404
    "#);
}
