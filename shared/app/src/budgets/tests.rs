use domain::schedule::later;

use super::*;

/// The paces of objects and of associations, with the most that may be sent in ten seconds.
fn paces() -> [(Gcra, Gcra, usize); 2] {
    [
        (pace(HUBSPOT_TOTAL), pace(HUBSPOT_OUTBOUND), 105),
        (pace(HUBSPOT_ASSOCIATIONS), pace(HUBSPOT_ASSOCIATIONS_OUTBOUND), 98),
    ]
}

/// What came of a minute.
struct Minute {
    outbound: Vec<Timestamp>,
    /// When each was sent, and how long it waited.
    urgent: Vec<(Timestamp, Duration)>,
}

/// A minute in which outbound work takes whatever it can get, and something urgent comes every so often.
fn minute(total: Gcra, outbound: Gcra, every: Duration) -> Minute {
    let begin: Timestamp = "2026-11-20T08:00:00Z".parse().unwrap();
    let paces = |lane| Paces { lane, total, outbound: Some(outbound) };
    let mut minute = Minute { outbound: Vec::new(), urgent: Vec::new() };
    let (mut arrivals, mut next) = (Arrivals::default(), begin);
    for step in 0..1_200 {
        let now = later(begin, Duration::from_millis(50) * step);
        // A slice is taken when the one before it is used up.
        while minute.outbound.last().is_none_or(|last| *last <= now) {
            let (after, moments) = paces(Lane::Outbound).reserve(&arrivals, 4, now);
            arrivals = after;
            minute.outbound.extend(moments);
        }
        if now >= next {
            next = later(next, every);
            let (after, moments) = paces(Lane::Urgent).reserve(&arrivals, 1, now);
            arrivals = after;
            minute.urgent.extend(moments.iter().map(|at| (*at, Duration::try_from(at.duration_since(now)).unwrap())));
        }
    }
    minute
}

/// The most that were sent in any ten seconds.
fn most(minute: &Minute) -> usize {
    let urgent = minute.urgent.iter().map(|(at, _)| *at);
    let mut all: Vec<Timestamp> = minute.outbound.iter().copied().chain(urgent).collect();
    all.sort_unstable();
    let within =
        |at: Timestamp| all.iter().filter(|other| (at..later(at, Duration::from_secs(10))).contains(other)).count();
    all.iter().map(|at| within(*at)).max().unwrap()
}

#[test]
fn what_is_urgent_goes_ahead_and_the_limit_is_kept() {
    for (total, outbound, limit) in paces() {
        for every in [5_000, 500, 200, 125].map(Duration::from_millis) {
            let minute = minute(total, outbound, every);
            assert!(most(&minute) <= limit, "{} in ten seconds, every {every:?}", most(&minute));
            let longest = minute.urgent.iter().map(|(_, waited)| *waited).max().unwrap();
            assert!(longest <= Duration::from_millis(2_500), "{longest:?}, every {every:?}");
            // Outbound work gives way, and is never stopped.
            let sent = minute.outbound.len();
            assert!(sent >= 30 && sent + minute.urgent.len() <= 60 * 10, "{sent}, every {every:?}");
        }
    }
}

#[test]
fn alone_outbound_work_has_its_whole_pace() {
    for (total, outbound, _) in paces() {
        let minute = minute(total, outbound, Duration::from_secs(3_600));
        assert!(minute.outbound.len() >= 60 * 9, "{}", minute.outbound.len());
    }
}
