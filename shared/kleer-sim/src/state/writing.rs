//! What the rules of a write look at, and the checks that kinds of records share.

use super::{Company, Document, Editor, Kind};
use crate::{Refusal, Switches};

/// A write, as the rules see it.
#[derive(Clone, Copy)]
pub(crate) struct Writing<'a> {
    /// The company, as it is before.
    pub(crate) company: &'a Company,
    /// The guesses in force for this writer.
    pub(crate) switches: &'a Switches,
    /// Who writes.
    pub(crate) by: Editor,
    /// The user whose token it is, or the company's first.
    pub(crate) user: i64,
    /// The record's id, if it is an old one.
    pub(crate) id: Option<i64>,
    /// What the API finds there before. A person empties a field by emptying it; only a program's omission can mean
    /// "unchanged".
    pub(crate) before: Option<&'a Document>,
}

/// Whether a client exists, if one is named.
pub(crate) fn check_client(company: &Company, id: Option<i64>) -> Result<(), Refusal> {
    exists(company, Kind::Client, id, "ClientDoesNotExistException")
}

/// Whether a product exists, if one is named.
pub(crate) fn check_product(company: &Company, id: Option<i64>) -> Result<(), Refusal> {
    exists(company, Kind::Product, id, "ProductDoesNotExistException")
}

/// Whether a user exists, if one is named.
pub(crate) fn check_user(company: &Company, switches: &Switches, id: Option<i64>) -> Result<(), Refusal> {
    match switches.unknown_user_refused {
        true => exists(company, Kind::User, id, "UserDoesNotExistException"),
        false => Ok(()),
    }
}

fn exists(company: &Company, kind: Kind, id: Option<i64>, class: &'static str) -> Result<(), Refusal> {
    match id {
        Some(id) if company.records(kind).get(id).is_none() => {
            Err(Refusal::Business { class, message: format!("{} med id {id} finns inte", kind.swedish()) })
        }
        _ => Ok(()),
    }
}

/// Whether the company has a delivery type.
pub(crate) fn check_delivery_type(company: &Company, switches: &Switches, name: &str) -> Result<(), Refusal> {
    if switches.unknown_delivery_type_refused && !company.has_delivery_type(name) {
        let message = format!("Leveranssättet {name} finns inte");
        return Err(Refusal::Business { class: "ClientDeliveryTypeDoesNotExistException", message });
    }
    Ok(())
}
