//! What a list does not have: gone, or only outside of it.

use super::portal::{Portal, invoice};
use super::unreadable;
use crate::plan::ChangeKind;
use crate::{Exclusion, Fingerprint, KleerId, Place, RecordState, Targets};

/// A portal that knows invoices 1 to 3, and has none of these in HubSpot: 4 was refused, 5 is a draft, 6 was deleted there.
fn known() -> Portal {
    let mut portal = Portal::new();
    for id in 1..=3 {
        portal.wrote(&invoice(id), RecordState::InSync);
    }
    portal.has_none(4, RecordState::Failing);
    portal.has_none(5, RecordState::Excluded(Exclusion::Draft));
    portal.wrote(&invoice(6), RecordState::DeletedInHubspot);
    portal
}

/// What is said to be gone, and what is forgotten.
fn check(portal: &Portal, listed: &[i64]) -> String {
    let records: Vec<_> = listed.iter().copied().map(invoice).collect();
    let plan = portal.planned(&records);
    let gone = plan.changes.iter().filter(|change| change.kind == ChangeKind::Deactivate);
    let gone: Vec<_> = gone.map(|change| change.kleer_id.0).collect();
    let mut vanished: Vec<_> = plan.vanished.iter().map(|id| id.0).collect();
    vanished.sort_unstable();
    format!("gone {gone:?} vanished {vanished:?}")
}

fn gone(ids: &[i64]) -> Portal {
    Portal { gone: ids.iter().copied().map(KleerId).collect(), ..known() }
}

#[test]
fn a_window_says_nothing_of_what_it_does_not_show() {
    assert_eq!(check(&known(), &[1]), "gone [] vanished []");
    assert_eq!(check(&known(), &[]), "gone [] vanished []");
}

#[test]
fn a_complete_list_does() {
    let complete = Portal { complete: true, ..known() };
    assert_eq!(check(&complete, &[1]), "gone [2, 3] vanished [4, 5, 6]");
    assert_eq!(check(&complete, &[3, 4, 5, 6]), "gone [1, 2] vanished []");
    assert_eq!(check(&complete, &[]), "gone [] vanished []", "an empty list is more likely a fault");
}

#[test]
fn what_was_asked_for_and_is_not_in_kleer_is_gone_even_from_a_window() {
    let portal = gone(&[2, 4, 6, 99]);
    assert_eq!(check(&portal, &[1]), "gone [2] vanished [4, 6]");
    assert_eq!(check(&portal, &[]), "gone [2] vanished [4, 6]", "it was asked for by itself");
    assert_eq!(check(&portal, &[2, 4, 6]), "gone [] vanished []", "but it is there");
    insta::assert_snapshot!(portal.check(&[invoice(1)]), @r"
    invoice: 1 in Kleer: 0 to create, 0 to update, 1 to deactivate, 1 unchanged, 0 waiting, 0 excluded, 0 pausing, 0 doubtful, 0 deleted in HubSpot, 0 refused
      - 2 → 902 hs_invoice_status=voided
    ");
}

#[test]
fn a_record_without_a_readable_id_hides_the_missing_but_not_the_gone() {
    let portal = Portal { complete: true, ..gone(&[2]) };
    let plan = portal.planned_of(vec![Ok(invoice(1)), unreadable(None, "id")]);
    let gone: Vec<_> = plan.changes.iter().map(|change| (change.kind, change.kleer_id.0)).collect();
    assert_eq!(gone, [(ChangeKind::Deactivate, 2)]);
    assert_eq!(plan.vanished, []);
    // One that could not be read, but says who it is, is there.
    let plan = portal.planned_of(vec![Ok(invoice(1)), unreadable(Some(2), "currency")]);
    assert_eq!(plan.changes.iter().map(|change| change.kleer_id.0).collect::<Vec<_>>(), [3]);
}

#[test]
fn several_records_without_a_readable_id_are_one_problem() {
    let plan = Portal::new().planned_of(vec![unreadable(None, "id"), unreadable(None, ""), unreadable(None, "id")]);
    assert_eq!((plan.problems.len(), plan.unreadable, plan.refused(), plan.source), (1, 3, 3, 3));
    insta::assert_snapshot!(plan.problems[0].message, @"Kleer's answer could not be read: the field id: it holds `x`. There are 3 such records.");
}

#[test]
fn gone_is_said_once() {
    let mut portal = gone(&[2]);
    let plan = portal.planned(&[]);
    let place = Place { hubspot_object: "invoices", line_object: "line_items" };
    let said = plan.changes[0].content.link(place, &Targets::default()).fingerprint;
    let refused = portal.with(|input| Fingerprint::of("invoices", &input.projector.deactivated()));
    assert_eq!(said, refused, "so that a refusal of it pauses");
    let binding = portal.bindings.get_mut(&KleerId(2)).unwrap();
    binding.state = RecordState::DeletedInKleer;
    assert_eq!(check(&portal, &[1]), "gone [] vanished []");
}
