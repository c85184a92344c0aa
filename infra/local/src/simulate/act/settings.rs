//! What the user does on the settings page.

use domain::ObjectType;
use serde_json::{Value, json};

use super::super::deeds::Settings;
use super::super::random::Random;
use super::super::stage::{Stage, Tenant};
use super::Did;

/// Fields that nothing maps at the beginning, and the properties that people map them to.
const MORE: [(ObjectType, &str, &str); 5] = [
    (ObjectType::Client, "contact", "kleer_contact"),
    (ObjectType::Client, "country-code", "kleer_country_code"),
    (ObjectType::Invoice, "invoice-email", "kleer_invoice_email"),
    (ObjectType::Agreement, "invoice-day", "kleer_invoice_day"),
    (ObjectType::Product, "unit", "kleer_unit_too"),
];

/// Mappings that people delete and make again.
const DISPENSABLE: [(ObjectType, &str, &str); 4] = [
    (ObjectType::Client, "address.address2", "address2"),
    (ObjectType::Client, "phone", "phone"),
    (ObjectType::Invoice, "po-nr", "hs_purchase_order_number"),
    (ObjectType::Project, "comment", "hs_description"),
];

/// Does something; what the page said.
pub(super) async fn does(stage: &Stage, tenant: Tenant, deed: Settings, random: &mut Random) -> Option<Did> {
    let done = match deed {
        Settings::AddMapping => add(stage, tenant, random).await,
        Settings::RemoveMapping => {
            let (object, field, property) = *random.pick(&DISPENSABLE)?;
            let removed = remove(stage, tenant, object, property).await;
            match removed {
                Err(_) => save(stage, tenant, object, field, property, None).await,
                done => done,
            }
        }
        Settings::GiveDefault => {
            let default = format!("växel {}", random.below(100));
            save(stage, tenant, ObjectType::Client, "phone", "phone", Some(&default)).await
        }
        Settings::Toggle => toggle(stage, tenant, random).await,
        Settings::Window => window(stage, tenant, random).await,
        Settings::Recreate => recreate(stage, tenant, random).await,
        Settings::Resync => {
            let object = *random.pick(&ObjectType::POLLED)?;
            let done = stage.settings(tenant, "resync", json!({ "object": object.as_str() })).await;
            done.map(|_| format!("{object}"))
        }
        Settings::SyncNow => {
            let which = json!({ "object": Value::Null });
            let name = *random.pick(&["sync-now", "verify-now", "retry-all"])?;
            stage.settings(tenant, name, which).await.map(|_| name.to_owned())
        }
    };
    let text = done.unwrap_or_else(|why| format!("(refused: {why})"));
    Some(Did { text: format!("portal {}: {text}", tenant.portal), tags: Vec::new() })
}

async fn version(stage: &Stage, tenant: Tenant, object: ObjectType) -> Result<Value, String> {
    stage.settings(tenant, "object", json!({ "object": object.as_str() })).await
}

async fn add(stage: &Stage, tenant: Tenant, random: &mut Random) -> Result<String, String> {
    let (object, field, property) = *random.pick(&MORE).ok_or("nothing")?;
    let new = json!({ "object": object.as_str(), "field": field, "name": property, "label": property });
    stage.settings(tenant, "create-property", new).await?;
    save(stage, tenant, object, field, property, None).await
}

async fn save(
    stage: &Stage,
    tenant: Tenant,
    object: ObjectType,
    field: &str,
    property: &str,
    default: Option<&str>,
) -> Result<String, String> {
    stage.remapped.borrow_mut().insert(property.to_owned());
    let view = version(stage, tenant, object).await?;
    let mapped = view["mappings"].as_array().is_some_and(|all| all.iter().any(|one| one["property"] == property));
    let mut wanted = json!({
        "object": object.as_str(), "version": view["version"], "field": field, "property": property, "default": default,
    });
    if mapped {
        wanted["replaces"] = property.into();
    }
    stage.settings(tenant, "save-mapping", wanted).await?;
    Ok(format!("{object}: {field} is mapped to {property}, default {default:?}"))
}

async fn remove(stage: &Stage, tenant: Tenant, object: ObjectType, property: &str) -> Result<String, String> {
    stage.remapped.borrow_mut().insert(property.to_owned());
    let view = version(stage, tenant, object).await?;
    let mapped = view["mappings"].as_array().is_some_and(|all| all.iter().any(|one| one["property"] == property));
    if !mapped {
        return Err("it is not mapped".to_owned());
    }
    let wanted = json!({ "object": object.as_str(), "version": view["version"], "property": property });
    stage.settings(tenant, "delete-mapping", wanted).await?;
    Ok(format!("{object}: the mapping to {property} is deleted"))
}

async fn toggle(stage: &Stage, tenant: Tenant, random: &mut Random) -> Result<String, String> {
    let object = *random.pick(&ObjectType::ALL).ok_or("nothing")?;
    let view = version(stage, tenant, object).await?;
    let enabled = view["enabled"] != json!(true);
    stage.switches(tenant, object, enabled).await?;
    Ok(format!("{object} is switched {}", if enabled { "on" } else { "off" }))
}

async fn window(stage: &Stage, tenant: Tenant, random: &mut Random) -> Result<String, String> {
    let mut sync = stage.settings(tenant, "overview", json!({})).await?["sync"].take();
    let months = random.pick(&[json!(1), json!(3), json!(12), Value::Null]).cloned().ok_or("nothing")?;
    sync["invoice_window_months"] = months.clone();
    stage.settings(tenant, "save-sync-settings", sync).await?;
    Ok(format!("the invoice window is {months} months"))
}

/// A record that was deleted in HubSpot is made again.
async fn recreate(stage: &Stage, tenant: Tenant, random: &mut Random) -> Result<String, String> {
    let object = *random.pick(&ObjectType::POLLED).ok_or("nothing")?;
    let problems = stage.app().store.problems(tenant.portal_id(), object).await.map_err(|e| e.to_string())?;
    let deleted = problems.iter().filter(|problem| problem.code == domain::ProblemCode::DeletedInHubspot);
    let ids: Vec<i64> = deleted.filter_map(|problem| Some(problem.kleer_id?.0)).collect();
    let id = *random.pick(&ids).ok_or("nothing was deleted in HubSpot")?;
    stage.settings(tenant, "recreate", json!({ "object": object.as_str(), "kleer_id": id })).await?;
    Ok(format!("{object} {id} is made again"))
}
