//! The records themselves: who is created, who is updated.

use std::collections::BTreeMap;

use domain::{Base, HubspotId, Properties, Stage};
use hubspot::{BatchRead, InputErrorKind, Outcome, Update, Upsert};

use super::batches::RECORDS;
use super::{Destination, Stop, Work, Writing};

/// Writes the records; answers a call that failed as a call.
pub(super) async fn write(destination: Destination<'_>, writing: &mut [Writing<'_>]) -> Option<rest::Error> {
    let (mut upserts, mut updates) = (Vec::new(), Vec::new());
    for (place, one) in writing.iter_mut().enumerate() {
        one.status = status_to_wait(destination, one.work);
        match &one.work.change.hubspot_id {
            _ if !one.work.change.kind.writes() => {}
            None => upserts.push((place, upsert(destination, one.work))),
            Some(id) => updates.extend(update(destination, id, one.work).map(|update| (place, update))),
        }
    }
    let (upsert_places, upserts): (Vec<usize>, Vec<Upsert>) = upserts.into_iter().unzip();
    let (update_places, updates): (Vec<usize>, Vec<Update>) = updates.into_iter().unzip();
    let object = &destination.page.hubspot_object;
    let key = &destination.page.key;
    let (upserted, updated) =
        futures::future::join(create(destination, object, key, &upserts), change(destination, &updates)).await;
    let places = upsert_places.into_iter().zip(upserted.0).chain(update_places.into_iter().zip(updated.0));
    for (place, outcome) in places {
        settle(destination, &mut writing[place], outcome);
    }
    upserted.1.or(updated.1)
}

/// The status that an invoice gets only when its rows are there; none if it can be written at once.
fn status_to_wait(destination: Destination<'_>, work: &Work<'_>) -> Option<String> {
    let (_, status) = work.properties.iter().find(|(name, _)| destination.is_status(name))?;
    let known = |(key, _): &(String, Properties)| work.before.rows.rows.contains_key(key);
    // Without rows there is no status, and one that is refused must not keep the invoice's other values out.
    let rows = &work.linked.rows;
    let has_rows = work.change.hubspot_id.is_some() && !rows.is_empty() && rows.iter().all(known);
    let name = super::INVOICE_STATUS;
    (!has_rows && !status.is_empty() && !work.before.base.matches(name, status)).then(|| status.to_owned())
}

/// A first write sends what has a value; the key is repeated among the properties, which is harmless (contract hubspot-crm
/// §4).
pub(super) fn upsert(destination: Destination<'_>, work: &Work<'_>) -> Upsert {
    let id = work.change.kleer_id.to_string();
    let waits = |name: &str| destination.is_status(name);
    let mut properties = work.properties.filtered(|name, value| !value.is_empty() && !waits(name)).into_map();
    properties.extend(work.change.content.stage.iter().flat_map(|stage| stage.properties().into_map()));
    Upsert { trace_id: id.clone(), id, id_property: destination.page.key.clone(), properties }
}

/// A later write sends only what has changed since, emptied values included. None if nothing has.
pub(crate) fn update(destination: Destination<'_>, id: &HubspotId, work: &Work<'_>) -> Option<Update> {
    let waits = |name: &str| destination.is_status(name) && status_to_wait(destination, work).is_some();
    let base = &work.before.base;
    let mut changed = work.properties.filtered(|name, value| !base.matches(name, value) && !waits(name)).into_map();
    let stage = work.change.content.stage.as_ref().filter(|stage| !stage.is_known(base));
    changed.extend(stage.into_iter().flat_map(|stage| stage.properties().into_map()));
    if changed.is_empty() {
        return None;
    }
    changed.extend(fixed(destination));
    Some(Update { id: id.as_str().to_owned(), properties: changed, trace_id: work.change.kleer_id.to_string() })
}

/// What is written with every record, whatever is mapped.
pub(super) fn fixed(destination: Destination<'_>) -> BTreeMap<String, String> {
    destination.fixed().iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

/// Creates records by a unique property, or changes them; looks for those about which the answer said nothing: if they were
/// made in this run, they are as they should be. Nothing is known of others, and upserting them again is safe.
pub(super) async fn create(
    destination: Destination<'_>,
    object: &str,
    key: &str,
    upserts: &[Upsert],
) -> (Vec<Outcome>, Option<rest::Error>) {
    let objects = destination.connection.hubspot.objects();
    let send = async |inputs: &[Upsert]| Ok(objects.batch_upsert(object, inputs).await?.outcomes(inputs));
    let mut sent = RECORDS.send(upserts, send).await;
    if sent.failure.is_none() {
        sent.failure = look_up(destination, object, key, upserts, &mut sent.outcomes).await;
    }
    (sent.outcomes, sent.failure)
}

async fn look_up(
    destination: Destination<'_>,
    object: &str,
    key: &str,
    upserts: &[Upsert],
    outcomes: &mut [Outcome],
) -> Option<rest::Error> {
    let unknown: Vec<usize> = (0..outcomes.len()).filter(|&place| outcomes[place] == Outcome::Unknown).collect();
    for places in unknown.chunks(hubspot::BATCH_LIMIT) {
        let read = BatchRead {
            ids: places.iter().map(|&place| upserts[place].id.clone()).collect(),
            id_property: Some(key.to_owned()),
            properties: vec![key.to_owned()],
        };
        match destination.connection.hubspot.objects().batch_read(object, &read).await {
            Ok(answer) => {
                for (&place, outcome) in places.iter().zip(answer.outcomes_of(&read.keys())) {
                    if matches!(&outcome, Outcome::Written { record } if destination.is_of_this_run(record)) {
                        outcomes[place] = outcome;
                    }
                }
            }
            Err(error) => return Some(error),
        }
    }
    None
}

/// Changes records by their ids. Where HubSpot does not take what is written with every record, it is left out: it was
/// written when the record was made.
pub(super) async fn change(destination: Destination<'_>, updates: &[Update]) -> (Vec<Outcome>, Option<rest::Error>) {
    let mut sent = send_updates(destination, updates).await;
    let without: Vec<(usize, Update)> = (0..updates.len())
        .filter(|&place| refuses_fixed(destination, &sent.outcomes[place]))
        .filter_map(|place| Some((place, without_fixed(destination, &updates[place])?)))
        .collect();
    if sent.failure.is_some() || without.is_empty() {
        return (sent.outcomes, sent.failure);
    }
    let (places, again): (Vec<usize>, Vec<Update>) = without.into_iter().unzip();
    let second = send_updates(destination, &again).await;
    for (place, outcome) in places.into_iter().zip(second.outcomes) {
        sent.outcomes[place] = outcome;
    }
    (sent.outcomes, second.failure)
}

async fn send_updates(destination: Destination<'_>, updates: &[Update]) -> super::batches::Outcomes<Outcome> {
    let objects = destination.connection.hubspot.objects();
    let object = &destination.page.hubspot_object;
    RECORDS
        .send(updates, async |inputs: &[Update]| Ok(objects.batch_update(object, inputs).await?.outcomes(inputs)))
        .await
}

fn refuses_fixed(destination: Destination<'_>, outcome: &Outcome) -> bool {
    let is_fixed = |name: &str| destination.fixed().iter().any(|(fixed, _)| *fixed == name);
    let Outcome::Refused(error) = outcome else { return false };
    !error.properties.is_empty() && error.properties.iter().all(|error| is_fixed(&error.property))
}

fn without_fixed(destination: Destination<'_>, update: &Update) -> Option<Update> {
    let mut update = update.clone();
    destination.fixed().iter().for_each(|(name, _)| drop(update.properties.remove(*name)));
    (!update.properties.is_empty()).then_some(update)
}

/// What HubSpot was told of a record by now: all but a status that waits.
fn told(destination: Destination<'_>, one: &Writing<'_>) -> Base {
    let waits = |name: &str| one.status.is_some() && destination.is_status(name);
    let stage = one.work.change.content.stage.as_ref().map(Stage::remembered).unwrap_or_default();
    let told = one.work.properties.filtered(|name, _| !waits(name)).with(stage);
    one.work.before.base.clone().with(&told)
}

fn settle(destination: Destination<'_>, one: &mut Writing<'_>, outcome: Outcome) {
    let unbound = one.work.change.hubspot_id.is_none();
    match outcome {
        Outcome::Written { record } => {
            // A create whose answer was lost comes back as found; its age tells that we made it.
            one.reached.created = unbound && (record.new.unwrap_or(true) || destination.is_of_this_run(&record));
            one.reached.touched = true;
            one.reached.base = Some(told(destination, one));
            one.reached.id = Some(HubspotId(record.id));
        }
        Outcome::Refused(error) => match error.kind {
            InputErrorKind::ObjectNotFound if !unbound => one.stop(Stop::Gone),
            InputErrorKind::Retryable => one.stop(Stop::Again),
            _ => one.stop(Stop::Refused(error)),
        },
        Outcome::Unknown => one.stop(Stop::Again),
    }
}

#[cfg(test)]
mod tests;
