//! What the tests share.

use bytes::Bytes;
use http::{Request, Response};
use kleer_sim::{Broken, Options, Simulator, Time};

/// A simulator with the demo company, at a fixed moment.
pub(crate) fn simulator() -> Simulator {
    with(Options::default())
}

/// A simulator with these options, at a fixed moment.
pub(crate) fn with(options: Options) -> Simulator {
    Simulator::new(options, time())
}

/// A clock that stands still.
pub(crate) fn time() -> Time {
    Time::standing_at("2026-11-21T08:00:00Z".parse().unwrap())
}

/// Runs a future to its end.
pub(crate) fn wait<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

/// Asks company 1 as a correct client does.
pub(crate) fn ask(simulator: &Simulator, method: &str, path: &str, body: &str) -> String {
    send(simulator, method, &format!("/v1/company/1{path}"), &HEADERS, body)
}

/// The headers of a correct client.
pub(crate) const HEADERS: [(&str, &str); 2] = [("x-token", "demo-key"), ("content-type", "application/json")];

/// Asks anything; returns the status and the body.
pub(crate) fn send(simulator: &Simulator, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> String {
    match attempt(simulator, method, path, headers, body) {
        Ok(response) => format!("{} {}", response.status().as_u16(), String::from_utf8_lossy(response.body())),
        Err(broken) => broken.to_string(),
    }
}

/// Asks anything.
pub(crate) fn attempt(
    simulator: &Simulator,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> Result<Response<Bytes>, Broken> {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    wait(simulator.call(request.body(Bytes::copy_from_slice(body.as_bytes())).unwrap()))
}

/// What was unexpected, a line each.
pub(crate) fn unexpected(simulator: &Simulator) -> String {
    let line = |one: kleer_sim::Unexpected| format!("{} {}: {}\n", one.method, one.path, one.why);
    simulator.unexpected().into_iter().map(line).collect()
}
