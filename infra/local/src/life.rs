//! How the product lives on a manual clock: what is due happens at its moment, and the time between is skipped.

use app::App;
use domain::{ObjectType, PortalId, schedule};
use jiff::Timestamp;
use rest::Clock;

use crate::pretend::Pretend;
use crate::worker::{self, WorkerError};

/// Ticks, works, carries what HubSpot has to say (unless it is held: `None`), and sleeps until the next thing that is due, until
/// the end.
///
/// # Errors
/// If the store or the queue fails.
pub async fn live(
    app: &App,
    clock: &Clock,
    pretend: Option<&Pretend>,
    portals: &[PortalId],
    end: Timestamp,
) -> Result<(), WorkerError> {
    loop {
        // A tick asks sixteen shards; where nothing is due it is left out.
        let said = pretend.and_then(|pretend| pretend.hubspot.next_delivery_at());
        let next = next_event(app, portals).await?.into_iter().chain(said).min().filter(|next| *next <= end);
        let Some(next) = next else { break };
        clock.sleep_until(next).await;
        worker::tick(app).await?;
        loop {
            worker::work(app).await?;
            let Some(pretend) = pretend else { break };
            if pretend.deliver(app).await == 0 {
                break;
            }
        }
    }
    clock.sleep_until(end).await;
    Ok(())
}

/// When there is something to do next: a message, a slot of one of these portals, an errand; none if nothing is planned.
///
/// # Errors
/// If the store fails.
pub async fn next_event(app: &App, portals: &[PortalId]) -> Result<Option<Timestamp>, WorkerError> {
    let due = next_due(app, portals).await?;
    Ok(due.into_iter().chain(worker::next_message(app)).min())
}

/// When a tick has something to do next: a slot of one of these portals, on its beat or not, a search of one, or an errand.
pub(crate) async fn next_due(app: &App, portals: &[PortalId]) -> Result<Option<Timestamp>, WorkerError> {
    let mut next = None;
    for portal in portals {
        next = next.into_iter().chain(next_of(app, *portal).await.map_err(sync::TickError::from)?).min();
    }
    let errands = app.store.errands(Timestamp::MAX, 1).await.map_err(sync::TickError::from)?;
    Ok(next.into_iter().chain(errands.first().map(|errand| errand.due_at)).min())
}

async fn next_of(app: &App, portal: PortalId) -> Result<Option<Timestamp>, store::Error> {
    let now = app.clock.now();
    // What is due by the index stands in the order of its time.
    let indexed = app.store.due(schedule::due_shard(portal), Timestamp::MAX, 1).await?;
    let indexed = indexed.first().map(|due| due.due_at);
    let turns = app.store.turns(portal, Timestamp::MAX).await?;
    let turns = turns.iter().map(|turn| schedule::queued_at(portal, turn.due_at, now)).min();
    let projects = app.store.settings_lately(portal, ObjectType::Project).await?;
    let search = projects.filter(|projects| projects.enabled).map(|_| schedule::next_heard(portal, now));
    Ok([indexed, turns, search].into_iter().flatten().min())
}
