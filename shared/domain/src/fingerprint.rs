//! The commit mark of a record: what was last written to HubSpot, in 16 bytes.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::content::Hash;
use crate::projection::Properties;

/// A hash over everything of a record that goes to HubSpot: mapped properties with defaults applied, rows and what the
/// record belongs to ([`crate::Content::link`]). Equal fingerprints mean that there is nothing to do. It is stored last, when all of a record is written.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Fingerprint([u8; 16]);

impl Fingerprint {
    /// The first half of a SHA-256 digest.
    pub(crate) fn from_digest(digest: &[u8]) -> Self {
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&digest[..16]);
        Self(bytes)
    }

    /// The fingerprint of properties alone on one HubSpot object.
    #[must_use]
    pub fn of(hubspot_object: &str, properties: &Properties) -> Self {
        let mut hash = Hash::new(hubspot_object);
        hash.properties(properties);
        hash.finish()
    }

    /// As 22 characters of base64.
    #[must_use]
    pub fn to_text(self) -> String {
        STANDARD_NO_PAD.encode(self.0)
    }

    /// From [`Fingerprint::to_text`]; none if the text is anything else.
    #[must_use]
    pub fn from_text(text: &str) -> Option<Self> {
        let mut bytes = [0; 16];
        let length = STANDARD_NO_PAD.decode_slice_unchecked(text.get(..22)?, &mut bytes).ok()?;
        (length == 16 && text.len() == 22).then_some(Self(bytes))
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Fingerprint({})", self.to_text())
    }
}

impl Serialize for Fingerprint {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.to_text())
    }
}

impl<'de> Deserialize<'de> for Fingerprint {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::from_text(&text).ok_or_else(|| serde::de::Error::custom("a fingerprint has 22 base64 characters"))
    }
}

#[cfg(test)]
mod tests;
