//! A record is its JSON document: written once, kept as text, answered as it is. Parsing 100,000 of them for a list
//! would cost seconds; copying their text costs milliseconds.

use std::fmt::Display;

use serde_json::{Map, Value};

use super::Reference;

/// A JSON object while rules look at it.
pub type Document = Map<String, Value>;

/// Writes one JSON object straight to text, without a tree in between.
pub(crate) struct Encoder {
    text: String,
}

impl Encoder {
    /// Starts an object.
    pub(crate) fn new(capacity: usize) -> Encoder {
        let mut text = String::with_capacity(capacity);
        text.push('{');
        Encoder { text }
    }

    /// A member whose value is JSON text already.
    pub(crate) fn raw(&mut self, name: &str, json: &str) -> &mut Encoder {
        if self.text.len() > 1 {
            self.text.push(',');
        }
        self.text.push('"');
        self.text.push_str(name);
        self.text.push_str("\":");
        self.text.push_str(json);
        self
    }

    /// A member that is text.
    pub(crate) fn text(&mut self, name: &str, value: &str) -> &mut Encoder {
        self.raw(name, "\"");
        if needs_escape(value.as_bytes()) {
            self.text.pop();
            self.text.push_str(&Value::from(value).to_string());
            return self;
        }
        self.text.push_str(value);
        self.text.push('"');
        self
    }

    /// A member that is text, if there is any.
    pub(crate) fn optional_text(&mut self, name: &str, value: Option<&str>) -> &mut Encoder {
        match value {
            Some(value) => self.text(name, value),
            None => self,
        }
    }

    /// A member that is a whole number.
    pub(crate) fn number(&mut self, name: &str, value: i64) -> &mut Encoder {
        self.raw(name, &value.to_string())
    }

    /// A member that is true or false.
    pub(crate) fn boolean(&mut self, name: &str, value: bool) -> &mut Encoder {
        self.raw(name, if value { "true" } else { "false" })
    }

    /// A member that is text without anything to escape, such as a date.
    pub(crate) fn plain(&mut self, name: &str, value: impl Display) -> &mut Encoder {
        self.raw(name, &format!("\"{value}\""))
    }

    /// Writes a member if there is a value for it.
    pub(crate) fn optional<T>(
        &mut self,
        name: &str,
        value: Option<T>,
        write: impl FnOnce(&mut Encoder, &str, T),
    ) -> &mut Encoder {
        if let Some(value) = value {
            write(self, name, value);
        }
        self
    }

    /// A member that is a reference or null.
    pub(crate) fn nullable_reference(&mut self, name: &str, reference: Option<Reference>) -> &mut Encoder {
        match reference {
            Some(reference) => self.reference(name, reference.id),
            None => self.raw(name, "null"),
        }
    }

    /// A member that is a reference, `{"id":n}` (contract kleer-api §3, rule 7).
    pub(crate) fn reference(&mut self, name: &str, id: i64) -> &mut Encoder {
        self.raw(name, "{\"id\":");
        self.text.push_str(&id.to_string());
        self.text.push('}');
        self
    }

    /// A wrapper of references, `{}` if there are none (contract kleer-api §3, rules 5 and 6).
    pub(crate) fn references(&mut self, name: &str, inner: &str, ids: impl Iterator<Item = i64>) -> &mut Encoder {
        let ids: Vec<String> = ids.map(|id| format!("{{\"id\":{id}}}")).collect();
        match ids.is_empty() {
            true => self.raw(name, "{}"),
            false => self.raw(name, &format!("{{\"{inner}\":[{}]}}", ids.join(","))),
        }
    }

    /// The finished object.
    pub(crate) fn finish(&mut self) -> String {
        self.text.push('}');
        std::mem::take(&mut self.text)
    }
}

/// Whether JSON text must escape some byte. A loop by index: unoptimized, it is several times faster than an iterator,
/// and seeding large books consists of this.
fn needs_escape(bytes: &[u8]) -> bool {
    let mut at = 0;
    while at < bytes.len() {
        let byte = bytes[at];
        if byte < 0x20 || byte == b'"' || byte == b'\\' {
            return true;
        }
        at += 1;
    }
    false
}

/// Parses the text of a stored document.
pub(crate) fn parse(text: &str) -> Document {
    serde_json::from_str(text).expect("a stored document is a JSON object that this crate wrote")
}

/// Applies a JSON merge patch (RFC 7386) to an object.
pub(crate) fn merge_patch(target: &mut Document, patch: Document) {
    for (name, value) in patch {
        match value {
            Value::Null => {
                target.shift_remove(&name);
            }
            Value::Object(inner) => {
                if !matches!(target.get(&name), Some(Value::Object(_))) {
                    target.insert(name.clone(), Value::Object(Document::new()));
                }
                if let Some(Value::Object(nested)) = target.get_mut(&name) {
                    merge_patch(nested, inner);
                }
            }
            other => {
                target.insert(name, other);
            }
        }
    }
}

/// Puts into `document` what an edit of its typed form changed, and leaves the rest, order included, as it was.
pub(crate) fn overlay(document: &mut Document, before: &Document, after: Document) {
    for name in before.keys().filter(|name| !after.contains_key(*name)) {
        document.shift_remove(name);
    }
    for (name, value) in after {
        if before.get(&name) != Some(&value) {
            document.insert(name, value);
        }
    }
}

/// The text of a member, empty if it is missing or not text.
pub(crate) fn text_of<'a>(document: &'a Document, name: &str) -> &'a str {
    document.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// The id of a member that is a reference.
pub(crate) fn reference_of(document: &Document, name: &str) -> Option<i64> {
    document.get(name)?.get("id")?.as_i64()
}
