//! What a portal is asked to allow: the one list of scopes (contract hubspot-crm §2.6).
//!
//! The consent page ([`crate::Consent`]) and the HubSpot project's `app-hsmeta.json` must name exactly the same, or the install
//! is blocked (contract hubspot-platform §1.4); a test compares. A scope that is added here reaches a portal only when it
//! installs the app again; one of an active webhook subscription cannot be taken away before the subscription is.
//!
//! What is not asked for, and why: `automation` is for workflow actions that make HubSpot wait, which ours do not, and HubSpot's
//! review refuses what is not used (contract hubspot-platform §0, §6.4); owners, tax rates and currencies, because nothing reads
//! them (a portal's currencies come with `oauth`); contacts, because Kleer's clients are companies.

/// Without one of these the app cannot be installed. HubSpot gives every one to every plan, so that no portal is locked out.
///
/// Invoices and subscriptions are among them although a portal may be unable to use them: what is missing then is that payments
/// are set up, which no scope gives, and the type says so for itself.
pub const REQUIRED: [&str; 23] = [
    // Who the portal is; uninstalling.
    "oauth",
    // Clients, and the properties they fill.
    "crm.objects.companies.read",
    "crm.objects.companies.write",
    "crm.schemas.companies.read",
    "crm.schemas.companies.write",
    // Workflow actions read a deal and write the Kleer id back.
    "crm.objects.deals.read",
    "crm.objects.deals.write",
    "crm.schemas.deals.read",
    "crm.schemas.deals.write",
    "crm.objects.products.read",
    "crm.objects.products.write",
    // Rows of invoices and agreements.
    "crm.objects.line_items.read",
    "crm.objects.line_items.write",
    "crm.schemas.line_items.read",
    // The only scope that lets properties of products and line items be made, and that of their webhooks.
    "e-commerce",
    "crm.objects.invoices.read",
    "crm.objects.invoices.write",
    "crm.schemas.invoices.read",
    "crm.schemas.invoices.write",
    // HubSpot's commerce subscriptions, for agreements; nothing to do with e-mail.
    "crm.objects.subscriptions.read",
    "crm.objects.subscriptions.write",
    "crm.schemas.subscriptions.read",
    "crm.schemas.subscriptions.write",
];

/// Asked for, and granted where the portal has the feature; required, they would lock out every portal that has not.
///
/// Without them a request is answered with 403 `MISSING_SCOPES`, and the type that needs them says what is missing while all
/// others are synchronized.
pub const OPTIONAL: [&str; 8] = [
    // Projects can be switched off, HubSpot's table of scopes has been seen to give them from Professional on, and an app was
    // refused them as not for public use (contract hubspot-crm §3.7): required, that would refuse every install.
    "crm.objects.projects.read",
    "crm.objects.projects.write",
    "crm.schemas.projects.read",
    "crm.schemas.projects.write",
    // Custom objects, as the target of a type in place of HubSpot's own: Enterprise only.
    "crm.objects.custom.read",
    "crm.objects.custom.write",
    "crm.schemas.custom.read",
    "crm.schemas.custom.write",
];

#[cfg(test)]
mod tests;
