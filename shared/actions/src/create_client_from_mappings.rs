//! *Create Kleer Client (from mappings)*: a client of the company's properties, by the mappings of clients read backwards.

use domain::ObjectType;

use crate::create_client::{CLIENT_ID, COMPANY_CODES, blank, country_code, no_name};
use crate::definition::{Definition, RunsOn};
use crate::outcome::{Done, Trouble};
use crate::words::words;
use crate::work::{Enrolled, Work};

/// Everything fixed about it.
pub(crate) static DEFINITION: Definition = Definition {
    name: "create-client-from-mappings",
    uid: "create_client_from_mappings",
    runs_on: RunsOn::Companies,
    title: words("Create Kleer Client (from mappings)", "Skapa kund i Kleer (från fältkopplingar)"),
    description: words(
        "Creates a client in Kleer from the company's properties, through the field mappings in the settings, and connects the \
         company with it. Does nothing if the company has a Kleer ID.",
        "Skapar en kund i Kleer av företagets egenskaper, enligt fältkopplingarna i inställningarna, och kopplar företaget till \
         den. Gör ingenting om företaget redan har ett Kleer-ID.",
    ),
    card: words("Create a client in Kleer from the field mappings", "Skapa en kund i Kleer från fältkopplingarna"),
    inputs: &[],
    id_output: CLIENT_ID,
    codes: COMPANY_CODES,
};

/// What it does.
///
/// # Errors
/// See [`Trouble`].
pub(crate) async fn run(work: &Work<'_>) -> Result<Done, Trouble> {
    let company = match work.enrolled(&["name"]).await? {
        Enrolled::Has(id) => return Ok(work.skipped(id)),
        Enrolled::Open(company) => company,
    };
    let mut client = blank();
    let mapped = work.lay_mapped(ObjectType::Client, &mut client).await?;
    if client.text("name").ok().flatten().is_none() {
        let name = company.value("name").map(str::trim).filter(|name| !name.is_empty()).ok_or_else(no_name)?;
        client.set("name", name);
    }
    if !mapped.contains(&"country-code") {
        let country = client.text("address.country").ok().flatten().unwrap_or_default();
        client.set("country-code", country_code(country));
    }
    work.create(ObjectType::Client, &client, String::new()).await
}
