use std::collections::BTreeMap;

use domain::{
    Association, Base, Binding, BoundRow, BoundRows, Change, ChangeKind, Content, Counts, Exclusion, Fingerprint,
    HubspotId, KleerId, Linked, ObjectType, Properties, RecordState, Row, RunId, Stage, Tally, Target,
};
use hubspot::{ApiError, InputError};
use jiff::Timestamp;
use jiff::civil::date;

use super::{Setting, Settled, counted_before, settle};
use crate::outbound::write::{Reached, Verdict, Work};

mod reached;

const NOW: &str = "2026-11-20T08:00:00Z";

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn properties() -> Properties {
    [("kleer_active", "true"), ("name", "New"), ("zip", "")].into_iter().collect()
}

fn fingerprint(kind: ChangeKind) -> Fingerprint {
    Fingerprint::of("companies", &change(kind).content.properties)
}

fn change(kind: ChangeKind) -> Change {
    let properties = match kind {
        ChangeKind::Deactivate => [("kleer_active", "false")].into_iter().collect(),
        ChangeKind::Create | ChangeKind::Update => properties(),
        ChangeKind::Exclude(_) | ChangeKind::Unfit => Properties::default(),
    };
    let content = Content { properties, ..Content::default() };
    Change { kind, kleer_id: KleerId(7), hubspot_id: None, version: 4, content }
}

/// A change with what is known of its record.
fn work<'a>(change: &'a Change, before: &Binding) -> Work<'a> {
    let linked = Linked {
        rows: Vec::new(),
        associations: Default::default(),
        awaited: Default::default(),
        fingerprint: fingerprint(change.kind),
    };
    Work { change, before: before.clone(), linked, properties: change.content.properties.clone() }
}

/// A record that was written before, and has been refused twice since.
fn before() -> Binding {
    let written: Properties = [("kleer_active", "true"), ("name", "Old"), ("zip", "837 52")].into_iter().collect();
    Binding {
        version: 4,
        hubspot_id: Some(HubspotId("907".to_owned())),
        fingerprint: Some(Fingerprint::of("companies", &written)),
        base: Base::of(&written),
        state: RecordState::Failing,
        run: Some(RunId("earlier".to_owned())),
        failed_fingerprint: Some(Fingerprint::of("companies", &Properties::default())),
        retry_at: Some(at("2026-11-20T07:00:00Z")),
        failures: 2,
        ..Binding::default()
    }
}

fn input_error(body: &str) -> InputError {
    ApiError::parse(Some(400), body).into_input_error()
}

/// A refusal of a record, known as it was before.
fn refusal(before: &Binding, body: &str) -> Verdict {
    Verdict::Refused(input_error(body), Reached::of(before))
}

fn setting(run: &RunId) -> Setting<'_> {
    Setting { object: ObjectType::Client, run, now: at(NOW) }
}

/// What is remembered and counted of one record.
fn check(kind: ChangeKind, before: &Binding, verdict: Verdict) -> String {
    let run = RunId("this".to_owned());
    let change = change(kind);
    let Some(settled) = settle(setting(&run), &work(&change, before), verdict) else { return "again".to_owned() };
    let Binding { version, hubspot_id, fingerprint: mark, base, state, retry_at, failures, .. } =
        &settled.commit.binding;
    assert_eq!(settled.commit.kleer_id, KleerId(7));
    assert_eq!(settled.commit.binding.run.as_ref(), Some(&run));
    let id = hubspot_id.as_ref().map_or("-", HubspotId::as_str);
    let mark = match *mark {
        None => "none",
        mark if mark == Some(fingerprint(kind)) => "new",
        mark if mark == before.fingerprint => "old",
        Some(_) => "wrong",
    };
    let failed = settled.commit.binding.failed_fingerprint.map(|failed| failed == fingerprint(kind));
    let known = |name: &str, values: &[&'static str]| {
        values.iter().find(|value| base.matches(name, value)).copied().unwrap_or("other")
    };
    let base =
        format!("active={} name={}", known("kleer_active", &["true", "false"]), known("name", &["New", "Old", ""]));
    let retry_at = retry_at.map(|at| at.to_string());
    format!(
        "v{version} {id} {} fingerprint {mark}, base {base}\nfailed {failed:?} {retry_at:?} after {failures}\n{}\n{}",
        state.as_str(),
        counted(&settled.tally.records),
        told_problem(&settled)
    )
}

fn told_problem(settled: &Settled) -> String {
    let Some(problem) = &settled.problem else { return String::new() };
    let id = problem.hubspot_id.as_ref().map_or("-", HubspotId::as_str);
    let (property, retry) = (problem.property.as_deref().unwrap_or_default(), problem.retry_at.is_some());
    format!("{:?} {id} [{property}] retried {retry}: {} {}", problem.code, problem.message, problem.remedy)
}

fn counted(counts: &Counts) -> String {
    let Counts { source, created, updated, unchanged, waiting, failed, excluded } = counts;
    assert_eq!((source, excluded), (&0, &0));
    let waiting = if *waiting > 0 { format!(" waiting {waiting}") } else { String::new() };
    format!("created {created} updated {updated} unchanged {unchanged} failed {failed}{waiting}")
}

/// The record as 907, made or changed.
fn wrote(created: bool) -> Verdict {
    let id = Some(HubspotId("907".to_owned()));
    Verdict::Done(Reached { id, created, touched: true, ..Reached::default() })
}

/// The record as 907, which was as it should be.
fn nothing() -> Verdict {
    Verdict::Done(Reached::of(&before()))
}

#[test]
fn written() {
    insta::assert_snapshot!(check(ChangeKind::Create, &Binding::default(), wrote(true)), @r"
    v1 907 in_sync fingerprint new, base active=true name=New
    failed None None after 0
    created 1 updated 0 unchanged 0 failed 0
    ");
    insta::assert_snapshot!(check(ChangeKind::Create, &Binding::default(), wrote(false)), @r"
    v1 907 in_sync fingerprint new, base active=true name=New
    failed None None after 0
    created 0 updated 1 unchanged 0 failed 0
    ");
    insta::assert_snapshot!(check(ChangeKind::Update, &before(), wrote(false)), @r"
    v5 907 in_sync fingerprint new, base active=true name=New
    failed None None after 0
    created 0 updated 1 unchanged 0 failed 0
    ");
}

#[test]
fn nothing_to_write_mends_what_failed() {
    insta::assert_snapshot!(check(ChangeKind::Update, &before(), nothing()), @r"
    v5 907 in_sync fingerprint new, base active=true name=New
    failed None None after 0
    created 0 updated 0 unchanged 1 failed 0
    ");
}

#[test]
fn deactivated() {
    insta::assert_snapshot!(check(ChangeKind::Deactivate, &before(), wrote(false)), @r"
    v5 907 deleted_in_kleer fingerprint none, base active=false name=Old
    failed None None after 0
    created 0 updated 1 unchanged 0 failed 0
    ");
    insta::assert_snapshot!(check(ChangeKind::Deactivate, &before(), nothing()), @r"
    v5 907 deleted_in_kleer fingerprint none, base active=false name=Old
    failed None None after 0
    created 0 updated 0 unchanged 0 failed 0
    ");
}

#[test]
fn gone_from_hubspot() {
    insta::assert_snapshot!(check(ChangeKind::Update, &before(), Verdict::Gone), @r#"
    v5 907 deleted_in_hubspot fingerprint old, base active=true name=Old
    failed Some(false) Some("2026-11-20T07:00:00Z") after 2
    created 0 updated 0 unchanged 0 failed 1
    DeletedInHubspot 907 [] retried false: The record was deleted in HubSpot; it is not made again by itself. Leave it deleted, restore it in HubSpot, or have it made again on the settings page.
    "#);
}

#[test]
fn refused() {
    let option = r#"{"category":"VALIDATION_ERROR","message":"x was not one of the allowed options","errors":[{"message":"x was not one of the allowed options","code":"INVALID_OPTION","context":{"propertyName":["kleer_type"]}}]}"#;
    insta::assert_snapshot!(check(ChangeKind::Create, &Binding::default(), refusal(&Binding::default(), option)), @r#"
    v1 - failing fingerprint none, base active=other name=
    failed Some(true) Some("2026-11-20T08:01:00Z") after 1
    created 0 updated 0 unchanged 0 failed 1
    RefusedByHubspot - [kleer_type] retried true: HubSpot refused the value of "kleer_type": x was not one of the allowed options. Add the value to the options of kleer_type in HubSpot, or change it in Kleer.
    "#);
    insta::assert_snapshot!(check(ChangeKind::Update, &before(), refusal(&before(), r#"{"message":"Something is odd"}"#)), @r#"
    v5 907 failing fingerprint old, base active=true name=Old
    failed Some(true) Some("2026-11-20T08:04:00Z") after 3
    created 0 updated 0 unchanged 0 failed 1
    RefusedByHubspot 907 [] retried true: HubSpot refused the request: Something is odd. Correct the value in Kleer or the rule in HubSpot; it is tried again by itself.
    "#);
}

#[test]
fn refusals_in_a_row_pause_longer_up_to_a_day() {
    let pause = |failures| {
        let before = Binding { failures, ..before() };
        let printed = check(ChangeKind::Update, &before, refusal(&before, "{}"));
        printed.lines().nth(1).unwrap().to_owned()
    };
    insta::assert_snapshot!([0, 1, 9, 11, u32::MAX].map(pause).join("\n"), @r#"
    failed Some(true) Some("2026-11-20T08:01:00Z") after 1
    failed Some(true) Some("2026-11-20T08:02:00Z") after 2
    failed Some(true) Some("2026-11-20T16:32:00Z") after 10
    failed Some(true) Some("2026-11-21T08:00:00Z") after 12
    failed Some(true) Some("2026-11-21T08:00:00Z") after 4294967295
    "#);
}

#[test]
fn nothing_is_remembered_of_what_must_be_written_again() {
    assert_eq!(check(ChangeKind::Update, &before(), Verdict::Again(Reached::default())), "again");
}

#[test]
fn what_an_earlier_delivery_did_is_counted_alike() {
    let run = RunId("this".to_owned());
    let check = |kind, version, binding: Option<Binding>| {
        let change = Change { version, ..change(kind) };
        counted_before(&change, binding.as_ref(), &run).map_or("again".to_owned(), |tally| counted(&tally.records))
    };
    let ours = |state| Some(Binding { version: 5, run: Some(run.clone()), state, ..before() });
    let newer = Some(Binding { version: 5, ..before() });
    let lines = [
        check(ChangeKind::Create, 0, ours(RecordState::InSync)),
        check(ChangeKind::Update, 4, ours(RecordState::InSync)),
        check(ChangeKind::Update, 4, ours(RecordState::Failing)),
        check(ChangeKind::Update, 4, ours(RecordState::DeletedInHubspot)),
        check(ChangeKind::Deactivate, 4, ours(RecordState::DeletedInKleer)),
        check(ChangeKind::Create, 0, ours(RecordState::Waiting)),
        check(ChangeKind::Update, 4, ours(RecordState::Doubtful)),
        check(ChangeKind::Exclude(Exclusion::Draft), 0, ours(RecordState::Excluded(Exclusion::Draft))),
        check(ChangeKind::Update, 4, newer),
        check(ChangeKind::Update, 4, Some(before())),
        check(ChangeKind::Create, 0, None),
    ];
    insta::assert_snapshot!(lines.join("\n"), @r"
    created 1 updated 0 unchanged 0 failed 0
    created 0 updated 1 unchanged 0 failed 0
    created 0 updated 0 unchanged 0 failed 1
    created 0 updated 0 unchanged 0 failed 1
    created 0 updated 1 unchanged 0 failed 0
    created 0 updated 0 unchanged 0 failed 0 waiting 1
    created 0 updated 0 unchanged 0 failed 1
    created 0 updated 0 unchanged 0 failed 0
    created 0 updated 0 unchanged 1 failed 0
    again
    again
    ");
}
