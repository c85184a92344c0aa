//! HubSpot's own object types and their ids (contract hubspot-crm §3.1).

const STANDARD: [(&str, &str); 18] = [
    ("contacts", "0-1"),
    ("companies", "0-2"),
    ("deals", "0-3"),
    ("products", "0-7"),
    ("line_items", "0-8"),
    ("quotes", "0-14"),
    ("invoices", "0-53"),
    ("subscriptions", "0-69"),
    ("discounts", "0-84"),
    ("fees", "0-85"),
    ("taxes", "0-86"),
    ("commerce_payments", "0-101"),
    ("orders", "0-123"),
    ("services", "0-162"),
    ("courses", "0-410"),
    ("listings", "0-420"),
    ("appointments", "0-421"),
    ("projects", "0-970"),
];

/// The `objectTypeId` of an object type: `companies` is `0-2`. An id is its own id. A custom object's name has none here,
/// because its id (`2-NNN`) differs per portal.
#[must_use]
pub fn object_type_id(object_type: &str) -> Option<&str> {
    let is_id = object_type.split_once('-').is_some_and(|(meta, rest)| {
        !meta.is_empty() && !rest.is_empty() && (meta.chars().chain(rest.chars())).all(|c| c.is_ascii_digit())
    });
    if is_id {
        return Some(object_type);
    }
    STANDARD.iter().find(|(name, _)| *name == object_type).map(|(_, id)| *id)
}

/// The name of one of HubSpot's own object types: `0-2` is `companies`. None for a custom object.
pub(crate) fn object_type_name(object_type_id: &str) -> Option<&'static str> {
    STANDARD.iter().find(|(_, id)| *id == object_type_id).map(|(name, _)| *name)
}
