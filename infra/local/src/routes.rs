//! The addresses of this process (design §3 Routes): what the HTTP API is on AWS.

use app::App;
use web::{Method, Request, Response, StatusCode};

use crate::page;

/// Answers a request, whichever function it is for. The request has its path, query and body as they came.
pub async fn answer(app: &App, request: &Request) -> Response {
    web::serve(app, request, route).await
}

async fn route(app: &App, request: &Request) -> Response {
    // Apart on the heap: together they would be more than a thread's stack holds in a debug build.
    match web::path(request).split('/').nth(1).unwrap_or_default() {
        "oauth" => Box::pin(install_function::handle(app, request)).await,
        "actions" => Box::pin(actions_function::handle(app, request)).await,
        "settings" | "docs" => settings_function::handle(app, request).await,
        "webhooks" => Box::pin(webhooks_function::handle(app, request)).await,
        "" if web::path(request) != "/" => web::not_found(),
        "" | "page" => Box::pin(page::handle(app, request)).await,
        "health" => health(request),
        _ => web::not_found(),
    }
}

/// This process is ready: it answers, so it has opened its store and its queue.
fn health(request: &Request) -> Response {
    if web::path(request) != "/health" {
        return web::not_found();
    }
    match web::allow(request, &[Method::GET]) {
        Ok(()) => web::text(StatusCode::OK, "ok\n"),
        Err(refusal) => refusal,
    }
}
