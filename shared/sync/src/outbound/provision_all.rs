//! A portal was installed: what the mappings of all its types need is made, whether they are switched on or not, so that its
//! users find the properties before the first record comes.

use app::{App, ConnectError};
use domain::{ObjectType, PortalId};

use super::capability;
use super::failure::Failure;
use super::provision::Place;
use super::rules::Rules;

/// Makes in a portal what the mappings of its types need. What it lacks is remembered and shown; whatever else cannot be made
/// now is made by the first run that needs it.
///
/// # Errors
/// If the store fails; then the message should come again.
pub async fn provision(app: &App, portal: PortalId) -> Result<(), store::Error> {
    let hubspot = match app.hubspot(portal).await {
        Ok(hubspot) => hubspot,
        Err(ConnectError::Store(error)) => return Err(error),
        Err(error) => {
            tracing::warn!(%portal, %error, "the portal's properties cannot be made now");
            return Ok(());
        }
    };
    let place = Place { portal, hubspot: &hubspot };
    for object in ObjectType::POLLED {
        match one(app, place, object).await {
            Ok(()) => {}
            Err(Failure::Store(error)) => return Err(error),
            Err(error) => {
                let error = error.or_token_refused(app, portal).await;
                tracing::warn!(%portal, %object, %error, "properties were not made; the type's first run makes them");
            }
        }
    }
    tracing::info!(%portal, "the portal's properties are there");
    Ok(())
}

async fn one(app: &App, place: Place<'_>, object: ObjectType) -> Result<(), Failure> {
    let Some(settings) = app.store.settings(place.portal, object).await? else { return Ok(()) };
    let rules = Rules::load(app, place.portal, settings.value).await?;
    rules.check()?;
    let hubspot_object = &rules.settings.hubspot_object;
    let unavailable = match rules.provision(app, place).await {
        Ok(_) => None,
        Err(Failure::Unavailable(why)) => Some(why),
        Err(failure) => return Err(failure),
    };
    capability::note(app, place.portal, object, hubspot_object, unavailable.as_deref()).await?;
    Ok(())
}
