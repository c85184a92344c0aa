//! A day passes in Sweden: statuses change without any change in Kleer.

use std::time::Duration;

use jiff::Timestamp;

use super::*;

/// A portal that looks at agreements every minute, from that moment on.
fn from(moment: &str) -> (World, i64) {
    let (world, client) = portal();
    world.settings(ObjectType::Agreement, |settings| settings.interval_s = Some(60));
    world.settings(ObjectType::Client, |settings| settings.interval_s = Some(24 * 60 * 60));
    let moment: Timestamp = moment.parse().unwrap();
    world.clock.advance(Duration::try_from(moment.duration_since(world.clock.now())).unwrap());
    (world, client)
}

/// Passes until that moment; answers what was sent meanwhile and with how many write calls.
fn until(world: &mut World, moment: &str) -> String {
    let moment: Timestamp = moment.parse().unwrap();
    let span = Duration::try_from(moment.duration_since(world.clock.now())).unwrap();
    let before = world.writes();
    let sent = world.sent_while(|world| world.pass(span));
    format!("{sent}\n{} write calls", world.writes() - before).trim_start().to_owned()
}

/// Sleeps through most of a day: nobody looks, so what happened is seen at the next look.
fn sleep(world: &World, time: u64) {
    world.clock.advance(hours(time));
}

/// Midnight is at 23:00 UTC in winter.
#[test]
fn an_agreement_starts_and_ends_at_midnight_in_winter() {
    let (mut world, client) = from("2026-11-20T22:50:00Z");
    let day = date(2026, 11, 21);
    world.kleer(|kleer| {
        let one = agreement(client, "Mässa");
        kleer.add_agreement(Agreement { start_invoice_date: day, end_date: Some(day), ..one })
    });
    until(&mut world, "2026-11-20T22:52:00Z");
    assert_snapshot!(subscriptions(&world, &["hs_status"]), @"1004 | scheduled");
    assert_snapshot!(until(&mut world, "2026-11-20T22:59:59Z"), @"0 write calls");
    assert_snapshot!(until(&mut world, "2026-11-20T23:01:00Z"), @"
    updated agreement 1004 → HubSpot 9001: hs_status=active
    1 write calls
    ");
    sleep(&world, 23);
    assert_snapshot!(until(&mut world, "2026-11-21T22:59:59Z"), @"0 write calls");
    assert_snapshot!(until(&mut world, "2026-11-21T23:01:00Z"), @"
    updated agreement 1004 → HubSpot 9001: hs_status=expired
    1 write calls
    ");
    assert_snapshot!(until(&mut world, "2026-11-21T23:10:00Z"), @"0 write calls");
    assert_snapshot!(subscriptions(&world, &["hs_status", "hs_invoice_creation"]), @"1004 | expired | off");
}

/// Midnight is at 22:00 UTC in summer.
#[test]
fn an_agreement_starts_and_ends_at_midnight_in_summer() {
    let (mut world, client) = from("2027-06-05T21:50:00Z");
    let day = date(2027, 6, 6);
    world.kleer(|kleer| {
        let one = agreement(client, "Mässa");
        kleer.add_agreement(Agreement { start_invoice_date: day, end_date: Some(day), ..one })
    });
    until(&mut world, "2027-06-05T21:52:00Z");
    assert_snapshot!(subscriptions(&world, &["hs_status"]), @"1004 | scheduled");
    assert_snapshot!(until(&mut world, "2027-06-05T21:59:59Z"), @"0 write calls");
    assert_snapshot!(until(&mut world, "2027-06-05T22:01:00Z"), @"
    updated agreement 1004 → HubSpot 9001: hs_status=active
    1 write calls
    ");
    sleep(&world, 23);
    assert_snapshot!(until(&mut world, "2027-06-06T21:59:59Z"), @"0 write calls");
    assert_snapshot!(until(&mut world, "2027-06-06T22:01:00Z"), @"
    updated agreement 1004 → HubSpot 9001: hs_status=expired
    1 write calls
    ");
    assert_snapshot!(until(&mut world, "2027-06-06T22:10:00Z"), @"0 write calls");
    assert_snapshot!(subscriptions(&world, &["hs_status", "hs_invoice_creation"]), @"1004 | expired | off");
}

#[test]
fn the_first_and_the_last_day_are_active() {
    let (mut world, client) = from("2026-11-20T12:00:00Z");
    let spans = [
        ("börjar idag", date(2026, 11, 20), None),
        ("börjar imorgon", date(2026, 11, 21), None),
        ("slutar idag", date(2026, 1, 1), Some(date(2026, 11, 20))),
        ("slutade igår", date(2026, 1, 1), Some(date(2026, 11, 19))),
    ];
    world.kleer(|kleer| {
        for (name, start_invoice_date, end_date) in spans {
            kleer.add_agreement(Agreement { start_invoice_date, end_date, ..agreement(client, name) });
        }
    });
    world.pass(minutes(1));
    assert_snapshot!(subscriptions(&world, &["hs_name", "hs_status"]), @"
    1004 | börjar idag | active
    1006 | börjar imorgon | scheduled
    1007 | slutar idag | active
    1010 | slutade igår | expired
    ");
}

#[test]
fn agreements_that_expire_together_travel_a_hundred_at_a_time() {
    let (mut world, client) = from("2026-11-20T22:50:00Z");
    world.kleer(|kleer| {
        for number in 0..250 {
            let one = agreement(client, &format!("Avtal {number}"));
            let rows = Vec::new();
            kleer.add_agreement(Agreement { end_date: Some(date(2026, 11, 20)), recurring_rows: rows, ..one });
        }
    });
    until(&mut world, "2026-11-20T22:59:59Z");
    let sent = until(&mut world, "2026-11-20T23:01:00Z");
    assert_eq!(sent.lines().filter(|line| line.ends_with(": hs_status=expired")).count(), 250);
    assert!(sent.ends_with("\n3 write calls"), "{sent}");
}
