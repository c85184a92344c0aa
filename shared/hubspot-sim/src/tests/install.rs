use insta::assert_snapshot;
use serde_json::{Value, json};

use super::outgoing::{PORTAL, company};
use super::{Bench, Reply, table};
use crate::Options;

const CLIENT: &str = "client_id=demo-client&client_secret=demo-secret";
const CALLBACK: &str = "https://kleer.example/oauth/callback";

/// A portal that has not installed the app, whose consents may end at the app's callback.
fn bench() -> Bench {
    let mut options = Options::default().calling("https://kleer.example");
    options.app.required_scopes = vec!["oauth".to_owned(), "crm.objects.companies.read".to_owned()];
    options.portals[0].tokens.retain(|token| token.token == "demo-token");
    Bench::with(options)
}

fn token(bench: &Bench, form: &str) -> Reply {
    bench.send("POST", "/oauth/2026-09/token", format!("{CLIENT}&{form}")).unwrap()
}

/// The parameters with which the browser comes back.
fn returned(location: &str) -> Vec<(String, String)> {
    let (page, query) = location.split_once('?').unwrap();
    assert_eq!(page, CALLBACK);
    serde_urlencoded::from_str(query).unwrap()
}

fn names(location: &str) -> String {
    returned(location).into_iter().map(|(name, _)| name).collect::<Vec<_>>().join(" ")
}

/// Exchanges the code in a location.
fn exchange(bench: &Bench, location: &str) -> Reply {
    let code = returned(location).into_iter().find(|(name, _)| name == "code").unwrap().1;
    let form = serde_urlencoded::to_string([("code", code.as_str()), ("redirect_uri", CALLBACK)]).unwrap();
    token(bench, &format!("grant_type=authorization_code&{form}"))
}

#[test]
fn an_install_that_begins_in_the_marketplace() {
    let bench = bench();
    let location = bench.simulator.marketplace_install(PORTAL, None, None, None).unwrap();
    let given = returned(&location);
    assert_eq!(names(&location), "code returnUrl", "no state of ours");
    assert_eq!(given[1].1, "https://app.hubspot.com/app-install/4242/finish");
    assert_eq!(bench.get("/_sim/state").body["portals"]["4242"]["installed"], json!(false), "not before the exchange");
    assert_eq!(exchange(&bench, &location).status, 200);
    assert_eq!(bench.get("/_sim/state").body["portals"]["4242"]["installed"], json!(true));
    company(&bench, "Acme");
    assert_eq!(bench.events().len(), 2, "webhooks begin with the install");
}

#[test]
fn the_browser_is_sent_by_the_control_route_too() {
    let bench = bench();
    let shown = bench.get("/_sim/oauth/install?return_url=https%3A%2F%2Fapp-eu1.hubspot.com%2Fx%3Fy%3D1&state=s%261");
    assert_eq!(shown.status, 302);
    let given = returned(shown.header("location").unwrap());
    assert_eq!(
        given[1..],
        [
            ("state".to_owned(), "s&1".to_owned()),
            ("returnUrl".to_owned(), "https://app-eu1.hubspot.com/x?y=1".to_owned())
        ]
    );
    let posted = bench.post("/_sim/oauth/install?portal=4242", &json!({})).body;
    assert_eq!(exchange(&bench, posted["location"].as_str().unwrap()).status, 200);
}

#[test]
fn what_the_consent_page_refuses() {
    let bench = bench();
    let open = |query: &str| bench.get(&format!("/oauth/authorize?{query}")).short();
    let callback = "redirect_uri=https%3A%2F%2Fkleer.example%2Foauth%2Fcallback";
    let lines = [
        open(&format!("client_id=x&{callback}&scope=oauth")),
        open(
            "client_id=demo-client&redirect_uri=https%3A%2F%2Fevil.example%2Fcb&scope=oauth%20crm.objects.companies.read",
        ),
        open("client_id=demo-client&scope=oauth%20crm.objects.companies.read"),
        open(&format!("client_id=demo-client&{callback}&scope=oauth")),
        open(&format!("client_id=demo-client&{callback}&scope=oauth%20crm.objects.companies.read%20nonsense")),
        bench.simulator.marketplace_install(PORTAL, Some("https://evil.example/cb"), None, None).unwrap_err(),
        bench.simulator.marketplace_install(1, None, None, None).unwrap_err(),
    ];
    assert_snapshot!(table(lines), @"
    400 VALIDATION_ERROR missing or unknown client id []
    400 BAD_REDIRECT_URI Authorization failed because the redirect URL isn't registered with the app []
    400 BAD_REDIRECT_URI Authorization failed because the redirect URL isn't registered with the app []
    400 VALIDATION_ERROR the scope crm.objects.companies.read is required by the app []
    400 VALIDATION_ERROR this account has no access to the scope nonsense []
    Authorization failed because the redirect URL isn't registered with the app
    resource not found
    ");
    let fine = format!(
        "client_id=demo-client&{callback}&scope=oauth%20crm.objects.companies.read&optional_scope=nonsense%20automation&state=s"
    );
    let reply = bench.get(&format!("/oauth/4242/authorize?{fine}"));
    let granted = exchange(&bench, reply.header("location").unwrap());
    assert_eq!(granted.body["scopes"], json!(["oauth", "crm.objects.companies.read", "automation"]));
}

#[test]
fn somebody_declines() {
    let bench = bench();
    bench.switch(&json!({ "consent_declined": true }));
    let query = "client_id=demo-client&redirect_uri=https%3A%2F%2Fkleer.example%2Foauth%2Fcallback&scope=oauth%20crm.objects.companies.read&state=s";
    let declined = bench.get(&format!("/oauth/authorize?{query}"));
    assert_eq!(declined.status, 302);
    assert_snapshot!(declined.header("location").unwrap(), @"https://kleer.example/oauth/callback?error=access_denied&error_description=The+user+denied+access&state=s");
    let location = bench.simulator.marketplace_install(PORTAL, None, None, None).unwrap();
    assert_eq!(names(&location), "error error_description returnUrl");
}

#[test]
fn a_portal_that_uninstalls_and_one_that_is_gone() {
    let mut bench = bench();
    let install = |bench: &Bench| {
        let location = bench.simulator.marketplace_install(PORTAL, None, None, None).unwrap();
        exchange(bench, &location).body
    };
    let text = |granted: &Value, name: &str| granted[name].as_str().unwrap().to_owned();
    let refresh = |bench: &Bench, granted: &Value| {
        token(bench, &format!("grant_type=refresh_token&refresh_token={}", text(granted, "refresh_token"))).body
    };
    let active = |bench: &Bench, granted: &Value| {
        let form = format!("{CLIENT}&token={}", text(granted, "access_token"));
        bench.send("POST", "/oauth/2026-09/token/introspect", form).unwrap().body["active"].to_string()
    };
    let details = |bench: &Bench| bench.get("/account-info/2026-09/details").status.to_string();

    let granted = install(&bench);
    bench.token = text(&granted, "access_token");
    let mut lines = vec![format!("installed: details {}, active {}", details(&bench), active(&bench, &granted))];
    assert_eq!(bench.delete("/appinstalls/2026-09/external-install").status, 204);
    lines.push(format!(
        "uninstalled: details {}, active {}, {}",
        details(&bench),
        active(&bench, &granted),
        refresh(&bench, &granted)["status"]
    ));

    bench.switch(&json!({ "access_outlives_uninstall": true }));
    let granted = install(&bench);
    bench.token = text(&granted, "access_token");
    bench.simulator.person_uninstalls(PORTAL);
    lines.push(format!("outlives: details {}, {}", details(&bench), refresh(&bench, &granted)["status"]));
    bench.wait(1_800_000);
    lines.push(format!("half an hour later: details {}", details(&bench)));

    let granted = install(&bench);
    bench.token = text(&granted, "access_token");
    let location = bench.simulator.marketplace_install(PORTAL, None, None, None).unwrap();
    bench.switch(&json!({ "portal_gone": true }));
    lines.push(format!(
        "gone: details {}, active {}, {}",
        details(&bench),
        active(&bench, &granted),
        refresh(&bench, &granted)
    ));
    lines.push(format!("gone: code {}", exchange(&bench, &location).body["status"]));
    assert_snapshot!(table(lines), @r#"
    installed: details 200, active true
    uninstalled: details 401, active false, "BAD_REFRESH_TOKEN"
    outlives: details 200, "BAD_REFRESH_TOKEN"
    half an hour later: details 401
    gone: details 401, active false, {"error":"access_denied","error_description":"missing or unknown hub id","status":"BAD_HUB","message":"missing or unknown hub id"}
    gone: code "BAD_HUB"
    "#);
}
