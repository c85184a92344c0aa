use insta::assert_snapshot;
use rand::RngExt as _;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng as _;

use super::*;
use crate::line_items;

fn item(values: &[(&str, &str)]) -> LineItem {
    let properties = values.iter().map(|(name, value)| ((*name).to_owned(), Some((*value).to_owned()))).collect();
    let record = hubspot::Record { id: "1".to_owned(), properties, ..hubspot::Record::default() };
    line_items::read(&record, "kleer_unit").unwrap()
}

fn line(quantity: &str, price: &str, discount: (&str, &str)) -> LineItem {
    item(&[("name", "Konsult"), ("quantity", quantity), ("price", price), discount])
}

/// What Kleer makes of a row, whichever way it rounds: its amount has to be whole öre.
fn amount(row: &Row) -> i64 {
    let gross = row.quantity * Decimal::from(row.price);
    let net = match row.discount {
        RowDiscount::None => gross,
        RowDiscount::Absolute(minor) => gross - Decimal::from(minor),
        RowDiscount::Fraction(part) => gross * (Decimal::ONE - part),
    };
    assert!(net.is_integer(), "Kleer would have to round {row:?}");
    net.to_i64().unwrap()
}

fn check(quantity: &str, price: &str, discount: (&str, &str)) -> String {
    let row = row(&line(quantity, price, discount), Some(KleerId(5)), "tim").unwrap();
    format!("{} | {} x {} {:?} = {}", row.description, row.quantity, row.price, row.discount, amount(&row))
}

const NONE: (&str, &str) = ("discount", "");

#[test]
fn what_divides_stays_as_it_is() {
    assert_snapshot!(check("3", "199.50", NONE), @"Konsult | 3 x 19950 None = 59850");
    assert_snapshot!(check("2.5", "100", NONE), @"Konsult | 2.5 x 10000 None = 25000");
    assert_snapshot!(check("3", "100", ("discount", "10.50")), @"Konsult | 3 x 10000 Absolute(3150) = 26850");
    assert_snapshot!(check("3", "100", ("hs_discount_percentage", "12.5")), @"Konsult | 3 x 10000 Fraction(0.125) = 26250");
    assert_snapshot!(check("1", "100", ("hs_discount_percentage", "100")), @"Konsult | 1 x 10000 Fraction(1) = 0");
    assert_snapshot!(check("-2", "100", NONE), @"Konsult | -2 x 10000 None = -20000");
    assert_snapshot!(check("0", "100", NONE), @"Konsult | 0 x 10000 None = 0");
    // HubSpot divides a row's discount by an odd quantity: the row's is whole again.
    assert_snapshot!(check("4", "100", ("discount", "2.525")), @"Konsult | 4 x 10000 Absolute(1010) = 38990");
}

#[test]
fn what_does_not_divide_becomes_one_piece() {
    assert_snapshot!(check("3", "0.333", NONE), @"Konsult (3 tim x 0.333) | 1 x 100 None = 100");
    assert_snapshot!(check("3", "100", ("discount", "3.333333")), @"Konsult (3 tim x 100, -3.333333/tim) | 1 x 29000 None = 29000");
    assert_snapshot!(check("1", "10.05", ("hs_discount_percentage", "10")), @"Konsult (1 tim x 10.05, -10%) | 1 x 905 None = 905");
    assert_snapshot!(check("1.5", "10.01", NONE), @"Konsult (1.5 tim x 10.01) | 1 x 1502 None = 1502");
    assert_snapshot!(check("1", "100", ("hs_discount_percentage", "150")), @"Konsult (1 tim x 100, -150%) | 1 x -5000 None = -5000");
    assert_snapshot!(check("-1", "0.005", NONE), @"Konsult (-1 tim x 0.005) | 1 x -1 None = -1");
}

#[test]
fn the_line_items_unit_goes_before_the_products() {
    let mut item = line("1", "1", NONE);
    item.unit = "st".to_owned();
    assert_eq!(row(&item, None, "tim").unwrap().unit, "st");
}

#[test]
fn more_than_kleer_can_hold_is_a_number_that_cannot_be_used() {
    for (quantity, price) in
        [("1000000000000", "1000000000000"), ("79228162514264337593543950335", "79228162514264337593543950335")]
    {
        let failure = row(&line(quantity, price, NONE), None, "").unwrap_err();
        assert_eq!(failure.code, ErrorCode::InvalidNumber);
    }
}

#[test]
fn what_an_invoices_row_says() {
    let facts = ProductFacts { unit: "tim".to_owned(), vat: "0.25".parse().unwrap(), account: 3001 };
    let say = |item: &LineItem| row(item, Some(KleerId(5)), "tim").unwrap().of_invoice(&facts).to_string();
    assert_snapshot!(say(&line("2.50", "100", ("discount", "10"))), @r#"{"quantity":2.5,"price":10000,"unit":"tim","description":"Konsult","product":{"id":5},"discount":{"absolute":2500},"vat":0.25,"account-nr":3001}"#);
    assert_snapshot!(say(&line("2", "100", ("hs_discount_percentage", "10"))), @r#"{"quantity":2,"price":10000,"unit":"tim","description":"Konsult","product":{"id":5},"discount":{"percentage":0.1},"vat":0.25,"account-nr":3001}"#);
}

/// A number with up to `decimals` decimals.
fn number_of(random: &mut ChaCha8Rng, most: i64, decimals: u32) -> Decimal {
    let decimals = random.random_range(0..=decimals);
    Decimal::new(random.random_range(0..=most * 10_i64.pow(decimals)), decimals)
}

/// The property that must hold: whatever stands on the deal, the rows come to the line items' totals to the öre, and every row
/// is one that no two ways of rounding can disagree about.
#[test]
fn totals_are_the_deals_to_the_ore() {
    let mut random = ChaCha8Rng::seed_from_u64(6);
    for _ in 0..20_000 {
        let quantity = number_of(&mut random, 400, 4) * Decimal::from(random.random_range(-1_i64..=4).signum());
        let price = number_of(&mut random, 90_000, 6);
        let discount = match random.random_range(0..3) {
            0 => (Decimal::ZERO, "discount"),
            1 => (number_of(&mut random, 500, 6), "discount"),
            _ => (number_of(&mut random, 100, 4), "hs_discount_percentage"),
        };
        let (off, property) = discount;
        let gross = quantity * price;
        let net =
            if property == "discount" { gross - off * quantity } else { gross - gross * off / Decimal::ONE_HUNDRED };
        let expected = (net * Decimal::ONE_HUNDRED).round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero);
        let item = line(&quantity.to_string(), &price.to_string(), (property, &off.to_string()));
        let row = row(&item, None, "").unwrap();
        assert_eq!(Decimal::from(amount(&row)), expected, "{item:?} became {row:?}");
    }
}
