use super::RecordState;

#[test]
fn states_have_names_in_the_store() {
    use RecordState::{DeletedInHubspot, DeletedInKleer, Failing, InSync};
    for state in [InSync, Failing, DeletedInKleer, DeletedInHubspot] {
        assert_eq!(RecordState::from_text(state.as_str()), Some(state));
        assert_eq!(serde_json::to_value(state).unwrap(), state.as_str());
    }
    assert_eq!(RecordState::from_text("merged"), None);
    assert_eq!(RecordState::default(), InSync);
}
