//! Links for people.

use crate::paths::encode;

/// The page of one record in HubSpot (contract hubspot-crm §2.3). `ui_domain` is [`crate::AccountDetails::ui_domain`],
/// for example `app-eu1.hubspot.com`; `object_type_id` comes from [`crate::object_type_id`].
#[must_use]
pub fn record_url(ui_domain: &str, portal_id: u64, object_type_id: &str, record_id: &str) -> String {
    let (object_type_id, record_id) = (encode(object_type_id), encode(record_id));
    format!("https://{ui_domain}/contacts/{portal_id}/record/{object_type_id}/{record_id}")
}
