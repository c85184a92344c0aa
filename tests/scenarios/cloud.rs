//! An app on AWS, over the gateway in this process: what stops it from starting, in one sentence each.

use app::{App, CloudConfig};
use local::aws::{Gateway, QueueState, Refusal};
use local::machine::Ground;
use queue::QueueName;
use rest::Clock;
use store::Store;

const SECRET: &str =
    r#"{"client_secrets":["s"],"keys":[{"id":"1","key":"MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="}]}"#;
const CALL_FOR_SECRET: &str = "secretsmanager.GetSecretValue";

fn gateway(clock: &Clock) -> Gateway {
    let queues = ["poll.fifo", "sync.fifo"].map(|name| (name.to_owned(), QueueState::default()));
    let gateway = Gateway::new(clock.clone(), Ground::fresh().unwrap().database, queues.into_iter().collect());
    gateway.put_secret("app", SECRET);
    gateway
}

fn start(prepare: impl FnOnce(&Gateway), with_table: bool) -> String {
    let clock = Clock::manual("2026-11-20T08:00:00Z".parse().unwrap());
    let gateway = gateway(&clock);
    let config = CloudConfig::read(|name| {
        let value = match name {
            "TABLE_NAME" => "table",
            "POLL_QUEUE_URL" => "http://gateway.invalid/1/poll.fifo",
            "SYNC_QUEUE_URL" => "http://gateway.invalid/1/sync.fifo",
            "CHANGE_QUEUE_URL" => "http://gateway.invalid/1/change.fifo",
            "APP_SECRET_ID" => "app",
            "AWS_ENDPOINT_URL" => "http://gateway.invalid",
            _ => name.starts_with("AWS_").then_some("x")?,
        };
        Some(value.to_owned())
    })
    .unwrap();
    let sdk = config.access.sdk(gateway.transport(), &clock);
    if with_table {
        let store = Store::new(app::dynamodb(&sdk), "table");
        clock.run(store.create_table_if_missing()).unwrap();
    }
    prepare(&gateway);
    match clock.run(App::on_aws(&config, gateway.transport(), clock.clone(), &[QueueName::Sync])) {
        Ok(app) => format!("started: {:?}, {} client secrets", app.keys, app.client_secrets.len()),
        Err(error) => error.to_string(),
    }
}

fn refuse(operation: &'static str, code: &'static str, times: u32) -> impl FnOnce(&Gateway) {
    move |gateway: &Gateway| gateway.refuse(Refusal { operation, code, times })
}

#[test]
fn what_stops_a_function_is_one_sentence() {
    insta::assert_snapshot!([
        start(|_| {}, true),
        start(|gateway| gateway.put_secret("app", "{}"), true),
        start(refuse(CALL_FOR_SECRET, "ResourceNotFoundException", 1), true),
        start(refuse(CALL_FOR_SECRET, "AccessDeniedException", 1), true),
        start(|_| {}, false),
    ].join("\n"), @r#"
    started: KeyRing(1 keys), 1 client secrets
    The app secret app is malformed: it must look like {"client_secrets":["…"],"keys":[{"id":"…","key":"…"}]}, and is something else from line 1, column 2.
    The app secret app is not there or has no value yet: put one, as infra/README.md says.
    The app secret app may not be read: let the function's role read it and decrypt with its key.
    The table table cannot be used: service error: ResourceNotFoundException: Requested resource not found: ResourceNotFoundException: Requested resource not found.
    "#);
}

#[test]
fn what_will_pass_stops_nobody() {
    for (operation, code) in [
        (CALL_FOR_SECRET, "ThrottlingException"),
        ("DynamoDB_20120810.GetItem", "ThrottlingException"),
        ("DynamoDB_20120810.GetItem", "ProvisionedThroughputExceededException"),
        ("AmazonSQS.GetQueueAttributes", "RequestThrottled"),
    ] {
        let told = start(refuse(operation, code, 2), true);
        assert!(told.starts_with("started"), "{operation} {code}: {told}");
    }
    // Longer than the SDK repeats it: the table may come back, the queue is not needed yet.
    for operation in ["DynamoDB_20120810.GetItem", "AmazonSQS.GetQueueAttributes"] {
        let told = start(refuse(operation, "ThrottlingException", 100), true);
        assert!(told.starts_with("started"), "{operation}: {told}");
    }
}
