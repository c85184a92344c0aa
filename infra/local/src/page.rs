//! The settings page in a browser without HubSpot: the real page in a host that plays HubSpot's part (`infra/local/page`).
//!
//! | address | what it answers |
//! |---|---|
//! | `GET /` | the page; while it is built for the first time, that |
//! | `GET /page/assets/…` | its scripts and styles |
//! | `GET /page/context.json` | what HubSpot tells a page: portal, user, app |
//! | `POST /page/fetch/settings/…` | a request of the page, signed as HubSpot signs it, and handed to the settings function |
//!
//! Whoever may call this changes settings without signing in, so it answers nobody but a browser on this machine: only where the
//! product itself is called on this machine, only by its loopback name, never through a proxy, and never for another site.

mod build;

use app::App;
use hubspot_sim::signature::{Scheme, sign};
use secrecy::ExposeSecret as _;
use serde_json::json;
use web::{Method, Request, Response, StatusCode, headers};

use crate::pretend;

/// Who uses the page here.
const USER: (u64, &str) = (1, "you@example.com");
/// The page loads what is its own, and nothing else.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; connect-src 'self'; \
                      img-src data:; form-action 'none'; frame-ancestors 'none'; base-uri 'none'";
/// Headers that only a proxy adds: a request that has one came from elsewhere.
const OF_PROXIES: [&str; 5] = ["forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via"];

/// Answers a request for the page or of the page.
pub(crate) async fn handle(app: &App, request: &Request) -> Response {
    if let Some(why) = elsewhere(&app.config.public_base_url, request) {
        return web::error(StatusCode::FORBIDDEN, "not_here", why);
    }
    let path = web::path(request);
    let wanted = if path.starts_with("/page/fetch/") { Method::POST } else { Method::GET };
    if let Err(refusal) = web::allow(request, &[wanted]) {
        return refusal;
    }
    match path {
        "/" => page(app),
        "/page/context.json" => context(app, request),
        _ => match (path.strip_prefix("/page/fetch"), path.strip_prefix("/page/assets/")) {
            (Some(address), _) => fetch(app, request, address).await,
            (_, Some(name)) => asset(name),
            _ => web::not_found(),
        },
    }
}

/// Why the page is not shown to whoever asks; none if it is.
fn elsewhere(public_base_url: &str, request: &Request) -> Option<&'static str> {
    let host = public_base_url.split_once("://").map_or(public_base_url, |(_, host)| host);
    if !is_loopback(host) {
        return Some("This product is called from elsewhere, so its settings page is in HubSpot.");
    }
    if !web::header(request, "host").is_some_and(is_loopback) || OF_PROXIES.iter().any(|name| has(request, name)) {
        return Some("The settings page is shown on this machine only.");
    }
    let site = web::header(request, "sec-fetch-site").unwrap_or("same-origin");
    let is_ours = ["same-origin", "none"].contains(&site)
        && (request.method() == Method::GET || web::header(request, "content-type") == Some("application/json"));
    (!is_ours).then_some("The settings page answers no other site.")
}

fn has(request: &Request, name: &str) -> bool {
    request.headers().contains_key(name)
}

fn is_loopback(host: &str) -> bool {
    let name = host.split(['/', ':']).next().unwrap_or_default();
    ["127.0.0.1", "localhost"].contains(&name)
}

fn page(app: &App) -> Response {
    if app.client_secrets.is_empty() {
        let why = "The settings page needs HUBSPOT_CLIENT_SECRET: its requests are signed with it. Any text will do on this machine.\n";
        return web::text(StatusCode::SERVICE_UNAVAILABLE, why);
    }
    match build::state() {
        build::State::Built => file("index.html", "text/html; charset=utf-8"),
        build::State::Going => waiting("The settings page is being built, once. This takes about a minute.", true),
        build::State::Failed(why) => waiting(&why, false),
    }
}

/// A page that says why there is none yet.
fn waiting(why: &str, again: bool) -> Response {
    let refresh = if again { "<meta http-equiv=\"refresh\" content=\"2\">" } else { "" };
    let why = web::escape(why);
    let page = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">{refresh}<title>Kleer for HubSpot</title></head>\
         <body style=\"font-family:sans-serif;max-width:46em;margin:3em auto\"><h1>Kleer for HubSpot</h1>\
         <p style=\"white-space:pre-wrap\">{why}</p></body></html>"
    );
    web::html(if again { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE }, page)
}

fn asset(name: &str) -> Response {
    let is_plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
    let kind = match name.rsplit_once('.') {
        Some((_, "js")) => "text/javascript; charset=utf-8",
        Some((_, "css")) => "text/css; charset=utf-8",
        _ => return web::not_found(),
    };
    if is_plain { file(&format!("assets/{name}"), kind) } else { web::not_found() }
}

fn file(name: &str, kind: &str) -> Response {
    let Ok(text) = std::fs::read_to_string(build::folder().join(name)) else { return web::not_found() };
    let mut answer = web::text(StatusCode::OK, text);
    answer.headers_mut().remove(headers::CONTENT_TYPE);
    let answer = web::with_header(answer, headers::CONTENT_TYPE, kind);
    web::with_header(answer, headers::CONTENT_SECURITY_POLICY, POLICY)
}

/// The portal that is shown: the one that the address names, else the one without OAuth, else the demo's.
fn portal(app: &App, request: &Request) -> i64 {
    let named = web::query(request).get("portal").and_then(|portal| portal.parse().ok());
    let fixed = || app.config.static_portal.as_ref().map(|fixed| fixed.portal.0);
    named.filter(|portal| *portal > 0).or_else(fixed).unwrap_or(pretend::PORTAL)
}

fn context(app: &App, request: &Request) -> Response {
    let (id, email) = USER;
    let told = json!({
        "base_url": app.config.public_base_url,
        "portal": portal(app, request),
        "app": app.config.hubspot_app_id.unwrap_or_default(),
        "user": { "id": id, "email": email },
    });
    web::json(StatusCode::OK, &told)
}

/// What `hubspot.fetch` does (contract hubspot-platform §2.3): says who asks, and signs.
async fn fetch(app: &App, request: &Request, address: &str) -> Response {
    let Some(secret) = app.client_secrets.first() else { return web::not_found() };
    if !address.starts_with("/settings/") {
        return web::not_found();
    }
    let (user, email) = USER;
    let app_id = app.config.hubspot_app_id.map(|id| format!("&appId={id}")).unwrap_or_default();
    let url = format!(
        "{}{address}?userId={user}&portalId={}&userEmail={}{app_id}",
        app.config.public_base_url,
        portal(app, request),
        email.replace('@', "%40"),
    );
    let called = http::Request::post(url).header(headers::CONTENT_TYPE, "application/json");
    let Ok(mut called) = called.body(request.body().clone()) else { return web::not_found() };
    sign(&mut called, Scheme::Webhook, secret.expose_secret(), app.clock.now());
    settings_function::handle(app, &called).await
}

#[cfg(test)]
mod tests;
