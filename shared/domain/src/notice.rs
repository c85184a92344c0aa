//! When a person is told that a portal is in trouble, and that it is well again: once each (design §3 Notices).

use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::spec::ObjectType;

/// A type is late when HubSpot was not brought up to date for this many of its intervals.
const INTERVALS: u32 = 3;

/// What can be wrong with a portal, the milder first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trouble {
    /// A type has missed three intervals.
    Late,
    /// The connection is lost.
    Lost,
}

/// How a portal is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Health {
    /// Why the connection is lost, a sentence; none if it is not.
    pub lost: Option<String>,
    /// The types that are late.
    pub late: Vec<ObjectType>,
}

/// What a person is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notice {
    /// Something is wrong.
    Trouble(Trouble),
    /// All is well again.
    Recovered,
}

impl Health {
    /// The worst that is wrong; none if the portal is well.
    #[must_use]
    pub fn trouble(&self) -> Option<Trouble> {
        let lost = self.lost.as_ref().map(|_| Trouble::Lost);
        lost.or_else(|| (!self.late.is_empty()).then_some(Trouble::Late))
    }
}

/// Whether a type that HubSpot has been true to Kleer for since `true_at` is late.
#[must_use]
pub fn is_late(true_at: Timestamp, interval: Duration, now: Timestamp) -> bool {
    Duration::try_from(now.duration_since(true_at)).is_ok_and(|age| age > interval * INTERVALS)
}

/// What a person is told now, who was told of that trouble before, if of any. The same trouble is told once, a worse one as
/// well; a milder one is what is left of it, and only the end of all of it is told.
#[must_use]
pub fn notice(told: Option<Trouble>, health: &Health) -> Option<Notice> {
    match (told, health.trouble()) {
        (Some(_), None) => Some(Notice::Recovered),
        (told, Some(trouble)) if told < Some(trouble) => Some(Notice::Trouble(trouble)),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
