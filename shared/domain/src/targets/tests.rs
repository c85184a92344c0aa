use super::{Resolved, TargetType, Targets};
use crate::tests::{in_hubspot, target_type};
use crate::{BindingSummary, Exclusion, KleerId, ObjectType, RecordState, Reference, Target};

const STATES: [RecordState; 7] = [
    RecordState::InSync,
    RecordState::Failing,
    RecordState::DeletedInKleer,
    RecordState::DeletedInHubspot,
    RecordState::Waiting,
    RecordState::Excluded(Exclusion::Draft),
    RecordState::Doubtful,
];

fn client(id: i64) -> Target {
    Target::id(ObjectType::Client, KleerId(id))
}

fn agreement(number: &str) -> Target {
    Target { object: ObjectType::Agreement, reference: Reference::Number(number.to_owned()) }
}

/// What becomes of a target, printed.
fn check(targets: &Targets, target: &Target) -> String {
    match targets.resolve(target) {
        Resolved::Found { hubspot_object, hubspot_id } => format!("{hubspot_object} {hubspot_id}"),
        Resolved::Awaited => "awaited".to_owned(),
        Resolved::Never => "never".to_owned(),
    }
}

/// A portal of one type.
fn of(object: ObjectType, known: TargetType) -> Targets {
    let mut targets = Targets::default();
    targets.add(object, known);
    targets
}

/// What becomes of client 12, by the state of its binding.
fn by_state(enabled: bool, has_record: bool) -> String {
    let line = |state: RecordState| {
        let hubspot_id = in_hubspot(12).hubspot_id.filter(|_| has_record);
        let binding = BindingSummary { state, hubspot_id, ..in_hubspot(12) };
        let known = TargetType { enabled, ..target_type("companies", &[(12, binding)]) };
        format!("{}: {}", state.as_str(), check(&of(ObjectType::Client, known), &client(12)))
    };
    STATES.map(line).join("\n")
}

#[test]
fn what_is_in_hubspot_is_found_unless_it_was_deleted_there() {
    let expected = by_state(true, true);
    insta::assert_snapshot!(expected, @r"
    in_sync: companies 9012
    failing: companies 9012
    deleted_in_kleer: companies 9012
    deleted_in_hubspot: never
    waiting: companies 9012
    excluded_draft: companies 9012
    doubtful: companies 9012
    ");
    assert_eq!(by_state(false, true), expected, "a type that was switched off leaves its records there");
}

#[test]
fn what_is_not_there_yet_is_awaited_while_its_type_is_on() {
    insta::assert_snapshot!(by_state(true, false), @r"
    in_sync: awaited
    failing: awaited
    deleted_in_kleer: awaited
    deleted_in_hubspot: never
    waiting: awaited
    excluded_draft: awaited
    doubtful: awaited
    ");
    insta::assert_snapshot!(by_state(false, false), @r"
    in_sync: never
    failing: never
    deleted_in_kleer: never
    deleted_in_hubspot: never
    waiting: never
    excluded_draft: never
    doubtful: never
    ");
}

#[test]
fn what_was_never_seen() {
    let known = target_type("companies", &[(12, in_hubspot(12))]);
    assert_eq!(check(&of(ObjectType::Client, known.clone()), &client(13)), "awaited");
    let off = TargetType { enabled: false, ..known.clone() };
    assert_eq!(check(&of(ObjectType::Client, off), &client(13)), "never");
    // A type that this portal does not know at all; the same id of another type is another record.
    assert_eq!(check(&Targets::default(), &client(12)), "never");
    assert_eq!(check(&of(ObjectType::Product, known), &client(12)), "never");
}

#[test]
fn it_is_found_on_the_object_that_its_type_goes_to() {
    let targets = of(ObjectType::Client, target_type("2-77", &[(12, in_hubspot(12))]));
    assert_eq!(check(&targets, &client(12)), "2-77 9012");
}

fn numbered(id: i64, number: &str) -> (i64, BindingSummary) {
    (id, BindingSummary { number: Some(number.to_owned()), ..in_hubspot(id) })
}

#[test]
fn a_number_that_one_record_has_names_it() {
    let targets = of(ObjectType::Agreement, target_type("subscriptions", &[numbered(5, "A-5"), numbered(6, "A-6")]));
    assert_eq!(check(&targets, &agreement("A-5")), "subscriptions 905");
    assert_eq!(check(&targets, &agreement("A-6")), "subscriptions 906");
    for other in ["A-7", "a-5", "A-5 ", ""] {
        assert_eq!(check(&targets, &agreement(other)), "never", "{other}");
    }
    let client = Target { object: ObjectType::Client, ..agreement("A-5") };
    assert_eq!(check(&targets, &client), "never", "numbers are those of a type");
}

#[test]
fn a_number_that_several_records_have_names_none() {
    let three = [numbered(5, "A-5"), numbered(6, "A-5"), numbered(7, "A-5"), numbered(8, "A-8")];
    let targets = of(ObjectType::Agreement, target_type("subscriptions", &three));
    assert_eq!(check(&targets, &agreement("A-5")), "never");
    assert_eq!(check(&targets, &agreement("A-8")), "subscriptions 908");
}

#[test]
fn a_number_is_never_waited_for() {
    let unwritten = BindingSummary { hubspot_id: None, ..numbered(5, "A-5").1 };
    let deleted = BindingSummary { state: RecordState::DeletedInHubspot, ..numbered(6, "A-6").1 };
    let targets = of(ObjectType::Agreement, target_type("subscriptions", &[(5, unwritten), (6, deleted)]));
    assert_eq!(check(&targets, &agreement("A-5")), "never");
    assert_eq!(check(&targets, &agreement("A-6")), "never");
}

#[test]
fn a_type_that_is_told_again_says_the_same() {
    let mut targets = of(ObjectType::Agreement, target_type("subscriptions", &[numbered(5, "A-5")]));
    targets.add(ObjectType::Agreement, target_type("subscriptions", &[numbered(5, "A-5")]));
    assert_eq!(check(&targets, &agreement("A-5")), "subscriptions 905");
}

#[test]
fn targets_in_messages() {
    let json = serde_json::to_string(&[client(12), agreement("A-5")]).unwrap();
    insta::assert_snapshot!(json, @r#"[{"object":"client","id":12},{"object":"agreement","number":"A-5"}]"#);
    assert_eq!(serde_json::from_str::<[Target; 2]>(&json).unwrap(), [client(12), agreement("A-5")]);
}
