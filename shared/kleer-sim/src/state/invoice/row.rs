//! The rows of invoices (contract kleer-api §7.3).

use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::Deserialize;

use crate::state::{
    Discount, Period, Reference,
    document::Encoder,
    shapes::{decimal, optional_date, row_amount},
};

/// A row of an invoice, typed. The stored truth is its JSON document, which may hold more.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub struct InvoiceRow {
    /// Given by Kleer.
    pub id: i64,
    /// How many units; negative on credits.
    #[serde(deserialize_with = "decimal")]
    pub quantity: Decimal,
    /// Hundredths of the currency per unit, without VAT.
    pub price: i64,
    /// The VAT rate as a fraction: 0.25.
    #[serde(deserialize_with = "decimal")]
    pub vat: Decimal,
    /// What is sold.
    pub product: Reference,
    /// `st`, `tim`, `mån` …
    pub unit: String,
    /// What stands on the invoice.
    pub description: String,
    /// The ledger account; the product's.
    pub account_nr: i64,
    /// The period that the row is accrued over.
    pub period: Option<Period>,
    /// When it was delivered.
    #[serde(deserialize_with = "optional_date")]
    pub delivery_date: Option<Date>,
    /// What is taken off.
    pub discount: Option<Discount>,
}

impl Default for InvoiceRow {
    fn default() -> InvoiceRow {
        InvoiceRow {
            id: 0,
            quantity: Decimal::ONE,
            price: 0,
            vat: Decimal::new(25, 2),
            product: Reference::default(),
            unit: "st".to_owned(),
            description: String::new(),
            account_nr: 3001,
            period: None,
            delivery_date: None,
            discount: None,
        }
    }
}

impl InvoiceRow {
    /// What the row comes to in hundredths, without VAT.
    pub fn amount(&self) -> i64 {
        row_amount(self.quantity, self.price, self.discount)
    }

    /// The document, in the schema's order.
    pub(crate) fn encode(&self) -> String {
        let mut text = Encoder::new(250);
        text.number("id", self.id).raw("quantity", &self.quantity.normalize().to_string());
        text.number("price", self.price).raw("vat", &self.vat.normalize().to_string());
        text.reference("product", self.product.id).text("unit", &self.unit).text("description", &self.description);
        text.number("account-nr", self.account_nr).raw("dimensions", "{}");
        text.optional("period", self.period, |text, name, period| {
            text.raw(name, &period.encode());
        });
        text.optional("delivery-date", self.delivery_date, |text, name, date| {
            text.plain(name, date);
        });
        text.optional("discount", self.discount, |text, name, discount| {
            text.raw(name, &discount.encode());
        });
        text.raw("fields", "{}").finish()
    }
}
