use insta::assert_snapshot;
use serde_json::json;

use super::outgoing::{PORTAL, bench, body, company, subscriptions};
use super::{Bench, objects, table};
use crate::Options;

#[test]
fn a_change_is_a_signed_request() {
    let bench = bench();
    company(&bench, "Acme AB");
    let due = bench.simulator.due_deliveries();
    assert_eq!((due.len(), due[0].attempt, due[0].portal, due[0].timeout.as_secs()), (1, 0, PORTAL, 5));
    let request = &due[0].request;
    assert_eq!(
        (request.method().as_str(), request.uri().to_string().as_str()),
        ("POST", "https://kleer.example/webhooks/hubspot")
    );
    let header = |name: &str| request.headers()[name].to_str().unwrap();
    let signed = crate::signature::v3(
        "demo-secret",
        "POST",
        "https://kleer.example/webhooks/hubspot",
        request.body(),
        "1795176000000",
    );
    assert_eq!(header("x-hubspot-signature-v3"), signed);
    assert_eq!(header("x-hubspot-request-timestamp"), "1795176000000");
    assert_eq!(header("x-hubspot-signature"), crate::signature::v1("demo-secret", request.body()));
    assert_eq!(header("x-hubspot-signature-version"), "v1");
    assert_eq!(header("content-type"), "application/json");
    assert_snapshot!(body(&due[0]), @r#"[{"eventId":2654435761,"subscriptionId":610001,"portalId":4242,"appId":1000001,"occurredAt":1795176000000,"subscriptionType":"object.creation","attemptNumber":0,"objectId":9001,"objectTypeId":"0-2","changeFlag":"CREATED","changeSource":"CRM_UI","sourceId":"userId:501"},{"eventId":1013904226,"subscriptionId":610005,"portalId":4242,"appId":1000001,"occurredAt":1795176000000,"subscriptionType":"object.propertyChange","attemptNumber":0,"objectId":9001,"objectTypeId":"0-2","propertyName":"name","propertyValue":"Acme AB","changeSource":"CRM_UI","sourceId":"userId:501","isSensitive":false}]"#);
}

#[test]
fn whoever_makes_a_change_is_named() {
    let bench = bench();
    bench.create("companies", &json!({ "name": "By the app", "city": "Lund" }));
    bench.patch("/_sim/records/companies/9001?user=502", &json!({ "properties": { "city": "Malmö" } }));
    bench.simulator.workflow_edits(PORTAL, "companies", 9001, &[("phone", "08-1")]).unwrap();
    bench.patch("/_sim/records/companies/9001?by=workflow", &json!({ "properties": { "phone": "" } }));
    let person = Bench { token: "demo-token".to_owned(), ..bench };
    person.patch(&objects("companies/9001"), &json!({ "properties": { "zip": "22222" } }));
    let input = json!({ "id": "9001", "properties": { "zip": "22222", "country": "Sverige", "timezone": "x" } });
    person.post(&objects("companies/batch/update"), &json!({ "inputs": [input] }));
    person.delete(&objects("companies/9001"));
    assert_snapshot!(table(person.events()), @"
    object.creation 0-2 9001 by INTEGRATION 1000001
    object.propertyChange 0-2 9001 city=Lund by INTEGRATION 1000001
    object.propertyChange 0-2 9001 name=By the app by INTEGRATION 1000001
    object.propertyChange 0-2 9001 city=Malmö by CRM_UI userId:502
    object.propertyChange 0-2 9001 phone=08-1 by AUTOMATION_PLATFORM enrollmentId:900100;actionExecutionIndex:0
    object.propertyChange 0-2 9001 phone= by AUTOMATION_PLATFORM enrollmentId:900100;actionExecutionIndex:0
    object.propertyChange 0-2 9001 zip=22222 by CRM_UI userId:501
    object.propertyChange 0-2 9001 country=Sverige by CRM_UI userId:501
    object.deletion 0-2 9001 by CRM_UI userId:501
    ");
}

#[test]
fn computed_values_are_hubspots_and_dates_are_milliseconds() {
    let bench = bench();
    bench.set_webhooks(&subscriptions(&[
        ("object.propertyChange", Some("invoice"), Some("hs_amount_billed")),
        ("object.propertyChange", Some("0-53"), Some("hs_due_date")),
        ("object.propertyChange", Some("deals"), Some("closedate")),
        ("deal.propertyChange", None, Some("hs_is_closed")),
        ("deal.creation", None, None),
    ]));
    bench.create(
        "invoices",
        &json!({ "hs_currency": "SEK", "hs_invoice_billable": "false", "hs_due_date": "2026-12-01" }),
    );
    bench.create("line_items", &json!({ "price": "12.50", "quantity": "2" }));
    bench.associate(("invoices", "9001"), ("line_items", "9001"));
    let deal = json!({ "dealname": "D", "pipeline": "default", "dealstage": "closedwon", "closedate": "2026-11-30T08:00:00Z" });
    bench.create("deals", &deal);
    assert_snapshot!(table(bench.events()), @"
    object.propertyChange 0-53 9001 hs_amount_billed=0 by CALCULATED 0
    object.propertyChange 0-53 9001 hs_due_date=1796083200000 by INTEGRATION 1000001
    object.propertyChange 0-53 9001 hs_amount_billed=25 by CALCULATED 0
    deal.creation  9001 by INTEGRATION 1000001
    object.propertyChange 0-3 9001 closedate=1796025600000 by INTEGRATION 1000001
    deal.propertyChange  9001 hs_is_closed=true by CALCULATED 0
    ");
}

#[test]
fn deleting_restoring_and_what_goes_with_a_parent() {
    let bench = bench();
    let mut all = subscriptions(&[
        ("object.deletion", Some("line_item"), None),
        ("object.restore", Some("line_item"), None),
        ("object.deletion", Some("deal"), None),
        ("object.restore", Some("deal"), None),
        ("object.deletion", Some("product"), None),
    ]);
    all["delay_ms"] = json!(0);
    bench.set_webhooks(&all);
    let deal = bench.create("deals", &json!({ "dealname": "D", "pipeline": "default", "dealstage": "closedwon" }));
    let line = bench.create("line_items", &json!({ "price": "1" }));
    bench.associate(("deals", &deal), ("line_items", &line));
    bench.create("products", &json!({ "name": "P" }));
    assert!(bench.simulator.person_deletes(PORTAL, "deals", 9001));
    assert!(bench.simulator.person_restores(PORTAL, "deals", 9001));
    bench.post(&objects("products/batch/archive"), &json!({ "inputs": [{ "id": "9001" }, { "id": "9001" }] }));
    assert_snapshot!(table(bench.events()), @"
    object.deletion 0-3 9001 by CRM_UI userId:501
    object.deletion 0-8 9001 by CRM_UI userId:501
    object.restore 0-3 9001 by CRM_UI userId:501
    object.restore 0-8 9001 by CRM_UI userId:501
    object.deletion 0-7 9001 by INTEGRATION 1000001
    ");
}

#[test]
fn the_demo_hears_of_companies_and_of_deletions() {
    let bench = bench();
    let shown = bench.get("/_sim/webhooks").body;
    let subscription = |one: &serde_json::Value| {
        let text = |name: &str| one[name].as_str().unwrap_or_default().to_owned();
        let shown = [one["id"].to_string(), text("subscriptionType"), text("objectType"), text("propertyName")];
        shown.join(" ").trim_end().to_owned()
    };
    let all: Vec<String> = shown["subscriptions"].as_array().unwrap().iter().map(subscription).collect();
    assert_eq!(all.len(), 35);
    assert_snapshot!(table([&all[..6], &all[31..]].concat()), @"
    610001 object.creation company
    610002 object.deletion company
    610003 object.merge company
    610004 object.restore company
    610005 object.propertyChange company name
    610006 object.propertyChange company domain
    610032 object.propertyChange company default_currency
    610033 object.deletion invoice
    610034 object.deletion subscription
    610035 object.deletion product
    ");
    bench.create("deals", &json!({ "dealname": "D", "pipeline": "default", "dealstage": "closedwon" }));
    bench.create("products", &json!({ "name": "P" }));
    bench.create("projects", &json!({ "hs_name": "P", "hs_pipeline": "4242200", "hs_pipeline_stage": "4242201" }));
    assert_eq!(bench.events(), Vec::<String>::new());
    bench.delete(&objects("products/9001"));
    assert_snapshot!(table(bench.events()), @"object.deletion 0-7 9001 by INTEGRATION 1000001");
}

#[test]
fn projects_only_where_they_are_switched_on() {
    let bench = bench();
    let projects = subscriptions(&[
        ("object.creation", Some("project"), None),
        ("object.propertyChange", Some("0-970"), Some("hs_name")),
    ]);
    assert_eq!(bench.put("/_sim/webhooks", &projects).status, 400);
    let mut allowed = projects;
    allowed["project_events"] = json!(true);
    bench.set_webhooks(&allowed);
    bench.create("projects", &json!({ "hs_name": "P", "hs_pipeline": "4242200", "hs_pipeline_stage": "4242201" }));
    assert_snapshot!(table(bench.events()), @"
    object.creation 0-970 9001 by INTEGRATION 1000001
    object.propertyChange 0-970 9001 hs_name=P by INTEGRATION 1000001
    ");
}

#[test]
fn what_hubspot_would_not_upload() {
    let bench = bench();
    let refused = |settings: serde_json::Value| bench.put("/_sim/webhooks", &settings).short();
    let lines = [
        refused(subscriptions(&[("object.explosion", Some("company"), None)])),
        refused(subscriptions(&[("object.creation", None, None)])),
        refused(subscriptions(&[("company.creation", Some("company"), None)])),
        refused(subscriptions(&[("invoice.creation", None, None)])),
        refused(subscriptions(&[("object.creation", Some("2-17"), None)])),
        refused(subscriptions(&[("object.creation", Some("quotes"), None)])),
        refused(subscriptions(&[("object.propertyChange", Some("company"), None)])),
        refused(subscriptions(&[("object.creation", Some("company"), Some("name"))])),
        refused(subscriptions(&[("object.propertyChange", Some("company"), Some("hs_lastmodifieddate"))])),
        refused(subscriptions(&[("object.associationChange", Some("company"), None)])),
        refused(subscriptions(&[("object.deletion", Some("company"), None); 1001])),
        refused(json!({ "max_concurrent_requests": 5 })),
        refused(json!({ "target": "kleer.example/webhooks" })),
        refused(json!({ "nonsense": 1 })),
    ];
    assert_snapshot!(table(lines), @"
    400 - object.explosion: not a subscription type []
    400 - object.creation: an objectType belongs to the generic form, and only to it []
    400 - company.creation: an objectType belongs to the generic form, and only to it []
    400 - invoice.creation: not a subscription type; the generic form is object.… with an objectType []
    400 - object.creation: custom objects are supported in private apps only []
    400 - object.creation: unknown object type []
    400 - object.propertyChange: needs a propertyName []
    400 - object.creation: takes no propertyName []
    400 - object.propertyChange: this property cannot be subscribed []
    400 - object.associationChange: association changes are not simulated []
    400 - an app has at most 1000 subscriptions []
    400 - max_concurrent_requests must be greater than 5 []
    400 - kleer.example/webhooks is not a URL []
    400 - unknown field `nonsense`, expected one of `target`, `subscriptions`, `max_concurrent_requests`, `delay_ms`, `duplicates`, `lost`, `order_kept`, `project_events`, `late_after_uninstall` []
    ");
    let mut options = Options::default();
    options.webhooks.subscribe("project", &[]);
    assert_snapshot!(table(Bench::with(options).simulator.unexpected()), @"options: object.creation: project is not a supported object type");
}

#[test]
fn nobody_hears_without_target_scope_or_app() {
    let silent = Bench::new();
    company(&silent, "Acme");
    assert_eq!(silent.simulator.pending_events(), Vec::<serde_json::Value>::new());
    assert_eq!(silent.simulator.next_delivery_at(), None);

    let mut options = Options::default().calling("https://kleer.example");
    options.portals[0].tokens[0].scopes = Some(vec!["oauth".to_owned(), "crm.objects.products.read".to_owned()]);
    let narrow = Bench::with(options);
    company(&narrow, "Acme");
    narrow.simulator.person_creates(PORTAL, "products", &[("name", "P")]).unwrap();
    narrow.simulator.person_deletes(PORTAL, "products", 9001);
    assert_snapshot!(table(narrow.events()), @"object.deletion 0-7 9001 by CRM_UI userId:501");

    let mut options = Options::default().calling("https://kleer.example");
    options.portals[0].tokens.clear();
    let uninstalled = Bench::with(options);
    company(&uninstalled, "Acme");
    assert_eq!(uninstalled.simulator.next_delivery_at(), None);
}

#[test]
fn inactive_subscriptions_are_silent() {
    let bench = bench();
    let silence = |webhooks: &mut crate::Webhooks| webhooks.subscriptions[0].active = false;
    bench.simulator.webhooks(silence).unwrap();
    company(&bench, "Acme");
    assert_snapshot!(table(bench.events()), @"object.propertyChange 0-2 9001 name=Acme by CRM_UI userId:501");
}
