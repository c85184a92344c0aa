//! Agreements, under whichever of the candidate paths the switch chooses (contract kleer-api §6, Agreements).

use std::future::{Ready, ready};

use axum::{Router, response::Response, routing::get};
use serde_json::Value;

use super::{
    Call, records,
    reply::{Reply, read, write},
};
use crate::{
    AgreementPath, AgreementUpdate, Change, Company, Kind, Refusal, State, Switches,
    state::{Act, rights::Right},
};

/// All candidate paths.
pub(super) fn routes() -> Router {
    AgreementPath::ALL.into_iter().map(under).fold(Router::new(), Router::merge)
}

/// One candidate path.
fn under(candidate: AgreementPath) -> Router {
    let one = read(Right::ReadAgreements, |call, state, company| {
        records::one(state, company, Kind::Agreement, call.number("id")?)
    });
    let write = |plan| served(candidate, write(Right::WriteAgreements, Kind::Agreement, plan));
    let path = candidate.path();
    Router::new()
        .route(path, get(served(candidate, read(Right::ReadAgreements, list))).put(write(create)))
        .route(&format!("{path}/{{id}}"), get(served(candidate, one)).post(write(save)).delete(write(delete)))
}

/// A candidate that is not served is 404 before anything is looked at, a token included. Looking for the right one is
/// what a correct client does, so it is not noted as unexpected.
fn served(
    candidate: AgreementPath,
    handler: impl Fn(Call) -> Ready<Response> + Clone + Send + Sync + 'static,
) -> impl Fn(Call) -> Ready<Response> + Clone + Send + Sync + 'static {
    move |call| match call.asked.simulator.state(|state| state.switches.agreement_path == candidate) {
        true => handler(call),
        false => ready(call.refuse(&Refusal::NotFound("Sidan".to_owned()))),
    }
}

fn list(_: &Call, state: &State, company: &Company) -> Result<Reply, Refusal> {
    let all = state.switches.deleted_agreements_listed;
    Ok(records::list_some(state, company, Kind::Agreement, |record| all || !record.says("\"deleted\":true")))
}

fn create(call: &Call, _: &Switches) -> Result<Change, Refusal> {
    Ok(Change::Create(call.document()?))
}

/// The type update-client-agreement is a wrapper with one child.
fn save(call: &Call, switches: &Switches) -> Result<Change, Refusal> {
    let (id, mut document) = (call.number("id")?, call.document()?);
    if switches.agreement_update == AgreementUpdate::Bare {
        return Ok(Change::Save(id, document));
    }
    let Some(Value::Object(agreement)) = document.shift_remove("client-agreement") else {
        return Err(Refusal::Invalid("mandatory element client-agreement is missing".to_owned()));
    };
    if let Some(name) = document.keys().next() {
        call.note(format!("element {name} is in no schema"));
    }
    Ok(Change::Save(id, agreement))
}

fn delete(call: &Call, _: &Switches) -> Result<Change, Refusal> {
    Ok(Change::Act(call.number("id")?, Act::Delete))
}
