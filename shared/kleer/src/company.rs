//! The company itself: the tenant, not a customer (contract kleer-api §6 "Company, users").

use rest::Error;

use crate::api::Api;
use crate::json::Document;
use crate::paths::INFO;

impl Api {
    /// The company's particulars: `name`, `orgno`, `accounting-currency` and others. It has no `id`.
    pub async fn company_info(&self) -> Result<Document, Error> {
        self.get_document(INFO, "company_info").await
    }
}
