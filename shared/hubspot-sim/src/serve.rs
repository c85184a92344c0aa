//! The same face over HTTP/1.1 on a listener. Broken answers are really broken: no answer, or half a body.

use std::convert::Infallible;
use std::future::Future;
use std::io;

use bytes::Bytes;
use futures::{FutureExt, StreamExt, stream};
use http::{Request, Response};
use http_body_util::{BodyExt, Full, StreamBody, combinators::UnsyncBoxBody};
use hyper::body::{Frame, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};

use crate::simulator::{Served, Simulator};

type Body = UnsyncBoxBody<Bytes, io::Error>;

impl Simulator {
    /// Serves until `stop` resolves, and sends the app what is due for it; connections that are open then are left to
    /// finish by themselves.
    pub async fn serve(&self, listener: TcpListener, stop: impl Future<Output = ()>) -> io::Result<()> {
        let mut sending = self.send_for_ever().boxed();
        tokio::pin!(stop);
        loop {
            tokio::select! {
                () = &mut stop => return Ok(()),
                never = &mut sending => match never {},
                accepted = listener.accept() => {
                    let (stream, _) = accepted?;
                    let simulator = self.clone();
                    tokio::spawn(async move { simulator.connection(stream).await });
                }
            }
        }
    }

    async fn connection(self, stream: TcpStream) {
        let service = service_fn(move |request| {
            let simulator = self.clone();
            async move { simulator.respond(request).await }
        });
        // A connection that breaks is the caller's business, and here often on purpose.
        let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
    }

    async fn respond(self, request: Request<Incoming>) -> Result<Response<Body>, io::Error> {
        let (head, body) = request.into_parts();
        let body = body.collect().await.map_err(io::Error::other)?.to_bytes();
        match self.handle(Request::from_parts(head, body)).await {
            Served::Whole(response) => Ok(response.map(whole)),
            Served::Truncated(response) => Ok(truncated(response)),
            Served::Reset | Served::NotSent => Err(io::ErrorKind::ConnectionReset.into()),
        }
    }
}

fn whole(body: Bytes) -> Body {
    Full::new(body).map_err(|never: Infallible| match never {}).boxed_unsync()
}

/// Promises the whole length, sends half and breaks off.
fn truncated(response: Response<Bytes>) -> Response<Body> {
    let (mut head, body) = response.into_parts();
    head.headers.insert(http::header::CONTENT_LENGTH, body.len().max(2).into());
    let half = stream::iter([Ok(Frame::data(body.slice(..body.len() / 2)))]);
    // Without the pause hyper would throw away the half that it has not sent yet.
    let end = stream::once(async {
        tokio::task::yield_now().await;
        Err(io::Error::from(io::ErrorKind::ConnectionAborted))
    });
    Response::from_parts(head, StreamBody::new(half.chain(end)).boxed_unsync())
}
