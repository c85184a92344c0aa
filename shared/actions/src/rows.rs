//! Rows in Kleer from a deal's line items. Totals agree to the öre, however Kleer rounds: a row keeps its quantity and price only
//! if its amount is whole öre, else it is one of quantity 1 at the row's total, with quantity and price in its description.

use domain::KleerId;
use rust_decimal::prelude::ToPrimitive as _;
use rust_decimal::{Decimal, RoundingStrategy};
use serde_json::{Map, Value, json};

use crate::code::ErrorCode;
use crate::document::number;
use crate::line_items::{LineDiscount, LineItem};
use crate::outcome::{Failure, quoted};

/// What is taken off a row in Kleer (contract kleer-api §7.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RowDiscount {
    /// Nothing.
    None,
    /// Minor units off the whole row.
    Absolute(i64),
    /// A part: 0.1 is ten per cent.
    Fraction(Decimal),
}

/// A row of an invoice or agreement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    pub(crate) description: String,
    pub(crate) quantity: Decimal,
    /// Minor units for one.
    pub(crate) price: i64,
    pub(crate) discount: RowDiscount,
    pub(crate) unit: String,
    pub(crate) product: Option<KleerId>,
}

/// What a product in Kleer adds to a row.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct ProductFacts {
    pub(crate) unit: String,
    /// As a fraction.
    pub(crate) vat: Decimal,
    pub(crate) account: i64,
}

/// The row of a line item, with the product that was found for it.
///
/// # Errors
/// If it comes to more than Kleer can hold.
pub(crate) fn row(item: &LineItem, product: Option<KleerId>, unit: &str) -> Result<Row, Failure> {
    let unit = if item.unit.is_empty() { unit } else { &item.unit };
    let whole = |description, quantity, price, discount| Row {
        description,
        quantity,
        price,
        discount,
        unit: unit.to_owned(),
        product,
    };
    let exact = exact_total(item).ok_or_else(|| too_large(item))?;
    if let Some((price, discount)) = as_it_is(item, exact) {
        return Ok(whole(item.name.clone(), item.quantity.normalize(), price, discount));
    }
    let total = exact.round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero);
    let total = total.to_i64().ok_or_else(|| too_large(item))?;
    Ok(whole(described(item, unit), Decimal::ONE, total, RowDiscount::None))
}

/// What a line item comes to in minor units, not rounded: HubSpot's quantity × price − discount.
fn exact_total(item: &LineItem) -> Option<Decimal> {
    let gross = item.quantity.checked_mul(item.price)?;
    let net = match item.discount {
        LineDiscount::None => gross,
        LineDiscount::PerUnit(each) => gross.checked_sub(each.checked_mul(item.quantity)?)?,
        LineDiscount::Percent(percent) => {
            gross.checked_sub(gross.checked_mul(percent)?.checked_div(Decimal::ONE_HUNDRED)?)?
        }
    };
    net.checked_mul(Decimal::ONE_HUNDRED).filter(|minor| minor.abs() <= Decimal::from(i64::MAX / 2))
}

/// Price and discount as Kleer takes them, if nothing has to be rounded anywhere.
fn as_it_is(item: &LineItem, exact: Decimal) -> Option<(i64, RowDiscount)> {
    let whole = |minor: Decimal| minor.is_integer().then(|| minor.to_i64()).flatten();
    whole(exact)?;
    let price = whole(item.price.checked_mul(Decimal::ONE_HUNDRED)?)?;
    let discount = match item.discount {
        LineDiscount::None => RowDiscount::None,
        LineDiscount::PerUnit(each) => {
            let of_row = each.checked_mul(item.quantity)?.checked_mul(Decimal::ONE_HUNDRED)?;
            RowDiscount::Absolute(whole(of_row)?)
        }
        LineDiscount::Percent(percent) => {
            let part = percent.checked_div(Decimal::ONE_HUNDRED)?;
            // Above 1 it would be read as a percentage (contract kleer-api §14 point 4).
            (Decimal::ZERO..=Decimal::ONE).contains(&part).then_some(RowDiscount::Fraction(part.normalize()))?
        }
    };
    Some((price, discount))
}

/// The description of a row that had to become one piece.
fn described(item: &LineItem, unit: &str) -> String {
    let off = match item.discount {
        LineDiscount::None => String::new(),
        LineDiscount::PerUnit(each) => format!(", -{}/{}", each.normalize(), if unit.is_empty() { "st" } else { unit }),
        LineDiscount::Percent(percent) => format!(", -{}%", percent.normalize()),
    };
    let unit = if unit.is_empty() { String::new() } else { format!(" {unit}") };
    format!("{} ({}{unit} x {}{off})", item.name, item.quantity.normalize(), item.price.normalize())
}

fn too_large(item: &LineItem) -> Failure {
    let message = format!(
        "The line item {} comes to more than Kleer can hold. Correct its quantity or price, then enrol the deal again.",
        quoted(&item.name)
    );
    Failure::new(ErrorCode::InvalidNumber, message)
}

impl Row {
    /// The row as a member of an agreement's document (contract kleer-api §7.4).
    pub(crate) fn of_agreement(&self) -> Value {
        let mut row = Map::from_iter([
            ("quantity".to_owned(), number(self.quantity)),
            ("price".to_owned(), json!(self.price)),
            ("unit".to_owned(), json!(self.unit)),
            ("description".to_owned(), json!(self.description)),
        ]);
        if let Some(product) = self.product {
            row.insert("product".to_owned(), json!({ "id": product.0 }));
        }
        match self.discount {
            RowDiscount::None => {}
            RowDiscount::Absolute(minor) => drop(row.insert("discount".to_owned(), json!({ "absolute": minor }))),
            RowDiscount::Fraction(part) => {
                drop(row.insert("discount".to_owned(), json!({ "percentage": number(part) })));
            }
        }
        Value::Object(row)
    }

    /// The same of an invoice's: with the rate of VAT and the account of its product (contract kleer-api §7.3). Kleer puts its
    /// own in their place, but for VAT of sales to consumers abroad.
    pub(crate) fn of_invoice(&self, product: &ProductFacts) -> Value {
        let mut row = self.of_agreement();
        row["vat"] = number(product.vat);
        row["account-nr"] = json!(product.account);
        row
    }
}

/// A set of rows in its wrapper; empty is `{}` (contract kleer-api §3 rule 6).
pub(crate) fn wrapped(rows: Vec<Value>) -> Value {
    if rows.is_empty() { json!({}) } else { json!({ "rows": rows }) }
}

#[cfg(test)]
mod tests;
