//! Requests as API Gateway hands them over (HTTP API, payload 2.0; contract hubspot-platform §5.4).
//!
//! Path and query are taken as they came. `lambda_http`'s own requests put the path in order and build the address anew, and
//! HubSpot's signatures are made over what it called; so of that crate only the event and the answer are used.

use bytes::Bytes;
use http::header::{COOKIE, HeaderValue, SET_COOKIE};
use lambda_http::Body;
use lambda_http::aws_lambda_events::apigw::{ApiGatewayV2httpRequest, ApiGatewayV2httpResponse};

/// The request that an event carries; a sentence if it carries none.
pub(crate) fn request(event: ApiGatewayV2httpRequest) -> Result<web::Request, String> {
    let mut address = event.raw_path.unwrap_or_default();
    if let Some(query) = event.raw_query_string.filter(|query| !query.is_empty()) {
        address.push('?');
        address.push_str(&query);
    }
    let body = event.body.map(|body| Body::from_maybe_encoded(event.is_base64_encoded, &body));
    let body = match body {
        None | Some(Body::Empty) => Bytes::new(),
        Some(Body::Text(text)) => text.into(),
        Some(Body::Binary(bytes)) => bytes.into(),
        Some(_) => return Err("the body of a request is neither text nor bytes".to_owned()),
    };
    let mut request = http::Request::builder()
        .method(event.request_context.http.method)
        .uri(address)
        .body(body)
        .map_err(|error| format!("an event is no request: {error}"))?;
    *request.headers_mut() = event.headers;
    // Cookies come beside the headers.
    if let Some(cookies) = event.cookies.filter(|cookies| !cookies.is_empty()) {
        let cookies = HeaderValue::from_str(&cookies.join("; ")).map_err(|error| error.to_string())?;
        request.headers_mut().insert(COOKIE, cookies);
    }
    Ok(request)
}

/// An answer as API Gateway wants it.
pub(crate) fn answer(response: web::Response) -> ApiGatewayV2httpResponse {
    let (mut parts, body) = response.into_parts();
    let text = |value: &HeaderValue| value.to_str().unwrap_or_default().to_owned();
    let mut answer = ApiGatewayV2httpResponse::default();
    answer.cookies = parts.headers.get_all(SET_COOKIE).iter().map(text).collect();
    parts.headers.remove(SET_COOKIE);
    answer.status_code = parts.status.as_u16().into();
    answer.headers = parts.headers;
    // Text stays readable in logs and tests; anything else travels in Base64.
    answer.is_base64_encoded = std::str::from_utf8(&body).is_err();
    answer.body = Some(match String::from_utf8(body.into()) {
        Ok(text) => Body::Text(text),
        Err(bytes) => Body::Binary(bytes.into_bytes()),
    });
    answer
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn event(changes: Value) -> ApiGatewayV2httpRequest {
        let mut event = json!({
            "version": "2.0", "routeKey": "$default", "rawPath": "/a//b/%C3%A5/../c", "rawQueryString": "x=a%40b&y=1&x=2",
            "headers": { "x-one": "1" }, "isBase64Encoded": false,
            "requestContext": { "http": { "method": "POST", "path": "/", "protocol": "HTTP/1.1" }, "stage": "$default" },
        });
        event.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
        serde_json::from_value(event).unwrap()
    }

    #[test]
    fn a_request_is_what_came() {
        let request = request(event(json!({ "body": "å", "cookies": ["a=1", "b=2"] }))).unwrap();
        assert_eq!(request.method(), "POST");
        assert_eq!(request.uri(), "/a//b/%C3%A5/../c?x=a%40b&y=1&x=2");
        assert_eq!(
            (request.body().as_ref(), &request.headers()["cookie"]),
            ("å".as_bytes(), &"a=1; b=2".parse().unwrap())
        );
        assert_eq!(request.headers()["x-one"], "1");
    }

    #[test]
    fn bytes_come_in_base64() {
        let request = request(event(json!({ "body": "/wA=", "isBase64Encoded": true, "rawQueryString": "" }))).unwrap();
        assert_eq!(request.body().as_ref(), [0xff, 0]);
        assert_eq!(request.uri(), "/a//b/%C3%A5/../c");
    }

    #[test]
    fn what_is_no_request_is_said() {
        let fault = request(event(json!({ "rawPath": "no path" }))).unwrap_err();
        assert!(fault.starts_with("an event is no request"), "{fault}");
    }

    #[test]
    fn an_answer_keeps_its_cookies_apart() {
        let response = http::Response::builder()
            .status(302)
            .header("location", "/x")
            .header("set-cookie", "a=1")
            .header("set-cookie", "b=2")
            .body(Bytes::from_static("hej å".as_bytes()))
            .unwrap();
        let answer = serde_json::to_value(answer(response)).unwrap();
        assert_eq!(answer["statusCode"], 302);
        assert_eq!(answer["cookies"], json!(["a=1", "b=2"]));
        assert_eq!(answer["headers"], json!({ "location": "/x" }));
        assert_eq!((&answer["body"], &answer["isBase64Encoded"]), (&json!("hej å"), &json!(false)));
    }

    #[test]
    fn bytes_go_in_base64() {
        let answer = serde_json::to_value(answer(http::Response::new(Bytes::from_static(&[0xff, 0])))).unwrap();
        assert_eq!((&answer["body"], &answer["isBase64Encoded"]), (&json!("/wA="), &json!(true)));
    }
}
