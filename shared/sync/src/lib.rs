//! Keeping HubSpot true to Kleer: **gather → plan → apply → report**.
//!
//! ```text
//! tick ──▶ poll: gather (Kleer's list, our bindings) → plan (domain, pure) → pages
//! pages ──▶ apply: take the bindings → write to HubSpot → commit the bindings → count the page
//! ```
//!
//! What is fixed about an object type stands in one file under [`objects`]; everything else here treats all types alike.

mod create;
mod errands;
mod inbound;
mod looks;
mod notices;
pub mod objects;
mod outbound;
mod setup;
mod tick;

pub use create::{CreateError, Made, NewRecord, bind, create, finish, unfinished};
pub use errands::forget;
pub use inbound::{ImportError, Imported, Mapped, MappedError, Unfit, import, overlay, read_mapped, search};
pub use looks::is_searched;
pub use outbound::{
    Applied, ApplyError, Known, NewProperty, NotMade, PushError, Pushed, apply, make_property, poll, preview,
    preview_telling, provision, push, verify,
};
pub use setup::{NewPortal, SetupError, set_up_objects, set_up_portal, wake};
pub use tick::{TickError, tick};
