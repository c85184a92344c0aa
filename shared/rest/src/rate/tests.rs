use std::time::Duration;

use insta::assert_snapshot;
use jiff::Timestamp;

use super::Gcra;

/// Reserves at each of these moments (milliseconds) so many slots; answers when they may be used (milliseconds).
fn check(gcra: Gcra, reservations: &[(i64, u32)]) -> String {
    let mut arrival = None;
    let lines = reservations.iter().map(|(now, slots)| {
        let (next, moments) = gcra.reserve(arrival, Timestamp::from_millisecond(*now).unwrap(), *slots);
        arrival = Some(next);
        let moments: Vec<_> = moments.iter().map(|moment| moment.as_millisecond()).collect();
        format!("at {now}: {moments:?}\n")
    });
    lines.collect()
}

#[test]
fn steady_after_a_burst() {
    assert_snapshot!(check(Gcra::per_second(10, 3), &[(0, 5), (50, 1), (1_000, 4), (1_050, 0)]), @"
    at 0: [0, 0, 0, 100, 200]
    at 50: [300]
    at 1000: [1000, 1000, 1000, 1100]
    at 1050: []
    ");
}

#[test]
fn without_a_burst() {
    assert_snapshot!(check(Gcra::every(Duration::from_millis(550), 0), &[(0, 2), (600, 1), (5_000, 2)]), @"
    at 0: [0, 550]
    at 600: [1100]
    at 5000: [5000, 5550]
    ");
}

#[test]
fn at_most_105_in_any_ten_seconds() {
    let gcra = Gcra::every(Duration::from_millis(100), 5);
    let (_, moments) = gcra.reserve(None, Timestamp::UNIX_EPOCH, 1_000);
    let window = Duration::from_secs(10);
    let most = moments.iter().map(|from| moments.iter().filter(|to| *to >= from && **to < *from + window).count());
    assert_eq!(most.max(), Some(104));
}
