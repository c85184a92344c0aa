//! Loopback listeners, and the way of a request from one of them to the functions.

use std::io::ErrorKind;
use std::net::{Ipv4Addr, SocketAddr};

use app::App;
use axum::Router;
use axum::body::Body;
use axum::extract::State;
use bytes::{Bytes, BytesMut};
use futures::stream::{FuturesUnordered, StreamExt as _};
use tokio::net::TcpListener;
use tokio::sync::{mpsc, oneshot};
use web::{Request, Response, StatusCode};

use crate::routes;

/// How many requests may wait to be looked at; further ones wait in their connections.
const CALLS: usize = 64;

/// A port that cannot be listened on; the text says what to do.
#[derive(Debug, thiserror::Error)]
pub enum ListenError {
    /// Somebody else listens there.
    #[error("port {0} is in use: stop the program that uses it, or choose another port")]
    InUse(u16),
    /// Anything else.
    #[error("port {0} cannot be listened on: {1}")]
    Refused(u16, std::io::Error),
}

/// Resolves when a person or the system asks this process to end: Ctrl-C, or SIGTERM where there is one.
pub(crate) async fn stop_signal() {
    #[cfg(unix)]
    if let Ok(mut terminate) = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        tokio::select! {
            _ = terminate.recv() => return,
            _ = tokio::signal::ctrl_c() => return,
        }
    }
    drop(tokio::signal::ctrl_c().await);
}

/// Listens on a loopback port.
///
/// # Errors
/// If the port is taken or not allowed.
pub(crate) async fn listen(port: u16) -> Result<TcpListener, ListenError> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    TcpListener::bind(address).await.map_err(|error| match error.kind() {
        ErrorKind::AddrInUse => ListenError::InUse(port),
        _ => ListenError::Refused(port, error),
    })
}

/// A request that waits for its answer.
struct Call {
    request: Request,
    answer: oneshot::Sender<Response>,
}

/// Answers requests on a listener, for ever, many at once.
///
/// # Errors
/// If the listener fails.
pub(crate) async fn serve(listener: TcpListener, app: &App) -> std::io::Result<()> {
    let (calls, called) = mpsc::channel(CALLS);
    // A fallback, and no routes: axum would change the path before a function sees it, and HubSpot signed it as it came.
    let listening = axum::serve(listener, Router::new().fallback(take).with_state(calls));
    tokio::select! {
        ended = listening.into_future() => ended,
        () = answer_all(app, called) => Ok(()),
    }
}

/// Hands a request to whoever has the app, and waits for the answer.
async fn take(State(calls): State<mpsc::Sender<Call>>, request: axum::extract::Request) -> http::Response<Body> {
    let unanswered = || web::error(StatusCode::SERVICE_UNAVAILABLE, "stopping", "This process is about to end.");
    let (head, body) = request.into_parts();
    let Some(body) = read(body).await else {
        return web::error(StatusCode::BAD_REQUEST, "broken", "The body ended too early.").map(Body::from);
    };
    let (answer, answered) = oneshot::channel();
    let sent = calls.send(Call { request: Request::from_parts(head, body), answer }).await;
    let response = if sent.is_ok() { answered.await.unwrap_or_else(|_| unanswered()) } else { unanswered() };
    response.map(Body::from)
}

/// The body as it came. Of one that is too long only so much is read that this shows. None if it breaks.
async fn read(body: Body) -> Option<Bytes> {
    let mut parts = body.into_data_stream();
    let mut whole = BytesMut::new();
    while let Some(part) = parts.next().await {
        whole.extend_from_slice(&part.ok()?);
        if whole.len() > web::BODY_LIMIT {
            break;
        }
    }
    Some(whole.freeze())
}

/// Answers what is called until nobody calls any more.
async fn answer_all(app: &App, mut called: mpsc::Receiver<Call>) {
    let mut answering = FuturesUnordered::new();
    loop {
        tokio::select! {
            call = called.recv(), if answering.len() < CALLS => match call {
                Some(Call { request, answer }) => answering.push(async move {
                    // Who asked may be gone by now.
                    drop(answer.send(routes::answer(app, &request).await));
                }),
                None => return,
            },
            Some(()) = answering.next() => {}
        }
    }
}

#[cfg(test)]
mod tests;
