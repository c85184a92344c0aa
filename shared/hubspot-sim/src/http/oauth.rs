//! `/oauth/…` and uninstalling (contract §2).

use super::call::{Answer, Call};
use crate::state::error::ApiError;
use crate::state::oauth::refused;

/// Refuses a wrong client id or secret.
fn check_client(call: &Call<'_>) -> Result<(), ApiError> {
    let form = call.form();
    let given = |name: &str| form.get(name).map_or("", String::as_str);
    if given("client_id") != call.state.app.client_id {
        return Err(refused("invalid_client", "BAD_CLIENT_ID", "missing or unknown client id"));
    }
    if given("client_secret") != call.state.app.client_secret {
        return Err(refused("invalid_client", "BAD_CLIENT_SECRET", "missing or invalid client secret"));
    }
    Ok(())
}

/// `POST /oauth/{v}/token`.
pub(super) fn token(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let form = call.form();
    let given = |name: &str| form.get(name).map_or("", String::as_str);
    let grant_type = given("grant_type");
    if grant_type != "authorization_code" && grant_type != "refresh_token" {
        return Err(refused("unsupported_grant_type", "BAD_GRANT_TYPE", "missing or unknown grant type"));
    }
    check_client(call)?;
    let granted = match grant_type {
        "authorization_code" => call.state.exchange(given("code"), given("redirect_uri"), call.now)?,
        _ => call.state.refresh(given("refresh_token"), call.now)?,
    };
    Ok(Answer::json(200, granted))
}

/// `POST /oauth/{v}/token/introspect`.
pub(super) fn introspect(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    check_client(call)?;
    let text = call.form().remove("token").unwrap_or_default();
    Ok(Answer::json(200, call.state.introspect(&text, call.now)))
}

/// `POST /oauth/{v}/token/revoke`.
pub(super) fn revoke(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    check_client(call)?;
    let text = call.form().remove("token").unwrap_or_default();
    call.state.revoke(&text);
    Ok(Answer { status: 200, ..Answer::no_content() })
}

/// `GET /oauth/v1/access-tokens/{token}` and `…/refresh-tokens/{token}`: deprecated, but the official libraries call them.
pub(super) fn token_info(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let mut known = call.state.introspect(call.param("token"), call.now);
    if known["active"] != serde_json::json!(true) {
        return Err(ApiError::bare(404, "token not found or expired"));
    }
    let kind = known["token_use"].as_str().unwrap_or_default().trim_end_matches("_token").to_owned();
    known["token_type"] = serde_json::json!(kind);
    Ok(Answer::json(200, known))
}

/// `DELETE /oauth/v1/refresh-tokens/{token}`.
pub(super) fn delete_token(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let text = call.param("token").to_owned();
    call.state.revoke(&text);
    Ok(Answer::no_content())
}

/// `DELETE /appinstalls/{v}/external-install`.
pub(super) fn uninstall(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    call.need(&["oauth".to_owned()])?;
    call.state.uninstall(call.portal_id());
    Ok(Answer::no_content())
}

/// `GET /oauth/authorize`, and with the portal in the path: stands in for the consent page and says yes at once.
pub(super) fn authorize(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let text = |name: &str| call.query(name).unwrap_or_default().to_owned();
    if text("client_id") != call.state.app.client_id {
        return Err(ApiError::validation("missing or unknown client id"));
    }
    let mut scopes: Vec<String> = text("scope").split_whitespace().map(str::to_owned).collect();
    if let Some(missing) = call.state.app.required_scopes.iter().find(|scope| !scopes.contains(scope)) {
        return Err(ApiError::validation(format!("the scope {missing} is required by the app")));
    }
    scopes.extend(text("optional_scope").split_whitespace().map(str::to_owned));
    let redirect = text("redirect_uri");
    let chosen = call.params.get("portal").and_then(|portal| portal.parse().ok());
    let first = call.state.portals.keys().next().copied();
    let portal = chosen.or(first).ok_or_else(ApiError::not_found)?;
    let state = text("state");
    let code = call.state.consent(portal, Some(redirect.clone()), Some(scopes), call.now)?;
    let query = serde_urlencoded::to_string([("code", code.as_str()), ("state", state.as_str())]).unwrap_or_default();
    let joint = if redirect.contains('?') { '&' } else { '?' };
    let location = format!("{redirect}{joint}{query}");
    Ok(Answer { status: 302, headers: vec![("location", location)], ..Answer::no_content() })
}
