use rest::ErrorKind;
use serde_json::Value;

use super::{AccountDetails, told};
use crate::tests::{Sent, hubspot};

fn is_on(body: &str) -> Option<bool> {
    let body: Value = serde_json::from_str(body).unwrap();
    told(&body, "0-970")
}

#[test]
fn the_shapes_of_a_yes_and_a_no() {
    let table = [
        (r#"{"enablement":true}"#, Some(true)),
        (r#"{"enablement":false}"#, Some(false)),
        (r#"{"enablement":"false"}"#, Some(false)),
        (r#"{"enabled":false}"#, Some(false)),
        (r#"{"objectTypeId":"0-970","isEnabled":false}"#, Some(false)),
        (r#"{"enablementByObjectTypeId":{"0-162":true,"0-970":false}}"#, Some(false)),
        (r#"{"enablementByObjectTypeId":{"0-162":false}}"#, None),
        (r#"{"enablement":{"0-970":false}}"#, Some(false)),
        ("false", Some(false)),
        (r#"{"enablement":null}"#, None),
        (r#"{"enablement":"perhaps"}"#, None),
        ("{}", None),
        ("[]", None),
    ];
    for (body, on) in table {
        assert_eq!(is_on(body), on, "{body}");
    }
}

#[test]
fn only_a_clear_no_is_off_and_a_refusal_is_the_callers() {
    let hubspot = hubspot(|sent: &Sent| match sent.path.rsplit('/').next() {
        Some("0-970") => (200, r#"{"enablement":false}"#),
        Some("0-162") => (200, r#"{"something":"else"}"#),
        Some("0-410") => (403, r#"{"category":"MISSING_SCOPES","message":"not for public use"}"#),
        _ => (404, r#"{"status":"error","message":"resource not found"}"#),
    });
    let calls = std::sync::Arc::default();
    let api = hubspot.api(&calls);
    hubspot.run(async {
        assert!(!api.account().enablement("projects").await.unwrap());
        assert!(!api.account().enablement("0-970").await.unwrap());
        assert!(api.account().enablement("services").await.unwrap());
        assert_eq!(api.account().enablement("courses").await.unwrap_err().kind, ErrorKind::Denied);
        assert_eq!(api.account().enablement("listings").await.unwrap_err().kind, ErrorKind::Missing);
    });
    insta::assert_snapshot!(hubspot.sent(), @"
    GET /crm/object-library/2026-09/enablement/0-970
    GET /crm/object-library/2026-09/enablement/0-970
    GET /crm/object-library/2026-09/enablement/0-162
    GET /crm/object-library/2026-09/enablement/0-410
    GET /crm/object-library/2026-09/enablement/0-420
    ");
    assert_eq!(calls.snapshot().into_iter().map(|((_, kind), _)| kind).collect::<Vec<_>>(), ["enablement"]);
}

#[test]
fn the_currencies_of_a_portal() {
    let currencies = |json: &str| {
        let details: AccountDetails = serde_json::from_str(json).unwrap();
        details.currencies().collect::<Vec<_>>().join(" ")
    };
    assert_eq!(currencies(r#"{"companyCurrency":"SEK","additionalCurrencies":["EUR","NOK"]}"#), "SEK EUR NOK");
    assert_eq!(currencies(r#"{"companyCurrency":"SEK","additionalCurrencies":null}"#), "SEK");
    assert_eq!(currencies("{}"), "");
}
