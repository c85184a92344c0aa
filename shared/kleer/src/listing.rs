//! The answer of a list, read one record at a time.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashSet};
use std::fmt;
use std::ops::Range;

use bytes::Bytes;
use rest::{Answer, Error};
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use crate::json::{Document, FieldError, id_in};

/// A list as Kleer answered it: one object with one plural key holding the array (contract kleer-api §3, rules 2 and
/// 3).
///
/// It keeps the answer's bytes and where each record stands in them, so that a hundred thousand records cost little
/// more than their text; each is parsed when it is asked for. An id may occur twice: that is the caller's matter.
#[derive(Clone)]
pub struct Listing {
    body: Bytes,
    records: Vec<Range<usize>>,
    key: String,
    size: Option<u64>,
}

/// The members of a paged list besides its records.
const PAGE: [&str; 3] = ["offset", "limit", "size"];

impl Listing {
    /// Finds the records in an answer. `key` is the plural they are expected under; if it is missing but the object
    /// has exactly one array, that is taken. A missing or null array under the right key, and `{}`, are an empty
    /// list.
    ///
    /// # Errors
    /// Malformed: no JSON, or an object that is no list, for example an error with a 2xx status.
    pub fn read(answer: &Answer, key: &str) -> Result<Listing, Error> {
        if answer.body.trim_ascii_start().first() == Some(&b'[') {
            let records: Vec<&RawValue> = answer.json_borrowed()?;
            return Ok(Listing::new(answer, key, &records, None));
        }
        let members: BTreeMap<Cow<'_, str>, &RawValue> = answer.json_borrowed()?;
        let array = find_array(&members, key).ok_or_else(|| answer.malformed(format_args!("no list of {key}")))?;
        let records = parse::<Vec<&RawValue>>(array).unwrap_or_default();
        let size = members.get("size").and_then(|size| parse(size));
        Ok(Listing::new(answer, key, &records, size))
    }

    fn new(answer: &Answer, key: &str, records: &[&RawValue], size: Option<u64>) -> Listing {
        let base = answer.body.as_ptr().addr();
        let place = |record: &&RawValue| {
            let start = record.get().as_ptr().addr() - base;
            start..start + record.get().len()
        };
        let records = records.iter().map(place).collect();
        Listing { body: answer.body.clone(), records, key: key.to_owned(), size }
    }

    /// How many records there are.
    pub fn len(&self) -> usize {
        self.records.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    /// How many records there are on all pages together, if this is one page of a paged list (contract kleer-api §4).
    pub fn size(&self) -> Option<u64> {
        self.size
    }

    /// The records in Kleer's order, each parsed when it is reached. One that is no object is an error of that record
    /// only.
    pub fn records(&self) -> impl ExactSizeIterator<Item = Result<Document, FieldError>> + '_ {
        self.records.iter().enumerate().map(|(index, place)| {
            let text = &self.body[place.clone()];
            serde_json::from_slice(text).map_err(|_| {
                let path = format!("{}[{index}]", self.key);
                FieldError::new(path, "an object", &String::from_utf8_lossy(text))
            })
        })
    }

    /// The records with this `foreign-id`: how a create whose answer was lost is found again (contract kleer-api §9
    /// rule 4).
    pub fn with_foreign_id(&self, foreign_id: &str) -> Vec<Document> {
        let records = self.records().filter_map(Result::ok);
        records.filter(|record| record.text("foreign-id") == Ok(Some(foreign_id))).collect()
    }
}

impl Listing {
    /// Drops the records whose id was seen before, and remembers the ids of the others. Records without a readable id
    /// stay: whoever reads them will say what is wrong.
    pub(crate) fn keep_new(&mut self, seen: &mut HashSet<i64>) {
        self.records.retain(|place| id_of(&self.body[place.clone()]).is_none_or(|id| seen.insert(id)));
    }
}

/// The id of a record, without reading the rest of it.
fn id_of(record: &[u8]) -> Option<i64> {
    #[derive(Deserialize)]
    struct Identified {
        id: Value,
    }
    let identified: Identified = serde_json::from_slice(record).ok()?;
    id_in(&identified.id).ok().flatten()
}

impl fmt::Debug for Listing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Listing({} {})", self.len(), self.key)
    }
}

/// The member that holds the records; `None` if the object is no list at all.
fn find_array<'a>(members: &BTreeMap<Cow<'_, str>, &'a RawValue>, key: &str) -> Option<&'a RawValue> {
    if let Some(value) = members.get(key) {
        return is_list(value).then_some(value);
    }
    let arrays: Vec<_> = members.values().filter(|value| value.get().starts_with('[')).collect();
    match arrays[..] {
        [array] => Some(array),
        [] if members.keys().all(|name| PAGE.contains(&name.as_ref())) => Some(RawValue::NULL),
        _ => None,
    }
}

/// An array, or what stands for an empty one.
fn is_list(value: &RawValue) -> bool {
    value.get().starts_with('[') || matches!(value.get(), "null" | "{}" | "\"\"")
}

fn parse<'a, T: Deserialize<'a>>(value: &'a RawValue) -> Option<T> {
    serde_json::from_str(value.get()).ok()
}

#[cfg(test)]
mod tests;
