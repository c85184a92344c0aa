//! The one list of HubSpot's routes. Templates stand without the version, which every path has somewhere.

use std::collections::BTreeMap;

use super::call::{Answer, Call};
use super::path::Path;
use super::{account, associations, automation, batch, oauth, objects, properties, schemas};
use crate::state::error::ApiError;
use crate::state::rate::Bucket::{self, Associations, Free, Search, Standard};

/// What answers a call.
pub(crate) type Handler = fn(&mut Call<'_>) -> Result<Answer, ApiError>;

/// One route.
pub(crate) struct Route {
    pub(crate) method: &'static str,
    pub(crate) template: &'static str,
    /// The budget it draws on; `Free` routes need no token either.
    pub(crate) bucket: Bucket,
    pub(crate) handler: Handler,
}

const fn route(method: &'static str, template: &'static str, bucket: Bucket, handler: Handler) -> Route {
    Route { method, template, bucket, handler }
}

/// More special templates stand before more general ones.
pub(crate) const ROUTES: &[Route] = &[
    route("POST", "oauth/token", Free, oauth::token),
    route("POST", "oauth/token/introspect", Free, oauth::introspect),
    route("POST", "oauth/token/revoke", Free, oauth::revoke),
    route("GET", "oauth/access-tokens/{token}", Free, oauth::token_info),
    route("GET", "oauth/refresh-tokens/{token}", Free, oauth::token_info),
    route("DELETE", "oauth/refresh-tokens/{token}", Free, oauth::delete_token),
    route("GET", "oauth/authorize", Free, oauth::authorize),
    route("GET", "oauth/{portal}/authorize", Free, oauth::authorize),
    route("DELETE", "appinstalls/external-install", Standard, oauth::uninstall),
    route("POST", "automation/actions/callbacks/complete", Standard, automation::complete_all),
    route("POST", "automation/actions/callbacks/{callback}/complete", Standard, automation::complete),
    route("GET", "crm/objects/{type}", Standard, objects::list),
    route("POST", "crm/objects/{type}", Standard, objects::create),
    route("POST", "crm/objects/{type}/search", Search, objects::search),
    route("POST", "crm/objects/{type}/merge", Standard, objects::merge),
    route("POST", "crm/objects/{type}/batch/create", Standard, batch::create),
    route("POST", "crm/objects/{type}/batch/read", Standard, batch::read),
    route("POST", "crm/objects/{type}/batch/update", Standard, batch::update),
    route("POST", "crm/objects/{type}/batch/upsert", Standard, batch::upsert),
    route("POST", "crm/objects/{type}/batch/archive", Standard, batch::archive),
    route("GET", "crm/objects/{type}/{id}", Standard, objects::get),
    route("PATCH", "crm/objects/{type}/{id}", Standard, objects::update),
    route("DELETE", "crm/objects/{type}/{id}", Standard, objects::delete),
    route("PUT", "crm/objects/{from}/{id}/associations/default/{to}/{to_id}", Standard, associations::put_default),
    route("GET", "crm/objects/{from}/{id}/associations/{to}", Standard, associations::get),
    route("PUT", "crm/objects/{from}/{id}/associations/{to}/{to_id}", Standard, associations::put),
    route("DELETE", "crm/objects/{from}/{id}/associations/{to}/{to_id}", Standard, associations::delete),
    route(
        "POST",
        "crm/associations/{from}/{to}/batch/associate/default",
        Associations,
        associations::associate_default,
    ),
    route("POST", "crm/associations/{from}/{to}/batch/create", Associations, associations::create),
    route("POST", "crm/associations/{from}/{to}/batch/read", Associations, associations::read),
    route("POST", "crm/associations/{from}/{to}/batch/archive", Associations, associations::archive),
    route("POST", "crm/associations/{from}/{to}/batch/labels/archive", Associations, associations::archive_labels),
    route("GET", "crm/associations/{from}/{to}/labels", Associations, associations::labels),
    route("POST", "crm/associations/{from}/{to}/labels", Associations, associations::create_label),
    route("GET", "crm/properties/{type}", Standard, properties::list),
    route("POST", "crm/properties/{type}", Standard, properties::create),
    route("POST", "crm/properties/{type}/batch/create", Standard, properties::batch_create),
    route("POST", "crm/properties/{type}/batch/read", Standard, properties::batch_read),
    route("POST", "crm/properties/{type}/batch/archive", Standard, properties::batch_archive),
    route("GET", "crm/properties/{type}/groups", Standard, properties::groups),
    route("POST", "crm/properties/{type}/groups", Standard, properties::create_group),
    route("GET", "crm/properties/{type}/groups/{name}", Standard, properties::get_group),
    route("PATCH", "crm/properties/{type}/groups/{name}", Standard, properties::update_group),
    route("DELETE", "crm/properties/{type}/groups/{name}", Standard, properties::archive_group),
    route("GET", "crm/properties/{type}/{name}", Standard, properties::get),
    route("PATCH", "crm/properties/{type}/{name}", Standard, properties::update),
    route("DELETE", "crm/properties/{type}/{name}", Standard, properties::archive),
    route("GET", "crm/property-validations/{type}", Standard, properties::validations),
    route("GET", "crm/pipelines/{type}", Standard, account::pipelines),
    route("GET", "crm/pipelines/{type}/{id}", Standard, account::get_pipeline),
    route("GET", "crm/pipelines/{type}/{id}/stages", Standard, account::stages),
    route("GET", "crm/owners", Standard, account::owners),
    route("GET", "crm/owners/{id}", Standard, account::get_owner),
    route("GET", "crm/limits/custom-properties", Standard, account::custom_property_limits),
    route("GET", "crm/limits/records", Standard, account::record_limits),
    route("GET", "crm/object-library/enablement", Standard, account::all_enablement),
    route("GET", "crm/object-library/enablement/{type}", Standard, account::enablement),
    route("GET", "crm-object-schemas/schemas", Standard, schemas::list),
    route("POST", "crm-object-schemas/schemas", Standard, schemas::create),
    route("GET", "crm-object-schemas/schemas/{type}", Standard, schemas::get),
    route("GET", "account-info/details", Standard, account::details),
    route("GET", "settings/currencies/codes", Standard, account::currency_codes),
    route("GET", "settings/currencies/company-currency", Standard, account::company_currency),
    route("GET", "tax-rates/tax-rates", Standard, account::tax_rates),
];

/// The route of a call with the captures of its template.
pub(crate) fn find(method: &str, path: &Path) -> Option<(&'static Route, BTreeMap<&'static str, String>)> {
    let versioned = |route: &Route| path.version.is_some() || route.template.ends_with("authorize");
    let candidates = ROUTES.iter().filter(|route| route.method == method && versioned(route));
    candidates.into_iter().find_map(|route| Some((route, captures(route.template, &path.segments)?)))
}

fn captures(template: &'static str, segments: &[String]) -> Option<BTreeMap<&'static str, String>> {
    let mut found = BTreeMap::new();
    let mut parts = template.split('/');
    for segment in segments {
        let part = parts.next()?;
        match part.strip_prefix('{').and_then(|part| part.strip_suffix('}')) {
            Some(name) => found.insert(name, segment.clone()),
            None if part == segment => None,
            None => return None,
        };
    }
    parts.next().is_none().then_some(found)
}
