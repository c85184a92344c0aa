//! What an answer makes of an execution (contract hubspot-platform §6.2), and completing a blocked one (§6.4).

use std::collections::BTreeMap;

use bytes::Bytes;
use http::Response;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Span, Timestamp, ToSpan};
use serde_json::{Map, Value};

use super::State;
use super::change::Change;
use super::error::ApiError;
use super::executions::{Execution, ExecutionState};
use crate::deliveries::DeliveryFailure;

/// The output that decides.
const STATE: &str = "hs_execution_state";
/// The output that limits a block.
const EXPIRY: &str = "hs_expiration_duration";
/// Retries end so long after the enrolment (contract §6.2).
const PATIENCE: SignedDuration = SignedDuration::from_hours(72);
/// The pause before the first retry, doubled for each further one up to the longest (*guess*; contract §10, 7).
const FIRST_PAUSE_MS: i64 = 30_000;
const LONGEST_PAUSE_MS: i64 = 4 * 3_600_000;

/// What an answer says.
enum Verdict {
    Done(ExecutionState, BTreeMap<String, String>),
    Blocked(Span, BTreeMap<String, String>),
    /// Again, after the pause that was asked for.
    Again(Option<SignedDuration>),
}

impl State {
    /// The app has answered a call, or has not.
    pub(crate) fn call_answered(
        &mut self,
        callback_id: &str,
        answer: &Result<Response<Bytes>, DeliveryFailure>,
        now: Timestamp,
    ) {
        let Some(execution) = self.executions.get(callback_id).cloned() else { return };
        let verdict = match answer {
            Ok(response) => self.verdict(&execution, response),
            Err(_) => Verdict::Again(None),
        };
        let attempts = execution.attempts + 1;
        let last_status = answer.as_ref().ok().map(|response| response.status().as_u16());
        let execution = Execution { attempts, last_status, ..execution };
        let execution = match verdict {
            Verdict::Done(state, outputs) => Execution { state, outputs, next_at: None, ..execution },
            Verdict::Blocked(span, outputs) => {
                let until = now.to_zoned(TimeZone::UTC).saturating_add(span).timestamp();
                Execution { state: ExecutionState::Blocked, outputs, next_at: Some(until), ..execution }
            }
            Verdict::Again(asked) => {
                let at = now.saturating_add(asked.unwrap_or_else(|| self.backoff(attempts))).unwrap_or(now);
                let patient = at.duration_since(execution.enrolled_at) <= PATIENCE;
                let state = if patient { ExecutionState::Waiting } else { ExecutionState::Failed };
                Execution { state, next_at: patient.then_some(at), ..execution }
            }
        };
        self.commit(Change::Execution { execution });
    }

    /// Exponential, randomised by a fifth.
    fn backoff(&mut self, attempts: u32) -> SignedDuration {
        let doubled = FIRST_PAUSE_MS << (attempts - 1).min(20);
        SignedDuration::from_millis(doubled.min(LONGEST_PAUSE_MS) / 1000 * (800 + self.draw(401)))
    }

    fn verdict(&mut self, execution: &Execution, response: &Response<Bytes>) -> Verdict {
        match response.status().as_u16() {
            200..=299 => {
                let outputs = outputs(response.body());
                if outputs.is_none() {
                    let what = format!("{}: a 2xx without outputFields counts as success", execution.action);
                    self.complaints.push(what);
                }
                self.said(execution, outputs.unwrap_or_default())
            }
            429 => Verdict::Again(retry_after(response)),
            500..=599 => Verdict::Again(None),
            _ => Verdict::Done(ExecutionState::Failed, BTreeMap::new()),
        }
    }

    /// What the outputs of a 2xx say.
    fn said(&mut self, execution: &Execution, outputs: BTreeMap<String, String>) -> Verdict {
        match outputs.get(STATE).map(String::as_str) {
            None | Some("SUCCESS") => Verdict::Done(ExecutionState::Succeeded, outputs),
            Some("FAIL_CONTINUE") => Verdict::Done(ExecutionState::FailedContinue, outputs),
            // Nobody has explained what ASYNC does (contract §6.2); it is taken for a block (guess).
            Some("BLOCK" | "ASYNC") => Verdict::Blocked(expiry(&outputs), outputs),
            Some(other) => {
                self.complaints.push(format!("{}: unknown {STATE} {other}", execution.action));
                Verdict::Done(ExecutionState::Succeeded, outputs)
            }
        }
    }

    /// The app completes a blocked execution of a portal. Anything else than a blocked one is not found (*guess*).
    pub(crate) fn complete(
        &mut self,
        portal: u64,
        callback_id: &str,
        outputs: BTreeMap<String, String>,
    ) -> Result<(), ApiError> {
        let blocked = |one: &&Execution| one.portal == portal && one.state == ExecutionState::Blocked;
        let found = self.executions.get(callback_id).filter(blocked).cloned();
        let execution = found.ok_or_else(ApiError::not_found)?;
        let state = match outputs.get(STATE).map(String::as_str) {
            None | Some("SUCCESS") => ExecutionState::Succeeded,
            Some("FAIL_CONTINUE") => ExecutionState::FailedContinue,
            Some(other) => return Err(ApiError::validation(format!("{STATE} cannot be {other} here"))),
        };
        self.commit(Change::Execution { execution: Execution { state, outputs, next_at: None, ..execution } });
        Ok(())
    }
}

/// `outputFields` of an answer; a value that is no text stands as its JSON.
fn outputs(body: &Bytes) -> Option<BTreeMap<String, String>> {
    #[derive(serde::Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Answer {
        output_fields: Map<String, Value>,
    }
    let answer: Answer = serde_json::from_slice(body).ok()?;
    let text = |value: Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    Some(answer.output_fields.into_iter().map(|(name, value)| (name, text(value))).collect())
}

/// How long a block lasts; a week unless the app says otherwise.
fn expiry(outputs: &BTreeMap<String, String>) -> Span {
    outputs.get(EXPIRY).and_then(|text| text.parse().ok()).unwrap_or_else(|| 7.days())
}

fn retry_after(response: &Response<Bytes>) -> Option<SignedDuration> {
    let text = response.headers().get(http::header::RETRY_AFTER)?.to_str().ok()?;
    text.trim().parse().ok().map(SignedDuration::from_secs)
}
