//! The gateway on a loopback listener, for functions that run as processes of their own.

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use tokio::net::TcpListener;

use super::Gateway;

/// Serves the gateway until the future is dropped.
///
/// # Errors
/// If the listener fails.
pub async fn serve(gateway: Gateway, listener: TcpListener) -> std::io::Result<()> {
    let answer = async |State(gateway): State<Gateway>, request: http::Request<axum::body::Body>| {
        let (parts, body) = request.into_parts();
        let body = axum::body::to_bytes(body, usize::MAX).await.unwrap_or_else(|_| Bytes::new());
        if gateway.is_stuck() {
            std::future::pending::<()>().await;
        }
        gateway.http(&http::Request::from_parts(parts, body)).map(axum::body::Body::from)
    };
    axum::serve(listener, Router::new().fallback(answer).with_state(gateway)).await
}
