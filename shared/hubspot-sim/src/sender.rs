//! Carries deliveries to the app over HTTP/1.1, a connection for each.

use std::convert::Infallible;
use std::io;
use std::time::Duration;

use bytes::Bytes;
use futures::future::{Either, select};
use http::{HeaderValue, Request, Response, Uri, header};
use http_body_util::{BodyExt, Full, Limited};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use crate::deliveries::{Delivery, DeliveryFailure};
use crate::simulator::Simulator;

/// Longer answers count as a broken connection.
const LONGEST_ANSWER: usize = 1 << 20;

impl Simulator {
    /// Sends what is due whenever it is due.
    pub(crate) async fn send_for_ever(&self) -> Infallible {
        loop {
            for delivery in self.due_deliveries() {
                let simulator = self.clone();
                tokio::spawn(async move { simulator.send(delivery).await });
            }
            let changed = std::pin::pin!(self.changed());
            match self.next_delivery_at() {
                None => changed.await,
                Some(at) => {
                    let pause = Duration::try_from(at.duration_since(self.now())).unwrap_or_default();
                    select(changed, self.sleep(pause)).await;
                }
            }
        }
    }

    async fn send(self, delivery: Delivery) {
        let Delivery { id, request, timeout, .. } = delivery;
        let answer = match select(std::pin::pin!(post(request)), self.sleep(timeout)).await {
            Either::Left((answer, _)) => answer.map_err(|_| DeliveryFailure::Connection),
            Either::Right(_) => Err(DeliveryFailure::Timeout),
        };
        self.answered(id, answer);
    }
}

/// Posts one request. Only `http`: what has to go further is carried in process.
async fn post(request: Request<Bytes>) -> io::Result<Response<Bytes>> {
    let uri = request.uri().clone();
    if uri.scheme_str() != Some("http") {
        return Err(io::ErrorKind::Unsupported.into());
    }
    let host = uri.host().unwrap_or_default().trim_matches(['[', ']']);
    let stream = TcpStream::connect((host, uri.port_u16().unwrap_or(80))).await?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(io::Error::other)?;
    let answer = async move {
        let response = sender.send_request(on_the_wire(request, &uri)?).await.map_err(io::Error::other)?;
        let (head, body) = response.into_parts();
        let body = Limited::new(body, LONGEST_ANSWER).collect().await.map_err(io::Error::other)?;
        Ok(Response::from_parts(head, body.to_bytes()))
    };
    let (answer, _) = futures::future::join(answer, connection).await;
    answer
}

/// The request with the path alone, and the host in its header.
fn on_the_wire(mut request: Request<Bytes>, uri: &Uri) -> io::Result<Request<Full<Bytes>>> {
    let authority = uri.authority().map_or("", |authority| authority.as_str());
    let host = HeaderValue::from_str(authority).map_err(io::Error::other)?;
    request.headers_mut().insert(header::HOST, host);
    *request.uri_mut() = uri.path_and_query().map_or_else(Uri::default, |path| Uri::from(path.clone()));
    Ok(request.map(Full::new))
}
