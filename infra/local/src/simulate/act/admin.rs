//! What administrators do that hurts the connection, and how they make up for it when somebody complains.

use bytes::Bytes;
use domain::ObjectType;
use serde_json::{Value, json};

use super::super::deeds::Admin;
use super::super::random::Random;
use super::super::stage::{Stage, Tenant};
use super::Did;
use crate::pretend::NEXT_PERSON_TOKEN;

/// Rights that the app can lose, a type each.
const SCOPES: [&str; 5] = [
    "crm.objects.companies.write",
    "crm.objects.invoices.write",
    "crm.objects.invoices.read",
    "crm.objects.subscriptions.write",
    "crm.objects.projects.read",
];

/// Properties of ours that are mapped from the beginning.
const PROPERTIES: [(&str, &str); 5] = [
    ("companies", "kleer_email"),
    ("companies", "kleer_payment_days"),
    ("invoices", "kleer_total_amount"),
    ("subscriptions", "kleer_mrr"),
    ("projects", "kleer_project_number"),
];

/// Does something.
pub(super) async fn does(stage: &Stage, tenant: Tenant, deed: Admin, random: &mut Random) -> Option<Did> {
    let hubspot = &stage.pretend.hubspot;
    let text = match deed {
        Admin::DeleteProperty => {
            let (object, name) = *random.pick(&PROPERTIES)?;
            let path = format!("/crm/properties/2026-09/{object}/{name}");
            format!("{object} {name}: {}", asks(stage, tenant, "DELETE", &path, &Value::Null).await)
        }
        Admin::ChangeOptions => {
            let only = json!({ "options": [{ "value": "Mail", "label": "Mail", "displayOrder": 0, "hidden": false }] });
            let path = "/crm/properties/2026-09/companies/kleer_delivery_method";
            format!("companies kleer_delivery_method: {}", asks(stage, tenant, "PATCH", path, &only).await)
        }
        Admin::RemoveScope => {
            let scope = *random.pick(&SCOPES)?;
            hubspot.switch(tenant.hub(), |switches| switches.lost_scopes.push(scope.to_owned()));
            scope.to_owned()
        }
        Admin::Uninstall => {
            hubspot.person_uninstalls(tenant.hub());
            "the app".to_owned()
        }
        Admin::ExpireTokens => format!("{} tokens", hubspot.expire_access_tokens(tenant.hub())),
        Admin::RevokeKey => {
            let key = stage.keys.borrow()[tenant.number].clone();
            stage.kleer(tenant, |kleer| kleer.revoke_token(&key));
            "of Kleer".to_owned()
        }
        Admin::RequireProperty => {
            hubspot.switch(tenant.hub(), |switches| {
                switches.required.insert("companies".to_owned(), vec!["domain".to_owned()]);
            });
            "companies domain".to_owned()
        }
        Admin::SealProperty => {
            hubspot.switch(tenant.hub(), |switches| {
                switches.hidden_read_only.insert("companies".to_owned(), vec!["phone".to_owned()]);
            });
            "companies phone".to_owned()
        }
    };
    Some(Did { text: format!("portal {}: {text}", tenant.portal), tags: Vec::new() })
}

/// Everything is given back that was taken away, as people do when the settings page says what is missing.
pub(in crate::simulate) async fn makes_up(stage: &Stage, tenant: Tenant) -> Result<(), String> {
    stage.pretend.hubspot.switch(tenant.hub(), |switches| {
        switches.lost_scopes.clear();
        switches.required.clear();
        switches.hidden_read_only.clear();
    });
    let number = stage.keys.borrow()[tenant.number].rsplit('-').next().and_then(|text| text.parse::<u32>().ok());
    let key = format!("key-{}-{}", tenant.company, number.unwrap_or(0) + 1);
    stage.allow(tenant, &key);
    stage.keys.borrow_mut()[tenant.number] = key;
    stage.installs(tenant).await?;
    stage.connects_kleer(tenant).await?;
    for object in ObjectType::ALL {
        stage.switches(tenant, object, true).await?;
    }
    stage.settings(tenant, "retry-all", json!({ "object": Value::Null })).await?;
    stage.settings(tenant, "verify-now", json!({ "object": Value::Null })).await?;
    Ok(())
}

/// Asks HubSpot with a token of a person, and tells how that ended.
async fn asks(stage: &Stage, tenant: Tenant, method: &str, path: &str, body: &Value) -> String {
    let token = if tenant.number == 0 { "demo-token" } else { NEXT_PERSON_TOKEN };
    let request = http::Request::builder()
        .method(method)
        .uri(path)
        .header("authorization", format!("Bearer {token}"))
        .header("content-type", "application/json")
        .body(Bytes::from(body.to_string()));
    let Ok(request) = request else { return "it is no request".to_owned() };
    // Whoever administers a portal tries until it works; here that is for another time.
    match stage.pretend.hubspot.call(request).await {
        Ok(answer) => answer.status().as_u16().to_string(),
        Err(broken) => format!("{broken:?}"),
    }
}
