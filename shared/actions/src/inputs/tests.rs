use insta::assert_snapshot;

use super::*;
use crate::Action;

/// What an input of *Create Kleer Agreement* or *Create Kleer Project* becomes.
fn check<T: std::fmt::Debug>(
    action: Action,
    name: &str,
    text: &str,
    read: impl Fn(&Reading<'_>, &str) -> Result<Option<T>, Failure>,
) -> String {
    let fields = Fields::from_iter([(name, text)]);
    match read(&Reading::new(action.definition(), &fields), name) {
        Ok(Some(value)) => format!("{value:?}"),
        Ok(None) => "-".to_owned(),
        Err(failure) => {
            assert_eq!(failure.field, Some(name));
            failure.code.as_str().to_owned()
        }
    }
}

#[test]
fn days() {
    let check = |text| check(Action::CreateAgreement, "start_date", text, |read, name| read.date(name));
    assert_eq!(["2026-11-21", " 2028-02-29 ", ""].map(check), ["2026-11-21", "2028-02-29", "-"]);
    // Tokens: a date property, a moment in the evening of Sweden, the same as text.
    assert_eq!(["1795219200000", "1795217400000", "2026-11-20T23:30:00Z"].map(check), ["2026-11-21"; 3]);
    assert_eq!(check("2026-11-21T00:00:00.000Z"), "2026-11-21");
    for wrong in [
        "2026-02-29",
        "2026-1-1",
        "21/11/2026",
        "20261121",
        "2026-11-21 ",
        "idag",
        "1989-12-31",
        "2200-01-01",
        "99999999999999999999",
    ] {
        let told = check(wrong);
        assert!(told == "INVALID_DATE" || wrong.trim().len() < wrong.len(), "{wrong} became {told}");
    }
}

#[test]
fn whole_numbers() {
    let check = |text| check(Action::CreateAgreement, "payment_days", text, |read, name| read.whole(name));
    assert_eq!(["30", "0", "30.0", "3650", "1 000"].map(check), ["30", "0", "30", "3650", "1000"]);
    for wrong in ["-1", "30.5", "3651", "trettio", "1e3", "--5", "0x10", "30 dagar", "NaN", "9223372036854775808"] {
        assert_eq!(check(wrong), "INVALID_NUMBER", "{wrong}");
    }
}

#[test]
fn amounts() {
    let check = |text| check(Action::CreateProject, "budget_amount", text, |read, name| read.money(name));
    assert_eq!(["15000", "15000.5", "15 000,50", "0"].map(check), ["1500000", "1500050", "1500050", "0"]);
    for wrong in ["-1", "0.001", "15.000,50", "1,2,3", "kr", "99999999999999999999"] {
        assert_eq!(check(wrong), "INVALID_NUMBER", "{wrong}");
    }
}

#[test]
fn yes_and_no() {
    let check = |text| check(Action::CreateProject, "fixed_price", text, |read, name| read.boolean(name));
    assert_eq!(["true", "Ja", "NO", "0", ""].map(check), ["true", "true", "false", "false", "-"]);
    assert_eq!(check("kanske"), "UNKNOWN_VALUE");
}

#[test]
fn currencies() {
    let check = |text| check(Action::CreateProject, "currency", text, |read, name| read.currency(name));
    assert_eq!(["SEK", "eur", "XYZ"].map(check), ["\"SEK\"", "\"EUR\"", "\"XYZ\""]);
    for wrong in ["SE", "kronor", "S1K", "€", "ÅÄÖ"] {
        assert_eq!(check(wrong), "INVALID_CURRENCY", "{wrong}");
    }
}

#[test]
fn choices_by_value_or_label_in_both_languages() {
    let check = |text| check(Action::CreateAgreement, "invoice_day", text, |read, name| read.choice(name));
    for text in
        ["PAY_AT_START", "pay_at_start", "PayAtStart", "Pay at start of period", "Betalning vid periodens början"]
    {
        assert_eq!(check(text), "\"PAY_AT_START\"", "{text}");
    }
    assert_eq!(check("NEVER"), "UNKNOWN_VALUE");
}

#[test]
fn a_failure_names_the_field_the_value_and_the_remedy() {
    let fields = Fields::from_iter([("payment_days", "tret\ntio")]);
    let reading = Reading::new(Action::CreateAgreement.definition(), &fields);
    assert_snapshot!(reading.whole("payment_days").unwrap_err().message, @"Payment Days: “tret tio” cannot be used as a number here. Write a whole number that is neither negative nor too large, without unit.");
}
