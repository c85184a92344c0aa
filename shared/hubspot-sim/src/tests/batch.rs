use insta::assert_snapshot;
use serde_json::{Value, json};

use super::{Bench, objects, table};

fn upsert(bench: &Bench, inputs: &Value) -> super::Reply {
    bench.post(&objects("companies/batch/upsert"), &json!({ "inputs": inputs }))
}

fn input(id: &str, name: &str) -> Value {
    json!({ "id": id, "idProperty": "kleer_id", "objectWriteTraceId": id, "properties": { "name": name } })
}

#[test]
fn upsert_creates_then_changes() {
    let bench = Bench::new();
    bench.kleer_id("companies");
    assert_snapshot!(upsert(&bench, &json!([input("101", "Acme")])), @r#"
    200 {
      "status": "COMPLETE",
      "results": [
        {
          "id": "9001",
          "properties": {
            "name": "Acme",
            "kleer_id": "101",
            "domain": null,
            "createdate": "2026-11-20T12:00:00.000Z",
            "hs_lastmodifieddate": "2026-11-20T12:00:00.000Z",
            "hs_object_id": "9001"
          },
          "createdAt": "2026-11-20T12:00:00.000Z",
          "updatedAt": "2026-11-20T12:00:00.000Z",
          "archived": false,
          "url": "https://app.hubspot.com/contacts/4242/record/0-2/9001",
          "new": true
        }
      ],
      "startedAt": "2026-11-20T12:00:00.000Z",
      "completedAt": "2026-11-20T12:00:00.000Z"
    }
    "#);
    let both = upsert(&bench, &json!([input("101", "Acme AB"), input("102", "Beta")]));
    let shown = |one: &Value| format!("{} {} new={}", one["id"], one["properties"]["name"], one["new"]);
    assert_snapshot!(table(both.body["results"].as_array().unwrap().iter().map(shown)), @r#"
    "9001" "Acme AB" new=false
    "9002" "Beta" new=true
    "#);
    assert_eq!(bench.simulator.records(4242, "companies").len(), 2);
}

#[test]
fn results_come_in_another_order() {
    let mut options = crate::Options::default();
    options.portals[0].switches.order_kept = false;
    let bench = Bench::with(options);
    bench.kleer_id("companies");
    let inputs: Vec<Value> = (0..8).map(|n| input(&n.to_string(), "Acme")).collect();
    let reply = upsert(&bench, &json!(inputs));
    let ids: Vec<&str> = reply.body["results"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["properties"]["kleer_id"].as_str().unwrap())
        .collect();
    assert_snapshot!(ids.join(" "), @"0 2 3 4 5 6 7 1");
}

#[test]
fn a_bad_input_fails_alone_with_trace_ids_and_all_without() {
    let bench = Bench::new();
    bench.kleer_id("companies");
    let bad = json!({ "id": "2", "idProperty": "kleer_id", "objectWriteTraceId": "2", "properties": { "nme": "B" } });
    assert_snapshot!(upsert(&bench, &json!([input("1", "A"), bad])), @r#"
    207 {
      "status": "COMPLETE",
      "results": [
        {
          "id": "9001",
          "properties": {
            "name": "A",
            "kleer_id": "1",
            "domain": null,
            "createdate": "2026-11-20T12:00:00.000Z",
            "hs_lastmodifieddate": "2026-11-20T12:00:00.000Z",
            "hs_object_id": "9001"
          },
          "createdAt": "2026-11-20T12:00:00.000Z",
          "updatedAt": "2026-11-20T12:00:00.000Z",
          "archived": false,
          "url": "https://app.hubspot.com/contacts/4242/record/0-2/9001",
          "new": true
        }
      ],
      "numErrors": 1,
      "errors": [
        {
          "status": "error",
          "category": "VALIDATION_ERROR",
          "message": "Property values were not valid: [{\"isValid\":false,\"message\":\"Property \\\"nme\\\" does not exist\",\"error\":\"PROPERTY_DOESNT_EXIST\",\"name\":\"nme\",\"localizedErrorMessage\":\"Property \\\"nme\\\" does not exist\",\"portalId\":4242}]",
          "context": {
            "objectWriteTraceId": [
              "2"
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
    let untraced = json!({ "id": "2", "idProperty": "kleer_id", "properties": { "nme": "B" } });
    assert_snapshot!(upsert(&bench, &json!([input("3", "C"), untraced])).short(), @r#"400 VALIDATION_ERROR Property values were not valid: [{"isValid":false,"message":"Property \"nme\" does not exist","error":"PROPERTY_DOESNT_EXIST","name":"nme","localizedErrorMessage":"Property \"nme\" does not exist","portalId":4242}] ["PROPERTY_DOESNT_EXIST"]"#);
    let twice =
        json!([input("3", "C"), { "id": "4", "idProperty": "kleer_id", "objectWriteTraceId": "3", "properties": {} }]);
    assert_snapshot!(upsert(&bench, &twice).status, @"400");
    assert_eq!(bench.simulator.records(4242, "companies").len(), 1);
}

#[test]
fn whole_calls_are_refused() {
    let bench = Bench::new();
    bench.kleer_id("companies");
    let many: Vec<Value> = (0..101).map(|n| input(&n.to_string(), "Acme")).collect();
    let by_name =
        json!([{ "id": "Acme", "idProperty": "name", "objectWriteTraceId": "1", "properties": { "name": "A" } }]);
    let no_property = json!([{ "id": "1", "objectWriteTraceId": "1", "properties": { "name": "A" } }]);
    let by_object_id = json!([{ "id": "9001", "idProperty": "hs_object_id", "properties": { "name": "A" } }]);
    let lines = [
        upsert(&bench, &json!(many)).short(),
        upsert(&bench, &json!([input("1", "A"), input("1", "B")])).short(),
        upsert(&bench, &by_name).short(),
        upsert(&bench, &no_property).short(),
        bench.post(&objects("companies/batch/update"), &json!({ "inputs": by_object_id })).short(),
        bench.post(&objects("companies/batch/update"), &json!({ "inputs": [{ "id": "1" }] })).short(),
    ];
    assert_snapshot!(table(lines), @r"
    400 VALIDATION_ERROR The maximum number of inputs supported in a batch is 100. Please reduce the number of items and try again []
    400 VALIDATION_ERROR Duplicate IDs found in batch input: [1]. IDs must be unique []
    400 VALIDATION_ERROR Unable to perform update/upsert by non-unique 0-2 property name in portal ID 4242 []
    400 VALIDATION_ERROR Invalid input JSON on line 1, column 1. Some required fields were not set: [idProperty] []
    400 VALIDATION_ERROR Unable to perform update/upsert by non-unique 0-2 property hs_object_id in portal ID 4242 []
    400 VALIDATION_ERROR Invalid input JSON on line 1, column 21. Some required fields were not set: [properties] []
    ");
    assert!(bench.simulator.records(4242, "companies").is_empty());
}

#[test]
fn unique_values_clash() {
    let bench = Bench::new();
    bench.kleer_id("companies");
    let first = bench.create("companies", &json!({ "name": "A", "kleer_id": "1" }));
    let clash = bench.post(&objects("companies"), &json!({ "properties": { "name": "B", "kleer_id": "1" } }));
    assert_snapshot!(clash.short(), @r#"400 VALIDATION_ERROR Property values were not valid: [{"isValid":false,"message":"Cannot set PropertyValueCoordinates{portalId=4242, objectTypeId=ObjectTypeId{legacyObjectType=COMPANY}, propertyName=kleer_id, value=1} on 9002. 9001 already has that value.","error":"CONFLICTING_UNIQUE_VALUE","name":"kleer_id","localizedErrorMessage":"Cannot set PropertyValueCoordinates{portalId=4242, objectTypeId=ObjectTypeId{legacyObjectType=COMPANY}, propertyName=kleer_id, value=1} on 9002. 9001 already has that value.","portalId":4242}] ["CONFLICTING_UNIQUE_VALUE"]"#);
    let both = json!({ "inputs": [
        { "properties": { "name": "C", "kleer_id": "2" }, "objectWriteTraceId": "x" },
        { "properties": { "name": "D", "kleer_id": "2" }, "objectWriteTraceId": "y" },
    ] });
    let reply = bench.post(&objects("companies/batch/create"), &both);
    assert_snapshot!(format!("{} {}", reply.status, reply.body["errors"][0]["context"]), @r#"207 {"objectWriteTraceId":["y"]}"#);
    bench.delete(&objects(&format!("companies/{first}")));
    bench.create("companies", &json!({ "name": "B", "kleer_id": "1" }));
    bench.create("contacts", &json!({ "email": "a@example.com" }));
    let contact = bench.post(&objects("contacts"), &json!({ "properties": { "email": "a@example.com" } }));
    assert_snapshot!(contact.short(), @"409 CONFLICT Contact already exists. Existing ID: 9001 []");
}

#[test]
fn update_and_read_name_what_is_missing() {
    let bench = Bench::new();
    let id = bench.create("companies", &json!({ "name": "A" }));
    let update = json!({ "inputs": [
        { "id": id, "properties": { "city": "Lund" }, "objectWriteTraceId": "x" },
        { "id": "77", "properties": { "city": "Lund" }, "objectWriteTraceId": "y" },
    ] });
    assert_snapshot!(bench.post(&objects("companies/batch/update"), &update).body["errors"], @r#"[{"status":"error","category":"OBJECT_NOT_FOUND","message":"Could not get some COMPANY objects, they may be deleted or not exist. Check that ids are valid.","context":{"ids":["77"],"objectWriteTraceId":["y"]},"errors":[],"links":{}}]"#);
    let read = json!({ "inputs": [{ "id": id }, { "id": "77" }, { "id": "x2" }], "properties": ["city"], "propertiesWithHistory": [] });
    assert_snapshot!(bench.post(&objects("companies/batch/read"), &read), @r#"
    207 {
      "status": "COMPLETE",
      "results": [
        {
          "id": "9001",
          "properties": {
            "city": "Lund",
            "createdate": "2026-11-20T12:00:00.000Z",
            "hs_lastmodifieddate": "2026-11-20T12:00:00.000Z",
            "hs_object_id": "9001"
          },
          "createdAt": "2026-11-20T12:00:00.000Z",
          "updatedAt": "2026-11-20T12:00:00.000Z",
          "archived": false,
          "url": "https://app.hubspot.com/contacts/4242/record/0-2/9001"
        }
      ],
      "numErrors": 1,
      "errors": [
        {
          "status": "error",
          "category": "OBJECT_NOT_FOUND",
          "message": "Could not get some COMPANY objects, they may be deleted or not exist. Check that ids are valid.",
          "context": {
            "ids": [
              "77",
              "x2"
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
    let many: Vec<Value> = (0..51).map(|n| json!({ "id": n.to_string() })).collect();
    let history = json!({ "inputs": many, "properties": [], "propertiesWithHistory": ["city"] });
    assert_snapshot!(bench.post(&objects("companies/batch/read"), &history).short(), @"400 VALIDATION_ERROR The maximum number of inputs supported in a batch request for property histories is 50 []");
    let archive = json!({ "inputs": [{ "id": id }, { "id": "77" }] });
    assert_eq!(bench.post(&objects("companies/batch/archive"), &archive).status, 204);
    assert!(bench.simulator.records(4242, "companies").is_empty());
}

#[test]
fn create_makes_associations_and_upsert_does_not() {
    let bench = Bench::new();
    bench.kleer_id("invoices");
    let company = bench.create("companies", &json!({ "name": "A" }));
    let to = json!([{ "to": { "id": company }, "types": [{ "associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 179 }] }]);
    let wrong = json!([{ "to": { "id": company }, "types": [{ "associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 180 }] }]);
    let create = |associations: &Value| {
        let input = json!({ "properties": { "hs_currency": "SEK" }, "associations": associations });
        bench.post(&objects("invoices/batch/create"), &json!({ "inputs": [input] }))
    };
    assert_eq!(create(&to).status, 201);
    assert_snapshot!(create(&wrong).body["context"], @r#"{"associationSpec":["HUBSPOT_DEFINED=180"],"INVALID_ASSOCIATION_TYPE_ID":["HUBSPOT_DEFINED=180 is not a valid association definition id"]}"#);
    assert_snapshot!(bench.get(&objects("invoices/9001?associations=companies")).body["associations"], @r#"{"companies":{"results":[{"id":"9001","type":"invoice_to_company"}]}}"#);
    let input =
        json!({ "id": "7", "idProperty": "kleer_id", "properties": { "hs_currency": "SEK" }, "associations": to });
    bench.post(&objects("invoices/batch/upsert"), &json!({ "inputs": [input] }));
    assert!(bench.get(&objects("invoices/9002?associations=companies")).body.get("associations").is_none());
    assert_snapshot!(table(bench.simulator.unexpected()), @"POST /crm/objects/2026-09/invoices/batch/upsert: associations in an upsert are ignored");
}

#[test]
fn many_records_are_found_by_their_unique_property() {
    let bench = Bench::new();
    bench.kleer_id("companies");
    bench.switch(&json!({ "limits_off": true }));
    for page in 0..200 {
        let inputs: Vec<Value> = (0..100).map(|n| input(&(page * 100 + n).to_string(), "Acme")).collect();
        assert_eq!(upsert(&bench, &json!(inputs)).status, 200);
    }
    let again = upsert(&bench, &json!([input("19999", "Last")]));
    assert_eq!(again.body["results"][0]["new"], json!(false));
}
