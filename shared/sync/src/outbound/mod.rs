//! Kleer to HubSpot.

mod apply;
mod failure;
mod gather;
mod outcome;
mod pages;
mod poll;
mod provision;
mod wording;
mod write;

#[cfg(test)]
mod tests;

pub use apply::{Applied, ApplyError, apply};
pub use poll::{poll, preview};
