//! Records that we made in Kleer.

use insta::assert_snapshot;

use super::portal::{Portal, invoice};
use super::{NOW, at, client, planned};
use crate::{BindingSummary, Exclusion, HubspotId, KleerId, RecordState, SourceRecord};

fn made_for(id: i64, foreign_id: &str) -> SourceRecord {
    SourceRecord { foreign_id: Some(foreign_id.to_owned()), ..client(id, "Ny AB") }
}

/// What is planned for a new client with that foreign id, while HubSpot's record 9 is client 2's.
fn planned_for(foreign_id: &str) -> String {
    let other = BindingSummary { version: 1, hubspot_id: Some(HubspotId("9".to_owned())), ..BindingSummary::default() };
    let plan = planned(&[(2, other)], vec![Ok(made_for(1, foreign_id))], false);
    let change = &plan.changes[0];
    format!("{:?} {:?}", change.kind, change.hubspot_id.as_ref().map(HubspotId::as_str))
}

#[test]
fn a_new_record_is_written_to_the_one_it_was_made_for() {
    assert_snapshot!(planned_for("hs:42:companies:7:create-client"), @r#"Update Some("7")"#);
    assert_snapshot!(planned_for("hs:42:companies:7:create-client:2"), @r#"Update Some("7")"#);
    // Another portal's, another object's, another client's by now, and not ours at all.
    for foreign_id in ["hs:43:companies:7:x", "hs:42:deals:7:x", "hs:42:companies:9:x", "K-17"] {
        assert_eq!(planned_for(foreign_id), "Create None", "{foreign_id}");
    }
}

#[test]
fn a_draft_that_hubspot_refused_is_tried_again() {
    let draft = SourceRecord { exclusion: Some(Exclusion::Draft), ..invoice(1) };
    let failing = BindingSummary {
        version: 1,
        state: RecordState::Failing,
        retry_at: Some(at(NOW)),
        ..BindingSummary::default()
    };
    let mut portal = Portal::new();
    portal.bindings.insert(KleerId(1), failing);
    assert_eq!(portal.planned(std::slice::from_ref(&draft)).changes.len(), 1);
    assert_eq!(portal.planned(&[draft]).excluded, 0);
    // An older invoice that HubSpot refused leaves the window as any other.
    let old = SourceRecord { exclusion: Some(Exclusion::OutsideWindow), ..invoice(1) };
    assert_eq!(portal.planned(&[old]).excluded, 1);
}
