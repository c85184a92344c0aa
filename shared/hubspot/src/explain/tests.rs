use std::time::Duration;

use rest::{ErrorKind, Reason};

use super::explain;
use crate::tests::refusal;

#[test]
fn every_refusal_says_what_to_do() {
    let refusals = [
        (
            400,
            r#"{"category":"VALIDATION_ERROR","errors":[{"code":"PROPERTY_DOESNT_EXIST","message":"Property \"foo\" does not exist","context":{"propertyName":["foo"]}}]}"#,
        ),
        (
            400,
            r#"{"category":"VALIDATION_ERROR","errors":[{"code":"MISSING_CONDITIONAL_REQUIRED_PROPERTY","message":"x","context":{"propertyName":["industry"]}}]}"#,
        ),
        (
            400,
            r#"{"message":"Unable to perform update/upsert by non-unique 0-2 property kleer_id in portal ID 1234567"}"#,
        ),
        (400, "{}"),
        (
            401,
            r#"{"category":"EXPIRED_AUTHENTICATION","message":"The OAuth token used to make this call expired 0 second(s) ago."}"#,
        ),
        (401, r#"{"category":"INVALID_AUTHENTICATION"}"#),
        (
            403,
            r#"{"category":"MISSING_SCOPES","errors":[{"context":{"requiredGranularScopes":["crm.objects.projects.read"]}}]}"#,
        ),
        (403, r#"{"category":"MISSING_SCOPES"}"#),
        (403, r#"{"category":"MISSING_PERMISSIONS","message":"You may not do this."}"#),
        (404, r#"{"status":"error","message":"resource not found","correlationId":"x"}"#),
        (409, r#"{"category":"OBJECT_ALREADY_EXISTS","message":"A property named 'kleer_id' already exists."}"#),
        (414, ""),
        (423, ""),
        (429, r#"{"errorType":"RATE_LIMIT","policyName":"DAILY","message":"You have reached your daily limit."}"#),
        (429, r#"{"errorType":"RATE_LIMIT","policyName":"SECONDLY"}"#),
        (477, ""),
        (500, r#"{"category":"INTERNAL_ERROR","message":"internal error"}"#),
        (502, "<html><body>Bad gateway</body></html>"),
        (504, ""),
    ];
    let table: Vec<String> =
        refusals.iter().map(|(status, body)| format!("{status} {}", explain(&refusal(*status, body)))).collect();
    insta::assert_snapshot!(table.join("\n"), @r#"
    400 HubSpot refused the value of "foo": Property "foo" does not exist.
    400 HubSpot refused the record because the portal requires a value for "industry".
    400 HubSpot refused the request: Unable to perform update/upsert by non-unique 0-2 property kleer_id in portal ID 1234567.
    400 HubSpot refused the request without saying why.
    401 HubSpot's access token has expired and could not be renewed in time: try again, and connect HubSpot again if this stays.
    401 HubSpot does not accept this connection any more: connect HubSpot again (with a static token: save a new one).
    403 HubSpot has not granted this app the scopes it needs here: connect HubSpot again and allow crm.objects.projects.read.
    403 HubSpot has not granted this app a scope it needs here: connect HubSpot again and allow everything it asks for.
    403 HubSpot does not allow this in your portal: You may not do this.
    404 HubSpot does not have what was asked for: resource not found.
    409 HubSpot already has such an entry: A property named 'kleer_id' already exists.
    414 The request was too long for HubSpot: fewer properties must be asked for at once.
    423 HubSpot has locked these records for a moment because too much was written at once; it is tried again by itself.
    429 HubSpot's daily limit of requests is used up; it starts anew at midnight in the portal's time zone.
    429 HubSpot asks for a pause because too many requests came at once; it is tried again by itself.
    477 HubSpot is moving this portal to another data centre; it is tried again by itself within 24 hours.
    500 HubSpot has an internal problem (status 500); it is tried again by itself: internal error.
    502 HubSpot answered with a web page instead of data (status 502). This is usually a passing trouble at HubSpot; it is tried again by itself.
    504 HubSpot has an internal problem (status 504); it is tried again by itself.
    "#);
}

#[test]
fn no_answer_and_unreadable_answers() {
    let of = |status, reason, sent| explain(&rest::Error { status, reason, sent, ..refusal(200, "") });
    let table = [
        of(None, Reason::Connect, false),
        of(None, Reason::Timeout, true),
        of(None, Reason::Reset, false),
        of(None, Reason::TooLarge, false),
        of(None, Reason::Unsendable, false),
        of(Some(200), Reason::NotJson, true),
        of(Some(200), Reason::Representation, true),
        of(Some(302), Reason::Representation, false),
    ];
    insta::assert_snapshot!(table.join("\n"), @r#"
    HubSpot could not be reached; it is tried again by itself.
    HubSpot did not answer in time; whether it did what was asked shows at the next try.
    HubSpot did not answer in time; it is tried again by itself.
    HubSpot answered more than can be read.
    A request to HubSpot could not be written: its address or a header has odd characters.
    HubSpot's answer (status 200) could not be read; nothing is known about its effect.
    HubSpot answered with a web page instead of data (status 200). This is usually a passing trouble at HubSpot; it is tried again by itself.
    HubSpot answered with a web page instead of data (status 302). This is usually a passing trouble at HubSpot; it is tried again by itself.
    "#);
}

#[test]
fn the_pause_of_a_move_is_said() {
    let kind = ErrorKind::Transient { retry_after: Some(Duration::from_secs(1_801)) };
    let text = explain(&rest::Error { kind, ..refusal(477, "") });
    insta::assert_snapshot!(text, @"HubSpot is moving this portal to another data centre; it is tried again by itself in about 31 minutes.");
}
