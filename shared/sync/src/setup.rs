//! A portal is connected: its installation, its credentials, its object types with their default mappings, its schedule.

use app::{App, Credentials};
use domain::{Installation, KleerCompanyId, ObjectSettings, ObjectType, PortalId};
use store::Errand;

use crate::{looks, objects};

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

/// Connects a portal with a static token, or connects it again: mappings and bindings that are there stay. A portal that has
/// installed the app through OAuth keeps its tokens: OAuth has taken over (design §3 Configuration).
///
/// # Errors
/// If it is connected to another Kleer company, or the store fails.
pub async fn set_up_portal(app: &App, new: &NewPortal) -> Result<(), SetupError> {
    let NewPortal { portal, kleer_company, .. } = *new;
    let now = app.clock.now();
    let found = app.store.installation(portal).await?;
    let (version, installation) = match found {
        Some(found) => (found.version, found.value),
        None => (0, Installation::new(portal, None, now)),
    };
    if let Some(connected) = installation.kleer_company.filter(|connected| *connected != kleer_company) {
        return Err(SetupError::OtherCompany { portal, connected, wanted: kleer_company });
    }
    let is_oauth = app.store.hubspot_tokens(portal).await?.is_some_and(|tokens| tokens.value.refresh.is_some());
    let installation = Installation { kleer_company: Some(kleer_company), disconnected: None, ..installation };
    let written = if is_oauth {
        tracing::info!(%portal, "the app is installed through OAuth; the static token is not used");
        app.store.put_installation(&installation, version).await?
    } else {
        let tokens = app.seal_static_token(portal, &new.credentials.access_token);
        app.store.install(&installation, &tokens, version, now).await?
    };
    if !written {
        return Err(SetupError::Busy(portal));
    }
    app.save_kleer_key(portal, &new.credentials.kleer_key).await?;
    for object in ObjectType::ALL {
        set_up_object(app, new, object).await?;
    }
    Ok(())
}

/// Gives a portal that installs the settings it does not have yet: the default mappings, everything switched off until its
/// user switches it on.
///
/// # Errors
/// If the store fails.
pub async fn set_up_objects(app: &App, portal: PortalId) -> Result<(), store::Error> {
    let now = app.clock.now();
    for object in ObjectType::ALL {
        if app.store.settings(portal, object).await?.is_none() {
            let settings = ObjectSettings::defaults(objects::spec(object), false, now);
            // Whoever was faster wrote the same, or what a user chose.
            app.store.put_settings(portal, &settings, 0).await?;
        }
    }
    Ok(())
}

/// Lets everything that is switched on be polled now: the portal has just been connected, or connected again.
///
/// # Errors
/// If the store fails.
pub async fn wake(app: &App, portal: PortalId) -> Result<(), store::Error> {
    let now = app.clock.now();
    for object in ObjectType::POLLED {
        let settings = app.store.settings(portal, object).await?;
        if settings.is_some_and(|settings| settings.value.enabled) {
            app.store.schedule(portal, object, now).await?;
            app.store.bring_forward(portal, object, now).await?;
            looks::schedule(app, portal, object).await?;
        }
    }
    // Whoever was told of trouble is told that it is over as soon as it is.
    app.store.move_errand::<()>(portal, Errand::Notice, now, None).await
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
        looks::schedule(app, new.portal, object).await?;
    }
    Ok(())
}
