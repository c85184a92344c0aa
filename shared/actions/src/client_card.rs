//! The client that a document is made for, as far as the document needs it.

use domain::KleerId;
use kleer::{Document, FieldError};
use serde_json::{Map, Value};

use crate::code::ErrorCode;
use crate::outcome::Failure;

/// The lines of an address; Kleer wants all of them or none (contract kleer-api §7.1).
pub(crate) const ADDRESS: [&str; 5] = ["address1", "address2", "zip-code", "state", "country"];

/// A client of Kleer's.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct ClientCard {
    pub(crate) id: i64,
    pub(crate) name: String,
    pub(crate) contact: String,
    pub(crate) email: String,
    /// In the order of [`ADDRESS`].
    pub(crate) address: [String; 5],
    pub(crate) payment_days: i64,
    /// None where the client has none of its own.
    pub(crate) currency: Option<String>,
}

/// Days to pay where a client says none.
pub(crate) const PAYMENT_DAYS: i64 = 30;

impl ClientCard {
    /// Reads a client.
    ///
    /// # Errors
    /// If Kleer's own document cannot be read.
    pub(crate) fn read(id: KleerId, document: &Document) -> Result<Self, Failure> {
        Self::of(id, document).map_err(|error| {
            let remedy = "Open the client in Kleer, correct it and save it, then enrol the record again.";
            Failure::new(
                ErrorCode::KleerRejected,
                format!("The client {id} in Kleer cannot be used: {error}. {remedy}"),
            )
        })
    }

    fn of(id: KleerId, document: &Document) -> Result<Self, FieldError> {
        let text = |path: &str| Ok(document.text(path)?.map(str::trim).unwrap_or_default().to_owned());
        let mut address = <[String; 5]>::default();
        for (line, name) in address.iter_mut().zip(ADDRESS) {
            *line = text(&format!("address.{name}"))?;
        }
        Ok(Self {
            id: id.0,
            name: text("name")?,
            contact: text("contact")?,
            email: text("email")?,
            address,
            payment_days: document.integer("payment-days")?.filter(|days| *days >= 0).unwrap_or(PAYMENT_DAYS),
            currency: document.text("currency-type")?.map(str::trim).filter(|c| !c.is_empty()).map(str::to_owned),
        })
    }
}

/// An address as Kleer's documents have it.
pub(crate) fn address(lines: &[String; 5]) -> Value {
    let members = ADDRESS.iter().zip(lines).map(|(name, line)| ((*name).to_owned(), Value::from(line.as_str())));
    Value::Object(Map::from_iter(members))
}
