use super::{BindingSummary, RecordState};
use crate::Exclusion;

#[test]
fn states_have_names_in_the_store() {
    use RecordState::{DeletedInHubspot, DeletedInKleer, Doubtful, Excluded, Failing, InSync, Merged, Waiting};
    let states = [
        InSync,
        Failing,
        DeletedInKleer,
        DeletedInHubspot,
        Waiting,
        Excluded(Exclusion::Draft),
        Excluded(Exclusion::Credit),
        Excluded(Exclusion::OutsideWindow),
        Doubtful,
        Merged,
    ];
    insta::assert_snapshot!(states.map(RecordState::as_str).join("\n"), @r"
    in_sync
    failing
    deleted_in_kleer
    deleted_in_hubspot
    waiting
    excluded_draft
    excluded_credit
    excluded_outside_window
    doubtful
    merged
    ");
    for state in states {
        assert_eq!(RecordState::from_text(state.as_str()), Some(state));
        let json = serde_json::to_string(&state).unwrap();
        assert_eq!(serde_json::from_str::<RecordState>(&json).unwrap(), state);
        if let Excluded(exclusion) = state {
            assert_eq!(state.as_str(), format!("excluded_{}", exclusion.as_str()));
            assert_eq!(serde_json::to_value(exclusion).unwrap(), exclusion.as_str());
        } else {
            assert_eq!(serde_json::to_value(state).unwrap(), state.as_str());
        }
    }
    for other in ["unknown", "excluded", "excluded_", ""] {
        assert_eq!(RecordState::from_text(other), None, "{other}");
    }
}

#[test]
fn a_new_binding_was_never_written() {
    let new = BindingSummary::default();
    assert_eq!((new.version, new.state), (0, RecordState::InSync));
    assert!(new.hubspot_id.is_none() && new.fingerprint.is_none());
}
