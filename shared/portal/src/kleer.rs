//! A portal is connected to a Kleer company.

use app::App;
use domain::{Activity, ActivityKind, Installation, KleerCompanyId, ObjectType, PortalId};
use rest::ErrorKind;
use secrecy::SecretString;
use store::Pairing;

/// Why a Kleer company was not connected.
#[derive(Debug, thiserror::Error)]
pub enum ConnectKleerError {
    /// The portal has not installed us, or left.
    #[error("HubSpot account {0} is not connected: install the app first")]
    NotInstalled(PortalId),
    /// Kleer does not know the key.
    #[error("Kleer does not know this API key: copy it again from Kleer, or make a new one")]
    WrongKey,
    /// The key is another company's.
    #[error("This API key does not belong to Kleer company {0}: check the company id, or make a key in that company")]
    WrongCompany(KleerCompanyId),
    /// The key's user may not read what we need.
    #[error(
        "The user of this API key may not read clients in Kleer: give the user that right, or use another user's key"
    )]
    MissingRights,
    /// The portal holds records of another company.
    #[error(
        "HubSpot account {portal} holds records of Kleer company {connected}, and Kleer's record numbers mean something else in \
         company {wanted}: use the same company, or start afresh"
    )]
    OtherCompany {
        /// The portal.
        portal: PortalId,
        /// The company whose records it holds.
        connected: KleerCompanyId,
        /// The company that was asked for.
        wanted: KleerCompanyId,
    },
    /// Kleer does not answer, or not as it should; the key may be good.
    #[error("Kleer does not answer as it should, so the key could not be checked; try again in a few minutes")]
    Unavailable(#[source] Box<rest::Error>),
    /// Somebody else changed the portal at the same moment.
    #[error("HubSpot account {0} was changed by somebody else at the same moment; try again")]
    Busy(PortalId),
    /// The store failed.
    #[error("nothing can be stored at this moment; try again in a few minutes")]
    Store(#[from] store::Error),
}

impl ConnectKleerError {
    /// Names the kind; it stays the same.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotInstalled(_) => "not_installed",
            Self::WrongKey => "wrong_key",
            Self::WrongCompany(_) => "wrong_company",
            Self::MissingRights => "missing_rights",
            Self::OtherCompany { .. } => "other_company",
            Self::Unavailable(_) => "kleer_unavailable",
            Self::Busy(_) => "busy",
            Self::Store(_) => "store",
        }
    }
}

/// Connects a portal to a company in Kleer with a key that was looked at first. Answers the company's name. What is switched on
/// is polled at once.
///
/// # Errors
/// Nothing is changed then.
pub async fn connect_kleer(
    app: &App,
    portal: PortalId,
    company: KleerCompanyId,
    key: &SecretString,
) -> Result<String, ConnectKleerError> {
    let found = app.store.installation(portal).await?;
    let found = found.filter(|found| found.value.disconnected.is_none());
    let found = found.ok_or(ConnectKleerError::NotInstalled(portal))?;
    if let Some(connected) = found.value.kleer_company.filter(|connected| *connected != company)
        && holds_records(app, portal).await?
    {
        return Err(ConnectKleerError::OtherCompany { portal, connected, wanted: company });
    }
    let name = check(&app.kleer(portal, company, key.clone()), company).await?;
    // The key first: an installation with a company has a key.
    app.save_kleer_key(portal, key).await?;
    let installation = Installation { kleer_company: Some(company), ..found.value };
    if !app.store.put_installation(&installation, found.version).await? {
        return Err(ConnectKleerError::Busy(portal));
    }
    let message = format!("Kleer company {company} was connected.");
    app.store.note_activity(portal, &Activity::new(app.clock.now(), ActivityKind::Connected, message)).await?;
    sync::wake(app, portal).await?;
    tracing::info!(%portal, %company, "a portal is connected to Kleer");
    Ok(name)
}

/// Whether any record of the portal is bound to one in Kleer, in the objects that are chosen now.
async fn holds_records(app: &App, portal: PortalId) -> Result<bool, store::Error> {
    for object in ObjectType::ALL {
        let Some(settings) = app.store.settings(portal, object).await? else { continue };
        if app.store.has_bindings(&Pairing::new(portal, object, &settings.value.hubspot_object)).await? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Looks whether the key opens the company and may read what we need (contract kleer-api §2, §6). Nobody has seen what Kleer
/// says of a key of another company: 403 and 404 are both taken for it, where the key's own user cannot be read either.
pub(crate) async fn check(kleer: &kleer::Api, company: KleerCompanyId) -> Result<String, ConnectKleerError> {
    let about_the_company = |error: rest::Error| match error.status {
        Some(401) => ConnectKleerError::WrongKey,
        Some(403 | 404) => ConnectKleerError::WrongCompany(company),
        _ => ConnectKleerError::Unavailable(Box::new(error)),
    };
    kleer.me().await.map_err(about_the_company)?;
    let name = match kleer.company_info().await {
        Ok(info) => info.text("name").ok().flatten().unwrap_or_default().to_owned(),
        // Its name is a nicety; a right that is missing for it is none that we need.
        Err(error) if error.kind() == ErrorKind::Denied && error.status != Some(401) => String::new(),
        Err(error) => return Err(about_the_company(error)),
    };
    // No client has this number: who may read clients is told that there is none.
    match kleer.get_client(i64::from(i32::MAX)).await {
        Err(error) if error.status == Some(401) => Err(ConnectKleerError::WrongKey),
        Err(error) if error.status == Some(403) => Err(ConnectKleerError::MissingRights),
        Err(error) if matches!(error.kind(), ErrorKind::Transient { .. }) && !kleer::is_business_error(&error) => {
            Err(ConnectKleerError::Unavailable(Box::new(error)))
        }
        _ => Ok(name),
    }
}
