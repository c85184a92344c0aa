use insta::assert_snapshot;
use serde_json::json;

use super::outgoing::{PORTAL, bench};
use super::{Bench, objects, table};

/// Two companies that the app has heard of: 9001 has a name, a city and a deal, 9002 a name, a phone and a contact.
fn two_companies(bench: &Bench) {
    bench.kleer_id("companies");
    bench.create("companies", &json!({ "name": "Acme", "city": "Lund", "kleer_id": "1" }));
    bench.create("companies", &json!({ "name": "Acme AB", "phone": "08-1", "kleer_id": "2" }));
    bench.create("deals", &json!({ "dealname": "D", "pipeline": "default", "dealstage": "closedwon" }));
    bench.create("contacts", &json!({ "firstname": "Åsa" }));
    bench.associate(("companies", "9001"), ("deals", "9001"));
    bench.associate(("companies", "9002"), ("contacts", "9001"));
    bench.taken();
}

fn seen_as(bench: &Bench, id: u64) -> String {
    let path =
        format!("companies/{id}?properties=name,city,phone,kleer_id,hs_merged_object_ids&associations=deals,contacts");
    let body = bench.get(&objects(&path)).body;
    let value = |name: &str| body["properties"][name].as_str().unwrap_or("-").to_owned();
    let values = ["name", "city", "phone", "kleer_id", "hs_merged_object_ids"].map(value).join(" | ");
    format!("{id} is {}: {values} {}", body["id"], body["associations"])
}

fn events(bench: &Bench) -> String {
    let all: Vec<_> = bench.taken().iter().flat_map(|batch| batch.as_array().unwrap().clone()).collect();
    table(all.iter().map(ToString::to_string))
}

#[test]
fn the_survivor_keeps_its_id_and_its_values() {
    let bench = bench();
    two_companies(&bench);
    assert_eq!(bench.simulator.person_merges(PORTAL, "companies", 9001, 9002), Ok(9001));
    assert_snapshot!(events(&bench), @r#"{"eventId":1401181143,"subscriptionId":610003,"portalId":4242,"appId":1000001,"occurredAt":1795176000000,"subscriptionType":"object.merge","attemptNumber":0,"objectId":9001,"objectTypeId":"0-2","primaryObjectId":9001,"mergedObjectIds":[9002],"newObjectId":9001,"numberOfPropertiesMoved":1,"changeSource":"CRM_UI","sourceId":"userId:501"}"#);
    assert_snapshot!(table([9001, 9002].map(|id| seen_as(&bench, id))), @r#"
    9001 is "9001": Acme | Lund | 08-1 | 1 | 9002 {"deals":{"results":[{"id":"9001","type":"company_to_deal"}]},"contacts":{"results":[{"id":"9001","type":"company_to_contact"}]}}
    9002 is "9001": Acme | Lund | 08-1 | 1 | 9002 {"deals":{"results":[{"id":"9001","type":"company_to_deal"}]},"contacts":{"results":[{"id":"9001","type":"company_to_contact"}]}}
    "#);
    assert_eq!(bench.simulator.records(PORTAL, "companies").len(), 1);
    assert!(!bench.simulator.person_restores(PORTAL, "companies", 9002), "what was merged cannot be restored");
    let taken = bench.patch(&objects("companies/9001"), &json!({ "properties": { "kleer_id": "2" } }));
    assert_eq!(taken.status, 200, "the unique value of the other is free");
}

#[test]
fn a_merge_may_make_a_new_record() {
    let bench = bench();
    two_companies(&bench);
    bench.switch(&json!({ "merge_makes_new_record": true }));
    let merge = json!({ "primaryObjectId": "9002", "objectIdToMerge": "9001" });
    assert_eq!(bench.post(&objects("companies/merge"), &merge).body["id"], json!("9003"));
    assert_snapshot!(events(&bench), @r#"{"eventId":1401181143,"subscriptionId":610003,"portalId":4242,"appId":1000001,"occurredAt":1795176000000,"subscriptionType":"object.merge","attemptNumber":0,"objectId":9002,"objectTypeId":"0-2","primaryObjectId":9002,"mergedObjectIds":[9001],"newObjectId":9003,"numberOfPropertiesMoved":1,"changeSource":"INTEGRATION","sourceId":"1000001"}"#);
    assert_snapshot!(table([9001, 9002, 9003].map(|id| seen_as(&bench, id))), @r#"
    9001 is "9003": Acme AB | Lund | 08-1 | 2 | 9002;9001 {"deals":{"results":[{"id":"9001","type":"company_to_deal"}]},"contacts":{"results":[{"id":"9001","type":"company_to_contact"}]}}
    9002 is "9003": Acme AB | Lund | 08-1 | 2 | 9002;9001 {"deals":{"results":[{"id":"9001","type":"company_to_deal"}]},"contacts":{"results":[{"id":"9001","type":"company_to_contact"}]}}
    9003 is "9003": Acme AB | Lund | 08-1 | 2 | 9002;9001 {"deals":{"results":[{"id":"9001","type":"company_to_deal"}]},"contacts":{"results":[{"id":"9001","type":"company_to_contact"}]}}
    "#);
    bench.create("companies", &json!({ "name": "Later" }));
    let again = bench.simulator.person_merges(PORTAL, "companies", 9004, 9001);
    assert_eq!(again, Ok(9005), "an old id stands for the record it became");
    assert_snapshot!(seen_as(&bench, 9002), @r#"9002 is "9005": Later | Lund | 08-1 | 2 | 9002;9001;9004;9003 {"deals":{"results":[{"id":"9001","type":"company_to_deal"}]},"contacts":{"results":[{"id":"9001","type":"company_to_contact"}]}}"#);
}

#[test]
fn a_merge_may_delete_too() {
    let bench = bench();
    two_companies(&bench);
    bench.switch(&json!({ "merge_deletes": true }));
    bench.post("/_sim/records/companies/merge?user=502", &json!({ "survivor": 9002, "merged": 9001 }));
    assert_snapshot!(table(bench.events()), @"
    object.merge 0-2 9002 by CRM_UI userId:502
    object.deletion 0-2 9001 by CRM_UI userId:502
    ");
    let refused = bench.simulator.person_merges(PORTAL, "companies", 9002, 9001);
    assert_eq!(refused, Err("A record cannot be merged with itself".to_owned()));
}
