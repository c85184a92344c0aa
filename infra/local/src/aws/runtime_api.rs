//! Lambda's Runtime API: a function asks for the next event and posts its answer
//! (<https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html>).

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::{Path, State};
use axum::routing::{get, post};
use http::StatusCode;
use jiff::Timestamp;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::{Notify, mpsc, oneshot};

use super::locked;

/// What a function is woken with.
#[derive(Debug, Clone)]
pub struct Event {
    /// The event source's words.
    pub payload: Value,
    /// When Lambda would end the function.
    pub deadline: Timestamp,
}

/// A function's answer, or what it says went wrong.
pub(super) type Answered = Result<Value, Value>;

/// One function's side of the API.
#[derive(Clone)]
pub(super) struct RuntimeApi(Arc<Inner>);

struct Inner {
    events: mpsc::UnboundedSender<(Event, oneshot::Sender<Answered>)>,
    waiting: tokio::sync::Mutex<mpsc::UnboundedReceiver<(Event, oneshot::Sender<Answered>)>>,
    open: Mutex<HashMap<String, oneshot::Sender<Answered>>>,
    given: AtomicU64,
    asked: Notify,
}

impl RuntimeApi {
    pub(super) fn new() -> Self {
        let (events, waiting) = mpsc::unbounded_channel();
        let waiting = tokio::sync::Mutex::new(waiting);
        Self(Arc::new(Inner {
            events,
            waiting,
            open: Mutex::default(),
            given: AtomicU64::new(1),
            asked: Notify::new(),
        }))
    }

    /// Wakes the function; resolves with its answer, or with nothing if it ends without one.
    pub(super) async fn invoke(&self, event: Event) -> Option<Answered> {
        let (answered, answer) = oneshot::channel();
        self.0.events.send((event, answered)).ok()?;
        answer.await.ok()
    }

    /// Resolves when the function asks for an event the next time.
    pub(super) async fn asked(&self) {
        self.0.asked.notified().await;
    }

    /// Whoever waits for an answer gets none: the process is gone.
    pub(super) fn hang_up(&self) {
        locked(&self.0.open).clear();
    }

    pub(super) async fn serve(self, listener: TcpListener) -> std::io::Result<()> {
        let routes = Router::new()
            .route("/2018-06-01/runtime/invocation/next", get(next))
            .route("/2018-06-01/runtime/invocation/{id}/response", post(response))
            .route("/2018-06-01/runtime/invocation/{id}/error", post(error))
            .route("/2018-06-01/runtime/init/error", post(async || StatusCode::ACCEPTED))
            .with_state(self);
        axum::serve(listener, routes).await
    }

    fn answered(&self, id: &str, answer: Answered) -> StatusCode {
        if let Some(waiting) = locked(&self.0.open).remove(id) {
            // Whoever asked may be gone.
            drop(waiting.send(answer));
        }
        StatusCode::ACCEPTED
    }
}

async fn next(State(api): State<RuntimeApi>) -> Result<http::Response<axum::body::Body>, StatusCode> {
    api.0.asked.notify_one();
    let (event, answered) = api.0.waiting.lock().await.recv().await.ok_or(StatusCode::GONE)?;
    // A request id as Lambda writes it.
    let id = format!("00000000-0000-4000-8000-{:012}", api.0.given.fetch_add(1, Ordering::SeqCst));
    locked(&api.0.open).insert(id.clone(), answered);
    http::Response::builder()
        .header("content-type", "application/json")
        .header("lambda-runtime-aws-request-id", id)
        .header("lambda-runtime-deadline-ms", event.deadline.as_millisecond().to_string())
        .header("lambda-runtime-invoked-function-arn", "arn:aws:lambda:eu-north-1:1:function:built")
        .body(axum::body::Body::from(event.payload.to_string()))
        .map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)
}

async fn response(State(api): State<RuntimeApi>, Path(id): Path<String>, body: axum::body::Bytes) -> StatusCode {
    api.answered(&id, Ok(serde_json::from_slice(&body).unwrap_or_default()))
}

async fn error(State(api): State<RuntimeApi>, Path(id): Path<String>, body: axum::body::Bytes) -> StatusCode {
    api.answered(&id, Err(serde_json::from_slice(&body).unwrap_or_default()))
}
