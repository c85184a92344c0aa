//! One request, as every handler sees it.

use std::{convert::Infallible, str::FromStr};

use axum::{
    body::Body,
    extract::{FromRequest, FromRequestParts as _, Query, RawPathParams, Request},
    response::Response,
};
use bytes::Bytes;
use http::{HeaderMap, header};
use serde_json::Value;

use super::reply;
use crate::{Refusal, Simulator, state::Document};

/// Who is asked, and for what: travels through the router as an extension.
#[derive(Clone)]
pub(crate) struct Asked {
    pub(crate) simulator: Simulator,
    pub(crate) method: String,
    /// With query, and as it was sent.
    pub(crate) path: String,
}

/// One request.
pub(crate) struct Call {
    pub(crate) asked: Asked,
    /// Whether the answer is JSON.
    pub(crate) json: bool,
    /// The `X-Token` header.
    pub(crate) token: Option<String>,
    parameters: Vec<(String, String)>,
    query: Vec<(String, String)>,
    pub(crate) body: Bytes,
}

/// The request's Content-Type decides about the answer, also on GET; Accept does not (contract kleer-api §3).
pub(crate) fn wants_json(headers: &HeaderMap) -> bool {
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = content_type.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/json")
}

impl<S: Send + Sync> FromRequest<S> for Call {
    type Rejection = Infallible;

    async fn from_request(request: Request<Body>, state: &S) -> Result<Call, Infallible> {
        let (mut parts, body) = request.into_parts();
        let parameters = RawPathParams::from_request_parts(&mut parts, state).await;
        let parameters = parameters.iter().flatten().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        let query = Query::try_from_uri(&parts.uri).map(|Query(query)| query).unwrap_or_default();
        let asked = parts.extensions.remove::<Asked>().expect("Simulator::route puts it there");
        let token = parts.headers.get("x-token").map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
        // Our own bodies are in memory already: collecting them cannot fail.
        let body = axum::body::to_bytes(body, usize::MAX).await.unwrap_or_default();
        Ok(Call { asked, json: wants_json(&parts.headers), token, parameters, query, body })
    }
}

impl Call {
    /// A parameter of the path, decoded.
    pub(crate) fn parameter(&self, name: &str) -> &str {
        self.parameters.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str()).unwrap_or_default()
    }

    /// A parameter of the path that is a number; no such path if it is not.
    pub(crate) fn number(&self, name: &str) -> Result<i64, Refusal> {
        self.parameter(name).parse().map_err(|_| Refusal::PathUnknown)
    }

    /// A parameter of the query, decoded.
    pub(crate) fn query(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// A parameter of the query as what it should be; a query that cannot be read is refused like a wrong element.
    pub(crate) fn query_as<T: FromStr>(&self, name: &str) -> Result<Option<T>, Refusal> {
        let wrong = |text: &str| Refusal::Invalid(format!("parameter {name} cannot be {text}"));
        self.query(name).map(|text| text.parse().map_err(|_| wrong(text))).transpose()
    }

    /// The body as a JSON object.
    pub(crate) fn document(&self) -> Result<Document, Refusal> {
        match serde_json::from_slice(&self.body) {
            Ok(Value::Object(document)) => Ok(document),
            Ok(_) => Err(Refusal::Malformed("the body is not an object".to_owned())),
            Err(error) => Err(Refusal::Malformed(format!("the body is not JSON: {error}"))),
        }
    }

    /// Says no, and notes it if a correct client would never hear it.
    pub(crate) fn refuse(&self, refusal: &Refusal) -> Response {
        if refusal.is_unexpected() {
            self.note(refusal.to_string());
        }
        let status = self.asked.simulator.state(|state| refusal.status(&state.switches));
        reply::error(self.json, status, &refusal.message())
    }

    /// Notes that a correct client would never ask this.
    pub(crate) fn note(&self, why: String) {
        self.asked.simulator.note_unexpected(&self.asked.method, &self.asked.path, why);
    }
}
