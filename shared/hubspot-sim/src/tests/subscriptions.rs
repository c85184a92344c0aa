use insta::assert_snapshot;
use serde_json::{Value, json};

use super::{Bench, objects, table};

fn line(bench: &Bench, price: &str, frequency: &str) -> String {
    let properties = json!({ "name": "Row", "price": price, "quantity": "1", "recurringbillingfrequency": frequency });
    bench.create("line_items", &properties)
}

#[test]
fn what_a_subscription_is() {
    let bench = Bench::new();
    let names = "hs_invoice_creation,hs_status,hs_mrr";
    let id = bench.create("subscriptions", &json!({ "hs_name": "Hosting" }));
    let mut lines = vec![bench.values("subscriptions", &id, names)];
    let write = |properties: Value| {
        let reply = bench.patch(&objects("subscriptions/9001"), &json!({ "properties": properties }));
        let error = &reply.body["errors"][0];
        format!("{properties} -> {} {} {:.60}", reply.status, error["code"], error["message"].as_str().unwrap_or("-"))
    };
    let writes = [
        json!({ "hs_status": "canceled" }),
        json!({ "hs_status": "ended" }),
        json!({ "hs_currency_code": "SEK" }),
        json!({ "hs_currency_code": "JPY" }),
        json!({ "hs_recurring_billing_frequency": "per_six_months" }),
        json!({ "hs_mrr": "1" }),
    ];
    lines.extend(writes.map(write));
    bench.switch(&json!({ "read_only": { "subscriptions": ["hs_status"] } }));
    lines.push(write(json!({ "hs_status": "paused" })));
    let definition = bench.get("/crm/properties/2026-09/subscriptions/hs_status").body;
    let options = definition["options"].as_array().unwrap().iter().map(|one| one["value"].as_str().unwrap());
    lines.push(format!("{} {}", definition["modificationMetadata"], options.collect::<Vec<_>>().join(",")));
    assert_snapshot!(table(lines), @r#"
    off active 0
    {"hs_status":"canceled"} -> 200 null -
    {"hs_status":"ended"} -> 400 "INVALID_OPTION" ended was not one of the allowed options: [label: "Active"
    v
    {"hs_currency_code":"SEK"} -> 200 null -
    {"hs_currency_code":"JPY"} -> 400 "INVALID_OPTION" JPY was not one of the allowed options: [label: "SEK"
    value:
    {"hs_recurring_billing_frequency":"per_six_months"} -> 200 null -
    {"hs_mrr":"1"} -> 400 "READ_ONLY_VALUE" "hs_mrr" is a calculated property; its value cannot be set.
    {"hs_status":"paused"} -> 400 "READ_ONLY_VALUE" "hs_status" is a read only property; its value cannot be set
    {"archivable":false,"readOnlyDefinition":true,"readOnlyOptions":true,"readOnlyValue":true} active,past_due,unpaid,canceled,expired,scheduled,paused
    "#);
    assert!(bench.simulator.alarms().is_empty());
}

#[test]
fn monthly_revenue_follows_the_current_line_items() {
    let bench = Bench::new();
    let id = bench.create("subscriptions", &json!({ "hs_name": "Hosting" }));
    let mut lines = Vec::new();
    for (price, frequency) in [("100", "monthly"), ("100", "annually"), ("10", "weekly"), ("60", "per_five_years")] {
        let row = line(&bench, price, frequency);
        bench.associate(("line_items", &row), ("subscriptions", &id));
        lines.push(format!("{price} {frequency}: {}", bench.values("subscriptions", &id, "hs_mrr")));
    }
    let upcoming = line(&bench, "1000", "monthly");
    let path = objects(&format!("subscriptions/{id}/associations/line_items/{upcoming}"));
    let types = json!([{ "associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 564 }]);
    lines.push(bench.put(&path, &types).short());
    lines.push(format!("upcoming: {}", bench.values("subscriptions", &id, "hs_mrr")));
    assert_snapshot!(table(lines), @"
    100 monthly: 100
    100 annually: 108.33
    10 weekly: 151.67
    60 per_five_years: 152.67
    201 - - []
    upcoming: 152.67
    ");
    let types = bench.simulator.associations(4242, "subscriptions", 9001, "line_items");
    assert_snapshot!(format!("{types:?}"), @"[(9001, [301]), (9002, [301]), (9003, [301]), (9004, [301]), (9005, [564])]");
    let back = bench.simulator.associations(4242, "line_items", 9001, "subscriptions");
    assert_snapshot!(format!("{back:?}"), @"[(9001, [302])]");
}

#[test]
fn line_items_of_a_subscription_recur() {
    let bench = Bench::new();
    let id = bench.create("subscriptions", &json!({ "hs_name": "Hosting" }));
    let (once, monthly) = (line(&bench, "1", ""), line(&bench, "1", "monthly"));
    let subscription = ("subscriptions", id.as_str());
    let clear = json!({ "properties": { "recurringbillingfrequency": "" } });
    let mut lines = vec![
        bench.associate(subscription, ("line_items", &once)).short(),
        bench.associate(subscription, ("line_items", &monthly)).short(),
        bench.patch(&objects(&format!("line_items/{monthly}")), &clear).short(),
    ];
    bench.switch(&json!({ "one_time_subscription_lines": true }));
    lines.push(bench.associate(subscription, ("line_items", &once)).short());
    lines.push(bench.values("subscriptions", &id, "hs_mrr"));
    assert_snapshot!(table(lines), @"
    400 VALIDATION_ERROR One or more associations are invalid: LINE_ITEM=9001 is not recurring: recurringbillingfrequency is not set []
    200 - - []
    400 VALIDATION_ERROR One or more associations are invalid: LINE_ITEM=9002 is not recurring: recurringbillingfrequency is not set []
    200 - - []
    1
    ");
}

/// The guide says that subscriptions take recurring line items only (contract §3.6); the product that is to be copied puts
/// the rows of the first invoice there as well. Neither was tried, so both can be had.
#[test]
fn one_time_line_items_in_batches() {
    let bench = Bench::new();
    let id = bench.create("subscriptions", &json!({ "hs_name": "Hosting" }));
    let (monthly, once) = (line(&bench, "10", "monthly"), line(&bench, "500", ""));
    let pair = |row: &str| json!({ "from": { "id": row }, "to": { "id": id } });
    let default = json!({ "inputs": [pair(&monthly), pair(&once)] });
    let path = "/crm/associations/2026-09/line_items/subscriptions/batch/associate/default";
    let refused = bench.post(path, &default);
    assert_eq!((refused.status, refused.body["results"].as_array().unwrap().len()), (207, 2));
    assert_snapshot!(refused.body["errors"], @r#"[{"status":"error","category":"VALIDATION_ERROR","message":"One or more associations are invalid: LINE_ITEM=9002 is not recurring: recurringbillingfrequency is not set","context":{"INVALID_OBJECT_IDS":["LINE_ITEM=9002 is not recurring: recurringbillingfrequency is not set"]},"errors":[],"links":{}}]"#);
    let types = json!([{ "associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 301 }]);
    let labelled = json!({ "inputs": [{ "from": { "id": id }, "to": { "id": once }, "types": types }] });
    let labelled_path = "/crm/associations/2026-09/subscriptions/line_items/batch/create";
    assert_snapshot!(bench.post(labelled_path, &labelled).body["errors"][0]["message"], @r#""One or more associations are invalid: LINE_ITEM=9002 is not recurring: recurringbillingfrequency is not set""#);
    let inline = json!({ "inputs": [{
        "properties": { "name": "Setup", "price": "500" }, "objectWriteTraceId": "a",
        "associations": [{ "to": { "id": id }, "types": [{ "associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 302 }] }],
    }] });
    assert_snapshot!(bench.post(&objects("line_items/batch/create"), &inline).short(), @"400 VALIDATION_ERROR One or more associations are invalid: LINE_ITEM=9003 is not recurring: recurringbillingfrequency is not set []");
    assert_eq!(bench.simulator.associations(4242, "subscriptions", 9001, "line_items"), [(9001, vec![301])]);
    bench.switch(&json!({ "one_time_subscription_lines": true }));
    assert_eq!(bench.post(path, &default).status, 200);
    assert_eq!(bench.post(labelled_path, &labelled).status, 201);
    assert_eq!(bench.post(&objects("line_items/batch/create"), &inline).status, 201);
    let rows = bench.simulator.associations(4242, "subscriptions", 9001, "line_items");
    assert_eq!(rows, [(9001, vec![301]), (9002, vec![301]), (9003, vec![301])]);
    assert_eq!(bench.values("subscriptions", &id, "hs_mrr"), "10", "what is paid once is no monthly revenue");
}

#[test]
fn a_billable_subscription_is_deleted_when_it_is_over() {
    let bench = Bench::new();
    bench.create("subscriptions", &json!({ "hs_name": "Ours" }));
    bench.create("subscriptions", &json!({ "hs_name": "Theirs", "hs_invoice_creation": "on" }));
    let mut lines = ["9001", "9002"].map(|id| bench.delete(&objects(&format!("subscriptions/{id}"))).short()).to_vec();
    bench.patch(&objects("subscriptions/9002"), &json!({ "properties": { "hs_status": "expired" } }));
    lines.push(bench.delete(&objects("subscriptions/9002")).short());
    assert_snapshot!(table(lines), @"
    204 - - []
    400 VALIDATION_ERROR Subscription 9002 is billable and must be canceled before it can be deleted. []
    204 - - []
    ");
    assert_eq!(bench.simulator.alarms().len(), 1);
}
