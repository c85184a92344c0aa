//! Client projects: HubSpot's projects. Fields: contract product §6.6; types: contract kleer-api §8.

use std::time::Duration;

use domain::{
    Direction, FieldKind, FieldRule, FieldSpec, KleerId, ObjectSpec, ObjectType, SourceRecord, Target, Writable,
};
use kleer::{Document, FieldError};

use FieldKind::{Boolean, Date, Decimal, LongText, Money, Reference, Text};

/// Everything fixed about projects.
pub(super) static SPEC: ObjectSpec = ObjectSpec {
    object: ObjectType::Project,
    label: "project",
    hubspot_object: "projects",
    direction: Direction::TwoWay,
    interval: Duration::from_secs(15 * 60),
    fields: &[
        FieldSpec { name: "name", label: "Name", kind: Text },
        FieldSpec { name: "client.id", label: "Client (ID)", kind: Reference },
        FieldSpec { name: "fixed-price", label: "Fixed price", kind: Boolean },
        FieldSpec { name: "number", label: "Number", kind: Text },
        FieldSpec { name: "comment", label: "Comment", kind: LongText },
        FieldSpec { name: "budget-hours", label: "Budget hours", kind: Decimal },
        FieldSpec { name: "budget-amount", label: "Budget amount", kind: Money },
        FieldSpec { name: "opening-date", label: "Opening date", kind: Date },
    ],
    required: &["name"],
    default_mappings: &[
        ("name", "hs_name"),
        ("comment", "hs_description"),
        ("opening-date", "hs_start_date"),
        ("number", "kleer_project_number"),
        ("fixed-price", "kleer_fixed_price"),
        ("budget-hours", "kleer_budget_hours"),
        ("budget-amount", "kleer_budget_amount"),
    ],
    when_gone: None,
    reserved: &["hs_pipeline", "hs_pipeline_stage"],
    rules: RULES,
};

/// Contract kleer-api §8: three fields are set when a project is made, and never again.
const RULES: &[FieldRule] = &[
    FieldRule { field: "name", writable: Writable::OnlyAtCreation, clearable: false },
    FieldRule { field: "client.id", writable: Writable::OnlyAtCreation, clearable: false },
    FieldRule { field: "fixed-price", writable: Writable::OnlyAtCreation, clearable: false },
];

pub(super) async fn list(kleer: &kleer::Api) -> Result<kleer::Listing, rest::Error> {
    kleer.list_projects().await
}

/// What is not a field of the product's: whether it is closed, and whose it is.
pub(super) fn complete(record: &mut SourceRecord, document: &Document) -> Result<(), FieldError> {
    let status = document.enumeration("status")?;
    let active = document.boolean("active")?.unwrap_or(true);
    record.closed = Some(status.map_or(!active, |status| status == "CLOSED"));
    let client = document.reference("client.id")?;
    record.targets.extend(client.map(|id| Target::id(ObjectType::Client, KleerId(id))));
    Ok(())
}
