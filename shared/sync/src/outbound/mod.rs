//! Kleer to HubSpot.

mod apply;
mod bind;
mod capability;
pub(crate) mod failure;
mod first_contact;
mod gather;
mod known;
mod links;
mod outcome;
mod overwritten;
mod pages;
mod poll;
mod preview;
mod provision;
mod provision_all;
mod push;
mod rules;
pub(crate) mod single;
mod verify;
pub(crate) mod wording;
mod write;

#[cfg(test)]
mod tests;

pub use apply::{Applied, ApplyError, apply};
pub(crate) use bind::{Bound, bind};
pub(crate) use capability::agreement_path;
pub(crate) use failure::Failure;
pub use known::Known;
pub use poll::poll;
pub use preview::{preview, preview_telling};
pub(crate) use provision::add_id_property;
pub use provision::{NewProperty, NotMade, make_property};
pub use provision_all::provision;
pub use push::{PushError, Pushed, push};
pub use verify::verify;
