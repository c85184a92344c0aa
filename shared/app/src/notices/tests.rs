use std::sync::{Arc, Mutex};

use futures::FutureExt as _;

use super::*;

/// A SES that answers with a status and remembers what it was sent.
fn ses(status: u16) -> (Post, Clock, Arc<Mutex<Vec<http::Request<bytes::Bytes>>>>) {
    let seen: Arc<Mutex<Vec<http::Request<bytes::Bytes>>>> = Arc::default();
    let memory = seen.clone();
    let transport = Transport::in_process(Arc::new(move |request| {
        memory.lock().unwrap().push(request);
        let body = bytes::Bytes::from_static(br#"{"message":"Email address is not verified."}"#);
        async move { Ok(http::Response::builder().status(status).body(body).unwrap()) }.boxed()
    }));
    let clock = Clock::manual("2026-11-20T08:00:00Z".parse().unwrap());
    let post = Post::ses(AwsAccess::pretend(), "kleer@example.se".to_owned(), transport, clock.clone());
    (post, clock, seen)
}

fn letter() -> Letter {
    Letter { to: Some("anna@example.se".to_owned()), subject: "Kleer för HubSpot".to_owned(), text: "Hej".to_owned() }
}

#[test]
fn a_letter_is_one_signed_request() {
    let (post, clock, seen) = ses(200);
    clock.run(post.send(&letter())).unwrap();
    let requests = seen.lock().unwrap();
    let [request] = requests.as_slice() else { panic!("{requests:?}") };
    insta::assert_snapshot!(format!("{} {}\n{}", request.method(), request.uri(), String::from_utf8_lossy(request.body())), @r#"
    POST https://email.eu-north-1.amazonaws.com/v2/email/outbound-emails
    {"FromEmailAddress":"kleer@example.se","Destination":{"ToAddresses":["anna@example.se"]},"Content":{"Simple":{"Subject":{"Data":"Kleer för HubSpot","Charset":"UTF-8"},"Body":{"Text":{"Data":"Hej","Charset":"UTF-8"}}}}}
    "#);
    let header = |name: &str| request.headers()[name].to_str().unwrap();
    assert_eq!(header("x-amz-date"), "20261120T080000Z");
    assert_eq!(header("x-amz-security-token"), "session");
    let (scope, signature) = header("authorization").split_once(", Signature=").unwrap();
    insta::assert_snapshot!(scope, @"AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261120/eu-north-1/ses/aws4_request, SignedHeaders=content-type;host;x-amz-date;x-amz-security-token");
    assert_eq!(signature.len(), 64);
}

#[test]
fn a_refusal_is_one_sentence_without_a_secret() {
    let (post, clock, seen) = ses(400);
    let error = clock.run(post.send(&letter())).unwrap_err().to_string();
    assert_eq!(seen.lock().unwrap().len(), 1);
    assert!(error.contains("SES") && error.contains("400") && !error.contains("wJalr"), "{error}");
}

#[test]
fn a_letter_to_nobody_is_a_line_in_the_log() {
    let (post, clock, seen) = ses(200);
    clock.run(post.send(&Letter { to: None, ..letter() })).unwrap();
    assert!(seen.lock().unwrap().is_empty());
}
