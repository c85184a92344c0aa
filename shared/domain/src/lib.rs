//! The vocabulary of this product and its rules: what a record, a mapping, a binding and a plan are, and how a plan comes
//! about. Everything here is synchronous and total: no I/O, no clock, no HTTP, no AWS. Time is a parameter.
//!
//! Read [`spec`] (what is fixed about an object type), then [`projection`] (how a Kleer record becomes HubSpot
//! properties), then [`plan`] (what a run would do).

mod base;
mod binding;
mod fingerprint;
mod ids;
mod installation;
mod mapping;
mod plan;
mod problem;
pub mod projection;
mod property;
mod record;
mod report;
pub mod schedule;
pub mod spec;
mod value;

pub use base::Base;
pub use binding::{Binding, BindingIndex, BindingSummary, RecordState};
pub use fingerprint::Fingerprint;
pub use ids::{HubspotId, KleerCompanyId, KleerId, ParseIdError, PortalId, RunId};
pub use installation::{Installation, ObjectSettings};
pub use mapping::{FieldMapping, MappingFault, check_mappings};
pub use plan::{Change, ChangeKind, PlanInput, SyncPlan, plan};
pub use problem::{Problem, ProblemCode, Side};
pub use projection::Properties;
pub use property::{PropertyDefinition, PropertyOption, PropertyType, Schema, suggested_property_name};
pub use record::{SourceRecord, UnreadableRecord};
pub use report::{Counts, Progress, SyncReport};
pub use spec::{Direction, EnumValue, FieldKind, FieldSpec, ObjectSpec, ObjectType, PropertyPlan};
pub use value::{Money, Value};

#[cfg(test)]
mod tests;
