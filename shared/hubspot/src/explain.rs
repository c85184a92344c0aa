//! Errors as sentences that a person can act on.

use rest::Reason;

use crate::errors::{ApiError, NOT_VALID, PropertyError};

/// One sentence about a failed request: what happened and what to do. HubSpot's own words are quoted where they help;
/// they are in English.
#[must_use]
pub fn explain(error: &rest::Error) -> String {
    let Some(status) = error.status else { return without_answer(error) };
    if error.reason == Reason::Representation || error.body.trim_start().starts_with('<') {
        return format!(
            "HubSpot answered with a web page instead of data (status {status}). \
             This is usually a passing trouble at HubSpot; it is tried again by itself."
        );
    }
    let api = ApiError::of(error);
    match status {
        200..=299 => {
            format!("HubSpot's answer (status {status}) could not be read; nothing is known about its effect.")
        }
        401 => connect_again(&api),
        403 => not_allowed(&api),
        404 => with_words("HubSpot does not have what was asked for", &api),
        409 => with_words("HubSpot already has such an entry", &api),
        414 => "The request was too long for HubSpot: fewer properties must be asked for at once.".to_owned(),
        423 => "HubSpot has locked these records for a moment because too much was written at once; \
                it is tried again by itself."
            .to_owned(),
        429 => too_many(&api),
        477 => moving(error),
        500..=599 => {
            with_words(&format!("HubSpot has an internal problem (status {status}); it is tried again by itself"), &api)
        }
        _ => refusal(&api.properties, &api.message, &api.category),
    }
}

/// One sentence about a refused record: every property that HubSpot names, else HubSpot's words, else the category.
pub(crate) fn refusal(properties: &[PropertyError], message: &str, category: &str) -> String {
    if !properties.is_empty() {
        let each: Vec<String> = properties.iter().map(about).collect();
        return sentence(&format!("HubSpot refused {}", each.join("; ")));
    }
    let words = message.split(NOT_VALID).next().unwrap_or_default().trim();
    match (words, category) {
        ("", "") => "HubSpot refused the request without saying why.".to_owned(),
        ("", category) => format!("HubSpot refused the request ({category})."),
        (words, _) => sentence(&format!("HubSpot refused the request: {words}")),
    }
}

fn about(error: &PropertyError) -> String {
    let PropertyError { property, code, message } = error;
    match (code.as_str(), message.as_str()) {
        ("MISSING_REQUIRED_PROPERTY" | "MISSING_CONDITIONAL_REQUIRED_PROPERTY", _) => {
            format!("the record because the portal requires a value for \"{property}\"")
        }
        (code, "") => format!("the value of \"{property}\" ({code})"),
        (_, message) => format!("the value of \"{property}\": {}", message.trim_end_matches('.')),
    }
}

fn connect_again(api: &ApiError) -> String {
    if api.category == "EXPIRED_AUTHENTICATION" {
        return "HubSpot's access token has expired and could not be renewed in time: try again, \
                and connect HubSpot again if this stays."
            .to_owned();
    }
    "HubSpot does not accept this connection any more: connect HubSpot again (with a static token: save a new one)."
        .to_owned()
}

fn not_allowed(api: &ApiError) -> String {
    if !api.required_scopes.is_empty() {
        let scopes = api.required_scopes.join(", ");
        return format!(
            "HubSpot has not granted this app the scopes it needs here: connect HubSpot again and allow {scopes}."
        );
    }
    if api.category == "MISSING_SCOPES" {
        return "HubSpot has not granted this app a scope it needs here: connect HubSpot again and allow everything \
                it asks for."
            .to_owned();
    }
    with_words("HubSpot does not allow this in your portal", api)
}

fn too_many(api: &ApiError) -> String {
    if api.policy_name.as_deref() == Some("DAILY") {
        return "HubSpot's daily limit of requests is used up; it starts anew at midnight in the portal's time zone."
            .to_owned();
    }
    "HubSpot asks for a pause because too many requests came at once; it is tried again by itself.".to_owned()
}

fn moving(error: &rest::Error) -> String {
    let wait = error.retry_after().map(|pause| pause.as_secs().div_ceil(60));
    let wait = wait.map_or_else(|| "within 24 hours".to_owned(), |minutes| format!("in about {minutes} minutes"));
    format!("HubSpot is moving this portal to another data centre; it is tried again by itself {wait}.")
}

fn without_answer(error: &rest::Error) -> String {
    let what = match error.reason {
        Reason::Connect => "HubSpot could not be reached; it is tried again by itself",
        Reason::Unsendable => "A request to HubSpot could not be written: its address or a header has odd characters",
        Reason::TooLarge => "HubSpot answered more than can be read",
        _ if error.sent => "HubSpot did not answer in time; whether it did what was asked shows at the next try",
        _ => "HubSpot did not answer in time; it is tried again by itself",
    };
    sentence(what)
}

/// Our sentence, and HubSpot's own words behind it where there are any.
fn with_words(ours: &str, api: &ApiError) -> String {
    match api.message.trim() {
        "" => sentence(ours),
        words => sentence(&format!("{ours}: {words}")),
    }
}

fn sentence(text: &str) -> String {
    format!("{}.", text.trim_end_matches(['.', ' ']))
}

#[cfg(test)]
mod tests;
