use domain::projection::KEY_PROPERTY;
use domain::{
    Change, ChangeKind, Content, Exclusion, HubspotId, KleerCompanyId, KleerId, ObjectType, PortalId, Properties,
    Reference, Row, RunId, Stage, Target,
};
use jiff::civil::date;
use queue::{BODY_LIMIT, Envelope, Job, Page};

use super::{Cut, PAGE_LIMIT, Pages, length};

fn change(id: i64, value: &str) -> Change {
    let properties = [("name", value), (KEY_PROPERTY, "")].into_iter().collect();
    Change {
        kind: ChangeKind::Create,
        kleer_id: KleerId(id),
        hubspot_id: None,
        version: 0,
        content: Content { properties, ..Content::default() },
    }
}

fn pages(changes: Vec<Change>) -> Vec<Page> {
    let run = RunId("1795075200000-1".to_owned());
    let object = ObjectType::Client;
    let (hubspot_object, line_object, key, line_key) = ("companies", "line_items", "kleer_id", "kleer_sync_key");
    let mut cut = Pages::new(Cut { run: &run, object, hubspot_object, line_object, key, line_key });
    let mut pages = cut.add(changes);
    pages.extend(cut.finish());
    assert_eq!(cut.count(), pages.len() as u64);
    assert!(pages.iter().map(|page| page.number).eq(0..pages.len() as u64));
    for page in &pages {
        assert_eq!((&page.run, page.object), (&run, object));
        assert_eq!((page.hubspot_object.as_str(), page.line_object.as_str()), (hubspot_object, line_object));
        assert_eq!((page.key.as_str(), page.line_key.as_str()), (key, line_key));
        assert!(body(page) <= BODY_LIMIT, "{} bytes", body(page));
    }
    pages
}

fn sizes(pages: &[Page]) -> Vec<usize> {
    pages.iter().map(|page| page.changes.len()).collect()
}

/// The pages, after a look at what must hold of any: nothing lost, in order, numbered, and none too long for a message.
fn check(changes: &[Change]) -> Vec<usize> {
    let pages = pages(changes.to_vec());
    assert!(pages.iter().flat_map(|page| &page.changes).eq(changes));
    sizes(&pages)
}

fn body(page: &Page) -> usize {
    let envelope = Envelope::new(PortalId(i64::MAX), Some(KleerCompanyId(i64::MAX)), Job::Page(page.clone()));
    serde_json::to_string(&envelope).unwrap().len()
}

fn many(count: i64, value: &str) -> Vec<Change> {
    (1..=count).map(|id| change(id, value)).collect()
}

#[test]
fn whole_batches_fill_a_page() {
    assert_eq!(PAGE_LIMIT % hubspot::BATCH_LIMIT, 0);
    assert_eq!(check(&[]), [0; 0]);
    assert_eq!(check(&many(1, "A")), [1]);
    assert_eq!(check(&many(300, "A")), [300]);
    assert_eq!(check(&many(301, "A")), [300, 1]);
    assert_eq!(check(&many(750, "A")), [300, 300, 150]);
}

#[test]
fn long_values_make_smaller_pages() {
    assert_eq!(check(&many(100, &"x".repeat(20_000))), [18, 18, 18, 18, 18, 10]);
    assert_eq!(check(&many(3, &"x".repeat(200_000))), [1, 1, 1]);
    let mixed: Vec<Change> =
        (0..30).map(|id| change(id + 1, &"å".repeat(if id % 7 == 0 { 100_000 } else { 10 }))).collect();
    assert_eq!(check(&mixed), [7, 7, 7, 7, 2]);
}

#[test]
fn what_json_writes_longer_counts_longer() {
    for nasty in ["\"", "\\", "\n", "\u{1}", "\u{7f}", "å", "\u{2028}", "😀"] {
        let pages = check(&many(100, &nasty.repeat(16_000)));
        assert!(pages.len() > 1, "{nasty:?} {pages:?}");
    }
}

/// A page that is cut short for its length still ends where a batch of HubSpot's ends.
#[test]
fn a_short_page_ends_with_a_whole_batch() {
    assert_eq!(check(&many(300, &"x".repeat(1_500))), [200, 100]);
    assert_eq!(check(&many(300, &"x".repeat(2_500))), [100, 100, 100]);
    assert_eq!(check(&many(300, &"x".repeat(5_000))), [72, 72, 72, 72, 12]);
}

/// What is put off to the next page must not make that one too long.
#[test]
fn what_is_put_off_is_cut_as_well() {
    let mut changes = many(100, "A");
    changes.extend((101..=104).map(|id| change(id, &"x".repeat(250_000))));
    changes.push(change(105, "A"));
    assert_eq!(check(&changes), [100, 1, 1, 1, 2]);
    let mut changes = many(250, "A");
    changes.extend((251..=253).map(|id| change(id, &"x".repeat(200_000))));
    assert_eq!(check(&changes), [200, 51, 1, 1]);
}

/// They write nothing to HubSpot; among the others they would leave batches half empty.
#[test]
fn what_is_excluded_comes_last() {
    let excluded =
        |change: Change| Change { kind: ChangeKind::Exclude(Exclusion::Draft), content: Content::default(), ..change };
    let mixed =
        many(400, "A").into_iter().map(|change| if change.kleer_id.0 % 4 == 0 { excluded(change) } else { change });
    let pages = pages(mixed.collect());
    assert_eq!(sizes(&pages), [300, 100]);
    let ids = |page: &Page| page.changes.iter().map(|change| change.kleer_id.0).collect::<Vec<_>>();
    assert_eq!(ids(&pages[0]), (1..=400).filter(|id| id % 4 != 0).collect::<Vec<_>>());
    assert_eq!(ids(&pages[1]), (1..=400).filter(|id| id % 4 == 0).collect::<Vec<_>>());
}

#[test]
fn the_length_is_an_upper_bound() {
    let id = KleerId(i64::MAX);
    let longest = Change {
        kind: ChangeKind::Exclude(Exclusion::OutsideWindow),
        kleer_id: id,
        hubspot_id: Some(HubspotId(i64::MAX.to_string())),
        version: u64::MAX,
        content: Content { open_since: Some(date(9999, 12, 31)), ..Content::default() },
    };
    let nasty = "\u{0}\"\\\n\t";
    let row = Row { key: "recurring-1234".to_owned(), properties: properties(&[("name", nasty)]), product: Some(id) };
    let whole = |text: &str| Content {
        properties: properties(&[("name", text), ("a", ""), ("b", "")]),
        rows: vec![row.clone(), Row { product: None, ..row.clone() }, Row::default()],
        targets: vec![
            Target::id(ObjectType::Agreement, id),
            Target { object: ObjectType::Agreement, reference: Reference::Number(text.to_owned()) },
        ],
        stage: Some(Stage { closed: false, pipeline: "p".repeat(40), stage: "s".repeat(40) }),
        number: Some(text.to_owned()),
        open_since: longest.content.open_since,
    };
    let content = |content| Change { content, ..longest.clone() };
    for change in [
        longest.clone(),
        change(1, ""),
        change(1, nasty),
        change(1, &"å\u{1f}".repeat(100)),
        content(whole("")),
        content(whole(nasty)),
        content(whole(&"\u{1f}".repeat(1_000))),
        content(Content { targets: vec![Target::id(ObjectType::Agreement, id); 100], ..Content::default() }),
        content(Content { rows: vec![Row::default(); 100], ..Content::default() }),
    ] {
        let written = serde_json::to_string(&change).unwrap().len() + ",".len();
        assert!(written <= length(&change), "{written} > {}", length(&change));
    }
}

fn properties(pairs: &[(&str, &str)]) -> Properties {
    pairs.iter().copied().collect()
}
