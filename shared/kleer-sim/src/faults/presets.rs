//! Sets of faults that are ready to use.

use super::{Fault, Faults, Match, Rule};

impl Faults {
    /// No faults.
    pub fn none(seed: u64) -> Faults {
        Faults { seed, rules: Vec::new(), most_in_a_row: None }
    }

    /// A bad day: about one request in fifty fails, and nothing is ambiguous.
    pub fn light(seed: u64) -> Faults {
        let rules = vec![
            rule(8, Fault::Status { status: 503, retry_after: Some(1), saved: false, body: None }),
            rule(6, Fault::RateLimited { retry_after: Some(1) }),
            rule(6, Fault::Status { status: 500, retry_after: None, saved: false, body: None }),
        ];
        Faults { seed, rules, most_in_a_row: Some(2) }
    }

    /// Every kind of fault, about one request in seven, half of them after the change was made. The same request never
    /// fails more than twice in a row.
    pub fn heavy(seed: u64) -> Faults {
        let rules = vec![
            rule(100, Fault::LatencyMs { base: 200, per_record: 1 }),
            rule(25, Fault::Status { status: 500, retry_after: None, saved: false, body: None }),
            rule(15, Fault::Status { status: 500, retry_after: None, saved: true, body: None }),
            rule(20, Fault::Status { status: 503, retry_after: Some(2), saved: false, body: Some(String::new()) }),
            rule(20, Fault::RateLimited { retry_after: Some(2) }),
            Rule { matching: only("GET"), ..rule(10, Fault::Empty {}) },
            rule(10, Fault::Truncated { saved: true }),
            rule(10, Fault::Html { status: 502, saved: false }),
            rule(10, Fault::Html { status: 504, saved: true }),
            rule(15, Fault::Reset { saved: false }),
            rule(10, Fault::Reset { saved: true }),
        ];
        Faults { seed, rules, most_in_a_row: Some(2) }
    }
}

fn rule(probability: u16, fault: Fault) -> Rule {
    Rule { matching: Match::default(), probability, times: None, skip: None, fault }
}

fn only(method: &str) -> Match {
    Match { method: Some(method.to_owned()), path_contains: None }
}
