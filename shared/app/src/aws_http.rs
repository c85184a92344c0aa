//! The AWS SDK's requests travel as all others do: over a [`Transport`]. One TLS stack and one set of connections, and tests
//! answer them in the same process.

use aws_sdk_dynamodb::config::{HttpClient, RuntimeComponents, SharedHttpClient};
use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_types::body::SdkBody;
use bytes::Bytes;
use rest::{Failure, Transport};

/// A transport as the SDK's HTTP client.
#[must_use]
pub fn aws_http_client(transport: Transport) -> SharedHttpClient {
    SharedHttpClient::new(OverTransport(transport))
}

#[derive(Debug, Clone)]
struct OverTransport(Transport);

impl HttpClient for OverTransport {
    fn http_connector(&self, _: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

impl HttpConnector for OverTransport {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let transport = self.0.clone();
        HttpConnectorFuture::new(async move {
            let request = request.try_into_http1x().map_err(|e| ConnectorError::user(e.into()))?;
            let (parts, body) = request.into_parts();
            // None of our requests streams its body.
            let body = Bytes::copy_from_slice(body.bytes().unwrap_or_default());
            let answer = transport.send(http::Request::from_parts(parts, body)).await.map_err(no_answer)?;
            HttpResponse::try_from(answer.map(SdkBody::from)).map_err(|e| ConnectorError::other(e.into(), None))
        })
    }
}

/// The SDK repeats what fails this way, as it sees fit.
fn no_answer(failure: Failure) -> ConnectorError {
    let what = match failure {
        Failure::NotSent => "no connection",
        Failure::NoAnswer => "the connection broke before an answer came",
        Failure::Truncated => "the answer broke off",
        Failure::TooLarge => "the answer is too large",
    };
    ConnectorError::io(what.into())
}
