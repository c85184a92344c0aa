use insta::assert_snapshot;

use super::{Redactor, redact};

#[test]
fn what_looks_like_a_secret() {
    let texts = [
        "Authorization: Bearer CKL3z9vDMhAHAgEAAwEB.abc-def",
        "X-Token: 8c5f2a",
        r#"{"access_token":"abc/d+e=","expires_in":1800,"token_type":"bearer","refresh_token":"na1-66aa"}"#,
        r#"{"message":"{\"client_secret\":\"hush\"}","token":null,"secret":12}"#,
        "grant_type=refresh_token&client_id=1&client_secret=hush&refresh_token=r-1",
        "key pat-na1-12345678-90ab-cdef-1234-567890abcdef was revoked",
        r#"{"correlationId":"8a3f6c3a-1d0e-4b8e-9a55-0123456789ab","code":"INVALID_INTEGER"}"#,
        "The OAuth token used to make this call expired 0 second(s) ago.",
        "PayrollUserDoesNotExistException: Tekniskt fel för användare 17",
        "/crm/objects/2026-03/companies/batch/upsert",
    ];
    assert_snapshot!(texts.map(redact).join("\n"), @r#"
    Authorization: Bearer ***
    X-Token: ***
    {"access_token":"***","expires_in":1800,"token_type":"bearer","refresh_token":"***"}
    {"message":"{\"client_secret\":\"***\"}","token":null,"secret":12}
    grant_type=refresh_token&client_id=1&client_secret=***&refresh_token=***
    key *** was revoked
    {"correlationId":"8a3f6c3a-1d0e-4b8e-9a55-0123456789ab","code":"INVALID_INTEGER"}
    The OAuth token used to make this call expired 0 second(s) ago.
    PayrollUserDoesNotExistException: Tekniskt fel för användare 17
    /crm/objects/2026-03/companies/batch/upsert
    "#);
}

#[test]
fn known_secrets_whatever_they_look_like() {
    let mut redactor = Redactor::default();
    redactor.know("demo-key".into());
    redactor.know("x".into());
    assert_eq!(redactor.redact("the key demo-key is fixed"), "the key *** is fixed");
    assert!(!format!("{redactor:?}").contains("demo-key"));
}
