use insta::assert_snapshot;

use super::*;

fn item(name: &str, frequency: Option<&str>, term: Option<&str>) -> LineItem {
    let values =
        [("name", Some(name)), ("recurringbillingfrequency", frequency), ("hs_recurring_billing_period", term)];
    let properties = values.into_iter().map(|(name, value)| (name.to_owned(), value.map(str::to_owned))).collect();
    let record = hubspot::Record { id: "1".to_owned(), properties, ..hubspot::Record::default() };
    crate::line_items::read(&record, "kleer_unit").unwrap()
}

fn check(items: &[LineItem]) -> String {
    match interval(items) {
        Ok(months) => format!("{months:?}"),
        Err(failure) => failure.message,
    }
}

#[test]
fn line_items_that_agree_say_how_often() {
    let (once, monthly) = (item("A", None, None), item("B", Some("monthly"), Some("P12M")));
    assert_eq!(check(&[]), "None");
    assert_eq!(check(std::slice::from_ref(&once)), "None");
    assert_eq!(check(&[once, monthly.clone(), item("C", Some("monthly"), None)]), "Some(1)");
    for (word, months) in [("quarterly", 3), ("per_six_months", 6), ("annually", 12), ("per_five_years", 60)] {
        assert_eq!(check(&[item("A", Some(word), None)]), format!("Some({months})"));
    }
    // A term says that it recurs, not how often.
    assert_eq!(check(&[item("A", None, Some("P12M"))]), "None");
    assert_eq!(check(&[item("A", None, Some("P12M")), monthly]), "Some(1)");
}

#[test]
fn line_items_that_do_not_agree_are_named() {
    let monthly = item("Support", Some("monthly"), None);
    assert_snapshot!(check(&[monthly.clone(), item("Licens", Some("annually"), None)]), @"The line items do not agree: Support is billed every 1 months and Licens every 12 months. Fill in Invoice Interval (Months), or give all recurring line items the same billing frequency.");
    assert_snapshot!(check(&[monthly, item("Städ", Some("weekly"), None)]), @"The line items do not agree: Städ is billed by the week. Fill in Invoice Interval (Months), or give all recurring line items the same billing frequency.");
}

#[test]
fn another_interval_than_the_line_items_is_told() {
    let monthly = item("Support", Some("monthly"), None);
    assert_eq!(interval_note(1, std::slice::from_ref(&monthly)), "");
    assert_eq!(interval_note(12, &[item("A", None, None)]), "");
    assert_snapshot!(interval_note(12, &[monthly]), @"The agreement is invoiced every 12 months, which is not the billing frequency of all its line items; their prices were taken as they are.");
}
