//! The control routes under `/_sim/`: what Kleer's own pages, its support and a test bench can do. The table of all of
//! them is in the README.

mod company;
mod simulator;

use std::{
    future::{Ready, ready},
    sync::LazyLock,
};

use axum::{
    Router,
    body::Body,
    response::Response,
    routing::{get, patch, post, put},
};
use http::{HeaderValue, StatusCode, header};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

use crate::{Refusal, http::Call};

/// All control routes.
pub(crate) fn routes() -> Router {
    static ROUTES: LazyLock<Router> = LazyLock::new(|| {
        Router::new()
            .route("/_sim/health", get(control(simulator::health)))
            .route("/_sim/requests", get(control(simulator::requests)).delete(control(simulator::forget_requests)))
            .route("/_sim/counters", get(control(simulator::counters)))
            .route("/_sim/unexpected", get(control(simulator::unexpected)))
            .route("/_sim/faults", get(control(simulator::faults)).put(control(simulator::set_faults)))
            .route("/_sim/switches", get(control(simulator::switches)).put(control(simulator::set_switches)))
            .route("/_sim/state", get(control(simulator::state)))
            .route("/_sim/company/{company}", get(control(company::look)).put(control(company::set)))
            .route("/_sim/company/{company}/delivery-types", put(control(company::set_delivery_types)))
            .route("/_sim/company/{company}/invoice-templates", put(control(company::set_templates)))
            .route("/_sim/company/{company}/run-invoicing", post(control(company::run_invoicing)))
            .route(
                "/_sim/company/{company}/token/{token}",
                put(control(company::set_token)).delete(control(company::revoke_token)),
            )
            .route("/_sim/company/{company}/{kind}", get(control(company::all)).put(control(company::create)))
            .route(
                "/_sim/company/{company}/{kind}/{id}",
                patch(control(company::edit)).get(control(company::one)).delete(control(company::remove)),
            )
            .route("/_sim/company/{company}/{kind}/{id}/{act}", post(control(company::act)))
            .fallback(control(|_| Err(Refusal::PathUnknown)))
            .method_not_allowed_fallback(control(|_| Err(Refusal::MethodUnknown)))
    });
    ROUTES.clone()
}

/// What a control route does: an answer as JSON, or why not.
type Control = fn(&Call) -> Result<Value, Refusal>;

fn control(act: Control) -> impl Fn(Call) -> Ready<Response> + Clone + Send + Sync + 'static {
    move |call| {
        ready(match act(&call) {
            Ok(answer) => respond(StatusCode::OK, &answer),
            Err(refusal) => respond(status(&refusal), &json!({ "message": refusal.to_string() })),
        })
    }
}

/// Plain statuses: the switches are about Kleer, not about its remote control.
fn status(refusal: &Refusal) -> StatusCode {
    match refusal {
        Refusal::NotFound(_) | Refusal::PathUnknown => StatusCode::NOT_FOUND,
        Refusal::MethodUnknown => StatusCode::METHOD_NOT_ALLOWED,
        Refusal::JournalFailed(_) => StatusCode::INTERNAL_SERVER_ERROR,
        _ => StatusCode::BAD_REQUEST,
    }
}

fn respond(status: StatusCode, answer: &Value) -> Response {
    let mut response = Response::new(Body::from(answer.to_string()));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

/// Reads a body that control routes take.
fn body<T: DeserializeOwned>(call: &Call) -> Result<T, Refusal> {
    serde_json::from_slice(&call.body).map_err(|error| Refusal::Malformed(error.to_string()))
}

/// A value of ours as JSON.
fn value(from: impl Serialize) -> Result<Value, Refusal> {
    serde_json::to_value(from).map_err(|error| Refusal::Malformed(error.to_string()))
}
