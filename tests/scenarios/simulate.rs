//! The simulation of weeks by seed (`cargo local simulate`): that a seed is the same run whenever it is played, and that it breaks
//! nothing. Many more seeds are played by `tests/run`.

use local::simulate::{Args, play};

/// Two seeds, with everything that goes wrong.
fn short() -> Args {
    Args { days: 1, jobs: Some(1), ..Args::of(11..13) }
}

#[test]
fn a_seed_is_the_same_run_every_time() {
    let (first, second) = (play(&short()).unwrap(), play(&short()).unwrap());
    assert_eq!(first.digests, second.digests);
    let digests: std::collections::BTreeSet<_> = first.digests.values().collect();
    assert_eq!((first.seeds, digests.len()), (2, 2), "another seed is another run");
    assert!(first.requests > 200, "{}", first.requests);
}
