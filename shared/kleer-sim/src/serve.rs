//! The same face over HTTP/1.1.

use std::{future::Future, io, pin::pin};

use bytes::Bytes;
use futures::{StreamExt as _, stream};
use http::{Request, Response, header};
use http_body_util::{BodyExt as _, Full, StreamBody, combinators::UnsyncBoxBody};
use hyper::{
    body::{Frame, Incoming},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use tokio::{
    net::{TcpListener, TcpStream},
    task::JoinSet,
};

use crate::simulator::{Delivery, Simulator};

/// What hyper sends: whole, or breaking off with an error.
type Sent = Response<UnsyncBoxBody<Bytes, io::Error>>;

impl Simulator {
    /// Answers over HTTP/1.1 until `stop` is done; connections that are still open then are dropped.
    ///
    /// # Errors
    /// When the listener fails.
    pub async fn serve(&self, listener: TcpListener, stop: impl Future<Output = ()>) -> io::Result<()> {
        let mut stop = pin!(stop);
        let mut connections = JoinSet::new();
        loop {
            tokio::select! {
                () = &mut stop => return Ok(()),
                accepted = listener.accept() => {
                    let (stream, _) = accepted?;
                    connections.spawn(connection(self.clone(), stream));
                }
                Some(_) = connections.join_next() => {}
            }
        }
    }
}

async fn connection(simulator: Simulator, stream: TcpStream) {
    let service = service_fn(move |request| answer(simulator.clone(), request));
    // An error here is a client that went away, or a fault of ours; both are no news.
    let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
}

/// An error closes the connection without an answer.
async fn answer(simulator: Simulator, request: Request<Incoming>) -> io::Result<Sent> {
    let (parts, body) = request.into_parts();
    let bytes = body.collect().await.map_err(io::Error::other)?.to_bytes();
    match simulator.deliver(Request::from_parts(parts, bytes)).await {
        Delivery::Whole(response) => {
            Ok(response.map(|bytes| Full::new(bytes).map_err(|never| match never {}).boxed_unsync()))
        }
        Delivery::Half(response) => Ok(half(response)),
        Delivery::Reset => Err(io::Error::from(io::ErrorKind::ConnectionReset)),
    }
}

/// Promises the whole body, sends half of it, and breaks.
fn half(response: Response<Bytes>) -> Sent {
    let (mut parts, bytes) = response.into_parts();
    let promised = bytes.len().max(1);
    parts.headers.insert(header::CONTENT_LENGTH, promised.into());
    let sent = stream::once(std::future::ready(Ok(Frame::data(bytes.slice(..bytes.len() / 2)))));
    let broken = stream::once(async {
        // Lets hyper flush what it has before it learns that there is no more.
        tokio::task::yield_now().await;
        Err(io::Error::from(io::ErrorKind::ConnectionReset))
    });
    Response::from_parts(parts, StreamBody::new(sent.chain(broken)).boxed_unsync())
}
