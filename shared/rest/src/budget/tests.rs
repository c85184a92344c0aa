use std::cell::RefCell;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures::FutureExt as _;
use futures::future::join_all;
use insta::assert_snapshot;
use jiff::Timestamp;

use super::{Budget, InFlight, Reserve, Slices};
use crate::clock::Clock;
use crate::rate::Gcra;

const UNLIMITED: InFlight = InFlight { start: 100, max: 100 };

fn clock() -> Clock {
    Clock::manual(Timestamp::UNIX_EPOCH)
}

fn pace() -> Gcra {
    Gcra::every(Duration::from_millis(100), 1)
}

/// When each of so many requests is admitted and ends, if each takes so many milliseconds.
fn check(clock: &Clock, budget: &Budget, requests: u32, takes: u64) -> String {
    let log = RefCell::new(Vec::new());
    let one = async |number: u32| {
        let permit = budget.admit().await;
        let from = clock.now().as_millisecond();
        clock.sleep(Duration::from_millis(takes)).await;
        drop(permit);
        log.borrow_mut().push(format!("{number}: {from}-{}", clock.now().as_millisecond()));
    };
    clock.run(join_all((1..=requests).map(one)));
    log.into_inner().join("\n")
}

#[test]
fn first_come_first_served() {
    let clock = clock();
    let budget = Budget::local(clock.clone(), pace(), UNLIMITED);
    assert_snapshot!(check(&clock, &budget, 3, 500), @"
    1: 0-500
    2: 100-600
    3: 200-700
    ");
}

#[test]
fn two_in_flight() {
    let clock = clock();
    let budget = Budget::local(clock.clone(), pace(), InFlight { start: 2, max: 2 });
    assert_snapshot!(check(&clock, &budget, 5, 500), @"
    1: 0-500
    2: 100-600
    3: 500-1000
    4: 600-1100
    5: 1000-1500
    ");
}

/// A shared budget, and how many slots were reserved at which moments.
fn shared(clock: &Clock, slices: Slices) -> (Budget, Arc<Mutex<Vec<String>>>) {
    let asked = Arc::new(Mutex::new(Vec::new()));
    let reserve: Reserve = {
        let (clock, asked, arrival) = (clock.clone(), asked.clone(), Mutex::new(None));
        Arc::new(move |slots| {
            let now = clock.now();
            asked.lock().unwrap().push(format!("{slots} at {}", now.as_millisecond()));
            let mut arrival = arrival.lock().unwrap();
            let (next, moments) = pace().reserve(*arrival, now, slots);
            *arrival = Some(next);
            async move { moments }.boxed()
        })
    };
    (Budget::shared(clock.clone(), reserve, slices, UNLIMITED), asked)
}

#[test]
fn slices_are_shared_and_stale_slots_thrown_away() {
    let clock = clock();
    let (budget, asked) = shared(&clock, Slices { least: 4, most: 4 });
    let first = check(&clock, &budget, 6, 0);
    clock.advance(Duration::from_secs(5));
    let second = check(&clock, &budget, 1, 0);
    assert_snapshot!(format!("{first}\nlater\n{second}\nasked for {}", asked.lock().unwrap().join(", ")), @"
    1: 0-0
    2: 100-100
    3: 200-200
    4: 300-300
    5: 400-400
    6: 500-500
    later
    1: 5500-5500
    asked for 4 at 0, 4 at 0, 4 at 5500
    ");
}

#[test]
fn slices_grow_while_they_are_used_up() {
    let clock = clock();
    let (budget, asked) = shared(&clock, Slices { least: 2, most: 8 });
    let one_after_the_other = |requests: u32| {
        for _ in 0..requests {
            check(&clock, &budget, 1, 50);
        }
        std::mem::take(&mut *asked.lock().unwrap()).join(", ")
    };
    // Twenty in a row; then a rest; then one that is used and one that grows stale.
    let row = one_after_the_other(20);
    clock.advance(Duration::from_secs(5));
    let rested = one_after_the_other(1);
    clock.advance(Duration::from_secs(2));
    let wasted = one_after_the_other(3);
    assert_snapshot!([row, rested, wasted].join("\n"), @"
    2 at 0, 4 at 150, 8 at 550, 8 at 1350
    2 at 6950
    2 at 9000, 4 at 9150
    ");
}

#[test]
fn a_store_that_answers_nothing_stops_nobody() {
    let clock = clock();
    let slices = Slices { least: 4, most: 4 };
    let budget = Budget::shared(clock.clone(), Arc::new(|_| async { vec![] }.boxed()), slices, UNLIMITED);
    assert_eq!(check(&clock, &budget, 1, 0), "1: 0-0");
}

#[test]
fn the_number_in_flight_adapts() {
    let clock = clock();
    let budget = Budget::local(clock.clone(), Gcra::per_second(1_000_000, 100), InFlight { start: 3, max: 6 });
    let mut text = Vec::new();
    for step in ["", "grow", "grow", "grow", "grow", "halve", "halve", "halve", "grow"] {
        clock.run(async {
            match step {
                "grow" => budget.admit().await.succeeded(),
                "halve" => budget.admit().await.refused(),
                _ => drop(budget.admit().await),
            }
        });
        text.push(format!("{step} {}", budget.0.places.free.available_permits()));
    }
    assert_snapshot!(text.join(", "), @" 3, grow 4, grow 5, grow 6, grow 6, halve 3, halve 1, halve 1, grow 2");
}

#[test]
fn places_taken_away_in_use_vanish_when_given_back() {
    let clock = clock();
    let budget = Budget::local(clock.clone(), Gcra::per_second(1_000_000, 100), InFlight { start: 4, max: 4 });
    clock.run(async {
        let mut permits = Vec::new();
        for _ in 0..4 {
            permits.push(budget.admit().await);
        }
        permits.remove(0).refused();
        assert_eq!(budget.0.places.free.available_permits(), 0);
        permits.remove(0);
        assert_eq!(budget.0.places.free.available_permits(), 0);
        permits.remove(0);
        assert_eq!(budget.0.places.free.available_permits(), 1);
    });
    assert_eq!(budget.0.places.free.available_permits(), 2);
}
