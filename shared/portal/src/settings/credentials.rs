//! Kleer's credentials, and leaving.

use app::App;
use domain::{ActivityKind, KleerCompanyId, PortalId};
use schemars::JsonSchema;
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};
use store::Memo;

use super::{Caller, Code, Done, Refusal, SettingsError, installed, note, overview};

/// The credentials as they were pasted. Whatever stands around them is cut off.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub struct SaveCredentials {
    /// The company id.
    pub company_id: String,
    /// The API key. Never told again.
    #[schemars(with = "String")]
    pub api_key: SecretString,
}

/// What the portal is connected to now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Connected {
    /// The company.
    pub company_id: i64,
    /// Its name, where Kleer tells it.
    pub company_name: Option<String>,
}

/// What the company is called.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct CompanyName {
    company: KleerCompanyId,
    name: String,
}

impl SaveCredentials {
    /// The company and the key.
    pub(super) fn read(&self) -> Result<(KleerCompanyId, SecretString), SettingsError> {
        let company = self.company_id.trim().parse().map_err(|_| {
            let why = "The company id is a number: copy it from Kleer, Settings, API.";
            Refusal::new(Code::InvalidCompanyId, why)
        })?;
        let key = self.api_key.expose_secret().trim();
        if key.is_empty() {
            return Err(
                Refusal::new(Code::MissingKey, "The API key is missing: copy it from Kleer, Settings, API.").into()
            );
        }
        Ok((company, SecretString::from(key)))
    }
}

/// Saves credentials that open Kleer: they are looked at first. What is switched on is synchronized at once.
///
/// # Errors
/// If they do not, the terms were not accepted, or the portal holds records of another company: then only
/// [`super::start_afresh`] helps.
pub async fn save_credentials(
    app: &App,
    caller: &Caller,
    request: SaveCredentials,
) -> Result<Connected, SettingsError> {
    installed(app, caller).await?;
    overview::need_terms(app, caller.portal).await?;
    super::afresh::none_going_on(app, caller.portal).await?;
    let (company, key) = request.read()?;
    let name = crate::connect_kleer(app, caller.portal, company, &key).await?;
    remember_name(app, caller.portal, company, &name).await?;
    note(app, caller, ActivityKind::Connected, None, &format!("connected Kleer company {company}")).await?;
    Ok(Connected { company_id: company.0, company_name: Some(name).filter(|name| !name.is_empty()) })
}

/// Disconnects HubSpot: the app is uninstalled there, and the credentials of both ends are forgotten.
///
/// # Errors
/// If HubSpot does not answer; nothing is changed then.
pub async fn disconnect(app: &App, caller: &Caller, _: super::Nothing) -> Result<Done, SettingsError> {
    installed(app, caller).await?;
    crate::disconnect(app, caller.portal).await?;
    note(app, caller, ActivityKind::Disconnected, None, "disconnected the app").await?;
    Ok(Done {})
}

/// Remembers what a company is called.
pub(super) async fn remember_name(
    app: &App,
    portal: PortalId,
    company: KleerCompanyId,
    name: &str,
) -> Result<(), store::Error> {
    app.store.set_memo(portal, Memo::KleerCompany, &CompanyName { company, name: name.to_owned() }).await
}

/// What the connected company is called. Asked for once, where nobody did yet; not knowing it is no trouble.
pub(super) async fn company_name(
    app: &App,
    portal: PortalId,
    company: KleerCompanyId,
) -> Result<Option<String>, store::Error> {
    let known = app.store.memo::<CompanyName>(portal, Memo::KleerCompany).await?.map(|found| found.value);
    if let Some(known) = known.filter(|known| known.company == company) {
        return Ok(Some(known.name).filter(|name| !name.is_empty()));
    }
    let Ok(connection) = app.connect(portal).await else { return Ok(None) };
    // Whoever opens the page does not wait for Kleer.
    let asked = app.clock.timeout(std::time::Duration::from_secs(3), connection.kleer.company_info()).await;
    let Ok(Ok(information)) = asked else { return Ok(None) };
    let name = information.text("name").ok().flatten().unwrap_or_default().to_owned();
    remember_name(app, portal, company, &name).await?;
    Ok(Some(name).filter(|name| !name.is_empty()))
}
