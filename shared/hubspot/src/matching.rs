//! Which result or error of a batch belongs to which input.
//!
//! HubSpot documents no order, so answers are recognised by what they carry: the trace id of the write, the value of the
//! id property, or the record id (contract hubspot-crm §4.1). An input about which HubSpot said nothing is
//! [`Outcome::Unknown`]: results plus errors must equal inputs, and where they do not, nobody may assume success.

use std::collections::{HashMap, HashSet};
use std::hash::Hash;

use crate::batch::{BatchAnswer, Create, Update, Upsert};
use crate::errors::InputError;
use crate::record::Record;

/// What came of one input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// HubSpot answered with this record.
    Written {
        /// The record as it is now.
        record: Record,
    },
    /// HubSpot said no.
    Refused(InputError),
    /// Neither a result nor an error: it may have been done. Read before writing again, unless repeating is safe.
    Unknown,
}

/// How the answer to one input is recognised. Made from [`Upsert`], [`Update`] and [`Create`], or by hand for reads.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct InputKey<'a> {
    trace_id: Option<&'a str>,
    record_id: Option<&'a str>,
    property: Option<(&'a str, &'a str)>,
}

impl<'a> InputKey<'a> {
    /// An input that named a record by its HubSpot id.
    #[must_use]
    pub fn by_record_id(id: &'a str) -> InputKey<'a> {
        InputKey { record_id: Some(id), ..InputKey::default() }
    }

    /// An input that named a record by the value of a property.
    #[must_use]
    pub fn by_property(property: &'a str, value: &'a str) -> InputKey<'a> {
        InputKey { property: Some((property, value)), ..InputKey::default() }
    }
}

fn given(trace_id: &str) -> Option<&str> {
    (!trace_id.is_empty()).then_some(trace_id)
}

impl<'a> From<&'a Upsert> for InputKey<'a> {
    fn from(input: &'a Upsert) -> Self {
        let property = Some((input.id_property.as_str(), input.id.as_str()));
        InputKey { trace_id: given(&input.trace_id), record_id: None, property }
    }
}

impl<'a> From<&'a Update> for InputKey<'a> {
    fn from(input: &'a Update) -> Self {
        InputKey { trace_id: given(&input.trace_id), record_id: Some(&input.id), property: None }
    }
}

impl<'a> From<&'a Create> for InputKey<'a> {
    fn from(input: &'a Create) -> Self {
        let name = input.match_by.as_deref();
        let property = name.and_then(|name| Some((name, input.properties.get(name)?.as_str())));
        InputKey { trace_id: given(&input.trace_id), record_id: None, property }
    }
}

impl BatchAnswer<Record> {
    /// What came of each input, in the order of the inputs.
    #[must_use]
    pub fn outcomes<'a, I>(&self, inputs: &'a [I]) -> Vec<Outcome>
    where
        InputKey<'a>: From<&'a I>,
    {
        let keys: Vec<InputKey<'a>> = inputs.iter().map(InputKey::from).collect();
        self.outcomes_of(&keys)
    }

    /// The same for inputs given as keys. An error outweighs a result for the same input. An error that names no input is
    /// given to all that are otherwise unknown if it is the only one of its kind; of two kinds nobody knows whose is whose.
    #[must_use]
    pub fn outcomes_of(&self, keys: &[InputKey<'_>]) -> Vec<Outcome> {
        let index = Index::new(&self.results, keys);
        let stray = stray(&self.errors);
        let outcome = |key| {
            if let Some(error) = self.errors.iter().find(|error| is_about(error, key)) {
                return Outcome::Refused(error.clone());
            }
            match (index.find(key), stray) {
                (Some(record), _) => Outcome::Written { record: record.clone() },
                (None, Some(error)) => Outcome::Refused(error.clone()),
                (None, None) => Outcome::Unknown,
            }
        };
        keys.iter().map(outcome).collect()
    }
}

/// Trace ids, where HubSpot gives them, decide alone: an id in the same error may belong to something else.
fn is_about(error: &InputError, key: &InputKey<'_>) -> bool {
    if !error.trace_ids().is_empty() {
        return error.trace_ids().iter().any(|trace_id| Some(trace_id.as_str()) == key.trace_id);
    }
    let value = key.property.map(|(_, value)| value);
    error.ids().any(|id| Some(id) == key.record_id || Some(id) == value)
}

/// The one error, or several of one kind, that names no input at all. One that names something unknown to us is nobody's.
fn stray(errors: &[InputError]) -> Option<&InputError> {
    let mut strays = errors.iter().filter(|error| error.trace_ids().is_empty() && error.ids().next().is_none());
    let first = strays.next()?;
    let same_kind = |other: &InputError| (&other.category, &other.message) == (&first.category, &first.message);
    strays.all(same_kind).then_some(first)
}

/// The results by everything they can be recognised by.
struct Index<'r, 'k> {
    by_trace_id: Lookup<&'r str, &'r Record>,
    by_record_id: Lookup<&'r str, &'r Record>,
    by_property: Lookup<(&'k str, &'r str), &'r Record>,
    /// Trace ids and property values that exactly one input has; the others tell nothing.
    trace_ids: HashSet<&'k str>,
    values: HashSet<(&'k str, &'k str)>,
}

/// What two different records share is no way to recognise either: it is kept as `None`.
type Lookup<K, R> = HashMap<K, Option<R>>;

impl<'r, 'k> Index<'r, 'k> {
    fn new(results: &'r [Record], keys: &[InputKey<'k>]) -> Index<'r, 'k> {
        let names: HashSet<&'k str> = keys.iter().filter_map(|key| Some(key.property?.0)).collect();
        let mut index = Index {
            by_trace_id: Lookup::new(),
            by_record_id: Lookup::new(),
            by_property: Lookup::new(),
            trace_ids: unique(keys.iter().filter_map(|key| key.trace_id)),
            values: unique(keys.iter().filter_map(|key| key.property)),
        };
        for record in results {
            if let Some(trace_id) = &record.trace_id {
                insert(&mut index.by_trace_id, trace_id.as_str(), record);
            }
            insert(&mut index.by_record_id, record.id.as_str(), record);
            for name in &names {
                if let Some(value) = record.value(name) {
                    insert(&mut index.by_property, (*name, value), record);
                }
            }
        }
        index
    }

    fn find(&self, key: &InputKey<'k>) -> Option<&'r Record> {
        self.by_trace_id(key).or_else(|| self.by_content(key))
    }

    fn by_trace_id(&self, key: &InputKey<'k>) -> Option<&'r Record> {
        let trace_id = key.trace_id.filter(|trace_id| self.trace_ids.contains(trace_id))?;
        *self.by_trace_id.get(trace_id)?
    }

    /// By record id or property value, unless the result carries the trace id of another input.
    fn by_content(&self, key: &InputKey<'k>) -> Option<&'r Record> {
        let by_id = key.record_id.and_then(|id| *self.by_record_id.get(id)?);
        let unique_value = key.property.filter(|property| self.values.contains(property));
        let by_value = || unique_value.and_then(|property| *self.by_property.get(&property)?);
        let record = by_id.or_else(by_value)?;
        let claimed = record.trace_id.as_deref().is_some_and(|trace_id| self.trace_ids.contains(trace_id));
        (!claimed || record.trace_id.as_deref() == key.trace_id).then_some(record)
    }
}

fn insert<'r, K: Eq + Hash>(lookup: &mut Lookup<K, &'r Record>, key: K, record: &'r Record) {
    lookup.entry(key).and_modify(|known| *known = known.filter(|known| known.id == record.id)).or_insert(Some(record));
}

fn unique<K: Eq + Hash + Copy>(values: impl Iterator<Item = K>) -> HashSet<K> {
    let mut counts: HashMap<K, u32> = HashMap::new();
    for value in values {
        *counts.entry(value).or_default() += 1;
    }
    counts.into_iter().filter(|(_, count)| *count == 1).map(|(value, _)| value).collect()
}

#[cfg(test)]
mod tests;
