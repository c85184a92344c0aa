//! How far back invoices are read, and how the list is.

use insta::assert_snapshot;
use kleer_sim::faults::{Match, Rule};
use kleer_sim::{Fault, Faults, InvoiceOrder, Kind};
use serde_json::{Value, json};

use super::{World, asked_in, certified, invoices, invoicing, set_window, states};
use crate::{hours, minutes};

/// The first invoice dates that Kleer was asked for since its log was emptied, each once in order.
fn asked_from(world: &World) -> Vec<String> {
    let requests = world.pretend.kleer.requests();
    let lower = |path: &str| Some(path.split_once("invoiceDateLower=")?.1.split('&').next()?.to_owned());
    let mut asked: Vec<String> = requests.iter().filter_map(|request| lower(&request.path)).collect();
    asked.dedup();
    asked
}

#[test]
fn the_first_day_of_the_window_is_in_it() {
    let mut world = invoicing();
    certified(&world, "2025-11-19");
    let first = certified(&world, "2025-11-20");
    world.pass(minutes(1));
    assert_eq!(asked_from(&world), ["2025-11-20"]);
    assert_snapshot!(invoices(&world), @"1006 | 50002 | open | 1250 | 1250");
    assert_eq!(world.records("invoices")[0].get("kleer_id"), Some(first.to_string().as_str()));
}

#[test]
fn the_window_moves_with_the_days_and_what_left_it_is_followed() {
    let mut world = invoicing();
    let id = certified(&world, "2025-11-20");
    world.pass(minutes(1));
    world.clock.advance(hours(24));
    world.pass(minutes(1));
    assert_eq!(asked_from(&world), ["2025-11-20", "2025-11-21"]);
    world.kleer(|kleer| kleer.pay_invoice(id, None));
    assert_snapshot!(world.sent_while(|world| world.pass(minutes(30))), @"updated invoice 1004 → HubSpot 9001: hs_invoice_status=paid kleer_remaining_amount=0");
}

#[test]
fn an_old_open_invoice_is_read_by_itself_until_it_is_paid() {
    let mut world = invoicing();
    let id = certified(&world, "2026-06-01");
    world.pass(minutes(1));
    set_window(&world, Some(1));
    assert_eq!(asked_in(&mut world, minutes(30)), (1, 1));
    world.kleer(|kleer| kleer.pay_invoice(id, Some(25_000)));
    assert_snapshot!(world.sent_while(|world| world.pass(minutes(30))), @"updated invoice 1004 → HubSpot 9001: kleer_remaining_amount=1000");
    world.kleer(|kleer| kleer.pay_invoice(id, None));
    assert_snapshot!(world.sent_while(|world| world.pass(minutes(30))), @"updated invoice 1004 → HubSpot 9001: hs_invoice_status=paid kleer_remaining_amount=0");
    assert_eq!(asked_in(&mut world, minutes(30)), (1, 0));
}

#[test]
fn what_is_settled_before_the_window_is_not_read_again() {
    let mut world = invoicing();
    let (paid, voided) = (certified(&world, "2026-06-01"), certified(&world, "2026-06-02"));
    world.kleer(|kleer| {
        kleer.pay_invoice(paid, None);
        kleer.disable_invoice(voided);
    });
    world.pass(minutes(1));
    set_window(&world, Some(1));
    assert_eq!(asked_in(&mut world, minutes(30)), (1, 0));
    assert_snapshot!(invoices(&world), @"
    1004 | 50001 | paid | 1250 | 0
    1006 | 50002 | voided | 1250 | 1250
    ");
}

#[test]
fn thirty_old_open_invoices_are_read_one_by_one() {
    assert_snapshot!(old_open_invoices(30), @"1 list from 2026-10-20, 30 single; 30 paid; then (1, 0)");
}

#[test]
fn more_than_thirty_are_read_as_a_list_from_the_oldest() {
    assert_snapshot!(old_open_invoices(31), @"1 list from 2026-05-31, 0 single; 31 paid; then (1, 0)");
}

/// So many open invoices are before the window and all of them are paid: what Kleer is asked and HubSpot has.
fn old_open_invoices(count: usize) -> String {
    let mut world = invoicing();
    let mut ids = vec![certified(&world, "2026-05-31")];
    ids.extend((1..count).map(|_| certified(&world, "2026-06-01")));
    world.pass(minutes(1));
    set_window(&world, Some(1));
    world.kleer(|kleer| ids.iter().for_each(|id| kleer.pay_invoice(*id, None)));
    world.pretend.kleer.forget_requests();
    let (lists, singles) = asked_in(&mut world, minutes(30));
    let from = asked_from(&world).join(", ");
    let paid = world.records("invoices").iter().filter(|one| one.get("hs_invoice_status") == Some("paid")).count();
    let after = asked_in(&mut world, minutes(30));
    format!("{lists} list from {from}, {singles} single; {paid} paid; then {after:?}")
}

#[test]
fn old_invoices_that_come_along_with_the_open_ones_stay_out() {
    let mut world = invoicing();
    let open: Vec<i64> = (0..31).map(|_| certified(&world, "2026-06-01")).collect();
    world.pass(minutes(1));
    set_window(&world, Some(1));
    let late = certified(&world, "2026-06-02");
    world.pass(minutes(30));
    assert_eq!(world.records("invoices").len(), open.len());
    assert_snapshot!(states(&world, &[open[0], late]), @"
    1004 in_sync
    1077 excluded_outside_window
    ");
    set_window(&world, Some(12));
    world.pass(minutes(30));
    assert_snapshot!(states(&world, &[open[0], late]), @"
    1004 in_sync
    1077 in_sync
    ");
}

#[test]
fn a_shorter_window_takes_nothing_away_and_none_at_all_brings_everything() {
    let mut world = invoicing();
    let ancient = certified(&world, "2019-02-28");
    let paid = certified(&world, "2026-06-01");
    world.kleer(|kleer| kleer.pay_invoice(paid, None));
    let new = certified(&world, "2026-11-18");
    world.pass(minutes(1));
    let before = invoices(&world);
    assert_snapshot!(before, @"
    1006 | 50002 | paid | 1250 | 0
    1007 | 50003 | open | 1250 | 1250
    ");
    set_window(&world, Some(1));
    assert_snapshot!(world.sent_while(|world| world.pass(minutes(30))), @"");
    assert_eq!(invoices(&world), before);
    set_window(&world, None);
    world.pass(minutes(30));
    assert_snapshot!(invoices(&world), @"
    1006 | 50002 | paid | 1250 | 0
    1007 | 50003 | open | 1250 | 1250
    1004 | 50001 | open | 1250 | 1250
    ");
    assert_snapshot!(states(&world, &[ancient, paid, new]), @"
    1004 in_sync
    1006 in_sync
    1007 in_sync
    ");
    assert_eq!(asked_in(&mut world, minutes(30)), (1, 0));
}

#[test]
fn an_open_invoice_that_is_gone_from_kleer_stays_in_hubspot() {
    let mut world = invoicing();
    let (inside, outside) = (certified(&world, "2026-11-18"), certified(&world, "2026-06-01"));
    world.pass(minutes(1));
    set_window(&world, Some(1));
    let before = invoices(&world);
    world.kleer(|kleer| [inside, outside].map(|id| assert!(kleer.remove_invoice(id))));
    assert_snapshot!(world.sent_while(|world| world.pass(minutes(30))), @"");
    assert_snapshot!(states(&world, &[inside, outside]), @"
    1004 deleted_in_kleer
    1006 deleted_in_kleer
    ");
    assert_eq!(invoices(&world), before);
    assert_snapshot!(super::problems(&world), @"");
    // It is certain; nobody asks again.
    assert_eq!(asked_in(&mut world, minutes(30)), (1, 0));
}

#[test]
fn a_window_cannot_tell_that_a_paid_invoice_is_gone_and_the_whole_list_can() {
    let mut world = invoicing();
    let (paid, kept) = (certified(&world, "2026-11-18"), certified(&world, "2026-11-18"));
    world.kleer(|kleer| kleer.pay_invoice(paid, None));
    world.pass(minutes(1));
    assert!(world.kleer(|kleer| kleer.remove_invoice(paid)));
    world.pass(minutes(30));
    assert_snapshot!(states(&world, &[paid, kept]), @"
    1004 in_sync
    1006 in_sync
    ");
    set_window(&world, None);
    world.pass(minutes(30));
    assert_snapshot!(states(&world, &[paid, kept]), @"
    1004 deleted_in_kleer
    1006 in_sync
    ");
    assert_eq!(world.records("invoices").len(), 2);
}

/// Pages of two invoices, the newest first, as `times` requests for the second one see them: by then a newer invoice has come,
/// and all the others have moved on.
fn list_shifts(world: &World, times: Option<u32>) {
    world.pretend.kleer.state(|state| {
        state.switches.invoice_limit = 2;
        state.switches.invoice_order = InvoiceOrder::Newest;
    });
    let listed = world.kleer(|kleer| {
        let mut listed = kleer.invoices();
        listed.sort_by_key(|invoice| std::cmp::Reverse((invoice.invoice_date, invoice.id)));
        let document = |id| kleer.document(Kind::Invoice, id).map(Value::Object);
        listed.iter().skip(1).take(2).map(|invoice| document(invoice.id)).collect::<Vec<_>>()
    });
    let size = world.kleer(|kleer| kleer.invoices().len()) + 1;
    answers(world, "offset=2", times, &json!({ "client-invoices": listed, "offset": 2, "limit": 2, "size": size }));
}

/// Requests for the list of invoices that say so are answered with this.
fn answers(world: &World, saying: &str, times: Option<u32>, body: &Value) {
    let matching = Match { method: Some("GET".into()), path_contains: Some(saying.to_owned()) };
    let fault = Fault::Status { status: 200, retry_after: None, saved: false, body: Some(body.to_string()) };
    let rule = Rule { matching, probability: 1000, times, skip: None, fault };
    world.pretend.kleer.faults(Faults { rules: vec![rule], ..Faults::default() });
}

#[test]
fn a_list_that_shifts_while_it_is_read_is_read_again() {
    let mut world = invoicing();
    let dates = ["2026-11-16", "2026-11-17", "2026-11-18", "2026-11-19"];
    for date in dates {
        certified(&world, date);
    }
    list_shifts(&world, Some(1));
    let asked = asked_in(&mut world, minutes(1));
    assert_snapshot!(world.table("invoices", &["hs_invoice_date"]), @"
    1010 | 2026-11-19T00:00:00.000Z
    1007 | 2026-11-18T00:00:00.000Z
    1006 | 2026-11-17T00:00:00.000Z
    1004 | 2026-11-16T00:00:00.000Z
    ");
    assert_eq!(asked, (5, 0));
}

#[test]
fn nobody_is_taken_for_gone_while_the_list_shifts() {
    let mut world = invoicing();
    set_window(&world, None);
    let dates = ["2026-11-16", "2026-11-17", "2026-11-18", "2026-11-19"];
    let ids = dates.map(|date| certified(&world, date));
    world.pass(minutes(1));
    list_shifts(&world, None);
    let sent = world.sent_while(|world| world.pass(minutes(30)));
    assert_snapshot!(sent, @"");
    assert_snapshot!(states(&world, &ids), @"
    1004 in_sync
    1006 in_sync
    1007 in_sync
    1010 in_sync
    ");
}

#[test]
fn an_invoice_that_is_listed_twice_is_one() {
    let mut world = invoicing();
    let (one, other) = (certified(&world, "2026-11-17"), certified(&world, "2026-11-18"));
    let document = |id| world.kleer(|kleer| kleer.document(Kind::Invoice, id).map(Value::Object));
    let listed = [document(one), document(other), document(one)];
    answers(&world, "client/invoice?", None, &json!({ "client-invoices": listed, "offset": 0, "limit": 3, "size": 3 }));
    world.pass(minutes(1));
    assert_snapshot!(invoices(&world), @"
    1004 | 50001 | open | 1250 | 1250
    1006 | 50002 | open | 1250 | 1250
    ");
    assert_snapshot!(world.sent_while(|world| world.pass(minutes(30))), @"");
    assert_eq!(world.report(domain::ObjectType::Invoice).counts.source, 2);
}

#[test]
fn an_old_invoice_that_kleer_fails_at_delays_nobody() {
    let mut world = invoicing();
    let old = certified(&world, "2026-06-01");
    world.pass(minutes(1));
    set_window(&world, Some(1));
    let failing = Fault::Status { status: 500, retry_after: None, saved: false, body: None };
    world.break_kleer(&format!("/client/invoice/{old}"), failing);
    world.kleer(|kleer| kleer.pay_invoice(old, None));
    certified(&world, "2026-11-18");
    world.pass(minutes(30));
    assert_snapshot!(invoices(&world), @"
    1004 | 50001 | open | 1250 | 1250
    1006 | 50002 | open | 1250 | 1250
    ");
    assert_snapshot!(states(&world, &[old]), @"1004 in_sync");
    world.mend();
    assert_snapshot!(world.sent_while(|world| world.pass(minutes(30))), @"updated invoice 1004 → HubSpot 9001: hs_invoice_status=paid kleer_remaining_amount=0");
}
