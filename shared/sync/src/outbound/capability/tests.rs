use super::{is_about_the_portal, missing, refused};
use crate::outbound::tests::error;

#[test]
fn what_a_portal_is_told_to_do() {
    let said = "Your account is not set up to collect payments. ";
    let scopes = r#"{"category":"MISSING_SCOPES","message":"no","errors":[{"message":"no","context":{"requiredScopes":["crm.objects.projects.read"]}}]}"#;
    let lines = [
        refused("subscriptions", said),
        missing("projects", &error(403, r#"{"message":"This object is not enabled."}"#)),
        missing("projects", &error(403, scopes)),
        missing("2-1234", &error(404, r#"{"message":"Unable to infer object type from: 2-1234"}"#)),
        missing("invoices", &error(404, "")),
    ];
    insta::assert_snapshot!(lines.join("\n"), @r"
    HubSpot takes no subscriptions in this account (Your account is not set up to collect payments): set up HubSpot payments or Stripe there, or choose another HubSpot object for this type.
    HubSpot's projects cannot be used in this account (HubSpot does not allow this in your portal: This object is not enabled): switch them on there, connect the app again with the right to use them, or choose another HubSpot object for this type.
    HubSpot's projects cannot be used in this account (HubSpot has not granted this app the scopes it needs here: connect HubSpot again and allow crm.objects.projects.read): switch them on there, connect the app again with the right to use them, or choose another HubSpot object for this type.
    HubSpot's 2-1234 cannot be used in this account (HubSpot does not have what was asked for: Unable to infer object type from: 2-1234): switch them on there, connect the app again with the right to use them, or choose another HubSpot object for this type.
    HubSpot's invoices cannot be used in this account (HubSpot does not have what was asked for): switch them on there, connect the app again with the right to use them, or choose another HubSpot object for this type.
    ");
}

/// Contract hubspot-crm §3.6: only subscriptions need something that a portal may lack without saying so beforehand.
#[test]
fn whose_refusal_it_is() {
    let check = |said: &str| (is_about_the_portal("subscriptions", said), is_about_the_portal("invoices", said));
    for portals in [
        "The account must be set up to collect payments",
        "Connect STRIPE first",
        "Commerce is not enabled",
        "not available in this portal",
        "this account is not set up",
    ] {
        assert_eq!(check(portals), (true, false), "{portals}");
    }
    for records in ["", "hs_name is required", "x was not one of the allowed options", "Something is odd"] {
        assert_eq!(check(records), (false, false), "{records}");
    }
}
