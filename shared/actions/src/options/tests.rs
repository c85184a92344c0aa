use super::*;

fn entries(count: usize) -> Vec<Entry> {
    let entry = |n: usize| Entry { value: n.to_string(), label: format!("Mall {n}"), description: String::new() };
    (1..=count).map(entry).collect()
}

fn check(count: usize, search: &str, after: Option<&str>) -> (usize, Option<String>) {
    let page = page(entries(count), search, after);
    (page.options.len(), page.after)
}

#[test]
fn pages_follow_each_other_and_end() {
    assert_eq!(check(250, "", None), (100, Some("100".to_owned())));
    assert_eq!(check(250, "", Some("100")), (100, Some("200".to_owned())));
    assert_eq!(check(250, "", Some("200")), (50, None));
    assert_eq!(check(200, "", Some("100")), (100, None));
    assert_eq!(check(0, "", None), (0, None));
    // A cursor that is none, or one of a longer list, shows something or nothing, never fails.
    assert_eq!(check(5, "", Some("abc")), (5, None));
    assert_eq!(check(5, "", Some("18446744073709551615")), (0, None));
}

#[test]
fn what_was_typed_narrows_the_list() {
    assert_eq!(check(250, "MALL 2", None).0, 62);
    assert_eq!(check(250, "nothing", None), (0, None));
}

#[test]
fn every_list_of_an_input_is_found_by_its_name() {
    assert_eq!(live_input("delivery_type"), Some(Live::DeliveryTypes));
    assert_eq!(live_input("our_reference"), Some(Live::Users));
    assert_eq!(live_input("invoice_template"), Some(Live::Templates));
    assert_eq!(live_input("currency"), None);
}

#[test]
fn a_page_is_what_hubspot_reads() {
    let page = serde_json::to_string(&page(entries(1), "", None)).unwrap();
    insta::assert_snapshot!(page, @r#"{"options":[{"label":"Mall 1","description":"","value":"1"}],"searchable":true}"#);
}
