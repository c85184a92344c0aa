use domain::projection::KEY_PROPERTY;
use domain::{Change, ChangeKind, Fingerprint, HubspotId, KleerCompanyId, KleerId, ObjectType, PortalId, RunId};
use queue::{BODY_LIMIT, Envelope, Job, Page};

use super::{PAGE_LIMIT, cut, length};

fn change(id: i64, value: &str) -> Change {
    let properties = [("name", value), (KEY_PROPERTY, "")].into_iter().collect();
    Change {
        kind: ChangeKind::Create,
        kleer_id: KleerId(id),
        hubspot_id: None,
        version: 0,
        fingerprint: Fingerprint::of("companies", &properties),
        properties,
    }
}

/// The pages, after a look at what must hold of any: nothing lost, in order, numbered, and none too long for a message.
fn check(changes: &[Change]) -> Vec<usize> {
    let run = RunId("1795075200000-1".to_owned());
    let pages = cut(&run, "companies", ObjectType::Client, changes.to_vec());
    assert!(pages.iter().flat_map(|page| &page.changes).eq(changes));
    assert!(pages.iter().map(|page| page.number).eq(0..pages.len() as u64));
    assert!(pages.iter().all(|page| page.run == run && page.object == ObjectType::Client));
    assert!(pages.iter().all(|page| page.hubspot_object == "companies" && body(page) <= BODY_LIMIT));
    pages.iter().map(|page| page.changes.len()).collect()
}

fn body(page: &Page) -> usize {
    let envelope = Envelope::new(PortalId(i64::MAX), KleerCompanyId(i64::MAX), Job::Page(page.clone()));
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

#[test]
fn the_length_is_an_upper_bound() {
    let longest = Change {
        kind: ChangeKind::Deactivate,
        kleer_id: KleerId(i64::MAX),
        hubspot_id: Some(HubspotId(i64::MAX.to_string())),
        version: u64::MAX,
        properties: Default::default(),
        ..change(1, "")
    };
    for change in [longest, change(1, ""), change(1, "\u{0}\"\\\n\t"), change(1, &"å\u{1f}".repeat(100))] {
        let written = serde_json::to_string(&change).unwrap().len() + ",".len();
        assert!(written <= length(&change), "{written} > {}", length(&change));
    }
}
