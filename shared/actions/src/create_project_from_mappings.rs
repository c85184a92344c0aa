//! *Create Kleer Project (from mappings)*: a project of the deal's properties. Mappings of projects name properties of HubSpot's
//! projects; the deal's of the same names are read.

use domain::ObjectType;
use serde_json::json;

use crate::create_project::{PROJECT_CODES, PROJECT_ID, blank, no_name};
use crate::deal::{self, DEAL};
use crate::definition::{Definition, RunsOn};
use crate::outcome::{Done, Trouble};
use crate::words::words;
use crate::work::{Enrolled, Work};

/// Everything fixed about it.
pub(crate) static DEFINITION: Definition = Definition {
    name: "create-project-from-mappings",
    uid: "create_project_from_mappings",
    runs_on: RunsOn::Deals,
    title: words("Create Kleer Project (from mappings)", "Skapa projekt i Kleer (från fältkopplingar)"),
    description: words(
        "Creates a project in Kleer for the deal's primary company. The field mappings of projects say which properties: those of \
         the same names on the deal are read. Does nothing if the deal has a Kleer Project ID.",
        "Skapar ett projekt i Kleer för affärens primära företag. Projektens fältkopplingar anger vilka egenskaper: de med samma \
         namn på affären läses. Gör ingenting om affären redan har ett Kleer-projekt-ID.",
    ),
    card: words("Create a project in Kleer from the field mappings", "Skapa ett projekt i Kleer från fältkopplingarna"),
    inputs: &[],
    id_output: PROJECT_ID,
    codes: PROJECT_CODES,
};

/// What it does.
///
/// # Errors
/// See [`Trouble`].
pub(crate) async fn run(work: &Work<'_>) -> Result<Done, Trouble> {
    let deal = match work.enrolled(&DEAL).await? {
        Enrolled::Has(id) => return Ok(work.skipped(id)),
        Enrolled::Open(deal) => deal,
    };
    let client = work.client().await?;
    let mut project = blank(client.id);
    work.lay_mapped(ObjectType::Project, &mut project).await?;
    // A project is the deal's client's, whatever a property says.
    project.set("client", json!({ "id": client.id }));
    if project.text("name").ok().flatten().is_none() {
        project.set("name", deal::name(&deal).ok_or_else(no_name)?);
    }
    work.create(ObjectType::Project, &project, String::new()).await
}
