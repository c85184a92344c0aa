use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use futures::future::{join, join_all, pending};
use insta::assert_snapshot;
use jiff::Timestamp;

use super::{Clock, Elapsed};

const SECOND: Duration = Duration::from_secs(1);

fn manual() -> Clock {
    Clock::manual("2026-11-21T12:00:00Z".parse().unwrap())
}

#[test]
fn sleepers_wake_in_order_and_ties_as_they_came() {
    let (clock, log) = (manual(), RefCell::new(Vec::new()));
    let sleeper = async |name: &'static str, seconds: u32| {
        clock.sleep(SECOND * seconds).await;
        log.borrow_mut().push(format!("{} {name}", clock.now()));
    };
    clock.run(join_all([sleeper("a", 3), sleeper("b", 1), sleeper("c", 3), sleeper("d", 0)]));
    assert_snapshot!(log.borrow().join("\n"), @"
    2026-11-21T12:00:00Z d
    2026-11-21T12:00:01Z b
    2026-11-21T12:00:03Z a
    2026-11-21T12:00:03Z c
    ");
}

#[test]
fn a_timeout_ends_what_takes_too_long() {
    let clock = manual();
    let start = clock.now();
    let in_time = clock.run(clock.timeout(SECOND * 2, clock.sleep(SECOND)));
    assert_eq!((in_time, clock.now()), (Ok(()), start + SECOND));
    // The timeout that was not needed is forgotten: nothing but our own sleep moves the time.
    clock.run(clock.sleep(SECOND * 5));
    assert_eq!(clock.now(), start + SECOND * 6);
    let late = clock.run(clock.timeout(SECOND, pending::<()>()));
    assert_eq!((late, clock.now()), (Err(Elapsed), start + SECOND * 7));
}

#[test]
fn time_moves_only_when_nothing_can_progress() {
    let clock = manual();
    let start = clock.now();
    let (sender, receiver) = tokio::sync::oneshot::channel();
    let (received_at, ()) = clock.run(join(
        async {
            let sent_at: Timestamp = receiver.await.unwrap();
            (sent_at, clock.now())
        },
        async {
            clock.sleep(SECOND).await;
            sender.send(clock.now()).unwrap();
            clock.sleep(SECOND * 60).await;
        },
    ));
    assert_eq!(received_at, (start + SECOND, start + SECOND));
}

#[test]
fn turned_by_hand() {
    let clock = manual();
    let start = clock.now();
    clock.advance(SECOND);
    clock.run(async {
        let turn = async { clock.skip(SECOND * 3600) };
        join(clock.sleep(SECOND * 60), turn).await;
    });
    assert_eq!(clock.now(), start + SECOND * 3601);
}

#[test]
fn a_deadlock_is_said_so() {
    let clock = manual();
    let panic = catch_unwind(AssertUnwindSafe(|| clock.run(pending::<()>()))).unwrap_err();
    assert_snapshot!(panic.downcast_ref::<String>().unwrap(), @"deadlock at 2026-11-21T12:00:00Z: nothing can progress and nobody sleeps");
}

#[tokio::test]
async fn a_scaled_clock_skips_and_runs_fast() {
    let clock = Clock::scaled(1_000_000);
    let start = clock.now();
    clock.sleep(SECOND * 60).await;
    assert!(clock.now() >= start + SECOND * 60);
    let slow = Clock::scaled(1);
    join(slow.sleep(SECOND * 3600), async { slow.skip(SECOND * 3601) }).await;
}
