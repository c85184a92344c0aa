//! Scopes (contract §2.6): which call needs which, and what a missing one looks like.

use serde_json::json;

use crate::state::error::ApiError;
use crate::state::types::{self, ObjectTypeId};

/// Every scope the simulator knows.
pub(crate) const ALL: &[&str] = &[
    "oauth",
    "crm.objects.contacts.read",
    "crm.objects.contacts.write",
    "crm.objects.companies.read",
    "crm.objects.companies.write",
    "crm.objects.deals.read",
    "crm.objects.deals.write",
    "crm.objects.products.read",
    "crm.objects.products.write",
    "crm.objects.line_items.read",
    "crm.objects.line_items.write",
    "crm.objects.invoices.read",
    "crm.objects.invoices.write",
    "crm.objects.subscriptions.read",
    "crm.objects.subscriptions.write",
    "crm.objects.projects.read",
    "crm.objects.projects.write",
    "crm.objects.custom.read",
    "crm.objects.custom.write",
    "crm.objects.owners.read",
    "crm.schemas.contacts.read",
    "crm.schemas.contacts.write",
    "crm.schemas.companies.read",
    "crm.schemas.companies.write",
    "crm.schemas.deals.read",
    "crm.schemas.deals.write",
    "crm.schemas.line_items.read",
    "crm.schemas.invoices.read",
    "crm.schemas.invoices.write",
    "crm.schemas.subscriptions.read",
    "crm.schemas.subscriptions.write",
    "crm.schemas.projects.read",
    "crm.schemas.projects.write",
    "crm.schemas.custom.read",
    "crm.schemas.custom.write",
    "e-commerce",
    "tax_rates.read",
    "settings.currencies.read",
    "automation",
];

/// What a call wants to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    Read,
    Write,
}

impl Access {
    fn word(self) -> &'static str {
        match self {
            Access::Read => "read",
            Access::Write => "write",
        }
    }
}

/// Products and line items are also covered by the old scope `e-commerce`.
fn is_commerce(object_type: ObjectTypeId) -> bool {
    object_type == types::PRODUCTS || object_type == types::LINE_ITEMS
}

/// Any of these lets records be read or written.
pub(crate) fn of_records(object_type: ObjectTypeId, access: Access) -> Vec<String> {
    let own = format!("crm.objects.{}.{}", object_type.scope_name(), access.word());
    if is_commerce(object_type) { vec![own, "e-commerce".to_owned()] } else { vec![own] }
}

/// Any of these lets property definitions be read or written. Products and line items have no schema-write scope.
pub(crate) fn of_properties(object_type: ObjectTypeId, access: Access) -> Vec<String> {
    let name = object_type.scope_name();
    match access {
        Access::Write if is_commerce(object_type) => vec!["e-commerce".to_owned()],
        Access::Write => vec![format!("crm.schemas.{name}.write")],
        Access::Read => {
            let mut scopes = vec![format!("crm.schemas.{name}.read")];
            scopes.extend(of_records(object_type, Access::Read));
            scopes.extend(of_records(object_type, Access::Write));
            scopes
        }
    }
}

/// The 403 for lacking all of some scopes.
pub(crate) fn missing(any_of: &[String]) -> ApiError {
    ApiError::new(
        403,
        "MISSING_SCOPES",
        "This app hasn't been granted all required scopes to make this call. Read more about required scopes here: \
         https://developers.hubspot.com/scopes.",
    )
    .detail(json!({
        "message": "One or more of the following scopes are required.",
        "context": { "requiredGranularScopes": any_of },
    }))
    .extra("links", json!({ "scopes": "https://developers.hubspot.com/scopes" }))
}

/// The 403 of an object type that a portal does not have (contract §3.7).
pub(crate) fn not_public(any_of: &[String]) -> ApiError {
    ApiError::new(
        403,
        "MISSING_SCOPES",
        "The scope needed for this API call isn't available for public use. If you have questions, contact support or \
         post in our developer forum.",
    )
    .detail(json!({
        "message": "One or more of the following scopes are required.",
        "context": { "requiredGranularScopes": any_of },
    }))
    .extra("links", json!({ "scopes": "https://developers.hubspot.com/scopes" }))
}
