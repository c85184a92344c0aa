//! Everything that reads the outside is given documents that were valid once and are not any more: a member less, another type,
//! numbers without end, lists in lists in lists, halves of letters; and bytes that were never a document. It may refuse them. It may
//! not panic, and what it says about them is short.
//!
//! The same cases come at every run, some hundreds. More of them, or others:
//!
//! ```text
//! PROPTEST_CASES=25600 PROPTEST_RNG_SEED=7 cargo nextest run --package tests -E 'binary(security) & test(fuzz)'
//! ```
//!
//! 256 cases are what a test does without being asked: 25,600 are a hundred times as many of each. A case that fails shrinks to
//! the least that still does, and is printed.

mod answers;
mod bombs;
mod headers;
mod hubspot;
mod kleer;
mod messages;
mod mutate;
mod pipeline;
mod requests;
mod stored;

use std::fmt::Debug;

use proptest::strategy::Strategy;
use proptest::test_runner::{Config, RngSeed, TestRunner};

/// What proptest does where nobody asks for a number of cases.
const USUAL: u32 = 256;

/// Tries so many cases, or their share of what was asked for.
#[track_caller]
fn check<S: Strategy>(cases: u32, strategy: S, test: impl Fn(S::Value))
where
    S::Value: Debug,
{
    let asked = Config::default();
    let rng_seed = match asked.rng_seed {
        RngSeed::Random => RngSeed::Fixed(1),
        fixed @ RngSeed::Fixed(_) => fixed,
    };
    let cases = (u64::from(cases) * u64::from(asked.cases) / u64::from(USUAL)).clamp(1, u64::from(u32::MAX));
    let cases = u32::try_from(cases).unwrap_or(u32::MAX);
    // Where a case is a whole World, nobody waits for the very least of them.
    let max_shrink_iters = if cases < 50 { 30 } else { 2_000 };
    // What fails is mended, and its least form becomes a test of its own: no file remembers it.
    let config = Config { cases, rng_seed, failure_persistence: None, max_shrink_iters, ..asked };
    let run = TestRunner::new(config).run(&strategy, |case| {
        test(case);
        Ok(())
    });
    if let Err(failure) = run {
        panic!("{failure}");
    }
}
