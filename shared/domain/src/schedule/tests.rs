use std::collections::BTreeSet;
use std::time::Duration;

use jiff::Timestamp;

use super::{
    BEAT, DUE_SHARDS, PHASES, due_shard, first_due, heard, is_on_beat, later, minute, minute_start, next_slot, phase,
    retry_pause,
};
use crate::PortalId;
use crate::tests::at;

const QUARTER: Duration = Duration::from_secs(15 * 60);

fn check(due: &str, now: &str) -> String {
    let day = |time: &str| at(&format!("2026-11-20T{time}Z"));
    next_slot(day(due), QUARTER, day(now)).strftime("%H:%M:%S%.f").to_string()
}

#[test]
fn the_next_slot_is_on_the_same_beat() {
    let rows = [
        ("08:00:00", "08:00:00"), // on time
        ("08:00:00", "08:14:59.999"),
        ("08:00:00", "08:15:00"), // exactly on the next slot, which is therefore missed
        ("08:00:00", "11:01:00"), // twelve slots missed
        ("08:07:30", "09:00:00"), // its own beat, not the clock's
        ("08:00:00", "07:00:00"), // brought forward by a clock that went back
    ];
    let lines = rows.map(|(due, now)| format!("{due} at {now}: {}", check(due, now)));
    insta::assert_snapshot!(lines.join("\n"), @r"
    08:00:00 at 08:00:00: 08:15:00
    08:00:00 at 08:14:59.999: 08:15:00
    08:00:00 at 08:15:00: 08:30:00
    08:00:00 at 11:01:00: 11:15:00
    08:07:30 at 09:00:00: 09:07:30
    08:00:00 at 07:00:00: 08:15:00
    ");
}

#[test]
fn the_next_slot_is_always_later() {
    let due = at("2026-11-20T08:00:00Z");
    for interval in [Duration::ZERO, Duration::from_nanos(1), Duration::from_millis(7), QUARTER, Duration::MAX] {
        for behind in [0, 1, 999, 900_000, 86_400_000] {
            let now = later(due, Duration::from_millis(behind));
            assert!(next_slot(due, interval, now) > now, "{interval:?} {behind}");
        }
    }
}

#[test]
fn portals_are_spread_over_the_interval() {
    let now = at("2026-11-20T08:00:00Z");
    let mut minutes = BTreeSet::new();
    for portal in 1..=500 {
        let due = first_due(PortalId(portal), QUARTER, now);
        assert!(due >= now && due < later(now, QUARTER), "{portal}");
        assert_eq!(due, first_due(PortalId(portal), QUARTER, now), "always the same");
        minutes.insert(due.duration_since(now).as_mins());
    }
    assert_eq!(minutes, (0..15).collect());
    assert_eq!(first_due(PortalId(1), Duration::ZERO, now), now);
}

#[test]
fn the_types_of_a_portal_are_due_together() {
    let epoch = Timestamp::UNIX_EPOCH;
    let due = |portal, interval| first_due(PortalId(portal), interval, epoch).as_second();
    for portal in 1..=500 {
        let beat = due(portal, QUARTER);
        for longer in [2, 4, 96].map(|times| QUARTER * times) {
            assert_eq!((due(portal, longer) - beat) % 900, 0, "{portal} {longer:?}");
        }
    }
}

#[test]
fn pauses_double_up_to_a_day() {
    let minutes: Vec<u64> = (0..=14).map(|failures| retry_pause(failures).as_secs() / 60).collect();
    assert_eq!(minutes, [1, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 1440, 1440, 1440]);
    assert_eq!(retry_pause(u32::MAX), Duration::from_secs(86_400));
}

#[test]
fn every_shard_is_used() {
    let shards: BTreeSet<u64> = (1..=500).map(|portal| due_shard(PortalId(portal))).collect();
    assert_eq!(shards, (0..DUE_SHARDS).collect());
    assert_eq!(due_shard(PortalId(4242)), due_shard(PortalId(4242)));
}

#[test]
fn nothing_is_later_than_the_end_of_time() {
    assert_eq!(later(at("2026-11-20T08:00:00Z"), QUARTER), at("2026-11-20T08:15:00Z"));
    assert_eq!(later(Timestamp::MAX, QUARTER), Timestamp::MAX);
    assert_eq!(later(Timestamp::UNIX_EPOCH, Duration::MAX), Timestamp::MAX);
}

#[test]
fn a_beat_is_heard_when_its_slots_have_come_and_hardly_later() {
    let now = at("2026-11-20T08:00:01Z");
    let mut phases = BTreeSet::new();
    for portal in (1..=500).map(PortalId) {
        for interval in [BEAT, QUARTER, QUARTER * 2, Duration::from_secs(24 * 60 * 60)] {
            let slot = next_slot(first_due(portal, interval, Timestamp::UNIX_EPOCH), interval, now);
            assert!(is_on_beat(portal, slot), "{portal} {interval:?}");
            assert!(!is_on_beat(portal, later(slot, Duration::from_millis(1))));
            let heard_at = heard(portal, slot);
            assert_eq!((minute_start(minute(heard_at)), minute(heard_at) % PHASES), (heard_at, phase(portal)));
            assert!(heard_at >= slot && heard_at < later(slot, Duration::from_secs(60)), "{portal}: {slot} {heard_at}");
        }
        phases.insert(phase(portal));
    }
    assert_eq!(phases, (0..PHASES).collect());
    let odd = Duration::from_secs(7 * 60);
    let slot = next_slot(first_due(PortalId(1), odd, Timestamp::UNIX_EPOCH), odd, now);
    assert!(!is_on_beat(PortalId(1), slot) || !is_on_beat(PortalId(1), later(slot, odd)));
}
