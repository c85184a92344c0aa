//! Stories of the whole product, told through the real functions.

#![expect(clippy::unwrap_used, reason = "a story that cannot go on has failed, and the panic says where")]

mod actions;
mod admin;
mod agreements;
mod associations;
mod bad_input;
mod calls;
mod capabilities;
mod changes;
mod cloud;
mod connection;
mod crash;
mod crash_rows;
mod create;
mod delivery;
mod faults;
mod fields;
mod first_contact;
mod first_sync;
mod forget;
mod inbound;
mod install;
mod invoice_rows;
mod invoices;
mod mappings;
mod notices;
mod object_types;
mod partial;
mod portals;
mod projects;
mod push;
mod queue_suite;
mod search;
mod settings;
mod simulate;
mod store_suite;
mod thrift;
mod tokens;
mod verify;
mod webhooks;

use tests::{World, client, hours, mapping, minutes, product, seconds};
