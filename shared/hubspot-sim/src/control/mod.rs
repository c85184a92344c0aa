//! The control routes under `/_sim/`, a table of which is in the README.

mod oauth;
mod outgoing;
mod records;

use bytes::Bytes;
use http::Request;
use jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use crate::faults::{FaultEngine, Faults};
use crate::http::call::Answer;
use crate::http::refusal;
use crate::simulator::Inner;
use crate::state::change::Change;
use crate::state::error::ApiError;

/// One control call.
struct Control<'a> {
    inner: &'a mut Inner,
    query: Vec<(String, String)>,
    body: &'a [u8],
    now: Timestamp,
}

/// Answers a call to a control route.
pub(crate) fn answer(inner: &mut Inner, request: &Request<Bytes>, now: Timestamp) -> Answer {
    let query = serde_urlencoded::from_str(request.uri().query().unwrap_or_default()).unwrap_or_default();
    let path = request.uri().path().trim_start_matches("/_sim/").trim_end_matches('/');
    let segments: Vec<&str> = path.split('/').collect();
    let mut control = Control { inner, query, body: request.body(), now };
    match control.route(request.method().as_str(), &segments) {
        Ok(answer) => answer,
        Err(error) => refusal(&mut inner.state, &error),
    }
}

impl Control<'_> {
    fn route(&mut self, method: &str, segments: &[&str]) -> Result<Answer, ApiError> {
        match (method, segments) {
            ("GET", ["health"]) => Ok(ok(json!({ "status": "ok" }))),
            ("GET", ["requests"]) => Ok(ok(json!({ "results": self.inner.log.lines() }))),
            ("DELETE", ["requests"]) => {
                self.inner.log.clear();
                Ok(Answer::no_content())
            }
            ("GET", ["counters"]) => Ok(ok(json!(self.inner.log.counters()))),
            ("GET", ["unexpected"]) => Ok(ok(json!({ "results": self.inner.log.unexpected_list() }))),
            ("GET", ["alarms"]) => Ok(ok(json!({ "results": self.inner.state.alarms }))),
            ("GET", ["faults"]) => Ok(ok(json!(self.inner.faults.data()))),
            ("PUT", ["faults"]) => self.put_faults(),
            ("PUT", ["faults", preset]) => self.put_preset(preset),
            ("GET", ["state"]) => self.summary(),
            ("GET", ["switches"]) => Ok(ok(json!(self.inner.state.portal(self.portal()?)?.switches))),
            ("PUT", ["switches"]) => self.put_switches(),
            (_, ["oauth" | "tokens", ..]) => self.oauth(method, segments),
            ("GET", ["webhooks"]) => Ok(self.show_webhooks()),
            ("PUT", ["webhooks"]) => self.put_webhooks(),
            ("POST", ["calls"]) => self.put_calls(),
            (_, ["workflows", rest @ ..]) => self.workflows(method, rest),
            (_, ["records", rest @ ..]) => self.records(method, rest),
            _ => Err(ApiError::bare(404, "no such control route")),
        }
    }

    fn query(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The portal of `?portal=`, or the first.
    fn portal(&self) -> Result<u64, ApiError> {
        let asked = self.query("portal").and_then(|portal| portal.parse().ok());
        let first = self.inner.state.portals.keys().next().copied();
        let id = asked.or(first).ok_or_else(ApiError::not_found)?;
        self.inner.state.portal(id).map(|portal| portal.id)
    }

    fn json<T: DeserializeOwned>(&self) -> Result<T, ApiError> {
        let body: &[u8] = if self.body.is_empty() { b"{}" } else { self.body };
        serde_json::from_slice(body).map_err(|problem| ApiError::bare(400, problem.to_string()))
    }

    fn put_faults(&mut self) -> Result<Answer, ApiError> {
        let faults: Faults = self.json()?;
        self.inner.faults = FaultEngine::new(faults);
        Ok(Answer::no_content())
    }

    fn put_preset(&mut self, preset: &str) -> Result<Answer, ApiError> {
        let seed = self.query("seed").and_then(|seed| seed.parse().ok()).unwrap_or(1);
        let faults = match preset {
            "none" => Faults::none(seed),
            "light" => Faults::light(seed),
            "heavy" => Faults::heavy(seed),
            _ => return Err(ApiError::bare(404, "no such preset: none, light, heavy")),
        };
        self.inner.faults = FaultEngine::new(faults);
        Ok(Answer::no_content())
    }

    /// Counts of records and properties by type.
    fn summary(&self) -> Result<Answer, ApiError> {
        let mut portals = Map::new();
        for portal in self.inner.state.portals.values() {
            let mut types = Map::new();
            for (id, store) in portal.stores() {
                let archived = store.records.values().filter(|record| !record.is_live()).count();
                let custom = store.properties.values().filter(|one| !one.hubspot_defined && one.archived_at.is_none());
                let counts = json!({
                    "records": store.records.len() - archived,
                    "archived": archived,
                    "custom_properties": custom.map(|one| one.name.as_str()).collect::<Vec<_>>(),
                });
                types.insert(portal.type_name(id), counts);
            }
            let body = json!({
                "installed": portal.installed,
                "switches": portal.switches,
                "associations": portal.associations.len() / 2,
                "types": types,
            });
            portals.insert(portal.id.to_string(), body);
        }
        Ok(ok(json!({ "portals": portals, "alarms": self.inner.state.alarms.len() })))
    }

    /// Some settings with those that are sent changed; the others stay.
    fn changed<T: Serialize + DeserializeOwned>(&self, present: &T) -> Result<T, ApiError> {
        let sent: Map<String, Value> = self.json()?;
        let mut merged = serde_json::to_value(present).unwrap_or_default();
        for (name, value) in sent {
            merged[name] = value;
        }
        serde_json::from_value(merged).map_err(|problem| ApiError::bare(400, problem.to_string()))
    }

    /// Changes the switches that are sent; the others stay.
    fn put_switches(&mut self) -> Result<Answer, ApiError> {
        let portal = self.portal()?;
        let switches = self.changed(&self.inner.state.portal(portal)?.switches)?;
        self.inner.state.commit(Change::Switches { portal, switches });
        Ok(Answer::no_content())
    }
}

fn ok(body: Value) -> Answer {
    Answer::json(200, body)
}
