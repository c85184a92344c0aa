//! Reading requests.

use http::{Method, StatusCode};
use serde::de::DeserializeOwned;

use crate::answers::{error, method_not_allowed};
use crate::{Request, Response};

/// The parameters of a query, decoded.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query(Vec<(String, String)>);

impl Query {
    /// The first value of that name; none if it is empty.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        let first = self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
        first.filter(|value| !value.is_empty())
    }
}

/// The path as it came, without the query.
#[must_use]
pub fn path(request: &Request) -> &str {
    request.uri().path()
}

/// The parameters of the query.
#[must_use]
pub fn query(request: &Request) -> Query {
    Query(serde_urlencoded::from_str(request.uri().query().unwrap_or_default()).unwrap_or_default())
}

/// The cookie of that name.
#[must_use]
pub fn cookie<'a>(request: &'a Request, name: &str) -> Option<&'a str> {
    let cookies = request.headers().get_all(http::header::COOKIE).into_iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|cookies| cookies.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(known, _)| *known == name).map(|(_, value)| value)
}

/// The header of that name. None if it is not there, is no text, or is there several times: which of them counts would be
/// anybody's guess.
#[must_use]
pub fn header<'a>(request: &'a Request, name: &str) -> Option<&'a str> {
    let mut values = request.headers().get_all(name).into_iter();
    let only = values.next().filter(|_| values.next().is_none())?;
    only.to_str().ok()
}

/// The body as JSON.
///
/// # Errors
/// The 400 to answer with if it is none, or not of that shape. It says where, and nothing of what stands there.
#[expect(clippy::result_large_err, reason = "the error is the answer itself, and moved once")]
pub fn read_json<T: DeserializeOwned>(request: &Request) -> Result<T, Response> {
    serde_json::from_slice(request.body()).map_err(|fault| {
        let message =
            format!("The body is not the JSON that belongs here (line {}, column {}).", fault.line(), fault.column());
        error(StatusCode::BAD_REQUEST, "not_json", &message)
    })
}

/// Lets these methods through.
///
/// # Errors
/// The 405 to answer any other with.
#[expect(clippy::result_large_err, reason = "the error is the answer itself, and moved once")]
pub fn allow(request: &Request, methods: &[Method]) -> Result<(), Response> {
    if methods.contains(request.method()) { Ok(()) } else { Err(method_not_allowed(methods)) }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;

    fn request(uri: &str, headers: &[(&str, &str)], body: &'static str) -> Request {
        let request =
            headers.iter().fold(http::Request::post(uri), |request, (name, value)| request.header(*name, *value));
        request.body(Bytes::from(body)).unwrap()
    }

    #[test]
    fn path_and_query() {
        let request = request("http://a.se/x%2Fy?code=a%20b+c&state=&code=d&flag&%C3%A5=1", &[], "");
        assert_eq!(path(&request), "/x%2Fy");
        let query = query(&request);
        assert_eq!(
            [query.get("code"), query.get("å"), query.get("state"), query.get("flag")],
            [Some("a b c"), Some("1"), None, None]
        );
    }

    #[test]
    fn headers_and_cookies() {
        let headers = [("cookie", "a=1; b=2=3"), ("cookie", "c=4"), ("x", "1"), ("y", "1"), ("y", "2"), ("z", "å")];
        let request = request("/", &headers, "");
        assert_eq!(["a", "b", "c", "d"].map(|name| cookie(&request, name)), [Some("1"), Some("2=3"), Some("4"), None]);
        assert_eq!(["x", "y", "z", "w"].map(|name| header(&request, name)), [Some("1"), None, None, None]);
    }

    #[test]
    fn a_body_that_does_not_fit_is_not_repeated() {
        let refused = read_json::<Vec<u32>>(&request("/", &[], "[1,\n \"secret\"]")).unwrap_err();
        let body = String::from_utf8(refused.body().to_vec()).unwrap();
        insta::assert_snapshot!(body, @r#"{"error":{"code":"not_json","message":"The body is not the JSON that belongs here (line 2, column 9)."}}"#);
        assert_eq!(read_json::<Vec<u32>>(&request("/", &[], "[1]")).unwrap(), [1]);
    }
}
