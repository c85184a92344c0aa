use insta::assert_snapshot;
use serde_json::{Value, json};

use super::{Bench, objects, table};
use crate::{Broken, Faults};

/// Creates a company under one fault: what the caller sees, and whether it was saved.
fn check(fault: &Value) -> String {
    let bench = Bench::new();
    let rule = json!({ "match": { "method": "POST", "path_contains": "/companies" }, "times": 1, "fault": fault });
    assert_eq!(bench.put("/_sim/faults", &json!({ "seed": 1, "rules": [rule] })).status, 204);
    let body = json!({ "properties": { "name": "Acme" } }).to_string();
    let started = bench.clock.now();
    let seen = match bench.send("POST", &objects("companies"), body.clone()) {
        Ok(reply) => format!("{} {:?}", reply.short(), reply.header("retry-after")),
        Err(broken) => format!("{broken:?}"),
    };
    let took = bench.clock.now().as_millisecond() - started.as_millisecond();
    let saved = bench.simulator.records(4242, "companies").len();
    assert_eq!(bench.send("POST", &objects("companies"), body).unwrap().status, 201, "it hits once");
    format!("{fault} -> {seen}; saved {saved}; {took} ms")
}

#[test]
fn every_kind() {
    let faults = [
        json!({ "latency_ms": { "base": 250 } }),
        json!({ "status": { "status": 500 } }),
        json!({ "status": { "status": 500, "saved": true } }),
        json!({ "status": { "status": 423 } }),
        json!({ "status": { "status": 477, "retry_after": 60 } }),
        json!({ "rate_limited": {} }),
        json!({ "rate_limited": { "retry_after": 2 } }),
        json!({ "empty": {} }),
        json!({ "html": { "status": 502 } }),
        json!({ "html": { "status": 504, "saved": true } }),
        json!({ "truncated": {} }),
        json!({ "truncated": { "saved": true } }),
        json!({ "reset": {} }),
        json!({ "reset": { "saved": true } }),
        json!({ "not_sent": {} }),
    ];
    assert_snapshot!(table(faults.iter().map(check)), @r#"
    {"latency_ms":{"base":250}} -> 201 - - [] None; saved 1; 250 ms
    {"status":{"status":500}} -> 500 INTERNAL_ERROR internal error [] None; saved 0; 0 ms
    {"status":{"status":500,"saved":true}} -> 500 INTERNAL_ERROR internal error [] None; saved 1; 0 ms
    {"status":{"status":423}} -> 423 LOCKED The resource is locked. Please retry after 2 seconds. [] None; saved 0; 0 ms
    {"status":{"status":477,"retry_after":60}} -> 477 MIGRATION_IN_PROGRESS The account is being migrated to another data center. [] Some("60"); saved 0; 0 ms
    {"rate_limited":{}} -> 429 - You have reached your ten_secondly_rolling limit. [] None; saved 0; 0 ms
    {"rate_limited":{"retry_after":2}} -> 429 - You have reached your ten_secondly_rolling limit. [] Some("2"); saved 0; 0 ms
    {"empty":{}} -> 200 - - [] None; saved 0; 0 ms
    {"html":{"status":502}} -> 502 - - [] None; saved 0; 0 ms
    {"html":{"status":504,"saved":true}} -> 504 - - [] None; saved 1; 0 ms
    {"truncated":{}} -> Truncated; saved 0; 0 ms
    {"truncated":{"saved":true}} -> Truncated; saved 1; 0 ms
    {"reset":{}} -> Reset; saved 0; 0 ms
    {"reset":{"saved":true}} -> Reset; saved 1; 0 ms
    {"not_sent":{}} -> NotSent; saved 0; 0 ms
    "#);
}

#[test]
fn heavy_faults_hurt_but_let_through() {
    let bench = Bench::new();
    bench.switch(&json!({ "limits_off": true }));
    bench.simulator.faults(Faults::heavy(7));
    let mut bad = 0;
    let mut kinds = std::collections::BTreeSet::new();
    for _ in 0..2_000 {
        let kind = match bench.send("GET", &objects("companies"), "") {
            Ok(reply) if reply.status == 200 && reply.body.get("status").is_none() => continue,
            Ok(reply) => reply.status.to_string(),
            Err(Broken::Reset) => "reset".to_owned(),
            Err(Broken::Truncated) => "truncated".to_owned(),
            Err(Broken::NotSent) => "not sent".to_owned(),
        };
        kinds.insert(kind);
        bad += 1;
    }
    assert!((200..400).contains(&bad), "{bad} of 2000");
    assert_snapshot!(kinds.into_iter().collect::<Vec<_>>().join(" "), @"423 429 477 500 502 503 504 not sent reset truncated");
}

#[test]
fn the_same_seed_tells_the_same_story() {
    let story = || {
        let bench = Bench::with(crate::Options::default());
        bench.simulator.faults(Faults::heavy(3));
        let say = |n: u32| match bench.send(
            "POST",
            &objects("companies"),
            format!("{{\"properties\":{{\"name\":\"{n}\"}}}}"),
        ) {
            Ok(reply) => reply.body.to_string(),
            Err(broken) => format!("{broken:?}"),
        };
        (0..100).map(say).collect::<Vec<_>>()
    };
    assert_eq!(story(), story());
}
