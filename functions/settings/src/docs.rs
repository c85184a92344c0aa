//! The user guide at `/docs`: unsigned, the same for everybody, so that anybody on the way may keep it for a while. Wiring only; the
//! pages are in [`guide`].

use guide::{Answer, Language, POLICY};
use web::headers::{
    ACCEPT_LANGUAGE, CACHE_CONTROL, CONTENT_LANGUAGE, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, HeaderValue,
    VARY,
};
use web::{Method, Request, Response, StatusCode};

/// A page may be an hour old: a release changes words, hardly ever more.
const KEPT: HeaderValue = HeaderValue::from_static("public, max-age=3600");

/// Whether an address is one of the guide's.
pub(crate) fn is_below(path: &str) -> bool {
    path.strip_prefix("/docs").is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Answers `GET /docs`, `GET /docs/style.css`, `GET /docs/{language}` and `GET /docs/{language}/{page}`, and HEAD without a body.
pub(crate) fn answer(request: &Request) -> Response {
    if let Err(refusal) = web::allow(request, &[Method::GET, Method::HEAD]) {
        return refusal;
    }
    let accepted = web::header(request, "accept-language");
    let mut response = match guide::answer(web::path(request), accepted) {
        Answer::Page { html, language, is_negotiated } => {
            let mut page = page(StatusCode::OK, html, language);
            if is_negotiated {
                set(&mut page, VARY, ACCEPT_LANGUAGE.into());
            }
            page
        }
        Answer::Style(style) => {
            let mut style = web::text(StatusCode::OK, style);
            set(&mut style, CONTENT_TYPE, HeaderValue::from_static("text/css; charset=utf-8"));
            set(&mut style, CACHE_CONTROL, KEPT);
            style
        }
        Answer::Missing { html, language } => {
            let mut missing = page(StatusCode::NOT_FOUND, html, language);
            set(&mut missing, CACHE_CONTROL, HeaderValue::from_static("no-store"));
            missing
        }
    };
    if *request.method() == Method::HEAD {
        *response.body_mut() = Default::default();
    }
    response
}

fn page(status: StatusCode, html: String, language: Language) -> Response {
    let mut page = web::html(status, html);
    set(&mut page, CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    set(&mut page, CONTENT_LANGUAGE, HeaderValue::from_static(language.code()));
    set(&mut page, CACHE_CONTROL, KEPT);
    page
}

fn set(response: &mut Response, name: HeaderName, value: HeaderValue) {
    response.headers_mut().insert(name, value);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(method: Method, path: &str, accepted: &str) -> String {
        let request = http::Request::builder().method(method).uri(path).header("accept-language", accepted);
        let answer = answer(&request.body(bytes::Bytes::new()).unwrap());
        let headers = answer.headers().iter().map(|(name, value)| format!("{name}: {}", value.to_str().unwrap()));
        let body = if answer.body().is_empty() { "no body" } else { "a body" };
        let lines = [format!("{} {path}", answer.status())].into_iter().chain(headers).chain([body.to_owned()]);
        lines.collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn what_the_guide_answers() {
        insta::assert_snapshot!(check(Method::GET, "/docs", "sv"), @"
        200 OK /docs
        cache-control: public, max-age=3600
        content-type: text/html; charset=utf-8
        content-security-policy: default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'
        content-language: sv
        vary: accept-language
        a body
        ");
        insta::assert_snapshot!(check(Method::HEAD, "/docs/en/clients", "sv"), @"
        200 OK /docs/en/clients
        cache-control: public, max-age=3600
        content-type: text/html; charset=utf-8
        content-security-policy: default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'
        content-language: en
        no body
        ");
        insta::assert_snapshot!(check(Method::GET, "/docs/style.css", ""), @"
        200 OK /docs/style.css
        cache-control: public, max-age=3600
        content-type: text/css; charset=utf-8
        a body
        ");
        insta::assert_snapshot!(check(Method::GET, "/docs/sv/x", ""), @"
        404 Not Found /docs/sv/x
        cache-control: no-store
        content-type: text/html; charset=utf-8
        content-security-policy: default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'
        content-language: sv
        a body
        ");
        insta::assert_snapshot!(check(Method::POST, "/docs", ""), @"
        405 Method Not Allowed /docs
        cache-control: no-store
        content-type: application/json
        allow: GET, HEAD
        a body
        ");
    }

    #[test]
    fn which_addresses_are_the_guides() {
        let below = ["/docs", "/docs/", "/docs/sv/x", "/docsx", "/doc", "/settings/docs"].map(is_below);
        assert_eq!(below, [true, true, true, false, false, false]);
    }
}
