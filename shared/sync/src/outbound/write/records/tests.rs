use domain::{Base, Binding, Change, ChangeKind, Content, HubspotId, ObjectType, Row, Stage};
use hubspot::{ApiError, Outcome, Record};
use queue::Page;

use super::{settle, status_to_wait, update, upsert};
use crate::outbound::tests::pretend::{Pretend, start};
use crate::outbound::write::tests::{change, content, known, page, properties, row, work};
use crate::outbound::write::{Destination, Verdict, Writing};

/// Looks at one piece of work on a page.
fn with<T>(
    page: &Page,
    change: &Change,
    before: &Binding,
    look: impl FnOnce(Destination<'_>, &super::Work<'_>) -> T,
) -> T {
    let portal = Pretend::new();
    let destination = Destination { connection: &portal.connection, page, run_started: start() };
    look(destination, &work(destination, change, before.clone()))
}

fn listed(properties: impl IntoIterator<Item = (String, String)>) -> String {
    properties.into_iter().map(|(name, value)| format!("{name}=[{value}]")).collect::<Vec<_>>().join(" ")
}

/// What a later write sends of a record that is in HubSpot as 907; `-` if nothing.
fn updated(page: &Page, change: &Change, before: &Binding) -> String {
    with(page, change, before, |destination, work| {
        let id = HubspotId("907".to_owned());
        let Some(update) = update(destination, &id, work) else { return "-".to_owned() };
        assert_eq!((update.id.as_str(), update.trace_id.as_str()), ("907", "7"));
        listed(update.properties)
    })
}

fn first(page: &Page, content: Content) -> String {
    let new = change(7, &Binding::default(), content);
    with(page, &new, &Binding::default(), |destination, work| {
        serde_json::to_string(&upsert(destination, work)).unwrap()
    })
}

/// The same for a client, after `base` was written.
fn check(base: &[(&str, &str)], now: &[(&str, &str)]) -> String {
    let base: Vec<(&str, &str)> = base.iter().copied().chain([("kleer_id", "7")]).collect();
    let before = known(&base, &[]);
    updated(&page(ObjectType::Client), &change(7, &before, content(now, &[], &[])), &before)
}

#[test]
fn a_first_write_sends_what_has_a_value() {
    let content = content(&[("name", "Åre AB"), ("zip", "")], &[], &[]);
    insta::assert_snapshot!(first(&page(ObjectType::Client), content.clone()), @r#"{"id":"7","idProperty":"kleer_id","properties":{"kleer_id":"7","name":"Åre AB"},"objectWriteTraceId":"7"}"#);
    let by_sync_key = Page { key: "kleer_sync_key".to_owned(), ..page(ObjectType::Client) };
    insta::assert_snapshot!(first(&by_sync_key, content), @r#"{"id":"7","idProperty":"kleer_sync_key","properties":{"kleer_id":"7","kleer_sync_key":"7","name":"Åre AB"},"objectWriteTraceId":"7"}"#);
}

#[test]
fn a_later_write_sends_what_changed() {
    let base = [("name", "Åre AB"), ("zip", "837 52"), ("city", "")];
    assert_eq!(check(&base, &[("name", "Åre AB"), ("zip", "837 52"), ("city", "")]), "-");
    assert_eq!(check(&base, &[("name", "Åre HB"), ("zip", "837 52"), ("city", "")]), "name=[Åre HB]");
    assert_eq!(check(&base, &[("name", "Åre AB"), ("zip", ""), ("city", "Åre")]), "city=[Åre] zip=[]");
    // A mapping that was removed re-sends nothing, one that was added sends what has a value.
    assert_eq!(check(&base, &[("name", "Åre AB")]), "-");
    assert_eq!(check(&base, &[("name", "Åre AB"), ("phone", "1"), ("fax", "")]), "phone=[1]");
}

/// At first contact a record is known by its id, and nothing of what it says: everything that has a value, and the key.
#[test]
fn a_first_write_to_a_record_that_was_there() {
    let before = known(&[], &[]);
    let change = change(7, &before, content(&[("name", "Åre AB"), ("zip", "")], &[], &[]));
    assert_eq!(updated(&page(ObjectType::Client), &change, &before), "kleer_id=[7] name=[Åre AB]");
}

const INVOICE: [(&str, &str); 4] =
    [("hs_currency", "SEK"), ("hs_invoice_billable", "false"), ("hs_invoice_status", "open"), ("kleer_id", "7")];

fn invoice(status: &str, currency: &str, rows: &[Row]) -> Content {
    content(&[("hs_currency", currency), ("hs_invoice_status", status)], rows, &[])
}

/// Never billable, and without its status, which comes after the rows (contract hubspot-crm §3.5).
#[test]
fn a_first_write_of_an_invoice() {
    let rows = [row("row-0", &[("name", "A")])];
    insta::assert_snapshot!(first(&page(ObjectType::Invoice), invoice("open", "SEK", &rows)), @r#"{"id":"7","idProperty":"kleer_id","properties":{"hs_currency":"SEK","hs_invoice_billable":"false","kleer_id":"7"},"objectWriteTraceId":"7"}"#);
    insta::assert_snapshot!(first(&page(ObjectType::Agreement), content(&[("hs_name", "A")], &[], &[])), @r#"{"id":"7","idProperty":"kleer_id","properties":{"hs_invoice_creation":"off","hs_name":"A","kleer_id":"7"},"objectWriteTraceId":"7"}"#);
}

/// What an update sends, and the status that is left for later.
#[test]
fn later_writes_of_an_invoice() {
    let page = page(ObjectType::Invoice);
    let rows = [row("row-0", &[("name", "A")]), row("row-1", &[("name", "B")])];
    let told: &[(&str, &str)] = &[("name", "A")];
    let one_row = known(&INVOICE, &[("row-0", told)]);
    let both_rows = known(&INVOICE, &[("row-0", told), ("row-1", told)]);
    let check = |before: &Binding, content: Content| {
        let change = change(7, before, content);
        let waits = with(&page, &change, before, status_to_wait);
        format!("{} | {waits:?}", updated(&page, &change, before))
    };
    let lines = [
        check(&both_rows, invoice("open", "SEK", &rows)),
        check(&both_rows, invoice("paid", "SEK", &rows)),
        check(&both_rows, invoice("paid", "EUR", &rows)),
        // What a row says matters not, only that it is there.
        check(&both_rows, invoice("paid", "SEK", &rows[..1])),
        check(&one_row, invoice("paid", "SEK", &rows)),
        check(&one_row, invoice("paid", "EUR", &rows)),
        // A status that was told already need not wait.
        check(&one_row, invoice("open", "SEK", &rows)),
        check(&one_row, invoice("open", "EUR", &rows)),
        check(&both_rows, invoice("", "SEK", &rows)),
        check(&one_row, invoice("paid", "SEK", &[])),
    ];
    insta::assert_snapshot!(lines.join("\n"), @r#"
    - | None
    hs_invoice_billable=[false] hs_invoice_status=[paid] | None
    hs_currency=[EUR] hs_invoice_billable=[false] hs_invoice_status=[paid] | None
    hs_invoice_billable=[false] hs_invoice_status=[paid] | None
    - | Some("paid")
    hs_currency=[EUR] hs_invoice_billable=[false] | Some("paid")
    - | None
    hs_currency=[EUR] hs_invoice_billable=[false] | None
    hs_invoice_billable=[false] hs_invoice_status=[] | None
    - | Some("paid")
    "#);
}

/// What keeps HubSpot from charging anybody goes with every update, and is alone no reason for one.
#[test]
fn what_is_always_written() {
    let before = known(&[("hs_name", "A"), ("hs_invoice_creation", "off"), ("kleer_id", "7")], &[]);
    let page = page(ObjectType::Agreement);
    let check = |name: &str| updated(&page, &change(7, &before, content(&[("hs_name", name)], &[], &[])), &before);
    assert_eq!(check("B"), "hs_invoice_creation=[off] hs_name=[B]");
    assert_eq!(check("A"), "-");
    // A subscription of which that was never written.
    let before = known(&[("hs_name", "A"), ("kleer_id", "7")], &[]);
    let same = change(7, &before, content(&[("hs_name", "A")], &[], &[]));
    assert_eq!(updated(&page, &same, &before), "hs_invoice_creation=[off]");
    // Another object knows nothing of it.
    let custom = Page { hubspot_object: "2-77".to_owned(), ..page.clone() };
    let other = change(7, &before, content(&[("hs_name", "B")], &[], &[]));
    assert_eq!(updated(&custom, &other, &before), "hs_name=[B]");
    // One that is gone from Kleer is a subscription still.
    let gone = Change {
        kind: ChangeKind::Deactivate,
        content: Content { properties: properties(&[("hs_status", "canceled")]), ..Content::default() },
        ..other
    };
    assert_eq!(updated(&page, &gone, &before), "hs_invoice_creation=[off] hs_status=[canceled]");
}

/// A stage is sent when Kleer's status is not the one that is remembered.
#[test]
fn stages() {
    let page = page(ObjectType::Project);
    let stage =
        |closed| Stage { closed, pipeline: "pipe".to_owned(), stage: if closed { "done" } else { "first" }.to_owned() };
    let project =
        |closed, name: &str| Content { stage: Some(stage(closed)), ..content(&[("hs_name", name)], &[], &[]) };
    let remembered = |closed| {
        let base = properties(&[("hs_name", "A"), ("kleer_id", "7")]);
        Binding { base: Base::of(&base.with(stage(closed).remembered())), ..known(&[], &[]) }
    };
    let check = |before: &Binding, content| updated(&page, &change(7, before, content), before);
    let lines = [
        check(&remembered(false), project(false, "A")),
        check(&remembered(false), project(false, "B")),
        check(&remembered(false), project(true, "A")),
        check(&remembered(true), project(false, "B")),
        // Found at first contact: nothing is remembered.
        check(&known(&[], &[]), project(false, "A")),
        // Without a pipeline nothing is said of stages.
        check(&remembered(false), content(&[("hs_name", "B")], &[], &[])),
    ];
    insta::assert_snapshot!(lines.join("\n"), @r"
    -
    hs_name=[B]
    hs_pipeline=[pipe] hs_pipeline_stage=[done]
    hs_name=[B] hs_pipeline=[pipe] hs_pipeline_stage=[first]
    hs_name=[A] hs_pipeline=[pipe] hs_pipeline_stage=[first] kleer_id=[7]
    hs_name=[B]
    ");
    insta::assert_snapshot!(first(&page, project(true, "A")), @r#"{"id":"7","idProperty":"kleer_id","properties":{"hs_name":"A","hs_pipeline":"pipe","hs_pipeline_stage":"done","kleer_id":"7"},"objectWriteTraceId":"7"}"#);
}

/// What is made of an outcome, for a record without and with a HubSpot id.
fn judged(outcome: &Outcome) -> String {
    let page = page(ObjectType::Client);
    let one = |before: Binding| {
        let change = change(7, &before, Content::default());
        with(&page, &change, &before, |destination, work| {
            let mut one = Writing::new(work);
            settle(destination, &mut one, outcome.clone());
            match one.verdict(&page.line_object, false) {
                Verdict::Done(reached) => {
                    assert!(reached.touched);
                    format!("{} {}", reached.id.unwrap(), if reached.created { "created" } else { "found" })
                }
                Verdict::Refused(error, _) => format!("refused {:?}", error.kind),
                Verdict::Gone => "gone".to_owned(),
                Verdict::Again(_) => "again".to_owned(),
            }
        })
    };
    format!("{} | {}", one(Binding::default()), one(known(&[], &[])))
}

#[test]
fn verdicts_on_what_was_written() {
    let written = |new, created_at: &str| {
        let created_at = created_at.parse().ok();
        judged(&Outcome::Written { record: Record { id: "9".to_owned(), new, created_at, ..Record::default() } })
    };
    let lines = [
        written(Some(true), "2026-11-20T08:00:01Z"),
        written(Some(false), "2020-01-01T00:00:00Z"),
        // Created by an earlier delivery of the page, whose answer was lost.
        written(Some(false), "2026-11-20T08:00:01Z"),
        written(Some(false), "2026-11-20T07:59:00Z"),
        written(Some(false), "2026-11-20T07:58:59Z"),
        written(None, ""),
    ];
    insta::assert_snapshot!(lines.join("\n"), @r"
    9 created | 9 found
    9 found | 9 found
    9 created | 9 found
    9 created | 9 found
    9 found | 9 found
    9 created | 9 found
    ");
}

#[test]
fn verdicts_on_what_was_not() {
    let refused = |status, body| judged(&Outcome::Refused(ApiError::parse(status, body).into_input_error()));
    let lines = [
        judged(&Outcome::Unknown),
        refused(Some(400), r#"{"category":"VALIDATION_ERROR"}"#),
        refused(None, r#"{"category":"OBJECT_NOT_FOUND"}"#),
        refused(None, r#"{"category":"CONFLICT"}"#),
        refused(
            None,
            r#"{"category":"INTERNAL_ERROR","message":"Failed to partially update row 9. Please retry operation."}"#,
        ),
        refused(None, "{}"),
    ];
    insta::assert_snapshot!(lines.join("\n"), @r"
    again | again
    refused Validation | refused Validation
    refused ObjectNotFound | gone
    refused Conflict | refused Conflict
    again | again
    refused Other | refused Other
    ");
}
