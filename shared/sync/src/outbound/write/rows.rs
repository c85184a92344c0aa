//! Rows become line items. They are upserted by ids of our own, so that one that a user deleted is made again.

use std::collections::BTreeMap;

use domain::projection::KEY_PROPERTY;
use domain::{Base, BoundRow, BoundRows, HubspotId, Properties};
use hubspot::{InputErrorKind, Outcome, Upsert};

use super::{Destination, Stop, Writing};

/// A row that has to be written.
struct Wanted {
    place: usize,
    key: String,
    properties: Properties,
    known: bool,
}

/// Writes the rows that have changed; answers a call that failed as a call.
pub(super) async fn write(destination: Destination<'_>, writing: &mut [Writing<'_>]) -> Option<rest::Error> {
    let (mut wanted, mut upserts) = (Vec::new(), Vec::new());
    for (place, one) in writing.iter_mut().enumerate() {
        for (row, upsert) in changed_rows(destination, one) {
            wanted.push(Wanted { place, ..row });
            upserts.push(upsert);
        }
    }
    let page = destination.page;
    let (outcomes, failure) = super::records::create(destination, &page.line_object, &page.line_key, &upserts).await;
    for (row, outcome) in wanted.into_iter().zip(outcomes) {
        settle(&mut writing[row.place], row, outcome);
    }
    failure
}

/// The rows of a record that differ from what HubSpot was last told, and what is sent of each.
fn changed_rows(destination: Destination<'_>, one: &mut Writing<'_>) -> Vec<(Wanted, Upsert)> {
    if one.whole().is_none() {
        return Vec::new();
    }
    let page = destination.page;
    if one.reached.rows.hubspot_object != page.line_object {
        one.reached.rows = BoundRows { hubspot_object: page.line_object.clone(), rows: BTreeMap::new() };
    }
    let (work, reached) = (one.work, &mut one.reached);
    let wanted: Vec<&String> = work.linked.rows.iter().map(|(key, _)| key).collect();
    let surplus = reached.rows.rows.iter().filter(|(key, _)| !wanted.contains(key));
    one.surplus.extend(surplus.map(|(_, row)| row.hubspot_id.clone()));
    let mut changed = Vec::new();
    for (key, properties) in &work.linked.rows {
        let id = format!("{}-{key}", work.change.kleer_id);
        let keys = [(KEY_PROPERTY, id.as_str()), (page.line_key.as_str(), id.as_str())];
        let properties = properties.clone().with(Properties::from_iter(keys));
        let known = reached.rows.rows.get(key);
        let sent = match known {
            Some(known) => properties.filtered(|name, value| !known.base.matches(name, value)),
            None => properties.filtered(|_, value| !value.is_empty()),
        };
        if sent.is_empty() {
            reached.line_items.unchanged += 1;
            continue;
        }
        let upsert = Upsert {
            trace_id: id.clone(),
            id: id.clone(),
            id_property: page.line_key.clone(),
            properties: sent.into_map(),
        };
        changed.push((Wanted { place: 0, key: key.clone(), properties, known: known.is_some() }, upsert));
    }
    changed
}

fn settle(one: &mut Writing<'_>, row: Wanted, outcome: Outcome) {
    let counts = &mut one.reached.line_items;
    match outcome {
        Outcome::Written { record } => {
            let line = HubspotId(record.id);
            one.reached.touched = true;
            *(if row.known { &mut counts.updated } else { &mut counts.created }) += 1;
            let same = one.reached.rows.rows.get(&row.key).is_some_and(|known| known.hubspot_id == line);
            if !same {
                one.loose.push((row.key.clone(), line.clone()));
            }
            let base = Base::of(&row.properties);
            one.reached.rows.rows.insert(row.key, BoundRow { hubspot_id: line, base });
        }
        // HubSpot takes no negative price, and perhaps no negative quantity either (contract hubspot-crm §13 point 7): the
        // invoice stays, its total is right, and the row that is missing is told.
        Outcome::Refused(error) if is_negative(&row.properties) && error.kind != InputErrorKind::Retryable => {
            counts.excluded += 1;
            one.reached.left_out.push((row.key, error.to_string()));
        }
        Outcome::Refused(error) if error.kind == InputErrorKind::Retryable => one.stop(Stop::Again),
        Outcome::Refused(error) => {
            counts.failed += 1;
            one.stop(Stop::Refused(error));
        }
        Outcome::Unknown => one.stop(Stop::Again),
    }
}

fn is_negative(row: &Properties) -> bool {
    ["quantity", "price"].iter().any(|name| row.get(name).is_some_and(|value| value.starts_with('-')))
}
