//! Users: the people who work in Kleer (contract kleer-api §6 "Company, users").

use rest::Error;

use crate::api::Api;
use crate::json::Document;
use crate::listing::Listing;
use crate::paths::{ME, USERS};

impl Api {
    /// All users, inactive ones included.
    pub async fn list_users(&self) -> Result<Listing, Error> {
        self.list(USERS, "users", "list_users").await
    }

    /// The user whose key this is: the cheapest check of a key and a company id (contract kleer-api §2).
    pub async fn me(&self) -> Result<Document, Error> {
        self.get_record(ME, "me").await
    }
}
