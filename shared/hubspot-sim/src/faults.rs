//! What goes wrong, as data: rules with a probability, drawn from their own seeded stream.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A seed and the rules drawn with it; the first rule that matches and hits wins (added latency goes on to the next).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Faults {
    /// Seeds the stream the probabilities are drawn from.
    pub seed: u64,
    /// In order of precedence.
    pub rules: Vec<Rule>,
}

/// One thing that can go wrong, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Which requests it can hit; all when left out.
    #[serde(default, rename = "match")]
    pub matches: Match,
    /// Chance per matching request, in thousandths.
    #[serde(default = "always")]
    pub probability: u32,
    /// It hits at most so many times.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<u32>,
    /// It lets so many matching requests pass first.
    #[serde(default)]
    pub skip: u32,
    /// What happens.
    pub fault: Fault,
}

/// Which requests a rule can hit. Control routes are never hit.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Match {
    /// HTTP method in capitals.
    pub method: Option<String>,
    /// A part of the path.
    pub path_contains: Option<String>,
}

/// A thing that goes wrong. `saved` says whether the change happened although the answer is bad.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Fault {
    /// The answer is right but slow.
    LatencyMs {
        /// Milliseconds for the request.
        base: u64,
        /// Milliseconds more per input of a batch.
        #[serde(default)]
        per_record: u64,
    },
    /// An error status with the vendor's body for it, or with the given one.
    Status {
        /// The status.
        status: u16,
        /// Seconds for the `Retry-After` header.
        #[serde(default)]
        retry_after: Option<u64>,
        /// Did the change happen?
        #[serde(default)]
        saved: bool,
        /// Instead of the vendor's body.
        #[serde(default)]
        body: Option<Value>,
    },
    /// 429 with the vendor's body for the request's budget.
    RateLimited {
        /// Seconds for the `Retry-After` header, which the real service does not send.
        #[serde(default)]
        retry_after: Option<u64>,
    },
    /// 200 with empty results, though nothing was done.
    Empty {},
    /// Of a batch of writes with trace ids every so-many-th input is refused for no fault of its own: 207 (contract §4.1).
    Mixed {
        /// Every how many; 1 is all of them.
        every: usize,
    },
    /// The connection ends in the middle of the body.
    Truncated {
        /// Did the change happen?
        #[serde(default)]
        saved: bool,
    },
    /// A page of the edge (Cloudflare) instead of JSON.
    Html {
        /// The status, such as 502 or 504.
        status: u16,
        /// Did the change happen?
        #[serde(default)]
        saved: bool,
    },
    /// The connection is closed without an answer.
    Reset {
        /// Did the change happen?
        #[serde(default)]
        saved: bool,
    },
    /// The request never reaches the service.
    NotSent {},
}

fn always() -> u32 {
    1000
}

impl Faults {
    /// Nothing goes wrong.
    pub fn none(seed: u64) -> Faults {
        Faults { seed, rules: Vec::new() }
    }

    /// About 3 % of the requests fail, in the everyday ways.
    pub fn light(seed: u64) -> Faults {
        let rules = vec![
            rule(10, status(500, false)),
            rule(5, Fault::Html { status: 502, saved: false }),
            rule(10, Fault::RateLimited { retry_after: None }),
            rule(5, Fault::Reset { saved: false }),
            rule(50, Fault::LatencyMs { base: 400, per_record: 5 }),
        ];
        Faults { seed, rules }
    }

    /// About 15 % of the requests fail, in every way there is.
    pub fn heavy(seed: u64) -> Faults {
        let rules = vec![
            rule(15, status(500, false)),
            rule(10, status(500, true)),
            rule(8, status(503, false)),
            rule(8, status(423, false)),
            rule(2, Fault::Status { status: 477, retry_after: Some(30), saved: false, body: None }),
            rule(15, Fault::RateLimited { retry_after: None }),
            rule(5, Fault::RateLimited { retry_after: Some(2) }),
            // Only where the caller can tell: results and errors must be as many as inputs.
            Rule { matches: batches(), ..rule(20, Fault::Empty {}) },
            rule(8, Fault::Truncated { saved: false }),
            rule(8, Fault::Truncated { saved: true }),
            rule(10, Fault::Html { status: 502, saved: false }),
            rule(8, Fault::Html { status: 504, saved: true }),
            rule(10, Fault::Reset { saved: false }),
            rule(10, Fault::Reset { saved: true }),
            rule(5, Fault::NotSent {}),
            rule(100, Fault::LatencyMs { base: 1_500, per_record: 20 }),
        ];
        Faults { seed, rules }
    }
}

fn batches() -> Match {
    Match { method: Some("POST".to_owned()), path_contains: Some("/batch/".to_owned()) }
}

fn rule(probability: u32, fault: Fault) -> Rule {
    Rule { matches: Match::default(), probability, times: None, skip: 0, fault }
}

fn status(status: u16, saved: bool) -> Fault {
    Fault::Status { status, retry_after: None, saved, body: None }
}

/// The rules with their counters and their stream.
pub(crate) struct FaultEngine {
    faults: Faults,
    used: Vec<(u32, u32)>,
    random: ChaCha8Rng,
}

/// What was drawn for one request.
#[derive(Default)]
pub(crate) struct Drawn {
    /// Added latency: for the request, and per record.
    pub(crate) latency: (u64, u64),
    /// What goes wrong.
    pub(crate) fault: Option<Fault>,
}

impl FaultEngine {
    pub(crate) fn new(faults: Faults) -> FaultEngine {
        let used = vec![(0, 0); faults.rules.len()];
        let random = ChaCha8Rng::seed_from_u64(faults.seed);
        FaultEngine { faults, used, random }
    }

    pub(crate) fn data(&self) -> &Faults {
        &self.faults
    }

    /// Draws for one request. Every rule that matches draws once, so that a rule's luck does not shift the others'.
    pub(crate) fn draw(&mut self, method: &str, path: &str) -> Drawn {
        let mut drawn = Drawn::default();
        for (rule, (seen, hits)) in self.faults.rules.iter().zip(&mut self.used) {
            if !rule.matches.covers(method, path) {
                continue;
            }
            let lucky = self.random.next_u64() % 1000 < u64::from(rule.probability);
            *seen += 1;
            let may = *seen > rule.skip && rule.times.is_none_or(|times| *hits < times);
            if !lucky || !may {
                continue;
            }
            match &rule.fault {
                Fault::LatencyMs { base, per_record } => {
                    *hits += 1;
                    drawn.latency = (drawn.latency.0 + base, drawn.latency.1 + per_record);
                }
                other if drawn.fault.is_none() => {
                    *hits += 1;
                    drawn.fault = Some(other.clone());
                }
                _ => {}
            }
        }
        drawn
    }
}

impl Match {
    fn covers(&self, method: &str, path: &str) -> bool {
        self.method.as_ref().is_none_or(|wanted| wanted.eq_ignore_ascii_case(method))
            && self.path_contains.as_ref().is_none_or(|part| path.contains(part))
    }
}
