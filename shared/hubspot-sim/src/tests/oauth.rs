use insta::assert_snapshot;
use serde_json::{Value, json};

use super::{Bench, Reply, objects, table};
use crate::{Options, PortalOptions};

const CLIENT: &str = "client_id=demo-client&client_secret=demo-secret";

fn token(bench: &Bench, form: &str) -> Reply {
    bench.send("POST", "/oauth/2026-09/token", format!("{CLIENT}&{form}")).unwrap()
}

/// Installs the app and returns what the token endpoint said.
fn install(bench: &Bench, scopes: &Value) -> Value {
    let body = json!({ "scopes": scopes, "redirect_uri": "http://localhost/cb" });
    let code = bench.post("/_sim/oauth/codes", &body).body["code"].as_str().unwrap().to_owned();
    let form = format!("grant_type=authorization_code&code={code}&redirect_uri=http%3A%2F%2Flocalhost%2Fcb");
    let reply = token(bench, &form);
    assert_eq!(reply.status, 200, "{reply}");
    assert_eq!(token(bench, &form).body["status"], json!("BAD_AUTH_CODE"), "a code is used once");
    reply.body
}

#[test]
fn a_portal_installs_refreshes_and_expires() {
    let mut bench = Bench::new();
    let mut granted = install(&bench, &json!(["oauth", "crm.objects.companies.read", "nonsense"]));
    bench.token = granted["access_token"].as_str().unwrap().to_owned();
    let refresh = granted["refresh_token"].as_str().unwrap().to_owned();
    granted["access_token"] = json!("…");
    granted["refresh_token"] = json!("…");
    assert_snapshot!(granted, @r#"{"token_type":"bearer","access_token":"…","refresh_token":"…","expires_in":1800,"hub_id":4242,"user_id":501,"scopes":["oauth","crm.objects.companies.read"],"token_use":"access_token"}"#);
    assert_eq!(bench.get(&objects("companies")).status, 200);
    bench.wait(1_800_000);
    assert_snapshot!(bench.get(&objects("companies")), @r#"
    401 {
      "status": "error",
      "message": "The OAuth token used to make this call expired 0 second(s) ago.",
      "context": {
        "expire time": [
          "2026-11-20T12:30:00.000Z"
        ]
      },
      "category": "EXPIRED_AUTHENTICATION"
    }
    "#);
    let again = token(&bench, &format!("grant_type=refresh_token&refresh_token={refresh}"));
    assert_eq!(again.body["refresh_token"], json!(refresh));
    bench.token = again.body["access_token"].as_str().unwrap().to_owned();
    assert_eq!(bench.get(&objects("companies")).status, 200);
}

#[test]
fn the_token_endpoint_says_what_is_wrong() {
    let bench = Bench::new();
    let send = |form: &str| bench.send("POST", "/oauth/v1/token", form.to_owned()).unwrap().to_string();
    let lines = [
        send("grant_type=refresh_token&client_id=x&client_secret=demo-secret&refresh_token=r"),
        send("grant_type=refresh_token&client_id=demo-client&client_secret=x&refresh_token=r"),
        send(&format!("{CLIENT}&grant_type=refresh_token&refresh_token=r")),
        send(&format!("{CLIENT}&grant_type=authorization_code&code=c")),
        send(&format!("{CLIENT}&grant_type=password")),
    ];
    assert_snapshot!(table(lines), @r#"
    400 {
      "error": "invalid_client",
      "error_description": "missing or unknown client id",
      "status": "BAD_CLIENT_ID",
      "message": "missing or unknown client id"
    }
    400 {
      "error": "invalid_client",
      "error_description": "missing or invalid client secret",
      "status": "BAD_CLIENT_SECRET",
      "message": "missing or invalid client secret"
    }
    400 {
      "error": "invalid_grant",
      "error_description": "refresh token is invalid, expired or revoked",
      "status": "BAD_REFRESH_TOKEN",
      "message": "refresh token is invalid, expired or revoked"
    }
    400 {
      "error": "invalid_grant",
      "error_description": "missing or unknown auth code",
      "status": "BAD_AUTH_CODE",
      "message": "missing or unknown auth code"
    }
    400 {
      "error": "unsupported_grant_type",
      "error_description": "missing or unknown grant type",
      "status": "BAD_GRANT_TYPE",
      "message": "missing or unknown grant type"
    }
    "#);
}

#[test]
fn introspection_revoking_and_uninstalling() {
    let mut bench = Bench::new();
    let granted = install(&bench, &json!(["oauth"]));
    let (access, refresh) = (granted["access_token"].as_str().unwrap(), granted["refresh_token"].as_str().unwrap());
    let introspect = |text: &str| {
        let form = format!("{CLIENT}&token={text}&token_type_hint=access_token");
        let mut body = bench.send("POST", "/oauth/2026-09/token/introspect", form).unwrap().body;
        body["token"] = json!("…");
        body.to_string()
    };
    let mut lines = vec![introspect(access), introspect("nonsense")];
    let revoke = bench.send("POST", "/oauth/2026-09/token/revoke", format!("{CLIENT}&token={refresh}")).unwrap();
    lines.push(format!("revoke: {}", revoke.status));
    lines.push(introspect(refresh));
    lines.push(format!(
        "refresh: {}",
        token(&bench, &format!("grant_type=refresh_token&refresh_token={refresh}")).body["status"]
    ));
    bench.token = access.to_owned();
    lines.push(format!("access lives on: {}", bench.get("/account-info/2026-09/details").status));
    lines.push(format!("uninstall: {}", bench.delete("/appinstalls/2026-09/external-install").status));
    lines.push(bench.get("/account-info/2026-09/details").short());
    bench.token = "demo-app-token".to_owned();
    lines.push(format!("static token: {}", bench.get("/account-info/2026-09/details").status));
    install(&bench, &json!(["oauth"]));
    lines.push(format!("installed again: {}", bench.get("/account-info/2026-09/details").status));
    assert_snapshot!(table(lines), @r#"
    {"active":true,"token":"…","hub_id":4242,"user_id":501,"client_id":"demo-client","app_id":1000001,"user":"admin@example.com","hub_domain":"example.com","scopes":["oauth"],"signed_access_token":{"hublet":"na1"},"is_private_distribution":false,"token_use":"access_token","token_type":"Bearer","expires_in":1800}
    {"active":false,"token":"…"}
    revoke: 200
    {"active":false,"token":"…"}
    refresh: "BAD_REFRESH_TOKEN"
    access lives on: 200
    uninstall: 204
    401 INVALID_AUTHENTICATION Authentication credentials not found. This API supports OAuth 2.0 authentication and you can find more details at https://developers.hubspot.com/docs/methods/auth/oauth-overview []
    static token: 401
    installed again: 200
    "#);
}

#[test]
fn the_consent_page_sends_the_browser_back() {
    let bench = Bench::new();
    let path = "/oauth/4242/authorize?client_id=demo-client&redirect_uri=http%3A%2F%2Flocalhost%2Fcb&scope=oauth%20automation&state=s1";
    let reply = bench.get(path);
    let location = reply.header("location").unwrap().to_owned();
    let (page, query) = location.split_once("?code=").unwrap();
    assert_eq!((reply.status, page, query.ends_with("&state=s1")), (302, "http://localhost/cb", true));
    let wrong =
        bench.get("/oauth/authorize?client_id=demo-client&redirect_uri=http%3A%2F%2Flocalhost&scope=automation");
    assert_eq!(wrong.status, 400);
}

#[test]
fn missing_scopes_are_named() {
    let mut bench = Bench::new();
    let granted = install(&bench, &json!(["oauth", "crm.objects.products.write", "crm.schemas.companies.read"]));
    bench.token = granted["access_token"].as_str().unwrap().to_owned();
    assert_snapshot!(bench.get(&objects("companies")), @r#"
    403 {
      "status": "error",
      "message": "This app hasn't been granted all required scopes to make this call. Read more about required scopes here: https://developers.hubspot.com/scopes.",
      "errors": [
        {
          "message": "One or more of the following scopes are required.",
          "context": {
            "requiredGranularScopes": [
              "crm.objects.companies.read"
            ]
          }
        }
      ],
      "links": {
        "scopes": "https://developers.hubspot.com/scopes"
      },
      "category": "MISSING_SCOPES"
    }
    "#);
    let property = json!({ "name": "kleer_id", "label": "x", "type": "string", "fieldType": "text", "groupName": "productinformation" });
    let cases = [
        bench.post("/crm/properties/2026-09/products", &property),
        bench.post("/crm/properties/2026-09/companies", &property),
        bench.get("/crm/properties/2026-09/companies"),
        bench.get(&objects("products")),
        bench.post(&objects("products"), &json!({ "properties": { "name": "P" } })),
        bench.get("/crm/owners/2026-09"),
        bench.get(&objects("2-9")),
    ];
    let lines =
        cases.map(|reply| format!("{} {}", reply.status, reply.body["errors"][0]["context"]["requiredGranularScopes"]));
    assert_snapshot!(table(lines), @r#"
    403 ["e-commerce"]
    403 ["crm.schemas.companies.write"]
    200 null
    403 ["crm.objects.products.read","e-commerce"]
    201 null
    403 ["crm.objects.owners.read"]
    400 null
    "#);
}

#[test]
fn portals_are_separate() {
    let mut options = Options::default();
    let mut other = PortalOptions::new(77);
    other.ui_domain = "app-eu1.hubspot.com".to_owned();
    other.currencies = vec!["EUR".to_owned()];
    options.portals.push(other);
    let mut bench = Bench::with(options);
    bench.create("companies", &json!({ "name": "Acme" }));
    let code = bench.post("/_sim/oauth/codes?portal=77", &json!({})).body["code"].as_str().unwrap().to_owned();
    let granted = token(&bench, &format!("grant_type=authorization_code&code={code}&redirect_uri=x"));
    bench.token = granted.body["access_token"].as_str().unwrap().to_owned();
    assert_snapshot!(bench.get("/account-info/2026-09/details"), @r#"
    200 {
      "portalId": 77,
      "accountType": "STANDARD",
      "timeZone": "Europe/Stockholm",
      "companyCurrency": "EUR",
      "additionalCurrencies": [],
      "utcOffset": "+01:00",
      "utcOffsetMilliseconds": 3600000,
      "uiDomain": "app-eu1.hubspot.com",
      "dataHostingLocation": "na1"
    }
    "#);
    let created = bench.post(&objects("companies"), &json!({ "properties": { "name": "Beta" } }));
    assert_snapshot!(format!("{} {}", created.body["id"], created.body["url"]), @r#""9001" "https://app-eu1.hubspot.com/contacts/77/record/0-2/9001""#);
    assert_eq!(bench.simulator.records(4242, "companies")[0].get("name"), Some("Acme"));
    assert_eq!(bench.simulator.records(77, "companies")[0].get("name"), Some("Beta"));
}

#[test]
fn no_token_and_a_wrong_token() {
    let mut bench = Bench::new();
    bench.token = "nonsense".to_owned();
    assert_snapshot!(bench.get(&objects("companies")).short(), @"401 INVALID_AUTHENTICATION Authentication credentials not found. This API supports OAuth 2.0 authentication and you can find more details at https://developers.hubspot.com/docs/methods/auth/oauth-overview []");
}

#[test]
fn a_person_writes_as_a_person() {
    let mut bench = Bench::new();
    bench.create("companies", &json!({ "name": "Acme", "city": "Lund" }));
    bench.token = "demo-token".to_owned();
    bench.patch(&objects("companies/9001"), &json!({ "properties": { "city": "Malmö" } }));
    let record = &bench.simulator.records(4242, "companies")[0];
    let by = |name: &str| {
        let source = record.properties[name].source;
        format!("{name}: {} {}", source.change_source(), source.source_id())
    };
    assert_snapshot!(table([by("name"), by("city")]), @r"
    name: INTEGRATION 1000001
    city: CRM_UI userId:501
    ");
}

#[test]
fn the_old_token_information() {
    let bench = Bench::new();
    let granted = install(&bench, &json!(["oauth"]));
    let (access, refresh) = (granted["access_token"].as_str().unwrap(), granted["refresh_token"].as_str().unwrap());
    let kind = |path: String| bench.get(&path).body["token_type"].to_string();
    let lines = [
        kind(format!("/oauth/v1/access-tokens/{access}")),
        kind(format!("/oauth/v1/refresh-tokens/{refresh}")),
        bench.delete(&format!("/oauth/v1/refresh-tokens/{refresh}")).status.to_string(),
        bench.get(&format!("/oauth/v1/refresh-tokens/{refresh}")).status.to_string(),
    ];
    assert_snapshot!(table(lines), @r#"
    "access"
    "refresh"
    204
    404
    "#);
}
