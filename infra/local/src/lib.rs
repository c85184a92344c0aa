//! The product on one machine: every function, the embedded store and queue, and optional simulators, in one process.
//!
//! | command | what it does | file |
//! |---|---|---|
//! | `cargo local` | a demo company is synchronized, pretend Kleer to pretend HubSpot | [`demo`] |
//! | `cargo local serve` | real accounts | [`serve`] |
//! | `cargo local plan` | what a run would do | [`plan`] |
//! | `cargo local simulators` | the two simulators alone | [`simulators`] |
//! | `cargo local connect` | connects a portal to a system on AWS | [`connect`] |
//! | `cargo local forget` | deletes everything that is kept of a portal | [`forget`] |
//! | `cargo local cost` | what it costs on AWS, and what is reached first as it grows | [`mod@cost`] |
//! | `cargo local bench` | measured figures with their targets | [`mod@bench`] |
//! | `cargo local simulate` | weeks in which everything happens and everything goes wrong, by seed | [`simulate`] |
//!
//! `page` shows the settings page at `/`. [`routes`] is the HTTP API on AWS, [`embedded`] is DynamoDB in this process, [`machine`] puts an [`app::App`] together, [`worker`] is what SQS, EventBridge and
//! Lambda are on AWS, [`life`] lets it all happen on a manual clock, [`aws`] is what those look like to a function that runs as it will there.

mod activity;
pub mod aws;
pub mod bench;
pub mod cli;
pub mod connect;
pub mod cost;
pub mod demo;
pub mod embedded;
pub mod forget;
pub mod fuse;
pub mod guide;
pub mod life;
mod listener;
pub mod machine;
pub mod output;
mod page;
pub mod plan;
pub mod pretend;
pub mod routes;
pub mod serve;
pub mod settings_api;
pub mod simulate;
pub mod simulators;
pub mod weather;
pub mod worker;
pub mod workflow_actions;
