//! `/product` (contract kleer-api §6, Products). Nothing known deletes a product through the API.

use axum::{Router, routing::get};

use super::{
    Call, records,
    reply::{read, write},
};
use crate::{Change, Kind, Refusal, Switches, state::rights::Right};

/// The paths of products.
pub(super) fn routes() -> Router {
    let list = read(Right::ReadProducts, |_, state, company| Ok(records::list(state, company, Kind::Product)));
    let one = read(Right::ReadProducts, |call, state, company| {
        records::one(state, company, Kind::Product, call.number("id")?)
    });
    Router::new()
        .route("/product", get(list).put(write(Right::WriteProducts, Kind::Product, create)))
        .route("/product/{id}", get(one).post(write(Right::WriteProducts, Kind::Product, save)))
}

fn create(call: &Call, switches: &Switches) -> Result<Change, Refusal> {
    writable(switches)?;
    Ok(Change::Create(call.document()?))
}

fn save(call: &Call, switches: &Switches) -> Result<Change, Refusal> {
    writable(switches)?;
    Ok(Change::Save(call.number("id")?, call.document()?))
}

fn writable(switches: &Switches) -> Result<(), Refusal> {
    if switches.product_writes { Ok(()) } else { Err(Refusal::MethodUnknown) }
}
