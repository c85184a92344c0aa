//! Keeping HubSpot true to Kleer: **gather → plan → apply → report**.
//!
//! ```text
//! tick ──▶ poll: gather (Kleer's list, our bindings) → plan (domain, pure) → pages
//! pages ──▶ apply: take the bindings → write to HubSpot → commit the bindings → count the page
//! ```
//!
//! What is fixed about an object type stands in one file under [`objects`]; everything else here treats all types alike.

pub mod objects;
mod outbound;
mod setup;
mod tick;

pub use outbound::{Applied, ApplyError, apply, poll, preview};
pub use setup::{NewPortal, SetupError, set_up_portal};
pub use tick::{TickError, tick};
