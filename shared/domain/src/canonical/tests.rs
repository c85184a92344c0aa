use super::canonical;
use crate::projection::render;
use crate::tests::{decimal, definition, text};
use crate::{Money, PropertyType, Value};

fn check(property_type: PropertyType, spelled: &[&str], one: &str) {
    for text in spelled {
        assert_eq!(canonical(text, property_type), one, "{text}");
    }
}

#[test]
fn numbers_are_compared_as_numbers() {
    check(PropertyType::Number, &["10", "10.0", "10.00", " 10 ", "+10", "1E1", "1.0e1"], "10");
    check(PropertyType::Number, &["0", "0.00", "-0", "00"], "0");
    check(PropertyType::Number, &["1234.5", "1234.50", "01234.500"], "1234.5");
    check(PropertyType::Number, &["-0.05", "-0.050"], "-0.05");
}

#[test]
fn dates_and_moments_are_compared_as_days_and_moments() {
    let dates = ["2026-08-31", "1788134400000", "2026-08-31T00:00:00Z", "2026-08-31T00:00:00.000Z"];
    check(PropertyType::Date, &dates, "2026-08-31");
    check(PropertyType::DateTime, &dates, "2026-08-31T00:00:00.000Z");
    check(PropertyType::DateTime, &["2026-08-31T09:30:00+02:00"], "2026-08-31T07:30:00.000Z");
}

#[test]
fn booleans_ignore_case() {
    check(PropertyType::Bool, &["true", "TRUE", "yes", "1"], "true");
    check(PropertyType::Bool, &["false", "False", "no", "0"], "false");
}

#[test]
fn texts_keep_everything_but_the_space_around_them() {
    check(PropertyType::String, &["0711 22", " 0711 22 "], "0711 22");
    check(PropertyType::String, &["Rad ett\nRad två", "Rad ett\r\nRad två\r\n"], "Rad ett\nRad två");
    check(PropertyType::Enumeration, &["Email"], "Email");
    assert_ne!(canonical("007", PropertyType::String), canonical("7", PropertyType::String));
}

#[test]
fn what_cannot_be_read_stays_as_it_is() {
    check(PropertyType::Number, &["1,250"], "1,250");
    check(PropertyType::Bool, &["kanske"], "kanske");
    check(PropertyType::Date, &["i morgon"], "i morgon");
    check(PropertyType::DateTime, &["i morgon"], "i morgon");
    check(PropertyType::Number, &["", "  "], "");
}

#[test]
fn what_is_written_is_canonical() {
    let values = [
        text("Åre AB"),
        text(" 0150.50 "),
        Value::Number(decimal("10.500")),
        Value::Number(decimal("-0.00")),
        Value::Money(Money(12_300)),
        Value::Percentage(decimal("25.00")),
        Value::Boolean(false),
        Value::Date("2026-02-28".parse().unwrap()),
    ];
    let types = ["string", "number", "bool", "date", "datetime", "enumeration"].map(PropertyType::from_wire);
    let mut seen = 0;
    for (value, property_type) in values.iter().flat_map(|value| types.map(|one| (value, one))) {
        let Ok(written) = render(value, &definition(property_type)) else { continue };
        // Texts go out as Kleer has them; a base does not see the space around them.
        assert_eq!(canonical(&written, property_type), written.trim(), "{value:?} as {property_type:?}");
        seen += 1;
    }
    assert!(seen > 20, "{seen}");
}
