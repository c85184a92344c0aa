//! Subscriptions, projects, and records that are gone from Kleer.

use domain::{Binding, ChangeKind, Content, ObjectType, Stage};
use serde_json::json;

use super::{bound, change, check, content, page, properties, row};
use crate::outbound::tests::pretend::{Answer, Pretend};

fn agreement(status: &str) -> Content {
    let monthly = row("recurring-0", &[("name", "Support"), ("recurringbillingfrequency", "monthly")]);
    let once = row("first-0", &[("name", "Uppstart")]);
    content(&[("hs_name", "Support"), ("hs_status", status)], &[monthly, once], &[])
}

/// Never makes invoices there (contract product §5.4). Rows that are billed once go apart: HubSpot may refuse them.
#[test]
fn a_subscription() {
    let page = page(ObjectType::Agreement);
    let new = change(9, &Binding::default(), agreement("active"));
    insta::assert_snapshot!(check(&Pretend::new(), &page, &[(new, Binding::default())]), @r"
    upsert subscriptions: 9 hs_invoice_creation=[off] hs_name=[Support] hs_status=[active] kleer_id=[9]
    upsert line_items: 9-recurring-0 kleer_id=[9-recurring-0] name=[Support] recurringbillingfrequency=[monthly]; 9-first-0 kleer_id=[9-first-0] name=[Uppstart]
    associate line_items → subscriptions: line_items.9-recurring-0 → subscriptions.9
    associate line_items → subscriptions: line_items.9-first-0 → subscriptions.9
    9: done subscriptions.9 created, rows [first-0=line_items.9-first-0 recurring-0=line_items.9-recurring-0] to []; 2 created
    ");
    let before = bound(&page, 9, agreement("active"));
    let expired = change(9, &before, agreement("expired"));
    insta::assert_snapshot!(check(&Pretend::new(), &page, &[(expired, before)]), @r"
    update subscriptions: subscriptions.9 hs_invoice_creation=[off] hs_status=[expired]
    9: done subscriptions.9 written, rows [first-0=line_items.9-first-0 recurring-0=line_items.9-recurring-0] to []; 2 unchanged
    ");
}

#[test]
fn a_subscription_may_take_no_row_that_is_billed_once() {
    let portal = Pretend::answering(|call, input| match (call, input["from"]["id"].as_str()) {
        ("associate line_items → subscriptions", Some("line_items.9-first-0")) => {
            Answer::Refused(json!({"category": "VALIDATION_ERROR", "message": "only recurring line items"}))
        }
        _ => Answer::Taken,
    });
    let page = page(ObjectType::Agreement);
    let new = change(9, &Binding::default(), agreement("active"));
    insta::assert_snapshot!(check(&portal, &page, &[(new, Binding::default())]), @r"
    upsert subscriptions: 9 hs_invoice_creation=[off] hs_name=[Support] hs_status=[active] kleer_id=[9]
    upsert line_items: 9-recurring-0 kleer_id=[9-recurring-0] name=[Support] recurringbillingfrequency=[monthly]; 9-first-0 kleer_id=[9-first-0] name=[Uppstart]
    associate line_items → subscriptions: line_items.9-recurring-0 → subscriptions.9
    associate line_items → subscriptions: line_items.9-first-0 → subscriptions.9
    archive line_items: line_items.9-first-0
    9: done subscriptions.9 created, rows [recurring-0=line_items.9-recurring-0] to [] without first-0; 1 created 1 excluded
    ");
}

fn project(closed: bool, name: &str) -> Content {
    let stage = if closed { "done" } else { "first" };
    let stage = Stage { closed, pipeline: "pipe".to_owned(), stage: stage.to_owned() };
    Content { stage: Some(stage), ..content(&[("hs_name", name)], &[], &[12]) }
}

/// What is remembered of a project, its stage included.
fn bound_project(closed: bool) -> Binding {
    let content = project(closed, "Webb");
    let stage = content.stage.as_ref().map(Stage::remembered).unwrap();
    let before = bound(&page(ObjectType::Project), 5, content);
    Binding { base: before.base.clone().with(&stage), ..before }
}

/// A stage is written when Kleer's status changes, so that a user's moves stay.
#[test]
fn a_project() {
    let page = page(ObjectType::Project);
    let new = change(5, &Binding::default(), project(false, "Webb"));
    insta::assert_snapshot!(check(&Pretend::new(), &page, &[(new, Binding::default())]), @r"
    upsert projects: 5 hs_name=[Webb] hs_pipeline=[pipe] hs_pipeline_stage=[first] kleer_id=[5]
    associate projects → companies: projects.5 → companies.12
    5: done projects.5 created, rows [] to [companies.12];
    ");
    let later = |before: Binding, content| check(&Pretend::new(), &page, &[(change(5, &before, content), before)]);
    insta::assert_snapshot!(later(bound_project(false), project(false, "Ny webb")), @r"
    update projects: projects.5 hs_name=[Ny webb]
    5: done projects.5 written, rows [] to [companies.12];
    ");
    insta::assert_snapshot!(later(bound_project(false), project(true, "Webb")), @r"
    update projects: projects.5 hs_pipeline=[pipe] hs_pipeline_stage=[done]
    5: done projects.5 written, rows [] to [companies.12];
    ");
    insta::assert_snapshot!(later(bound_project(true), project(false, "Webb")), @r"
    update projects: projects.5 hs_pipeline=[pipe] hs_pipeline_stage=[first]
    5: done projects.5 written, rows [] to [companies.12];
    ");
    insta::assert_snapshot!(later(bound_project(true), project(true, "Webb")), @"5: done projects.5 untouched, rows [] to [companies.12];");
}

/// Says so on the record, and leaves rows and associations alone.
#[test]
fn gone_from_kleer() {
    let page = page(ObjectType::Agreement);
    let before = bound(&page, 9, agreement("active"));
    let mut gone =
        change(9, &before, Content { properties: properties(&[("hs_status", "canceled")]), ..Content::default() });
    gone.kind = ChangeKind::Deactivate;
    insta::assert_snapshot!(check(&Pretend::new(), &page, &[(gone.clone(), before.clone())]), @r"
    update subscriptions: subscriptions.9 hs_invoice_creation=[off] hs_status=[canceled]
    9: done subscriptions.9 written, rows [first-0=line_items.9-first-0 recurring-0=line_items.9-recurring-0] to [];
    ");
    gone.content.properties = properties(&[]);
    insta::assert_snapshot!(check(&Pretend::new(), &page, &[(gone, before)]), @"9: done subscriptions.9 untouched, rows [first-0=line_items.9-first-0 recurring-0=line_items.9-recurring-0] to [];");
}

/// A portal whose `kleer_id` is not unique: both are written, one is the key.
#[test]
fn by_another_key() {
    let mut page = page(ObjectType::Agreement);
    page.key = "kleer_sync_key".to_owned();
    page.line_key = "kleer_sync_key".to_owned();
    let new = change(9, &Binding::default(), agreement("active"));
    insta::assert_snapshot!(check(&Pretend::new(), &page, &[(new, Binding::default())]), @r"
    upsert subscriptions: 9 hs_invoice_creation=[off] hs_name=[Support] hs_status=[active] kleer_id=[9] kleer_sync_key=[9]
    upsert line_items: 9-recurring-0 kleer_id=[9-recurring-0] kleer_sync_key=[9-recurring-0] name=[Support] recurringbillingfrequency=[monthly]; 9-first-0 kleer_id=[9-first-0] kleer_sync_key=[9-first-0] name=[Uppstart]
    associate line_items → subscriptions: line_items.9-recurring-0 → subscriptions.9
    associate line_items → subscriptions: line_items.9-first-0 → subscriptions.9
    9: done subscriptions.9 created, rows [first-0=line_items.9-first-0 recurring-0=line_items.9-recurring-0] to []; 2 created
    ");
}

/// Rows that go to another object than before begin anew there; what they were is left alone.
#[test]
fn rows_on_another_object() {
    let before = bound(&page(ObjectType::Agreement), 9, agreement("active"));
    let mut page = page(ObjectType::Agreement);
    page.line_object = "2-77".to_owned();
    insta::assert_snapshot!(check(&Pretend::new(), &page, &[(change(9, &before, agreement("active")), before)]), @r"
    upsert 2-77: 9-recurring-0 kleer_id=[9-recurring-0] name=[Support] recurringbillingfrequency=[monthly]; 9-first-0 kleer_id=[9-first-0] name=[Uppstart]
    associate 2-77 → subscriptions: 2-77.9-recurring-0 → subscriptions.9
    associate 2-77 → subscriptions: 2-77.9-first-0 → subscriptions.9
    9: done subscriptions.9 written, rows [first-0=2-77.9-first-0 recurring-0=2-77.9-recurring-0] to []; 2 created
    ");
}

/// One that another run made, or a person: found by its key, written as it shall be, and not counted as made.
#[test]
fn found_by_its_key() {
    let portal = Pretend::answering(|_, _| Answer::Found);
    let page = page(ObjectType::Agreement);
    let new = change(9, &Binding::default(), agreement("active"));
    insta::assert_snapshot!(check(&portal, &page, &[(new, Binding::default())]), @r"
    upsert subscriptions: 9 hs_invoice_creation=[off] hs_name=[Support] hs_status=[active] kleer_id=[9]
    upsert line_items: 9-recurring-0 kleer_id=[9-recurring-0] name=[Support] recurringbillingfrequency=[monthly]; 9-first-0 kleer_id=[9-first-0] name=[Uppstart]
    associate line_items → subscriptions: line_items.9-recurring-0 → subscriptions.9
    associate line_items → subscriptions: line_items.9-first-0 → subscriptions.9
    9: done subscriptions.9 written, rows [first-0=line_items.9-first-0 recurring-0=line_items.9-recurring-0] to []; 2 created
    ");
}
