//! Sentences for people.

/// What a refusal of Kleer's means and what to do about it.
pub(crate) fn kleer(error: &rest::Error) -> String {
    match error.status {
        Some(401) => {
            "Kleer does not accept the API key: make a new key in Kleer and save it on the settings page.".to_owned()
        }
        Some(403) => "Kleer's API key may not read this kind of record, or belongs to another company: \
                      give the key's user the right in Kleer, or check the company id."
            .to_owned(),
        Some(404) => "Kleer does not know this company: check the company id and KLEER_BASE_URL.".to_owned(),
        _ => match kleer::message(error) {
            Some(message) => format!("Kleer answered an error ({}): {message}", error.status.unwrap_or_default()),
            None => error.to_string(),
        },
    }
}

/// What to do about a value that HubSpot refused, by its code (contract hubspot-crm §9).
pub(crate) fn remedy(code: &str, property: Option<&str>) -> String {
    let property = property.unwrap_or("the property");
    match code {
        "INVALID_OPTION" => format!("Add the value to the options of {property} in HubSpot, or change it in Kleer."),
        "READ_ONLY_VALUE" => {
            format!("Map the field to another property than {property}: HubSpot keeps this one itself.")
        }
        "CONFLICTING_UNIQUE_VALUE" => {
            format!("Another HubSpot record already has this {property}: merge or change it.")
        }
        "MISSING_REQUIRED_PROPERTY" | "MISSING_CONDITIONAL_REQUIRED_PROPERTY" => {
            format!("Your HubSpot account requires {property}: map a field or a default value to it.")
        }
        "INVALID_EMAIL" | "INVALID_DATE" | "INVALID_INTEGER" | "INVALID_LONG" => {
            format!("Correct the value in Kleer, or map the field to a text property instead of {property}.")
        }
        _ => "Correct the value in Kleer or the rule in HubSpot; it is tried again by itself.".to_owned(),
    }
}
