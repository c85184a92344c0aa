//! What the tests of this folder share.

pub(super) mod pretend;

/// A refusal with that status and body; a rejection unless a test says otherwise.
pub(super) fn error(status: u16, body: &str) -> rest::Error {
    rest::Error {
        service: "hubspot",
        method: "POST".to_owned(),
        path: "/crm".to_owned(),
        status: Some(status),
        kind: rest::ErrorKind::Rejected,
        body: body.to_owned(),
        reason: rest::Reason::Status,
        sent: false,
    }
}
