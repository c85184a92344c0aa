//! Whether HubSpot still says what it was told, and what was found when everything was looked at.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::base::Base;
use crate::canonical::canonical;
use crate::projection::{Projector, Properties, Target};
use crate::rows::RowProjector;

impl Projector {
    /// The properties that are written, mere defaults included.
    pub fn properties(&self) -> impl Iterator<Item = &str> {
        self.targets().iter().map(|target| target.property.as_str())
    }

    /// The properties of which HubSpot's record says something else than it was told, and what it says. What it never was told is
    /// the user's own.
    pub fn told_otherwise<'a>(
        &'a self,
        base: &'a Base,
        hubspot: &'a Properties,
    ) -> impl Iterator<Item = (&'a str, String)> + 'a {
        let told = self.targets().iter().filter(|target| base.knows(&target.property));
        told.map(|target| (target.property.as_str(), spelled(target, hubspot)))
            .filter(|(property, value)| !base.matches(property, value))
    }

    /// Whether HubSpot's record says something else of one of these properties than was last synchronized.
    #[must_use]
    pub fn differs(&self, base: &Base, hubspot: &Properties, properties: &[&str]) -> bool {
        let looked_at = self.targets().iter().filter(|target| properties.contains(&target.property.as_str()));
        looked_at
            .filter(|target| target.field.is_some())
            .any(|target| !base.matches(&target.property, &spelled(target, hubspot)))
    }
}

fn spelled(target: &Target, hubspot: &Properties) -> String {
    canonical(hubspot.get(&target.property).unwrap_or_default(), target.definition.property_type)
}

impl RowProjector {
    /// See [`Projector::properties`].
    pub fn properties(&self) -> impl Iterator<Item = &str> {
        self.projector().properties()
    }

    /// See [`Projector::told_otherwise`].
    pub fn told_otherwise<'a>(
        &'a self,
        base: &'a Base,
        hubspot: &'a Properties,
    ) -> impl Iterator<Item = (&'a str, String)> + 'a {
        self.projector().told_otherwise(base, hubspot)
    }
}

/// The most values that are remembered as seen, so that what is remembered stays small.
const SEEN_LIMIT: usize = 2_000;

/// What the daily comparison of an object type with HubSpot found. Kept until the next one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Verification {
    /// When it began.
    pub started_at: Option<Timestamp>,
    /// When everything had been looked at; none while it goes on, and if it was interrupted.
    pub finished_at: Option<Timestamp>,
    /// Why it was interrupted, a sentence.
    pub interrupted: Option<String>,
    /// Records that were compared.
    pub compared: u64,
    /// Records that were changed in HubSpot, and whose change is brought to Kleer.
    pub imported: u64,
    /// Records that were changed in HubSpot, and that get Kleer's values again.
    pub rewritten: u64,
    /// Records that are not in HubSpot any more.
    pub missing: u64,
    /// Records that were made in HubSpot without our hearing of it.
    pub created: u64,
    /// Records that HubSpot could have charged somebody for.
    pub chargeable: u64,
    /// Properties that HubSpot said otherwise, although they had been written again the last time: how HubSpot spells them, or what
    /// it does not let us write. They are left alone, because writing them daily would change nothing.
    pub left_alone: u64,
    /// What HubSpot said of those that were rewritten, by record and property.
    seen: BTreeMap<String, String>,
}

impl Verification {
    /// A comparison that begins now. What the one before saw is what this one leaves alone if it sees it again.
    #[must_use]
    pub fn begun(now: Timestamp) -> Self {
        Self { started_at: Some(now), ..Self::default() }
    }

    /// Whether HubSpot said the same of that property the last time, after which it was written again.
    #[must_use]
    pub fn has_seen(&self, record: &str, property: &str, value: &str) -> bool {
        self.seen.get(&name(record, property)).is_some_and(|seen| *seen == short(value))
    }

    /// Remembers what HubSpot said of a property that is written again.
    pub fn see(&mut self, record: &str, property: &str, value: &str) {
        if self.seen.len() < SEEN_LIMIT {
            self.seen.insert(name(record, property), short(value));
        }
    }
}

fn name(record: &str, property: &str) -> String {
    format!("{record}:{property}")
}

/// Enough of a value to know it again.
fn short(value: &str) -> String {
    Base::of(&Properties::from_iter([("v", value)])).to_text()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_seen_is_known_again_and_nothing_else_is() {
        let mut verification = Verification::begun(Timestamp::UNIX_EPOCH);
        verification.see("7", "name", "Acme");
        verification.see("7", "phone", "");
        let again: Verification = serde_json::from_str(&serde_json::to_string(&verification).unwrap()).unwrap();
        for (record, property, value, expected) in [
            ("7", "name", "Acme", true),
            ("7", "phone", "", true),
            ("7", "name", "Acme AB", false),
            ("8", "name", "Acme", false),
            ("7", "city", "", false),
        ] {
            assert_eq!(again.has_seen(record, property, value), expected, "{record} {property} {value:?}");
        }
    }

    #[test]
    fn what_is_remembered_has_an_end() {
        let mut verification = Verification::default();
        (0..SEEN_LIMIT + 5).for_each(|id| verification.see(&id.to_string(), "name", "x"));
        assert!(verification.has_seen("0", "name", "x") && !verification.has_seen("2004", "name", "x"));
        assert!(serde_json::to_string(&verification).unwrap().len() < 100_000);
    }
}
