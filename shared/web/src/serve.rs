//! What holds for every request, whichever function answers it.

use std::panic::AssertUnwindSafe;

use app::App;
use futures::FutureExt as _;
use http::StatusCode;
use http::header::{HeaderName, HeaderValue, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS};

use crate::answers::{error, too_large};
use crate::reading::path;
use crate::{BODY_LIMIT, Request, Response};

/// What every answer tells a browser: no guessing of types, no telling others where it came from, no plain HTTP.
const HEADERS: [(HeaderName, &str); 3] = [
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (REFERRER_POLICY, "no-referrer"),
    (STRICT_TRANSPORT_SECURITY, "max-age=31536000"),
];

/// Lets a function answer a request. A body above the limit is refused unread, and a panic is one answer with status 500, not a
/// lost process.
pub async fn serve(app: &App, request: &Request, handle: impl AsyncFnOnce(&App, &Request) -> Response) -> Response {
    let mut response = if request.body().len() > BODY_LIMIT {
        app.meters.note(|readings| *readings.rejected.entry("too_large").or_default() += 1);
        tracing::warn!(path = path(request), bytes = request.body().len(), "a request was rejected: it is too large");
        too_large()
    } else {
        AssertUnwindSafe(handle(app, request)).catch_unwind().await.unwrap_or_else(|_| panicked(app, request))
    };
    for (name, value) in HEADERS {
        response.headers_mut().entry(name).or_insert(HeaderValue::from_static(value));
    }
    response
}

fn panicked(app: &App, request: &Request) -> Response {
    app.meters.note(|readings| readings.panics += 1);
    tracing::error!(method = %request.method(), path = path(request), "the work on a request panicked");
    let message = "Something went wrong here, and it is not your fault. It is in our log.";
    error(StatusCode::INTERNAL_SERVER_ERROR, "internal", message)
}
