//! Nothing is there twice, everything has a state, and nobody sees anybody else's.

use std::collections::{BTreeMap, BTreeSet};

use domain::{Exclusion, ObjectType, ProblemCode, RecordState};
use serde_json::Value;

use super::super::stage::Stage;
use super::Found;
use super::books::{Books, Document, Shelf};

/// No record is in HubSpot twice, and nothing was made in Kleer twice for one record of HubSpot.
pub(super) fn no_duplicate(stage: &Stage, books: &Books) -> Vec<Found> {
    let mut found = Vec::new();
    for shelf in books.shelves.iter().filter(|shelf| shelf.object != ObjectType::LineItem) {
        let mut known: BTreeMap<&str, Vec<u64>> = BTreeMap::new();
        for record in shelf.records.values() {
            known.entry(record.get("kleer_id").unwrap_or_default()).or_default().push(record.id);
        }
        known.remove("");
        for (id, records) in known.iter().filter(|(_, records)| records.len() > 1) {
            let mut tags: Vec<String> =
                records.iter().map(|id| books.tenant.tag(&shelf.settings.hubspot_object, id)).collect();
            tags.push(books.tenant.tag(shelf.object.as_str(), id));
            found.push((format!("{} {id} is in HubSpot {} times: {records:?}", shelf.object, records.len()), tags));
        }
        let mut made: BTreeMap<String, Vec<i64>> = BTreeMap::new();
        for (id, document) in &shelf.documents {
            if let Some(origin) = origin(shelf.object, document) {
                made.entry(origin).or_default().push(*id);
            }
        }
        for (origin, ids) in made.iter().filter(|(_, ids)| ids.len() > 1) {
            let tags = ids.iter().map(|id| books.tenant.tag(shelf.object.as_str(), id)).collect();
            found.push((format!("{origin} was made in Kleer {} times: {} {ids:?}", ids.len(), shelf.object), tags));
        }
        found.extend(rows(stage, books, shelf));
    }
    found
}

/// What a document says it was made for: one of our actions marks it.
fn origin(object: ObjectType, document: &Document) -> Option<String> {
    let text = |name: &str| document.get(name).and_then(Value::as_str);
    match object {
        ObjectType::Project => text("number").filter(|number| number.starts_with("HS-")).map(str::to_owned),
        _ => text("foreign-id").filter(|id| id.starts_with("hs:")).map(str::to_owned),
    }
}

/// HubSpot has exactly Kleer's rows.
fn rows(stage: &Stage, books: &Books, shelf: &Shelf) -> Vec<Found> {
    let sets: &[&str] = match shelf.object {
        ObjectType::Invoice => &["rows"],
        ObjectType::Agreement => &["recurring-rows", "first-invoice-rows"],
        _ => return Vec::new(),
    };
    let mut found = Vec::new();
    let left_out: BTreeSet<i64> = shelf.problems.iter().filter_map(|problem| Some(problem.kleer_id?.0)).collect();
    for (id, document) in &shelf.documents {
        let in_sync = shelf.bindings.get(id).is_some_and(|binding| binding.state == RecordState::InSync);
        let Some(record) = shelf.record(*id).filter(|_| in_sync && shelf.settings.enabled) else { continue };
        let count = |set: &&str| document.get(*set).and_then(|set| set["rows"].as_array()).map_or(0, Vec::len);
        let expected: usize = sets.iter().map(count).sum();
        let object = &shelf.settings.hubspot_object;
        let actual = stage.pretend.hubspot.associations(books.tenant.hub(), object, record.id, "line_items").len();
        if expected != actual && !left_out.contains(id) {
            let tags = vec![books.tenant.tag(shelf.object.as_str(), id), books.tenant.tag(object, record.id)];
            found.push((format!("{} {id} has {expected} rows in Kleer and {actual} in HubSpot", shelf.object), tags));
        }
    }
    found
}

/// No record is without a state, and every state has its reason.
pub(super) fn has_a_state(_: &Stage, books: &Books) -> Vec<Found> {
    let mut found = Vec::new();
    for shelf in books.shelves.iter().filter(|shelf| shelf.settings.enabled && shelf.object != ObjectType::LineItem) {
        for (id, document) in &shelf.documents {
            let tag = books.tenant.tag(shelf.object.as_str(), id);
            let Some(binding) = shelf.bindings.get(id) else {
                // What lies before the window is not even read.
                let date = document.get("invoice-date").and_then(Value::as_str).and_then(|text| text.parse().ok());
                if shelf.object == ObjectType::Invoice && date < books.window_from {
                    continue;
                }
                found.push((format!("{} {id} has no state", shelf.object), vec![tag]));
                continue;
            };
            if let Some(why) = unfounded(books, shelf, *id, document, binding.state) {
                let hubspot =
                    binding.hubspot_id.as_ref().map(|id| books.tenant.tag(&shelf.settings.hubspot_object, id));
                let text = format!("{} {id} is {}, but {why}", shelf.object, binding.state.as_str());
                found.push((text, std::iter::once(tag).chain(hubspot).collect()));
            }
        }
    }
    found
}

fn unfounded(books: &Books, shelf: &Shelf, id: i64, document: &Document, state: RecordState) -> Option<String> {
    let problem = shelf.problems.iter().find(|problem| problem.kleer_id.is_some_and(|known| known.0 == id));
    let flag = |name: &str| document.get(name) == Some(&Value::Bool(true));
    let number = |name: &str| document.get(name).and_then(Value::as_i64).unwrap_or(0);
    match state {
        RecordState::InSync => None,
        RecordState::Failing | RecordState::Doubtful | RecordState::Merged if problem.is_none() => {
            Some("nothing says why".to_owned())
        }
        RecordState::Failing => match problem.map(|problem| (problem.code, &problem.message)) {
            Some((ProblemCode::RefusedByHubspot | ProblemCode::UnreadableRecord, message)) => {
                Some(format!("nothing is wrong any more: {message}"))
            }
            _ => None,
        },
        RecordState::DeletedInKleer => Some("it is in Kleer".to_owned()),
        RecordState::DeletedInHubspot if shelf.record(id).is_some() => Some("it is in HubSpot".to_owned()),
        RecordState::Excluded(Exclusion::Draft) if flag("certified") => Some("it is no draft".to_owned()),
        RecordState::Excluded(Exclusion::Credit) if number("amount") + number("vat") >= 0 => {
            Some("it is no credit".to_owned())
        }
        RecordState::Waiting => {
            let client = document.get("client-ref").or_else(|| document.get("client"))?.get("id")?.as_i64()?;
            let agreement = document.get("client-agreement-ref").and_then(|one| one.get("id")?.as_i64());
            let there = |object, id| books.shelf(object).is_some_and(|shelf| shelf.record(id).is_some());
            let all = there(ObjectType::Client, client) && agreement.is_none_or(|id| there(ObjectType::Agreement, id));
            (all && document.get("agreement-nr").is_none_or(|text| text == ""))
                .then(|| "what it waits for is there".to_owned())
        }
        _ => None,
    }
}

/// Nothing of one customer is anywhere with another.
pub(super) fn apart(stage: &Stage, books: &Books) -> Vec<Found> {
    let others: Vec<&str> =
        stage.tenants.iter().filter(|tenant| tenant.number != books.tenant.number).map(|tenant| tenant.mark).collect();
    let foreign = |text: &str| others.iter().find(|mark| text.contains(**mark)).copied();
    let mut found = Vec::new();
    for shelf in &books.shelves {
        for record in shelf.records.values() {
            let values = record.properties.values().map(|stored| stored.value.as_str());
            if let Some(mark) = values.into_iter().find_map(foreign) {
                let tag = books.tenant.tag(&shelf.settings.hubspot_object, record.id);
                found.push((format!("{} {} has words of {mark}", shelf.settings.hubspot_object, record.id), vec![tag]));
            }
        }
        for (id, document) in &shelf.documents {
            if let Some(mark) = foreign(&Value::Object(document.clone()).to_string()) {
                found.push((
                    format!("{} {id} has words of {mark}", shelf.object),
                    vec![books.tenant.tag(shelf.object.as_str(), id)],
                ));
            }
        }
    }
    found
}

/// Nothing of ours can make HubSpot charge anybody.
pub(super) fn never_chargeable(_: &Stage, books: &Books) -> Vec<Found> {
    let fixed =
        [(ObjectType::Invoice, "hs_invoice_billable", "false"), (ObjectType::Agreement, "hs_invoice_creation", "off")];
    let mut found = Vec::new();
    for (object, property, safe) in fixed {
        let Some(shelf) = books.shelf(object).filter(|shelf| shelf.settings.enabled) else { continue };
        for (id, binding) in shelf.bindings.iter().filter(|(_, binding)| binding.state == RecordState::InSync) {
            let Some(record) = shelf.record(*id) else { continue };
            let value = record.get(property).unwrap_or_default();
            if value != safe {
                let tags = vec![
                    books.tenant.tag(object.as_str(), id),
                    books.tenant.tag(&shelf.settings.hubspot_object, record.id),
                ];
                found.push((format!("{object} {id} (state {:?}): {property} is “{value}”", binding.state), tags));
            }
        }
    }
    found
}
