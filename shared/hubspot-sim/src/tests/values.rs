use insta::assert_snapshot;
use serde_json::{Value, json};

use super::{Bench, objects, table};

/// What comes back for a value, or the code and message of the refusal.
fn check(bench: &Bench, object_type: &str, id: &str, property: &str, value: &Value) -> String {
    let path = objects(&format!("{object_type}/{id}"));
    let reply = bench.patch(&path, &json!({ "properties": { property: value } }));
    let result = match reply.status {
        200 => reply.body["properties"][property].to_string(),
        _ => format!("{} {}", reply.body["errors"][0]["code"], reply.body["errors"][0]["message"]),
    };
    format!("{property} {value} -> {result}")
}

#[test]
fn values_by_type() {
    let bench = Bench::new();
    let company = bench.create("companies", &json!({ "name": "Acme" }));
    let cases = [
        ("annualrevenue", json!("200.00")),
        ("annualrevenue", json!(20.5)),
        ("annualrevenue", json!("-0.50")),
        ("annualrevenue", json!("1 000")),
        ("annualrevenue", json!("1,5")),
        ("annualrevenue", json!("1.2.3")),
        ("annualrevenue", json!("1e3")),
        ("industry", json!("BANKING")),
        ("type", json!("Prospect")),
        ("hubspot_owner_id", json!("7001")),
        ("hubspot_owner_id", json!("1")),
        ("hs_object_id", json!("1")),
        ("num_associated_deals", json!("1")),
        ("kleer_nothing", json!("1")),
        ("lifecyclestage", json!("customer")),
        ("lifecyclestage", json!("lead")),
        ("lifecyclestage", json!("")),
        ("lifecyclestage", json!("lead")),
        ("city", json!(true)),
        ("city", json!("")),
    ];
    let lines = cases.map(|(property, value)| check(&bench, "companies", &company, property, &value));
    assert_snapshot!(table(lines), @r#"
    annualrevenue "200.00" -> "200"
    annualrevenue 20.5 -> "20.5"
    annualrevenue "-0.50" -> "-0.5"
    annualrevenue "1 000" -> "INVALID_INTEGER" "1 000 was not a valid number."
    annualrevenue "1,5" -> "INVALID_INTEGER" "1,5 was not a valid number."
    annualrevenue "1.2.3" -> "INVALID_INTEGER" "1.2.3 was not a valid number."
    annualrevenue "1e3" -> "INVALID_INTEGER" "1e3 was not a valid number."
    industry "BANKING" -> "BANKING"
    type "Prospect" -> "INVALID_OPTION" "Prospect was not one of the allowed options: [label: \"Prospect\"\nvalue: \"PROSPECT\"\n, label: \"Partner\"\nvalue: \"PARTNER\"\n, label: \"Reseller\"\nvalue: \"RESELLER\"\n, label: \"Vendor\"\nvalue: \"VENDOR\"\n, label: \"Other\"\nvalue: \"OTHER\"\n]"
    hubspot_owner_id "7001" -> "7001"
    hubspot_owner_id "1" -> "INVALID_OWNER_ID" "The owner 1 does not exist."
    hs_object_id "1" -> "READ_ONLY_VALUE" "\"hs_object_id\" is a read only property; its value cannot be set."
    num_associated_deals "1" -> "READ_ONLY_VALUE" "\"num_associated_deals\" is a calculated property; its value cannot be set."
    kleer_nothing "1" -> "PROPERTY_DOESNT_EXIST" "Property \"kleer_nothing\" does not exist"
    lifecyclestage "customer" -> "customer"
    lifecyclestage "lead" -> "customer"
    lifecyclestage "" -> null
    lifecyclestage "lead" -> "lead"
    city true -> "true"
    city "" -> null
    "#);
}

#[test]
fn dates_flags_and_choices() {
    let bench = Bench::new();
    let invoice = bench.create("invoices", &json!({ "hs_currency": "SEK", "hs_invoice_billable": false }));
    let subscription = bench.create("subscriptions", &json!({ "hs_name": "Hosting" }));
    let invoices = [
        ("hs_invoice_date", json!("2026-11-01")),
        ("hs_invoice_date", json!("2026-11-01T10:00:00+01:00")),
        ("hs_invoice_date", json!("1793491200000")),
        ("hs_invoice_date", json!("yesterday")),
        ("hs_invoice_billable", json!("False")),
        ("hs_invoice_billable", json!(false)),
        ("hs_collect_address_types", json!("billing_address")),
        ("hs_collect_address_types", json!(";shipping_address")),
        ("hs_collect_address_types", json!("shipping_address")),
        ("hs_collect_address_types", json!("home")),
    ];
    let subscriptions = [
        ("hs_recurring_billing_start_date", json!("2026-11-20")),
        ("hs_recurring_billing_start_date", json!(1793491200000_i64)),
        ("hs_recurring_billing_start_date", json!("1576676552000")),
        ("hs_recurring_billing_start_date", json!("2026-13-01")),
        ("hs_mrr", json!("10")),
    ];
    let invoices = invoices.map(|(property, value)| check(&bench, "invoices", &invoice, property, &value));
    let subscriptions =
        subscriptions.map(|(property, value)| check(&bench, "subscriptions", &subscription, property, &value));
    assert_snapshot!(table(invoices.into_iter().chain(subscriptions)), @r#"
    hs_invoice_date "2026-11-01" -> "2026-11-01T00:00:00.000Z"
    hs_invoice_date "2026-11-01T10:00:00+01:00" -> "2026-11-01T09:00:00.000Z"
    hs_invoice_date "1793491200000" -> "2026-11-01T00:00:00.000Z"
    hs_invoice_date "yesterday" -> "INVALID_LONG" "yesterday was not a valid long."
    hs_invoice_billable "False" -> "INVALID_OPTION" "False was not one of the allowed options: [label: \"Yes\"\nvalue: \"true\"\n, label: \"No\"\nvalue: \"false\"\n]"
    hs_invoice_billable false -> "false"
    hs_collect_address_types "billing_address" -> "billing_address"
    hs_collect_address_types ";shipping_address" -> "billing_address;shipping_address"
    hs_collect_address_types "shipping_address" -> "shipping_address"
    hs_collect_address_types "home" -> "INVALID_OPTION" "home was not one of the allowed options: [label: \"Billing address\"\nvalue: \"billing_address\"\n, label: \"Shipping address\"\nvalue: \"shipping_address\"\n]"
    hs_recurring_billing_start_date "2026-11-20" -> "2026-11-20"
    hs_recurring_billing_start_date 1793491200000 -> "2026-11-01"
    hs_recurring_billing_start_date "1576676552000" -> "INVALID_DATE" "1576676552000 is at 13:42:32.0 UTC, not midnight!"
    hs_recurring_billing_start_date "2026-13-01" -> "INVALID_LONG" "2026-13-01 was not a valid long."
    hs_mrr "10" -> "READ_ONLY_VALUE" "\"hs_mrr\" is a calculated property; its value cannot be set."
    "#);
}

#[test]
fn all_bad_values_of_an_input_are_named() {
    let bench = Bench::new();
    let body = json!({ "properties": { "name": "Acme", "foo": "1", "annualrevenue": "much" } });
    assert_snapshot!(bench.post(&objects("companies"), &body), @r#"
    400 {
      "status": "error",
      "message": "Property values were not valid: [{\"isValid\":false,\"message\":\"Property \\\"foo\\\" does not exist\",\"error\":\"PROPERTY_DOESNT_EXIST\",\"name\":\"foo\",\"localizedErrorMessage\":\"Property \\\"foo\\\" does not exist\",\"portalId\":4242},{\"isValid\":false,\"message\":\"much was not a valid number.\",\"error\":\"INVALID_INTEGER\",\"name\":\"annualrevenue\",\"localizedErrorMessage\":\"much was not a valid number.\",\"portalId\":4242}]",
      "errors": [
        {
          "message": "Property \"foo\" does not exist",
          "code": "PROPERTY_DOESNT_EXIST",
          "context": {
            "propertyName": [
              "foo"
            ]
          }
        },
        {
          "message": "much was not a valid number.",
          "code": "INVALID_INTEGER",
          "context": {
            "propertyName": [
              "annualrevenue"
            ]
          }
        }
      ],
      "category": "VALIDATION_ERROR"
    }
    "#);
    assert!(bench.simulator.records(4242, "companies").is_empty());
}

#[test]
fn bad_json_is_refused_and_noted() {
    let bench = Bench::new();
    let send = |body: &str| bench.send("POST", &objects("companies"), body.to_owned()).unwrap().short();
    let lines = [
        send("{\"properties\""),
        send("{}"),
        send("{\"properties\":{\"name\":[1]}}"),
        bench.patch(&objects("companies/9001"), &json!({ "properties": { "name": "A" } })).short(),
    ];
    assert_snapshot!(table(lines), @r"
    400 VALIDATION_ERROR Invalid input JSON on line 1, column 13: EOF while parsing an object at line 1 column 13 []
    400 VALIDATION_ERROR Invalid input JSON on line 1, column 2. Some required fields were not set: [properties] []
    400 VALIDATION_ERROR Invalid input JSON on line 1, column 1: Cannot deserialize value of type `java.lang.String` from Array value []
    404 - resource not found []
    ");
    assert_snapshot!(table(bench.simulator.unexpected()), @r"
    POST /crm/objects/2026-09/companies: bad body: EOF while parsing an object at line 1 column 13
    POST /crm/objects/2026-09/companies: bad body: missing field `properties` at line 1 column 2
    ");
}

#[test]
fn dangerous_writes_raise_an_alarm() {
    let bench = Bench::new();
    bench.create("invoices", &json!({ "hs_currency": "SEK", "hs_invoice_billable": "false" }));
    bench.create("subscriptions", &json!({ "hs_name": "Hosting", "hs_invoice_creation": "off" }));
    assert!(bench.simulator.alarms().is_empty());
    bench.patch(&objects("invoices/9001"), &json!({ "properties": { "hs_invoice_billable": true } }));
    bench.post(&objects("subscriptions"), &json!({ "properties": { "hs_invoice_creation": "on" } }));
    assert_snapshot!(bench.get("/_sim/alarms").body, @r#"{"results":[{"at":"2026-11-20T12:00:00Z","portal":4242,"object_type":"invoices","record":9001,"property":"hs_invoice_billable","value":"true"},{"at":"2026-11-20T12:00:00Z","portal":4242,"object_type":"subscriptions","record":null,"property":"hs_invoice_creation","value":"on"}]}"#);
}
