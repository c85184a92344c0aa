//! Sending inputs in batches, and finding the ones that HubSpot refuses.

use domain::projection::{KEY_PROPERTY, SYNC_KEY_PROPERTY};
use hubspot::{ApiError, InputError, InputErrorKind, Outcome, PairOutcome};

/// How many single refusals one bisected batch may cost before the rest is taken to be refused alike.
pub(super) const BISECT_LIMIT: u32 = 20;

/// What is known of a kind of batch.
#[derive(Debug, Clone, Copy)]
pub(super) struct Batches<O> {
    /// The most inputs in a call.
    limit: usize,
    /// The outcome of an input that was refused.
    refused: fn(InputError) -> O,
    /// The outcome of an input of which nothing is known.
    unknown: fn() -> O,
}

/// Batches over records.
pub(super) const RECORDS: Batches<Outcome> =
    Batches { limit: hubspot::BATCH_LIMIT, refused: Outcome::Refused, unknown: || Outcome::Unknown };

/// Pairs in one call: a quarter of what HubSpot takes (contract hubspot-crm §6), because a page waits for its longest call.
const PAIRS_PER_CALL: usize = hubspot::ASSOCIATE_LIMIT / 4;

/// Batches over pairs of records.
pub(super) const PAIRS: Batches<PairOutcome> =
    Batches { limit: PAIRS_PER_CALL, refused: PairOutcome::Refused, unknown: || PairOutcome::Unknown };

/// What came of several inputs.
#[derive(Debug)]
pub(super) struct Outcomes<O> {
    /// One per input, in order; unknown where a call failed.
    pub(super) outcomes: Vec<O>,
    /// The first call that failed as a call.
    pub(super) failure: Option<rest::Error>,
}

impl<O: Clone> Batches<O> {
    /// Sends inputs in batches of what HubSpot takes, side by side; the budget decides how many are in flight.
    pub(super) async fn send<I>(
        &self,
        inputs: &[I],
        send: impl AsyncFn(&[I]) -> Result<Vec<O>, rest::Error>,
    ) -> Outcomes<O> {
        let batches = inputs.chunks(self.limit).map(|batch| self.bisected(batch, &send));
        let mut all = Outcomes { outcomes: Vec::with_capacity(inputs.len()), failure: None };
        for one in futures::future::join_all(batches).await {
            all.outcomes.extend(one.outcomes);
            all.failure = all.failure.or(one.failure);
        }
        all
    }

    /// Sends a batch; if HubSpot refuses it as a whole, its halves, down to the inputs that are to blame.
    pub(super) async fn bisected<I>(
        &self,
        inputs: &[I],
        send: impl AsyncFn(&[I]) -> Result<Vec<O>, rest::Error>,
    ) -> Outcomes<O> {
        let mut outcomes: Vec<O> = inputs.iter().map(|_| (self.unknown)()).collect();
        let mut parts: Vec<(usize, usize)> = if inputs.is_empty() { Vec::new() } else { vec![(0, inputs.len())] };
        let mut refusals = 0;
        while let Some((from, to)) = parts.pop() {
            match send(&inputs[from..to]).await {
                Ok(answered) => outcomes.splice(from..to, answered).for_each(drop),
                Err(error) if is_about_records(&error) && (to - from == 1 || refusals >= BISECT_LIMIT) => {
                    refusals += 1;
                    outcomes[from..to].fill((self.refused)(ApiError::of(&error).into_input_error()));
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
}

/// Removes things in batches: which of them HubSpot did not remove, and a call that failed as a call. What is not there any more
/// is removed.
pub(super) async fn remove<T>(
    limit: usize,
    things: &[T],
    send: impl AsyncFn(&[T]) -> Result<Vec<InputError>, rest::Error>,
    is_about: impl Fn(&InputError, &T) -> bool,
) -> (Vec<Option<InputError>>, Option<rest::Error>) {
    let is_gone = |error: &InputError| error.kind == InputErrorKind::ObjectNotFound;
    let mut left: Vec<Option<InputError>> = things.iter().map(|_| None).collect();
    let mut parts: Vec<(usize, usize)> =
        (0..things.len()).step_by(limit).map(|from| (from, things.len().min(from + limit))).collect();
    while let Some((from, to)) = parts.pop() {
        match send(&things[from..to]).await {
            Ok(errors) => {
                for error in errors.iter().filter(|error| !is_gone(error)) {
                    tracing::warn!(%error, "something could not be removed");
                    for place in (from..to).filter(|&place| is_about(error, &things[place])) {
                        left[place] = Some(error.clone());
                    }
                }
            }
            Err(error) if is_about_records(&error) && to - from == 1 => {
                let refused = ApiError::of(&error).into_input_error();
                left[from] = Some(refused).filter(|refused| !is_gone(refused));
            }
            Err(error) if is_about_records(&error) => {
                let middle = from + (to - from) / 2;
                parts.extend([(middle, to), (from, middle)]);
            }
            Err(error) => return (left, Some(error)),
        }
    }
    (left, None)
}

/// A refusal of data rather than of the call. A bare 404 is a wrong address; one that names a missing record is not.
pub(super) fn is_about_records(error: &rest::Error) -> bool {
    match error.status {
        Some(400) => !is_about_the_key(error),
        Some(404) => ApiError::of(error).category == "OBJECT_NOT_FOUND",
        status => matches!(status, Some(409 | 413 | 422)),
    }
}

/// Whether HubSpot says that our key cannot identify records (any more): "Unable to perform update/upsert by non-unique
/// 0-2 property kleer_id …" (contract hubspot-crm §4).
pub(in crate::outbound) fn is_about_the_key(error: &rest::Error) -> bool {
    error.status == Some(400) && {
        let message = ApiError::of(error).message;
        message.contains("non-unique") && [KEY_PROPERTY, SYNC_KEY_PROPERTY].iter().any(|key| message.contains(key))
    }
}

#[cfg(test)]
mod tests;
