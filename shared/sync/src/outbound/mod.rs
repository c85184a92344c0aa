//! Kleer to HubSpot.

mod apply;
mod capability;
mod failure;
mod first_contact;
mod gather;
mod links;
mod outcome;
mod pages;
mod poll;
mod provision;
mod rules;
mod wording;
mod write;

#[cfg(test)]
mod tests;

pub use apply::{Applied, ApplyError, apply};
pub use poll::{poll, preview};
