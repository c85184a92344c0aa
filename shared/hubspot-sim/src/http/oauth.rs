//! `/oauth/…` and uninstalling (contract §2).

use super::call::{Answer, Call};
use crate::state::error::ApiError;
use crate::state::install::ConsentPage;
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

/// `GET /oauth/authorize`, and with the portal in the path: stands in for the consent page and decides at once.
pub(super) fn authorize(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let text = |name: &str| call.query(name).unwrap_or_default().to_owned();
    if text("client_id") != call.state.app.client_id {
        return Err(ApiError::validation("missing or unknown client id"));
    }
    let words = |name: &str| text(name).split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    let chosen = call.params.get("portal").and_then(|portal| portal.parse().ok());
    let first = call.state.portals.keys().next().copied();
    let page = ConsentPage {
        portal: chosen.or(first).ok_or_else(ApiError::not_found)?,
        redirect_uri: text("redirect_uri"),
        scopes: Some(words("scope")),
        optional_scopes: words("optional_scope"),
        state: Some(text("state")),
        return_url: None,
    };
    let location = call.state.decide(page, call.now)?;
    Ok(Answer { status: 302, headers: vec![("location", location)], ..Answer::no_content() })
}
