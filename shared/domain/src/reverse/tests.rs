use super::{Written, read, to_kleer};
use crate::tests::{decimal, definition, enumeration};
use crate::{EnumValue, FieldKind, FieldSpec, PropertyDefinition, PropertyOption, PropertyType, Value};

const DELIVERY: &[EnumValue] =
    &[EnumValue { value: "Email", label: "E-mail" }, EnumValue { value: "Efaktura", label: "E-invoice" }];

fn field(kind: FieldKind) -> FieldSpec {
    FieldSpec { name: "field", label: "Field", kind }
}

/// What becomes of each text: the member of Kleer's document, or why there is none.
fn table(kind: FieldKind, definition: &PropertyDefinition, texts: &[&str]) -> String {
    let field = field(kind);
    let line = |text: &&str| match read(&field, text, definition) {
        Ok(value) => match to_kleer(&field, value.as_ref()) {
            Written::Set(json) => format!("{text:?}: {json}"),
            Written::Remove => format!("{text:?}: left out"),
        },
        Err(fault) => format!("{text:?} ! {} | {}", fault.message, fault.remedy),
    };
    texts.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn check(kind: FieldKind, property_type: PropertyType, texts: &[&str]) -> String {
    table(kind, &definition(property_type), texts)
}

#[test]
fn money_is_exact() {
    let texts = [
        "123.45",
        "123.4",
        "100",
        "100.00",
        "-0.01",
        "0.005",
        "1.234",
        "1 250",
        "1,50",
        "",
        "92233720368547758.08",
        "x",
    ];
    insta::assert_snapshot!(check(FieldKind::Money, PropertyType::Number, &texts), @r#"
    "123.45": 12345
    "123.4": 12340
    "100": 10000
    "100.00": 10000
    "-0.01": -1
    "0.005" ! “0.005” is not an amount with at most two decimals | Round the amount to two decimals, whole öre.
    "1.234" ! “1.234” is not an amount with at most two decimals | Round the amount to two decimals, whole öre.
    "1 250" ! “1 250” is not a number | Write digits, and a dot before the decimals, as in 1250.50.
    "1,50" ! “1,50” is not a number | Write digits, and a dot before the decimals, as in 1250.50.
    "": 0
    "92233720368547758.08" ! “92233720368547758.08” is not an amount that Kleer can hold | Write a smaller amount.
    "x" ! “x” is not a number | Write digits, and a dot before the decimals, as in 1250.50.
    "#);
}

#[test]
fn numbers() {
    let texts = ["30", "30.0", "30.5", "-1", "2147483647", "2147483648", ""];
    insta::assert_snapshot!(check(FieldKind::Integer, PropertyType::Number, &texts), @r#"
    "30": 30
    "30.0": 30
    "30.5" ! “30.5” is not a whole number that Kleer can hold | Write a whole number without decimals.
    "-1": -1
    "2147483647": 2147483647
    "2147483648" ! “2147483648” is not a whole number that Kleer can hold | Write a whole number without decimals.
    "": left out
    "#);
    insta::assert_snapshot!(check(FieldKind::Decimal, PropertyType::Number, &["120.50", "0.1", "1e3", ""]), @r#"
    "120.50": 120.5
    "0.1": 0.1
    "1e3": 1000
    "": 0
    "#);
    insta::assert_snapshot!(check(FieldKind::Rate, PropertyType::Number, &["25", "12.5", "0", "100"]), @r#"
    "25": 0.25
    "12.5": 0.125
    "0": 0
    "100": 1
    "#);
    insta::assert_snapshot!(check(FieldKind::Reference, PropertyType::Number, &["1006", "1006.0", "0", "", "Kim"]), @r#"
    "1006": 1006
    "1006.0": 1006
    "0": 0
    "": 0
    "Kim" ! “Kim” is not a number | Write digits, and a dot before the decimals, as in 1250.50.
    "#);
}

#[test]
fn texts_and_choices() {
    let texts = ["Åkeri AB", " 0711 ", "a\r\nb", ""];
    insta::assert_snapshot!(check(FieldKind::LongText, PropertyType::String, &texts), @r#"
    "Åkeri AB": "Åkeri AB"
    " 0711 ": "0711"
    "a\r\nb": "a\nb"
    "": ""
    "#);
    let texts = ["Email", "EMAIL", "e_mail", "E-invoice", "Papper", ""];
    insta::assert_snapshot!(check(FieldKind::Enumeration(DELIVERY), PropertyType::String, &texts), @r#"
    "Email": "Email"
    "EMAIL": "Email"
    "e_mail": "Email"
    "E-invoice": "Efaktura"
    "Papper": "Papper"
    "": ""
    "#);
}

#[test]
fn an_option_is_understood_by_its_label() {
    let option = |value: &str, label: &str| PropertyOption { value: value.to_owned(), label: label.to_owned() };
    let own = enumeration(&[]);
    let own = PropertyDefinition { options: vec![option("opt1", "Efaktura"), option("ja_1", "Ja")], ..own };
    insta::assert_snapshot!(table(FieldKind::Enumeration(DELIVERY), &own, &["opt1", "ja_1"]), @r#"
    "opt1": "Efaktura"
    "ja_1": "ja_1"
    "#);
    insta::assert_snapshot!(table(FieldKind::Boolean, &own, &["ja_1", "opt1"]), @r#"
    "ja_1": true
    "opt1" ! “opt1” is not yes or no | Choose yes or no.
    "#);
}

#[test]
fn yes_or_no() {
    insta::assert_snapshot!(check(FieldKind::Boolean, PropertyType::Bool, &["true", "False", "ja", "nej", "kanske"]), @r#"
    "true": true
    "False": false
    "ja": true
    "nej": false
    "kanske" ! “kanske” is not yes or no | Choose yes or no.
    "#);
}

#[test]
fn dates_are_days_in_sweden() {
    let texts =
        ["2026-02-28", "1788134400000", "2026-08-31T00:00:00.000Z", "2026-08-31T22:30:00Z", "31/8", "2026-02-30", ""];
    insta::assert_snapshot!(check(FieldKind::Date, PropertyType::DateTime, &texts), @r#"
    "2026-02-28": "2026-02-28"
    "1788134400000": "2026-08-31"
    "2026-08-31T00:00:00.000Z": "2026-08-31"
    "2026-08-31T22:30:00Z": "2026-09-01"
    "31/8" ! “31/8” is not a date | Write the date as year, month, day: 2026-12-31.
    "2026-02-30" ! “2026-02-30” is not a date | Write the date as year, month, day: 2026-12-31.
    "": left out
    "#);
}

#[test]
fn a_value_goes_out_and_comes_back_as_it_was() {
    let values = [
        (FieldKind::Money, Value::Money(crate::Money(9_950_050))),
        (FieldKind::Decimal, Value::Number(decimal("120.5"))),
        (FieldKind::Rate, Value::Percentage(decimal("12.5"))),
        (FieldKind::Integer, Value::Number(decimal("20"))),
        (FieldKind::Boolean, Value::Boolean(false)),
        (FieldKind::Date, Value::Date("2026-02-28".parse().unwrap())),
    ];
    let mut seen = 0;
    for (kind, value) in values {
        for name in ["string", "number", "bool", "date", "datetime"] {
            let definition = definition(PropertyType::from_wire(name));
            let Ok(out) = crate::projection::render(&value, &definition) else { continue };
            assert_eq!(read(&field(kind), &out, &definition), Ok(Some(value.clone())), "{kind:?} as {name}");
            seen += 1;
        }
    }
    assert_eq!(seen, 13);
}
