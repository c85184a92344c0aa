//! Batches of writes (contract §4): refused as a whole, or per input where every input has a trace id.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::State;
use super::associations::Wish;
use super::error::ApiError;
use super::portal::Portal;
use super::property::Property;
use super::record::Record;
use super::types::ObjectTypeId;
use super::values;
use super::write::{Planned, Writer};

/// Inputs of one batch call.
pub(crate) const MOST_INPUTS: usize = 100;

/// What a batch does with its inputs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operation {
    Create,
    Update,
    Upsert,
}

/// One input.
#[derive(Debug, Default)]
pub(crate) struct Input {
    pub(crate) id: String,
    pub(crate) id_property: Option<String>,
    pub(crate) properties: Map<String, Value>,
    pub(crate) trace_id: Option<String>,
    pub(crate) associations: Vec<Wish>,
}

/// Where and by whom.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    pub(crate) portal: u64,
    pub(crate) object_type: ObjectTypeId,
}

/// What was done and what was not.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    pub(crate) done: Vec<(Planned, Option<String>)>,
    /// Entries for `errors`.
    pub(crate) errors: Vec<Value>,
}

/// Refuses more inputs than a call can take.
pub(crate) fn check_size(count: usize, most: usize) -> Result<(), ApiError> {
    if count <= most {
        return Ok(());
    }
    let message = format!(
        "The maximum number of inputs supported in a batch is {most}. Please reduce the number of items and try again"
    );
    Err(ApiError::validation(message))
}

impl State {
    /// Carries out a batch. `make` builds the writer with the caller's identity.
    pub(crate) fn batch(
        &mut self,
        place: Place,
        operation: Operation,
        inputs: &[Input],
        make: impl for<'a> Fn(&'a Portal) -> Writer<'a>,
    ) -> Result<Outcome, ApiError> {
        check_size(inputs.len(), MOST_INPUTS)?;
        let portal = self.portal(place.portal)?;
        let mut writer = make(portal);
        let planned = plan_all(&mut writer, operation, inputs);
        let alarms = std::mem::take(&mut writer.alarms);
        drop(writer);
        self.raise(alarms);
        let planned = planned?;
        self.check_wishes(place, &planned, inputs)?;
        Ok(self.carry_out(place, planned, inputs))
    }

    fn carry_out(&mut self, place: Place, planned: Vec<Result<Planned, ApiError>>, inputs: &[Input]) -> Outcome {
        let mut outcome = Outcome::default();
        for (planned, input) in planned.into_iter().zip(inputs) {
            match planned {
                Ok(planned) => {
                    self.put_record(place, planned.record.clone());
                    self.fulfil(place, planned.record.id, &input.associations);
                    outcome.done.push((planned, input.trace_id.clone()));
                }
                Err(error) => outcome.errors.push(error.to_batch_entry(input.trace_id.as_deref())),
            }
        }
        outcome
    }
}

/// Plans every input. `Err` refuses the whole call: nothing traced, or a clash that cannot be told per input.
fn plan_all(
    writer: &mut Writer<'_>,
    operation: Operation,
    inputs: &[Input],
) -> Result<Vec<Result<Planned, ApiError>>, ApiError> {
    let found = find_all(writer, operation, inputs)?;
    let traced = all_traced(inputs);
    let mut all = Vec::with_capacity(inputs.len());
    for (input, found) in inputs.iter().zip(found) {
        let planned = plan_one(writer, operation, input, found);
        if let Err(error) = &planned {
            let (whole, missing) = (matches!(error.status(), 403 | 409), error.status() == 404);
            if whole || (!traced && !missing) {
                return Err(error.clone());
            }
        }
        all.push(planned);
    }
    Ok(all)
}

fn plan_one(
    writer: &mut Writer<'_>,
    operation: Operation,
    input: &Input,
    found: Option<Record>,
) -> Result<Planned, ApiError> {
    match (operation, found) {
        (Operation::Create, _) => writer.create(&input.properties),
        (Operation::Update, None) => Err(missing(writer.object_type, [input.id.clone()])),
        (Operation::Update, Some(record)) => writer.update(&record, &input.properties),
        (Operation::Upsert, found) => {
            let mut properties = input.properties.clone();
            if let Some(name) = &input.id_property {
                properties.entry(name.clone()).or_insert_with(|| json!(input.id));
            }
            match found {
                Some(record) => writer.update(&record, &properties),
                None => writer.create(&properties),
            }
        }
    }
}

/// "Could not get some COMPANY objects", for batches.
pub(crate) fn missing(object_type: ObjectTypeId, ids: impl IntoIterator<Item = String>) -> ApiError {
    let name = object_type.error_name();
    let message =
        format!("Could not get some {name} objects, they may be deleted or not exist. Check that ids are valid.");
    ApiError::new(404, "OBJECT_NOT_FOUND", message).context("ids", ids)
}

fn all_traced(inputs: &[Input]) -> bool {
    let mut seen = BTreeSet::new();
    inputs.iter().all(|input| input.trace_id.as_ref().is_some_and(|trace_id| seen.insert(trace_id)))
}

/// The records behind the inputs. Two inputs for one record refuse the whole call, with or without trace ids.
fn find_all(writer: &Writer<'_>, operation: Operation, inputs: &[Input]) -> Result<Vec<Option<Record>>, ApiError> {
    if operation == Operation::Create {
        return Ok(vec![None; inputs.len()]);
    }
    let portal = writer.portal;
    let mut ids = BTreeSet::new();
    let mut records = BTreeSet::new();
    let mut twice = Vec::new();
    let mut found = Vec::with_capacity(inputs.len());
    for input in inputs {
        if operation == Operation::Upsert && input.id_property.is_none() {
            return Err(ApiError::validation(
                "Invalid input JSON on line 1, column 1. Some required fields were not set: [idProperty]",
            ));
        }
        let record = portal.find(writer.object_type, &input.id, input.id_property.as_deref())?;
        let fresh_id = ids.insert((input.id_property.clone(), input.id.clone()));
        let fresh_record = record.is_none_or(|record| records.insert(record.id));
        if (!fresh_id || !fresh_record) && !twice.contains(&input.id) {
            twice.push(input.id.clone());
        }
        found.push(record.cloned());
    }
    if twice.is_empty() {
        return Ok(found);
    }
    let message = format!("Duplicate IDs found in batch input: [{}]. IDs must be unique", twice.join(", "));
    Err(ApiError::validation(message).context("ids", twice))
}

impl Portal {
    /// The live record with this id, or with this value in a unique property.
    pub(crate) fn find(
        &self,
        object_type: ObjectTypeId,
        id: &str,
        id_property: Option<&str>,
    ) -> Result<Option<&Record>, ApiError> {
        let store = self.store(object_type);
        let Some(name) = id_property else {
            return Ok(id.parse().ok().and_then(|id| store.live(id)));
        };
        if !store.is_unique(name) {
            let message = format!(
                "Unable to perform update/upsert by non-unique {object_type} property {name} in portal ID {}",
                self.id
            );
            return Err(ApiError::validation(message));
        }
        let definition = store.properties.get(name);
        Ok(store.holder(name, &lookup_text(definition, id)).and_then(|id| store.live(id)))
    }
}

/// A unique number is found however it is written.
fn lookup_text(definition: Option<&Property>, id: &str) -> String {
    let is_number = definition.is_some_and(|definition| definition.data_type == "number");
    let number = is_number.then(|| values::number(id)).flatten();
    number.map_or_else(|| id.to_owned(), |number| number.normalize().to_string())
}
