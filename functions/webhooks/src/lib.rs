//! HubSpot says that records changed: verify, read, reduce to records, enqueue. Wiring only; what a change means is found
//! out by `sync`, which reads the record itself.
//!
//! HubSpot waits five seconds for the answer, and tries everything other than a 2xx again for a day (contract
//! hubspot-platform §4.5). So 200 means that the hints are kept, or that there is nothing to be done about them ever.

mod hints;

use std::collections::HashSet;

use app::App;
use domain::{KleerCompanyId, PortalId};
use futures::future::{join, try_join_all};
use hubspot::signature::SIGNATURE_V3;
use hubspot::{UnreadableEvents, read_events};
use queue::{Envelope, Job, Outgoing, QueueName};
use web::{Accepts, Method, Request, Response, StatusCode};

use hints::Hints;

/// The most events of one request: ten times what HubSpot sends (contract hubspot-platform §4.4).
const EVENTS_LIMIT: usize = 1_000;

/// Answers `POST /webhooks/hubspot`.
pub async fn handle(app: &App, request: &Request) -> Response {
    if web::path(request) != "/webhooks/hubspot" {
        return web::not_found();
    }
    if let Err(refusal) = web::allow(request, &[Method::POST]) {
        return refusal;
    }
    if let Err(rejection) = web::verify(app, request, Accepts::V3) {
        return rejection.response();
    }
    let mut hints = Hints::of(app.config.hubspot_app_id);
    if let Err(unreadable) = read_events(request.body(), EVENTS_LIMIT, |event| hints.take(event)) {
        return refused(app, request, unreadable);
    }
    match keep(app, request, hints).await {
        Ok(()) => web::empty(StatusCode::OK),
        Err(error) => {
            tracing::error!(%error, "events could not be kept; HubSpot sends them again");
            web::error(StatusCode::SERVICE_UNAVAILABLE, "not_kept", "The events could not be kept; send them again.")
        }
    }
}

/// Puts one message per record into the queue, for portals that are connected and objects that they follow.
async fn keep(app: &App, request: &Request, hints: Hints) -> Result<(), KeepError> {
    let portals = hints.into_portals(app);
    let now = app.clock.now();
    let followed = try_join_all(portals.keys().map(|portal| followed(app, *portal))).await?;
    let (mut messages, mut unconnected, mut unfollowed) = (Vec::new(), 0, 0);
    for ((portal, imports), followed) in portals.into_iter().zip(followed) {
        let Some((company, objects)) = followed else {
            unconnected += imports.len() as u64;
            continue;
        };
        for import in imports {
            if !objects.contains(&import.hubspot_object) {
                unfollowed += 1;
                continue;
            }
            messages.push(Envelope::new(portal, Some(company), Job::Import(import)));
        }
    }
    count(app, &[("queued", messages.len() as u64), ("unconnected", unconnected), ("unfollowed", unfollowed)]);
    // The signature names this very request and no other: what is sent twice is a request that was replayed.
    let request_id = web::header(request, SIGNATURE_V3).unwrap_or_default();
    let numbered = messages.into_iter().enumerate();
    let outgoing =
        numbered.map(|(number, envelope)| Outgoing { envelope, deduplication_id: format!("{request_id}#{number}") });
    Ok(app.queue.send(QueueName::Change, outgoing.collect(), now).await?)
}

/// The Kleer company of a portal and the HubSpot objects that it synchronizes; none if it is not connected.
async fn followed(app: &App, portal: PortalId) -> Result<Option<(KleerCompanyId, HashSet<String>)>, store::Error> {
    let (installation, settings) = join(app.store.installation(portal), app.store.all_settings(portal)).await;
    let company = installation?.and_then(|found| found.value.active_company());
    let objects = settings?.into_iter().filter(|settings| settings.enabled).map(|settings| settings.hubspot_object);
    Ok(company.map(|company| (company, objects.collect())))
}

fn refused(app: &App, request: &Request, unreadable: UnreadableEvents) -> Response {
    let (status, reason) = match unreadable {
        UnreadableEvents::NotJson { .. } | UnreadableEvents::NotAList => (StatusCode::BAD_REQUEST, "unreadable"),
        UnreadableEvents::TooMany(_) => (StatusCode::PAYLOAD_TOO_LARGE, "too_many"),
    };
    app.meters.note(|readings| *readings.rejected.entry(reason).or_default() += 1);
    tracing::warn!(reason, bytes = request.body().len(), "signed events were rejected: {unreadable}");
    web::error(status, reason, &format!("The body cannot be taken: {unreadable}."))
}

fn count(app: &App, counts: &[(&'static str, u64)]) {
    app.meters.note(|readings| {
        for (what, number) in counts.iter().filter(|(_, number)| *number > 0) {
            *readings.events.entry(what).or_default() += number;
        }
    });
}

/// Why events could not be kept.
#[derive(Debug, thiserror::Error)]
enum KeepError {
    #[error(transparent)]
    Store(#[from] store::Error),
    #[error(transparent)]
    Queue(#[from] queue::Error),
}
