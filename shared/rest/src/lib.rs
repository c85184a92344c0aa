//! One way to send a request, one pure decision to send it again.
//!
//! Everything this product says to the outside goes through a [`Client`]: it knows the service's base URL, its headers
//! and secrets, and the budgets that pace it. A [`Request`] is a value that declares how it may be repeated
//! ([`Idempotence`]); [`decide`] is the pure function that looks at what came of an attempt and says whether, and when,
//! to send it again. Every refusal becomes one [`Error`], which says whose fault it was and whether to try later.
//!
//! Three more things live here because every call needs them:
//!
//! * [`Clock`]: all reading of time and all waiting. Real, running fast for a demo, or turned by hand in tests.
//! * [`Budget`]: how fast and how many at once. [`Gcra`] is its arithmetic, [`Permit`] its place in flight.
//! * [`redact`]: the one place that keeps secrets out of errors and logs.
//!
//! The retry here is the short one (seconds, inside one call). The long one (minutes to a day) is the queue's.

mod answer;
mod budget;
mod calls;
mod client;
mod clock;
mod error;
mod rate;
mod redact;
mod request;
mod retry;
mod transport;

pub use answer::Answer;
pub use budget::{Budget, InFlight, Permit, Reserve, Slices};
pub use calls::{Calls, Count};
pub use client::Client;
pub use clock::{Clock, Elapsed};
pub use error::{Error, ErrorKind, Reason};
pub use rate::Gcra;
pub use redact::{Redactor, redact};
pub use request::{Body, Idempotence, Request};
pub use retry::{Attempted, Retry, decide};
pub use transport::{Failure, Handler, Network, Transport};
