use rest::Reason;

use super::{code_in, kleer, one_line, remedy};
use crate::outbound::tests::error;

#[test]
fn kleers_refusals() {
    let rows = [
        (401, ""),
        (403, ""),
        (404, ""),
        (500, r#"{"message":"The client is locked"}"#),
        (503, "<html>Service Unavailable</html>"),
    ];
    let lines = rows.map(|(status, body)| kleer(&rest::Error { service: "kleer", ..error(status, body) }));
    insta::assert_snapshot!(lines.join("\n"), @r"
    Kleer does not accept the API key: make a new key in Kleer and save it in the settings (cargo local serve: KLEER_API_KEY).
    Kleer's API key may not read this kind of record, or belongs to another company: give the key's user the right in Kleer, or check the company id.
    Kleer does not know this company: check the company id and KLEER_BASE_URL.
    Kleer has an internal problem (status 500); it is tried again by itself: The client is locked.
    Kleer answered with a web page instead of data (status 503); it is tried again by itself.
    ");
}

#[test]
fn remedies_by_code() {
    let codes = [
        "INVALID_OPTION",
        "READ_ONLY_VALUE",
        "CONFLICTING_UNIQUE_VALUE",
        "MISSING_REQUIRED_PROPERTY",
        "MISSING_CONDITIONAL_REQUIRED_PROPERTY",
        "INVALID_EMAIL",
        "INVALID_DATE",
        "INVALID_INTEGER",
        "INVALID_LONG",
        "INVOICE_TO_LINE_ITEM",
        "PROPERTY_DOESNT_EXIST",
        "",
    ];
    insta::assert_snapshot!(codes.map(|code| remedy(code, Some("zip"))).join("\n"), @r"
    Add the value to the options of zip in HubSpot, or change it in Kleer.
    Map the field to another property than zip: HubSpot keeps this one itself.
    Another HubSpot record already has this zip: merge or change it.
    Your HubSpot account requires zip: map a field or a default value to it.
    Your HubSpot account requires zip: map a field or a default value to it.
    Correct the value in Kleer, or map the field to a text property instead of zip.
    Correct the value in Kleer, or map the field to a text property instead of zip.
    Correct the value in Kleer, or map the field to a text property instead of zip.
    Correct the value in Kleer, or map the field to a text property instead of zip.
    HubSpot gives an invoice its status only if it has line items: add a row to it in Kleer. Its other values are right.
    Correct the value in Kleer or the rule in HubSpot; it is tried again by itself.
    Correct the value in Kleer or the rule in HubSpot; it is tried again by itself.
    ");
    insta::assert_snapshot!(remedy("INVALID_OPTION", None), @"Add the value to the options of the property in HubSpot, or change it in Kleer.");
}

#[test]
fn kleer_out_of_reach() {
    let check = |status, reason| kleer(&rest::Error { status, reason, ..error(0, "") });
    let lines = [
        check(None, Reason::Connect),
        check(None, Reason::Timeout),
        check(Some(200), Reason::TooLarge),
        check(Some(200), Reason::NotJson),
        check(Some(200), Reason::Representation),
        check(Some(429), Reason::Status),
        check(Some(400), Reason::Status),
    ];
    insta::assert_snapshot!(lines.join("\n"), @r"
    Kleer could not be reached (check KLEER_BASE_URL and the network); it is tried again by itself.
    Kleer did not give a whole answer in time; it is tried again by itself.
    Kleer answered more than can be read.
    Kleer answered something that could not be read (status 200); it is tried again by itself.
    Kleer answered with a web page instead of data (status 200); it is tried again by itself.
    Kleer asks for a pause because too many requests came at once; it is tried again by itself.
    Kleer refused the request (status 400); it is tried again by itself.
    ");
}

#[test]
fn a_code_that_stands_in_the_words() {
    let code = r#"MISSING_REQUIRED_PROPERTY: property "phone" is required to create this record"#;
    assert_eq!(code_in(code), Some(("MISSING_REQUIRED_PROPERTY", Some("phone"))));
    assert_eq!(code_in("CONFLICT: try again"), Some(("CONFLICT", None)));
    let status = "Invoice 7 cannot be set to paid. Required associations are missing: [INVOICE_TO_LINE_ITEM]";
    assert_eq!(code_in(status), Some(("INVOICE_TO_LINE_ITEM", None)));
    for words in ["", ": x", "Property values were not valid: [{\"name\":\"x\"}]", "no colon"] {
        assert_eq!(code_in(words), None, "{words}");
    }
}

#[test]
fn words_on_one_line() {
    assert_eq!(one_line(" a\n\tb  c "), "a b c");
}
