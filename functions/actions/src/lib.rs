//! A HubSpot workflow reached one of our actions, or its editor wants the choices of an input: verify, execute, answer. Wiring
//! only; the rules are in `actions`.
//!
//! What a person has to mend is a 200 with a code among its outputs, and the workflow goes on. 429 and 503 make HubSpot call
//! again, for up to three days; every other 4xx would end the execution for good (contract hubspot-platform §6.2).

use std::time::Duration;

use actions::{Action, Ended};
use app::App;
use web::{Accepts, Method, Request, Response, StatusCode};

/// The longest body of a call. HubSpot's have some kilobytes; a text property holds 65,536 characters.
const BODY_LIMIT: usize = 1_000_000;
/// Where actions are.
const PREFIX: &str = "/actions/";

/// Answers `POST /actions/{action}` and `POST /actions/options`.
pub async fn handle(app: &App, request: &Request) -> Response {
    let Some(name) = web::path(request).strip_prefix(PREFIX) else { return web::not_found() };
    let action = Action::named(name);
    if action.is_none() && name != "options" {
        return web::not_found();
    }
    if let Err(refusal) = web::allow(request, &[Method::POST]) {
        return refusal;
    }
    if request.body().len() > BODY_LIMIT {
        return web::error(StatusCode::PAYLOAD_TOO_LARGE, "too_large", "The body is longer than HubSpot's ever are.");
    }
    if let Err(rejection) = web::verify(app, request, Accepts::V3OrV2) {
        return rejection.response();
    }
    match action {
        Some(action) => execute(app, action, request).await,
        None => options(app, request).await,
    }
}

async fn execute(app: &App, action: Action, request: &Request) -> Response {
    let call = match actions::read_call(request.body()) {
        Ok(call) => call,
        Err(fault) => return unreadable(&fault),
    };
    match actions::execute(app, action, &call).await {
        Ended::Answer(body) => web::json(StatusCode::OK, &body),
        Ended::Full { after } => again(StatusCode::TOO_MANY_REQUESTS, "full", after),
        Ended::Later { after } => again(StatusCode::SERVICE_UNAVAILABLE, "later", after),
    }
}

async fn options(app: &App, request: &Request) -> Response {
    let call = match actions::read_options_call(request.body()) {
        Ok(call) => call,
        Err(fault) => return unreadable(&fault),
    };
    match actions::options(app, &call).await {
        Ok(Some(page)) => web::json(StatusCode::OK, &page),
        Ok(None) => web::error(StatusCode::NOT_FOUND, "unknown_input", "No input of that name has choices in Kleer."),
        Err(after) => again(StatusCode::SERVICE_UNAVAILABLE, "later", after),
    }
}

/// HubSpot calls again, not before that has passed.
fn again(status: StatusCode, code: &str, after: Duration) -> Response {
    let seconds = after.as_millis().div_ceil(1000).max(1);
    let response = web::error(status, code, "It could not be done now. Call again.");
    web::with_header(response, web::headers::RETRY_AFTER, &seconds.to_string())
}

/// A signed body that is not what HubSpot documents: nobody else signs, so somebody has to look.
fn unreadable(fault: &str) -> Response {
    tracing::error!(fault, "a signed call could not be read");
    web::error(StatusCode::BAD_REQUEST, "unreadable", &format!("The body cannot be taken: {fault}."))
}
