//! Invoices: rows before the status, never billable (contract hubspot-crm §3.5).

use domain::{Binding, ChangeKind, Content, Exclusion, ObjectType, Row};
use serde_json::json;

use super::{bound, change, check, company, content, page, row};
use crate::outbound::tests::pretend::{Answer, Pretend};

const INVOICE: [(&str, &str); 3] =
    [("hs_currency", "SEK"), ("hs_invoice_status", "open"), ("hs_purchase_order_number", "")];

fn rows() -> [Row; 2] {
    [row("row-0", &[("name", "Support"), ("price", "150")]), row("row-1", &[("name", "Resa"), ("price", "20")])]
}

fn invoice() -> Content {
    content(&INVOICE, &rows(), &[12])
}

fn with_status(status: &str, rows: &[Row]) -> Content {
    content(&[("hs_currency", "SEK"), ("hs_invoice_status", status)], rows, &[12])
}

/// The calls for one invoice that was written as [`invoice`] before, and the verdict.
fn later(portal: &Pretend, content: Content) -> String {
    let page = page(ObjectType::Invoice);
    let before = bound(&page, 7, invoice());
    check(portal, &page, &[(change(7, &before, content), before)])
}

#[test]
fn a_new_one() {
    let page = page(ObjectType::Invoice);
    let new = change(7, &Binding::default(), invoice());
    insta::assert_snapshot!(check(&Pretend::new(), &page, &[(new, Binding::default())]), @r"
    upsert invoices: 7 hs_currency=[SEK] hs_invoice_billable=[false] kleer_id=[7]
    upsert line_items: 7-row-0 kleer_id=[7-row-0] name=[Support] price=[150]; 7-row-1 kleer_id=[7-row-1] name=[Resa] price=[20]
    associate invoices → companies: invoices.7 → companies.12
    associate line_items → invoices: line_items.7-row-0 → invoices.7; line_items.7-row-1 → invoices.7
    update invoices: invoices.7 hs_invoice_billable=[false] hs_invoice_status=[open]
    7: done invoices.7 created, rows [row-0=line_items.7-row-0 row-1=line_items.7-row-1] to [companies.12]; 2 created
    ");
}

#[test]
fn a_new_one_without_rows_or_client() {
    let page = page(ObjectType::Invoice);
    let new = change(7, &Binding::default(), content(&INVOICE, &[], &[]));
    insta::assert_snapshot!(check(&Pretend::new(), &page, &[(new, Binding::default())]), @r"
    upsert invoices: 7 hs_currency=[SEK] hs_invoice_billable=[false] kleer_id=[7]
    update invoices: invoices.7 hs_invoice_billable=[false] hs_invoice_status=[open]
    7: done invoices.7 created, rows [] to [];
    ");
}

#[test]
fn one_that_is_as_it_should_be() {
    insta::assert_snapshot!(later(&Pretend::new(), invoice()), @"7: done invoices.7 untouched, rows [row-0=line_items.7-row-0 row-1=line_items.7-row-1] to [companies.12]; 2 unchanged");
}

#[test]
fn one_that_is_paid() {
    insta::assert_snapshot!(later(&Pretend::new(), with_status("paid", &rows())), @r"
    update invoices: invoices.7 hs_invoice_billable=[false] hs_invoice_status=[paid]
    7: done invoices.7 written, rows [row-0=line_items.7-row-0 row-1=line_items.7-row-1] to [companies.12]; 2 unchanged
    ");
}

/// The status waits for the row that is not there yet; everything else does not.
#[test]
fn one_with_another_row() {
    let [first, second] = rows();
    let third = row("row-2", &[("name", "Mat"), ("price", "9")]);
    let more = [first, second, third];
    insta::assert_snapshot!(later(&Pretend::new(), with_status("paid", &more)), @r"
    upsert line_items: 7-row-2 kleer_id=[7-row-2] name=[Mat] price=[9]
    associate line_items → invoices: line_items.7-row-2 → invoices.7
    update invoices: invoices.7 hs_invoice_billable=[false] hs_invoice_status=[paid]
    7: done invoices.7 written, rows [row-0=line_items.7-row-0 row-1=line_items.7-row-1 row-2=line_items.7-row-2] to [companies.12]; 1 created 2 unchanged
    ");
    // Nothing but the row.
    insta::assert_snapshot!(later(&Pretend::new(), with_status("open", &more)), @r"
    upsert line_items: 7-row-2 kleer_id=[7-row-2] name=[Mat] price=[9]
    associate line_items → invoices: line_items.7-row-2 → invoices.7
    7: done invoices.7 written, rows [row-0=line_items.7-row-0 row-1=line_items.7-row-1 row-2=line_items.7-row-2] to [companies.12]; 1 created 2 unchanged
    ");
}

#[test]
fn a_row_that_went_and_one_that_changed() {
    let changed = row("row-0", &[("name", "Support"), ("price", ""), ("kleer_unit", "h")]);
    insta::assert_snapshot!(later(&Pretend::new(), with_status("open", &[changed])), @r"
    upsert line_items: 7-row-0 kleer_unit=[h] price=[]
    archive line_items: line_items.7-row-1
    7: done invoices.7 written, rows [row-0=line_items.7-row-0] to [companies.12]; 1 updated
    ");
    insta::assert_snapshot!(later(&Pretend::new(), with_status("open", &[])), @r"
    archive line_items: line_items.7-row-0; line_items.7-row-1
    7: done invoices.7 written, rows [] to [companies.12];
    ");
}

#[test]
fn another_client() {
    let moved = content(&INVOICE, &rows(), &[13]);
    insta::assert_snapshot!(later(&Pretend::new(), moved), @r"
    associate invoices → companies: invoices.7 → companies.13
    archive invoices → companies: invoices.7 → companies.12
    7: done invoices.7 written, rows [row-0=line_items.7-row-0 row-1=line_items.7-row-1] to [companies.13]; 2 unchanged
    ");
    insta::assert_snapshot!(later(&Pretend::new(), content(&INVOICE, &rows(), &[])), @r"
    archive invoices → companies: invoices.7 → companies.12
    7: done invoices.7 written, rows [row-0=line_items.7-row-0 row-1=line_items.7-row-1] to []; 2 unchanged
    ");
}

/// Rows go by our own keys, so that a line item that a user deleted is made again, and told what had not changed as well.
#[test]
fn a_line_item_that_is_another_one_now() {
    let page = page(ObjectType::Invoice);
    let mut before = bound(&page, 7, invoice());
    before.rows.rows.get_mut("row-0").unwrap().hubspot_id = domain::HubspotId("deleted".to_owned());
    let changed = row("row-0", &[("name", "Support"), ("price", "151")]);
    let content = content(&INVOICE, &[changed, rows()[1].clone()], &[12]);
    insta::assert_snapshot!(check(&Pretend::new(), &page, &[(change(7, &before, content), before)]), @r"
    upsert line_items: 7-row-0 price=[151]
    upsert line_items: 7-row-0 kleer_id=[7-row-0] name=[Support]
    associate line_items → invoices: line_items.7-row-0 → invoices.7
    7: done invoices.7 written, rows [row-0=line_items.7-row-0 row-1=line_items.7-row-1] to [companies.12]; 1 updated 1 unchanged
    ");
}

/// Kleer's rounding rows: HubSpot may take neither a negative price nor a negative quantity.
#[test]
fn a_negative_row_may_be_left_out() {
    let refusing = || {
        Pretend::answering(|call, input| match call {
            "upsert line_items" if input["properties"]["quantity"] == "-1" => {
                Answer::Refused(json!({"category": "VALIDATION_ERROR", "message": "quantity must be positive"}))
            }
            _ => Answer::Taken,
        })
    };
    let page = page(ObjectType::Invoice);
    let rounding = row("row-1", &[("name", "Öresavrundning"), ("quantity", "-1"), ("price", "0.4")]);
    let content = with_status("open", &[rows()[0].clone(), rounding]);
    let new = change(7, &Binding::default(), content);
    insta::assert_snapshot!(check(&refusing(), &page, &[(new, Binding::default())]), @r"
    upsert invoices: 7 hs_currency=[SEK] hs_invoice_billable=[false] kleer_id=[7]
    upsert line_items: 7-row-0 kleer_id=[7-row-0] name=[Support] price=[150]; 7-row-1 kleer_id=[7-row-1] name=[Öresavrundning] price=[0.4] quantity=[-1]
    associate invoices → companies: invoices.7 → companies.12
    associate line_items → invoices: line_items.7-row-0 → invoices.7
    update invoices: invoices.7 hs_invoice_billable=[false] hs_invoice_status=[open]
    7: done invoices.7 created, rows [row-0=line_items.7-row-0] to [companies.12] without row-1; 1 created 1 excluded
    ");
}

/// What HubSpot had before the row became negative is not what Kleer says any more.
#[test]
fn a_row_that_turns_negative_may_be_left_out() {
    let refusing = Pretend::answering(|call, input| match call {
        "upsert line_items" if input["properties"]["quantity"] == "-1" => {
            Answer::Refused(json!({"category": "VALIDATION_ERROR", "message": "quantity must be positive"}))
        }
        _ => Answer::Taken,
    });
    let credited = row("row-1", &[("name", "Resa"), ("price", "20"), ("quantity", "-1")]);
    insta::assert_snapshot!(later(&refusing, with_status("open", &[rows()[0].clone(), credited])), @r"
    upsert line_items: 7-row-1 quantity=[-1]
    archive line_items: line_items.7-row-1
    7: done invoices.7 written, rows [row-0=line_items.7-row-0] to [companies.12] without row-1; 1 unchanged 1 excluded
    ");
}

#[test]
fn one_that_is_not_synchronized() {
    let page = page(ObjectType::Invoice);
    let mut draft = change(7, &Binding::default(), Content::default());
    draft.kind = ChangeKind::Exclude(Exclusion::Draft);
    insta::assert_snapshot!(check(&Pretend::new(), &page, &[(draft, Binding::default())]), @"7: done - untouched, rows [] to [];");
}

/// What was associated by an earlier try is not associated again.
#[test]
fn what_was_reached_before_is_not_done_again() {
    let page = page(ObjectType::Invoice);
    let mut before = bound(&page, 7, invoice());
    before.associated.insert(company("companies.99"));
    insta::assert_snapshot!(check(&Pretend::new(), &page, &[(change(7, &before, invoice()), before)]), @r"
    archive invoices → companies: invoices.7 → companies.99
    7: done invoices.7 written, rows [row-0=line_items.7-row-0 row-1=line_items.7-row-1] to [companies.12]; 2 unchanged
    ");
}

/// Another HubSpot object has no status that waits, nothing to charge by, and line items of its own.
#[test]
fn as_another_object() {
    let mut page = page(ObjectType::Invoice);
    page.hubspot_object = "2-1234".to_owned();
    let new = change(7, &Binding::default(), invoice());
    insta::assert_snapshot!(check(&Pretend::new(), &page, &[(new, Binding::default())]), @r"
    upsert 2-1234: 7 hs_currency=[SEK] hs_invoice_status=[open] kleer_id=[7]
    upsert line_items: 7-row-0-2-1234 kleer_id=[7-row-0-2-1234] name=[Support] price=[150]; 7-row-1-2-1234 kleer_id=[7-row-1-2-1234] name=[Resa] price=[20]
    associate 2-1234 → companies: 2-1234.7 → companies.12
    associate line_items → 2-1234: line_items.7-row-0-2-1234 → 2-1234.7; line_items.7-row-1-2-1234 → 2-1234.7
    7: done 2-1234.7 created, rows [row-0=line_items.7-row-0-2-1234 row-1=line_items.7-row-1-2-1234] to [companies.12]; 2 created
    ");
}
