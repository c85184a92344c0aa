//! Problems and what mends them.

use insta::assert_snapshot;

use super::super::{admin, hours};
use super::*;

fn problems(world: &World) -> Vec<Value> {
    gets(world, "problems", &json!({}))["problems"].as_array().unwrap().clone()
}

#[test]
fn a_problem_is_mended_and_tried_again() {
    let mut world = with_clients(&[]);
    admin::makes_options(&world, "size", &[("s", "Small")]);
    world.kleer(|kleer| kleer.add_client(kleer_sim::Client { contact: "Large".into(), ..client("Åkeri AB") }));
    maps(&world, "contact", "size");
    world.pass(minutes(1));
    let found = problems(&world);
    assert_snapshot!(found[0].to_string(), @r#"{"object":"client","code":"value_not_allowed","side":"settings","kleer_id":1004,"hubspot_id":null,"link":null,"property":"size","message":"Contact does not fit the HubSpot property size: “Large” is not one of its options.","message_sv":"Kontakt passar inte HubSpot-egenskapen size: “Large” är inget av dess alternativ.","remedy":"Add the option “Large” to the property in HubSpot, or change the value in Kleer.","remedy_sv":"Lägg till alternativet “Large” på egenskapen i HubSpot, eller ändra värdet i Kleer.","retry_at":null,"can_retry":true,"can_recreate":false,"can_choose":false}"#);
    assert_eq!(gets(&world, "overview", &json!({}))["objects"][0]["problems"], 1);
    admin::changes_options(&world, "size", &[("s", "Small"), ("l", "Large")]);
    world.clock.advance(seconds(1));
    gets(&world, "retry", &json!({ "object": "client", "kleer_id": found[0]["kleer_id"] }));
    world.pass(seconds(5));
    assert_snapshot!(world.companies(&["name", "size"]), @"1004 | Åkeri AB | l");
    assert!(problems(&world).is_empty());
    assert_snapshot!(told(&world, "retry", &json!({ "object": "client", "kleer_id": found[0]["kleer_id"] })), @"unknown_record: There is no such record any more, or it is well by now: load the page again.");
}

#[test]
fn everything_that_was_refused_is_tried_again_at_once() {
    let mut world = with_clients(&[]);
    world.pretend.hubspot.switch(4242, |switches| {
        switches.required.insert("companies".to_owned(), vec!["description".to_owned()]);
    });
    for name in ["Åkeri AB", "Bageri AB", "Café AB"] {
        world.kleer(|kleer| kleer.add_client(client(name)));
    }
    gets(&world, "sync-now", &json!({ "object": "client" }));
    world.pass(seconds(5));
    assert_eq!(problems(&world).len(), 3);
    let page = gets(&world, "problems", &json!({ "limit": 2 }));
    let rest = gets(&world, "problems", &json!({ "limit": 2, "after": page["after"] }));
    assert_eq!((page["problems"].as_array().unwrap().len(), rest["problems"].as_array().unwrap().len()), (2, 1));
    assert_eq!(rest["after"], Value::Null);
    world.pretend.hubspot.switch(4242, |switches| switches.required.clear());
    gets(&world, "retry-all", &json!({}));
    world.pass(seconds(5));
    assert_snapshot!(world.companies(&["name"]), @"
    1004 | Åkeri AB
    1006 | Bageri AB
    1007 | Café AB
    ");
    assert!(problems(&world).is_empty());
}

#[test]
fn a_record_deleted_in_hubspot_is_made_again_when_somebody_asks() {
    let mut world = with_clients(&["Åkeri AB"]);
    world.person_deletes("companies", world.records("companies")[0].id);
    world.edit_client("Åkeri AB", |client| client.phone = "08-2".into());
    world.pass(minutes(16));
    assert_eq!(world.records("companies").len(), 0);
    let found = problems(&world);
    assert_eq!((&found[0]["can_recreate"], &found[0]["can_retry"]), (&json!(true), &json!(false)));
    let record = json!({ "object": "client", "kleer_id": found[0]["kleer_id"] });
    gets(&world, "recreate", &record);
    world.pass(seconds(5));
    assert_snapshot!(world.companies(&["name", "phone"]), @"1004 | Åkeri AB | 08-2");
    assert!(problems(&world).is_empty());
    assert_snapshot!(told(&world, "recreate", &record), @"unknown_record: There is no such record any more, or it is well by now: load the page again.");
    let before = world.writes();
    world.pass(hours(1));
    assert_eq!(world.writes(), before);
}

#[test]
fn a_person_says_which_record_a_doubtful_one_is() {
    let mut world = World::of(Scene::of(0, 0), &[ObjectType::Client]);
    admin::makes_property(&world, "orgno", &json!({}));
    for name in ["Akeri", "Akeriet"] {
        world.person_creates("companies", &[("name", name), ("orgno", "556677-8899")]);
    }
    world.clock.advance(hours(1));
    world.kleer(|kleer| kleer.add_client(kleer_sim::Client { orgno: "556677-8899".into(), ..client("Åkeri AB") }));
    world.pass(minutes(1));
    let found = problems(&world);
    assert_eq!(found[0]["can_choose"], true);
    let candidates =
        gets(&world, "candidates", &json!({ "object": "client", "kleer_id": found[0]["kleer_id"] }))["candidates"]
            .take();
    assert_snapshot!(candidates.to_string(), @r#"[{"hubspot_id":"9001","name":"Akeri","link":"https://app.hubspot.com/contacts/4242/record/0-2/9001"},{"hubspot_id":"9002","name":"Akeriet","link":"https://app.hubspot.com/contacts/4242/record/0-2/9002"}]"#);
    let choice =
        |hubspot_id: &str| json!({ "object": "client", "kleer_id": found[0]["kleer_id"], "hubspot_id": hubspot_id });
    assert_snapshot!(told(&world, "choose", &choice("404")), @"unknown_record: HubSpot has no such record 404: it was deleted or merged.");
    let second = candidates[1]["hubspot_id"].as_str().unwrap();
    gets(&world, "choose", &choice(second));
    // Chosen twice is chosen once.
    gets(&world, "choose", &choice(second));
    world.pass(seconds(5));
    assert_snapshot!(world.companies(&["name"]), @"
    - | Akeri
    1004 | Åkeri AB
    ");
    assert!(problems(&world).is_empty());
}

#[test]
fn a_record_that_was_merged_gets_one_of_its_own_when_somebody_asks() {
    let mut world = with_clients(&["Åkeri AB", "Bageri AB"]);
    let ids: Vec<u64> = world.records("companies").iter().map(|record| record.id).collect();
    world.pretend.hubspot.person_merges(4242, "companies", ids[0], ids[1]).unwrap();
    world.pass(minutes(1));
    let found = problems(&world);
    let told = |name: &str| found[0][name].as_str().unwrap().to_owned();
    assert_snapshot!(["code", "message", "remedy", "message_sv", "remedy_sv"].map(told).join("\n"), @"
    merged_in_hubspot
    The record of client 1006 in HubSpot was merged with “Åkeri AB”.
    Both are still in Kleer: merge or deactivate client 1006 there, or let it have a HubSpot record of its own again. Until then it is not synchronized.
    Posten för kund 1006 i HubSpot slogs samman med “Åkeri AB”.
    Båda finns kvar i Kleer: slå samman eller inaktivera kund 1006 där, eller låt den få en egen post i HubSpot igen. Till dess synkas den inte.
    ");
    assert_eq!((&found[0]["can_recreate"], &found[0]["can_retry"]), (&json!(true), &json!(false)));
    let record = json!({ "object": "client", "kleer_id": found[0]["kleer_id"] });
    gets(&world, "recreate", &record);
    world.pass(seconds(5));
    assert_snapshot!(world.companies(&["name"]), @"
    1004 | Åkeri AB
    1006 | Bageri AB
    ");
    assert!(problems(&world).is_empty());
    let before = world.writes();
    world.pass(hours(1));
    assert_eq!(world.writes(), before);
}
