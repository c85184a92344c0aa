//! What HubSpot was last told, property by property.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use sha2::{Digest as _, Sha256};

use crate::projection::Properties;

/// A short hash of the last synchronized value of every property that had one. Tells which properties changed since,
/// which were emptied since, and (inbound) whether HubSpot's value is an edit or our own echo.
///
/// Values are compared in the spelling that [`crate::projection::render`] gives them. What HubSpot gives back is brought to it by
/// [`crate::canonical()`] first, because HubSpot spells numbers and dates as it likes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Base(BTreeMap<String, String>);

impl Base {
    /// The base after all of `properties` were written. Empty values are not kept: absent and empty are the same.
    #[must_use]
    pub fn of(properties: &Properties) -> Self {
        let kept = properties.iter().filter(|(_, value)| !bare(value).is_empty());
        Self(kept.map(|(name, value)| (name.to_owned(), hash(value))).collect())
    }

    /// This base after `properties` were written as well; what they do not name stays as it was.
    #[must_use]
    pub fn with(mut self, properties: &Properties) -> Self {
        for (name, _) in properties.iter() {
            self.0.remove(name);
        }
        self.0.extend(Self::of(properties).0);
        self
    }

    /// Whether something was written to that property, and not emptied since.
    #[must_use]
    pub fn knows(&self, property: &str) -> bool {
        self.0.contains_key(property)
    }

    /// Whether `value` is what was last written to that property.
    #[must_use]
    pub fn matches(&self, property: &str, value: &str) -> bool {
        let value = bare(value);
        match self.0.get(property) {
            Some(known) => !value.is_empty() && *known == hash(value),
            None => value.is_empty(),
        }
    }

    /// One line, for the store: `name=hash;name=hash`.
    #[must_use]
    pub fn to_text(&self) -> String {
        self.0.iter().map(|(name, hash)| format!("{name}={hash}")).collect::<Vec<_>>().join(";")
    }

    /// From [`Base::to_text`]; pieces that are not `name=hash` are ignored, which only makes their property look changed.
    #[must_use]
    pub fn from_text(text: &str) -> Self {
        let pairs = text.split(';').filter_map(|pair| pair.split_once('='));
        Self(pairs.map(|(name, hash)| (name.to_owned(), hash.to_owned())).collect())
    }
}

/// What HubSpot keeps of a value: not the space around it.
fn bare(value: &str) -> &str {
    value.trim()
}

/// Six bytes: a change is missed once in 2^48 edits of one property.
fn hash(value: &str) -> String {
    STANDARD_NO_PAD.encode(&Sha256::digest(bare(value).as_bytes())[..6])
}

#[cfg(test)]
mod tests;
