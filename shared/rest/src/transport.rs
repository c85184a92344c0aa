//! How bytes travel: over the network, or into a router in the same process.

use std::fmt;
use std::future::Future;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use futures::future::BoxFuture;

use crate::error::{Error, ErrorKind, Reason};

/// How long making a connection may take.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// The largest answer that is read. Kleer's lists are not paged (contract kleer-api §4).
const LARGEST_BODY: usize = 512 * 1024 * 1024;
/// How we introduce ourselves.
const USER_AGENT: &str = concat!("kleer-for-hubspot/", env!("CARGO_PKG_VERSION"));

/// Answers requests in this process: a simulator's router, or a test's closure.
pub type Handler =
    Arc<dyn Fn(http::Request<Bytes>) -> BoxFuture<'static, Result<http::Response<Bytes>, Failure>> + Send + Sync>;

/// Why a request got no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// Nothing was sent: no connection.
    NotSent,
    /// The connection broke before an answer came: it may have been done.
    NoAnswer,
    /// The answer broke off: it was probably done.
    Truncated,
    /// The answer is larger than we read (512 MB).
    TooLarge,
}

/// How bytes travel. Made once at start-up and cloned: the connections are shared.
#[derive(Clone)]
pub enum Transport {
    /// Real HTTP.
    Network(Network),
    /// No sockets; tests replay exactly.
    InProcess(Handler),
}

/// Connections to the outside, and to this machine: a proxy that the environment names is for the outside only. Each is made
/// when it is first needed, because reading the system's certificates takes longer than everything else at a start.
#[derive(Clone, Default)]
pub struct Network(Arc<Clients>);

#[derive(Default)]
struct Clients {
    outside: OnceLock<Result<reqwest::Client, String>>,
    loopback: OnceLock<Result<reqwest::Client, String>>,
}

impl Network {
    fn to(&self, url: &http::Uri) -> Result<&reqwest::Client, &str> {
        let here = |host: &str| matches!(host, "localhost" | "[::1]") || host.starts_with("127.");
        if url.host().is_some_and(here) { self.loopback() } else { self.outside() }
    }

    fn outside(&self) -> Result<&reqwest::Client, &str> {
        self.0.outside.get_or_init(|| client(false).map_err(|e| e.to_string())).as_ref().map_err(String::as_str)
    }

    fn loopback(&self) -> Result<&reqwest::Client, &str> {
        self.0.loopback.get_or_init(|| client(true).map_err(|e| e.to_string())).as_ref().map_err(String::as_str)
    }
}

fn client(loopback: bool) -> Result<reqwest::Client, reqwest::Error> {
    #[expect(clippy::disallowed_methods, reason = "the one place that builds an HTTP client")]
    let builder = reqwest::Client::builder();
    // On this machine HTTP is plain: no proxy, and no certificates to read.
    let builder = if loopback { builder.no_proxy().tls_certs_only([]) } else { builder };
    builder.redirect(reqwest::redirect::Policy::none()).connect_timeout(CONNECT_TIMEOUT).user_agent(USER_AGENT).build()
}

impl Transport {
    /// Real HTTP over TLS or not, as the URL says. Redirects are not followed: neither service uses them, and they
    /// would carry our credentials elsewhere.
    ///
    /// # Errors
    /// If the TLS backend cannot start, which no retry will cure.
    pub fn network() -> Result<Transport, Error> {
        let network = Network::default();
        match network.outside().map(|_| ()) {
            Ok(()) => Ok(Transport::Network(network)),
            Err(fault) => Err(Error {
                service: "network",
                method: String::new(),
                path: String::new(),
                status: None,
                kind: ErrorKind::Rejected,
                body: fault.to_owned(),
                reason: Reason::Unsendable,
                sent: false,
            }),
        }
    }

    /// The same, but TLS starts with the first request to the outside; where it cannot, no request is sent.
    pub fn network_when_needed() -> Transport {
        Transport::Network(Network::default())
    }

    /// Requests go to a function in this process.
    pub fn in_process(handler: Handler) -> Transport {
        Transport::InProcess(handler)
    }

    /// Sends one request as it is: no pace, no second try, no redaction. Kleer and HubSpot are spoken to through a
    /// [`Client`](crate::Client); this is for who brings all that with it, as the AWS SDK does.
    pub fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> impl Future<Output = Result<http::Response<Bytes>, Failure>> + Send + use<> {
        let transport = self.clone();
        async move {
            match transport {
                Transport::Network(network) => match network.to(request.uri()) {
                    Ok(client) => over_network(client, request).await,
                    Err(fault) => {
                        tracing::error!(fault, "HTTPS cannot be used");
                        Err(Failure::NotSent)
                    }
                },
                Transport::InProcess(handler) => handler(request).await,
            }
        }
    }
}

async fn over_network(
    client: &reqwest::Client,
    request: http::Request<Bytes>,
) -> Result<http::Response<Bytes>, Failure> {
    let request = reqwest::Request::try_from(request).map_err(|_| Failure::NotSent)?;
    let mut answer = client.execute(request).await.map_err(|error| failure_of(&error))?;
    let mut response = http::Response::new(Bytes::new());
    *response.status_mut() = answer.status();
    *response.headers_mut() = std::mem::take(answer.headers_mut());
    *response.body_mut() = read(&mut answer).await?;
    Ok(response)
}

/// A failed TLS handshake and a connection that took too long count as no connection.
fn failure_of(error: &reqwest::Error) -> Failure {
    if error.is_connect() || error.is_builder() { Failure::NotSent } else { Failure::NoAnswer }
}

async fn read(answer: &mut reqwest::Response) -> Result<Bytes, Failure> {
    let mut body = BytesMut::new();
    while let Some(chunk) = answer.chunk().await.map_err(|_| Failure::Truncated)? {
        if body.len() + chunk.len() > LARGEST_BODY {
            return Err(Failure::TooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
}

impl fmt::Debug for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Transport::Network(_) => "Network",
            Transport::InProcess(_) => "InProcess",
        })
    }
}

#[cfg(test)]
mod tests;
