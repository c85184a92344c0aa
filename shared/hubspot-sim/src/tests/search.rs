use insta::assert_snapshot;
use serde_json::{Value, json};

use super::{Bench, objects, table};

fn filter(property: &str, operator: &str, value: &Value) -> Value {
    let mut filter = json!({ "propertyName": property, "operator": operator });
    let name = if value.is_array() { "values" } else { "value" };
    if !value.is_null() {
        filter[name] = value.clone();
    }
    filter
}

fn search(bench: &Bench, body: &Value) -> super::Reply {
    bench.wait(1_000);
    bench.post(&objects("companies/search"), body)
}

fn names(reply: &super::Reply) -> String {
    let results = reply.body["results"].as_array().cloned().unwrap_or_default();
    let names = results.iter().map(|one| one["properties"]["name"].as_str().unwrap_or("?").to_owned());
    format!("{} of {}", names.collect::<Vec<_>>().join(" "), reply.body["total"])
}

fn some_companies() -> Bench {
    let bench = Bench::new();
    for (name, city, revenue) in [("Alfa", "Lund", "9"), ("Beta", "Malmö", "10"), ("Gamma", "", "100.5")] {
        bench.create("companies", &json!({ "name": name, "city": city, "annualrevenue": revenue }));
    }
    bench.patch(&objects("companies/9001"), &json!({ "properties": { "industry": "BANKING" } }));
    bench
}

#[test]
fn operators() {
    let bench = some_companies();
    let cases = [
        ("name", "EQ", json!("alfa")),
        ("name", "NEQ", json!("Alfa")),
        ("name", "IN", json!(["alfa", "beta"])),
        ("name", "IN", json!(["Alfa", "beta"])),
        ("name", "NOT_IN", json!(["alfa"])),
        ("name", "CONTAINS_TOKEN", json!("bet*")),
        ("industry", "IN", json!(["BANKING"])),
        ("industry", "IN", json!(["banking"])),
        ("city", "HAS_PROPERTY", Value::Null),
        ("city", "NOT_HAS_PROPERTY", Value::Null),
        ("annualrevenue", "GT", json!("9.5")),
        ("annualrevenue", "LTE", json!(10)),
        ("hs_lastmodifieddate", "GTE", json!("2026-11-20T12:00:00Z")),
        ("hs_lastmodifieddate", "LT", json!("1700000000000")),
        ("hs_object_id", "EQ", json!("9002")),
        ("nonsense", "EQ", json!("1")),
        ("name", "IN", Value::Null),
    ];
    let lines = cases.map(|(property, operator, value)| {
        let one = filter(property, operator, &value);
        let reply = search(&bench, &json!({ "filterGroups": [{ "filters": [one] }], "properties": ["name"] }));
        let shown = if reply.status == 200 { names(&reply) } else { reply.short() };
        format!("{property} {operator} {value} -> {shown}")
    });
    assert_snapshot!(table(lines), @r#"
    name EQ "alfa" -> Alfa of 1
    name NEQ "Alfa" -> Beta Gamma of 2
    name IN ["alfa","beta"] -> Alfa Beta of 2
    name IN ["Alfa","beta"] -> Beta of 1
    name NOT_IN ["alfa"] -> Beta Gamma of 2
    name CONTAINS_TOKEN "bet*" -> Beta of 1
    industry IN ["BANKING"] -> Alfa of 1
    industry IN ["banking"] ->  of 0
    city HAS_PROPERTY null -> Alfa Beta of 2
    city NOT_HAS_PROPERTY null -> Gamma of 1
    annualrevenue GT "9.5" -> Beta Gamma of 2
    annualrevenue LTE 10 -> Alfa Beta of 2
    hs_lastmodifieddate GTE "2026-11-20T12:00:00Z" -> Alfa Beta Gamma of 3
    hs_lastmodifieddate LT "1700000000000" ->  of 0
    hs_object_id EQ "9002" -> Beta of 1
    nonsense EQ "1" -> 400 VALIDATION_ERROR There was a problem with the request. Property "nonsense" does not exist []
    name IN null -> 400 VALIDATION_ERROR There was a problem with the request. The filter needs values []
    "#);
}

#[test]
fn sorting_paging_and_free_text() {
    let bench = some_companies();
    let sorted = json!({ "sorts": [{ "propertyName": "annualrevenue", "direction": "DESCENDING" }], "limit": 2 });
    let first = search(&bench, &sorted);
    let mut next = sorted;
    next["after"] = first.body["paging"]["next"]["after"].clone();
    let between = json!({ "propertyName": "annualrevenue", "operator": "BETWEEN", "value": "9", "highValue": "10" });
    let lines = [
        names(&first),
        first.body["paging"].to_string(),
        names(&search(&bench, &next)),
        names(&search(&bench, &json!({ "query": "malm" }))),
        names(&search(&bench, &json!({ "filterGroups": [{ "filters": [between] }] }))),
    ];
    assert_snapshot!(table(lines), @r#"
    Gamma Beta of 3
    {"next":{"after":"2"}}
    Alfa of 3
    Beta of 1
    Alfa Beta of 2
    "#);
    let one = search(&bench, &json!({ "filterGroups": [{ "filters": [filter("name", "EQ", &json!("Alfa"))] }] }));
    assert_snapshot!(one.body["results"][0]["properties"], @r#"{"name":"Alfa","domain":null,"createdate":"2026-11-20T12:00:00.000Z","hs_lastmodifieddate":"2026-11-20T12:00:00.000Z","hs_object_id":"9001"}"#);
}

#[test]
fn limits_of_a_search() {
    let bench = some_companies();
    let groups = |count: usize, filters: usize| {
        let filters: Vec<Value> = (0..filters).map(|_| filter("city", "HAS_PROPERTY", &Value::Null)).collect();
        json!({ "filterGroups": vec![json!({ "filters": filters }); count] })
    };
    let cases = [
        json!({ "limit": 200 }),
        json!({ "limit": 201 }),
        json!({ "limit": 100, "after": "9900" }),
        json!({ "limit": 100, "after": "9901" }),
        json!({ "after": "next" }),
        json!({ "query": "x".repeat(3_000) }),
        json!({ "sorts": ["name", "city"] }),
        groups(5, 3),
        groups(6, 1),
        groups(1, 7),
        groups(5, 4),
    ];
    let lines = cases.map(|case| {
        let shown: String = case.to_string().chars().take(40).collect();
        format!("{shown} -> {}", search(&bench, &case).short())
    });
    assert_snapshot!(table(lines), @r#"
    {"limit":200} -> 200 - - []
    {"limit":201} -> 400 VALIDATION_ERROR limit must be less than or equal to 200 []
    {"limit":100,"after":"9900"} -> 200 - - []
    {"limit":100,"after":"9901"} -> 400 VALIDATION_ERROR Search results are limited to 10000; narrow the query []
    {"after":"next"} -> 400 VALIDATION_ERROR after must be an integer []
    {"query":"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx -> 400 VALIDATION_ERROR The request body is longer than 3000 characters []
    {"sorts":["name","city"]} -> 400 VALIDATION_ERROR At most one sort is supported []
    {"filterGroups":[{"filters":[{"propertyN -> 200 - - []
    {"filterGroups":[{"filters":[{"propertyN -> 400 VALIDATION_ERROR At most 5 filterGroups of 6 filters are supported []
    {"filterGroups":[{"filters":[{"propertyN -> 400 VALIDATION_ERROR At most 5 filterGroups of 6 filters are supported []
    {"filterGroups":[{"filters":[{"propertyN -> 400 VALIDATION_ERROR At most 18 filters are supported []
    "#);
}

#[test]
fn search_is_late_and_never_shows_the_deleted() {
    let bench = some_companies();
    bench.switch(&json!({ "search_lag_ms": 5_000 }));
    let look = |when: &str| format!("{when}: {}", names(&bench.post(&objects("companies/search"), &json!({}))));
    bench.create("companies", &json!({ "name": "Delta" }));
    bench.patch(&objects("companies/9001"), &json!({ "properties": { "name": "Alfa AB" } }));
    bench.delete(&objects("companies/9002"));
    let mut lines = vec![look("at once")];
    bench.wait(4_999);
    lines.push(look("just before"));
    bench.wait(1);
    lines.push(look("then"));
    assert_snapshot!(table(lines), @r"
    at once: Alfa Beta Gamma of 3
    just before: Alfa Beta Gamma of 3
    then: Alfa AB Gamma Delta of 3
    ");
}

#[test]
fn search_by_association() {
    let bench = some_companies();
    let deal = bench.create("deals", &json!({ "dealname": "D", "pipeline": "default", "dealstage": "closedwon" }));
    bench.put(&objects(&format!("deals/{deal}/associations/default/companies/9003")), &json!([]));
    let one = filter("associations.deal", "EQ", &json!(deal));
    let reply = search(&bench, &json!({ "filterGroups": [{ "filters": [one] }] }));
    assert_eq!(names(&reply), "Gamma of 1");
}
