//! Workflow actions: a record is enrolled, the app is called, the answer decides (contract hubspot-platform §6).

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::State;
use super::change::Change;
use super::error::ApiError;
use super::portal::Portal;
use super::record::{Record, Source, SourceKind};
use super::types::ObjectTypeId;
use crate::options::WorkflowAction;

/// The first enrollment id.
const FIRST_ENROLLMENT: u64 = 900_100;

/// A record that reaches an action of a workflow.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Enrolment {
    /// The portal.
    #[serde(default)]
    pub portal: u64,
    /// The object type of the workflow, by any of its names.
    pub object_type: String,
    /// The record.
    pub record: u64,
    /// The action's name.
    pub action: String,
    /// The inputs as the workflow's author filled them in.
    #[serde(default)]
    pub fields: BTreeMap<String, Field>,
    /// The workflow.
    #[serde(default = "usual_workflow")]
    pub workflow: u64,
}

/// The workflow of those who do not care which.
pub(crate) fn usual_workflow() -> u64 {
    8001
}

/// What stands in an input of an action.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Field {
    /// A fixed value.
    Value(String),
    /// The value of a property of the enrolled record; the input is left out when that is empty (*guess*).
    Property {
        /// The property's name.
        property: String,
    },
}

/// One record's turn at one action.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Execution {
    /// `callbackId`: the same for every attempt, another for every enrolment.
    pub callback_id: String,
    /// The portal.
    pub portal: u64,
    /// The workflow.
    pub workflow: u64,
    /// The enrolment.
    pub enrollment: u64,
    /// The action's name.
    pub action: String,
    /// The object type of the record.
    pub object_type: ObjectTypeId,
    /// The record.
    pub record: u64,
    /// The inputs as they are sent.
    pub fields: BTreeMap<String, String>,
    /// The properties that the action asks for, as they are sent.
    pub properties: BTreeMap<String, String>,
    /// When the record reached the action.
    pub enrolled_at: Timestamp,
    /// How far it is.
    pub state: ExecutionState,
    /// What the app answered, `hs_execution_state` included.
    pub outputs: BTreeMap<String, String>,
    /// Calls that were answered or failed.
    pub attempts: u32,
    /// Status of the last answer.
    pub last_status: Option<u16>,
    /// When the next call is due, or the block ends.
    pub next_at: Option<Timestamp>,
}

/// How far an execution is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExecutionState {
    /// It is called, or called again, at `next_at`.
    Waiting,
    /// The app completes it by its callback, until `next_at`.
    Blocked,
    /// The app said so, or answered 2xx without saying anything else.
    Succeeded,
    /// The app answered `FAIL_CONTINUE`: the workflow goes on, and shows the error.
    FailedContinue,
    /// The app answered with a status that is not retried, or did not answer well for three days.
    Failed,
    /// Nobody completed it in time; the workflow goes on.
    Expired,
}

/// All executions.
#[derive(Default)]
pub(crate) struct Executions {
    all: BTreeMap<String, Execution>,
    /// By portal: those that are to be called, by when; not those in flight.
    waiting: BTreeMap<u64, BTreeSet<(Timestamp, String)>>,
    blocked: BTreeSet<(Timestamp, String)>,
    last_enrollment: u64,
}

impl Executions {
    /// The enrollment id that the next record gets.
    pub(crate) fn next_enrollment(&self) -> u64 {
        (self.last_enrollment + 1).max(FIRST_ENROLLMENT)
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = &Execution> {
        self.all.values()
    }

    pub(crate) fn get(&self, callback_id: &str) -> Option<&Execution> {
        self.all.get(callback_id)
    }

    /// Adds or replaces one; a waiting one is no longer in flight.
    pub(crate) fn put(&mut self, execution: Execution) {
        self.last_enrollment = self.last_enrollment.max(execution.enrollment);
        let id = execution.callback_id.clone();
        if let Some(at) = self.all.get(&id).and_then(|old| old.next_at) {
            self.blocked.remove(&(at, id.clone()));
            if let Some(waiting) = self.waiting.get_mut(&execution.portal) {
                waiting.remove(&(at, id.clone()));
            }
        }
        if let Some(at) = execution.next_at {
            if execution.state == ExecutionState::Blocked {
                self.blocked.insert((at, id.clone()));
            } else {
                self.waiting.entry(execution.portal).or_default().insert((at, id.clone()));
            }
        }
        self.all.insert(id, execution);
    }

    /// Takes those of a portal that are due, at most so many.
    pub(crate) fn take(&mut self, portal: u64, most: usize, now: Timestamp) -> Vec<Execution> {
        let Some(waiting) = self.waiting.get_mut(&portal) else { return Vec::new() };
        let due: Vec<_> = waiting.iter().take_while(|(at, _)| *at <= now).take(most).cloned().collect();
        due.iter().for_each(|one| {
            waiting.remove(one);
        });
        due.iter().filter_map(|(_, id)| self.all.get(id)).cloned().collect()
    }

    /// Portals with something to call, and when it is first due.
    pub(crate) fn waiting(&self) -> impl Iterator<Item = (u64, Timestamp)> {
        self.waiting.iter().filter_map(|(portal, waiting)| Some((*portal, waiting.first()?.0)))
    }

    /// When the first block ends.
    pub(crate) fn next_expiry(&self) -> Option<Timestamp> {
        self.blocked.first().map(|(at, _)| *at)
    }
}

impl State {
    /// A record reaches an action; refused as the workflow editor or HubSpot's enrolment would.
    pub(crate) fn enrol(&mut self, enrolment: &Enrolment, now: Timestamp) -> Result<Execution, ApiError> {
        let portal = self.portal(enrolment.portal)?;
        if !portal.has_app() {
            return Err(ApiError::bare(400, "the app of this action is not installed"));
        }
        let (_, action) = self.action(&enrolment.action)?;
        let object_type = portal.object_type(&enrolment.object_type)?;
        let fits = |name: &String| portal.find_type(name) == Some(object_type);
        if !action.object_types.is_empty() && !action.object_types.iter().any(fits) {
            let message = format!("{} is not an action of {} workflows", action.name, object_type.error_name());
            return Err(ApiError::bare(400, message));
        }
        let record = portal.store(object_type).live(enrolment.record).ok_or_else(ApiError::not_found)?;
        let asked = action.properties.iter().filter_map(|name| value_of(object_type, record, name));
        let properties = asked.collect();
        let fields = enrolment.fields.iter();
        let fields = fields.filter_map(|(name, field)| Some((name.clone(), resolve(field, object_type, record)?)));
        let enrollment = self.executions.next_enrollment();
        let execution = Execution {
            callback_id: format!("ap-{}-{enrollment}-1-0", portal.id),
            portal: portal.id,
            workflow: enrolment.workflow,
            enrollment,
            action: action.name.clone(),
            object_type,
            record: record.id,
            fields: fields.collect(),
            properties,
            enrolled_at: now,
            state: ExecutionState::Waiting,
            outputs: BTreeMap::new(),
            attempts: 0,
            last_status: None,
            next_at: Some(now),
        };
        self.commit(Change::Execution { execution: execution.clone() });
        Ok(execution)
    }

    /// An action by name, with its definition id.
    pub(crate) fn action(&self, name: &str) -> Result<(u64, &WorkflowAction), ApiError> {
        self.workflows.action(name).ok_or_else(|| ApiError::bare(404, format!("the app has no action {name}")))
    }

    /// The executions of a portal that are to be called now; they are in flight from now on.
    pub(crate) fn calls(&mut self, portal: u64, now: Timestamp) -> Vec<Execution> {
        let room = self.workflows.max_in_flight.saturating_sub(self.actions_in_flight(portal));
        let due = self.executions.take(portal, room, now);
        let dead = |state: &State, one: &Execution| {
            let removed = !state.portals.get(&portal).is_some_and(Portal::has_app);
            removed || state.workflows.action(&one.action).is_none()
        };
        let (gone, due): (Vec<_>, Vec<_>) = due.into_iter().partition(|one| dead(self, one));
        for execution in gone {
            let execution = Execution { state: ExecutionState::Failed, next_at: None, ..execution };
            self.commit(Change::Execution { execution });
        }
        due
    }

    /// Lets the workflows go on whose action nobody completed.
    pub(crate) fn expire_blocked(&mut self, now: Timestamp) {
        while let Some((_, id)) = self.executions.blocked.first().filter(|(at, _)| *at <= now).cloned() {
            let Some(execution) = self.executions.get(&id).cloned() else { return };
            let execution = Execution { state: ExecutionState::Expired, next_at: None, ..execution };
            self.commit(Change::Execution { execution });
        }
    }

    /// The body of a call, as captured from the real service (contract §6.1).
    pub(crate) fn call_body(&self, execution: &Execution) -> Option<(String, Value)> {
        let (id, action) = self.workflows.action(&execution.action)?;
        let version = action.version.max(1);
        let index = json!({ "enrollmentId": execution.enrollment, "actionExecutionIndex": 0 });
        let mut object = json!({ "objectId": execution.record, "objectType": execution.object_type.error_name() });
        if !action.properties.is_empty() {
            object["properties"] = json!(execution.properties);
        }
        let typed = |(name, value): (&String, &String)| {
            let kind = action.inputs.get(name).map_or("string", String::as_str).to_uppercase();
            (name.clone(), json!({ "value": value, "type": kind }))
        };
        let body = json!({
            "callbackId": execution.callback_id,
            "origin": {
                "portalId": execution.portal,
                "userId": null,
                "actionDefinitionId": id,
                "actionDefinitionVersion": version,
                "actionExecutionIndexIdentifier": index,
                "extensionDefinitionVersionId": version,
                "extensionDefinitionId": id,
            },
            "context": {
                "workflowId": execution.workflow,
                "actionId": 1,
                "actionExecutionIndexIdentifier": index,
                "source": "WORKFLOWS",
            },
            "object": object,
            "fields": execution.fields,
            "inputFields": execution.fields,
            "typedInputs": execution.fields.iter().map(typed).collect::<Map<_, _>>(),
        });
        Some((action.action_url.clone(), body))
    }

    /// A workflow itself, as the one who sets properties of a record, for instance from an action's outputs.
    pub(crate) fn workflow_source(&self) -> Source {
        Source { kind: SourceKind::AutomationPlatform, id: self.executions.next_enrollment() }
    }
}

/// A property with its value, if it has one.
fn value_of(object_type: ObjectTypeId, record: &Record, name: &str) -> Option<(String, String)> {
    Some((name.to_owned(), record.read(object_type, name)?.into_owned()))
}

/// What an input holds for a record.
fn resolve(field: &Field, object_type: ObjectTypeId, record: &Record) -> Option<String> {
    match field {
        Field::Value(value) => Some(value.clone()),
        Field::Property { property } => value_of(object_type, record, property).map(|(_, value)| value),
    }
}
