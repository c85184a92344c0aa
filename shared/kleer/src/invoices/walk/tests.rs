use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures::FutureExt as _;
use insta::assert_snapshot;
use rest::{Budget, Calls, Clock, Gcra, Transport};

use super::InvoiceWalk;
use crate::{Api, BURST, IN_FLIGHT, InvoiceQuery, PER_SECOND};

/// How long the pretend Kleer takes for a page.
const PAGE: Duration = Duration::from_millis(500);

/// A Kleer that takes its time.
struct Slow {
    api: Api,
    clock: Clock,
    /// When it was asked for which offset.
    asked: Arc<Mutex<Vec<String>>>,
}

/// Its invoices, as they are at a moment given in milliseconds, and how many of them the page at an offset holds.
fn slow(list: fn(i64) -> Vec<i64>, rows: fn(usize) -> usize) -> Slow {
    let clock = Clock::manual("1970-01-01T00:00:00Z".parse().unwrap());
    let asked = Arc::new(Mutex::new(Vec::new()));
    let transport = {
        let (clock, asked) = (clock.clone(), asked.clone());
        Transport::in_process(Arc::new(move |request| {
            let query = request.uri().query().unwrap_or_default();
            let offset = query.split('&').find_map(|pair| pair.strip_prefix("offset="));
            let offset: usize = offset.unwrap().parse().unwrap();
            asked.lock().unwrap().push(format!("{offset} at {}", clock.now().as_millisecond()));
            let clock = clock.clone();
            async move {
                clock.sleep(PAGE).await;
                let all = list(clock.now().as_millisecond());
                let page: Vec<_> =
                    all.iter().skip(offset).take(rows(offset)).map(|id| format!(r#"{{"id":{id}}}"#)).collect();
                let body = format!(r#"{{"client-invoices":[{}],"size":{}}}"#, page.join(","), all.len());
                Ok(http::Response::builder().status(200).body(body.into()).unwrap())
            }
            .boxed()
        }))
    };
    let budget = Budget::local(clock.clone(), Gcra::per_second(PER_SECOND, BURST), IN_FLIGHT);
    let calls = Arc::new(Calls::default());
    let api = Api::connect("http://kleer", transport, clock.clone(), 7, "key".into(), budget, calls);
    Slow { api, clock, asked }
}

/// Walks; on each page its reader works for so many milliseconds. Says which ids each page had, when the walk was over, and
/// what was asked when.
fn check(kleer: &Slow, work: u64) -> String {
    let (mut walk, mut pages) = (InvoiceWalk::new(&InvoiceQuery::default()), Vec::new());
    while let Some(page) = kleer.clock.run(walk.next(&kleer.api)).unwrap() {
        let ids: Vec<_> = page.records().map(|record| record.unwrap().id().unwrap().to_string()).collect();
        pages.push(ids.join(" "));
        kleer.clock.advance(Duration::from_millis(work));
    }
    let over = kleer.clock.now().as_millisecond();
    let asked = std::mem::take(&mut *kleer.asked.lock().unwrap()).join(", ");
    format!("{}; over at {over}, shifted: {}; asked for {asked}", pages.join(" | "), walk.shifted())
}

#[test]
fn two_pages_are_on_their_way_at_any_time() {
    let kleer = slow(|_| (1..=11).collect(), |_| 2);
    assert_snapshot!(check(&kleer, 0), @"1 2 | 3 4 | 5 6 | 7 8 | 9 10 | 11; over at 2000, shifted: false; asked for 0 at 0, 2 at 500, 4 at 750, 6 at 1000, 8 at 1250, 10 at 1500");
}

#[test]
fn what_the_reader_does_with_a_page_takes_no_time_of_its_own() {
    let kleer = slow(|_| (1..=11).collect(), |_| 2);
    assert_snapshot!(check(&kleer, 200), @"1 2 | 3 4 | 5 6 | 7 8 | 9 10 | 11; over at 2200, shifted: false; asked for 0 at 0, 2 at 500, 4 at 750, 6 at 1000, 8 at 1250, 10 at 1500");
}

#[test]
fn a_list_of_one_page_is_asked_for_once() {
    let lists: [fn(i64) -> Vec<i64>; 3] = [|_| Vec::new(), |_| vec![1], |_| vec![1, 2]];
    let told = lists.map(|list| check(&slow(list, |_| 2), 0));
    assert_snapshot!(told.join("\n"), @"
    ; over at 500, shifted: false; asked for 0 at 0
    1; over at 500, shifted: false; asked for 0 at 0
    1 2; over at 500, shifted: false; asked for 0 at 0
    ");
}

/// Whatever was guessed: a page counts only where the one before it ended.
#[test]
fn pages_of_many_lengths_are_read_one_after_the_other() {
    let shorter = slow(|_| (1..=9).collect(), |offset| if offset == 3 { 1 } else { 3 });
    let longer = slow(|_| (1..=9).collect(), |offset| if offset == 2 { 3 } else { 2 });
    assert_snapshot!([shorter, longer].map(|kleer| check(&kleer, 0)).join("\n"), @"
    1 2 3 | 4 | 5 6 7 | 8 9; over at 2000, shifted: false; asked for 0 at 0, 3 at 500, 6 at 750, 4 at 1000, 7 at 1500
    1 2 | 3 4 5 | 6 7 | 8 9; over at 2250, shifted: false; asked for 0 at 0, 2 at 500, 4 at 750, 6 at 1000, 5 at 1250, 7 at 1750
    ");
}

/// The later of two pages may be answered first, from a list that is not any more what it was.
#[test]
fn a_list_that_changes_between_two_pages_on_their_way_has_shifted() {
    let less = slow(|now| if now < 900 { (1..=8).collect() } else { (2..=8).collect() }, |_| 2);
    let more = slow(|now| if now < 900 { (1..=8).rev().collect() } else { (1..=9).rev().collect() }, |_| 2);
    assert_snapshot!([less, more].map(|kleer| check(&kleer, 0)).join("\n"), @"
    1 2 | 4 5 | 6 7 | 8; over at 1500, shifted: true; asked for 0 at 0, 2 at 500, 4 at 750, 6 at 1000
    8 7 | 6 | 5 4 | 3 2 | 1; over at 1750, shifted: true; asked for 0 at 0, 2 at 500, 4 at 750, 6 at 1000, 8 at 1250
    ");
}

#[test]
fn a_page_that_nobody_waits_for_any_more_is_not_lost() {
    let kleer = slow(|_| (1..=8).collect(), |_| 2);
    let mut walk = InvoiceWalk::new(&InvoiceQuery::default());
    let first = kleer.clock.run(walk.next(&kleer.api)).unwrap().unwrap();
    assert_eq!(first.len(), 2);
    let waiting = kleer.clock.timeout(Duration::from_millis(100), walk.next(&kleer.api));
    assert!(kleer.clock.run(waiting).is_err());
    let mut rest = Vec::new();
    while let Some(page) = kleer.clock.run(walk.next(&kleer.api)).unwrap() {
        rest.extend(page.records().map(|record| record.unwrap().id().unwrap()));
    }
    assert_eq!((rest, walk.shifted()), ((3..=8).collect::<Vec<i64>>(), false));
}
