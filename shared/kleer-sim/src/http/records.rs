//! What all resources share: a list is one plural key, a record is a bare object (contract kleer-api §3, rules 1, 2).

use super::reply::Reply;
use crate::{
    Company, EmptyList, Kind, Refusal, State,
    state::{missing, records::Record},
};

/// All records of a kind. Documents are copied together, not parsed.
pub(crate) fn list(state: &State, company: &Company, kind: Kind) -> Reply {
    let (root, records) = (kind.plural(), company.records(kind));
    if records.len() == 0 {
        let json = match state.switches.empty_list {
            EmptyList::Array => format!("{{\"{root}\":[]}}"),
            EmptyList::Missing => "{}".to_owned(),
        };
        return Reply { root, json, records: 0 };
    }
    let reshaped = state.is_reshaped(kind);
    let mut json = String::with_capacity(records.text_bytes() + records.len() + 32);
    json.push_str("{\"");
    json.push_str(root);
    json.push_str("\":");
    let mut before = '[';
    for (_, record) in records.iter() {
        json.push(before);
        before = ',';
        match reshaped {
            true => json.push_str(&state.answer(kind, record)),
            false => json.push_str(record.text()),
        }
    }
    json.push_str("]}");
    Reply { root, json, records: records.len() }
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
