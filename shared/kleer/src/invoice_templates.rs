//! Templates: how invoices look (contract kleer-api §6 "Client invoices").

use rest::Error;

use crate::api::Api;
use crate::listing::Listing;
use crate::paths::INVOICE_TEMPLATES;

impl Api {
    /// The company's templates: records of `id`, `name` and `description`. Those of credit invoices are among them.
    pub async fn list_invoice_templates(&self) -> Result<Listing, Error> {
        self.list(INVOICE_TEMPLATES, "client-invoice-templates", "list_invoice_templates").await
    }
}

#[cfg(test)]
mod tests;
