use super::Fingerprint;
use crate::Properties;

fn of(object: &str, pairs: &[(&str, &str)]) -> Fingerprint {
    Fingerprint::of(object, &pairs.iter().copied().collect())
}

#[test]
fn the_order_of_setting_does_not_matter() {
    assert_eq!(of("companies", &[("a", "1"), ("b", "2")]), of("companies", &[("b", "2"), ("a", "1")]));
}

#[test]
fn everything_else_does() {
    let all = [
        of("companies", &[]),
        of("companies", &[("a", "")]),
        of("companies", &[("a", "1")]),
        of("products", &[("a", "1")]),
        of("companies", &[("a", "2")]),
        of("companies", &[("b", "1")]),
        of("companies", &[("a", "b"), ("c", "d")]),
        of("companies", &[("a", "d"), ("c", "b")]),
        // The same letters, cut elsewhere.
        of("companies", &[("a", "bcd")]),
        of("companies", &[("ab", "cd")]),
        of("companiesa", &[("", "bcd")]),
        of("companies", &[("a", "1\0")]),
    ];
    for (place, one) in all.iter().enumerate() {
        assert_eq!(all.iter().position(|other| other == one), Some(place));
    }
}

#[test]
fn it_never_changes_between_releases() {
    // Stored in every binding: another value would write every record of every portal once more.
    insta::assert_snapshot!(of("companies", &[("name", "Åre AB"), ("zip", "")]).to_text(), @"n+72ZyMXKgTuGTtLR6SPhw");
}

#[test]
fn as_text_and_back() {
    let fingerprint = of("companies", &[("a", "1")]);
    let text = fingerprint.to_text();
    assert_eq!(text.len(), 22);
    assert_eq!(Fingerprint::from_text(&text), Some(fingerprint));
    let json = serde_json::to_string(&fingerprint).unwrap();
    assert_eq!(serde_json::from_str::<Fingerprint>(&json).unwrap(), fingerprint);
    assert_eq!(format!("{fingerprint:?}"), format!("Fingerprint({text})"));
}

#[test]
fn what_is_no_fingerprint() {
    let text = of("companies", &[]).to_text();
    let accented = "å".repeat(11);
    for wrong in ["", "short", &text[1..], &format!("{text}A"), &text.replace(&text[..1], "!"), &accented] {
        assert_eq!(Fingerprint::from_text(wrong), None, "{wrong}");
        assert!(serde_json::from_value::<Fingerprint>((*wrong).into()).is_err());
    }
}

#[test]
fn properties_without_values_count() {
    // A mapping that was added must be seen although the value is empty: the base is what decides what is sent.
    assert_ne!(Fingerprint::of("companies", &Properties::default()), of("companies", &[("zip", "")]));
}
