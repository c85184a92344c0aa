//! World: a pretend Kleer, a pretend HubSpot, the whole product between them, and a clock that you turn.
//!
//! What happens in HubSpot is told to the product as HubSpot tells it: by signed requests, as time passes. A scenario says what is
//! in Kleer, turns the clock, and looks at HubSpot:
//!
//! ```ignore
//! let mut world = World::new();
//! let id = world.kleer(|kleer| kleer.add_client(client("Åkeri AB")));
//! world.pass(minutes(1));
//! assert_snapshot!(world.companies(&["name"]), @"…");
//! ```
//!
//! No sockets, no threads, no tokio timers: everything happens on one thread on a manual clock, so a seed replays exactly.
//! When a World is dropped it asserts what must always hold: no message is left or dead, no request was one that a correct
//! client never sends, nothing chargeable was written, and no secret stands in a log or in the store.

mod browser;
mod checks;
mod conformance;
mod in_swedish;
mod looking;
pub mod queue_suite;
mod speaking;
mod watching;
mod world;

pub use browser::{Browser, Visited};
pub use conformance::Witness;
pub use looking::{client, mapping, product};
pub use watching::StoreCall;
pub use world::{Ending, World, hours, minutes, open_store, seconds};
