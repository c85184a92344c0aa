//! The simulator as its callers see it: requests in, answers out.

#![allow(clippy::unwrap_used, reason = "the helpers of tests may panic as tests do")]

mod access;
mod bench;
mod clients;
mod control;
mod faults;
mod journal;
mod products;
mod representation;
mod seed;
mod socket;
mod traffic;
