use insta::assert_snapshot;
use serde_json::json;

use super::{Bench, objects, table};

#[test]
fn a_hundred_and_ten_in_ten_seconds() {
    let bench = Bench::new();
    let first = bench.get(&objects("companies"));
    let headers = first.headers.iter().filter(|header| header.starts_with("x-hubspot-ratelimit")).cloned();
    assert_snapshot!(table(headers), @r"
    x-hubspot-ratelimit-max: 110
    x-hubspot-ratelimit-remaining: 109
    x-hubspot-ratelimit-interval-milliseconds: 10000
    ");
    for _ in 1..110 {
        assert_eq!(bench.get(&objects("companies")).status, 200);
    }
    let refused = bench.get(&objects("companies"));
    assert_snapshot!(refused, @r#"
    429 {
      "status": "error",
      "message": "You have reached your ten_secondly_rolling limit.",
      "errorType": "RATE_LIMIT",
      "policyName": "TEN_SECONDLY_ROLLING",
      "groupName": "publicapi:app:oauth:1000001:4242"
    }
    "#);
    assert_eq!(refused.header("x-hubspot-ratelimit-remaining"), Some("0"));
    assert_eq!(refused.header("retry-after"), None);
    bench.wait(9_999);
    assert_eq!(bench.get(&objects("companies")).status, 429);
    bench.wait(1);
    assert_eq!(bench.get(&objects("companies")).status, 200);
}

#[test]
fn search_and_associations_have_their_own() {
    let bench = Bench::new();
    let search = || bench.post(&objects("companies/search"), &json!({}));
    for _ in 0..5 {
        assert_eq!(search().header("x-hubspot-ratelimit-max"), None);
    }
    assert_snapshot!(search(), @r#"
    429 {
      "status": "error",
      "message": "You have reached your secondly limit.",
      "errorType": "RATE_LIMIT",
      "policyName": "SECONDLY",
      "groupName": "publicapi:crm:search:oauth:1000001:4242"
    }
    "#);
    let labels = || bench.get("/crm/associations/2026-09/deals/companies/labels");
    for _ in 0..100 {
        assert_eq!(labels().status, 200);
    }
    assert_snapshot!(labels().short(), @"429 - You have reached your ten_secondly_rolling limit. []");
    assert_eq!(bench.get(&objects("companies")).header("x-hubspot-ratelimit-remaining"), Some("109"));
    bench.switch(&json!({ "limits_off": true }));
    assert_eq!(search().status, 200);
}

#[test]
fn a_person_does_not_use_up_the_app() {
    let mut bench = Bench::new();
    for _ in 0..110 {
        bench.get(&objects("companies"));
    }
    assert_eq!(bench.get(&objects("companies")).status, 429);
    bench.token = "demo-token".to_owned();
    assert_eq!(bench.get(&objects("companies")).status, 200);
}
