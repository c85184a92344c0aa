//! What is chosen for the portal as a whole (contract product §4 Sync Configuration).

use app::App;
use domain::{ActivityKind, KleerId, ObjectType, SyncSettings};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::Versioned;

use super::{Caller, Code, Nothing, Refusal, SettingsError, installed, look_again, note, refusal};

/// The windows to choose from, in months; besides them all invoices.
const WINDOWS: [u32; 6] = [1, 3, 6, 12, 24, 36];
/// The most choices of one answer.
const MOST_CHOICES: usize = 100;

/// What is chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SyncSettingsView {
    /// To be sent back when it is saved.
    pub version: u64,
    /// How far back invoices are synchronized, in months: 1, 3, 6, 12, 24 or 36; null means all of them.
    pub invoice_window_months: Option<u32>,
    /// At first contact, companies with a client's organization or VAT number are taken to be that client.
    pub match_companies: bool,
    /// That may take long in an account with very many companies, and shall be done all the same.
    pub match_any_number: bool,
    /// The pipeline of projects; null means the first.
    pub project_pipeline: Option<String>,
    /// The Kleer product of invoice rows that name none; null means none.
    pub default_product: Option<i64>,
}

/// What to save.
pub type SaveSyncSettings = SyncSettingsView;

/// A search in Kleer's products.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ProductRequest {
    /// Part of the name; all products if it is left out.
    #[serde(default)]
    pub search: Option<String>,
}

/// What there is to choose from.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Choices {
    /// At most a hundred.
    pub choices: Vec<Choice>,
    /// There are more: search for them.
    pub is_more: bool,
}

/// One choice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Choice {
    /// What is saved.
    pub value: String,
    /// What people read.
    pub label: String,
}

pub(super) fn view(found: Versioned<SyncSettings>) -> SyncSettingsView {
    let settings = found.value;
    SyncSettingsView {
        version: found.version,
        invoice_window_months: settings.invoice_window_months,
        match_companies: settings.match_companies,
        match_any_number: settings.match_any_number,
        project_pipeline: settings.project_pipeline,
        default_product: settings.default_product.map(|id| id.0),
    }
}

/// Saves what is chosen for the portal as a whole.
///
/// # Errors
/// If a choice does not exist, or somebody else saved since.
pub async fn save_sync_settings(
    app: &App,
    caller: &Caller,
    request: SaveSyncSettings,
) -> Result<SyncSettingsView, SettingsError> {
    installed(app, caller).await?;
    let wanted = SyncSettings {
        invoice_window_months: request.invoice_window_months,
        match_companies: request.match_companies,
        match_any_number: request.match_any_number,
        project_pipeline: request.project_pipeline.filter(|pipeline| !pipeline.is_empty()),
        default_product: request.default_product.map(KleerId),
    };
    let found = app.store.sync_settings(caller.portal).await?;
    if found.value == wanted {
        return Ok(view(found));
    }
    if found.version != request.version {
        return Err(changed_meanwhile(found));
    }
    check(app, caller, &found.value, &wanted).await?;
    if !app.store.put_sync_settings(caller.portal, &wanted, found.version).await? {
        return Err(changed_meanwhile(app.store.sync_settings(caller.portal).await?));
    }
    note(app, caller, ActivityKind::SettingsChanged, None, "changed the sync settings").await?;
    for (object, is_other) in [
        (ObjectType::Invoice, found.value.invoice_window_months != wanted.invoice_window_months),
        (
            ObjectType::Client,
            found.value.match_companies != wanted.match_companies
                || found.value.match_any_number != wanted.match_any_number,
        ),
        (ObjectType::Project, found.value.project_pipeline != wanted.project_pipeline),
    ] {
        if is_other {
            look_again(app, caller.portal, object).await?;
        }
    }
    Ok(view(Versioned { version: found.version + 1, value: wanted }))
}

fn changed_meanwhile(found: Versioned<SyncSettings>) -> SettingsError {
    let why = "Somebody else saved the sync settings since the page was loaded: look at them again, then save.";
    let details = serde_json::to_value(view(found)).unwrap_or_default();
    Refusal::new(Code::ChangedMeanwhile, why).with(details).into()
}

/// Whether what is new among the choices exists.
async fn check(app: &App, caller: &Caller, before: &SyncSettings, wanted: &SyncSettings) -> Result<(), SettingsError> {
    if wanted.invoice_window_months.is_some_and(|months| !WINDOWS.contains(&months)) {
        let why = "The invoice window is 1, 3, 6, 12, 24 or 36 months, or all invoices.";
        return Err(Refusal::new(Code::OutOfRange, why).into());
    }
    if let Some(product) = wanted.default_product.filter(|_| wanted.default_product != before.default_product) {
        let connection = app.connect(caller.portal).await?;
        connection.kleer.get_product(product.0).await.map_err(|error| match error.kind() {
            rest::ErrorKind::Missing => {
                SettingsError::from(Refusal::new(Code::UnknownProduct, format!("Kleer has no product {product}.")))
            }
            _ => kleer_away(),
        })?;
    }
    if let Some(pipeline) =
        wanted.project_pipeline.as_ref().filter(|_| wanted.project_pipeline != before.project_pipeline)
    {
        let known = pipelines(app, caller, Nothing {}).await?;
        if !known.choices.iter().any(|choice| choice.value == *pipeline) {
            let why = "HubSpot has no such pipeline of projects: choose another one.";
            return Err(Refusal::new(Code::UnknownPipeline, why).into());
        }
    }
    Ok(())
}

fn kleer_away() -> SettingsError {
    Refusal::new(Code::KleerUnavailable, "Kleer does not answer as it should; try again in a few minutes.").into()
}

/// Kleer's products, for the default product.
///
/// # Errors
/// If Kleer is not connected, or does not answer.
pub async fn products(app: &App, caller: &Caller, request: ProductRequest) -> Result<Choices, SettingsError> {
    let connection = app.connect(caller.portal).await?;
    let listing = connection.kleer.list_products().await.map_err(|_| kleer_away())?;
    let search = request.search.unwrap_or_default().trim().to_lowercase();
    let read = |document: kleer::Document| {
        let name = document.text("name").ok().flatten().unwrap_or_default().to_owned();
        Some(Choice { value: document.id().ok()?.to_string(), label: name })
    };
    let choices = listing.records().filter_map(Result::ok).filter_map(read);
    let mut choices: Vec<Choice> =
        choices.filter(|choice| choice.label.to_lowercase().contains(&search) || choice.value == search).collect();
    choices.sort_by_cached_key(|choice| choice.label.to_lowercase());
    let is_more = choices.len() > MOST_CHOICES;
    choices.truncate(MOST_CHOICES);
    Ok(Choices { choices, is_more })
}

/// HubSpot's pipelines of projects.
///
/// # Errors
/// If HubSpot does not answer, or has no projects in this account.
pub async fn pipelines(app: &App, caller: &Caller, _: Nothing) -> Result<Choices, SettingsError> {
    let settings = super::chosen(app, caller, ObjectType::Project).await?.value;
    let hubspot = app.hubspot(caller.portal).await?;
    let listed = hubspot.pipelines().list(&settings.hubspot_object).await;
    let pipelines = listed.map_err(|error| refusal::hubspot(&error))?;
    let live = pipelines.into_iter().filter(|pipeline| !pipeline.archived);
    let choices = live.map(|pipeline| Choice { value: pipeline.id, label: pipeline.label }).take(MOST_CHOICES);
    Ok(Choices { choices: choices.collect(), is_more: false })
}
