//! What a record must have: HubSpot's own demands at creation (contract §3.1), the administrator's rules (contract §1),
//! and what is not available in a portal.

use super::error::{ApiError, Invalid};
use super::pipelines;
use super::portal::Portal;
use super::record::Record;
use super::types::{self, ObjectTypeId};
use serde_json::json;

/// Refuses a record that lacks something.
pub(crate) fn check(
    portal: &Portal,
    object_type: ObjectTypeId,
    record: &Record,
    new: bool,
    admin_rules: bool,
) -> Result<(), ApiError> {
    if new && object_type == types::SUBSCRIPTIONS && portal.switches.payments_not_set_up {
        let status = if portal.switches.payments_refused_whole { 403 } else { 400 };
        let message = "This account is not set up to collect payments.";
        return Err(ApiError::new(status, "VALIDATION_ERROR", message));
    }
    if new {
        let missing = missing_at_creation(portal, object_type, record);
        if !missing.is_empty() {
            let message =
                format!("Error creating {}. Some required properties were not set.", object_type.error_name());
            return Err(ApiError::validation(message).context("properties", missing));
        }
    }
    if admin_rules {
        administrator(portal, object_type, record, new)?;
    }
    Ok(())
}

fn missing_at_creation(portal: &Portal, object_type: ObjectTypeId, record: &Record) -> Vec<String> {
    if object_type == types::COMPANIES {
        let named = record.get("name").is_some() || record.get("domain").is_some();
        return if named { Vec::new() } else { vec!["name".to_owned(), "domain".to_owned()] };
    }
    let standard: &[&str] = match object_type {
        types::DEALS => &["dealname", "dealstage", "pipeline"],
        types::PRODUCTS => &["name"],
        types::INVOICES => &["hs_currency"],
        types::SUBSCRIPTIONS => &["hs_name"],
        types::PROJECTS => &["hs_name", "hs_pipeline", "hs_pipeline_stage"],
        _ => &[],
    };
    let custom = portal.schemas.get(&object_type).map(|schema| schema.required_properties.as_slice()).unwrap_or(&[]);
    let needed = standard.iter().copied().chain(custom.iter().map(String::as_str));
    needed.filter(|name| record.get(name).is_none()).map(str::to_owned).collect()
}

fn administrator(portal: &Portal, object_type: ObjectTypeId, record: &Record, new: bool) -> Result<(), ApiError> {
    let type_name = portal.type_name(object_type);
    let lacks = |name: &&String| record.get(name).is_none();
    let required = portal.switches.required.get(&type_name).map(Vec::as_slice).unwrap_or(&[]);
    let missing: Vec<&String> = required.iter().filter(lacks).collect();
    if new && !missing.is_empty() {
        return Err(rule_error("MISSING_REQUIRED_PROPERTY", "is required to create this record", &missing));
    }
    let rules = portal.switches.conditional.iter().filter(|rule| rule.object_type == type_name);
    let active = rules.filter(|rule| record.get(&rule.property) == Some(rule.value.as_str()));
    let missing: Vec<&String> = active.flat_map(|rule| &rule.requires).filter(lacks).collect();
    if !missing.is_empty() {
        return Err(rule_error("MISSING_CONDITIONAL_REQUIRED_PROPERTY", "is required by a conditional rule", &missing));
    }
    Ok(())
}

fn rule_error(code: &'static str, why: &str, missing: &[&String]) -> ApiError {
    let names: Vec<String> = missing.iter().map(|name| format!("\"{name}\"")).collect();
    let error = ApiError::validation(format!("{code}: property {} {why}", names.join(", ")));
    missing.iter().fold(error, |error, name| {
        let message = format!("Property \"{name}\" {why}");
        error.detail(json!({ "message": message, "code": code, "context": { "propertyName": [name] } }))
    })
}

/// A stage must belong to the record's pipeline.
pub(crate) fn pipeline_stage(portal: &Portal, object_type: ObjectTypeId, record: &Record) -> Option<Invalid> {
    let (pipeline_property, stage_property) = pipelines::properties(object_type)?;
    let stage = record.get(stage_property)?;
    let all = pipelines::of_portal(portal.id, object_type);
    let chosen = record.get(pipeline_property);
    let mut candidates = all.iter().filter(|pipeline| chosen.is_none_or(|chosen| pipeline.id == chosen));
    if candidates.any(|pipeline| pipeline.stages.iter().any(|one| one.id == stage)) {
        return None;
    }
    let listed: Vec<String> = all
        .iter()
        .map(|pipeline| {
            let stages: Vec<&str> = pipeline.stages.iter().map(|stage| stage.id.as_str()).collect();
            format!("pipelineId={} : [{}]", pipeline.id, stages.join(", "))
        })
        .collect();
    let message = format!("{stage} is not a valid pipeline stage ID. Valid options are: {}", listed.join(", "));
    Some(Invalid::new(stage_property, "INVALID_OPTION", message))
}
