//! Loopback listeners and the routes of this process.

use std::future::Future;
use std::io::ErrorKind;
use std::net::{Ipv4Addr, SocketAddr};

use axum::Router;
use axum::routing::get;
use tokio::net::TcpListener;

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

/// The routes that functions and this process answer, until `stop` resolves.
///
/// # Errors
/// If the listener fails.
pub(crate) async fn serve(
    listener: TcpListener,
    stop: impl Future<Output = ()> + Send + 'static,
) -> Result<(), std::io::Error> {
    let routes = Router::new().route("/health", get(async || "ok\n"));
    axum::serve(listener, routes).with_graceful_shutdown(stop).await
}
