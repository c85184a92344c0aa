//! The simulator as its callers see it: requests in, answers out.

#![allow(clippy::unwrap_used, reason = "the helpers of tests may panic as tests do")]

mod access;
mod agreements;
mod bench;
mod clients;
mod control;
mod faults;
mod invoice_list;
mod invoices;
mod journal;
mod more;
mod products;
mod projects;
mod representation;
mod seed;
mod socket;
mod traffic;
