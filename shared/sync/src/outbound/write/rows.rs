//! Rows become line items. They are upserted by ids of our own, so that one that a user deleted is made again.

use std::collections::BTreeMap;

use domain::projection::KEY_PROPERTY;
use domain::{Base, BoundRow, BoundRows, HubspotId, Properties};
use hubspot::{InputErrorKind, Outcome, Upsert};

use super::{Destination, Stop, Work, Writing};
use crate::objects;

/// A row that has to be written.
struct Wanted {
    place: usize,
    key: String,
    /// All that its line item shall be.
    properties: Properties,
    /// What of it is sent.
    sent: Properties,
    why: Why,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Why {
    /// HubSpot has no line item for it yet.
    New,
    /// It differs from what its line item was last told.
    Changed,
    /// Its line item was deleted by a user and is made again: that one lacks what had not changed.
    Remade,
}

/// Writes the rows that have changed; answers a call that failed as a call.
pub(super) async fn write(destination: Destination<'_>, writing: &mut [Writing<'_>]) -> Option<rest::Error> {
    let mut changed = Vec::new();
    for (place, one) in writing.iter_mut().enumerate() {
        changed.extend(changed_rows(destination, one).into_iter().map(|row| Wanted { place, ..row }));
    }
    let failure = send(destination, writing, &changed).await;
    let remade: Vec<Wanted> = changed.into_iter().filter_map(|row| remade(&writing[row.place], row)).collect();
    if failure.is_some() || remade.is_empty() {
        return failure;
    }
    send(destination, writing, &remade).await
}

async fn send(destination: Destination<'_>, writing: &mut [Writing<'_>], rows: &[Wanted]) -> Option<rest::Error> {
    let page = destination.page;
    let upsert = |row: &Wanted| {
        let id = id_of(destination, writing[row.place].work, &row.key);
        let properties = row.sent.clone().into_map();
        Upsert { trace_id: id.clone(), id, id_property: page.line_key.clone(), properties }
    };
    let upserts: Vec<Upsert> = rows.iter().map(upsert).collect();
    let (outcomes, failure) = super::records::create(destination, &page.line_object, &page.line_key, &upserts).await;
    for (row, outcome) in rows.iter().zip(outcomes) {
        settle(&mut writing[row.place], row, outcome);
    }
    failure
}

/// The id of a row's line item (contract product §6.5). A line item has one parent (contract hubspot-crm §3.4): on another
/// object than its type's own, a record has line items of its own, and the old record keeps its.
fn id_of(destination: Destination<'_>, work: &Work<'_>, key: &str) -> String {
    let (page, id) = (destination.page, work.change.kleer_id);
    let object = &page.hubspot_object;
    let at_home = object == objects::spec(page.object).hubspot_object;
    if at_home { format!("{id}-{key}") } else { format!("{id}-{key}-{object}") }
}

/// The rows of a record that differ from what HubSpot was last told, and what is sent of each.
fn changed_rows(destination: Destination<'_>, one: &mut Writing<'_>) -> Vec<Wanted> {
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
        let id = id_of(destination, work, key);
        let keys = [(KEY_PROPERTY, id.as_str()), (page.line_key.as_str(), id.as_str())];
        let properties = properties.clone().with(Properties::from_iter(keys));
        let (sent, why) = match reached.rows.rows.get(key) {
            Some(known) => (unsaid(&properties, &known.base), Why::Changed),
            None => (properties.filtered(|_, value| !value.is_empty()), Why::New),
        };
        if sent.is_empty() {
            reached.line_items.unchanged += 1;
            continue;
        }
        changed.push(Wanted { place: 0, key: key.clone(), properties, sent, why });
    }
    changed
}

/// What the line item of a row still has to be told.
fn unsaid(properties: &Properties, base: &Base) -> Properties {
    properties.filtered(|name, value| !base.matches(name, value))
}

/// A row again whose line item turned out to be another one than before, with what that one lacks.
fn remade(one: &Writing<'_>, row: Wanted) -> Option<Wanted> {
    let is_another = row.why == Why::Changed && one.loose.iter().any(|(key, _)| *key == row.key);
    let known = one.reached.rows.rows.get(&row.key).filter(|_| is_another && one.stop.is_none())?;
    let sent = unsaid(&row.properties, &known.base);
    (!sent.is_empty()).then_some(Wanted { sent, why: Why::Remade, ..row })
}

fn settle(one: &mut Writing<'_>, row: &Wanted, outcome: Outcome) {
    match outcome {
        Outcome::Written { record } => written(one, row, HubspotId(record.id)),
        // HubSpot takes no negative price, and perhaps no negative quantity either (contract hubspot-crm §13 point 7): the
        // invoice stays, its total is right, and the row that is missing is told.
        Outcome::Refused(error) if is_negative(&row.properties) && error.kind != InputErrorKind::Retryable => {
            one.reached.line_items.excluded += 1;
            one.reached.left_out.push((row.key.clone(), error.to_string()));
            // What it was before would be taken for what it is.
            let before = one.reached.rows.rows.get(&row.key);
            one.surplus.extend(before.map(|before| before.hubspot_id.clone()));
        }
        Outcome::Refused(error) if error.kind == InputErrorKind::Retryable => one.stop(Stop::Again),
        Outcome::Refused(error) => {
            one.reached.line_items.failed += 1;
            one.stop(Stop::Refused(error));
        }
        Outcome::Unknown => one.stop(Stop::Again),
    }
}

fn written(one: &mut Writing<'_>, row: &Wanted, line: HubspotId) {
    let counts = &mut one.reached.line_items;
    match row.why {
        Why::New => counts.created += 1,
        Why::Changed => counts.updated += 1,
        Why::Remade => {}
    }
    one.reached.touched = true;
    let same = one.reached.rows.rows.get(&row.key).is_some_and(|known| known.hubspot_id == line);
    if !same {
        one.loose.push((row.key.clone(), line.clone()));
    }
    let rows = &mut one.reached.rows.rows;
    // What is not mapped at this moment stays in HubSpot, and has to be known when it is mapped again: a discount that is gone from
    // Kleer meanwhile would count for ever.
    let before = rows.get(&row.key).filter(|_| same).map(|known| known.base.clone()).unwrap_or_default();
    let told = if same { &row.properties } else { &row.sent };
    rows.insert(row.key.clone(), BoundRow { hubspot_id: line, base: before.with(told) });
}

fn is_negative(row: &Properties) -> bool {
    ["quantity", "price"].iter().any(|name| row.get(name).is_some_and(|value| value.starts_with('-')))
}
