#![doc = include_str!("../README.md")]

mod control;
pub mod faults;
mod http;
mod journal;
mod options;
mod refusal;
pub mod seed;
mod serve;
mod simulator;
pub mod state;
mod switches;
mod time;
mod traffic;

pub use faults::{Fault, Faults};
pub use options::{Latency, Options};
pub use refusal::Refusal;
pub use seed::{More, Seed};
pub use simulator::{Broken, PutAsItIs, Simulator, Struck};
pub use state::{
    AccessType, Act, Address, Agreement, AgreementRow, Change, Client, Command, Company, CompanyInformation,
    DeliveryType, Discount, Editor, Invoice, InvoiceRow, InvoiceTemplate, Kind, Outcome, Period, Product, Project,
    Reference, State, User,
};
pub use switches::{
    AgreementPath, AgreementUpdate, DateTimes, EmptyList, InvoiceDelete, InvoiceOrder, NoDate, OmittedActive,
    ProjectStatus, Rate, Spelling, Switches, UnknownElements,
};
pub use time::Time;
pub use traffic::{Count, Counters, RequestRecord, Unexpected};
