//! What people typed is not lost: neither side's, and where both typed, Kleer's stands.

use std::collections::{BTreeMap, BTreeSet};

use domain::{ObjectType, RecordState};
use jiff::{SignedDuration, Timestamp};

use super::super::stage::Stage;
use super::Found;
use super::books::Books;

/// Which side somebody typed on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::simulate) enum Side {
    Kleer,
    HubSpot,
}

/// Somebody typed a value of a client.
#[derive(Debug, Clone)]
pub(in crate::simulate) struct Edit {
    pub(in crate::simulate) at: Timestamp,
    pub(in crate::simulate) tenant: usize,
    /// The client.
    pub(in crate::simulate) id: i64,
    /// HubSpot's name of the field.
    pub(in crate::simulate) property: &'static str,
    pub(in crate::simulate) side: Side,
    pub(in crate::simulate) value: String,
    /// What stood there, in HubSpot.
    pub(in crate::simulate) saw: Option<String>,
}

/// Somebody typed on the other side as well so shortly before that we may not have known, or before what went wrong was over.
const SOON: SignedDuration = SignedDuration::from_hours(27);
/// Reading and saving a document are two requests to Kleer, which knows no conditions.
const RACE: SignedDuration = SignedDuration::from_secs(420);

/// Every value that somebody typed last is Kleer's now.
pub(super) fn kept(stage: &Stage, books: &Books) -> Vec<Found> {
    let Some(shelf) = books.shelf(ObjectType::Client).filter(|shelf| shelf.settings.enabled) else { return Vec::new() };
    let edits = stage.edits.borrow();
    let mut by_field: BTreeMap<(i64, &str), Vec<&Edit>> = BTreeMap::new();
    for edit in edits.iter().filter(|edit| edit.tenant == books.tenant.number) {
        by_field.entry((edit.id, edit.property)).or_default().push(edit);
    }
    let disturbed: BTreeSet<(usize, i64)> = stage.disturbed.borrow().clone();
    let mut found = Vec::new();
    for ((id, property), edits) in by_field {
        let in_sync = shelf.bindings.get(&id).is_some_and(|binding| binding.state == RecordState::InSync);
        let problem = shelf.problems.iter().any(|problem| problem.kleer_id.is_some_and(|known| known.0 == id));
        let Some(document) = shelf.documents.get(&id).filter(|_| in_sync && !problem) else { continue };
        let mapped = shelf.settings.mappings.iter().find(|mapping| mapping.property == property);
        if mapped.is_none_or(|mapping| mapping.default.is_some())
            || disturbed.contains(&(books.tenant.number, id))
            || stage.remapped.borrow().contains(property)
        {
            continue;
        }
        let (Some(last), now) = (edits.last(), value(document, property)) else { continue };
        let others = edits.iter().rev().skip(1).find(|edit| edit.side != last.side);
        let is_contested = others.is_some_and(|other| match last.side {
            // The other side's edit may have been on its way when this one was made.
            Side::HubSpot => {
                last.at.duration_since(other.at) < SOON || last.saw.as_ref().is_some_and(|saw| *saw != other.value)
            }
            Side::Kleer => written_around(stage, books, id, last.at),
        });
        // What was brought to Kleer just before the app was uninstalled is not remembered as brought: the next edit in HubSpot looks
        // as if both sides had changed.
        let was_typed = |edit: &Edit| edit.side == Side::HubSpot && edit.value == now;
        let is_forgotten =
            stage.journal.counts().contains_key("admin Uninstall") && edits.iter().any(|edit| was_typed(edit));
        if now != last.value && !is_contested && !is_forgotten {
            let text = format!(
                "client {id}: {property} was typed last in {:?} at {:.3} as “{}”, and is “{now}”",
                last.side, last.at, last.value
            );
            found.push((text, vec![books.tenant.tag("client", id)]));
        }
    }
    found
}

/// Whether we saved the client at about that time, and may have read it before.
fn written_around(stage: &Stage, books: &Books, id: i64, at: Timestamp) -> bool {
    let path = format!("/v1/company/{}/client/{id}", books.tenant.company);
    let writes = stage.tap.kleer_writes();
    writes.iter().any(|write| write.path == path && write.at.duration_since(at).abs() < RACE)
}

fn value(document: &super::books::Document, property: &str) -> String {
    let path: &[&str] = match property {
        "name" => &["name"],
        "phone" => &["phone"],
        "address" => &["address", "address1"],
        "city" => &["address", "state"],
        "zip" => &["address", "zip-code"],
        "kleer_payment_days" => &["payment-days"],
        "kleer_email" => &["email"],
        "orgno" => &["orgno"],
        _ => return String::new(),
    };
    let first = path.first().and_then(|name| document.get(*name));
    let value = path.iter().skip(1).fold(first, |value, name| value.and_then(|value| value.get(name)));
    match value {
        Some(serde_json::Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
        None => String::new(),
    }
}
