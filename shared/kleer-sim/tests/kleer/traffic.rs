//! What the simulator remembers of its requests.

use insta::assert_snapshot;

use crate::bench::{HEADERS, ask, send, simulator};

#[test]
fn requests_are_listed_and_counted() {
    let simulator = simulator();
    ask(&simulator, "GET", "/client?x=1", "");
    ask(&simulator, "GET", "/client/12", "");
    ask(&simulator, "GET", "/client/13", "");
    ask(&simulator, "GET", "/client/foreign-id/14", "");
    ask(&simulator, "PUT", "/client", "nonsense");
    send(&simulator, "GET", "/v1/xsd", &HEADERS, "");
    send(&simulator, "GET", "/_sim/health", &[], "");
    let counts: Vec<String> = simulator
        .counters()
        .all()
        .iter()
        .map(|count| format!("{} {} {} {}", count.count, count.method, count.route, count.class))
        .collect();
    assert_snapshot!(counts.join("\n"), @r"
    1 GET /v1/company/{company}/client 2xx
    1 GET /v1/company/{company}/client/foreign-id/{foreign-id} 4xx
    2 GET /v1/company/{company}/client/{id} 4xx
    1 GET /v1/xsd 4xx
    1 PUT /v1/company/{company}/client 4xx
    ");
    assert_eq!(simulator.counters().of("GET", "/v1/company/{company}/client/{id}"), 2);
    assert_eq!((simulator.counters().writes(), simulator.counters().total()), (1, 6));
    let first = send(&simulator, "GET", "/_sim/requests", &[], "");
    assert_snapshot!(first.split_once("},").unwrap().0, @r#"200 [{"at":"2026-11-21T08:00:00Z","method":"GET","path":"/v1/company/1/client?x=1","status":200,"request-bytes":0,"response-bytes":14"#);
    assert_snapshot!(send(&simulator, "GET", "/_sim/unexpected", &[], ""), @r#"200 [{"method":"PUT","path":"/v1/company/1/client","why":"the body is not JSON: expected ident at line 1 column 2"}]"#);
    assert_snapshot!(send(&simulator, "DELETE", "/_sim/requests", &[], ""), @"200 {}");
    assert_snapshot!(send(&simulator, "GET", "/_sim/counters", &[], ""), @"200 []");
    assert!(simulator.requests().is_empty() && simulator.unexpected().is_empty());
}
