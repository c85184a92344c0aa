//! What sales has in the demo's HubSpot: deals with line items, each of a company that came from Kleer, so that a workflow action
//! has something to work on.

use app::App;
use domain::PortalId;
use hubspot::{AssociationSpec, LabelledPair, Pair};

use crate::pretend::{self, Pretend};

/// How many deals there are.
const DEALS: usize = 3;
/// The association types of a deal: its primary company, and its line items (contract hubspot-crm §6).
const PRIMARY_COMPANY: u32 = 5;
const LINE_ITEM: u32 = 19;

/// Makes the deals, unless the data that was kept has them already. Answers the first one.
///
/// # Errors
/// A sentence, if the pretend HubSpot refuses.
pub(super) async fn make(app: &App, pretend: &Pretend) -> Result<Option<u64>, String> {
    let hubspot = &pretend.hubspot;
    let portal = pretend::PORTAL.unsigned_abs();
    if let Some(first) = hubspot.records(portal, "deals").first() {
        return Ok(Some(first.id));
    }
    let connection = app.connect(PortalId(pretend::PORTAL)).await.map_err(|e| e.to_string())?;
    let associate = async |deal: u64, to: &str, id: u64, type_id: u32| {
        let pair = Pair { from: deal.to_string(), to: id.to_string() };
        let labelled = LabelledPair { pair, types: vec![AssociationSpec::hubspot_defined(type_id)] };
        let associations = connection.hubspot.associations();
        associations.create_labelled("deals", to, &[labelled]).await.map(drop).map_err(|e| e.to_string())
    };
    let is_ours = |record: &hubspot_sim::Record| record.get("kleer_id").is_some();
    let products: Vec<_> = hubspot.records(portal, "products").into_iter().filter(is_ours).collect();
    let companies: Vec<_> = hubspot.records(portal, "companies").into_iter().filter(is_ours).take(DEALS).collect();
    let mut first = None;
    for (number, company) in companies.iter().enumerate() {
        let name = format!("Affär {}: {}", number + 1, company.get("name").unwrap_or_default());
        let values = [("dealname", name.as_str()), ("pipeline", "default"), ("dealstage", "closedwon")];
        let deal = hubspot.person_creates(portal, "deals", &values)?;
        associate(deal, "companies", company.id, PRIMARY_COMPANY).await?;
        for (place, product) in products.iter().cycle().skip(number * 2).take(2.min(products.len())).enumerate() {
            let product_id = product.id.to_string();
            let values = [
                ("name", product.get("name").unwrap_or_default()),
                ("hs_product_id", product_id.as_str()),
                ("quantity", if place == 0 { "3" } else { "1" }),
                ("price", product.get("price").unwrap_or("100")),
            ];
            let line = hubspot.person_creates(portal, "line_items", &values)?;
            associate(deal, "line_items", line, LINE_ITEM).await?;
        }
        first = first.or(Some(deal));
    }
    Ok(first)
}
