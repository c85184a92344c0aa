//! What a fault makes of an answer.

use bytes::Bytes;
use http::{HeaderValue, Response, StatusCode, header};

use super::reply::{content_type, error_body};
use crate::{Fault, Struck, simulator::Delivery};

/// What a proxy in front of the service says.
const HTML: &str = "<html><head><title>Bad Gateway</title></head><body><h1>Bad Gateway</h1></body></html>";

/// Turns an answer into what a fault makes of it. `answer` is missing if the fault kept the request from being
/// carried out.
pub(crate) fn disturb(fault: Option<&Fault>, json: bool, answer: Option<Response<Bytes>>) -> Delivery {
    let whole = answer.unwrap_or_else(|| struck(200, "application/json", "{}".to_owned(), None));
    match fault {
        None | Some(Fault::LatencyMs { .. } | Fault::Empty {}) => Delivery::Whole(whole),
        Some(Fault::Status { status, retry_after, body, .. }) => {
            let body = body.clone().unwrap_or_else(|| error_body(json, "Tekniskt fel"));
            Delivery::Whole(struck(*status, content_type(json), body, *retry_after))
        }
        Some(Fault::RateLimited { retry_after }) => {
            Delivery::Whole(respond(429, content_type(json), error_body(json, "För många anrop"), *retry_after))
        }
        Some(Fault::Html { status, .. }) => {
            Delivery::Whole(struck(*status, "text/html; charset=utf-8", HTML.to_owned(), None))
        }
        Some(Fault::Truncated { .. }) => Delivery::Half(whole),
        Some(Fault::Reset { .. } | Fault::Late { .. }) => Delivery::Reset,
    }
}

fn struck(status: u16, content_type: &'static str, body: String, retry_after: Option<u32>) -> Response<Bytes> {
    let mut response = respond(status, content_type, body, retry_after);
    response.extensions_mut().insert(Struck);
    response
}

fn respond(status: u16, content_type: &'static str, body: String, retry_after: Option<u32>) -> Response<Bytes> {
    let mut response = Response::new(Bytes::from(body));
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    if let Some(seconds) = retry_after {
        response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
    }
    response
}
