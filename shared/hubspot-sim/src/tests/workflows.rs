use std::collections::BTreeMap;

use futures::FutureExt;
use insta::assert_snapshot;
use serde_json::{Value, json};

use super::outgoing::{PORTAL, answer, bench, body};
use super::{Bench, Reply, table};
use crate::{Delivery, DeliveryFailure, Enrolment, Execution, Field, Options, Simulator};

/// A deal that workflows can be about.
fn deal(bench: &Bench) -> u64 {
    let deal = json!({ "dealname": "Tak", "amount": "1200.50", "pipeline": "default", "dealstage": "closedwon" });
    bench.create("deals", &deal).parse().unwrap()
}

fn enrolled(bench: &Bench) -> String {
    let deal = deal(bench);
    bench.simulator.enrol(PORTAL, "deals", deal, "create-invoice", &[("currency", "SEK")]).unwrap()
}

/// Answers the one call that is due.
fn reply(bench: &Bench, reply: Result<http::Response<bytes::Bytes>, DeliveryFailure>) {
    let due = bench.simulator.due_deliveries();
    assert_eq!(due.len(), 1);
    assert!(bench.simulator.answered(due[0].id, reply));
}

fn outputs(fields: &Value) -> Result<http::Response<bytes::Bytes>, DeliveryFailure> {
    answer(200, &json!({ "outputFields": fields }).to_string())
}

fn shown(execution: &Execution) -> String {
    let Execution { state, attempts, last_status, outputs, .. } = execution;
    format!("{state:?} after {attempts}, {last_status:?} {outputs:?}")
}

#[test]
fn a_call_as_it_was_captured() {
    let bench = bench();
    bench
        .simulator
        .workflows(|workflows| {
            let action = workflows.actions.iter_mut().find(|action| action.name == "create-invoice").unwrap();
            action.properties = ["hs_object_id", "dealname", "closedate"].map(str::to_owned).to_vec();
            action.inputs = BTreeMap::from([("payment_days".to_owned(), "number".to_owned())]);
        })
        .unwrap();
    let record = deal(&bench);
    let property = |property: &str| Field::Property { property: property.to_owned() };
    let fields = BTreeMap::from([
        ("comment".to_owned(), property("description")),
        ("payment_days".to_owned(), Field::Value("30".to_owned())),
        ("your_reference".to_owned(), property("dealname")),
    ]);
    let (object_type, action) = ("deals".to_owned(), "create-invoice".to_owned());
    let enrolment = Enrolment { portal: PORTAL, object_type, record, action, fields, workflow: 8002 };
    let callback_id = bench.simulator.enrol_with(&enrolment).unwrap();
    assert_eq!(callback_id, "ap-4242-900100-1-0");
    let due = bench.simulator.due_deliveries();
    assert_eq!((due.len(), due[0].timeout.as_secs(), due[0].request.uri().path()), (1, 30, "/actions/create-invoice"));
    assert_snapshot!(body(&due[0]), @r#"{"callbackId":"ap-4242-900100-1-0","origin":{"portalId":4242,"userId":null,"actionDefinitionId":7003,"actionDefinitionVersion":1,"actionExecutionIndexIdentifier":{"enrollmentId":900100,"actionExecutionIndex":0},"extensionDefinitionVersionId":1,"extensionDefinitionId":7003},"context":{"workflowId":8002,"actionId":1,"actionExecutionIndexIdentifier":{"enrollmentId":900100,"actionExecutionIndex":0},"source":"WORKFLOWS"},"object":{"objectId":9001,"objectType":"DEAL","properties":{"dealname":"Tak","hs_object_id":"9001"}},"fields":{"payment_days":"30","your_reference":"Tak"},"inputFields":{"payment_days":"30","your_reference":"Tak"},"typedInputs":{"payment_days":{"value":"30","type":"NUMBER"},"your_reference":{"value":"Tak","type":"STRING"}}}"#);
    let header = |name: &str| due[0].request.headers().get(name).map(|value| value.to_str().unwrap());
    let url = "https://kleer.example/actions/create-invoice";
    assert_eq!(
        header("x-hubspot-signature").unwrap(),
        crate::signature::v2("demo-secret", "POST", url, due[0].request.body())
    );
    assert_eq!(header("x-hubspot-signature-version"), Some("v2"));
    assert_eq!(
        header("x-hubspot-signature-v3").unwrap(),
        crate::signature::v3("demo-secret", "POST", url, due[0].request.body(), "1795176000000")
    );

    bench.put("/_sim/workflows", &json!({ "v3_signature": false }));
    bench.simulator.enrol_with(&enrolment).unwrap();
    assert!(bench.simulator.due_deliveries()[0].request.headers().get("x-hubspot-signature-v3").is_none());
}

#[test]
fn the_answer_decides() {
    let cases = [
        outputs(&json!({ "kleer_invoice_id": "17", "hs_execution_state": "SUCCESS" })),
        outputs(&json!({ "kleer_invoice_id": 17 })),
        outputs(&json!({ "error_code": "MISSING_CLIENT", "hs_execution_state": "FAIL_CONTINUE" })),
        outputs(&json!({ "hs_execution_state": "MAYBE" })),
        answer(200, ""),
        answer(200, "<html>"),
        answer(204, ""),
        answer(400, r#"{"message":"no"}"#),
        answer(401, ""),
        answer(302, ""),
        answer(429, ""),
        answer(500, ""),
        answer(503, ""),
        Err(DeliveryFailure::Timeout),
        Err(DeliveryFailure::Connection),
    ];
    let mut complaints = Vec::new();
    let lines = cases.map(|case| {
        let bench = bench();
        let callback_id = enrolled(&bench);
        reply(&bench, case);
        complaints.extend(bench.simulator.unexpected());
        shown(&bench.simulator.execution(&callback_id).unwrap())
    });
    assert_snapshot!(table(lines), @r#"
    Succeeded after 1, Some(200) {"hs_execution_state": "SUCCESS", "kleer_invoice_id": "17"}
    Succeeded after 1, Some(200) {"kleer_invoice_id": "17"}
    FailedContinue after 1, Some(200) {"error_code": "MISSING_CLIENT", "hs_execution_state": "FAIL_CONTINUE"}
    Succeeded after 1, Some(200) {"hs_execution_state": "MAYBE"}
    Succeeded after 1, Some(200) {}
    Succeeded after 1, Some(200) {}
    Succeeded after 1, Some(204) {}
    Failed after 1, Some(400) {}
    Failed after 1, Some(401) {}
    Failed after 1, Some(302) {}
    Waiting after 1, Some(429) {}
    Waiting after 1, Some(500) {}
    Waiting after 1, Some(503) {}
    Waiting after 1, None {}
    Waiting after 1, None {}
    "#);
    assert_snapshot!(table(complaints), @"
    create-invoice: unknown hs_execution_state MAYBE
    create-invoice: a 2xx without outputFields counts as success
    create-invoice: a 2xx without outputFields counts as success
    create-invoice: a 2xx without outputFields counts as success
    ");
}

#[test]
fn retries_grow_for_three_days_and_keep_the_callback_id() {
    let bench = bench();
    let callback_id = enrolled(&bench);
    let first = body(&bench.simulator.due_deliveries()[0]);
    bench.wait(30_000);
    let mut pauses = Vec::new();
    while let Some(pause) = bench.to_next() {
        pauses.push(pause.to_string());
        for delivery in bench.simulator.due_deliveries() {
            assert_eq!(body(&delivery), first);
            bench.simulator.answered(delivery.id, answer(503, ""));
        }
    }
    assert_snapshot!(pauses.join(" "), @"0 26 61 141 285 575 938 1994 3548 8471 13219 11664 12340 16948 15264 16156 15148 12960 11923 15710 16027 11520 15955 13248 16963 14918");
    assert_snapshot!(shown(&bench.simulator.execution(&callback_id).unwrap()), @"Failed after 26, Some(503) {}");
}

#[test]
fn a_429_says_when_to_come_again() {
    let bench = bench();
    let callback_id = enrolled(&bench);
    let mut busy = answer(429, "");
    busy.as_mut().unwrap().headers_mut().insert("retry-after", "7".parse().unwrap());
    reply(&bench, busy);
    assert_eq!(bench.to_next(), Some(7));
    let mut down = answer(503, "");
    down.as_mut().unwrap().headers_mut().insert("retry-after", "7".parse().unwrap());
    reply(&bench, down);
    assert!(bench.to_next() > Some(20), "of a 503 it is not read");
    reply(&bench, outputs(&json!({})));
    assert_snapshot!(shown(&bench.simulator.execution(&callback_id).unwrap()), @"Succeeded after 3, Some(200) {}");
}

#[test]
fn enrolling_again_and_two_workflows_at_once() {
    let bench = bench();
    let record = deal(&bench);
    let enrol = |workflow| {
        let (object_type, action, fields) = ("deal".to_owned(), "create-invoice".to_owned(), BTreeMap::new());
        let enrolment = Enrolment { portal: PORTAL, object_type, record, action, fields, workflow };
        bench.simulator.enrol_with(&enrolment).unwrap()
    };
    let ids = [enrol(8001), enrol(8002), enrol(8001)];
    let due = bench.simulator.due_deliveries();
    let line = |delivery: &Delivery| {
        let sent = body(delivery);
        format!(
            "{} workflow {} record {}",
            sent["callbackId"], sent["context"]["workflowId"], sent["object"]["objectId"]
        )
    };
    assert_snapshot!(table(due.iter().map(line)), @r#"
    "ap-4242-900100-1-0" workflow 8001 record 9001
    "ap-4242-900101-1-0" workflow 8002 record 9001
    "ap-4242-900102-1-0" workflow 8001 record 9001
    "#);
    for delivery in due.iter().rev() {
        assert!(
            bench.simulator.answered(delivery.id, outputs(&json!({ "kleer_invoice_id": delivery.id.to_string() })))
        );
    }
    let made = ids.map(|id| bench.simulator.execution(&id).unwrap().outputs["kleer_invoice_id"].clone());
    assert_eq!(made, ["1", "2", "3"]);
}

#[test]
fn a_thousand_deals_come_twenty_at_a_time() {
    let bench = bench();
    let record = deal(&bench);
    for _ in 0..1_000 {
        bench.simulator.enrol(PORTAL, "deals", record, "create-agreement", &[]).unwrap();
    }
    let due = bench.simulator.due_deliveries();
    assert_eq!((due.len(), bench.simulator.due_deliveries().len()), (20, 0));
    bench.simulator.answered(due[0].id, outputs(&json!({})));
    assert_eq!(bench.simulator.due_deliveries().len(), 1);
    bench.wait(30_000);
    let rest = bench.simulator.deliver(async |_| outputs(&json!({}))).now_or_never().unwrap();
    assert_eq!(rest, 980 - 1, "all but the one that was answered and the twenty whose time was over");
    assert_eq!(bench.simulator.executions().iter().filter(|one| one.attempts == 1).count(), 1_000);
}

#[test]
fn a_blocked_execution_is_completed_or_expires() {
    let mut bench = bench();
    let block = |bench: &Bench, fields: Value| {
        let callback_id = enrolled(bench);
        reply(bench, outputs(&fields));
        callback_id
    };
    let day = block(&bench, json!({ "hs_execution_state": "BLOCK", "hs_expiration_duration": "P1D" }));
    let week = block(&bench, json!({ "hs_execution_state": "BLOCK" }));
    let batch = block(&bench, json!({ "hs_execution_state": "BLOCK" }));
    let dated = |id: &str| format!("/automation/actions/callbacks/2026-09/{id}/complete");
    let done =
        json!({ "outputFields": { "hs_execution_state": "SUCCESS", "kleer_invoice_id": "17" }, "typedOutputs": {} });
    let failed =
        json!({ "callbackId": batch, "outputFields": { "hs_execution_state": "FAIL_CONTINUE" }, "typedOutputs": {} });
    let status = |reply: Reply| reply.short();
    let mut lines = vec![
        status(bench.post(&dated(&week), &json!({ "outputFields": {} }))),
        status(bench.post(&dated("ap-4242-1-1-0"), &done)),
        status(bench.post(&format!("/automation/v4/actions/callbacks/{week}/complete"), &done)),
        status(bench.post(&dated(&week), &done)),
        status(bench.post("/automation/actions/callbacks/2026-09/complete", &json!({ "inputs": [failed] }))),
    ];
    assert_eq!(bench.to_next(), Some(86_400));
    assert_eq!(bench.simulator.due_deliveries().len(), 0);
    lines.extend([day, week, batch].map(|id| shown(&bench.simulator.execution(&id).unwrap())));
    let code =
        bench.post("/_sim/oauth/codes", &json!({ "scopes": ["oauth"] })).body["code"].as_str().unwrap().to_owned();
    let form = format!("client_id=demo-client&client_secret=demo-secret&grant_type=authorization_code&code={code}");
    bench.token =
        bench.send("POST", "/oauth/2026-09/token", form).unwrap().body["access_token"].as_str().unwrap().to_owned();
    lines.push(status(bench.post(&dated("ap-4242-1-1-0"), &done)));
    assert_snapshot!(table(lines), @r#"
    400 VALIDATION_ERROR Invalid input JSON on line 1, column 19. Some required fields were not set: [typedOutputs] []
    404 - resource not found []
    204 - - []
    404 - resource not found []
    204 - - []
    Expired after 1, Some(200) {"hs_execution_state": "BLOCK", "hs_expiration_duration": "P1D"}
    Succeeded after 1, Some(200) {"hs_execution_state": "SUCCESS", "kleer_invoice_id": "17"}
    FailedContinue after 1, Some(200) {"hs_execution_state": "FAIL_CONTINUE"}
    403 MISSING_SCOPES This app hasn't been granted all required scopes to make this call. Read more about required scopes here: https://developers.hubspot.com/scopes. []
    "#);
}

#[test]
fn what_cannot_be_enrolled() {
    let bench = bench();
    let record = deal(&bench);
    let enrol =
        |object_type, record, action| bench.simulator.enrol(PORTAL, object_type, record, action, &[]).unwrap_err();
    let mut lines = vec![
        enrol("deals", record, "nonsense"),
        enrol("deals", record, "create-client"),
        enrol("deals", 77, "create-invoice"),
        enrol("nonsense", 77, "create-invoice"),
        bench.put("/_sim/workflows", &json!({ "actions": [{ "name": "x", "action_url": "here" }] })).short(),
    ];
    bench.simulator.person_uninstalls(PORTAL);
    lines.push(enrol("deals", record, "create-invoice"));
    assert_snapshot!(table(lines), @"
    the app has no action nonsense
    create-client is not an action of DEAL workflows
    resource not found
    Unable to infer object type from: nonsense
    400 - here is not a whole http or https URL []
    the app of this action is not installed
    ");
}

#[test]
fn calls_end_with_the_install_and_follow_a_new_definition() {
    let bench = bench();
    let callback_id = enrolled(&bench);
    reply(&bench, answer(500, ""));
    bench.simulator.calls("https://new.example").unwrap();
    bench.to_next();
    let again = bench.simulator.due_deliveries();
    assert_eq!(again[0].request.uri().host(), Some("new.example"));
    bench.simulator.answered(again[0].id, answer(500, ""));
    bench.simulator.person_uninstalls(PORTAL);
    bench.to_next();
    assert_eq!(bench.simulator.due_deliveries().len(), 0);
    assert_snapshot!(shown(&bench.simulator.execution(&callback_id).unwrap()), @"Failed after 2, Some(500) {}");
}

#[test]
fn executions_survive_a_kill() {
    let folder = tempfile::tempdir().unwrap();
    let open = || {
        let (time, clock) = super::clock();
        let options = Options::default().calling("https://kleer.example");
        let simulator = Simulator::open(options, time, folder.path()).unwrap();
        Bench { simulator, clock, token: "demo-app-token".to_owned() }
    };
    let bench = open();
    let [blocked, flying] = [enrolled(&bench), enrolled(&bench)];
    let due = bench.simulator.due_deliveries();
    bench.simulator.answered(due[0].id, outputs(&json!({ "hs_execution_state": "BLOCK" })));
    let before = bench.simulator.executions();
    drop(bench);
    let again = open();
    assert_eq!(again.simulator.executions(), before);
    assert_eq!(body(&again.simulator.due_deliveries()[0])["callbackId"], json!(flying));
    assert_eq!(again.simulator.execution(&blocked).unwrap().next_at, Some("2026-11-27T12:00:00Z".parse().unwrap()));
    assert_eq!(enrolled(&again), "ap-4242-900102-1-0", "an id is never given twice");
}

#[test]
fn choices_are_fetched() {
    let bench = bench();
    let fetch = |body: &Value| bench.post("/_sim/workflows/options", body);
    let typed = json!({ "object_type": "deal", "action": "create-invoice", "input": "delivery_type", "q": "e-p" });
    let mut lines = vec![fetch(&typed).short()];
    let inputs = json!({ "currency": "SEK", "name": { "property": "dealname" } });
    let opened = json!({ "object_type": "deal", "action": "create-invoice", "input": "delivery_type", "inputs": inputs, "after": "2" });
    let id = fetch(&opened).body["fetch"].clone();
    let page = |id: &Value| bench.get(&format!("/_sim/workflows/options/{id}")).body.to_string();
    lines.push(page(&id));
    let due = bench.simulator.due_deliveries();
    lines.push(format!("{} {}", due[0].request.uri(), body(&due[0])));
    assert_eq!(due[0].request.headers()["x-hubspot-signature-version"], "v2");
    let choices = json!({ "options": [{ "label": "E-post", "value": "Email" }], "after": "3", "searchable": true });
    bench.simulator.answered(due[0].id, answer(200, &choices.to_string()));
    lines.push(page(&id));
    for case in [answer(500, ""), answer(200, r#"{"options":[{"label":1}]}"#), Err(DeliveryFailure::Timeout)] {
        let id = fetch(&typed).body["fetch"].clone();
        let due = bench.simulator.due_deliveries();
        assert_eq!(body(&due[0])["fetchOptions"], json!({ "q": "e-p" }));
        bench.simulator.answered(due[0].id, case);
        lines.push(page(&id));
    }
    lines.extend(bench.simulator.unexpected());
    assert_snapshot!(table(lines), @r#"
    400 - no answer for this input was searchable, so nothing can be typed []
    "waiting"
    https://kleer.example/actions/options {"origin":{"portalId":4242,"actionDefinitionId":7003,"actionDefinitionVersion":1},"objectTypeId":"0-3","inputFieldName":"delivery_type","inputFields":{"currency":{"type":"STATIC_VALUE","value":"SEK"},"name":{"type":"OBJECT_PROPERTY","propertyName":"dealname"}},"fetchOptions":{"after":"2"}}
    {"got":{"options":[{"label":"E-post","value":"Email"}],"after":"3","searchable":true}}
    {"failed":{"message":"status 500"}}
    {"failed":{"message":"invalid type: integer `1`, expected a string at line 1 column 22"}}
    {"failed":{"message":"there was no answer in time"}}
    create-invoice: options cannot be read: invalid type: integer `1`, expected a string at line 1 column 22
    "#);
    assert_eq!(bench.simulator.next_delivery_at(), None, "nothing is tried again");
}

#[test]
fn the_control_routes_enrol_and_show() {
    let bench = bench();
    let record = deal(&bench);
    let enrolment = json!({ "object_type": "deals", "record": record, "action": "create-project", "fields": { "name": { "property": "dealname" }, "number": "7" } });
    let id = bench.post("/_sim/workflows/enrol", &enrolment).body["callback_id"].as_str().unwrap().to_owned();
    reply(&bench, outputs(&json!({ "kleer_project_id": "3" })));
    assert_snapshot!(bench.get(&format!("/_sim/workflows/{id}")).body, @r#"{"callback_id":"ap-4242-900100-1-0","portal":4242,"workflow":8001,"enrollment":900100,"action":"create-project","object_type":"0-3","record":9001,"fields":{"name":"Tak","number":"7"},"properties":{},"enrolled_at":"2026-11-20T12:00:00Z","state":"succeeded","outputs":{"kleer_project_id":"3"},"attempts":1,"last_status":200,"next_at":null}"#);
    let all = bench.get("/_sim/workflows").body;
    assert_eq!(
        (all["executions"].as_array().unwrap().len(), all["settings"]["actions"].as_array().unwrap().len()),
        (1, 7)
    );
    assert_eq!(bench.post("/_sim/calls", &json!({ "base": "http://127.0.0.1:9999/" })).status, 204);
    assert_eq!(bench.get("/_sim/webhooks").body["target"], json!("http://127.0.0.1:9999/webhooks/hubspot"));
    assert_eq!(bench.post("/_sim/calls", &json!({ "base": "nowhere" })).status, 400);
}
