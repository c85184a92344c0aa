//! What a record of Kleer carries that we made there: for which record of HubSpot. It finds the record again after an answer
//! that was lost, and tells a poll whose it is before there is a binding.

use crate::ids::{HubspotId, PortalId};

/// The foreign id of what a record of HubSpot asked for: `hs:{portal}:{HubSpot object}:{record}:{action}`, with `:{n}` behind it
/// for every generation after the first (design §3 Creates in Kleer).
#[must_use]
pub fn foreign_id(
    portal: PortalId,
    hubspot_object: &str,
    hubspot_id: &HubspotId,
    action: &str,
    generation: u64,
) -> String {
    let first = format!("hs:{portal}:{hubspot_object}:{hubspot_id}:{action}");
    if generation > 1 { format!("{first}:{generation}") } else { first }
}

/// The record of that portal and object that a foreign id names; none if it names another or is not ours.
#[must_use]
pub fn named_in(foreign_id: &str, portal: PortalId, hubspot_object: &str) -> Option<HubspotId> {
    let mut parts = foreign_id.split(':');
    let is_ours = parts.next() == Some("hs")
        && parts.next() == Some(portal.to_string().as_str())
        && parts.next() == Some(hubspot_object);
    let id = parts.next().filter(|id| is_ours && !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit()))?;
    parts.next().map(|_| HubspotId(id.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_one_names_is_read_back() {
        let (portal, record) = (PortalId(42), HubspotId("7".to_owned()));
        let first = foreign_id(portal, "companies", &record, "create-client", 1);
        let third = foreign_id(portal, "companies", &record, "create-client", 3);
        assert_eq!(
            (first.as_str(), third.as_str()),
            ("hs:42:companies:7:create-client", "hs:42:companies:7:create-client:3")
        );
        for text in [&first, &third] {
            assert_eq!(named_in(text, portal, "companies"), Some(record.clone()));
            assert_eq!(named_in(text, portal, "deals"), None, "another object");
            assert_eq!(named_in(text, PortalId(4), "companies"), None, "another portal");
        }
        for text in
            ["", "hs", "hs:42:companies", "hs:42:companies:7", "hs:42:companies::x", "hs:42:companies:7a:x", "K-17"]
        {
            assert_eq!(named_in(text, portal, "companies"), None, "{text}");
        }
    }
}
