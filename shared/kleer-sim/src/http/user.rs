//! `/user` (contract kleer-api §6, Company, users).

use axum::{Router, routing::get};

use super::{
    Call, records,
    reply::{Reply, read},
};
use crate::{Company, Kind, Refusal, State, state::rights::Right};

/// The paths of users.
pub(super) fn routes() -> Router {
    let list = read(Right::ReadUsers, |_, state, company| Ok(records::list(state, company, Kind::User)));
    let one =
        read(Right::ReadUsers, |call, state, company| records::one(state, company, Kind::User, call.number("id")?));
    let by_foreign_id = read(Right::ReadUsers, |call, state, company| {
        records::by_foreign_id(state, company, Kind::User, call.parameter("foreign-id"))
    });
    Router::new()
        .route("/user", get(list))
        .route("/user/me", get(read(Right::Any, me)))
        .route("/user/foreign-id/{foreign-id}", get(by_foreign_id))
        .route("/user/{id}", get(one))
}

/// The user whose token it is: the cheap check of a key (contract kleer-api §2).
fn me(call: &Call, state: &State, company: &Company) -> Result<Reply, Refusal> {
    let token = call.token.as_deref().and_then(|token| company.tokens.get(token)).ok_or(Refusal::TokenUnknown)?;
    records::one(state, company, Kind::User, token.user)
}
