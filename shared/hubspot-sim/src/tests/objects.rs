use insta::assert_snapshot;
use serde_json::json;

use super::{Bench, objects, table};

#[test]
fn a_record_is_created_read_changed_and_deleted() {
    let bench = Bench::new();
    let body = json!({ "properties": { "name": "Acme AB", "numberofemployees": 12, "city": "Malmö" } });
    assert_snapshot!(bench.post(&objects("companies"), &body), @r#"
    201 {
      "id": "9001",
      "properties": {
        "name": "Acme AB",
        "numberofemployees": "12",
        "city": "Malmö",
        "domain": null,
        "createdate": "2026-11-20T12:00:00.000Z",
        "hs_lastmodifieddate": "2026-11-20T12:00:00.000Z",
        "hs_object_id": "9001"
      },
      "createdAt": "2026-11-20T12:00:00.000Z",
      "updatedAt": "2026-11-20T12:00:00.000Z",
      "archived": false,
      "url": "https://app.hubspot.com/contacts/4242/record/0-2/9001"
    }
    "#);
    bench.wait(1_500);
    let change = json!({ "properties": { "city": "", "numberofemployees": "200.00" } });
    assert_snapshot!(bench.patch(&objects("companies/9001"), &change), @r#"
    200 {
      "id": "9001",
      "properties": {
        "city": null,
        "numberofemployees": "200",
        "name": "Acme AB",
        "domain": null,
        "createdate": "2026-11-20T12:00:00.000Z",
        "hs_lastmodifieddate": "2026-11-20T12:00:01.500Z",
        "hs_object_id": "9001"
      },
      "createdAt": "2026-11-20T12:00:00.000Z",
      "updatedAt": "2026-11-20T12:00:01.500Z",
      "archived": false,
      "url": "https://app.hubspot.com/contacts/4242/record/0-2/9001"
    }
    "#);
    assert_snapshot!(bench.get(&objects("0-2/9001?properties=city,numberofemployees,nonsense")), @r#"
    200 {
      "id": "9001",
      "properties": {
        "city": null,
        "numberofemployees": "200",
        "createdate": "2026-11-20T12:00:00.000Z",
        "hs_lastmodifieddate": "2026-11-20T12:00:01.500Z",
        "hs_object_id": "9001"
      },
      "createdAt": "2026-11-20T12:00:00.000Z",
      "updatedAt": "2026-11-20T12:00:01.500Z",
      "archived": false,
      "url": "https://app.hubspot.com/contacts/4242/record/0-2/9001"
    }
    "#);
    assert_eq!(bench.delete(&objects("companies/9001")).status, 204);
    assert_eq!(bench.delete(&objects("companies/9001")).status, 204);
    assert_snapshot!(bench.get(&objects("companies/9001")).short(), @"404 - resource not found []");
    assert_eq!(bench.get(&objects("companies/9001?archived=true")).body["archived"], json!(true));
    assert!(bench.simulator.unexpected().is_empty());
}

#[test]
fn what_must_be_set_at_creation() {
    let bench = Bench::new();
    let cases = [
        ("companies", json!({})),
        ("companies", json!({ "domain": "acme.se" })),
        ("contacts", json!({})),
        ("products", json!({ "price": "1" })),
        ("line_items", json!({})),
        ("deals", json!({ "dealname": "D", "pipeline": "default" })),
        ("deals", json!({ "dealname": "D", "pipeline": "default", "dealstage": "4242101" })),
        ("deals", json!({ "dealname": "D", "pipeline": "default", "dealstage": "closedwon" })),
        ("invoices", json!({ "hs_title": "Faktura" })),
        ("invoices", json!({ "hs_currency": "SEK", "hs_invoice_billable": "false" })),
        ("invoices", json!({ "hs_currency": "JPY" })),
        ("subscriptions", json!({ "hs_status": "active" })),
        ("projects", json!({ "hs_name": "P" })),
        ("projects", json!({ "hs_name": "P", "hs_pipeline": "nope", "hs_pipeline_stage": "4242201" })),
        ("projects", json!({ "hs_name": "P", "hs_pipeline": "4242200", "hs_pipeline_stage": "4242201" })),
        ("unicorns", json!({})),
    ];
    let lines = cases.map(|(object_type, properties)| {
        let reply = bench.post(&objects(object_type), &json!({ "properties": properties }));
        format!("{object_type} {properties} -> {} {}", reply.short(), reply.body["context"])
    });
    assert_snapshot!(table(lines), @r#"
    companies {} -> 400 VALIDATION_ERROR Error creating COMPANY. Some required properties were not set. [] {"properties":["name","domain"]}
    companies {"domain":"acme.se"} -> 201 - - [] null
    contacts {} -> 201 - - [] null
    products {"price":"1"} -> 400 VALIDATION_ERROR Error creating PRODUCT. Some required properties were not set. [] {"properties":["name"]}
    line_items {} -> 201 - - [] null
    deals {"dealname":"D","pipeline":"default"} -> 400 VALIDATION_ERROR Error creating DEAL. Some required properties were not set. [] {"properties":["dealstage"]}
    deals {"dealname":"D","pipeline":"default","dealstage":"4242101"} -> 400 VALIDATION_ERROR Property values were not valid: [{"isValid":false,"message":"4242101 is not a valid pipeline stage ID. Valid options are: pipelineId=default : [appointmentscheduled, qualifiedtobuy, presentationscheduled, decisionmakerboughtin, contractsent, closedwon, closedlost], pipelineId=4242100 : [4242101, 4242102, 4242103]","error":"INVALID_OPTION","name":"dealstage","localizedErrorMessage":"4242101 is not a valid pipeline stage ID. Valid options are: pipelineId=default : [appointmentscheduled, qualifiedtobuy, presentationscheduled, decisionmakerboughtin, contractsent, closedwon, closedlost], pipelineId=4242100 : [4242101, 4242102, 4242103]","portalId":4242}] ["INVALID_OPTION"] null
    deals {"dealname":"D","pipeline":"default","dealstage":"closedwon"} -> 201 - - [] null
    invoices {"hs_title":"Faktura"} -> 400 VALIDATION_ERROR Error creating INVOICE. Some required properties were not set. [] {"properties":["hs_currency"]}
    invoices {"hs_currency":"SEK","hs_invoice_billable":"false"} -> 201 - - [] null
    invoices {"hs_currency":"JPY"} -> 400 VALIDATION_ERROR Property values were not valid: [{"isValid":false,"message":"JPY was not one of the allowed options: [label: \"SEK\"\nvalue: \"SEK\"\n, label: \"EUR\"\nvalue: \"EUR\"\n, label: \"USD\"\nvalue: \"USD\"\n, label: \"NOK\"\nvalue: \"NOK\"\n, label: \"DKK\"\nvalue: \"DKK\"\n]","error":"INVALID_OPTION","name":"hs_currency","localizedErrorMessage":"JPY was not one of the allowed options: [label: \"SEK\"\nvalue: \"SEK\"\n, label: \"EUR\"\nvalue: \"EUR\"\n, label: \"USD\"\nvalue: \"USD\"\n, label: \"NOK\"\nvalue: \"NOK\"\n, label: \"DKK\"\nvalue: \"DKK\"\n]","portalId":4242}] ["INVALID_OPTION"] null
    subscriptions {"hs_status":"active"} -> 400 VALIDATION_ERROR Error creating SUBSCRIPTION. Some required properties were not set. [] {"properties":["hs_name"]}
    projects {"hs_name":"P"} -> 400 VALIDATION_ERROR Error creating PROJECT. Some required properties were not set. [] {"properties":["hs_pipeline","hs_pipeline_stage"]}
    projects {"hs_name":"P","hs_pipeline":"nope","hs_pipeline_stage":"4242201"} -> 400 VALIDATION_ERROR Property values were not valid: [{"isValid":false,"message":"nope is not a valid pipeline ID. Valid options are: [4242200]","error":"INVALID_OPTION","name":"hs_pipeline","localizedErrorMessage":"nope is not a valid pipeline ID. Valid options are: [4242200]","portalId":4242}] ["INVALID_OPTION"] null
    projects {"hs_name":"P","hs_pipeline":"4242200","hs_pipeline_stage":"4242201"} -> 201 - - [] null
    unicorns {} -> 400 - Unable to infer object type from: unicorns [] null
    "#);
}

#[test]
fn a_list_is_paged_by_cursor() {
    let bench = Bench::new();
    for number in 0..5 {
        bench.create("products", &json!({ "name": format!("P{number}") }));
    }
    bench.delete(&objects("products/9002"));
    let page = |after: &str| bench.get(&objects(&format!("products?limit=2&properties=name{after}")));
    let ids = |reply: &super::Reply| {
        let results = reply.body["results"].as_array().unwrap();
        results.iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>().join(",")
    };
    let first = page("");
    assert_snapshot!(format!("{} {}", ids(&first), first.body["paging"]), @r#"9001,9003 {"next":{"after":"9004","link":"https://api.hubapi.com/crm/objects/products?limit=2&after=9004"}}"#);
    let second = page("&after=9004");
    assert_snapshot!(format!("{} {}", ids(&second), second.body["paging"]), @"9004,9005 null");
    assert_snapshot!(bench.get(&objects("products?limit=101")).short(), @"400 VALIDATION_ERROR limit must be less than or equal to 100 []");
}

#[test]
fn unavailable_objects_are_refused() {
    let bench = Bench::new();
    bench.switch(&json!({ "projects_disabled": true, "payments_not_set_up": true }));
    let subscription = json!({ "properties": { "hs_name": "Hosting" } });
    let lines = [
        bench.get(&objects("projects")).short(),
        bench.get("/crm/object-library/2026-09/enablement/0-970").body.to_string(),
        bench.get("/crm/pipelines/2026-09/projects").short(),
        bench.post(&objects("subscriptions"), &subscription).short(),
    ];
    assert_snapshot!(table(lines), @r#"
    403 MISSING_SCOPES The scope needed for this API call isn't available for public use. If you have questions, contact support or post in our developer forum. []
    {"enablement":false}
    403 MISSING_SCOPES The scope needed for this API call isn't available for public use. If you have questions, contact support or post in our developer forum. []
    400 VALIDATION_ERROR This account is not set up to collect payments. []
    "#);
}

#[test]
fn a_custom_object_is_kept_like_any_other() {
    let mut options = crate::Options::default();
    options.portals[0].custom_objects.push(crate::CustomObject {
        number: 17,
        name: "ship".to_owned(),
        singular: "Ship".to_owned(),
        plural: "Ships".to_owned(),
        properties: vec!["ship_name".to_owned(), "tonnage".to_owned()],
    });
    let bench = Bench::with(options);
    assert_snapshot!(bench.post(&objects("2-17"), &json!({ "properties": { "tonnage": "7" } })).short(), @"400 VALIDATION_ERROR Error creating 2-17. Some required properties were not set. []");
    let id = bench.create("p4242_ship", &json!({ "ship_name": "Vasa" }));
    let company = bench.create("companies", &json!({ "name": "Kronan" }));
    let put = bench.put(&objects(&format!("ship/{id}/associations/default/companies/{company}")), &json!([]));
    assert_snapshot!(put, @r#"
    200 {
      "status": "COMPLETE",
      "results": [
        {
          "from": {
            "id": "9001"
          },
          "to": {
            "id": "9001"
          },
          "associationSpec": {
            "associationCategory": "USER_DEFINED",
            "associationTypeId": 3
          }
        },
        {
          "from": {
            "id": "9001"
          },
          "to": {
            "id": "9001"
          },
          "associationSpec": {
            "associationCategory": "USER_DEFINED",
            "associationTypeId": 4
          }
        }
      ],
      "startedAt": "2026-11-20T12:00:00.000Z",
      "completedAt": "2026-11-20T12:00:00.000Z"
    }
    "#);
    let schemas = bench.get("/crm-object-schemas/2026-09/schemas").body["results"].clone();
    assert_snapshot!(format!("{} {}", schemas[0]["objectTypeId"], schemas[0]["fullyQualifiedName"]), @r#""2-17" "p4242_ship""#);
}

#[test]
fn a_merge_leaves_one_record_that_answers_for_both() {
    let bench = Bench::new();
    let first = bench.create("companies", &json!({ "name": "Acme" }));
    let second = bench.create("companies", &json!({ "name": "Acme AB", "city": "Lund" }));
    let deal = json!({ "dealname": "D", "pipeline": "default", "dealstage": "closedwon" });
    let deal = bench.create("deals", &deal);
    bench.put(&objects(&format!("companies/{second}/associations/default/deals/{deal}")), &json!([]));
    let body = json!({ "primaryObjectId": first, "objectIdToMerge": second });
    assert_eq!(bench.post(&objects("companies/merge"), &body).status, 200);
    let path = format!("companies/{second}?properties=name,city,hs_merged_object_ids&associations=deals");
    let merged = bench.get(&objects(&path));
    assert_eq!(merged.body["id"], json!(first));
    assert_snapshot!(merged.body["properties"], @r#"{"name":"Acme","city":"Lund","hs_merged_object_ids":"9002","createdate":"2026-11-20T12:00:00.000Z","hs_lastmodifieddate":"2026-11-20T12:00:00.000Z","hs_object_id":"9001"}"#);
    assert_snapshot!(merged.body["associations"], @r#"{"deals":{"results":[{"id":"9001","type":"company_to_deal"}]}}"#);
}

#[test]
fn a_custom_object_is_created() {
    let bench = Bench::new();
    let name =
        json!({ "name": "ship_name", "label": "Name", "type": "string", "fieldType": "text", "hasUniqueValue": true });
    let schema = json!({
        "name": "ship", "labels": { "singular": "Ship", "plural": "Ships" }, "primaryDisplayProperty": "ship_name",
        "requiredProperties": ["ship_name"], "properties": [name], "associatedObjects": ["COMPANY"],
    });
    let reply = bench.post("/crm-object-schemas/2026-09/schemas", &schema);
    assert_snapshot!(format!("{} {} {}", reply.status, reply.body["objectTypeId"], reply.body["associations"]), @r#"201 "2-101" [{"fromObjectTypeId":"2-101","toObjectTypeId":"0-2","id":"1"}]"#);
    assert_snapshot!(bench.post("/crm/v3/schemas", &schema).short(), @"409 OBJECT_ALREADY_EXISTS An object type named 'ship' already exists. []");
    let input = json!({ "id": "Vasa", "idProperty": "ship_name", "properties": {} });
    assert_eq!(bench.post(&objects("2-101/batch/upsert"), &json!({ "inputs": [input] })).status, 200);
    let company = bench.create("companies", &json!({ "name": "Kronan" }));
    let path = objects(&format!("companies/{company}/associations/default/ship/9001"));
    assert_eq!(bench.put(&path, &json!([])).status, 200);
}

/// As the official library for Python writes it.
#[test]
fn a_switch_of_the_query_may_be_spelled_with_a_capital() {
    let bench = Bench::new();
    bench.post(&objects("companies"), &json!({ "properties": { "name": "Acme AB" } }));
    bench.delete(&objects("companies/9001"));
    for (spelling, found) in [("true", true), ("True", true), ("False", false)] {
        let answer = bench.get(&objects(&format!("companies?archived={spelling}")));
        assert_eq!(answer.body["results"][0]["id"] == "9001", found, "{spelling}: {}", answer.body);
    }
}
