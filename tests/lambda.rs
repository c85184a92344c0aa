//! The built functions behind Lambda's own protocol, over a gateway that refuses, throttles and hangs as a test asks: nothing is
//! lost, nothing is doubled, and what cannot start says why.

#![expect(clippy::unwrap_used, reason = "a story that cannot go on has failed, and the panic says where")]

#[path = "lambda/requests.rs"]
mod requests;

use std::path::PathBuf;
use std::process::Command;
use std::sync::OnceLock;
use std::time::Duration;

use domain::{ObjectType, PortalId};
use local::aws::{Function, Invoked, Refusal, SECRET, Stage, Waiting, tick};
use local::pretend::{PORTAL, Scene};
use queue::QueueName;
use serde_json::{Value, json};

const CLIENTS: u32 = 30;
const PRODUCTS: u32 = 5;

/// Where the built functions are.
fn binaries() -> PathBuf {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    BUILT.get_or_init(build).clone()
}

/// Builds them, which takes no time if they are built.
fn build() -> PathBuf {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args([
        "build",
        "--quiet",
        "--message-format",
        "json",
        "--package",
        "poll-function",
        "--package",
        "sync-function",
        "--package",
        "webhooks-function",
    ]);
    let output = cargo.arg("--bins").output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let built = text.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let executable = built.filter_map(|one| one["executable"].as_str().map(PathBuf::from)).next_back().unwrap();
    executable.parent().unwrap().to_owned()
}

async fn stage() -> Stage {
    let scene = Scene::of(CLIENTS, PRODUCTS);
    Stage::set(&scene, binaries()).await.unwrap()
}

/// Everything is in HubSpot once, nothing waits, and another run writes nothing.
async fn all_is_well(stage: &Stage) {
    for (kind, expected) in [("companies", CLIENTS), ("products", PRODUCTS)] {
        let records = stage.pretend.hubspot.records(PORTAL.unsigned_abs(), kind);
        assert_eq!(records.len(), expected as usize, "{kind}");
    }
    for queue in ["poll.fifo", "sync.fifo", "change.fifo"] {
        let (waiting, dead) = stage.gateway.queue(queue, |state| (state.waiting.clone(), state.dead.clone()));
        assert!(waiting.is_empty() && dead.is_empty(), "{queue}: {waiting:?} {dead:?}");
    }
    let writes = writes(stage);
    stage.run().await.unwrap();
    assert_eq!(self::writes(stage), writes, "the second run wrote");
    let unexpected = stage.pretend.hubspot.unexpected();
    assert!(unexpected.is_empty(), "{unexpected:?}");
}

/// Requests that change records in HubSpot.
fn writes(stage: &Stage) -> usize {
    let requests = stage.pretend.hubspot.requests();
    requests.iter().filter(|request| request.path.contains("/batch/up")).count()
}

/// Polls are done and pages wait: the first batch of them, as the sync function gets it.
async fn first_pages(stage: &Stage) -> (Value, Vec<Waiting>) {
    let mut poll = stage.start(QueueName::Poll).await.unwrap();
    assert_eq!(
        poll.invoke(stage.event(QueueName::Poll, tick())).await,
        Invoked::Answer(json!({"batchItemFailures": []}))
    );
    while let Some((payload, batch)) = stage.gateway.next_batch(QueueName::Poll, 1) {
        let invoked = poll.invoke(stage.event(QueueName::Poll, payload)).await;
        assert_eq!(invoked, Invoked::Answer(json!({"batchItemFailures": []})));
        stage.gateway.settle(QueueName::Poll, &batch, &invoked);
    }
    stage.gateway.next_batch(QueueName::Sync, 10).expect("pages wait")
}

/// What the messages that are out were hidden for has passed.
fn visible_again(stage: &Stage) {
    stage.app.clock.skip(QueueName::Sync.visibility());
}

#[tokio::test]
async fn a_first_sync_and_nothing_more() {
    let stage = stage().await;
    stage.run().await.unwrap();
    all_is_well(&stage).await;
}

/// The sync function is killed in a batch after so many calls to AWS. Answers whether it was, and whether HubSpot had been
/// written to by then.
async fn killed_after(calls: u32) -> (bool, bool) {
    let stage = stage().await;
    let (payload, batch) = first_pages(&stage).await;
    let mut sync = stage.start(QueueName::Sync).await.unwrap();
    sync.ready().await;
    let event = stage.event(QueueName::Sync, payload);
    let done = tokio::select! {
        invoked = sync.invoke(event) => Some(invoked),
        () = stage.gateway.stuck_after(calls) => None,
    };
    sync.kill().await.unwrap();
    let written = writes(&stage) > 0;
    stage.gateway.settle(QueueName::Sync, &batch, done.as_ref().unwrap_or(&Invoked::Gone));
    visible_again(&stage);
    stage.run().await.unwrap();
    all_is_well(&stage).await;
    (done.is_none(), written)
}

#[tokio::test]
async fn killed_in_a_batch_at_many_moments() {
    let mut killed_after_writing = 0;
    // Every fifth: each costs the start of five processes.
    for calls in (0..).step_by(5) {
        let (killed, written) = killed_after(calls).await;
        killed_after_writing += u32::from(killed && written);
        if !killed {
            break;
        }
    }
    assert!(
        killed_after_writing > 1,
        "it was killed {killed_after_writing} times when HubSpot knew more than the table"
    );
}

#[tokio::test]
async fn delivered_twice_and_in_parallel() {
    let stage = stage().await;
    let (payload, batch) = first_pages(&stage).await;
    let (mut one, mut two) = (stage.start(QueueName::Sync).await.unwrap(), stage.start(QueueName::Sync).await.unwrap());
    let event = stage.event(QueueName::Sync, payload);
    let (first, second) = futures::future::join(one.invoke(event.clone()), two.invoke(event.clone())).await;
    let done = Invoked::Answer(json!({"batchItemFailures": []}));
    assert!(first == done || second == done, "{first:?} {second:?}");
    // Once more, long after it was done.
    assert_eq!(one.invoke(event).await, done);
    stage.gateway.settle(QueueName::Sync, &batch, &done);
    visible_again(&stage);
    stage.run().await.unwrap();
    all_is_well(&stage).await;
}

#[tokio::test]
async fn a_throttled_table_puts_the_batch_back() {
    let stage = stage().await;
    let (payload, batch) = first_pages(&stage).await;
    let mut sync = stage.start(QueueName::Sync).await.unwrap();
    sync.ready().await;
    let (operation, code) = ("DynamoDB_20120810.", "ProvisionedThroughputExceededException");
    stage.gateway.refuse(Refusal { operation, code, times: u32::MAX });
    let invoked = sync.invoke(stage.event(QueueName::Sync, payload)).await;
    let Invoked::Answer(answer) = &invoked else { panic!("{invoked:?}") };
    assert_eq!(answer["batchItemFailures"].as_array().unwrap().len(), batch.len(), "{answer}");
    stage.gateway.settle(QueueName::Sync, &batch, &invoked);
    stage.gateway.relent();
    let hidden =
        stage.gateway.queue("sync.fifo", |state| state.waiting.iter().filter_map(|one| one.hidden_until).max());
    let pause = hidden.unwrap().duration_since(stage.app.clock.now());
    assert!(pause.as_secs() <= 60, "it comes again after its own pause, not after the queue's: {pause}");
    visible_again(&stage);
    stage.run().await.unwrap();
    all_is_well(&stage).await;
}

#[tokio::test]
async fn a_message_that_cannot_be_read_holds_back_what_follows() {
    let stage = stage().await;
    let (mut payload, batch) = first_pages(&stage).await;
    assert!(batch.len() >= 2, "a page of each type");
    payload["Records"][0]["body"] = json!("{}");
    let mut sync = stage.start(QueueName::Sync).await.unwrap();
    let invoked = sync.invoke(stage.event(QueueName::Sync, payload)).await;
    let Invoked::Answer(answer) = &invoked else { panic!("{invoked:?}") };
    let failed: Vec<&Value> =
        answer["batchItemFailures"].as_array().unwrap().iter().map(|one| &one["itemIdentifier"]).collect();
    assert_eq!(failed, batch.iter().map(|one| one.id.as_str()).collect::<Vec<_>>());
    assert_eq!(writes(&stage), 0);
    stage.gateway.settle(QueueName::Sync, &batch, &invoked);
    visible_again(&stage);
    stage.run().await.unwrap();
    all_is_well(&stage).await;
}

#[tokio::test]
async fn near_its_time_limit_it_hands_the_rest_back() {
    let stage = stage().await;
    let (payload, batch) = first_pages(&stage).await;
    let mut sync = stage.start(QueueName::Sync).await.unwrap();
    let mut event = stage.event(QueueName::Sync, payload);
    event.deadline = stage.within(Duration::from_secs(4));
    let invoked = sync.invoke(event).await;
    let Invoked::Answer(answer) = &invoked else { panic!("{invoked:?}") };
    assert_eq!(answer["batchItemFailures"].as_array().unwrap().len(), batch.len());
    assert_eq!(writes(&stage), 0, "nothing is begun");
    stage.gateway.settle(QueueName::Sync, &batch, &invoked);
    // At once, without waiting for the visibility.
    stage.run().await.unwrap();
    all_is_well(&stage).await;
}

/// The last line that a function logs that cannot start.
async fn refusal(stage: &Stage, changes: &[(&'static str, &str)]) -> String {
    let environment = stage.environment(changes);
    let function = Function::start(&stage.binaries.join("sync"), &environment).await.unwrap();
    let ended = function.ended().await.unwrap();
    assert!(!ended.status.success(), "{}", ended.log);
    let lines: Vec<Value> = ended.log.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 1, "one line: {lines:?}");
    lines[0]["message"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn bad_configuration_stops_it_with_a_sentence() {
    let stage = stage().await;
    let mut told = vec![
        refusal(&stage, &[("TABLE_NAME", "")]).await,
        refusal(&stage, &[("TABLE_NAME", "other")]).await,
        refusal(&stage, &[("APP_SECRET_ID", "other")]).await,
        refusal(&stage, &[("HUBSPOT_BASE_URL", "hubspot")]).await,
    ];
    stage.gateway.put_secret("app", &SECRET.replace("keys", "kyes"));
    told.push(refusal(&stage, &[]).await);
    let operation = "secretsmanager.GetSecretValue";
    stage.gateway.refuse(Refusal { operation, code: "AccessDeniedException", times: 1 });
    told.push(refusal(&stage, &[]).await);
    insta::assert_snapshot!(told.join("\n"), @r#"
    TABLE_NAME is not set: the name of the DynamoDB table
    The table other cannot be used: service error: ResourceNotFoundException: Requested resource not found: ResourceNotFoundException: Requested resource not found.
    The app secret other is not there or has no value yet: put one, as infra/README.md says.
    HUBSPOT_BASE_URL is "hubspot", which is no address: it must begin with https:// (or http://)
    The app secret app is malformed: it must look like {"client_secrets":["…"],"keys":[{"id":"…","key":"…"}]}, and is something else from line 1, column 40.
    The app secret app may not be read: let the function's role read it and decrypt with its key.
    "#);
}

#[tokio::test]
async fn a_denied_secret_loses_nothing() {
    let stage = stage().await;
    let operation = "secretsmanager.GetSecretValue";
    stage.gateway.refuse(Refusal { operation, code: "AccessDeniedException", times: u32::MAX });
    stage.run().await.unwrap();
    stage.gateway.relent();
    assert_eq!(stage.pretend.hubspot.records(PORTAL.unsigned_abs(), "companies").len(), 0);
    stage.run().await.unwrap();
    all_is_well(&stage).await;
}

#[tokio::test]
async fn an_event_of_nobody_is_an_error() {
    let stage = stage().await;
    let mut poll = stage.start(QueueName::Poll).await.unwrap();
    let invoked = poll.invoke(stage.event(QueueName::Poll, json!({"hello": "world"}))).await;
    assert!(matches!(&invoked, Invoked::Error(error) if error.to_string().contains("neither")), "{invoked:?}");
    // And the next one is served all the same.
    let ticked = poll.invoke(stage.event(QueueName::Poll, tick())).await;
    assert_eq!(ticked, Invoked::Answer(json!({"batchItemFailures": []})));
    let due = stage.app.store.next_due(PortalId(PORTAL), ObjectType::Client).await.unwrap().unwrap();
    assert!(due > stage.within(Duration::ZERO), "its slot moved on");
}
