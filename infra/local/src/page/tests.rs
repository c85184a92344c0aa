use app::Config;
use bytes::Bytes;
use rest::Clock;

use super::*;
use crate::machine::{Home, Machine};
use crate::pretend::{Pretend, Scene};

fn request(method: &str, path: &str, more: &[(&str, &str)]) -> Request {
    let mut request = http::Request::builder().method(method).uri(path);
    for (name, value) in more {
        request = request.header(*name, *value);
    }
    request.body(Bytes::from_static(b"{\"request\":\"1\"}")).unwrap()
}

const HERE: (&str, &str) = ("host", "127.0.0.1:8080");
const JSON: (&str, &str) = ("content-type", "application/json");

fn check(base: &str, method: &str, headers: &[(&str, &str)]) -> &'static str {
    elsewhere(base, &request(method, "/page/fetch/settings/overview", headers)).unwrap_or("answered")
}

#[test]
fn nobody_but_a_browser_on_this_machine_is_answered() {
    let base = "http://127.0.0.1:8080";
    let lines = [
        check(base, "GET", &[HERE]),
        check(base, "GET", &[("host", "localhost:8080"), ("sec-fetch-site", "none")]),
        check(base, "POST", &[HERE, JSON, ("sec-fetch-site", "same-origin")]),
        check("https://tunnel.example.com", "GET", &[HERE]),
        check("http://127.0.0.1.example.com", "GET", &[HERE]),
        check(base, "GET", &[]),
        check(base, "GET", &[("host", "rebound.example.com")]),
        check(base, "GET", &[HERE, ("x-forwarded-for", "10.0.0.1")]),
        check(base, "POST", &[HERE, ("content-type", "text/plain")]),
        check(base, "POST", &[HERE]),
        check(base, "POST", &[HERE, JSON, ("sec-fetch-site", "cross-site")]),
        check(base, "POST", &[HERE, JSON, ("sec-fetch-site", "same-site")]),
    ];
    insta::assert_snapshot!(lines.join("\n"), @"
    answered
    answered
    answered
    This product is called from elsewhere, so its settings page is in HubSpot.
    This product is called from elsewhere, so its settings page is in HubSpot.
    The settings page is shown on this machine only.
    The settings page is shown on this machine only.
    The settings page is shown on this machine only.
    The settings page answers no other site.
    The settings page answers no other site.
    The settings page answers no other site.
    The settings page answers no other site.
    ");
}

/// Status and body of each request to a process that nobody has installed.
async fn ask(requests: &[Request]) -> Vec<String> {
    let clock = Clock::system();
    let pretend = Pretend::start(&Scene::of(0, 0), &clock, None).unwrap();
    let config = Config::read(pretend::variable).unwrap();
    let machine = Machine::start(config, &Home::Memory, clock, pretend.transports()).await.unwrap();
    let mut answers = Vec::new();
    for request in requests {
        let answer = handle(&machine.app, request).await;
        answers.push(format!("{} {}", answer.status().as_u16(), String::from_utf8_lossy(answer.body())));
    }
    answers
}

#[tokio::test]
async fn requests_of_the_page_are_signed_and_nothing_else_is_passed_on() {
    let post = |path: &str| request("POST", path, &[HERE, JSON]);
    let answers = ask(&[
        post("/page/fetch/settings/overview"),
        post("/page/fetch/settings/overview?portal=77"),
        post("/page/fetch/settings/nothing"),
        post("/page/fetch/webhooks/hubspot"),
        request("GET", "/page/fetch/settings/overview", &[HERE]),
        request("GET", "/page/context.json", &[HERE]),
        request("GET", "/page/assets/../../package.json", &[HERE]),
        request("GET", "/page/assets/..%2findex.js", &[HERE]),
        request("GET", "/page/assets/missing.js", &[HERE]),
    ])
    .await;
    let begins = |place: usize, with: &str| assert!(answers[place].starts_with(with), "{}", answers[place]);
    begins(0, "200 {\"ok\":true,\"data\":{");
    assert!(
        answers[0].contains("\"portal\":4242") && answers[0].contains("\"status\":\"not_installed\""),
        "{}",
        answers[0]
    );
    assert!(answers[1].contains("\"portal\":77"), "{}", answers[1]);
    for place in [2, 3, 6, 7, 8] {
        begins(place, "404 ");
    }
    begins(4, "405 ");
    // The order of fields is nobody's business.
    let told: serde_json::Value = serde_json::from_str(answers[5].strip_prefix("200 ").unwrap()).unwrap();
    let user = json!({ "id": 1, "email": "you@example.com" });
    let wanted = json!({ "base_url": "http://127.0.0.1:8080", "portal": 4242, "app": 1_000_001, "user": user });
    assert_eq!(told, wanted);
}
