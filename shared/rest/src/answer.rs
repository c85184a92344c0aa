//! A successful answer, and reading it.

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use http::HeaderMap;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::error::{Error, ErrorKind, Reason};
use crate::redact::Redactor;

/// How many bytes of a body that cannot be read are shown, before and after the place.
const EXCERPT: usize = 120;
/// How many more are looked at for secrets.
const MARGIN: usize = 1_000;
/// How many letters are kept of what is wrong with a body: a parser quotes a whole value, however long it is.
const WORDS: usize = 500;

/// What a service answered with a 2xx status. Made by [`Client::send`](crate::Client::send).
#[derive(Clone)]
pub struct Answer {
    /// The HTTP status, 200 to 299.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body, whole.
    pub body: Bytes,
    origin: Arc<Origin>,
}

/// What an answer is the answer to, for the errors it may still become.
#[derive(Clone, Debug, Default)]
pub(crate) struct Origin {
    pub(crate) service: &'static str,
    pub(crate) method: String,
    pub(crate) path: String,
    /// Whether the request may have changed something.
    pub(crate) acted: bool,
    pub(crate) redactor: Redactor,
}

impl Answer {
    /// An answer out of nowhere, for tests of code that reads answers.
    pub fn new(status: u16, headers: HeaderMap, body: impl Into<Bytes>) -> Answer {
        Answer { status, headers, body: body.into(), origin: Arc::default() }
    }

    pub(crate) fn answering(self, origin: Arc<Origin>) -> Answer {
        Answer { origin, ..self }
    }

    /// Reads the body as JSON.
    ///
    /// # Errors
    /// [`ErrorKind::Malformed`], with the line and column, what was expected there and a redacted excerpt. A body
    /// beginning with `<` is not JSON at all and is reported as such (contract kleer-api §3, "Choosing JSON or XML").
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Error> {
        self.json_borrowed()
    }

    /// Reads the body as JSON into something that borrows from it: for lists too long to be read whole.
    ///
    /// # Errors
    /// The same as [`json`](Self::json).
    pub fn json_borrowed<'a, T: Deserialize<'a>>(&'a self) -> Result<T, Error> {
        if self.is_markup() {
            return Err(self.markup());
        }
        serde_json::from_slice(&self.body).map_err(|error| {
            let place = place_of(&self.body, error.line(), error.column());
            self.error(Reason::NotJson, &format!("{}, near `{}`", self.words(&error), self.excerpt(place)))
        })
    }

    /// The error for a body that is JSON but not what the caller was promised. `what` says what was missing.
    pub fn malformed(&self, what: impl fmt::Display) -> Error {
        self.error(Reason::NotJson, &format!("{}, in `{}`", self.words(&what), self.excerpt(0)))
    }

    /// Whether the body is XML or HTML: its first visible byte is `<`.
    pub fn is_markup(&self) -> bool {
        // HTML pages of Windows servers begin with a byte order mark.
        let text = self.body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&self.body);
        text.trim_ascii_start().first() == Some(&b'<')
    }

    /// The error for a body that is XML or HTML where JSON was asked for.
    pub fn markup(&self) -> Error {
        let text = "XML or HTML instead of JSON: the service ignored the content type, or a proxy answered";
        self.error(Reason::Representation, &format!("{text}; it begins with `{}`", self.excerpt(0)))
    }

    fn error(&self, reason: Reason, text: &str) -> Error {
        Error {
            service: self.origin.service,
            method: self.origin.method.clone(),
            path: self.origin.path.clone(),
            status: Some(self.status),
            kind: ErrorKind::Malformed,
            // The text may quote what was read.
            body: self.origin.redactor.redact(text),
            reason,
            sent: self.origin.acted,
        }
    }

    /// What is wrong, without secrets, cut short; with a margin as in the excerpt.
    fn words(&self, what: &impl fmt::Display) -> String {
        let rough: String = what.to_string().chars().take(WORDS + MARGIN).collect();
        self.origin.redactor.redact(&rough).chars().take(WORDS).collect()
    }

    /// The body around a place, without secrets, on one line.
    fn excerpt(&self, place: usize) -> String {
        let text = |from: usize, to: usize| {
            self.origin.redactor.redact(&String::from_utf8_lossy(&self.body[from.min(to)..to]))
        };
        let to = place.saturating_add(EXCERPT + MARGIN).min(self.body.len());
        let from = place.saturating_sub(EXCERPT).min(to);
        // Redacted together with a margin that is then left out, so that no secret is halved by the excerpt's edge.
        let before = from.saturating_sub(MARGIN);
        let margin = text(before, from).chars().count();
        let excerpt: String = text(before, to).chars().skip(margin).take(2 * EXCERPT).collect();
        excerpt.split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Answer({}, {} bytes)", self.status, self.body.len())
    }
}

/// The byte offset of a line (from 1) and column.
fn place_of(body: &[u8], line: usize, column: usize) -> usize {
    let before = body.split(|byte| *byte == b'\n').take(line.saturating_sub(1));
    before.map(|line| line.len() + 1).sum::<usize>() + column
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_is_told_in_few_words_however_long_it_is() {
        let long = Answer::new(200, HeaderMap::new(), format!("[\"{}\"]", "x".repeat(100_000)));
        let error = long.json::<Vec<u32>>().unwrap_err();
        assert!(error.body.starts_with("invalid type: string \"xxx"), "{}", error.body);
        assert!(error.body.chars().count() < 1_000, "{} letters", error.body.chars().count());
        assert!(long.malformed("y".repeat(100_000)).body.chars().count() < 1_000);
    }
}
