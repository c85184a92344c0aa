//! What comes when rows are there: statuses that need them, and the end of rows that Kleer no longer has.

use domain::{HubspotId, Properties};
use hubspot::{InputError, InputErrorKind, Outcome, Update};

use super::batches::remove;
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
                let told = one.status.take().map(|status| Properties::from_iter([(INVOICE_STATUS, status)]));
                one.reached.base = Some(one.base().clone().with(&told.unwrap_or_default()));
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
    let mut surplus: Vec<(usize, HubspotId)> = Vec::new();
    for (place, one) in writing.iter().enumerate().filter(|(_, one)| one.may_archive()) {
        surplus.extend(one.surplus.iter().map(|id| (place, id.clone())));
    }
    let objects = destination.connection.hubspot.objects();
    let object = &destination.page.line_object;
    let send = async |part: &[(usize, HubspotId)]| {
        let ids: Vec<String> = part.iter().map(|(_, id)| id.as_str().to_owned()).collect();
        objects.batch_archive(object, &ids).await
    };
    let is_about = |error: &InputError, (_, id): &(usize, HubspotId)| error.ids().any(|one| one == id.as_str());
    let (left, failure) = remove(hubspot::BATCH_LIMIT, &surplus, send, is_about).await;
    if failure.is_some() {
        return failure;
    }
    for ((place, id), left) in surplus.into_iter().zip(left) {
        let one = &mut writing[place];
        match left {
            Some(error) => one.stop(Stop::Refused(error)),
            None => {
                one.reached.touched = true;
                one.surplus.retain(|known| *known != id);
                one.reached.rows.rows.retain(|_, row| row.hubspot_id != id);
            }
        }
    }
    None
}
