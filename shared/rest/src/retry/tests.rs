use std::fmt::Write as _;

use http::HeaderMap;
use http::header::RETRY_AFTER;
use insta::assert_snapshot;

use super::{Attempted, Retry, decide};
use crate::request::Idempotence::{self, Once, Read, Repeatable};

/// The pauses in seconds that a request takes when the same thing happens again and again.
fn pauses(idempotence: Idempotence, attempted: &Attempted<'_>) -> String {
    let mut text = String::new();
    for attempt in 1.. {
        match decide(idempotence, attempt, attempted) {
            Retry::After(pause) => write!(text, "{pause:?} ").unwrap(),
            Retry::Stop => return text + "stop",
        }
    }
    unreachable!("it stops some time")
}

fn line(name: &str, attempted: &Attempted<'_>) -> String {
    let [read, repeatable, once] = [Read, Repeatable, Once].map(|idempotence| pauses(idempotence, attempted));
    assert_eq!(read, repeatable, "reads and repeatable requests are retried alike");
    format!("{name:<34} {read:<20} once: {once}\n")
}

fn check(cases: &[(u16, Option<&str>, &str)]) -> String {
    let lines = cases.iter().map(|(status, retry_after, body)| {
        let mut headers = HeaderMap::new();
        if let Some(seconds) = retry_after {
            headers.insert(RETRY_AFTER, seconds.parse().unwrap());
        }
        let header = retry_after.map(|value| format!(" retry-after {value}")).unwrap_or_default();
        let words: String = body.chars().skip(1).take(22).collect();
        let attempted = Attempted::Answered { status: *status, headers: &headers, body: body.as_bytes() };
        line(&format!("{status}{header} {words}"), &attempted)
    });
    lines.collect()
}

#[test]
fn no_answer() {
    let text = line("not sent", &Attempted::NotSent) + &line("no answer", &Attempted::NoAnswer);
    assert_snapshot!(text, @"
    not sent                           500ms 1s 2s stop     once: 500ms 1s 2s stop
    no answer                          500ms 1s 2s stop     once: stop
    ");
}

#[test]
fn statuses() {
    let plain =
        [200, 302, 400, 401, 403, 404, 408, 409, 423, 429, 477, 500, 502, 503, 504, 521, 522, 523, 524, 525, 526];
    assert_snapshot!(check(&plain.map(|status| (status, None, ""))), @"
    200                                stop                 once: stop
    302                                stop                 once: stop
    400                                stop                 once: stop
    401                                stop                 once: stop
    403                                stop                 once: stop
    404                                stop                 once: stop
    408                                500ms 1s 2s stop     once: stop
    409                                stop                 once: stop
    423                                2s 2s 2s stop        once: 2s 2s 2s stop
    429                                10s 10s stop         once: 10s 10s stop
    477                                stop                 once: stop
    500                                500ms 1s 2s stop     once: stop
    502                                2s 4s 8s stop        once: stop
    503                                2s 4s 8s stop        once: stop
    504                                2s 4s 8s stop        once: stop
    521                                2s 4s 8s stop        once: stop
    522                                2s 4s 8s stop        once: stop
    523                                2s 4s 8s stop        once: stop
    524                                2s 4s 8s stop        once: stop
    525                                2s 4s 8s stop        once: stop
    526                                2s 4s 8s stop        once: stop
    ");
}

#[test]
fn hubspot_limits() {
    assert_snapshot!(check(&[
        (429, None, r#"{"policyName":"TEN_SECONDLY_ROLLING","errorType":"RATE_LIMIT"}"#),
        (429, None, r#"{"policyName":"SECONDLY","errorType":"RATE_LIMIT"}"#),
        (429, None, r#"{"policyName":"DAILY","errorType":"RATE_LIMIT"}"#),
        (429, None, r#"{"message":"You have reached your secondly limit.","category":"RATE_LIMITS"}"#),
        (429, None, r#"{"message":"You have reached your ten_secondly_rolling limit.","category":"RATE_LIMITS"}"#),
        (429, None, r#"{"message":"You have reached your daily limit.","category":"RATE_LIMITS"}"#),
        (429, None, "<html>slow down</html>"),
    ]), @r#"
    429 "policyName":"TEN_SECO         10s 10s stop         once: 10s 10s stop
    429 "policyName":"SECONDLY         1s 1s 1s stop        once: 1s 1s 1s stop
    429 "policyName":"DAILY","         stop                 once: stop
    429 "message":"You have re         1s 1s 1s stop        once: 1s 1s 1s stop
    429 "message":"You have re         10s 10s stop         once: 10s 10s stop
    429 "message":"You have re         stop                 once: stop
    429 html>slow down</html>          10s 10s stop         once: 10s 10s stop
    "#);
}

#[test]
fn asked_to_wait() {
    assert_snapshot!(check(&[
        (429, Some("3"), ""),
        (429, Some("15"), ""),
        (429, Some("16"), ""),
        (429, Some("Wed, 21 Oct 2026 07:28:00 GMT"), ""),
        (429, Some("2"), r#"{"policyName":"TEN_SECONDLY_ROLLING"}"#),
        (423, Some("5"), ""),
        (477, Some("5"), ""),
        (503, Some("4"), ""),
        (503, Some("600"), ""),
    ]), @r#"
    429 retry-after 3                  3s 3s 3s stop        once: 3s 3s 3s stop
    429 retry-after 15                 15s stop             once: 15s stop
    429 retry-after 16                 stop                 once: stop
    429 retry-after Wed, 21 Oct 2026 07:28:00 GMT  10s 10s stop         once: 10s 10s stop
    429 retry-after 2 "policyName":"TEN_SECO 2s 2s 2s stop        once: 2s 2s 2s stop
    423 retry-after 5                  5s 5s 5s stop        once: 5s 5s 5s stop
    477 retry-after 5                  stop                 once: stop
    503 retry-after 4                  4s 4s 4s stop        once: stop
    503 retry-after 600                stop                 once: stop
    "#);
}
