//! What is refused, lost or fails on the way: nothing is forgotten, and nobody else is delayed.

use domain::{Binding, ObjectType};
use serde_json::{Value, json};

use super::{after, bound, change, check, content, page, row, written};
use crate::outbound::tests::pretend::{Answer, Pretend};

fn refusal(message: &str) -> Answer {
    Answer::Refused(json!({"category": "VALIDATION_ERROR", "message": message}))
}

fn is_about(input: &Value, id: &str) -> bool {
    input["id"] == id
}

/// Three new invoices of one row each.
fn three() -> Vec<(domain::Change, Binding)> {
    let rows = [row("row-0", &[("name", "Support")])];
    let one =
        |id| (change(id, &Binding::default(), content(&[("hs_currency", "SEK")], &rows, &[])), Binding::default());
    (1..=3).map(one).collect()
}

#[test]
fn a_refused_record_has_no_rows() {
    let portal = Pretend::answering(|_, input| if is_about(input, "2") { refusal("bad") } else { Answer::Taken });
    insta::assert_snapshot!(check(&portal, &page(ObjectType::Invoice), &three()), @r"
    upsert invoices: 1 hs_currency=[SEK] hs_invoice_billable=[false] kleer_id=[1]; 2 hs_currency=[SEK] hs_invoice_billable=[false] kleer_id=[2]; 3 hs_currency=[SEK] hs_invoice_billable=[false] kleer_id=[3]
    upsert line_items: 1-row-0 kleer_id=[1-row-0] name=[Support]; 3-row-0 kleer_id=[3-row-0] name=[Support]
    associate line_items → invoices: line_items.1-row-0 → invoices.1; line_items.3-row-0 → invoices.3
    1: done invoices.1 created, rows [row-0=line_items.1-row-0] to []; 1 created
    2: refused (HubSpot refused the request: bad.) - untouched, rows [] to [];
    3: done invoices.3 created, rows [row-0=line_items.3-row-0] to []; 1 created
    ");
}

/// A row that was written beside one that was refused is associated as soon as that one is mended.
#[test]
fn rows_beside_a_refused_row_are_not_lost() {
    let page = page(ObjectType::Invoice);
    let rows = |second: &str| [row("row-0", &[("name", "Support")]), row("row-1", &[("name", second)])];
    let portal = Pretend::answering(
        |_, input| if input["properties"]["name"] == "bad" { refusal("bad") } else { Answer::Taken },
    );
    let first = change(7, &Binding::default(), content(&[("hs_currency", "SEK")], &rows("bad"), &[12]));
    let refused = written(&portal, &page, &[(first.clone(), Binding::default())]);
    insta::assert_snapshot!(portal.sent(), @r"
    upsert invoices: 7 hs_currency=[SEK] hs_invoice_billable=[false] kleer_id=[7]
    upsert line_items: 7-row-0 kleer_id=[7-row-0] name=[Support]; 7-row-1 kleer_id=[7-row-1] name=[bad]
    ");
    insta::assert_snapshot!(super::told(&refused.verdicts[0]), @"refused (HubSpot refused the request: bad.) invoices.7 created, rows [] to []; 1 created 1 failed");
    let before = after(&page, &first, &refused.verdicts[0]);
    let second = change(7, &before, content(&[("hs_currency", "SEK")], &rows("good"), &[12]));
    insta::assert_snapshot!(check(&portal, &page, &[(second, before)]), @r"
    update invoices: invoices.7 hs_currency=[SEK] hs_invoice_billable=[false] kleer_id=[7]
    upsert line_items: 7-row-0 kleer_id=[7-row-0] name=[Support]; 7-row-1 kleer_id=[7-row-1] name=[good]
    associate invoices → companies: invoices.7 → companies.12
    associate line_items → invoices: line_items.7-row-0 → invoices.7; line_items.7-row-1 → invoices.7
    7: done invoices.7 written, rows [row-0=line_items.7-row-0 row-1=line_items.7-row-1] to [companies.12]; 2 created
    ");
}

/// The same where the association is what was refused.
#[test]
fn a_refused_association_is_made_later() {
    let page = page(ObjectType::Invoice);
    let content = || content(&[("hs_currency", "SEK")], &[row("row-0", &[("name", "Support")])], &[12]);
    let portal =
        Pretend::answering(|call, _| if call.starts_with("associate") { refusal("no") } else { Answer::Taken });
    let first = change(7, &Binding::default(), content());
    let refused = written(&portal, &page, &[(first.clone(), Binding::default())]);
    insta::assert_snapshot!(super::told(&refused.verdicts[0]), @"refused (HubSpot refused the request: no.) invoices.7 created, rows [] to []; 1 created");
    let before = after(&page, &first, &refused.verdicts[0]);
    insta::assert_snapshot!(check(&Pretend::new(), &page, &[(change(7, &before, content()), before)]), @r"
    update invoices: invoices.7 hs_currency=[SEK] hs_invoice_billable=[false] kleer_id=[7]
    upsert line_items: 7-row-0 kleer_id=[7-row-0] name=[Support]
    associate invoices → companies: invoices.7 → companies.12
    associate line_items → invoices: line_items.7-row-0 → invoices.7
    7: done invoices.7 written, rows [row-0=line_items.7-row-0] to [companies.12]; 1 created
    ");
}

#[test]
fn deleted_in_hubspot() {
    let page = page(ObjectType::Client);
    let before = bound(&page, 7, content(&[("name", "A")], &[], &[]));
    let gone = || Answer::Refused(json!({"category": "OBJECT_NOT_FOUND", "message": "no such record"}));
    let portal = Pretend::answering(move |_, _| gone());
    let change = change(7, &before, content(&[("name", "B")], &[], &[]));
    insta::assert_snapshot!(check(&portal, &page, &[(change, before)]), @r"
    update companies: companies.7 name=[B]
    7: gone
    ");
}

/// A record that must be written again is written alone.
#[test]
fn nothing_said_about_one() {
    let portal = Pretend::answering(|_, input| if is_about(input, "2") { Answer::Silence } else { Answer::Taken });
    insta::assert_snapshot!(check(&portal, &page(ObjectType::Invoice), &three()), @r"
    upsert invoices: 1 hs_currency=[SEK] hs_invoice_billable=[false] kleer_id=[1]; 2 hs_currency=[SEK] hs_invoice_billable=[false] kleer_id=[2]; 3 hs_currency=[SEK] hs_invoice_billable=[false] kleer_id=[3]
    read invoices: 2
    upsert line_items: 1-row-0 kleer_id=[1-row-0] name=[Support]; 3-row-0 kleer_id=[3-row-0] name=[Support]
    associate line_items → invoices: line_items.1-row-0 → invoices.1; line_items.3-row-0 → invoices.3
    1: done invoices.1 created, rows [row-0=line_items.1-row-0] to []; 1 created
    2: again
    3: done invoices.3 created, rows [row-0=line_items.3-row-0] to []; 1 created
    ");
    // It was made nevertheless.
    let portal = Pretend::answering(|call, input| match call {
        "upsert invoices" if is_about(input, "2") => Answer::Silence,
        _ => Answer::Taken,
    });
    insta::assert_snapshot!(check(&portal, &page(ObjectType::Invoice), &three()), @r"
    upsert invoices: 1 hs_currency=[SEK] hs_invoice_billable=[false] kleer_id=[1]; 2 hs_currency=[SEK] hs_invoice_billable=[false] kleer_id=[2]; 3 hs_currency=[SEK] hs_invoice_billable=[false] kleer_id=[3]
    read invoices: 2
    upsert line_items: 1-row-0 kleer_id=[1-row-0] name=[Support]; 2-row-0 kleer_id=[2-row-0] name=[Support]; 3-row-0 kleer_id=[3-row-0] name=[Support]
    associate line_items → invoices: line_items.1-row-0 → invoices.1; line_items.2-row-0 → invoices.2; line_items.3-row-0 → invoices.3
    1: done invoices.1 created, rows [row-0=line_items.1-row-0] to []; 1 created
    2: done invoices.2 created, rows [row-0=line_items.2-row-0] to []; 1 created
    3: done invoices.3 created, rows [row-0=line_items.3-row-0] to []; 1 created
    ");
}

/// What keeps HubSpot from charging anybody was written when the record was made; where a later write may not say it again,
/// the rest of that write goes without it.
#[test]
fn what_is_always_written_may_be_refused_later() {
    let portal = Pretend::answering(|call, input| {
        let sent = &input["properties"]["hs_invoice_creation"];
        if call == "update subscriptions" && sent.is_string() {
            let error = json!({"message": "read only", "code": "READ_ONLY_VALUE", "context": {"propertyName": ["hs_invoice_creation"]}});
            return Answer::Refused(json!({"category": "VALIDATION_ERROR", "message": "bad", "errors": [error]}));
        }
        Answer::Taken
    });
    let page = page(ObjectType::Agreement);
    let before = bound(&page, 9, content(&[("hs_name", "A")], &[], &[]));
    insta::assert_snapshot!(check(&portal, &page, &[(change(9, &before, content(&[("hs_name", "B")], &[], &[])), before)]), @r"
    update subscriptions: subscriptions.9 hs_invoice_creation=[off] hs_name=[B]
    update subscriptions: subscriptions.9 hs_name=[B]
    9: done subscriptions.9 written, rows [] to [];
    ");
}

#[test]
fn a_status_may_be_refused() {
    let portal = Pretend::answering(|call, _| if call == "update invoices" { refusal("no") } else { Answer::Taken });
    let page = page(ObjectType::Invoice);
    let new = content(&[("hs_invoice_status", "open")], &[row("row-0", &[("name", "A")])], &[]);
    insta::assert_snapshot!(check(&portal, &page, &[(change(7, &Binding::default(), new), Binding::default())]), @r"
    upsert invoices: 7 hs_invoice_billable=[false] kleer_id=[7]
    upsert line_items: 7-row-0 kleer_id=[7-row-0] name=[A]
    associate line_items → invoices: line_items.7-row-0 → invoices.7
    update invoices: invoices.7 hs_invoice_billable=[false] hs_invoice_status=[open]
    7: refused (HubSpot refused the request: no.) invoices.7 created, rows [row-0=line_items.7-row-0] to []; 1 created
    ");
}

/// A call that fails leaves those records unsettled of which something is left to do, and only those.
#[test]
fn a_call_fails() {
    let page = page(ObjectType::Invoice);
    let row = |key| row(key, &[("name", "Support")]);
    let pairs = [("hs_currency", "SEK")];
    let before = |id| bound(&page, id, content(&pairs, &[row("row-0"), row("row-1")], &[12]));
    let new = (change(1, &Binding::default(), content(&pairs, &[row("row-0")], &[])), Binding::default());
    let same = (change(2, &before(2), content(&pairs, &[row("row-0"), row("row-1")], &[12])), before(2));
    let fewer_rows = (change(3, &before(3), content(&pairs, &[row("row-0")], &[12])), before(3));
    let other_client = (change(4, &before(4), content(&pairs, &[row("row-0"), row("row-1")], &[13])), before(4));
    let changes = [new, same, fewer_rows, other_client];
    let failing_at = |call: &'static str| {
        let portal = Pretend::answering(move |asked, _| if asked == call { Answer::Fails(401) } else { Answer::Taken });
        let said = check(&portal, &page, &changes);
        let lines: Vec<&str> = said
            .lines()
            .filter(|line| line.starts_with(|c: char| c.is_ascii_digit()) || line.starts_with("the call"))
            .collect();
        lines.join("\n")
    };
    insta::assert_snapshot!(failing_at("upsert invoices"), @r"
    1: again
    2: done invoices.2 untouched, rows [row-0=line_items.2-row-0 row-1=line_items.2-row-1] to [companies.12];
    3: again
    4: again
    the call failed: Some(401)
    ");
    insta::assert_snapshot!(failing_at("upsert line_items"), @r"
    1: again
    2: done invoices.2 untouched, rows [row-0=line_items.2-row-0 row-1=line_items.2-row-1] to [companies.12]; 2 unchanged
    3: again
    4: again
    the call failed: Some(401)
    ");
    insta::assert_snapshot!(failing_at("associate invoices → companies"), @r"
    1: done invoices.1 created, rows [row-0=line_items.1-row-0] to []; 1 created
    2: done invoices.2 untouched, rows [row-0=line_items.2-row-0 row-1=line_items.2-row-1] to [companies.12]; 2 unchanged
    3: again
    4: again
    the call failed: Some(401)
    ");
}

/// The same for rows that are to go to another object: what they were told there says nothing.
#[test]
fn a_call_fails_before_rows_have_moved() {
    let agreement = page(ObjectType::Agreement);
    let content = || content(&[("hs_name", "A")], &[row("recurring-0", &[("name", "Support")])], &[]);
    let before = bound(&agreement, 9, content());
    let mut page = page(ObjectType::Agreement);
    page.line_object = "2-77".to_owned();
    let new = (change(1, &Binding::default(), content()), Binding::default());
    let portal =
        Pretend::answering(|call, _| if call == "upsert subscriptions" { Answer::Fails(401) } else { Answer::Taken });
    insta::assert_snapshot!(check(&portal, &page, &[new, (change(9, &before, content()), before)]), @r"
    upsert subscriptions: 1 hs_invoice_creation=[off] hs_name=[A] kleer_id=[1]
    1: again
    9: again
    the call failed: Some(401)
    ");
}
