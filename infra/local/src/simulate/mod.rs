//! `cargo local simulate`: weeks in which everything happens and everything goes wrong, by seed.
//!
//! One seed is one week: the whole product, both simulators, the embedded store and queue, on one thread and a manual clock. People
//! edit on both sides (`act`), things go wrong, then faults stop, and what must always hold is checked (`invariants`). The same
//! seed is the same run, to the byte.

mod act;
mod args;
mod calm;
mod deeds;
mod invariants;
mod journal;
mod live;
mod plan;
mod random;
mod run;
mod runner;
mod stage;
mod tap;

pub use args::Args;
pub use runner::{Summary, play, run};
