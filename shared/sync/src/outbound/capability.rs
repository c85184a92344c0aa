//! What a portal and a key can do: found out by what they answer, remembered, shown, and found out again.

use std::time::Duration;

use app::{App, Connection};
use domain::{Capability, ObjectType, PortalId, schedule};
use kleer::{AgreementPath, AgreementProbe};

use super::failure::Failure;

/// What shows no agreements is looked at again after this long.
const AGAIN: Duration = Duration::from_secs(24 * 60 * 60);

/// Remembers what was found out, if that is news.
pub(super) async fn note(
    app: &App,
    portal: PortalId,
    object: ObjectType,
    hubspot_object: &str,
    unavailable: Option<&str>,
) -> Result<(), store::Error> {
    let same = |known: &Capability| {
        known.hubspot_object == hubspot_object && known.unavailable.as_deref() == unavailable && unavailable.is_none()
    };
    // Nearly always nothing is news, and then it does not matter that this may be a moment old.
    if app.store.capability_lately(portal, object).await?.as_ref().is_some_and(same) {
        return Ok(());
    }
    let kleer_path = app.store.capability(portal, object).await?.and_then(|known| known.kleer_path);
    let capability = Capability {
        object,
        hubspot_object: hubspot_object.to_owned(),
        unavailable: unavailable.map(str::to_owned),
        kleer_path,
        checked_at: app.clock.now(),
    };
    app.store.set_capability(portal, &capability).await
}

/// Where Kleer has its agreements: as remembered, else by a probe.
pub(crate) async fn agreement_path(app: &App, connection: &Connection, again: bool) -> Result<AgreementPath, Failure> {
    let portal = connection.installation.portal;
    let known = app.store.capability(portal, ObjectType::Agreement).await?;
    let path = known.as_ref().and_then(|known| AgreementPath::named(known.kleer_path.as_deref()?));
    if let Some(path) = path.filter(|_| !again) {
        return Ok(path);
    }
    let path = match connection.kleer.probe_agreements().await.map_err(Failure::Kleer)? {
        AgreementProbe::Found(path) => path,
        AgreementProbe::Forbidden(_) => {
            return Err(Failure::Unavailable(
                "Kleer's API key may not read agreements: give the key's user that right in Kleer.".to_owned(),
            ));
        }
        AgreementProbe::NotFound => {
            return Err(Failure::Unavailable(
                "Kleer shows this company no agreements: ask Kleer whether the company has recurring invoicing."
                    .to_owned(),
            ));
        }
    };
    remember_path(app, portal, known, path).await?;
    Ok(path)
}

/// Where agreements are, if that is elsewhere than where an empty list came from: a path that is none may answer so too
/// (contract kleer-api §6). Looked for once a day.
pub(super) async fn elsewhere(
    app: &App,
    connection: &Connection,
    empty: AgreementPath,
) -> Result<Option<AgreementPath>, Failure> {
    let portal = connection.installation.portal;
    let known = app.store.capability(portal, ObjectType::Agreement).await?;
    if known.as_ref().is_some_and(|known| schedule::later(known.checked_at, AGAIN) > app.clock.now()) {
        return Ok(None);
    }
    let path = match connection.kleer.probe_agreements().await.map_err(Failure::Kleer)? {
        AgreementProbe::Found(path) => path,
        // The list that was just read says more.
        AgreementProbe::Forbidden(_) | AgreementProbe::NotFound => empty,
    };
    remember_path(app, portal, known, path).await?;
    Ok((path != empty).then_some(path))
}

async fn remember_path(
    app: &App,
    portal: PortalId,
    known: Option<Capability>,
    path: AgreementPath,
) -> Result<(), store::Error> {
    let capability = Capability {
        object: ObjectType::Agreement,
        hubspot_object: known.map(|known| known.hubspot_object).unwrap_or_default(),
        unavailable: None,
        kleer_path: Some(path.as_str().to_owned()),
        checked_at: app.clock.now(),
    };
    app.store.set_capability(portal, &capability).await
}

/// Whether a portal may be without an object. Every one has companies and products; without them the connection as a whole is
/// in trouble.
pub(super) fn may_be_missing(hubspot_object: &str) -> bool {
    !matches!(hubspot_object, "companies" | "products")
}

/// Whether a refusal of every record is the portal's and not the records': only where a portal may lack something.
pub(super) fn is_about_the_portal(hubspot_object: &str, said: &str) -> bool {
    let said = said.to_lowercase();
    let payments = ["payment", "stripe", "not set up", "not enabled", "not available"];
    hubspot_object == "subscriptions" && payments.iter().any(|word| said.contains(word))
}

/// What a portal that takes no record of a type shows.
pub(super) fn refused(hubspot_object: &str, said: &str) -> String {
    let said = said.trim().trim_end_matches('.');
    format!(
        "HubSpot takes no {hubspot_object} in this account ({said}): set up HubSpot payments or Stripe there, or choose another \
         HubSpot object for this type."
    )
}

/// What a portal shows that does not have an object.
pub(super) fn missing(hubspot_object: &str, error: &rest::Error) -> String {
    let said = hubspot::explain(error);
    format!(
        "HubSpot's {hubspot_object} cannot be used in this account ({}): switch them on there, connect the app again with \
         the right to use them, or choose another HubSpot object for this type.",
        said.trim_end_matches('.')
    )
}

/// What a portal shows in which an object is off.
pub(super) fn switched_off(hubspot_object: &str) -> String {
    format!(
        "HubSpot's {hubspot_object} are switched off in this account: switch them on there, or choose another HubSpot object \
         for this type."
    )
}

#[cfg(test)]
mod tests;
