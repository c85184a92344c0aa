//! Rows of invoices and agreements: HubSpot's line items. They have no turn of their own. Fields: contract product §6.5;
//! types: contract kleer-api §7.3, §7.4.

use std::time::Duration;

use domain::computed::{RowAmount, RowDiscount};
use domain::{Direction, FieldKind, FieldSpec, KleerId, Money, ObjectSpec, ObjectType, SourceRow, Value};
use kleer::{Discount, Document, FieldError, Row, RowSet};
use rust_decimal::Decimal;

use super::reading::{self, Reader};

use FieldKind::{Decimal as Number, Integer, Money as Amount, Rate, Reference, Text};

/// Everything fixed about line items.
pub(super) static SPEC: ObjectSpec = ObjectSpec {
    object: ObjectType::LineItem,
    label: "line item",
    hubspot_object: "line_items",
    direction: Direction::OneWay,
    interval: Duration::from_secs(30 * 60),
    fields: &[
        FieldSpec { name: "quantity", label: "Quantity", kind: Number },
        FieldSpec { name: "price", label: "Price", kind: Amount },
        FieldSpec { name: "vat", label: "VAT", kind: Rate },
        FieldSpec { name: "product.id", label: "Product (ID)", kind: Reference },
        FieldSpec { name: "unit", label: "Unit", kind: Text },
        FieldSpec { name: "description", label: "Description", kind: Text },
        FieldSpec { name: "account-nr", label: "Account number", kind: Integer },
        FieldSpec { name: "discount.percentage", label: "Discount percentage", kind: Rate },
        FieldSpec { name: "discount.absolute", label: "Discount absolute", kind: Amount },
    ],
    required: &[],
    default_mappings: &[
        ("description", "name"),
        ("quantity", "quantity"),
        ("price", "price"),
        ("discount.percentage", "hs_discount_percentage"),
        ("discount.absolute", "discount"),
        ("product.id", "hs_product_id"),
        ("unit", "kleer_unit"),
        ("vat", "kleer_vat_rate"),
        ("account-nr", "kleer_account_number"),
    ],
    when_gone: None,
    reserved: &["recurringbillingfrequency"],
    rules: &[],
};

/// The fields that are read below rather than by their kind.
const OWN: [&str; 4] = ["quantity", "price", "discount.percentage", "discount.absolute"];

/// The rows of a record.
pub(super) struct Rows {
    /// As line items.
    pub(super) rows: Vec<SourceRow>,
    /// What they cost, as Kleer has it.
    pub(super) amounts: Vec<RowAmount>,
}

/// Reads one set of rows. `name` and the place from 0 make a row's key; `frequency` is how often it is billed.
pub(super) fn read(
    document: &Document,
    set: RowSet,
    name: &str,
    frequency: Option<&'static str>,
    reader: &Reader<'_>,
) -> Result<Rows, FieldError> {
    let mut read = Rows { rows: Vec::new(), amounts: Vec::new() };
    for (place, row) in document.rows(set)?.iter().enumerate() {
        let amount = amount(row)?;
        read.amounts.push(amount);
        let mut line = SourceRow {
            key: format!("{name}-{place}"),
            product: row.located(|row| row.reference("product.id"))?.map(KleerId),
            billing_frequency: frequency,
            ..SourceRow::default()
        };
        for field in reader.row_fields.iter().filter(|field| !OWN.contains(&field.name)) {
            let value = row.located(|row| reading::value(field, row))?;
            line.values.extend(value.map(|value| (field.name, value)));
        }
        add_amount(&mut line, amount.with_positive_price());
        read.rows.push(line);
    }
    Ok(read)
}

fn amount(row: &Row) -> Result<RowAmount, FieldError> {
    let discount = match row.discount()? {
        Discount::None => RowDiscount::None,
        Discount::Absolute(minor) => RowDiscount::Absolute(minor),
        Discount::Fraction(part) => RowDiscount::Fraction(part),
    };
    Ok(RowAmount { quantity: row.quantity()?, price: row.price()?, discount })
}

fn add_amount(line: &mut SourceRow, amount: RowAmount) {
    line.values.insert("quantity", Value::Number(amount.quantity));
    line.values.insert("price", Value::Money(Money(amount.price)));
    if let RowDiscount::Fraction(part) = amount.discount {
        let percent = part.checked_mul(Decimal::ONE_HUNDRED).unwrap_or(part);
        line.values.insert("discount.percentage", Value::Percentage(percent));
    }
    line.values.extend(amount.unit_discount().map(|each| ("discount.absolute", Value::Number(each))));
}
