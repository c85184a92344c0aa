//! The life of an installation: a portal installs us, is connected to a Kleer company, leaves. What the functions `install` and
//! `settings` ask for.
//!
//! Errors have a sentence for people (`Display`), and a code that stays the same (`code()`).

mod install;
mod kleer;
mod leave;
pub mod settings;
mod status;

pub use install::{InstallError, Installed, install};
pub use kleer::{ConnectKleerError, connect_kleer};
pub use leave::{DisconnectError, disconnect};
pub use status::{Status, status};
