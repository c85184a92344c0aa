//! What Kleer says when it refuses (contract kleer-api §2, "Errors").

pub use rest::Error;
use rest::{ErrorKind, Reason};

/// Kleer's own words: the `message` of its JSON error. They are Swedish prose, sometimes a Java class name.
pub fn message(error: &Error) -> Option<String> {
    if error.reason != Reason::Status {
        return None;
    }
    let body: serde_json::Value = serde_json::from_str(&error.body).ok()?;
    let words = body.get("message")?.as_str()?.trim();
    (!words.is_empty()).then(|| words.to_owned())
}

/// Whether this may be a refusal for good although it looks like a passing failure: Kleer answers business errors
/// with 500 and a JSON `message`. After a create, look the record up by its `foreign-id`, try once more, and let
/// [`repeated`] judge.
pub fn is_business_error(error: &Error) -> bool {
    error.status == Some(500) && message(error).is_some()
}

/// The error of a second try, in the light of the first: the same business error twice is a refusal,
/// [`ErrorKind::Rejected`]. Otherwise the outcome stays unknown if the first try left it so.
pub fn repeated(first: &Error, second: Error) -> Error {
    let same = is_business_error(first) && is_business_error(&second) && message(first) == message(&second);
    let kind = if same { ErrorKind::Rejected } else { second.kind };
    Error { kind, sent: first.sent || second.sent, ..second }
}
