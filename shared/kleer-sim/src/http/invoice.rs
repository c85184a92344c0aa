//! `/client/invoice` (contract kleer-api §4, §6, Client invoices).

use axum::{Router, routing::get};
use serde_json::{Value, json};

use super::{
    Call, records,
    reply::{Reply, read, write},
};
use crate::{
    Change, Company, InvoiceDelete, Kind, Refusal, State, Switches,
    state::{
        Act,
        invoice::search::{Filter, Search, find},
        records::Record,
        rights::Right,
    },
};

/// The paths of invoices.
pub(super) fn routes() -> Router {
    let one = read(Right::ReadInvoices, |call, state, company| {
        records::one(state, company, Kind::Invoice, call.number("id")?)
    });
    let write = |plan| write(Right::WriteInvoices, Kind::Invoice, plan);
    Router::new()
        .route("/client/invoice", get(read(Right::ReadInvoices, page)).put(write(create)))
        .route("/client/invoice/template", get(read(Right::ReadInvoices, templates)))
        .route("/client/invoice/{id}", get(one).post(write(save)).delete(write(delete)))
}

/// One page: `limit` is how many rows it holds, `size` how many there are in all (contract kleer-api §4).
fn page(call: &Call, state: &State, company: &Company) -> Result<Reply, Refusal> {
    let filter = match call.query("filter") {
        None => Filter::All,
        Some(name) => {
            Filter::named(name).ok_or_else(|| Refusal::Invalid(format!("parameter filter cannot be {name}")))?
        }
    };
    let search = Search {
        filter,
        text: call.query("query").unwrap_or_default().to_owned(),
        from: call.query_as("invoiceDateLower")?,
        to: call.query_as("invoiceDateUpper")?,
    };
    let ignores_files = call.query_as("ignoreFiles")?.unwrap_or(false);
    let offset: u32 = call.query_as("offset")?.unwrap_or(0);
    let cap = state.switches.invoice_limit;
    let limit = call.query_as("limit")?.unwrap_or(cap).min(cap);
    let found = find(company, &state.switches, &search);
    let rows = found.iter().skip(offset as usize).take(limit as usize);
    let rows = rows.filter_map(|id| company.invoices.get(*id));
    let mut json = "{".to_owned();
    let count = match ignores_files {
        false => records::array(state, Kind::Invoice, rows, &mut json),
        true => {
            let bare: Vec<Record> = rows.map(without_files).collect();
            records::array(state, Kind::Invoice, bare.iter(), &mut json)
        }
    };
    let comma = if json.len() > 1 { "," } else { "" };
    json.push_str(&format!("{comma}\"offset\":{offset},\"limit\":{count},\"size\":{}}}", found.len()));
    Ok(Reply { root: Kind::Invoice.plural(), json, records: count })
}

fn without_files(record: &Record) -> Record {
    if !record.says("\"files\":{\"files\":") {
        return record.clone();
    }
    let mut document = record.document();
    document.shift_remove("files");
    Record::new(Value::Object(document).to_string(), "")
}

fn templates(_: &Call, _: &State, company: &Company) -> Result<Reply, Refusal> {
    let json = json!({ "client-invoice-templates": company.templates }).to_string();
    Ok(Reply { root: "client-invoice-templates", json, records: company.templates.len() })
}

fn create(call: &Call, _: &Switches) -> Result<Change, Refusal> {
    Ok(Change::Create(call.document()?))
}

fn save(call: &Call, _: &Switches) -> Result<Change, Refusal> {
    Ok(Change::Save(call.number("id")?, call.document()?))
}

fn delete(call: &Call, switches: &Switches) -> Result<Change, Refusal> {
    let id = call.number("id")?;
    match switches.invoice_delete {
        InvoiceDelete::Disables => Ok(Change::Act(id, Act::Disable)),
        InvoiceDelete::Removes => Ok(Change::Remove(id)),
        InvoiceDelete::Unsupported => Err(Refusal::MethodUnknown),
    }
}
