//! A function that answers requests: API Gateway hands them over, and what it queues the sync function does.

use std::time::Duration;

use hubspot_sim::signature;
use local::aws::{Event, Function, Invoked, PUBLIC, Refusal, Stage};
use local::pretend::PORTAL;
use queue::{BATCH_LIMIT, QueueName};
use serde_json::{Value, json};

const PATH: &str = "/webhooks/hubspot";

/// What the function answers to a request, as API Gateway hands it over: status and body.
async fn answered(
    stage: &Stage,
    function: &mut Function,
    method: &str,
    path: &str,
    headers: Value,
    body: &str,
) -> (u64, String) {
    let payload = json!({
        "version": "2.0", "routeKey": "$default", "rawPath": path, "rawQueryString": "", "headers": headers,
        "requestContext": {
            "accountId": "1", "apiId": "x", "domainName": "x", "domainPrefix": "x", "requestId": "x", "routeKey": "$default",
            "stage": "$default", "time": "x", "timeEpoch": 0,
            "http": { "method": method, "path": path, "protocol": "HTTP/1.1", "sourceIp": "127.0.0.1", "userAgent": "HubSpot" },
        },
        "body": body, "isBase64Encoded": false,
    });
    let event = Event { payload, deadline: stage.within(Duration::from_secs(10)) };
    match function.invoke(event).await {
        Invoked::Answer(answer) => {
            (answer["statusCode"].as_u64().unwrap(), answer["body"].as_str().unwrap_or_default().to_owned())
        }
        other => panic!("{other:?}"),
    }
}

/// Signed as HubSpot does it, with this secret.
fn signed(stage: &Stage, body: &str, secret: &str) -> Value {
    let stamp = stage.within(Duration::ZERO).as_millisecond().to_string();
    let signature = signature::v3(secret, "POST", &format!("{PUBLIC}{PATH}"), body.as_bytes(), &stamp);
    json!({ "content-type": "application/json", "x-hubspot-signature-v3": signature, "x-hubspot-request-timestamp": stamp })
}

/// HubSpot says that a person changed a property of a company.
fn event(stage: &Stage, company: u64, property: &str) -> String {
    // Some seconds ago: what has just happened waits for what may happen next.
    let at = stage.within(Duration::ZERO).as_millisecond() - 5_000;
    json!([{
        "eventId": 1, "subscriptionId": 1, "portalId": PORTAL, "appId": 1_000_001, "occurredAt": at, "attemptNumber": 0,
        "subscriptionType": "object.propertyChange", "objectId": company, "objectTypeId": "0-2", "propertyName": property,
        "propertyValue": "x", "changeSource": "CRM_UI", "sourceId": "userId:501",
    }])
    .to_string()
}

#[tokio::test]
async fn a_webhook_changes_kleer() {
    let stage = super::stage().await;
    stage.run().await.unwrap();
    let portal = PORTAL.unsigned_abs();
    let company = stage.pretend.hubspot.records(portal, "companies")[0].clone();
    stage.pretend.hubspot.person_edits(portal, "companies", company.id, &[("phone", "08-999")]).unwrap();
    let mut webhooks = stage.start_named("webhooks").await.unwrap();
    let body = event(&stage, company.id, "phone");

    assert_eq!(answered(&stage, &mut webhooks, "GET", "/health", json!({}), "").await, (200, "ok\n".to_owned()));
    let forged = signed(&stage, &body, "another-secret");
    assert_eq!(answered(&stage, &mut webhooks, "POST", PATH, forged, &body).await.0, 401);
    assert!(stage.gateway.next_batch(QueueName::Change, BATCH_LIMIT).is_none());

    // A queue that takes nothing for the moment: HubSpot is asked to send it again.
    let operation = "AmazonSQS.SendMessageBatch";
    stage.gateway.refuse(Refusal { operation, code: "AccessDenied", times: u32::MAX });
    let genuine = signed(&stage, &body, "demo-secret");
    assert_eq!(answered(&stage, &mut webhooks, "POST", PATH, genuine.clone(), &body).await.0, 503);
    stage.gateway.relent();
    assert_eq!(answered(&stage, &mut webhooks, "POST", PATH, genuine, &body).await.0, 200);

    let kleer_id: i64 = company.get("kleer_id").unwrap().parse().unwrap();
    stage.run().await.unwrap();
    let phone = stage.pretend.kleer.state(|state| state.company(1).client(kleer_id).unwrap().phone);
    assert_eq!(phone, "08-999");
    super::all_is_well(&stage).await;
}
