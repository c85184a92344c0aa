//! Stories of the whole product, told through the real functions.

#![expect(clippy::unwrap_used, reason = "a story that cannot go on has failed, and the panic says where")]

mod admin;
mod bad_input;
mod changes;
mod cloud;
mod connection;
mod crash;
mod delivery;
mod faults;
mod first_sync;
mod mappings;
mod portals;
mod queue_suite;
mod store_suite;

use tests::{World, client, hours, mapping, minutes, product, seconds};
