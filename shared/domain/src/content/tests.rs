use jiff::civil::date;

use super::{Content, Linked, Place, Row, Stage};
use crate::tests::{in_hubspot, target_type};
use crate::{
    Base, BindingSummary, Fingerprint, KleerId, ObjectType, Properties, RecordState, Reference, Target, TargetType,
    Targets,
};

const INVOICES: Place<'_> = Place { hubspot_object: "invoices", line_object: "line_items" };

fn properties(pairs: &[(&str, &str)]) -> Properties {
    pairs.iter().copied().collect()
}

fn row(key: &str, name: &str, product: Option<i64>) -> Row {
    Row { key: key.to_owned(), properties: properties(&[("name", name)]), product: product.map(KleerId) }
}

fn client(id: i64) -> Target {
    Target::id(ObjectType::Client, KleerId(id))
}

fn product(id: i64) -> Target {
    Target::id(ObjectType::Product, KleerId(id))
}

/// The agreement with id 5.
fn number() -> Target {
    Target { object: ObjectType::Agreement, reference: Reference::Number("A-5".to_owned()) }
}

fn stage(closed: bool) -> Option<Stage> {
    let stage = if closed { "done" } else { "first" };
    Some(Stage { closed, pipeline: "p".to_owned(), stage: stage.to_owned() })
}

/// A portal with clients 12 and 14, products 5 and 7 and agreement 5; all others are still to come.
fn portal() -> Targets {
    let agreement = BindingSummary { number: Some("A-5".to_owned()), ..in_hubspot(5) };
    let mut targets = Targets::default();
    targets.add(ObjectType::Client, target_type("companies", &[(12, in_hubspot(12)), (14, in_hubspot(14))]));
    targets.add(ObjectType::Product, target_type("products", &[(5, in_hubspot(5)), (7, in_hubspot(7))]));
    targets.add(ObjectType::Agreement, target_type("subscriptions", &[(5, agreement)]));
    targets
}

/// The same with one type switched off, and without its records.
fn without(object: ObjectType) -> Targets {
    let mut targets = portal();
    targets.add(object, TargetType::default());
    targets
}

/// An invoice of two rows with everything that contents have, invoices or not.
fn content() -> Content {
    Content {
        properties: properties(&[("hs_number", "1"), ("notes", "")]),
        rows: vec![row("row-0", "Chair", Some(5)), row("row-1", "Table", None)],
        targets: vec![client(12), number()],
        stage: stage(false),
        number: Some("A-1".to_owned()),
        open_since: Some(date(2026, 11, 20)),
    }
}

fn mark(content: &Content) -> Fingerprint {
    content.link(INVOICES, &portal()).fingerprint
}

/// The fingerprint of the invoice after one change of it.
fn changed(change: impl FnOnce(&mut Content)) -> Fingerprint {
    let mut content = content();
    change(&mut content);
    mark(&content)
}

/// What was found, printed.
fn check(content: &Content, targets: &Targets) -> String {
    let Linked { rows, associations, awaited, .. } = content.link(INVOICES, targets);
    let row = |(key, properties): &(String, Properties)| {
        let pairs: Vec<_> = properties.iter().map(|(name, value)| format!("{name}={value}")).collect();
        format!("{key} {}", pairs.join(" "))
    };
    let rows = rows.iter().map(row);
    let associations = associations.iter().map(|one| format!("→ {} {}", one.hubspot_object, one.hubspot_id));
    let awaited = awaited.iter().map(|one| format!("… {}", serde_json::to_string(one).unwrap()));
    rows.chain(associations).chain(awaited).collect::<Vec<_>>().join("\n")
}

#[test]
fn what_it_refers_to_is_found() {
    insta::assert_snapshot!(check(&content(), &portal()), @r"
    row-0 hs_product_id=905 name=Chair
    row-1 name=Table
    → companies 9012
    → subscriptions 905
    ");
}

#[test]
fn what_is_not_there_yet_is_awaited_once() {
    let rows = vec![row("row-0", "Chair", Some(6)), row("row-1", "Table", Some(6)), row("row-2", "Lamp", Some(5))];
    let content = Content { rows, targets: vec![client(13), client(12)], ..content() };
    insta::assert_snapshot!(check(&content, &portal()), @r#"
    row-0 name=Chair
    row-1 name=Table
    row-2 hs_product_id=905 name=Lamp
    → companies 9012
    … {"object":"product","id":6}
    … {"object":"client","id":13}
    "#);
}

#[test]
fn what_never_comes_is_not_waited_for() {
    let off = |content: &Content| {
        let mut targets = without(ObjectType::Client);
        targets.add(ObjectType::Product, TargetType::default());
        check(content, &targets)
    };
    insta::assert_snapshot!(off(&Content { targets: vec![client(13)], ..content() }), @r"
    row-0 name=Chair
    row-1 name=Table
    ");
    let unknown = Target { reference: Reference::Number("A-6".to_owned()), ..number() };
    let content = Content { rows: vec![], targets: vec![unknown], ..content() };
    assert_eq!(check(&content, &portal()), "");
}

#[test]
fn two_names_of_one_record_are_one_association() {
    let by_id = Target::id(ObjectType::Agreement, KleerId(5));
    let content = Content { rows: vec![], targets: vec![by_id.clone(), number()], ..content() };
    assert_eq!(check(&content, &portal()), "→ subscriptions 905");
    assert_eq!(mark(&content), mark(&Content { targets: vec![by_id], ..content.clone() }));
}

#[test]
fn a_product_that_a_default_named_gives_way_to_the_rows_own() {
    let default = Row { properties: properties(&[("hs_product_id", "1")]), ..row("row-0", "", Some(5)) };
    let content = |row| Content { rows: vec![row], ..Content::default() };
    assert_eq!(check(&content(default.clone()), &portal()), "row-0 hs_product_id=905");
    assert_eq!(check(&content(Row { product: None, ..default }), &portal()), "row-0 hs_product_id=1");
}

#[test]
fn every_part_has_a_say_in_the_fingerprint() {
    let all = [
        ("the invoice", mark(&content())),
        ("another value", changed(|c| c.properties.set("hs_number", "2"))),
        ("a value that came", changed(|c| c.properties.set("notes", "x"))),
        ("a property more", changed(|c| c.properties.set("other", ""))),
        ("no properties", changed(|c| c.properties = Properties::default())),
        ("a row's value", changed(|c| c.rows[1].properties.set("name", "Desk"))),
        ("a row's property", changed(|c| c.rows[1].properties.set("unit", ""))),
        ("a row's key", changed(|c| c.rows[1].key = "first-1".to_owned())),
        ("a row more", changed(|c| c.rows.push(row("row-2", "Lamp", None)))),
        ("an empty row more", changed(|c| c.rows.push(Row::default()))),
        ("a row in the middle", changed(|c| c.rows.insert(1, row("row-2", "Lamp", None)))),
        ("the first row gone", changed(|c| drop(c.rows.remove(0)))),
        ("the last row gone", changed(|c| drop(c.rows.pop()))),
        ("no rows", changed(|c| c.rows.clear())),
        ("the other order", changed(|c| c.rows.reverse())),
        ("another product", changed(|c| c.rows[0].product = Some(KleerId(7)))),
        ("a product on the other row too", changed(|c| c.rows[1].product = Some(KleerId(5)))),
        ("no product", changed(|c| c.rows[0].product = None)),
        ("another client", changed(|c| c.targets[0] = client(14))),
        ("no client", changed(|c| drop(c.targets.remove(0)))),
        ("no agreement", changed(|c| drop(c.targets.pop()))),
        ("two clients", changed(|c| c.targets.push(client(14)))),
        ("closed", changed(|c| c.stage = stage(true))),
        ("no stage", changed(|c| c.stage = None)),
        ("another number", changed(|c| c.number = Some("A-2".to_owned()))),
        ("no number", changed(|c| c.number = None)),
        ("open since another day", changed(|c| c.open_since = Some(date(2026, 11, 21)))),
        ("paid", changed(|c| c.open_since = None)),
        ("its object", content().link(Place { hubspot_object: "2-77", ..INVOICES }, &portal()).fingerprint),
        ("its rows' object", content().link(Place { line_object: "2-78", ..INVOICES }, &portal()).fingerprint),
        ("nothing", mark(&Content::default())),
        ("nothing but a row", mark(&Content { rows: vec![Row::default()], ..Content::default() })),
    ];
    for (place, (what, one)) in all.iter().enumerate() {
        let first = all.iter().position(|(_, other)| other == one);
        assert_eq!(first, Some(place), "{what} is like {}", all[first.unwrap()].0);
    }
}

#[test]
fn what_is_not_written_has_none() {
    let all = [
        ("a client that is awaited", changed(|c| c.targets.push(client(13)))),
        ("a number that nobody has", changed(|c| c.targets.push(Target { object: ObjectType::Client, ..number() }))),
        ("the order of targets", changed(|c| c.targets.reverse())),
        ("a target twice", changed(|c| c.targets.push(client(12)))),
        ("a product that is awaited", changed(|c| c.rows[1].product = Some(KleerId(6)))),
        // The user's choice of a pipeline moves no project that stands in one.
        ("the pipeline", changed(|c| c.stage = stage(false).map(|stage| Stage { pipeline: "q".to_owned(), ..stage }))),
        ("the stage", changed(|c| c.stage = stage(false).map(|stage| Stage { stage: "2".to_owned(), ..stage }))),
    ];
    for (what, one) in all {
        assert_eq!(one, mark(&content()), "{what}");
    }
    let rowless = Content { rows: vec![], ..content() };
    let elsewhere = Place { line_object: "2-78", ..INVOICES };
    assert_eq!(rowless.link(elsewhere, &portal()).fingerprint, mark(&rowless), "the rows' object without rows");
}

#[test]
fn it_changes_when_what_was_missing_comes_or_goes() {
    let mark = |targets: &Targets| content().link(INVOICES, targets).fingerprint;
    let complete = mark(&portal());
    for object in [ObjectType::Client, ObjectType::Product, ObjectType::Agreement] {
        let awaited = {
            let mut targets = without(object);
            targets.add(object, target_type("none yet", &[]));
            mark(&targets)
        };
        assert_ne!(awaited, complete, "{object} is not there yet");
        assert_eq!(awaited, mark(&without(object)), "{object}: whether it is waited for writes nothing");
    }
    let mut deleted = portal();
    let gone = BindingSummary { state: RecordState::DeletedInHubspot, ..in_hubspot(12) };
    deleted.add(ObjectType::Client, target_type("companies", &[(12, gone)]));
    assert_eq!(mark(&deleted), mark(&without(ObjectType::Client)));
    let mut elsewhere = portal();
    elsewhere.add(ObjectType::Client, target_type("2-77", &[(12, in_hubspot(12))]));
    assert_ne!(mark(&elsewhere), complete, "the same id of another object is another record");
    let mut made_again = portal();
    made_again.add(ObjectType::Client, target_type("companies", &[(12, in_hubspot(99))]));
    assert_ne!(mark(&made_again), complete);
}

#[test]
fn it_never_changes_between_releases() {
    // Stored in every binding: another value would write every record of every portal once more.
    insta::assert_snapshot!(mark(&content()).to_text(), @"yUESxrg2l9UHO43ZUvjOyw");
    // A record without rows and targets is its properties, as it was before there were any.
    let plain = Content { properties: content().properties, ..Content::default() };
    assert_eq!(mark(&plain), Fingerprint::of("invoices", &plain.properties));
}

#[test]
fn all_targets_are_named() {
    let content = Content { rows: vec![row("row-0", "", Some(5)), row("row-1", "", Some(6))], ..content() };
    let all: Vec<_> = content.all_targets().collect();
    assert_eq!(all, [client(12), number(), product(5), product(6)]);
    assert_eq!(Content::default().all_targets().count(), 0);
}

#[test]
fn the_base_remembers_kleers_status_and_not_the_stage() {
    let [open, closed] = [false, true].map(|closed| stage(closed).unwrap());
    let base = Base::of(&properties(&[("hs_pipeline_stage", "first")]));
    assert!(!open.is_known(&base) && !closed.is_known(&base), "what a user or another program wrote says nothing");
    let told = base.with(&open.remembered());
    assert!(open.is_known(&told) && !closed.is_known(&told));
    let moved = Stage { pipeline: "q".to_owned(), stage: "second".to_owned(), ..stage(false).unwrap() };
    assert!(moved.is_known(&told), "another pipeline moves nobody");
    let told = Base::from_text(&told.with(&closed.remembered()).to_text());
    assert!(closed.is_known(&told) && !open.is_known(&told));
    assert!(told.matches("hs_pipeline_stage", "first"), "the rest of the base stays");
    assert_eq!(open.properties(), properties(&[("hs_pipeline", "p"), ("hs_pipeline_stage", "first")]));
}

#[test]
fn contents_in_messages() {
    let json = serde_json::to_string(&content()).unwrap();
    insta::assert_snapshot!(json, @r#"{"properties":{"hs_number":"1","notes":""},"rows":[{"key":"row-0","properties":{"name":"Chair"},"product":5},{"key":"row-1","properties":{"name":"Table"}}],"targets":[{"object":"client","id":12},{"object":"agreement","number":"A-5"}],"stage":{"closed":false,"pipeline":"p","stage":"first"},"number":"A-1","open_since":"2026-11-20"}"#);
    assert_eq!(serde_json::from_str::<Content>(&json).unwrap(), content());
    assert_eq!(serde_json::to_string(&Content::default()).unwrap(), r#"{"properties":{}}"#);
}
