//! Random choices of one seed. Every part of a run has a stream of its own, so that one more draw in one part leaves the others
//! as they were.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng as _, SeedableRng as _};

/// A stream of choices.
#[derive(Debug)]
pub(super) struct Random(ChaCha8Rng);

impl Random {
    /// A stream of a seed, by its number.
    pub(super) fn of(seed: u64, stream: u64) -> Self {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        random.set_stream(stream);
        Self(random)
    }

    /// Any number.
    pub(super) fn number(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// A number below a bound; 0 if the bound is.
    pub(super) fn below(&mut self, bound: u64) -> u64 {
        if bound == 0 { 0 } else { self.number() % bound }
    }

    /// A number from one to another, both included.
    pub(super) fn between(&mut self, least: u64, most: u64) -> u64 {
        least + self.below(most - least + 1)
    }

    /// The same, for those who count with a sign.
    pub(super) fn amount(&mut self, least: i64, most: i64) -> i64 {
        let span = most.abs_diff(least);
        least.saturating_add_unsigned(self.below(span + 1))
    }

    /// Whether something happens that happens so often, in thousandths.
    pub(super) fn chance(&mut self, thousandths: u64) -> bool {
        self.below(1_000) < thousandths
    }

    /// One of several; none of none.
    pub(super) fn pick<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        let chosen = usize::try_from(self.below(from.len() as u64)).unwrap_or(0);
        from.get(chosen)
    }

    /// One of several by their weights.
    pub(super) fn weighted<T: Copy>(&mut self, from: &[(u64, T)]) -> Option<T> {
        let mut left = self.below(from.iter().map(|(weight, _)| weight).sum());
        for (weight, one) in from {
            if left < *weight {
                return Some(*one);
            }
            left -= weight;
        }
        None
    }
}
