//! How fast a built function is there, and how small it is, beside a function that does nothing and was built the same way.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use domain::{ObjectType, PortalId, SyncSettings};
use queue::QueueName;
use serde_json::{Value, json};

use super::{Figure, of_limit};
use crate::aws::{Event, Function, Invoked, Stage, StageError, tick};
use crate::pretend::{More, PORTAL, Scene};

const ROUNDS: usize = 15;
/// Start to first poll against that of the function that does nothing, in hundredths.
const TARGET_RATIO: u128 = 300;
const TARGET_WITH_CALLS: Duration = Duration::from_millis(150);
const TARGET_ZIP: u64 = 4_500_000;
/// The portal that all targets are about, with 1,000 clients and 300 products.
const MORE: More = More { invoices: 5_000, agreements: 500, projects: 200 };
/// Three quarters of what the poll function has.
const TARGET_PEAK_MB: u64 = 96;

/// What is measured of a function, by name.
struct Names {
    function: &'static str,
    start: &'static str,
    with_calls: &'static str,
    zip: &'static str,
    answers: &'static str,
}

macro_rules! names {
    ($function:literal) => {
        Names {
            function: $function,
            start: concat!($function, ", start to first poll alone, against nothing"),
            with_calls: concat!($function, ", start with secret and connections"),
            zip: concat!($function, ", zip"),
            answers: concat!($function, ", first answer, warm answer, peak memory"),
        }
    };
}

/// All that are deployed.
const FUNCTIONS: [Names; 6] =
    [names!("poll"), names!("sync"), names!("install"), names!("webhooks"), names!("actions"), names!("settings")];

/// One start.
#[derive(Debug, Clone, Copy)]
struct Start {
    /// From the start of the process until it asks for its first event, without what it waited for AWS.
    alone: Duration,
    /// The same, with the secret read and the connections opened.
    with_calls: Duration,
    first_answer: Duration,
    warm_answer: Duration,
    peak_kilobytes: u64,
}

/// Builds the functions as they are deployed, and measures.
pub(super) async fn measure() -> Result<Vec<Figure>, StageError> {
    let folder = build()?;
    let scene = Scene::of(0, 0);
    let stage = Stage::set(&scene, folder.clone()).await?;
    let (mut nothing, mut starts) = (Vec::new(), FUNCTIONS.map(|_| Vec::new()));
    for _ in 0..ROUNDS {
        // Side by side: whatever else this machine does, it does to all of them.
        nothing.push(one(&stage, "nothing", &folder.join("examples/nothing")).await?);
        for (names, starts) in FUNCTIONS.iter().zip(&mut starts) {
            starts.push(one(&stage, names.function, &folder.join(names.function)).await?);
        }
    }
    let nothing = median(&nothing, |start| start.alone);
    let mut figures = Vec::new();
    for (names, starts) in FUNCTIONS.iter().zip(&starts) {
        figures.extend(figures_of(names, starts, nothing, zipped(&folder.join(names.function))?));
    }
    let peak = peak_of_first_polls(&Scene { more: MORE, ..Scene::of(1_000, 300) }, folder).await? / 1_000;
    figures.push(Figure {
        name: "poll, peak memory for a whole portal",
        measured: format!("{peak} MB"),
        target: format!("at most {TARGET_PEAK_MB} MB"),
        of_limit: of_limit(peak, TARGET_PEAK_MB),
        met: peak > 0 && peak <= TARGET_PEAK_MB,
    });
    Ok(figures)
}

/// The most memory, in KB, that the poll function needs for the first polls of a portal, when everything is new.
async fn peak_of_first_polls(scene: &Scene, folder: PathBuf) -> Result<u64, StageError> {
    let stage = Stage::set(scene, folder).await?;
    let all = SyncSettings { invoice_window_months: None, ..SyncSettings::default() };
    stage.app.store.put_sync_settings(PortalId(PORTAL), &all, 0).await?;
    for object in ObjectType::POLLED {
        stage.app.store.bring_forward(PortalId(PORTAL), object, stage.app.clock.now()).await?;
    }
    let mut poll = stage.start(QueueName::Poll).await?;
    poll.invoke(stage.event(QueueName::Poll, tick())).await;
    let mut polls = 0;
    while let Some((payload, batch)) = stage.gateway.next_batch(QueueName::Poll, 1) {
        polls += 1;
        let invoked = poll.invoke(stage.event(QueueName::Poll, payload)).await;
        let done = matches!(&invoked, Invoked::Answer(answer) if answer["batchItemFailures"] == json!([]));
        if !done {
            return Err(format!("a poll was not done: {}", poll.kill().await?.log).into());
        }
        stage.gateway.settle(QueueName::Poll, &batch, &invoked);
    }
    if polls == 0 {
        return Err("the tick queued no poll: nothing was measured".into());
    }
    Ok(poll.peak_kilobytes())
}

fn figures_of(names: &Names, starts: &[Start], nothing: Duration, zip: u64) -> [Figure; 4] {
    let alone = median(starts, |start| start.alone);
    let with_calls = median(starts, |start| start.with_calls);
    let ratio = alone.as_micros() * 100 / nothing.as_micros().max(1);
    let (first, warm) = (median(starts, |start| start.first_answer), median(starts, |start| start.warm_answer));
    let peak = starts.iter().map(|start| start.peak_kilobytes).max().unwrap_or_default() / 1_000;
    [
        Figure {
            name: names.start,
            measured: format!(
                "{}.{:02} ({} ms against {} ms)",
                ratio / 100,
                ratio % 100,
                millis(alone),
                millis(nothing)
            ),
            target: "at most 3".to_owned(),
            of_limit: of_limit(ratio, TARGET_RATIO),
            met: ratio <= TARGET_RATIO,
        },
        Figure {
            name: names.with_calls,
            measured: format!("{} ms", millis(with_calls)),
            target: format!("at most {} ms", TARGET_WITH_CALLS.as_millis()),
            of_limit: of_limit(with_calls.as_micros(), TARGET_WITH_CALLS.as_micros()),
            met: with_calls <= TARGET_WITH_CALLS,
        },
        Figure {
            name: names.zip,
            measured: format!("{}.{:02} MB", zip / 1_000_000, zip % 1_000_000 / 10_000),
            target: "at most 4.5 MB".to_owned(),
            of_limit: of_limit(zip, TARGET_ZIP),
            met: zip <= TARGET_ZIP,
        },
        Figure {
            name: names.answers,
            measured: format!("{} ms, {} ms, {peak} MB", millis(first), millis(warm)),
            target: "none".to_owned(),
            of_limit: None,
            met: true,
        },
    ]
}

async fn one(stage: &Stage, name: &str, binary: &Path) -> Result<Start, StageError> {
    stage.gateway.take_busy();
    let mut function = Function::start(binary, &stage.environment(&[])).await?;
    function.ready().await;
    let with_calls = function.started.elapsed();
    let waited = stage.gateway.take_busy().map_or(Duration::ZERO, |(first, last)| last - first);
    let event = || Event { payload: payload(name), deadline: stage.within(Duration::from_secs(60)) };
    let mut answers = [Duration::ZERO; 2];
    for took in &mut answers {
        let asked = Instant::now();
        if !matches!(function.invoke(event()).await, Invoked::Answer(_)) {
            return Err(format!("{name} did not answer: {}", function.kill().await?.log).into());
        }
        *took = asked.elapsed();
    }
    let peak_kilobytes = function.peak_kilobytes();
    function.kill().await?;
    let [first_answer, warm_answer] = answers;
    Ok(Start { alone: with_calls.saturating_sub(waited), with_calls, first_answer, warm_answer, peak_kilobytes })
}

/// What a function is woken with. A request without a signature is refused, as it should be, which is an answer as well.
fn payload(name: &str) -> Value {
    let (method, path) = match name {
        "poll" => return tick(),
        "sync" => return message(),
        "install" => ("GET", "/health"),
        "webhooks" => ("POST", "/webhooks/hubspot"),
        "actions" => ("POST", "/actions/create-client"),
        "settings" => ("GET", "/settings/overview"),
        _ => return json!({ "Records": [] }),
    };
    json!({
        "version": "2.0", "routeKey": "$default", "rawPath": path, "rawQueryString": "", "headers": {},
        "requestContext": {
            "accountId": "1", "apiId": "x", "domainName": "x", "domainPrefix": "x", "requestId": "x", "routeKey": "$default",
            "stage": "$default", "time": "x", "timeEpoch": 0,
            "http": { "method": method, "path": path, "protocol": "HTTP/1.1", "sourceIp": "127.0.0.1", "userAgent": "x" },
        },
        "body": "", "isBase64Encoded": false,
    })
}

/// A message that no release can read: it is put back, which is an answer as well.
fn message() -> Value {
    json!({ "Records": [{
        "messageId": "x", "receiptHandle": "x", "body": "{}",
        "attributes": {
            "ApproximateReceiveCount": "1", "MessageGroupId": PORTAL.to_string(), "MessageDeduplicationId": "x",
            "SenderId": "x", "SentTimestamp": "0", "SequenceNumber": "x",
        },
        "messageAttributes": {}, "md5OfBody": "x", "eventSource": "aws:sqs", "awsRegion": "eu-north-1",
        "eventSourceARN": "arn:aws:sqs:eu-north-1:1:sync.fifo",
    }] })
}

/// Builds with the release profile and answers the folder.
fn build() -> Result<PathBuf, StageError> {
    let mut cargo = Command::new("cargo");
    cargo.args(["build", "--release", "--quiet", "--message-format", "json", "--bins", "--example", "nothing"]);
    cargo.args(["--package", "lambda"]);
    cargo.args(FUNCTIONS.iter().flat_map(|names| ["--package".to_owned(), format!("{}-function", names.function)]));
    let output = cargo.output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
    }
    let text = String::from_utf8_lossy(&output.stdout);
    let built = text.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let named = |one: &Value| one["target"]["name"] == QueueName::Poll.as_str() && one["executable"].is_string();
    let poll = built.filter(named).find_map(|one| one["executable"].as_str().map(PathBuf::from));
    poll.as_deref().and_then(Path::parent).map(Path::to_owned).ok_or_else(|| "cargo built no poll function".into())
}

/// The size of a function's zip: gzip compresses in the same way.
fn zipped(binary: &Path) -> Result<u64, StageError> {
    let output = Command::new("gzip").args(["-9", "-c"]).arg(binary).output()?;
    Ok(output.stdout.len() as u64)
}

fn median(starts: &[Start], part: impl Fn(&Start) -> Duration) -> Duration {
    let mut parts: Vec<Duration> = starts.iter().map(part).collect();
    parts.sort_unstable();
    parts.get(parts.len() / 2).copied().unwrap_or_default()
}

/// With one decimal.
fn millis(span: Duration) -> String {
    format!("{}.{}", span.as_millis(), span.as_micros() % 1_000 / 100)
}
