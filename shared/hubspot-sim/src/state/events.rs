//! Webhook events: what happened to records, for the app that subscribed to it (contract hubspot-platform §4.4).

use jiff::{SignedDuration, Timestamp};
use rand::Rng;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::State;
use super::batch::Place;
use super::change::Change;
use super::portal::Portal;
use super::record::{Record, Source, Stored};
use super::types::ObjectTypeId;
use super::values;
use crate::http::scopes::{self, Access};

/// How much later the second copy of a duplicated event may come, in milliseconds.
const COPY_WITHIN_MS: u64 = 60_000;

/// Something that happened to a record.
#[derive(Clone, Debug)]
pub(crate) struct Happened {
    pub(crate) what: What,
    /// Who did it.
    pub(crate) source: Source,
    pub(crate) at: Timestamp,
}

/// What can happen to a record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum What {
    Created,
    Deleted,
    Restored,
    Changed { property: String, value: String },
    Merged { primary: u64, merged: u64, new: u64, moved: usize },
}

/// One event of one subscription, until it is delivered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Event {
    /// Unique in the simulator; `eventId` is made of the number of the first copy.
    pub(crate) number: u64,
    pub(crate) first: u64,
    pub(crate) subscription: u64,
    pub(crate) subscription_type: String,
    pub(crate) portal: u64,
    pub(crate) object_type: ObjectTypeId,
    pub(crate) object: u64,
    pub(crate) what: What,
    pub(crate) source: Source,
    pub(crate) occurred_at: Timestamp,
    /// Deliveries that failed.
    pub(crate) attempt: u32,
    /// When it is to be sent.
    pub(crate) due: Timestamp,
}

impl What {
    /// Its name in subscription types.
    fn name(&self) -> &'static str {
        match self {
            What::Created => "creation",
            What::Deleted => "deletion",
            What::Restored => "restore",
            What::Changed { .. } => "propertyChange",
            What::Merged { .. } => "merge",
        }
    }

    fn property(&self) -> Option<&str> {
        match self {
            What::Changed { property, .. } => Some(property),
            _ => None,
        }
    }
}

impl Event {
    /// The event as a delivery carries it.
    pub(crate) fn body(&self, app_id: u64) -> Value {
        let mut body = json!({
            "eventId": self.event_id(),
            "subscriptionId": self.subscription,
            "portalId": self.portal,
            "appId": app_id,
            "occurredAt": self.occurred_at.as_millisecond(),
            "subscriptionType": self.subscription_type,
            "attemptNumber": self.attempt,
            "objectId": self.object,
        });
        let generic = self.subscription_type.starts_with("object.");
        if generic {
            body["objectTypeId"] = json!(self.object_type);
        }
        match &self.what {
            What::Created => body["changeFlag"] = json!("CREATED"),
            What::Deleted => body["changeFlag"] = json!("DELETED"),
            What::Restored => {}
            What::Changed { property, value } => {
                body["propertyName"] = json!(property);
                body["propertyValue"] = json!(value);
            }
            What::Merged { primary, merged, new, moved } => {
                body["primaryObjectId"] = json!(primary);
                body["mergedObjectIds"] = json!([merged]);
                body["newObjectId"] = json!(new);
                body["numberOfPropertiesMoved"] = json!(moved);
            }
        }
        body["changeSource"] = json!(self.source.change_source());
        body["sourceId"] = json!(self.source.source_id());
        if generic && self.what.property().is_some() {
            body["isSensitive"] = json!(false);
        }
        body
    }

    /// Scattered over 32 bits like the real ones.
    fn event_id(&self) -> u64 {
        self.first.wrapping_mul(2_654_435_761) & 0xffff_ffff
    }
}

impl State {
    /// Makes the events of something that happened, one for each subscription that it concerns.
    pub(crate) fn announce(&mut self, place: Place, object: u64, happened: &Happened) {
        if !self.may_hear(place) {
            return;
        }
        let to = self.webhooks.to(place.object_type, happened.what.name(), happened.what.property());
        let to: Vec<(u64, String)> = to.map(|(id, one)| (id, one.subscription_type.clone())).collect();
        for (subscription, subscription_type) in to {
            self.make_event(place, object, happened, subscription, subscription_type);
        }
    }

    fn make_event(
        &mut self,
        place: Place,
        object: u64,
        happened: &Happened,
        subscription: u64,
        subscription_type: String,
    ) {
        let (lost, twice) = (self.luck(self.webhooks.lost), self.luck(self.webhooks.duplicates));
        let pause = SignedDuration::from_millis(i64::try_from(self.webhooks.delay_ms).unwrap_or(i64::MAX / 4));
        let number = self.outbox.next_number();
        let event = Event {
            number,
            first: number,
            subscription,
            subscription_type,
            portal: place.portal,
            object_type: place.object_type,
            object,
            what: happened.what.clone(),
            source: happened.source,
            occurred_at: happened.at,
            attempt: 0,
            due: happened.at.saturating_add(pause).unwrap_or(happened.at),
        };
        if lost {
            return;
        }
        self.commit(Change::Event { event: event.clone() });
        if twice {
            let later = SignedDuration::from_millis(self.draw(COPY_WITHIN_MS));
            let due = event.due.saturating_add(later).unwrap_or(event.due);
            self.commit(Change::Event { event: Event { number: number + 1, due, ..event } });
        }
    }

    /// Whether something of so many thousandths happens; draws in any case, so that one setting does not shift another.
    fn luck(&mut self, thousandths: u32) -> bool {
        self.draw(1000) < i64::from(thousandths)
    }

    /// A number from 0 to below a bound, of the stream of deliveries.
    pub(crate) fn draw(&mut self, bound: u64) -> i64 {
        i64::try_from(self.courier.next_u64() % bound.max(1)).unwrap_or(0)
    }

    /// Whether the app hears of records of this type: it is installed, with the scope that reads them (contract §4.1).
    fn may_hear(&self, place: Place) -> bool {
        self.webhooks.hears(place.object_type)
            && self.portals.get(&place.portal).is_some_and(Portal::has_app)
            && self.app_may(place.portal, &scopes::of_records(place.object_type, Access::Read))
    }

    /// What the present values of a record mean for those who listen, beside what it was before.
    pub(crate) fn news(&self, place: Place, record: &Record) -> Vec<Happened> {
        let Some(portal) = self.portals.get(&place.portal) else { return Vec::new() };
        if !self.webhooks.hears(place.object_type) {
            return Vec::new();
        }
        let before = portal.store(place.object_type).records.get(&record.id);
        let created = Happened { what: What::Created, source: record.created_by, at: record.created_at };
        let mut news: Vec<Happened> = before.is_none().then_some(created).into_iter().collect();
        for (name, stored) in &record.properties {
            let was = before.and_then(|before| before.properties.get(name)).map_or("", |was| was.value.as_str());
            if was != stored.value {
                let what = What::Changed { property: name.clone(), value: shown(portal, place, name, stored) };
                news.push(Happened { what, source: stored.source, at: stored.at });
            }
        }
        news
    }

    /// The events that are not delivered yet, as they would be sent, oldest first.
    pub(crate) fn pending_events(&self) -> Vec<Value> {
        self.outbox.events().map(|event| event.body(self.app.app_id)).collect()
    }
}

/// A value as events show it: dates and moments in milliseconds, everything else as it is.
fn shown(portal: &Portal, place: Place, name: &str, stored: &Stored) -> String {
    let definition = portal.store(place.object_type).properties.get(name);
    let dated = definition.is_some_and(|one| one.data_type == "date" || one.data_type == "datetime");
    let at = dated.then(|| values::instant(&stored.value)).flatten();
    at.map_or_else(|| stored.value.clone(), |at| at.as_millisecond().to_string())
}
