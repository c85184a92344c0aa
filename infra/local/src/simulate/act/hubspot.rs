//! What salespeople do in HubSpot's pages.

use hubspot_sim::Record;

use super::super::deeds::HubSpot;
use super::super::random::Random;
use super::super::stage::{Stage, Tenant};
use super::{Did, kleer};

/// The objects whose records people delete and restore.
const OBJECTS: [&str; 5] = ["companies", "companies", "invoices", "subscriptions", "projects"];

/// Does something, if there is anything to do it to and HubSpot lets it.
pub(super) fn does(stage: &Stage, tenant: Tenant, deed: HubSpot, random: &mut Random) -> Option<Did> {
    match deed {
        HubSpot::EditCompany | HubSpot::RenameCompany => edit_company(stage, tenant, deed, random),
        HubSpot::CreateCompany => create_company(stage, tenant, random),
        HubSpot::MergeCompanies => merge(stage, tenant, random),
        HubSpot::DeleteRecord => delete(stage, tenant, random),
        HubSpot::RestoreRecord => restore(stage, tenant, random),
        HubSpot::EditProject => edit_project(stage, tenant, random),
        HubSpot::EditMirror => edit_mirror(stage, tenant, random),
        HubSpot::MakeChargeable => make_chargeable(stage, tenant, random),
    }
}

/// A live record of a type, by chance.
pub(super) fn any(stage: &Stage, tenant: Tenant, object: &str, random: &mut Random) -> Option<Record> {
    random.pick(&stage.pretend.hubspot.records(tenant.hub(), object)).cloned()
}

fn edits(stage: &Stage, tenant: Tenant, object: &str, record: &Record, values: &[(&str, &str)]) -> Option<Did> {
    let before: Vec<String> =
        values.iter().map(|(name, _)| format!("{name} was “{}”", record.get(name).unwrap_or_default())).collect();
    let said: Vec<String> = values.iter().map(|(name, value)| format!("{name} “{value}”")).collect();
    let edited = stage.pretend.hubspot.person_edits(tenant.hub(), object, record.id, values);
    let outcome = edited.err().map_or_else(String::new, |why| format!(" (refused: {why})"));
    let mut tags = vec![tenant.tag(object, record.id)];
    tags.extend(record.get("kleer_id").and_then(|id| Some(tenant.tag(kind_of(object)?, id))));
    let text = format!("{object} {}: {}; {}{outcome}", record.id, said.join(", "), before.join(", "));
    Some(Did { text, tags })
}

/// What Kleer calls the records that go to an object.
pub(super) fn kind_of(object: &str) -> Option<&'static str> {
    Some(match object {
        "companies" => "client",
        "products" => "product",
        "invoices" => "invoice",
        "subscriptions" => "agreement",
        "projects" => "project",
        _ => return None,
    })
}

fn edit_company(stage: &Stage, tenant: Tenant, deed: HubSpot, random: &mut Random) -> Option<Did> {
    let company = any(stage, tenant, "companies", random)?;
    let value = match (deed, random.below(6)) {
        (HubSpot::RenameCompany, _) => ("name", kleer::name(tenant, random)),
        (_, 0 | 1) => ("phone", kleer::phone(random)),
        (_, 2) => ("address", format!("Nygatan {}", random.between(1, 500))),
        (_, 3) => ("city", format!("Ort {}", random.below(500))),
        (_, 4) => ("kleer_payment_days", random.between(1, 90).to_string()),
        _ => ("zip", format!("{:03} {:02}", random.between(100, 999), random.below(100))),
    };
    let did = edits(stage, tenant, "companies", &company, &[(value.0, &value.1)])?;
    let id = company.get("kleer_id").and_then(|id| id.parse().ok());
    if let Some(id) = id.filter(|_| !did.text.contains("(refused")) {
        let saw = company.get(value.0).unwrap_or_default().to_owned();
        stage.typed(tenant, id, value.0, value.1, Some(saw));
    }
    Some(did)
}

/// What was typed into a record that goes or comes back is not told.
fn disturb(stage: &Stage, tenant: Tenant, records: &[&Record]) {
    let ids = records.iter().filter_map(|record| record.get("kleer_id")?.parse().ok());
    stage.disturbed.borrow_mut().extend(ids.map(|id: i64| (tenant.number, id)));
}

fn create_company(stage: &Stage, tenant: Tenant, random: &mut Random) -> Option<Did> {
    let (name, phone) = (kleer::name(tenant, random), kleer::phone(random));
    let made = stage.pretend.hubspot.person_creates(tenant.hub(), "companies", &[("name", &name), ("phone", &phone)]);
    let id = made.ok()?;
    Some(Did { text: format!("companies {id} “{name}”"), tags: vec![tenant.tag("companies", id)] })
}

fn merge(stage: &Stage, tenant: Tenant, random: &mut Random) -> Option<Did> {
    let (one, other) = (any(stage, tenant, "companies", random)?, any(stage, tenant, "companies", random)?);
    if one.id == other.id {
        return None;
    }
    disturb(stage, tenant, &[&one, &other]);
    let left = stage.pretend.hubspot.person_merges(tenant.hub(), "companies", one.id, other.id).ok()?;
    let mut tags: Vec<String> = [one.id, other.id, left].map(|id| tenant.tag("companies", id)).to_vec();
    tags.dedup();
    tags.extend([&one, &other].into_iter().filter_map(|record| Some(tenant.tag("client", record.get("kleer_id")?))));
    Some(Did { text: format!("companies {} and {} become {left}", one.id, other.id), tags })
}

fn delete(stage: &Stage, tenant: Tenant, random: &mut Random) -> Option<Did> {
    let object = random.pick(&OBJECTS).copied()?;
    let record = any(stage, tenant, object, random)?;
    disturb(stage, tenant, &[&record]);
    let done = stage.pretend.hubspot.person_deletes(tenant.hub(), object, record.id);
    let mut tags = vec![tenant.tag(object, record.id)];
    tags.extend(record.get("kleer_id").and_then(|id| Some(tenant.tag(kind_of(object)?, id))));
    done.then(|| Did { text: format!("{object} {}", record.id), tags })
}

fn restore(stage: &Stage, tenant: Tenant, random: &mut Random) -> Option<Did> {
    let object = random.pick(&OBJECTS).copied()?;
    let live: Vec<u64> = stage.pretend.hubspot.records(tenant.hub(), object).iter().map(|record| record.id).collect();
    let last = live.iter().copied().max().unwrap_or(9_000) + 3;
    let gone: Vec<u64> = (9_001..=last).filter(|id| !live.contains(id)).collect();
    let id = *random.pick(&gone)?;
    let done = stage.pretend.hubspot.person_restores(tenant.hub(), object, id);
    let record = stage.pretend.hubspot.record(tenant.hub(), object, id);
    disturb(stage, tenant, &record.iter().collect::<Vec<_>>());
    let kleer_id = record.and_then(|record| Some(tenant.tag(kind_of(object)?, record.get("kleer_id")?)));
    let tags = std::iter::once(tenant.tag(object, id)).chain(kleer_id).collect();
    done.then(|| Did { text: format!("{object} {id}"), tags })
}

fn edit_project(stage: &Stage, tenant: Tenant, random: &mut Random) -> Option<Did> {
    let project = any(stage, tenant, "projects", random)?;
    let value = match random.below(5) {
        0 => ("hs_name", kleer::name(tenant, random)),
        1 | 2 => ("hs_description", format!("Etapp {}", random.below(10_000))),
        3 => ("kleer_budget_amount", format!("{}.50", random.below(90_000))),
        _ => ("kleer_budget_hours", random.below(900).to_string()),
    };
    edits(stage, tenant, "projects", &project, &[(value.0, &value.1)])
}

/// What travels one way is set back by the next comparison.
fn edit_mirror(stage: &Stage, tenant: Tenant, random: &mut Random) -> Option<Did> {
    let (object, property) = *random.pick(&[
        ("invoices", "kleer_total_amount"),
        ("invoices", "kleer_remaining_amount"),
        ("subscriptions", "kleer_mrr"),
        ("products", "price"),
    ])?;
    let record = any(stage, tenant, object, random)?;
    record.get("kleer_id")?;
    let value = format!("{}.{:02}", random.below(1_000_000), random.below(100));
    edits(stage, tenant, object, &record, &[(property, &value)])
}

fn make_chargeable(stage: &Stage, tenant: Tenant, random: &mut Random) -> Option<Did> {
    let (object, property, value) =
        *random.pick(&[("invoices", "hs_invoice_billable", "true"), ("subscriptions", "hs_invoice_creation", "on")])?;
    let record = any(stage, tenant, object, random)?;
    record.get("kleer_id")?;
    edits(stage, tenant, object, &record, &[(property, value)])
}
