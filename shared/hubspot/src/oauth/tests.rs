use super::{Consent, Introspection, TokenErrorKind};
use crate::tests::{Sent, hubspot};
use crate::{Oauth, Paths, TokenHint};

fn oauth(client: rest::Client) -> Oauth {
    Oauth::new(client, Paths::default(), "demo-client", "demo-secret".into())
}

fn check(status: impl Into<Option<u16>>, body: &str, expected: TokenErrorKind) {
    let status = status.into();
    assert_eq!(TokenErrorKind::of(status, body), expected, "{status:?} {body}");
}

#[test]
fn refusals_of_the_token_endpoint() {
    use TokenErrorKind::{Configuration, Revoked, Transient};
    let revoked = r#"{"error":"invalid_grant","error_description":"refresh token is invalid, expired or revoked","status":"BAD_REFRESH_TOKEN","message":"refresh token is invalid, expired or revoked"}"#;
    check(400, revoked, Revoked);
    check(400, r#"{"status":"BAD_REFRESH_TOKEN","message":"missing or unknown refresh token"}"#, Revoked);
    check(400, r#"{"error":"invalid_grant"}"#, Revoked);
    check(400, r#"{"status":"BAD_HUB","message":"missing or unknown hub id","error":"access_denied"}"#, Revoked);
    check(400, r#"{"status":"BAD_HUB","message":"missing or unknown hub id"}"#, Revoked);
    check(400, r#"{"error":"invalid_client","status":"BAD_CLIENT_SECRET"}"#, Configuration);
    check(400, r#"{"status":"BAD_CLIENT_ID","message":"missing or unknown client id"}"#, Configuration);
    check(400, r#"{"status":"BAD_CLIENT_SECRET"}"#, Configuration);
    check(400, r#"{"status":"BAD_REDIRECT_URI"}"#, Configuration);
    check(400, "", Configuration);
    check(404, "<html>", Configuration);
    for status in [423, 429, 477, 500, 502, 503, 504] {
        check(status, revoked, Transient);
    }
    check(None, "", Transient);
    check(200, "not JSON", Transient);
}

#[test]
fn the_consent_page() {
    let oauth = oauth(hubspot(|_: &Sent| (200, "{}")).client());
    let consent = Consent {
        redirect_uri: "https://kleer.example/oauth/callback",
        scopes: &["oauth", "crm.objects.companies.read"],
        optional_scopes: &["crm.objects.projects.read"],
        state: "s&t",
    };
    insta::assert_snapshot!(oauth.authorize_url("https://app.hubspot.com/", &consent), @"https://app.hubspot.com/oauth/authorize?client_id=demo-client&redirect_uri=https%3A%2F%2Fkleer.example%2Foauth%2Fcallback&scope=oauth%20crm.objects.companies.read&optional_scope=crm.objects.projects.read&state=s%26t");
    let bare = Consent { scopes: &["oauth"], ..Consent::default() };
    insta::assert_snapshot!(oauth.authorize_url("https://app.hubspot.com", &bare), @"https://app.hubspot.com/oauth/authorize?client_id=demo-client&scope=oauth");
}

#[test]
fn tokens_come_and_go() {
    let hubspot = hubspot(|sent: &Sent| match sent.path.as_str() {
        "/oauth/2026-09/token" => (
            200,
            r#"{"token_type":"bearer","access_token":"CJ-long","refresh_token":"na1-aaaa-bbbb","expires_in":1800,
                "hub_id":1234567,"user_id":222222,"scopes":["oauth"],"token_use":"access_token"}"#,
        ),
        "/oauth/2026-09/token/introspect" => (200, r#"{"active":false}"#),
        _ => (200, ""),
    });
    let oauth = oauth(hubspot.client());
    hubspot.run(async {
        let tokens = oauth.exchange_code("the code", "https://kleer.example/cb").await.unwrap();
        assert_eq!((tokens.hub_id, tokens.expires_in.as_secs()), (Some(1_234_567), 1_800));
        assert!(!format!("{tokens:?} {oauth:?}").contains("na1-aaaa"));
        assert!(!format!("{oauth:?}").contains("demo-secret"));
        let tokens = oauth.refresh(&tokens.refresh_token).await.unwrap();
        let introspection = oauth.introspect(&tokens.access_token, TokenHint::Access).await.unwrap();
        assert_eq!(introspection, Introspection::default());
        oauth.revoke(&tokens.refresh_token, TokenHint::Refresh).await.unwrap();
    });
    insta::assert_snapshot!(hubspot.sent(), @r#"
    POST /oauth/2026-09/token
      grant_type=authorization_code&code=the+code&redirect_uri=https%3A%2F%2Fkleer.example%2Fcb&client_id=demo-client&client_secret=demo-secret
    POST /oauth/2026-09/token
      grant_type=refresh_token&refresh_token=na1-aaaa-bbbb&client_id=demo-client&client_secret=demo-secret
    POST /oauth/2026-09/token/introspect
      token=CJ-long&token_type_hint=access_token&client_id=demo-client&client_secret=demo-secret
    POST /oauth/2026-09/token/revoke
      token=na1-aaaa-bbbb&token_type_hint=refresh_token&client_id=demo-client&client_secret=demo-secret
    "#);
}

#[test]
fn a_revoked_install_is_told_apart() {
    let hubspot = hubspot(|_: &Sent| (400, r#"{"error":"invalid_grant","status":"BAD_REFRESH_TOKEN"}"#));
    let error = hubspot.run(oauth(hubspot.client()).refresh(&"na1-aaaa-bbbb".into())).unwrap_err();
    assert_eq!(error.kind, TokenErrorKind::Revoked);
}
