use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use futures::FutureExt as _;
use futures::future::pending;
use insta::assert_snapshot;
use jiff::Timestamp;

use super::Client;
use crate::calls::Calls;
use crate::clock::Clock;
use crate::request::Request;
use crate::transport::{Failure, Transport};

/// What the pretend service does with one request.
#[derive(Clone, Copy)]
enum Does {
    Say(u16, &'static str),
    Fail(Failure),
    Hang,
}
use Does::{Fail, Hang, Say};

/// A client whose service does these things in turn (the last one again and again), and the log of what it saw.
fn service(steps: &'static [Does]) -> (Client, Clock, Arc<Mutex<Vec<String>>>) {
    let clock = Clock::manual(Timestamp::UNIX_EPOCH);
    let log = Arc::new(Mutex::new(Vec::new()));
    let (seen, now) = (log.clone(), clock.clone());
    let transport = Transport::in_process(Arc::new(move |request: http::Request<Bytes>| {
        let mut seen = seen.lock().unwrap();
        let step = *steps.get(seen.len()).unwrap_or(&steps[steps.len() - 1]);
        let (method, uri, body) = (request.method(), request.uri(), String::from_utf8_lossy(request.body()));
        let headers = request.headers();
        let millis = now.now().as_millisecond();
        seen.push(format!("{millis} ms {method} {uri} {headers:?} {body}").trim_end().to_owned());
        async move {
            match step {
                Say(status, body) => Ok(http::Response::builder().status(status).body(Bytes::from(body)).unwrap()),
                Fail(failure) => Err(failure),
                Hang => pending().await,
            }
        }
        .boxed()
    }));
    let client = Client::new("pretend", "http://service/v1/", transport, clock.clone());
    (client.secret_header("x-token", "s3cret-key".into()), clock, log)
}

/// Sends one request; says what came of it, how often and when it was sent, and what the counters say.
fn check(steps: &'static [Does], request: Request) -> String {
    let (client, clock, log) = service(steps);
    let calls = Arc::new(Calls::default());
    let client = client.calls(calls.clone());
    let outcome = match clock.run(client.send(request)) {
        Ok(answer) => format!("{answer:?}"),
        Err(error) => format!("{error}\n{:?}, unknown outcome: {}", error.kind(), error.outcome_unknown()),
    };
    let sent: Vec<_> = log.lock().unwrap().iter().map(|line| line.split(" ms").next().unwrap().to_owned()).collect();
    format!("{outcome}\nsent at {} ms\n{:?}", sent.join(", "), calls.snapshot())
}

#[test]
fn what_goes_over_the_wire() {
    let (client, clock, log) = service(&[Say(200, "{}")]);
    let client = client.header("accept", "application/json").header("content-type", "application/json");
    clock.run(async {
        client.send(Request::get("/a").query("q", "å b").query("n", 7)).await.unwrap();
        client.send(Request::put("/a").json(&serde_json::json!({"name": "x"}))).await.unwrap();
        client.send(Request::post("/token").form(&[("grant_type", "a b"), ("code", "1")])).await.unwrap();
    });
    assert_snapshot!(log.lock().unwrap().join("\n"), @r#"
    0 ms GET http://service/v1/a?q=%C3%A5+b&n=7 {"x-token": Sensitive, "accept": "application/json", "content-type": "application/json"}
    0 ms PUT http://service/v1/a {"x-token": Sensitive, "accept": "application/json", "content-type": "application/json"} {"name":"x"}
    0 ms POST http://service/v1/token {"x-token": Sensitive, "accept": "application/json", "content-type": "application/x-www-form-urlencoded"} grant_type=a+b&code=1
    "#);
}

#[test]
fn success_after_a_pause() {
    assert_snapshot!(check(&[Say(503, ""), Fail(Failure::NoAnswer), Say(200, "{}")], Request::get("/a")), @r#"
    Answer(200, 2 bytes)
    sent at 0, 2000, 3000 ms
    {("pretend", "other"): Count { sent: 3, rate_limited: 0, failed: 2 }}
    "#);
}

#[test]
fn reads_give_up_after_four_attempts() {
    assert_snapshot!(check(&[Say(500, "boom")], Request::get("/a").kind("list")), @r#"
    pretend, asked GET /a, answered 500: boom
    Transient { retry_after: None }, unknown outcome: false
    sent at 0, 500, 1500, 3500 ms
    {("pretend", "list"): Count { sent: 4, rate_limited: 0, failed: 4 }}
    "#);
}

#[test]
fn a_create_is_not_resent_after_an_unknown_outcome() {
    assert_snapshot!(check(&[Say(500, r#"{"message":"Tekniskt fel"}"#)], Request::put("/a")), @r#"
    pretend, asked PUT /a, answered 500: {"message":"Tekniskt fel"}
    Transient { retry_after: None }, unknown outcome: true
    sent at 0 ms
    {("pretend", "other"): Count { sent: 1, rate_limited: 0, failed: 1 }}
    "#);
    assert_snapshot!(check(&[Fail(Failure::Truncated)], Request::put("/a")), @r#"
    pretend, asked PUT /a, broke off in the middle of its answer
    Transient { retry_after: None }, unknown outcome: true
    sent at 0 ms
    {("pretend", "other"): Count { sent: 1, rate_limited: 0, failed: 1 }}
    "#);
    assert_snapshot!(check(&[Hang], Request::put("/a").timeout(Duration::from_secs(7))), @r#"
    pretend, asked PUT /a, gave no answer in time
    Transient { retry_after: None }, unknown outcome: true
    sent at 0 ms
    {("pretend", "other"): Count { sent: 1, rate_limited: 0, failed: 1 }}
    "#);
}

#[test]
fn a_create_is_resent_if_it_was_refused_unread() {
    assert_snapshot!(check(&[Fail(Failure::NotSent), Say(423, ""), Say(429, ""), Say(201, "{}")], Request::put("/a")), @r#"
    pretend, asked PUT /a, answered 429
    Transient { retry_after: Some(10s) }, unknown outcome: false
    sent at 0, 500, 2500 ms
    {("pretend", "other"): Count { sent: 3, rate_limited: 2, failed: 1 }}
    "#);
}

#[test]
fn an_earlier_attempt_keeps_the_outcome_unknown() {
    let steps = &[Fail(Failure::NoAnswer), Fail(Failure::NotSent)];
    assert_snapshot!(check(steps, Request::post("/a").repeatable()), @r#"
    pretend, asked POST /a, could not be reached
    Transient { retry_after: None }, unknown outcome: true
    sent at 0, 500, 1500, 3500 ms
    {("pretend", "other"): Count { sent: 4, rate_limited: 0, failed: 4 }}
    "#);
}

#[test]
fn no_secret_in_any_error() {
    let (client, clock, _) = service(&[Say(400, r#"{"message":"bad key s3cret-key"}"#)]);
    let error = clock.run(client.send(Request::get("/a"))).unwrap_err();
    assert_snapshot!(error.body, @r#"{"message":"bad key ***"}"#);
    assert!(!format!("{client:?}{error:?}").contains("s3cret"));
    let (client, clock, _) = service(&[Say(200, "{\n \"key\": \"s3cret-key\",\n \"id\": x }")]);
    let answer = clock.run(client.send(Request::get("/a"))).unwrap();
    assert_snapshot!(answer.json::<serde_json::Value>().unwrap_err(), @r#"pretend, asked GET /a, answered 200 with something unexpected: expected value at line 3 column 8, near `{ "key": "***", "id": x }`"#);
    assert_snapshot!(answer.malformed("no id"), @r#"pretend, asked GET /a, answered 200 with something unexpected: no id, in `{ "key": "***", "id": x }`"#);
}

#[test]
fn markup_is_recognised() {
    let (client, clock, _) = service(&[Say(200, "\n <html><body>Bad gateway</body></html>")]);
    let answer = clock.run(client.send(Request::get("/a"))).unwrap();
    assert_snapshot!(answer.json::<serde_json::Value>().unwrap_err(), @"pretend, asked GET /a, answered 200 in the wrong form: XML or HTML instead of JSON: the service ignored the content type, or a proxy answered; it begins with `<html><body>Bad gateway</body></html>`");
}

#[test]
fn what_cannot_be_sent() {
    let (client, clock, _) = service(&[Say(200, "")]);
    let error = clock.run(client.send(Request::get("/a b")).then(async |result| result.unwrap_err()));
    assert_snapshot!(error, @"pretend, asked GET /a b, was not asked, because the request cannot be written as HTTP: the base URL and the path make no URL");
    let client = client.secret_header("x-token", "pasted\nkey".into());
    let error = clock.run(client.send(Request::get("/a"))).unwrap_err();
    assert_snapshot!(error, @"pretend, asked GET /a, was not asked, because the request cannot be written as HTTP: the value of the header x-token has characters that are not allowed");
}

#[test]
fn long_bodies_are_cut_but_json_is_kept() {
    let (client, ..) = service(&[Say(400, "")]);
    let text = client.kept("x y ".repeat(5_000).as_bytes());
    assert_eq!(text.len(), 2_000);
    let json = format!("{{\"message\":\"{}\"}}", "x y ".repeat(1_000));
    assert_eq!(client.kept(json.as_bytes()), json);
}

#[test]
fn sending_may_move_between_threads() {
    let (client, ..) = service(&[Say(200, "")]);
    fn check(_: impl Send) {}
    check(client.send(Request::get("/a")));
}
