//! Rows: counted as far as planning can, and carried as far as a message can.

use super::portal::{Portal, invoice, line};
use crate::plan::{ChangeKind, ROW_OVERHEAD};
use crate::tests::{decimal, row, text};
use crate::{Counts, Exclusion, RecordState, SourceRecord, Value};

/// An invoice of two rows.
fn two_rows(id: i64) -> SourceRecord {
    SourceRecord { rows: vec![line("row-0", "Chair"), line("row-1", "Table")], ..invoice(id) }
}

/// How the rows of two invoices are counted, the first of which is in that state.
fn check(prepare: impl FnOnce(&mut Portal, &SourceRecord)) -> String {
    let mut portal = Portal::new();
    prepare(&mut portal, &two_rows(1));
    let Counts { source, created, updated, unchanged, waiting, failed, excluded } =
        portal.planned(&[two_rows(1), two_rows(2)]).line_items;
    assert_eq!((created, updated, waiting, excluded), (0, 0, 0, 0), "writing them tells");
    format!("{source} rows: {unchanged} unchanged, {failed} failed")
}

#[test]
fn rows_share_the_fate_of_their_record() {
    let lines = [
        ("new", check(|_, _| {})),
        ("in sync", check(|portal, one| portal.wrote(one, RecordState::InSync))),
        ("waiting no more", check(|portal, one| portal.wrote(one, RecordState::Waiting))),
        ("changed", check(|portal, _| portal.wrote(&invoice(1), RecordState::InSync))),
        ("deleted in HubSpot", check(|portal, one| portal.wrote(one, RecordState::DeletedInHubspot))),
        ("doubtful", check(|portal, one| portal.wrote(one, RecordState::Doubtful))),
        ("pausing", check(|portal, one| portal.refused(one, "2026-11-20T09:00:00Z"))),
        ("due again", check(|portal, one| portal.refused(one, "2026-11-20T08:00:00Z"))),
    ];
    insta::assert_snapshot!(lines.map(|(what, counts)| format!("{what}: {counts}")).join("\n"), @r"
    new: 4 rows: 0 unchanged, 0 failed
    in sync: 4 rows: 2 unchanged, 0 failed
    waiting no more: 4 rows: 0 unchanged, 0 failed
    changed: 4 rows: 0 unchanged, 0 failed
    deleted in HubSpot: 4 rows: 2 unchanged, 0 failed
    doubtful: 4 rows: 0 unchanged, 2 failed
    pausing: 4 rows: 0 unchanged, 2 failed
    due again: 4 rows: 0 unchanged, 0 failed
    ");
}

#[test]
fn rows_of_what_is_excluded_are_not_counted() {
    let draft = SourceRecord { exclusion: Some(Exclusion::Draft), ..two_rows(1) };
    assert_eq!(Portal::new().planned(&[draft]).line_items, Counts::default());
}

#[test]
fn rows_of_a_type_without_rows_are_nothing() {
    let plan = Portal { rows: None, ..Portal::new() }.planned(&[two_rows(1)]);
    assert_eq!(plan.line_items, Counts::default());
    assert_eq!(plan.changes[0].content.rows, []);
}

#[test]
fn rows_travel_in_kleers_order_with_their_products() {
    let chair = row("row-1", &[("description", text("Chair")), ("product.id", Value::Number(decimal("5")))]);
    let record = SourceRecord { rows: vec![line("row-0", "Table"), chair], ..invoice(1) };
    let content = Portal::new().planned(&[record]).changes.remove(0).content;
    let rows =
        content.rows.iter().map(|row| (row.key.as_str(), row.properties.get("name"), row.product.map(|id| id.0)));
    let rows: Vec<_> = rows.collect();
    assert_eq!(rows, [("row-0", Some("Table"), None), ("row-1", Some("Chair"), Some(5))]);
}

#[test]
fn a_row_that_was_added_removed_or_moved_is_a_change() {
    let mut portal = Portal::new();
    portal.wrote(&two_rows(1), RecordState::InSync);
    assert_eq!(portal.planned(&[two_rows(1)]).unchanged, 1);
    let rows: [&[&str]; 5] = [&[], &["Chair"], &["Table", "Chair"], &["Chair", "Lamp", "Table"], &["Chair", "Desk"]];
    for names in rows {
        let named = names.iter().enumerate().map(|(place, name)| line(&format!("row-{place}"), name));
        let plan = portal.planned(&[SourceRecord { rows: named.collect(), ..invoice(1) }]);
        assert_eq!(plan.count(ChangeKind::Update), 1, "{names:?}");
    }
}

#[test]
fn a_row_that_does_not_fit_is_its_records_problem() {
    let bad = row("row-1", &[("quantity", text("many"))]);
    let record = SourceRecord { rows: vec![line("row-0", "Chair"), bad], ..invoice(7) };
    let plan = Portal::new().planned(&[record, invoice(8)]);
    insta::assert_snapshot!(plan, @r"
    invoice: 2 in Kleer: 1 to create, 0 to update, 0 to deactivate, 0 unchanged, 0 waiting, 0 excluded, 0 pausing, 0 doubtful, 0 deleted in HubSpot, 1 refused
      + 8 hs_invoice_status=open hs_number=100 and 1 rows
      ! 7 In row-1: Quantity does not fit the HubSpot property quantity: “many” is not a number. Change the value in Kleer, or map the field to a property that takes “many”.
    ");
    assert_eq!((plan.line_items.source, plan.line_items.failed), (3, 2));
}

/// What comes of an invoice whose five rows say that much altogether.
fn of_length(bytes: usize) -> String {
    // Besides their names, rows say `1` and `10`, and the invoice `100` and `open`.
    let names = bytes - 5 * (ROW_OVERHEAD + "110".len()) - "100open".len();
    let name = |place| names / 5 + usize::from(place < names % 5);
    let rows = (0..5).map(|place| line(&format!("row-{place}"), &"x".repeat(name(place)))).collect();
    let plan = Portal::new().planned(&[SourceRecord { rows, ..invoice(7) }]);
    let problems = plan.problems.iter().map(|problem| format!("{} {}", problem.message, problem.remedy));
    problems.chain(plan.changes.iter().map(|change| format!("{:?}", change.kind))).collect()
}

#[test]
fn a_record_that_its_rows_make_too_long() {
    assert_eq!(of_length(300_000), "Create");
    insta::assert_snapshot!(of_length(300_001), @"The texts of the invoice are 300001 bytes together; 300000 can be carried. Split it in Kleer: it has 5 rows. Or map fewer fields of line items.");
    // One row may be too long by itself: what is no letter takes more room in a message.
    let record = SourceRecord { rows: vec![line("row-0", &"\u{1}".repeat(50_001))], ..invoice(7) };
    insta::assert_snapshot!(Portal::new().planned(&[record]).problems[0].message, @"In row-0: The texts of the line item are 300009 bytes together; 300000 can be carried.");
}
