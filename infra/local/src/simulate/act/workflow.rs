//! Workflows reach our actions; HubSpot calls them as often as it has to.

use super::super::deeds::Workflow;
use super::super::random::Random;
use super::super::stage::{Stage, Tenant};
use super::{Did, hubspot, kleer};

/// HubSpot's types of a deal's primary company and of its line items (contract hubspot-crm §6).
const PRIMARY: u32 = 5;
const LINES: u32 = 19;

/// A workflow enrols a record.
pub(super) fn does(stage: &Stage, tenant: Tenant, deed: Workflow, random: &mut Random) -> Option<Did> {
    let action = match deed {
        Workflow::CreateClient => "create-client",
        Workflow::CreateClientFromMappings => "create-client-from-mappings",
        Workflow::CreateInvoice => "create-invoice",
        Workflow::CreateAgreement => "create-agreement",
        Workflow::UpdateAgreement => "update-agreement",
        Workflow::CreateProject => "create-project",
        Workflow::CreateProjectFromMappings => "create-project-from-mappings",
    };
    let (object, record) = match deed {
        Workflow::CreateClient | Workflow::CreateClientFromMappings => {
            ("companies", hubspot::any(stage, tenant, "companies", random)?.id)
        }
        _ => ("deals", deal(stage, tenant, deed, random)?),
    };
    let enrolled = stage.pretend.hubspot.enrol(tenant.hub(), object, record, action, &[]);
    let text = match enrolled {
        Ok(callback) => format!("{object} {record}: {callback}"),
        Err(why) => format!("{object} {record}: (refused: {why})"),
    };
    Some(Did { text, tags: vec![tenant.tag(object, record)] })
}

/// A deal of a company that is a client, with line items of products; for an update, of an agreement that there is.
fn deal(stage: &Stage, tenant: Tenant, deed: Workflow, random: &mut Random) -> Option<u64> {
    let hub = &stage.pretend.hubspot;
    // Now and then a deal that was at the same action before.
    if random.chance(200)
        && let Some(known) = hubspot::any(stage, tenant, "deals", random)
    {
        return Some(known.id);
    }
    let companies = hub.records(tenant.hub(), "companies");
    let clients: Vec<u64> = companies.iter().filter(|one| one.get("kleer_id").is_some()).map(|one| one.id).collect();
    let company = *random.pick(&clients)?;
    let name = kleer::name(tenant, random);
    let mut values = vec![("dealname", name.as_str()), ("pipeline", "default"), ("dealstage", "closedwon")];
    let agreements: Vec<i64> =
        stage.kleer(tenant, |kleer| kleer.agreements().iter().filter(|one| !one.deleted).map(|one| one.id).collect());
    let agreement = random.pick(&agreements).map(ToString::to_string);
    if deed == Workflow::UpdateAgreement {
        values.push(("kleer_agreement_id", agreement.as_deref()?));
    }
    // The property is there once an action has met the portal.
    let deal = hub.person_creates(tenant.hub(), "deals", &values).ok()?;
    hub.person_associates(tenant.hub(), ("deals", deal), ("companies", company), PRIMARY).ok()?;
    for _ in 0..random.between(1, 3) {
        let product = hubspot::any(stage, tenant, "products", random)?;
        let (price, quantity) = (format!("{}.50", random.between(10, 3_000)), random.between(1, 9).to_string());
        let id = product.id.to_string();
        let line = [("name", name.as_str()), ("quantity", &quantity), ("price", &price), ("hs_product_id", &id)];
        let Ok(line) = hub.person_creates(tenant.hub(), "line_items", &line) else { continue };
        hub.person_associates(tenant.hub(), ("deals", deal), ("line_items", line), LINES).ok()?;
    }
    Some(deal)
}
