//! Control of companies, as Kleer's support would: tenants, tokens, delivery types; and of their records, as a user of
//! Kleer's own pages would.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use serde::Deserialize;
use serde_json::{Value, json};

use super::body;
use crate::{
    AccessType, Act, Change, Command, Company, CompanyInformation, Editor, Kind, Refusal, http::Call, state::missing,
};

/// The body of `PUT …/token/{token}`.
#[derive(Deserialize)]
struct Issued {
    user: Option<i64>,
    #[serde(default = "administrator")]
    rights: BTreeSet<AccessType>,
}

fn administrator() -> BTreeSet<AccessType> {
    BTreeSet::from([AccessType::Administrator])
}

/// A company without its records.
fn summary(id: i64, company: &Company) -> Value {
    json!({
        "id": id,
        "information": company.information,
        "delivery-types": company.delivery_types,
        "tokens": company.tokens,
        "counts": Kind::ALL.map(|kind| (kind.plural(), company.count(kind))).into_iter().collect::<BTreeMap<_, _>>(),
    })
}

/// A company with its records, as they are stored.
pub(super) fn whole(id: i64, company: &Company) -> Value {
    let mut all = summary(id, company);
    for kind in Kind::ALL {
        let records = company.records(kind).iter().map(|(_, record)| Value::Object(record.document()));
        all[kind.plural()] = records.collect();
    }
    all
}

pub(super) fn look(call: &Call) -> Result<Value, Refusal> {
    let id = call.number("company")?;
    call.asked.simulator.state(|state| Ok(summary(id, state.find_company(id)?)))
}

/// A new company, or a fresh start for an old one.
pub(super) fn set(call: &Call) -> Result<Value, Refusal> {
    let (id, information): (i64, CompanyInformation) = (call.number("company")?, body(call)?);
    call.asked.simulator.command(&Command::Company { id, information })?;
    Ok(json!({ "id": id }))
}

pub(super) fn set_delivery_types(call: &Call) -> Result<Value, Refusal> {
    let (company, delivery_types) = (call.number("company")?, body(call)?);
    call.asked.simulator.command(&Command::DeliveryTypes { company, delivery_types })?;
    Ok(json!({}))
}

pub(super) fn set_templates(call: &Call) -> Result<Value, Refusal> {
    let (company, templates) = (call.number("company")?, body(call)?);
    call.asked.simulator.command(&Command::InvoiceTemplates { company, templates })?;
    Ok(json!({}))
}

/// The body of `POST …/run-invoicing`.
#[derive(Deserialize)]
struct Run {
    until: Date,
    #[serde(default = "yes")]
    certified: bool,
}

fn yes() -> bool {
    true
}

pub(super) fn run_invoicing(call: &Call) -> Result<Value, Refusal> {
    let (company, Run { until, certified }) = (call.number("company")?, body(call)?);
    let outcome = call.asked.simulator.command(&Command::Invoicing { company, until, certified })?;
    let made = outcome.touched.into_iter().filter(|(kind, _)| *kind == Kind::Invoice).map(|(_, id)| id);
    Ok(json!({ "invoices": made.collect::<Vec<_>>() }))
}

pub(super) fn set_token(call: &Call) -> Result<Value, Refusal> {
    let Issued { user, rights } = body(call)?;
    let (company, token) = (call.number("company")?, call.parameter("token").to_owned());
    call.asked.simulator.command(&Command::Token { company, token, user, rights })?;
    Ok(json!({}))
}

pub(super) fn revoke_token(call: &Call) -> Result<Value, Refusal> {
    let (company, token) = (call.number("company")?, call.parameter("token").to_owned());
    call.asked.simulator.command(&Command::Revoke { company, token })?;
    Ok(json!({}))
}

pub(super) fn one(call: &Call) -> Result<Value, Refusal> {
    let (company, kind, id) = (call.number("company")?, kind(call)?, call.number("id")?);
    call.asked.simulator.state(|state| {
        let document = state.find_company(company)?.document(kind, id);
        document.map(Value::Object).ok_or_else(|| missing(kind, id))
    })
}

pub(super) fn all(call: &Call) -> Result<Value, Refusal> {
    let (company, kind) = (call.number("company")?, kind(call)?);
    call.asked.simulator.state(|state| {
        let records = state.find_company(company)?.records(kind).iter();
        let documents: Value = records.map(|(_, record)| Value::Object(record.document())).collect();
        Ok(json!({ kind.plural(): documents }))
    })
}

pub(super) fn create(call: &Call) -> Result<Value, Refusal> {
    change(call, Change::Create(call.document()?))
}

pub(super) fn edit(call: &Call) -> Result<Value, Refusal> {
    change(call, Change::Patch(call.number("id")?, call.document()?))
}

pub(super) fn remove(call: &Call) -> Result<Value, Refusal> {
    change(call, Change::Remove(call.number("id")?))
}

/// `certify`, `close` and so on; only `pay` looks at the body.
pub(super) fn act(call: &Call) -> Result<Value, Refusal> {
    let name = call.parameter("act");
    let act = match (name, call.body.is_empty()) {
        ("pay", true) => json!({ name: {} }),
        ("pay", false) => json!({ name: call.document()? }),
        _ => json!(name),
    };
    let act: Act = serde_json::from_value(act).map_err(|error| match name {
        "pay" => Refusal::Malformed(error.to_string()),
        _ => Refusal::PathUnknown,
    })?;
    change(call, Change::Act(call.number("id")?, act))
}

/// Users are not edited here: nothing that the product reads depends on them.
fn change(call: &Call, change: Change) -> Result<Value, Refusal> {
    let (company, kind) = (call.number("company")?, kind(call)?);
    if kind == Kind::User {
        return Err(Refusal::MethodUnknown);
    }
    let outcome =
        call.asked.simulator.command(&Command::Record { company, kind, by: Editor::Person, user: None, change })?;
    Ok(json!({ "id": outcome.id }))
}

fn kind(call: &Call) -> Result<Kind, Refusal> {
    Kind::named(call.parameter("kind")).ok_or(Refusal::PathUnknown)
}
