//! What is known about a portal: account details, owners, pipelines, limits, currencies.

use std::collections::BTreeSet;

use jiff::tz::TimeZone;
use serde_json::{Value, json};

use super::call::{Answer, Call};
use super::scopes::{self, Access};
use crate::options::Owner;
use crate::state::error::ApiError;
use crate::state::pipelines::{self, Pipeline, Stage};
use crate::state::types;

fn scope(name: &str) -> [String; 1] {
    [name.to_owned()]
}

/// `GET /account-info/{v}/details`.
pub(super) fn details(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    call.need(&scope("oauth"))?;
    let portal = call.portal()?;
    let options = &portal.options;
    let zone = TimeZone::get(&options.time_zone).unwrap_or(TimeZone::UTC);
    let offset = zone.to_offset(call.now).seconds();
    let (sign, minutes) = (if offset < 0 { '-' } else { '+' }, offset.abs() / 60);
    Ok(Answer::json(
        200,
        json!({
            "portalId": portal.id,
            "accountType": options.account_type,
            "timeZone": options.time_zone,
            "companyCurrency": options.currencies.first(),
            "additionalCurrencies": options.currencies.get(1..).unwrap_or_default(),
            "utcOffset": format!("{sign}{:02}:{:02}", minutes / 60, minutes % 60),
            "utcOffsetMilliseconds": i64::from(offset) * 1000,
            "uiDomain": options.ui_domain,
            "dataHostingLocation": "na1",
        }),
    ))
}

/// `GET /crm/owners/{v}`.
pub(super) fn owners(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    call.need(&scope("crm.objects.owners.read"))?;
    let limit = call.limit(100, 500)?;
    let after: u64 = call.query("after").and_then(|after| after.parse().ok()).unwrap_or(0);
    let email = call.query("email");
    let fits = |one: &&Owner| one.id >= after && email.is_none_or(|email| one.email == email);
    let mut all = call.portal()?.options.owners.iter().filter(fits);
    let results: Vec<Value> = all.by_ref().take(limit).map(owner).collect();
    let mut body = json!({ "results": results });
    if let Some(next) = all.next() {
        body["paging"] = json!({ "next": { "after": next.id.to_string() } });
    }
    Ok(Answer::json(200, body))
}

/// `GET /crm/owners/{v}/{id}`.
pub(super) fn get_owner(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    call.need(&scope("crm.objects.owners.read"))?;
    let by_user = call.query("idProperty") == Some("userId");
    let id = |owner: &&Owner| (if by_user { owner.user_id } else { owner.id }).to_string() == call.param("id");
    let found = call.portal()?.options.owners.iter().find(id).ok_or_else(ApiError::not_found)?;
    Ok(Answer::json(200, owner(found)))
}

fn owner(owner: &Owner) -> Value {
    json!({
        "id": owner.id.to_string(),
        "email": owner.email,
        "type": "PERSON",
        "firstName": owner.first_name,
        "lastName": owner.last_name,
        "userId": owner.user_id,
        "userIdIncludingInactive": owner.user_id,
        "createdAt": "2026-01-01T00:00:00.000Z",
        "updatedAt": "2026-01-01T00:00:00.000Z",
        "archived": false,
    })
}

/// `GET /crm/pipelines/{v}/{type}`.
pub(super) fn pipelines(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let place = call.properties_of(Access::Read)?;
    let all = pipelines::of_portal(place.portal, place.object_type);
    let results: Vec<Value> = all.iter().enumerate().map(|(order, one)| pipeline(order, one)).collect();
    Ok(Answer::json(200, json!({ "results": results })))
}

/// `GET /crm/pipelines/{v}/{type}/{id}`.
pub(super) fn get_pipeline(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let place = call.properties_of(Access::Read)?;
    let all = pipelines::of_portal(place.portal, place.object_type);
    let found = all.iter().enumerate().find(|(_, one)| one.id == call.param("id"));
    let (order, one) = found.ok_or_else(ApiError::not_found)?;
    Ok(Answer::json(200, pipeline(order, one)))
}

/// `GET /crm/pipelines/{v}/{type}/{id}/stages`.
pub(super) fn stages(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let place = call.properties_of(Access::Read)?;
    let all = pipelines::of_portal(place.portal, place.object_type);
    let found = all.iter().find(|one| one.id == call.param("id")).ok_or_else(ApiError::not_found)?;
    Ok(Answer::json(200, json!({ "results": shown_stages(found) })))
}

fn pipeline(order: usize, pipeline: &Pipeline) -> Value {
    json!({
        "label": pipeline.label,
        "displayOrder": order,
        "id": pipeline.id,
        "stages": shown_stages(pipeline),
        "createdAt": "2026-01-01T00:00:00.000Z",
        "updatedAt": "2026-01-01T00:00:00.000Z",
        "archived": false,
    })
}

fn shown_stages(pipeline: &Pipeline) -> Vec<Value> {
    let shown = |(order, stage): (usize, &Stage)| {
        let mut metadata = json!({ "isClosed": stage.closed.to_string() });
        if let Some(probability) = stage.probability {
            metadata["probability"] = json!(probability);
        }
        json!({
            "label": stage.label,
            "displayOrder": order,
            "metadata": metadata,
            "id": stage.id,
            "createdAt": "2026-01-01T00:00:00.000Z",
            "updatedAt": "2026-01-01T00:00:00.000Z",
            "archived": false,
            "writePermissions": "CRM_PERMISSIONS_ENFORCEMENT",
        })
    };
    pipeline.stages.iter().enumerate().map(shown).collect()
}

/// `GET /crm/limits/{v}/custom-properties`.
pub(super) fn custom_property_limits(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let any: Vec<String> =
        scopes::ALL.iter().filter(|name| name.starts_with("crm.objects.")).map(|name| (*name).to_owned()).collect();
    call.need(&any)?;
    let portal = call.portal()?;
    let by_type: Vec<(String, usize)> = portal
        .stores()
        .map(|(id, store)| {
            let custom = store.properties.values().filter(|one| !one.hubspot_defined && one.archived_at.is_none());
            (id.to_string(), custom.count())
        })
        .collect();
    let row = |(id, used): &(String, usize)| json!({ "objectTypeId": id, "limit": 1000, "usage": used, "percentage": used / 10 });
    let overall: usize = by_type.iter().map(|(_, used)| used).sum();
    Ok(Answer::json(
        200,
        json!({
            "overallLimit": 10_000,
            "overallUsage": overall,
            "byObjectType": by_type.iter().map(row).collect::<Vec<_>>(),
        }),
    ))
}

/// `GET /crm/limits/{v}/records`.
pub(super) fn record_limits(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let portal = call.portal()?;
    let rows: Vec<Value> = portal
        .stores()
        .map(|(id, store)| {
            let used = store.records.values().filter(|record| record.is_live()).count();
            json!({ "objectTypeId": id, "limit": 15_000_000, "usage": used, "percentage": 0 })
        })
        .collect();
    Ok(Answer::json(200, json!({ "hubspotDefinedObjectTypes": rows })))
}

/// `GET /crm/object-library/{v}/enablement/{type}`.
pub(super) fn enablement(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let portal = call.portal()?;
    let object_type = portal.object_type(call.param("type"))?;
    let off = object_type == types::PROJECTS && portal.switches.projects_disabled;
    Ok(Answer::json(200, json!({ "enablement": !off })))
}

/// `GET /crm/object-library/{v}/enablement`.
pub(super) fn all_enablement(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let portal = call.portal()?;
    let off = |id| id == types::PROJECTS && portal.switches.projects_disabled;
    let all: serde_json::Map<String, Value> =
        portal.stores().map(|(id, _)| (id.to_string(), json!(!off(id)))).collect();
    Ok(Answer::json(200, json!({ "enablementByObjectTypeId": all })))
}

/// Currencies that HubSpot knows, beside those that a portal has; its own list is longer.
const CURRENCIES: [&str; 16] =
    ["AUD", "CAD", "CHF", "CZK", "DKK", "EUR", "GBP", "HUF", "INR", "ISK", "JPY", "NOK", "NZD", "PLN", "SEK", "USD"];

/// `GET /settings/currencies/{v}/codes`: what HubSpot supports at all ("all available currency codes" in its reference).
/// Those of the portal are in the account details.
pub(super) fn currency_codes(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    call.need(&scope("settings.currencies.read"))?;
    let own = call.portal()?.options.currencies.iter().map(String::as_str);
    let codes: BTreeSet<&str> = CURRENCIES.into_iter().chain(own).collect();
    let results: Vec<Value> = codes.iter().map(|code| json!({ "code": code, "name": code })).collect();
    Ok(Answer::json(200, json!({ "results": results })))
}

/// `GET /settings/currencies/{v}/company-currency`.
pub(super) fn company_currency(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    call.need(&scope("settings.currencies.read"))?;
    Ok(Answer::json(200, json!({ "currencyCode": call.portal()?.options.currencies.first() })))
}

/// `GET /tax-rates/{v}/tax-rates`: the Swedish ones.
pub(super) fn tax_rates(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    call.need(&scope("tax_rates.read"))?;
    let rates = [("8001", "Moms 25%", "25.00"), ("8002", "Moms 12%", "12.00"), ("8003", "Moms 6%", "6.00")];
    let rate = |(id, name, percentage): (&str, &str, &str)| json!({ "id": id, "name": name, "label": name, "percentageRate": percentage, "active": true });
    Ok(Answer::json(200, json!({ "results": rates.map(rate) })))
}
