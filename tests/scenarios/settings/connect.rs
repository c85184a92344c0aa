//! From a portal without anything to the first synchronized client.

use insta::assert_snapshot;
use kleer_sim::AccessType;

use super::*;

fn saves(world: &World, company: &str, key: &str) -> Value {
    answer(world, "save-credentials", &json!({ "company_id": company, "api_key": key }))
}

fn line(answer: &Value) -> String {
    match answer["ok"].as_bool() {
        Some(true) => answer["data"].to_string(),
        _ => format!("{}: {}", answer["code"].as_str().unwrap(), answer["message"].as_str().unwrap()),
    }
}

fn terms() -> Value {
    json!({ "version": portal::settings::TERMS_VERSION })
}

#[test]
fn wrong_then_right_credentials() {
    let world = switched_off();
    world.kleer(|kleer| kleer.set_token("hours-only", [AccessType::Timereport]));
    let mut lines = vec![line(&saves(&world, "1", "demo-key"))];
    lines.push(told(&world, "accept-terms", &json!({ "version": "1999-01-01" })));
    gets(&world, "accept-terms", &terms());
    // Accepted twice is accepted once.
    gets(&world, "accept-terms", &terms());
    for (company, key) in [
        ("one", "demo-key"),
        ("1", " "),
        ("1", "nobodys"),
        ("7", "demo-key"),
        ("1", "hours-only"),
        (" 1 ", " demo-key\n"),
    ] {
        lines.push(line(&saves(&world, company, key)));
    }
    assert_snapshot!(lines.join("\n"), @r#"
    terms_not_accepted: The terms and the data processing agreement have to be accepted before credentials are saved.
    terms_outdated: Other terms apply by now: load the page again and read them.
    invalid_company_id: The company id is a number: copy it from Kleer, Settings, API.
    missing_key: The API key is missing: copy it from Kleer, Settings, API.
    wrong_key: Kleer does not know this API key: copy it again from Kleer, or make a new one.
    wrong_company: This API key does not belong to Kleer company 7: check the company id, or make a key in that company.
    missing_rights: The user of this API key may not read clients in Kleer: give the user that right, or use another user's key.
    {"company_id":1,"company_name":"Demobolaget AB"}
    "#);
    let overview = gets(&world, "overview", &json!({}));
    assert_snapshot!(overview["kleer"].to_string(), @r#"{"configured":true,"company_id":1,"company_name":"Demobolaget AB"}"#);
    assert_snapshot!(overview["terms"].to_string(), @r#"{"version":"2026-11-01","accepted":{"version":"2026-11-01","user_id":7,"user_email":"eva@example.se","at":"2026-11-20T08:00:00.003Z"}}"#);
    assert!(!overview.to_string().contains("demo-key"));
}

#[test]
fn clients_are_switched_on_and_come() {
    let mut world = switched_off();
    world.kleer(|kleer| kleer.add_client(client("Åkeri AB")));
    let mut wanted = switches_clients(&world, true);
    wanted["interval_s"] = 5.into();
    assert_snapshot!(told(&world, "save-object", &wanted), @"out_of_range: The pause between two polls is from one minute to seven days.");
    wanted["interval_s"] = 300.into();
    let saved = gets(&world, "save-object", &wanted);
    assert_eq!((&saved["enabled"], &saved["interval_s"]), (&json!(true), &json!(300)));
    world.pass(minutes(1));
    assert_snapshot!(world.companies(&["name"]), @"1004 | Åkeri AB");
    let status = gets(&world, "status", &json!({}));
    let clients = &status["objects"][1];
    assert_snapshot!(format!("{} {} {} {}", clients["running"], clients["finished_at"], clients["counts"], clients["next_run_at"]), @r#"false "2026-11-20T08:00:00.703Z" {"source":1,"created":1,"updated":0,"unchanged":0,"waiting":0,"failed":0,"excluded":0} "2026-11-20T08:04:21Z""#);
    assert_snapshot!(status["written"].to_string(), @r#"[{"day":"2026-11-20","object":"client","records":1}]"#);
    assert_snapshot!(gets(&world, "states", &json!({ "object": "client" })).to_string(), @r#"{"states":{"in_sync":1}}"#);
    assert_snapshot!(gets(&world, "find", &json!({ "id": "1004" }))["records"][0].to_string(), @r#"{"object":"client","kleer_id":1004,"hubspot_object":"companies","hubspot_id":"9001","link":"https://app.hubspot.com/contacts/4242/record/0-2/9001","state":"in_sync","retry_at":null,"failures":0,"problem":null}"#);
    assert_snapshot!(gets(&world, "activity", &json!({}))["lines"][0]["message"].to_string(), @r#""eva@example.se switched the type client on.""#);
}

#[test]
fn clients_need_their_name() {
    let world = switched_off();
    let version = version(&world, "client");
    gets(&world, "delete-mapping", &json!({ "object": "client", "version": version, "property": "name" }));
    let object = gets(&world, "object", &json!({ "object": "client" }));
    assert_snapshot!(object["faults"].to_string(), @r#"[{"code":"required_field_missing","about":"name","message":"The field \"name\" must be mapped before this type can be switched on."}]"#);
    assert_snapshot!(told(&world, "save-object", &switches_clients(&world, true)), @r#"required_field_missing: The field "name" must be mapped before this type can be switched on."#);
    maps(&world, "name", "name");
    gets(&world, "save-object", &switches_clients(&world, true));
    let version = super::version(&world, "client");
    let delete = json!({ "object": "client", "version": version, "property": "name" });
    assert_snapshot!(told(&world, "delete-mapping", &delete), @r#"required_field_missing: The field "name" must be mapped before this type can be switched on."#);
}

#[test]
fn a_portal_that_leaves_is_told_so() {
    let world = with_clients(&["Åkeri AB"]);
    gets(&world, "disconnect", &json!({}));
    let overview = gets(&world, "overview", &json!({}));
    assert_eq!(overview["hubspot"]["status"], "disconnected");
    assert_snapshot!(told(&world, "status", &json!({})), @"disconnected: The app was disconnected on its settings page. To go on, install it again.");
}

#[test]
fn the_window_and_the_default_product() {
    let world = switched_off();
    world.kleer(|kleer| kleer.add_product(super::super::product("Konsulttimme", 95_000)));
    let choice = gets(&world, "products", &json!({ "search": "konsult" }))["choices"][0].clone();
    let sync = gets(&world, "overview", &json!({}))["sync"].clone();
    let with = |field: &str, value: Value| {
        let mut wanted = sync.clone();
        wanted[field] = value;
        wanted
    };
    let product: i64 = choice["value"].as_str().unwrap().parse().unwrap();
    assert_snapshot!(choice["label"].to_string(), @r#""Konsulttimme""#);
    assert_snapshot!(told(&world, "save-sync-settings", &with("invoice_window_months", json!(7))), @"out_of_range: The invoice window is 1, 3, 6, 12, 24 or 36 months, or all invoices.");
    assert_snapshot!(told(&world, "save-sync-settings", &with("default_product", json!(99_999))), @"unknown_product: Kleer has no product 99999.");
    assert_snapshot!(told(&world, "save-sync-settings", &with("project_pipeline", json!("nothing"))), @"unknown_pipeline: HubSpot has no such pipeline of projects: choose another one.");
    let saved = gets(&world, "save-sync-settings", &with("default_product", json!(product)));
    assert_eq!((saved["default_product"].as_i64(), saved["version"].as_u64()), (Some(product), Some(1)));
    // Somebody else still has the page as it was.
    let late = answer(&world, "save-sync-settings", &with("invoice_window_months", Value::Null));
    assert_eq!((&late["code"], &late["details"]["default_product"]), (&json!("changed_meanwhile"), &json!(product)));
}
