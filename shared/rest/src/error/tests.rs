use std::fmt::Write as _;

use insta::assert_snapshot;

use super::{Error, Reason, kind_of};

fn error(status: Option<u16>, reason: Reason, body: &str, sent: bool) -> Error {
    let kind = kind_of(status.unwrap_or(500), None);
    let (method, path) = ("PUT".to_owned(), "/company/1/client".to_owned());
    Error { service: "kleer", method, path, status, kind, body: body.to_owned(), reason, sent }
}

#[test]
fn every_status_has_a_kind() {
    let mut text = String::new();
    for (status, body) in [
        (302, ""),
        (400, ""),
        (401, ""),
        (403, ""),
        (404, ""),
        (409, ""),
        (423, ""),
        (429, r#"{"policyName":"SECONDLY"}"#),
        (429, r#"{"policyName":"DAILY"}"#),
        (477, ""),
        (500, ""),
    ] {
        let error = error(Some(status), Reason::Status, body, false);
        let wide = if error.is_account_wide() { "account-wide" } else { "" };
        let line = format!("{status} {:?} {wide}", error.kind());
        writeln!(text, "{}", line.trim_end()).unwrap();
    }
    assert_snapshot!(text, @"
    302 Malformed
    400 Rejected
    401 Denied account-wide
    403 Denied account-wide
    404 Missing
    409 Rejected
    423 Transient { retry_after: None }
    429 Transient { retry_after: None }
    429 Transient { retry_after: None } account-wide
    477 Transient { retry_after: None } account-wide
    500 Transient { retry_after: None }
    ");
}

#[test]
fn one_sentence() {
    let sentences = [
        error(Some(500), Reason::Status, "{\"message\":\n \"Tekniskt fel\"}", true),
        error(None, Reason::Timeout, "", true),
        error(None, Reason::Connect, "", false),
        error(None, Reason::Reset, "", true),
        error(None, Reason::Truncated, "", true),
        error(Some(200), Reason::TooLarge, "", true),
        error(Some(200), Reason::Representation, "it begins with `<html>`", true),
        error(None, Reason::Unsendable, "the header X-Token", false),
        error(Some(400), Reason::Status, &"ö".repeat(400), false),
    ];
    assert_snapshot!(sentences.map(|error| error.to_string()).join("\n"), @r#"
    kleer, asked PUT /company/1/client, answered 500: {"message": "Tekniskt fel"}
    kleer, asked PUT /company/1/client, gave no answer in time
    kleer, asked PUT /company/1/client, could not be reached
    kleer, asked PUT /company/1/client, broke the connection before answering
    kleer, asked PUT /company/1/client, broke off in the middle of its answer
    kleer, asked PUT /company/1/client, answered more than can be read
    kleer, asked PUT /company/1/client, answered 200 in the wrong form: it begins with `<html>`
    kleer, asked PUT /company/1/client, was not asked, because the request cannot be written as HTTP: the header X-Token
    kleer, asked PUT /company/1/client, answered 400: öööööööööööööööööööööööööööööööööööööööööööööööööööööööööööööööööööööööööööööööööööööööööööööööööööööööööööööööööööööööööööööööööööööööööööööööööööööööööööööööööööööööööööööööööööööööööööööööööööööööööööööööööööööööööööööööööööööööööööööööööööööööööööööööööööööööööööööööööööööööööööööööööööööööööööö…
    "#);
}

#[test]
fn unknown_outcomes() {
    assert!(error(None, Reason::Timeout, "", true).outcome_unknown());
    assert!(error(Some(500), Reason::Status, "", true).outcome_unknown());
    assert!(!error(None, Reason::Connect, "", false).outcome_unknown());
    assert!(!error(Some(400), Reason::Status, "", true).outcome_unknown());
}
