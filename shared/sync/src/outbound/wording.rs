//! Sentences for people.

use domain::{HubspotId, PortalId};

/// What a refusal of Kleer's means and what to do about it.
pub(crate) fn kleer(error: &rest::Error) -> String {
    match error.status {
        Some(401) => {
            "Kleer does not accept the API key: make a new key in Kleer and save it in the settings (cargo local serve: KLEER_API_KEY).".to_owned()
        }
        Some(403) => "Kleer's API key may not read this kind of record, or belongs to another company: \
                      give the key's user the right in Kleer, or check the company id."
            .to_owned(),
        Some(404) => "Kleer does not know this company: check the company id and KLEER_BASE_URL.".to_owned(),
        _ => trouble(error),
    }
}

/// Everything that usually passes by itself.
fn trouble(error: &rest::Error) -> String {
    let status = error.status.unwrap_or_default();
    let page = error.reason == rest::Reason::Representation || error.body.trim_start().starts_with('<');
    let what = match (error.status, error.reason) {
        (_, rest::Reason::Unsendable) => {
            return "Kleer's API key or address has characters that cannot be sent: check KLEER_API_KEY and \
                    KLEER_BASE_URL."
                .to_owned();
        }
        (_, rest::Reason::TooLarge) => return "Kleer answered more than can be read.".to_owned(),
        (_, rest::Reason::Connect) => "Kleer could not be reached (check KLEER_BASE_URL and the network)".to_owned(),
        (None, _) => "Kleer did not give a whole answer in time".to_owned(),
        _ if page => format!("Kleer answered with a web page instead of data (status {status})"),
        (Some(200..=299), _) => format!("Kleer answered something that could not be read (status {status})"),
        (Some(429), _) => "Kleer asks for a pause because too many requests came at once".to_owned(),
        (Some(500..), _) => format!("Kleer has an internal problem (status {status})"),
        _ => format!("Kleer refused the request (status {status})"),
    };
    let said = kleer::message(error).filter(|said| !page && !said.trim().is_empty());
    let said = said.map(|said| format!(": {}", said.trim().trim_end_matches('.'))).unwrap_or_default();
    format!("{what}; it is tried again by itself{said}.")
}

/// What a refusal says that is about the line items an invoice lacks (contract hubspot-crm §3.5).
const NO_LINE_ITEMS: &str = "INVOICE_TO_LINE_ITEM";

/// Where people look at records. HubSpot sends them on to the address of their region (INFERRED, contract hubspot-crm §2.3).
const UI_DOMAIN: &str = "app.hubspot.com";

/// The page of a record in HubSpot; none for custom objects by name, whose ids differ per portal.
pub(crate) fn link(portal: PortalId, hubspot_object: &str, id: Option<&HubspotId>) -> Option<String> {
    let object_type = hubspot::object_type_id(hubspot_object)?;
    Some(hubspot::record_url(UI_DOMAIN, portal.0.unsigned_abs(), object_type, id?.as_str()))
}

/// The code and the property of a refusal that has them only in its words, as an entry of a 207 may:
/// `MISSING_REQUIRED_PROPERTY: property "phone" is required`. None if it begins otherwise.
pub(crate) fn code_in(message: &str) -> Option<(&str, Option<&str>)> {
    if message.contains(NO_LINE_ITEMS) {
        return Some((NO_LINE_ITEMS, None));
    }
    let (code, rest) = message.split_once(':')?;
    let is_code = !code.is_empty() && code.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_');
    is_code.then(|| (code, rest.split('"').nth(1)))
}

/// The same words on one line.
pub(crate) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A value for people, on one line and not endless.
pub(crate) fn quoted(value: &str) -> String {
    const LETTERS: usize = 60;
    let line = one_line(value);
    match line.char_indices().nth(LETTERS) {
        _ if line.is_empty() => "nothing".to_owned(),
        Some((end, _)) => format!("\u{201c}{}…\u{201d}", &line[..end]),
        None => format!("\u{201c}{line}\u{201d}"),
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
        NO_LINE_ITEMS => {
            "HubSpot gives an invoice its status only if it has line items: add a row to it in Kleer. Its \
                          other values are right."
                .to_owned()
        }
        "INVALID_EMAIL" | "INVALID_DATE" | "INVALID_INTEGER" | "INVALID_LONG" => {
            format!("Correct the value in Kleer, or map the field to a text property instead of {property}.")
        }
        _ => "Correct the value in Kleer or the rule in HubSpot; it is tried again by itself.".to_owned(),
    }
}

#[cfg(test)]
mod tests;
