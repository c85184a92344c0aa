use insta::assert_snapshot;
use serde_json::{Value, json};

use super::{Bench, objects, table};

const INVOICE_COMPANY: &str = "/crm/associations/2026-09/invoices/companies";

fn invoice_and_company() -> Bench {
    let bench = Bench::new();
    bench.create("invoices", &json!({ "hs_currency": "SEK" }));
    bench.create("companies", &json!({ "name": "Acme" }));
    bench
}

fn pair(from: &str, to: &str) -> Value {
    json!({ "inputs": [{ "from": { "id": from }, "to": { "id": to } }] })
}

#[test]
fn the_default_association_in_a_batch() {
    let bench = invoice_and_company();
    let path = format!("{INVOICE_COMPANY}/batch/associate/default");
    assert_snapshot!(bench.post(&path, &pair("9001", "9001")), @r#"
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
            "associationCategory": "HUBSPOT_DEFINED",
            "associationTypeId": 179
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
            "associationCategory": "HUBSPOT_DEFINED",
            "associationTypeId": 180
          }
        }
      ],
      "startedAt": "2026-11-20T12:00:00.000Z",
      "completedAt": "2026-11-20T12:00:00.000Z"
    }
    "#);
    assert_eq!(bench.post(&path, &pair("9001", "9001")).status, 200);
    assert_snapshot!(bench.post(&path, &pair("9001", "77")).body["errors"], @r#"[{"status":"error","category":"VALIDATION_ERROR","message":"One or more associations are invalid","context":{"INVALID_OBJECT_IDS":["COMPANY=77 is not valid"],"objectId":["77"],"objectType":["COMPANY"]},"errors":[],"links":{}}]"#);
    let read = json!({ "inputs": [{ "id": "9001" }, { "id": "9002" }] });
    assert_snapshot!(bench.post(&format!("{INVOICE_COMPANY}/batch/read"), &read), @r#"
    207 {
      "status": "COMPLETE",
      "results": [
        {
          "from": {
            "id": "9001"
          },
          "to": [
            {
              "toObjectId": "9001",
              "associationTypes": [
                {
                  "category": "HUBSPOT_DEFINED",
                  "typeId": 179,
                  "label": null
                }
              ]
            }
          ]
        }
      ],
      "numErrors": 1,
      "errors": [
        {
          "status": "error",
          "category": "OBJECT_NOT_FOUND",
          "message": "No company is associated with invoice 9002.",
          "context": {
            "fromObjectId": [
              "9002"
            ],
            "fromObjectType": [
              "invoice"
            ],
            "toObjectType": [
              "company"
            ]
          },
          "errors": [],
          "links": {},
          "subCategory": "crm.associations.NO_ASSOCIATIONS_FOUND"
        }
      ],
      "startedAt": "2026-11-20T12:00:00.000Z",
      "completedAt": "2026-11-20T12:00:00.000Z"
    }
    "#);
    let back = bench.get(&objects("companies/9001/associations/invoices"));
    assert_snapshot!(back.body, @r#"{"results":[{"toObjectId":"9001","associationTypes":[{"category":"HUBSPOT_DEFINED","typeId":180,"label":null}]}]}"#);
}

#[test]
fn type_ids_have_a_direction() {
    let bench = invoice_and_company();
    let create = |category: &str, id: u32| {
        let types = json!([{ "associationCategory": category, "associationTypeId": id }]);
        let body = json!({ "inputs": [{ "from": { "id": "9001" }, "to": { "id": "9001" }, "types": types }] });
        let reply = bench.post(&format!("{INVOICE_COMPANY}/batch/create"), &body);
        format!("{category} {id} -> {} {}", reply.short(), reply.body["context"])
    };
    let lines = [
        create("HUBSPOT_DEFINED", 179),
        create("HUBSPOT_DEFINED", 180),
        create("USER_DEFINED", 179),
        create("HUBSPOT_DEFINED", 181),
        create("NONSENSE", 179),
    ];
    assert_snapshot!(table(lines), @r#"
    HUBSPOT_DEFINED 179 -> 201 - - [] null
    HUBSPOT_DEFINED 180 -> 400 VALIDATION_ERROR One or more associations are invalid [] {"associationSpec":["HUBSPOT_DEFINED=180"],"INVALID_ASSOCIATION_TYPE_ID":["HUBSPOT_DEFINED=180 is not a valid association definition id"]}
    USER_DEFINED 179 -> 400 VALIDATION_ERROR One or more associations are invalid [] {"associationSpec":["USER_DEFINED=179"],"INVALID_ASSOCIATION_TYPE_ID":["USER_DEFINED=179 is not a valid association definition id"]}
    HUBSPOT_DEFINED 181 -> 400 VALIDATION_ERROR One or more associations are invalid [] {"associationSpec":["HUBSPOT_DEFINED=181"],"INVALID_ASSOCIATION_TYPE_ID":["HUBSPOT_DEFINED=181 is not a valid association definition id"]}
    NONSENSE 179 -> 400 VALIDATION_ERROR Invalid input JSON on line 1, column 94: unknown variant `NONSENSE`, expected one of `HUBSPOT_DEFINED`, `USER_DEFINED`, `INTEGRATOR_DEFINED`, `WORK` at line 1 column 94 [] null
    "#);
}

#[test]
fn the_table_of_type_ids() {
    let bench = Bench::new();
    let pairs = [
        ("invoices", "companies"),
        ("companies", "invoices"),
        ("invoices", "line_items"),
        ("line_items", "invoices"),
        ("invoices", "subscriptions"),
        ("subscriptions", "companies"),
        ("subscriptions", "deals"),
        ("subscriptions", "line_items"),
        ("line_items", "subscriptions"),
        ("projects", "companies"),
        ("projects", "deals"),
        ("line_items", "deals"),
        ("deals", "line_items"),
        ("deals", "companies"),
        ("contacts", "companies"),
        ("invoices", "contacts"),
        ("invoices", "deals"),
        ("deals", "invoices"),
        ("subscriptions", "invoices"),
        ("companies", "subscriptions"),
        ("deals", "subscriptions"),
        ("companies", "projects"),
        ("deals", "projects"),
        ("line_items", "projects"),
        ("companies", "deals"),
        ("products", "companies"),
    ];
    let lines = pairs.map(|(from, to)| {
        let labels = bench.get(&format!("/crm/associations/2026-09/{from}/{to}/labels")).body["results"].clone();
        let labels = labels.as_array().unwrap().iter().map(|one| format!("{} {}", one["typeId"], one["label"]));
        format!("{from} -> {to}: {}", labels.collect::<Vec<_>>().join(", "))
    });
    assert_snapshot!(table(lines), @r#"
    invoices -> companies: 179 null
    companies -> invoices: 180 null
    invoices -> line_items: 409 null
    line_items -> invoices: 410 null
    invoices -> subscriptions: 622 null
    subscriptions -> companies: 297 null
    subscriptions -> deals: 299 null
    subscriptions -> line_items: 301 null, 564 "Upcoming Line Item"
    line_items -> subscriptions: 302 null, 565 "Upcoming Line Item"
    projects -> companies: 1236 null, 1299 "Primary"
    projects -> deals: 1238 null
    line_items -> deals: 20 null
    deals -> line_items: 19 null
    deals -> companies: 341 null, 5 "Primary"
    contacts -> companies: 279 null, 1 "Primary"
    invoices -> contacts: 177 null
    invoices -> deals: 175 null
    deals -> invoices: 176 null
    subscriptions -> invoices: 623 null
    companies -> subscriptions: 298 null
    deals -> subscriptions: 300 null
    companies -> projects: 1237 null, 1300 "Primary"
    deals -> projects: 1239 null
    line_items -> projects: 1345 null
    companies -> deals: 342 null, 6 "Primary"
    products -> companies:
    "#);
    let products = bench.post("/crm/associations/2026-09/products/companies/batch/associate/default", &pair("1", "1"));
    assert_snapshot!(products.short(), @"400 VALIDATION_ERROR No association types exist between PRODUCT and COMPANY []");
}

#[test]
fn labels_rest_on_the_plain_association() {
    let bench = Bench::new();
    bench.create("deals", &json!({ "dealname": "D", "pipeline": "default", "dealstage": "closedwon" }));
    bench.create("companies", &json!({ "name": "Acme" }));
    let path = objects("deals/9001/associations/companies/9001");
    let primary = json!([{ "associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 5 }]);
    let types = || bench.get(&objects("deals/9001/associations/companies")).body["results"].to_string();
    let mut lines = vec![bench.put(&path, &primary).body.to_string(), types()];
    let label = json!({ "label": "Buyer", "name": "buyer", "inverseLabel": "Bought" });
    lines.push(bench.post("/crm/associations/2026-09/deals/companies/labels", &label).body.to_string());
    let remove = |id: u32| {
        let types = json!([{ "associationCategory": "HUBSPOT_DEFINED", "associationTypeId": id }]);
        let body = json!({ "inputs": [{ "from": { "id": "9001" }, "to": { "id": "9001" }, "types": types }] });
        bench.post("/crm/associations/2026-09/deals/companies/batch/labels/archive", &body);
    };
    remove(5);
    lines.push(types());
    remove(341);
    lines.push(types());
    bench.put(&path, &primary);
    lines.push(bench.delete(&path).status.to_string());
    lines.push(types());
    assert_snapshot!(table(lines), @r#"
    {"fromObjectTypeId":"0-3","fromObjectId":"9001","toObjectTypeId":"0-2","toObjectId":"9001","labels":["Primary"]}
    [{"toObjectId":"9001","associationTypes":[{"category":"HUBSPOT_DEFINED","typeId":5,"label":"Primary"},{"category":"HUBSPOT_DEFINED","typeId":341,"label":null}]}]
    {"results":[{"category":"USER_DEFINED","typeId":1,"label":"Buyer"},{"category":"USER_DEFINED","typeId":2,"label":"Bought"}]}
    [{"toObjectId":"9001","associationTypes":[{"category":"HUBSPOT_DEFINED","typeId":341,"label":null}]}]
    []
    204
    []
    "#);
}

#[test]
fn deleted_records_are_not_associated_until_they_come_back() {
    let bench = invoice_and_company();
    bench.put(&objects("invoices/9001/associations/default/companies/9001"), &json!([]));
    let count =
        || bench.get(&objects("invoices/9001/associations/companies")).body["results"].as_array().unwrap().len();
    let mut counts = vec![count()];
    bench.delete(&objects("companies/9001"));
    counts.push(count());
    bench.post("/_sim/records/companies/9001/restore", &json!({}));
    counts.push(count());
    assert_eq!(counts, [1, 0, 1]);
}

#[test]
fn version_four_shows_numbers_and_empty_answers() {
    let bench = invoice_and_company();
    bench.put("/crm/v4/objects/invoice/9001/associations/default/company/9001", &json!([]));
    let archive = json!({ "inputs": [{ "from": { "id": "9001" }, "to": [{ "id": "9001" }] }] });
    let lines = [
        bench.get("/crm/v4/objects/invoices/9001/associations/companies").body.to_string(),
        bench.post("/crm/v4/associations/invoices/companies/batch/archive", &archive).status.to_string(),
        bench.post(&format!("{INVOICE_COMPANY}/batch/archive"), &archive).status.to_string(),
    ];
    assert_snapshot!(table(lines), @r#"
    {"results":[{"toObjectId":9001,"associationTypes":[{"category":"HUBSPOT_DEFINED","typeId":179,"label":null}]}]}
    204
    200
    "#);
}

#[test]
fn two_thousand_pairs_in_a_call() {
    let bench = Bench::new();
    let company = bench.create("companies", &json!({ "name": "Acme" }));
    let mut pairs = Vec::new();
    for start in 0..20 {
        let input = json!({ "properties": { "hs_currency": "SEK", "hs_invoice_billable": "false" } });
        let reply = bench.post(&objects("invoices/batch/create"), &json!({ "inputs": vec![input; 100] }));
        assert_eq!(reply.status, 201, "{start}");
        let ids = reply.body["results"].as_array().unwrap().iter().map(|one| one["id"].clone());
        pairs.extend(ids.map(|id| json!({ "from": { "id": id }, "to": { "id": company } })));
    }
    let associate = |pairs: &[Value]| {
        bench.post(&format!("{INVOICE_COMPANY}/batch/associate/default"), &json!({ "inputs": pairs }))
    };
    let reply = associate(&pairs);
    assert_eq!((reply.status, reply.body["results"].as_array().unwrap().len()), (200, 4_000));
    pairs.push(pairs[0].clone());
    assert_snapshot!(associate(&pairs).short(), @"400 VALIDATION_ERROR The maximum number of inputs supported in a batch is 2000. Please reduce the number of items and try again []");
    assert_eq!(bench.simulator.associations(4242, "companies", 9001, "invoices").len(), 2_000);
}

#[test]
fn a_custom_object_is_a_target_like_any_other() {
    let mut options = crate::Options::default();
    options.portals[0].switches.order_kept = true;
    options.portals[0].custom_objects.push(crate::CustomObject {
        number: 17,
        name: "ship".to_owned(),
        singular: "Ship".to_owned(),
        plural: "Ships".to_owned(),
        properties: vec!["ship_name".to_owned()],
    });
    let bench = Bench::with(options);
    bench.kleer_id("2-17");
    let input = |id: &str| {
        let properties = json!({ "ship_name": "Vasa" });
        json!({ "id": id, "idProperty": "kleer_id", "objectWriteTraceId": id, "properties": properties })
    };
    let upsert = || bench.post(&objects("2-17/batch/upsert"), &json!({ "inputs": [input("1"), input("2")] }));
    let again = || upsert().body["results"][1]["new"].to_string();
    let mut lines = vec![again(), again()];
    bench.create("companies", &json!({ "name": "Kronan" }));
    bench.create("line_items", &json!({ "name": "Sail" }));
    let pairs = json!({ "inputs": [pair("9001", "9001")["inputs"][0], pair("9002", "9001")["inputs"][0]] });
    for other in ["companies", "line_items"] {
        let reply = bench.post(&format!("/crm/associations/2026-09/2-17/{other}/batch/associate/default"), &pairs);
        lines.push(format!("{other} {} {}", reply.status, reply.body["results"].as_array().unwrap().len()));
    }
    let update = json!({ "inputs": [{ "id": "9001", "properties": { "ship_name": "Kronan" } }] });
    lines.push(bench.post(&objects("2-17/batch/update"), &update).status.to_string());
    lines.push(bench.post(&objects("2-17/batch/archive"), &json!({ "inputs": [{ "id": "9001" }] })).status.to_string());
    bench.switch(&json!({ "read_only": { "2-17": ["ship_name"] } }));
    let update = json!({ "inputs": [{ "id": "9002", "properties": { "ship_name": "Mars" } }] });
    lines.push(bench.post(&objects("2-17/batch/update"), &update).body["errors"][0]["code"].to_string());
    assert_snapshot!(table(lines), @r#"
    true
    false
    companies 200 4
    line_items 200 4
    200
    204
    "READ_ONLY_VALUE"
    "#);
}
