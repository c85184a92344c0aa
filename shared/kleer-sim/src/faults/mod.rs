//! Faults are data: a seed and rules. Rules strike vendor paths only, never `/_sim/`.

mod dice;
mod presets;

use serde::{Deserialize, Serialize};

pub(crate) use dice::{Dice, Strike};

/// Which requests fail, and how.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Faults {
    /// The seed of the dice: the same seed and the same requests give the same faults.
    pub seed: u64,
    /// The rules, tried in order. The first that strikes decides; latency adds up.
    pub rules: Vec<Rule>,
    /// How many times in a row the same method and path may be struck before one request is let through, so that a
    /// client that retries is never starved. None is no limit.
    pub most_in_a_row: Option<u32>,
}

/// One rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// Which requests it is about.
    #[serde(rename = "match", default)]
    pub matching: Match,
    /// How likely it strikes, in thousandths: 1000 is always.
    #[serde(default = "always")]
    pub probability: u16,
    /// How many times it strikes at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<u32>,
    /// How many matching requests it lets pass first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub skip: Option<u32>,
    /// What happens.
    pub fault: Fault,
}

fn always() -> u16 {
    1000
}

/// Which requests a rule is about; what is not given matches all.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Match {
    /// The HTTP method, in capitals.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// A part of the path with its query.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path_contains: Option<String>,
}

impl Match {
    /// Whether a request is meant.
    fn fits(&self, method: &str, path: &str) -> bool {
        self.method.as_deref().is_none_or(|wanted| wanted == method)
            && self.path_contains.as_deref().is_none_or(|part| path.contains(part))
    }
}

/// What happens to a request. `saved` says whether the change happened before the fault.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// The answer is right, but slow.
    LatencyMs {
        /// Milliseconds for any request.
        base: u64,
        /// Milliseconds more for each record in the answer.
        #[serde(default)]
        per_record: u64,
    },
    /// Another status than the true one.
    Status {
        /// The status.
        status: u16,
        /// Seconds for the `Retry-After` header.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        retry_after: Option<u32>,
        /// Whether the change happened.
        #[serde(default)]
        saved: bool,
        /// The body; without it Kleer's `{"message":"Tekniskt fel"}`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        body: Option<String>,
    },
    /// 429 (contract kleer-api §4: never seen from Kleer, honoured nevertheless). Nothing happened.
    RateLimited {
        /// Seconds for the `Retry-After` header.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        retry_after: Option<u32>,
    },
    /// 200 with `{}`, though nothing happened.
    Empty {},
    /// The answer breaks off in the middle.
    Truncated {
        /// Whether the change happened.
        #[serde(default)]
        saved: bool,
    },
    /// A proxy's HTML page.
    Html {
        /// The status.
        status: u16,
        /// Whether the change happened.
        #[serde(default)]
        saved: bool,
    },
    /// The connection breaks without an answer.
    Reset {
        /// Whether the change happened.
        #[serde(default)]
        saved: bool,
    },
    /// The connection breaks without an answer, and the request is carried out so much later, though nobody waits for it any
    /// more: before whatever is asked next.
    Late {
        /// Milliseconds until then.
        after: u64,
    },
}

impl Fault {
    /// Its name in the list of requests.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Fault::LatencyMs { .. } => "latency_ms",
            Fault::Status { .. } => "status",
            Fault::RateLimited { .. } => "rate_limited",
            Fault::Empty {} => "empty",
            Fault::Truncated { .. } => "truncated",
            Fault::Html { .. } => "html",
            Fault::Reset { .. } => "reset",
            Fault::Late { .. } => "late",
        }
    }

    /// Whether the request is carried out before the fault.
    pub(crate) fn is_carried_out(&self) -> bool {
        match self {
            Fault::LatencyMs { .. } => true,
            Fault::Status { saved, .. }
            | Fault::Truncated { saved }
            | Fault::Html { saved, .. }
            | Fault::Reset { saved } => *saved,
            Fault::RateLimited { .. } | Fault::Empty {} | Fault::Late { .. } => false,
        }
    }
}
