//! `/client-project` (contract kleer-api §6, Client projects).

use axum::{Router, routing::get};

use super::{
    Call, records,
    reply::{Reply, read, write},
};
use crate::{Change, Company, Kind, Refusal, State, Switches, state::rights::Right};

/// The paths of projects. No known path opens, closes or deletes one.
pub(super) fn routes() -> Router {
    let one = read(Right::ReadProjects, |call, state, company| {
        records::one(state, company, Kind::Project, call.number("id")?)
    });
    Router::new()
        .route(
            "/client-project",
            get(read(Right::ReadProjects, list)).put(write(Right::WriteProjects, Kind::Project, create)),
        )
        .route("/client-project/{id}", get(one).post(write(Right::WriteProjects, Kind::Project, save)))
}

/// Without filter the list holds all; what the real default is was never recorded.
fn list(call: &Call, state: &State, company: &Company) -> Result<Reply, Refusal> {
    let wanted = match call.query("filter") {
        None | Some("all") => "",
        Some("active") => "\"active\":true",
        Some("inactive") => "\"active\":false",
        Some(other) => return Err(Refusal::Invalid(format!("parameter filter cannot be {other}"))),
    };
    Ok(records::list_some(state, company, Kind::Project, |record| record.says(wanted)))
}

fn create(call: &Call, _: &Switches) -> Result<Change, Refusal> {
    Ok(Change::Create(call.document()?))
}

fn save(call: &Call, _: &Switches) -> Result<Change, Refusal> {
    Ok(Change::Save(call.number("id")?, call.document()?))
}
