//! What is remembered of rows, associations and everything else that a record has besides its properties.

use super::*;

fn line(id: &str) -> BoundRow {
    BoundRow { hubspot_id: HubspotId(id.to_owned()), base: Base::default() }
}

/// A record with one row and one company.
fn reached() -> Reached {
    let rows = BTreeMap::from([("row-0".to_owned(), line("31"))]);
    Reached {
        id: Some(HubspotId("907".to_owned())),
        touched: true,
        rows: BoundRows { hubspot_object: "line_items".to_owned(), rows },
        associated: [Association { hubspot_object: "companies".to_owned(), hubspot_id: HubspotId("901".to_owned()) }]
            .into(),
        line_items: Counts { created: 1, unchanged: 2, ..Counts::default() },
        ..Reached::default()
    }
}

/// The binding after a verdict on an update.
fn after(awaited: bool, verdict: Verdict) -> Settled {
    let run = RunId("this".to_owned());
    let mut change = change(ChangeKind::Update);
    change.content.number = Some("A-5".to_owned());
    change.content.open_since = Some(date(2026, 11, 1));
    change.content.stage = Some(Stage { closed: true, pipeline: "p".to_owned(), stage: "done".to_owned() });
    let mut work = work(&change, &before());
    if awaited {
        work.linked.awaited.insert(Target::id(ObjectType::Client, KleerId(12)));
    }
    settle(setting(&run), &work, verdict).unwrap()
}

fn told(settled: &Settled) -> String {
    let Binding { state, rows, associated, number, open_since, base, .. } = &settled.commit.binding;
    let rows: Vec<String> = rows.rows.iter().map(|(key, row)| format!("{key}={}", row.hubspot_id)).collect();
    let to: Vec<&str> = associated.iter().map(|one| one.hubspot_id.as_str()).collect();
    let stage = |closed| Stage { closed, pipeline: String::new(), stage: String::new() }.is_known(base);
    let Counts { created, updated, unchanged, failed, .. } = settled.tally.line_items;
    format!(
        "{} rows [{}] to [{}] number {number:?} open since {open_since:?} closed {} open {}\n{} of rows: created {created} updated {updated} unchanged {unchanged} failed {failed}\n{}",
        state.as_str(),
        rows.join(" "),
        to.join(" "),
        stage(true),
        stage(false),
        counted(&settled.tally.records),
        told_problem(settled)
    )
}

#[test]
fn everything_was_written() {
    insta::assert_snapshot!(told(&after(false, Verdict::Done(reached()))), @r#"
    in_sync rows [row-0=31] to [901] number Some("A-5") open since Some(2026-11-01) closed true open false
    created 0 updated 1 unchanged 0 failed 0 of rows: created 1 updated 0 unchanged 2 failed 0
    "#);
}

/// Written, and complete as soon as the other record is there.
#[test]
fn a_record_that_it_belongs_to_is_not_there_yet() {
    insta::assert_snapshot!(told(&after(true, Verdict::Done(reached()))), @r#"
    waiting rows [row-0=31] to [901] number Some("A-5") open since Some(2026-11-01) closed true open false
    created 0 updated 0 unchanged 0 failed 0 waiting 1 of rows: created 1 updated 0 unchanged 2 failed 0
    "#);
    let unchanged = Reached { touched: false, ..reached() };
    insta::assert_snapshot!(told(&after(true, Verdict::Done(unchanged))), @r#"
    waiting rows [row-0=31] to [901] number Some("A-5") open since Some(2026-11-01) closed true open false
    created 0 updated 0 unchanged 0 failed 0 waiting 1 of rows: created 1 updated 0 unchanged 2 failed 0
    "#);
}

/// What was reached stays, so that the next try does not begin anew.
#[test]
fn a_part_was_refused() {
    let verdict = Verdict::Refused(input_error(r#"{"message":"Something is odd"}"#), reached());
    insta::assert_snapshot!(told(&after(false, verdict)), @r"
    failing rows [row-0=31] to [901] number None open since None closed false open false
    created 0 updated 0 unchanged 0 failed 1 of rows: created 1 updated 0 unchanged 2 failed 0
    RefusedByHubspot 907 [] retried true: HubSpot refused the request: Something is odd. Correct the value in Kleer or the rule in HubSpot; it is tried again by itself.
    ");
}

/// The record is well; what is missing of it is told for as long as it is missing.
#[test]
fn rows_were_left_out() {
    let one = Reached { left_out: vec![("row-1".to_owned(), "no negative\n price".to_owned())], ..reached() };
    insta::assert_snapshot!(told(&after(false, Verdict::Done(one.clone()))), @r#"
    in_sync rows [row-0=31] to [901] number Some("A-5") open since Some(2026-11-01) closed true open false
    created 0 updated 1 unchanged 0 failed 0 of rows: created 1 updated 0 unchanged 2 failed 0
    RowLeftOut 907 [] retried false: HubSpot does not take 1 row (row-1: no negative price). Nothing has to be done: the record and its total are right, only these line items are missing.
    "#);
    let left_out = vec![("row-1".to_owned(), "no".to_owned()), ("row-2".to_owned(), "no".to_owned())];
    insta::assert_snapshot!(told(&after(false, Verdict::Done(Reached { left_out, ..one }))), @r#"
    in_sync rows [row-0=31] to [901] number Some("A-5") open since Some(2026-11-01) closed true open false
    created 0 updated 1 unchanged 0 failed 0 of rows: created 1 updated 0 unchanged 2 failed 0
    RowLeftOut 907 [] retried false: HubSpot does not take 2 rows (row-1: no; row-2: no). Nothing has to be done: the record and its total are right, only these line items are missing.
    "#);
}

/// Nothing was written to HubSpot, and nothing is known of it there.
#[test]
fn not_synchronized() {
    let run = RunId("this".to_owned());
    for (exclusion, state) in [
        (Exclusion::Draft, "excluded_draft"),
        (Exclusion::Credit, "excluded_credit"),
        (Exclusion::OutsideWindow, "excluded_outside_window"),
    ] {
        let change = change(ChangeKind::Exclude(exclusion));
        let settled =
            settle(setting(&run), &work(&change, &Binding::default()), Verdict::Done(Reached::default())).unwrap();
        let Binding { state: known, hubspot_id, fingerprint, version, .. } = settled.commit.binding;
        assert_eq!((known.as_str(), hubspot_id, fingerprint, version), (state, None, None, 1));
        assert!(settled.problem.is_none() && settled.tally == Tally::default());
    }
}

/// One that is gone from Kleer keeps its rows and its number, and is not read again.
#[test]
fn gone_from_kleer() {
    let run = RunId("this".to_owned());
    let bound = reached();
    let before = Binding {
        rows: bound.rows,
        associated: bound.associated,
        number: Some("A-5".to_owned()),
        open_since: Some(date(2026, 11, 1)),
        ..before()
    };
    let change = change(ChangeKind::Deactivate);
    let settled = settle(setting(&run), &work(&change, &before), Verdict::Done(Reached::of(&before))).unwrap();
    insta::assert_snapshot!(told(&settled), @r#"
    deleted_in_kleer rows [row-0=31] to [901] number Some("A-5") open since None closed false open false
    created 0 updated 0 unchanged 0 failed 0 of rows: created 0 updated 0 unchanged 0 failed 0
    "#);
    // Gone on both sides: nothing is left to be told.
    let settled = settle(setting(&run), &work(&change, &before), Verdict::Gone).unwrap();
    insta::assert_snapshot!(told(&settled), @r#"
    deleted_in_kleer rows [row-0=31] to [901] number Some("A-5") open since None closed false open false
    created 0 updated 0 unchanged 0 failed 0 of rows: created 0 updated 0 unchanged 0 failed 0
    "#);
}

/// The rows of what an earlier delivery did count as their record does.
#[test]
fn rows_of_an_earlier_delivery() {
    let run = RunId("this".to_owned());
    let check = |kind, state| {
        let mut change = change(kind);
        change.content.rows = vec![Row::default(), Row::default(), Row::default()];
        let binding = Binding { version: 5, run: Some(run.clone()), state, ..before() };
        let rows = counted_before(&change, Some(&binding), &run).unwrap().line_items;
        counted(&rows)
    };
    let lines = [
        check(ChangeKind::Create, RecordState::InSync),
        check(ChangeKind::Create, RecordState::Waiting),
        check(ChangeKind::Update, RecordState::InSync),
        check(ChangeKind::Update, RecordState::Failing),
    ];
    insta::assert_snapshot!(lines.join("\n"), @r"
    created 3 updated 0 unchanged 0 failed 0
    created 3 updated 0 unchanged 0 failed 0
    created 0 updated 3 unchanged 0 failed 0
    created 0 updated 0 unchanged 0 failed 3
    ");
}
