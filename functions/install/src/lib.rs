//! A portal installs or reconnects: consent, OAuth callback. Wiring only; the rules are in `portal`.
//!
//! | route | what it does |
//! |---|---|
//! | `GET /oauth/start` | from our own site: makes a one-time state, binds it to the browser, sends it to HubSpot's consent page |
//! | `GET /oauth/callback` | HubSpot sends the browser back: with our state, or with a `returnUrl` of its own and no state |
//!
//! No code, state or token stands in a log line or on a page.

mod answers;
mod pages;
mod return_url;

use std::fmt::Write as _;
use std::time::Duration;

use app::App;
use hubspot::Consent;
use secrecy::ExposeSecret as _;
use sha2::{Digest as _, Sha256};
use web::{Method, Request, Response};

/// Between the start of an install and HubSpot's answer lies a person who reads.
const STATE_LIFE: Duration = Duration::from_secs(10 * 60);
/// The cookie that binds an install to the browser that began it.
const COOKIE: &str = "kleer_install";

/// Answers a request.
pub async fn handle(app: &App, request: &Request) -> Response {
    if let Err(refused) = web::allow(request, &[Method::GET]) {
        return refused;
    }
    match web::path(request) {
        "/oauth/start" => start(app, request).await,
        "/oauth/callback" => callback(app, request).await,
        _ => web::not_found(),
    }
}

/// Where HubSpot sends the browser back to.
fn redirect_uri(app: &App) -> String {
    format!("{}/oauth/callback", app.config.public_base_url)
}

async fn start(app: &App, request: &Request) -> Response {
    let oauth = match app.oauth() {
        Ok(oauth) => oauth,
        Err(error) => return answers::not_configured(request, &error),
    };
    let state = app::random_text();
    let state = state.expose_secret();
    let expires_at = domain::schedule::later(app.clock.now(), STATE_LIFE);
    if let Err(error) = app.store.keep_oauth_state(&hash(state), expires_at).await {
        return answers::failed(request, &error.into());
    }
    let redirect_uri = redirect_uri(app);
    let consent = Consent {
        redirect_uri: &redirect_uri,
        scopes: &hubspot::scopes::REQUIRED,
        optional_scopes: &hubspot::scopes::OPTIONAL,
        state,
    };
    let answer = web::redirect(&oauth.authorize_url(&app.config.hubspot_app_url, &consent));
    with_cookie(app, answer, state, STATE_LIFE)
}

async fn callback(app: &App, request: &Request) -> Response {
    let query = web::query(request);
    let given = query.get("returnUrl");
    let return_url = given.and_then(return_url::read);
    if given.is_some() && return_url.is_none() {
        return answers::refused(request, "return_url");
    }
    match query.get("state") {
        Some(state) => {
            // Both ways it is used up: the cookie says that this browser began, the store that nobody ended it yet.
            let began_here = web::cookie(request, COOKIE) == Some(state);
            match app.store.use_oauth_state(&hash(state), app.clock.now()).await {
                Ok(true) if began_here => {}
                Ok(_) => return answers::refused(request, "state"),
                Err(error) => return answers::failed(request, &error.into()),
            }
        }
        // An install that began at HubSpot; it has no state of ours (contract hubspot-platform §7.2).
        None if return_url.is_some() => {}
        None => return answers::refused(request, "no_state"),
    }
    if let Some(error) = query.get("error") {
        return answers::declined(request, error == "access_denied");
    }
    let Some(code) = query.get("code") else { return answers::refused(request, "no_code") };
    let answer = match portal::install(app, code, &redirect_uri(app)).await {
        Ok(installed) => match return_url {
            Some(return_url) => web::redirect(&return_url),
            None => answers::installed(request, &installed, &app.config.hubspot_app_url),
        },
        Err(error) => answers::failed(request, &error),
    };
    with_cookie(app, answer, "", Duration::ZERO)
}

/// What a state is kept under.
fn hash(state: &str) -> String {
    Sha256::digest(state).iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Sets the cookie, or takes it away again. It goes along when HubSpot sends the browser back (`Lax`), and never without TLS but
/// on one machine.
fn with_cookie(app: &App, answer: Response, value: &str, life: Duration) -> Response {
    let secure = if app.config.public_base_url.starts_with("http://") { "" } else { "; Secure" };
    let life = life.as_secs();
    let cookie = format!("{COOKIE}={value}; Path=/oauth; Max-Age={life}; HttpOnly; SameSite=Lax{secure}");
    web::with_header(answer, web::headers::SET_COOKIE, &cookie)
}
