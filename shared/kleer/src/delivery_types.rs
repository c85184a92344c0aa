//! Delivery types: how an invoice may be sent (contract kleer-api §6 "Clients", §10).

use rest::Error;

use crate::api::Api;
use crate::listing::Listing;
use crate::paths::DELIVERY_TYPES;

impl Api {
    /// The names that the company's `delivery-type` fields may have: records of `name` and `default`, without ids. One
    /// of them is the default. Names are compared as they are; they are no enumeration.
    pub async fn list_delivery_types(&self) -> Result<Listing, Error> {
        self.list(DELIVERY_TYPES, "client-delivery-types", "list_delivery_types").await
    }
}

#[cfg(test)]
mod tests;
