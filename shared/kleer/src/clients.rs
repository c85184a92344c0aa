//! Clients: Kleer's customers (contract kleer-api §6 "Clients", fields §7.1).

use rest::Error;

use crate::api::Api;
use crate::json::Document;
use crate::listing::Listing;
use crate::paths::{CLIENTS, item};

impl Api {
    /// All clients, active or not, in one answer.
    pub async fn list_clients(&self) -> Result<Listing, Error> {
        self.list(CLIENTS, "clients", "list_clients").await
    }

    /// One client. [`rest::ErrorKind::Missing`] if there is none with this id.
    pub async fn get_client(&self, id: i64) -> Result<Document, Error> {
        self.get_record(&item(CLIENTS, id), "get_client").await
    }

    /// Saves a whole client document: what [`get_client`](Self::get_client) gave, with the changes laid over it. An
    /// omitted field may be cleared. Sent a second time after an unknown outcome; see [`repeated`](crate::repeated).
    pub async fn update_client(&self, id: i64, client: &Document) -> Result<(), Error> {
        self.update(&item(CLIENTS, id), client, "update_client").await
    }
}
