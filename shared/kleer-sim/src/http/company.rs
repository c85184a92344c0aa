//! `/info` (contract kleer-api §6, Company, users).

use axum::{Router, routing::get};
use serde_json::json;

use super::{
    Call,
    reply::{Reply, read},
};
use crate::{Company, Refusal, State, state::rights::Right};

/// The paths about the company itself.
pub(super) fn routes() -> Router {
    Router::new().route("/info", get(read(Right::Any, info)))
}

fn info(_: &Call, _: &State, company: &Company) -> Result<Reply, Refusal> {
    Ok(Reply { root: "company-information", json: json!(company.information).to_string(), records: 1 })
}
