//! Answers in Kleer's two representations. XML is the default and only hinted at: a root element with a message,
//! enough to make a client that forgot its Content-Type fail as it would in reality (contract kleer-api §13.2).

use std::future::{Ready, ready};

use axum::{body::Body, response::Response};
use http::{StatusCode, header};
use serde_json::json;

use super::Call;
use crate::{
    Command, Company, Editor, Kind, Refusal, State, Switches,
    state::{Change, rights::Right},
};

/// How many records an answer holds, for latency; an extension of the response.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RecordsInAnswer(pub(crate) usize);

/// A good answer.
pub(crate) struct Reply {
    /// The element at the root in XML; it disappears in JSON (contract kleer-api §3, rule 1).
    pub(crate) root: &'static str,
    /// The JSON text.
    pub(crate) json: String,
    /// How many records it holds.
    pub(crate) records: usize,
}

/// Answers a question about a company.
type Look = fn(&Call, &State, &Company) -> Result<Reply, Refusal>;

/// Turns a request into a change.
type Plan = fn(&Call, &Switches) -> Result<Change, Refusal>;

/// A handler that reads.
pub(crate) fn read(right: Right, look: Look) -> impl Fn(Call) -> Ready<Response> + Clone + Send + Sync + 'static {
    move |call| {
        let found = call.number("company").and_then(|company| {
            call.asked.simulator.state(|state| look(&call, state, state.admit(company, call.token.as_deref(), right)?))
        });
        ready(match found {
            Ok(reply) => answer(&call, 200, reply),
            Err(refusal) => call.refuse(&refusal),
        })
    }
}

/// A handler that changes a record.
pub(crate) fn write(
    right: Right,
    kind: Kind,
    plan: Plan,
) -> impl Fn(Call) -> Ready<Response> + Clone + Send + Sync + 'static {
    move |call| {
        let changed = change(&call, right, kind, plan);
        ready(changed.unwrap_or_else(|refusal| call.refuse(&refusal)))
    }
}

fn change(call: &Call, right: Right, kind: Kind, plan: Plan) -> Result<Response, Refusal> {
    let simulator = &call.asked.simulator;
    let company = call.number("company")?;
    let (switches, user) = simulator.state(|state| {
        let tenant = state.admit(company, call.token.as_deref(), right)?;
        let token = call.token.as_deref().and_then(|token| tenant.tokens.get(token));
        Ok((state.switches.clone(), token.map(|token| token.user)))
    })?;
    if !call.json && !call.body.is_empty() {
        return Err(Refusal::Malformed("the simulator takes writes in JSON only".to_owned()));
    }
    let change = plan(call, &switches)?;
    let (root, status) = match &change {
        Change::Create(_) => ("created", switches.created),
        Change::Save(..) | Change::Patch(..) | Change::Put(..) => ("saved", 200),
        // The only acts of the API are those that delete by setting a flag.
        Change::Remove(_) | Change::Act(..) => ("deleted", 200),
    };
    let outcome = simulator.command(&Command::Record { company, kind, by: Editor::Api, user, change })?;
    for name in &outcome.unknown_elements {
        call.note(format!("element {name} is in no schema"));
    }
    if let (Some(revision_nr), "saved") = (outcome.revision_nr, root) {
        let json = json!({ "revision-nr": revision_nr }).to_string();
        return Ok(answer(call, status, Reply { root: "update-client-agreement-result", json, records: 1 }));
    }
    let json = match root == "created" || switches.answers_carry_id {
        true => json!({ "id": outcome.id }).to_string(),
        false => "{}".to_owned(),
    };
    Ok(answer(call, status, Reply { root, json, records: 1 }))
}

/// A good answer on the wire.
fn answer(call: &Call, status: u16, reply: Reply) -> Response {
    let body = match call.json {
        true => reply.json,
        false => {
            call.note("asked without Content-Type: application/json, so answered in XML".to_owned());
            xml(reply.root, "Simulatorn svarar bara fullständigt i JSON")
        }
    };
    let mut response = respond(call.json, status, body);
    response.extensions_mut().insert(RecordsInAnswer(reply.records));
    response
}

/// `{"message":"…"}`, or the element `error` (contract kleer-api §2, Errors).
pub(crate) fn error(json: bool, status: u16, message: &str) -> Response {
    respond(json, status, error_body(json, message))
}

/// The body of an error.
pub(crate) fn error_body(json: bool, message: &str) -> String {
    match json {
        true => json!({ "message": message }).to_string(),
        false => xml("error", message),
    }
}

/// The Content-Type of an answer.
pub(crate) fn content_type(json: bool) -> &'static str {
    if json { "application/json" } else { "application/xml" }
}

fn respond(json: bool, status: u16, body: String) -> Response {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    response.headers_mut().insert(header::CONTENT_TYPE, header::HeaderValue::from_static(content_type(json)));
    response
}

fn xml(root: &str, message: &str) -> String {
    let message = message.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?><{root}><message>{message}</message></{root}>"
    )
}
