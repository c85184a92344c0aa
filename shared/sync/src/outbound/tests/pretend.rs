//! A HubSpot within the process: takes what it is not told to refuse, and remembers what it was sent. It knows no rule of
//! HubSpot's; the simulator does.

use std::sync::{Arc, Mutex};

use app::Connection;
use domain::{Installation, KleerCompanyId, PortalId};
use futures::FutureExt as _;
use jiff::Timestamp;
use rest::{Budget, Calls, Clock, Gcra, InFlight, Transport};
use serde_json::{Value, json};

/// When tests begin.
pub(in crate::outbound) fn start() -> Timestamp {
    "2026-11-20T08:00:00Z".parse().unwrap()
}

/// What becomes of one input of a batch.
pub(in crate::outbound) enum Answer {
    /// It is done; a record is new.
    Taken,
    /// It is done; the record was there long before.
    Found,
    /// It is refused, with this as the error about it.
    Refused(Value),
    /// Nothing is said about it.
    Silence,
    /// The whole call fails with this status.
    Fails(u16),
}

/// A portal, connected.
pub(in crate::outbound) struct Pretend {
    pub(in crate::outbound) connection: Connection,
    clock: Clock,
    log: Arc<Mutex<Vec<String>>>,
}

impl Pretend {
    /// One that takes everything.
    pub(in crate::outbound) fn new() -> Self {
        Self::answering(|_, _| Answer::Taken)
    }

    /// One that answers by a rule: the call (`upsert invoices`), and one of its inputs.
    pub(in crate::outbound) fn answering(rule: impl FnMut(&str, &Value) -> Answer + Send + 'static) -> Self {
        let log: Arc<Mutex<Vec<String>>> = Arc::default();
        let state = Mutex::new((log.clone(), rule));
        let transport = Transport::in_process(Arc::new(move |request| {
            let (log, rule) = &mut *state.lock().unwrap();
            let call = call(request.uri().path());
            let body: Value = serde_json::from_slice(request.body()).unwrap();
            let inputs = body["inputs"].as_array().unwrap();
            log.lock().unwrap().push(format!("{call}: {}", inputs.iter().map(told).collect::<Vec<_>>().join("; ")));
            let (status, body) = answer(&call, inputs, body["idProperty"].as_str(), rule);
            async move { Ok(http::Response::builder().status(status).body(body.into()).unwrap()) }.boxed()
        }));
        let clock = Clock::manual(start());
        Self { connection: connection(&transport, &clock), clock, log }
    }

    /// Runs to the end.
    pub(in crate::outbound) fn run<F: Future>(&self, future: F) -> F::Output {
        self.clock.run(future)
    }

    /// What was sent since the last time, a line for each call.
    pub(in crate::outbound) fn sent(&self) -> String {
        std::mem::take(&mut *self.log.lock().unwrap()).join("\n")
    }
}

fn connection(transport: &Transport, clock: &Clock) -> Connection {
    let budget = || Budget::local(clock.clone(), Gcra::per_second(9, 9), InFlight { start: 6, max: 6 });
    let budgets = hubspot::Budgets { objects: budget(), search: budget(), associations: budget() };
    let (calls, paths) = (Arc::new(Calls::default()), hubspot::Paths::default());
    let url = "http://pretend";
    Connection {
        installation: Installation::new(PortalId(4242), Some(KleerCompanyId(1)), start()),
        kleer: kleer::Api::connect(url, transport.clone(), clock.clone(), 1, "key".into(), budget(), calls.clone()),
        hubspot: hubspot::Api::connect(url, transport.clone(), clock.clone(), "token".into(), budgets, calls, paths),
    }
}

/// `/crm/objects/2026-09/invoices/batch/upsert` is `upsert invoices`.
fn call(path: &str) -> String {
    let parts: Vec<&str> = path.trim_start_matches('/').split('/').collect();
    match parts.as_slice() {
        ["crm", "objects", _, object, "batch", operation] => format!("{operation} {object}"),
        ["crm", "associations", _, from, to, "batch", operation, ..] => format!("{operation} {from} → {to}"),
        other => panic!("{other:?} is asked for"),
    }
}

/// An input: `7 a=[1] b=[]`, or `1 → 2`.
fn told(input: &Value) -> String {
    let id = |value: &Value| value["id"].as_str().unwrap_or("?").to_owned();
    if input["from"].is_object() {
        let to = input["to"]
            .as_array()
            .map_or_else(|| id(&input["to"]), |to| to.iter().map(id).collect::<Vec<_>>().join(" "));
        return format!("{} → {to}", id(&input["from"]));
    }
    let properties = input["properties"].as_object();
    let property = |(name, value): (&String, &Value)| format!(" {name}=[{}]", value.as_str().unwrap_or("?"));
    let properties: String = properties.into_iter().flatten().map(property).collect();
    format!("{}{properties}", id(input))
}

fn answer(
    call: &str,
    inputs: &[Value],
    read_by: Option<&str>,
    rule: &mut impl FnMut(&str, &Value) -> Answer,
) -> (u16, String) {
    if call.starts_with("archive") {
        return (204, String::new());
    }
    let (mut results, mut errors) = (Vec::new(), Vec::new());
    for input in inputs {
        match rule(call, input) {
            Answer::Taken => results.push(result(call, input, read_by, true)),
            Answer::Found => results.push(result(call, input, read_by, false)),
            Answer::Refused(mut error) => {
                error["context"] = about(input);
                errors.push(error);
            }
            Answer::Silence => {}
            Answer::Fails(status) => return (status, json!({"status": "error", "message": "no"}).to_string()),
        }
    }
    let status = if errors.is_empty() { 200 } else { 207 };
    (status, json!({"status": "COMPLETE", "results": results, "errors": errors}).to_string())
}

/// A record made by its key `7` gets the id `invoices.7`.
fn result(call: &str, input: &Value, read_by: Option<&str>, new: bool) -> Value {
    if input["from"].is_object() {
        return json!({"from": input["from"], "to": input["to"]});
    }
    let (_, object) = call.split_once(' ').unwrap();
    let id = input["id"].as_str().unwrap();
    let created_at = if new { "2026-11-20T08:00:00Z" } else { "2020-01-01T00:00:00Z" };
    if let Some(key) = read_by {
        return json!({"id": format!("{object}.{id}"), "properties": {key: id}, "createdAt": created_at});
    }
    let record = if input["idProperty"].is_string() { format!("{object}.{id}") } else { id.to_owned() };
    json!({"id": record, "new": new, "createdAt": created_at, "objectWriteTraceId": input["objectWriteTraceId"]})
}

fn about(input: &Value) -> Value {
    if input["from"].is_object() {
        return json!({"fromObjectId": [input["from"]["id"]], "toObjectId": [input["to"]["id"]]});
    }
    json!({"objectWriteTraceId": [input["objectWriteTraceId"]]})
}
