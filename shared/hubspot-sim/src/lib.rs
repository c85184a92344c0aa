#![doc = include_str!("../README.md")]

mod control;
mod deliveries;
mod faults;
mod http;
mod in_process;
mod journal;
mod log;
mod options;
mod sender;
mod serve;
pub mod signature;
mod simulator;
mod state;
mod time;

pub use crate::deliveries::{Delivery, DeliveryFailure, DeliveryKind, DeliveryLine, WebhookLog};
pub use crate::faults::{Fault, Faults, Match, Rule};
pub use crate::log::{Counters, RequestLine};
pub use crate::options::{
    App, ConditionalRule, CustomObject, ExistingProperty, Latency, Limit, Limits, Options, Owner, PortalOptions,
    StaticToken, Subscription, Switches, TokenUser, Webhooks, WorkflowAction, Workflows,
};
pub use crate::simulator::{Broken, Simulator, Struck};
pub use crate::state::State;
pub use crate::state::alarm::Alarm;
pub use crate::state::executions::{Enrolment, Execution, ExecutionState, Field};
pub use crate::state::fetches::{Choice, FetchedOptions, OptionsFetch};
pub use crate::state::property::{Property, PropertyOption};
pub use crate::state::record::{Record, Source, SourceKind, Stored};
pub use crate::state::types::ObjectTypeId;
pub use crate::time::{Hand, Time};

#[cfg(test)]
mod tests;
