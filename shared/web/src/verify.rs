//! Whether HubSpot sent a request. Nothing is read or written before this is known, so that a forged one costs nothing but
//! the arithmetic.

use app::App;
use http::StatusCode;
use hubspot::signature::{
    SIGNATURE, SIGNATURE_V3, SIGNATURE_VERSION, SignatureError, Signed, TIMESTAMP, verify_v2, verify_v3,
};

use crate::answers::error;
use crate::reading::{header, path};
use crate::{Request, Response};

/// Which signatures a route accepts (contract hubspot-platform §5.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Accepts {
    /// v3 only.
    V3,
    /// v3 if the request carries any of its headers, else v2: for workflow actions, whose requests are documented to carry v2,
    /// and which are repeatable by their own ids.
    V3OrV2,
}

/// Why a request is not taken for HubSpot's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// The headers are not there.
    #[error("The request carries no signature of HubSpot.")]
    Missing,
    /// They are not of the shape that HubSpot sends.
    #[error("The signature or its timestamp is not written as HubSpot writes them.")]
    Malformed,
    /// More than five minutes old, or from the future.
    #[error("The request was signed more than five minutes ago, or in the future.")]
    Old,
    /// It was signed by somebody else, or for another address, or changed on the way.
    #[error("The signature is not that of this app for this address and body.")]
    Wrong,
    /// This process cannot check any signature.
    #[error(
        "This process cannot check signatures: it has no client secret of the HubSpot app. Set HUBSPOT_CLIENT_SECRET, and \
         PUBLIC_BASE_URL to the address that HubSpot calls."
    )]
    NoSecret,
}

impl Rejection {
    /// The word for logs, metrics and programs.
    #[must_use]
    pub const fn reason(self) -> &'static str {
        match self {
            Self::Missing => "signature_missing",
            Self::Malformed => "signature_malformed",
            Self::Old => "signature_old",
            Self::Wrong => "signature_wrong",
            Self::NoSecret => "no_client_secret",
        }
    }

    /// 401; 503 if it is this process that lacks something.
    #[must_use]
    pub fn response(self) -> Response {
        let status = match self {
            Self::NoSecret => StatusCode::SERVICE_UNAVAILABLE,
            Self::Missing | Self::Malformed | Self::Old | Self::Wrong => StatusCode::UNAUTHORIZED,
        };
        error(status, self.reason(), &self.to_string())
    }
}

impl From<SignatureError> for Rejection {
    fn from(error: SignatureError) -> Self {
        match error {
            SignatureError::Malformed => Self::Malformed,
            SignatureError::Old => Self::Old,
            SignatureError::Wrong => Self::Wrong,
        }
    }
}

/// Whether HubSpot signed the request for us, at this address, within five minutes. A rejection is counted and logged; of the
/// request nothing is logged but the path and its size.
///
/// # Errors
/// If it did not.
pub fn verify(app: &App, request: &Request, accepts: Accepts) -> Result<(), Rejection> {
    let checked = check(app, request, accepts);
    if let Err(rejection) = checked {
        let reason = rejection.reason();
        app.meters.note(|readings| *readings.rejected.entry(reason).or_default() += 1);
        let path: String = path(request).chars().take(100).collect();
        tracing::warn!(reason, path, bytes = request.body().len(), "a request was rejected: {rejection}");
    }
    checked
}

fn check(app: &App, request: &Request, accepts: Accepts) -> Result<(), Rejection> {
    if app.client_secrets.is_empty() {
        return Err(Rejection::NoSecret);
    }
    // Not the address that arrived: gateways rewrite scheme, host and encoding (contract §5.4).
    let path_and_query = request.uri().path_and_query().map_or("/", http::uri::PathAndQuery::as_str);
    let url = format!("{}{path_and_query}", app.config.public_base_url);
    let signed = Signed { method: request.method().as_str(), url: &url, body: request.body() };
    let there = |name: &str| request.headers().contains_key(name);
    if accepts == Accepts::V3 || there(SIGNATURE_V3) || there(TIMESTAMP) {
        let (signature, timestamp) = (text(request, SIGNATURE_V3)?, text(request, TIMESTAMP)?);
        let at = |now| verify_v3(&app.client_secrets, &signed, signature, timestamp, now);
        // The pretend HubSpot shares our clock; whoever else signs goes by the clock on the wall. Only the demo's differ.
        return Ok(at(app.clock.now()).or_else(|error| match error {
            SignatureError::Old => at(app.clock.wall()),
            other => Err(other),
        })?);
    }
    let signature = text(request, SIGNATURE)?;
    match header(request, SIGNATURE_VERSION) {
        Some("v2") => Ok(verify_v2(&app.client_secrets, &signed, signature)?),
        // v1 covers the body alone: it would let anybody who saw one webhook call an action.
        Some(_) => Err(Rejection::Malformed),
        None => Err(Rejection::Missing),
    }
}

fn text<'a>(request: &'a Request, name: &str) -> Result<&'a str, Rejection> {
    let missing = if request.headers().contains_key(name) { Rejection::Malformed } else { Rejection::Missing };
    header(request, name).ok_or(missing)
}
