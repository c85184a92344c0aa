//! Which edits in HubSpot are worth an import: the properties whose change brings a record back to Kleer.

use crate::ObjectType;

/// The company properties that start an import when a person edits one of them (contract product §5.3). All other mapped
/// properties travel with the next import: they show the badge *One-way*.
///
/// HubSpot sends events for these alone, whatever a portal maps, because a marketplace app's subscriptions are the same for
/// everybody (contract hubspot-platform §4.2); a property that a portal does not have sends none. The HubSpot project's
/// `webhooks-hsmeta.json` must name the same ones; a test compares.
pub const COMPANY_TRIGGERS: [&str; 28] = [
    "name",
    "domain",
    "phone",
    "address",
    "address2",
    "city",
    "state",
    "zip",
    "country",
    "description",
    "industry",
    "website",
    "numberofemployees",
    "annualrevenue",
    "orgno",
    "organization_number",
    "registration_number",
    "vat_number",
    "email",
    "invoice_email",
    "kleer_email",
    "invoice_delivery_method",
    "kleer_delivery_method",
    "invoice_payment_days",
    "kleer_payment_days",
    "currency",
    "kleer_currency",
    "default_currency",
];

/// The project properties that do so (design §4; the product names none). Nobody is told about them: HubSpot's webhooks for
/// projects are unproven (contract hubspot-platform §4.3), so a search every five minutes looks for them.
pub const PROJECT_TRIGGERS: [&str; 7] = [
    "hs_name",
    "hs_description",
    "hs_start_date",
    "kleer_project_number",
    "kleer_budget_hours",
    "kleer_budget_amount",
    "kleer_fixed_price",
];

/// The HubSpot properties whose change starts an import of that type; none for types that travel one way only.
#[must_use]
pub const fn triggers(object: ObjectType) -> &'static [&'static str] {
    match object {
        ObjectType::Client => &COMPANY_TRIGGERS,
        ObjectType::Project => &PROJECT_TRIGGERS,
        ObjectType::Product | ObjectType::Agreement | ObjectType::Invoice | ObjectType::LineItem => &[],
    }
}

#[cfg(test)]
mod tests;
