//! Writing a page's records to HubSpot: who is created, who is updated, and what came of each.

use std::collections::BTreeMap;
use std::time::Duration;

use app::Connection;
use domain::projection::KEY_PROPERTY;
use domain::{Base, Change, ChangeKind, HubspotId, Properties};
use hubspot::{ApiError, BatchAnswer, BatchRead, InputError, InputErrorKind, InputKey, Outcome, Update, Upsert};
use jiff::Timestamp;

/// How many single refusals one bisected batch may cost before the rest is taken to be refused alike.
const BISECT_LIMIT: u32 = 20;

/// HubSpot's clock and ours may differ by this much when a record's age is judged.
const CLOCK_SKEW: Duration = Duration::from_secs(60);

/// What came of one record.
#[derive(Debug)]
pub(super) enum Verdict {
    /// It is in HubSpot as it should be; `created` if this run made it.
    Written {
        /// The record.
        id: HubspotId,
        /// Made by this run, rather than found.
        created: bool,
    },
    /// There was nothing to write.
    Nothing,
    /// HubSpot said no.
    Refused(InputError),
    /// The record is no longer in HubSpot.
    Gone,
    /// Nothing is known, or HubSpot asks to try again: the record must be written again.
    Again,
}

/// One record to write.
#[derive(Debug)]
pub(super) struct Work<'a> {
    /// The planned change.
    pub(super) change: &'a Change,
    /// What HubSpot was last told.
    pub(super) base: Base,
}

/// What came of writing a page.
#[derive(Debug)]
pub(super) struct Written {
    /// One verdict per record, in order; [`Verdict::Again`] where a call failed.
    pub(super) verdicts: Vec<Verdict>,
    /// A call that failed for a reason that is not one record's fault. What other calls wrote stands.
    pub(super) failure: Option<rest::Error>,
}

/// Writes the records of a page. A failed call never undoes what others have done.
pub(super) async fn write(
    connection: &Connection,
    hubspot_object: &str,
    work: &[Work<'_>],
    run_started: Timestamp,
) -> Written {
    let objects = connection.hubspot.objects();
    let (mut upserts, mut updates) = (Vec::new(), Vec::new());
    let mut verdicts: Vec<Verdict> = work.iter().map(|_| Verdict::Nothing).collect();
    for (place, work) in work.iter().enumerate() {
        match &work.change.hubspot_id {
            None => upserts.push((place, upsert(work.change))),
            Some(id) => updates.extend(update(id, work).map(|update| (place, update))),
        }
    }
    let (upsert_places, upserts): (Vec<usize>, Vec<Upsert>) = upserts.into_iter().unzip();
    let (update_places, updates): (Vec<usize>, Vec<Update>) = updates.into_iter().unzip();
    let (mut upserted, updated) = futures::future::join(
        batches(&upserts, async |inputs: &[Upsert]| objects.batch_upsert(hubspot_object, inputs).await),
        batches(&updates, async |inputs: &[Update]| objects.batch_update(hubspot_object, inputs).await),
    )
    .await;
    if upserted.failure.is_none() {
        upserted.failure = look_up(connection, hubspot_object, &upserts, &mut upserted.outcomes).await;
    }
    let outcomes =
        upsert_places.into_iter().zip(upserted.outcomes).chain(update_places.into_iter().zip(updated.outcomes));
    for (place, outcome) in outcomes {
        verdicts[place] = verdict(outcome, work[place].change.hubspot_id.is_none(), run_started);
    }
    Written { verdicts, failure: upserted.failure.or(updated.failure) }
}

/// Reads the records about which an upsert's answer said nothing: they may have been made.
async fn look_up(
    connection: &Connection,
    hubspot_object: &str,
    upserts: &[Upsert],
    outcomes: &mut [Outcome],
) -> Option<rest::Error> {
    let unknown: Vec<usize> = (0..outcomes.len()).filter(|&place| outcomes[place] == Outcome::Unknown).collect();
    for places in unknown.chunks(hubspot::BATCH_LIMIT) {
        let read = BatchRead {
            ids: places.iter().map(|&place| upserts[place].id.clone()).collect(),
            id_property: Some(KEY_PROPERTY.to_owned()),
            properties: vec![KEY_PROPERTY.to_owned()],
        };
        match connection.hubspot.objects().batch_read(hubspot_object, &read).await {
            Ok(answer) => {
                for (&place, outcome) in places.iter().zip(answer.outcomes_of(&read.keys())) {
                    if matches!(outcome, Outcome::Written { .. }) {
                        outcomes[place] = outcome;
                    }
                }
            }
            Err(error) => return Some(error),
        }
    }
    None
}

/// A first write sends what has a value; the id is repeated among the properties, which is harmless (contract hubspot-crm §4).
fn upsert(change: &Change) -> Upsert {
    let id = change.kleer_id.to_string();
    let mut properties = filled(&change.properties);
    properties.insert(KEY_PROPERTY.to_owned(), id.clone());
    Upsert { trace_id: id.clone(), id, id_property: KEY_PROPERTY.to_owned(), properties }
}

fn filled(properties: &Properties) -> BTreeMap<String, String> {
    properties.filtered(|_, value| !value.is_empty()).into_map()
}

/// A later write sends only what has changed since, emptied values included. None if nothing has.
fn update(id: &HubspotId, work: &Work<'_>) -> Option<Update> {
    let changed = work.change.properties.filtered(|name, value| !work.base.matches(name, value));
    (!changed.is_empty()).then(|| Update {
        id: id.as_str().to_owned(),
        properties: changed.into_map(),
        trace_id: work.change.kleer_id.to_string(),
    })
}

/// What came of several inputs.
#[derive(Debug, Default)]
struct Outcomes {
    /// One per input, in order; unknown where a call failed.
    outcomes: Vec<Outcome>,
    /// The first call that failed as a call.
    failure: Option<rest::Error>,
}

/// Sends inputs in batches of what HubSpot takes, side by side; the budget decides how many are in flight.
async fn batches<I>(inputs: &[I], send: impl AsyncFn(&[I]) -> Result<BatchAnswer, rest::Error>) -> Outcomes
where
    for<'a> InputKey<'a>: From<&'a I>,
{
    let batches = inputs.chunks(hubspot::BATCH_LIMIT).map(|batch| bisected(batch, &send));
    let mut all = Outcomes::default();
    for one in futures::future::join_all(batches).await {
        all.outcomes.extend(one.outcomes);
        all.failure = all.failure.or(one.failure);
    }
    all
}

/// Sends a batch; if HubSpot refuses it as a whole, its halves, down to the records that are to blame.
async fn bisected<I>(inputs: &[I], send: impl AsyncFn(&[I]) -> Result<BatchAnswer, rest::Error>) -> Outcomes
where
    for<'a> InputKey<'a>: From<&'a I>,
{
    let mut outcomes: Vec<Outcome> = inputs.iter().map(|_| Outcome::Unknown).collect();
    let mut parts: Vec<(usize, usize)> = if inputs.is_empty() { Vec::new() } else { vec![(0, inputs.len())] };
    let mut refusals = 0;
    while let Some((from, to)) = parts.pop() {
        match send(&inputs[from..to]).await {
            Ok(answer) => outcomes.splice(from..to, answer.outcomes(&inputs[from..to])).for_each(drop),
            Err(error) if is_about_records(&error) && (to - from == 1 || refusals >= BISECT_LIMIT) => {
                refusals += 1;
                let refused = ApiError::of(&error).into_input_error();
                outcomes[from..to].fill(Outcome::Refused(refused));
            }
            Err(error) if is_about_records(&error) => {
                let middle = from + (to - from) / 2;
                parts.extend([(middle, to), (from, middle)]);
            }
            Err(error) => return Outcomes { outcomes, failure: Some(error) },
        }
    }
    Outcomes { outcomes, failure: None }
}

/// A refusal of data rather than of the call. A bare 404 is a wrong address; one that names a missing record is not.
fn is_about_records(error: &rest::Error) -> bool {
    match error.status {
        Some(400) => !is_about_the_key(error),
        Some(404) => ApiError::of(error).category == "OBJECT_NOT_FOUND",
        status => matches!(status, Some(409 | 413 | 422)),
    }
}

/// Whether HubSpot says that `kleer_id` cannot identify records (any more): "Unable to perform update/upsert by non-unique
/// 0-2 property kleer_id …" (contract hubspot-crm §4).
pub(super) fn is_about_the_key(error: &rest::Error) -> bool {
    error.status == Some(400) && {
        let message = ApiError::of(error).message;
        message.contains("non-unique") && message.contains(KEY_PROPERTY)
    }
}

fn verdict(outcome: Outcome, unbound: bool, run_started: Timestamp) -> Verdict {
    match outcome {
        Outcome::Written { record } => {
            let oldest = run_started.checked_sub(CLOCK_SKEW).unwrap_or(run_started);
            let young = record.created_at.is_some_and(|at| at >= oldest);
            // A create whose answer was lost comes back as found; its age tells that we made it.
            let created = unbound && (record.new.unwrap_or(true) || young);
            Verdict::Written { id: HubspotId(record.id), created }
        }
        Outcome::Refused(error) => match error.kind {
            InputErrorKind::ObjectNotFound if !unbound => Verdict::Gone,
            InputErrorKind::Retryable => Verdict::Again,
            _ => Verdict::Refused(error),
        },
        Outcome::Unknown => Verdict::Again,
    }
}

/// Whether a change deactivates.
pub(super) fn deactivates(change: &Change) -> bool {
    change.kind == ChangeKind::Deactivate
}

#[cfg(test)]
mod tests;
