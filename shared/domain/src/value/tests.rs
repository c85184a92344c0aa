use jiff::civil::date;

use crate::tests::{decimal, text};
use crate::{Money, Value};

#[test]
fn money_is_in_hundredths() {
    for (minor, major) in [(0, "0.00"), (1, "0.01"), (12_345, "123.45"), (-5, "-0.05"), (100, "1.00")] {
        assert_eq!(Money(minor).major().to_string(), major);
    }
    assert_eq!(Money(i64::MAX).major().to_string(), "92233720368547758.07");
    assert_eq!(Money(i64::MIN).major().to_string(), "-92233720368547758.08");
}

#[test]
fn plain_text() {
    let values = [
        text(" Åre AB "),
        Value::Choice("Goods".to_owned()),
        Value::Number(decimal("10.500")),
        Value::Number(decimal("-0.0")),
        Value::Number(decimal("1000000")),
        Value::Money(Money(150_000)),
        Value::Money(Money(-5)),
        Value::Percentage(decimal("25.00")),
        Value::Boolean(true),
        Value::Date(date(2026, 11, 20)),
    ];
    let lines: Vec<String> = values.iter().map(|value| format!("[{}]", value.plain())).collect();
    insta::assert_snapshot!(lines.join("\n"), @r"
    [ Åre AB ]
    [Goods]
    [10.5]
    [0]
    [1000000]
    [1500]
    [-0.05]
    [25]
    [true]
    [2026-11-20]
    ");
}
