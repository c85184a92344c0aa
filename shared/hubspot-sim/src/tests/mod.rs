//! The rules, table by table, through the in-process face.

mod associations;
mod batch;
mod control;
mod deals;
mod deliveries;
mod faults;
mod in_process;
mod install;
mod invoices;
mod journal;
mod line_items;
mod loopback;
mod merging;
mod oauth;
mod objects;
mod outgoing;
mod portals;
mod properties;
mod rate;
mod search;
mod sending;
mod signature;
mod subscriptions;
mod values;
mod versions;
mod webhooks;
mod workflows;

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use futures::FutureExt;
use http::Request;
use serde_json::{Value, json};

use crate::{Broken, Hand, Options, Simulator, Time};

/// A simulator with a clock that stands still until it is turned, and a token.
pub(crate) struct Bench {
    pub(crate) simulator: Simulator,
    pub(crate) clock: Hand,
    pub(crate) token: String,
}

/// An answer, shown as its status and its JSON without the correlation id.
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) body: Value,
    pub(crate) headers: Vec<String>,
}

/// A clock that stands at noon of a November day.
pub(crate) fn clock() -> (Time, Hand) {
    Time::manual("2026-11-20T12:00:00Z".parse().unwrap())
}

impl Bench {
    pub(crate) fn new() -> Bench {
        let mut options = Options::default();
        options.portals[0].switches.order_kept = true;
        Bench::with(options)
    }

    pub(crate) fn with(options: Options) -> Bench {
        let (time, clock) = clock();
        Bench { simulator: Simulator::new(options, time), clock, token: "demo-app-token".to_owned() }
    }

    /// One call; the clock's sleeping never waits, so one look at the future is enough.
    pub(crate) fn send(&self, method: &str, path: &str, body: impl Into<Bytes>) -> Result<Reply, Broken> {
        let request = Request::builder().method(method).uri(path);
        let request = request.header("authorization", format!("Bearer {}", self.token)).body(body.into()).unwrap();
        let response = self.simulator.call(request).now_or_never().expect("nothing waits in tests")?;
        let shown =
            |(name, value): (&http::HeaderName, &http::HeaderValue)| format!("{name}: {}", value.to_str().unwrap());
        Ok(Reply {
            status: response.status().as_u16(),
            headers: response.headers().iter().map(shown).collect(),
            body: serde_json::from_slice(response.body())
                .unwrap_or_else(|_| Value::String(String::from_utf8_lossy(response.body()).into_owned())),
        })
    }

    pub(crate) fn get(&self, path: &str) -> Reply {
        self.send("GET", path, "").unwrap()
    }

    pub(crate) fn post(&self, path: &str, body: &Value) -> Reply {
        self.send("POST", path, body.to_string()).unwrap()
    }

    pub(crate) fn put(&self, path: &str, body: &Value) -> Reply {
        self.send("PUT", path, body.to_string()).unwrap()
    }

    pub(crate) fn patch(&self, path: &str, body: &Value) -> Reply {
        self.send("PATCH", path, body.to_string()).unwrap()
    }

    pub(crate) fn delete(&self, path: &str) -> Reply {
        self.send("DELETE", path, "").unwrap()
    }

    /// Sets switches of the first portal.
    pub(crate) fn switch(&self, switches: &Value) {
        assert_eq!(self.put("/_sim/switches", switches).status, 204);
    }

    /// A record of any type, by its properties; returns its id.
    pub(crate) fn create(&self, object_type: &str, properties: &Value) -> String {
        let reply = self.post(&objects(object_type), &json!({ "properties": properties }));
        assert_eq!(reply.status, 201, "{reply}");
        reply.body["id"].as_str().unwrap().to_owned()
    }

    /// Associates two records by the default type.
    pub(crate) fn associate(&self, from: (&str, &str), to: (&str, &str)) -> Reply {
        let path = format!("{}/associations/default/{}/{}", from.1, to.0, to.1);
        self.put(&objects(&format!("{}/{path}", from.0)), &json!([]))
    }

    /// Some values of a record, joined by spaces.
    pub(crate) fn values(&self, object_type: &str, id: &str, names: &str) -> String {
        let body = self.get(&objects(&format!("{object_type}/{id}?properties={names}"))).body;
        let shown = names.split(',').map(|name| body["properties"][name].as_str().unwrap_or("-").to_owned());
        shown.collect::<Vec<_>>().join(" ")
    }

    /// A unique `kleer_id` on an object type.
    pub(crate) fn kleer_id(&self, object_type: &str) {
        let groups = self.get(&format!("/crm/properties/2026-09/{object_type}/groups"));
        let group = groups.body["results"][0]["name"].clone();
        let property = json!({
            "name": "kleer_id", "label": "Kleer ID", "type": "string", "fieldType": "text", "groupName": group,
            "hasUniqueValue": true,
        });
        let reply = self.post(&format!("/crm/properties/2026-09/{object_type}"), &property);
        assert_eq!(reply.status, 201, "{reply}");
    }

    pub(crate) fn wait(&self, milliseconds: u64) {
        self.clock.advance(Duration::from_millis(milliseconds));
    }
}

/// The path of an object type's records in the newest version.
pub(crate) fn objects(object_type: &str) -> String {
    format!("/crm/objects/2026-09/{object_type}")
}

impl Reply {
    /// Status, category, message and the codes of the details.
    pub(crate) fn short(&self) -> String {
        let text = |name: &str| self.body[name].as_str().unwrap_or("-").to_owned();
        let codes: Vec<&str> =
            self.body["errors"].as_array().into_iter().flatten().filter_map(|error| error["code"].as_str()).collect();
        format!("{} {} {} {codes:?}", self.status, text("category"), text("message"))
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let prefix = format!("{name}: ");
        self.headers.iter().find_map(|header| header.strip_prefix(&prefix))
    }
}

impl fmt::Display for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut body = self.body.clone();
        if let Some(body) = body.as_object_mut() {
            body.shift_remove("correlationId");
        }
        write!(f, "{} {body:#}", self.status)
    }
}

/// One line per case.
pub(crate) fn table(lines: impl IntoIterator<Item = String>) -> String {
    lines.into_iter().collect::<Vec<_>>().join("\n")
}
