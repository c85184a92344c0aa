//! What concerns all records of a type: preview, full re-sync, another Kleer company, comparison.

use insta::assert_snapshot;
use kleer_sim::AccessType;
use local::fuse::Moment;
use tests::Ending;

use super::super::{admin, hours};
use super::*;

/// What a run would do, as the page comes to know it: it asks, and asks again.
fn previews(world: &mut World, object: &str) -> Value {
    let asked = gets(world, "preview", &json!({ "object": object }));
    assert_eq!(asked["stage"], "waiting");
    world.pass(seconds(5));
    let mut state = gets(world, "preview-state", &json!({ "object": object }));
    assert_eq!(state["stage"], "done", "{state}");
    state["preview"].take()
}

#[test]
fn a_preview_tells_what_a_run_would_do_and_does_nothing() {
    let mut world = switched_off();
    admin::makes_property(&world, "orgno", &json!({}));
    world.person_creates("companies", &[("name", "Akeri"), ("orgno", "556677-8899")]);
    world.clock.advance(hours(1));
    world.kleer(|kleer| {
        kleer.add_client(kleer_sim::Client { orgno: "556677-8899".into(), ..client("Åkeri AB") });
        kleer.add_client(client("Bageri AB"));
        kleer.add_client(client(""));
    });
    let before = world.writes();
    let preview = previews(&mut world, "client");
    assert_eq!(world.writes(), before);
    assert_eq!(world.companies(&["name"]), "- | Akeri");
    assert_snapshot!(preview["counts"].to_string(), @r#"{"source":3,"create":1,"link":1,"update":0,"deactivate":0,"unchanged":0,"waiting":0,"excluded":0,"doubtful":0,"deleted_in_hubspot":0,"failed":1}"#);
    let samples = preview["samples"].as_array().unwrap().iter().map(|sample| {
        let name = sample["properties"].as_array().unwrap().iter().find(|one| one["property"] == "name");
        format!("{} {} {}", sample["kind"], sample["kleer_id"], name.unwrap())
    });
    assert_snapshot!(samples.collect::<Vec<_>>().join("\n"), @r#"
    "create" 1006 {"property":"name","before":"","after":"Bageri AB"}
    "link" 1004 {"property":"name","before":"Akeri","after":"Åkeri AB"}
    "#);
    assert_eq!(preview["problems"].as_array().unwrap().len(), 1);
    assert_snapshot!(told(&world, "preview", &json!({ "object": "line_item" })), @"not_possible: Line items go with the invoices and agreements that have them: preview one of those.");
    gets(&world, "save-object", &switches_clients(&world, true));
    world.pass(minutes(1));
    let preview = previews(&mut world, "client");
    assert_snapshot!(preview["counts"].to_string(), @r#"{"source":3,"create":0,"link":0,"update":0,"deactivate":0,"unchanged":2,"waiting":0,"excluded":0,"doubtful":0,"deleted_in_hubspot":0,"failed":1}"#);
}

#[test]
fn a_preview_that_cannot_be_made_says_why_and_may_be_asked_for_again() {
    let mut world = switched_off();
    let state = |world: &World| gets(world, "preview-state", &json!({ "object": "invoice" }));
    assert_eq!(state(&world)["stage"], "none");
    world.kleer(|kleer| assert!(kleer.revoke_token("demo-key")));
    let asked = gets(&world, "preview", &json!({ "object": "invoice" }));
    // Asked for twice, it is one.
    assert_eq!(gets(&world, "preview", &json!({ "object": "invoice" })), asked);
    world.pass(seconds(5));
    assert_snapshot!(state(&world)["refusal"].to_string(), @r#"{"code":"cannot_run","message":"Kleer does not accept the API key: make a new key in Kleer and save it in the settings (cargo local serve: KLEER_API_KEY).","message_sv":"Kleer godtar inte API-nyckeln: skapa en ny nyckel i Kleer och spara den i inställningarna."}"#);
    world.kleer(|kleer| kleer.set_token("demo-key", [AccessType::Administrator]));
    gets(&world, "preview", &json!({ "object": "invoice" }));
    world.pass(seconds(5));
    assert_eq!(state(&world)["stage"], "done");
}

/// As many invoices as the large portal has (`infra/README.md`, what it costs); Kleer takes half a second for a page of a hundred.
#[test]
fn a_preview_of_a_large_portal_comes_to_its_end_and_tells_how_far_it_is() {
    let mut world = switched_off();
    world.kleer(|kleer| {
        let customer = kleer.add_client(client("Åkeri AB"));
        for _ in 0..5_000 {
            let invoice_date = "2026-11-18".parse().unwrap();
            let invoice =
                kleer_sim::Invoice { client_ref: customer.into(), invoice_date, ..kleer_sim::Invoice::default() };
            let id = kleer.add_invoice(invoice);
            kleer.certify_invoice(id);
        }
    });
    world.break_kleer("invoice", kleer_sim::Fault::LatencyMs { base: 500, per_record: 0 });
    let asked = gets(&world, "preview", &json!({ "object": "invoice" }));
    let asked_at = serde_json::from_value(asked["asked_at"].clone()).unwrap();
    let job = queue::Job::Preview { object: ObjectType::Invoice, asked_at };
    let envelope = queue::Envelope::new(domain::PortalId(4242), Some(domain::KleerCompanyId(1)), job);
    let before = world.writes();
    let app = world.app();
    let looking = async {
        app.clock.sleep(seconds(5)).await;
        let memo = store::Memo::Preview(ObjectType::Invoice);
        app.store.memo::<Value>(domain::PortalId(4242), memo).await.unwrap().unwrap().value
    };
    let making = portal::settings::make_preview(app, &envelope, ObjectType::Invoice, asked_at);
    let (made, half) = world.does(futures::future::join(making, looking)).unwrap();
    made.unwrap();
    let read = half["read"].as_u64().unwrap();
    assert_eq!((&half["stage"], &half["of"]), (&json!("reading"), &json!(5_000)));
    assert!((500..4_500).contains(&read), "{read}");
    let state = gets(&world, "preview-state", &json!({ "object": "invoice" }));
    assert_eq!((&state["stage"], &state["preview"]["counts"]["create"]), (&json!("done"), &json!(5_000)));
    // The message of the page's own question finds it done.
    world.mend();
    world.pass(seconds(5));
    assert_eq!(world.writes(), before);
}

#[test]
fn a_full_resync_writes_everything_again() {
    let mut world = with_clients(&["Åkeri AB", "Bageri AB"]);
    world.edit_client("Åkeri AB", |client| client.phone = "08-1".into());
    world.pass(minutes(15));
    let id = world.records("companies")[0].id;
    world.lose_webhooks(true);
    world.person_edits("companies", id, &[("phone", "070-1")]);
    world.pass(minutes(31));
    assert_snapshot!(world.companies(&["name", "phone"]), @"
    1004 | Åkeri AB | 070-1
    1006 | Bageri AB | -
    ");
    gets(&world, "resync", &json!({ "object": "client" }));
    world.pass(seconds(70));
    assert_snapshot!(world.companies(&["name", "phone"]), @"
    1004 | Åkeri AB | 08-1
    1006 | Bageri AB | -
    ");
    let before = world.writes();
    world.pass(hours(1));
    assert_eq!(world.writes(), before);
}

#[test]
fn a_comparison_can_be_asked_for() {
    let mut world = with_clients(&["Åkeri AB"]);
    gets(&world, "verify-now", &json!({ "object": "client" }));
    world.pass(seconds(5));
    let status = gets(&world, "status", &json!({}));
    assert_eq!(status["objects"][1]["verification"]["compared"], 1);
    assert_eq!(status["chargeable"], 0);
    assert_snapshot!(told(&world, "verify-now", &json!({ "object": "invoice" })), @"switched_off: This type is switched off: switch it on first.");
}

#[test]
fn another_kleer_company_begins_with_clean_records() {
    let mut world = World::of(Scene::of(0, 0), &ObjectType::ALL);
    world.kleer(|kleer| kleer.add_client(client("Åkeri AB")));
    let customer = world.client_id("Åkeri AB");
    let rows = vec![kleer_sim::InvoiceRow { description: "Tid".into(), price: 10_000, ..Default::default() }];
    let invoice = world.kleer(|kleer| {
        let invoice_date = "2026-11-18".parse().unwrap();
        let invoice =
            kleer_sim::Invoice { client_ref: customer.into(), invoice_date, rows, ..kleer_sim::Invoice::default() };
        let id = kleer.add_invoice(invoice);
        kleer.certify_invoice(id);
        id
    });
    world.pass(minutes(31));
    assert_snapshot!(world.table("line_items", &["name"]), @"1004-row-0 | Tid");
    world.pretend.kleer.state(|state| {
        let company =
            state.add_company(2, kleer_sim::CompanyInformation { name: "Bageriet AB".into(), ..Default::default() });
        company.set_token("second", [AccessType::Administrator]);
        company.add_client(client("Bageriets kund"));
    });
    gets(&world, "accept-terms", &json!({ "version": portal::settings::TERMS_VERSION }));
    let credentials = json!({ "company_id": "2", "api_key": "second" });
    assert_snapshot!(told(&world, "save-credentials", &credentials), @"other_company: HubSpot account 4242 holds records of Kleer company 1, and Kleer's record numbers mean something else in company 2: use the same company, or start afresh.");
    let mut afresh = credentials.clone();
    afresh["confirmed"] = false.into();
    assert_snapshot!(told(&world, "start-afresh", &afresh), @"not_confirmed: Starting afresh empties kleer_id on every record that was synchronized: it has to be confirmed.");
    afresh["confirmed"] = true.into();
    gets(&world, "start-afresh", &afresh);
    assert_snapshot!(told(&world, "save-credentials", &credentials), @"starting_afresh: A start afresh goes on: wait until it is over.");
    world.pass(seconds(30));
    // Nothing carries an id of the former company any more, and nothing of the new one has come yet.
    assert_snapshot!(world.companies(&["name"]), @"- | Åkeri AB");
    assert_snapshot!(world.table("invoices", &["hs_number"]), @"- | 50001");
    assert_snapshot!(world.table("line_items", &["name"]), @"- | Tid");
    let going_on = gets(&world, "overview", &json!({}))["starting_afresh"].take();
    assert_eq!(
        (going_on["total"].as_u64(), going_on["cleared"].as_u64()),
        (Some(2), Some(2)),
        "invoice {invoice}: {going_on}"
    );
    world.pass(minutes(5));
    assert_snapshot!(world.companies(&["name"]), @"
    - | Åkeri AB
    1004 | Bageriets kund
    ");
    let overview = gets(&world, "overview", &json!({}));
    assert_snapshot!(overview["kleer"].to_string(), @r#"{"configured":true,"company_id":2,"company_name":"Bageriet AB"}"#);
    assert_eq!(overview["starting_afresh"], Value::Null);
}

/// A start afresh with three clients in a process that dies at that call to the outside; what it comes to. None if it lived.
fn dies_while_starting_afresh(call: u64) -> Option<String> {
    let mut world = with_clients(&["Åkeri AB", "Bageri AB", "Café AB"]);
    world.pretend.kleer.state(|state| {
        let company = state.add_company(2, kleer_sim::CompanyInformation::default());
        company.set_token("second", [AccessType::Administrator]);
    });
    gets(&world, "accept-terms", &json!({ "version": portal::settings::TERMS_VERSION }));
    gets(&world, "start-afresh", &json!({ "company_id": "2", "api_key": "second", "confirmed": true }));
    world.dies_at(call, Moment::After);
    let died = world.pass(minutes(4)) == Ending::Died;
    world.restart();
    world.pass(minutes(6));
    let overview = gets(&world, "overview", &json!({}));
    let Value::Null = overview["starting_afresh"] else { panic!("it never ended: {overview}") };
    died.then(|| format!("company {}\n{}", overview["kleer"]["company_id"], world.companies(&["name"])))
}

#[test]
fn a_start_afresh_that_dies_goes_on_where_it_ended() {
    let calls = [3, 9, 14, 19, 25];
    let ends: std::collections::BTreeSet<String> = calls.into_iter().filter_map(dies_while_starting_afresh).collect();
    assert_snapshot!(ends.into_iter().collect::<Vec<_>>().join("\n---\n"), @r"
    company 2
    - | Åkeri AB
    - | Bageri AB
    - | Café AB
    ");
}
