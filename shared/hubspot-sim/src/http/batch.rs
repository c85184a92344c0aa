//! `/crm/objects/{v}/{type}/batch/…` (contract §4).

use serde_json::{Value, json};

use super::call::{Answer, Call};
use super::objects;
use super::scopes::Access;
use super::wire::{self, BatchRead, CreateInput, Id, Inputs, Selection, WriteInput};
use crate::state::batch::{self, Input, MOST_INPUTS, Operation, Place, check_size};
use crate::state::error::ApiError;

const MOST_WITH_HISTORY: usize = 50;

/// `POST …/batch/create`.
pub(super) fn create(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let place = call.records_of("type", Access::Write)?;
    let sent: Inputs<CreateInput> = call.json()?;
    let inputs: Vec<Input> = sent.inputs.into_iter().map(Input::from).collect();
    write(call, place, Operation::Create, inputs, 201)
}

/// `POST …/batch/update`.
pub(super) fn update(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let place = call.records_of("type", Access::Write)?;
    let sent: Inputs<WriteInput> = call.json()?;
    let inputs: Vec<Input> = sent.inputs.into_iter().map(Input::from).collect();
    write(call, place, Operation::Update, inputs, 200)
}

/// `POST …/batch/upsert`. It has no associations: they are ignored, and noted as unexpected.
pub(super) fn upsert(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let place = call.records_of("type", Access::Write)?;
    let sent: Inputs<WriteInput> = call.json()?;
    if sent.inputs.iter().any(|input| input.associations.is_some()) {
        call.unexpected.push("associations in an upsert are ignored".to_owned());
    }
    let inputs: Vec<Input> = sent.inputs.into_iter().map(Input::from).collect();
    write(call, place, Operation::Upsert, inputs, 200)
}

fn write(
    call: &mut Call<'_>,
    place: Place,
    operation: Operation,
    inputs: Vec<Input>,
    status: u16,
) -> Result<Answer, ApiError> {
    let (inputs, spoiled) = spoil(call.spoiled, inputs);
    let mut outcome = objects::write(call, place, operation, &inputs)?;
    outcome.errors.extend(spoiled);
    let mut results = Vec::with_capacity(outcome.done.len());
    for (planned, _) in outcome.done {
        let selection = objects::written(place.object_type, planned.sent);
        let mut body = wire::record(call.portal()?, place.object_type, &planned.record, &selection);
        if operation == Operation::Upsert {
            body["new"] = json!(planned.new);
        }
        results.push(body);
    }
    Ok(call.batch_answer(status, results, outcome.errors))
}

/// Takes every so-many-th input out of a batch whose inputs all have trace ids: what is left, and the entries for the others.
fn spoil(every: Option<usize>, inputs: Vec<Input>) -> (Vec<Input>, Vec<Value>) {
    let Some(every) = every.filter(|_| inputs.iter().all(|input| input.trace_id.is_some())) else {
        return (inputs, Vec::new());
    };
    let (spoiled, left): (Vec<_>, Vec<_>) =
        inputs.into_iter().enumerate().partition(|(place, _)| (place + 1).is_multiple_of(every));
    let refusal = ApiError::new(500, "INTERNAL_ERROR", "internal error");
    let entries = spoiled.iter().map(|(_, input)| refusal.to_batch_entry(input.trace_id.as_deref())).collect();
    (left.into_iter().map(|(_, input)| input).collect(), entries)
}

/// `POST …/batch/read`; 207 when some are missing.
pub(super) fn read(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let place = call.records_of("type", Access::Read)?;
    let sent: BatchRead = call.json()?;
    let history = sent.properties_with_history.unwrap_or_default();
    if !history.is_empty() && sent.inputs.len() > MOST_WITH_HISTORY {
        return Err(ApiError::validation(format!(
            "The maximum number of inputs supported in a batch request for property histories is {MOST_WITH_HISTORY}"
        )));
    }
    check_size(sent.inputs.len(), MOST_INPUTS)?;
    let archived = call.flag("archived");
    let portal = call.portal()?;
    let selection = Selection { names: sent.properties.filter(|names| !names.is_empty()), history };
    let (mut results, mut missing): (Vec<Value>, Vec<String>) = (Vec::new(), Vec::new());
    for Id { id } in sent.inputs {
        let store = portal.store(place.object_type);
        let record = match archived {
            true => id.parse().ok().and_then(|id| store.records.get(&id)).filter(|record| !record.is_live()),
            false => portal.find(place.object_type, &id, sent.id_property.as_deref())?,
        };
        match record {
            Some(record) => results.push(wire::record(portal, place.object_type, record, &selection)),
            None => missing.push(id),
        }
    }
    let errors = match missing.is_empty() {
        true => Vec::new(),
        false => vec![batch::missing(place.object_type, missing).to_batch_entry(None)],
    };
    Ok(call.batch_answer(200, results, errors))
}

/// `POST …/batch/archive`; what is not there is passed over, what cannot be deleted refuses the whole call.
pub(super) fn archive(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let place = call.records_of("type", Access::Write)?;
    let sent: Inputs<Id> = call.json()?;
    check_size(sent.inputs.len(), MOST_INPUTS)?;
    let inputs = sent.inputs.len();
    let ids: Vec<u64> = sent.inputs.iter().filter_map(|one| one.id.parse().ok()).collect();
    ids.iter().try_for_each(|id| call.state.check_archive(place, *id))?;
    let source = call.actor()?.source;
    for id in ids {
        call.state.archive_record(place, id, source, call.now)?;
    }
    Ok(Answer::no_content().inputs(inputs))
}
