//! Decides which fault strikes a request.

use std::collections::HashMap;

use rand_chacha::{
    ChaCha8Rng,
    rand_core::{Rng as _, SeedableRng as _},
};

use super::{Fault, Faults};

/// Faults and the random stream that decides about them.
#[derive(Debug)]
pub(crate) struct Dice {
    faults: Faults,
    random: ChaCha8Rng,
    used: Vec<Used>,
    in_a_row: HashMap<String, u32>,
}

/// How often a rule matched, and how often it struck.
#[derive(Clone, Copy, Debug, Default)]
struct Used {
    matched: u32,
    struck: u32,
}

/// What strikes one request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Strike {
    /// Milliseconds more for the request, and for each record.
    pub(crate) latency: (u64, u64),
    /// What happens besides.
    pub(crate) fault: Option<Fault>,
}

impl Dice {
    /// Fresh dice.
    pub(crate) fn new(faults: Faults) -> Dice {
        let random = ChaCha8Rng::seed_from_u64(faults.seed);
        let used = vec![Used::default(); faults.rules.len()];
        Dice { faults, random, used, in_a_row: HashMap::new() }
    }

    /// The faults these dice were made of.
    pub(crate) fn faults(&self) -> &Faults {
        &self.faults
    }

    /// Throws for one request.
    pub(crate) fn throw(&mut self, method: &str, path: &str) -> Strike {
        let mut strike = Strike::default();
        for (rule, used) in self.faults.rules.iter().zip(&mut self.used) {
            if !rule.matching.fits(method, path) || rule.times.is_some_and(|times| used.struck >= times) {
                continue;
            }
            used.matched = used.matched.saturating_add(1);
            // Drawn even if the request is let pass, so that `skip` does not shift the stream.
            let drawn = self.random.next_u32() % 1000;
            if used.matched <= rule.skip.unwrap_or(0) || drawn >= u32::from(rule.probability) {
                continue;
            }
            match &rule.fault {
                Fault::LatencyMs { base, per_record } => {
                    strike.latency.0 += base;
                    strike.latency.1 += per_record;
                    used.struck += 1;
                }
                fault if strike.fault.is_none() => {
                    strike.fault = Some(fault.clone());
                    used.struck += 1;
                }
                _ => {}
            }
        }
        self.spare(method, path, &mut strike);
        strike
    }

    /// Lets a request through that was struck too often in a row.
    fn spare(&mut self, method: &str, path: &str, strike: &mut Strike) {
        let Some(most) = self.faults.most_in_a_row else { return };
        let key = format!("{method} {path}");
        if strike.fault.is_none() {
            self.in_a_row.remove(&key);
            return;
        }
        let times = self.in_a_row.entry(key).or_default();
        *times += 1;
        if *times > most {
            *times = 0;
            strike.fault = None;
        }
    }
}
