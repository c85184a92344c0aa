//! `/client` (contract kleer-api §6, Clients).

use axum::{Router, routing::get};
use serde_json::json;

use super::{
    Call, records,
    reply::{Reply, read, write},
};
use crate::{Change, Company, Kind, Refusal, State, Switches, state::rights::Right};

/// The paths of clients.
pub(super) fn routes() -> Router {
    let list = read(Right::ReadClients, |_, state, company| Ok(records::list(state, company, Kind::Client)));
    let one =
        read(Right::ReadClients, |call, state, company| records::one(state, company, Kind::Client, call.number("id")?));
    Router::new()
        .route("/client", get(list).put(write(Right::WriteClients, Kind::Client, create)))
        .route("/client/deliverytype", get(read(Right::ReadClients, delivery_types)))
        .route("/client/foreign-id/{foreign-id}", get(read(Right::ReadClients, by_foreign_id)))
        .route(
            "/client/{id}",
            get(one).post(write(Right::WriteClients, Kind::Client, save)).delete(write(
                Right::WriteClients,
                Kind::Client,
                remove,
            )),
        )
}

fn delivery_types(_: &Call, _: &State, company: &Company) -> Result<Reply, Refusal> {
    let json = json!({ "client-delivery-types": company.delivery_types }).to_string();
    Ok(Reply { root: "client-delivery-types", json, records: company.delivery_types.len() })
}

fn by_foreign_id(call: &Call, state: &State, company: &Company) -> Result<Reply, Refusal> {
    match state.switches.client_by_foreign_id {
        true => records::by_foreign_id(state, company, Kind::Client, call.parameter("foreign-id")),
        false => Err(Refusal::PathUnknown),
    }
}

fn create(call: &Call, _: &Switches) -> Result<Change, Refusal> {
    Ok(Change::Create(call.document()?))
}

fn save(call: &Call, _: &Switches) -> Result<Change, Refusal> {
    Ok(Change::Save(call.number("id")?, call.document()?))
}

fn remove(call: &Call, switches: &Switches) -> Result<Change, Refusal> {
    match switches.client_delete {
        true => Ok(Change::Remove(call.number("id")?)),
        false => Err(Refusal::MethodUnknown),
    }
}
