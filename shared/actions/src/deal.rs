//! The enrolled deal: whose it is, and what is on it (contract hubspot-crm §3.8, §6).

use domain::{HubspotId, KleerId, ObjectType};
use hubspot::{AssociatedRecord, BATCH_LIMIT, BatchRead, Fetch, InputErrorKind, Outcome, Record};

use crate::client_card::ClientCard;
use crate::code::ErrorCode;
use crate::line_items::{self, LineItem};
use crate::outcome::{Failure, SHORTLY, Trouble, quoted};
use crate::work::Work;

/// What is read of a deal besides the id of what is made of it.
pub(crate) const DEAL: [&str; 2] = ["dealname", "deal_currency_code"];

const COMPANIES: &str = "companies";
const LINE_ITEMS: &str = "line_items";
/// HubSpot's own type of a deal's primary company (contract hubspot-crm §6).
const PRIMARY: u64 = 5;

/// The deal's name.
pub(crate) fn name(deal: &Record) -> Option<&str> {
    deal.value("dealname").map(str::trim).filter(|name| !name.is_empty())
}

impl Work<'_> {
    /// The deal's company: its primary one, or its only one. None if it has none.
    ///
    /// # Errors
    /// If it has several and none is primary.
    async fn company(&self) -> Result<Option<HubspotId>, Trouble> {
        let deal = self.call.record.as_str().to_owned();
        let read = self.connection.hubspot.associations().read("deals", COMPANIES, std::slice::from_ref(&deal)).await;
        let mut read = read.map_err(|error| Trouble::hubspot(&error))?;
        let companies = read.by_from.remove(&deal).unwrap_or_default();
        Ok(primary(&companies)?.map(|company| HubspotId(company.id.clone())))
    }

    /// The client in Kleer of a company: by what we know of both, else by the id on the company.
    async fn client_of(&self, company: &HubspotId) -> Result<Option<KleerId>, Trouble> {
        let store = &self.app.store;
        if let Some(client) = store.bound_to(self.portal(), COMPANIES, company).await? {
            return Ok(Some(client));
        }
        let schema = store.schema(self.portal(), ObjectType::Client).await?;
        let schema = schema.filter(|schema| schema.hubspot_object == COMPANIES);
        let key = schema.map_or_else(|| domain::projection::KEY_PROPERTY.to_owned(), |schema| schema.key);
        let fetch = Fetch { properties: vec![key.clone()], ..Fetch::default() };
        match self.connection.hubspot.objects().get(COMPANIES, company.as_str(), &fetch).await {
            Ok(record) => Ok(record.value(&key).and_then(|id| id.parse().ok())),
            Err(error) if error.kind == rest::ErrorKind::Missing => Ok(None),
            Err(error) => Err(Trouble::hubspot(&error)),
        }
    }

    /// The client of the deal's company, if the deal has a single company that is one.
    pub(crate) async fn client_if_any(&self) -> Result<Option<KleerId>, Trouble> {
        match self.company().await {
            Ok(Some(company)) => self.client_of(&company).await,
            Ok(None) => Ok(None),
            Err(Trouble::Failed(failure)) if failure.code == ErrorCode::SeveralCompanies => Ok(None),
            Err(trouble) => Err(trouble),
        }
    }

    /// The client that is invoiced.
    ///
    /// # Errors
    /// If the deal has no company, or no single one, or one that is no client.
    pub(crate) async fn client(&self) -> Result<ClientCard, Trouble> {
        let company = self.company().await?.ok_or_else(|| Failure::of(ErrorCode::MissingCompany))?;
        let id = self.client_of(&company).await?.ok_or_else(|| Failure::of(ErrorCode::MissingClient))?;
        let document = match self.connection.kleer.get_client(id.0).await {
            Ok(document) => document,
            Err(error) if error.kind == rest::ErrorKind::Missing => {
                let message = format!(
                    "The deal's company is the client {id}, which is not in Kleer any more. Empty the company's Kleer ID and run \
                     Create Kleer Client for it."
                );
                return Err(Failure::new(ErrorCode::MissingClient, message).into());
            }
            Err(error) => return Err(Trouble::kleer(&error)),
        };
        Ok(ClientCard::read(id, &document)?)
    }

    /// The currency of the deal's document: what is filled in, else the deal's, in which its line items are priced, else the
    /// client's, else the company's (contract kleer-api §9 rule 6).
    pub(crate) async fn currency(
        &self,
        filled: Option<&String>,
        deal: &Record,
        client: &ClientCard,
    ) -> Result<String, Trouble> {
        let of_deal = deal.value("deal_currency_code").map(str::to_owned);
        if let Some(known) = filled.cloned().or(of_deal).or_else(|| client.currency.clone()) {
            return Ok(known);
        }
        let info = self.connection.kleer.company_info().await.map_err(|error| Trouble::kleer(&error))?;
        let own = info.text("accounting-currency").ok().flatten().map(str::to_owned);
        own.ok_or_else(|| {
            let message = "Neither the deal nor the client nor the company in Kleer has a currency. Fill in Currency.";
            Failure { field: Some("currency"), ..Failure::new(ErrorCode::InvalidCurrency, message) }.into()
        })
    }

    /// The deal's line items in the order that people see them in.
    pub(crate) async fn line_items(&self) -> Result<Vec<LineItem>, Trouble> {
        let deal = self.call.record.as_str().to_owned();
        let hubspot = &self.connection.hubspot;
        let read = hubspot.associations().read("deals", LINE_ITEMS, std::slice::from_ref(&deal)).await;
        let mut read = read.map_err(|error| Trouble::hubspot(&error))?;
        let mut ids: Vec<String> =
            read.by_from.remove(&deal).unwrap_or_default().into_iter().map(|line| line.id).collect();
        ids.sort_unstable();
        ids.dedup();
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let unit = self.unit_property().await?;
        let properties: Vec<String> =
            line_items::PROPERTIES.into_iter().chain([unit.as_str()]).map(str::to_owned).collect();
        let mut items = Vec::with_capacity(ids.len());
        for ids in ids.chunks(BATCH_LIMIT) {
            let batch = BatchRead { ids: ids.to_vec(), id_property: None, properties: properties.clone() };
            items.extend(self.read_lines(&batch, &unit).await?);
        }
        line_items::sort(&mut items);
        Ok(items)
    }

    async fn read_lines(&self, batch: &BatchRead, unit: &str) -> Result<Vec<LineItem>, Trouble> {
        let answer = self.connection.hubspot.objects().batch_read(LINE_ITEMS, batch).await;
        let answer = answer.map_err(|error| Trouble::hubspot(&error))?;
        let mut items = Vec::with_capacity(batch.ids.len());
        for outcome in answer.outcomes_of(&batch.keys()) {
            match outcome {
                Outcome::Written { record } => items.push(line_items::read(&record, unit)?),
                // Deleted since the deal was read.
                Outcome::Refused(error) if error.kind == InputErrorKind::ObjectNotFound => {}
                Outcome::Refused(_) | Outcome::Unknown => {
                    return Err(Trouble::later(SHORTLY, "HubSpot did not give all line items of the deal"));
                }
            }
        }
        Ok(items)
    }

    /// The property of line items that units are mapped to.
    async fn unit_property(&self) -> Result<String, Trouble> {
        let settings = self.app.store.settings(self.portal(), ObjectType::LineItem).await?;
        let mappings = settings.map(|settings| settings.value.mappings).unwrap_or_default();
        let mapped = mappings.into_iter().find(|mapping| mapping.field.as_deref() == Some("unit"));
        Ok(mapped.map_or_else(|| domain::suggested_property_name("unit"), |mapping| mapping.property))
    }
}

/// The company that counts: the primary one, or the only one.
fn primary(companies: &[AssociatedRecord]) -> Result<Option<&AssociatedRecord>, Failure> {
    let is_primary = |company: &&AssociatedRecord| {
        company
            .association_types
            .iter()
            .any(|label| label.type_id == Some(PRIMARY) && label.category == "HUBSPOT_DEFINED")
    };
    match companies {
        [] => Ok(None),
        [only] => Ok(Some(only)),
        several => several.iter().find(is_primary).map(Some).ok_or_else(|| Failure::of(ErrorCode::SeveralCompanies)),
    }
}

/// A line item for which no product of Kleer's was found.
pub(crate) fn no_product(item: &LineItem) -> Failure {
    let message = format!(
        "The line item {} has no product in Kleer. Use a product that comes from Kleer, fill in kleer_product_id on the line item, \
         or choose a default product in the settings.",
        quoted(&item.name)
    );
    Failure::new(ErrorCode::MissingProduct, message)
}
