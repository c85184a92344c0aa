use jiff::ToSpan as _;
use jiff::civil::{Date, date};

use super::{
    RowAmount, RowDiscount, agreement_status, billing_frequency, invoice_status, recurring_revenue, stockholm_date,
};
use crate::Money;
use crate::tests::{at, decimal};

const TODAY: Date = date(2026, 11, 20);

#[test]
fn an_invoice_by_what_remains() {
    let line = |(what, disabled, certified)| {
        let by = |remaining: Option<i64>| invoice_status(disabled, certified, remaining.map(Money));
        format!("{what:>18}: {}", [None, Some(100), Some(1), Some(0), Some(-1)].map(by).join(" "))
    };
    let rows = [
        ("certified", false, true),
        ("not certified", false, false),
        ("disabled", true, true),
        ("disabled draft", true, false),
    ];
    // Nothing said, all of it, one öre, nothing, overpaid.
    insta::assert_snapshot!(rows.map(line).join("\n"), @r"
             certified: open open open paid paid
         not certified: draft draft draft draft draft
              disabled: voided voided voided voided voided
        disabled draft: voided voided voided voided voided
    ");
}

#[test]
fn an_agreement_by_its_days() {
    let days = [None, Some(-1), Some(0), Some(1)];
    let day = |offset: Option<i64>| offset.map(|days| TODAY.saturating_add(days.days()));
    let word = |offset: Option<i64>| offset.map_or("none".to_owned(), |days| format!("{days:+}"));
    let line = |start: Option<i64>| {
        let by = |end| agreement_status(false, day(start), day(end), TODAY);
        format!("start {:>4}: {}", word(start), days.map(by).join(" "))
    };
    // The columns: no end, ended yesterday, ends today, ends tomorrow.
    insta::assert_snapshot!(days.map(line).join("\n"), @r"
    start none: active expired active active
    start   -1: active expired active active
    start   +0: active expired active active
    start   +1: scheduled expired scheduled scheduled
    ");
    for start in days {
        for end in days {
            assert_eq!(agreement_status(true, day(start), day(end), TODAY), "canceled", "{start:?} {end:?}");
        }
    }
}

#[test]
fn an_agreement_changes_with_the_calendar_alone() {
    let by = |today: &str| {
        let today = today.parse().unwrap();
        let status = agreement_status(false, Some(date(2026, 1, 1)), Some(date(2026, 12, 31)), today);
        format!("{today}: {status}")
    };
    let days = ["2025-12-31", "2026-01-01", "2026-12-31", "2027-01-01"];
    insta::assert_snapshot!(days.map(by).join("\n"), @r"
    2025-12-31: scheduled
    2026-01-01: active
    2026-12-31: active
    2027-01-01: expired
    ");
}

#[test]
fn hubspots_words_for_an_interval() {
    let months = (-1..=12).chain([18, 24, 30, 36, 48, 60, 72, i64::MIN, i64::MAX]);
    let line = |months| format!("{months}: {}", billing_frequency(months).unwrap_or("–"));
    insta::assert_snapshot!(months.map(line).collect::<Vec<_>>().join("\n"), @r"
    -1: –
    0: –
    1: monthly
    2: –
    3: quarterly
    4: –
    5: –
    6: per_six_months
    7: –
    8: –
    9: –
    10: –
    11: –
    12: annually
    18: –
    24: per_two_years
    30: –
    36: per_three_years
    48: per_four_years
    60: per_five_years
    72: –
    -9223372036854775808: –
    9223372036854775807: –
    ");
}

fn row(quantity: &str, price: i64, discount: RowDiscount) -> RowAmount {
    RowAmount { quantity: decimal(quantity), price, discount }
}

fn plain(quantity: &str, price: i64) -> RowAmount {
    row(quantity, price, RowDiscount::None)
}

/// A month and a year of rows that recur at that interval.
fn revenue(rows: &[RowAmount], interval_months: i64) -> String {
    recurring_revenue(rows, interval_months)
        .map_or_else(|| "none".to_owned(), |revenue| format!("{} {}", revenue.monthly.major(), revenue.annual.major()))
}

#[test]
fn revenue_by_interval() {
    let rows = [plain("1", 10_000)];
    let line = |months| format!("100 in {months} months: {}", revenue(&rows, months));
    let months = [1, 2, 3, 6, 7, 12, 24, 36, 60, 0, -1, i64::MIN, i64::MAX];
    insta::assert_snapshot!(months.map(line).join("\n"), @r"
    100 in 1 months: 100.00 1200.00
    100 in 2 months: 50.00 600.00
    100 in 3 months: 33.33 400.00
    100 in 6 months: 16.67 200.00
    100 in 7 months: 14.29 171.43
    100 in 12 months: 8.33 100.00
    100 in 24 months: 4.17 50.00
    100 in 36 months: 2.78 33.33
    100 in 60 months: 1.67 20.00
    100 in 0 months: none
    100 in -1 months: none
    100 in -9223372036854775808 months: none
    100 in 9223372036854775807 months: 0.00 0.00
    ");
}

#[test]
fn revenue_by_rows() {
    let tenth = RowDiscount::Fraction(decimal("0.1"));
    let check = |rows: &[RowAmount]| revenue(rows, 1);
    let lines = [
        ("no rows", check(&[])),
        ("several", check(&[plain("2", 10_000), plain("0.5", 333)])),
        ("a discount of 50 for the row", check(&[row("3", 10_000, RowDiscount::Absolute(5_000))])),
        ("a discount of a tenth", check(&[row("3", 10_000, tenth)])),
        ("all of it off", check(&[row("3", 10_000, RowDiscount::Fraction(decimal("1")))])),
        ("more off than there is", check(&[row("1", 100, RowDiscount::Absolute(150))])),
        ("a row that takes off", check(&[plain("1", 10_000), plain("1", -2_500)])),
        ("the same with its sign moved", check(&[plain("1", 10_000), plain("-1", 2_500)])),
        ("a discount of something negative", check(&[plain("1", 10_000), row("1", -1_000, tenth)])),
        // Rounded once, not row by row: three times 0.4 öre is one öre.
        ("parts of an öre", check(&[plain("0.4", 1), plain("0.4", 1), plain("0.4", 1)])),
        ("half an öre", check(&[plain("0.5", 1)])),
        ("half an öre less", check(&[plain("0.5", -1)])),
    ];
    insta::assert_snapshot!(lines.map(|(what, revenue)| format!("{what}: {revenue}")).join("\n"), @r"
    no rows: 0.00 0.00
    several: 201.67 2419.98
    a discount of 50 for the row: 250.00 3000.00
    a discount of a tenth: 270.00 3240.00
    all of it off: 0.00 0.00
    more off than there is: -0.50 -6.00
    a row that takes off: 75.00 900.00
    the same with its sign moved: 75.00 900.00
    a discount of something negative: 91.00 1092.00
    parts of an öre: 0.01 0.14
    half an öre: 0.01 0.06
    half an öre less: -0.01 -0.06
    ");
}

#[test]
fn revenue_beyond_any_amount_is_none() {
    let huge = decimal("79228162514264337593543950335");
    let beyond = [
        plain("1", i64::MAX), // a month would fit, a year does not
        RowAmount { quantity: huge, ..plain("1", 2) },
        RowAmount { quantity: huge, ..plain("1", 1) },
        RowAmount { quantity: huge, ..row("1", 1, RowDiscount::Absolute(-1)) },
        RowAmount { quantity: huge, ..row("1", 1, RowDiscount::Fraction(decimal("-1"))) },
    ];
    assert_eq!(beyond.map(|row| recurring_revenue(&[row], 1)), [None; 5]);
    // It fits where a year is no more than what was invoiced.
    assert_eq!(revenue(&[plain("1", i64::MAX)], 12), "7686143364045646.51 92233720368547758.07");
    // Two that fit alone.
    let half = RowAmount { quantity: huge, ..plain("1", 1) };
    assert_eq!(recurring_revenue(&[half, half], 1), None);
}

#[test]
fn a_negative_price_moves_its_sign_and_the_amount_stays() {
    let rows = [
        plain("1", 100),
        plain("0", -100),
        plain("1", -100),
        plain("-2", -100),
        plain("-2", 100),
        row("3", -100, RowDiscount::Absolute(30)),
        row("3", -100, RowDiscount::Absolute(-30)),
        row("2.5", -100, RowDiscount::Fraction(decimal("0.1"))),
        plain("1", 0),
    ];
    let line = |row: RowAmount| {
        let moved = row.with_positive_price();
        assert_eq!(moved.net(), row.net(), "{row:?}");
        assert_eq!(moved.discount, row.discount);
        let net = row.net().unwrap().normalize();
        format!("{} × {} → {} × {} = {net}", row.quantity, row.price, moved.quantity.normalize(), moved.price)
    };
    insta::assert_snapshot!(rows.map(line).join("\n"), @r"
    1 × 100 → 1 × 100 = 100
    0 × -100 → 0 × 100 = 0
    1 × -100 → -1 × 100 = -100
    -2 × -100 → 2 × 100 = 200
    -2 × 100 → -2 × 100 = -200
    3 × -100 → -3 × 100 = -330
    3 × -100 → -3 × 100 = -270
    2.5 × -100 → -2.5 × 100 = -225
    1 × 0 → 1 × 0 = 0
    ");
    assert_eq!(plain("1", i64::MIN).with_positive_price().price, i64::MAX, "nothing overflows");
}

#[test]
fn an_absolute_discount_for_one_unit() {
    let rows = [
        ("1", 3_000),
        ("3", 3_000),
        ("3", 1_000), // has no end
        ("0.5", 3_000),
        ("2", 1),
        ("-3", 3_000), // what was a negative price: HubSpot multiplies by the quantity again
        ("3", -3_000),
        ("1", 0),
        ("0", 3_000),
    ];
    let line = |(quantity, minor)| {
        let each = row(quantity, 10_000, RowDiscount::Absolute(minor)).unit_discount();
        format!("{minor} on {quantity}: {}", each.map_or("none".to_owned(), |each| each.to_string()))
    };
    insta::assert_snapshot!(rows.map(line).join("\n"), @r"
    3000 on 1: 30
    3000 on 3: 10
    1000 on 3: 3.333333
    3000 on 0.5: 60
    1 on 2: 0.005
    3000 on -3: -10
    -3000 on 3: -10
    0 on 1: 0
    3000 on 0: none
    ");
    assert_eq!(plain("3", 10_000).unit_discount(), None);
    assert_eq!(row("3", 10_000, RowDiscount::Fraction(decimal("0.1"))).unit_discount(), None);
    let least = decimal("0.0000000000000000000000000001");
    let beyond = RowAmount { quantity: least, ..row("1", 1, RowDiscount::Absolute(i64::MAX)) };
    assert_eq!(beyond.unit_discount(), None);
}

#[test]
fn hubspots_sum_with_a_unit_discount_is_the_rows_amount() {
    for (quantity, price, minor) in [("4", 2_500, 1_000), ("4", -2_500, 1_000), ("-4", 2_500, -1_000)] {
        let row = row(quantity, price, RowDiscount::Absolute(minor)).with_positive_price();
        let each = Money(row.price).major() - row.unit_discount().unwrap();
        assert_eq!(row.quantity * each * decimal("100"), row.net().unwrap(), "{row:?}");
    }
}

#[test]
fn the_day_begins_at_midnight_in_stockholm() {
    let moments = [
        "2026-11-20T22:59:59.999Z", // winter: one hour ahead
        "2026-11-20T23:00:00Z",
        "2026-06-30T21:59:59.999Z", // summer: two
        "2026-06-30T22:00:00Z",
        "2026-03-28T23:00:00Z", // the night that loses an hour begins in winter …
        "2026-03-29T21:59:59Z",
        "2026-03-29T22:00:00Z", // … and the next begins in summer
        "2026-10-24T22:00:00Z", // the night that has one twice begins in summer …
        "2026-10-25T22:30:00Z",
        "2026-10-25T23:00:00Z", // … and the next begins in winter
        "2026-12-31T23:00:00Z",
        "2026-11-21T00:30:00+02:00", // whatever the moment was written in
    ];
    let line = |moment| format!("{moment}: {}", stockholm_date(at(moment)));
    insta::assert_snapshot!(moments.map(line).join("\n"), @r"
    2026-11-20T22:59:59.999Z: 2026-11-20
    2026-11-20T23:00:00Z: 2026-11-21
    2026-06-30T21:59:59.999Z: 2026-06-30
    2026-06-30T22:00:00Z: 2026-07-01
    2026-03-28T23:00:00Z: 2026-03-29
    2026-03-29T21:59:59Z: 2026-03-29
    2026-03-29T22:00:00Z: 2026-03-30
    2026-10-24T22:00:00Z: 2026-10-25
    2026-10-25T22:30:00Z: 2026-10-25
    2026-10-25T23:00:00Z: 2026-10-26
    2026-12-31T23:00:00Z: 2027-01-01
    2026-11-21T00:30:00+02:00: 2026-11-20
    ");
}
