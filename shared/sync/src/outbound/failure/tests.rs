use std::time::Duration;

use app::ConnectError;
use domain::PortalId;
use rest::ErrorKind;

use super::Failure;
use crate::outbound::tests::error;

/// The pause in seconds, or that a person has to act first.
fn check(failure: &Failure) -> String {
    failure.pause().map_or_else(|| "at the next slot".to_owned(), |pause| format!("{} s", pause.as_secs()))
}

fn status(status: u16, retry_after: Option<u64>, body: &str) -> rest::Error {
    let kind = match status {
        401 | 403 => ErrorKind::Denied,
        404 => ErrorKind::Missing,
        423 | 429 | 477 | 500.. => ErrorKind::Transient { retry_after: retry_after.map(Duration::from_secs) },
        200 => ErrorKind::Malformed,
        _ => ErrorKind::Rejected,
    };
    rest::Error { kind, ..error(status, body) }
}

#[test]
fn pauses_after_hubspots_refusals() {
    let daily = r#"{"status":"error","message":"You have reached your daily limit.","errorType":"RATE_LIMIT","policyName":"DAILY"}"#;
    let rows = [
        ("400", status(400, None, "")),
        ("401", status(401, None, "")),
        ("403", status(403, None, "")),
        ("423", status(423, Some(2), "")),
        ("429 in 10 s", status(429, Some(10), "")),
        ("429 in 90 s", status(429, Some(90), "")),
        ("429 daily", status(429, None, daily)),
        ("477", status(477, None, "")),
        ("477 for two hours", status(477, Some(7_200), "")),
        ("500", status(500, None, "")),
        ("200 unreadable", status(200, None, "<html>")),
    ];
    let lines = rows.map(|(name, error)| format!("{name}: {}", check(&Failure::Hubspot(error))));
    insta::assert_snapshot!(lines.join("\n"), @r"
    400: at the next slot
    401: at the next slot
    403: at the next slot
    423: 60 s
    429 in 10 s: 60 s
    429 in 90 s: 90 s
    429 daily: 3600 s
    477: 3600 s
    477 for two hours: 7200 s
    500: 60 s
    200 unreadable: at the next slot
    ");
}

#[test]
fn pauses_after_kleers_refusals() {
    let rows = [(401, ""), (403, ""), (404, ""), (500, r#"{"message":"No"}"#), (503, "")];
    let lines = rows.map(|(code, body)| format!("{code}: {}", check(&Failure::Kleer(status(code, None, body)))));
    insta::assert_snapshot!(lines.join("\n"), @r"
    401: at the next slot
    403: at the next slot
    404: at the next slot
    500: 60 s
    503: 60 s
    ");
}

#[test]
fn pauses_after_other_troubles() {
    let store = || store::Error::Unavailable("busy".to_owned());
    let rows = [
        Failure::Store(store()),
        Failure::Connect(ConnectError::Store(store())),
        Failure::Connect(ConnectError::NotInstalled(PortalId(4242))),
        Failure::Connect(ConnectError::NoCredentials { portal: PortalId(4242), name: "kleer_key" }),
        Failure::Portal("The property kleer_id is not unique.".to_owned()),
        Failure::SchemaChanged("no such property".to_owned()),
        Failure::Unsettled(3),
        Failure::Hubspot(status(401, None, "")),
    ];
    let lines = rows.map(|failure| format!("{}: {failure}", check(&failure)));
    insta::assert_snapshot!(lines.join("\n"), @r"
    60 s: the table did not answer: busy
    60 s: the table did not answer: busy
    at the next slot: portal 4242 has not installed this app
    at the next slot: portal 4242 has no kleer_key saved; save the credentials again
    at the next slot: The property kleer_id is not unique.
    60 s: the properties of the portal have changed; they are read again (no such property)
    60 s: 3 records must be written again
    at the next slot: HubSpot does not accept this connection any more: connect HubSpot again (with a static token: save a new one).
    ");
}
