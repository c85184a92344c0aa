//! Notices: a person is told once that a portal is in trouble, and once that it is well again. The rule is
//! [`domain::notice`]; this gathers what it needs, and puts it into words.
//!
//! A portal that is well costs nothing: a turn that finds a type late, and whatever disconnects a portal, make the errand
//! `notice`; it looks at the portal until all is well, and is gone.

use std::time::Duration;

use app::{App, ConnectError, Letter};
use domain::notice::{Health, Notice, Trouble, is_late, notice};
use domain::{Disconnected, Installation, ObjectType, PortalId, schedule};
use store::Errand;

use crate::objects;

/// How soon a portal that is late is looked at again.
const SOON: Duration = Duration::from_secs(5 * 60);
/// How soon one that is disconnected is: whoever connects it again lets it be looked at at once.
const LATER: Duration = Duration::from_secs(24 * 60 * 60);

/// Looks at a portal that is or was in trouble, and tells what is news.
///
/// # Errors
/// If the store fails.
pub(crate) async fn look(app: &App, portal: PortalId) -> Result<(), store::Error> {
    let Some(installation) = app.store.installation(portal).await?.map(|found| found.value) else {
        return app.store.end_errand(portal, Errand::Notice).await;
    };
    let told: Option<Trouble> = app.store.errand_memory(portal, Errand::Notice).await?;
    let health = health(app, &installation, told).await?;
    let now = app.clock.now();
    let news = notice(told, &health);
    if let Some(news) = news
        && let Err(error) = app.post.send(&letter(&installation, news, &health, &app.config.public_base_url)).await
    {
        tracing::error!(%portal, %error, "a notice was not sent and is tried again");
        return app.store.move_errand::<Trouble>(portal, Errand::Notice, schedule::later(now, SOON), None).await;
    }
    match health.trouble() {
        None => app.store.end_errand(portal, Errand::Notice).await,
        Some(trouble) => {
            let again = schedule::later(now, if trouble == Trouble::Lost { LATER } else { SOON });
            let told = told.max(Some(trouble));
            app.store.move_errand(portal, Errand::Notice, again, told.as_ref()).await
        }
    }
}

/// How the portal is. Who was told that the connection is lost is told of its recovery when it can be used at both ends.
async fn health(app: &App, installation: &Installation, told: Option<Trouble>) -> Result<Health, store::Error> {
    let portal = installation.portal;
    if let Some(Disconnected { reason, .. }) = &installation.disconnected {
        return Ok(Health { lost: Some(reason.clone()), late: Vec::new() });
    }
    if told == Some(Trouble::Lost) {
        match app.connect(portal).await {
            Ok(_) => {}
            Err(ConnectError::Store(error)) => return Err(error),
            Err(error) => return Ok(Health { lost: Some(error.to_string()), late: Vec::new() }),
        }
    }
    let now = app.clock.now();
    let mut late = Vec::new();
    for object in ObjectType::POLLED {
        let settings = app.store.settings(portal, object).await?.map(|found| found.value);
        let Some(settings) = settings.filter(|settings| settings.enabled) else { continue };
        let standing = app.store.standing(portal, object).await?;
        // A long run that shows signs of life is on its way.
        let runs = standing.lease_until.is_some_and(|until| now < until);
        let interval = settings.interval(objects::spec(object));
        if !runs && standing.true_at.is_some_and(|at| is_late(at, interval, now)) {
            late.push(object);
        }
    }
    Ok(Health { lost: None, late })
}

/// The letter, in English and in Swedish: nobody knows what the reader prefers.
fn letter(installation: &Installation, news: Notice, health: &Health, site: &str) -> Letter {
    let portal = installation.portal;
    let late = health.late.iter().map(|object| object.as_str()).collect::<Vec<_>>().join(", ");
    let (subject, text) = match news {
        Notice::Trouble(Trouble::Lost) => (
            format!("Kleer for HubSpot: account {portal} is disconnected"),
            format!(
                "The connection between Kleer and the HubSpot account {portal} is lost. Nothing is synchronized until the app is \
                 installed again at {site}/oauth/start and Kleer's API key is saved again in its settings. Settings and connections \
                 between records are kept for 30 days.\n\n\
                 Anslutningen mellan Kleer och HubSpot-kontot {portal} är bruten. Inget synkroniseras förrän appen har installerats \
                 igen på {site}/oauth/start och Kleers API-nyckel har sparats på nytt i appens inställningar. Inställningar och \
                 kopplingar mellan poster sparas i 30 dagar."
            ),
        ),
        Notice::Trouble(Trouble::Late) => (
            format!("Kleer for HubSpot: account {portal} is not up to date"),
            format!(
                "HubSpot account {portal} has not been brought up to date with Kleer for three intervals ({late}). The app's \
                 settings say why; it is tried again by itself.\n\n\
                 HubSpot-kontot {portal} har inte uppdaterats från Kleer på tre intervall ({late}). Orsaken står i appens \
                 inställningar; nya försök görs automatiskt."
            ),
        ),
        Notice::Recovered => (
            format!("Kleer for HubSpot: account {portal} is well again"),
            format!(
                "HubSpot account {portal} and Kleer are synchronized again. There is nothing to do.\n\n\
                 HubSpot-kontot {portal} och Kleer synkroniseras igen. Du behöver inte göra något."
            ),
        ),
    };
    let to = installation.installer.as_ref().and_then(|installer| installer.email.clone());
    Letter { to, subject, text }
}
