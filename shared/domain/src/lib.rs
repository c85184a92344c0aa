//! The vocabulary of this product and its rules: what a record, a mapping, a binding and a plan are, and how a plan comes
//! about. Everything here is synchronous and total: no I/O, no clock, no HTTP, no AWS. Time is a parameter.
//!
//! Read [`spec`] (what is fixed about an object type), then [`projection`] (how a Kleer record becomes HubSpot
//! properties), then [`plan`] (what a run would do).

mod activity;
mod base;
mod binding;
mod canonical;
mod capability;
pub mod computed;
mod content;
mod fingerprint;
mod foreign_id;
mod ids;
mod import;
mod installation;
mod mapping;
pub mod matching;
pub mod notice;
mod plan;
mod problem;
pub mod projection;
mod property;
mod record;
mod report;
pub mod reverse;
mod rows;
pub mod schedule;
pub mod spec;
mod targets;
mod triggers;
mod value;
mod verification;

pub use activity::{Activity, ActivityKind};
pub use base::Base;
pub use binding::{Association, Binding, BindingIndex, BindingSummary, BoundRow, BoundRows, RecordState};
pub use canonical::canonical;
pub use capability::{Capability, FirstContact};
pub use content::{Content, Linked, PRODUCT_PROPERTY, Place, Row, Stage};
pub use fingerprint::Fingerprint;
pub use foreign_id::{foreign_id, named_in};
pub use ids::{HubspotId, KleerCompanyId, KleerId, ParseIdError, PortalId, RunId};
pub use import::{Decision, ImportInput, ImportPlan, PutBack, Step, is_edited, plan_import};
pub use installation::{Disconnected, Installation, Installer, ObjectSettings, SyncSettings};
pub use mapping::{FieldMapping, MappingFault, check_mappings};
pub use plan::{Change, ChangeKind, PlanInput, Planner, SyncPlan, plan};
pub use problem::{Problem, ProblemCode, Side};
pub use projection::Properties;
pub use property::{PropertyDefinition, PropertyOption, PropertyType, Schema, Stages, suggested_property_name};
pub use record::{Exclusion, Reference, SourceRecord, SourceRow, Target, UnreadableRecord, Values};
pub use report::{Counts, Progress, SyncReport, Tally};
pub use rows::{RowProjector, row_mappings};
pub use spec::{
    Direction, EnumValue, FieldKind, FieldRule, FieldSpec, ObjectSpec, ObjectType, PropertyPlan, Writable,
    hubspot_object_name,
};
pub use targets::{Resolved, TargetType, Targets};
pub use triggers::{COMPANY_TRIGGERS, PROJECT_TRIGGERS, triggers};
pub use value::{Money, Value};
pub use verification::Verification;

#[cfg(test)]
mod tests;
