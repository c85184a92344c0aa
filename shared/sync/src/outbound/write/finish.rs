//! What comes when rows are there: statuses that need them, and the end of rows that Kleer no longer has.

use hubspot::{InputErrorKind, Outcome, Update};

use super::{Destination, INVOICE_STATUS, Stop, Writing};

/// Writes the statuses that waited for rows; answers a call that failed as a call.
pub(super) async fn set_statuses(destination: Destination<'_>, writing: &mut [Writing<'_>]) -> Option<rest::Error> {
    let waiting = |one: &Writing<'_>| Some((one.id()?.as_str().to_owned(), one.status.clone()?));
    let (places, updates): (Vec<usize>, Vec<Update>) = writing
        .iter()
        .enumerate()
        .filter_map(|(place, one)| {
            let (id, status) = waiting(one)?;
            let mut properties = super::records::fixed(destination);
            properties.insert(INVOICE_STATUS.to_owned(), status);
            Some((place, Update { id, properties, trace_id: one.work.change.kleer_id.to_string() }))
        })
        .unzip();
    let (outcomes, failure) = super::records::change(destination, &updates).await;
    for (place, outcome) in places.into_iter().zip(outcomes) {
        let one = &mut writing[place];
        match outcome {
            Outcome::Written { .. } => {
                one.reached.touched = true;
                one.status = None;
            }
            Outcome::Refused(error) => match error.kind {
                InputErrorKind::ObjectNotFound => one.stop(Stop::Gone),
                InputErrorKind::Retryable => one.stop(Stop::Again),
                _ => one.stop(Stop::Refused(error)),
            },
            Outcome::Unknown => one.stop(Stop::Again),
        }
    }
    failure
}

/// Archives the line items that Kleer no longer has: nothing else is ever deleted in HubSpot (design §3 Deletes).
pub(super) async fn archive(destination: Destination<'_>, writing: &mut [Writing<'_>]) -> Option<rest::Error> {
    let surplus = |one: &Writing<'_>| one.surplus.iter().map(|id| id.as_str().to_owned()).collect::<Vec<_>>();
    let ids: Vec<String> = writing.iter().filter(|one| one.id().is_some()).flat_map(surplus).collect();
    let objects = destination.connection.hubspot.objects();
    for ids in ids.chunks(hubspot::BATCH_LIMIT) {
        match objects.batch_archive(&destination.page.line_object, ids).await {
            Ok(errors) => errors.iter().for_each(|error| tracing::warn!(%error, "a line item could not be archived")),
            Err(error) => return Some(error),
        }
    }
    for one in writing.iter_mut().filter(|one| one.id().is_some()) {
        let gone = std::mem::take(&mut one.surplus);
        one.reached.touched |= !gone.is_empty();
        one.reached.rows.rows.retain(|_, row| !gone.contains(&row.hubspot_id));
    }
    None
}
