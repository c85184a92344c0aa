use insta::assert_snapshot;

use super::writeable;
use crate::create::New;
use crate::tests::{Pretend, create, document};

const PROJECT: &str = r#"{"id":{"id":4494670},"client":{"id":12},"fixed-price":false,"number":"P1","name":"Bygget","currency-type":"SEK",
    "active":true,"email":"a@b.se","your-reference":null,"comment":"","delivery-type":"EMAIL","budget-hours":10.50,"budget-amount":0,
    "all-activities":false,"activities":[{"activity":{"id":1},"price":100}],"users":[{"user":{"id":31},"activities":[]}],
    "leads":[{"user":{"id":31}}],"fixed-price-planned-invoices":[{"id":{"id":5},"invoice-date":"2026-12-01"}],
    "write-offs":[{"date":"2026-01-01","amount":1}],"dimension-entry":{"id":9},"status":"OPEN","opening-date":"2026-01-01",
    "dimensions":{"dimension-entries":[{"id":1,"percentage":0.50},{"id":2,"percentage":0.5}]},"default-notes":"","fields":{},
    "updated-user-key":"c9","updated-date":"2026-11-01T09:00:00","new-in-2027":[1]}"#;

fn check(project: &str) -> String {
    serde_json::to_string(&writeable(&document(project))).unwrap()
}

#[test]
fn readable_becomes_writeable() {
    let once = check(PROJECT);
    assert_snapshot!(once, @r#"{"client":{"id":12},"fixed-price":false,"number":"P1","name":"Bygget","currency-type":"SEK","your-reference":null,"comment":"","delivery-type":"EMAIL","budget-hours":10.50,"budget-amount":0,"all-activities":false,"activities":[{"activity":{"id":1},"price":100}],"users":[{"user":{"id":31},"activities":[]}],"leads":[{"user":{"id":31}}],"fixed-price-planned-invoices":[{"id":{"id":5},"invoice-date":"2026-12-01"}],"opening-date":"2026-01-01","dimension-entries":{"dimension-entries":[{"id":1,"percentage":0.50},{"id":2,"percentage":0.5}]},"default-notes":"","fields":{},"new-in-2027":[1]}"#);
    assert_eq!(check(&once), once, "a writeable one stays as it is");
}

#[test]
fn dimensions_change_their_name() {
    let projects = [
        r#"{"dimensions":{}}"#,
        r#"{"dimensions":null}"#,
        r#"{"dimensions":{"dimension-entries":[]}}"#,
        r#"{"dimensions":[{"id":1}]}"#,
        r#"{"dimensions":{"dimension-entries":[{"id":1}]},"dimension-entries":{"dimension-entries":[{"id":2}]}}"#,
        r#"{"dimension-entries":{}}"#,
        "{}",
    ];
    let told = projects.map(|project| format!("{project} → {}", check(project)));
    assert_snapshot!(told.join("\n"), @r#"
    {"dimensions":{}} → {}
    {"dimensions":null} → {}
    {"dimensions":{"dimension-entries":[]}} → {}
    {"dimensions":[{"id":1}]} → {"dimension-entries":[{"id":1}]}
    {"dimensions":{"dimension-entries":[{"id":1}]},"dimension-entries":{"dimension-entries":[{"id":2}]}} → {"dimension-entries":{"dimension-entries":[{"id":2}]}}
    {"dimension-entries":{}} → {"dimension-entries":{}}
    {} → {}
    "#);
}

#[test]
fn every_call_as_it_goes_over_the_wire() {
    let kleer = Pretend::saying(r#"{"client-project-readables":[{"id":{"id":4494670}},{"id":{"id":2}}]}"#);
    let projects = kleer.clock.run(kleer.api.list_projects()).unwrap();
    let ids = projects.records().map(|project| project.unwrap().id().unwrap());
    assert_eq!(ids.collect::<Vec<_>>(), [4_494_670, 2]);
    assert_snapshot!(kleer.asked(), @"GET /client-project?filter=all");

    let kleer = Pretend::saying(r#"{"id":{"id":5},"name":"Bygget","number":"P1","active":true}"#);
    kleer.clock.run(async {
        let mut project = kleer.api.get_project(5).await.unwrap();
        project.set("number", "P2");
        kleer.api.update_project(5, &project).await.unwrap();
        assert_eq!(create(&kleer.api, New::Project, &project).await, Ok(Some(5)));
    });
    assert_snapshot!(kleer.asked(), @r#"
    GET /client-project/5
    POST /client-project/5 {"name":"Bygget","number":"P2"}
    PUT /client-project {"name":"Bygget","number":"P2"}
    "#);
}
