use super::{FieldMapping, MappingFault, check_mappings};
use crate::tests::{INVOICE, SPEC, at, mapping};

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
fn properties_that_are_written_anyway_cannot_be_mapped() {
    let check = |mappings: &[FieldMapping]| {
        let faults = check_mappings(&INVOICE, mappings);
        faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
    };
    // The two by which records are found, on every type; and what keeps HubSpot from charging, as a default too.
    let mappings = [
        mapping("invoice-nr", "kleer_id", ""),
        mapping("notes", "kleer_sync_key", ""),
        mapping("", "hs_invoice_billable", "true"),
        mapping("_status", "hs_invoice_status", ""),
    ];
    insta::assert_snapshot!(check(&mappings), @r#"
    the property "kleer_id" belongs to the connection itself and cannot be mapped
    the property "kleer_sync_key" belongs to the connection itself and cannot be mapped
    the property "hs_invoice_billable" belongs to the connection itself and cannot be mapped
    "#);
    insta::assert_snapshot!(check(&[mapping("notes", "hs_invoice_billable", ""), mapping("", "hs_invoice_billable", "true")]), @r#"
    the property "hs_invoice_billable" belongs to the connection itself and cannot be mapped
    the property "hs_invoice_billable" is mapped twice; keep one of the two mappings
    the property "hs_invoice_billable" belongs to the connection itself and cannot be mapped
    "#);
    // On every type: any of them may go to the object that has it.
    let names = ["hs_invoice_billable", "hs_invoice_creation"];
    for (spec, name) in [&SPEC, &INVOICE].into_iter().flat_map(|spec| names.map(|name| (spec, name))) {
        let faults = check_mappings(spec, &[mapping("name", "name", ""), mapping("", name, "true")]);
        assert!(faults.contains(&MappingFault::ReservedProperty(name.to_owned())), "{name}");
    }
}

#[test]
fn the_twin_of_a_mapped_property() {
    let check = |field: &str, property: &str| mapping(field, property, "x").twin().unwrap_or_default();
    assert_eq!(check("_status", "hs_status"), "kleer_status");
    assert_eq!(check("address.zip-code", "zip"), "kleer_address_zip_code");
    assert_eq!(check("active", "kleer_active"), "", "it is its own");
    assert_eq!(check("", "source"), "", "a default is no field");
}

#[test]
fn stored_mappings_are_read_again() {
    let json = serde_json::to_string(&mapping("name", "name", "")).unwrap();
    insta::assert_snapshot!(json, @r#"{"field":"name","property":"name","created_at":"2026-11-20T08:00:00Z","updated_at":"2026-11-20T08:00:00Z"}"#);
    assert_eq!(serde_json::from_str::<FieldMapping>(&json).unwrap(), mapping("name", "name", ""));
}
