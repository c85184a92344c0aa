use insta::assert_snapshot;
use serde_json::{Value, json};

use super::{Bench, objects, table};

const AMOUNTS: &str = "hs_invoice_status,hs_amount_billed,hs_balance_due";

fn invoice(bench: &Bench) -> String {
    bench.create("invoices", &json!({ "hs_currency": "SEK", "hs_invoice_billable": "false" }))
}

fn line(bench: &Bench, price: &str) -> String {
    bench.create("line_items", &json!({ "name": "Work", "quantity": "2", "price": price }))
}

/// Asks for a status and shows the answer.
fn set(bench: &Bench, id: &str, status: &str) -> String {
    let body = json!({ "properties": { "hs_invoice_status": status } });
    let reply = bench.patch(&objects(&format!("invoices/{id}")), &body);
    format!("{id} {status} -> {} {}", reply.short(), reply.body["context"])
}

#[test]
fn what_an_invoice_is_when_nothing_is_said() {
    let bench = Bench::new();
    let names =
        "hs_invoice_billable,hs_invoice_status,hs_number,hs_invoice_date,hs_due_date,hs_amount_billed,hs_balance_due";
    let given = json!({
        "hs_currency": "SEK", "hs_invoice_billable": false, "hs_number": "1077", "hs_due_date": "2026-12-01",
    });
    let ids = [json!({ "hs_currency": "EUR" }), json!({ "hs_currency": "SEK", "hs_invoice_billable": null }), given]
        .map(|properties| bench.create("invoices", &properties));
    assert_snapshot!(table(ids.iter().map(|id| bench.values("invoices", id, names))), @"
    true draft INV-9001 2026-11-20T12:00:00.000Z 2026-11-20T12:00:00.000Z 0 0
    true draft INV-9002 2026-11-20T12:00:00.000Z 2026-11-20T12:00:00.000Z 0 0
    false draft 1077 2026-11-20T12:00:00.000Z 2026-12-01T00:00:00.000Z 0 0
    ");
    assert_snapshot!(table(bench.simulator.alarms().iter().map(|alarm| format!("{alarm:?}"))), @r#"
    Alarm { at: 2026-11-20T12:00:00Z, portal: 4242, object_type: "invoices", record: None, property: "hs_invoice_billable", value: "" }
    Alarm { at: 2026-11-20T12:00:00Z, portal: 4242, object_type: "invoices", record: None, property: "hs_invoice_billable", value: "" }
    "#);
}

#[test]
fn a_status_needs_line_items() {
    let bench = Bench::new();
    let (empty, full) = (invoice(&bench), invoice(&bench));
    bench.associate(("invoices", &full), ("line_items", &line(&bench, "50")));
    let mut lines = vec![set(&bench, &empty, "draft")];
    lines.extend(["open", "paid", "voided"].map(|status| set(&bench, &empty, status)));
    lines.extend(["open", "paid", "open", "voided", "closed"].map(|status| set(&bench, &full, status)));
    let open = json!({ "hs_currency": "SEK", "hs_invoice_billable": "false", "hs_invoice_status": "open" });
    let create = || bench.post(&objects("invoices"), &json!({ "properties": open })).short();
    lines.push(create());
    bench.switch(&json!({ "invoice_status_on_create": true }));
    lines.push(create());
    lines.push(bench.values("invoices", "9003", AMOUNTS));
    assert_snapshot!(table(lines), @r#"
    9001 draft -> 200 - - [] null
    9001 open -> 400 VALIDATION_ERROR Invoice 9001 cannot be set to open. Required associations are missing: [INVOICE_TO_LINE_ITEM] [] {"missingAssociations":["INVOICE_TO_LINE_ITEM"],"propertyName":["hs_invoice_status"]}
    9001 paid -> 400 VALIDATION_ERROR Invoice 9001 cannot be set to paid. Required associations are missing: [INVOICE_TO_LINE_ITEM] [] {"missingAssociations":["INVOICE_TO_LINE_ITEM"],"propertyName":["hs_invoice_status"]}
    9001 voided -> 400 VALIDATION_ERROR Invoice 9001 cannot be set to voided. Required associations are missing: [INVOICE_TO_LINE_ITEM] [] {"missingAssociations":["INVOICE_TO_LINE_ITEM"],"propertyName":["hs_invoice_status"]}
    9002 open -> 200 - - [] null
    9002 paid -> 200 - - [] null
    9002 open -> 200 - - [] null
    9002 voided -> 200 - - [] null
    9002 closed -> 400 VALIDATION_ERROR Property values were not valid: [{"isValid":false,"message":"closed was not one of the allowed options: [label: \"Draft\"\nvalue: \"draft\"\n, label: \"Open\"\nvalue: \"open\"\n, label: \"Paid\"\nvalue: \"paid\"\n, label: \"Voided\"\nvalue: \"voided\"\n]","error":"INVALID_OPTION","name":"hs_invoice_status","localizedErrorMessage":"closed was not one of the allowed options: [label: \"Draft\"\nvalue: \"draft\"\n, label: \"Open\"\nvalue: \"open\"\n, label: \"Paid\"\nvalue: \"paid\"\n, label: \"Voided\"\nvalue: \"voided\"\n]","portalId":4242}] ["INVALID_OPTION"] null
    400 VALIDATION_ERROR New invoice cannot be set to open. Required associations are missing: [INVOICE_TO_LINE_ITEM] []
    201 - - []
    open 0 0
    "#);
    assert!(bench.simulator.alarms().is_empty());
}

#[test]
fn a_status_is_refused_for_one_input_of_a_batch() {
    let bench = Bench::new();
    bench.kleer_id("invoices");
    let input = |id: &str, status: &str| {
        let properties = json!({ "hs_currency": "SEK", "hs_invoice_billable": "false", "hs_invoice_status": status });
        json!({ "id": id, "idProperty": "kleer_id", "objectWriteTraceId": id, "properties": properties })
    };
    let body = json!({ "inputs": [input("1", "draft"), input("2", "open")] });
    let reply = bench.post(&objects("invoices/batch/upsert"), &body);
    let made = reply.body["results"].as_array().unwrap().len();
    assert_snapshot!(format!("{} {made} {}", reply.status, reply.body["errors"]), @r#"207 1 [{"status":"error","category":"VALIDATION_ERROR","message":"New invoice cannot be set to open. Required associations are missing: [INVOICE_TO_LINE_ITEM]","context":{"missingAssociations":["INVOICE_TO_LINE_ITEM"],"propertyName":["hs_invoice_status"],"objectWriteTraceId":["2"]},"errors":[],"links":{}}]"#);
}

#[test]
fn a_billable_invoice_opens_with_contact_and_line_item() {
    let bench = Bench::new();
    let id = bench.create("invoices", &json!({ "hs_currency": "SEK" }));
    let mut lines = vec![set(&bench, &id, "open")];
    bench.associate(("invoices", &id), ("line_items", &line(&bench, "50")));
    lines.push(set(&bench, &id, "open"));
    bench.associate(("invoices", &id), ("contacts", &bench.create("contacts", &json!({ "email": "a@example.com" }))));
    lines.extend(["paid", "open", "paid", "draft"].map(|status| set(&bench, &id, status)));
    bench.simulator.person_edits(4242, "invoices", 9001, &[("hs_invoice_status", "paid")]).unwrap();
    lines.push(bench.values("invoices", &id, AMOUNTS));
    assert_snapshot!(table(lines), @r#"
    9001 open -> 400 VALIDATION_ERROR Invoice 9001 cannot be set to open. Required associations are missing: [INVOICE_TO_LINE_ITEM] [] {"missingAssociations":["INVOICE_TO_LINE_ITEM"],"propertyName":["hs_invoice_status"]}
    9001 open -> 400 VALIDATION_ERROR Invoice 9001 cannot be set to open. Required associations are missing: [INVOICE_TO_CONTACT] [] {"missingAssociations":["INVOICE_TO_CONTACT"],"propertyName":["hs_invoice_status"]}
    9001 paid -> 400 VALIDATION_ERROR Invoice 9001 cannot be changed from draft to paid. [] {"propertyName":["hs_invoice_status"]}
    9001 open -> 200 - - [] null
    9001 paid -> 400 VALIDATION_ERROR Invoice 9001 cannot be changed from open to paid. [] {"propertyName":["hs_invoice_status"]}
    9001 draft -> 400 VALIDATION_ERROR Invoice 9001 cannot be changed from open to draft. [] {"propertyName":["hs_invoice_status"]}
    paid 100 0
    "#);
    let shown = |alarm: &crate::Alarm| format!("{:?} {} {:?}", alarm.record, alarm.property, alarm.value);
    assert_snapshot!(table(bench.simulator.alarms().iter().map(shown)), @r#"
    None hs_invoice_billable ""
    Some(9001) hs_invoice_status "open"
    Some(9001) hs_invoice_status "open"
    Some(9001) hs_invoice_status "open"
    "#);
}

#[test]
fn amounts_follow_the_line_items() {
    let bench = Bench::new();
    let id = invoice(&bench);
    let (first, second) = (line(&bench, "50"), line(&bench, "0.125"));
    let shown = || bench.values("invoices", &id, AMOUNTS);
    let write = |object_type: &str, record: &str, properties: Value| {
        let reply = bench.patch(&objects(&format!("{object_type}/{record}")), &json!({ "properties": properties }));
        assert_eq!(reply.status, 200, "{reply}");
    };
    let mut lines = vec![format!("created: {}", shown())];
    write("invoices", &id, json!({ "hs_amount_billed": "77" }));
    lines.push(format!("written: {}", shown()));
    bench.associate(("line_items", &first), ("invoices", &id));
    lines.push(format!("one line: {}", shown()));
    bench.associate(("invoices", &id), ("line_items", &second));
    lines.push(format!("two lines: {}", shown()));
    write("line_items", &first, json!({ "quantity": "-1" }));
    lines.push(format!("line changed: {}", shown()));
    write("invoices", &id, json!({ "hs_amount_paid": "0.25", "hs_invoice_status": "open" }));
    lines.push(format!("part paid: {}", shown()));
    bench.delete(&objects(&format!("line_items/{first}")));
    lines.push(format!("line deleted: {}", shown()));
    write("invoices", &id, json!({ "hs_invoice_status": "voided" }));
    lines.push(format!("voided: {}", shown()));
    bench.delete(&objects(&format!("invoices/{id}/associations/line_items/{second}")));
    lines.push(format!("no line: {}", shown()));
    assert_snapshot!(table(lines), @"
    created: draft 0 0
    written: draft 77 77
    one line: draft 100 100
    two lines: draft 100.25 100.25
    line changed: draft -49.75 -49.75
    part paid: open -49.75 -50
    line deleted: open 0.25 0
    voided: voided 0.25 0
    no line: voided 0 0
    ");
    let stored = bench.get("/_sim/records/invoices/9001").body["changes"]["hs_amount_billed"].clone();
    assert_snapshot!(stored, @r#"{"value":"0","at":"2026-11-20T12:00:00.000Z","changeSource":"CALCULATED","sourceId":"0"}"#);
}

#[test]
fn what_can_be_deleted() {
    let bench = Bench::new();
    let with_status = |status: &str| {
        let (id, line) = (invoice(&bench), line(&bench, "1"));
        bench.associate(("invoices", &id), ("line_items", &line));
        set(&bench, &id, status);
        id
    };
    let ids = ["draft", "open", "paid", "voided"].map(with_status);
    let remove = |id: &String| format!("{id} {}", bench.delete(&objects(&format!("invoices/{id}"))).short());
    let all = || table(ids.iter().map(remove));
    let inputs: Vec<Value> = ids.iter().map(|id| json!({ "id": id })).collect();
    let batch = bench.post(&objects("invoices/batch/archive"), &json!({ "inputs": inputs })).short();
    let mut lines = vec![batch, all()];
    bench.switch(&json!({ "open_invoices_deletable": true }));
    lines.push(all());
    assert_snapshot!(table(lines), @"
    400 VALIDATION_ERROR Invoice 9002 cannot be deleted because its status is open. []
    9001 204 - - []
    9002 400 VALIDATION_ERROR Invoice 9002 cannot be deleted because its status is open. []
    9003 400 VALIDATION_ERROR Invoice 9003 cannot be deleted because its status is paid. []
    9004 400 VALIDATION_ERROR Invoice 9004 cannot be deleted because its status is voided. []
    9001 204 - - []
    9002 204 - - []
    9003 400 VALIDATION_ERROR Invoice 9003 cannot be deleted because its status is paid. []
    9004 400 VALIDATION_ERROR Invoice 9004 cannot be deleted because its status is voided. []
    ");
    assert!(!bench.simulator.person_deletes(4242, "invoices", 9004));
    assert_eq!(bench.simulator.records(4242, "line_items").len(), 2, "line items go with their invoice");
}

#[test]
fn switches_of_invoices() {
    let bench = Bench::new();
    let id = invoice(&bench);
    bench.switch(&json!({
        "invoice_billable_fixed": true, "read_only": { "invoices": ["hs_amount_billed", "hs_balance_due"] },
    }));
    let write = |properties: Value| {
        let reply = bench.patch(&objects(&format!("invoices/{id}")), &json!({ "properties": properties }));
        format!("{} {}", reply.status, reply.body["errors"])
    };
    bench.simulator.person_edits(4242, "invoices", 9001, &[("hs_invoice_billable", "true")]).unwrap();
    let lines = [
        write(json!({ "hs_invoice_billable": "false" })),
        write(json!({ "hs_amount_billed": "1", "hs_balance_due": "1" })),
        write(json!({ "hs_number": "1078" })),
        bench.values("invoices", &id, "hs_invoice_billable,hs_number"),
        bench.get("/crm/properties/2026-09/invoices/hs_balance_due").body["modificationMetadata"].to_string(),
    ];
    assert_snapshot!(table(lines), @r#"
    400 [{"message":"\"hs_invoice_billable\" is a read only property; its value cannot be set.","code":"READ_ONLY_VALUE","context":{"propertyName":["hs_invoice_billable"]}}]
    400 [{"message":"\"hs_amount_billed\" is a read only property; its value cannot be set.","code":"READ_ONLY_VALUE","context":{"propertyName":["hs_amount_billed"]}},{"message":"\"hs_balance_due\" is a read only property; its value cannot be set.","code":"READ_ONLY_VALUE","context":{"propertyName":["hs_balance_due"]}}]
    200 null
    true 1078
    {"archivable":false,"readOnlyDefinition":true,"readOnlyOptions":true,"readOnlyValue":true}
    "#);
    let created = json!({ "properties": { "hs_currency": "SEK", "hs_invoice_billable": "false" } });
    assert_eq!(bench.post(&objects("invoices"), &created).status, 201);
    assert!(bench.simulator.alarms().is_empty(), "a person may turn it");
}
