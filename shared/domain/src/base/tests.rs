use super::Base;
use crate::Properties;

fn base(pairs: &[(&str, &str)]) -> Base {
    Base::of(&pairs.iter().copied().collect())
}

#[test]
fn it_tells_what_was_written_last() {
    let base = base(&[("name", "Åre AB"), ("zip", "")]);
    assert!(base.matches("name", "Åre AB"));
    assert!(!base.matches("name", "åre ab"));
}

#[test]
fn absent_and_empty_are_the_same() {
    let base = base(&[("name", "Åre AB"), ("zip", "")]);
    assert!(base.matches("zip", "") && base.matches("city", ""));
    assert!(!base.matches("zip", "837 52") && !base.matches("city", "Åre"));
    assert!(!base.matches("name", ""), "a value that was emptied is a change");
}

#[test]
fn the_space_around_a_value_is_not_kept() {
    let base = base(&[("name", " Åre AB "), ("zip", "  ")]);
    assert!(base.matches("name", "Åre AB") && base.matches("name", "Åre AB\n"));
    assert!(base.matches("zip", "") && !base.matches("name", "ÅreAB"));
}

#[test]
fn a_later_part_is_laid_over_it() {
    let later: Properties = [("active", "false"), ("zip", "")].into_iter().collect();
    let base = base(&[("active", "true"), ("name", "Åre AB"), ("zip", "837 52")]).with(&later);
    assert!(base.matches("active", "false") && !base.matches("active", "true"));
    assert!(base.matches("name", "Åre AB"));
}

#[test]
fn as_text_and_back() {
    let base = base(&[("name", "a=b;c"), ("zip", "837 52")]);
    insta::assert_snapshot!(base.to_text(), @"name=+DR8YmSh;zip=Dvo9EBGW");
    assert_eq!(Base::from_text(&base.to_text()), base);
    assert_eq!(Base::from_text(""), Base::default());
    assert_eq!(Base::default().to_text(), "");
}

#[test]
fn a_piece_that_is_unreadable_only_looks_changed() {
    let whole = base(&[("name", "Åre AB"), ("zip", "837 52")]);
    let torn = Base::from_text(&whole.to_text().replace("zip=", "zip"));
    assert!(torn.matches("name", "Åre AB") && !torn.matches("zip", "837 52"));
}
