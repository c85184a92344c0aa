//! What the functions that answer HTTP have in common.
//!
//! A function is `async fn handle(app: &App, request: &web::Request) -> web::Response`, on one machine and on Lambda alike.
//! Whoever mounts it (the local listener, Lambda, a test) hands the request over as it came, with its raw path, query and
//! body, because that is what HubSpot signed, and calls the function through [`serve`], which holds the limits.
//!
//! | part | file |
//! |---|---|
//! | answers: [`json`], [`html`], [`redirect`], [`error()`] … | `answers.rs` |
//! | reading: [`path`], [`query`], [`cookie`], [`read_json`] … | `reading.rs` |
//! | who sent it: [`verify`] | `verify.rs` |
//! | limits, panics, headers: [`serve`] | `serve.rs` |

mod answers;
mod reading;
mod serve;
mod verify;

use bytes::Bytes;

pub use answers::{
    empty, error, escape, html, json, method_not_allowed, not_found, redirect, text, too_large, with_header,
};
pub use http::{Method, StatusCode, header as headers};
pub use reading::{Query, allow, cookie, header, path, query, read_json};
pub use serve::serve;
pub use verify::{Accepts, Rejection, verify};

/// A request with the path, the query and the body as they came. Of the URI only path and query count.
pub type Request = http::Request<Bytes>;

/// An answer.
pub type Response = http::Response<Bytes>;

/// The longest body that is read, in bytes: what AWS's HTTP API lets through (contract hubspot-platform §5.4).
pub const BODY_LIMIT: usize = 10_000_000;
