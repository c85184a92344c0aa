//! What every function has in common on AWS Lambda. A function's `main.rs` says which queues wake it, or that requests do, and what
//! handles them; everything about Lambda itself stands here:
//!
//! * start: configuration, clients, open connections ([`App::on_aws`]); what is wrong is one sentence, and the process ends;
//! * requests as API Gateway hands them over, and answers as it wants them;
//! * batches: one group after the other's order, partial failures, pauses set by visibility;
//! * the time limit: what is not begun shortly before it goes back to the queue;
//! * logs as JSON with the request id on each line, panics among them; metrics as lines of the embedded metric format.

mod batch;
mod event;
mod http;
mod metrics;

use std::fmt::Display;
use std::process::ExitCode;
use std::time::Duration;

use app::{App, CloudConfig, Telemetry};
use jiff::Timestamp;
use lambda_http::aws_lambda_events::apigw::ApiGatewayV2httpRequest;
use lambda_runtime::{LambdaEvent, Runtime, service_fn};
use queue::{Delivery, Handled, QueueName};
use rest::{Clock, Transport};
use tracing::Instrument as _;

use event::{Answer, Event};
use metrics::Reporter;

/// Work that is not done this long before the function's time limit is interrupted; what is left of the time is for putting
/// the rest back.
const MARGIN: Duration = Duration::from_secs(5);

/// Runs a function that answers requests. `handle` is never called with a body above the limit, and may panic.
pub async fn run_http<H>(handle: H) -> ExitCode
where
    H: AsyncFn(&App, &web::Request) -> web::Response,
{
    let (config, app) = match start(&[]).await {
        Ok(started) => started,
        Err(sentence) => return cannot_start(&sentence),
    };
    let (app, handle) = (&app, &handle);
    let reporter = &Reporter::new(config.metric_namespace);
    let function = service_fn(async |event: LambdaEvent<ApiGatewayV2httpRequest>| {
        let LambdaEvent { payload, context } = event;
        let span = tracing::info_span!("request", request_id = context.request_id);
        let answering = async {
            let request = http::request(payload)?;
            let answered = match web::path(&request) {
                // Whoever asks whether we are there has the answer: this function started.
                "/health" => web::text(web::StatusCode::OK, "ok\n"),
                // Apart on the heap, for the compiler's sake: futures in futures in futures are too deep for it.
                _ => Box::pin(web::serve(app, &request, handle)).await,
            };
            Ok::<_, String>(http::answer(answered))
        };
        let answer = answering.instrument(span).await;
        reporter.report(app);
        answer
    });
    ended(Runtime::new(function).run().await)
}

/// Runs a function that queues wake. `handle` does the work of one group's messages, in order, until the moment given to it,
/// and answers for each.
pub async fn run<H>(woken_by: &[QueueName], handle: H) -> ExitCode
where
    H: AsyncFn(&App, &[Delivery], Timestamp) -> Vec<Handled>,
{
    run_with_tick(woken_by, async |_: &App| Err("this function has no schedule"), handle).await
}

/// Runs a function that a schedule wakes as well.
pub async fn run_with_tick<T, E, H>(woken_by: &[QueueName], tick: T, handle: H) -> ExitCode
where
    T: AsyncFn(&App) -> Result<usize, E>,
    E: Display,
    H: AsyncFn(&App, &[Delivery], Timestamp) -> Vec<Handled>,
{
    let (config, app) = match start(woken_by).await {
        Ok(started) => started,
        Err(sentence) => return cannot_start(&sentence),
    };
    let address = |queue: &QueueName| config.queues.get(queue).cloned().unwrap_or_default();
    let woken_by: Vec<(QueueName, String)> = woken_by.iter().map(|queue| (*queue, address(queue))).collect();
    let (app, woken_by, tick, handle) = (&app, woken_by.as_slice(), &tick, &handle);
    let reporter = &Reporter::new(config.metric_namespace);
    let function = service_fn(async |event: LambdaEvent<Event>| {
        let LambdaEvent { payload, context } = event;
        let span = tracing::info_span!("request", request_id = context.request_id);
        let until = until(app.clock.now(), context.deadline);
        let answer = answer(app, woken_by, payload, until, tick, handle).instrument(span).await;
        reporter.report(app);
        answer
    });
    ended(Runtime::new(function).run().await)
}

fn cannot_start(sentence: &str) -> ExitCode {
    tracing::error!("{sentence}");
    ExitCode::FAILURE
}

fn ended(result: Result<(), lambda_runtime::Error>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!(%error, "Lambda's runtime interface failed");
            ExitCode::FAILURE
        }
    }
}

/// Configuration, clients, connections.
async fn start(woken_by: &[QueueName]) -> Result<(CloudConfig, App), String> {
    std::panic::set_hook(Box::new(|panic| tracing::error!("{panic}")));
    let config = CloudConfig::from_environment().map_err(|fault| {
        Telemetry::Lambda.install("info");
        fault.to_string()
    })?;
    Telemetry::Lambda.install(&config.common.log);
    let transport = Transport::network_when_needed();
    let app = App::on_aws(&config, transport, Clock::system(), woken_by).await.map_err(|error| error.to_string())?;
    Ok((config, app))
}

async fn answer<T, E, H>(
    app: &App,
    woken_by: &[(QueueName, String)],
    event: Event,
    until: Timestamp,
    tick: &T,
    handle: &H,
) -> Result<Answer, String>
where
    T: AsyncFn(&App) -> Result<usize, E>,
    E: Display,
    H: AsyncFn(&App, &[Delivery], Timestamp) -> Vec<Handled>,
{
    if let Some(records) = event.records {
        let queue = event::queue(woken_by, &records)?;
        return Ok(batch::work(app, queue, records, until, handle).await);
    }
    if event.source.as_deref() != Some("aws.events") {
        return Err("an event that is neither a batch of a queue nor a tick of the schedule".to_owned());
    }
    match tick(app).await {
        Ok(queued) => {
            tracing::info!(queued, "ticked");
            Ok(Answer::default())
        }
        Err(error) => {
            tracing::error!(%error, "the tick failed; the next one makes up for it");
            Err(error.to_string())
        }
    }
}

/// Until when there is time to work. `deadline` is Lambda's, in milliseconds since 1970.
fn until(now: Timestamp, deadline: u64) -> Timestamp {
    let deadline = i64::try_from(deadline).ok().and_then(|millis| Timestamp::from_millisecond(millis).ok());
    let deadline = deadline.unwrap_or_else(|| domain::schedule::later(now, MARGIN * 2));
    deadline.checked_sub(MARGIN).unwrap_or(now)
}
