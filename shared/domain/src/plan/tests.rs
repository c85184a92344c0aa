use std::collections::HashSet;

use super::{ChangeKind, PlanInput, SyncPlan, plan};
use crate::projection::Projector;
use crate::tests::{SPEC, at, definition, mapping, record, schema, text};
use crate::{
    BindingIndex, BindingSummary, Fingerprint, HubspotId, KleerId, Place, PortalId, PropertyType, RecordState,
    SourceRecord, Targets, UnreadableRecord, Value,
};

mod invoices;
mod line_items;
mod made_by_us;
mod missing;
mod portal;

const COMPANIES: Place<'_> = Place { hubspot_object: "companies", line_object: "line_items" };

type Read = Result<SourceRecord, UnreadableRecord>;

const NOW: &str = "2026-11-20T08:00:00Z";

fn projector() -> Projector {
    let mappings =
        [mapping("name", "name", ""), mapping("address.city", "city", ""), mapping("active", "kleer_active", "")];
    let text = definition(PropertyType::String);
    let schema = schema(&[("name", text.clone()), ("city", text), ("kleer_active", definition(PropertyType::Bool))]);
    Projector::new(&SPEC, &mappings, &schema)
}

fn planned(bindings: &[(i64, BindingSummary)], records: Vec<Read>, complete: bool) -> SyncPlan {
    let bindings: BindingIndex = bindings.iter().map(|(id, binding)| (KleerId(*id), binding.clone())).collect();
    let projector = projector();
    let input = PlanInput {
        portal: PortalId(42),
        projector: &projector,
        rows: None,
        place: COMPANIES,
        bindings: &bindings,
        targets: &Targets::default(),
        stages: None,
        complete,
        gone: &HashSet::new(),
        now: at(NOW),
    };
    plan(&input, records)
}

/// The printed plan of a complete list.
fn check(bindings: &[(i64, BindingSummary)], records: Vec<Read>) -> String {
    planned(bindings, records, true).to_string()
}

fn client(id: i64, name: &str) -> SourceRecord {
    record(id, &[("name", text(name)), ("active", Value::Boolean(true))])
}

/// The fingerprint of a record as it is written.
fn fingerprint(record: &SourceRecord) -> Fingerprint {
    Fingerprint::of("companies", &projector().project(record).unwrap())
}

/// What is remembered of a record that was written.
fn bound(record: &SourceRecord) -> BindingSummary {
    BindingSummary {
        version: 3,
        hubspot_id: Some(HubspotId(format!("90{}", record.id))),
        fingerprint: Some(fingerprint(record)),
        ..BindingSummary::default()
    }
}

/// What is remembered of a record whose write was refused.
fn failing(record: &SourceRecord, retry_at: &str) -> BindingSummary {
    BindingSummary {
        state: RecordState::Failing,
        fingerprint: None,
        failed_fingerprint: Some(fingerprint(record)),
        retry_at: Some(at(retry_at)),
        ..bound(record)
    }
}

fn unreadable(id: Option<i64>, field: &str) -> Read {
    Err(UnreadableRecord { id: id.map(KleerId), field: field.to_owned(), message: "it holds `x`".to_owned() })
}

#[test]
fn nothing_in_kleer() {
    insta::assert_snapshot!(check(&[], vec![]), @"client: 0 in Kleer: 0 to create, 0 to update, 0 to deactivate, 0 unchanged, 0 waiting, 0 excluded, 0 pausing, 0 doubtful, 0 deleted in HubSpot, 0 refused");
}

#[test]
fn new_changed_and_unchanged() {
    let bindings = [(1, bound(&client(1, "Åre AB"))), (2, bound(&client(2, "Old name")))];
    let records = vec![Ok(client(3, "Third")), Ok(client(2, "New name")), Ok(client(1, "Åre AB"))];
    insta::assert_snapshot!(check(&bindings, records), @r"
    client: 3 in Kleer: 1 to create, 1 to update, 0 to deactivate, 1 unchanged, 0 waiting, 0 excluded, 0 pausing, 0 doubtful, 0 deleted in HubSpot, 0 refused
      + 3 kleer_active=true name=Third
      ~ 2 → 902 kleer_active=true name=New name
    ");
}

#[test]
fn a_change_says_what_it_was_planned_against() {
    let plan = planned(&[(2, bound(&client(2, "Old name")))], vec![Ok(client(2, "B")), Ok(client(3, "C"))], true);
    let [update, create] = &plan.changes[..] else { panic!("{plan}") };
    assert_eq!((update.kind, update.version), (ChangeKind::Update, 3));
    assert_eq!((create.kind, create.version, create.hubspot_id.as_ref()), (ChangeKind::Create, 0, None));
    let linked = update.content.link(COMPANIES, &Targets::default());
    assert_eq!(linked.fingerprint, fingerprint(&client(2, "B")), "what has no rows is its properties");
    // Empty values travel too: later they clear what was there.
    assert_eq!(update.content.properties.get("city"), Some(""));
}

#[test]
fn a_record_that_was_taken_but_never_written_is_created() {
    let taken = BindingSummary::default();
    insta::assert_snapshot!(check(&[(1, taken)], vec![Ok(client(1, "Åre AB"))]), @r"
    client: 1 in Kleer: 1 to create, 0 to update, 0 to deactivate, 0 unchanged, 0 waiting, 0 excluded, 0 pausing, 0 doubtful, 0 deleted in HubSpot, 0 refused
      + 1 kleer_active=true name=Åre AB
    ");
}

#[test]
fn another_mapping_or_object_writes_everything_once_more() {
    let record = client(1, "Åre AB");
    let other = BindingSummary {
        fingerprint: Some(Fingerprint::of("2-77", &projector().project(&record).unwrap())),
        ..bound(&record)
    };
    assert_eq!(planned(&[(1, other)], vec![Ok(record)], true).count(ChangeKind::Update), 1);
}

#[test]
fn a_refused_record_pauses_until_its_time() {
    let record = client(1, "Åre AB");
    let check = |retry_at: &str| {
        let plan = planned(&[(1, failing(&record, retry_at))], vec![Ok(record.clone())], true);
        (plan.pausing, plan.changes.len(), plan.next_retry)
    };
    assert_eq!(check("2026-11-20T08:00:00.001Z"), (1, 0, Some(at("2026-11-20T08:00:00.001Z"))));
    assert_eq!(check(NOW), (0, 1, None));
    assert_eq!(check("2026-11-20T07:00:00Z"), (0, 1, None));
}

#[test]
fn a_refused_record_that_was_changed_is_tried_at_once() {
    let bindings = [(1, failing(&client(1, "Refused"), "2026-11-21T08:00:00Z"))];
    insta::assert_snapshot!(check(&bindings, vec![Ok(client(1, "Mended"))]), @r"
    client: 1 in Kleer: 0 to create, 1 to update, 0 to deactivate, 0 unchanged, 0 waiting, 0 excluded, 0 pausing, 0 doubtful, 0 deleted in HubSpot, 0 refused
      ~ 1 → 901 kleer_active=true name=Mended
    ");
}

#[test]
fn the_earliest_retry_counts() {
    let records = [client(1, "A"), client(2, "B"), client(3, "C")];
    let times = ["2026-11-20T10:00:00Z", "2026-11-20T09:00:00Z", "2026-11-20T11:00:00Z"];
    let bindings: Vec<_> = records.iter().zip(times).map(|(record, at)| (record.id.0, failing(record, at))).collect();
    let plan = planned(&bindings, records.into_iter().map(Ok).collect(), true);
    assert_eq!((plan.pausing, plan.next_retry), (3, Some(at("2026-11-20T09:00:00Z"))));
}

#[test]
fn a_refused_change_that_was_taken_back_is_settled() {
    // Kleer says again what HubSpot has: the record must lose its problem, which a write of nothing does.
    let record = client(1, "Åre AB");
    let binding = BindingSummary {
        fingerprint: Some(fingerprint(&record)),
        ..failing(&client(1, "Bad"), "2026-11-21T08:00:00Z")
    };
    assert_eq!(planned(&[(1, binding)], vec![Ok(record)], true).count(ChangeKind::Update), 1);
}

#[test]
fn deleted_in_hubspot_is_left_alone() {
    let binding = BindingSummary { state: RecordState::DeletedInHubspot, ..bound(&client(1, "Old")) };
    insta::assert_snapshot!(check(&[(1, binding)], vec![Ok(client(1, "New"))]), @"client: 1 in Kleer: 0 to create, 0 to update, 0 to deactivate, 0 unchanged, 0 waiting, 0 excluded, 0 pausing, 0 doubtful, 1 deleted in HubSpot, 0 refused");
}

#[test]
fn missing_from_a_complete_list_is_deactivated() {
    let (one, two, nine) = (client(1, "A"), client(2, "B"), client(9, "I"));
    let bindings = [(9, bound(&nine)), (2, bound(&two)), (1, bound(&one))];
    insta::assert_snapshot!(check(&bindings, vec![Ok(one)]), @r"
    client: 1 in Kleer: 0 to create, 0 to update, 2 to deactivate, 1 unchanged, 0 waiting, 0 excluded, 0 pausing, 0 doubtful, 0 deleted in HubSpot, 0 refused
      - 2 → 902 kleer_active=false
      - 9 → 909 kleer_active=false
    ");
}

#[test]
fn missing_from_a_window_means_nothing() {
    let plan = planned(&[(2, bound(&client(2, "B")))], vec![Ok(client(1, "A"))], false);
    assert_eq!(plan.count(ChangeKind::Deactivate), 0);
}

#[test]
fn an_empty_list_deactivates_nothing() {
    insta::assert_snapshot!(check(&[(2, bound(&client(2, "B")))], vec![]), @"client: 0 in Kleer: 0 to create, 0 to update, 0 to deactivate, 0 unchanged, 0 waiting, 0 excluded, 0 pausing, 0 doubtful, 0 deleted in HubSpot, 0 refused");
}

#[test]
fn a_record_without_a_readable_id_may_be_any_of_the_missing() {
    let bindings = [(1, bound(&client(1, "A"))), (2, bound(&client(2, "B")))];
    insta::assert_snapshot!(check(&bindings, vec![Ok(client(1, "A")), unreadable(None, "id")]), @r"
    client: 2 in Kleer: 0 to create, 0 to update, 0 to deactivate, 1 unchanged, 0 waiting, 0 excluded, 0 pausing, 0 doubtful, 0 deleted in HubSpot, 1 refused
      ! ? Kleer's answer could not be read: the field id: it holds `x`. Look at the record in Kleer; if it looks right there, tell support.
    ");
}

#[test]
fn gone_is_said_once_and_only_of_what_is_there() {
    let state = |state| BindingSummary { state, ..bound(&client(1, "A")) };
    let never_written = BindingSummary { hubspot_id: None, fingerprint: None, ..failing(&client(1, "A"), NOW) };
    let bindings =
        [(2, state(RecordState::DeletedInKleer)), (3, state(RecordState::DeletedInHubspot)), (4, never_written)];
    assert_eq!(planned(&bindings, vec![Ok(client(1, "A"))], true).count(ChangeKind::Deactivate), 0);
}

#[test]
fn a_refused_deactivation_pauses_too() {
    let refused = Fingerprint::of("companies", &projector().deactivated());
    let check = |retry_at: &str| {
        let binding = BindingSummary { failed_fingerprint: Some(refused), ..failing(&client(2, "B"), retry_at) };
        let plan = planned(&[(2, binding)], vec![Ok(client(1, "A"))], true);
        (plan.count(ChangeKind::Deactivate), plan.next_retry)
    };
    assert_eq!(check("2026-11-20T09:00:00Z"), (0, Some(at("2026-11-20T09:00:00Z"))));
    assert_eq!(check(NOW), (1, None));
}

#[test]
fn back_in_kleer_is_written_again() {
    let binding = BindingSummary { state: RecordState::DeletedInKleer, fingerprint: None, ..bound(&client(1, "A")) };
    assert_eq!(planned(&[(1, binding)], vec![Ok(client(1, "A"))], true).count(ChangeKind::Update), 1);
}

#[test]
fn a_doubled_id_counts_once() {
    insta::assert_snapshot!(check(&[], vec![Ok(client(1, "First")), Ok(client(1, "Second"))]), @r"
    client: 1 in Kleer: 1 to create, 0 to update, 0 to deactivate, 0 unchanged, 0 waiting, 0 excluded, 0 pausing, 0 doubtful, 0 deleted in HubSpot, 0 refused
      + 1 kleer_active=true name=First
    ");
}

#[test]
fn bad_records_are_problems_and_stop_nobody() {
    let bindings = [(5, bound(&client(5, "E")))];
    let records = vec![
        unreadable(Some(5), "payment-days"),
        unreadable(Some(6), ""),
        unreadable(None, "id"),
        Ok(record(7, &[])),
        Ok(client(8, "Good")),
    ];
    insta::assert_snapshot!(check(&bindings, records), @r"
    client: 5 in Kleer: 1 to create, 0 to update, 0 to deactivate, 0 unchanged, 0 waiting, 0 excluded, 0 pausing, 0 doubtful, 0 deleted in HubSpot, 4 refused
      + 8 kleer_active=true name=Good
      ! 5 Kleer's answer could not be read: the field payment-days: it holds `x`. Look at the record in Kleer; if it looks right there, tell support.
      ! 6 Kleer's answer could not be read: the record: it holds `x`. Look at the record in Kleer; if it looks right there, tell support.
      ! ? Kleer's answer could not be read: the field id: it holds `x`. Look at the record in Kleer; if it looks right there, tell support.
      ! 7 The client has no value in Name, and HubSpot needs one. Fill in Name on client 7 in Kleer, or set a default value on its mapping.
    ");
}

#[test]
fn a_long_plan_is_printed_in_short() {
    let printed = check(&[], (1..=250).map(|id| Ok(client(id, "A"))).collect());
    assert_eq!(printed.lines().count(), 102);
    assert!(printed.ends_with("  … and 150 more\n"), "{printed}");
}

#[test]
fn a_change_survives_its_message() {
    let plan = planned(&[(1, bound(&client(1, "Old")))], vec![Ok(client(1, "A")), Ok(client(2, "B"))], true);
    let json = serde_json::to_string(&plan.changes).unwrap();
    assert_eq!(serde_json::from_str::<Vec<super::Change>>(&json).unwrap(), plan.changes);
    insta::assert_snapshot!(json, @r#"[{"kind":"update","kleer_id":1,"hubspot_id":"901","version":3,"content":{"properties":{"city":"","kleer_active":"true","name":"A"}}},{"kind":"create","kleer_id":2,"version":0,"content":{"properties":{"city":"","kleer_active":"true","name":"B"}}}]"#);
}
