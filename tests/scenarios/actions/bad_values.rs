//! Values that cannot be used: each has its code, names its input, the value and the remedy, and nothing is made.

use insta::assert_snapshot;
use kleer_sim::Kind;

use super::Shop;

/// Action, input, value, code.
const BAD: &[(&str, &str, &str, &str)] = &[
    ("create-invoice", "invoice_date", "2026-02-30", "INVALID_DATE"),
    ("create-invoice", "invoice_date", "25/11 2026", "INVALID_DATE"),
    ("create-invoice", "invoice_date", "0001-01-01", "INVALID_DATE"),
    ("create-invoice", "invoice_date", "9999-12-31", "INVALID_DATE"),
    ("create-invoice", "currency", "kronor", "INVALID_CURRENCY"),
    ("create-invoice", "currency", "S€K", "INVALID_CURRENCY"),
    ("create-invoice", "delivery_type", "Brevduva", "UNKNOWN_VALUE"),
    ("create-invoice", "our_reference", "Ingen Sådan", "UNKNOWN_VALUE"),
    ("create-invoice", "invoice_template", "77", "UNKNOWN_VALUE"),
    ("create-agreement", "start_date", "snart", "INVALID_DATE"),
    ("create-agreement", "start_invoice_date", "2026-13-01", "INVALID_DATE"),
    ("create-agreement", "end_date", "2026-1-1", "INVALID_DATE"),
    ("create-agreement", "end_date", "2020-01-01", "INVALID_DATE"),
    ("create-agreement", "payment_days", "trettio", "INVALID_NUMBER"),
    ("create-agreement", "payment_days", "-1", "INVALID_NUMBER"),
    ("create-agreement", "payment_days", "30.5", "INVALID_NUMBER"),
    ("create-agreement", "payment_days", "99999999999999999999", "INVALID_NUMBER"),
    ("create-agreement", "invoice_interval_months", "0", "INVALID_NUMBER"),
    ("create-agreement", "invoice_interval_months", "121", "INVALID_NUMBER"),
    ("create-agreement", "currency", "SE", "INVALID_CURRENCY"),
    ("create-agreement", "invoice_day", "FIRST_OF_MAY", "UNKNOWN_VALUE"),
    ("create-project", "fixed_price", "kanske", "UNKNOWN_VALUE"),
    ("create-project", "budget_hours", "-1", "INVALID_NUMBER"),
    ("create-project", "budget_hours", "1e9", "INVALID_NUMBER"),
    ("create-project", "budget_amount", "10.005", "INVALID_NUMBER"),
    ("create-project", "budget_amount", "NaN", "INVALID_NUMBER"),
    ("create-project", "opening_date", "igår", "INVALID_DATE"),
    ("create-project", "currency", "12 kr", "INVALID_CURRENCY"),
];

/// The same of actions on companies.
const BAD_CLIENTS: &[(&str, &str, &str)] = &[
    ("country_code", "Sverige", "UNKNOWN_VALUE"),
    ("currency", "£", "INVALID_CURRENCY"),
    ("payment_days", "3651", "INVALID_NUMBER"),
    ("delivery_type", "Brevduva", "UNKNOWN_VALUE"),
    ("client_type", "Förening", "UNKNOWN_VALUE"),
    ("responsible_user", "0", "UNKNOWN_VALUE"),
    ("invoice_template", "x", "UNKNOWN_VALUE"),
];

#[test]
fn of_actions_on_deals() {
    let mut shop = Shop::open();
    let mut messages = Vec::new();
    for (action, input, value, code) in BAD {
        let told = shop.acts(action, &[(input, value)]);
        assert_eq!((told.code(), told.output("error_field")), (*code, *input), "{value}");
        assert_eq!(told.output("result"), "failed");
        let message = told.output("error_message");
        assert!(message.contains(value), "{message}");
        messages.push(message.to_owned());
    }
    for kind in [Kind::Invoice, Kind::Agreement, Kind::Project] {
        assert_eq!(shop.world.kleer(|kleer| kleer.count(kind)), 0);
    }
    assert_snapshot!(messages[0], @"Invoice Date: “2026-02-30” is not a date. Write a date as YYYY-MM-DD, such as 2026-11-21.");
    assert_snapshot!(messages[4], @"Currency: “kronor” is not a currency. Write the three letters of the currency, such as SEK or EUR.");
    assert_snapshot!(messages[12], @"End Date: “2020-01-01” is before the first invoice, 2026-11-20. Write a later date, or an earlier Start Invoice Date.");
    assert_snapshot!(messages[14], @"Payment Days: “-1” cannot be used as a number here. Write a whole number that is neither negative nor too large, without unit.");
}

#[test]
fn of_actions_on_companies() {
    let mut shop = Shop::open();
    let company = shop.world.person_creates("companies", &[("name", "Nykund AB")]);
    for (input, value, code) in BAD_CLIENTS {
        let told = shop.acts_on("companies", company, "create-client", &[(input, value)]);
        assert_eq!((told.code(), told.output("error_field")), (*code, *input), "{value}");
        assert!(told.output("error_message").contains(value));
    }
    assert_eq!(shop.world.kleer(|kleer| kleer.count(Kind::Client)), 1);
}

#[test]
fn a_text_may_be_long_but_not_endless() {
    let mut shop = Shop::open();
    let told = shop.acts("create-invoice", &[("po_number", &"x".repeat(2_001))]);
    assert_eq!((told.code(), told.output("error_field")), ("UNKNOWN_VALUE", "po_number"));
    shop.acts("create-invoice", &[("po_number", &"x".repeat(2_000))]).id("kleer_invoice_id");
}

#[test]
fn of_line_items() {
    let mut shop = Shop::open();
    shop.line(&[
        ("name", "Stort"),
        ("quantity", "1000000000000"),
        ("price", "1000000000000"),
        ("kleer_product_id", "1"),
    ]);
    let told = shop.acts("create-agreement", &[]);
    assert_snapshot!(told.output("error_message"), @"The line item “Stort” names the product 1, which Kleer does not have. Choose another product for it, or correct its kleer_product_id.");
}
