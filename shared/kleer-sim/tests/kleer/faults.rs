//! Faults on demand (contract kleer-api §13.8).

use std::sync::{Arc, Mutex};

use futures::FutureExt as _;
use insta::assert_snapshot;
use kleer_sim::{Client, Faults, Latency, Options, Simulator, Time};

use crate::bench::{HEADERS, ask, attempt, send, simulator, time};

/// Makes every request fail in one way and creates a client; what came back, and how many clients there are then.
fn check(fault: &str) -> String {
    let simulator = simulator();
    let faults = format!(r#"{{"rules":[{{"match":{{"method":"PUT"}},"fault":{fault}}}]}}"#);
    assert_eq!(send(&simulator, "PUT", "/_sim/faults", &[], &faults), "200 {}");
    let body = r#"{"foreign-id":"","name":"A","contact":"","address":{"address1":"","address2":"","zip-code":"","state":"","country":""},"email":"","country-code":"","accountnr":0,"payment-days":30,"orgno":"","phone":"","user":{"id":0}}"#;
    let answer = attempt(&simulator, "PUT", "/v1/company/1/client", &HEADERS, body);
    let clients = simulator.state(|state| state.company(1).clients().len());
    let told = match answer {
        Err(broken) => broken.to_string(),
        Ok(answer) => format!(
            "{} {} {:?} {}",
            answer.status().as_u16(),
            answer.headers()["content-type"].to_str().unwrap(),
            answer.headers().get("retry-after"),
            String::from_utf8_lossy(answer.body())
        ),
    };
    format!("{told}\nclients: {clients}")
}

#[test]
fn each_kind_of_fault() {
    assert_snapshot!(check(r#"{"status":{"status":503,"retry_after":3,"saved":false}}"#), @r#"
    503 application/json Some("3") {"message":"Tekniskt fel"}
    clients: 0
    "#);
    assert_snapshot!(check(r#"{"status":{"status":500,"saved":true}}"#), @r#"
    500 application/json None {"message":"Tekniskt fel"}
    clients: 1
    "#);
    assert_snapshot!(check(r#"{"status":{"status":418,"body":"<teapot/>"}}"#), @r"
    418 application/json None <teapot/>
    clients: 0
    ");
    assert_snapshot!(check(r#"{"rate_limited":{"retry_after":7}}"#), @r#"
    429 application/json Some("7") {"message":"För många anrop"}
    clients: 0
    "#);
    assert_snapshot!(check(r#"{"late":{"after":1000}}"#), @r"
    the connection was reset
    clients: 0
    ");
    assert_snapshot!(check(r#"{"empty":{}}"#), @r"
    200 application/json None {}
    clients: 0
    ");
    assert_snapshot!(check(r#"{"truncated":{"saved":true}}"#), @r"
    the answer was truncated
    clients: 1
    ");
    assert_snapshot!(check(r#"{"html":{"status":502,"saved":true}}"#), @r"
    502 text/html; charset=utf-8 None <html><head><title>Bad Gateway</title></head><body><h1>Bad Gateway</h1></body></html>
    clients: 1
    ");
    assert_snapshot!(check(r#"{"reset":{"saved":false}}"#), @r"
    the connection was reset
    clients: 0
    ");
    assert_snapshot!(check(r#"{"latency_ms":{"base":5}}"#), @r#"
    200 application/json None {"id":1004}
    clients: 1
    "#);
}

/// The first digits of the statuses of some requests, `-` for a broken connection.
fn statuses(simulator: &Simulator, requests: usize) -> String {
    let status = |_| match send(simulator, "GET", "/v1/company/1/client", &HEADERS, "") {
        answer if answer.starts_with("the") => '-',
        answer => answer.chars().next().unwrap(),
    };
    (0..requests).map(status).collect()
}

#[test]
fn rules_skip_and_tire() {
    let simulator = simulator();
    let rules =
        r#"{"rules":[{"match":{"path_contains":"client"},"skip":2,"times":3,"fault":{"status":{"status":500}}}]}"#;
    send(&simulator, "PUT", "/_sim/faults", &[], rules);
    assert_eq!(ask(&simulator, "GET", "/info", "")[..3], *"200");
    assert_eq!(statuses(&simulator, 8), "22555222");
    assert_snapshot!(send(&simulator, "GET", "/_sim/faults", &[], ""), @r#"200 {"seed":0,"rules":[{"match":{"path_contains":"client"},"probability":1000,"times":3,"skip":2,"fault":{"status":{"status":500,"saved":false}}}],"most_in_a_row":null}"#);
    assert_snapshot!(send(&simulator, "PUT", "/_sim/faults", &[], r#"{"preset":"medium"}"#), @r#"400 {"message":"no preset is called medium"}"#);
}

#[test]
fn heavy_faults_hurt_but_let_a_persistent_client_through() {
    let simulator = simulator();
    simulator.faults(Faults::heavy(7));
    let seen = statuses(&simulator, 2_000);
    let failed = seen.chars().filter(|status| *status != '2').count();
    assert!((200..400).contains(&failed), "{failed} of 2000 failed");
    assert!(!seen.contains("555") && !seen.contains("---"));
    let again = crate::bench::simulator();
    send(&again, "PUT", "/_sim/faults", &[], r#"{"preset":"heavy","seed":7}"#);
    assert_eq!(statuses(&again, 2_000), seen);
    let kinds: std::collections::BTreeSet<_> = simulator.requests().into_iter().filter_map(|one| one.fault).collect();
    assert_snapshot!(format!("{kinds:?}"), @r#"{"empty", "html", "rate_limited", "reset", "status", "truncated"}"#);
}

#[test]
fn latency_grows_with_the_records_in_an_answer() {
    let slept = Arc::new(Mutex::new(Vec::new()));
    let sleeps = slept.clone();
    let time = Time {
        sleep: Arc::new(move |pause| {
            sleeps.lock().unwrap().push(pause.as_millis());
            std::future::ready(()).boxed()
        }),
        ..time()
    };
    let latency = Latency { base: 100, per_record: 2 };
    let simulator = Simulator::new(Options { latency, ..Options::default() }, time);
    ask(&simulator, "GET", "/client", "");
    for _ in 0..5 {
        simulator.state(|state| state.company(1).add_client(Client::default()));
    }
    ask(&simulator, "GET", "/client", "");
    assert_eq!(*slept.lock().unwrap(), [100, 110]);
}

#[test]
fn a_late_request_is_carried_out_when_nobody_waits_for_it() {
    let now = Arc::new(Mutex::new("2026-11-21T08:00:00Z".parse::<jiff::Timestamp>().unwrap()));
    let clock = now.clone();
    let time = Time { now: Arc::new(move || *clock.lock().unwrap()), ..time() };
    let simulator = Simulator::new(Options::default(), time);
    let late = r#"{"rules":[{"match":{"method":"POST"},"times":1,"fault":{"late":{"after":30000}}}]}"#;
    send(&simulator, "PUT", "/_sim/faults", &[], late);
    let id = simulator.state(|state| state.company(1).add_client(Client::default()));
    let client = ask(&simulator, "GET", &format!("/client/{id}"), "");
    let renamed = client[4..].replace(r#""phone":"""#, r#""phone":"08""#);
    let phone = || {
        ask(&simulator, "GET", "/info", "");
        simulator.state(|state| state.company(1).client(id).unwrap().phone)
    };
    assert_eq!(ask(&simulator, "POST", &format!("/client/{id}"), &renamed), "the connection was reset");
    assert_eq!(phone(), "");
    *now.lock().unwrap() += std::time::Duration::from_secs(30);
    assert_eq!(phone(), "08");
}
