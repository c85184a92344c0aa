//! What somebody who means harm can do to us, and a service that has lost its mind: nothing. The threat model in `infra/README.md`
//! names these tests, and `threats.rs` checks that it does.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed, and the panic says where")]

mod forged;
mod fuzz;
mod limits;
mod routes;
mod secrets;
mod tenants;
mod threats;
