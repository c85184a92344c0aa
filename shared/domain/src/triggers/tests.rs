use super::*;

#[test]
fn only_what_speaks_back_has_triggers() {
    let speaking: Vec<ObjectType> =
        ObjectType::ALL.into_iter().filter(|object| !triggers(*object).is_empty()).collect();
    assert_eq!(speaking, [ObjectType::Client, ObjectType::Project]);
}

#[test]
fn no_trigger_stands_twice_or_is_one_that_hubspot_never_announces() {
    for object in ObjectType::ALL {
        let all: std::collections::BTreeSet<&str> = triggers(object).iter().copied().collect();
        assert_eq!(all.len(), triggers(object).len(), "{object}");
        // contract hubspot-platform §4.2
        assert!(!all.contains("hs_lastmodifieddate") && !all.contains("num_unique_conversion_events"), "{object}");
    }
}
