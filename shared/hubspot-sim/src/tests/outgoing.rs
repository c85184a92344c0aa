//! What the tests of deliveries have in common: an app at `https://kleer.example` that answers as it is told.

use bytes::Bytes;
use http::Response;
use serde_json::{Value, json};

use super::Bench;
use crate::{Delivery, DeliveryFailure, Options};

pub(super) const PORTAL: u64 = 4242;

/// A bench whose app lives at `https://kleer.example`; nothing is shuffled.
pub(super) fn bench() -> Bench {
    let mut options = Options::default().calling("https://kleer.example");
    options.portals[0].switches.order_kept = true;
    options.webhooks.order_kept = true;
    Bench::with(options)
}

/// An answer of the app.
pub(super) fn answer(status: u16, body: &str) -> Result<Response<Bytes>, DeliveryFailure> {
    Ok(Response::builder().status(status).body(Bytes::copy_from_slice(body.as_bytes())).unwrap())
}

/// The JSON of a delivery.
pub(super) fn body(delivery: &Delivery) -> Value {
    serde_json::from_slice(delivery.request.body()).unwrap()
}

impl Bench {
    /// Takes what is due, answers everything with 200, and returns the bodies.
    pub(super) fn taken(&self) -> Vec<Value> {
        let due = self.simulator.due_deliveries();
        due.into_iter()
            .map(|delivery| {
                let shown = body(&delivery);
                assert!(self.simulator.answered(delivery.id, answer(200, r#"{"outputFields":{}}"#)));
                shown
            })
            .collect()
    }

    /// The events that are due, in short: what happened to which record, and who did it.
    pub(super) fn events(&self) -> Vec<String> {
        self.taken().iter().flat_map(|batch| batch.as_array().unwrap().clone()).map(|event| short(&event)).collect()
    }

    /// Moves the clock to when something is to be sent next; how many seconds that takes.
    pub(super) fn to_next(&self) -> Option<i64> {
        let pause = self.simulator.next_delivery_at()?.as_millisecond() - self.clock.now().as_millisecond();
        self.wait(u64::try_from(pause).unwrap_or(0));
        Some(pause / 1000)
    }

    /// Changes the settings of the webhooks.
    pub(super) fn set_webhooks(&self, settings: &Value) {
        let reply = self.put("/_sim/webhooks", settings);
        assert_eq!(reply.status, 204, "{reply}");
    }
}

/// An event without its numbers.
pub(super) fn short(event: &Value) -> String {
    let text = |name: &str| event[name].as_str().unwrap_or_default().to_owned();
    let detail = match event.get("propertyName") {
        Some(_) => format!(" {}={}", text("propertyName"), text("propertyValue")),
        None => String::new(),
    };
    let (kind, id) = (text("subscriptionType"), &event["objectId"]);
    format!("{kind} {} {id}{detail} by {} {}", text("objectTypeId"), text("changeSource"), text("sourceId"))
}

/// A company with a name, by a person.
pub(super) fn company(bench: &Bench, name: &str) -> u64 {
    bench.simulator.person_creates(PORTAL, "companies", &[("name", name)]).unwrap()
}

/// Subscriptions of the project file's form.
pub(super) fn subscriptions(all: &[(&str, Option<&str>, Option<&str>)]) -> Value {
    let one = |(kind, object_type, property): &(&str, Option<&str>, Option<&str>)| {
        let mut one = json!({ "subscriptionType": kind });
        for (name, value) in [("objectType", object_type), ("propertyName", property)] {
            if let Some(value) = value {
                one[name] = json!(value);
            }
        }
        one
    };
    json!({ "subscriptions": all.iter().map(one).collect::<Vec<_>>() })
}
