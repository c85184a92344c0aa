//! The vocabulary of this product and its rules: what a record, a mapping, a binding and a plan are, and how a plan comes
//! about. Everything here is synchronous and total: no I/O, no clock, no HTTP, no AWS. Time is a parameter.
//!
//! Read [`spec`] (what is fixed about an object type), then [`projection`] (how a Kleer record becomes HubSpot
//! properties), then [`plan`] (what a run would do).

mod base;
mod binding;
mod capability;
pub mod computed;
mod content;
mod fingerprint;
mod ids;
mod installation;
mod mapping;
pub mod matching;
mod plan;
mod problem;
pub mod projection;
mod property;
mod record;
mod report;
mod rows;
pub mod schedule;
pub mod spec;
mod targets;
mod value;

pub use base::Base;
pub use binding::{Association, Binding, BindingIndex, BindingSummary, BoundRow, BoundRows, RecordState};
pub use capability::{Capability, FirstContact};
pub use content::{Content, Linked, PRODUCT_PROPERTY, Place, Row, Stage};
pub use fingerprint::Fingerprint;
pub use ids::{HubspotId, KleerCompanyId, KleerId, ParseIdError, PortalId, RunId};
pub use installation::{Disconnected, Installation, Installer, ObjectSettings, SyncSettings};
pub use mapping::{FieldMapping, MappingFault, check_mappings};
pub use plan::{Change, ChangeKind, PlanInput, Planner, SyncPlan, plan};
pub use problem::{Problem, ProblemCode, Side};
pub use projection::Properties;
pub use property::{PropertyDefinition, PropertyOption, PropertyType, Schema, Stages, suggested_property_name};
pub use record::{Exclusion, Reference, SourceRecord, SourceRow, Target, UnreadableRecord, Values};
pub use report::{Counts, Progress, SyncReport, Tally};
pub use rows::{RowProjector, row_mappings};
pub use spec::{Direction, EnumValue, FieldKind, FieldSpec, ObjectSpec, ObjectType, PropertyPlan, hubspot_object_name};
pub use targets::{Resolved, TargetType, Targets};
pub use value::{Money, Value};

#[cfg(test)]
mod tests;
