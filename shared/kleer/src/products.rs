//! Products (contract kleer-api §6 "Products", fields §7.5). Read only: they are synced one way.

use rest::Error;

use crate::api::Api;
use crate::json::Document;
use crate::listing::Listing;
use crate::paths::{PRODUCTS, item};

impl Api {
    /// All products in one answer.
    pub async fn list_products(&self) -> Result<Listing, Error> {
        self.list(PRODUCTS, "products", "list_products").await
    }

    /// One product. [`rest::ErrorKind::Missing`] if there is none with this id.
    pub async fn get_product(&self, id: i64) -> Result<Document, Error> {
        self.get_record(&item(PRODUCTS, id), "get_product").await
    }
}
