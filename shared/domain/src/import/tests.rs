use super::{ImportInput, is_edited, plan_import};
use crate::projection::Projector;
use crate::tests::{decimal, definition, enumeration, mapping, schema, text};
use crate::{
    Base, Direction, EnumValue, FieldKind, FieldRule, FieldSpec, KleerId, Money, ObjectSpec, ObjectType, Properties,
    PropertyType, Value, Values, Writable,
};

static PROJECT: ObjectSpec = ObjectSpec {
    object: ObjectType::Project,
    label: "project",
    hubspot_object: "projects",
    direction: Direction::TwoWay,
    interval: std::time::Duration::from_secs(900),
    fields: &[
        FieldSpec { name: "name", label: "Name", kind: FieldKind::Text },
        FieldSpec { name: "comment", label: "Comment", kind: FieldKind::LongText },
        FieldSpec { name: "budget", label: "Budget", kind: FieldKind::Money },
        FieldSpec { name: "hours", label: "Hours", kind: FieldKind::Decimal },
        FieldSpec { name: "days", label: "Days", kind: FieldKind::Integer },
        FieldSpec { name: "opening", label: "Opening", kind: FieldKind::Date },
        FieldSpec { name: "fixed", label: "Fixed", kind: FieldKind::Boolean },
        FieldSpec { name: "delivery", label: "Delivery", kind: FieldKind::Enumeration(DELIVERY) },
    ],
    required: &["name"],
    default_mappings: &[],
    when_gone: None,
    reserved: &[],
    rules: &[
        FieldRule { field: "fixed", writable: Writable::OnlyAtCreation, clearable: false },
        FieldRule { field: "days", writable: Writable::Yes, clearable: false },
    ],
};

const DELIVERY: &[EnumValue] = &[EnumValue { value: "Email", label: "E-mail" }];

fn projector() -> Projector {
    let mappings = [
        mapping("name", "name", ""),
        mapping("comment", "comment", "(ingen)"),
        mapping("budget", "budget", ""),
        mapping("hours", "hours", ""),
        mapping("days", "days", ""),
        mapping("opening", "opening", ""),
        mapping("fixed", "fixed", ""),
        mapping("delivery", "delivery", ""),
        mapping("", "source", "Kleer"),
    ];
    let number = definition(PropertyType::Number);
    let schema = schema(&[
        ("name", definition(PropertyType::String)),
        ("comment", definition(PropertyType::String)),
        ("budget", number.clone()),
        ("hours", number.clone()),
        ("days", number),
        ("opening", definition(PropertyType::DateTime)),
        ("fixed", definition(PropertyType::Bool)),
        ("delivery", enumeration(&[("Email", "E-mail"), ("Mail", "Mail")])),
        ("source", definition(PropertyType::String)),
    ]);
    Projector::new(&PROJECT, &mappings, &schema)
}

fn values(pairs: &[(&'static str, Value)]) -> Values {
    pairs.iter().cloned().collect()
}

/// As both sides were when they were last synchronized.
fn kleer() -> Values {
    values(&[
        ("name", text("Bygge")),
        ("budget", Value::Money(Money(10_000))),
        ("hours", Value::Number(decimal("10"))),
        ("days", Value::Number(decimal("30"))),
        ("opening", Value::Date("2026-02-28".parse().unwrap())),
        ("fixed", Value::Boolean(true)),
        ("delivery", Value::Choice("Email".to_owned())),
    ])
}

fn told(values: &Values) -> Properties {
    let record = crate::SourceRecord { values: values.clone(), ..crate::SourceRecord::new(KleerId(17)) };
    projector().project(&record).unwrap()
}

/// The plan when `edits` were made in HubSpot and `changes` in Kleer since.
fn check(edits: &[(&str, &str)], changes: &[(&'static str, Option<Value>)]) -> String {
    let base = Base::of(&told(&kleer()));
    let hubspot = told(&kleer()).with(edits.iter().copied().collect());
    let mut now = kleer();
    for (field, value) in changes {
        now.remove(field);
        now.extend(value.clone().map(|value| (*field, value)));
    }
    let projector = projector();
    let input =
        ImportInput { projector: &projector, kleer_id: KleerId(17), base: &base, hubspot: &hubspot, kleer: &now };
    plan_import(&input).to_string()
}

#[test]
fn nothing_changed() {
    insta::assert_snapshot!(check(&[], &[]), @"project 17: nothing");
}

#[test]
fn hubspots_spelling_is_no_edit() {
    let spelled = [
        ("budget", "100.00"),
        ("hours", "10.0"),
        ("days", "30.000"),
        ("opening", "2026-02-28T00:00:00Z"),
        ("fixed", "True"),
        ("name", "Bygge "),
    ];
    insta::assert_snapshot!(check(&spelled, &[]), @"project 17: nothing");
}

#[test]
fn an_edit_goes_to_kleer() {
    let edits = [("name", "Ombygge"), ("budget", "250.50"), ("hours", "12.5"), ("opening", "2026-03-01T10:00:00Z")];
    insta::assert_snapshot!(check(&edits, &[]), @r"
    project 17: import
      budget > budget becomes “250.5”, was “100”
      hours > hours becomes “12.5”, was “10”
      name > name becomes “Ombygge”, was “Bygge”
      opening > opening becomes “2026-03-01T10:00:00.000Z”, was “2026-02-28T00:00:00.000Z”
    ");
}

#[test]
fn an_emptied_property_empties_the_field_where_it_can_be_empty() {
    let edits = [("budget", ""), ("opening", ""), ("days", ""), ("name", "")];
    insta::assert_snapshot!(check(&edits, &[]), @r"
    project 17: import
      budget > budget is emptied, was “100”
      days < days cannot be empty in Kleer: “30” instead of nothing
      name < name cannot be empty in Kleer: “Bygge” instead of nothing
      opening > opening is emptied, was “2026-02-28T00:00:00.000Z”
    ");
}

#[test]
fn different_fields_on_both_sides() {
    insta::assert_snapshot!(check(&[("hours", "12")], &[("name", Some(text("Ombygge")))]), @r"
    project 17: import
      hours > hours becomes “12”, was “10”
      name < name is newer in Kleer: “Ombygge” instead of “Bygge”
    ");
}

#[test]
fn the_same_field_on_both_sides() {
    insta::assert_snapshot!(check(&[("name", "Ombygge")], &[("name", Some(text("Nybygge")))]), @r"
    project 17: import
      name < name changed on both sides: “Nybygge” instead of “Ombygge”
    ");
    insta::assert_snapshot!(check(&[("name", "Nybygge")], &[("name", Some(text("Nybygge")))]), @r"
    project 17: import
      name = name says “Nybygge” too
    ");
    insta::assert_snapshot!(check(&[("budget", "x")], &[("budget", None)]), @r"
    project 17: import
      budget < budget changed on both sides: nothing instead of “x”
    ");
}

#[test]
fn a_default_is_never_written_to_kleer() {
    insta::assert_snapshot!(check(&[], &[]), @"project 17: nothing");
    insta::assert_snapshot!(check(&[("comment", "")], &[]), @r"
    project 17: import
      comment < comment means the same: “(ingen)” instead of nothing
    ");
    insta::assert_snapshot!(check(&[("source", "HubSpot")], &[]), @"project 17: nothing");
    insta::assert_snapshot!(check(&[("comment", "Etapp ett")], &[]), @r"
    project 17: import
      comment > comment becomes “Etapp ett”, was “(ingen)”
    ");
    // The record was never told the default, and a person wrote the same.
    let (projector, empty) = (projector(), Values::new());
    let hubspot: Properties = [("comment", "(ingen)")].into_iter().collect();
    let base = Base::default();
    let input =
        ImportInput { projector: &projector, kleer_id: KleerId(17), base: &base, hubspot: &hubspot, kleer: &empty };
    insta::assert_snapshot!(plan_import(&input), @r"
    project 17: import
      comment = comment says “(ingen)” too
    ");
}

#[test]
fn what_kleer_cannot_change_or_hold() {
    insta::assert_snapshot!(check(&[("fixed", "false"), ("budget", "0.005"), ("days", "halva")], &[]), @r"
    project 17: import
      budget ! budget: “0.005” is not an amount with at most two decimals
      days ! days: “halva” is not a number
      fixed < fixed cannot be changed in Kleer: “true” instead of “false”
    ");
}

#[test]
fn an_enumeration_ignores_case() {
    insta::assert_snapshot!(check(&[("delivery", "EMAIL")], &[]), @r"
    project 17: import
      delivery < delivery means the same: “Email” instead of “EMAIL”
    ");
    insta::assert_snapshot!(check(&[("delivery", "Mail")], &[]), @r"
    project 17: import
      delivery > delivery becomes “Mail”, was “Email”
    ");
}

#[test]
fn two_properties_of_one_field() {
    let mappings = [mapping("name", "label", ""), mapping("name", "name", "")];
    let plain = definition(PropertyType::String);
    let projector = Projector::new(&PROJECT, &mappings, &schema(&[("label", plain.clone()), ("name", plain)]));
    let base = Base::of(&[("label", "Bygge"), ("name", "Bygge")].into_iter().collect());
    let kleer = values(&[("name", text("Bygge"))]);
    let check = |label: &str, name: &str| {
        let hubspot: Properties = [("label", label), ("name", name)].into_iter().collect();
        let kleer_id = KleerId(17);
        let input = ImportInput { projector: &projector, kleer_id, base: &base, hubspot: &hubspot, kleer: &kleer };
        plan_import(&input).to_string()
    };
    insta::assert_snapshot!(check("Ett", "Två"), @r"
    project 17: import
      label > name becomes “Ett”, was “Bygge”
      name < name changed on both sides: “Bygge” instead of “Två”
    ");
    insta::assert_snapshot!(check("Ett", "Bygge"), @r"
    project 17: import
      label > name becomes “Ett”, was “Bygge”
    ");
}

#[test]
fn an_edit_is_seen_without_asking_kleer() {
    let (projector, base) = (projector(), Base::of(&told(&kleer())));
    let edited =
        |edits: &[(&str, &str)]| is_edited(&projector, &base, &told(&kleer()).with(edits.iter().copied().collect()));
    assert!(!edited(&[]) && !edited(&[("budget", "100.00"), ("source", "HubSpot"), ("unmapped", "x")]));
    assert!(edited(&[("budget", "101")]) && edited(&[("name", "")]) && edited(&[("comment", "x")]));
}

#[test]
fn only_what_differs_is_shown_again() {
    let (projector, base) = (projector(), Base::of(&told(&kleer())));
    let hubspot = told(&kleer()).with([("budget", "0.005"), ("name", "Bygge ")].into_iter().collect());
    let now = values(&[("name", text("Ombygge")), ("budget", Value::Money(Money(10_000)))]);
    let input =
        ImportInput { projector: &projector, kleer_id: KleerId(17), base: &base, hubspot: &hubspot, kleer: &now };
    let shown = plan_import(&input).shown(&projector, &hubspot, &told(&now));
    assert_eq!(shown.get("budget"), Some("100"), "what Kleer cannot hold stays for a person to mend");
    assert_eq!((shown.get("name"), shown.get("source")), (Some("Bygge"), None));
}
