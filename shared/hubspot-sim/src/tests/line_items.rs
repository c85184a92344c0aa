use insta::assert_snapshot;
use serde_json::{Value, json};

use super::{Bench, objects, table};

fn deal(bench: &Bench) -> String {
    bench.create("deals", &json!({ "dealname": "D", "pipeline": "default", "dealstage": "contractsent" }))
}

fn invoice(bench: &Bench) -> String {
    bench.create("invoices", &json!({ "hs_currency": "SEK", "hs_invoice_billable": "false" }))
}

fn subscription(bench: &Bench) -> String {
    bench.create("subscriptions", &json!({ "hs_name": "Hosting" }))
}

fn line(bench: &Bench) -> String {
    bench.create("line_items", &json!({ "name": "Work", "price": "100", "recurringbillingfrequency": "monthly" }))
}

#[test]
fn prices_quantities_and_discounts() {
    let bench = Bench::new();
    let cases = [
        json!({ "price": "99.90", "quantity": "3" }),
        json!({ "price": "100", "quantity": "2", "discount": "10" }),
        json!({ "price": "100", "quantity": "2", "hs_discount_percentage": "12.5" }),
        json!({ "price": "100" }),
        json!({ "price": "0", "quantity": "1" }),
        json!({ "price": "100", "quantity": "-2" }),
        json!({ "price": "-100", "quantity": "1" }),
        json!({ "quantity": "2" }),
        json!({ "price": "79228162514264337593543950335", "quantity": "10" }),
        json!({ "price": "1", "amount": "1" }),
        json!({ "price": "1", "recurringbillingfrequency": "daily" }),
    ];
    let check = |properties: &Value| {
        let reply = bench.post(&objects("line_items"), &json!({ "properties": properties }));
        match reply.body["id"].as_str() {
            Some(id) => format!("{properties} -> {}", bench.values("line_items", id, "amount,hs_total_discount")),
            None => {
                let error = &reply.body["errors"][0];
                let message = error["message"].as_str().unwrap_or_default();
                format!("{properties} -> {} {} {message:.40}", reply.status, error["code"])
            }
        }
    };
    let mut lines: Vec<String> = cases.iter().map(check).collect();
    bench.switch(&json!({ "negative_quantity_refused": true }));
    lines.push(check(&cases[5]));
    let cleared = bench.patch(&objects("line_items/9001"), &json!({ "properties": { "price": "" } }));
    lines.push(format!("{} {}", cleared.status, bench.values("line_items", "9001", "price,amount")));
    assert_snapshot!(table(lines), @r#"
    {"price":"99.90","quantity":"3"} -> 299.7 0
    {"price":"100","quantity":"2","discount":"10"} -> 180 20
    {"price":"100","quantity":"2","hs_discount_percentage":"12.5"} -> 175 25
    {"price":"100"} -> 100 0
    {"price":"0","quantity":"1"} -> 0 0
    {"price":"100","quantity":"-2"} -> -200 0
    {"price":"-100","quantity":"1"} -> 400 "INVALID_LONG" price cannot be negative.
    {"quantity":"2"} -> - -
    {"price":"79228162514264337593543950335","quantity":"10"} -> - -
    {"price":"1","amount":"1"} -> 400 "READ_ONLY_VALUE" "amount" is a calculated property; its v
    {"price":"1","recurringbillingfrequency":"daily"} -> 400 "INVALID_OPTION" daily was not one of the allowed options
    {"price":"100","quantity":"-2"} -> 400 "INVALID_LONG" quantity cannot be negative.
    200 - -
    "#);
}

#[test]
fn a_product_gives_what_is_not_said() {
    let bench = Bench::new();
    let product = json!({ "name": "Hosting", "price": "200", "hs_sku": "H1", "recurringbillingfrequency": "annually" });
    let product = bench.create("products", &product);
    let names = "name,price,hs_sku,recurringbillingfrequency,amount";
    let cases = [
        json!({ "hs_product_id": product }),
        json!({ "hs_product_id": product, "price": "150", "recurringbillingfrequency": "" }),
        json!({ "hs_product_id": "77", "price": "150" }),
    ];
    let lines = cases.map(|properties| bench.values("line_items", &bench.create("line_items", &properties), names));
    assert_snapshot!(table(lines), @"
    Hosting 200 H1 annually 200
    Hosting 150 H1 - 150
    - 150 - - 150
    ");
}

#[test]
fn one_parent_only() {
    let bench = Bench::new();
    let (deal, invoice, subscription, line) = (deal(&bench), invoice(&bench), subscription(&bench), line(&bench));
    let line_item = ("line_items", line.as_str());
    let mut lines = vec![
        bench.associate(("deals", &deal), line_item).short(),
        bench.associate(line_item, ("deals", &deal)).short(),
        bench.associate(("invoices", &invoice), line_item).short(),
        bench.associate(line_item, ("subscriptions", &subscription)).short(),
    ];
    let other = self::line(&bench);
    let pairs = json!({ "inputs": [
        { "from": { "id": line }, "to": { "id": invoice } },
        { "from": { "id": other }, "to": { "id": invoice } },
    ] });
    let batch = bench.post("/crm/associations/2026-09/line_items/invoices/batch/associate/default", &pairs);
    let made = batch.body["results"].as_array().unwrap().len();
    lines.push(format!("{} {made} {}", batch.status, batch.body["errors"]));
    bench.delete(&objects(&format!("deals/{deal}/associations/line_items/{line}")));
    lines.push(bench.associate(("invoices", &invoice), line_item).short());
    assert_snapshot!(table(lines), @r#"
    200 - - []
    200 - - []
    400 VALIDATION_ERROR One or more associations are invalid: LINE_ITEM=9001 already belongs to DEAL=9001 and can have one parent only []
    400 VALIDATION_ERROR One or more associations are invalid: LINE_ITEM=9001 already belongs to DEAL=9001 and can have one parent only []
    207 2 [{"status":"error","category":"VALIDATION_ERROR","message":"One or more associations are invalid: LINE_ITEM=9001 already belongs to DEAL=9001 and can have one parent only","context":{"INVALID_OBJECT_IDS":["LINE_ITEM=9001 already belongs to DEAL=9001 and can have one parent only"],"toObject":["INVOICE=9001"]},"errors":[],"links":{}}]
    200 - - []
    "#);
}

#[test]
fn one_parent_only_at_creation() {
    let bench = Bench::new();
    let (deal, invoice, line) = (deal(&bench), invoice(&bench), line(&bench));
    let wish = |to: &str, id: u32| {
        let types = json!([{ "associationCategory": "HUBSPOT_DEFINED", "associationTypeId": id }]);
        json!({ "to": { "id": to }, "types": types })
    };
    let create = |object_type: &str, properties: &Value, wishes: Value| {
        let body = json!({ "properties": properties, "associations": wishes });
        bench.post(&objects(object_type), &body).short()
    };
    let row = json!({ "name": "Row", "price": "1" });
    let bill = json!({ "hs_currency": "SEK", "hs_invoice_billable": "false" });
    let mut lines = vec![
        create("line_items", &row, json!([wish(&deal, 20)])),
        create("line_items", &row, json!([wish(&deal, 20), wish(&invoice, 410)])),
        create("invoices", &bill, json!([wish(&line, 409)])),
        create("invoices", &bill, json!([wish(&line, 409)])),
        bench.values("invoices", "9002", "hs_amount_billed"),
    ];
    let free = bench.create("line_items", &row);
    let input = json!({ "properties": bill, "associations": [wish(&free, 409)] });
    lines.push(bench.post(&objects("invoices/batch/create"), &json!({ "inputs": [input, input] })).short());
    assert_snapshot!(table(lines), @"
    201 - - []
    400 VALIDATION_ERROR One or more associations are invalid: LINE_ITEM=9003 already belongs to DEAL=9001 and can have one parent only []
    201 - - []
    400 VALIDATION_ERROR One or more associations are invalid: LINE_ITEM=9001 already belongs to INVOICE=9002 and can have one parent only []
    100
    400 VALIDATION_ERROR One or more associations are invalid: LINE_ITEM=9003 already belongs to INVOICE=9003 and can have one parent only []
    ");
}

#[test]
fn line_items_live_and_die_with_their_parent() {
    let bench = Bench::new();
    let (deal, line, kept) = (deal(&bench), line(&bench), line(&bench));
    let gone = self::line(&bench);
    bench.associate(("deals", &deal), ("line_items", &line));
    bench.associate(("deals", &deal), ("line_items", &gone));
    bench.delete(&objects(&format!("line_items/{gone}")));
    bench.wait(1_000);
    bench.delete(&objects(&format!("deals/{deal}")));
    let live = || bench.simulator.records(4242, "line_items").iter().map(|one| one.id).collect::<Vec<_>>();
    assert_eq!(live(), [kept.parse::<u64>().unwrap()]);
    assert!(bench.simulator.person_restores(4242, "deals", deal.parse().unwrap()));
    assert_eq!(live(), [line.parse::<u64>().unwrap(), kept.parse().unwrap()], "one was deleted before");
}
