//! One call from its claim to its answer: each is executed once, within the time that HubSpot allows (contract
//! hubspot-platform §6.2, §6.3).

use std::time::Duration;

use app::{App, Connection};
use domain::schedule::later;
use domain::{Activity, ActivityKind, PortalId};
use jiff::Timestamp;
use serde_json::{Map, Value, json};
use store::Callback;

use crate::Action;
use crate::call::Call;
use crate::code::ErrorCode;
use crate::definition::{NOTE, RESULT};
use crate::in_swedish;
use crate::outcome::{Deed, Done, Failure, SHORTLY, Trouble, outputs};
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
        Err(Trouble::Unauthorized(error)) => {
            tracing::warn!(portal = %call.portal, %error, "HubSpot lets us in no more; it calls again");
            Ended::Later { after: SHORTLY }
        }
    }
}

async fn once(app: &App, action: Action, call: &Call) -> Result<Ended, Trouble> {
    if !call.object_type.eq_ignore_ascii_case(action.definition().runs_on.wire()) {
        return Err(Failure::of(ErrorCode::WrongObject).into());
    }
    let begun = app.clock.now();
    let sent_away = |least| Ok(Ended::Full { after: app.crowd.turn(call.portal, begun, least) });
    let Some(_inside) = app.crowd.enter(call.portal, AT_ONCE) else { return sent_away(FULL) };
    // Renewing the access token may take long.
    let connection = within(app, LONGEST, Box::pin(connect(app, call.portal))).await?;
    // Nobody has begun anything: it is free to refuse.
    let waiting = app.backlog(call.portal).await?;
    if waiting > FULL {
        return sent_away(waiting);
    }
    let now = app.clock.now();
    let claim = match app.store.claim_callback(call.portal, &call.callback_id, now, later(now, LEASE)).await? {
        Callback::Mine(claim) => claim,
        Callback::Answered(answer) => return kept(action, &answer),
        Callback::Busy { .. } => return Err(Trouble::later(BUSY, "the same call is being executed")),
    };
    let work = Work { app, connection, definition: action.definition(), call, until: later(begun, NEEDED) };
    let left = Duration::try_from(later(begun, LONGEST).duration_since(now)).unwrap_or_default();
    let ended = match within(app, left, Box::pin(run(action, work))).await {
        Ok(done) => Ok(done),
        Err(Trouble::Failed(failure)) => Err(failure),
        Err(trouble) => {
            release(app, call, claim).await;
            return Err(trouble);
        }
    };
    let answer = answer(action, &ended);
    app.store.answer_callback(call.portal, &call.callback_id, claim, &answer.to_string(), later(now, KEPT)).await?;
    tell(app, action, call, &ended, now).await;
    Ok(Ended::Answer(answer))
}

/// Does something for so long at most.
async fn within<T>(app: &App, limit: Duration, work: impl Future<Output = Result<T, Trouble>>) -> Result<T, Trouble> {
    let ended = app.clock.timeout(limit, work).await;
    ended.unwrap_or_else(|_| Err(Trouble::later(SHORTLY, "it took longer than HubSpot waits")))
}

/// Does what the action is for; once more with another access token where HubSpot refuses the one there was before its time.
async fn run(action: Action, work: Work<'_>) -> Result<Done, Trouble> {
    let error = match Box::pin(action.run(&work)).await {
        Err(Trouble::Unauthorized(error)) => error,
        ended => return ended,
    };
    let connection = Box::pin(readmitted(&work, &error)).await?;
    let work = Work { connection, ..work };
    match Box::pin(action.run(&work)).await {
        // A new token is refused as well: HubSpot is asked whether the app is still installed.
        Err(Trouble::Unauthorized(error)) => {
            Box::pin(readmitted(&work, &error)).await?;
            Err(Trouble::later(SHORTLY, error))
        }
        ended => ended,
    }
}

/// A connection with another access token, after HubSpot refused that of the one there was.
async fn readmitted(work: &Work<'_>, error: &rest::Error) -> Result<Connection, Trouble> {
    let (app, portal) = (work.app, work.portal());
    let is_set_aside = app.token_refused(portal, error).await?;
    // Where the app was uninstalled, this says so.
    let connection = connect(app, portal).await?;
    if is_set_aside {
        return Ok(connection);
    }
    match app.refresh_token(portal).await {
        // Nobody but a person can give us another one.
        Ok(None) => Err(Failure::of(ErrorCode::NotConnected).into()),
        Ok(Some(_)) => Err(Trouble::later(SHORTLY, error)),
        Err(error) => Err(Trouble::later(SHORTLY, error)),
    }
}

/// Lets a retry claim the call at once.
async fn release(app: &App, call: &Call, claim: u64) {
    if let Err(error) = app.store.release_callback(call.portal, &call.callback_id, claim).await {
        tracing::warn!(portal = %call.portal, %error, "the claim of a call ends with its lease");
    }
}

/// What a call is told that was answered before. What it created is there by now: like any other call for that record, it skips.
fn kept(action: Action, answer: &str) -> Result<Ended, Trouble> {
    let mut answer: Value = serde_json::from_str(answer).map_err(|error| Trouble::later(SHORTLY, error))?;
    let definition = action.definition();
    if let Some(outputs) = answer.get_mut("outputFields").and_then(Value::as_object_mut)
        && outputs.get(RESULT.name).is_some_and(|result| result == Deed::Created.as_str())
    {
        let id = outputs.get(definition.id_output.name).and_then(Value::as_str).unwrap_or_default();
        let note = definition.already(id);
        outputs.insert(RESULT.name.to_owned(), Deed::Skipped.as_str().into());
        outputs.insert(NOTE.name.to_owned(), note.into());
    }
    Ok(Ended::Answer(answer))
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
            let swedish = Some(in_swedish::done(action.definition(), *deed, note));
            Activity { kleer_id: Some(*kleer_id), swedish, ..Activity::new(now, ActivityKind::Action, message) }
        }
        Err(failure) => {
            let code = failure.code.as_str();
            tracing::info!(%portal, %record, action = action.definition().name, code, "the action failed; a person can mend it");
            let message = format!("{title}: {}", failure.message);
            let swedish = Some(in_swedish::failed(action.definition(), failure));
            Activity { kleer_id: failure.kleer_id, swedish, ..Activity::new(now, ActivityKind::ActionFailed, message) }
        }
    };
    let object = action.makes();
    let activity = Activity { object: Some(object), hubspot_id: Some(record.clone()), ..activity };
    if let Err(error) = app.store.note_activity(portal, &activity).await {
        tracing::warn!(%portal, %error, "the activity list could not be written");
    }
}
