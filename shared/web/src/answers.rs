//! Answers. None of them may be kept by anybody on the way: what they say is true for one moment and one portal.

use bytes::Bytes;
use http::header::{ALLOW, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, LOCATION};
use http::{HeaderValue, Method, StatusCode};
use serde::Serialize;

use crate::Response;

/// A page of ours shows text and its own styles: no scripts, no frames, nothing from elsewhere.
const PAGE_POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/// A value as JSON.
#[must_use]
pub fn json(status: StatusCode, value: &impl Serialize) -> Response {
    match serde_json::to_vec(value) {
        Ok(body) => answer(status, Some("application/json"), body),
        Err(error) => {
            tracing::error!(%error, "an answer cannot be written as JSON");
            answer(StatusCode::INTERNAL_SERVER_ERROR, None, Vec::new())
        }
    }
}

/// Plain text.
#[must_use]
pub fn text(status: StatusCode, text: impl Into<String>) -> Response {
    answer(status, Some("text/plain; charset=utf-8"), text.into())
}

/// A page for people. What it shows of the outside must go through [`escape`].
#[must_use]
pub fn html(status: StatusCode, page: impl Into<String>) -> Response {
    let mut page = answer(status, Some("text/html; charset=utf-8"), page.into());
    page.headers_mut().insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(PAGE_POLICY));
    page
}

/// Sends a browser elsewhere, with a GET.
#[must_use]
pub fn redirect(location: &str) -> Response {
    let Ok(location) = HeaderValue::from_str(location) else {
        tracing::error!("an address to redirect to cannot stand in a header");
        return answer(StatusCode::INTERNAL_SERVER_ERROR, None, Vec::new());
    };
    let mut redirect = empty(StatusCode::FOUND);
    redirect.headers_mut().insert(LOCATION, location);
    redirect
}

/// No body.
#[must_use]
pub fn empty(status: StatusCode) -> Response {
    answer(status, None, Vec::new())
}

/// What went wrong, for a program and for a person: `{"error":{"code":"…","message":"…"}}`.
#[must_use]
pub fn error(status: StatusCode, code: &str, message: &str) -> Response {
    json(status, &serde_json::json!({ "error": { "code": code, "message": message } }))
}

/// 404.
#[must_use]
pub fn not_found() -> Response {
    error(StatusCode::NOT_FOUND, "not_found", "There is nothing at this address.")
}

/// 405, with the methods that there are.
#[must_use]
pub fn method_not_allowed(allowed: &[Method]) -> Response {
    let allowed = allowed.iter().map(Method::as_str).collect::<Vec<_>>().join(", ");
    let message = format!("This address answers {allowed} only.");
    with_header(error(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", &message), ALLOW, &allowed)
}

/// 413: the body is longer than [`crate::BODY_LIMIT`].
#[must_use]
pub fn too_large() -> Response {
    error(StatusCode::PAYLOAD_TOO_LARGE, "too_large", "The body is larger than 10 MB.")
}

/// The answer with one header more; a value that cannot stand in a header is left out.
#[must_use]
pub fn with_header(mut response: Response, name: HeaderName, value: &str) -> Response {
    match HeaderValue::from_str(value) {
        Ok(value) => drop(response.headers_mut().append(name, value)),
        Err(_) => tracing::error!(%name, "a value cannot stand in a header and is left out"),
    }
    response
}

/// A text as it may stand in HTML, in an element or in a quoted attribute.
#[must_use]
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}

fn answer(status: StatusCode, content_type: Option<&'static str>, body: impl Into<Bytes>) -> Response {
    let mut answer = Response::new(body.into());
    *answer.status_mut() = status;
    let headers = answer.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Some(content_type) = content_type {
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    }
    answer
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(answer: &Response) -> String {
        let headers = answer.headers().iter().map(|(name, value)| format!("{name}: {}", value.to_str().unwrap()));
        let body = String::from_utf8(answer.body().to_vec()).unwrap();
        [answer.status().to_string()].into_iter().chain(headers).chain([body]).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn what_answers_look_like() {
        insta::assert_snapshot!(check(&method_not_allowed(&[Method::GET, Method::POST])), @r#"
        405 Method Not Allowed
        cache-control: no-store
        content-type: application/json
        allow: GET, POST
        {"error":{"code":"method_not_allowed","message":"This address answers GET, POST only."}}
        "#);
        insta::assert_snapshot!(check(&html(StatusCode::OK, "<p>hej</p>")), @"
        200 OK
        cache-control: no-store
        content-type: text/html; charset=utf-8
        content-security-policy: default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'
        <p>hej</p>
        ");
        insta::assert_snapshot!(check(&with_header(redirect("https://a.se/?x=1"), http::header::SET_COOKIE, "a=b")), @"
        302 Found
        cache-control: no-store
        location: https://a.se/?x=1
        set-cookie: a=b
        ");
    }

    #[test]
    fn nothing_from_outside_splits_a_header_or_a_page() {
        assert_eq!(redirect("https://a.se/\r\nset-cookie: a=b").status(), StatusCode::INTERNAL_SERVER_ERROR);
        let answer = with_header(empty(StatusCode::OK), http::header::SET_COOKIE, "a\r\nb: c");
        assert!(!answer.headers().contains_key("set-cookie"));
        assert_eq!(escape(r#"<a href='x' id="y">&Åke"#), "&lt;a href=&#39;x&#39; id=&quot;y&quot;&gt;&amp;Åke");
    }
}
