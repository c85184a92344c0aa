//! Records that belong to others, that are not synchronized by rule, or that a person has to decide about.

use super::NOW;
use super::portal::{Portal, invoice};
use crate::plan::{Change, ChangeKind};
use crate::tests::{at, in_hubspot};
use crate::{
    BindingSummary, Content, Exclusion, KleerId, ObjectType, RecordState, SourceRecord, Stage, Stages, Target,
};

fn excluded(id: i64, exclusion: Exclusion) -> SourceRecord {
    SourceRecord { exclusion: Some(exclusion), ..invoice(id) }
}

#[test]
fn a_record_of_a_client_that_is_not_there_yet_is_written_all_the_same() {
    let mut portal = Portal::new();
    portal.clients(true, &[]);
    let plan = portal.planned(&[invoice(1), invoice(2)]);
    insta::assert_snapshot!(plan, @r"
    invoice: 2 in Kleer: 2 to create, 0 to update, 0 to deactivate, 0 unchanged, 0 waiting, 0 excluded, 0 pausing, 0 doubtful, 0 deleted in HubSpot, 0 refused
      + 1 hs_invoice_status=open hs_number=100 and 1 rows
      + 2 hs_invoice_status=open hs_number=100 and 1 rows
    ");
    assert_eq!(plan.awaited.into_iter().collect::<Vec<_>>(), [Target::id(ObjectType::Client, KleerId(12))]);
    assert_eq!(plan.changes[0].content.targets, invoice(1).targets, "whoever writes it looks again");
}

#[test]
fn a_record_waits_until_what_it_waits_for_appears() {
    let mut portal = Portal::new();
    portal.clients(true, &[]);
    portal.wrote(&invoice(1), RecordState::Waiting);
    let plan = portal.planned(&[invoice(1)]);
    insta::assert_snapshot!(plan, @"invoice: 1 in Kleer: 0 to create, 0 to update, 0 to deactivate, 0 unchanged, 1 waiting, 0 excluded, 0 pausing, 0 doubtful, 0 deleted in HubSpot, 0 refused");
    assert_eq!(plan.awaited.len(), 1);
    portal.clients(true, &[(12, in_hubspot(12))]);
    let plan = portal.planned(&[invoice(1)]);
    insta::assert_snapshot!(plan, @r"
    invoice: 1 in Kleer: 0 to create, 1 to update, 0 to deactivate, 0 unchanged, 0 waiting, 0 excluded, 0 pausing, 0 doubtful, 0 deleted in HubSpot, 0 refused
      ~ 1 → 901 hs_invoice_status=open hs_number=100 and 1 rows
    ");
    assert_eq!(plan.awaited.len(), 0);
    portal.wrote(&invoice(1), RecordState::InSync);
    assert_eq!(portal.planned(&[invoice(1)]).unchanged, 1);
}

#[test]
fn a_waiting_record_that_changes_is_written_at_once() {
    let mut portal = Portal::new();
    portal.clients(true, &[]);
    portal.wrote(&invoice(1), RecordState::Waiting);
    let paid = SourceRecord { open_since: None, ..invoice(1) };
    let plan = portal.planned(&[paid]);
    assert_eq!((plan.count(ChangeKind::Update), plan.waiting), (1, 0));
}

#[test]
fn what_is_excluded_is_remembered_once() {
    let mut portal = Portal::new();
    let records = [
        excluded(1, Exclusion::Draft),
        excluded(2, Exclusion::Credit),
        excluded(3, Exclusion::OutsideWindow),
        invoice(4),
    ];
    let plan = portal.planned(&records);
    insta::assert_snapshot!(plan, @r"
    invoice: 4 in Kleer: 1 to create, 0 to update, 0 to deactivate, 0 unchanged, 0 waiting, 3 excluded, 0 pausing, 0 doubtful, 0 deleted in HubSpot, 0 refused
      x 1 draft
      x 2 credit
      x 3 outside_window
      + 4 hs_invoice_status=open hs_number=100 and 1 rows
    ");
    let draft = Change {
        kind: ChangeKind::Exclude(Exclusion::Draft),
        kleer_id: KleerId(1),
        hubspot_id: None,
        version: 0,
        content: Content::default(),
    };
    assert_eq!(plan.changes[0], draft, "nothing of it travels");
    assert_eq!(plan.line_items.source, 1, "nor are its rows anybody's");
    let json = serde_json::to_string(&draft).unwrap();
    insta::assert_snapshot!(json, @r#"{"kind":{"exclude":"draft"},"kleer_id":1,"version":0,"content":{"properties":{}}}"#);
    assert_eq!(serde_json::from_str::<Change>(&json).unwrap(), draft);

    for (id, exclusion) in [(1, Exclusion::Draft), (2, Exclusion::Credit), (3, Exclusion::OutsideWindow)] {
        portal.has_none(id, RecordState::Excluded(exclusion));
    }
    let plan = portal.planned(&records[..3]);
    assert_eq!((plan.excluded, plan.changes.len()), (3, 0));
}

#[test]
fn another_reason_is_remembered_too() {
    let mut portal = Portal::new();
    portal.has_none(1, RecordState::Excluded(Exclusion::Draft));
    insta::assert_snapshot!(portal.check(&[excluded(1, Exclusion::OutsideWindow)]), @r"
    invoice: 1 in Kleer: 0 to create, 0 to update, 0 to deactivate, 0 unchanged, 0 waiting, 1 excluded, 0 pausing, 0 doubtful, 0 deleted in HubSpot, 0 refused
      x 1 outside_window
    ");
    // One that was refused and never written is excluded, and its problem with it.
    let refused = BindingSummary { hubspot_id: None, retry_at: Some(at("2026-11-21T08:00:00Z")), ..in_hubspot(1) };
    portal.bindings.insert(KleerId(1), BindingSummary { state: RecordState::Failing, ..refused });
    let plan = portal.planned(&[excluded(1, Exclusion::OutsideWindow)]);
    let [change] = &plan.changes[..] else { panic!("{plan}") };
    assert_eq!((change.kind, change.version), (ChangeKind::Exclude(Exclusion::OutsideWindow), 1));
}

#[test]
fn what_is_excluded_no_longer_is_created() {
    let mut portal = Portal::new();
    portal.has_none(1, RecordState::Excluded(Exclusion::Draft));
    insta::assert_snapshot!(portal.check(&[invoice(1)]), @r"
    invoice: 1 in Kleer: 1 to create, 0 to update, 0 to deactivate, 0 unchanged, 0 waiting, 0 excluded, 0 pausing, 0 doubtful, 0 deleted in HubSpot, 0 refused
      + 1 hs_invoice_status=open hs_number=100 and 1 rows
    ");
}

#[test]
fn what_is_in_hubspot_is_followed_whatever_becomes_of_it() {
    for exclusion in [Exclusion::Draft, Exclusion::Credit, Exclusion::OutsideWindow] {
        let mut portal = Portal::new();
        portal.wrote(&invoice(1), RecordState::InSync);
        let plan = portal.planned(&[excluded(1, exclusion)]);
        assert_eq!((plan.unchanged, plan.excluded), (1, 0), "{exclusion:?}");
        let changed = SourceRecord { open_since: None, ..excluded(1, exclusion) };
        assert_eq!(portal.planned(&[changed]).count(ChangeKind::Update), 1, "{exclusion:?}");
    }
}

#[test]
fn a_doubtful_record_is_nobodys_until_a_person_says() {
    let mut portal = Portal::new();
    portal.has_none(1, RecordState::Doubtful);
    insta::assert_snapshot!(portal.check(&[invoice(1)]), @"invoice: 1 in Kleer: 0 to create, 0 to update, 0 to deactivate, 0 unchanged, 0 waiting, 0 excluded, 0 pausing, 1 doubtful, 0 deleted in HubSpot, 0 refused");
    // Nor is one with a record in HubSpot written, whether it changed or not.
    portal.wrote(&invoice(1), RecordState::Doubtful);
    let changed = SourceRecord { open_since: None, ..invoice(1) };
    for record in [invoice(1), changed] {
        let plan = portal.planned(&[record]);
        assert_eq!((plan.doubtful, plan.changes.len()), (1, 0));
    }
    // One that is not synchronized anyway is in no doubt.
    portal.has_none(1, RecordState::Doubtful);
    assert_eq!(portal.planned(&[excluded(1, Exclusion::Draft)]).excluded, 1);
}

#[test]
fn a_record_is_counted_once_whatever_its_state() {
    let mut portal = Portal::new();
    portal.clients(true, &[]);
    for (id, state) in [(1, RecordState::InSync), (2, RecordState::Waiting), (3, RecordState::Doubtful)] {
        portal.wrote(&invoice(id), state);
    }
    portal.wrote(&invoice(4), RecordState::DeletedInHubspot);
    portal.refused(&invoice(5), "2026-11-20T08:00:01Z");
    portal.refused(&invoice(6), NOW);
    // The first one belongs to nobody, so that it waits for nobody.
    let alone = SourceRecord { targets: Vec::new(), ..invoice(1) };
    portal.wrote(&alone, RecordState::InSync);
    let records: Vec<_> =
        [alone].into_iter().chain((2..=7).map(invoice)).chain([excluded(8, Exclusion::Credit)]).collect();
    insta::assert_snapshot!(portal.check(&records), @r"
    invoice: 8 in Kleer: 1 to create, 1 to update, 0 to deactivate, 1 unchanged, 1 waiting, 1 excluded, 1 pausing, 1 doubtful, 1 deleted in HubSpot, 0 refused
      ~ 6 → 906 hs_invoice_status=open hs_number=100 and 1 rows
      + 7 hs_invoice_status=open hs_number=100 and 1 rows
      x 8 credit
    ");
}

/// What was decided when a record was written may not hold any more, although nothing of the record has changed.
#[test]
fn waiting_begins_and_ends_without_a_change_of_the_record() {
    let mut portal = Portal::new();
    portal.wrote(&invoice(1), RecordState::Waiting);
    assert_eq!(portal.planned(&[invoice(1)]).count(ChangeKind::Update), 1, "nothing is awaited any more");
    portal.clients(true, &[]);
    portal.wrote(&invoice(1), RecordState::InSync);
    assert_eq!(portal.planned(&[invoice(1)]).count(ChangeKind::Update), 1, "its client is awaited now");
}

#[test]
fn a_stage_follows_where_there_are_stages() {
    let stages = Stages { pipeline: "p".to_owned(), open: "first".to_owned(), closed: "done".to_owned() };
    let check = |stages: Option<&Stages>, closed| {
        let portal = Portal { stages: stages.cloned(), ..Portal::new() };
        let plan = portal.planned(&[SourceRecord { closed, ..invoice(1) }]);
        plan.changes[0].content.stage.as_ref().map(|Stage { stage, .. }| stage.clone())
    };
    assert_eq!(check(Some(&stages), Some(false)).as_deref(), Some("first"));
    assert_eq!(check(Some(&stages), Some(true)).as_deref(), Some("done"));
    assert_eq!(check(Some(&stages), None), None);
    assert_eq!(check(None, Some(true)), None);
}

#[test]
fn what_others_find_it_by_travels_too() {
    let record = SourceRecord { number: Some("A-5".to_owned()), ..invoice(1) };
    let content = Portal::new().planned(std::slice::from_ref(&record)).changes.remove(0).content;
    assert_eq!((content.number, content.open_since), (record.number, record.open_since));
}
