use super::{FieldMapping, check_mappings};
use crate::tests::{SPEC, at, mapping};

fn check(mappings: &[FieldMapping]) -> String {
    let faults = check_mappings(&SPEC, mappings);
    faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_defaults_can_be_used() {
    let defaults = FieldMapping::defaults(&SPEC, at("2026-11-20T08:00:00Z"));
    assert_eq!(check(&defaults), "");
    let pairs: Vec<_> = defaults.iter().map(|one| (one.field.as_deref().unwrap(), one.property.as_str())).collect();
    assert_eq!(pairs, SPEC.default_mappings);
    assert!(defaults.iter().all(|one| one.default.is_none()));
}

#[test]
fn one_field_may_fill_two_properties_and_a_default_may_stand_alone() {
    assert_eq!(
        check(&[mapping("name", "name", ""), mapping("name", "legal_name", ""), mapping("", "source", "Kleer")]),
        ""
    );
}

#[test]
fn faults() {
    let twice = mapping("address.city", "city", "");
    insta::assert_snapshot!(check(&[]), @r#"the field "name" must be mapped before this type can be switched on"#);
    insta::assert_snapshot!(check(&[mapping("name", "name", ""), twice.clone(), twice]), @r#"the property "city" is mapped twice; keep one of the two mappings"#);
    insta::assert_snapshot!(check(&[mapping("name", "kleer_id", ""), mapping("nickname", "nick", "")]), @r#"
    the property "kleer_id" belongs to the connection itself and cannot be mapped
    Kleer has no field "nickname" on this type; remove the mapping or choose another field
    "#);
    // A default alone does not map the required field.
    insta::assert_snapshot!(check(&[mapping("", "name", "Nobody")]), @r#"the field "name" must be mapped before this type can be switched on"#);
}

#[test]
fn stored_mappings_are_read_again() {
    let json = serde_json::to_string(&mapping("name", "name", "")).unwrap();
    insta::assert_snapshot!(json, @r#"{"field":"name","property":"name","created_at":"2026-11-20T08:00:00Z","updated_at":"2026-11-20T08:00:00Z"}"#);
    assert_eq!(serde_json::from_str::<FieldMapping>(&json).unwrap(), mapping("name", "name", ""));
}
