//! HubSpot's HTTP face: finding the route, authentication, budgets, then the handler.

mod account;
mod associations;
mod automation;
mod batch;
pub(crate) mod call;
mod oauth;
mod objects;
pub(crate) mod path;
mod properties;
pub(crate) mod routes;
mod schemas;
pub(crate) mod scopes;
mod wire;

use bytes::Bytes;
use http::Request;
use jiff::Timestamp;
use serde_json::json;

use self::call::{Answer, Call};
use self::path::{Path, Version};
use self::routes::Route;
use crate::faults::Fault;
use crate::log::Log;
use crate::state::State;
use crate::state::error::ApiError;
use crate::state::oauth::Actor;
use crate::state::rate::{self, Bucket, Reading};
use crate::state::record::moment;

/// How a call is to be carried out, when something is to go wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    /// As it should be.
    Whole,
    /// Everything but the handler: nothing is changed, and the answer is empty.
    Nothing,
    /// As if the budget were used up.
    Refused,
    /// As it should be, but for every so-many-th input of a batch.
    Mixed(usize),
}

impl Mode {
    /// What a fault makes of the call itself; what it makes of the answer is done later.
    pub(crate) fn of(fault: Option<&Fault>) -> Mode {
        match fault {
            Some(Fault::RateLimited { .. }) => Mode::Refused,
            Some(Fault::Mixed { every }) => Mode::Mixed((*every).max(1)),
            Some(Fault::Empty {} | Fault::NotSent {}) => Mode::Nothing,
            Some(
                Fault::Status { saved: false, .. }
                | Fault::Html { saved: false, .. }
                | Fault::Reset { saved: false }
                | Fault::Truncated { saved: false },
            ) => Mode::Nothing,
            _ => Mode::Whole,
        }
    }
}

/// Answers a call to HubSpot's paths; also says which template it fell under.
pub(crate) fn answer(
    state: &mut State,
    log: &mut Log,
    request: &Request<Bytes>,
    now: Timestamp,
    mode: Mode,
) -> (Answer, &'static str) {
    let path = Path::parse(request.uri().path());
    let Some((route, params)) = routes::find(request.method().as_str(), &path) else {
        log.unexpected(format!("unknown path: {} {}", request.method(), request.uri().path()));
        return (refusal(state, &ApiError::not_found()), "unknown");
    };
    let query = request.uri().query().unwrap_or_default();
    let mut call = Call {
        state,
        now,
        version: path.version.unwrap_or(Version::Legacy(1)),
        params,
        query: serde_urlencoded::from_str(query).unwrap_or_default(),
        body: request.body(),
        actor: None,
        spoiled: if let Mode::Mixed(every) = mode { Some(every) } else { None },
        unexpected: Vec::new(),
    };
    let mut reading = None;
    let result = admit(&mut call, route, request, mode, &mut reading).and_then(|()| match mode {
        Mode::Nothing => Ok(nothing(now)),
        Mode::Whole | Mode::Refused | Mode::Mixed(_) => (route.handler)(&mut call),
    });
    let unexpected = std::mem::take(&mut call.unexpected);
    for what in unexpected {
        log.unexpected(format!("{} {}: {what}", request.method(), request.uri().path()));
    }
    let mut answer = result.unwrap_or_else(|error| refusal(state, &error));
    answer.headers.extend(budget_headers(route.bucket, reading));
    (answer, route.template)
}

/// Authentication, then the budget.
fn admit(
    call: &mut Call<'_>,
    route: &Route,
    request: &Request<Bytes>,
    mode: Mode,
    reading: &mut Option<Reading>,
) -> Result<(), ApiError> {
    if route.bucket == Bucket::Free {
        return if mode == Mode::Refused { Err(exhausted(call, route.bucket)) } else { Ok(()) };
    }
    let header = request.headers().get(http::header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let bearer = header.and_then(|header| header.strip_prefix("Bearer ").or_else(|| header.strip_prefix("bearer ")));
    let actor = call.state.authenticate(bearer, call.now)?;
    let caller = caller(&actor);
    call.actor = Some(actor);
    if mode == Mode::Refused {
        return Err(exhausted(call, route.bucket));
    }
    let off = call.portal()?.switches.limits_off;
    let Some(limit) = route.bucket.limit(&call.state.limits).filter(|_| !off) else { return Ok(()) };
    let taken = call.state.meters.take(caller, route.bucket, limit, call.now);
    *reading = Some(taken.unwrap_or_else(|reading| reading));
    taken.map(|_| ()).map_err(|_| exhausted(call, route.bucket))
}

/// Budgets are per portal and app; a person has budgets of their own.
fn caller(actor: &Actor) -> (u64, u64) {
    (actor.portal, actor.source.id)
}

fn exhausted(call: &Call<'_>, bucket: Bucket) -> ApiError {
    rate::exhausted(bucket, call.state.app.app_id, call.portal_id())
}

/// On every counted answer but search's (contract §8).
fn budget_headers(bucket: Bucket, reading: Option<Reading>) -> Vec<(&'static str, String)> {
    match reading {
        Some(reading) if bucket != Bucket::Search => vec![
            ("x-hubspot-ratelimit-max", reading.limit.requests.to_string()),
            ("x-hubspot-ratelimit-remaining", reading.remaining.to_string()),
            ("x-hubspot-ratelimit-interval-milliseconds", reading.limit.interval_ms.to_string()),
        ],
        _ => Vec::new(),
    }
}

/// An answer that claims success and says nothing.
fn nothing(now: Timestamp) -> Answer {
    let at = moment(now);
    Answer::json(200, json!({ "status": "COMPLETE", "results": [], "startedAt": at, "completedAt": at }))
}

/// An error as an answer.
pub(crate) fn refusal(state: &mut State, error: &ApiError) -> Answer {
    let correlation_id = state.correlation_id();
    let mut answer = Answer::json(error.status(), error.to_body(&correlation_id));
    answer.headers.push(("x-hubspot-correlation-id", correlation_id));
    answer
}
