//! How a simulator starts.

use serde::{Deserialize, Serialize};

use crate::{Faults, More, Seed, Switches};

/// How a simulator starts. The default is the demo company (id 1, key `demo-key`) without clients and products, no
/// faults and no latency.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub struct Options {
    /// Fills company 1 with invented data. A simulator that is reopened from its folder keeps the seed it was born with.
    pub seed: Option<Seed>,
    /// What else the seed invents: invoices, agreements and projects. Nothing without a seed; kept like the seed.
    pub more: More,
    /// The guesses about the real service to start with.
    pub switches: Switches,
    /// The faults to start with; they are not journaled.
    pub faults: Faults,
    /// How long every answer takes, apart from faults.
    pub latency: Latency,
}

/// How long an answer takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Latency {
    /// Milliseconds for any request.
    pub base: u64,
    /// Milliseconds more for each record in the answer.
    pub per_record: u64,
}

impl Latency {
    /// Milliseconds for an answer of `records` records.
    pub(crate) fn milliseconds(self, records: usize) -> u64 {
        let records = u64::try_from(records).unwrap_or(u64::MAX);
        self.base.saturating_add(self.per_record.saturating_mul(records))
    }
}
