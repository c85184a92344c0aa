//! Keeping secrets out of errors and logs. The one place that does.

use secrecy::{ExposeSecret, SecretString};

/// What stands in the place of a secret.
const MASK: &str = "***";
/// A secret shorter than this is not searched for: it would mask innocent text.
const SHORTEST_SECRET: usize = 4;
/// A word at least this long, with letters and digits, is taken for a token.
const LONG_WORD: usize = 32;
/// Names whose values are masked, lower case with `_`.
const NAMES: [&str; 12] = [
    "access_token",
    "refresh_token",
    "id_token",
    "token",
    "x_token",
    "client_secret",
    "secret",
    "api_key",
    "apikey",
    "hapikey",
    "authorization",
    "password",
];

/// Masks secrets that are known, and whatever looks like one.
#[derive(Clone, Debug, Default)]
pub struct Redactor {
    secrets: Vec<SecretString>,
}

impl Redactor {
    /// Adds a secret to look for.
    pub fn know(&mut self, secret: SecretString) {
        if secret.expose_secret().len() >= SHORTEST_SECRET {
            self.secrets.push(secret);
        }
    }

    /// The text without secrets. JSON stays JSON.
    pub fn redact(&self, text: &str) -> String {
        let known =
            self.secrets.iter().fold(text.to_owned(), |text, secret| text.replace(secret.expose_secret(), MASK));
        redact(&known)
    }
}

/// The text without whatever looks like a secret, for use where the secrets are not at hand: bearer tokens, the
/// values of names such as `client_secret` and `X-Token`, and long words of letters and digits. UUIDs stay, since
/// services give them to ask about.
pub fn redact(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let (mut rest, mut name, mut gap) = (text, "", "");
    while !rest.is_empty() {
        let length = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
        if length == 0 {
            (gap, rest) = rest.split_at(rest.find(is_word).unwrap_or(rest.len()));
            out.push_str(gap);
            continue;
        }
        let word = &rest[..length];
        let secret = announces_secret(name, gap, word);
        let end = if secret { rest.find(ends_value).unwrap_or(rest.len()).max(length) } else { length };
        out.push_str(if secret || looks_like_token(word) { MASK } else { word });
        (name, gap, rest) = (word, "", &rest[end..]);
    }
    out
}

/// Whether the word before announces that this one is secret: `Bearer x`, `client_secret=x`, `"token":"x"`.
fn announces_secret(name: &str, gap: &str, word: &str) -> bool {
    let name = name.to_ascii_lowercase().replace('-', "_");
    if name == "bearer" {
        return gap.trim().is_empty() && word.len() >= 8;
    }
    let assigned = gap.contains([':', '=']) && gap.chars().all(|c| matches!(c, ':' | '=' | '"' | '\'' | '\\' | ' '));
    // An unquoted number or null in JSON cannot be a token, and masking it would break the JSON.
    let quoted = !gap.ends_with(':') || word.parse::<u64>().is_err() && !matches!(word, "null" | "true" | "false");
    assigned && quoted && !word.eq_ignore_ascii_case("bearer") && NAMES.contains(&name.as_str())
}

fn looks_like_token(word: &str) -> bool {
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    let letters = word.bytes().any(|byte| byte.is_ascii_alphabetic());
    word.len() >= LONG_WORD && digits >= 4 && letters && !is_uuid(word)
}

fn is_uuid(word: &str) -> bool {
    let lengths = word.split('-').map(str::len);
    lengths.eq([8, 4, 4, 4, 12]) && word.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '~' | '%')
}

fn ends_value(c: char) -> bool {
    c.is_whitespace() || matches!(c, '"' | '\'' | '\\' | '&' | ',' | ';' | '}' | '<')
}

#[cfg(test)]
mod tests;
