//! What headers say about waiting, and signatures: text from anywhere.

use std::time::Duration;

use http::{HeaderMap, HeaderValue};
use hubspot::signature::{SignatureError, Signed, verify_v2, verify_v3};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::{Just, Strategy, any, prop_oneof};
use proptest::sample::select;
use rest::{Attempted, Idempotence, Retry, decide};
use serde_json::json;

use super::check;
use super::mutate::spoilings;

/// What may stand in `Retry-After` and its like.
fn values() -> impl Strategy<Value = Vec<u8>> {
    let known = select(vec![
        "0",
        "1",
        "120",
        "-1",
        "1.5",
        "1e9",
        "18446744073709551615",
        "18446744073709551616",
        "99999999999999999999999",
        "Fri, 31 Dec 9999 23:59:59 GMT",
        "NaN",
        "",
        " 7 ",
        "0x10",
        "1,2",
    ]);
    prop_oneof![known.prop_map(|text| text.as_bytes().to_vec()), vec(any::<u8>(), 0..40)]
}

#[test]
fn no_pause_is_longer_than_we_wait() {
    let statuses = prop_oneof![select(vec![408_u16, 423, 429, 477, 500, 502, 503, 504, 521]), 100_u16..1000];
    let ways = select(vec![Idempotence::Read, Idempotence::Repeatable, Idempotence::Once]);
    let cases = (statuses, option::of(values()), spoilings(), ways, 0_u32..8);
    check(800, cases, |(status, value, spoiling, idempotence, attempt)| {
        let mut headers = HeaderMap::new();
        if let Some(value) = value.and_then(|value| HeaderValue::from_bytes(&value).ok()) {
            headers.insert("retry-after", value);
        }
        let body = spoiling.of(&json!({ "policyName": "DAILY", "message": "ten_secondly", "errorType": "RATE_LIMIT" }));
        let attempted = Attempted::Answered { status, headers: &headers, body: &body };
        if let Retry::After(pause) = decide(idempotence, attempt, &attempted) {
            assert!(pause <= Duration::from_secs(15), "{pause:?}");
        }
    });
}

/// Headers as HubSpot writes them, and anything else.
fn written() -> impl Strategy<Value = String> {
    prop_oneof![
        "[A-Za-z0-9+/]{43}=",
        "[A-Za-z0-9+/=]{0,90}",
        "[0-9a-fA-F]{64}",
        "[0-9]{0,30}",
        "\\PC{0,60}",
        Just("x".repeat(60_000)),
    ]
}

#[test]
fn nobody_guesses_a_signature() {
    let now = "2026-11-20T08:00:00Z".parse().unwrap();
    let urls = prop_oneof!["https://a\\.example/[a-z%0-9/?&=]{0,60}", "\\PC{0,80}"];
    let timestamps = prop_oneof![Just("1795161600000".to_owned()), written()];
    let cases = (written(), timestamps, urls, vec(any::<u8>(), 0..200));
    check(800, cases, |(signature, timestamp, url, body)| {
        let secrets = ["secret".into(), "older".into()];
        let signed = Signed { method: "POST", url: &url, body: &body };
        assert!(verify_v3(&secrets, &signed, &signature, &timestamp, now).is_err());
        assert!(verify_v2(&secrets, &signed, &signature).is_err());
    });
}

/// One right signature is right for one request: whatever is changed in it makes it wrong, or leaves it the same request.
#[test]
fn a_signature_is_for_one_request() {
    let now: jiff::Timestamp = "2026-11-20T08:00:00Z".parse().unwrap();
    let url = "https://a.example/settings/object?portalId=4243&userId=7&userEmail=a%2Bb%40c.se";
    let body = br#"{"object":"client"}"#;
    let timestamp = now.as_millisecond().to_string();
    let right = hubspot_sim::signature::v3("secret", "POST", url, body, &timestamp);
    let check_one = |method: &str, url: &str, body: &[u8], signature: &str, timestamp: &str| {
        verify_v3(&["secret".into()], &Signed { method, url, body }, signature, timestamp, now)
    };
    assert_eq!(check_one("POST", url, body, &right, &timestamp), Ok(()));
    let at = any::<proptest::sample::Index>();
    check(600, (0_u8..5, at, any::<u8>()), |(part, at, byte)| {
        let spoiled = |text: &[u8]| {
            let mut bytes = text.to_vec();
            let at = at.index(bytes.len());
            bytes[at] = byte;
            bytes
        };
        let text = |text: &str| String::from_utf8(spoiled(text.as_bytes())).ok();
        let told = match part {
            0 => text("POST").map(|method| (method != "POST", check_one(&method, url, body, &right, &timestamp))),
            1 => text(url).map(|other| (other != url, check_one("POST", &other, body, &right, &timestamp))),
            2 => Some(spoiled(body)).map(|other| (other != body, check_one("POST", url, &other, &right, &timestamp))),
            3 => text(&right).map(|other| (other != right, check_one("POST", url, body, &other, &timestamp))),
            _ => text(&timestamp).map(|other| (other != timestamp, check_one("POST", url, body, &right, &other))),
        };
        if let Some((changed, told)) = told {
            assert_eq!(told.is_err(), changed, "{part}");
            assert!(!changed || told != Err(SignatureError::Old) || part == 4);
        }
    });
}
