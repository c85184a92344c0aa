//! What all resources share: a list is one plural key, a record is a bare object (contract kleer-api §3, rules 1, 2).

use super::reply::Reply;
use crate::{
    Company, EmptyList, Kind, Refusal, State,
    state::{missing, records::Record},
};

/// All records of a kind. Documents are copied together, not parsed.
pub(crate) fn list(state: &State, company: &Company, kind: Kind) -> Reply {
    list_some(state, company, kind, |_| true)
}

/// The records of a kind that are wanted.
pub(crate) fn list_some(state: &State, company: &Company, kind: Kind, wanted: impl Fn(&Record) -> bool) -> Reply {
    let records = company.records(kind);
    let mut json = String::with_capacity(records.text_bytes() + records.len() + 32);
    json.push('{');
    let wanted = records.iter().map(|(_, record)| record).filter(|record| wanted(record));
    let count = array(state, kind, wanted, &mut json);
    json.push('}');
    Reply { root: kind.plural(), json, records: count }
}

/// Appends the array of a list with its key; returns how many records it holds.
pub(crate) fn array<'a>(
    state: &State,
    kind: Kind,
    records: impl Iterator<Item = &'a Record>,
    json: &mut String,
) -> usize {
    let reshaped = state.is_reshaped(kind);
    let start = json.len();
    json.push_str(&format!("\"{}\":[", kind.plural()));
    let mut count = 0;
    for record in records {
        if count > 0 {
            json.push(',');
        }
        count += 1;
        match reshaped {
            true => json.push_str(&state.answer(kind, record)),
            false => json.push_str(record.text()),
        }
    }
    json.push(']');
    if count == 0 && state.switches.empty_list == EmptyList::Missing {
        json.truncate(start);
    }
    count
}

/// One record by its id.
pub(crate) fn one(state: &State, company: &Company, kind: Kind, id: i64) -> Result<Reply, Refusal> {
    let record = company.records(kind).get(id).ok_or_else(|| missing(kind, id))?;
    Ok(bare(state, kind, record))
}

/// One record by its foreign id.
pub(crate) fn by_foreign_id(state: &State, company: &Company, kind: Kind, foreign_id: &str) -> Result<Reply, Refusal> {
    let found = company.records(kind).by_foreign_id(foreign_id);
    let (_, record) =
        found.ok_or_else(|| Refusal::NotFound(format!("{} med externt id {foreign_id}", kind.swedish())))?;
    Ok(bare(state, kind, record))
}

fn bare(state: &State, kind: Kind, record: &Record) -> Reply {
    Reply { root: kind.singular(), json: state.answer(kind, record), records: 1 }
}
