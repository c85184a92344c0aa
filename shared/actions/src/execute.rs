//! One call from its claim to its answer: each is executed once, within the time that HubSpot allows (contract
//! hubspot-platform §6.2, §6.3).

use std::time::Duration;

use app::App;
use domain::schedule::later;
use domain::{Activity, ActivityKind, PortalId};
use jiff::Timestamp;
use serde_json::{Map, Value, json};
use store::Callback;

use crate::Action;
use crate::call::Call;
use crate::code::ErrorCode;
use crate::outcome::{Done, Failure, SHORTLY, Trouble, outputs};
use crate::work::{Work, connect};

/// What is made in Kleer is answered within this; the rest of [`LONGEST`] is for what follows it.
const NEEDED: Duration = Duration::from_secs(8);
/// Nothing takes longer: HubSpot wants an answer within ten seconds, and calls again.
const LONGEST: Duration = Duration::from_millis(9_500);
/// The claim of a call lasts a little longer than its work may.
const LEASE: Duration = Duration::from_secs(15);
/// Where so much is waiting for its turn already, a call would not get to it in time.
const FULL: Duration = Duration::from_secs(4);
/// Calls of one portal under way in one process. Each asks Kleer some four times, four times a second: more would not come
/// through in time.
const AT_ONCE: usize = 6;
/// A call that is executed at this very moment is looked for again after this.
const BUSY: Duration = Duration::from_secs(5);
/// How long the answer to a call is kept: HubSpot repeats one for three days at most.
const KEPT: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// How a call ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ended {
    /// The body of a 200: done, skipped, or for a person to mend.
    Answer(Value),
    /// Too much waits already: HubSpot slows down and calls again.
    Full {
        /// After this.
        after: Duration,
    },
    /// It could not be done now: HubSpot calls again.
    Later {
        /// After this.
        after: Duration,
    },
}

/// Executes a call. Repeating it gives the same answer.
pub async fn execute(app: &App, action: Action, call: &Call) -> Ended {
    match once(app, action, call).await {
        Ok(ended) => ended,
        Err(Trouble::Failed(failure)) => Ended::Answer(answer(action, &Err(failure))),
        Err(Trouble::Later { after, reason }) => {
            let (portal, record, name) = (call.portal, &call.record, action.definition().name);
            tracing::warn!(%portal, %record, action = name, reason, "the action could not be done now; HubSpot calls again");
            Ended::Later { after }
        }
    }
}

async fn once(app: &App, action: Action, call: &Call) -> Result<Ended, Trouble> {
    let definition = action.definition();
    if !call.object_type.eq_ignore_ascii_case(definition.runs_on.wire()) {
        return Err(Failure::of(ErrorCode::WrongObject).into());
    }
    let Some(_inside) = app.crowd.enter(call.portal, AT_ONCE) else { return Ok(Ended::Full { after: FULL }) };
    let connection = connect(app, call.portal).await?;
    let now = app.clock.now();
    let claimed = app.store.claim_callback(call.portal, &call.callback_id, now, later(now, LEASE)).await?;
    let claim = match claimed {
        Callback::Mine(claim) => claim,
        Callback::Answered(answer) => return kept(&answer),
        Callback::Busy { .. } => return Err(Trouble::later(BUSY, "the same call is being executed")),
    };
    // Nobody has begun anything: it is free to refuse.
    let waiting = app.backlog(call.portal).await?;
    if waiting > FULL {
        release(app, call, claim).await;
        return Ok(Ended::Full { after: waiting });
    }
    let work = Work { app, connection, definition, call, until: later(now, NEEDED) };
    let ended = match app.clock.timeout(LONGEST, Box::pin(action.run(&work))).await {
        Ok(Ok(done)) => Ok(done),
        Ok(Err(Trouble::Failed(failure))) => Err(failure),
        Ok(Err(trouble)) => {
            release(app, call, claim).await;
            return Err(trouble);
        }
        Err(_) => {
            release(app, call, claim).await;
            return Err(Trouble::later(SHORTLY, "it took longer than HubSpot waits"));
        }
    };
    let answer = answer(action, &ended);
    app.store.answer_callback(call.portal, &call.callback_id, claim, &answer.to_string(), later(now, KEPT)).await?;
    tell(app, action, call, &ended, now).await;
    Ok(Ended::Answer(answer))
}

/// Lets a retry claim the call at once.
async fn release(app: &App, call: &Call, claim: u64) {
    if let Err(error) = app.store.release_callback(call.portal, &call.callback_id, claim).await {
        tracing::warn!(portal = %call.portal, %error, "the claim of a call ends with its lease");
    }
}

/// An answer that was given before.
fn kept(answer: &str) -> Result<Ended, Trouble> {
    serde_json::from_str(answer).map(Ended::Answer).map_err(|error| Trouble::later(SHORTLY, error))
}

/// The body of an answer.
fn answer(action: Action, ended: &Result<Done, Failure>) -> Value {
    let outputs = outputs(action.definition(), ended).into_iter();
    let outputs: Map<String, Value> = outputs.map(|(name, value)| (name.to_owned(), value.into())).collect();
    json!({ "outputFields": outputs })
}

/// Notes what an action did on the activity list. The list is for people: that it could not be written changes nothing.
async fn tell(app: &App, action: Action, call: &Call, ended: &Result<Done, Failure>, now: Timestamp) {
    let title = action.definition().title.en;
    let (portal, record): (PortalId, _) = (call.portal, &call.record);
    let activity = match ended {
        Ok(Done { deed, kleer_id, note }) => {
            tracing::info!(%portal, %record, %kleer_id, action = action.definition().name, deed = deed.as_str(), "action");
            let message = format!("{title}: {}. {note}", deed.as_str());
            let message = message.trim_end().to_owned();
            Activity { kleer_id: Some(*kleer_id), ..Activity::new(now, ActivityKind::Action, message) }
        }
        Err(failure) => {
            let code = failure.code.as_str();
            tracing::info!(%portal, %record, action = action.definition().name, code, "the action failed; a person can mend it");
            let message = format!("{title}: {}", failure.message);
            Activity { kleer_id: failure.kleer_id, ..Activity::new(now, ActivityKind::ActionFailed, message) }
        }
    };
    let object = action.makes();
    let activity = Activity { object: Some(object), hubspot_id: Some(record.clone()), ..activity };
    if let Err(error) = app.store.note_activity(portal, &activity).await {
        tracing::warn!(%portal, %error, "the activity list could not be written");
    }
}
