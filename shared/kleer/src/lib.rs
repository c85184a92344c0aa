//! The Kleer API in Kleer's words: what can be asked, and how its JSON is read. Nothing here knows HubSpot or our
//! mappings.
//!
//! [`Api`] is a handle to one Kleer *company* (Kleer's word for a tenant) with one key. Each resource has its file,
//! with one function per call: [`Api::list_clients`], [`Api::update_client`], [`Api::list_products`], [`Api::me`] and
//! so on.
//!
//! Kleer's lists are mostly unpaged: [`Listing`] holds such an answer and reads one record at a time. Invoices come in
//! pages, which [`InvoicePages`] holds. Where agreements are is a guess that [`Api::probe_agreements`] settles, once
//! per company; the calls about them want the [`AgreementPath`] it found. A record is a
//! [`Document`]: a JSON object that keeps every member, known or not, in its order, because an update sends the whole
//! document back (contract kleer-api §9). Its accessors know Kleer's habits (contract kleer-api §3), and what they
//! cannot read is a [`FieldError`] of that one record, never the end of a run.
//!
//! Verbs are unusual: `PUT` creates and `POST` updates. Business errors come as 500 with a `message`: see
//! [`is_business_error`] and [`repeated`].

mod agreements;
mod api;
mod clients;
mod company;
mod create;
mod delivery_types;
mod error;
mod invoice_templates;
mod invoices;
mod json;
mod listing;
mod paths;
mod products;
mod projects;
mod rows;
#[cfg(test)]
mod tests;
mod users;

pub use agreements::{AgreementPath, AgreementProbe};
pub use api::{Api, BASE_URL, BURST, IN_FLIGHT, PER_SECOND};
pub use create::New;
pub use error::{Error, is_business_error, message, repeated};
pub use invoices::{InvoiceFilter, InvoicePages, InvoiceQuery, InvoiceWalk};
pub use json::{Document, FieldError, same_enum, upper_snake};
pub use listing::Listing;
pub use projects::writeable;
pub use rows::{Discount, Row, RowSet};
