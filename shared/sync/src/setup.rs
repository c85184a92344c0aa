//! A portal is connected: its installation, its credentials, its object types with their default mappings, its schedule.

use app::{App, Credentials};
use domain::{Installation, KleerCompanyId, ObjectSettings, ObjectType, PortalId};

use crate::objects;

/// A portal to be connected.
#[derive(Debug, Clone)]
pub struct NewPortal {
    /// The HubSpot portal.
    pub portal: PortalId,
    /// The Kleer company.
    pub kleer_company: KleerCompanyId,
    /// Both ends' credentials.
    pub credentials: Credentials,
    /// The object types that are switched on; all others are switched off.
    pub objects: Vec<ObjectType>,
    /// Seconds between two polls of every type; each type's own interval if none.
    pub every_s: Option<u32>,
}

/// Why a portal could not be connected.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// The portal is connected to another company, whose records it holds.
    #[error(
        "portal {portal} is connected to Kleer company {connected}, and Kleer's record numbers mean something else in company \
         {wanted}: use the same company, or another data folder"
    )]
    OtherCompany {
        /// The portal.
        portal: PortalId,
        /// The company whose records it holds.
        connected: KleerCompanyId,
        /// The company that was asked for.
        wanted: KleerCompanyId,
    },
    /// Somebody else set the portal up at the same time.
    #[error("portal {0} was set up by somebody else at the same moment; try again")]
    Busy(PortalId),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] store::Error),
}

/// Connects a portal, or connects it again: mappings and bindings that are there stay.
///
/// # Errors
/// If it is connected to another Kleer company, or the store fails.
pub async fn set_up_portal(app: &App, new: &NewPortal) -> Result<(), SetupError> {
    let now = app.clock.now();
    match app.store.installation(new.portal).await? {
        Some(found) if found.value.kleer_company.is_some_and(|connected| connected != new.kleer_company) => {
            return Err(SetupError::OtherCompany {
                portal: new.portal,
                connected: found.value.kleer_company.unwrap_or(new.kleer_company),
                wanted: new.kleer_company,
            });
        }
        Some(_) => {}
        None => {
            let installation = Installation::new(new.portal, Some(new.kleer_company), now);
            if !app.store.put_installation(&installation, 0).await? {
                return Err(SetupError::Busy(new.portal));
            }
        }
    }
    app.save_credentials(new.portal, &new.credentials).await?;
    for object in ObjectType::ALL {
        set_up_object(app, new, object).await?;
    }
    Ok(())
}

async fn set_up_object(app: &App, new: &NewPortal, object: ObjectType) -> Result<(), SetupError> {
    let now = app.clock.now();
    let enabled = new.objects.contains(&object);
    let (version, settings) = match app.store.settings(new.portal, object).await? {
        Some(found) => (found.version, found.value),
        None => (0, ObjectSettings::defaults(objects::spec(object), enabled, now)),
    };
    let settings = ObjectSettings { enabled, interval_s: new.every_s, ..settings };
    if !app.store.put_settings(new.portal, &settings, version).await? {
        return Err(SetupError::Busy(new.portal));
    }
    if enabled && ObjectType::POLLED.contains(&object) {
        app.store.schedule(new.portal, object, now).await?;
        app.store.bring_forward(new.portal, object, now).await?;
    }
    Ok(())
}
