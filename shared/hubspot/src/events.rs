//! What HubSpot posts when records change (contract hubspot-platform §4.4).
//!
//! An event is a hint, not news: nothing guarantees order, uniqueness or the values in it (§4.5). So little is read of it, with
//! patience: everything may be missing but the portal, the record, the type and the time; unknown fields are passed over;
//! an event that cannot be read is that one event's misfortune. Events are read one after the other out of the body, so a body of
//! any size costs the memory of the body and no more.

use std::borrow::Cow;
use std::fmt;

use jiff::Timestamp;
use serde::Deserialize;
use serde::de::{Deserializer as _, Error as _, SeqAccess, Visitor};
use serde_json::value::RawValue;

use crate::object_types::object_type_name;

/// The most records that one merge may name; HubSpot merges two at a time.
const MERGED_LIMIT: usize = 100;

/// One thing that happened to one record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event<'a> {
    /// The account it happened in.
    pub portal_id: u64,
    /// The object type: HubSpot's name in paths (`companies`), or the id of one that has no name here.
    pub object: Cow<'a, str>,
    /// The record; of a merge the one that is left.
    pub object_id: u64,
    /// What happened.
    pub kind: EventKind<'a>,
    /// When, by HubSpot's clock.
    pub occurred_at: Timestamp,
    /// The property that changed.
    pub property_name: Option<Cow<'a, str>>,
    change_source: Option<Cow<'a, str>>,
    source_id: Option<Cow<'a, str>>,
}

/// What can happen to a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EventKind<'a> {
    /// It was made.
    Created,
    /// A property of it changed.
    Changed,
    /// It was deleted.
    Deleted,
    /// It was deleted, and is there again.
    Restored,
    /// These others became part of it.
    Merged(Vec<u64>),
    /// Something that this release does not know, or has no use for: the subscription type as it came.
    Unknown(Cow<'a, str>),
}

impl Event<'_> {
    /// Whether it is the echo of a write of the app with that id (§4.6). Other apps' writes are somebody else's and count.
    #[must_use]
    pub fn is_own(&self, app_id: u64) -> bool {
        let source = self.source_id.as_deref().unwrap_or_default();
        let id = source.split(':').next().unwrap_or_default();
        self.change_source.as_deref() == Some("INTEGRATION") && id == app_id.to_string()
    }
}

/// An event that says too little: which part is missing or unreadable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("it has no readable {0}")]
pub struct UnreadableEvent(pub &'static str);

/// A body that is no list of events. Says where, and nothing of what stands there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UnreadableEvents {
    /// It is no JSON, or ends too early.
    #[error("it is no JSON from line {line}, column {column} on")]
    NotJson {
        /// From 1.
        line: usize,
        /// From 1.
        column: usize,
    },
    /// It is JSON, but no list.
    #[error("it is no list")]
    NotAList,
    /// It has more events than the limit.
    #[error("it has more than {0} events")]
    TooMany(usize),
}

/// Reads events one after the other, at most `limit` of them, and hands each to `take`. Do nothing with what was taken before the
/// whole is read: the end may be missing.
///
/// # Errors
/// If the body is no list of events.
pub fn read_events<'a>(
    body: &'a [u8],
    limit: usize,
    mut take: impl FnMut(Result<Event<'a>, UnreadableEvent>),
) -> Result<usize, UnreadableEvents> {
    let mut count = 0;
    let mut each = |raw: &'a RawValue| {
        count += 1;
        if count <= limit {
            take(event(raw));
        }
        count <= limit
    };
    let mut deserializer = serde_json::Deserializer::from_slice(body);
    let read = deserializer.deserialize_seq(Each(&mut each)).and_then(|()| deserializer.end());
    match read {
        Ok(()) => Ok(count),
        Err(_) if count > limit => Err(UnreadableEvents::TooMany(limit)),
        Err(error) if error.is_data() => Err(UnreadableEvents::NotAList),
        Err(error) => Err(UnreadableEvents::NotJson { line: error.line(), column: error.column() }),
    }
}

/// Goes through a list, as long as it is told to go on.
struct Each<'f, F>(&'f mut F);

impl<'de, F: FnMut(&'de RawValue) -> bool> Visitor<'de> for Each<'_, F> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of events")
    }

    fn visit_seq<S: SeqAccess<'de>>(self, mut list: S) -> Result<(), S::Error> {
        while let Some(raw) = list.next_element()? {
            if !(self.0)(raw) {
                return Err(S::Error::custom("too many"));
            }
        }
        Ok(())
    }
}

/// An event as it comes. Every value is looked at apart from the others, so that an odd one spoils nothing.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Wire<'a> {
    #[serde(borrow)]
    portal_id: Raw<'a>,
    #[serde(borrow)]
    object_id: Raw<'a>,
    #[serde(borrow)]
    object_type_id: Raw<'a>,
    #[serde(borrow)]
    subscription_type: Raw<'a>,
    /// What the documentation's table calls the subscription type.
    #[serde(borrow)]
    event_type: Raw<'a>,
    #[serde(borrow)]
    occurred_at: Raw<'a>,
    #[serde(borrow)]
    property_name: Raw<'a>,
    #[serde(borrow)]
    change_source: Raw<'a>,
    #[serde(borrow)]
    source_id: Raw<'a>,
    #[serde(borrow)]
    primary_object_id: Raw<'a>,
    #[serde(borrow)]
    merged_object_ids: Raw<'a>,
    #[serde(borrow)]
    new_object_id: Raw<'a>,
}

/// A value that may be missing, null, or anything.
type Raw<'a> = Option<&'a RawValue>;

fn event<'a>(raw: &'a RawValue) -> Result<Event<'a>, UnreadableEvent> {
    // A list would be read as the parts in their order.
    let json = Some(raw.get()).filter(|json| json.starts_with('{')).ok_or(UnreadableEvent("object"))?;
    let wire: Wire<'a> = serde_json::from_str(json).map_err(|_| UnreadableEvent("object"))?;
    let part = |value: Option<u64>, name| value.filter(|id| *id > 0).ok_or(UnreadableEvent(name));
    let portal_id = part(number(wire.portal_id), "portalId")?;
    let object_id = part(number(wire.object_id), "objectId")?;
    let subscription_type =
        text(wire.subscription_type).or_else(|| text(wire.event_type)).ok_or(UnreadableEvent("subscriptionType"))?;
    let occurred_at = moment(wire.occurred_at).ok_or(UnreadableEvent("occurredAt"))?;
    let (prefix, suffix) = split(&subscription_type);
    let object = match prefix {
        // Of the generic form the type stands apart.
        "object" => named(text(wire.object_type_id).ok_or(UnreadableEvent("objectTypeId"))?),
        legacy => Cow::Owned(object_of(legacy).to_owned()),
    };
    let (kind, object_id) = match suffix {
        "creation" => (EventKind::Created, object_id),
        "propertyChange" => (EventKind::Changed, object_id),
        "deletion" => (EventKind::Deleted, object_id),
        "restore" => (EventKind::Restored, object_id),
        "merge" => merge(&wire, object_id)?,
        _ => (EventKind::Unknown(subscription_type.clone()), object_id),
    };
    let [property_name, change_source, source_id] = [wire.property_name, wire.change_source, wire.source_id].map(text);
    Ok(Event { portal_id, object, object_id, kind, occurred_at, property_name, change_source, source_id })
}

/// `company.creation` is of companies, and a creation.
fn split(subscription_type: &str) -> (&str, &str) {
    subscription_type.rsplit_once('.').unwrap_or((subscription_type, ""))
}

/// The objects of the classic form, by their names in paths (contract §4.1).
fn object_of(prefix: &str) -> &str {
    match prefix {
        "company" => "companies",
        "contact" => "contacts",
        "deal" => "deals",
        "product" => "products",
        "line_item" => "line_items",
        other => other,
    }
}

fn named(object_type_id: Cow<'_, str>) -> Cow<'_, str> {
    match object_type_name(&object_type_id) {
        Some(name) => Cow::Borrowed(name),
        None => object_type_id,
    }
}

/// Who is left, and who became part of it: what is left may be a record that did not exist before (contract §4.4).
fn merge(wire: &Wire<'_>, object_id: u64) -> Result<(EventKind<'static>, u64), UnreadableEvent> {
    let there = |value: Option<u64>| value.filter(|id| *id > 0);
    let primary = there(number(wire.primary_object_id));
    let left = there(number(wire.new_object_id)).or(primary).unwrap_or(object_id);
    let merged = wire.merged_object_ids.map_or(Ok(Vec::new()), ids).map_err(|()| UnreadableEvent("mergedObjectIds"))?;
    let mut merged: Vec<u64> = primary.into_iter().chain(merged).filter(|id| *id != left).collect();
    merged.sort_unstable();
    merged.dedup();
    Ok((EventKind::Merged(merged), left))
}

/// A list of ids, as long as anybody merges at once.
fn ids(raw: &RawValue) -> Result<Vec<u64>, ()> {
    let mut ids = Vec::new();
    let mut each = |raw: &RawValue| {
        ids.extend(number(Some(raw)));
        ids.len() <= MERGED_LIMIT
    };
    let mut deserializer = serde_json::Deserializer::from_str(raw.get());
    deserializer.deserialize_seq(Each(&mut each)).map_err(|_| ())?;
    Ok(ids)
}

/// A text, or a number as its digits; none if it is anything else.
fn text<'a>(raw: Raw<'a>) -> Option<Cow<'a, str>> {
    #[derive(Deserialize)]
    struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

    let raw = raw?.get();
    match raw.as_bytes().first()? {
        b'"' => serde_json::from_str::<Text<'a>>(raw).ok().map(|text| text.0),
        b'0'..=b'9' => Some(Cow::Borrowed(raw)),
        _ => None,
    }
}

/// A whole number, which may come as text.
fn number(raw: Raw<'_>) -> Option<u64> {
    text(raw)?.parse().ok()
}

/// Milliseconds since 1970, or the moment written out.
fn moment(raw: Raw<'_>) -> Option<Timestamp> {
    let text = text(raw)?;
    let millis = text.parse().ok().and_then(|millis| Timestamp::from_millisecond(millis).ok());
    millis.or_else(|| text.parse().ok())
}

#[cfg(test)]
mod tests;
