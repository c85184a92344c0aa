//! Which product of Kleer's a line item is, and what Kleer says of it.

use std::collections::BTreeMap;

use domain::KleerId;
use kleer::{Document, FieldError};
use rust_decimal::Decimal;

use crate::code::ErrorCode;
use crate::deal::no_product;
use crate::line_items::LineItem;
use crate::outcome::{Failure, Trouble, quoted};
use crate::rows::{self, ProductFacts, Row};
use crate::work::Work;

/// HubSpot's product library, whose records line items name.
const LIBRARY: &str = "products";

/// Line items with their rows.
pub(crate) struct Rows {
    /// One for each line item, in their order.
    pub(crate) rows: Vec<Row>,
    facts: BTreeMap<KleerId, ProductFacts>,
}

impl Rows {
    /// What Kleer says of a row's product.
    pub(crate) fn facts(&self, row: &Row) -> ProductFacts {
        row.product.and_then(|product| self.facts.get(&product)).cloned().unwrap_or_default()
    }
}

impl Work<'_> {
    /// The rows of line items. `must` is for invoices: each row has to have a product (contract kleer-api §7.3); an agreement's
    /// may be without.
    pub(crate) async fn rows(&self, items: &[LineItem], must: bool) -> Result<Rows, Trouble> {
        let mut products = Vec::with_capacity(items.len());
        let mut facts = BTreeMap::new();
        let mut default = None;
        for item in items {
            let product = self.product_of(item, &mut default).await?;
            if product.is_none() && must {
                return Err(no_product(item).into());
            }
            if let Some(id) = product.filter(|id| !facts.contains_key(id)) {
                facts.insert(id, self.facts(id, item).await?);
            }
            products.push(product);
        }
        let row = |(item, product): (&LineItem, Option<KleerId>)| {
            let unit = product.and_then(|id| facts.get(&id)).map_or("", |facts| &facts.unit);
            rows::row(item, product, unit)
        };
        let rows = items.iter().zip(products).map(row).collect::<Result<Vec<_>, _>>()?;
        Ok(Rows { rows, facts })
    }

    /// The product of a line item: through its product in HubSpot's library, else the one that a person named, else the portal's
    /// default. `default` is read once.
    async fn product_of(
        &self,
        item: &LineItem,
        default: &mut Option<Option<KleerId>>,
    ) -> Result<Option<KleerId>, Trouble> {
        let store = &self.app.store;
        if let Some(library) = &item.library_product
            && let Some(bound) = store.bound_to(self.portal(), LIBRARY, library).await?
        {
            return Ok(Some(bound));
        }
        if item.named_product.is_some() {
            return Ok(item.named_product);
        }
        if let Some(default) = default {
            return Ok(*default);
        }
        let chosen = store.sync_settings(self.portal()).await?.value.default_product;
        Ok(*default.insert(chosen))
    }

    async fn facts(&self, id: KleerId, item: &LineItem) -> Result<ProductFacts, Trouble> {
        match self.connection.kleer.get_product(id.0).await {
            Ok(product) => read(&product).map_err(|error| {
                let message = format!("The product {id} in Kleer cannot be used: {error}. Correct it in Kleer.");
                Failure::new(ErrorCode::KleerRejected, message).into()
            }),
            Err(error) if error.kind == rest::ErrorKind::Missing => {
                let name = quoted(&item.name);
                let message = format!(
                    "The line item {name} names the product {id}, which Kleer does not have. Choose another product for it, or \
                     correct its kleer_product_id."
                );
                Err(Failure::new(ErrorCode::MissingProduct, message).into())
            }
            Err(error) => Err(Trouble::kleer(&error)),
        }
    }
}

fn read(product: &Document) -> Result<ProductFacts, FieldError> {
    let rate = product.decimal("vat-percentage")?.unwrap_or_default();
    // A fraction, or a percentage, told apart at 1 (design §3 Money); a row wants the fraction (contract kleer-api §7.3).
    let vat = if rate.abs() <= Decimal::ONE { rate } else { rate / Decimal::ONE_HUNDRED };
    let unit = product.text("unit")?.map(str::trim).unwrap_or_default().to_owned();
    Ok(ProductFacts { unit, vat, account: product.integer("account-nr")?.unwrap_or(0) })
}
