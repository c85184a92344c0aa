//! The settings page reads and writes: `POST /settings/{operation}` with a JSON body. Wiring only; the rules are in
//! `portal::settings`, and the list of operations in [`operations`], from which [`openapi`] describes the whole.
//!
//! HubSpot sends the page's requests for it (`hubspot.fetch`, contract hubspot-platform §2.3): signed with v3, with the account
//! and the user in the query, and nothing of theirs is taken from anywhere else. Everything is a POST, because HubSpot drops the
//! body of a GET.
//!
//! Whatever can be expected to go wrong is answered with 200 and `{"ok":false,"code","message","details"}`, because HubSpot hides
//! the body of any other status from the page; what went well with 200 and `{"ok":true,"data"}`. A request that could not be
//! worked on is a 503, which HubSpot sends once more, and may: every change is made once, however often it is asked for.
//!
//! A request is answered once. The page puts a number of its own into the field `request` of every body, so that no two of its
//! requests are alike; whoever sends a copy of one learns nothing and changes nothing.
//!
//! The user guide, to which the page leads, is answered here too: `docs.rs`.

mod docs;
pub mod openapi;
pub mod operations;
mod tenant;

use std::fmt::Write as _;
use std::time::Duration;

use app::App;
use domain::schedule;
use portal::settings::{Caller, Code, Refusal, SettingsError};
use serde::Serialize;
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use web::{Accepts, Method, Request, Response, StatusCode};

/// The longest body that any operation has use for, in bytes.
const BODY_LIMIT: usize = 64 * 1024;
/// A signature is good for five minutes on either side of now; a request is remembered for longer than that.
const REMEMBERED: Duration = Duration::from_secs(15 * 60);

/// What the page gets.
#[derive(Debug, Serialize)]
#[serde(untagged)]
enum Answer {
    Done {
        ok: bool,
        data: Value,
    },
    Refused {
        ok: bool,
        code: Code,
        message: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        message_sv: Option<String>,
        #[serde(skip_serializing_if = "Option::is_none")]
        details: Option<Value>,
    },
}

/// Answers `POST /settings/{operation}`, and the user guide below `/docs`.
pub async fn handle(app: &App, request: &Request) -> Response {
    if docs::is_below(web::path(request)) {
        return docs::answer(request);
    }
    let Some(name) = web::path(request).strip_prefix("/settings/") else { return web::not_found() };
    if !operations::all().iter().any(|operation| operation.name == name) {
        return web::not_found();
    }
    if let Err(refusal) = web::allow(request, &[Method::POST]) {
        return refusal;
    }
    if let Err(rejection) = web::verify(app, request, Accepts::V3) {
        return rejection.response();
    }
    let Some(caller) = tenant::caller(app, request) else {
        app.meters.note(|readings| *readings.rejected.entry("no_tenant").or_default() += 1);
        tracing::warn!(path = web::path(request), "a signed request was rejected: it does not say plainly whose it is");
        return web::error(StatusCode::UNAUTHORIZED, "no_tenant", "The request does not say plainly whose it is.");
    };
    if request.body().len() > BODY_LIMIT {
        return refused(Refusal {
            code: Code::TooLarge,
            message: "The request is too large.".to_owned(),
            details: None,
        });
    }
    match once(app, &caller, name, request).await {
        Ok(data) => web::json(StatusCode::OK, &Answer::Done { ok: true, data }),
        Err(SettingsError::Refused(refusal)) => refused(refusal),
        Err(error) => {
            tracing::error!(portal = %caller.portal, operation = name, %error, "a request of the page could not be worked on");
            web::error(StatusCode::SERVICE_UNAVAILABLE, "unavailable", "It cannot be done at this moment; try again.")
        }
    }
}

fn refused(refusal: Refusal) -> Response {
    let Refusal { code, message, details } = refusal;
    let message_sv = portal::settings::swedish(&message);
    web::json(StatusCode::OK, &Answer::Refused { ok: false, code, message, message_sv, details })
}

/// Works on a request that was not worked on before. One that fails for our own reasons may be sent again as it is.
async fn once(app: &App, caller: &Caller, name: &str, request: &Request) -> Result<Value, SettingsError> {
    let signature = hash(request);
    let until = schedule::later(app.clock.now(), REMEMBERED);
    if !app.store.take_request(caller.portal, &signature, until).await? {
        let message = "This very request was answered before; load the page again to see what came of it.".to_owned();
        return Err(Refusal { code: Code::Replayed, message, details: None }.into());
    }
    let answer = operations::run(app, caller, name, request.body()).await;
    if let Err(SettingsError::Store(_) | SettingsError::Queue(_)) = &answer {
        app.store.release_request(caller.portal, &signature).await?;
    }
    answer
}

/// What a request is known by: its signature, which covers its address, its body and its moment.
fn hash(request: &Request) -> String {
    let signature = web::header(request, "x-hubspot-signature-v3").unwrap_or_default();
    Sha256::digest(signature).iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
