//! Rows of invoices and agreements (contract kleer-api §7.3, §7.4).

use rust_decimal::Decimal;

use crate::json::{Document, FieldError};

/// A rate up to this is a fraction, above it a percentage. That Kleer writes fractions is INFERRED for discounts
/// (contract kleer-api §14 point 4); told apart like this, either is read well, except percentages of 1 and less.
const LARGEST_FRACTION: Decimal = Decimal::ONE;

/// Which rows of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowSet {
    /// An invoice's rows.
    Invoice,
    /// An agreement's rows that are on its first invoice only.
    FirstInvoice,
    /// An agreement's rows that are on every invoice.
    Recurring,
}

impl RowSet {
    /// The member of the record that holds them.
    pub fn member(self) -> &'static str {
        match self {
            RowSet::Invoice => "rows",
            RowSet::FirstInvoice => "first-invoice-rows",
            RowSet::Recurring => "recurring-rows",
        }
    }
}

/// One row, and where it stands, so that its errors can say so: `recurring-rows[2].price`.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    place: String,
    document: Document,
}

/// What is taken off a row's price.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Discount {
    /// Nothing; a discount of zero too.
    None,
    /// An amount in minor units, off the whole row (per row is INFERRED, contract kleer-api §15 `_mrr`).
    Absolute(i64),
    /// A part of the row's amount: 0.1 is 10 %.
    Fraction(Decimal),
}

impl Document {
    /// The record's rows, in Kleer's order. No rows and a missing wrapper are the same.
    ///
    /// # Errors
    /// If one of them is no object.
    pub fn rows(&self, set: RowSet) -> Result<Vec<Row>, FieldError> {
        let rows = self.documents(set.member())?.into_iter().enumerate();
        Ok(rows.map(|(index, document)| Row { place: format!("{}[{index}]", set.member()), document }).collect())
    }
}

impl Row {
    /// The row's members. An invoice's row has an `id`, an agreement's has none.
    pub fn document(&self) -> &Document {
        &self.document
    }

    /// How many, which may be negative.
    ///
    /// # Errors
    /// If it is missing, too: every row has one.
    pub fn quantity(&self) -> Result<Decimal, FieldError> {
        self.at(self.document.decimal("quantity").and_then(|quantity| must(quantity, "quantity", "a number")))
    }

    /// The price of one in minor units, without VAT. It may be negative.
    ///
    /// # Errors
    /// If it is missing, too: every row has one.
    pub fn price(&self) -> Result<i64, FieldError> {
        let price = self.document.money("price");
        self.at(price.and_then(|price| must(price, "price", "an amount in whole minor units")))
    }

    /// What is taken off.
    ///
    /// # Errors
    /// If it is both an amount and a percentage, too.
    pub fn discount(&self) -> Result<Discount, FieldError> {
        self.at(discount_in(&self.document))
    }

    /// Reads something of the row; an error says where the row stands.
    ///
    /// # Errors
    /// Those of what is read.
    pub fn located<T>(&self, read: impl FnOnce(&Document) -> Result<T, FieldError>) -> Result<T, FieldError> {
        self.at(read(&self.document))
    }

    fn at<T>(&self, outcome: Result<T, FieldError>) -> Result<T, FieldError> {
        outcome.map_err(|error| FieldError { path: format!("{}.{}", self.place, error.path), ..error })
    }
}

fn must<T>(value: Option<T>, path: &str, expected: &'static str) -> Result<T, FieldError> {
    value.ok_or_else(|| FieldError::new(path, expected, &"nothing"))
}

fn discount_in(row: &Document) -> Result<Discount, FieldError> {
    let absolute = row.money("discount.absolute")?.filter(|minor| *minor != 0);
    let percentage = row.decimal("discount.percentage")?.filter(|rate| !rate.is_zero());
    match (absolute, percentage) {
        (None, None) => Ok(Discount::None),
        (Some(minor), None) => Ok(Discount::Absolute(minor)),
        (None, Some(rate)) => Ok(Discount::Fraction(fraction(rate))),
        (Some(minor), Some(rate)) => {
            let both = format!("{minor} and {rate}");
            Err(FieldError::new("discount", "either an amount or a percentage", &both))
        }
    }
}

fn fraction(rate: Decimal) -> Decimal {
    if rate.abs() > LARGEST_FRACTION { rate / Decimal::ONE_HUNDRED } else { rate }
}

#[cfg(test)]
mod tests;
